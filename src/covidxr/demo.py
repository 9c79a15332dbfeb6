"""The demonstration: what it begins with, which commands it runs, what each should end with.

Owns the script and the starting collection, as values, and which replicas stand in for the sites.
It writes no file, runs no command and prints nothing: `covidxr.demofolder` makes the folder, and
the command line runs the script. What sends the sites' hosts to this machine is ``[http.route]`` of
the folder's settings, as anyone may set it; no command knows that it runs in a demonstration.
"""

from __future__ import annotations

import csv
import io
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.columns import HEADER
from covidxr.schemapage import blocks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from contextlib import AbstractContextManager

    from covidxr.replica.server import Replica

SETTINGS = "covidxr.toml"
"""File of the folder that says where the sites are."""

_NOWHERE = "http://127.0.0.1:9"
_DELAY_SECONDS = 0.1
_CURATOR = ("--by", "A. Curator")
_CASE = "radiopaedia/synthetic-viral-pneumonia-3"
_RADIOGRAPH = f"{_CASE}/*-810001-1-1.png"
_SLICES = f"{_CASE}/*-810002-1-*"
_PAPER = "figures/10-5555-open-1-*"
_COVID = ("--set", "finding=Pneumonia/Viral/COVID-19")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of the script.

    Parameters
    ----------
    why : str
        What it shows, for a newcomer.
    argv : tuple of str
        Its arguments, without the program's name.
    code : int
        What it should end with.
    """

    why: str
    argv: tuple[str, ...]
    code: int = 0

    @property
    def command(self) -> str:
        """The line as it is typed."""
        return shlex.join(("covidxr", *self.argv))


_STEPS = (
    Step(
        why="The tables of the documents are written by covidxr, never by hand.",
        argv=("schema", "--write"),
    ),
    Step(why="So is the label table of README.md.", argv=("stats", "--write", "README.md")),
    Step(why="The collection is in order.", argv=("validate",)),
    Step(why="These labels it has so far.", argv=("stats",)),
    Step(why="What each site permits; no more is ever done.", argv=("sources",)),
    Step(
        why="A search. A case that is gone is named, and costs no other (exit code 1).",
        argv=("scrape", "eurorad", "pneumonia", "--limit", "3"),
        code=1,
    ),
    Step(
        why="A search that the site's terms forbid is refused (exit code 2).",
        argv=("scrape", "radiopaedia", "pneumonia"),
        code=2,
    ),
    Step(
        why="They do permit single cases, by their address.",
        argv=("scrape", "https://radiopaedia.org/cases/synthetic-viral-pneumonia-3"),
    ),
    Step(why="A site in Italian.", argv=("scrape", "sirm", "--limit", "2")),
    Step(why="A site of CT volumes.", argv=("scrape", "coronacases", "--limit", "1")),
    Step(
        why="Figures of papers: licences are looked up, panels are cut out where that is certain.",
        argv=("figures", "10.5555/open.1", "10.5555/reproduced.5", "10.5555/retracted.4"),
    ),
    Step(
        why="All that waits for a curator; without --list this is a page in the browser.",
        argv=("review", "--list"),
    ),
    Step(
        why="Nothing is guessed: without a finding no row is written (exit code 1).",
        argv=("accept", _RADIOGRAPH, *_CURATOR),
        code=1,
    ),
    Step(
        why="With what the curator saw, it becomes a file, a row and a line of provenance.",
        argv=("accept", _RADIOGRAPH, *_COVID, "--set", "view=PA", *_CURATOR),
    ),
    Step(
        why="The slices of the same patient's CT have their view from the page.",
        argv=("accept", _SLICES, *_COVID, *_CURATOR),
    ),
    Step(
        why="A radiograph of a paper.",
        argv=(
            *("accept", f"{_PAPER}/*-fig3-whole.png", "--set", "finding=Pneumonia"),
            *("--set", "view=AP", "--set", "modality=X-ray", *_CURATOR),
        ),
    ),
    Step(
        why="What does not belong here is rejected, with the reason, and never asked for again.",
        argv=("reject", "eurorad/18990", "--reason", "not a chest image", *_CURATOR),
    ),
    Step(
        why="What cannot be decided yet is put aside.",
        argv=("defer", "coronacases/*", "--reason", "no licence is stated: ask", *_CURATOR),
    ),
    Step(
        why="A decision by mistake…",
        argv=("reject", f"{_PAPER}/*-fig2-b.png", "--reason", "by mistake", *_CURATOR),
    ),
    Step(why="… is taken back, with every byte that it changed.", argv=("undo", *_CURATOR)),
    Step(
        why="The new rows are in order, but README.md is out of date: an error (exit code 1).",
        argv=("validate",),
        code=1,
    ),
    Step(why="One command mends it.", argv=("stats", "--write", "README.md")),
    Step(why="Everything is in order again.", argv=("validate",)),
    Step(why="The labels with what was accepted.", argv=("stats",)),
    Step(why="All of it on one page.", argv=("report", "-o", "report.html")),
)


def steps(commands: Collection[str]) -> tuple[Step, ...]:
    """Give the script, without what this covidxr has no command for.

    Parameters
    ----------
    commands : collection of str
        Names of the commands that there are.
    """
    return tuple(step for step in _STEPS if step.argv[0] in commands)


def replicas() -> AbstractContextManager[Replica]:
    """Serve the four sites and the registries of papers on 127.0.0.1, for as long as a block."""
    from covidxr.replica import coronacases, eurorad, papers, radiopaedia, sirm
    from covidxr.replica.server import serving

    return serving(eurorad.SITE, radiopaedia.SITE, sirm.SITE, coronacases.SITE, papers.site())


def settings_while(replica: Replica) -> str:
    """Write the folder's settings for as long as the replicas answer."""
    return _settings(
        "The sites and registries below are replicas on this machine: nothing leaves it.",
        replica,
        f'base = "{replica.base}", delay_seconds = {_DELAY_SECONDS}',
    )


