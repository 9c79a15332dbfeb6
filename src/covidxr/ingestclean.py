"""What takes identity out of the files of a contribution: the cleaners of `covidxr.imaging`.

This module joins them to the workflow and translates their refusals; it cleans nothing itself.
They are imported when the first file needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covidxr.imaging.belonging import Look, look
from covidxr.ingesting import CleanDicom, CleanFile, Cleaning, CleanPicture, UnfitError
from covidxr.model import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_NUMBERS = ("slope", "offset", "inverted")


def cleaning() -> Cleaning:
    """Give the real cleaners."""
    return Cleaning(
        look=_look,
        dicom=_dicom,
        picture=_picture,
        strip=_strip,
        volume=_volume,
        series=_series,
    )


def _look(data: bytes) -> Look:
    seen: Look = _worded(look, data)
    return seen


def _dicom(data: bytes, secret: bytes) -> CleanDicom:
    from covidxr.imaging.deidentify import deidentify

    done = _worded(deidentify, data, secret)
    return CleanDicom(
        data=done.data,
        tags=done.tags,
        study=done.study,
        sex=done.sex,
        # In whole years an infant is 0; the tag says months.
        age=str(done.tags.get("PatientAge") or done.age),
        view=done.view,
        modality=done.modality,
        acquired_on=done.acquired_on,
        problems=_problems(done.problems),
    )


def _picture(data: bytes) -> CleanPicture:
    from covidxr.imaging.deidentify import pictures

    # Files of several frames are turned down before.
    first = _worded(pictures, data)[0]
    return CleanPicture(
        png8=first.png8,
        png16=first.png16,
        numbers={name: getattr(first, name) for name in _NUMBERS},
    )


def _strip(data: bytes) -> CleanFile:
    from covidxr.imaging.strip import strip

    return _stripped(_worded(strip, data))


def _volume(data: bytes) -> CleanFile:
    from covidxr.imaging.cleannifti import clean_nifti

    return _stripped(_worded(clean_nifti, data))


def _series(files: Sequence[bytes]) -> list[CleanFile]:
    """Make a volume of each stack; scout views of the same series stay out of them."""
    from covidxr.imaging.series import sort_slices
    from covidxr.imaging.slices import read_slices

    held = {str(number): data for number, data in enumerate(files)}
    slices = [each for name, data in held.items() for each in _worded(read_slices, name, data)[0]]
    stacks = [stack for stack in _worded(sort_slices, slices) if len(stack.slices) > 1]
    if not stacks:
        raise UnfitError(f"its {len(files):,} slices make no volume: none lies beside another")
    alone = len(slices) - sum(len(stack.slices) for stack in stacks)
    scouts = f"{alone} of its slices stand alone, as scout views do, and were left out"
    return [_stacked(stack, held, [scouts] if alone else []) for stack in stacks]


def _stacked(stack: Any, held: Mapping[str, bytes], told: Sequence[str]) -> CleanFile:
    from covidxr.imaging.tonifti import convert

    done = _worded(convert, stack, held.__getitem__)
    if isinstance(done, FileProblem):
        raise UnfitError(done.message)
    words = [*told, *(each.message for each in stack.problems)]
    problems = tuple(FileProblem(kind="cleaning", message=each) for each in words)
    return CleanFile(data=done, problems=problems)


def _stripped(done: Any) -> CleanFile:
    return CleanFile(data=done.data, removed=tuple(done.removed), orientation=done.orientation)


def _problems(found: Iterable[Any]) -> tuple[FileProblem, ...]:
    return tuple(FileProblem(kind="cleaning", message=each.message) for each in found)


def _worded(clean: Callable[..., Any], *given: Any) -> Any:
    """Clean; the words of covidxr's own refusals hold no value of a file, others may."""
    try:
        return clean(*given)
    except Exception as refusal:
        if type(refusal).__module__.startswith("covidxr."):
            raise UnfitError(str(refusal)) from None
        raise
