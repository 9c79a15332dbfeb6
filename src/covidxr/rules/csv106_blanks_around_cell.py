"""CSV106: blanks stand before or after the text of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.model import Fix, Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

_SHOWN = 40


@rule("CSV106", severity=Severity.WARNING, since="0.1")
def blanks_around_cell(dataset: Dataset) -> Iterator[Hit]:
    """Report a cell whose text begins or ends with a blank.

    What it checks
    --------------
    Ids, names of files, numbers, dates, DOIs, addresses, licences, findings and values from a list
    have no blank, tab or no-break space around them; a cell without a value is quite empty. In
    location and the notes only a line or page break at either end is reported.

    Why it matters
    --------------
    ``one.png`` and ``one.png`` with a blank are two files to a program, and a finding with a blank
    behind it once became a label of its own beside the right one.

    Example
    -------
    The cell ``10.5555/12345678`` of doi ends with a blank.

    How to fix
    ----------
    ``covidxr validate --fix`` removes the blanks and changes nothing else.

    Source
    ------
    RFC 4180, section 2, point 4: spaces are part of a field.
    """
    table = dataset.table
    for name in table.fields:
        prose = BY_NAME[name].kind == "text"
        loose = {text for text in table.loose(name) if not prose or _breaks(text)}
        for text, rows in table.rows_by_text(name, loose).items():
            yield Hit(
                message=_message(text),
                rows=rows,
                field=name,
                value=text,
                suggestion="remove the blanks around it" if text.strip() else "empty the cell",
                fix=Fix(value=text.strip()),
            )


def _breaks(text: str) -> bool:
    # In prose only what breaks a line or a page is worth a word: a blank behind it hurts nobody.
    edges = text[: len(text) - len(text.lstrip())] + text[len(text.rstrip()) :]
    return any(each < " " and each != "\t" for each in edges)


def _message(text: str) -> str:
    bare = text.strip()
    if not bare:
        return f"the cell holds nothing but blanks: {text[:_SHOWN]!r}"
    before, after = text[0] != bare[0], text[-1] != bare[-1]
    if before and after:
        return f"blanks stand before and after {_shown(bare)}"
    blanks = text[: len(text) - len(bare)] if before else text[len(bare) :]
    what = "a blank" if blanks == " " else f"{blanks[:_SHOWN]!r}" if blanks.strip(" ") else "blanks"
    verb = "stand" if what == "blanks" else "stands"
    if before:
        return f"{what} {verb} before {_shown(bare)}"
    return f"{what} {verb} after {_shown(bare, end=True)}"


def _shown(text: str, *, end: bool = False) -> str:
    if len(text) <= _SHOWN:
        return repr(text)
    return repr(f"…{text[-_SHOWN:]}" if end else f"{text[:_SHOWN]}…")
