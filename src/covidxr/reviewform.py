"""The form of a draft row: its fields, what is wrong with them, and the cells that it comes to.

This module owns how a curator's words become a cell: by the columns alone, which know allowed
values, other spellings and ranges. It looks at one row; what it says beside others is for rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.columns import BY_NAME, COLUMNS
from covidxr.labels import NODES, read_finding
from covidxr.reviewsheet import Field, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.cells import Column
    from covidxr.reviewsheet import Proposal

NEW = "new"
"""What stands for the next free id in the field ``patientid``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A form as the table would write it.

    Parameters
    ----------
    cells : mapping of str to str
        By column; blanks are left out.
    remarks : tuple of Remark
        What is wrong with single fields, in the order of the columns.
    """

    cells: Mapping[str, str]
    remarks: tuple[Remark, ...]


def read_form(cells: Mapping[str, str]) -> Reading:
    """Read a form into cells in the schema's own spelling.

    Parameters
    ----------
    cells : mapping of str to str
        What the fields hold, by column; a column that is left out is blank.

    Returns
    -------
    Reading
        A field that cannot be read keeps its text and has a remark that blocks.
    """
    kept: dict[str, str] = {}
    remarks: list[Remark] = []
    for column in COLUMNS:
        # A cell of the table holds no line end.
        text = " ".join(cells.get(column.name, "").split())
        cell, remark = _read(column, text)
        if cell:
            kept[column.name] = cell
        if remark is not None:
            remarks.append(remark)
    return Reading(cells=kept, remarks=tuple(remarks))


def _read(column: Column, text: str) -> tuple[str, Remark | None]:
    if column.name == "patientid" and text.casefold() == NEW:
        return NEW, None
    judgement = column.judge(text)
    if judgement is None:
        return text, None
    meant = read_finding(text).canonical if column.kind == "finding" else judgement.value
    if meant is not None and judgement.problem is not Problem.TODO:
        note = Remark(field=column.name, message=f"will be written as {meant}", blocking=False)
        return meant, note
    if judgement.problem is Problem.TODO:
        return text, Remark(
            field=column.name,
            message="no finding is chosen yet",
            suggestion="read the source and choose one; Unknown where it does not say",
        )
    return text, Remark(
        field=column.name, message=judgement.message, suggestion=judgement.suggestion or ""
    )


def fields(
    cells: Mapping[str, str],
    drafted: Mapping[str, str],
    proposals: Mapping[str, Sequence[Proposal]],
    remarks: Sequence[Remark],
) -> tuple[Field, ...]:
    """Describe the form.

    Parameters
    ----------
    cells : mapping of str to str
        What the fields hold.
    drafted : mapping of str to str
        What the source filled in.
    proposals : mapping of str to sequence of Proposal
        What was inferred, by column.
    remarks : sequence of Remark
        On all fields.

    Returns
    -------
    tuple of Field
        One a column, in the header's order.
    """
    return tuple(
        Field(
            name=column.name,
            kind=column.kind,
            value=cells.get(column.name, ""),
            drafted=drafted.get(column.name, ""),
            meaning=column.meaning,
            unit=column.unit,
            example=column.example,
            level=column.level,
            required=not column.blank or column.kind == "licence",
            choices=_choices(column),
            proposals=tuple(proposals.get(column.name, ())),
            remarks=tuple(each for each in remarks if each.field == column.name),
        )
        for column in COLUMNS
    )


def _choices(column: Column) -> Mapping[str, str]:
    if column.kind == "finding":
        return {node.path: node.note or node.kind for node in NODES if node.path != "todo"}
    return column.allowed


def close_names(name: str) -> list[str]:
    """Give the columns whose names are close to one that is none."""
    import difflib

    return difflib.get_close_matches(name.casefold(), BY_NAME, n=3)
