"""What a collection may be used for, as text, JSON, CSV and Markdown. Prints nothing."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from covidxr.attributionpage import plain
from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json, counted, escaped
from covidxr.purposes import MEANING, WHY_UNKNOWN, Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from covidxr.permissions import Group, Permissions
    from covidxr.table import Row

_HEAD = ("licence", "rows", "images", "patients", *Purpose, "credit", "share alike")
_RIGHT = frozenset({"rows", "images", "patients"})
_TOLD = {True: "yes", False: "no", None: "not known"}
_SHOWN = 5
_LONGEST = 60
_SIDE_BY_SIDE = (
    "each ask that what is made of an image is shared under the image's own licence: images of two "
    "of them cannot be parts of one adapted picture, unless one licence's text names the other as "
    "compatible. Side by side in a collection they are no adaptation, and each keeps its licence."
)
_NO_ADVICE = "This reads the license column; it is no legal advice. The licences' own texts count."


def text(found: Permissions) -> str:
    """Give the table of licences, what holds per purpose and for the whole, and what is unclear."""
    parts = [
        aligned(_HEAD, [_cells(each) for each in found.groups], right=_RIGHT),
        aligned(("purpose", "allow", "forbid", "not known"), _purposes(found), right=_NUMBERS),
        "\n".join(_whole(found)) + "\n",
        *_unknown(found),
        *_more(found),
        _NO_ADVICE + "\n",
    ]
    return "\n".join(parts)


_NUMBERS = frozenset({"allow", "forbid", "not known"})


def _cells(each: Group) -> tuple[str, ...]:
    return (
        _name(each),
        *(f"{number:,}" for number in (len(each.rows), each.images, each.patients)),
        *(_TOLD[each.allows[purpose]] for purpose in Purpose),
        _TOLD[each.credit],
        _TOLD[each.share_alike],
    )


def _name(each: Group) -> str:
    name = each.licence or "(blank)"
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"


def _purposes(found: Permissions) -> list[tuple[str, ...]]:
    return [
        (
            MEANING[purpose],
            *(f"{found.rows(purpose, allowed=each):,}" for each in (True, False, None)),
        )
        for purpose in Purpose
    ]


def _whole(found: Permissions) -> list[str]:
    """Say what holds for all rows together."""
    total = len(found.dataset.table)
    known = sum(len(each.rows) for each in found.groups if not each.why)
    lines = [
        f"{known:,} of {counted(total, 'row')} name a licence that is known. Together these allow:"
    ]
    for purpose in Purpose:
        forbids = found.rows(purpose, allowed=False)
        no = f"no, {counted(forbids, 'row')} forbid{'s' if forbids == 1 else ''} it"
        lines.append(f"  {MEANING[purpose]}: {no if forbids else 'yes' if known else 'not known'}")
    credited = sum(len(each.rows) for each in found.groups if each.credit)
    if credited:
        words = f"{counted(credited, 'row')} must be credited: `covidxr attribution` says how."
        lines.append(f"  {words}")
    if known < total:
        lines.append(
            f"  Of {counted(total - known, 'row')} nothing can be said, and so not of the whole."
        )
    return lines + _share_alike(found)


def _share_alike(found: Permissions) -> list[str]:
    names = found.copyleft
    if not names:
        return []
    alone = f"What is made of images under {names[0]} is shared under that licence."
    if len(names) == 1:
        return [alone]
    return [f"{', '.join(names)} {_SIDE_BY_SIDE}"]


def _unknown(found: Permissions) -> Iterable[str]:
    """Name what is not known, with rows and what to do."""
    for key, words in WHY_UNKNOWN.items():
        groups = [each for each in found.groups if each.why == key]
        if not groups:
            continue
        rows = sorted(row for each in groups for row in each.rows)
        lines = [f"Not known, {counted(len(rows), 'row')}: {words}"]
        for each in groups:
            first = ", ".join(str(found.dataset.row(row).line) for row in each.rows[:_SHOWN])
            more = len(each.rows) - _SHOWN
            also = f" and {more:,} more" if more > 0 else ""
            lines.append(escaped(f"  {_name(each)}: line {first}{also}"))
        yield "\n".join(lines) + "\n"


def _more(found: Permissions) -> Iterable[str]:
    if found.lapsing:
        lines = ["Permissions for a time:"]
        lines += [f"  line {found.dataset.row(row).line}: {said}" for row, said in found.lapsing]
        yield "\n".join(map(escaped, lines)) + "\n"
    if found.changed:
        lines = ["Changed pictures whose licence does not let them be shared so:"]
        for each in found.changed:
            row = found.dataset.row(each.row)
            lines.append(f"  line {row.line}, {row['filename']}, {each.licence}: {each.evidence}")
        yield "\n".join(map(escaped, lines)) + "\n"
    if found.annotations:
        rows = [
            (each.path, each.licence or "not said", *(_TOLD[each.allows[p]] for p in Purpose))
            for each in found.annotations
        ]
        yield aligned(("annotations", "licence", *Purpose), rows)


def csv_text(found: Permissions) -> str:
    """Give a line a row: what its licence allows; a cell is blank where it is not known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ("line", "filename", "license", "read_as", *Purpose, "credit", "share_alike", "unknown")
    writer.writerow(head)
    of_row = {row: each for each in found.groups for row in each.rows}
    for row, each in sorted(of_row.items(), key=lambda pair: pair[0]):
        cells = found.dataset.row(row)
        told = (*each.allows.values(), each.credit, each.share_alike)
        writer.writerow(
            (
                *(cells.line, cells["filename"], cells["license"]),
                each.licence if not each.why else "",
                *("" if one is None else _TOLD[one] for one in told),
                each.why,
            )
        )
    return out.getvalue()


