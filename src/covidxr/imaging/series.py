"""Sort the slices of DICOM series into stacks, and tell what is wrong with each stack.

This module owns the geometry: which slices lie parallel, in which order, how far apart. It reads no
file and guesses nothing: slices without a position are told, not placed.

Source: DICOM PS3.3, C.7.6.2.1.1: a slice lies along its normal, the cross product of the directions
of its row and its column; InstanceNumber and file names say nothing of it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from covidxr.imaging.slices import Point, Slice

UNEVEN = 0.05
"""Share of the usual distance by which two slices may stand nearer or farther than the others.

Positions are written with one to three digits behind the point: of slices that are 1 mm apart and
rounded to 0.1 mm the distances would be 0.9 to 1.1, which is told; scanners write more digits.
"""

GAP = 1.5
"""Usual distances from which on a slice seems to be missing."""

SAME_MM = 0.01
"""Millimetres within which two slices lie at one place."""

TILTED_DEGREES = 0.5
"""Angle between the way from slice to slice and their normal from which on the gantry was tilted.

A choice: gantries are tilted by some degrees (DICOM PS3.3, C.8.2.1: GantryDetectorTilt), and half a
degree shifts the last of 300 slices of 1 mm by 2.6 mm.
"""

# Sizes of stacks that are named.
_FEW = 4


class Flaw(StrEnum):
    """What can be wrong with a stack."""

    UNPLACED = "unplaced"
    GAP = "gap"
    UNEVEN = "uneven"
    DOUBLE = "double"
    MIXED = "mixed"
    TILTED = "tilted"
    ALONE = "alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesProblem:
    """Something wrong with a stack.

    Parameters
    ----------
    flaw : Flaw
        Its kind.
    message : str
        What was seen.
    """

    flaw: Flaw
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Parallel slices of one series, sorted.

    Parameters
    ----------
    series : str
        SeriesInstanceUID.
    modality : str
        Such as ``"CT"``.
    slices : tuple of Slice
        Along the normal; by InstanceNumber, or as they came, where a position is missing.
    normal : tuple of (float, float, float) or None
        Unit vector to the patient's left, back and head; None where a position is missing.
    step : tuple of (float, float, float) or None
        Millimetres from a slice to the next, on the average of those without a gap between them:
        along the normal unless the gantry was tilted. None for one place, or where a position is
        missing.
    problems : tuple of SeriesProblem
        Empty when nothing is wrong.
    """

    series: str
    modality: str
    slices: tuple[Slice, ...]
    normal: Point | None = None
    step: Point | None = None
    problems: tuple[SeriesProblem, ...] = ()

    @property
    def localizer(self) -> bool:
        """Whether these are scout views."""
        return self.slices[0].localizer

    @property
    def distance(self) -> float | None:
        """Millimetres between neighbours along the normal, on the average."""
        return abs(_dot(self.step, self.normal)) if self.step and self.normal else None

    @property
    def flaws(self) -> frozenset[Flaw]:
        """Kinds of what is wrong."""
        return frozenset(problem.flaw for problem in self.problems)


_Key: TypeAlias = tuple[object, ...]


def sort_slices(slices: Iterable[Slice]) -> tuple[Stack, ...]:
    """Sort slices into stacks.

    Parameters
    ----------
    slices : iterable of Slice
        Of any series, in any order; the order changes nothing but between slices that nothing
        tells apart.

    Returns
    -------
    tuple of Stack
        One for each series and, within it, for each orientation, size, spacing and kind of image;
        scout views stand alone. Acquisitions are parted where they cover the same places. The
        largest stack first.
    """
    series: dict[str, dict[_Key, list[Slice]]] = defaultdict(lambda: defaultdict(list))
    for each in sorted(slices, key=lambda each: (each.name, each.frame)):
        series[each.series][_likeness(each)].append(each)
    stacks: list[Stack] = []
    for groups in series.values():
        parts = [part for group in _rejoined(groups) for part in _by_acquisition(group)]
        made = [_stack(part) for part in parts]
        stacks += _told_of_each_other(made)
    return tuple(sorted(stacks, key=lambda each: (-len(each.slices), _names(each))))


def _names(stack: Stack) -> tuple[tuple[str, int], ...]:
    return tuple((each.name, each.frame) for each in stack.slices)


def _likeness(each: Slice) -> _Key:
    """Say what slices of one stack share."""
    turned = each.orientation and tuple(round(number, 2) + 0.0 for number in each.orientation)
    spaced = each.spacing and tuple(round(number, 3) for number in each.spacing)
    return (each.localizer, each.rows, each.columns, turned, spaced, each.scaling.samples)


