"""``covidxr stats``: the table of labels."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli.workers import placed

if TYPE_CHECKING:
    from covidxr.labelcounts import StatsOptions
    from covidxr.stats import Choose


class Labels(StrEnum):
    """Which labels are counted, and how."""

    NATIVE = "native"
    XRV_2020_03 = "xrv-2020-03"
    XRV_2020_05 = "xrv-2020-05"
    XRV_2020_06 = "xrv-2020-06"
    XRV_2020_09 = "xrv-2020-09"


class By(StrEnum):
    """What the table is broken down by."""

    VIEW = "view"
    MODALITY = "modality"
    SEX = "sex"
    SOURCE = "source"
    LICENSE = "license"
    FINDING = "finding"


class Format(StrEnum):
    """How the table is printed."""

    TABLE = "table"
    README = "readme"
    MARKDOWN = "markdown"
    JSON = "json"
    CSV = "csv"


def command(
    *,
    root: Annotated[
        Path, typer.Option(help="Folder of the collection, or an address: s3://bucket/folder.")
    ] = Path(),
    labels: Annotated[
        Labels | None,
        typer.Option(
            help="native: the hierarchy, each finding read whole. xrv-…: byte for byte what "
            "torchxrayvision's loader printed from that month on.",
            show_default="native",
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            help="Views counted together, such as PA,AP. Repeat it for more columns.",
            show_default="PA,AP and AP Supine",
        ),
    ] = None,
    by: Annotated[By | None, typer.Option(help="One column for each value of this.")] = None,
    output_format: Annotated[
        Format | None, typer.Option("--format", help="How to print it.", show_default="table")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.png|svg", help="Draw a chart into this file.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(metavar="README.md", help="Replace the table between its markers."),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(metavar="README.md", help="Exit 1 where that table is out of date."),
    ] = None,
) -> int:
    """Count images and patients per label.

    A finding counts for its label and for every label above it. Rows without a finding yet (todo,
    Unknown, blank, unreadable) are in no number, and are said below the table.

    --write and --check look for two lines, <!-- covidxr stats: begin --> and
    <!-- covidxr stats: end -->, and keep the options in the first:
    <!-- covidxr stats: begin labels="native" groups="PA,AP;AP Supine" -->.
    """
    root = placed(root)[0]
    from covidxr import labelcounts
    from covidxr.errors import UsageError

    groups = labelcounts.parse_groups(group or ())

    def choose(said: "StatsOptions") -> "StatsOptions":
        return said.given(labels=labels, groups=groups, by=by)

    if sum(each is not None for each in (plot, write, check)) > 1:
        raise UsageError("use one of --plot, --write and --check at a time")
    if check is not None:
        return _check(root, check, choose)
    if write is not None:
        return _write(root, write, choose)
    options = choose(labelcounts.StatsOptions())
    if plot is not None:
        _plot(root, options, plot)
    if plot is None or output_format is not None:
        _print(root, options, output_format or Format.TABLE)
    return 0


def _print(root: Path, options: "StatsOptions", form: Format) -> None:
    from covidxr import labelcounts

    if options.labels == labelcounts.NATIVE:
        _print_native(root, options, form)
    else:
        _print_loader(root, options, form)


def _print_native(root: Path, options: "StatsOptions", form: Format) -> None:
    from covidxr import labelcounts, stats
    from covidxr.cli import output

    whole = form in {Format.JSON, Format.CSV}
    groups = stats.count(root, options, limit=None if whole else labelcounts.SHOWN_VALUES)
    if form in {Format.README, Format.MARKDOWN}:
        output.write(labelcounts.markdown(groups, by=options.by))
        return
    from covidxr.cli.render import labeltable

    if form is Format.TABLE:
        output.show(labeltable.as_table(groups, by=options.by))
    elif form is Format.JSON:
        output.write(labeltable.as_json(groups, by=options.by))
    else:
        output.write(labeltable.as_csv(groups))


def _print_loader(root: Path, options: "StatsOptions", form: Format) -> None:
    from covidxr import loadertables, stats
    from covidxr.cli import output

    groups = stats.count_as_loader(root, options)
    if form in {Format.JSON, Format.CSV}:
        from covidxr.cli.render import labeltable

        if form is Format.JSON:
            output.write(labeltable.loader_json(groups, options.labels))
        else:
            output.write(labeltable.loader_csv(groups))
    elif form is Format.MARKDOWN:
        output.write(loadertables.fenced(groups))
    else:
        output.write(loadertables.loader_text(groups))


def _plot(root: Path, options: "StatsOptions", path: Path) -> None:
    from covidxr import labelcounts, stats
    from covidxr.cli import output
    from covidxr.cli.render import labelplot
    from covidxr.errors import UsageError

    kind = path.suffix.removeprefix(".").lower()
    if kind not in labelplot.FORMATS:
        raise UsageError(f"{path}: a chart is a .png or a .svg file")
    if options.labels != labelcounts.NATIVE:
        raise UsageError("a chart is drawn of the native labels only")
    if options.overlap:
        raise UsageError("a chart adds its groups up: a view can stand in one of them only")
    groups = stats.count(root, options, limit=labelcounts.SHOWN_VALUES)
    stats.save_chart(path, labelplot.draw(groups, kind))
    output.note(f"wrote {path}")


def _write(root: Path, readme: Path, choose: "Choose") -> int:
    from covidxr import stats
    from covidxr.cli import output

    changed = stats.write_block(root, readme, choose)
    output.note(f"{readme}: the table is {'rewritten' if changed else 'up to date'}")
    return 0


def _check(root: Path, readme: Path, choose: "Choose") -> int:
    from covidxr import stats
    from covidxr.cli import output

    difference = stats.stale_block(root, readme, choose)
    if difference:
        from covidxr.cli.render.diagnostics import escaped

        output.write("\n".join(map(escaped, difference.removesuffix("\n").split("\n"))))
        output.note(f"{readme}: the table is out of date; covidxr stats --write {readme}")
        return 1
    output.note(f"{readme}: the table is up to date")
    return 0