def json_text(found: Permissions) -> str:
    """Give everything as one object; null is not known."""
    table = found.dataset
    return (
        as_json(
            {
                "rows": len(table.table),
                "licences": [
                    {
                        "license": each.licence,
                        "rows": len(each.rows),
                        "images": each.images,
                        "patients": each.patients,
                        "allows": each.allows,
                        "credit": each.credit,
                        "share_alike": each.share_alike,
                        "unknown": each.why or None,
                        "url": each.url or None,
                        "lines": [table.row(row).line for row in each.rows] if each.why else None,
                    }
                    for each in found.groups
                ],
                "purposes": {
                    purpose: {
                        "allow": found.rows(purpose, allowed=True),
                        "forbid": found.rows(purpose, allowed=False),
                        "unknown": found.rows(purpose, allowed=None),
                    }
                    for purpose in Purpose
                },
                "share_alike": found.copyleft,
                "for_a_time": [
                    {"line": table.row(row).line, "said": said} for row, said in found.lapsing
                ],
                "changed": [
                    {
                        "line": table.row(each.row).line,
                        "filename": table.row(each.row)["filename"],
                        "license": each.licence,
                        "evidence": each.evidence,
                    }
                    for each in found.changed
                ],
                "annotations": [
                    {"file": each.path, "license": each.licence or None, "allows": each.allows}
                    for each in found.annotations
                ],
            },
            indent=2,
        )
        + "\n"
    )


def markdown(found: Permissions) -> str:
    """Give the tables and the sentences of `text` for a page."""
    parts = [
        _table(_HEAD, [_cells(each) for each in found.groups]),
        _table(("purpose", "allow", "forbid", "not known"), _purposes(found)),
        "\n".join(f"{'  ' if line[0] == ' ' else ''}- {line.strip()}" for line in _whole(found)),
        _NO_ADVICE,
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *(list(map(plain, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def listed(form: str, purpose: Purpose, rows: Sequence[tuple[Row, Group]], total: int) -> str:
    """List the rows that do not, or not for certain, allow a purpose.

    Parameters
    ----------
    form : str
        A key of `FORMS`.
    purpose : Purpose
        What is asked for.
    rows : sequence of (Row, Group)
        Those rows, in the order of the table.
    total : int
        How many rows there are.
    """
    told = [
        (str(row.line), row["filename"], each.licence or "(blank)", _answer(each, purpose))
        for row, each in rows
    ]
    head = ("line", "filename", "license", "allowed")
    if form == "json":
        return as_json([dict(zip(head, row, strict=True)) for row in told], indent=2) + "\n"
    if form == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([head, *told])
        return out.getvalue()
    allowed = total - len(rows)
    words = f"{allowed:,} of {counted(total, 'row')} allow to {MEANING[purpose]}."
    if form == "markdown":
        return f"{_table(head, told)}\n\n{words}\n"
    return (f"{aligned(head, told, right=('line',))}\n" if told else "") + f"{words}\n"


def _answer(each: Group, purpose: Purpose) -> str:
    return "no" if each.allows[purpose] is False else f"not known: {each.why}"


FORMS: dict[str, Callable[[Permissions], str]] = {
    "text": text,
    "json": json_text,
    "csv": csv_text,
    "markdown": markdown,
}
"""How permissions are printed, by name."""
