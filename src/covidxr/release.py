"""Releasing a collection: checked, compared with the release before, and written down.

This workflow joins validation, comparison, exports and the disk; it prints nothing, tags nothing
and pushes nothing. What belongs into the repository is written together or not at all.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import (
    collectiondiff,
    duplicatebook,
    export,
    exportfolder,
    provenance,
    releasenotes,
    releasetoml,
    releaseversion,
    revisions,
    snapshots,
    store,
    tablemoves,
    transaction,
)
from covidxr.errors import UsageError
from covidxr.labelcounts import StatsOptions
from covidxr.model import Severity
from covidxr.releasenotes import Notes
from covidxr.transaction import Change
from covidxr.validate import Options as ValidateOptions
from covidxr.validate import validate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from covidxr.comparison import Comparison
    from covidxr.dataset import Dataset
    from covidxr.export import Exported
    from covidxr.model import Diagnostic
    from covidxr.releaseversion import Needed
    from covidxr.snapshots import Snapshot

CITATION = "citation"
NEEDING_MORE = frozenset({"huggingface", "parquet"})
"""Formats that the plain installation cannot write; they are exported where they are asked for."""

LISTED = (store.TABLE, store.PROVENANCE, duplicatebook.NAME, "SCHEMA.md", "LICENSES.md")
"""Files at the top that are part of a release, besides the collection's folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to release, and how.

    Parameters
    ----------
    root : Path
        The collection's folder.
    version : str
        ``MAJOR.MINOR.PATCH``.
    day : datetime.date
        Of the release.
    checking : covidxr.validate.Options
        How it is validated.
    to : Path
        Folder of the exports, outside of what git keeps.
    since : str or None
        A revision or a folder to compare with; None for the release before.
    formats : tuple of str or None
        Keys of exports; None for all that the plain installation can write.
    allow_dirty : bool
        Whether files that are not committed are released, too.
    write : bool
        Whether anything is written.
    """

    root: Path
    version: str
    day: dt.date
    checking: ValidateOptions
    to: Path
    since: str | None = None
    formats: tuple[str, ...] | None = None
    allow_dirty: bool = False
    write: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What came of a release.

    Parameters
    ----------
    version : str
        Of the release.
    previous : str
        Version, revision or folder that it is compared with; empty for the first.
    needed : Needed or None
        The step that the changes need; None for the first.
    found : Comparison or None
        What changed; None for the first.
    problems : tuple of Diagnostic
        Errors of the validation: nothing was written.
    refusals : tuple of str
        What else stands in the way, each a sentence: nothing was written.
    files : tuple of str
        What is written into the repository, relative to the root.
    exported : Exported or None
        What was exported; None where nothing was.
    tag : str
        Name for the tag.
    """

    version: str
    previous: str = ""
    needed: Needed | None = None
    found: Comparison | None = None
    problems: tuple[Diagnostic, ...] = ()
    refusals: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    exported: Exported | None = None
    tag: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether something stands in the way."""
        return bool(self.problems or self.refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The release before, and both states."""

    version: releaseversion.Version | None
    name: str
    states: tuple[Snapshot, Snapshot] | None


def release(options: Options) -> Release:
    """Release a collection.

    Returns
    -------
    Release
        Where it is refused, why; nothing is written then.

    Raises
    ------
    UsageError
        If the version is none, is not higher than the last, or a format is not known.
    CovidxrError
        If the collection cannot be read, git cannot answer, or the disk refuses.
    """
    version = releaseversion.parse(options.version)
    before = _before(options, version)
    validation = validate(replace(options.checking, limit=None, since=None))
    problems = tuple(
        each for each in validation.report.diagnostics if each.severity is Severity.ERROR
    )
    found = None
    needed = None
    if before.states is not None:
        found = collectiondiff.compare(*before.states, StatsOptions())
        needed = releaseversion.needed(found)
    made = Release(
        version=options.version,
        previous=before.name,
        needed=needed,
        found=found,
        problems=problems,
        refusals=tuple(_refusals(options, before, version, needed)),
        tag=f"v{options.version}",
    )
    return made if made.is_refused else _made(options, made, validation.dataset)


# -- what it is compared with, and what stands in the way ------------------------------------------


def _before(options: Options, version: releaseversion.Version) -> _Before:
    root = options.root
    tags = {
        number: name
        for name in revisions.tags(root)
        if (number := releaseversion.read(name)) is not None
    }
    if version in tags:
        msg = f"{options.version} is released already: there is a tag {tags[version]}"
        raise UsageError(msg)
    written = {
        number: name
        for name in snapshots.releases(root)
        if (number := releaseversion.read(name)) is not None and number != version
    }
    last = max([*tags, *written], default=None)
    if last is not None and last > version:
        msg = f"{options.version} is not higher than {releaseversion.written(last)}, the last one"
        raise UsageError(msg)
    if options.since is not None:
        states = snapshots.pair(root, options.since, None)
        return _Before(version=last, name=options.since, states=states)
    if last is None:
        return _Before(version=None, name="", states=None)
    if last in tags:
        return _Before(
            version=last,
            name=tags[last],
            states=snapshots.pair(root, f"refs/tags/{tags[last]}", None),
        )
    states = snapshots.pair_with_release(root, written[last])
    return _Before(version=last, name=written[last], states=states)


