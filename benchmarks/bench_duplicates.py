"""Measure the search for duplicates: how fast, and what it finds of copies that were changed.

    python benchmarks/bench_duplicates.py [hashes] [changes] [thorough]
        [--images DIR] [--every N] [--hashes N] [--jobs N]

``hashes``: pairs among a million random hashes with near copies planted, and whether all that
comparing each with each finds among 20,000 are found. ``changes``: copies of real images, changed
in one way each, and how many are found among all images and copies by hashes within `PAIR_BITS`, by
those within `NEAR_BITS` (both with the closer look), and by the thorough look.
A pair of other images is false, save where ``duplicates.csv`` beside the folder lists it; those are
named, to be looked at. ``thorough``: seconds for the folder, and for 724 images by proportion.
Without words, all of it. The last two need a folder of real images and are skipped without.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import cv2
import numpy as np

from covidxr.imaging.features import Features, describe
from covidxr.imaging.likeness import ALIKE, BITS, NEAR_BITS, Fingerprint, confirm, fingerprint
from covidxr.imaging.overlaps import overlap
from covidxr.imaging.shortlists import Look, shortlist
from covidxr.imaging.viewing import eight_bits
from covidxr.nearpairs import PAIR_BITS, Pairs, pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Pixels: TypeAlias = NDArray[np.uint8]
    Change: TypeAlias = Callable[[Pixels, np.random.Generator], Pixels]

PARTS = ("hashes", "changes", "thorough")
COMPARED = 20_000
WHOLE = 724
IMAGES = Path(__file__).resolve().parents[2] / "shared" / "real" / "sample" / "images"


class Taken(NamedTuple):
    """What is kept of one picture."""

    name: str
    print: Fingerprint | None
    features: Features | None


def cut(percent: int, pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Take away so much of the height and of the width, wherever it falls."""
    height, width = pixels.shape[:2]
    rows, columns = (max(1, round(side * (100 - percent) / 100)) for side in (height, width))
    top, left = rng.integers(height - rows + 1), rng.integers(width - columns + 1)
    return pixels[top : top + rows, left : left + columns]


def halved(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Shrink to half the size."""
    made = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.asarray(made, np.uint8)


def coded(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Code as JPEG of quality 30."""
    written = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 30])[1]
    return np.asarray(cv2.imdecode(written, cv2.IMREAD_UNCHANGED), np.uint8)


