"""What came of a release, as text or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import as_json, counted, escaped, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.release import Release

_SHOWN = 10


def text(done: Release, *, written: bool) -> str:
    """Say what was released, or what stands in the way, and what to do next.

    Parameters
    ----------
    done : Release
        The release.
    written : bool
        Whether it was to be written; else all was only looked at.
    """
    return "\n".join(_lines(done, written=written)) + "\n"


def _lines(done: Release, *, written: bool) -> Iterator[str]:
    version = escaped(done.version)
    since = f"since {escaped(done.previous)}" if done.previous else "the first release"
    yield f"{version}, {since}"
    if done.found is not None and done.needed is not None:
        for reason in done.needed.reasons or ("nothing changed",):
            yield f"  {escaped(reason)}"
        yield f"  needs a {done.needed.step.word} release at least"
    if done.is_refused:
        yield from _refused(done)
        return
    yield "written:" if written else "would be written:"
    yield from (f"  {escaped(path)}" for path in done.files)
    if done.exported is not None:
        for exporter, folder in done.exported.written:
            files = counted(folder.files, "file")
            yield f"  {escaped(str(folder.folder))}/ ({exporter.title}, {files})"
        yield from (f"note: {escaped(note)}" for note in done.exported.notes)
    if written:
        yield "next:"
        yield f"  git add {' '.join(_to_add(done))}"
        yield f"  git commit -m 'Version {version} of the data'"
        yield f"  git tag -a {escaped(done.tag)} -m 'Version {version} of the data'"
        yield f"  git push origin HEAD {escaped(done.tag)}"


def _to_add(done: Release) -> Iterator[str]:
    tops = dict.fromkeys(
        path.rpartition("/")[0] if path.startswith("releases/") else path for path in done.files
    )
    yield from map(escaped, tops)


def _refused(done: Release) -> Iterator[str]:
    yield "not released, nothing was written:"
    for sentence in done.refusals:
        yield f"  {escaped(sentence)}"
    for each in done.problems[:_SHOWN]:
        yield f"  {place(each)}: {each.code} {escaped(each.message)}"
    left = len(done.problems) - _SHOWN
    if left > 0:
        yield f"  … and {counted(left, 'more error')}: covidxr validate shows them"


def json_(done: Release, *, written: bool) -> str:
    """Write the same for programs."""
    needed = done.needed
    record = {
        "version": done.version,
        "previous": done.previous or None,
        "released": written and not done.is_refused,
        "step": None if needed is None else needed.step.word,
        "reasons": [] if needed is None else list(needed.reasons),
        "refusals": list(done.refusals),
        "errors": [
            {"code": each.code, "where": place(each), "message": each.message}
            for each in done.problems
        ],
        "files": list(done.files),
        "exports": []
        if done.exported is None
        else [
            {"format": exporter.key, "folder": str(folder.folder), "files": folder.files}
            for exporter, folder in done.exported.written
        ],
        "tag": done.tag,
    }
    return as_json(record, indent=1) + "\n"


FORMS = {"text": text, "json": json_}
"""Forms by the name that users type."""
