"""``covidxr validate``: check the table and its files."""

from __future__ import annotations

import functools
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from covidxr import __version__
from covidxr.cli import arguments, output
from covidxr.cli.workers import Dask, Jobs, Processes, is_elsewhere, placed, workers
from covidxr.levels import ImageDepth, Severity

Hands: TypeAlias = "Callable[[], AbstractContextManager[Executor | None]]"
"""Gives those who look at files."""

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from covidxr.fix import Edit
    from covidxr.report import Report
    from covidxr.validate import Options, Validation

FORMATS = "text|concise|grouped|json|jsonl|github|sarif|junit|markdown"

# Forms that a CI reads: it knows files by their place in the repository, not in the collection.
_WHERE = frozenset({"github", "sarif"})
# Forms that have no place for what was not checked, and for ignores that fit nothing any more.
_BARE = frozenset({"concise", "jsonl", "github", "junit"})

# In the form for people, a problem that many rows share is shown at this many of them.
_SHOWN = 20
# A fix can bring another problem of the same cell to light; this many rounds settle all of them.
_ROUNDS = 4


def command(
    *,
    root: Annotated[
        Path, typer.Option(help="The collection's folder, or an address: s3://bucket/folder.")
    ] = Path(),
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Run only rules whose codes begin so: CSV,SCH2."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Leave out rules: IMG,LIC101.")
    ] = None,
    images: Annotated[
        ImageDepth | None,
        typer.Option(
            help="How closely files are looked at; structure finds cut files, full decodes all.",
            show_default="structure",
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            "--format",
            "--output-format",
            metavar=FORMATS,
            help="Form of the report.",
            show_default="text",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report there.")
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Append the report as Markdown too: a job summary."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Rows shown of one problem, and ten times as many of one rule; 0 shows all. "
            "text shows 20, other forms all.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Report only what differs from a git revision."),
    ] = None,
    fail_on: Annotated[
        Severity | None,
        typer.Option(help="Exit 1 from this severity on.", show_default="error"),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Make the safe fixes, then report.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Known problems, each with its reason.")
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Accept all of today's problems into FILE."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why they are accepted, with --write-baseline.")] = "",
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="The table's day, YYYY-MM-DD: no image can be taken after it."
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings, instead of covidxr.toml.")
    ] = None,
    jobs: Jobs = None,
    processes: Processes = False,
    dask: Dask = None,
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Check every row against the schema and every file against its row.

    Exit code 0: nothing at --fail-on or worse; 1: something is; 2: could not check.

    Examples: `covidxr validate`, `covidxr validate --root DIR --select SCH,LIC --format concise`,
    `covidxr validate --since origin/main --format github`, `covidxr validate --fix`.
    """
    from covidxr import validate as workflow

    said = {"--fix": fix, "--output": out, "--format": format, "--summary": summary}
    if diff:
        _refuse_beside("--diff", {**said, "--write-baseline": write_baseline})
    if write_baseline is not None:
        _refuse_beside("--write-baseline", said)
    form = format or "text"
    render = _renderer(form)
    root, place = placed(root, dask=dask)
    if is_elsewhere(place):
        _refuse_elsewhere({"--fix": fix, "--diff": diff, "--since": since})
    options, severity = _options(
        root=root,
        place=place,
        select=select,
        ignore=ignore,
        images=images,
        fail_on=fail_on,
        baseline=baseline,
        as_of=as_of,
        config=config,
        since=since,
        limit=(_SHOWN if form == "text" else 0) if limit is None else limit,
    )
    if write_baseline is not None:
        count = workflow.update_baseline(options, write_baseline, reason)
        output.note(f"{write_baseline}: {count} known problems")
        return 0
    hands = functools.partial(workers, jobs, processes=processes, dask=dask)
    validation = _validate(options, hands, progress=progress)
    if diff:
        return _show_diff(validation)
    if fix:
        validation = _mend(validation, options, hands, progress=progress)
    report = _seen_from_here(validation.report, root) if form in _WHERE else validation.report
    colour = form == "text" and out is None and output.colourful()
    text = render(report, workflow.rules(), version=__version__, colour=colour)
    _deliver(text, out)
    if form in _BARE:
        _note_what_the_form_leaves_out(report)
    if summary is not None:
        from covidxr import disk

        disk.append_text(
            summary, _renderer("markdown")(validation.report, workflow.rules(), version=__version__)
        )
    return 1 if validation.report.fails(severity) else 0


def _refuse_beside(option: str, others: Mapping[str, object]) -> None:
    """Refuse options that another one would make do nothing, before anything is done."""
    from covidxr.errors import UsageError

    unused = [name for name, value in others.items() if value]
    if unused:
        msg = f"{option} makes no report and no fix: leave out {', '.join(unused)}, or run it alone"
        raise UsageError(msg)


def _refuse_elsewhere(others: Mapping[str, object]) -> None:
    from covidxr.errors import UsageError

    for name, value in others.items():
        if value:
            raise UsageError(f"{name} works on a folder of this machine; --root is elsewhere")


def _deliver(text: str, out: Path | None) -> None:
    if out is None:
        output.write(text)
        return
    from covidxr import disk

    disk.write_text(out, text)


def _seen_from_here(report: Report, root: Path) -> Report:
    """Name files as they are seen from the working directory, which is where a CI looks."""
    here = Path(os.path.relpath(root))
    if here == Path():
        return report
    shown = (replace(each, file=(here / each.file).as_posix()) for each in report.diagnostics)
    return replace(report, diagnostics=tuple(shown))


def _note_what_the_form_leaves_out(report: Report) -> None:
    from covidxr.cli.render.diagnostics import skipped_by_reason

    for reason, codes in skipped_by_reason(report).items():
        output.note(f"not checked, since {reason}: {', '.join(codes)}")
    for line in report.stale:
        output.note(line)


def _renderer(format: str) -> Callable[..., str]:  # noqa: A002
    from covidxr.cli.render.diagnostics import renderer

    if format not in FORMATS.split("|"):
        raise typer.BadParameter(f"{format!r} is not one of {FORMATS}", param_hint="--format")
    return renderer(format)


def _options(**given: Any) -> tuple[Options, Severity]:
    """Join the command line with the collection's settings; the command line wins."""
    from covidxr import disk, store
    from covidxr.selection import split_codes
    from covidxr.validate import Options

    root: Path = given["root"]
    settings = store.read_settings(root, given["config"])
    baseline = given["baseline"]
    if baseline is None and settings.baseline is not None:
        baseline = root / settings.baseline
    select = split_codes(given["select"] or ()) or settings.select
    ignored = split_codes(given["ignore"] or ())
    options = Options(
        root=root,
        place=given["place"],
        today=_today(),
        select=select,
        ignore=ignored,
        reasons=settings.ignore,
        depth=given["images"] or settings.images,
        since=given["since"],
        baseline=baseline,
        as_of=arguments.day(given["as_of"], "--as-of")
        or settings.as_of
        or disk.day_of_folder(root),
        limit=given["limit"] or None,
    )
    return options, given["fail_on"] or settings.fail_on


