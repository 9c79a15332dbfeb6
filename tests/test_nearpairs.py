"""Finding all pairs of near hashes among many."""

from __future__ import annotations

import csv
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from itertools import combinations, count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr import alikes, nearpairs
from covidxr.imaging.likeness import (
    ALIKE,
    BITS,
    NEAR_BITS,
    Fingerprint,
    confirm,
    distance,
    fingerprint,
)
from covidxr.imaging.viewing import eight_bits
from covidxr.nearpairs import PAIR_BITS, Pairs, bits_for, pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

REAL = Path(__file__).resolve().parents[2] / "shared" / "real" / "sample"
HASH = st.binary(min_size=BITS // 8, max_size=BITS // 8)


def drawn(number: int, seed: int = 1) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (number, BITS // 8), dtype=np.uint8)


def changed(hashes: NDArray[np.uint8], most: int, seed: int = 2) -> NDArray[np.uint8]:
    """Change 0, 1, 2 ... `most` bits of one hash after the other, anywhere."""
    rng = np.random.default_rng(seed)
    bits = np.unpackbits(hashes, axis=1)
    for row, number in zip(bits, count()):
        row[rng.choice(BITS, number % (most + 1), replace=False)] ^= 1
    return np.packbits(bits, axis=1)


def listed(found: Pairs) -> list[tuple[int, int, int]]:
    return [(int(one), int(other), int(apart)) for one, other, apart in zip(*found, strict=True)]


def one_by_one(hashes: NDArray[np.uint8], most: int) -> list[tuple[int, int, int]]:
    # Sums of 256 ones are whole in this type too, and it is multiplied many times as fast.
    bits = np.unpackbits(hashes, axis=1).astype(np.float32)
    ones = bits.sum(1)
    apart = ones[:, None] + ones - 2 * (bits @ bits.T)
    near = np.argwhere(np.triu(apart <= most, 1))
    return [(int(one), int(other), int(apart[one, other])) for one, other in near]


@pytest.mark.parametrize("most", [0, 7, 15, 16, 31, 47, 50, 53, 62])
def test_no_pair_is_missed_and_none_invented(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # So few hashes would be compared one by one, were the bands not made to look cheap.
    monkeypatch.setattr(nearpairs, "_BUCKET_COSTS", 0)
    first = drawn(1_500)
    hashes = np.concatenate([first, changed(first[:700], most + 2, seed=most)])
    hashes = np.unique(hashes, axis=0)
    found = listed(pairs(hashes, most))
    assert len(found) >= 700 * most // (most + 3) - 100
    assert found == one_by_one(hashes, most)


def test_pairs_that_differ_wherever_their_bits_are_dealt_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearpairs, "_BUCKET_COSTS", 0)
    first = drawn(1_000)
    bits = np.unpackbits(first[:BITS], axis=1)
    for start, row in enumerate(bits):
        # A run of neighbouring bits, as a hash's low waves are, from every place on.
        row[(np.arange(PAIR_BITS) + start) % BITS] ^= 1
    hashes = np.concatenate([first, np.packbits(bits, axis=1)])
    assert listed(pairs(hashes)) == [(n, 1_000 + n, PAIR_BITS) for n in range(BITS)]


def test_enough_hashes_are_searched_by_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearpairs, "_each_with_each", None)
    first = drawn(30_000)
    near = changed(first[:500], PAIR_BITS)
    found = listed(pairs(np.concatenate([first, near])))
    assert found == [(n, 30_000 + n, n % (PAIR_BITS + 1)) for n in range(500)]


@given(st.lists(HASH, max_size=30), st.integers(0, BITS))
def test_what_hangs_together_is_what_comparing_one_by_one_says(
    hashes: list[bytes], most: int
) -> None:
    prints = [Fingerprint(bits=each, thumbnail=b"") for each in hashes]
    found = listed(pairs(hashes, most))
    assert all(distance(prints[one], prints[other]) == apart <= most for one, other, apart in found)
    assert found == sorted(found)
    assert len(set(found)) == len(found)
    wanted = [
        (one, other)
        for one, other in combinations(range(len(hashes)), 2)
        if distance(prints[one], prints[other]) <= most
    ]
    first = {each: place for place, each in reversed(list(enumerate(hashes)))}
    shorter = {
        (one, other)
        for one, other in wanted
        if first[hashes[other]] in {one, other} and first[hashes[one]] == one
    }
    assert {(one, other) for one, other, _ in found} == shorter


def test_equal_hashes_are_each_paired_with_the_first_of_them_alone() -> None:
    hashes = np.repeat(drawn(1), 10_000, axis=0)
    hashes[4_000] = changed(hashes[:2], 1)[1]
    found = pairs(hashes)
    assert len(found.first) == 9_999
    assert set(found.first.tolist()) == {0}
    assert np.flatnonzero(found.distance).tolist() == [3_999]


def test_an_array_a_list_of_bytes_and_nothing_are_searched_alike() -> None:
    hashes = np.concatenate([drawn(20), changed(drawn(20), 20)])
    assert listed(pairs(hashes)) == listed(pairs([each.tobytes() for each in hashes]))
    assert listed(pairs([])) == []
    assert listed(pairs(drawn(1))) == []
    assert listed(pairs(np.zeros((0, BITS // 8), np.uint8))) == []


def test_one_full_bucket_is_searched_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearpairs, "_each_with_each", None)
    monkeypatch.setattr(nearpairs, "_BUCKET_COSTS", 0)
    monkeypatch.setattr(nearpairs, "_AT_ONCE", 1_000)
    monkeypatch.setattr(nearpairs, "_FETCHED", 1_000)
    bits = np.unpackbits(drawn(3_000), axis=1)
    plan = nearpairs._plan(17, PAIR_BITS)
    # The bits of one band are the same in all: its one bucket holds everything.
    bits[:, (np.arange(plan.widths[0]) * nearpairs._STEP) % BITS] = 1
    hashes = np.packbits(bits, axis=1)
    near = changed(hashes[:100], 30)
    both = np.concatenate([hashes, near])
    assert listed(pairs(both)) == one_by_one(both, PAIR_BITS)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_whoever_searches_finds_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn(8_000)
    hashes = np.concatenate([first, changed(first[:300], 20)])
    alone = listed(pairs(hashes, 20))
    assert len(alone) == 300
    monkeypatch.setattr(nearpairs, "_each_with_each", None)
    with (
        ThreadPoolExecutor(2)
        if kind == "threads"
        else ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    ) as executor:
        assert listed(pairs(hashes, 20, executor)) == alone


def test_bits_are_counted_without_numpy_2_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = np.concatenate([drawn(300), changed(drawn(300), 60)])
    found = listed(pairs(hashes))
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    assert listed(pairs(hashes)) == found
    monkeypatch.setattr(nearpairs, "_BUCKET_COSTS", 0)
    assert listed(pairs(hashes)) == found


def test_the_fewer_pictures_the_further_apart_they_are_looked_at() -> None:
    counts = (0, 1_000, 1_001, 4_000, 4_001, 10**7)
    assert [bits_for(each) for each in counts] == [NEAR_BITS, NEAR_BITS, 80, 80, *(PAIR_BITS,) * 2]


def test_the_search_for_one_offers_the_search_for_all() -> None:
    assert alikes.pairs is pairs
    assert alikes.PAIR_BITS == PAIR_BITS


@cache
def real() -> dict[str, Fingerprint]:
    paths = sorted((REAL / "images").glob("*"))
    shown = {path.name: eight_bits(path.read_bytes()) for path in paths}
    found = {name: fingerprint(each) for name, each in shown.items() if each is not None}
    return {name: each for name, each in found.items() if each is not None}


@pytest.mark.skipif(not REAL.exists(), reason="needs the real images in ../shared")
def test_of_the_real_images_the_nine_pairs_are_found_and_no_other() -> None:
    names, prints = tuple(real()), tuple(real().values())
    found = pairs([each.bits for each in prints])
    alike = {
        frozenset((names[one], names[other]))
        for one, other, _ in listed(found)
        if confirm(prints[one], prints[other]) >= ALIKE
    }
    with (REAL / "duplicates.csv").open(encoding="utf-8", newline="") as file:
        judged = {frozenset((row["file_a"], row["file_b"])) for row in csv.DictReader(file)}
    assert len(judged) == 9
    assert alike == judged
