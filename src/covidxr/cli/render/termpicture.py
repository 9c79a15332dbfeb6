"""Pictures in a terminal: three protocols for those that can show them, half blocks for all others.

This module turns pixels into text and tells from the environment which form a terminal takes; it
never asks the terminal itself, which might not answer. It prints nothing.
"""

from __future__ import annotations

import base64
import itertools
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray


class Form(StrEnum):
    """How a picture is sent."""

    KITTY = "kitty"
    ITERM2 = "iterm2"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    NONE = "none"


# Pixels of a character cell. No terminal is asked for its own; most are near this, and kitty and
# iTerm2 scale to the columns that they are told.
CELL_WIDTH, CELL_HEIGHT = 10, 20

_KITTY_PIECE = 4096  # bytes of base64 in one escape (kitty's graphics protocol, "remote client")
_KONSOLE = 220_400  # the first Konsole that takes kitty's protocol (22.04)
_GREYS = 64  # of a sixel picture: more are not told apart, and terminals have 256 registers at most
_SIXEL_ROWS = 6
_COLOURS = 3

_KITTY_TERMS = frozenset({"xterm-kitty", "xterm-ghostty"})
_ITERM2_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "mintty", "rio"})
_SIXEL_TERMS = frozenset({"foot", "foot-extra", "mlterm", "yaft-256color", "contour"})
_TRUE_COLOUR = frozenset({"truecolor", "24bit"})


def form_for(environment: Mapping[str, str]) -> Form:
    """Tell how a terminal is sent a picture.

    Parameters
    ----------
    environment : mapping of str to str
        The process's.

    Returns
    -------
    Form
        Never ``NONE``. Within tmux and screen always ``BLOCKS``: they swallow what they do not know.
        In Windows Terminal too, since only its later versions take sixel and none says which it is.
    """
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if environment.get("TMUX") or term.startswith(("screen", "tmux")):
        return Form.BLOCKS
    if environment.get("KITTY_WINDOW_ID") or term in _KITTY_TERMS or program == "ghostty":
        return Form.KITTY
    konsole = environment.get("KONSOLE_VERSION", "")
    if konsole.isascii() and konsole.isdecimal() and int(konsole[:9]) >= _KONSOLE:
        return Form.KITTY
    if program in _ITERM2_PROGRAMS or environment.get("LC_TERMINAL") == "iTerm2":
        return Form.ITERM2
    return Form.SIXEL if term in _SIXEL_TERMS else Form.BLOCKS


