"""Where the parts of a JSON text stand, so that some can be cut out and the rest stays as it is.

This module owns places in a text and no meaning. It must only be given texts that :mod:`json` has
read: what is no JSON, or nested more deeply than :mod:`json` goes, is refused there.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

# RFC 8259, section 2: what may stand between two tokens.
_BLANKS = re.compile(r"[ \t\n\r]*+")
_CLOSING = {"[": "]", "{": "}"}
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One element of an array, or one member of an object.

    Parameters
    ----------
    start, stop : int
        Where it stands, end exclusive; of a member with its key.
    value_start : int
        Where its value begins.
    value : object
        What it says.
    key : str or None
        Of a member; None for an element.
    """

    start: int
    stop: int
    value_start: int
    value: Any = field(compare=False)
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An array or an object, and what is in it.

    Parameters
    ----------
    start, stop : int
        Where it stands, brackets included, end exclusive.
    parts : tuple of Part
        In order.
    """

    start: int
    stop: int
    parts: tuple[Part, ...]


def container(text: str, start: int = 0) -> Container | None:
    """Find the parts of the array or object at a place; None where something else stands there.

    Parameters
    ----------
    text : str
        A whole JSON text.
    start : int
        Where the value begins; blanks before it are passed over.
    """
    opening = _next(text, start)
    closing = _CLOSING.get(text[opening : opening + 1])
    if closing is None:
        return None
    parts: list[Part] = []
    at = _next(text, opening + 1)
    while text[at] != closing:
        begun, key = at, None
        if closing == "}":
            key, at = _decode(text, at)
            # Past the colon.
            at = _next(text, _next(text, at) + 1)
        value, stop = _decode(text, at)
        parts.append(Part(start=begun, stop=stop, value_start=at, value=value, key=key))
        at = _next(text, stop)
        if text[at] == ",":
            at = _next(text, at + 1)
    return Container(start=opening, stop=at + 1, parts=tuple(parts))


def _next(text: str, at: int) -> int:
    """Pass over blanks."""
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def cut(text: str, cuts: Iterable[tuple[Container, Collection[int]]]) -> str:
    """Write a text without some parts of some containers, and every other character as it was.

    Parameters
    ----------
    text : str
        The text that the containers were found in.
    cuts : iterable of (Container, collection of int)
        Containers that do not overlap, and the positions of the parts that go, from 0.

    Returns
    -------
    str
        With each part goes the comma, and the blanks, between it and the next; a container that
        loses all becomes ``[]`` or ``{}``.
    """
    spans = sorted(span for where, gone in cuts for span in _spans(where, sorted(set(gone))))
    pieces, done = [], 0
    for start, stop in spans:
        pieces.append(text[done:start])
        done = stop
    return "".join((*pieces, text[done:]))


def _spans(where: Container, gone: Sequence[int]) -> list[tuple[int, int]]:
    parts = where.parts
    if len(gone) == len(parts):
        return [(where.start + 1, where.stop - 1)] if parts else []
    last_kept = max(set(range(len(parts))).difference(gone))
    spans = [(parts[at].start, parts[at + 1].start) for at in gone if at < last_kept]
    if gone and gone[-1] > last_kept:
        spans.append((parts[last_kept].stop, parts[-1].stop))
    return spans
