"""Which files of a collection show the same picture."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tests import alike, candidates

from covidxr import alikefiles, likenessstore, nearpairs, store
from covidxr.alikefiles import Pictures, Waiting
from covidxr.candidatestore import candidates_of
from covidxr.levels import ImageDepth
from covidxr.likenessstore import Remembered

if TYPE_CHECKING:
    import pytest


def found(root: Path, *, remember: bool = True) -> list[tuple[str, str, str]]:
    memory = Remembered(root) if remember else None
    dataset = store.read_collection(root, store.Contents(depth=ImageDepth.FULL, memory=memory))
    made = alikefiles.alike(root, dataset)
    return [(Path(each.first).name, Path(each.second).name, each.kind) for each in made]


LEAKING = [
    ("a.png", "b.jpg", "near"),
    ("c.png", "d.bmp", "pixels"),
    ("c.png", "left.jpg", "near"),
    ("d.bmp", "left.jpg", "near"),
]


def test_copies_are_found_a_first_and_a_second_time(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    assert found(tmp_path) == LEAKING
    assert (tmp_path / likenessstore.FILE).exists()
    assert found(tmp_path) == LEAKING


def test_where_nothing_is_remembered_the_pairs_are_found_all_the_same(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    assert found(tmp_path, remember=False) == LEAKING
    assert not (tmp_path / likenessstore.FILE).exists()


def test_what_is_no_picture_and_what_is_damaged_are_like_nothing(tmp_path: Path) -> None:
    files = {"a.png": b"no picture", "b.png": alike.ONE[:500], "c.png": b"", "d.png": b"neither"}
    assert found(alike.collection(tmp_path, files)) == []


def test_a_damaged_file_that_is_there_twice_is_the_same_by_its_bytes(tmp_path: Path) -> None:
    files = {"a.png": alike.ONE[:500], "b.png": alike.ONE[:500]}
    assert found(alike.collection(tmp_path, files)) == [("a.png", "b.png", "bytes")]


def test_files_that_rows_name_come_first(tmp_path: Path) -> None:
    alike.collection(tmp_path, {"a.png": alike.ONE, "b.png": alike.TWO}, {"filename": "b.png"})
    dataset = store.read_collection(tmp_path, store.Contents(depth=ImageDepth.FULL))
    prints = alikefiles.of_files(dataset)
    assert [each.name for each in prints] == ["images/b.png", "images/a.png"]


# -- candidates ------------------------------------------------------------------------------------


def waiting(root: Path, *pictures: bytes) -> Pictures:
    """Candidates of one case each, and where they are."""
    made = {}
    for number, picture in enumerate(pictures, start=1):
        [id_] = candidates.keep(root, candidates.case(number), [picture])
        case, _, file = id_.rpartition("/")
        name = f"{alikefiles.CANDIDATES}{id_}"
        made[name] = Waiting(name=name, stamp=alike.sha256(picture), case=case, file=file)
    return Pictures(root=root, kept=candidates_of(root, None), waiting=made)


def test_candidates_are_seen_the_same_with_and_without_workers(tmp_path: Path) -> None:
    pictures = waiting(tmp_path, *map(candidates.picture, range(20)))
    alone = alikefiles.of_candidates(pictures)
    (tmp_path / likenessstore.FILE).unlink()
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as workers:
        shared = alikefiles.of_candidates(
            pictures, workers, lambda done, total: told.append((done, total))
        )
    assert shared == alone
    assert [each.sha256 for each in alone] == [
        alike.sha256(candidates.picture(seed)) for seed in range(20)
    ]
    assert told[-1] == (20, 20)


def test_a_portion_can_be_sent_to_a_process_and_holds_no_other_candidates(tmp_path: Path) -> None:
    pictures = waiting(tmp_path, *map(candidates.picture, range(5)))
    portions = pictures.portions([*pictures.waiting, "images/a.png"], 2)
    for part, names in pickle.loads(pickle.dumps(portions)):  # noqa: S301 - what was just made
        assert set(part.waiting) == set(names) - {"images/a.png"}
        assert all(part.data(name) for name in part.waiting)
    assert [len(names) for _, names in portions] == [2, 2, 2]


def test_a_candidate_and_a_file_of_one_picture_have_one_digest_and_hash(tmp_path: Path) -> None:
    alike.collection(tmp_path, {"a.bmp": alike.recoded(alike.ONE)})
    dataset = store.read_collection(tmp_path, store.Contents(depth=ImageDepth.FULL))
    [file] = alikefiles.of_files(dataset)
    [candidate] = alikefiles.of_candidates(waiting(tmp_path, alike.ONE))
    assert (file.pixels, file.hash) == (candidate.pixels, candidate.hash)
    assert file.sha256 != candidate.sha256


def test_a_candidate_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = waiting(tmp_path, alike.ONE, alike.TWO)
    first = alikefiles.of_candidates(pictures)
    monkeypatch.delattr(Pictures, "data")
    assert alikefiles.of_candidates(pictures) == first


def test_a_candidate_whose_file_is_gone_is_like_nothing(tmp_path: Path) -> None:
    pictures = waiting(tmp_path, alike.ONE)
    [each] = pictures.waiting.values()
    (tmp_path / ".covidxr/candidates" / each.case / each.file).unlink()
    [seen] = alikefiles.of_candidates(pictures)
    assert (seen.sha256, seen.pixels, seen.hash) == ("", "", b"")
    assert pictures.pixels(each.name) is None


def test_thumbnails_are_taken_anew_where_they_were_thrown_away(tmp_path: Path) -> None:
    pictures = waiting(tmp_path, alike.ONE)
    alike.collection(tmp_path, {"a.png": alike.TWO})
    dataset = store.read_collection(tmp_path, store.Contents(depth=ImageDepth.FULL))
    prints = (*alikefiles.of_candidates(pictures), *alikefiles.of_files(dataset))
    (tmp_path / likenessstore.FILE).unlink()
    thumbnail = pictures.thumbnails(prints)
    for each in prints:
        made = thumbnail(each.name)
        assert made is not None
        assert made.bits == each.hash
    assert thumbnail("images/unknown.png") is None


# -- the sweep -------------------------------------------------------------------------------------


def test_the_search_finds_what_comparing_all_with_all_finds() -> None:
    hashes = np.random.default_rng(4).integers(0, 256, (40, 32), dtype=np.uint8)
    hashes[9, 1:] = hashes[3, 1:]
    swept = set(zip(*alikefiles.near(hashes), strict=True))
    assert swept == set(zip(*alike.near(hashes), strict=True))
    assert {(one, other) for one, other, _ in swept} >= {(3, 9)}


def test_of_many_pictures_only_nearer_hashes_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashes = np.zeros((3, 32), dtype=np.uint8)
    hashes[1, :6], hashes[2, :7] = 255, 255
    near = list(zip(*alikefiles.near(hashes), strict=True))
    assert near == [(0, 1, 48), (0, 2, 56), (1, 2, 8)]
    monkeypatch.setattr(nearpairs, "_WIDER", ())
    near = list(zip(*alikefiles.near(hashes), strict=True))
    assert near == [(0, 1, 48), (1, 2, 8)]
