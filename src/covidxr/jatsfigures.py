"""The figures of an article in JATS, and what looks like one and is none.

This module owns where figures stand in the tree, what belongs to one, and which of a
picture's forms comes first. It must not judge them: what a figure shows and whether it may be used
is said elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr.articles import Figure, Graphic
from covidxr.jatsgraphics import is_image, last_part, without_extension
from covidxr.jatslicences import licence_notes
from covidxr.jatsmentions import read_mentions
from covidxr.jatstext import flatten, plain
from covidxr.jatstree import attribute, children, first

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.articles import LicenceNote
    from covidxr.jatstree import Element

_OTHER_ARTICLES = ("sub-article", "response")
_SUPPLEMENTS = ("supplementary-material", "inline-supplementary-material")
# What stands in a figure and has pictures of its own, or is words.
_APART = frozenset((
    "caption", "disp-formula", "disp-formula-group", "fig", "fig-group", "inline-formula",
    "label", "supplementary-material", "table-wrap",
))  # fmt: skip
_PERMISSIONS = ("copyright-statement", "copyright-holder", "license", "license_ref")

# Nobody reads a longer list.
_MOST_LEFT_OUT = 1000

# Why a picture outside of figures is none, by what it stands in; the innermost counts.
_NO_FIGURES = {
    "table-wrap": "a table as a picture",
    "table": "a picture within a table",
    "disp-formula": "a formula as a picture",
    "disp-formula-group": "a formula as a picture",
    "inline-formula": "a formula as a picture",
    "chem-struct": "a chemical structure",
    "chem-struct-wrap": "a chemical structure",
    "chem-struct-wrapper": "a chemical structure",
    "supplementary-material": "",
    "inline-supplementary-material": "",
    "fig": "",
    "fig-group": "",
}

# Which form of one picture is taken, after the words of publishers: Taylor & Francis have
# "web-only" and "print-only" with names in _OC and _PB, SciELO gives the size of its thumbnails.
_PRINT = re.compile(r"print", re.IGNORECASE)
_WEB = re.compile(r"web|online|screen", re.IGNORECASE)
_GREY = re.compile(r"black|grey|gray|mono|b-?w\b", re.IGNORECASE)
_SMALL = re.compile(r"thumb|[0-9]{2,4}x[0-9]{2,4}|small|preview", re.IGNORECASE)
_PRINT_NAME = re.compile(r"_(?:PB|BW)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was found.

    Parameters
    ----------
    figures : tuple of Figure
        In the file's order.
    left_out : tuple of (str, str)
        Name and reason of what is no figure of this article.
    """

    figures: tuple[Figure, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


def read_figures(article: Element, language: str = "") -> Figures:
    """Find the figures of an article, wherever they stand.

    Parameters
    ----------
    article : Element
        Its topmost element, without namespaces.
    language : str, optional
        Two letters. Of a figure that is given in several languages, the English is taken, then
        that of the article.

    Returns
    -------
    Figures
        Those of its abstract, body and back matter, and of its floats.
    """
    finder = _Finder(languages=("en", language))
    parts = [part for part in children(article) if isinstance(part.tag, str)]
    own = [part for part in parts if part.tag not in _OTHER_ARTICLES]
    for part in own:
        finder.figures_in(part)
        finder.others_in(part)
    for part in parts:
        if part.tag in _OTHER_ARTICLES:
            finder.foreign_in(part)
    mentions = read_mentions(own, finder.figures, finder.ids)
    figures = (
        replace(figure, mentions=cited)
        for figure, cited in zip(finder.figures, mentions, strict=True)
    )
    return Figures(figures=tuple(figures), left_out=tuple(dict.fromkeys(finder.left_out)))


@dataclass(slots=True)
class _Finder:
    """Figures while they are looked for.

    `ids` has the places of figures in `figures` under each id that the text may cite them by: their
    own, and that of a group.
    """

    languages: tuple[str, ...]
    figures: list[Figure] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    ids: dict[str, list[int]] = field(default_factory=dict)

    def figures_in(self, part: Element) -> None:
        joined: set[Element] = set()
        for element in part.iter("fig-group", "fig"):
            if element.tag == "fig-group":
                joined |= self._group(element)
            elif element not in joined:
                above = element.iterancestors("fig-group")
                self._keep(_figure(element), element, *above)

    def others_in(self, part: Element) -> None:
        """Note pictures outside of figures, and supplementary files."""
        for element in part.iter("graphic", *_SUPPLEMENTS):
            if len(self.left_out) > _MOST_LEFT_OUT:
                return
            reason = _no_figure(element) if element.tag == "graphic" else "a supplementary file"
            if reason:
                self.left_out.append((_name(element), reason))
        for element in part.iter("media"):
            if next(element.iterancestors("fig"), None) is not None and not _is_picture(element):
                self.left_out.append((_name(element), "no picture, but another file of a figure"))

    def foreign_in(self, part: Element) -> None:
        """Note the figures of a translation or of a response."""
        kind = attribute(part, "article-type") or part.tag
        for fig in part.iter("fig"):
            name = plain(first(fig, "label")) or attribute(fig, "id") or "a figure"
            self.left_out.append((name, f"of another article in the same file ({kind})"))

    def _keep(self, figure: Figure, *elements: Element) -> None:
        at = len(self.figures)
        self.figures.append(figure if figure.id else replace(figure, id=f"figure-{at + 1}"))
        for name in dict.fromkeys(attribute(element, "id") for element in elements):
            self.ids.setdefault(name, []).append(at)

    def _group(self, group: Element) -> set[Element]:
        """Make one figure of a group whose pictures stand beside its figures, not in them.

        Returns
        -------
        set of Element
            The figures that are its words, and no figures of their own.
        """
        graphics = tuple(_graphics(group))
        if not graphics:
            return set()
        figs = [fig for fig in children(group, "fig") if not any(_graphics(fig))]
        said = self._of_one_language(figs)
        words = _figure(said[0]) if said else Figure(id="")
        own = _figure(group)
        figure = replace(
            words if words.caption and not own.caption else own,
            id=own.id or words.id,
            label=own.label or words.label,
            group=_words_of(group, *said) if said[1:] else "",
            graphics=graphics,
            notes=own.notes + words.notes,
            licences=own.licences + words.licences,
        )
        self._keep(figure, group, *figs)
        return set(figs)

    def _of_one_language(self, figs: Sequence[Element]) -> list[Element]:
        """Choose among figures that are one in several languages, as SciELO has them."""
        spoken = [attribute(fig, "lang")[:2].lower() for fig in figs]
        if len(set(spoken)) < 2 or not all(spoken):  # noqa: PLR2004 - one language is no choice
            return list(figs)
        best = next((each for each in self.languages if each in spoken), spoken[0])
        for fig, language in zip(figs, spoken, strict=True):
            if language != best:
                name = plain(first(fig, "label")) or "a figure"
                self.left_out.append((name, f"a figure's words in another language ({language})"))
        return [fig for fig, language in zip(figs, spoken, strict=True) if language == best]


def _figure(fig: Element) -> Figure:
    """Read one figure, or a group as one."""
    groups = list(fig.iterancestors("fig-group"))
    group = groups[0] if groups else None
    caption = flatten(first(fig, "caption"))
    return Figure(
        id=attribute(fig, "id"),
        label=plain(first(fig, "label")) or plain(first(group, "label")),
        caption=caption.text,
        bold=caption.bold,
        title=plain(first(fig, "caption/title")),
        group=" ".join(filter(None, map(_words_of, reversed(groups)))),
        graphics=tuple(_graphics(fig)),
        notes=_notes(fig),
        licences=_licences(fig),
        kind=attribute(fig, "fig-type") or _kind_of_abstract(fig),
    )


def _words_of(*elements: Element) -> str:
    parts = (plain(first(each, name)) for each in elements for name in ("label", "caption"))
    return " ".join(filter(None, parts))


def _kind_of_abstract(fig: Element) -> str:
    """Say that a figure stands in a graphical abstract, or another one."""
    abstract = next(fig.iterancestors("abstract", "trans-abstract"), None)
    if abstract is None:
        return ""
    kind = attribute(abstract, "abstract-type")
    return f"{kind}-abstract" if kind and "abstract" not in kind else kind or "abstract"


def _graphics(figure: Element) -> Iterator[Graphic]:
    """Find the pictures of a figure, not those of a figure, table or formula within it."""
    for element in figure.iterchildren():
        tag = element.tag
        if tag == "alternatives":
            forms = sorted((each for each in element if _is_picture(each)), key=_rank)
            names = dict.fromkeys(filter(None, (attribute(each, "href") for each in forms)))
            if names:
                best, *others = names
                yield Graphic(href=best, others=tuple(others))
        elif _is_picture(element):
            if name := attribute(element, "href"):
                yield Graphic(href=name)
        elif isinstance(tag, str) and tag not in _APART:
            yield from _graphics(element)


def _is_picture(element: Element) -> bool:
    if element.tag == "media":
        kind = attribute(element, "mimetype")
        return kind.startswith("image") or (not kind and is_image(attribute(element, "href")))
    return bool(element.tag == "graphic")


def _rank(graphic: Element) -> tuple[bool, bool, bool, bool]:
    """Sort the forms of one picture: for the screen, in colour, in full size."""
    use = attribute(graphic, "specific-use")
    kind = attribute(graphic, "content-type")
    printed = _PRINT_NAME.search(without_extension(last_part(attribute(graphic, "href"))))
    return (
        _SMALL.search(f"{use} {kind}") is not None,
        _PRINT.search(f"{use} {kind}") is not None or printed is not None,
        _GREY.search(f"{use} {kind}") is not None,
        _WEB.search(use) is None,
    )


def _notes(figure: Element) -> tuple[str, ...]:
    """Collect the words of a figure's own permissions and attributions."""
    found: list[str] = []
    for element in _rights_of(figure, "attrib", "permissions", "fn"):
        parts = element.iterchildren(*_PERMISSIONS) if element.tag == "permissions" else [element]
        found += (plain(part) for part in parts)
    return tuple(dict.fromkeys(filter(None, found)))


def _licences(figure: Element) -> tuple[LicenceNote, ...]:
    return licence_notes(_rights_of(figure, "permissions"))


def _rights_of(figure: Element, *names: str) -> Iterator[Element]:
    """Find what stands in a figure, or beside it in the groups and boxes around it."""
    yield from (each for each in figure.iter(*names) if _owner(each) is figure)
    for above in figure.iterancestors("fig-group", "boxed-text"):
        yield from children(above, *names)


def _owner(element: Element) -> Element | None:
    return next(element.iterancestors("fig", "fig-group", "table-wrap"), None)


def _no_figure(graphic: Element) -> str:
    """Say why a picture is no figure; empty for that of a figure, which is none of these."""
    for above in graphic.iterancestors():
        if above.tag in _NO_FIGURES:
            return _NO_FIGURES[above.tag]
    return "a picture outside of any figure"


def _name(element: Element) -> str:
    """Name what is left out: by its label, its file, or its id."""
    wrap = next(element.iterancestors("table-wrap"), None)
    inside = next(element.iter("media", "graphic"), element)
    names = (
        plain(first(element if wrap is None else wrap, "label")),
        last_part(attribute(element, "href") or attribute(inside, "href")),
        attribute(element, "id"),
    )
    return next(filter(None, names), element.tag)
