"""Two states of a collection against each other: table, files, annotations, labels, licences.

This workflow joins reading and comparing; it prints nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationfiles, filediff, snapshots, tablediff, tablemoves
from covidxr.annotated import FOLDER as ANNOTATIONS
from covidxr.annotating import Source
from covidxr.comparison import Comparison
from covidxr.labelcounts import StatsOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from covidxr.annotated import AnnotationFile
    from covidxr.comparison import AnnotationDiff, FileDiff
    from covidxr.snapshots import Snapshot
    from covidxr.table import Table


def diff(
    root: Path, before: str, after: str | None = None, *, options: StatsOptions | None = None
) -> Comparison:
    """Compare two states of a collection.

    Parameters
    ----------
    root : Path
        The collection's folder.
    before, after : str
        What :func:`covidxr.snapshots.pair` takes; None for `after` is `root` as it stands.
    options : StatsOptions, optional
        Groups of views for the label table.

    Returns
    -------
    Comparison
        What differs.

    Raises
    ------
    CovidxrError
        If one of the two cannot be read.
    """
    return compare(*snapshots.pair(root, before, after), options or StatsOptions())


def compare(old: Snapshot, new: Snapshot, options: StatsOptions) -> Comparison:
    """Compare two states that were read."""
    contents = _contents(old.files), _contents(new.files)
    table, match = tablediff.compare(
        old.table, new.table, old_hashes=contents[0], hashes=contents[1]
    )
    files = None
    if old.files is not None and new.files is not None:
        files = filediff.compare_files(*contents)
    was, now = tablemoves.patients(old.table), tablemoves.patients(new.table)
    return Comparison(
        before=old.name,
        after=new.name,
        table=table,
        files=files,
        annotations=_annotations(old, new, files),
        labels=tablemoves.label_moves(old.table, new.table, options),
        licences=tablemoves.licence_changes(
            old.table, new.table, zip(match.old, match.new, strict=True)
        ),
        patients_added=tuple(name for name in now if name not in was),
        patients_removed=tuple(name for name in was if name not in now),
    )


def _contents(files: Mapping[str, snapshots.FileState] | None) -> dict[str, str]:
    return {path: state.id for path, state in (files or {}).items()}


def _annotations(
    old: Snapshot, new: Snapshot, files: FileDiff | None
) -> tuple[AnnotationDiff, ...]:
    if files is None or old.read is None or new.read is None:
        return ()
    went = [*files.removed, *files.changed, *(was for was, _ in files.renamed)]
    came = [*files.added, *files.changed, *(now for _, now in files.renamed)]
    return filediff.compare_annotations(
        _read(old.table, old.read, went), _read(new.table, new.read, came)
    )


def _read(
    table: Table, read: Callable[[Iterable[str]], Mapping[str, bytes]], paths: Iterable[str]
) -> Iterator[AnnotationFile]:
    """Read annotation files with the adapters; what only says something about others is none."""
    wanted = [
        path
        for path in sorted(paths)
        if path.startswith(f"{ANNOTATIONS}/")
        and path != annotationfiles.PINS
        and not annotationfiles.is_note(path)
    ]
    names = annotationfiles.names_of(table)
    for path, data in read(wanted).items():
        yield annotationfiles.read_file(Source(path, data, names))
