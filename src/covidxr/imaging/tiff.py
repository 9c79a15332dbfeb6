"""Read a TIFF file's first directory and check that its strips are there, without decoding.

Source: TIFF 6.0, sections 3 and 15.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from covidxr.imaging.exif import has_position, read_exif
from covidxr.imaging.measured import Measured, truncated
from covidxr.imaging.pillow import measure_picture
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

# Tags that hold offsets and byte counts: of strips, of tiles.
_PLACES = ((273, 279), (324, 325))


def look_at_tiff(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a TIFF file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, the first picture's strips or tiles must lie inside the file.

    Returns
    -------
    Measured
        Of the first picture; without a size where its directory lies behind what is at hand.
    """
    measured, picture = measure_picture("TIFF", data, size)
    exif = read_exif(data)
    # Pillow's tag_v2 is of no declared type on ImageFile.
    tags: Any = getattr(picture, "tag_v2", {})
    measured = replace(
        measured,
        gps=has_position(data),
        bits=_bits(tags),
        orientation=exif.orientation,
        texts=exif.texts,
    )
    if not depth.reaches(ImageDepth.STRUCTURE):
        return measured
    if picture is None:
        return replace(measured, problems=_check_directory(data, size) or measured.problems)
    return replace(measured, problems=_check_strips(tags, size) or measured.problems)


def _bits(tags: Any) -> int | None:
    """BitsPerSample, 1 where absent (TIFF 6.0, section 8)."""
    said = tags.get(258, (1,)) if tags else ()
    return int(said[0]) if isinstance(said, tuple) and said else None


def _check_directory(data: Buffer, size: int) -> tuple[FileProblem, ...]:
    """Look for a first directory behind the end: many writers place it after the pixels."""
    orders: dict[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
    order = orders.get(data[:4])
    if order and size <= int.from_bytes(data[4:8], order):
        return truncated(f"the file ends at byte {size:,}, before its directory")
    return ()


def _check_strips(tags: Any, size: int) -> tuple[FileProblem, ...]:
    for offsets, counts in _PLACES:
        begins, lengths = tags.get(offsets, ()), tags.get(counts, ())
        if not isinstance(begins, tuple) or not isinstance(lengths, tuple):
            continue
        places = zip(begins, lengths, strict=False)
        end = max((int(begin) + int(length) for begin, length in places), default=0)
        if end > size:
            return truncated(f"the file ends at byte {size:,}, {end - size:,} bytes too early")
    return ()
