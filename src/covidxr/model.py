"""The frozen records that flow between the parts of covidxr.

This module owns plain values and nothing else: no file, no terminal, no decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.levels import ImageDepth, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from covidxr.filefacts import DicomFacts, PixelFacts, VolumeFacts

__all__ = [
    "Artifact",
    "Diagnostic",
    "FileProblem",
    "Fix",
    "Hit",
    "ImageDepth",
    "ImageFacts",
    "Severity",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A change that needs no judgement.

    Parameters
    ----------
    value : str
        What the cell becomes.
    rename : tuple of (str, str) or None
        A file to rename together with the cell: old and new path, relative to the collection's
        root, with ``/``.
    """

    value: str
    rename: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a rule yields: where, and what is the matter.

    One hit may stand for many cells that hold the same value, so that a million rows with one
    mistake cost one hit.

    Parameters
    ----------
    message : str
        What is wrong, in a curator's words, without the rule's code.
    rows : sequence of int
        Positions in the dataset's rows, ascending; empty when the hit is about a whole file.
    field : str or None
        Column as today's header names it, or the header cell's own text where it has no such name.
    file : str
        Path relative to the collection's root, with ``/``; the table unless said otherwise.
    line, column : int or None
        1-based place in `file`, where `rows` is empty and the place is known.
    value : str or None
        The cell's text.
    suggestion : str or None
        What to do, where that is known.
    fix : Fix or None
        The safe change, where there is one.
    """

    message: str
    rows: Sequence[int] = ()
    field: str | None = None
    file: str = "metadata.csv"
    line: int | None = None
    column: int | None = None
    value: str | None = None
    suggestion: str | None = None
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem at one place, as every output format shows it.

    Parameters
    ----------
    code, name : str
        ``"SCH205"`` and ``"value-out-of-range"``.
    severity : Severity
        How much it matters.
    message : str
        What is wrong.
    suggestion : str or None
        What to do.
    file : str
        Path relative to the collection's root, with ``/``.
    line, column, end_line, end_column : int or None
        1-based, columns in characters, end exclusive; None where a file has no such place.
    row : str or None
        The row's filename: what stays when lines move.
    patientid : str or None
        The row's patient.
    field, value : str or None
        Column and cell text.
    fix : Fix or None
        The safe change, where there is one.
    url : str
        The rule's page.
    record : str or None
        The row's text where its filename is blank: what else tells it from other such rows.
    """

    code: str
    name: str
    severity: Severity
    message: str
    url: str
    file: str
    suggestion: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    row: str | None = None
    patientid: str | None = None
    field: str | None = None
    value: str | None = None
    fix: Fix | None = None
    record: str | None = None

    @property
    def fixable(self) -> bool:
        """Whether ``covidxr validate --fix`` mends it."""
        return self.fix is not None

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that stay the same when lines move.

        Made of code, file, row name, field and value, and of the row's text where it has no name;
        never of line numbers or wording.
        """
        import hashlib

        parts = [self.code, self.file, self.row or "", self.field or "", self.value or ""]
        if self.record is not None:
            parts.append(self.record)
        text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.sha256(text).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """Something wrong inside one file.

    Parameters
    ----------
    kind : str
        ``"unreadable"``, ``"empty"``, ``"truncated"``, ``"corrupt"`` or ``"trailing"``.
    message : str
        What was seen.
    """

    kind: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What one file says of itself, as far as it was looked at.

    Parameters
    ----------
    path : str
        Relative to the collection's root, with ``/``.
    bytes : int
        Size of the file.
    format : str
        By content: ``"JPEG"``, ``"PNG"``, ``"GIF"``, ``"TIFF"``, ``"BMP"``, ``"WEBP"``,
        ``"DICOM"``, ``"NIFTI"``, ``"NIFTI.GZ"``, ``"HTML"``; empty when it is none of these.
    width, height : int or None
        In pixels; None where the format or the depth does not tell.
    mode : str
        Pillow's mode name (``"L"``, ``"RGB"``, ``"I;16"`` ...); empty where unknown.
    sha256 : str
        Of the bytes; empty below depth ``structure``.
    gps : bool
        Whether EXIF carries a position.
    problems : tuple of FileProblem
        Empty when nothing was found at the depth that was asked for.
    tags : mapping of str to str
        DICOM keywords and values that name a person or describe the acquisition; empty for other
        formats.
    bits : int or None
        Bits of a sample as stored; None where the format or the depth does not tell.
    frames : int
        Pictures in the file, such as those of an animation; 1 where there is one, or none.
    orientation : int or None
        EXIF's, 1 to 8, where 1 is as stored; None where the file does not say.
    texts : tuple of (str, str)
        What the file's metadata say in words: the entry (``"EXIF Artist"``, ``"PNG Software"``,
        ``"JPEG comment"``) and its text, cut where it is long.
    pixels : PixelFacts or None
        What the picture shows; None below depth ``full``, or where it cannot be decoded.
    dicom : DicomFacts or None
        None for other formats.
    volume : VolumeFacts or None
        None for what is no volume.
    """

    path: str
    bytes: int
    format: str = ""
    width: int | None = None
    height: int | None = None
    mode: str = ""
    sha256: str = ""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file that an exporter describes.

    Parameters
    ----------
    path : str
        Relative to the export's folder, with ``/``.
    data : bytes or None
        What it holds; None for a copy.
    parts : callable or None
        Gives what it holds piece by piece, for what is too large to be held at once; called as
        often as the file is written, with the same pieces each time.
    copy_of : str
        Path of the collection's file that it is a copy of, relative to the root; else empty.
    """

    path: str
    data: bytes | None = None
    parts: Callable[[], Iterator[bytes]] | None = None
    copy_of: str = ""
