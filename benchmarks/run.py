"""Measure what README says of speed, side by side with what users would run instead.

    python benchmarks/run.py [--peers DIR] [--table FILE] [--frictionless PYTHON] [--large]

Each comparison runs its commands in turn, so that a busy minute slows both, and prints medians and
ratios. Commands run in the interpreter's environment; what is not there is left out, and said so.
Without ``--table`` the repository's own collection is used, repeated to 751 rows.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PUBLISHED_TORCHXRAYVISION = 179
"""Wall time of torchxrayvision's `totals()` on 751 rows over that of a bare csv script, as measured
once in 7 pairs of runs (161 to 227); the library's 5.8 GB are not installed again for each run."""

MINIMAL_TYPER = """
import typer
app = typer.Typer()
def _(name):
    @app.command(name)
    def run(path: str = typer.Argument("."), form: str = typer.Option("text"), jobs: int = 2):
        "Check the collection."
for name in ("check", "stats", "images", "duplicates"): _(name)
app()
"""


@dataclass(frozen=True)
class Timing:
    """Wall seconds and peak memory of one command."""

    seconds: float
    mebibytes: float


def run(command: list[str], cwd: Path) -> Timing:
    """Run a command once; its output is thrown away."""
    before = time.perf_counter()
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return Timing(time.perf_counter() - before, usage.ru_maxrss / 1024)


def compare(
    title: str, commands: dict[str, list[str]], *, runs: int, cwd: Path
) -> dict[str, Timing]:
    """Run commands in turn after a warm-up each, print and give their medians."""
    found: dict[str, list[Timing]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            timing = run(command, cwd)
            if number or runs == 1:
                found[name].append(timing)
    print(f"\n{title} (median of {runs})")
    medians = {}
    first: float | None = None
    for name, timings in found.items():
        seconds = statistics.median(each.seconds for each in timings)
        memory = max(each.mebibytes for each in timings)
        medians[name] = Timing(seconds, memory)
        first = first or seconds
        print(f"  {name:<44} {seconds:8.3f} s  {seconds / first:7.2f} x  {memory:7.0f} MiB")
    return medians


def repeated(source: Path, target: Path, rows: int) -> None:
    """Write a table of `rows` rows: those of `source` again and again, names made unique."""
    with source.open(newline="", encoding="utf-8") as file:
        header, *records = list(csv.reader(file))
    patient, name = header.index("patientid"), header.index("filename")
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for number in range(rows):
            round_, place = divmod(number, len(records))
            record = list(records[place])
            if round_:
                record[patient] = f"{record[patient]}_{round_}"
                record[name] = f"{round_}_{record[name]}"
            writer.writerow(record)


def main() -> None:
    """Run every comparison that the machine has the parts for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, default=HERE.parent / "../shared/peers-bench")
    parser.add_argument("--table", type=Path, default=HERE.parent / "metadata.csv")
    parser.add_argument("--frictionless", default="", help="Python with frictionless installed")
    parser.add_argument("--large", action="store_true", help="100,000 and 1,000,000 rows too")
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Bench(given, Path(folder)).all()


@dataclass
class Bench:
    """The comparisons, over tables in a temporary folder."""

    given: argparse.Namespace
    folder: Path

    def all(self) -> None:
        """Run them."""
        self.small()
        if self.given.large:
            small = self.large(100_000, runs=5)
            big = self.large(1_000_000, runs=1)
            print(f"\ncovidxr, ten times the rows: {big.seconds / small.seconds:.1f} x the time")

    def collection(self, rows: int) -> Path:
        """A folder with a table of so many rows."""
        root = self.folder / str(rows)
        root.mkdir(exist_ok=True)
        repeated(self.given.table, root / "metadata.csv", rows)
        return root

    def peer(self, script: str, root: Path) -> list[str] | None:
        """A peer's command on a table, or None where it is not there."""
        path = Path(self.given.peers) / script
        if not path.is_file():
            print(f"(left out: {script} is not in {self.given.peers})")
            return None
        python = self.given.frictionless if "frictionless" in script else sys.executable
        if not python:
            print("(left out: name an interpreter that has frictionless with --frictionless)")
            return None
        return [python, str(path.resolve()), str(root / "metadata.csv")]

    def small(self) -> None:
        """751 rows: help, statistics, validation."""
        covidxr = [sys.executable, "-m", "covidxr"]
        root = self.collection(751)
        typer = [sys.executable, "-c", MINIMAL_TYPER]
        compare(
            "help",
            {
                "a minimal Typer application, --help": [*typer, "--help"],
                "covidxr --help": [*covidxr, "--help"],
            },
            runs=self.given.runs * 2,
            cwd=root,
        )
        stats = [*covidxr, "stats", "--root", str(root), "--format", "readme"]
        commands = {
            "a minimal Typer application, a command": [*typer, "stats"],
            "covidxr stats --format readme": stats,
        }
        bare = self.peer("stats_stdlib.py", root)
        if bare:
            commands["bare csv script"] = bare
        medians = compare("label table, 751 rows", commands, runs=self.given.runs * 2, cwd=root)
        gap = (
            medians["covidxr stats --format readme"].seconds
            - medians["a minimal Typer application, a command"].seconds
        )
        print(f"  covidxr over minimal Typer: {gap * 1000:+.0f} ms")
        if bare:
            ratio = (
                PUBLISHED_TORCHXRAYVISION
                * medians["bare csv script"].seconds
                / medians["covidxr stats --format readme"].seconds
            )
            print(f"  torchxrayvision (179 x the bare script) over covidxr: {ratio:.0f} x")
        self.validation(root, runs=self.given.runs)

    def validation(self, root: Path, *, runs: int) -> Timing:
        """Validate a table beside what its users would run."""
        commands = {}
        for name, script in {
            "pandera, bare script": "val_pandera_pandas.py",
            "frictionless": "val_frictionless.py",
        }.items():
            command = self.peer(script, root)
            if command:
                commands[name] = command
        ours = "covidxr validate --images none"
        commands[ours] = [
            sys.executable,
            "-m",
            "covidxr",
            "validate",
            "--root",
            str(root),
            "--images",
            "none",
        ]
        rows = int(root.name)
        return compare(f"validation, {rows:,} rows", commands, runs=runs, cwd=root)[ours]

    def large(self, rows: int, *, runs: int) -> Timing:
        """Validate a large table."""
        return self.validation(self.collection(rows), runs=runs)


if __name__ == "__main__":
    main()
