"""Pairs of pictures that are the same, and their clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from tests import alike

from covidxr.imaging.likeness import Fingerprint, fingerprint
from covidxr.imaging.viewing import eight_bits
from covidxr.likepairs import MOST_PAIRED, Print, Search, clusters, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def taken(data: bytes) -> Fingerprint:
    pixels = eight_bits(data)
    assert pixels is not None
    found = fingerprint(pixels)
    assert found is not None
    return found


ONE = taken(alike.ONE)
SMALL = taken(alike.smaller(alike.ONE))
TWO = taken(alike.TWO)


def named(name: str, of: Fingerprint | None, sha256: str = "", pixels: str = "") -> Print:
    """A picture whose bytes and pixels are its own unless said otherwise."""
    return Print(
        name=name,
        sha256=sha256 or f"bytes of {name}",
        pixels=pixels or f"pixels of {name}",
        hash=b"" if of is None else of.bits,
    )


def found(
    prints: dict[str, tuple[Print, Fingerprint | None]], **more: object
) -> list[tuple[str, str, str]]:
    search = Search(near=alike.near, thumbnail=lambda name: prints[name][1], **more)  # type: ignore[arg-type]
    given = [each for each, _ in prints.values()]
    return [(each.first, each.second, each.kind) for each in pairs(given, search)]


def shelf(*prints: tuple[Print, Fingerprint | None]) -> dict[str, tuple[Print, Fingerprint | None]]:
    return {each.name: (each, of) for each, of in prints}


def test_each_pair_is_told_by_the_strongest_thing_that_is_the_same() -> None:
    prints = shelf(
        (named("d", SMALL), SMALL),
        (named("a", ONE, "x", "p"), ONE),
        (named("b", ONE, "x", "p"), ONE),
        (named("c", ONE, "y", "p"), ONE),
        (named("e", TWO), TWO),
    )
    assert found(prints) == [
        ("a", "b", "bytes"),
        ("a", "c", "pixels"),
        ("a", "d", "near"),
        ("b", "c", "pixels"),
        ("b", "d", "near"),
        ("c", "d", "near"),
    ]


def test_near_hashes_alone_make_no_pair_where_the_closer_look_says_no() -> None:
    noise = Fingerprint(bits=ONE.bits, thumbnail=TWO.thumbnail)
    prints = shelf((named("a", ONE), ONE), (named("b", noise), noise))
    assert found(prints) == []


def test_a_picture_whose_thumbnail_is_gone_is_near_nothing() -> None:
    assert found(shelf((named("a", ONE), ONE), (named("b", SMALL), None))) == []


def test_pictures_of_one_tone_are_the_same_by_their_bytes_alone() -> None:
    prints = shelf(
        (named("a", None, "x", "black"), None),
        (named("b", None, "x", "black"), None),
        (named("c", None, "y", "black"), None),
    )
    assert found(prints) == [("a", "b", "bytes")]


def test_files_that_could_not_be_read_are_not_the_same() -> None:
    unread = [Print(name=name, sha256="") for name in "ab"]
    assert pairs(unread, Search(near=alike.near, thumbnail=lambda _: None)) == ()


def test_a_thousand_copies_make_a_thousand_pairs_and_one_cluster() -> None:
    prints = shelf(*((named(f"{n:04}", ONE, "x", "p"), ONE) for n in range(1000)))
    made = found(prints)
    assert len(made) == 999
    assert {first for first, *_ in made} == {"0000"}
    assert len(clusters([(first, second) for first, second, _ in made])) == 1


def test_few_copies_are_all_paired_with_each_other() -> None:
    prints = shelf(*((named(f"{n:02}", ONE, "x", "p"), ONE) for n in range(MOST_PAIRED)))
    assert len(found(prints)) == MOST_PAIRED * (MOST_PAIRED - 1) // 2


def test_many_copies_of_two_near_pictures_are_bound_without_pairing_all() -> None:
    prints = shelf(
        *((named(f"a{n:03}", ONE, "x", "p"), ONE) for n in range(100)),
        *((named(f"b{n:03}", SMALL, "y", "q"), SMALL) for n in range(100)),
    )
    across = [each for each in found(prints) if each[2] == "near"]
    assert len(across) == 199
    assert {each for pair in across for each in pair[:2]} == set(prints)


def test_a_thorough_search_adds_what_the_hashes_did_not_find() -> None:
    asked: list[Sequence[str]] = []

    def thorough(names: Sequence[str]) -> Iterable[tuple[int, int, float]]:
        asked.append(names)
        return [(1, 0, 0.9), (2, 0, 0.9)]

    prints = shelf(
        (named("a", ONE, "x", "p"), ONE),
        (named("copy", ONE, "x", "p"), ONE),
        (named("b", SMALL), SMALL),
        (named("c", TWO), TWO),
    )
    assert found(prints, thorough=thorough) == [
        ("a", "b", "near"),
        ("a", "c", "part"),
        ("a", "copy", "bytes"),
        ("b", "copy", "near"),
        ("c", "copy", "part"),
    ]
    assert asked == [["a", "b", "c"]]


def test_how_alike_a_pair_is_stands_in_it() -> None:
    search = Search(near=alike.near, thumbnail={"a": ONE, "b": SMALL}.get)
    [pair] = pairs([named("a", ONE), named("b", SMALL)], search)
    assert 0 < pair.distance < 40
    assert 0.9 < pair.likeness <= 1


def test_a_hash_that_is_near_itself_is_no_pair() -> None:
    search = Search(near=lambda _: ([0, 1], [0, 1], [0, 0]), thumbnail=lambda _: ONE)
    assert pairs([named("a", ONE), named("b", TWO)], search) == ()


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))))
def test_every_edge_is_in_one_cluster_and_no_two_clusters_share_a_name(
    edges: list[tuple[str, str]],
) -> None:
    made = clusters(edges)
    assert sorted(number for each in made for number in each) == list(range(len(edges)))
    names = [{name for number in each for name in edges[number]} for each in made]
    assert sum(map(len, names)) == len({name for edge in edges for name in edge})


def test_what_hangs_together_by_a_third_is_one_cluster() -> None:
    assert clusters([("a", "b"), ("x", "y"), ("c", "b")]) == [[0, 2], [1]]
