"""Time `covidxr split`, its keeping run and its audit on a table of very many rows.

    python benchmarks/bench_split.py [--rows 1000000] [--runs 3]

The table is drawn from a seed: patients have 1 to 12 images, most of them one or two; findings,
views and sources are as uneven as in published collections, one patient in fifty is blank, and some
files are named twice. Each run is a process of its own, one after the other, beside a bare pass of
Python's csv over the same file; printed are medians, and medians of the ratios taken run by run.
Seconds are the processor's, children's too, so that a busy machine changes them little.
The last line places the same rows with one pair of copies per fifty rows, in one process.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from covidxr.columns import HEADER

FINDINGS = {
    "Pneumonia/Viral/COVID-19": 60,
    "todo": 10,
    "Pneumonia": 8,
    "No Finding": 6,
    "Pneumonia/Fungal/Pneumocystis": 4,
    "Pneumonia/Bacterial/Streptococcus": 4,
    "Pneumonia/Viral/SARS": 3,
    "Tuberculosis": 2,
    "Pneumonia/ARDS|Pneumonia/Viral/COVID-19": 2,
    "Pneumonia/Lipoid": 1,
}
VIEWS = {"PA": 45, "AP": 18, "AP Supine": 18, "Axial": 10, "L": 8, "": 1}
BARE = "import csv,sys; sum(1 for _ in csv.reader(open(sys.argv[1], encoding='utf-8')))"
SPLIT = "from covidxr.cli.app import main; import sys; sys.exit(main(sys.argv[1:]))"


def draw(path: Path, rows: int) -> None:
    """Write a table."""
    drawn = random.Random(7)  # noqa: S311 - nothing secret
    sites = [f"site-{number}.example.org" for number in range(40)]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, HEADER, lineterminator="\n")
        out.writeheader()
        row = patient = 0
        while row < rows:
            patient += 1
            site = sites[min(int(drawn.expovariate(0.2)), 39)]
            (finding,) = drawn.choices([*FINDINGS], [*FINDINGS.values()])
            known = {"patientid": "" if patient % 50 == 0 else str(patient), "finding": finding}
            for _ in range(min(12, 1 + int(drawn.expovariate(0.9)), rows - row)):
                (view,) = drawn.choices([*VIEWS], [*VIEWS.values()])
                name = f"{row - 1 if row % 997 == 1 else row}.png"
                cells = {"view": view, "folder": "images", "filename": name}
                url = f"https://{site}/case/{patient}"
                out.writerow({**known, **cells, "url": url, "license": "CC-BY-4.0"})
                row += 1


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command; give seconds of the processor and peak MiB, its children's not counted."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def with_copies(root: Path) -> float:
    """Place the rows with copies among them; give seconds without reading the table."""
    from covidxr import splitgroups, splitplaces, store
    from covidxr.filefacts import AlikePair
    from covidxr.splitfile import Plan

    dataset = store.read_collection(root)
    paths = sorted({dataset.row(row).path for row in range(0, len(dataset.table), 25)})
    pairs = zip(paths[::2], paths[1::2], strict=False)
    alike = tuple(AlikePair(first=one, second=two, kind="near") for one, two in pairs)
    dataset = replace(dataset, alike=alike)
    start = time.perf_counter()
    groups = splitgroups.groups(dataset)
    splitplaces.placed(dataset, groups, Plan(), None)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        draw(root / "metadata.csv", asked.rows)
        size = (root / "metadata.csv").stat().st_size / 1e6
        print(f"{asked.rows:,} rows, {size:.0f} MB")
        covidxr = [sys.executable, "-c", SPLIT, "split", "--root", folder, "--no-near"]
        out = str(root / "split.csv")
        commands = {
            "csv.reader alone": [sys.executable, "-c", BARE, str(root / "metadata.csv")],
            "covidxr split": [*covidxr, "--out", out, "--afresh"],
            "covidxr split, kept": [*covidxr, "--out", out],
            "covidxr split --folds 5": [*covidxr, "--folds", "5"],
            "covidxr split --by-hash": [*covidxr, "--by-hash"],
            "covidxr split --check": [*covidxr, "--check", out],
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(asked.runs):
            for name, command in commands.items():
                found[name].append(timed(command))
        bare = [seconds for seconds, _ in found["csv.reader alone"]]
        for name, runs in found.items():
            ratio = statistics.median(one / base for (one, _), base in zip(runs, bare, strict=True))
            seconds, memory = (statistics.median(each) for each in zip(*runs, strict=True))
            print(f"{name:26} {seconds:7.2f} s  {memory:7,.0f} MiB  {ratio:5.1f} x csv.reader")
        print(f"{'placing, with copies':26} {with_copies(root):7.2f} s", end="  ")
        print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7,.0f} MiB")


if __name__ == "__main__":
    main()
