"""Label counts as a chart for a README. Returns the file's bytes, the same ones every time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from covidxr import labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from covidxr.labelcounts import GroupCounts

FORMATS = ("png", "svg")

# Okabe and Ito, "Color universal design" (2008): told apart with any colour vision, and in grey
# because their lightness differs.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
_INK = "#333333"
_FAINT = "#999999"
_ADDENDS = 2
_NAMES_WIDTH = 105  # points: the longest name with its indent, in the font below
_STYLE = {
    "svg.hashsalt": "covidxr",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def draw(groups: Sequence[GroupCounts], kind: str) -> bytes:
    """Draw one bar per label, in tree order, made of a piece per group.

    Parameters
    ----------
    groups : sequence of GroupCounts
        Without an image in two of them, for the pieces add up; at most eight colours are there.
    kind : str
        One of `FORMATS`.

    Returns
    -------
    bytes
        The image file, without a date in it.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    nodes = [node for node in labels.NODES if node.is_finding]
    with mpl.rc_context({**mpl.rcParamsDefault, **_STYLE}):
        figure = Figure(figsize=(8, 1.1 + 0.21 * len(nodes)), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _bars(axes, groups, len(nodes))
        _furnish(axes, nodes)
        columns = 2 if len(groups) > 1 else 1
        figure.legend(loc="outside upper left", ncols=columns, frameon=False)
        out = io.BytesIO()
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(out, format=kind, dpi=150, metadata=metadata)
    return out.getvalue()


def _bars(axes: Axes, groups: Sequence[GroupCounts], number: int) -> None:
    ends = [0] * number
    for position, group in enumerate(groups):
        images = [found.images for found in group.labels]
        axes.barh(
            range(number),
            images,
            left=ends,
            height=0.72,
            color=_COLOURS[position % len(_COLOURS)],
            label=f"{_plain(group.name)}: {group.images:,} images, {group.patients:,} patients",
        )
        ends = [end + more for end, more in zip(ends, images, strict=True)]
    for row, end in enumerate(ends):
        parts = [f"{group.labels[row].images:,}" for group in groups]
        text = " + ".join(parts) if len(parts) == _ADDENDS and end else f"{end:,}"
        axes.annotate(
            text,
            (end, row),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=_INK if end else _FAINT,
        )


def _plain(text: str) -> str:
    """Keep a name of the data from being read as a formula."""
    return text.replace("$", r"\$")


def _furnish(axes: Axes, nodes: Sequence[labels.Node]) -> None:
    from matplotlib.ticker import MaxNLocator

    names = ["\N{EM SPACE}" * node.depth + node.name for node in nodes]
    axes.set_yticks(range(len(nodes)), names)
    axes.tick_params(axis="y", length=0, pad=_NAMES_WIDTH)
    for tick, node in zip(axes.get_yticklabels(), nodes, strict=True):
        tick.set_fontweight("bold" if node.depth == 0 or node.kind == "group" else "normal")
        tick.set_horizontalalignment("left")
    axes.set_ylim(len(nodes) - 0.4, -0.6)
    axes.set_xlim(0, max(1, axes.dataLim.xmax) * 1.12)
    axes.set_xlabel("images")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="x", length=0)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
