"""Mending what needs no judgement: the cells, and the files that are renamed with them.

This workflow turns the safe fixes of a validation into edits of the table. It touches no cell
that no diagnostic names, and prints nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import csvtext, store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from covidxr.dataset import Dataset
    from covidxr.report import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One cell that changes.

    Parameters
    ----------
    row, column : int
        Position in the table, both from 0.
    line : int
        1-based line on which the record begins.
    name : str
        Header cell of the column.
    old, new : str
        Its text before and after.
    codes : tuple of str
        Rules whose fixes it carries out.
    rename : tuple of (str, str) or None
        A file renamed with it, old and new path relative to the root.
    """

    row: int
    column: int
    line: int
    name: str
    old: str
    new: str
    codes: tuple[str, ...]
    rename: tuple[str, str] | None = None


def plan(found: Iterable[Found], dataset: Dataset) -> tuple[Edit, ...]:
    """Work out the edits of a validation's safe fixes.

    Where several rules mend one cell, the one that knows the value wins over the one that only
    drops blanks around it. A file is renamed once, together with every row that names it.

    Parameters
    ----------
    found : iterable of Found
        What the rules found.
    dataset : Dataset
        What they looked at.

    Returns
    -------
    tuple of Edit
        In the order of the file; empty when there is nothing to mend.
    """
    wanted: dict[tuple[int, int], list[Found]] = {}
    for each in found:
        if each.hit.fix is None or each.hit.field is None:
            continue
        column = dataset.table.position(each.hit.field)
        if column is None:
            continue
        for row in each.hit.rows:
            wanted.setdefault((row, column), []).append(each)
    edits = [_edit(place, fixes, dataset) for place, fixes in sorted(wanted.items())]
    return _without_disputed_files(tuple(edit for edit in edits if edit.new != edit.old), dataset)


def _edit(place: tuple[int, int], fixes: list[Found], dataset: Dataset) -> Edit:
    row, column = place
    old = dataset.table.text.cell(row, column)
    # The fix that changes most of the text knows most about it: blanks alone come last.
    best = max(
        (each.hit.fix for each in fixes if each.hit.fix is not None),
        key=lambda fix: (fix.rename is not None, fix.value != old.strip()),
    )
    return Edit(
        row=row,
        column=column,
        line=dataset.row(row).line,
        name=dataset.table.text.header[column],
        old=old,
        new=best.value,
        codes=tuple(sorted({each.rule.code for each in fixes})),
        rename=best.rename,
    )


def _without_disputed_files(edits: tuple[Edit, ...], dataset: Dataset) -> tuple[Edit, ...]:
    """Leave out renames that another one contradicts, or that would leave a row behind."""
    renames = {edit.rename for edit in edits if edit.rename is not None}
    names = Counter(name for rename in renames for name in rename)
    rows = {edit.row for edit in edits if edit.rename is not None}
    fine = {
        rename
        for rename in renames
        if all(names[name] == 1 for name in rename)
        and rows.issuperset(dataset.table.rows_of(rename[0]))
    }
    return tuple(edit for edit in edits if edit.rename is None or edit.rename in fine)


def edited_table(dataset: Dataset, edits: Iterable[Edit]) -> bytes:
    """Give the table's bytes with the edits made and all else as it was."""
    cells = {(edit.row, edit.column): edit.new for edit in edits}
    return csvtext.edited(dataset.table.text, cells)


def apply(root: Path, dataset: Dataset, edits: tuple[Edit, ...]) -> None:
    """Make the edits on the disk, cells and files together or not at all.

    Raises
    ------
    CollectionError
        If the disk refuses or the table changed meanwhile; then nothing was changed.
    """
    renames = dict(edit.rename for edit in edits if edit.rename is not None)
    store.write_table(root, dataset.table.text, edited_table(dataset, edits), renames)


def diff(dataset: Dataset, edits: tuple[Edit, ...]) -> str:
    """Show the edits as a unified diff without context lines.

    Returns
    -------
    str
        What ``git apply --unidiff-zero`` takes, preceded by a comment line per renamed file; empty
        when there is nothing to mend.
    """
    if not edits:
        return ""
    text = dataset.table.text
    renames = dict.fromkeys(edit.rename for edit in edits if edit.rename)
    lines = [f"# rename {old} -> {new}" for old, new in renames]
    lines += [f"--- a/{dataset.table.name}", f"+++ b/{dataset.table.name}"]
    by_row: dict[int, dict[int, str]] = {}
    for edit in edits:
        by_row.setdefault(edit.row, {})[edit.column] = edit.new
    # A new cell may hold fewer or more line breaks than the old one, which shifts what follows.
    shift, line, reached = 0, 1, 0
    for row, cells in sorted(by_row.items()):
        record = text.record(row)
        old = _split(text.text(record))
        new = _split(csvtext.edited_record(text.text(record), cells))
        # git ends a line at "\n" alone, so its lines are not those that a cell's place counts.
        line += bytes(text.data[reached : record.start]).count(b"\n")
        reached = record.start
        lines.append(f"@@ -{line},{len(old)} +{line + shift},{len(new)} @@")
        lines += [f"-{line}" for line in old] + [f"+{line}" for line in new]
        shift += len(new) - len(old)
    return "\n".join(lines) + "\n"


def _split(record: str) -> list[str]:
    ended = record.endswith("\n")
    parts = record.removesuffix("\n").split("\n")
    return parts if ended else [*parts[:-1], f"{parts[-1]}\n\\ No newline at end of file"]
