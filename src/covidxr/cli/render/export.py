"""What came of an export, and which formats there are. Returns strings, prints nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.export import Exported
    from covidxr.model import Diagnostic
    from covidxr.plugins import Exporter

_SHOWN = 20


def listing(known: Sequence[Exporter]) -> str:
    """List the formats: key, title, and what its page begins with."""
    width = max((len(each.key) for each in known), default=0)
    lines = []
    for each in known:
        lines += [f"{each.key:{width}}  {each.title}", f"{'':{width}}  {each.summary}"]
    return "\n".join(lines) + "\n"


def listing_json(known: Sequence[Exporter]) -> str:
    """List the formats for programs."""
    made = [{"key": each.key, "title": each.title, "summary": each.summary} for each in known]
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def exported(found: Exported) -> str:
    """Say what was written, or what is in the way."""
    lines = [
        f"{each.title}: {written.folder}, {_files(written.files)}, {_megabytes(written.bytes)}"
        for each, written in found.written
    ]
    if found.problems:
        begun = (
            "Exported in spite of what readers stumble over:"
            if found.written
            else "Nothing was exported: readers would stumble over"
        )
        lines.append(begun)
        lines += [f"  {_problem(each)}" for each in found.problems[:_SHOWN]]
        more = len(found.problems) - _SHOWN
        if more > 0:
            lines.append(f"  and {more:,} more; `covidxr validate` shows all")
        if not found.written:
            lines.append("Mend them, or export all the same with --anyway.")
    return "\n".join(lines) + "\n"


def exported_json(found: Exported) -> str:
    """Say the same to programs."""
    made = {
        "written": [
            {
                "format": each.key,
                "folder": written.folder.as_posix(),
                "files": written.files,
                "bytes": written.bytes,
            }
            for each, written in found.written
        ],
        "problems": [
            {"code": each.code, "file": each.file, "line": each.line, "message": each.message}
            for each in found.problems
        ],
        "notes": list(found.notes),
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _problem(each: Diagnostic) -> str:
    where = each.file if each.line is None else f"{each.file}:{each.line}"
    return escaped(f"{where}: {each.code} {each.message}")


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"  # noqa: PLR2004