def has_true_colour(environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal has more than 256 colours, by what it says of itself."""
    return (
        environment.get("COLORTERM", "").lower() in _TRUE_COLOUR
        or bool(environment.get("WT_SESSION"))
        or environment.get("TERM", "").endswith("-direct")
    )


def fitted(shape: Sequence[int], columns: int) -> tuple[int, int]:
    """Give a picture's size in columns and lines of a terminal.

    Parameters
    ----------
    shape : sequence of int
        Of the pixels: height and width first.
    columns : int
        How wide it may be.
    """
    height, width = shape[0], shape[1]
    lines = round(columns * CELL_WIDTH * height / width / CELL_HEIGHT)
    return columns, max(lines, 1)


def grid(pictures: Sequence[NDArray[np.uint8] | None], columns: int) -> NDArray[np.uint8]:
    """Lay pictures side by side, each in a square of its own.

    Parameters
    ----------
    pictures : sequence of (numpy.ndarray or None)
        Pixels; None leaves its square empty.
    columns : int
        Of the terminal, for one square with the gap behind it.

    Returns
    -------
    numpy.ndarray
        Grey.
    """
    from covidxr.imaging import viewing

    side, gap = (columns - 1) * CELL_WIDTH, CELL_WIDTH
    laid = np.zeros((side, (side + gap) * len(pictures)), dtype=np.uint8)
    for place, pixels in enumerate(pictures):
        if pixels is None:
            continue
        height, width = pixels.shape[:2]
        scale = side / max(height, width)
        wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
        small = _grey(viewing.shrunk(pixels, wide, high))
        left, top = place * (side + gap) + (side - wide) // 2, (side - high) // 2
        laid[top : top + high, left : left + wide] = small
    return laid


def drawn(pixels: NDArray[np.uint8], form: Form, columns: int, *, true_colour: bool = True) -> str:
    """Make what a terminal shows as a picture.

    Parameters
    ----------
    pixels : numpy.ndarray
        Eight bits, grey or red, green, blue.
    form : Form
        How it is sent.
    columns : int
        Its width.
    true_colour : bool
        Whether half blocks may have more than 256 colours.

    Returns
    -------
    str
        Ends with a line end; empty for ``NONE``.
    """
    from covidxr.imaging import viewing

    if form is Form.NONE or not pixels.size:
        return ""
    width, lines = fitted(pixels.shape, columns)
    if form is Form.BLOCKS:
        return _blocks(viewing.shrunk(pixels, width, lines * 2), true_colour=true_colour)
    small = viewing.shrunk(pixels, width * CELL_WIDTH, lines * CELL_HEIGHT)
    if form is Form.SIXEL:
        return _sixel(_grey(small))
    data = viewing.png(small)
    return _kitty(data, width, lines) if form is Form.KITTY else _iterm2(data, width, lines)


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.ndim < _COLOURS:
        return pixels
    # Rec. 601, as Pillow has it.
    return np.round(pixels @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)


def _kitty(data: bytes, columns: int, lines: int) -> str:
    """Source: sw.kovidgoyal.net/kitty/graphics-protocol."""
    text = base64.b64encode(data).decode()
    pieces = [text[at : at + _KITTY_PIECE] for at in range(0, len(text), _KITTY_PIECE)]
    sent = []
    for number, piece in enumerate(pieces):
        more = int(number < len(pieces) - 1)
        # q=2: the terminal answers nothing, for nobody reads it.
        head = f"a=T,f=100,q=2,c={columns},r={lines}," if not number else ""
        sent.append(f"\x1b_G{head}m={more};{piece}\x1b\\")
    return f"{''.join(sent)}\n"


def _iterm2(data: bytes, columns: int, lines: int) -> str:
    """Source: iterm2.com/documentation-images.html."""
    text = base64.b64encode(data).decode()
    told = f"inline=1;size={len(data)};width={columns};height={lines};preserveAspectRatio=0"
    return f"\x1b]1337;File={told}:{text}\x07\n"


def _sixel(grey: NDArray[np.uint8]) -> str:
    """Source: DEC STD 070, chapter 9; VT330/VT340 Programmer Reference Manual, chapter 14."""
    height, width = grey.shape
    levels = np.minimum(grey.astype(np.uint16) * _GREYS // 256, _GREYS - 1)
    registers = "".join(
        f"#{level};2;{share};{share};{share}"
        for level in range(_GREYS)
        for share in [round(100 * level / (_GREYS - 1))]
    )
    bands = (_band(levels[top : top + _SIXEL_ROWS]) for top in range(0, height, _SIXEL_ROWS))
    return f'\x1bPq"1;1;{width};{height}{registers}{"-".join(bands)}\x1b\\\n'


def _band(levels: NDArray[np.uint16]) -> str:
    """Write six rows: for every grey in them, which pixels of each column have it."""
    weights = (1 << np.arange(len(levels)))[:, None]
    return "$".join(
        f"#{level}{_runs(((levels == level) * weights).sum(axis=0).tolist())}"
        for level in np.unique(levels).tolist()
    )


def _runs(columns: Sequence[int]) -> str:
    parts = []
    for value, run in itertools.groupby(columns):
        count, letter = len(list(run)), chr(63 + value)
        parts.append(f"!{count}{letter}" if count > 3 else letter * count)  # noqa: PLR2004 - shorter
    return "".join(parts)


def _blocks(pixels: NDArray[np.uint8], *, true_colour: bool) -> str:
    """Draw two pixels a character: the upper half in its colour, the lower as the background."""
    colour = _exact if true_colour else _of_256
    rows = [[colour(pixel) for pixel in row] for row in _listed(pixels)]
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        lines.append("".join(_halves(upper, lower)) + "\x1b[0m\n")
    return "".join(lines)


def _listed(pixels: NDArray[np.uint8]) -> list[list[tuple[int, int, int]]]:
    colours = pixels if pixels.ndim == _COLOURS else np.repeat(pixels[:, :, None], _COLOURS, axis=2)
    return [[(red, green, blue) for red, green, blue in row] for row in colours.tolist()]


def _halves(upper: Sequence[str], lower: Sequence[str]) -> Iterator[str]:
    before = ("", "")
    for above, below in zip(upper, lower, strict=True):
        if (above, below) != before:
            yield f"\x1b[38;{above};48;{below}m"
            before = (above, below)
        yield "▀"


def _exact(pixel: tuple[int, int, int]) -> str:
    return f"2;{pixel[0]};{pixel[1]};{pixel[2]}"


def _of_256(pixel: tuple[int, int, int]) -> str:
    """Choose from xterm's 256 colours: 24 greys from 8 in steps of 10, a cube of 6 steps a side."""
    red, green, blue = pixel
    if red == green == blue:
        if red < 4:  # noqa: PLR2004 - half way to the darkest grey
            return "5;16"
        return "5;231" if red > 246 else f"5;{232 + min((red - 3) // 10, 23)}"  # noqa: PLR2004
    cube = [round(value / 255 * 5) for value in pixel]
    return f"5;{16 + 36 * cube[0] + 6 * cube[1] + cube[2]}"


def captions(texts: Sequence[str], columns: int) -> str:
    """Write a line below pictures that stand side by side, each text cut to its picture's width.

    Parameters
    ----------
    texts : sequence of str
        One a picture; what is not safe to print is escaped.
    columns : int
        Of the terminal, for one picture with the gap behind it.
    """
    from covidxr.cli.render.diagnostics import escaped

    room = columns - 1
    safe = [escaped(text) for text in texts]
    cut = [text if len(text) <= room else f"{text[: room - 1]}…" for text in safe]
    return "".join(text.ljust(columns) for text in cut).rstrip() + "\n"