def _rejoined(groups: dict[_Key, list[Slice]]) -> list[list[Slice]]:
    """Join groups that only rounding has parted: two numbers on either side of a step."""
    joined: list[list[Slice]] = []
    for group in groups.values():
        home = next((each for each in joined if _alike(each[0], group[0])), None)
        if home is None:
            joined.append(list(group))
        else:
            home += group
    return joined


def _alike(one: Slice, other: Slice) -> bool:
    same = (one.localizer, one.rows, one.columns, one.scaling.samples)
    if same != (other.localizer, other.rows, other.columns, other.scaling.samples):
        return False
    return _near(one.orientation, other.orientation, 0.005) and _near(
        one.spacing, other.spacing, 0.0005
    )


def _near(one: Sequence[float] | None, other: Sequence[float] | None, most: float) -> bool:
    if one is None or other is None:
        return one is other
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


def _by_acquisition(group: list[Slice]) -> list[list[Slice]]:
    """Part acquisitions that cover the same places, such as without and with contrast.

    Some scanners count every slice as an acquisition: where that parts nothing, it is left alone.
    """
    if not _doubles(group):
        return [group]
    parts: dict[str, list[Slice]] = defaultdict(list)
    for each in group:
        parts[each.acquisition].append(each)
    several = all(len(part) > 1 for part in parts.values())
    if several and len(parts) > 1 and not any(map(_doubles, parts.values())):
        return list(parts.values())
    return [group]


def _doubles(group: Sequence[Slice]) -> list[tuple[Slice, Slice]]:
    if not _are_placed(group):
        return []
    normal = normal_of(group[0])
    ordered = sorted(group, key=lambda each: _height(each, normal))
    return [(one, other) for apart, one, other in _pairs(ordered, normal) if apart < SAME_MM]


def _pairs(ordered: Sequence[Slice], normal: Point) -> list[tuple[float, Slice, Slice]]:
    """Give neighbours, with the millimetres between them in front."""
    return [
        (_height(other, normal) - _height(one, normal), one, other)
        for one, other in pairwise(ordered)
    ]


def _are_placed(group: Sequence[Slice]) -> bool:
    return all(each.position and each.orientation for each in group)


def _stack(group: list[Slice]) -> Stack:
    first = group[0]
    if not _are_placed(group):
        return Stack(
            series=first.series,
            modality=first.modality,
            slices=tuple(sorted(group, key=_numbered)),
            problems=(_unplaced(group),),
        )
    normal = normal_of(first)
    ordered = sorted(group, key=lambda each: (_height(each, normal), *_numbered(each)))
    bare = Stack(
        series=first.series,
        modality=first.modality,
        slices=tuple(ordered),
        normal=normal,
        step=_step(ordered, normal),
    )
    return replace(bare, problems=_problems(bare))


def _numbered(each: Slice) -> tuple[float, str, int]:
    number = math.inf if each.number is None else float(each.number)
    return (number, each.name, each.frame)


def _unplaced(group: list[Slice]) -> SeriesProblem:
    if len(group) == 1:
        return SeriesProblem(
            flaw=Flaw.UNPLACED, message="it does not say where in the patient it lies"
        )
    lost = sum(not (each.position and each.orientation) for each in group)
    numbers = {each.number for each in group}
    order = "by InstanceNumber" if None not in numbers and len(numbers) == len(group) else "by name"
    files = "1 slice does" if lost == 1 else f"{lost:,} slices do"
    return SeriesProblem(
        flaw=Flaw.UNPLACED,
        message=f"{files} not say where in the patient they lie; all are sorted {order} instead",
    )


def _step(ordered: Sequence[Slice], normal: Point) -> Point | None:
    """Give the average way from a slice to the next place, gaps left out."""
    pairs = [each for each in _pairs(ordered, normal) if each[0] >= SAME_MM]
    if not pairs:
        return None
    most = GAP * median(apart for apart, _, _ in pairs)
    ways = [
        [end - begin for begin, end in zip(one.position or (), other.position or (), strict=True)]
        for apart, one, other in pairs
        if apart <= most
    ]
    x, y, z = (math.fsum(parts) / len(ways) for parts in zip(*ways, strict=True))
    return (x, y, z)


def _problems(stack: Stack) -> tuple[SeriesProblem, ...]:
    found = [*_doubled(stack), *_distances(stack), *_tilt(stack)]
    if len(stack.slices) == 1 and not stack.localizer:
        found.append(SeriesProblem(flaw=Flaw.ALONE, message="it is one slice, not a volume"))
    return tuple(found)


def _doubled(stack: Stack) -> list[SeriesProblem]:
    doubles = _doubles(stack.slices)
    if not doubles or stack.localizer:
        return []
    one, other = doubles[0]
    same = " (the same image twice)" if one.instance and one.instance == other.instance else ""
    lie = "a slice lies" if len(doubles) == 1 else f"{len(doubles):,} slices lie"
    message = f"{lie} where another does: {_called(one)} and {_called(other)}{same}"
    return [SeriesProblem(flaw=Flaw.DOUBLE, message=message)]


