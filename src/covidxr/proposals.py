"""What a contributor marked in one image, as it waits for review.

This module owns the form of ``marks-N.json`` in a candidate's folder and nothing else: numbers and
labels, and of the image its hash and its size. A contributor's names of files, comments and other
words are not part of it. It touches no disk.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from covidxr.annotated import Annotated, Mask, Region, Score

SOURCE = "annotations"
"""Source of every proposal; also the folder of their candidates."""

FORMAT = "MARKS"
"""What the record of a case calls the format of such a file."""

VERSION = 1

KINDS = ("boxes", "masks", "severity", "brixia")
"""What a proposal holds: boxes and outlines, one mask, or scores."""

_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Marks of one image.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    sha256 : str
        Of the bytes of the image that they were matched with.
    width, height : int
        Of that image, in pixels.
    regions : tuple of Region
        Boxes and outlines, without lines.
    mask : Mask or None
        With its runs, without a path.
    scores : tuple of Score
        By today's names.
    """

    kind: str
    sha256: str
    width: int
    height: int
    regions: tuple[Region, ...] = ()
    mask: Mask | None = None
    scores: tuple[Score, ...] = ()

    def annotated(self, filename: str) -> Annotated:
        """Give the same as what a file says of an image of that name."""
        return Annotated(
            image=filename,
            written=filename,
            width=self.width,
            height=self.height,
            regions=self.regions,
            masks=() if self.mask is None else (self.mask,),
            scores=self.scores,
        )


def proposed(found: Annotated, kind: str, sha256: str, size: tuple[int, int]) -> Proposal:
    """Take from what a file says of an image what may go on.

    Parameters
    ----------
    found : Annotated
        As an adapter gives it.
    kind : str
        One of `KINDS`.
    sha256 : str
        Of the image.
    size : (int, int)
        Its width and height.
    """
    mask = found.masks[0] if found.masks else None
    return Proposal(
        kind=kind,
        sha256=sha256,
        width=size[0],
        height=size[1],
        regions=tuple(
            Region(label=label(each.label), box=each.box, outlines=each.outlines)
            for each in found.regions
        ),
        mask=None
        if mask is None
        else Mask(
            path="",
            label=label(mask.label),
            width=mask.width,
            height=mask.height,
            values=(0, 255),
            runs=mask.runs,
        ),
        scores=tuple(
            Score(name=each.name, written=each.name, text=each.text, value=each.value)
            for each in found.scores
        ),
    )


def label(words: str) -> str:
    """Give a label as it goes on: one line of printable characters, cut where it is long."""
    return "".join(each for each in " ".join(words.split()) if each.isprintable())[:_LONGEST_LABEL]


def write(proposal: Proposal) -> bytes:
    """Write a proposal; the same one gives the same bytes."""
    record = {"version": VERSION, **asdict(proposal)}
    return (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode()


def read(data: bytes) -> Proposal:
    """Read a proposal.

    Raises
    ------
    ValueError
        If it is none, or one of a later version.
    """
    try:
        record: dict[str, Any] = json.loads(data)
        if record.pop("version") != VERSION:
            raise ValueError("it is of another version")
        mask = record.pop("mask")
        return Proposal(
            regions=tuple(map(_region, record.pop("regions"))),
            mask=None if mask is None else _mask(mask),
            scores=tuple(Score(**each) for each in record.pop("scores")),
            **record,
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no record of marks: {error!r}") from error


def _region(record: dict[str, Any]) -> Region:
    box = record.pop("box")
    outlines = tuple(map(tuple, record.pop("outlines")))
    return Region(box=None if box is None else tuple(box), outlines=outlines, **record)


def _mask(record: dict[str, Any]) -> Mask:
    values, runs = tuple(record.pop("values")), tuple(record.pop("runs"))
    return Mask(values=values, runs=runs, **record)


def described(proposal: Proposal) -> tuple[str, ...]:
    """Say in lines what is marked, for a page and a terminal."""
    lines = []
    for region in proposal.regions:
        name = region.label or "without a label"
        if region.box is not None:
            left, top, width, height = (
                f"{each:g}" if each is not None else "?" for each in region.box
            )
            lines.append(f"{name}: left {left}, top {top}, {width} x {height} pixels")
        lines += [f"{name}: outline of {len(each) // 2} points" for each in region.outlines]
    if proposal.mask is not None:
        share = proposal.mask.area / (proposal.width * proposal.height)
        lines.append(f"{proposal.mask.label or 'mask'}: {share:.0%} of the image marked")
    lines += [f"{each.name}: {each.text}" for each in proposal.scores if each.text]
    return tuple(lines)
