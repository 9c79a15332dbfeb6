"""What a source says of one patient: the records between a page and a row.

This module owns plain values. Nothing in them is guessed: a field holds what the page says of it,
and what was read between the lines is a :class:`Suggestion` with the words that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value that was read out of words.

    Parameters
    ----------
    value : str
        As the table would write it.
    words : str
        The words of the source that say so, as they stand there; never empty.
    """

    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A cell that a curator may fill so; it stands in no draft cell.

    Parameters
    ----------
    column : str
        Name of a column of the table.
    value : str
        As the table would write it.
    words : str
        The words of the source that it rests on.
    where : str
        Where those words stand: ``"caption"``, ``"title"``, ``"findings"``, ``"address"`` …
    """

    column: str
    value: str
    words: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceClaim:
    """Under which licence something is published, and how that is known.

    Parameters
    ----------
    spdx : str
        SPDX id; empty where the words name no exact licence, and then nobody may pass it on.
    words : str
        What the page or the site's terms say.
    evidence : str
        Where they say it: ``"page"`` for the case's own page or the article's own text,
        ``"source"`` for the site's terms, ``"record"`` for a registry that speaks of the article;
        empty where nothing is said at all.
    url : str
        Address of the licence or of the terms; empty where there is none.
    """

    spdx: str = ""
    words: str = ""
    evidence: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageCandidate:
    """One image or one CT volume of a case, not yet looked at by anyone.

    Parameters
    ----------
    label : str
        What tells it from the other images of the case, in the source's own count: ``"1a"``,
        ``"86625-2-1"``; it becomes part of the file's name.
    url : str
        Address of the best copy; empty for a series of `parts`.
    fallbacks : tuple of str
        Addresses of lesser copies, best first.
    parts : tuple of str
        For a volume that is published slice by slice: the address of each DICOM file, in order.
    folder : str
        ``"images"`` or ``"volumes"``, as in the table.
    caption : str
        What the source writes to this image alone.
    findings : str
        The radiologist's words on the study that it belongs to.
    modality : str
        ``"X-ray"`` or ``"CT"`` where a field of the page says so of this image, else blank.
    view : str
        A view of the table where a field of the page says exactly that; ``"Frontal"`` is no view.
    study : str
        The source's id of the study; empty where it has none.
    suggestions : tuple of Suggestion
        What was inferred for this image.
    licence : LicenceClaim or None
        Where it is published under another licence than the case; else None.
    credit : str
        Where it has another credit than the case; else empty.
    extra : mapping of str to Json
        What else the source says of it, under the source's own names.
    """

    label: str
    url: str
    fallbacks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    folder: str = "images"
    caption: str = ""
    findings: str = ""
    modality: str = ""
    view: str = ""
    study: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    licence: LicenceClaim | None = None
    credit: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An image that the page shows and that the collection has no use for.

    Parameters
    ----------
    label, url : str
        As in :class:`ImageCandidate`.
    reason : str
        Why, such as ``"MRI"``.
    """

    label: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel of a figure: cut out, or proposed.

    Parameters
    ----------
    letter : str
        As the caption has it; empty where the caption names none.
    file : str
        Name of the figure's file that it is a part of.
    box : tuple of int or None
        Left, top, right and bottom in pixels of that file, the last two exclusive; None for the
        whole file, and where nobody knows.
    caption : str
        The caption's words on it, with those that hold for all.
    """

    letter: str
    file: str
    box: tuple[int, int, int, int] | None
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRecord:
    """A figure of an article and what was decided on it.

    Parameters
    ----------
    id, label, caption, group : str
        As in :class:`covidxr.articles.Figure`.
    mentions : tuple of str
        Sentences of the text that cite it.
    shown : str
        ``"X-ray"``, ``"CT"`` or ``"X-ray and CT"``.
    words, where : str
        The words that say so, and where they stand.
    body : str
        ``"chest"``, ``"other"``, or ``"assumed"`` where nothing is said of it.
    unsure : bool
        Whether a person should look before anything else.
    licence : LicenceClaim
        Under which licence, and how that is known.
    cleared : bool
        Whether that licence permits to pass it on; without, it is for private review only.
    reason : str
        Why it does not; empty where it does.
    crops : bool
        Whether parts of it may be passed on.
    split : bool
        Whether `panels` were cut out; else they are a proposal.
    method, why : str
        How the panels were found, and why they were not cut out.
    score : float
        How sure that is, 0 to 1.
    panels : tuple of Panel
        In the caption's order.
    made : str
        ``"pdf-render"`` or ``"pdf-stream"`` for a picture out of a PDF, with page, box in points,
        resolution and libraries; empty for a file of its own.
    warnings : tuple of str
        What a curator must know.
    """

    id: str
    label: str
    caption: str
    group: str = ""
    mentions: tuple[str, ...] = ()
    shown: str
    words: str
    where: str
    body: str
    unsure: bool
    licence: LicenceClaim
    cleared: bool
    reason: str = ""
    crops: bool
    split: bool = False
    method: str = ""
    why: str = ""
    score: float = 0.0
    panels: tuple[Panel, ...] = ()
    made: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One patient as one source publishes them.

    Parameters
    ----------
    source : str
        Key of the source.
    id : str
        The source's own name or number of the case, unique within the source.
    url : str
        Address of the case, without what only changes its language or layout.
    also_at : tuple of str
        Other addresses of the same case.
    title : str
        As published, without the site's name.
    published : str
        Day of publication, ISO 8601 as far as known; never the day of an examination.
    age : str
        In years, as the table writes it: ``"60"``, ``"0.5"``; blank where no number is said.
    age_words : str
        What the page says: ``"60 years"``, ``"Adult"``.
    sex : str
        ``"M"``, ``"F"`` or blank.
    sex_words : str
        What the page says.
    date : str
        Day of the examination, ISO 8601, only where a field of the page says so.
    location : str
        Where the patient was examined, only where a field of the page says so.
    history, findings, discussion : str
        The page's sections; paragraphs are separated by a line end.
    diagnosis : str
        Final diagnosis, where the page has one.
    differential : tuple of str
        One entry a diagnosis.
    authors : tuple of str
        As published, in their order.
    doi : str
        Bare; blank where the page has none.
    licence : LicenceClaim
        What the page states, else what the source states, else empty.
    credit : str
        The sentence that the source asks for, filled in; else the page's own credit.
    images : tuple of ImageCandidate
        In the page's order.
    left_out : tuple of LeftOut
        What was seen and not taken.
    suggestions : tuple of Suggestion
        What was inferred for the patient; holds for every image.
    warnings : tuple of str
        What a curator must know: contradictions, words that could not be read.
    partial : bool
        Whether something on the way to the images failed that may go well another time.
    markup : str
        Which generations of the page's markup matched, for a bug report.
    extra : mapping of str to Json
        What else the source says, under the source's own names.
    """

    source: str
    id: str
    url: str
    title: str
    also_at: tuple[str, ...] = ()
    published: str = ""
    age: str = ""
    age_words: str = ""
    sex: str = ""
    sex_words: str = ""
    date: str = ""
    location: str = ""
    history: str = ""
    findings: str = ""
    discussion: str = ""
    diagnosis: str = ""
    differential: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    doi: str = ""
    licence: LicenceClaim = field(default_factory=LicenceClaim)
    credit: str = ""
    images: tuple[ImageCandidate, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    warnings: tuple[str, ...] = ()
    partial: bool = False
    markup: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the bytes of one file came from.

    Parameters
    ----------
    source : str
        Key of the source.
    page_url, image_url : str
        Addresses of the page and of the file; `image_url` is empty for a file that a curator saved
        and whose address is not known.
    retrieved_at : str
        UTC, ISO 8601 with ``Z``: when the bytes were received, or when the saved page was read.
    sha256 : str
        Of the bytes.
    bytes : int
        How many.
    doi : str
        Bare; may be blank.
    licence : LicenceClaim
        Under which licence, and how that is known.
    credit : str
        The credit line.
    via : str
        Base address of the mirror that answered in the site's place; empty for the site itself.
    saved_as : str
        Name of the curator's file, for a saved page; else empty.
    permission : str
        Who permitted a crawl that the site's terms forbid, and when; empty where none was needed.
    """

    source: str
    page_url: str
    image_url: str
    retrieved_at: str
    sha256: str
    bytes: int
    doi: str = ""
    licence: LicenceClaim = field(default_factory=LicenceClaim)
    credit: str = ""
    via: str = ""
    saved_as: str = ""
    permission: str = ""
