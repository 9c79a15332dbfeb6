"""Small pictures of a collection's files: which are shown, and what is said where none can be.

This module owns the choice of files, spread fairly over the findings, and what is too large to be
looked at. It reads files through the store alone, and only those that the store has looked at: a
link that leads out of the collection is never followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr import labels, store
from covidxr.errors import CollectionError
from covidxr.imaging.formats import MOST_DECODED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts

LONGEST = 160
"""Pixels of a thumbnail's longer side."""

UNREAD = "finding not read"

# A thumbnail is for recognising an image, and a page holds hundreds of them.
_QUALITY = 72
# A CT volume of 512 x 512 x 1000 voxels of 16 bits; such a file is read whole.
_MOST_BYTES = 600_000_000
# Files are handed to workers in portions, so that progress can be told.
_PORTION = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A file that is to be shown.

    Parameters
    ----------
    row : int
        Position of the first row that names it.
    path : str
        Relative to the collection's root.
    finding : str
        As the hierarchy writes it, or `UNREAD`.
    """

    row: int
    path: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What could be seen of a file.

    Parameters
    ----------
    pixels : numpy.ndarray or None
        As :func:`covidxr.imaging.viewing.eight_bits` gives them; None where nothing can be shown.
    why : str
        Why there are none; empty where there are.
    """

    pixels: NDArray[np.uint8] | None = field(default=None, compare=False)
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A small picture, or why there is none.

    Parameters
    ----------
    pick : Pick
        What it is of.
    jpeg : bytes
        The picture as a file; empty where there is none.
    width, height : int
        Of the picture in pixels; 0 where there is none.
    why : str
        Why there is none; empty where there is one.
    """

    pick: Pick
    jpeg: bytes = b""
    width: int = 0
    height: int = 0
    why: str = ""


def pick(dataset: Dataset, most: int | None) -> tuple[Pick, ...]:
    """Choose the files to show, each finding having its fair part.

    Parameters
    ----------
    dataset : Dataset
        A collection whose files were looked at.
    most : int or None
        How many at most; None for all.

    Returns
    -------
    tuple of Pick
        By finding, the commonest first, then in the order of the rows. Files that are there come
        before files that are not, wherever not all can be shown.
    """
    every = _files(dataset)
    there = [each for each in every if each.path in dataset.files]
    chosen = _fairly(there, most)
    left = None if most is None else most - len(chosen)
    chosen += _fairly([each for each in every if each.path not in dataset.files], left)
    sizes = _sizes(every)
    return tuple(sorted(chosen, key=lambda each: (-sizes[each.finding], each.finding, each.row)))


def look(root: Path, path: str, facts: ImageFacts | None) -> Look:
    """Decode one file of a collection, unless that is known to be of no use.

    Parameters
    ----------
    root : Path
        The collection's folder.
    path : str
        Relative to it.
    facts : ImageFacts or None
        What the store found; None where there is no such file.
    """
    reason = _why_not(facts)
    if reason:
        return Look(why=reason)
    from covidxr.imaging.viewing import eight_bits

    try:
        data = store.file_bytes(root, path)
    except CollectionError as error:
        return Look(why=str(error))
    if data is None:
        return Look(why="the file is not there any more")
    pixels = eight_bits(data)
    if pixels is None or not pixels.size:
        said = [problem.message for problem in facts.problems] if facts else []
        return Look(why=said[0] if said else "it is damaged, or of a kind that is not decoded here")
    return Look(pixels=pixels)


def thumbnails(
    root: Path,
    dataset: Dataset,
    picks: Sequence[Pick],
    workers: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Thumbnail, ...]:
    """Draw the files that were chosen.

    Parameters
    ----------
    root : Path
        The collection's folder.
    dataset : Dataset
        What was found there.
    picks : sequence of Pick
        From `pick`.
    workers : Executor or None
        Draws files side by side; None draws one after the other.
    progress : callable or None
        Told how many are done and how many there are.

    Returns
    -------
    tuple of Thumbnail
        In the order of `picks`.
    """
    jobs = [(each, dataset.files.get(each.path)) for each in picks]
    portions = [jobs[start : start + _PORTION] for start in range(0, len(jobs), _PORTION)]
    draw = _Draw(root)
    made: list[Thumbnail] = []
    for portion in workers.map(draw, portions) if workers else map(draw, portions):
        made += portion
        if progress is not None:
            progress(len(made), len(jobs))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Draw:
    """Draws some files; an object, so that processes can be sent it."""

    root: Path

    def __call__(self, jobs: Sequence[tuple[Pick, ImageFacts | None]]) -> list[Thumbnail]:
        return [self._draw(each, facts) for each, facts in jobs]

    def _draw(self, each: Pick, facts: ImageFacts | None) -> Thumbnail:
        from covidxr.imaging.viewing import small_jpeg

        seen = look(self.root, each.path, facts)
        if seen.pixels is None:
            return Thumbnail(pick=each, why=seen.why)
        height, width = seen.pixels.shape[:2]
        scale = min(1.0, LONGEST / max(height, width))
        return Thumbnail(
            pick=each,
            jpeg=small_jpeg(seen.pixels, LONGEST, _QUALITY),
            width=max(1, round(width * scale)),
            height=max(1, round(height * scale)),
        )


def _why_not(facts: ImageFacts | None) -> str:
    """Say why a file is not opened at all; empty where it is."""
    if facts is None:
        return "the file is not there"
    for problem in facts.problems:
        if problem.kind in {"unreadable", "empty"}:
            return problem.message
    if facts.bytes > _MOST_BYTES:
        return f"it has {facts.bytes / 1e6:,.0f} MB: too large to be shown"
    size = (facts.width or 0) * (facts.height or 0)
    if size > MOST_DECODED:
        return f"it has {size / 1e6:,.0f} megapixels: too many to be decoded"
    return ""


def _files(dataset: Dataset) -> list[Pick]:
    """Give every file that a row names, once, in the order of the rows."""
    found: dict[str, Pick] = {}
    for cells in dataset.cells("folder", "filename", "finding"):
        folder, name, finding = cells.texts
        path = f"{folder or 'images'}/{name}"
        if name and path not in found:
            told = labels.read_finding(finding).canonical or UNREAD
            found[path] = Pick(row=cells.rows[0], path=path, finding=told)
    return list(found.values())


def _sizes(picks: Sequence[Pick]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for each in picks:
        sizes[each.finding] = sizes.get(each.finding, 0) + 1
    return sizes


def _fairly(picks: Sequence[Pick], most: int | None) -> list[Pick]:
    """Take from each finding as many as from any other, as far as it has them, evenly spread."""
    if most is None or len(picks) <= most:
        return list(picks)
    groups: dict[str, list[Pick]] = {}
    for each in picks:
        groups.setdefault(each.finding, []).append(each)
    chosen: list[Pick] = []
    # The smallest first: what a small one leaves of its part goes to the larger ones.
    for turn, group in enumerate(sorted(groups.values(), key=len)):
        part = min(len(group), (most - len(chosen)) // (len(groups) - turn))
        chosen += [group[number * len(group) // part] for number in range(part)]
    return chosen