def settings_after(replica: Replica) -> str:
    """Write the settings that stay: nobody answers, so that invented and real cases never mix."""
    return _settings(
        "The replicas of the sites are gone, and this folder still asks no\n"
        "# real site: `covidxr scrape` and `covidxr figures` reach nobody here. It holds invented\n"
        "# cases only; for work of your own, begin another folder.",
        replica,
        f'base = "{_NOWHERE}"',
    )


def _settings(words: str, replica: Replica, route: str) -> str:
    lines = [
        f"# Made by `covidxr demo`. {words}",
        *("", "[http]", 'contact = "mailto:curator@example.org"', "", "[http.route]"),
        *(f'"{host}" = {{ {route} }}' for host in replica.sites),
    ]
    return "\n".join(lines) + "\n"


def files() -> Iterator[tuple[str, bytes]]:
    """Write the collection that the demonstration begins with.

    Yields
    ------
    tuple of str and bytes
        A path relative to the folder, and its content.
    """
    from covidxr.replica.phantoms import encoded

    yield "README.md", _readme().encode()
    yield "SCHEMA.md", _schema_page().encode()
    yield "metadata.csv", _table().encode()
    for number, row in enumerate(_ROWS, start=_FIRST):
        yield f"images/{row['filename']}", encoded(number, row["view"])


_FIRST = 9001
_ROWS = tuple(
    {
        "patientid": patient,
        "sex": sex,
        "age": age,
        "finding": finding,
        "view": view,
        "modality": "CT" if view == "Axial" else "X-ray",
        "folder": "images",
        "filename": f"phantom-{patient}-{view.lower()}.png",
        "url": f"https://example.org/phantoms/{patient}",
        "license": "CC0-1.0",
        "other_notes": "Synthetic phantom, drawn by covidxr; not a patient",
    }
    for patient, sex, age, finding, view in (
        ("1", "F", "54", "Pneumonia/Viral/COVID-19", "PA"),
        ("1", "F", "54", "Pneumonia/Viral/COVID-19", "Axial"),
        ("2", "M", "47", "Pneumonia/Bacterial/Streptococcus", "PA"),
        ("3", "F", "33", "No Finding", "PA"),
    )
)


def _table() -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_ROWS)
    return out.getvalue()


def _readme() -> str:
    return (
        "# A collection to try covidxr on\n\n"
        "Made by `covidxr demo`: phantoms and invented cases, no patients.\n\n"
        "<!-- covidxr stats: begin -->\n<!-- covidxr stats: end -->\n"
    )


def _schema_page() -> str:
    parts = "\n".join(
        f"<!-- covidxr schema: begin {name} -->\n<!-- covidxr schema: end {name} -->\n"
        for name in blocks()
    )
    return f"# The columns of metadata.csv\n\n{parts}"
