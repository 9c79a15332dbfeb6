"""Bars for the report, as SVG that stands within its page: same numbers, same bytes.

This module owns how a plot looks. Its colours are the page's own, so that it is read on light and
on dark; its text is text. The page has every number of it in a table beside it.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

MOST_BARS = 14
_LONGEST_NAME = 30

# Stand for the page's colours until the drawing is done; no drawing has these otherwise.
_INK, _RULE, _BAR = "#010203", "#040506", "#070809"
_COLOURS = {_INK: "currentColor", _RULE: "var(--rule)", _BAR: "var(--bar)"}
_STYLE = {
    "svg.hashsalt": "covidxr",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": _INK,
    "text.parse_math": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.labelcolor": _INK,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and how many images it has."""

    name: str
    images: int


def few(bars: Sequence[Bar], most: int = MOST_BARS) -> list[Bar]:
    """Put the bars behind the first ones together, where there are too many to be drawn."""
    if len(bars) <= most:
        return list(bars)
    rest = bars[most - 1 :]
    others = Bar(f"{len(rest)} others", sum(bar.images for bar in rest))
    return [*bars[: most - 1], others]


def draw(bars: Sequence[Bar], key: str, title: str) -> str:
    """Draw horizontal bars, the first on top.

    Parameters
    ----------
    bars : sequence of Bar
        At least one.
    key : str
        Letters that no other plot of the page has: its ids begin with them.
    title : str
        What is read out instead of the drawing.

    Returns
    -------
    str
        An ``svg`` element.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context({**mpl.rcParamsDefault, **_STYLE}), warnings.catch_warnings():
        # A browser has letters that the font which is measured here has not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(4.8, 0.5 + 0.24 * len(bars)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        _bars(axes, bars)
        _furnish(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return _inlined(out.getvalue(), key, title)


def _bars(axes: Axes, bars: Sequence[Bar]) -> None:
    axes.barh(range(len(bars)), [bar.images for bar in bars], height=0.7, color=_BAR)
    axes.set_yticks(range(len(bars)), [_short(bar.name) for bar in bars])
    for place, bar in enumerate(bars):
        axes.annotate(
            f"{bar.images:,}",
            (bar.images, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, max(1, *(bar.images for bar in bars)) * 1.16)


def _furnish(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.grid(axis="x", color=_RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.set_xlabel("images")
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)


def _short(name: str) -> str:
    shown = escaped(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def _inlined(svg: str, key: str, title: str) -> str:
    """Fit a drawing of its own into a page that has others."""
    from html import escape

    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*<style\b.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\1{key}-", svg)
    for stand_in, colour in _COLOURS.items():
        svg = svg.replace(stand_in, colour)
    head = f'<svg role="img" aria-label="{escape(escaped(title))}" '
    return svg.replace("<svg ", head, 1).rstrip() + "\n"
