"""What a condition asks of one cell, by the kind of its column.

This module owns comparisons: numbers as numbers, dates as the days that they may mean, findings by
the hierarchy, licences by SPDX id. None stands for what a cell does not tell.
"""

from __future__ import annotations

import difflib
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import dates, identifiers, labels, licences
from covidxr.cells import Problem
from covidxr.columns import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.cells import Column
    from covidxr.dates import ParsedDate

    Test = Callable[[str], bool | None]

_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBERS = frozenset({"number", "integer"})
_ORDERED = _NUMBERS | {"date"}
_UNREADABLE = frozenset({Problem.NOT_A_NUMBER, Problem.OUT_OF_RANGE})


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell is compared with, and where that stands in the expression, from 0."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """Why a comparison makes no sense, and whether that is the sign's fault or the value's."""

    why: str
    of_sign: bool = False


def known(name: str, text: str) -> bool:
    """Tell whether a cell says something that its column can be read by.

    A licence without version, a date with two readings, a number out of range say nothing.
    """
    if not text or name not in BY_NAME:
        return bool(text)
    column = BY_NAME[name]
    if column.kind == "licence":
        return licences.read_licence(text).spdx is not None
    if column.kind == "finding":
        return labels.read_finding(text).is_finding
    judgement = column.judge(text)
    return judgement is None or judgement.value is not None


def comparison(name: str, sign: str, value: Value) -> Test | Said:
    """Make the test of one comparison.

    Parameters
    ----------
    name : str
        A column.
    sign : str
        ``=``, ``<``, ``<=``, ``>``, ``>=``, ``~``, ``contains`` or ``under``.
    value : Value
        What a cell is compared with.

    Returns
    -------
    callable or Said
        From a cell's text to True, False or None; or why there is no such comparison.
    """
    column = BY_NAME.get(name)
    kind = column.kind if column is not None else "text"
    if sign == "~":
        return _matching(value.text)
    if sign == "contains":
        return _containing(value.text)
    if sign == "under" and kind != "finding":
        return Said(f"under asks for findings; {name} holds none", of_sign=True)
    if sign not in {"=", "under"} and kind not in _ORDERED:
        return Said(f"{name} has no order: {sign} asks for a number or a date", of_sign=True)
    return _by_kind(column, kind, sign, value.text)


def _by_kind(column: Column | None, kind: str, sign: str, wanted: str) -> Test | Said:
    if sign == "under":
        return _under(wanted)
    if kind == "date":
        return _dated(sign, wanted)
    if column is not None and kind in _NUMBERS:
        return _number(column, sign, wanted)
    return _equal(column, kind, wanted)


def _containing(part: str) -> Test:
    folded = part.casefold()
    return lambda text: folded in text.casefold() if text else None


def _matching(pattern: str) -> Test | Said:
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return Said(f"{pattern!r} is no regular expression: {error}")
    return lambda text: compiled.search(text) is not None if text else None


def _under(wanted: str) -> Test | Said:
    reading = labels.read_finding(wanted)
    if reading.canonical is None or len(reading.paths) != 1:
        problem = reading.problems[0] if reading.problems else None
        hint = f"; {problem.suggestion}" if problem and problem.suggestion else ""
        return Said(f"{wanted!r} is no label{hint}")
    label = labels.STEP.join(reading.paths[0])

    def test(text: str) -> bool | None:
        found = labels.read_finding(text)
        if found.canonical is not None and label in found.labels:
            return True
        return False if found.is_finding else None

    return test


def _number(column: Column, sign: str, wanted: str) -> Test | Said:
    number = _read_number(column, wanted, bounded=False)
    if number is None:
        return Said(f"{wanted!r} is no number, which {column.name} is compared with")
    order = _ORDERS[sign]

    def test(text: str) -> bool | None:
        found = _read_number(column, text)
        return None if found is None else order(found, number)

    return test


def _read_number(column: Column, text: str, *, bounded: bool = True) -> float | None:
    judgement = column.judge(text) if text else None
    if not text or (judgement and judgement.problem in _UNREADABLE and (bounded or _odd(text))):
        return None
    return float(judgement.value if judgement and judgement.value else text)


def _odd(text: str) -> bool:
    try:
        return not abs(float(text)) < float("inf")
    except ValueError:
        return True


def _dated(sign: str, wanted: str) -> Test | Said:
    day = dates.read_date(wanted).parsed
    if day is None:
        return Said(f"{wanted!r} is no date such as 2020, 2020-06 or 2020-06-22")

    def test(text: str) -> bool | None:
        found = dates.read_date(text).parsed if text else None
        return None if found is None else _ordered(sign, found, day)

    return test


def _ordered(sign: str, found: ParsedDate, day: ParsedDate) -> bool | None:
    """Compare what a date may mean with all days of another: 2020 may lie before 2020-06."""
    before, after = found.latest < day.earliest, found.earliest > day.latest
    within = found.earliest >= day.earliest and found.latest <= day.latest
    sure = {
        "=": (within, before or after),
        "<": (before, found.earliest >= day.earliest),
        ">": (after, found.latest <= day.latest),
        "<=": (found.latest <= day.latest, after),
        ">=": (found.earliest >= day.earliest, before),
    }
    true, false = sure[sign]
    return True if true else False if false else None


def _equal(column: Column | None, kind: str, wanted: str) -> Test | Said:
    if kind == "choice" and column is not None:
        judgement = column.judge(wanted)
        if judgement is not None and judgement.value is None:
            near = difflib.get_close_matches(wanted, list(column.allowed), n=1, cutoff=0.5)
            meant = f"did you mean {near[0]}? " if near else ""
            return Said(f"{judgement.message}; {meant}~ finds other words")
    same = _SAME.get(kind, str)
    if column is not None and kind == "choice":
        same = _spelt(column)
    target = same(wanted)
    return lambda text: same(text) == target if text else None


def _spelt(column: Column) -> Callable[[str], str]:
    def same(text: str) -> str:
        judgement = column.judge(text)
        return judgement.value if judgement is not None and judgement.value else text

    return same


def _licence(text: str) -> str:
    reading = licences.read_licence(text)
    return reading.spdx or reading.family or text.casefold()


def _finding(text: str) -> str:
    return labels.read_finding(text).canonical or text


def _doi(text: str) -> str:
    doi = identifiers.read_doi(text).doi
    return identifiers.doi_key(doi) if doi else text


_SAME: dict[str, Callable[[str], str]] = {
    "licence": _licence,
    "finding": _finding,
    "doi": _doi,
    "url": identifiers.canonical_url,
}
"""Reduces a text to what two spellings of it share, by the kind of the column."""
