"""Look at volumes outside the collection: NIfTI files and series of DICOM slices.

This workflow finds the files, sorts the slices, says what is odd, converts and draws. It writes
nothing and prints nothing. Of a DICOM header only geometry and modality are told, no name and no
number of a person or a place.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import volumechecks, volumefiles
from covidxr.errors import UsageError
from covidxr.filefacts import VolumeFacts
from covidxr.imaging.examine import examine
from covidxr.imaging.formats import PEEK, recognise
from covidxr.imaging.niftifacts import axes_of, sizes_of
from covidxr.imaging.series import Flaw, sort_slices
from covidxr.imaging.slices import read_slices
from covidxr.imaging.voxels import Tally
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from covidxr.imaging.series import Stack
    from covidxr.imaging.slices import Slice
    from covidxr.model import FileProblem

_NIFTI = frozenset({"NIFTI", "NIFTI.GZ"})
_CT = "CT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One volume that was found.

    Parameters
    ----------
    name : str
        The file, or the first file of a series.
    files : int
        How many files it is made of.
    format : str
        ``"NIFTI"``, ``"NIFTI.GZ"`` or ``"DICOM"``.
    modality : str
        What a DICOM header says; empty for NIfTI, which says nothing of it.
    facts : VolumeFacts or None
        None where the file cannot be read, or the slices lie nowhere.
    problems : tuple of str
        Everything that is odd, as clauses.
    stack : Stack or None
        The slices; None for NIfTI.
    """

    name: str
    files: int
    format: str
    modality: str
    facts: VolumeFacts | None
    problems: tuple[str, ...]
    stack: Stack | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies at a path.

    Parameters
    ----------
    volumes : tuple of Volume
        NIfTI files by name, then the stacks of DICOM slices, the largest first.
    unreadable : tuple of (str, str)
        DICOM files that could not be read, with the reason.
    others : int
        Files that are neither NIfTI nor DICOM with pictures.
    files : mapping of str to Path
        All of them by name.
    """

    volumes: tuple[Volume, ...]
    unreadable: tuple[tuple[str, str], ...]
    others: int
    files: Mapping[str, Path]

    @property
    def is_fine(self) -> bool:
        """Whether nothing is odd."""
        return not self.unreadable and not any(each.problems for each in self.volumes)


def look(path: Path, progress: Callable[[int, int], None] | None = None) -> Found:
    """Look at a file, or at every file of a folder.

    Parameters
    ----------
    path : Path
        A NIfTI file, a DICOM file, or a folder of either.
    progress : callable or None
        Receives how many files were looked at, and how many there are.

    Raises
    ------
    UsageError
        If none of the files is NIfTI or DICOM.
    CovidxrError
        If a file cannot be read.
    """
    files = volumefiles.find(path)
    niftis: list[Volume] = []
    slices: list[Slice] = []
    unreadable: list[tuple[str, str]] = []
    others = 0
    for number, (name, file) in enumerate(files.items(), start=1):
        with volumefiles.opened(file) as data:
            kind = recognise(data[:PEEK])
            if kind in _NIFTI:
                facts = examine(name, data, ImageDepth.FULL)
                niftis.append(_of_nifti(name, kind, facts.volume, facts.problems))
            elif kind == "DICOM":
                read, problems = read_slices(name, data)
                slices += read
                others += not read and not problems
                unreadable += [(name, problem.message) for problem in problems]
            else:
                others += 1
        if progress is not None:
            progress(number, len(files))
    if others == len(files):
        raise UsageError(f"{path} holds neither NIfTI nor DICOM with pictures")
    stacks = [_of_stack(stack, files) for stack in sort_slices(slices)]
    return Found(
        volumes=(*niftis, *stacks), unreadable=tuple(unreadable), others=others, files=files
    )


def choose(found: Found, number: int | None) -> Volume:
    """Choose the volume that is converted or drawn.

    Parameters
    ----------
    found : Found
        What there is.
    number : int or None
        Which, from 1, in the order of `found`; None where there is only one, scout views and
        single slices not counted.

    Raises
    ------
    UsageError
        If there is no such volume, or several and none was named.
    """
    if number is not None:
        if not 1 <= number <= len(found.volumes):
            raise UsageError(
                f"there is no volume {number}: they are numbered 1 to {len(found.volumes)}"
            )
        return found.volumes[number - 1]
    several = [each for each in found.volumes if _is_wanted(each)] or list(found.volumes)
    if len(several) != 1:
        raise UsageError(f"there are {len(several)} volumes: choose one with --number")
    return several[0]


def agreed(*, named: bool, anyway: bool) -> frozenset[Flaw]:
    """Say what a person has agreed to.

    Parameters
    ----------
    named : bool
        Whether one of several stacks was named: that a series holds others is then no question.
    anyway : bool
        Whether it is to be converted in spite of all else.
    """
    from covidxr.imaging.tonifti import REFUSED

    flaws = {Flaw.MIXED} if named else set()
    return frozenset(flaws | (REFUSED - {Flaw.MIXED} if anyway else set()))


def convert(found: Found, volume: Volume, agreed: frozenset[Flaw]) -> bytes | FileProblem:
    """Write a stack as ``.nii.gz``.

    Parameters
    ----------
    found : Found
        Where its files are.
    volume : Volume
        One of DICOM slices.
    agreed : frozenset of Flaw
        What a person has agreed to.

    Returns
    -------
    bytes or FileProblem
        As of :func:`covidxr.imaging.tonifti.convert`.

    Raises
    ------
    UsageError
        If the volume is NIfTI.
    """
    from covidxr.imaging import tonifti

    if volume.stack is None:
        raise UsageError(f"{volume.name} is a NIfTI file; only DICOM is converted")
    return tonifti.convert(volume.stack, _loader(found.files), agreed)


def montage(found: Found, volume: Volume) -> bytes | None:
    """Draw some slices of a volume.

    Parameters
    ----------
    found : Found
        Where its files are.
    volume : Volume
        Which.

    Returns
    -------
    bytes or None
        A PNG file; None where nothing can be shown.
    """
    from covidxr.imaging import montage as drawing
    from covidxr.imaging import tonifti

    stack = volume.stack
    if stack is None:
        with volumefiles.opened(found.files[volume.name]) as data:
            return drawing.montage(data)
    if volume.facts is None or tonifti.impossible(stack):
        return None
    shape, sizes = volume.facts.shape, volume.facts.spacing
    sampler = drawing.Sampler(
        (shape[0], shape[1], shape[2]), tonifti.affine_of(stack), (sizes[0], sizes[1], sizes[2])
    )
    try:
        return drawing.montage_of_planes(sampler, tonifti.planes(stack, _loader(found.files)))
    except tonifti.DecodingError:
        return None


def _is_wanted(volume: Volume) -> bool:
    return volume.stack is None or not (volume.stack.localizer or Flaw.ALONE in volume.stack.flaws)


def _of_nifti(
    name: str, kind: str, facts: VolumeFacts | None, problems: Iterable[FileProblem]
) -> Volume:
    told = [problem.message for problem in problems]
    if facts is not None:
        told += _oddities(facts)
    return Volume(name=name, files=1, format=kind, modality="", facts=facts, problems=tuple(told))


def _oddities(facts: VolumeFacts) -> list[str]:
    checks = (
        volumechecks.not_placed,
        volumechecks.odd_dimensions,
        volumechecks.few_slices,
        volumechecks.odd_spacing,
        volumechecks.odd_voxels,
    )
    return [words for words in (check(facts) for check in checks) if words]


def _of_stack(stack: Stack, files: Mapping[str, Path]) -> Volume:
    facts, told = _facts_of(stack, files)
    if stack.modality == _CT and facts is not None and not stack.localizer:
        words = volumechecks.not_hounsfield(facts)
        told = (*told, words) if words else told
    return Volume(
        name=stack.slices[0].name,
        files=len({each.name for each in stack.slices}),
        format="DICOM",
        modality=stack.modality,
        facts=facts,
        problems=(*(problem.message for problem in stack.problems), *told),
        stack=stack,
    )


def _facts_of(
    stack: Stack, files: Mapping[str, Path]
) -> tuple[VolumeFacts | None, tuple[str, ...]]:
    """Give a stack's facts with those of its voxels, and what is odd about them."""
    from covidxr.imaging import tonifti

    reason = tonifti.impossible(stack)
    if stack.localizer or Flaw.ALONE in stack.flaws:
        return None, ()
    if reason:
        return None, () if stack.normal is None else (reason,)
    affine = tonifti.affine_of(stack)
    axes, oblique, _ = axes_of(affine)
    first = stack.slices[0]
    sizes = sizes_of(affine)
    tally, count = Tally(), 0
    facts = VolumeFacts(
        spacing=sizes,
        placed_spacing=sizes,
        axes=axes,
        oblique=oblique,
        units="mm",
        kind=_kind(first),
    )
    told: tuple[str, ...] = ()
    try:
        for plane in tonifti.planes(stack, _loader(files)):
            tally.add(plane)
            count += 1
    except tonifti.DecodingError as bad:
        told = (str(bad),)
    else:
        facts = tally.added_to(facts)
    shape = (first.columns, first.rows, tonifti.places(stack))
    facts = dataclasses.replace(facts, shape=shape)
    return facts, (*told, *_oddities(facts))


def _kind(each: Slice) -> str:
    bits = next(size for size in (8, 16, 32, 64) if each.scaling.bits <= size)
    return f"{'' if each.scaling.signed else 'u'}int{bits}"


def _loader(files: Mapping[str, Path]) -> Callable[[str], bytes]:
    def load(name: str) -> bytes:
        with volumefiles.opened(files[name]) as data:
            return bytes(data)

    return load
