"""Finding what is near a picture among many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from covidxr.alikes import Likeness, index, near
from covidxr.imaging.likeness import BITS, Fingerprint, distance


def made(bits: bytes) -> Fingerprint:
    return Fingerprint(bits=bits, thumbnail=b"")


def flipped(bits: bytes, count: int) -> bytes:
    changed = int.from_bytes(bits, "big") ^ ((1 << count) - 1)
    return changed.to_bytes(len(bits), "big")


ZERO = bytes(BITS // 8)


def test_the_nearest_comes_first_and_what_is_too_far_does_not_come() -> None:
    among = index({f"{n} bits": made(flipped(ZERO, n)) for n in (40, 3, 97, 96, 0)})
    assert near(among, made(ZERO)) == (
        Likeness(name="0 bits", distance=0),
        Likeness(name="3 bits", distance=3),
        Likeness(name="40 bits", distance=40),
        Likeness(name="96 bits", distance=96),
    )
    assert [each.distance for each in near(among, made(ZERO), most_bits=3)] == [0, 3]


def test_nothing_is_near_in_an_empty_index() -> None:
    assert near(index({}), made(ZERO)) == ()


def test_what_is_equally_near_keeps_its_order() -> None:
    among = index({name: made(flipped(ZERO, 5)) for name in ("b", "a", "c")})
    assert [each.name for each in near(among, made(ZERO))] == ["b", "a", "c"]


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=30), st.integers(0, BITS))
def test_the_sweep_finds_what_comparing_one_by_one_finds(hashes: list[bytes], most: int) -> None:
    prints = {str(n): made(each) for n, each in enumerate(hashes)}
    asked = made(ZERO)
    found = near(index(prints), asked, most)
    assert {each.name: each.distance for each in found} == {
        name: distance(each, asked)
        for name, each in prints.items()
        if distance(each, asked) <= most
    }


def test_many_are_searched_at_once() -> None:
    random = np.random.default_rng(1)
    prints = {str(n): made(random.bytes(32)) for n in range(20_000)}
    prints["copy"] = made(flipped(prints["777"].bits, 30))
    found = near(index(prints), prints["777"], 60)
    assert [each.name for each in found] == ["777", "copy"]
