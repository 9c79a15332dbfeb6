"""What differs between two states of a collection, as text, JSON, or Markdown for GitHub."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import counted, escaped
from covidxr.comparison import CellChange
from covidxr.markdowntext import as_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from covidxr.comparison import (
        AnnotationDiff,
        Comparison,
        LabelMove,
        LicenceChange,
        LoneRow,
        RowChange,
    )

MOST_CHARACTERS = 60_000
"""Size that Markdown is kept below: GitHub refuses a comment above 65,536 characters."""

_SHORT = 60
_NOT_ASCII_SHOWN = re.compile("\x7f")
_MATCHED = {"bytes": "same bytes", "cells": "all other cells are the same"}
# Cells that tell what a row is, in the order in which they are shown.
_TELLING = ("patientid", "finding", "view", "modality", "license")
_ARROW = "→"


# -- the facts, section by section -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Section:
    """One kind of difference: its title, and a line for each case."""

    title: str
    lines: Sequence[str]


def _gravest(found: Comparison, safe: Callable[[str], str]) -> Iterator[_Section]:
    """Yield what must not be overlooked; `safe` makes a text of the data harmless."""
    stricter = [each for each in found.licences if each.stricter]
    count = counted(sum(len(each.paths) for each in stricter), "row")
    yield _Section(f"{count} under a stricter licence", [_licence(e, safe) for e in stricter])
    yield _Section("Columns", list(_columns(found, safe)))
    yield from _record_sections(found, safe)


def _others(found: Comparison, safe: Callable[[str], str]) -> Iterator[_Section]:
    """Yield all else that differs."""
    table = found.table
    renamed = [each for each in table.changed if each.renamed]
    mended = [each for each in table.changed if not each.renamed]
    for word, sign, rows in (("removed", "-", table.removed), ("added", "+", table.added)):
        title = f"{counted(len(rows), 'row')} {word}"
        yield _Section(title, [_lone(sign, each, safe) for each in rows])
    for words, changed in (("with another file name", renamed), ("changed", mended)):
        title = f"{counted(len(changed), 'row')} {words}"
        yield _Section(title, [_row(each, safe) for each in changed])
    yield _Section("Changed cells by column", list(_by_column(found, safe)))
    yield _Section("Other licences", [_licence(e, safe) for e in found.licences if not e.stricter])
    yield from _file_sections(found, safe)
    yield _Section("Annotations", [_annotation(each, safe) for each in found.annotations])
    yield from _patient_sections(found, safe)


def _by_column(found: Comparison, safe: Callable[[str], str]) -> Iterator[str]:
    """Sum cells up where a change was made in several rows at once."""
    changes: dict[str, Counter[tuple[str, str]]] = {}
    for row in found.table.changed:
        for cell in row.cells:
            changes.setdefault(cell.column, Counter())[cell.old, cell.new] += 1
    if not any(count > 1 for pairs in changes.values() for count in pairs.values()):
        return
    for column, pairs in sorted(changes.items(), key=lambda item: -item[1].total()):
        often = [(pair, count) for pair, count in pairs.most_common(3) if count > 1]
        shown = [
            f"{_texts(CellChange(column=column, old=old, new=new), safe)} ×{count:,}"
            for (old, new), count in often
        ]
        most = f": {'; '.join(shown)}" if shown else ""
        rest = len(pairs) - len(often)
        if shown and rest:
            most += f"; {counted(rest, 'other')}"
        yield f"~ {_named(column, safe)}, {counted(pairs.total(), 'cell')}{most}"


def _record_sections(found: Comparison, safe: Callable[[str], str]) -> Iterator[_Section]:
    table = found.table
    for sign, lines, word in (("+", table.odd_added, "now"), ("-", table.odd_removed, "no more")):
        yield _Section(
            f"{counted(len(lines), 'record')} {word} of another width than the header",
            [f"{sign} line {each.line}: {safe(_cut(each.text))}" for each in lines],
        )


def _file_sections(found: Comparison, safe: Callable[[str], str]) -> Iterator[_Section]:
    files = found.files
    if files is None:
        return
    kinds = (("removed", "-", files.removed), ("added", "+", files.added))
    for word, sign, paths in (*kinds, ("changed", "~", files.changed)):
        title = f"{counted(len(paths), 'file')} {word}"
        yield _Section(title, [f"{sign} {safe(path)}" for path in paths])
    yield _Section(
        f"{counted(len(files.renamed), 'file')} renamed",
        [f"~ {safe(was)} {_ARROW} {safe(now)}" for was, now in files.renamed],
    )


def _patient_sections(found: Comparison, safe: Callable[[str], str]) -> Iterator[_Section]:
    pairs = (("removed", found.patients_removed), ("added", found.patients_added))
    for word, names in pairs:
        lines = [safe(", ".join(names))] if names else []
        yield _Section(f"{counted(len(names), 'patient')} {word}", lines)


def _columns(found: Comparison, safe: Callable[[str], str]) -> Iterator[str]:
    columns = found.table.columns
    for name, rows in columns.removed:
        yield f"- {_named(name, safe)}, filled in {counted(rows, 'row')}"
    for name, rows in columns.added:
        yield f"+ {_named(name, safe)}, filled in {counted(rows, 'row')}"
    for was, now in columns.renamed:
        yield f"~ {_named(was, safe)} {_ARROW} {_named(now, safe)}, the same cells in every row"
    for was, now in columns.respelt:
        yield f"~ header {safe(repr(was))} {_ARROW} {safe(repr(now))}, the same column"
    if columns.moved:
        yield "~ columns stand in another order"


def _named(column: str, safe: Callable[[str], str]) -> str:
    return safe(column) if column.strip() else "the unnamed column"


def _lone(sign: str, row: LoneRow, safe: Callable[[str], str]) -> str:
    said = [f"patient {row[name]}" if name == "patientid" else row[name] for name in _TELLING]
    what = ", ".join(text for text in said if text and text != "patient ")
    return f"{sign} {safe(row.path)} (line {row.line}): {safe(_cut(what))}"


def _row(row: RowChange, safe: Callable[[str], str]) -> str:
    who = f", patient {safe(row.patientid)}" if row.patientid else ""
    head = f"~ {safe(row.path)} (line {row.line}{who})"
    if row.renamed:
        why = _MATCHED.get(row.matched_by)
        head += f" was {safe(row.old_path)}" + (f", {why}" if why else "")
    cells = [each for each in row.cells if not row.renamed or each.column != "filename"]
    return "\n".join([head, *(f"    {_cell(each, safe)}" for each in cells)])


def _cell(cell: CellChange, safe: Callable[[str], str]) -> str:
    return f"{_named(cell.column, safe)}: {_texts(cell, safe)}"


def _texts(cell: CellChange, safe: Callable[[str], str]) -> str:
    was, now = _around(cell.old, cell.new)
    if cell.old.strip() == cell.new.strip():
        # Only blanks differ, which nobody sees without quotes.
        return f"{safe(repr(was))} {_ARROW} {safe(repr(now))}"
    return f"{safe(was) or '(blank)'} {_ARROW} {safe(now) or '(blank)'}"


def _around(old: str, new: str) -> tuple[str, str]:
    """Cut two long texts to what differs in them and some of what stands around it."""
    if max(len(old), len(new)) <= _SHORT:
        return old, new
    pairs = zip(old, new, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    first = max(0, same - _SHORT // 3)
    return _window(old, first), _window(new, first)


def _window(text: str, first: int) -> str:
    before = "… " if first and text else ""
    after = " …" if len(text) > first + _SHORT else ""
    return before + text[first : first + _SHORT] + after


def _cut(text: str) -> str:
    return text if len(text) <= 2 * _SHORT else f"{text[: 2 * _SHORT - 2]} …"


def _licence(change: LicenceChange, safe: Callable[[str], str]) -> str:
    was, now = (safe(text) or "(blank)" for text in (change.old, change.new))
    lost = f", no more {', '.join(change.stricter)}" if change.stricter else ""
    names = ", ".join(safe(path) for path in change.paths[:3])
    more = f" and {len(change.paths) - 3:,} more" if len(change.paths) > 3 else ""  # noqa: PLR2004
    return f"~ {was} {_ARROW} {now}{lost}: {counted(len(change.paths), 'row')} ({names}{more})"


def _annotation(each: AnnotationDiff, safe: Callable[[str], str]) -> str:
    kinds = (("added", each.added), ("removed", each.removed), ("changed", each.changed))
    said = [f"{counted(len(names), 'image')} {word}" for word, names in kinds if names]
    form = each.format or "no known format"
    what = ", ".join(said) or "no image's annotations changed"
    names = [name for _, group in kinds for name in group]
    shown = f" ({', '.join(map(safe, names[:3]))}{' …' if len(names) > 3 else ''})" if names else ""  # noqa: PLR2004
    return f"~ {safe(each.path)} ({form}): {what}{shown}"


def _totals(found: Comparison) -> str:
    """Say in one line what differs."""
    table, files = found.table, found.files
    rows = _signed(len(table.added), len(table.removed), len(table.changed))
    before = f"{table.old_rows:,} {_ARROW} " if table.old_rows != table.rows else ""
    parts = [f"{before}{counted(table.rows, 'row')} ({rows})"]
    cells = sum(len(each.cells) for each in table.changed)
    if cells:
        parts.append(f"{counted(cells, 'cell')} changed")
    if files is not None and files.any:
        changed = len(files.changed) + len(files.renamed)
        parts.append(f"files {_signed(len(files.added), len(files.removed), changed)}")
    return "; ".join(parts)


def _signed(added: int, removed: int, changed: int) -> str:
    said = [f"+{added:,}"] if added else []
    said += [f"−{removed:,}"] if removed else []
    said += [f"~{changed:,}"] if changed else []
    return " ".join(said) or "none differs"


def _order(found: Comparison) -> Iterator[str]:
    table = found.table
    if table.moved:
        yield f"{counted(table.moved, 'row')} moved: the order changed."
    if table.rewritten:
        words = "has" if table.rewritten == 1 else "have"
        yield (
            f"{counted(table.rewritten, 'row')} {words} the same cells in other bytes "
            "(line ends, quotes)."
        )
    if found.files is None:
        yield "Files and annotations were not looked at: a bare table was compared."


# -- text ------------------------------------------------------------------------------------------


def text(found: Comparison, limit: int | None) -> str:
    """Lay a comparison out for a terminal.

    Parameters
    ----------
    found : Comparison
        What differs.
    limit : int or None
        How many cases of a kind are shown; None shows all.

    Returns
    -------
    str
        Sections, then the whole in one line. Nothing of the data reaches the terminal as a
        control character.
    """
    lines = [f"{escaped(found.before)} {_ARROW} {escaped(found.after)}"]
    if not found.differs:
        return f"{lines[0]}\nnothing differs\n"
    for section in _gravest(found, escaped):
        lines += _section_text(section, limit)
    lines += _label_text(found.labels)
    for section in _others(found, escaped):
        lines += _section_text(section, limit)
    said = list(_order(found))
    return "\n".join([*lines, "", *said, _totals(found)]) + "\n"


def _section_text(section: _Section, limit: int | None) -> list[str]:
    if not section.lines:
        return []
    return ["", section.title, *_indented(section.lines, limit)]


def _indented(lines: Sequence[str], limit: int | None) -> Iterator[str]:
    for line in lines[:limit]:
        yield "  " + line.replace("\n", "\n  ")
    if limit is not None and len(lines) > limit:
        yield f"  … and {len(lines) - limit:,} more; --limit 0 shows all"


def _label_text(moves: Sequence[LabelMove]) -> list[str]:
    if not moves:
        return []
    head = ("views", "label", "images", "", "patients", "")
    rows = [
        (
            move.group,
            move.label or "(all)",
            f"{move.old_images:,} {_ARROW} {move.images:,}",
            f"{move.images - move.old_images:+,}",
            f"{move.old_patients:,} {_ARROW} {move.patients:,}",
            f"{move.patients - move.old_patients:+,}",
        )
        for move in moves
    ]
    shown = aligned(head, rows, right=("images", "patients", "")).rstrip("\n")
    return ["", "Labels", *(f"  {line}" for line in shown.split("\n"))]


# -- Markdown --------------------------------------------------------------------------------------

_SPECIAL = re.compile(r"([\\`*_\[\]|~#$@<>])")


def _plain(text: str) -> str:
    """Make text that Markdown and HTML show as it is, and that mentions nobody."""
    shown = escaped(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", shown)


def markdown(found: Comparison) -> str:
    """Write a comparison as a comment on a pull request.

    Returns
    -------
    str
        A summary, then a part to fold out for each kind of difference, below `MOST_CHARACTERS`
        characters; what is left out is counted.
    """
    before, after = _plain(found.before), _plain(found.after)
    lines = [f"### Collection: {before} {_ARROW} {after}", ""]
    if not found.differs:
        return "\n".join([*lines, "Nothing differs."]) + "\n"
    lines += [f"**{_totals(found)}**", ""]
    every = (*_gravest(found, as_code), *_others(found, as_code))
    sections = [each for each in every if each.lines]
    lines += [f"- {each.title}" for each in sections if each.title[0].isdigit()]
    lines += [f"- {line}" for line in _order(found)]
    lines += ["", *_label_markdown(found.labels)]
    room = MOST_CHARACTERS - sum(len(line) + 1 for line in lines)
    for number, section in enumerate(sections):
        # Each kind gets its share of what is left, so that the first cannot crowd out the last.
        part = _folded(section, room // (len(sections) - number))
        room -= len(part)
        lines.append(part)
    return "\n".join(lines).rstrip("\n") + "\n"


def _folded(section: _Section, room: int) -> str:
    is_open = " open" if "stricter" in section.title or section.title == "Columns" else ""
    begin = f"<details{is_open}><summary>{section.title}</summary>\n\n"
    end = "\n</details>\n"
    size = len(begin) + len(end) + _SHORT
    shown = []
    for line in section.lines:
        item = "\n".join(_item(line)) + "\n"
        size += len(item)
        if size > room:
            break
        shown.append(item)
    left = len(section.lines) - len(shown)
    more = f"\n… and {left:,} more; `covidxr diff` shows them.\n" if left else ""
    return f"{begin}{''.join(shown)}{more}{end}"


def _item(line: str) -> Iterator[str]:
    """One case as an item of a list; the sign in front is the title's already."""
    head, *cells = line.split("\n")
    yield f"- {head[2:]}"
    for cell in cells:
        yield f"  - {cell.strip()}"


def _label_markdown(moves: Sequence[LabelMove]) -> Iterator[str]:
    if not moves:
        return
    yield "| Views | Label | Images | | Patients | |"
    yield "|---|---|--:|--:|--:|--:|"
    for move in moves:
        yield (
            f"| {_plain(move.group)} | {_plain(move.label) or '(all)'} "
            f"| {move.old_images:,} {_ARROW} {move.images:,} | {move.images - move.old_images:+,} "
            f"| {move.old_patients:,} {_ARROW} {move.patients:,} "
            f"| {move.patients - move.old_patients:+,} |"
        )
    yield ""


# -- JSON ------------------------------------------------------------------------------------------


def json_(found: Comparison) -> str:
    """Write a comparison whole.

    Returns
    -------
    str
        ASCII alone; bytes of the data that are not UTF-8 stand as lone surrogates, so that the
        pieces of the new table keep every byte.
    """
    record = {"differs": found.differs, **asdict(found)}
    return _NOT_ASCII_SHOWN.sub(r"\\u007f", json.dumps(record, indent=1)) + "\n"
