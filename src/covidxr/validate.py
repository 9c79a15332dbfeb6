"""Validating a collection: which rules run on it, and what they find.

This workflow reads through the store, asks the schema and the rules, and returns a report. It
prints nothing and knows no exit code.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr import disk, duplicatebook, revisions, store
from covidxr.annotated import FOLDER as ANNOTATIONS
from covidxr.baseline import Entry, parse_baseline, write_baseline
from covidxr.cells import Level
from covidxr.columns import COLUMNS
from covidxr.duplicatebook import Book
from covidxr.errors import RuleFailedError
from covidxr.likenessstore import Remembered
from covidxr.model import Diagnostic, ImageDepth, ImageFacts
from covidxr.plugins import DEPTH_OF_NEED, Need, Rule, discover
from covidxr.report import (
    Expander,
    Found,
    Report,
    count_by_code,
    count_by_severity,
    fixable,
    narrowed,
)
from covidxr.selection import check_codes, longest, selected

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.dataset import Dataset
    from covidxr.places import Place
    from covidxr.table import Table

RULES = "covidxr.rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to validate, and how.

    Parameters
    ----------
    root : Path
        The collection's folder.
    select, ignore : tuple of str
        Prefixes of codes; an empty `select` means all rules.
    reasons : mapping of str to str
        Ignores that carry a reason: their rules run, what they find is only counted.
    depth : ImageDepth
        How closely files are looked at.
    since : str or None
        A git revision; only what differs from it is reported.
    baseline : Path or None
        A file of known problems.
    today : datetime.date
        The day of the validation; no image can be taken later.
    as_of : datetime.date or None
        The day of the table, where it is known to be older than today.
    limit : int or None
        How many rows of one problem are shown; None shows all.
    workers : Executor or None
        Looks at files side by side.
    progress : callable or None
        Told how many files are done and how many there are.
    place : Place or None
        Where the files lie, if not in the collection's folder.
    """

    root: Path
    today: dt.date
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    depth: ImageDepth = ImageDepth.STRUCTURE
    since: str | None = None
    baseline: Path | None = None
    as_of: dt.date | None = None
    limit: int | None = None
    workers: Executor | None = None
    progress: Callable[[int, int], None] | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """A report together with what it is about.

    Parameters
    ----------
    report : Report
        What was found.
    dataset : Dataset
        What was looked at.
    found : tuple of Found
        The hits behind the report, not cut by a limit.
    """

    report: Report
    dataset: Dataset
    found: tuple[Found, ...]


def validate(options: Options) -> Validation:
    """Validate a collection.

    Parameters
    ----------
    options : Options
        What to validate, and how.

    Returns
    -------
    Validation
        The report and what it is about.

    Raises
    ------
    CollectionError
        If the collection cannot be read.
    UsageError
        If a prefix fits no rule or the baseline is not one.
    RevisionError
        If git cannot answer.
    RuleFailedError
        If a rule has a bug.
    """
    rules = discover(RULES)
    check_codes((*options.select, *options.ignore, *options.reasons), rules)
    entries = _read_entries(options.baseline)
    chosen = [rules[code] for code in selected(rules, options.select, options.ignore)]
    contents = store.Contents(
        depth=options.depth,
        as_of=options.as_of or options.today,
        workers=options.workers,
        progress=options.progress,
        place=options.place,
        memory=Remembered(options.root) if options.depth is ImageDepth.FULL else None,
    )
    finish = store.start_reading(options.root, contents)
    judge = _schema_judge(chosen)
    dataset = _with_pairs(judge(finish()), chosen, options)
    dataset = _with_annotations(dataset, chosen, options.root)
    found, skipped = run(chosen, dataset)
    if options.since is not None:
        found = _since(found, dataset, chosen, options, judge)
    silent = set(rules) - {rule.code for rule in chosen} | {code for code, _ in skipped}
    report, kept = _report(found, dataset, options, entries, silent)
    return Validation(report=replace(report, skipped=skipped), dataset=dataset, found=tuple(kept))


def run(rules: Iterable[Rule], dataset: Dataset) -> tuple[list[Found], tuple[tuple[str, str], ...]]:
    """Run rules on a dataset that the schema has judged.

    Returns
    -------
    (list of Found, tuple of (str, str))
        Hits in the order of the rules; codes of rules that were skipped, and why.
    """
    found: list[Found] = []
    skipped = []
    for rule in rules:
        reason = _why_not(rule, dataset)
        if reason is not None:
            skipped.append((rule.code, reason))
            continue
        try:
            found += [Found(rule, hit) for hit in rule.check(dataset)]
        except Exception as error:
            raise RuleFailedError(rule.code) from error
    return found, tuple(skipped)


