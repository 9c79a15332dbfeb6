"""Time the search for near fingerprints against comparing them one by one.

Usage: python benchmarks/bench_likeness.py [--hashes N] [--asked N]

Both search the same random hashes for the same ones, each with a copy planted near it, and have to
find the same; every repeat runs both, so that a busy minute of the machine slows both. The table
shows medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from covidxr.alikes import index, near
from covidxr.imaging.likeness import BITS, NEAR_BITS, Fingerprint, confirm, distance, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

PLANTED_BITS = 20


def drawn(count: int, asked: int) -> tuple[dict[str, Fingerprint], list[Fingerprint]]:
    """Draw hashes; the asked ones are copies of the first, some bits changed."""
    rng = np.random.default_rng(1)
    prints = {
        str(number): Fingerprint(bits=rng.bytes(BITS // 8), thumbnail=b"")
        for number in range(count)
    }
    changed = (1 << PLANTED_BITS) - 1
    copies = [int.from_bytes(prints[str(n)].bits, "big") ^ changed for n in range(asked)]
    return prints, [
        Fingerprint(bits=each.to_bytes(BITS // 8, "big"), thumbnail=b"") for each in copies
    ]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Give the seconds that `work` takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--hashes", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    prints, asked = drawn(given.hashes, given.asked)
    start = time.perf_counter()
    among = index(prints)
    building = time.perf_counter() - start
    sweeps, naive = [], []
    for _ in range(given.repeats):
        seconds, by_sweep = timed(lambda: [len(near(among, each)) for each in asked])
        sweeps.append(seconds / len(asked))
        seconds, one_by_one = timed(
            lambda: [
                sum(distance(each, other) <= NEAR_BITS for other in prints.values())
                for each in asked
            ]
        )
        naive.append(seconds / len(asked))
        assert by_sweep == one_by_one, "they differ"
    sweep, loop = statistics.median(sweeps), statistics.median(naive)
    print(f"{given.hashes:,} hashes, within {NEAR_BITS} bits of one")
    print(f"  one by one   {loop * 1000:9.2f} ms   1 x")
    print(f"  one sweep    {sweep * 1000:9.2f} ms   1/{loop / sweep:.0f} x")
    print(f"  (making the index: {building * 1000:.0f} ms)")
    made = fingerprint(np.random.default_rng(2).integers(0, 256, (300, 300), dtype=np.uint8))
    assert made is not None
    closer = statistics.median(timed(lambda: confirm(made, made))[0] for _ in range(50))
    print(f"  a closer look {closer * 1000:8.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
