"""What can be measured in one image or volume beyond its size: pixels, DICOM, volumes.

This module owns plain records. They are made of texts, numbers and tuples alone, so that they can
be sent to another process, kept as JSON and compared.
"""

from __future__ import annotations

from dataclasses import dataclass

NEARLY_BLANK = 8
"""Levels of grey below which a picture is nearly blank: with less there is only noise to see."""

MANY_LETTERS = 20
"""Letters in rows from which on a picture seems to have more burnt in than markers of its side.

Of 250 published images 16 have as many, and all 16 have rows of text.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelFacts:
    """What a picture shows, once it is decoded: the first frame of several, the middle of a volume.

    Parameters
    ----------
    digest : str
        Hash of the pixels as eight bits, 32 hex digits: two files that look the same have the same
        one, whatever their format. A grey picture that is stored in colour counts as grey.
    hash : str
        The perceptual hash of :mod:`covidxr.imaging.likeness`, 64 hex digits; empty for a picture
        of one tone, or nearly so, which would be like every other such.
    levels : int
        Levels of grey between the darkest and the brightest hundredth, 0 to 255; 0 is blank.
    colour : float
        Share of pixels, 0 to 1, whose red, green and blue differ so that an eye sees it.
    transparent : bool
        Whether any pixel lets something behind it show.
    writing : int
        Letters and digits that seem to be burnt in, counted; 0 also where that was not looked for.
    """

    digest: str
    hash: str = ""
    levels: int = 255
    colour: float = 0.0
    transparent: bool = False
    writing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DicomFacts:
    """What a DICOM file's header says of its pixels, and of people.

    Parameters
    ----------
    syntax : str
        UID of the transfer syntax; empty where the file names none.
    photometric : str
        PhotometricInterpretation, such as ``"MONOCHROME1"``; empty where absent.
    bits_stored : int or None
        Bits of a sample that count.
    frames : int
        Of a multi-frame file, else 1.
    spacing : tuple of (float, float) or None
        Millimetres between rows and between columns; None where nothing says.
    spacing_from : str
        Keyword that `spacing` is from; empty where it is None.
    calibrated : bool or None
        Whether `spacing` is that of the patient, not of the detector's surface; None where the file
        does not say. Source: DICOM PS3.3, 10.7.1.1 and C.8.11.
    identity : tuple of str
        Keywords of the elements that the basic profile of DICOM PS3.15, annex E, takes away or
        replaces and that still say something, in the order of their tags; never their values.
    private : int
        Private elements, whose meaning only their maker knows.
    burnt_in : str
        Why the tags make burnt-in text likely; empty where they do not.
    """

    syntax: str = ""
    photometric: str = ""
    bits_stored: int | None = None
    frames: int = 1
    spacing: tuple[float, float] | None = None
    spacing_from: str = ""
    calibrated: bool | None = None
    identity: tuple[str, ...] = ()
    private: int = 0
    burnt_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeFacts:
    """What a volume's header says, and what its voxels hold.

    Parameters
    ----------
    shape : tuple of int
        Voxels along each axis, as stored.
    spacing : tuple of float
        Distance of voxels along the axes, in `units`; the header's own numbers.
    placed_spacing : tuple of float
        The same distances by the matrix that places the volume in the patient, for the first three
        axes; empty where the header does not place it.
    axes : str
        Where each of the first three axes points in the patient: ``"RAS"`` is right, anterior,
        superior; empty where the header does not place the volume.
    oblique : bool
        Whether the axes stand askew to the patient's.
    units : str
        ``"mm"``, ``"m"`` or ``"um"``; empty where the header does not say.
    kind : str
        Of the stored numbers, such as ``"int16"``.
    low, high : float or None
        Least and greatest value after scaling; None where the voxels were not read.
    hounsfield : bool or None
        Whether the values can be Hounsfield units; None where the voxels were not read.
    not_numbers : int or None
        Voxels that are infinite or no number at all; None where the voxels were not read.
    """

    shape: tuple[int, ...] = ()
    spacing: tuple[float, ...] = ()
    placed_spacing: tuple[float, ...] = ()
    axes: str = ""
    oblique: bool = False
    units: str = ""
    kind: str = ""
    low: float | None = None
    high: float | None = None
    hounsfield: bool | None = None
    not_numbers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikePair:
    """Two files that show the same picture.

    Parameters
    ----------
    first, second : str
        Their paths relative to the collection's root, with ``/``; for a candidate
        ``candidates/`` and its id. `first` sorts before `second`.
    kind : str
        ``"bytes"`` for the same file twice, ``"pixels"`` for the same pixels in other bytes,
        ``"near"`` where one was made from the other, ``"part"`` where one shows part of the other
        or was changed more, which only a thorough search finds.
    distance : int
        Bits in which their hashes differ, 0 to 256; 0 for the same bytes or pixels, 256 where that
        was not looked at.
    likeness : float
        Of the closer look, 0 to 1; 1 for the same bytes or pixels.
    """

    first: str
    second: str
    kind: str
    distance: int = 0
    likeness: float = 1.0


DECISIONS = {
    "not-duplicate": "they show different images",
    "same-patient": "they show one patient, and both stay",
    "keep": "they show the same image, and both stay as they are",
}
"""What a curator can decide on two files that look alike, and what it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDecision:
    """What a curator decided on two files, and on which bytes.

    Parameters
    ----------
    first, second : str
        Paths relative to the collection's root, with ``/``; `first` sorts before `second`.
    first_sha256, second_sha256 : str
        Of the bytes that the decision is about.
    decision : str
        A key of `DECISIONS`; what else is written there settles nothing.
    reason : str
        Why.
    decided_by, decided_at : str
        Who, and when (UTC, ISO 8601).
    line : int
        1-based line of the file of decisions; 0 for one that is not written yet.
    """

    first: str
    second: str
    first_sha256: str
    second_sha256: str
    decision: str
    reason: str
    decided_by: str = ""
    decided_at: str = ""
    line: int = 0

    def is_of(self, first_sha256: str, second_sha256: str) -> bool:
        """Tell whether the two files still hold the bytes that were decided on."""
        return (self.first_sha256, self.second_sha256) == (first_sha256, second_sha256)

    def settles(self, *, one_patient: bool) -> bool:
        """Tell whether nothing is left to do.

        Parameters
        ----------
        one_patient : bool
            Whether the rows of both files have one patientid. Two files of one patient under two
            ids go on tearing that patient apart, whatever was decided on the person.
        """
        return self.decision in DECISIONS and (one_patient or self.decision != "same-patient")
