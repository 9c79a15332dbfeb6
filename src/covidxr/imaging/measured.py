"""What every format's reader receives and returns.

This module owns the words that the readers share and no knowledge of any format.
"""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap
from typing import TYPE_CHECKING, TypeAlias

from covidxr.model import FileProblem

if TYPE_CHECKING:
    from covidxr.filefacts import DicomFacts, PixelFacts, VolumeFacts

Buffer: TypeAlias = bytes | mmap

HARMLESS_PADDING = 16
"""Bytes that may follow a file's end without a word: 12 of 519 intact JPEG files have 1 to 14."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a reader found in one file.

    Parameters
    ----------
    width, height : int or None
        In pixels.
    mode : str
        Pillow's mode name, with ``;16`` behind it for 16 bits a channel; empty where unknown.
    gps : bool
        Whether EXIF carries a position.
    problems : tuple of FileProblem
        Empty when nothing is wrong.
    tags : tuple of (str, str)
        DICOM keywords and values.
    bits, frames, orientation, texts, pixels, dicom, volume
        As in :class:`covidxr.model.ImageFacts`; `pixels` only from readers that decode themselves.
    """

    width: int | None = None
    height: int | None = None
    mode: str = ""
    gps: bool = False
    problems: tuple[FileProblem, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    bits: int | None = None
    frames: int = 1
    orientation: int | None = None
    texts: tuple[tuple[str, str], ...] = ()
    pixels: PixelFacts | None = None
    dicom: DicomFacts | None = None
    volume: VolumeFacts | None = None


class DamagedError(Exception):
    """Stops a walk through a file where it cannot go on; never leaves a reader.

    Parameters
    ----------
    kind, message : str
        As in :class:`covidxr.model.FileProblem`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.problem = FileProblem(kind=kind, message=message)


def within(data: Buffer, size: int, end: int, what: str) -> bool:
    """Tell whether bytes up to `end` are at hand.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning.
    size : int
        Bytes of the whole file.
    end : int
        Offset behind the last byte that is wanted.
    what : str
        Where that byte belongs, for the message.

    Returns
    -------
    bool
        False where only the beginning of the file is at hand and `end` lies behind it.

    Raises
    ------
    DamagedError
        Where the file itself ends before `end`.
    """
    if end > size:
        raise DamagedError("truncated", f"the file ends at byte {size:,}, inside {what}")
    return end <= len(data)


def truncated(message: str) -> tuple[FileProblem, ...]:
    """Make the answer of a check that found the end missing."""
    return (FileProblem(kind="truncated", message=message),)


def corrupt(message: str) -> tuple[FileProblem, ...]:
    """Make the answer of a check that found damage."""
    return (FileProblem(kind="corrupt", message=message),)


def unreadable(message: str) -> tuple[FileProblem, ...]:
    """Make the answer of a reader that could not read at all."""
    return (FileProblem(kind="unreadable", message=message),)


def check_tail(end: int, size: int) -> tuple[FileProblem, ...]:
    """Report bytes that follow a file's own end.

    Parameters
    ----------
    end : int
        Offset behind the format's last byte.
    size : int
        Bytes of the whole file.

    Returns
    -------
    tuple of FileProblem
        Empty for up to 16 bytes, which writers add as padding.
    """
    extra = size - end
    if extra <= HARMLESS_PADDING:
        return ()
    return (FileProblem(kind="trailing", message=f"{extra:,} bytes follow the end of the data"),)
