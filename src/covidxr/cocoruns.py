"""Masks as COCO counts them: runs of pixels, column by column, plain or packed into a string.

This module owns the packing and no file. Source: the COCO API's mask format (``rleToString`` and
``rleFrString``): each count, from the fourth on less the count two before it, in groups of five
bits, least first, a sixth bit for "more follows", as characters from ``0`` (48) on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ZERO = 48
_MORE = 0x20
_LOW = 0x1F
_SIGN = 0x10
_BITS = 5
_LONGEST = 13


def packed(runs: Sequence[int]) -> str:
    """Pack runs into a string.

    Parameters
    ----------
    runs : sequence of int
        Pixels not marked and marked in turn, 0 or more each.
    """
    letters = []
    for place, run in enumerate(runs):
        rest = run - runs[place - 2] if place > 2 else run  # noqa: PLR2004 - as the format has it
        more = True
        while more:
            low = rest & _LOW
            rest >>= _BITS
            more = rest != -1 if low & _SIGN else rest != 0
            letters.append(chr((low | _MORE if more else low) + _ZERO))
    return "".join(letters)


def unpacked(text: str) -> tuple[int, ...]:
    """Give the runs that a string packs.

    Parameters
    ----------
    text : str
        As `packed` makes it.

    Raises
    ------
    ValueError
        If it is no such string.
    """
    runs: list[int] = []
    value, groups = 0, 0
    for letter in text:
        code = ord(letter) - _ZERO
        if not 0 <= code < 2 * _MORE or groups >= _LONGEST:
            raise ValueError(f"{letter!r} packs no run")
        value |= (code & _LOW) << (_BITS * groups)
        groups += 1
        if code & _MORE:
            continue
        if code & _SIGN:
            value -= 1 << (_BITS * groups)
        runs.append(value + runs[-2] if len(runs) > 2 else value)  # noqa: PLR2004 - likewise
        value, groups = 0, 0
    if groups:
        raise ValueError("it ends within a run")
    return tuple(runs)
