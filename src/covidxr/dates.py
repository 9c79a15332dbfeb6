"""Dates as a cell may write them, read without guessing.

This module owns the grammar of dates: ISO 8601 with the precision that is known (``2020``,
``2020-03``, ``2020-03-12``), and which other writings have one reading only. It must not choose
between two readings, look at a clock, or know which column a date stands in: what a date is the
date *of*, and whether a blank is allowed, is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

DateProblem = Literal[
    "spelling", "ambiguous", "no-year", "impossible", "too-early", "too-late", "unreadable"
]
Precision = Literal["year", "month", "day"]

# Year, month and day as read, before anyone asked whether such a day exists. Without a year
# there is no date, but it is worth telling "12 January" from a cell that is no date at all.
_Candidate = tuple[int | None, int | None, int | None]

FIRST_YEAR = 1895
"""Earliest year of an image: X-rays were discovered in November 1895 (W. C. Röntgen)."""

LAST_YEAR = 2100
"""Latest year taken for a year. Above it a four-digit number is more likely something else."""

SURE_2000S = 30
"""Two-digit years below it are of the 2000s: hardly any image of the 1900s to 1920s is dated so."""

SURE_1900S = 50
"""Two-digit years from it on are of the 1900s: those of the 2000s lie far in the future.

Those between the two, such as 49, can be either: 1949 is no usual year of an image, and 2049 none
of this table's time, but tables of the 2030s will have the first of them by right.
"""

# Columns: English, German, Italian, Spanish, French. The collection's sources are European and
# American journals and case databases. Accents are taken off before a word is looked up, so the
# names stand here without; forms that no other name begins with are added (März is also written
# Maerz and Mrz, January is Jänner in Austria).
_MONTH_NAMES = (
    "january januar gennaio enero janvier janner jaenner",
    "february februar febbraio febrero fevrier feber",
    "march marz marzo marzo mars maerz mrz",
    "april april aprile abril avril",
    "may mai maggio mayo mai",
    "june juni giugno junio juin",
    "july juli luglio julio juillet",
    "august august agosto agosto aout",
    "september september settembre septiembre septembre setiembre",
    "october oktober ottobre octubre octobre",
    "november november novembre noviembre novembre",
    "december dezember dicembre diciembre decembre",
)

# A shortened month is told from others by three letters at least; May has no more than that.
_SHORTEST_MONTH = 3

# What stands between day, month and year in the five languages: "12th of March", "12 de marzo
# de 2020", "1er mars", "1º marzo" (whose ordinal sign becomes an "o" below).
_FILLERS = frozenset({"st", "nd", "rd", "th", "er", "o", "of", "the", "de", "del"})

# Dashes that word processors put for a hyphen become one; characters of no width go.
_LOOK_ALIKES = {
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), "-"),
    **dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), None),
}

# pandas and spreadsheets write a day as its midnight. That hour says nothing about the image.
_MIDNIGHT = re.compile(r"[t ]00:00(?::00(?:\.0+)?)?(?:z|\+00:00)?\Z")
_AROUND_SEPARATOR = re.compile(r"\s*([-/.])\s*")
_WRITTEN_OUT = re.compile(r"[a-z0-9\s.,/'-]+")
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_HYPHENATED = re.compile(r"[0-9]{2}-[a-z]+-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    """A date known to the year, the month or the day.

    Parameters
    ----------
    year : int
        Four digits.
    month : int or None
        1 to 12; None where only the year is known.
    day : int or None
        1 to 31; None where the day is not known.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        """How much is known: ``"year"``, ``"month"`` or ``"day"``."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def iso(self) -> str:
        """The date as ISO 8601 writes it at this precision, such as ``"2020-03"``."""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def earliest(self) -> date:
        """The first day that it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it may mean."""
        if self.month is None:
            return date(self.year, 12, 31)
        if self.day is not None:
            return date(self.year, self.month, self.day)
        # No month has more than 31 days, so 31 days after its first is always in the next one.
        following = date(self.year, self.month, 1) + timedelta(days=31)
        return following.replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """What a text says as a date.

    Parameters
    ----------
    readings : tuple of ParsedDate
        Every date that the text may mean, earliest first; empty where there is none.
    problem : str or None
        None for a date as it should be written. ``"spelling"``: one reading, written otherwise.
        ``"ambiguous"``: several. ``"no-year"``: a day or month of an unknown year.
        ``"impossible"``: written like a date, but no such day. ``"too-early"``, ``"too-late"``: a
        day of the calendar, of a year when no image can have been taken, before `FIRST_YEAR` or
        after `LAST_YEAR`. ``"unreadable"``: anything else, the empty text too.
    """

    readings: tuple[ParsedDate, ...]
    problem: DateProblem | None

    @property
    def parsed(self) -> ParsedDate | None:
        """The date, where the text has exactly one reading."""
        return self.readings[0] if len(self.readings) == 1 else None

    @property
    def is_canonical(self) -> bool:
        """Whether the text is written exactly as it should be."""
        return self.problem is None


@lru_cache(maxsize=4096)  # a table repeats a few dozen dates over thousands of rows
def read_date(text: str) -> DateReading:
    """Read a date, or say why it cannot be read.

    Parameters
    ----------
    text : str
        One cell, as it stands.

    Returns
    -------
    DateReading
        With more than one reading for ``"03/09/20"``, which is 9 March or 3 September: nothing
        is guessed. Numbers other than a year, such as a spreadsheet's day count ``"43852"``, are
        unreadable.
    """
    plain = _plain(text)
    candidates = _in_numbers(plain) or _in_words(plain)
    if not candidates:
        return DateReading(readings=(), problem="unreadable")
    possible = [candidate for candidate in candidates if _exists(candidate)]
    if not possible:
        return DateReading(readings=(), problem=_why_not(candidates))
    readings = {
        ParsedDate(year=year, month=month, day=day)
        for year, month, day in possible
        if year is not None
    }
    if not readings:
        return DateReading(readings=(), problem="no-year")
    ordered = tuple(sorted(readings, key=lambda reading: reading.iso))
    if len(ordered) > 1:
        return DateReading(readings=ordered, problem="ambiguous")
    return DateReading(readings=ordered, problem=None if text == ordered[0].iso else "spelling")


def _plain(text: str) -> str:
    """Fold what does not matter: case, accents, widths, kinds of blank and dash, midnight."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKES))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    blanks_folded = " ".join(letters.casefold().split())
    return _AROUND_SEPARATOR.sub(r"\1", _MIDNIGHT.sub("", blanks_folded))