def _schema_judge(rules: Sequence[Rule]) -> Callable[[Dataset], Dataset]:
    """Import pandera, if any rule needs it, and give what adds the schema's failures."""
    if not any(Need.SCHEMA in rule.needs for rule in rules):
        return lambda dataset: dataset
    from covidxr import schema

    return lambda dataset: replace(dataset, failures=tuple(schema.failures(dataset)))


def _with_pairs(dataset: Dataset, rules: Sequence[Rule], options: Options) -> Dataset:
    """Add what was decided on files that look alike and, at full depth, which ones do."""
    if not dataset.depth.reaches(ImageDepth.STRUCTURE):
        return dataset
    from covidxr import alikefiles

    decisions = alikefiles.book(options.root).decisions
    if not dataset.depth.reaches(ImageDepth.FULL) or not any(
        Need.PIXELS in rule.needs for rule in rules
    ):
        return replace(dataset, decisions=decisions)
    pairs = alikefiles.alike(options.root, dataset, options.place)
    return replace(dataset, decisions=decisions, alike=pairs)


def _with_annotations(dataset: Dataset, rules: Sequence[Rule], root: Path) -> Dataset:
    """Add what lies below ``annotations/``, where a rule asks for it."""
    if ANNOTATIONS not in dataset.folders or not any(
        Need.ANNOTATIONS in rule.needs for rule in rules
    ):
        return dataset
    from covidxr import annotationfiles

    # Masks are decoded where images are.
    masks = dataset.depth.reaches(ImageDepth.FULL)
    return replace(
        dataset,
        annotations=annotationfiles.read(root, dataset.table, pixels=masks),
        pins=annotationfiles.pins(root),
    )


def _why_not(rule: Rule, dataset: Dataset) -> str | None:
    missing = [
        column.name
        for column in COLUMNS
        if column.level is Level.REQUIRED and column.key and not dataset.has(column.name)
    ]
    if missing and rule.code[:3] not in {"CSV", "SCH", "DOC"}:
        return f"the table has no column {', '.join(missing)}"
    folders = {Need.IMAGES: "images", Need.VOLUMES: "volumes", Need.ANNOTATIONS: ANNOTATIONS}
    for need, folder in folders.items():
        if need in rule.needs and folder not in dataset.folders:
            return f"there is no {folder}/ folder"
    deepest = max(
        (DEPTH_OF_NEED[need] for need in rule.needs if need in DEPTH_OF_NEED),
        key=list(ImageDepth).index,
        default=ImageDepth.NONE,
    )
    if not dataset.depth.reaches(deepest):
        return f"it needs --images {deepest}"
    return None


def _since(
    found: list[Found],
    dataset: Dataset,
    rules: Sequence[Rule],
    options: Options,
    judge: Callable[[Dataset], Dataset],
) -> list[Found]:
    """Keep what stands on changed rows or in changed files, and what was not there before."""
    revision = options.since or ""
    old_data = revisions.file_at(options.root, revision, store.TABLE)
    changed = revisions.changed_files(options.root, revision) - {store.TABLE}
    before: set[str] = set()
    records: set[str] = set()
    if old_data:
        old_table = store.parse_table(old_data, f"{store.TABLE} at {revision}")
        old = judge(_as_it_was(dataset, old_table, changed, options.root, revision))
        before = {each.fingerprint for each in Expander(old).expand(run(rules, old)[0])}
        text = old_table.text
        records = {text.text(text.record(row)).rstrip("\r\n") for row in range(len(text))}
    text = dataset.table.text

    def keep(each: Diagnostic, row: int | None) -> bool:
        if each.fingerprint not in before or each.file in changed:
            return True
        if row is None:
            return False
        return (
            text.text(text.record(row)).rstrip("\r\n") not in records
            or dataset.row(row).path in changed
        )

    return narrowed(found, dataset, keep)


def _as_it_was(
    dataset: Dataset, table: Table, changed: frozenset[str], root: Path, revision: str
) -> Dataset:
    """The collection at a revision, as far as it matters for what is new since.

    A file that is gone was there; what was wrong with it then is not known, and does not matter. A
    file that changed is left out: all that is said of it today counts as new.
    """
    gone = {
        path: ImageFacts(path=path, bytes=1)
        for path in changed
        if path not in dataset.files and path.startswith(("images/", "volumes/"))
    }
    kept = {path: facts for path, facts in dataset.files.items() if path not in changed}
    documents = {
        name: data.decode("utf-8", "surrogateescape")
        for name in store.DOCUMENTS
        if (data := revisions.file_at(root, revision, name)) is not None
    }
    if dataset.annotations:
        dataset = _annotated_before(dataset, table, changed)
    old_book = revisions.file_at(root, revision, duplicatebook.NAME)
    decisions = Book(old_book, f"{duplicatebook.NAME} at {revision}").decisions
    return replace(
        dataset,
        table=table,
        files=kept | gone,
        documents=documents,
        failures=(),
        alike=tuple(each for each in dataset.alike if not {each.first, each.second} & changed),
        decisions=tuple(each for each in decisions if not {each.first, each.second} & changed),
    )


