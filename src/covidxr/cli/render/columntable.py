"""The columns as a terminal's table, JSON and Markdown, and how a page differs from them."""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import TYPE_CHECKING

from covidxr import schemapage
from covidxr.cli.render.diagnostics import escaped
from covidxr.columns import COLUMNS

if TYPE_CHECKING:
    from rich.table import Table


def as_table() -> Table:
    """Lay the columns out for a terminal: name, level, values and meaning."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Column", no_wrap=True, style="bold")
    table.add_column("Level", no_wrap=True)
    table.add_column("Meaning and values")
    for column in COLUMNS:
        values = schemapage.describe_values(column).replace("`", "")
        blank = "" if column.blank else "; never blank"
        words = Text.assemble(column.meaning, "\n", (values + blank, "dim"))
        table.add_row(column.name, column.level.value, words)
    return table


def as_json() -> str:
    """Write the Table Schema."""
    return json.dumps(schemapage.table_schema(), ensure_ascii=False, indent=2) + "\n"


def as_markdown() -> str:
    """Write every generated part of SCHEMA.md, one after the other."""
    return "\n".join(schemapage.blocks().values())


def difference(name: str, old: str, new: str) -> str:
    """Write a unified diff between a page as it is and as it should be.

    Parameters
    ----------
    name : str
        Path of the page, for the two lines at the top.
    old, new : str
        The page.

    Returns
    -------
    str
        Safe for a terminal.
    """
    lines = unified_diff(
        _lines(old), _lines(new), fromfile=name, tofile=f"{name} (renewed)", lineterm="", n=1
    )
    return "".join(f"{escaped(line)}\n" for line in lines)


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]