def _in_numbers(plain: str) -> list[_Candidate]:
    """Every reading of a date in digits alone; empty where the text is no such date."""
    for pattern, candidates in _NUMBER_FORMS:
        if match := pattern.fullmatch(plain):
            return candidates(match)
    return []


def _year_alone(match: re.Match[str]) -> list[_Candidate]:
    year = int(match[1])
    # Out of range, a bare number is no impossible year but something else.
    return [(year, None, None)] if FIRST_YEAR <= year <= LAST_YEAR else []


def _two_numbers(match: re.Match[str]) -> list[_Candidate]:
    first, second = int(match[1]), int(match[2])
    return [(None, first, second), (None, second, first)]


def _year_last(match: re.Match[str]) -> list[_Candidate]:
    first, separator, second, year = match.groups()
    candidates = [*_in_years(year, first, second), *_in_years(year, second, first)]
    # ISO 8601 allowed YY-MM-DD until 2004. With slashes or dots nobody in Europe or America puts
    # a two-digit year first, so those have two readings, not three.
    if separator == "-" and len(first) == len(year) == len("20"):
        candidates += _in_years(first, second, year)
    return candidates


def _in_years(year: str, month: str | int, day: str | int) -> list[_Candidate]:
    return [(each, int(month), int(day)) for each in _four_digits(year)]


