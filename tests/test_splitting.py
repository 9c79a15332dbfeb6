"""Groups are shared out so that parts are as large as asked, and look alike."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr import splitting
from covidxr.splitting import FREE, Weighed

if TYPE_CHECKING:
    import random

SHARES = [0.7, 0.1, 0.2]

GROUPS = st.lists(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=3, unique_by=lambda e: e[0]),
    min_size=1,
    max_size=60,
)


def weighed(profiles: list[list[tuple[int, int]]]) -> Weighed:
    return Weighed(
        names=[f"group {number}" for number in range(len(profiles))],
        sizes=[max((count for _, count in each), default=1) for each in profiles],
        profiles=profiles,
        strata=5,
    )


@given(GROUPS, st.integers(0, 3))
def test_no_part_is_too_large_by_a_whole_group(
    profiles: list[list[tuple[int, int]]], seed: int
) -> None:
    groups = weighed(profiles)
    parts = splitting.balanced(groups, SHARES, [FREE] * len(profiles), str(seed))
    total, largest = sum(groups.sizes), max(groups.sizes)
    for part, share in enumerate(SHARES):
        size = sum(size for size, where in zip(groups.sizes, parts, strict=True) if where == part)
        assert share * total - 2 * largest <= size < share * total + largest + 1e-6


@given(GROUPS, st.randoms())
def test_the_order_of_groups_does_not_matter(
    profiles: list[list[tuple[int, int]]], shuffler: random.Random
) -> None:
    groups = weighed(profiles)
    order = list(range(len(profiles)))
    shuffler.shuffle(order)
    other = Weighed(
        names=[groups.names[at] for at in order],
        sizes=[groups.sizes[at] for at in order],
        profiles=[groups.profiles[at] for at in order],
        strata=5,
    )
    free = [FREE] * len(profiles)
    parts = splitting.balanced(groups, SHARES, free, "7")
    again = splitting.balanced(other, SHARES, free, "7")
    assert [parts[at] for at in order] == again


@given(GROUPS, st.data())
def test_what_is_fixed_stays(profiles: list[list[tuple[int, int]]], data: st.DataObject) -> None:
    fixed = data.draw(
        st.lists(st.integers(FREE, 2), min_size=len(profiles), max_size=len(profiles))
    )
    parts = splitting.balanced(weighed(profiles), SHARES, fixed, "0")
    assert all(was in {FREE, now} for was, now in zip(fixed, parts, strict=True))
    assert FREE not in parts


def test_each_stratum_is_shared_out_like_the_whole() -> None:
    # One group in ten has the rare stratum, each has one of two others.
    profiles = [[(at % 2, 1), *([(2, 1)] if at % 10 == 0 else [])] for at in range(1000)]
    parts = splitting.balanced(weighed(profiles), SHARES, [FREE] * 1000, "0")
    counts = Counter(
        (stratum, part)
        for profile, part in zip(profiles, parts, strict=True)
        for stratum, _ in profile
    )
    assert {part: counts[2, part] for part in range(3)} == {0: 70, 1: 10, 2: 20}
    assert {part: counts[0, part] for part in range(3)} == {0: 350, 1: 50, 2: 100}


def test_new_groups_mend_what_old_ones_lack() -> None:
    profiles = [[(0, 1)] for _ in range(10)]
    fixed = [0, 0, 0, 0, 0, FREE, FREE, FREE, FREE, FREE]
    parts = splitting.balanced(weighed(profiles), [0.5, 0.5], fixed, "0")
    assert parts[5:] == [1] * 5


def test_another_seed_gives_another_split() -> None:
    groups = weighed([[] for _ in range(100)])
    splits = {
        tuple(splitting.balanced(groups, SHARES, [FREE] * 100, str(seed))) for seed in range(5)
    }
    assert len(splits) == 5


def test_by_hash_a_part_depends_on_no_other_group() -> None:
    names = [f"patient {at}" for at in range(2000)]
    parts = splitting.by_hash(names, SHARES, "0")
    assert splitting.by_hash(names[500:1000], SHARES, "0") == parts[500:1000]
    assert splitting.by_hash(names, SHARES, "1") != parts
    for part, share in enumerate(SHARES):
        assert parts.count(part) / 2000 == pytest.approx(share, abs=0.03)


def test_a_stratum_needs_half_a_group_in_two_parts() -> None:
    assert splitting.fewest([0.7, 0.1, 0.2]) == 3
    assert splitting.fewest([1.0]) == 1
    assert splitting.fewest([0.2] * 5) == 3
