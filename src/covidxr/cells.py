"""What a column is, and how a cell of each kind is judged.

This module judges single cells as text; what several cells say together is for rules, and which
columns there are stands in :mod:`covidxr.columns`. Readers of single kinds are imported where they
are used, since counting labels needs none of them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Problem(StrEnum):
    """What can be wrong with one cell; each kind has a rule of its own."""

    BLANK = "blank"
    NOT_ALLOWED = "not-allowed"
    SPELLING = "spelling"
    NOT_A_NUMBER = "not-a-number"
    OUT_OF_RANGE = "out-of-range"
    BAD_FORM = "bad-form"
    BAD_DATE = "bad-date"
    AMBIGUOUS_DATE = "ambiguous-date"
    NO_LICENCE = "no-licence"
    NO_LICENCE_VERSION = "no-licence-version"
    FREE_TEXT_LICENCE = "free-text-licence"
    UNKNOWN_FINDING = "unknown-finding"
    WRONG_PARENT = "wrong-parent"
    SYNONYM = "synonym"
    FLAT_FINDING = "flat-finding"
    DOUBTFUL_FINDING = "doubtful-finding"
    CONFLICT = "conflict"
    TODO = "todo"


class Level(StrEnum):
    """Whether a table must have a column, should have it, or may have it."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is wrong with one cell.

    Parameters
    ----------
    problem : Problem
        Its kind.
    message : str
        In a curator's words.
    suggestion : str or None
        What to do, where that is known.
    value : str or None
        What the cell becomes under ``--fix``; None where that would be a guess.
    """

    problem: Problem
    message: str
    suggestion: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table.

    Parameters
    ----------
    name : str
        As today's header writes it.
    meaning : str
        One sentence for SCHEMA.md.
    kind : str
        ``"text"``, ``"identifier"``, ``"integer"``, ``"number"``, ``"choice"``, ``"date"``,
        ``"doi"``, ``"url"``, ``"licence"``, ``"finding"`` or ``"filename"``.
    level : Level
        Whether the column must be there.
    blank : bool
        Whether a cell may be empty; a blank means that it is not known.
    unit : str
        Empty where there is none.
    allowed : mapping of str to str
        Allowed values and what each means; empty where the column is open.
    spellings : mapping of str to str
        Other spellings, case-folded with single blanks, to the allowed value that each means.
    hints : mapping of str to str
        Values, case-folded, that need a curator's eye, to what to do about them.
    minimum, maximum : float or None
        Inclusive bounds in `unit`; outside them a value is wrong or in another unit.
    other_unit : callable or None
        From a value out of bounds to a suggestion, or None where no other unit fits.
    aliases : tuple of str
        Names that headers of earlier years gave it, case-folded.
    example : str
        A cell as it should be.
    """

    name: str
    meaning: str
    kind: str
    level: Level
    blank: bool = True
    unit: str = ""
    allowed: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    other_unit: Callable[[float], str | None] | None = None
    aliases: tuple[str, ...] = ()
    example: str = ""

    @property
    def key(self) -> bool:
        """Whether no rule about rows makes sense without it."""
        return self.name in _KEYS

    def judge(self, cell: str) -> Judgement | None:
        """Say what is wrong with a cell, or None where nothing is.

        Blanks around the text are not judged here: they are the text's, not the value's.
        """
        text = cell.strip()
        if not text:
            return self._judge_blank()
        return _JUDGES[self.kind](self, text)

    def _judge_blank(self) -> Judgement | None:
        if self.kind == "licence":
            return Judgement(
                problem=Problem.NO_LICENCE,
                message="no licence is given: nobody may pass the image on",
                suggestion="look it up at url or doi; do not infer it from the site",
            )
        if self.blank:
            return None
        return Judgement(problem=Problem.BLANK, message=f"{self.name} is blank")


_NOT_FEW = 20
_NEARLY_ALL = 0.9


def nearly_all(rows: int, among: int) -> bool:
    """Tell whether a problem of so many rows is one of the column and is said once, at its head.

    Parameters
    ----------
    rows : int
        How many rows have it.
    among : int
        How many could.
    """
    return rows > _NOT_FEW and rows >= _NEARLY_ALL * among


# A row is one image of one patient with one finding; all else may be unknown.
_KEYS = frozenset({"patientid", "finding", "filename"})


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _any_text(_column: Column, _text: str) -> Judgement | None:
    return None


