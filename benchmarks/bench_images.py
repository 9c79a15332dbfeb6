"""Time the quick look at images against hashing alone and against decoding everything.

Usage: python benchmarks/bench_images.py [--images DIR] [--peers DIR] [--repeats N]

Every repeat runs all methods one after the other on the same files, so that a busy minute of the
machine touches all of them; the table shows medians, and medians of the ratios taken repeat by
repeat. Files come from the page cache.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from covidxr.imaging.examine import examine
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[1]
QUICK = "covidxr, structure"
FLOOR = "structure walk + sha256 (floor)"
DECODE = "Pillow, full decode"


def look(path: Path) -> None:
    """Examine one file as a quick validation does."""
    examine(path.name, path.read_bytes(), ImageDepth.STRUCTURE)


def look_fully(path: Path) -> None:
    """Examine one file down to its pixels."""
    examine(path.name, path.read_bytes(), ImageDepth.FULL)


def decode(path: Path) -> None:
    """Decode one picture with Pillow, nothing else."""
    with Image.open(path) as picture:
        picture.load()


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def over(files: Sequence[Path], one: Callable[[Path], object]) -> Callable[[], float]:
    """Make a method that times `one` over all files in one thread."""
    return lambda: timed(lambda: [one(file) for file in files])


def in_threads(files: Sequence[Path], one: Callable[[Path], object]) -> Callable[[], float]:
    """Make a method that times `one` over all files in two threads."""

    def run() -> float:
        with ThreadPoolExecutor(2) as pool:
            return timed(lambda: list(pool.map(one, files)))

    return run


def floor(script: Path, images: Path) -> Callable[[], float]:
    """Make a method that runs the floor's own script, which times itself inside its process."""
    command = [sys.executable, str(script), str(images), "struct_sha"]

    def run() -> float:
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return float(json.loads(answer)["median_s"])

    return run


def measure(methods: dict[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """Run all methods in turn, once to warm up and then `repeats` times."""
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for repeat in range(repeats + 1):
        for name, method in methods.items():
            taken = method()
            if repeat:
                seconds[name].append(taken)
    return seconds


def show(seconds: dict[str, list[float]], files: int, megabytes: float) -> None:
    """Print the table."""
    print(f"{files} files, {megabytes:.1f} MB, median of {len(seconds[QUICK])} repeats\n")
    print("| method | s | files/s | to the floor | to a full decode |")
    print("|---|---|---|---|---|")
    for name, taken in seconds.items():
        middle = statistics.median(taken)
        against = [
            _ratio(taken, seconds[other]) if other in seconds else "-" for other in (FLOOR, DECODE)
        ]
        print(f"| {name} | {middle:.3f} | {files / middle:,.0f} | {' | '.join(against)} |")
    faster = [slow / quick for slow, quick in zip(seconds[DECODE], seconds[QUICK], strict=True)]
    print(f"\nThe quick look is {statistics.median(faster):.1f}x faster than a full decode.")


def _ratio(taken: Sequence[float], other: Sequence[float]) -> str:
    ratios = [mine / theirs for mine, theirs in zip(taken, other, strict=True)]
    return f"{statistics.median(ratios):.3f}x"


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    shared = ROOT.parent / "shared"
    parser.add_argument("--images", type=Path, default=shared / "real" / "sample" / "images")
    parser.add_argument("--peers", type=Path, default=shared / "peers-bench")
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    if not given.images.is_dir():
        print(f"no folder {given.images}: nothing measured; name one with --images")
        return 2
    files = sorted(file for file in given.images.iterdir() if file.is_file())
    methods = {QUICK: over(files, look)}
    script = given.peers / "img_verify.py"
    if script.is_file():
        methods[FLOOR] = floor(script, given.images)
    else:
        print(f"no {script}: the floor is not measured; name its folder with --peers\n")
    methods[f"{QUICK}, 2 threads"] = in_threads(files, look)
    methods[DECODE] = over(files, decode)
    methods["covidxr, full"] = over(files, look_fully)
    show(measure(methods, given.repeats), len(files), sum(f.stat().st_size for f in files) / 1e6)
    return 0


if __name__ == "__main__":
    sys.exit(main())