def _today() -> dt.date:
    import datetime as dt

    return dt.datetime.now(tz=dt.UTC).date()


def _validate(options: Options, hands: Hands, *, progress: bool) -> Validation:
    from covidxr.validate import validate

    with hands() as executor, output.progress("Looking at files", wanted=progress) as bar:
        return validate(replace(options, workers=executor, progress=bar))


def _show_diff(validation: Validation) -> int:
    from covidxr import fix

    edits = fix.plan(validation.found, validation.dataset)
    output.write_exactly(fix.diff(validation.dataset, edits))
    return 1 if edits else 0


def _mend(validation: Validation, options: Options, hands: Hands, *, progress: bool) -> Validation:
    from covidxr import fix, store

    done: list[Edit] = []
    for _ in range(_ROUNDS):
        edits = fix.plan(validation.found, validation.dataset)
        if not edits:
            break
        fix.apply(options.root, validation.dataset, edits)
        done += edits
        validation = _validate(options, hands, progress=progress)
    for edit in done:
        output.note(_words(edit))
    renamed = len({edit.rename for edit in done if edit.rename})
    output.note(f"fixed {len(done)} cells, renamed {renamed} files")
    old = [edit.rename[0].rpartition("/")[2] for edit in done if edit.rename]
    for file, name in store.annotations_naming(options.root, old):
        output.note(f"{file} still names {name}: rename it there too")
    return validation


def _words(edit: Edit) -> str:
    renamed = f"; renamed {edit.rename[0]}" if edit.rename else ""
    return f"metadata.csv:{edit.line}: {edit.name}: {edit.old!r} -> {edit.new!r}{renamed}"
