"""Measure ``covidxr diff``: two large tables against each other, and a real history.

    python benchmarks/bench_diff.py [--rows N] [--repeat N] [--history DIR]

The first part makes a table of N rows and a second one with a tenth of its cells' rows changed in
one cell, one row in a hundred removed, one added and some moved, writes both, and times the whole
comparison (reading, matching, label tables, licences, the pieces that make one of the other) and
the three forms of the result; each is repeated and the median is given. The second part makes a git
repository of the versions of a real table and times the difference of each from the next.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import resource
import statistics
import subprocess
import tempfile
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from covidxr import collectiondiff, csvread, tablediff
from covidxr.cli.render import diff as render
from covidxr.columns import HEADER

if TYPE_CHECKING:
    from collections.abc import Callable

HISTORY = Path(__file__).resolve().parents[2] / "shared" / "real" / "history"


def rows(count: int) -> list[dict[str, str]]:
    """Rows as a collection has them; notes of some length."""
    rng = random.Random(7)  # noqa: S311
    findings = ("Pneumonia/Viral/COVID-19", "Pneumonia", "No Finding", "todo", "Tuberculosis")
    return [
        {
            "patientid": str(number // 2),
            "offset": str(number % 2),
            "sex": rng.choice("MF"),
            "age": str(rng.randrange(20, 90)),
            "finding": rng.choice(findings),
            "view": rng.choice(("PA", "AP", "AP Supine", "L")),
            "modality": "X-ray",
            "date": "2020-03-04",
            "location": f"Hospital {number % 500}",
            "folder": "images",
            "filename": f"image-{number:07}.png",
            "url": f"https://example.org/case/{number // 2}",
            "license": rng.choice(("CC-BY-4.0", "CC-BY-NC-SA-4.0", "")),
            "clinical_notes": f"Day {number % 9}, fever and cough, {rng.random():.6f}; " * 4,
        }
        for number in range(count)
    ]


def text(made: list[dict[str, str]]) -> bytes:
    """The table as a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(made)
    return out.getvalue().encode()


def changed(made: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same rows after some months of work."""
    rng = random.Random(8)  # noqa: S311
    later = [dict(row) for row in made if rng.random() > 0.01]
    for row in rng.sample(later, len(later) // 10):
        row[rng.choice(("age", "finding", "license", "clinical_notes"))] = rng.choice(("", "55"))
    for number in range(len(made) // 100):
        later.insert(rng.randrange(len(later)), {**made[number], "filename": f"new-{number}.png"})
    for _ in range(100):
        later.append(later.pop(rng.randrange(len(later))))
    return later


class Taken(NamedTuple):
    """Seconds of the middle one of some runs: by the clock, and of processors, all added up."""

    clock: float
    processor: float


def median(work: Callable[[], object], repeat: int) -> Taken:
    """Time some runs."""
    taken = []
    for _ in range(repeat):
        begin, busy = time.perf_counter(), sum(os.times()[:4])
        work()
        taken.append((time.perf_counter() - begin, sum(os.times()[:4]) - busy))
    clock, processor = zip(*taken, strict=True)
    return Taken(statistics.median(clock), statistics.median(processor))


def measure_tables(count: int, repeat: int, folder: Path) -> None:
    """Compare two tables of so many rows."""
    made = rows(count)
    old, new = folder / "old" / "metadata.csv", folder / "new" / "metadata.csv"
    for each in (old, new):
        each.parent.mkdir()
    old.write_bytes(text(made))
    new.write_bytes(text(changed(made)))
    taken = median(lambda: collectiondiff.diff(folder, str(old.parent), str(new.parent)), repeat)
    found = collectiondiff.diff(folder, str(old.parent), str(new.parent))
    table = found.table
    print(f"two tables of {table.old_rows:,} and {table.rows:,} rows, {len(HEADER)} columns:")
    print(
        f"  {len(table.added):,} added, {len(table.removed):,} removed, "
        f"{len(table.changed):,} changed, {table.moved:,} moved, {len(table.pieces):,} pieces"
    )
    print(
        f"  compared in {taken.clock:.2f} s by the clock, {taken.processor:.2f} s of processors "
        f"(medians of {repeat})"
    )
    forms: dict[str, Callable[[], str]] = {
        "text": lambda: render.text(found, 20),
        "JSON": lambda: render.json_(found),
        "Markdown": lambda: render.markdown(found),
    }
    for name, work in forms.items():
        print(f"  {name} in {median(work, repeat).processor:.2f} s, {len(work()):,} characters")
    parsed = csvread.parse(old.read_bytes())
    assert tablediff.apply(parsed, table.pieces) == new.read_bytes()
    print("  applied to the old table it gives the new one, byte for byte")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def measure_history(history: Path, repeat: int, folder: Path) -> None:
    """Compare each version of a real table with the next, as revisions of a repository."""
    versions = sorted(history.glob("*.csv"))
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    for version in versions:
        (folder / "metadata.csv").write_bytes(version.read_bytes())
        subprocess.run([*git, "add", "metadata.csv"], check=True)
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", version.stem], check=True)
    names = [f"HEAD~{back}" for back in reversed(range(len(versions)))]
    taken = [
        median(partial(collectiondiff.diff, folder, before, after), repeat).clock
        for before, after in pairwise(names)
    ]
    print(f"{len(taken)} neighbouring revisions of a real table of up to 700 rows:")
    print(f"  median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--history", type=Path, default=HISTORY)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure_tables(chosen.rows, chosen.repeat, Path(folder))
    if chosen.history.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            measure_history(chosen.history, chosen.repeat, Path(folder))
    else:
        print("history: skipped, the versions of a real table are not here")


if __name__ == "__main__":
    main()
