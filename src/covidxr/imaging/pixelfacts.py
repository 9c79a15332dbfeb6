"""What a decoded picture shows: its hashes, whether it is blank, coloured or transparent.

This module owns the one pass over a file's pixels: they are decoded once, which also finds damage,
and everything is measured from that. It opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2

from covidxr.filefacts import PixelFacts
from covidxr.imaging.burntin import lettering
from covidxr.imaging.jpegpixels import decode_jpeg
from covidxr.imaging.likeness import fingerprint_of, shrunk, span
from covidxr.imaging.measured import corrupt, unreadable
from covidxr.imaging.pillow import PLUGINS, check_frames, open_picture, opened, safely
from covidxr.imaging.pixels import Whole, digest, only_grey, whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from covidxr.imaging.likeness import Fingerprint
    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

VISIBLE = 24
"""Levels between a pixel's strongest and weakest channel from which on an eye sees colour.

JPEG coding tints grey by up to some 8 levels, scanners by up to 20.
"""

# EXIF stands at a file's beginning.
_HEAD = 65_536
# Pixels, about, that colour is looked for in.
_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look at a file's pixels gave.

    Parameters
    ----------
    facts : PixelFacts or None
        None where they cannot be decoded.
    fingerprint : Fingerprint or None
        None also for a picture of one tone.
    problems : tuple of FileProblem
        What keeps them from being decoded, or was wrong.
    """

    facts: PixelFacts | None = None
    fingerprint: Fingerprint | None = None
    problems: tuple[FileProblem, ...] = ()


def look_at_pixels(kind: str, data: Buffer) -> Seen:
    """Decode every pixel of a picture and say what it shows.

    Parameters
    ----------
    kind : str
        A format that Pillow has a plug-in for.
    data : bytes or mmap
        The whole file.

    Returns
    -------
    Seen
        Of the first frame; the others are only decoded.
    """
    quick = decode_jpeg(data) if kind == "JPEG" else None
    if quick is not None and quick.pixels is not None:
        # Damaged EXIF is no matter to libjpeg.
        problems = open_picture(kind, data)[1] if b"Exif\0" in data[:_HEAD] else ()
        return Seen(problems=problems) if problems else describe(Whole(quick.pixels))
    picture, problems = opened(kind, data)
    if picture is None or problems:
        return Seen(problems=problems)
    first, problems = safely(kind, lambda: whole(picture))
    if quick is not None and not problems:
        problems = corrupt(f"libjpeg warns: {quick.said}")
    problems = problems or check_frames(kind, picture)
    if first is None or problems:
        return Seen(problems=problems or unreadable("it cannot be decoded"))
    return describe(first)


def describe(shown: Whole, *, read: bool = False) -> Seen:
    """Say what decoded pixels show.

    Parameters
    ----------
    shown : Whole
        The picture.
    read : bool
        Whether letters are looked for as well, which takes longer than all the rest.
    """
    grey = only_grey(shown.pixels)
    small = shrunk(shown.pixels if grey is None else grey)
    low, high = span(small)
    fingerprint = fingerprint_of(small)
    facts = PixelFacts(
        digest=digest(shown.pixels if grey is None else grey),
        hash="" if fingerprint is None else fingerprint.bits.hex(),
        levels=high - low,
        colour=0.0 if grey is not None else _colour(shown.pixels),
        transparent=shown.transparent,
        writing=lettering(shown.pixels) if read else 0,
    )
    return Seen(facts=facts, fingerprint=fingerprint)


def can_be_decoded(kind: str) -> bool:
    """Tell whether a format is a picture's."""
    return kind in PLUGINS


def _colour(pixels: NDArray[np.uint8]) -> float:
    height, width = pixels.shape[:2]
    step = max(1, int((height * width / _LOOKED_AT) ** 0.5))
    size = (max(1, width // step), max(1, height // step))
    red, green, blue = cv2.split(cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST))
    strongest = cv2.max(cv2.max(red, green), blue)
    weakest = cv2.min(cv2.min(red, green), blue)
    return round(float((cv2.subtract(strongest, weakest) >= VISIBLE).mean()), 4)
