"""Which files are shown small, and what stands where none can be."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests import build, candidates

from covidxr import store
from covidxr.contactsheet import LONGEST, UNREAD, look, pick, thumbnails
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    from pathlib import Path

COVID, NORMAL, FUNGAL = "Pneumonia/Viral/COVID-19", "No Finding", "Pneumonia/Fungal"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    rows = build.rows(
        {}, {"filename": "gone.png"}, {"filename": "cut.png"}, {"filename": "page.png"}
    )
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    (tmp_path / "images" / "image-1.png").write_bytes(candidates.picture(1))
    (tmp_path / "images" / "cut.png").write_bytes(candidates.picture(2)[:900])
    (tmp_path / "images" / "page.png").write_text("<html><title>Not here</title></html>")
    return tmp_path


def findings(*counts: tuple[str, int]) -> list[dict[str, str]]:
    return [{"finding": name} for name, count in counts for _ in range(count)]


def test_each_finding_has_its_fair_part_and_a_rare_one_all_of_its_own() -> None:
    data = build.dataset(*findings((COVID, 20), (NORMAL, 6), (FUNGAL, 2)))
    chosen = pick(data, 12)
    counts = {
        name: sum(each.finding == name for each in chosen) for name in (COVID, NORMAL, FUNGAL)
    }
    assert counts == {COVID: 5, NORMAL: 5, FUNGAL: 2}
    assert [each.row for each in chosen if each.finding == COVID] == [0, 4, 8, 12, 16]


def test_never_more_are_chosen_than_were_asked_for() -> None:
    data = build.dataset(*findings((COVID, 3), (NORMAL, 3), (FUNGAL, 3)))
    assert [len(pick(data, most)) for most in (0, 1, 2, 4, 9, 50)] == [0, 1, 2, 4, 9, 9]
    assert len(pick(data, None)) == 9


def test_a_file_is_chosen_once_and_what_nobody_can_read_is_one_group() -> None:
    same = {"filename": "same.png", "patientid": "1"}
    data = build.dataset(same, same, {"finding": "smudge"}, {"finding": ""}, {"filename": ""})
    chosen = pick(data, None)
    assert [(each.path, each.finding) for each in chosen] == [
        ("images/image-3.png", UNREAD),
        ("images/image-4.png", UNREAD),
        ("images/same.png", COVID),
    ]


def test_files_that_are_there_come_first() -> None:
    rows = findings((COVID, 4))
    there = {f"images/image-{number}.png": build.png("x") for number in (3, 4)}
    assert [each.row for each in pick(build.dataset(*rows, files=there), 3)] == [0, 2, 3]


def test_a_thumbnail_is_small_and_says_its_size(root: Path) -> None:
    data = store.read_collection(root, store.Contents(depth=ImageDepth.STRUCTURE))
    made = thumbnails(root, data, pick(data, None))[0]
    with Image.open(io.BytesIO(made.jpeg)) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (made.width, made.height) == (LONGEST, 150)


def test_what_cannot_be_shown_says_why(root: Path) -> None:
    data = store.read_collection(root, store.Contents(depth=ImageDepth.STRUCTURE))
    why = {each.pick.path: each.why for each in thumbnails(root, data, pick(data, None))}
    assert why["images/image-1.png"] == ""
    assert why["images/gone.png"] == "the file is not there"
    assert "HTML" in why["images/page.png"] or "page" in why["images/page.png"]
    assert why["images/cut.png"]


def test_workers_draw_the_same_and_progress_is_told(root: Path) -> None:
    data = store.read_collection(root, store.Contents(depth=ImageDepth.STRUCTURE))
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as workers:
        made = thumbnails(root, data, pick(data, None), workers, lambda *done: told.append(done))
    assert made == thumbnails(root, data, pick(data, None))
    assert told == [(4, 4)]


def test_what_is_too_large_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise AssertionError("it was opened")

    monkeypatch.setattr(store, "file_bytes", refuse)
    huge = build.png("images/a.png", width=20_000, height=10_000)
    assert (
        look(tmp_path, "images/a.png", huge).why == "it has 200 megapixels: too many to be decoded"
    )
    long = build.png("images/a.png", bytes=2_000_000_000)
    assert look(tmp_path, "images/a.png", long).why == "it has 2,000 MB: too large to be shown"


def test_a_link_that_leads_out_of_the_collection_is_not_followed(root: Path) -> None:
    secret = root.parent / f"{root.name}-secret.png"
    secret.write_bytes(candidates.picture(9))
    (root / "images" / "gone.png").symlink_to(secret)
    data = store.read_collection(root, store.Contents(depth=ImageDepth.STRUCTURE))
    why = {each.pick.path: each for each in thumbnails(root, data, pick(data, None))}
    assert why["images/gone.png"].jpeg == b""
    assert "leads out of the collection" in why["images/gone.png"].why


def test_a_file_that_went_meanwhile_is_said(root: Path) -> None:
    data = store.read_collection(root, store.Contents(depth=ImageDepth.STRUCTURE))
    (root / "images" / "image-1.png").unlink()
    said = look(root, "images/image-1.png", data.files["images/image-1.png"])
    assert (said.pixels, said.why) == (None, "the file is not there any more")