# What curators wrote where they did not know. A blank says that in every column.
_UNKNOWNS = frozenset(
    {"?", "??", "-", "n/a", "na", "nan", "none", "null", "unknown", "unk", "not visible", "nd"}
    | {"would have been stated", "not stated", "not specified", "missing", "todo", "tbd", "."}
)
_LEAVE_BLANK = "leave it blank where it is not known, and say in other_notes what was looked at"


def _unknown_word(column: Column, text: str, problem: Problem) -> Judgement | None:
    if _fold(text) not in _UNKNOWNS:
        return None
    return Judgement(
        problem=problem,
        message=f"{text!r} is not a value of {column.name}",
        suggestion=_LEAVE_BLANK,
    )


def _choice(column: Column, text: str) -> Judgement | None:
    if text in column.allowed:
        return None
    meant = column.spellings.get(_fold(text))
    if meant is not None:
        return Judgement(
            problem=Problem.SPELLING,
            message=f"{text!r} is another spelling of {meant!r}",
            suggestion=f"write {meant}",
            value=meant,
        )
    suggestion = column.hints.get(_fold(text))
    if suggestion is None and _fold(text) in _UNKNOWNS:
        suggestion = _LEAVE_BLANK
    values = ", ".join(column.allowed)
    return Judgement(
        problem=Problem.NOT_ALLOWED,
        message=f"{text!r} is not one of {values}",
        suggestion=suggestion,
    )


# Digits of other scripts are numbers to Python, and to few readers of a table.
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d+", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}", re.ASCII)


def _number(column: Column, text: str) -> Judgement | None:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        return _not_a_number(column, text)
    value = float(text)
    if column.kind == "integer" and not value.is_integer():
        return Judgement(
            problem=Problem.NOT_A_NUMBER,
            message=f"{column.name} is in whole {column.unit}; {text} is not whole",
        )
    if column.kind == "integer" and not _WHOLE.fullmatch(text):
        whole = str(int(value))
        return Judgement(
            problem=Problem.SPELLING,
            message=f"{text!r} is another way to write {whole} {column.unit}",
            suggestion=f"write {whole}",
            value=whole,
        )
    low, high = column.minimum, column.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    suggestion = column.other_unit(value) if column.other_unit else None
    return Judgement(
        problem=Problem.OUT_OF_RANGE,
        message=f"{column.name} {text} {column.unit} is outside {low:g} to {high:g}",
        suggestion=suggestion,
    )


def _not_a_number(column: Column, text: str) -> Judgement:
    unknown = _unknown_word(column, text, Problem.NOT_A_NUMBER)
    if unknown is not None:
        return unknown
    comma = text.replace(",", ".", 1)
    suggestion = f"write the number alone, in {column.unit}, with a point for decimals"
    fix = comma if _DECIMAL_COMMA.fullmatch(text) and column.kind == "number" else None
    if fix is not None:
        # One or two digits after a comma cannot be thousands.
        return Judgement(
            problem=Problem.SPELLING,
            message=f"{text!r} has a decimal comma",
            suggestion=f"write {fix}",
            value=fix,
        )
    return Judgement(
        problem=Problem.NOT_A_NUMBER,
        message=f"{text!r} is not a number",
        suggestion=suggestion,
    )


_IDENTIFIER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.\-]*")


def _identifier(_column: Column, text: str) -> Judgement | None:
    if _IDENTIFIER.fullmatch(text):
        return None
    return Judgement(
        problem=Problem.BAD_FORM,
        message=f"{text!r} is not an id: letters, digits, '-', '_' and '.', without blanks",
    )


# Characters that Windows, macOS or a URL does not take in a file's name, and the separators.
_UNSAFE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def _filename(_column: Column, text: str) -> Judgement | None:
    bad = _UNSAFE_NAME.search(text)
    if bad and bad[0] not in "/\\":
        return Judgement(
            problem=Problem.BAD_FORM,
            message=f"the file name {text!r} holds {bad[0]!r}, which not every system can store",
            suggestion="rename the file and the cell",
        )
    if "." not in text.strip("."):
        return Judgement(
            problem=Problem.BAD_FORM,
            message=f"the file name {text!r} has no extension",
            suggestion="add the extension of what the file holds, to the file and the cell",
        )
    return None


