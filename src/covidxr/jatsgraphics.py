"""Names of pictures and numbers of figures: what an article calls them, and which file that is.

This module owns the forms in which JATS names a picture, and how a label tells a figure's number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Collection

    from covidxr.articles import Figure, Graphic

# What archives and publishers call pictures, best first: of old packages of PMC the .jpg is the
# whole picture, the .tif what the publisher sent, the .gif a thumbnail. Names hold dots, so that
# nothing else counts as an extension.
_EXTENSIONS = (
    *("jpg", "jpeg", "jpe", "png", "webp", "tif", "tiff", "bmp", "jp2", "gif", "svg", "eps"),
)
_EXTENSION = re.compile(rf"\.({'|'.join(_EXTENSIONS)})\Z", re.IGNORECASE)
_LONGEST_NAME = 1000

# "Figure" in the languages of the journals, as far as their labels begin with it.
_FIGURE = (
    r"(?:fig(?:s|ures?|uras?|ur|uur)?|abb(?:ildung(?:en)?)?|ilustraci[oó]n|image|imagen|photo"
    r"|рис(?:унок)?|图|図)"
)
_NUMBER = (
    r"(?:(?P<letter>[A-Z])[\s.-]?)?(?P<number>[0-9]{1,4}(?![0-9])(?:\.[0-9]{1,3})?)"
    r"|(?P<roman>[IVX]{1,5})\b"
)
_LABEL = re.compile(
    rf"(?P<kind>(?:[a-z]+\s+){{0,3}}?){_FIGURE}\b[\s.:]*(?:{_NUMBER})(?P<rest>.*)", re.IGNORECASE
)
_SUPPLEMENT = re.compile(r"[-–—\s]+(?:figure )?supplement\s+([0-9]{1,3})", re.IGNORECASE)
# PLOS writes "S1 Fig".
_BARE = re.compile(r"#?([A-Z]?[0-9]{1,4})(?: fig(?:ure)?)?[\s.:]*", re.IGNORECASE)
_KINDS = (
    ("supp", "S"),
    ("additional", "S"),
    ("online", "S"),
    ("extended", "ED"),
    ("appendix", "A"),
)


def is_image(name: str) -> bool:
    """Tell whether a name ends like that of a picture."""
    return _EXTENSION.search(name) is not None


def without_extension(name: str) -> str:
    """Take off the extension of a picture, and nothing else that follows a dot."""
    return _EXTENSION.sub("", name)


def last_part(href: str) -> str:
    """Give the name at the end of an address, of a path or of ``info:doi/…``."""
    if "://" in href:
        href = unquote(re.split(r"[?#]", href, maxsplit=1)[0])
    return href.rstrip("/").rpartition("/")[2].strip()


def graphic_file(graphic: Graphic, names: Collection[str]) -> str:
    """Find the file of a picture.

    Parameters
    ----------
    graphic : Graphic
        What the article calls it, with its other forms.
    names : collection of str
        Files at hand, with or without folders.

    Returns
    -------
    str
        One of `names`; empty where none is its file. The first form that is at hand counts.
    """
    by_name: dict[str, str] = {}
    for name in names:
        by_name.setdefault(last_part(name), name)
    pictures = sorted(filter(is_image, by_name), key=_preference)
    for href in (graphic.href, *graphic.others):
        wanted = last_part(href)
        if len(href) > _LONGEST_NAME or not wanted:
            continue
        found = wanted if wanted in by_name else _by_stem(wanted, pictures)
        if not found and href.casefold().startswith("info:doi"):
            found = _by_end(wanted, pictures)
        if found:
            return by_name[found]
    return ""


def figure_number(figure: Figure) -> str:
    """Give the number of a figure, out of its label.

    Parameters
    ----------
    figure : Figure
        With the label as printed.

    Returns
    -------
    str
        ``"1"``, ``"2.1"``, ``"IV"``; ``"S2"`` for a supplementary figure, ``"ED3"`` for one of the
        extended data, ``"1-S2"`` for the second supplement of figure 1. Empty where the label
        names no figure.
    """
    label = " ".join(figure.label.split())[:100]
    if bare := _BARE.fullmatch(label):
        return bare[1].upper()
    match = _LABEL.match(label)
    if match is None:
        return ""
    number = match["roman"].upper() if match["roman"] else match["number"]
    before = (match["letter"] or "").upper()
    if not before:
        kind = match["kind"].casefold()
        before = next((short for word, short in _KINDS if word in kind), "")
    supplement = _SUPPLEMENT.match(match["rest"])
    return f"{before}{number}" + (f"-S{supplement[1]}" if supplement else "")


def _preference(name: str) -> tuple[int, str]:
    return _EXTENSIONS.index(name.rpartition(".")[2].lower()), name


def _by_stem(wanted: str, pictures: list[str]) -> str:
    stem = without_extension(wanted)
    same = (name for name in pictures if without_extension(name) == stem)
    alike = (name for name in pictures if without_extension(name).casefold() == stem.casefold())
    return next(same, "") or next(alike, "")


def _by_end(wanted: str, pictures: list[str]) -> str:
    """Find the file of a DOI, whose name has only the DOI's end: "pone.0000001.g001", "g001"."""
    parts = wanted.casefold().split(".")
    for start in range(1, len(parts)):
        end = ".".join(parts[start:])
        stems = {without_extension(name).casefold() for name in pictures}
        fit = {stem for stem in stems if re.search(rf"(?:\A|[._-]){re.escape(end)}\Z", stem)}
        if len(fit) == 1:
            return _by_stem(fit.pop(), pictures)
    return ""
