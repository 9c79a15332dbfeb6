"""What a registry of papers answers: found, absent or inconclusive.

This module owns the three answers and how a failed request becomes one of them. A registry is a
service that knows something of a paper: who registered its DOI, where its full text is, under which
licence. *Absent* is a definite no of somebody who would know; everything else that is no yes is
*inconclusive*, is asked again, and is never kept as a no.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Never, Protocol, TypeVar

from covidxr.errors import FetchError, GoneError, SourceStoppedError
from covidxr.sourcing import Http, Kind, Page

if TYPE_CHECKING:
    from covidxr.cases import Json

# Of a count or a version; Python refuses to read thousands of them.
_MOST_DIGITS = 9

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class State(StrEnum):
    """What is known after a question."""

    FOUND = "found"
    ABSENT = "absent"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T_co]):
    """What a registry says to one question.

    Parameters
    ----------
    state : State
        Which of the three it is.
    value : object or None
        What was found; None where nothing was.
    why : str
        Why nothing was found, as a clause; empty where something was.
    """

    state: State
    value: T_co | None = None
    why: str = ""


def found(value: T) -> Answer[T]:
    """Answer with what was found."""
    return Answer(state=State.FOUND, value=value)


def absent(why: str) -> Answer[Never]:
    """Answer a definite no."""
    return Answer(state=State.ABSENT, why=why)


def inconclusive(why: str) -> Answer[Never]:
    """Answer that nothing is known: ask again another time."""
    return Answer(state=State.INCONCLUSIVE, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """One service: what it knows, who it is, how often it may be asked.

    Parameters
    ----------
    key : str
        The name of its file.
    title : str
        Its own name.
    hosts : tuple of str
        The only ones that are asked for it.
    delay_seconds : float
        From the start of one request to the start of the next.
    needs_email : bool
        Whether it demands an address; others are only told it, for their polite pool.
    knows : str
        What it is asked for, as a clause.
    seen : str
        Month of the answers that its reading rests on, ``"2026-09"``; empty where none was seen.
    """

    key: str
    title: str
    hosts: tuple[str, ...]
    delay_seconds: float
    needs_email: bool = False
    knows: str
    seen: str = ""


class Desk(Http, Protocol):
    """Where one registry is asked."""

    def forget(self, url: str) -> None:
        """Ask for an address anew the next time: its answer says nothing."""


def ask(http: Desk, url: str, *, kind: Kind = Kind.RECORD, gone: str = "") -> Page | Answer[Never]:
    """Send one question.

    Parameters
    ----------
    http : Desk
        Where.
    url : str
        The question.
    kind : Kind
        What is due.
    gone : str
        What a 404 means, as a clause; empty where it means nothing.

    Returns
    -------
    Page or Answer
        What was received, or what to answer where nothing was.
    """
    try:
        return http.get(url, kind=kind)
    except GoneError as problem:
        return absent(gone) if gone else inconclusive(str(problem))
    except (FetchError, SourceStoppedError) as problem:
        return inconclusive(str(problem))


def useless(http: Desk, url: str, why: str) -> Answer[Never]:
    """Answer *inconclusive* to what was received, and see that it is not kept as an answer."""
    http.forget(url)
    return inconclusive(why)


# ---- values of unknown shape ---------------------------------------------------------------------


def at(value: Json, *keys: str) -> Json:
    """Give what stands below some keys; None where anything on the way is not there or odd."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    # An export of Europe PMC's puts each value into a list of one.
    return value[0] if isinstance(value, list) and len(value) == 1 and _plain(value[0]) else value


def text(value: Json, *keys: str) -> str:
    """Give a text below some keys; a number as digits, the first of a list; else empty."""
    value = at(value, *keys)
    if isinstance(value, list):
        value = next((each for each in value if _plain(each)), None)
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    # A lone surrogate can be sent in JSON, and neither be asked for nor be written.
    plain = str(value).encode("utf-8", "replace").decode()
    return " ".join(plain.split())


def number(value: Json, *keys: str) -> int:
    """Give a number below some keys; 0 where there is none, or one that nobody has counted."""
    digits = text(value, *keys)
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else 0


def items(value: Json, *keys: str) -> list[Json]:
    """Give a list below some keys; empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _plain(value: Json) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
