"""Lists of DOIs in a file: one a line, or a table with a column for them.

This module reads text; finding the file is the disk's work. It judges no DOI: what a line says is
handed on as it stands, with the line.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One DOI as somebody has written it.

    Parameters
    ----------
    text : str
        What is written.
    where : str
        Where it is: ``"list.csv:3"``; empty for the command line.
    """

    text: str
    where: str = ""


def listed(text: str, name: str) -> list[Asked]:
    """Read the DOIs of a file.

    Parameters
    ----------
    text : str
        A table with a column ``doi`` in its first line, comma, semicolon or tab between cells; or
        one DOI a line, with ``#`` before remarks.
    name : str
        The file's, for messages.

    Returns
    -------
    list of Asked
        In the file's order, repeated ones too; blank cells and lines are left out.
    """
    text = text.removeprefix("\ufeff")
    # Excel of old Macs ends its lines with a carriage return.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    for delimiter in ",;\t":
        names = [cell.strip().strip('"').lower() for cell in head.split(delimiter)]
        if "doi" in names and (len(names) > 1 or head.strip().strip('"').lower() == "doi"):
            return _column(text, names.index("doi"), delimiter, name)
    return [
        Asked(text=_without_remark(line), where=f"{name}:{at}")
        for at, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _without_remark(line: str) -> str:
    return re.split(r"\s#", line, maxsplit=1)[0].strip()


def _column(text: str, column: int, delimiter: str, name: str) -> list[Asked]:
    found: list[Asked] = []
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    first = True
    began = 1
    try:
        for record in reader:
            began = reader.line_num + 1
            if not any(cell.strip() for cell in record):
                continue
            if first:
                first = False
                continue
            cell = record[column].strip() if column < len(record) else ""
            if cell:
                found.append(Asked(text=cell, where=f"{name}:{reader.line_num}"))
    except csv.Error:
        # What is behind a quote that is not closed would be lost without a word.
        line = text.splitlines()[began - 1]
        found.append(Asked(text=f"a quote is not closed: {line}", where=f"{name}:{began}"))
    return found
