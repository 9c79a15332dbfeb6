"""Handing a collection on: validated first, then written in one format after the other.

This workflow reads through `validate`, asks exporters for artifacts and has them written. It prints
nothing, and hands nothing on that a reader would stumble over unless it is told to.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import (
    annotationfiles,
    attributionpage,
    exportfolder,
    exportsplit,
    provenance,
    store,
    takedownfiles,
)
from covidxr import credits as credits_
from covidxr.errors import UsageError
from covidxr.exportcontents import NOT_STATED, table_weight
from covidxr.exportfolder import Building, Written
from covidxr.model import Artifact, ImageDepth, ImageFacts, Severity
from covidxr.plugins import Exporter, discover
from covidxr.provenance import Ledger
from covidxr.validate import Options as ValidateOptions
from covidxr.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.about import About
    from covidxr.dataset import Dataset
    from covidxr.model import Diagnostic

EXPORTERS = "covidxr.exporters"

BLOCKING = (
    *("CSV101", "CSV103", "CSV105", "CSV110", "CSV111", "CSV115", "SCH101", "SCH104"),
    *("IMG101", "IMG103", "IMG104", "IMG105", "IMG108", "IMG112", "PAT104", "VOL101", "VOL103"),
    *("PRV103", "PRV104", "PRV106"),
)
"""Rules whose errors keep a collection from being handed on.

