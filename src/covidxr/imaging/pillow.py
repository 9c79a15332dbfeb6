"""Open and decode pictures with Pillow.

This module owns all use of Pillow. Pillow is imported when the first file needs it, and of its
plug-ins only the one for the format that was recognised. The plug-ins' classes are used directly:
``Image.open`` would try other formats, and refuse or warn of large pictures by a limit that is
one for the whole process.
"""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from covidxr.imaging.formats import MOST_DECODED, MOST_LOOKED_AT
from covidxr.imaging.measured import Measured, corrupt, truncated, unreadable
from covidxr.imaging.quiet import heard

if TYPE_CHECKING:
    from collections.abc import Callable
    from warnings import WarningMessage

    from PIL.ImageFile import ImageFile

    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

Given = TypeVar("Given")

PLUGINS = {
    "JPEG": "JpegImagePlugin.JpegImageFile",
    "PNG": "PngImagePlugin.PngImageFile",
    "GIF": "GifImagePlugin.GifImageFile",
    "TIFF": "TiffImagePlugin.TiffImageFile",
    "BMP": "BmpImagePlugin.BmpImageFile",
    "WEBP": "WebPImagePlugin.WebPImageFile",
}
# These decode without a warning (Pillow 13), so they need not wait for their turn in `heard`.
_NEVER_WARN = {"JPEG", "PNG"}


def open_picture(kind: str, data: Buffer) -> tuple[ImageFile | None, tuple[FileProblem, ...]]:
    """Read a picture's header with Pillow.

    Parameters
    ----------
    kind : str
        A key of `PLUGINS`.
    data : bytes or mmap
        The file, or its beginning.

    Returns
    -------
    picture : PIL.ImageFile.ImageFile or None
        Nothing is decoded yet; None where Pillow cannot open it.
    problems : tuple of FileProblem
        What Pillow said, errors and warnings alike.
    """
    module, name = PLUGINS[kind].split(".")
    try:
        plugin = getattr(import_module(f"PIL.{module}"), name)
        with heard() as warned:
            picture: ImageFile = plugin(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - plug-ins raise nearly anything on damaged bytes
        return None, unreadable(f"Pillow cannot open it: {_words(error)}")
    return picture, _complaints(warned)


def measure_picture(kind: str, data: Buffer, size: int) -> tuple[Measured, ImageFile | None]:
    """Measure a picture whose header this package does not parse itself.

    Parameters
    ----------
    kind : str
        A key of `PLUGINS`.
    data : bytes or mmap
        The file, or its beginning.
    size : int
        Bytes of the whole file.

    Returns
    -------
    Measured
        Without a problem, and possibly without a size, where only the beginning is at hand.
    PIL.ImageFile.ImageFile or None
        The opened picture.
    """
    picture, problems = open_picture(kind, data)
    if len(data) < size:
        problems = ()
    if picture is None:
        return Measured(problems=problems), None
    width, height = picture.size
    return Measured(width=width, height=height, mode=picture.mode, problems=problems), picture


def opened(kind: str, data: Buffer) -> tuple[ImageFile | None, tuple[FileProblem, ...]]:
    """Open a picture that is going to be decoded.

    Parameters
    ----------
    kind : str
        A key of `PLUGINS`.
    data : bytes or mmap
        The whole file.

    Returns
    -------
    picture : PIL.ImageFile.ImageFile or None
        Nothing is decoded yet.
    problems : tuple of FileProblem
        Not empty, too, where it is too large to be decoded.
    """
    picture, problems = open_picture(kind, data)
    if picture is None or problems:
        return picture, problems
    pixels = picture.width * picture.height
    if pixels > MOST_LOOKED_AT:
        problems = unreadable(
            f"its {pixels:,} pixels are not decoded: the limit is {MOST_LOOKED_AT:,} pixels"
        )
    return picture, problems


def safely(kind: str, decode: Callable[[], Given]) -> tuple[Given | None, tuple[FileProblem, ...]]:
    """Run a decoder, and turn what it raises or warns of into a problem.

    Parameters
    ----------
    kind : str
        The picture's format.
    decode : callable
        Decodes with Pillow.

    Returns
    -------
    given : Any or None
        What it gave; None where it raised.
    problems : tuple of FileProblem
        Empty when there was not a word from Pillow.
    """
    try:
        if kind in _NEVER_WARN:
            return decode(), ()
        with heard() as warned:
            given = decode()
    except Exception as error:  # noqa: BLE001 - decoders raise nearly anything on damaged bytes
        return None, _failure(error)
    return given, _complaints(warned)


def check_frames(kind: str, picture: ImageFile) -> tuple[FileProblem, ...]:
    """Decode the frames behind the first, as many as have `MOST_DECODED` pixels together."""

    def rest() -> None:
        frames = getattr(picture, "n_frames", 1)
        most = MOST_DECODED // max(1, picture.width * picture.height)
        for frame in range(1, min(frames, max(2, most))):
            picture.seek(frame)
            picture.load()

    return safely(kind, rest)[1]


def _complaints(warned: list[WarningMessage]) -> tuple[FileProblem, ...]:
    """Take Pillow's first warning for damage; `MOST_LOOKED_AT` is the limit, not Pillow's own."""
    said = [one.message for one in warned if one.category.__name__ != "DecompressionBombWarning"]
    return corrupt(f"Pillow warns: {_words(said[0])}") if said else ()


def _failure(error: Exception) -> tuple[FileProblem, ...]:
    if type(error).__name__ in {"DecompressionBombError", "MemoryError"}:
        return unreadable(f"it is too large for Pillow: {_words(error)}")
    make = truncated if "truncated" in str(error) else corrupt
    return make(f"Pillow cannot decode it: {_words(error)}")


def _words(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
