"""What an article says of its figures and of its licence: the records between a file and a case.

This module owns plain values, the same for every dialect of JATS and for a PDF. It judges nothing:
which figure is a radiograph and which licence holds is said elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]
"""Beginning and end, exclusive, of a part of a text, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceNote:
    """One statement of an article about its licence.

    Parameters
    ----------
    url : str
        Address that it names; empty where it has words only.
    words : str
        Its words, flattened.
    kind : str
        What the file calls it, such as ``"open-access"``: free text that nothing may rest on.
    where : str
        Where it stands: ``"license/@xlink:href"``, ``"ali:license_ref"`` …
    licence : int
        Number, from 0, of the licence element that it belongs to: an article may have two.
    """

    url: str = ""
    words: str = ""
    kind: str = ""
    where: str = ""
    licence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphic:
    """One picture of a figure.

    Parameters
    ----------
    href : str
        As the article writes it: a name with or without extension, an address, ``info:doi/…``.
    others : tuple of str
        The same picture in other forms, best first.
    """

    href: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of an article.

    Parameters
    ----------
    id : str
        The file's own id; made from its place, ``"figure-3"``, where it has none.
    label : str
        ``"Figure 1"``, as printed; may be empty.
    caption : str
        Flattened: one line, blocks separated by a blank; may be empty.
    bold : tuple of Span
        Which parts of `caption` are bold, in order. Where panel letters are bold and bare, nothing
        else tells them from an English article.
    title : str
        The caption's title, which `caption` begins with; may be empty.
    group : str
        Label and caption of the group that it stands in; may be empty.
    mentions : tuple of str
        Sentences of the text that cite it, in order, each once.
    graphics : tuple of Graphic
        Its pictures; several are parts of one figure. Empty where it has none.
    notes : tuple of str
        Texts of its own permissions and attributions.
    licences : tuple of LicenceNote
        Licences of its own permissions.
    kind : str
        What the file calls it: ``"featured"``, ``"graphical-abstract"``; mostly empty.
    """

    id: str
    label: str = ""
    caption: str = ""
    bold: tuple[Span, ...] = ()
    title: str = ""
    group: str = ""
    mentions: tuple[str, ...] = ()
    graphics: tuple[Graphic, ...] = ()
    notes: tuple[str, ...] = ()
    licences: tuple[LicenceNote, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, as its file describes it. A field is empty where the file does not say it.

    Parameters
    ----------
    doi : str
        Bare.
    pmcid : str
        ``"PMC123"``.
    pmid : str
        Digits.
    title, journal : str
        Flattened, without footnote marks.
    kind : str
        ``"case-report"``, ``"research-article"``, ``"retraction"`` …
    language : str
        Two letters, lower case.
    published : str
        The earliest day of publication, ISO 8601 as far as known.
    authors : tuple of str
        ``"Given Family"``, in order; a group by its name.
    abstract : str
        Flattened; what the article is about, where a caption does not say it.
    keywords : tuple of str
        As printed.
    licences : tuple of LicenceNote
        In the file's order.
    copyright : str
        The copyright statement.
    open_access : bool or None
        Whether the archive counts it to its open-access subset; None where it does not say.
    manuscript : bool or None
        Whether it is an author's manuscript; None where it does not say.
    retracted : bool
        Whether the file itself says that the article is retracted.
    figures : tuple of Figure
        In the file's order, wherever they stand; none of a translation or a response.
    left_out : tuple of (str, str)
        What looks like a figure and is none, and why: tables as pictures, supplementary files,
        figures of sub-articles, each with its name.
    warnings : tuple of str
        What a curator must know, such as that the file had to be mended.
    dialect : str
        Which form of JATS it is, for a bug report.
    """

    doi: str = ""
    pmcid: str = ""
    pmid: str = ""
    title: str = ""
    journal: str = ""
    kind: str = ""
    language: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    licences: tuple[LicenceNote, ...] = ()
    copyright: str = ""
    open_access: bool | None = None
    manuscript: bool | None = None
    retracted: bool = False
    figures: tuple[Figure, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    dialect: str = ""
