"""What a release says of itself: its changes row by row, and its section of the data's changelog.

This module writes Markdown and opens no file. Nothing is cut: the page is a record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr.markdowntext import as_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from covidxr.comparison import Comparison, LoneRow, RowChange
    from covidxr.releaseversion import Needed

CHANGELOG = "CHANGELOG-DATA.md"
"""The data's changelog, beside the table; a toolkit's own CHANGELOG.md is another file."""

_TITLE = "# Changes of the data\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a release's pages are made of.

    Parameters
    ----------
    version, day : str
        Of the release; the day in ISO 8601.
    previous : str
        What it is compared with; empty for the first.
    rows, patients, files : int
        How many it has.
    needed : Needed or None
        The step that the changes need; None for the first.
    found : Comparison or None
        What changed; None for the first.
    takedowns : mapping of str to str
        Why a file was taken down, by its name.
    """

    version: str
    day: str
    previous: str
    rows: int
    patients: int
    files: int
    needed: Needed | None = None
    found: Comparison | None = None
    takedowns: Mapping[str, str] = field(default_factory=dict)


def changes(notes: Notes) -> str:
    """Write ``CHANGES.md``: every row, cell and file that differs from the release before."""
    lines = [f"# Version {notes.version} ({notes.day})", "", *_opening(notes)]
    if notes.found is not None:
        for title, body in _parts(notes.found, notes.takedowns):
            if body:
                lines += ["", f"## {title}", "", *body]
    return "\n".join(lines) + "\n"


def _opening(notes: Notes) -> Iterator[str]:
    held = f"{notes.rows:,} rows, {notes.patients:,} patients, {notes.files:,} files."
    if notes.found is None or notes.needed is None:
        yield f"First release: {held}"
        return
    yield f"Since {as_code(notes.previous)}. It holds {held}"
    if notes.needed.reasons:
        yield ""
        yield f"A {notes.needed.step.word} release at least, since:"
        yield ""
        yield from (f"- {reason}" for reason in notes.needed.reasons)
    elif not notes.found.differs:
        yield "Nothing differs from the release before."


def _parts(found: Comparison, takedowns: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    table, files = found.table, found.files
    yield "Columns", list(_columns(found))
    yield "Licences", list(_licences(found))
    yield "Labels", list(_labels(found))
    yield "Rows removed", [_lone(each, takedowns) for each in table.removed]
    yield "Rows added", [_lone(each, {}) for each in table.added]
    yield "Cells changed", [line for row in table.changed for line in _cells(row)]
    odd = (("removed", table.odd_removed), ("added", table.odd_added))
    lines = [f"- {word}: {as_code(each.text)}" for word, group in odd for each in group]
    yield "Records of another width than the header", lines
    if files is not None:
        for word in ("removed", "added", "changed"):
            paths: Iterable[str] = getattr(files, word)
            yield f"Files {word}", [f"- {as_code(path)}" for path in paths]
        renamed = [f"- {as_code(was)} → {as_code(now)}" for was, now in files.renamed]
        yield "Files renamed", renamed
    yield "Annotations", list(_annotations(found))


def _columns(found: Comparison) -> Iterator[str]:
    columns = found.table.columns
    yield from (f"- removed: {as_code(name)}" for name, _ in columns.removed)
    yield from (f"- added: {as_code(name)}" for name, _ in columns.added)
    renamed = (*columns.renamed, *columns.respelt)
    yield from (f"- {as_code(was) or '(unnamed)'} → {as_code(now)}" for was, now in renamed)
    if columns.moved:
        yield "- stand in another order"


def _licences(found: Comparison) -> Iterator[str]:
    for each in found.licences:
        was, now = as_code(each.old) or "(blank)", as_code(each.new) or "(blank)"
        lost = f"; **no more {', '.join(each.stricter)}**" if each.stricter else ""
        yield f"- {was} → {now}{lost}: {', '.join(map(as_code, each.paths))}"


def _labels(found: Comparison) -> Iterator[str]:
    if not found.labels:
        return
    yield "| Views | Label | Images | Patients |"
    yield "|---|---|--:|--:|"
    for move in found.labels:
        images = f"{move.old_images:,} → {move.images:,}"
        patients = f"{move.old_patients:,} → {move.patients:,}"
        yield f"| {move.group} | {move.label or '(all)'} | {images} | {patients} |"


def _lone(row: LoneRow, takedowns: Mapping[str, str]) -> str:
    patient, finding = row["patientid"], row["finding"]
    said = [f"patient {as_code(patient)}"] if patient else []
    said += [as_code(finding)] if finding else []
    line = f"- {as_code(row.path)}" + (f": {', '.join(said)}" if said else "")
    why = takedowns.get(row.path.rpartition("/")[2])
    return f"{line}; taken down: {as_code(why) or 'no reason given'}" if why is not None else line


def _cells(row: RowChange) -> Iterator[str]:
    was = f", before {as_code(row.old_path)}" if row.renamed else ""
    yield f"- {as_code(row.path)}{was}"
    for cell in row.cells:
        old, new = as_code(cell.old) or "(blank)", as_code(cell.new) or "(blank)"
        yield f"  - {as_code(cell.column) or '(unnamed)'}: {old} → {new}"


def _annotations(found: Comparison) -> Iterator[str]:
    for each in found.annotations:
        for word in ("added", "removed", "changed"):
            images: tuple[str, ...] = getattr(each, word)
            if images:
                yield f"- {as_code(each.path)}, {word}: {', '.join(map(as_code, images))}"


def section(notes: Notes) -> str:
    """Write a release's section of the data's changelog."""
    lines = [f"## {notes.version} ({notes.day})", ""]
    if notes.found is None or notes.needed is None:
        lines.append(f"- First release: {notes.rows:,} rows, {notes.patients:,} patients.")
    else:
        reasons = notes.needed.reasons or ("nothing but texts changed",)
        lines += [f"- {reason[0].upper()}{reason[1:]}." for reason in reasons]
        stricter = [each for each in notes.found.licences if each.stricter]
        lines += [
            f"- Under a stricter licence: {len(each.paths):,} of {notes.rows:,} rows, "
            f"{as_code(each.old)} → "
            f"{as_code(each.new) or '(blank)'}."
            for each in stricter
        ]
    lines.append(f"- Row by row: [CHANGES.md](releases/{notes.version}/CHANGES.md).")
    return "\n".join(lines) + "\n"


def with_section(page: str, notes: Notes) -> str:
    """Put a release's section first into the data's changelog, or in place of its older form.

    Parameters
    ----------
    page : str
        ``CHANGELOG-DATA.md``; empty where there is none yet.
    notes : Notes
        The release.
    """
    own = section(notes)
    lines = page.splitlines(keepends=True)
    heads = [at for at, line in enumerate(lines) if line.startswith("## ")]
    mine = next((at for at in heads if lines[at].startswith(f"## {notes.version} (")), None)
    if mine is not None:
        after = next((at for at in heads if at > mine), len(lines))
        rest = "".join(lines[after:])
        return "".join(lines[:mine]) + own + ("\n" + rest if rest else "")
    if not heads:
        return (page.rstrip("\n") + "\n" if page.strip() else _TITLE) + "\n" + own
    return "".join(lines[: heads[0]]) + own + "\n" + "".join(lines[heads[0] :])
