"""CSV109: a cell holds a control character."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

# Unicode's category Cc without tab, line feed and carriage return.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_AROUND = 10


@rule("CSV109", severity=Severity.ERROR, since="0.1")
def control_character(dataset: Dataset) -> Iterator[Hit]:
    """Report a cell that holds a control character other than a tab or a line break.

    What it checks
    --------------
    No cell holds one of the characters U+0000 to U+001F or U+007F to U+009F, tab, line feed and
    carriage return excepted.

    Why it matters
    --------------
    They cannot be seen, and programs differ: a text ends at NUL for those written in C, XML
    takes none of them, a terminal obeys some. Those from U+0080 on are mostly quotes and dashes
    of Windows that were read in the wrong encoding.

    Example
    -------
    A note copied from a PDF in which a hyphen at a line's end became U+0002.

    How to fix
    ----------
    Compare with the source, and write what stands there or delete the character.

    Source
    ------
    The Unicode Standard, section 23.1, “Control Codes”; RFC 4180's TEXTDATA leaves them out.
    """
    table = dataset.table
    for name in table.labels:
        # No control character is printable, and that is quick to ask.
        bad = set(filter(_CONTROL.search, table.unprintable(name)))
        for cells in dataset.holding(name, bad.__contains__) if bad else ():
            yield cells.at(
                name,
                _message(cells.text, _CONTROL.findall(cells.text)),
                suggestion="compare with the source, and delete it or write what it stands for",
            )


def _message(text: str, found: list[str]) -> str:
    kinds = ", ".join(f"U+{ord(each):04X}" for each in sorted(set(found))[:3])
    first = text.index(found[0])
    around = text[max(first - _AROUND, 0) : first + _AROUND + 1]
    if len(found) == 1:
        return f"the control character {kinds} stands in {around!r}"
    return f"{len(found):,} control characters ({kinds}), the first in {around!r}"
