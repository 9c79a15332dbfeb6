"""Turn a file's bytes into facts.

This module owns the order of the looks: recognise, measure, check, decode. It opens no file and
raises nothing on bad data: whatever is wrong is a :class:`covidxr.model.FileProblem`. The
functions may run in several threads at once; hashing, checksums and decoding let other threads
run meanwhile.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from covidxr.imaging.bmp import look_at_bmp
from covidxr.imaging.dicom import look_at_dicom
from covidxr.imaging.formats import PEEK, describe, recognise
from covidxr.imaging.gif import look_at_gif
from covidxr.imaging.jpeg import look_at_jpeg
from covidxr.imaging.measured import Measured, unreadable
from covidxr.imaging.nifti import look_at_gzipped_nifti, look_at_nifti
from covidxr.imaging.png import look_at_png
from covidxr.imaging.tiff import look_at_tiff
from covidxr.imaging.webp import look_at_webp
from covidxr.model import FileProblem, ImageDepth, ImageFacts

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.imaging.likeness import Fingerprint
    from covidxr.imaging.measured import Buffer
    from covidxr.imaging.pixelfacts import Seen

HEAD_BYTES = 65_536
"""How much of a file's beginning :func:`examine_header` is meant to be given."""

_READERS: dict[str, Callable[[Buffer, int, ImageDepth], Measured]] = {
    "JPEG": look_at_jpeg,
    "PNG": look_at_png,
    "GIF": look_at_gif,
    "TIFF": look_at_tiff,
    "BMP": look_at_bmp,
    "WEBP": look_at_webp,
    "DICOM": look_at_dicom,
    "NIFTI": look_at_nifti,
    "NIFTI.GZ": look_at_gzipped_nifti,
}


def examine(path: str, data: Buffer, depth: ImageDepth) -> ImageFacts:
    """Look at a whole file.

    Parameters
    ----------
    path : str
        Relative to the collection's root, with ``/``: a label, nothing is opened.
    data : bytes or mmap
        The whole file; ``b""`` when it is empty.
    depth : ImageDepth
        How closely to look: ``HEADER`` measures, ``STRUCTURE`` also hashes and looks for a
        missing end and wrong checksums, ``FULL`` also decodes every pixel.

    Returns
    -------
    ImageFacts
        With everything that is wrong in `problems`.
    """
    if not depth.reaches(ImageDepth.HEADER):
        return ImageFacts(path=path, bytes=len(data))
    if not depth.reaches(ImageDepth.STRUCTURE):
        return examine_header(path, data[:HEAD_BYTES], len(data))
    if depth is ImageDepth.FULL:
        return look(path, data)[0]
    return _facts(path, data, len(data), depth)


def examine_header(path: str, head: bytes, size: int) -> ImageFacts:
    """Look at the beginning of a file.

    Parameters
    ----------
    path : str
        Relative to the collection's root, with ``/``: a label, nothing is opened.
    head : bytes
        The file's first `HEAD_BYTES`, or all of it where it is shorter.
    size : int
        Bytes of the whole file.

    Returns
    -------
    ImageFacts
        Width and height are None where they stand behind `head`, which happens in TIFF files and
        after large metadata; that is no problem of the file.
    """
    return _facts(path, head, size, ImageDepth.HEADER)


def look(path: str, data: Buffer) -> tuple[ImageFacts, Fingerprint | None]:
    """Look at a whole file as closely as there is, and give its fingerprint besides.

    Parameters
    ----------
    path : str
        Relative to the collection's root, with ``/``: a label, nothing is opened.
    data : bytes or mmap
        The whole file; ``b""`` when it is empty.

    Returns
    -------
    facts : ImageFacts
        At depth ``FULL``.
    fingerprint : Fingerprint or None
        What the picture is compared by; None where it cannot be decoded or is of one tone.
    """
    facts = _facts(path, data, len(data), ImageDepth.FULL)
    if any(problem.kind != "trailing" for problem in facts.problems):
        # It is known already that it is damaged.
        return facts, None
    from covidxr.imaging import pixelfacts

    if pixelfacts.can_be_decoded(facts.format):
        seen = pixelfacts.look_at_pixels(facts.format, data)
    elif facts.format in {"DICOM", "NIFTI", "NIFTI.GZ"}:
        # A device writes names into the pixels; what a web page shows was looked at before.
        seen = _shown(data, read=facts.format == "DICOM")
    else:
        return facts, None
    problems = facts.problems + tuple(map(_printable, seen.problems))
    return replace(facts, pixels=seen.facts, problems=problems), seen.fingerprint


def _shown(data: Buffer, *, read: bool) -> Seen:
    """Look at the picture that stands for a volume or a DICOM file; no fault where none does."""
    from covidxr.imaging.pixelfacts import Seen, describe
    from covidxr.imaging.pixels import Whole
    from covidxr.imaging.viewing import eight_bits

    pixels = eight_bits(data)
    return Seen() if pixels is None else describe(Whole(pixels), read=read)


def _facts(path: str, data: Buffer, size: int, depth: ImageDepth) -> ImageFacts:
    head = data[:PEEK]
    kind = recognise(head)
    measured = _measure(kind, data, size, depth) if size else _empty()
    hashed = depth.reaches(ImageDepth.STRUCTURE)
    return ImageFacts(
        path=path,
        bytes=size,
        format=kind,
        width=measured.width,
        height=measured.height,
        mode=measured.mode,
        sha256=hashlib.sha256(data).hexdigest() if hashed else "",
        gps=measured.gps,
        problems=tuple(map(_printable, measured.problems)),
        tags=measured.tags,
        bits=measured.bits,
        frames=measured.frames,
        orientation=measured.orientation,
        texts=measured.texts,
        pixels=measured.pixels,
        dicom=measured.dicom,
        volume=measured.volume,
    )


def _printable(problem: FileProblem) -> FileProblem:
    """Take out what a library quoted from the file and no terminal should be sent."""
    if problem.message.isprintable():
        return problem
    kept = "".join(letter if letter.isprintable() else "?" for letter in problem.message)
    return FileProblem(kind=problem.kind, message=kept)


def _empty() -> Measured:
    return Measured(problems=(FileProblem(kind="empty", message="the file holds no bytes"),))


def _measure(kind: str, data: Buffer, size: int, depth: ImageDepth) -> Measured:
    reader = _READERS.get(kind)
    if reader is None:
        return Measured(problems=unreadable(describe(kind, data[:PEEK])))
    return reader(data, size, depth)