Where the table cannot be read as one, a file is missing, damaged or named twice, or a file says
where or who somebody is, whoever loads the export would fail, or learn what nobody may know.
"""

ATTRIBUTION = "ATTRIBUTION.md"
"""Path in every export of the page that credits each image."""

# Semantic Versioning 2.0.0 without pre-releases, as the changelog and Croissant count versions.
_VERSION = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to hand on, and how.

    Parameters
    ----------
    root : Path
        The collection's folder.
    keys : tuple of str
        Formats, by key.
    to : Path
        The folder in which each format gets a folder of its name.
    today : datetime.date
        The day on which it is validated.
    split : Path or None
        A table of ``filename`` and ``part``.
    version : str
        ``MAJOR.MINOR.PATCH`` instead of the settings'; empty for theirs.
    date : str
        Day of the version, ISO 8601, instead of the settings'; empty for theirs.
    link : bool
        Whether copies are hard links.
    force : bool
        Whether an older export is replaced.
    anyway : bool
        Whether what `BLOCKING` finds does not matter.
    config : Path or None
        The settings' file, if not the nearest.
    workers : Executor or None
        Looks at files side by side.
    progress : callable or None
        Told how many files are done and how many there are.
    """

    root: Path
    keys: tuple[str, ...]
    to: Path
    today: dt.date
    split: Path | None = None
    version: str = ""
    date: str = ""
    link: bool = False
    force: bool = False
    anyway: bool = False
    config: Path | None = None
    workers: Executor | None = None
    progress: Callable[[int, int], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of an export.

    Parameters
    ----------
    written : tuple of (Exporter, Written)
        Formats in the order in which they were asked for; empty where problems stand in the way.
    problems : tuple of Diagnostic
        What `BLOCKING` finds; with ``anyway`` it was written all the same.
    notes : tuple of str
        What a curator should know: what the collection does not say, rows without a file.
    """

    written: tuple[tuple[Exporter, Written], ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()


def exporters() -> Mapping[str, Exporter]:
    """Give every exporter by its key."""
    return discover(EXPORTERS, Exporter)


def export(options: Options) -> Exported:
    """Validate a collection and write it in some formats.

    Returns
    -------
    Exported
        Nothing is written where it has problems, unless ``anyway``.

    Raises
    ------
    UsageError
        If a format is not known, or a version, a date or a split makes no sense.
    CollectionError
        If the collection cannot be read, or the export not be written.
    """
    chosen = _chosen(options.keys)
    exportfolder.check_outside(options.to, options.root)
    for each in chosen:
        exportfolder.check_free(options.to / each.key, force=options.force)
    about = _about(options)
    dataset, problems = _read(options, chosen)
    if problems and not options.anyway:
        return Exported(problems=problems)
    parts = exportsplit.read(options.split, dataset) if options.split else {}
    dataset = replace(dataset, about=about, parts=parts)
    written = _write(options, chosen, dataset)
    return Exported(
        written=tuple(zip(chosen, written, strict=True)),
        problems=problems,
        notes=tuple(_notes(dataset)),
    )


def _chosen(keys: Sequence[str]) -> tuple[Exporter, ...]:
    known = exporters()
    for key in keys:
        if key not in known:
            raise UsageError(f"{key!r} is no export format; there are {', '.join(known)}")
    return tuple(known[key] for key in dict.fromkeys(keys))


def _about(options: Options) -> About:
    if options.version and not _VERSION.fullmatch(options.version):
        raise UsageError(f"{options.version!r} is no version such as 1.2.0")
    if options.date:
        try:
            dt.date.fromisoformat(options.date)
        except ValueError:
            raise UsageError(f"{options.date!r} is no day such as 2026-11-26") from None
    about = store.read_settings(options.root, options.config).about
    # The day of one version is not that of another.
    day = "" if options.version not in {"", about.version} else about.released_on
    return replace(
        about,
        version=options.version or about.version,
        released_on=options.date or day,
    )


def _read(options: Options, chosen: Sequence[Exporter]) -> tuple[Dataset, tuple[Diagnostic, ...]]:
    depths = (ImageDepth.STRUCTURE, *(each.depth for each in chosen))
    validation = validate(
        ValidateOptions(
            root=options.root,
            today=options.today,
            select=BLOCKING,
            depth=max(depths, key=list(ImageDepth).index),
            workers=options.workers,
            progress=options.progress,
        )
    )
    problems = tuple(
        each for each in validation.report.diagnostics if each.severity is Severity.ERROR
    )
    return _with_annotations(options.root, validation.dataset), problems


def _with_annotations(root: Path, dataset: Dataset) -> Dataset:
    """Add annotations as records, and what their files weigh."""
    paths = takedownfiles.annotation_files(root)
    weighed = {
        path: ImageFacts(path=path, bytes=size, sha256=digest)
        for path, size, digest in exportfolder.looked_at(root, paths)
    }
    return replace(
        dataset,
        files={**dataset.files, **weighed},
        annotations=annotationfiles.read(root, dataset.table),
        pins=annotationfiles.pins(root),
    )


def _write(options: Options, chosen: Sequence[Exporter], dataset: Dataset) -> tuple[Written, ...]:
    built = []
    credit = _credits(options.root, dataset)
    known = {path: facts.sha256 for path, facts in dataset.files.items() if facts.sha256}
    known[store.TABLE] = table_weight(dataset)[1]
    with exportfolder.building(options.to) as draft:
        for each in chosen:
            folder = draft / each.key
            files, size = exportfolder.build(
                folder,
                (*each.artifacts(dataset), credit),
                options.root,
                link=options.link,
                known=known,
            )
            built.append(
                Building(draft=folder, folder=options.to / each.key, files=files, bytes=size)
            )
        # All of them are whole before the first takes its place.
        return tuple(map(exportfolder.place, built))


def _credits(root: Path, dataset: Dataset) -> Artifact:
    """Give the page that says whom to credit for each image."""
    ledger = Ledger(store.file_bytes(root, provenance.NAME), str(root / provenance.NAME))
    page = attributionpage.markdown(credits_.credits(dataset, ledger))
    return Artifact(path=ATTRIBUTION, data=page.encode("utf-8", "replace"))


def _notes(dataset: Dataset) -> Iterator[str]:
    about = dataset.about
    said = {
        "title": about.title,
        "makers": about.makers,
        "version": about.version,
        "released-on": about.released_on,
        "url": about.url,
    }
    unsaid = [name for name, value in said.items() if not value]
    if unsaid:
        yield (
            f"the export says “{NOT_STATED}”, or nothing, for {', '.join(unsaid)}: "
            "say it below [collection] in covidxr.toml, or with --version and --date"
        )
    missing = sum(
        len(cells.rows)
        for cells in dataset.cells("folder", "filename")
        if f"{cells.texts[0] or 'images'}/{cells.texts[1]}" not in dataset.files
    )
    if missing:
        yield (
            f"{missing:,} of {len(dataset.table):,} rows name a file that is not here; they stand "
            "in the exported table all the same"
        )