def _refusals(
    options: Options,
    before: _Before,
    version: releaseversion.Version,
    needed: Needed | None,
) -> Iterator[str]:
    step = None if before.version is None else releaseversion.step_between(before.version, version)
    if step is not None and needed is not None and step < needed.step:
        smallest = releaseversion.next_version(before.version or (0, 0, 0), needed.step)
        yield (
            f"{options.version} is a {step.word} release, and the changes need a "
            f"{needed.step.word} one, {releaseversion.written(smallest)} or higher: "
            f"{'; '.join(needed.reasons)}"
        )
    if not options.allow_dirty:
        open_files = sorted(filter(_is_data, revisions.changed_files(options.root, "HEAD")))
        if open_files:
            more = f" and {len(open_files) - 3:,} more" if len(open_files) > 3 else ""  # noqa: PLR2004
            yield (
                f"not committed: {', '.join(open_files[:3])}{more}; commit first, or release "
                "with --allow-dirty"
            )


def _is_data(path: str) -> bool:
    return path in LISTED or path.partition("/")[0] in store.FOLDERS


# -- what is written -------------------------------------------------------------------------------


def _made(options: Options, made: Release, dataset: Dataset) -> Release:
    contents = _contents(options, made, dataset)
    made = replace(made, files=tuple(contents))
    if not options.write:
        return made
    exported = _exported(options)
    if exported is not None and exported.problems:
        return replace(made, problems=exported.problems, files=())
    root = options.root
    with transaction.holding(root):
        transaction.commit(
            root,
            [
                Change(path=path, data=data, was=was)
                for path, data in contents.items()
                if (was := store.file_bytes(root, path)) != data
            ],
        )
    return replace(made, exported=exported)


def _exported(options: Options) -> Exported | None:
    keys = options.formats
    if keys is None:
        keys = tuple(key for key in export.exporters() if key not in NEEDING_MORE)
    if not keys:
        return None
    return export.export(
        export.Options(
            root=options.root,
            keys=keys,
            to=options.to,
            today=options.checking.today,
            version=options.version,
            date=options.day.isoformat(),
            force=True,
            workers=options.checking.workers,
            progress=options.checking.progress,
        )
    )


def _contents(options: Options, made: Release, dataset: Dataset) -> dict[str, bytes]:
    """Give the files of the repository that a release makes or changes, by path."""
    root, version = options.root, options.version
    folder = f"{snapshots.RELEASES}/{version}"
    sums = _sums(root)
    notes = Notes(
        version=version,
        day=options.day.isoformat(),
        previous=made.previous,
        rows=len(dataset.table),
        patients=len(tablemoves.patients(dataset.table)),
        files=sum(path.partition("/")[0] in store.FOLDERS for path in sums),
        needed=made.needed,
        found=made.found,
        takedowns=_takedowns(root),
    )
    changelog = (store.file_bytes(root, releasenotes.CHANGELOG) or b"").decode("utf-8")
    settings, text = _settings(options)
    own = {
        "CHANGES.md": _encoded(releasenotes.changes(notes)),
        "CITATION.cff": _citation(options, dataset),
        store.TABLE: bytes(dataset.table.text.data[:]),
        snapshots.SUMS: exportfolder.sums_text(sums),
    }
    own[snapshots.MANIFEST] = _manifest(notes, made, own)
    return {
        **{f"{folder}/{name}": data for name, data in own.items()},
        releasenotes.CHANGELOG: _encoded(releasenotes.with_section(changelog, notes)),
        settings: text,
    }


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _sums(root: Path) -> dict[str, str]:
    tops = [name for name in LISTED if store.file_bytes(root, name) is not None]
    paths = [*tops, *snapshots.files_below(root)]
    return {path: digest for path, _, digest in exportfolder.looked_at(root, paths)}


def _takedowns(root: Path) -> dict[str, str]:
    data = store.file_bytes(root, store.PROVENANCE)
    return {
        line.filename: line.reason
        for line in provenance.Ledger(data).lines
        if line.decision == provenance.TAKEDOWN and line.filename
    }


def _citation(options: Options, dataset: Dataset) -> bytes:
    about = replace(
        store.read_settings(options.root).about,
        version=options.version,
        released_on=options.day.isoformat(),
    )
    artifacts = export.exporters()[CITATION].artifacts(replace(dataset, about=about))
    return next(each.data or b"" for each in artifacts if each.path == "CITATION.cff")


def _settings(options: Options) -> tuple[str, bytes]:
    """Give the settings' file in which the version stands, and its new text."""
    texts = {name: store.file_bytes(options.root, name) for name in store.SETTINGS}
    name, table = store.SETTINGS[0], "collection"
    if texts[name] is None and _has_own_table(texts[store.SETTINGS[1]]):
        name, table = store.SETTINGS[1], "tool.covidxr.collection"
    text = (texts[name] or b"").decode("utf-8")
    return name, releasetoml.with_version(text, options.version, options.day, table=table).encode()


def _has_own_table(project: bytes | None) -> bool:
    data = tomllib.loads((project or b"").decode("utf-8"))
    return "covidxr" in data.get("tool", {})


def _manifest(notes: Notes, made: Release, own: Mapping[str, bytes]) -> bytes:
    """Say in a form for programs what the release is."""
    needed = made.needed
    record = {
        "version": notes.version,
        "date": notes.day,
        "previous": notes.previous or None,
        "step": None if needed is None else needed.step.word,
        "reasons": list(needed.reasons) if needed is not None else [],
        "rows": notes.rows,
        "patients": notes.patients,
        "files": notes.files,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(own.items())},
    }
    return (json.dumps(record, indent=1, ensure_ascii=True) + "\n").encode()
