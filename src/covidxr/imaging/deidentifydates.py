"""Dates of DICOM moved by whole days, so that the days between two of them stay the same.

This module owns how DA and DT are read and written. Times of day are not kept.
Source: DICOM PS3.5, section 6.2 (DA, DT, TM); PS3.15, annex E.3.6, option "Retain Longitudinal
Temporal Information with Modified Dates".
"""

from __future__ import annotations

import re
from datetime import date, timedelta

# YYYYMMDD, or YYYY.MM.DD as before version 3.0 (PS3.5, table 6.2-1, note to DA).
_DATE = re.compile(r"(\d{4})(?:(\d\d)(\d\d)|\.(\d\d)\.(\d\d))", re.ASCII)
# A date, a time of day that may be cut short, and an offset from UTC.
_DATE_TIME = re.compile(r"(\d{8})(?:\d{2}){0,3}(?:\.\d{1,6})?(?:[+-]\d{4})?", re.ASCII)


def read_date(text: str) -> date | None:
    """Read one DA or DT.

    Parameters
    ----------
    text : str
        One value.

    Returns
    -------
    datetime.date or None
        None for what is no day: a year alone, a range, a day that the calendar does not have.
    """
    stripped = text.strip(" \0")
    with_time = _DATE_TIME.fullmatch(stripped)
    found = _DATE.fullmatch(with_time[1] if with_time else stripped)
    if found is None:
        return None
    year, *rest = (int(part) for part in found.groups() if part)
    try:
        return date(year, *rest)
    except ValueError:
        return None


def shifted(text: str, days: int) -> str:
    """Move one date.

    Parameters
    ----------
    text : str
        One value of DA or DT.
    days : int
        How far; negative into the past.

    Returns
    -------
    str
        ``YYYYMMDD``; empty for what is no date, and for one that would leave the calendar.
    """
    day = read_date(text)
    if day is None:
        return ""
    try:
        return (day + timedelta(days=days)).strftime("%Y%m%d").rjust(8, "0")
    except OverflowError:
        return ""
