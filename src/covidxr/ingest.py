"""Take in what a contributor sent: files, folders and archives become candidates without identity.

This workflow joins the contribution's files, what cleans them, the contributor's table and the
candidates' folder. It prints nothing: what happens is told to a listener.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from covidxr import (
    annotationfiles,
    candidatestore,
    disk,
    ingestfiles,
    ingestmapping,
    ingestmarks,
    ingesttable,
    proposals,
    quarantine,
    store,
)
from covidxr.annotating import Source
from covidxr.errors import UsageError
from covidxr.imaging.examine import examine
from covidxr.ingestfiles import Contribution
from covidxr.ingestgroups import grouped
from covidxr.ingesting import SOURCE, Ending, Outcome
from covidxr.ingestknown import known_of
from covidxr.ingestproposal import proposal
from covidxr.ingestrun import IngestRun
from covidxr.ingestsecret import read_secret
from covidxr.levels import ImageDepth
from covidxr.licences import read_licence
from covidxr.model import ImageFacts
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from covidxr.candidatestore import Candidates
    from covidxr.ingestgroups import Item
    from covidxr.ingesting import Cleaning, Listener, Options, Told
    from covidxr.ingestknown import Seen
    from covidxr.ingestmapping import TableRow

_HELD_BACK = frozenset({Ending.QUARANTINED, Ending.REFUSED})


def ingest(options: Options, cleaning: Cleaning, listener: Listener) -> Outcome:
    """Take in a contribution.

    Parameters
    ----------
    options : Options
        What, from whom, and how.
    cleaning : Cleaning
        Takes identity out of files.
    listener : Listener
        Is told what happens.

    Returns
    -------
    Outcome
        What became of each file.

    Raises
    ------
    UsageError
        If the arguments make no sense together, or nothing is there.
    CollectionError
        If the disk refuses, or another run takes files in.
    """
    _check(options)
    rows, notes = _rows(options)
    secret, said = read_secret(options.root, options.secret, keep=not options.dry_run)
    candidates = candidatestore.candidates_of(options.root, options.output)
    with contextlib.ExitStack() as stack:
        if said:
            listener.notes(said)
        if not options.dry_run:
            stack.enter_context(candidates.working_on(SOURCE))
            stack.enter_context(candidates.working_on(proposals.SOURCE))
        run = _run(options, cleaning, listener, candidates, secret)
        without = tuple(filter(None, (options.table, options.mapping)))
        contribution = stack.enter_context(Contribution(paths=options.paths, without=without))
        try:
            items = run.survey(contribution.files())
            if not items and not run.annotations and not run.outcome.told:
                raise UsageError(f"{_places(options.paths)} holds no file")
            matched, more = _matched(rows, items, run.outcome.told, options)
            for each in (*notes, *more):
                run.outcome.notes.append(each)
                listener.notes(each)
            by_folder = options.by_folder
            run.over(grouped(matched, options.terms.contributor, secret, by_folder=by_folder))
            _annotations(run, options)
        finally:
            # Also after an interrupt: what was not let through is said nowhere else.
            _list_quarantine(run, options)
    return run.outcome


def propose(options: Options) -> str:
    """Write a proposal for the mapping of the contributor's table; nothing else is done.

    Parameters
    ----------
    options : Options
        With a table; the names of the files below its paths are looked at, their contents not.

    Raises
    ------
    UsageError
        If there is no table, or it cannot be read.
    """
    if options.table is None:
        raise UsageError("which table? Name the contributor's CSV file with --table")
    sheet = ingestmapping.read_sheet(disk.read_bytes(options.table), str(options.table))
    with Contribution(paths=options.paths, without=(options.table,)) as contribution:
        names = [each.name for each in contribution.files()]
    return proposal(sheet, names)


def _check(options: Options) -> None:
    if not options.paths:
        raise UsageError("what is to be taken in? Name files, folders, ZIP or tar archives")
    if not store.has_table(options.root) and options.output is None:
        raise UsageError(
            f"there is no {options.root / store.TABLE}; name the collection's folder with --root, "
            "or a folder for the candidates with -o"
        )
    if options.mapping is not None and options.table is None:
        raise UsageError("--mapping says how a table is read: name the table with --table")
    stated = options.terms.licence
    if stated and read_licence(stated).spdx is None:
        raise UsageError(
            f"{stated!r} names no exact licence; write an SPDX id such as CC-BY-4.0, with its "
            "version, as the contributor states it"
        )
    names = [path.name for path in options.paths]
    if options.by_folder and len(set(names)) < len(names):
        raise UsageError("with --one-patient-a-folder, no two paths may end in the same name")


def _rows(options: Options) -> tuple[list[TableRow], list[str]]:
    if options.table is None:
        return [], []
    where = options.table.name
    data = disk.read_bytes(options.table)
    if options.mapping is None:
        sheet = ingestmapping.read_sheet(data, where)
        reading = ingestmapping.own_reading(sheet, where)
    else:
        text = disk.read_text(options.mapping)
        reading = ingestmapping.parse_mapping(text, options.mapping.name)
        sheet = ingestmapping.read_sheet(data, where, reading.encoding, reading.delimiter)
    return ingestmapping.read_rows(sheet, reading, where)


def _run(
    options: Options,
    cleaning: Cleaning,
    listener: Listener,
    candidates: Candidates,
    secret: bytes,
) -> IngestRun:
    sizes = ingestfiles.sizes(options.root, store.files_there(options.root))
    return IngestRun(
        options=options,
        cleaning=cleaning,
        listener=listener,
        candidates=candidates,
        known=known_of(options.root, candidates, sizes),
        secret=secret,
        retrieved_at=options.clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        is_annotation=ingestmarks.is_annotation,
    )


def _annotations(run: IngestRun, options: Options) -> None:
    """Propose what annotation files mark in images that are here."""
    if not run.annotations:
        return
    batch = ingestmarks.Batch(
        secret=run.secret,
        terms=options.terms,
        retrieved_at=run.retrieved_at,
        decided=run.known.marks,
    )
    files = [
        ingestmarks.Contributed(name=name, data=data, source_id=source_id)
        for name, data, source_id in run.annotations
    ]
    images = {name: _match(seen) for name, seen in run.made.items()}
    for made in batch.cases(files, images, _in_collection(options.root, files)):
        run.outcome.cases += 1
        run.outcome.images += len(made.images)
        if options.dry_run:
            run.listener.drafted(made.case, [{} for _ in made.images])
            continue
        with run.candidates.filling(proposals.SOURCE, made.case.id) as filling:
            for name, data in made.files:
                filling.write(name, data)
        run.listener.stored(made.case, made.images)
    for told in batch.told:
        drafted = options.dry_run and told.ending is Ending.TAKEN
        run.tell(replace(told, ending=Ending.DRAFTED) if drafted else told)


def _match(seen: Seen) -> ingestmarks.Match:
    facts = ImageFacts(
        path="", bytes=0, format="PNG", width=seen.width, height=seen.height, sha256=seen.sha256
    )
    return ingestmarks.Match(facts=facts, where=seen.where, turned=seen.turned)


def _in_collection(
    root: Path, files: Sequence[ingestmarks.Contributed]
) -> dict[str, ingestmarks.Match]:
    """Look at the collection's images that annotation files name."""
    table = store.read_table(root)
    if table is None:
        return {}
    names = annotationfiles.names_of(table)
    wanted: dict[str, str] = {}
    for file in files:
        said = annotationfiles.read_file(Source(file.name, file.data, names, pixels=False))
        wanted |= {
            image.image: Row(table, image.row).path
            for image in said.images
            if image.row is not None
        }
    found = {}
    for name, path in wanted.items():
        data = store.file_bytes(root, path)
        if data is not None:
            facts = examine(path, data, ImageDepth.STRUCTURE)
            turned = facts.orientation not in {None, 1}
            found[name] = ingestmarks.Match(facts=facts, where=path, turned=turned)
    return found


def _matched(
    rows: Sequence[TableRow], items: Sequence[Item], told: Sequence[Told], options: Options
) -> tuple[list[Item], list[str]]:
    """Give each file its row, and say which rows and files have none."""
    if options.table is None:
        return list(items), []
    # A row whose file is here and was refused is no row without a file.
    others = {each.name for each in told if each.ending is not Ending.LEFT_OUT}
    names = [*(item.name for item in items), *sorted(others - {item.name for item in items})]
    matched = ingesttable.match(rows, names, options.table.name)
    return [replace(item, row=matched.rows.get(item.name)) for item in items], matched.notes


def _list_quarantine(run: IngestRun, options: Options) -> None:
    held = [each for each in run.outcome.told if each.ending in _HELD_BACK]
    if held and not options.dry_run:
        name = options.clock.utc_now().strftime("%Y%m%dT%H%M%SZ")
        path = quarantine.write(run.candidates.work, name, options.paths, held)
        run.outcome.quarantine = str(path)


def _places(paths: Sequence[Path]) -> str:
    return ", ".join(map(str, paths))
