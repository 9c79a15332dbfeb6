"""The thorough search, with a description and a comparison that are easy to follow."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from tests import alike

from covidxr.alikefiles import Pictures
from covidxr.duplicates import Options, search
from covidxr.thoroughly import Looking, thorough

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Shared:
    correlation: float


def describe(pixels: np.ndarray) -> np.ndarray | None:
    """The mean of each picture, in an array; a black picture has none."""
    return np.array([pixels.mean()]) if pixels.any() else None


def shortlist(features: Sequence[np.ndarray]) -> list[tuple[int, int, int]]:
    return [
        (one, two, view) for one, two in combinations(range(len(features)), 2) for view in (0, 1)
    ]


def overlap(first: np.ndarray, second: np.ndarray, views: Sequence[int]) -> Shared | None:
    assert list(views) == [0, 1]
    return Shared(1.5) if abs(first[0] - second[0]) < 1 else None


LOOKING: Looking[Any] = Looking(describe=describe, shortlist=shortlist, overlap=overlap)


def grey(level: int) -> bytes:
    written = io.BytesIO()
    Image.new("L", (20, 20), level).save(written, "PNG")
    return written.getvalue()


def test_pairs_are_told_by_their_places_among_all_names(tmp_path: Path) -> None:
    files = {f"{n}.png": grey(level) for n, level in enumerate((0, 50, 90, 0, 50, 90, 130))}
    files["1b.png"] = b"no picture"
    alike.collection(tmp_path, files)
    names = [f"images/{name}" for name in sorted(files)]
    told: list[tuple[int, int]] = []
    alone = thorough(Pictures(root=tmp_path), LOOKING, None, lambda *done: told.append(done))
    with ThreadPoolExecutor(2) as workers:
        shared = thorough(Pictures(root=tmp_path), LOOKING, workers)
        found = [list(search(names)) for search in (alone, shared)]
    assert found[0] == found[1]
    assert [(names[one][7:], names[two][7:], value) for one, two, value in found[0]] == [
        ("1.png", "4.png", 1.0),
        ("2.png", "5.png", 1.0),
    ]
    assert told[-1] == (8, 8)


def test_nothing_is_found_among_no_pictures(tmp_path: Path) -> None:
    assert list(thorough(Pictures(root=tmp_path), LOOKING)([])) == []


def test_a_thorough_search_of_a_collection_tells_parts_beside_near_copies(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    everything: Looking[Any] = Looking(
        describe=describe, shortlist=shortlist, overlap=lambda *_: Shared(0.7)
    )
    options = Options(
        root=tmp_path,
        near=alike.near,
        thorough=lambda pictures: thorough(pictures, everything),
    )
    pairs = [each.pair for cluster in search(options).clusters for each in cluster.pairs]
    assert sorted({each.kind for each in pairs}) == ["near", "part", "pixels"]
    assert len(pairs) == 15
    assert {each.likeness for each in pairs if each.kind == "part"} == {0.7}
