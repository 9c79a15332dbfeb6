"""From the files of a figure to the images that a row may be: whole, or cut into panels.

This module joins what the caption says with what the pixels show. Better no cut than a wrong one:
where it is not sure, the figure stays whole, and its panels are a proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import figurewords, panelcaptions, panelwords
from covidxr.articles import Figure
from covidxr.cases import LeftOut, Panel
from covidxr.figurewords import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.cases import Reading, Suggestion
    from covidxr.figurechoice import Choice
    from covidxr.imaging.panels import Box, Split

SMALLEST = 100
"""Pixels of the shorter side: a smaller panel is not cut out at all."""

SMALL = 200
"""Pixels of the shorter side: a smaller panel is marked. A published set of panels out of articles
(COVID-19-CT-CXR) left out those under 214."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One file of a figure.

    Parameters
    ----------
    name : str
        Of its file.
    data : bytes
        Its bytes.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One image out of a figure.

    Parameters
    ----------
    label : str
        What it is named after: ``"fig2-a"``, ``"fig2-a-1"``, ``"fig2"``.
    letter : str
        Of its panel; empty where it is no panel.
    file : str
        Name of the figure's file that it is, or is a part of.
    box : tuple of int or None
        Which part; None for the whole file.
    data : bytes or None
        PNG of a part that was cut out; None for the whole file.
    caption : str
        The words on it, with those that hold for all.
    suggestions : tuple of Suggestion
        What those words suggest.
    side : Reading or None
        ``"right"``, ``"left"`` or ``"bilateral"``, where its own words say so.
    warnings : tuple of str
        What a curator must know.
    """

    label: str
    letter: str
    file: str
    box: tuple[int, int, int, int] | None
    data: bytes | None
    caption: str
    suggestions: tuple[Suggestion, ...]
    side: Reading | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What became of a figure.

    Parameters
    ----------
    pieces : tuple of Piece
        The images.
    panels : tuple of Panel
        What was cut out, or is proposed.
    split : bool
        Whether it was cut.
    method, why : str
        How panels were found, and why they were not cut out.
    score : float
        How sure that is, 0 to 1.
    left_out : tuple of LeftOut
        Panels that are of no use.
    reason : str
        Why no image came of it; empty where any did.
    """

    pieces: tuple[Piece, ...] = ()
    panels: tuple[Panel, ...] = ()
    split: bool = False
    method: str = ""
    why: str = ""
    score: float = 0.0
    left_out: tuple[LeftOut, ...] = ()
    reason: str = ""


def cut(choice: Choice, pictures: Sequence[Picture], *, whole: bool = True) -> Cut:
    """Make images out of the files of a figure.

    Parameters
    ----------
    choice : Choice
        The figure, with its words and its rights.
    pictures : sequence of Picture
        Its files, in the article's order; at least one.
    """
    from covidxr.imaging import pixels, radiologic

    shown: list[Picture] = []
    reasons: list[str] = []
    for picture in pictures:
        decoded = pixels.decode(picture.data)
        if decoded is None:
            reasons.append("it cannot be decoded, or is too large to be")
            continue
        look = radiologic.look(decoded)
        if look.radiologic:
            shown.append(picture)
        else:
            reasons.append(look.reason)
    if not shown:
        return Cut(reason=f"its words say {choice.words.shown}, its pixels do not: {reasons[0]}")
    letters = [part.letter for part in choice.parts.parts]
    if not whole:
        # Which letter a file has is known only where all of them are there.
        return _several(choice, pictures, shown, letters, whole=False)
    if len(pictures) > 1:
        return _several(choice, pictures, shown, letters)
    return _one(choice, pictures[0], letters)


def _several(
    choice: Choice,
    pictures: Sequence[Picture],
    shown: Sequence[Picture],
    letters: Sequence[str],
    *,
    whole: bool = True,
) -> Cut:
    """Take the files of a figure as its panels where there are as many as letters."""
    matched = whole and len(letters) == len(pictures)
    pieces, left_out, panels = [], [], []
    for at, picture in enumerate(pictures):
        letter = letters[at] if matched else ""
        if picture not in shown:
            left_out.append(LeftOut(label=choice.name, url="", reason="its pixels are no scan's"))
            continue
        if letter and (why := _of_no_use(choice, letter)):
            left_out.append(LeftOut(label=f"{choice.name}-{letter}", url="", reason=why))
            continue
        label = f"{choice.name}-{letter or at + 1}"
        pieces.append(_piece(choice, label, letter, picture.name))
        panels.append(Panel(letter=letter, file=picture.name, box=None, caption=pieces[-1].caption))
    why = "" if matched or not letters else "its files are not as many as its letters"
    return Cut(
        pieces=tuple(pieces),
        panels=tuple(panels),
        method="files in order",
        why=why,
        score=1.0 if matched else 0.0,
        left_out=tuple(left_out),
        reason="" if pieces else left_out[0].reason,
    )


