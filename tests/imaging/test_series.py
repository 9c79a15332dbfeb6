"""DICOM slices are read and sorted by where they lie in the patient."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.dicomslices import AXIAL, CORONAL, OBLIQUE, SAGITTAL, Made, enhanced, saved

from covidxr.imaging.series import Flaw, Stack, sort_slices, tilt_degrees
from covidxr.imaging.slices import read_slices

if TYPE_CHECKING:
    from covidxr.imaging.slices import Slice


def read(files: dict[str, bytes]) -> list[Slice]:
    found: list[Slice] = []
    for name, data in files.items():
        slices, problems = read_slices(name, data)
        assert problems == ()
        found += slices
    return found


def stacks(files: dict[str, bytes]) -> tuple[Stack, ...]:
    return sort_slices(read(files))


def only(files: dict[str, bytes]) -> Stack:
    (stack,) = stacks(files)
    return stack


def names(stack: Stack) -> list[str]:
    return [each.name for each in stack.slices]


def messages(stack: Stack) -> list[str]:
    return [problem.message for problem in stack.problems]


@pytest.mark.parametrize("orientation", [AXIAL, CORONAL, SAGITTAL, OBLIQUE])
@pytest.mark.parametrize("direction", [1, -1])
def test_slices_are_sorted_along_their_normal_whatever_their_names_and_numbers(
    orientation: tuple[float, ...], direction: int
) -> None:
    made = Made(orientation=orientation)
    files = made.files(*[direction * index for index in range(12)])
    mixed = list(files.items())
    random.Random(5).shuffle(mixed)  # noqa: S311 - to be repeated, not secret
    stack = only(dict(mixed))
    assert names(stack) == sorted(files)[::direction]
    assert stack.problems == ()
    assert stack.distance == pytest.approx(2.5, abs=1e-5)
    assert np.allclose(stack.step or (), made.way(), atol=1e-5)


def test_a_gap_is_told_with_its_neighbours_and_what_is_missing() -> None:
    stack = only(Made().files(0, 1, 2, 5, 6, 7))
    assert stack.flaws == {Flaw.GAP}
    assert messages(stack) == [
        "2 slices seem to be missing: 002.dcm and 003.dcm are 7.5 mm apart, others 2.5 mm"
    ]
    assert stack.distance == pytest.approx(2.5)


def test_slices_at_one_place_are_told() -> None:
    stack = only(Made().files(0, 1, 2, 2, 3))
    assert stack.flaws == {Flaw.DOUBLE}
    assert messages(stack) == ["a slice lies where another does: 002.dcm and 003.dcm"]


def test_the_same_image_twice_is_told_as_that() -> None:
    files = Made().files(0, 1, 2)
    stack = only({**files, "copy.dcm": files["001.dcm"]})
    assert messages(stack) == [
        "a slice lies where another does: 001.dcm and copy.dcm (the same image twice)"
    ]


def test_uneven_distances_are_told() -> None:
    stack = only(Made().files(0, 1, 2, 3.2, 4.2, 5.2))
    assert stack.flaws == {Flaw.UNEVEN}
    assert messages(stack) == ["slices are 2.5 mm apart, but 1 of 5 by 3 mm"]


def test_positions_that_are_only_rounded_are_even() -> None:
    assert only(Made(distance=1).files(0, 1.01, 2, 2.99, 4, 5.01)).problems == ()


def test_a_tilted_gantry_is_told_with_its_angle() -> None:
    tilted = Made(step=(0.0, 2.5 * np.tan(np.radians(20)), 2.5))
    stack = only(tilted.files())
    assert stack.flaws == {Flaw.TILTED}
    assert tilt_degrees(stack) == pytest.approx(20, abs=0.01)
    assert stack.distance == pytest.approx(2.5)


def test_mixed_orientations_become_stacks_that_know_of_each_other() -> None:
    other = Made(count=5, orientation=CORONAL).files()
    files = Made().files() | {f"c{name}": data for name, data in other.items()}
    found = stacks(files)
    assert [len(stack.slices) for stack in found] == [12, 5]
    assert [stack.flaws for stack in found] == [{Flaw.MIXED}, {Flaw.MIXED}]
    assert messages(found[0]) == [
        "the series holds 2 stacks of several orientations, with 12, 5 slices"
    ]


@pytest.mark.parametrize(
    ("change", "word"), [({"rows": 7}, "sizes"), ({"spacing": (0.7, 0.7)}, "spacings")]
)
def test_slices_of_another_size_or_spacing_stand_apart(change: dict[str, Any], word: str) -> None:
    other = Made(count=5, origin=(0.0, 0.0, 500.0), **change).files()
    found = stacks(Made().files() | {f"c{name}": data for name, data in other.items()})
    assert [len(stack.slices) for stack in found] == [12, 5]
    assert f"several {word}" in messages(found[0])[0]


def test_numbers_that_only_rounding_parts_stay_in_one_stack() -> None:
    other = Made(orientation=(0.9999999, 0.0001, 0.0, -0.0001, 0.9999999, 0.0)).files()
    files = dict(list(Made().files().items())[::2]) | dict(list(other.items())[1::2])
    assert len(only(files).slices) == 12


def test_two_series_are_two_stacks_that_are_no_mixture() -> None:
    other = Made(uid="1.2.4", count=5).files()
    found = stacks(Made().files() | {f"b{name}": data for name, data in other.items()})
    assert [(len(stack.slices), stack.problems) for stack in found] == [(12, ()), (5, ())]


def test_scout_views_stand_apart_and_are_no_mixture() -> None:
    scout = Made(count=1, rows=20, extra={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]})
    found = stacks(Made().files() | {"scout.dcm": scout.files()["000.dcm"]})
    assert [(stack.localizer, stack.problems) for stack in found] == [(False, ()), (True, ())]


def test_acquisitions_that_cover_the_same_places_stand_apart() -> None:
    first = Made(extra={"AcquisitionNumber": 1}).files()
    second = Made(extra={"AcquisitionNumber": 2}).files()
    found = stacks(first | {f"b{name}": data for name, data in second.items()})
    assert [len(stack.slices) for stack in found] == [12, 12]
    assert "several acquisitions" in messages(found[0])[0]
    assert found[0].flaws == {Flaw.MIXED}


def test_acquisitions_one_after_the_other_are_one_stack() -> None:
    files = {
        name: saved(Made(extra={"AcquisitionNumber": index // 4}).dataset(index))
        for index, name in enumerate(Made().files())
    }
    assert only(files).problems == ()


def test_slices_without_a_position_are_sorted_by_number_and_told() -> None:
    made = Made()
    files = {}
    for index in range(5):
        data = made.dataset(index)
        del data.ImagePositionPatient
        files[f"{9 - index}.dcm"] = saved(data)
    stack = only(files)
    assert names(stack) == ["9.dcm", "8.dcm", "7.dcm", "6.dcm", "5.dcm"]
    assert stack.flaws == {Flaw.UNPLACED}
    assert (stack.normal, stack.step) == (None, None)
    (message,) = messages(stack)
    assert message.startswith("5 slices do not say where in the patient they lie")
    assert message.endswith("sorted by InstanceNumber instead")


@pytest.mark.parametrize(
    "orientation", [[1, 0, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0], [2, 0, 0, 0, 2, 0]]
)
def test_directions_that_are_none_place_nothing(orientation: list[float]) -> None:
    assert Flaw.UNPLACED in only(Made(extra={"ImageOrientationPatient": orientation}).files()).flaws


def test_a_single_slice_is_no_volume() -> None:
    stack = only(Made(count=1).files())
    assert stack.flaws == {Flaw.ALONE}
    assert stack.step is None


@pytest.mark.parametrize("order", [1, -1])
def test_the_frames_of_an_enhanced_file_are_slices(order: int) -> None:
    made = Made(orientation=OBLIQUE, slopes=((1.0, -1024.0), (2.0, 3.0)), distance=order * 2.5)
    stack = only({"all.dcm": enhanced(made)})
    assert [each.frame for each in stack.slices] == list(range(12))[::order]
    assert stack.problems == ()
    assert stack.distance == pytest.approx(2.5, abs=1e-5)
    assert [each.scaling.slope for each in stack.slices] == [1.0, 2.0][::order] * 6


def test_frames_without_a_place_of_their_own_are_not_placed() -> None:
    data = Made(extra={"NumberOfFrames": 3}).dataset(0)
    data.PixelData = data.PixelData * 3
    stack = only({"all.dcm": saved(data)})
    assert len(stack.slices) == 3
    assert stack.flaws == {Flaw.UNPLACED}


def test_a_file_without_a_picture_has_no_slices() -> None:
    data = Made().dataset(0)
    del data.Rows
    assert read_slices("report.dcm", saved(data)) == ((), ())


@pytest.mark.parametrize("cut", range(0, 700, 50))
def test_a_damaged_file_is_a_problem_or_read_but_never_an_exception(cut: int) -> None:
    whole, other = (Made().files()[name] for name in ("000.dcm", "001.dcm"))
    beside, _ = read_slices("b.dcm", other)
    slices, problems = read_slices("a.dcm", whole[:cut])
    assert len(problems) <= 1
    assert not (slices and problems)
    chance = random.Random(cut)  # noqa: S311 - to be repeated, not secret
    for _ in range(40):
        changed = bytearray(whole)
        for _ in range(3):
            changed[chance.randrange(len(whole))] = chance.randrange(256)
        slices, problems = read_slices("a.dcm", bytes(changed))
        assert len(problems) <= 1
        sort_slices([*slices, *beside])


def test_a_header_that_claims_a_million_frames_is_refused() -> None:
    _, problems = read_slices("a.dcm", saved(Made(extra={"NumberOfFrames": 9**7}).dataset(0)))
    assert "claims 4,782,969 frames" in problems[0].message


def test_the_order_of_the_files_changes_nothing() -> None:
    slices = read(Made().files(0, 1, 1, 2, 3.3, 4))
    for seed in range(5):
        mixed = list(slices)
        random.Random(seed).shuffle(mixed)  # noqa: S311 - to be repeated, not secret
        assert sort_slices(mixed) == sort_slices(slices)


def test_nothing_in_a_stack_names_the_patient() -> None:
    assert "Doe" not in repr(stacks(Made().files()))
    assert "secret" not in repr(stacks(Made().files()))


def test_no_slices_are_no_stacks() -> None:
    assert sort_slices([]) == ()