def darker(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Change the contrast by a gamma of 1.6."""
    levels = np.round(255 * (np.arange(256) / 255) ** 1.6).astype(np.uint8)
    return levels[pixels]


def framed(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Put a black border around, a twentieth of the size wide."""
    width = max(pixels.shape[:2]) // 20
    made = cv2.copyMakeBorder(pixels, *(width,) * 4, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    return np.asarray(made, np.uint8)


def marked(pixels: Pixels, _: np.random.Generator) -> Pixels:
    """Draw letters in two corners and an arrow on a lung."""
    made = pixels.copy()
    height, width = pixels.shape[:2]
    white, thick = (255, 255, 255), max(2, height // 150)
    for text, left, base, size in (("R", 0.06, 0.15, 350), ("AP 12:40", 0.6, 0.95, 600)):
        at = (int(left * width), int(base * height))
        cv2.putText(made, text, at, cv2.FONT_HERSHEY_SIMPLEX, height / size, white, thick)
    ends = [(int(x * width), int(y * height)) for x, y in ((0.3, 0.75), (0.4, 0.6))]
    cv2.arrowedLine(made, ends[0], ends[1], white, thick, tipLength=0.4)
    return made


CHANGES: dict[str, Change] = {
    **{f"cut by {percent} %": partial(cut, percent) for percent in (5, 10, 20, 30, 40)},
    "half the size": halved,
    "JPEG 30": coded,
    "contrast": darker,
    "border": framed,
    "letters and arrow": marked,
    "mirrored": lambda pixels, _: pixels[:, ::-1],
    "inverted": lambda pixels, _: 255 - pixels,
}


def taken(path: Path) -> Taken:
    """Read an image and take what is kept of it."""
    return of(path.name, eight_bits(path.read_bytes()))


def of(name: str, pixels: Pixels | None) -> Taken:
    """Take what is kept of a picture."""
    if pixels is None:
        return Taken(name, None, None)
    return Taken(name, fingerprint(pixels), describe(pixels))


def with_copies(path: Path) -> list[Taken]:
    """Take what is kept of an image, and then of its copies, one a change."""
    pixels = eight_bits(path.read_bytes())
    if pixels is None:
        return [of(path.name, None)] * (1 + len(CHANGES))
    rng = np.random.default_rng(int.from_bytes(path.name.encode()[-8:], "big"))
    copies = [np.ascontiguousarray(change(pixels, rng)) for change in CHANGES.values()]
    return [of(path.name, each) for each in (pixels, *copies)]


def by_hash(these: Sequence[Taken], most_bits: int) -> set[tuple[int, int]]:
    """Find pairs by their hashes, and look closer."""
    places = [place for place, each in enumerate(these) if each.print is not None]
    prints = [each.print for each in these if each.print is not None]
    found = pairs([each.bits for each in prints], most_bits)
    return {
        (places[one], places[other])
        for one, other in zip(found.first.tolist(), found.second.tolist(), strict=True)
        if confirm(prints[one], prints[other]) >= ALIKE
    }


def looked(look: tuple[Features, Features, int]) -> bool:
    """Tell whether a pair of the short list matches."""
    first, second, view = look
    return overlap(first, second, [view]) is not None


def thoroughly(these: Sequence[Taken], executor: ProcessPoolExecutor) -> set[tuple[int, int]]:
    """Find pairs as the thorough look does."""
    places = [place for place, each in enumerate(these) if each.features is not None]
    features = [each.features for each in these if each.features is not None]
    looks: list[Look] = shortlist(features)
    given = ((features[look.first], features[look.second], look.view) for look in looks)
    matches = executor.map(looked, given, chunksize=64)
    return {
        (places[look.first], places[look.second])
        for look, matched in zip(looks, matches, strict=True)
        if matched
    }


def known(folder: Path) -> set[frozenset[str]]:
    """Read the pairs that are known to be the same; none where no list is there."""
    listed = folder.parent / "duplicates.csv"
    if not listed.exists():
        return set()
    with listed.open(encoding="utf-8", newline="") as file:
        return {frozenset((row["file_a"], row["file_b"])) for row in csv.DictReader(file)}


def planted(count: int) -> NDArray[np.uint8]:
    """Draw hashes; the last hundredth are copies of others, 0 to `PAIR_BITS` bits changed."""
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 256, (count, BITS // 8), dtype=np.uint8)
    copies = count // 100
    bits = np.unpackbits(hashes[:copies], axis=1)
    for number, row in enumerate(bits):
        row[rng.choice(BITS, number % (PAIR_BITS + 1), replace=False)] ^= 1
    hashes[-copies:] = np.packbits(bits, axis=1)
    return hashes


def as_set(found: Pairs) -> set[tuple[int, int]]:
    """Give the pairs without their distances."""
    return set(zip(found.first.tolist(), found.second.tolist(), strict=True))


def each_with_each(hashes: NDArray[np.uint8]) -> set[tuple[int, int]]:
    """Compare each with each, by the product of their bits."""
    bits = np.unpackbits(hashes, axis=1).astype(np.float32)
    ones = bits.sum(1)
    found = set()
    for start in range(0, len(bits), 1_000):
        part = slice(start, start + 1_000)
        apart = ones[part, None] + ones - 2 * (bits[part] @ bits.T)
        one, other = np.nonzero(apart <= PAIR_BITS)
        later = one + start < other
        found |= set(zip((one[later] + start).tolist(), other[later].tolist(), strict=True))
    return found


def measure_hashes(count: int, jobs: int) -> None:
    """Print how long the search takes, its memory, and whether it misses anything."""
    few = planted(COMPARED)
    wanted, found = each_with_each(few), as_set(pairs(few))
    print(f"{COMPARED:,} hashes, {PAIR_BITS} bits: {len(wanted)} pairs one by one,", end=" ")
    print(f"{len(wanted & found)} of them found, {len(found - wanted)} besides")
    hashes = planted(count)
    start = time.perf_counter()
    with ProcessPoolExecutor(jobs) as executor:
        found = as_set(pairs(hashes, executor=executor))
    seconds = time.perf_counter() - start
    copies = count // 100
    kept = sum((number, count - copies + number) in found for number in range(copies))
    print(f"{count:,} hashes, {PAIR_BITS} bits, {jobs} processes: {seconds:.1f} s,", end=" ")
    print(f"{kept:,} of {copies:,} planted pairs found, {len(found):,} in all")
    own, each = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"  peak memory {own:.0f} MiB, and {each:.0f} in each process at most")


def measure_changes(paths: Sequence[Path], executor: ProcessPoolExecutor) -> None:
    """Print what is found of the copies, change by change."""
    columns = list(zip(*executor.map(with_copies, paths, chunksize=4), strict=True))
    originals, same = columns[0], known(paths[0].parent)
    strange: set[tuple[str, str]] = set()

    def tell(name: str, copies: Sequence[Taken]) -> None:
        these = [*originals, *copies]
        cells = []
        for found in (
            by_hash(these, PAIR_BITS),
            by_hash(these, NEAR_BITS),
            thoroughly(these, executor),
        ):
            hit = sum((place, place + len(originals)) in found for place in range(len(copies)))
            names = {tuple(sorted((these[one].name, these[other].name))) for one, other in found}
            false = {(one, other) for one, other in names if one != other} - {
                (one, other) for one, other in names if frozenset((one, other)) in same
            }
            strange.update(false)
            share = f"{hit / len(copies):7.1%}" if copies else " " * 7
            cells.append(f" {share} {len(false):6}")
        print(f"{name:20}", *cells, flush=True)

    heads = (f"{PAIR_BITS} bits", f"{NEAR_BITS} bits", "thorough")
    print(f"{len(originals):3} images          ", *(f"{head:>8}  false" for head in heads))
    tell("(no copies)", [])
    for name, copies in zip(CHANGES, columns[1:], strict=True):
        tell(name, copies)
    for pair in sorted(strange):
        print("  to be looked at:", *pair)


def measure_thorough(paths: Sequence[Path], executor: ProcessPoolExecutor, jobs: int) -> None:
    """Print how long the thorough look takes."""
    start = time.perf_counter()
    these = list(executor.map(taken, paths, chunksize=4))
    described = time.perf_counter()
    found = thoroughly(these, executor)
    done = time.perf_counter()
    print(f"{len(paths)} images, {jobs} processes: {described - start:.1f} s to describe,", end=" ")
    print(f"{done - described:.1f} s to match, {len(found)} pairs;", end=" ")
    print(f"{(done - start) * WHOLE / len(paths):.0f} s for {WHOLE} by proportion")


def images(folder: Path, every: int) -> list[Path]:
    """List what is measured."""
    found: Iterable[Path] = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.is_file())[::every]


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS))
    parser.add_argument("--images", type=Path, default=IMAGES)
    parser.add_argument("--every", type=int, default=1, help="take one image in so many")
    parser.add_argument("--hashes", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    parts = given.parts or PARTS
    if not set(parts) <= set(PARTS):
        parser.error(f"parts are {', '.join(PARTS)}")
    if "hashes" in parts:
        measure_hashes(given.hashes, given.jobs)
    paths = images(given.images, given.every)
    if not paths:
        print(f"{given.images} has no images: the rest is skipped")
        return 0
    # Each process is to keep to its core.
    with ProcessPoolExecutor(given.jobs, initializer=cv2.setNumThreads, initargs=(1,)) as executor:
        if "thorough" in parts:
            measure_thorough(paths, executor, given.jobs)
        if "changes" in parts:
            measure_changes(paths, executor)
    return 0


if __name__ == "__main__":
    sys.exit(main())