def _distances(stack: Stack) -> list[SeriesProblem]:
    if stack.normal is None or stack.step is None or stack.localizer:
        return []
    pairs = [each for each in _pairs(stack.slices, stack.normal) if each[0] >= SAME_MM]
    usual = median(distance for distance, _, _ in pairs)
    gaps = [each for each in pairs if each[0] > GAP * usual]
    found = [SeriesProblem(flaw=Flaw.GAP, message=_gap(each, usual)) for each in gaps]
    least, most = (1 - UNEVEN) * usual, (1 + UNEVEN) * usual
    odd = [each[0] for each in pairs if each not in gaps and not least <= each[0] <= most]
    if odd:
        span = f"{min(odd):.4g} to {max(odd):.4g} mm" if len(odd) > 1 else f"{odd[0]:.4g} mm"
        message = f"slices are {usual:.4g} mm apart, but {len(odd):,} of {len(pairs):,} by {span}"
        found.append(SeriesProblem(flaw=Flaw.UNEVEN, message=message))
    return found


def _gap(pair: tuple[float, Slice, Slice], usual: float) -> str:
    distance, one, other = pair
    lost = max(1, round(distance / usual) - 1)
    slices = "a slice seems" if lost == 1 else f"{lost:,} slices seem"
    return (
        f"{slices} to be missing: {_called(one)} and {_called(other)} are {distance:.4g} mm apart, "
        f"others {usual:.4g} mm"
    )


def _tilt(stack: Stack) -> list[SeriesProblem]:
    degrees = tilt_degrees(stack)
    if degrees < TILTED_DEGREES or stack.localizer:
        return []
    message = f"the gantry was tilted by {degrees:.1f} degrees: each slice is shifted to the last"
    return [SeriesProblem(flaw=Flaw.TILTED, message=message)]


def tilt_degrees(stack: Stack) -> float:
    """Give the angle between the way from slice to slice and the normal.

    Parameters
    ----------
    stack : Stack
        The slices.

    Returns
    -------
    float
        0 to 90; 0 where there is only one place, or where positions are missing.
    """
    if stack.step is None or stack.normal is None:
        return 0.0
    along = abs(_dot(stack.step, stack.normal))
    return math.degrees(math.acos(min(1.0, along / math.hypot(*stack.step))))


def _told_of_each_other(stacks: list[Stack]) -> list[Stack]:
    """Tell each stack of a series that there are others; scout views are expected beside one."""
    counted = [each for each in stacks if not each.localizer]
    if len(counted) < 2:  # noqa: PLR2004 - one stands beside no other
        return stacks
    told = SeriesProblem(flaw=Flaw.MIXED, message=_mixture(counted))
    return [
        each if each.localizer else replace(each, problems=(*each.problems, told))
        for each in stacks
    ]


def _mixture(stacks: list[Stack]) -> str:
    reasons: dict[str, set[object]] = {
        "orientations": {_likeness(each.slices[0])[3] for each in stacks},
        "sizes": {(each.slices[0].rows, each.slices[0].columns) for each in stacks},
        "spacings": {_likeness(each.slices[0])[4] for each in stacks},
        "kinds of pixel": {each.slices[0].scaling.samples for each in stacks},
        "acquisitions": {each.slices[0].acquisition for each in stacks},
    }
    of = [word for word, values in reasons.items() if len(values) > 1]
    # Acquisitions differ for many reasons; they are named where nothing else does.
    named = of[:-1] if len(of) > 1 and of[-1] == "acquisitions" else of
    sizes = sorted((len(each.slices) for each in stacks), reverse=True)
    shown = ", ".join(f"{size:,}" for size in sizes[:_FEW]) + (", …" if len(sizes) > _FEW else "")
    words = f" of several {' and '.join(named)}" if named else ""
    return f"the series holds {len(stacks)} stacks{words}, with {shown} slices"


def _called(each: Slice) -> str:
    return each.name if each.frame == 0 else f"frame {each.frame + 1} of {each.name}"


def normal_of(each: Slice) -> Point:
    """Give the direction in which slices like this one follow each other.

    Parameters
    ----------
    each : Slice
        One that says how it lies.

    Returns
    -------
    tuple of (float, float, float)
        Unit vector to the patient's left, back and head.
    """
    x, y, z, u, v, w = each.orientation or (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    across = (y * w - z * v, z * u - x * w, x * v - y * u)
    length = math.hypot(*across)
    return (across[0] / length, across[1] / length, across[2] / length)


def _height(each: Slice, normal: Point) -> float:
    return _dot(each.position or (0.0, 0.0, 0.0), normal)


def _dot(one: Point, other: Point) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
