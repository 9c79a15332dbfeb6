"""Time the facts of files against Pillow decoding the same files and hashing their bytes.

Usage: python benchmarks/bench_facts.py [--images DIR] [--repeats N] [--clean PYTHON SCRIPT]

Every repeat runs all methods one after the other on the same files, so that a busy minute of the
machine touches all of them; the table shows medians, and medians of the ratios taken repeat by
repeat. "cold" remembers nothing, "warm" is a second run that finds everything remembered, as a
whole process of its own. --clean runs cleanvision, installed for another interpreter, by a script
that is given the folder and the number of processes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from covidxr.filelook import Work, look_at_files
from covidxr.levels import ImageDepth
from covidxr.places import Folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

ROOT = Path(__file__).resolve().parents[1]
BASE = "Pillow decode + SHA-256"
ONE, TWO, PROCESSES = "facts, one worker", "facts, 2 threads", "facts, 2 processes"
WHOLE, WARM, CLEAN = "`covidxr facts`, cold", "`covidxr facts`, warm", "cleanvision, one process"
# imagededup 0.3.3, PHash, one worker and two, as multiples of Pillow's full decode of the same 724
# files on the machine that it was measured on (29.0 and 18.8 s against 8.12 s).
IMAGEDEDUP_ONE, IMAGEDEDUP_TWO = 3.57, 2.32


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pillow(files: list[Path]) -> Callable[[], float]:
    """Make a method that decodes and hashes one file after the other."""

    def one(path: Path) -> None:
        data = path.read_bytes()
        hashlib.sha256(data).hexdigest()
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()

    def run() -> None:
        for path in files:
            one(path)

    return lambda: timed(run)


def facts(root: Path, workers: Executor | None) -> Callable[[], float]:
    """Make a method that looks at all files of a collection, remembering nothing."""
    work = Work(depth=ImageDepth.FULL, workers=workers)
    return lambda: timed(lambda: look_at_files(Folder(root), work))


def command(root: Path, *, warm: bool, peaks: list[int]) -> Callable[[], float]:
    """Make a method that runs the command as a user does, with one worker."""
    argv = [sys.executable, "-m", "covidxr", "facts", "--root", str(root), "--jobs", "1"]

    def run() -> float:
        if not warm:
            shutil.rmtree(root / ".covidxr", ignore_errors=True)
        taken = timed(lambda: subprocess.run(argv, check=True, capture_output=True))
        peaks.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        return taken

    return run


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    sample = ROOT.parent / "shared" / "real" / "sample" / "images"
    parser.add_argument("--images", type=Path, default=sample)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clean", nargs=2, metavar=("PYTHON", "SCRIPT"))
    given = parser.parse_args()
    if not given.images.is_dir():
        print(f"no folder {given.images}: nothing measured; name one with --images")
        return 2
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.copytree(given.images, root / "images")
        files = sorted(path for path in (root / "images").rglob("*") if path.is_file())
        threads = stack.enter_context(ThreadPoolExecutor(2))
        fresh = get_context("forkserver" if os.name == "posix" else "spawn")
        processes = stack.enter_context(ProcessPoolExecutor(2, mp_context=fresh))
        peaks: list[int] = []
        methods = {
            BASE: pillow(files),
            ONE: facts(root, None),
            TWO: facts(root, threads),
            PROCESSES: facts(root, processes),
            WHOLE: command(root, warm=False, peaks=peaks),
            WARM: command(root, warm=True, peaks=peaks),
        }
        seconds: dict[str, list[float]] = {name: [] for name in methods}
        for repeat in range(given.repeats + 1):
            for name, method in methods.items():
                taken = method()
                if repeat:
                    seconds[name].append(taken)
        if given.clean:
            argv = [*given.clean, str(root / "images"), "1"]
            seconds[CLEAN] = [timed(lambda: subprocess.run(argv, check=True, capture_output=True))]
        show(seconds, len(files), sum(path.stat().st_size for path in files) / 1e6, max(peaks))
    return 0


def show(seconds: dict[str, list[float]], files: int, megabytes: float, peak: int) -> None:
    """Print the table and what follows from it."""
    print(f"{files} files, {megabytes:.1f} MB, median of {len(seconds[BASE])} repeats\n")
    print("| method | s | of Pillow's speed |")
    print("|---|---|---|")
    for name, taken in seconds.items():
        against = ratio(seconds[BASE], taken)
        print(f"| {name} | {statistics.median(taken):.3f} | {against:.2f} |")
    print(f"\n2 threads against one worker: {ratio(seconds[ONE], seconds[TWO]):.2f}x")
    print(f"2 processes against one worker: {ratio(seconds[ONE], seconds[PROCESSES]):.2f}x")
    one, two = ratio(seconds[BASE], seconds[ONE]), ratio(seconds[BASE], seconds[TWO])
    print(f"against imagededup's published figures: {one * IMAGEDEDUP_ONE:.1f}x with one worker, "
          f"{two * IMAGEDEDUP_TWO:.1f}x with two")  # fmt: skip
    if CLEAN in seconds:
        print(f"against cleanvision: {ratio(seconds[CLEAN], seconds[WHOLE]):.1f}x, whole processes")
    print(f"memory of `covidxr facts` at its highest: {peak / 1000:.0f} MB")


def ratio(slow: list[float], quick: list[float]) -> float:
    """Give the median of ratios, repeat by repeat."""
    return statistics.median(
        slow[min(at, len(slow) - 1)] / quick[min(at, len(quick) - 1)]
        for at in range(max(len(slow), len(quick)))
    )


if __name__ == "__main__":
    sys.exit(main())