def _date(column: Column, text: str) -> Judgement | None:
    from covidxr import dates

    reading = dates.read_date(text)
    if reading.is_canonical:
        return None
    if reading.parsed is not None:
        return Judgement(
            problem=Problem.SPELLING,
            message=f"the date {text!r} is not written as YYYY, YYYY-MM or YYYY-MM-DD",
            suggestion=f"write {reading.parsed.iso}",
            value=reading.parsed.iso,
        )
    unknown = _unknown_word(column, text, Problem.BAD_DATE)
    if unknown is not None:
        return unknown
    if reading.problem == "ambiguous":
        either = " or ".join(each.iso for each in reading.readings)
        return Judgement(
            problem=Problem.AMBIGUOUS_DATE,
            message=f"the date {text!r} can be {either}",
            suggestion="write the one that the source means",
        )
    why = {
        "no-year": "has no year",
        "impossible": "does not exist",
        "too-early": f"is before {dates.FIRST_YEAR}, when X-rays were discovered",
        "too-late": f"is after {dates.LAST_YEAR}",
    }.get(reading.problem or "", "cannot be read")
    return Judgement(
        problem=Problem.BAD_DATE,
        message=f"the date {text!r} {why}",
        suggestion="write YYYY, YYYY-MM or YYYY-MM-DD, as much as the source says",
    )


def _doi(column: Column, text: str) -> Judgement | None:
    from covidxr import identifiers

    reading = identifiers.read_doi(text)
    if reading.is_canonical:
        return None
    if reading.doi is not None:
        return Judgement(
            problem=Problem.SPELLING,
            message=f"the DOI {text!r} is not bare",
            suggestion=f"write {reading.doi}",
            value=reading.doi,
        )
    unknown = _unknown_word(column, text, Problem.BAD_FORM)
    return unknown or Judgement(
        problem=Problem.BAD_FORM,
        message=f"{text!r} is not a DOI: one begins with 10. and has a slash",
    )


def _url(column: Column, text: str) -> Judgement | None:
    from covidxr import identifiers

    reading = identifiers.read_url(text)
    if reading.is_canonical:
        return None
    unknown = _unknown_word(column, text, Problem.BAD_FORM)
    return unknown or Judgement(
        problem=Problem.BAD_FORM,
        message=f"{text!r} is not an address: one begins with http:// or https:// and has a host",
    )


def _licence(_column: Column, text: str) -> Judgement | None:
    from covidxr import licences

    reading = licences.read_licence(text)
    if reading.is_canonical:
        return None
    if reading.spdx is not None:
        return Judgement(
            problem=Problem.SPELLING,
            message=f"the licence {text!r} has the SPDX id {reading.spdx}",
            suggestion=f"write {reading.spdx}",
            value=reading.spdx,
        )
    if reading.problem == "no-version":
        return Judgement(
            problem=Problem.NO_LICENCE_VERSION,
            message=f"the licence {text!r} has no version: 3.0 and 4.0 are different licences",
            suggestion="look the version up at the source; it is never completed by guess",
        )
    return Judgement(
        problem=Problem.FREE_TEXT_LICENCE,
        message=f"the licence {text!r} is not one that covidxr knows",
        suggestion="write its SPDX id, or LicenseRef-… and explain it in LICENSES.md",
    )


_FINDING_PROBLEMS = {
    "blank": Problem.BLANK,
    "unknown": Problem.UNKNOWN_FINDING,
    "wrong-parent": Problem.WRONG_PARENT,
    "doubt": Problem.DOUBTFUL_FINDING,
    "conflict": Problem.CONFLICT,
    "todo": Problem.TODO,
    "synonym": Problem.SYNONYM,
    "blank-around": Problem.SYNONYM,
    "comma": Problem.FLAT_FINDING,
    "flat": Problem.FLAT_FINDING,
}


def _finding(_column: Column, text: str) -> Judgement | None:
    from covidxr import labels

    reading = labels.read_finding(text)
    if not reading.problems:
        return None
    # A cell gets one diagnostic: the problem that matters most.
    order = list(_FINDING_PROBLEMS)
    worst = min(reading.problems, key=lambda problem: order.index(problem.kind))
    return Judgement(
        problem=_FINDING_PROBLEMS[worst.kind],
        message=worst.message,
        suggestion=worst.suggestion,
        value=None,
    )


_JUDGES: dict[str, Callable[[Column, str], Judgement | None]] = {
    "text": _any_text,
    "identifier": _identifier,
    "integer": _number,
    "number": _number,
    "choice": _choice,
    "date": _date,
    "doi": _doi,
    "url": _url,
    "licence": _licence,
    "finding": _finding,
    "filename": _filename,
}
