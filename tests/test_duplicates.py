"""Images that are in a collection twice, classed by patient."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests import alike, candidates, taken
from tests.clock import FakeClock

from covidxr import duplicatebook, duplicates, pairdecisions
from covidxr.duplicates import Found, Options, Sort, search
from covidxr.pairdecisions import Verdict

REAL = Path(__file__).parents[2] / "shared" / "real" / "sample"


def found(root: Path, **more: Any) -> Found:
    return search(Options(root=root, near=alike.near, **more))


def sorts(made: Found) -> list[tuple[str, str, Sort]]:
    """First and second name and the sort of every pair, by name."""
    return sorted(
        (Path(each.pair.first).name, Path(each.pair.second).name, each.sort)
        for cluster in made.clusters
        for each in cluster.pairs
    )


def decide(root: Path, *names: str, decision: str = "keep") -> None:
    verdict = Verdict(decision=decision, reason="looked at it", by="Ann", clock=FakeClock())
    pairdecisions.decide(root, names, verdict)


def test_pairs_are_classed_by_whose_they_are(tmp_path: Path) -> None:
    made = found(alike.leaking(tmp_path))
    assert sorts(made) == [
        ("a.png", "b.jpg", Sort.PATIENTS),
        ("c.png", "d.bmp", Sort.TWICE),
        ("c.png", "left.jpg", Sort.UNLISTED),
        ("d.bmp", "left.jpg", Sort.UNLISTED),
    ]
    assert [each.sort for each in made.clusters] == [Sort.PATIENTS, Sort.TWICE]
    assert [len(each.sides) for each in made.clusters] == [2, 3]
    assert (made.searched, made.unread, made.settled, made.must_be_seen) == (6, (), 0, True)


def test_one_image_at_two_offsets_is_said(tmp_path: Path) -> None:
    made = found(alike.leaking(tmp_path))
    assert [each.two_times for cluster in made.clusters for each in cluster.pairs] == [
        False,
        True,
        False,
        False,
    ]


def test_rows_without_a_patient_say_nothing_of_whose_it_is(tmp_path: Path) -> None:
    files = {"a.png": alike.ONE, "b.jpg": alike.smaller(alike.ONE)}
    rows = [{"filename": "a.png", "patientid": ""}, {"filename": "b.jpg", "patientid": "7"}]
    made = found(alike.collection(tmp_path, files, *rows))
    assert sorts(made) == [("a.png", "b.jpg", Sort.UNKNOWN)]
    assert made.must_be_seen


def test_a_file_of_two_patients_is_different_from_that_of_one(tmp_path: Path) -> None:
    files = {"a.png": alike.ONE, "b.jpg": alike.smaller(alike.ONE)}
    made = found(
        alike.collection(
            tmp_path,
            files,
            {"filename": "a.png", "patientid": "7"},
            {"filename": "a.png", "patientid": "8"},
            {"filename": "b.jpg", "patientid": "7"},
        )
    )
    assert sorts(made) == [("a.png", "b.jpg", Sort.PATIENTS)]


def test_copies_of_files_without_rows_need_not_be_seen(tmp_path: Path) -> None:
    files = {"a.png": alike.ONE, "b.jpg": alike.smaller(alike.ONE)}
    made = found(alike.collection(tmp_path, files, {"filename": "a.png"}))
    assert sorts(made) == [("a.png", "b.jpg", Sort.UNLISTED)]
    assert not made.must_be_seen


def test_what_cannot_be_compared_is_named(tmp_path: Path) -> None:
    made = found(alike.collection(tmp_path, {"a.png": alike.ONE, "b.png": b"", "c.png": b"no"}))
    assert (made.searched, made.unread) == (1, ("images/b.png", "images/c.png"))


# -- candidates ------------------------------------------------------------------------------------


def with_candidates(root: Path) -> list[str]:
    """One candidate that is in the collection, and one image in two cases."""
    alike.leaking(root)
    ids = candidates.keep(root, candidates.case(1), [alike.smaller(candidates.picture(3))])
    ids += candidates.keep(root, candidates.case(2), [candidates.picture(20)])
    return ids + candidates.keep(root, candidates.case(3), [candidates.picture(20)])


def test_candidates_are_compared_with_the_collection_and_each_other(tmp_path: Path) -> None:
    with_candidates(tmp_path)
    made = found(tmp_path)
    pairs = sorts(made)
    assert ("eurorad-1-1.png", "other.png", Sort.COLLECTION) in pairs
    assert ("eurorad-2-1.png", "eurorad-3-1.png", Sort.CANDIDATES) in pairs
    assert len(pairs) == 6
    of_both = next(each for each in made.clusters if each.sort is Sort.COLLECTION)
    assert [each.name for each in of_both.sides] == [
        "images/other.png",
        "eurorad/1/eurorad-1-1.png",
    ]


def test_candidates_are_left_out_where_they_are_not_wanted(tmp_path: Path) -> None:
    with_candidates(tmp_path)
    assert len(sorts(found(tmp_path, candidates=False))) == 4


def test_a_candidate_that_was_accepted_is_not_compared_with_its_own_file(tmp_path: Path) -> None:
    taken.collection(tmp_path)
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    assert found(tmp_path).searched == 6
    taken.accept(tmp_path, id_, patientid="50", filename="new.png")
    made = found(tmp_path)
    assert (made.searched, made.clusters) == (6, ())


def test_a_volume_of_slices_is_compared_by_its_middle_one(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    [id_] = candidates.keep(tmp_path, candidates.case(1), [candidates.picture(3)])
    folder = tmp_path / ".covidxr/candidates/eurorad/1"
    record = (folder / "case.json").read_text()
    # Three files of one image, the second of which is in the collection.
    told = json.loads(record)
    [file] = told["images"][0]["files"]
    names = [f"slices/{number}.png" for number in range(3)]
    told["images"][0]["files"] = [{**file, "name": name} for name in names]
    (folder / "slices").mkdir()
    for number, name in enumerate(names):
        (folder / name).write_bytes(candidates.picture((30, 3, 31)[number]))
    (folder / "case.json").write_text(json.dumps(told))
    assert id_
    assert ("slices", "other.png", Sort.COLLECTION) in sorts(found(tmp_path))


def test_a_damaged_case_keeps_nothing_from_being_searched(tmp_path: Path) -> None:
    with_candidates(tmp_path)
    (tmp_path / ".covidxr/candidates/eurorad/1/case.json").write_text("{")
    assert len(sorts(found(tmp_path))) == 5


# -- decisions -------------------------------------------------------------------------------------


def test_a_pair_that_was_decided_on_is_given_only_where_all_are_wanted(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "a.png", "b.jpg", decision="not-duplicate")
    made = found(tmp_path)
    assert ("a.png", "b.jpg", Sort.PATIENTS) not in sorts(made)
    assert (made.settled, len(sorts(made))) == (1, 3)
    every = found(tmp_path, everything=True)
    [pair] = [each for each in every.clusters[0].pairs if each.settled]
    assert pair.decision is not None
    assert (pair.decision.decision, pair.must_be_seen) == ("not-duplicate", False)


def test_a_decision_is_void_once_a_file_changed_and_the_pair_is_given_again(
    tmp_path: Path,
) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "a.png", "b.jpg")
    (tmp_path / "images/b.jpg").write_bytes(alike.recoded(alike.ONE))
    made = found(tmp_path)
    [pair] = [each for each in made.clusters[0].pairs if each.sort is Sort.PATIENTS]
    assert not pair.settled
    assert pair.void == "since then images/b.jpg changed"


def test_one_patient_under_two_ids_is_given_until_the_ids_are_one(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "a.png", "b.jpg", decision="same-patient")
    [pair] = found(tmp_path).clusters[0].pairs
    assert pair.void == "their rows still have two patient ids"
    table = tmp_path / "metadata.csv"
    table.write_text(table.read_text().replace("\n8,", "\n7,"))
    assert all(each[0] != "a.png" for each in sorts(found(tmp_path)))


def test_when_all_is_decided_nothing_must_be_seen(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "a.png", "b.jpg")
    decide(tmp_path, "c.png", "d.bmp", "left.jpg")
    made = found(tmp_path)
    assert (made.clusters, made.settled, made.must_be_seen) == ((), 4, False)


def test_a_decision_on_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "a.png", "b.jpg")
    (tmp_path / "images/b.jpg").unlink()
    [stale] = found(tmp_path).stale
    assert stale.why == "images/b.jpg is not there any more"


def test_a_decision_that_nobody_understands_settles_nothing(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "a.png", "b.jpg")
    book = tmp_path / duplicatebook.NAME
    book.write_text(book.read_text().replace(",keep,", ",maybe,"))
    made = found(tmp_path)
    assert made.clusters[0].pairs[0].void.startswith("'maybe' is none of")
    assert len(made.stale) == 1


# -- looking ---------------------------------------------------------------------------------------


def test_pairs_are_drawn_the_worst_first_and_no_more_than_wanted(tmp_path: Path) -> None:
    made = found(alike.leaking(tmp_path))
    four = Image.open(io.BytesIO(duplicates.sheet(made)))
    two = Image.open(io.BytesIO(duplicates.sheet(made, most=2)))
    assert two.width == four.width
    assert two.height * 2 == four.height
    assert four.crop((0, 0, *two.size)).tobytes() == two.tobytes()


@pytest.mark.skipif(not REAL.is_dir(), reason="the real collection is not here")
def test_all_pairs_that_people_found_in_the_real_collection_are_found_and_classed(
    tmp_path: Path,
) -> None:
    shutil.copy(REAL / "metadata.csv", tmp_path)
    (tmp_path / "images").symlink_to(REAL / "images")
    made = search(Options(root=tmp_path))
    pairs = {frozenset((one, other)): sort for one, other, sort in sorts(made)}
    with (REAL / "duplicates.csv").open() as file:
        for row in csv.DictReader(file):
            sort = pairs.pop(frozenset((row["file_a"], row["file_b"])))
            if "two patient ids" in row["judged"]:
                assert sort is Sort.PATIENTS
            elif "no row" in row["judged"]:
                assert sort is Sort.UNLISTED
            elif "listed as day" in row["judged"]:
                assert sort is Sort.TWICE
    # One more, which was looked at: the same radiograph, with other arrows, of two patients.
    assert list(pairs.values()) == [Sort.PATIENTS]
