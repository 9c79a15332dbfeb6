"""Time every export format on tables of three sizes, and say whether time grows with the rows.

Usage: python benchmarks/bench_export.py [--rows N N N] [--repeats N] [--formats KEY …]

The table is made, and so is what is known of its files; nothing is copied: what is measured is the
exporter, and its own files written to the disk. Each run is a process of its own, whose peak of
memory holds Python, the libraries and the table as well. Seconds are the processor's, so that a
busy machine changes them little. A ratio of 1 is linear time.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from covidxr import csvread
from covidxr.about import About
from covidxr.columns import HEADER
from covidxr.dataset import Dataset
from covidxr.export import exporters
from covidxr.model import ImageDepth, ImageFacts
from covidxr.table import Table

if TYPE_CHECKING:
    from covidxr.plugins import Exporter

SIZES = (10_000, 30_000, 100_000)
MOST_MEGABYTES = 1000
VIEWS = ("PA", "AP", "AP Supine", "L")
FINDINGS = ("Pneumonia/Viral/COVID-19", "No Finding", "Pneumonia/Bacterial/Klebsiella", "Pneumonia")
LICENCES = ("CC-BY-4.0", "CC-BY-NC-SA-4.0", "CC0-1.0", "")


def cells(number: int) -> dict[str, str]:
    """Make one row: three images a patient, notes of its own."""
    return {
        "patientid": str(number // 3),
        "offset": str(number % 40),
        "sex": "MF "[number // 3 % 3].strip(),
        "age": str(20 + number // 3 % 70),
        "finding": FINDINGS[number // 3 % 4],
        "survival": "Y" if number % 2 else "",
        "view": VIEWS[number % 4],
        "modality": "X-ray",
        "date": f"2020-{1 + number % 12:02}-{1 + number % 28:02}",
        "location": f"Hospital {number % 500}, Springfield",
        "folder": "images",
        "filename": f"image-{number}.png",
        "url": f"https://example.org/case/{number // 3}",
        "license": LICENCES[number % 4],
        "clinical_notes": f"Fever and dry cough for {number} days, then more of it. " * 3,
        "other_notes": f"Case courtesy of Dr {number % 900}",
    }


def made(rows: int) -> Dataset:
    """Make a collection in memory."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    files = {}
    for number in range(rows):
        row = cells(number)
        writer.writerow(row)
        path = f"images/{row['filename']}"
        files[path] = ImageFacts(
            path=path,
            bytes=100_000 + number,
            format="PNG",
            width=1024,
            height=1024,
            mode="L",
            sha256=hashlib.sha256(path.encode()).hexdigest(),
        )
    return Dataset(
        table=Table(csvread.parse(out.getvalue().encode())),
        files=files,
        folders=frozenset({"images"}),
        depth=ImageDepth.STRUCTURE,
        about=About(name="made", title="Made", version="1.0.0", released_on="2026-11-26"),
        parts={path: ("train", "test")[at % 5 == 0] for at, path in enumerate(files)},
    )


def write(each: Exporter, data: Dataset, folder: Path) -> int:
    """Write a format's own files and give their weight; copies are only counted."""
    weight = 0
    for number, artifact in enumerate(each.artifacts(data)):
        if artifact.copy_of:
            continue
        with (folder / str(number)).open("wb") as file:
            for piece in artifact.parts() if artifact.parts else (artifact.data or b"",):
                weight += file.write(piece)
    return weight


def one(key: str, rows: int) -> None:
    """Measure one format on one size, and print it as JSON."""
    data = made(rows)
    each = exporters()[key]
    with tempfile.TemporaryDirectory() as folder:
        # What a library does once, it does here.
        write(each, made(10), Path(folder))
        start = time.process_time()
        weight = write(each, data, Path(folder))
        seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": seconds, "peak": peak, "weight": weight}))


def measured(key: str, rows: int) -> dict[str, float]:
    """Measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", key, str(rows)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--formats", nargs="+", default=list(exporters()))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one[0], int(given.one[1]))
        return 0
    sizes = sorted(given.rows)
    print("| format | " + " | ".join(f"{rows:,} rows, s" for rows in sizes), end="")
    print(" | time a row, most against fewest | peak, MB | written, MB |")
    print("|---" * (len(sizes) + 4) + "|")
    fine = True
    for key in given.formats:
        runs = {rows: [measured(key, rows) for _ in range(given.repeats)] for rows in sizes}
        seconds = [statistics.median(run["seconds"] for run in runs[rows]) for rows in sizes]
        ratio = (seconds[-1] / sizes[-1]) / (seconds[0] / sizes[0])
        peak = max(run["peak"] for run in runs[sizes[-1]])
        fine = fine and peak < MOST_MEGABYTES
        told = " | ".join(f"{each:.2f}" for each in seconds)
        weight = runs[sizes[-1]][0]["weight"] / 1e6
        print(f"| `{key}` | {told} | {ratio:.2f} | {peak:.0f} | {weight:.1f} |", flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