def _annotated_before(dataset: Dataset, table: Table, changed: frozenset[str]) -> Dataset:
    """The annotations that did not change, about the rows of an earlier table."""
    from covidxr import annotationfiles

    names = annotationfiles.names_of(table)
    kept = annotationfiles.of_rows(dataset.annotations, names, without=changed)
    pins = () if annotationfiles.PINS in changed else dataset.pins
    return replace(dataset, annotations=kept, pins=pins)


def _read_entries(path: Path | None) -> tuple[Entry, ...]:
    return () if path is None else parse_baseline(disk.read_text(path), where=str(path))


def _report(
    found: list[Found],
    dataset: Dataset,
    options: Options,
    entries: tuple[Entry, ...],
    silent: set[str],
) -> tuple[Report, list[Found]]:
    """Sum up, and give what is left behind the baseline and the ignores.

    `silent` are the rules that did not run: what fits only them is not stale.
    """
    before = sum(each.count for each in found)
    found, stale = _without_ignored(found, options.reasons, silent)
    known = tuple(entry for entry in entries if entry.code not in silent)
    found, stale_entries = _without_known(found, dataset, known, options.today)
    shown = Expander(dataset, options.limit).expand(found)
    report = Report(
        diagnostics=tuple(shown),
        counts=count_by_severity(found),
        by_code=count_by_code(found, shown),
        rows=len(dataset.table),
        files=len(dataset.files),
        # Against a revision most of what is known is out of sight, not gone.
        stale=() if options.since is not None else (*stale, *stale_entries),
        suppressed=before - sum(each.count for each in found),
        fixable=fixable(found),
    )
    return report, found


def _without_ignored(
    found: list[Found], reasons: Mapping[str, str], silent: set[str]
) -> tuple[list[Found], list[str]]:
    unused = dict(reasons)
    kept = []
    for each in found:
        prefix = longest(each.rule.code, reasons)
        if prefix is None:
            kept.append(each)
        else:
            unused.pop(prefix, None)
    stale = [
        f"the ignore of {prefix} (“{reason}”) fits nothing any more: remove it"
        for prefix, reason in unused.items()
        if not any(longest(code, (prefix,)) for code in silent)
    ]
    return kept, stale


def _without_known(
    found: list[Found], dataset: Dataset, entries: tuple[Entry, ...], today: dt.date
) -> tuple[list[Found], list[str]]:
    if not entries:
        return found, []
    expired = [entry for entry in entries if entry.expires is not None and entry.expires <= today]
    active = {entry.fingerprint for entry in entries} - {entry.fingerprint for entry in expired}
    met: set[str] = set()

    def keep(each: Diagnostic, _row: int | None) -> bool:
        met.add(each.fingerprint)
        return each.fingerprint not in active

    kept = narrowed(found, dataset, keep)
    stale = [
        f"the baseline's {entry.code} at {entry.where} fits nothing any more: remove it"
        for entry in entries
        if entry.fingerprint not in met
    ]
    stale += [
        f"the baseline's {entry.code} at {entry.where} expired on {entry.expires}"
        for entry in expired
        if entry.fingerprint in met
    ]
    return kept, stale


def update_baseline(options: Options, path: Path, reason: str) -> int:
    """Accept all that is found today into a baseline; what rules that did not run had said stays.

    Returns
    -------
    int
        How many problems the baseline then holds.
    """
    text = disk.read_text_if_there(path)
    old = () if text is None else parse_baseline(text, where=str(path))
    # An entry that expired would go on hiding nothing: it is accepted anew, with a new reason.
    old = tuple(each for each in old if each.expires is None or each.expires > options.today)
    validation = validate(replace(options, baseline=None, since=None, limit=None))
    ran = set(selected(rules(), options.select, options.ignore))
    ran -= {code for code, _ in validation.report.skipped}
    unseen = [each for each in old if each.code not in ran]
    text = write_baseline(
        old, validation.report.diagnostics, unseen, reason=reason, today=options.today
    )
    disk.write_text(path, text)
    return len(parse_baseline(text, where=str(path)))


def rules() -> dict[str, Rule]:
    """All rules by code."""
    return discover(RULES)
