"""``covidxr report``: one page that shows a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr import __version__
from covidxr.cli import output
from covidxr.cli.workers import Jobs, workers

_ENDINGS = {".html", ".htm"}


def command(
    *,
    out: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.html", help="Write the page there.")
    ],
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    thumbnails: Annotated[
        str, typer.Option(metavar="N|all", help="How many files are shown as small pictures.")
    ] = "400",
    title: Annotated[
        str, typer.Option(help="Heading of the page.", show_default="the folder's name")
    ] = "",
    jobs: Jobs = None,
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Write one page about a collection: numbers, sources and labels, pictures, diagnostics, rows.

    The page needs nothing beside it and loads nothing. It ends with 0 whatever the diagnostics
    are: `covidxr validate` is the check.

    Examples: `covidxr report -o report.html`, `covidxr report -o all.html --thumbnails all`.
    """
    from covidxr import collectionreport, disk, validate
    from covidxr.cli.clock import system
    from covidxr.cli.render import reportpage
    from covidxr.errors import UsageError

    if out.suffix.lower() not in _ENDINGS:
        raise UsageError(f"{out}: the report is a page; name a file such as report.html")
    # A folder of that name is refused before the work, not after it.
    disk.read_text_if_there(out)
    with (
        workers(jobs) as executor,
        output.progress("Looking at files and drawing them", wanted=progress) as bar,
    ):
        report = collectionreport.gather(
            collectionreport.Options(
                root=root,
                today=system.utc_now().date(),
                thumbnails=_number(thumbnails),
                workers=executor,
                looked=bar,
                drawn=bar,
            )
        )
    page = reportpage.render(report, validate.rules(), title=title, version=__version__)
    disk.write_text(out, page)
    output.note(f"wrote {out}: {len(page) / 1e6:.1f} MB")
    return 0


def _number(text: str) -> int | None:
    if text == "all":
        return None
    if not (text.isascii() and text.isdigit()):
        raise typer.BadParameter(f"{text!r} is not a number or all", param_hint="--thumbnails")
    return int(text)
