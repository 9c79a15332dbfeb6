"""The records of one run over a contribution: what is asked of it, and what became of each file.

This module owns plain values and the contract with what cleans files; :mod:`covidxr.ingest` does
the work. Nothing here touches the disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case, Json
    from covidxr.imaging.belonging import Look
    from covidxr.model import FileProblem
    from covidxr.pacing import Clock

SOURCE = "ingest"
"""Source of every case that a contributor sent; also the folder of their candidates."""


TURNED = "stored turned or mirrored"
"""Words of the warning that a picture is shown otherwise by programs that read EXIF."""


class Ending(StrEnum):
    """What became of one file."""

    TAKEN = "candidate"
    DRAFTED = "draft"
    KNOWN = "known already"
    LEFT_OUT = "left out"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


LOOK = frozenset({Ending.LEFT_OUT, Ending.QUARANTINED, Ending.REFUSED})
"""What a curator must look at."""


class UnfitError(Exception):
    """One file cannot be cleaned, so that it is not let through; ends in quarantine.

    Parameters
    ----------
    reason : str
        Why, in a curator's words, without anything that stands in the file.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanDicom:
    """A DICOM file without identity, and what it says that may be passed on.

    Parameters
    ----------
    data : bytes
        The whole file, de-identified.
    tags : mapping of str to Json
        Keywords that are safe to publish.
    study : str
        Its new UID.
    sex, age, view, modality : str
        PatientSex, PatientAge, ViewPosition and Modality as the file writes them; may be empty.
    acquired_on : str
        Day of the acquisition, shifted: ``YYYYMMDD`` or ISO 8601; may be empty.
    problems : tuple of FileProblem
        What a curator must know.
    """

    data: bytes
    tags: Mapping[str, Json] = field(default_factory=dict)
    study: str = ""
    sex: str = ""
    age: str = ""
    view: str = ""
    modality: str = ""
    acquired_on: str = ""
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPicture:
    """The picture of a DICOM file.

    Parameters
    ----------
    png8 : bytes
        Through the file's own window, for looking.
    png16 : bytes or None
        The stored values without loss; None for colours.
    numbers : mapping of str to Json
        What leads back from the 16-bit file to the stored values.
    """

    png8: bytes
    png16: bytes | None = None
    numbers: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanFile:
    """A JPEG, a PNG or a volume without what says more than its pixels.

    Parameters
    ----------
    data : bytes
        The whole file; its pixels or voxels are those of the original.
    removed : tuple of str
        What was taken out, in words, without its contents.
    orientation : int or None
        EXIF's, 2 to 8, where the picture is stored turned or mirrored; else None.
    problems : tuple of FileProblem
        What a curator must know.
    """

    data: bytes
    removed: tuple[str, ...] = ()
    orientation: int | None = None
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """What takes identity out of files. Each callable raises `UnfitError` where it cannot.

    Parameters
    ----------
    look : callable
        Reads where a DICOM file belongs; what it gives may name a person and is never written.
    dicom : callable
        De-identifies a DICOM file: its bytes and the collection's secret.
    picture : callable
        Renders a DICOM file of one frame that was de-identified.
    strip : callable
        Strips a picture, such as JPEG or PNG.
    volume : callable
        Cleans a NIfTI volume.
    series : callable
        Makes a ``.nii.gz`` of each stack that the de-identified slices of a series make: one as a
        rule, two for a series without and with contrast.
    """

    look: Callable[[bytes], Look]
    dicom: Callable[[bytes, bytes], CleanDicom]
    picture: Callable[[bytes], CleanPicture]
    strip: Callable[[bytes], CleanFile]
    volume: Callable[[bytes], CleanFile]
    series: Callable[[Sequence[bytes]], Sequence[CleanFile]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who contributes, and under which terms.

    Parameters
    ----------
    contributor : str
        Who sent the files; parts the patients of two contributors whose numbers are the same.
    licence : str
        SPDX id, in a spelling that is known; empty where nobody states one.
    credit : str
        The credit line; may be empty.
    """

    contributor: str = ""
    licence: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to take.

    Parameters
    ----------
    root : Path
        The collection's folder.
    clock : Clock
        Tells when something was taken.
    paths : tuple of Path
        Files, folders, ZIP and tar archives.
    terms : Terms
        Who contributes, and under which terms.
    table, mapping : Path or None
        The contributor's table, and how its columns are read.
    secret : Path or None
        File of the secret that pseudonyms are made with; None for the collection's own.
    by_folder : bool
        Whether the files of one folder are one patient, where nothing else says whose they are.
    depth : int
        Bits of the picture that becomes the row's file: 8, or 16 where the file has as many.
    dry_run : bool
        Keep nothing.
    output : Path or None
        Folder for candidates, where it is not the collection's own.
    """

    root: Path
    clock: Clock
    paths: tuple[Path, ...]
    terms: Terms = field(default_factory=Terms)
    table: Path | None = None
    mapping: Path | None = None
    secret: Path | None = None
    by_folder: bool = False
    depth: int = 8
    dry_run: bool = False
    output: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one file.

    Parameters
    ----------
    name : str
        As the contributor calls it; shown, and kept in the quarantine's list alone.
    ending : Ending
        What became of it.
    reason : str
        Why it is no candidate, or what is to be known of it; may be empty.
    case : str
        ``source/case`` of its candidate; empty where it has none.
    """

    name: str
    ending: Ending
    reason: str = ""
    case: str = ""


class Listener(Protocol):
    """Is told what happens, as it happens."""

    def looks(self, name: str, done: int) -> None:
        """A file is being looked at; so many were before."""

    def cleans(self, name: str, done: int, total: int) -> None:
        """A file is being cleaned; so many of all were before."""

    def notes(self, words: str) -> None:
        """Something that is no matter of one file: of the table, of the secret."""

    def drafted(self, case: Case, rows: Sequence[dict[str, str]]) -> None:
        """A case was made, and this is what its rows would be."""

    def stored(self, case: Case, images: Sequence[KeptImage]) -> None:
        """A case is a candidate now."""

    def ended(self, told: Told) -> None:
        """A file is done."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a run did.

    Attributes
    ----------
    told : list of Told
        One for each file, in the order in which they were done.
    notes : list of str
        What must be looked at and is no matter of one file: rows without a file, cells that the
        schema refuses.
    cases, images : int
        Candidates that were made, or would be, and their images.
    quarantine : str
        Path of the list of what was not let through; empty where all was, and for a dry run.
    """

    told: list[Told] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cases: int = 0
    images: int = 0
    quarantine: str = ""

    @property
    def code(self) -> int:
        """The exit code: 0 all in, 1 something must be looked at, 2 nothing could be done."""
        look = any(each.ending in LOOK for each in self.told)
        if look and not any(each.ending not in LOOK for each in self.told):
            return 2
        return 1 if look or self.notes else 0