# The forms exclude each other, so their order decides nothing.
_NUMBER_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[_Candidate]]], ...] = (
    # "2020.0" is what is left of a year after pandas took the column for floats.
    (re.compile(r"([0-9]{4})(?:\.0)?"), _year_alone),
    (re.compile(r"([0-9]{4})[-/]([0-9]{1,2})"), lambda m: [(int(m[1]), int(m[2]), None)]),
    (re.compile(r"([0-9]{1,2})[-/]([0-9]{4})"), lambda m: [(int(m[2]), int(m[1]), None)]),
    (re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})"), _two_numbers),
    (
        re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"),
        lambda m: [(int(m[1]), int(m[3]), int(m[4]))],
    ),
    (re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})"), _year_last),
)


def _in_words(plain: str) -> list[_Candidate]:
    """Read a date whose month is a word, in the orders that people use; empty if it is none."""
    if not _WRITTEN_OUT.fullmatch(plain):
        return []
    words = [word for word in _WORDS.findall(plain) if word not in _FILLERS]
    kinds = "".join(map(_kind, words))
    order = _ORDERS.get(kinds)
    if order is None:
        return []
    parts = dict(zip(order, words, strict=True))
    month = _MONTHS[parts["month"]]
    if "year" not in parts or "day" not in parts:
        year, day = parts.get("year"), parts.get("day")
        return [(int(year) if year else None, month, int(day) if day else None)]
    candidates = _in_years(parts["year"], month, parts["day"])
    # "20-Mar-12" is like "20-03-12" above.
    if _HYPHENATED.fullmatch(plain):
        candidates += _in_years(parts["day"], month, parts["year"])
    return candidates


def _kind(word: str) -> str:
    """M for a month, Y for a four-digit year, N for one or two digits, ? for anything else."""
    if word in _MONTHS:
        return "M"
    return {1: "N", 2: "N", 4: "Y"}.get(len(word), "?") if word.isdigit() else "?"


# "March 20" may be a day or a year: it stays a day of an unknown year, which is what a curator
# is asked about. A two-digit year is taken as one only after a day and a month.
_ORDERS = {
    "MNY": ("month", "day", "year"),
    "NMY": ("day", "month", "year"),
    "YMN": ("year", "month", "day"),
    "MNN": ("month", "day", "year"),
    "NMN": ("day", "month", "year"),
    "MY": ("month", "year"),
    "YM": ("year", "month"),
    "MN": ("month", "day"),
    "NM": ("day", "month"),
    "M": ("month",),
}


def _four_digits(year: str) -> list[int]:
    """Every year that a year of two or four digits may mean."""
    number = int(year)
    if len(year) > len("20"):
        return [number]
    sure = {number < SURE_2000S: 2000, number >= SURE_1900S: 1900}
    return [number + sure[True]] if True in sure else [number + 1900, number + 2000]


def _exists(candidate: _Candidate) -> bool:
    """Tell whether there is such a day, in a year when images were taken."""
    year, month, day = candidate
    # 2000 was a leap year: 29 February of an unknown year exists.
    probe = 2000 if year is None else year
    if not FIRST_YEAR <= probe <= LAST_YEAR:
        return False
    try:
        date(probe, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def _why_not(candidates: list[_Candidate]) -> DateProblem:
    """Say why no candidate exists: its year, where it were a day in another one."""
    for year, month, day in candidates:
        # 2000 has a 29 February, as any other year may have.
        if year is not None and _exists((2000, month, day)):
            if year > LAST_YEAR:
                return "too-late"
            if year < FIRST_YEAR:
                return "too-early"
    return "impossible"


def _month_words() -> dict[str, int]:
    """Every month and every shortening of one that begins no other month in any language."""
    meanings: dict[str, set[int]] = {}
    for number, names in enumerate(_MONTH_NAMES, start=1):
        for name in names.split():
            for length in range(_SHORTEST_MONTH, len(name) + 1):
                meanings.setdefault(name[:length], set()).add(number)
    # French "jui" is June or July, and is left out.
    return {word: months.pop() for word, months in meanings.items() if len(months) == 1}


_MONTHS = _month_words()
