r"""A picture as text that a terminal shows as one: kitty's protocol, iTerm2's, sixels, or blocks.

This module owns the four forms and which of them a terminal is known to show. It is handed the
environment, and asks the terminal nothing.

Sources: "Terminal graphics protocol" (kitty's documentation); "Images" (iTerm2's documentation);
VT330/VT340 Programmer Reference, chapter 14, for sixels.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

FORMS = ("kitty", "iterm", "sixel", "blocks", "none")

# kitty takes 4096 bytes of base64 at a time.
_CHUNK = 4096
# Pixels of the longer side: more than a terminal's window shows, and little to send over a network.
_LONGEST = 800
_SIXEL_LONGEST = 480
_SIXEL_COLOURS = 64
_SIXEL_ROWS = 6
_ITERM = {"iTerm.app", "WezTerm", "vscode", "mintty", "rio", "WarpTerminal"}
_SIXEL = ("foot", "mlterm", "yaft", "contour")
_REPEATED = 3


def best_form(environment: Mapping[str, str], *, terminal: bool) -> str:
    """Choose how a picture is shown.

    Parameters
    ----------
    environment : mapping of str to str
        Of the process.
    terminal : bool
        Whether standard output is a terminal.

    Returns
    -------
    str
        One of `FORMS`; ``"none"`` where the terminal is not known to show anything.
    """
    term = environment.get("TERM", "")
    if not terminal or term == "dumb":
        return "none"
    # Inside tmux and screen the outer terminal's abilities are out of reach.
    between = "TMUX" in environment or term.startswith(("screen", "tmux"))
    if not between:
        if "KITTY_WINDOW_ID" in environment or term in {"xterm-kitty", "xterm-ghostty"}:
            return "kitty"
        if environment.get("TERM_PROGRAM", "") in _ITERM:
            return "iterm"
        if term.startswith(_SIXEL) or "sixel" in term:
            return "sixel"
    return "blocks" if environment.get("COLORTERM", "") in {"truecolor", "24bit"} else "none"


def drawn(pixels: Pixels, form: str, columns: int = 80) -> str:
    """Write a picture in one of the forms.

    Parameters
    ----------
    pixels : numpy.ndarray
        Eight bits, ``(height, width)`` or ``(height, width, 3)``.
    form : str
        One of `FORMS`.
    columns : int
        Characters across that it may take; blocks take no more than 72.

    Returns
    -------
    str
        With a line end; empty for ``"none"``.
    """
    across = max(1, min(columns, 72))
    if form == "kitty":
        return _kitty(pixels)
    if form == "iterm":
        return _iterm(pixels)
    if form == "sixel":
        return _sixel(pixels)
    return _blocks(pixels, across) if form == "blocks" else ""


def _kitty(pixels: Pixels) -> str:
    text = base64.b64encode(_png(pixels)).decode("ascii")
    pieces = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    written = []
    for number, piece in enumerate(pieces):
        # An answer of the terminal's would be taken for something typed: q=2 asks for none.
        keys = "a=T,f=100,q=2," if number == 0 else ""
        more = int(number < len(pieces) - 1)
        written.append(f"\x1b_G{keys}m={more};{piece}\x1b\\")
    return "".join(written) + "\n"


def _iterm(pixels: Pixels) -> str:
    data = _png(pixels)
    text = base64.b64encode(data).decode("ascii")
    return f"\x1b]1337;File=inline=1;preserveAspectRatio=1;size={len(data)}:{text}\x07\n"


def _png(pixels: Pixels) -> bytes:
    import numpy as np

    from covidxr.imaging.viewing import quick_png

    return quick_png(np.asarray(_scaled(pixels, _LONGEST), dtype=np.uint8))


def _scaled(pixels: Pixels, longest: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, longest / max(height, width))
    return _resized(pixels, max(1, round(width * scale)), max(1, round(height * scale)))


def _resized(pixels: Pixels, width: int, height: int) -> Pixels:
    import numpy as np
    from PIL import Image

    picture = Image.fromarray(pixels)
    # Boxes, not curves: the average of what a pixel stands for, without rings beside edges.
    return np.asarray(picture.resize((width, height), Image.Resampling.BOX), dtype=np.uint8)


def _sixel(pixels: Pixels) -> str:
    import numpy as np
    from PIL import Image

    small = Image.fromarray(_scaled(pixels, _SIXEL_LONGEST)).convert("RGB")
    indexed = small.quantize(_SIXEL_COLOURS)
    flat = indexed.getpalette() or []
    codes = np.asarray(indexed)
    used = sorted({int(code) for code in np.unique(codes)})
    # A palette's parts are percentages.
    palette = "".join(
        f"#{code};2;" + ";".join(str(round(part / 2.55)) for part in flat[3 * code : 3 * code + 3])
        for code in used
    )
    bands = "-".join(
        _band(codes[top : top + _SIXEL_ROWS]) for top in range(0, len(codes), _SIXEL_ROWS)
    )
    size = f'"1;1;{small.width};{small.height}'
    return f"\x1bPq{size}{palette}{bands}\x1b\\\n"


def _band(codes: Pixels) -> str:
    """Write six lines of pixels: one pass over them for each colour that is there."""
    import numpy as np

    weights = (1 << np.arange(len(codes)))[:, None]
    passes = []
    for code in np.unique(codes):
        letters = ((codes == code) * weights).sum(axis=0) + ord("?")
        passes.append(f"#{code}" + "".join(_runs(letters.tolist())))
    return "$".join(passes)


def _runs(letters: list[int]) -> Iterator[str]:
    from itertools import groupby

    for letter, same in groupby(letters):
        count = len(list(same))
        yield f"!{count}{chr(letter)}" if count > _REPEATED else chr(letter) * count


def _blocks(pixels: Pixels, columns: int) -> str:
    """Write upper half blocks: a character is twice as high as wide, so it holds two pixels."""
    height, width = pixels.shape[:2]
    across = min(columns, width)
    down = max(1, min(round(height * across / width), 2 * columns))
    small = _resized(pixels, across, down + down % 2)
    if small.ndim == 2:  # noqa: PLR2004 - grey
        small = small[:, :, None].repeat(3, axis=2)
    lines = []
    for top in range(0, len(small), 2):
        cells = zip(small[top].tolist(), small[top + 1].tolist(), strict=True)
        line = "".join(_half(upper, lower) for upper, lower in cells)
        lines.append(f"{line}\x1b[0m\n")
    return "".join(lines)


def _half(upper: list[int], lower: list[int]) -> str:
    above, below = (";".join(map(str, colour)) for colour in (upper, lower))
    return f"\x1b[38;2;{above}m\x1b[48;2;{below}m▀"