def _one(choice: Choice, picture: Picture, letters: Sequence[str]) -> Cut:
    from covidxr.imaging import panels as finder
    from covidxr.imaging import pixels

    if not letters:
        return Cut(pieces=(_piece(choice, choice.name, "", picture.name),), method="single")
    decoded = pixels.decode(picture.data)
    assert decoded is not None  # noqa: S101 - `cut` has decoded it
    split = finder.split(decoded, len(letters))
    panels = tuple(_panels(choice, picture, letters, split))
    why = _why_whole(choice, split)
    if why:
        whole = _piece(choice, choice.name, "", picture.name)
        return Cut(
            pieces=(whole,),
            panels=panels,
            method=split.method,
            why=why,
            score=split.score,
        )
    pieces, left_out = [], []
    for letter, boxes in zip(letters, split.panels, strict=True):
        useless = _of_no_use(choice, letter)
        for at, box in enumerate(boxes, start=1):
            label = f"{choice.name}-{letter.lower()}" + (f"-{at}" if len(boxes) > 1 else "")
            small = min(box.width, box.height)
            reason = useless or (f"its panel has {small} pixels" if small < SMALLEST else "")
            if reason:
                left_out.append(LeftOut(label=label, url="", reason=reason))
                continue
            data = pixels.crop_png(decoded, box)
            warnings = (f"only {small} pixels on its shorter side",) if small < SMALL else ()
            pieces.append(
                _piece(choice, label, letter, picture.name, box=box, data=data, warnings=warnings)
            )
    return Cut(
        pieces=tuple(pieces),
        panels=panels,
        split=True,
        method=split.method,
        score=split.score,
        left_out=tuple(left_out),
        reason="" if pieces else left_out[0].reason,
    )


def _why_whole(choice: Choice, split: Split) -> str:
    """Say why a figure stays whole; empty where it is cut."""
    if not choice.right.crops:
        return "its licence permits no changed copies, and a part is one"
    if not split.confident:
        return split.reason or "where its panels end is not certain"
    if choice.words.unsure:
        return "what it shows is not certain"
    return ""


def _panels(
    choice: Choice, picture: Picture, letters: Sequence[str], split: Split
) -> Iterator[Panel]:
    found = split.panels if len(split.panels) == len(letters) else ()
    for at, letter in enumerate(letters):
        caption = panelcaptions.panel_caption(choice.parts, letter)
        boxes = found[at] if found else ()
        for box in boxes:
            yield Panel(letter=letter, file=picture.name, box=_corners(box), caption=caption)
        if not boxes:
            yield Panel(letter=letter, file=picture.name, box=None, caption=caption)


def _corners(box: Box) -> tuple[int, int, int, int]:
    return (box.left, box.top, box.right, box.bottom)


def _piece(  # noqa: PLR0913 - one image is all of these
    choice: Choice,
    label: str,
    letter: str,
    file: str,
    *,
    box: Box | None = None,
    data: bytes | None = None,
    warnings: tuple[str, ...] = (),
) -> Piece:
    where = f"caption of {choice.title}"
    parts = choice.parts
    own = next((part.text for part in parts.parts if part.letter == letter), "")
    if letter:
        caption = panelcaptions.panel_caption(parts, letter)
        suggested = panelwords.suggestions(
            own,
            parts.intro,
            parts.closing,
            where=where,
            others=tuple(part.text for part in parts.parts if part.letter != letter),
        )
    elif parts.parts:
        # The words on single panels say nothing of the whole.
        caption = choice.figure.caption
        suggested = panelwords.suggestions(
            "",
            parts.intro,
            parts.closing,
            where=where,
            others=tuple(part.text for part in parts.parts),
        )
    else:
        caption = choice.figure.caption
        suggested = panelwords.suggestions(caption, choice.figure.group, where=where)
    return Piece(
        label=label,
        letter=letter,
        file=file,
        box=_corners(box) if box else None,
        data=data,
        caption=caption,
        suggestions=suggested,
        side=panelwords.side_in(own if letter else caption),
        warnings=warnings,
    )


def _of_no_use(choice: Choice, letter: str) -> str:
    """Say why a panel is left out by its own words; empty where it is not."""
    own = next(part.text for part in choice.parts.parts if part.letter == letter)
    words = figurewords.figure_words(Figure(id=letter, caption=own))
    if words.shown is Shown.OTHER and words.against:
        return f"it shows something else: “{words.against}”"
    if words.body == "other":
        return f"it shows another part of the body: “{words.body_words}”"
    return ""


def planned(choice: Choice) -> tuple[Piece, ...]:
    """Give the images that a figure would become, before its files are fetched.

    One for each panel that the caption names, as far as the licence permits parts; whether they
    can be told apart in the picture is not known yet.
    """
    letters = [part.letter for part in choice.parts.parts]
    if not letters or not choice.right.crops or choice.words.unsure:
        return (_piece(choice, choice.name, "", ""),)
    return tuple(
        _piece(choice, f"{choice.name}-{letter.lower()}", letter, "")
        for letter in letters
        if not _of_no_use(choice, letter)
    )
