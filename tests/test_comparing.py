"""Comparing candidates with the collection and with each other, in the background."""

from __future__ import annotations

import io
import os
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests import build, candidates

from covidxr import comparing, csvread, likenessstore, reviewqueue
from covidxr.candidatestore import candidates_of
from covidxr.comparing import Comparing, Material
from covidxr.errors import UsageError
from covidxr.imaging.viewing import eight_bits
from covidxr.places import Folder
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from covidxr.reviewqueue import Candidate
    from covidxr.reviewsheet import Alike


@dataclass
class Reading:
    """Decodes, and counts what it decoded."""

    decoded: list[bytes] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def __call__(self, data: bytes) -> Any:
        self.before()
        self.decoded.append(data)
        return eight_bits(data)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


def queue(root: Path) -> dict[str, Candidate]:
    kept = candidates_of(root, None)
    return {
        each.id: each
        for case in kept.stamps()
        for each in reviewqueue.candidates(reviewqueue.read_record(kept.record(case)[0]), case)
    }


def material(root: Path, *rows: dict[str, str], reading: Reading | None = None) -> Material:
    table = Table(csvread.parse(build.csv_text(build.rows(*rows)).encode()))
    return Material(
        root=root,
        candidates=candidates_of(root, None),
        queue=lambda: queue(root),
        table=lambda: table,
        decode=reading or eight_bits,
    )


def put(root: Path, name: str, data: bytes) -> None:
    (root / "images").mkdir(exist_ok=True)
    (root / "images" / name).write_bytes(data)


def changed(data: bytes) -> bytes:
    """The same picture, smaller and coded again."""
    written = io.BytesIO()
    Image.open(io.BytesIO(data)).resize((200, 190)).save(written, "JPEG", quality=60)
    return written.getvalue()


def finished(made: Material) -> Comparing:
    """Compare until everything is read."""
    with ThreadPoolExecutor(2) as workers:
        done = threading.Event()
        found = Comparing(made, workers, lambda read, total: done.set() if read == total else None)
        found.start()
        assert done.wait(60)
        found.stop()
    return found


def alike(made: Material, id_: str) -> tuple[Alike, ...]:
    return finished(made).alike(id_)


def test_a_changed_copy_in_the_collection_is_found_with_its_rows(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.jpg", changed(candidates.picture(1000)))
    put(tmp_path, "two.png", candidates.picture(5))
    [found] = alike(
        material(tmp_path, {"filename": "one.jpg", "patientid": "7"}, {"filename": "two.png"}), id_
    )
    assert (found.path, found.id) == ("images/one.jpg", "")
    assert (found.same_bytes, found.same_pixels, found.same_case) == (False, False, False)
    assert found.likeness > 0.9
    assert [row.cells["patientid"] for row in found.rows] == ["7"]


def test_the_same_bytes_say_so(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "copy.png", candidates.picture(1000))
    [found] = alike(material(tmp_path), id_)
    assert (found.path, found.same_bytes, found.same_pixels) == ("images/copy.png", True, True)
    assert (found.distance, found.likeness, found.rows) == (0, 1.0, ())


def test_the_same_pixels_in_another_file_say_so(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    written = io.BytesIO()
    Image.open(io.BytesIO(candidates.picture(1000))).convert("RGB").save(written, "BMP")
    put(tmp_path, "copy.bmp", written.getvalue())
    [found] = alike(material(tmp_path), id_)
    assert (found.same_bytes, found.same_pixels) == (False, True)
    assert (found.distance, found.likeness) == (0, 1.0)


def test_other_candidates_are_compared_and_those_of_the_case_are_told(tmp_path: Path) -> None:
    same = candidates.picture(1)
    ids = candidates.keep(tmp_path, candidates.case(1, images=2), [same, changed(same)])
    ids += candidates.keep(tmp_path, candidates.case(2), [same])
    found = alike(material(tmp_path), ids[0])
    assert [(each.id, each.same_bytes, each.same_case) for each in found] == [
        (ids[2], True, False),
        (ids[1], False, True),
    ]


def test_a_row_of_the_same_page_or_paper_is_of_the_same_case(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1, doi="10.5555/ABC"))
    for name in ("page.png", "paper.png", "other.png"):
        put(tmp_path, name, candidates.picture(1000))
    made = material(
        tmp_path,
        {"filename": "page.png", "url": "http://www.eurorad.org/case/1"},
        {"filename": "paper.png", "doi": "https://doi.org/10.5555/abc"},
        {"filename": "other.png"},
    )
    told = {each.path: each.same_case for each in alike(made, id_)}
    assert told == {"images/page.png": True, "images/paper.png": True, "images/other.png": False}


def test_a_candidate_is_not_named_beside_the_file_with_its_bytes(tmp_path: Path) -> None:
    same = candidates.picture(1)
    [id_] = candidates.keep(tmp_path, candidates.case(1), [same])
    candidates.keep(tmp_path, candidates.case(2), [same])
    put(tmp_path, "accepted.png", same)
    assert [each.path for each in alike(material(tmp_path), id_)] == ["images/accepted.png"]


def test_different_pictures_are_not_alike(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    for seed in range(30):
        put(tmp_path, f"{seed}.png", candidates.picture(seed))
    assert alike(material(tmp_path), id_) == ()


def test_blank_pictures_are_like_nothing_but_their_own_bytes(tmp_path: Path) -> None:
    blank, other = io.BytesIO(), io.BytesIO()
    Image.new("L", (100, 100), 0).save(blank, "PNG")
    Image.new("L", (100, 100), 0).save(other, "BMP")
    [id_] = candidates.keep(tmp_path, candidates.case(1), [blank.getvalue()])
    put(tmp_path, "other.bmp", other.getvalue())
    assert alike(material(tmp_path), id_) == ()
    put(tmp_path, "same.png", blank.getvalue())
    [found] = alike(material(tmp_path), id_)
    assert (found.path, found.same_bytes) == ("images/same.png", True)


def test_a_second_run_decodes_nothing(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.jpg", changed(candidates.picture(1000)))
    put(tmp_path, "text.png", b"no picture")
    first, second = Reading(), Reading()
    before = alike(material(tmp_path, reading=first), id_)
    after = alike(material(tmp_path, reading=second), id_)
    assert len(first.decoded) == 3
    assert second.decoded == []
    assert after == before


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.png", candidates.picture(1000))
    made = finished(material(tmp_path))
    assert len(made.alike(id_)) == 1
    put(tmp_path, "one.png", candidates.picture(77, (330, 300)))
    reading = Reading()
    again = finished(material(tmp_path, reading=reading))
    assert again.alike(id_) == ()
    assert len(reading.decoded) == 1


def test_a_file_that_was_only_touched_is_not_decoded_again(tmp_path: Path) -> None:
    candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.png", candidates.picture(1))
    finished(material(tmp_path))
    os.utime(tmp_path / "images/one.png", (1, 1))
    reading = Reading()
    finished(material(tmp_path, reading=reading))
    assert reading.decoded == []


def test_a_damaged_memory_is_made_again(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.png", changed(candidates.picture(1000)))
    before = alike(material(tmp_path), id_)
    (tmp_path / likenessstore.FILE).write_bytes(b"damaged" * 1000)
    assert alike(material(tmp_path), id_) == before
    reading = Reading()
    assert alike(material(tmp_path, reading=reading), id_) == before
    assert reading.decoded == []


def test_a_file_that_appears_is_found_and_one_that_went_is_not(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    made = Comparing(material(tmp_path), threads)
    assert made.alike(id_) == ()
    put(tmp_path, "new.png", changed(candidates.picture(1000)))
    # The first question finds that there is something to read, a later one what it is.
    for _ in range(200):
        if made.alike(id_):
            break
        threading.Event().wait(0.05)
    assert [each.path for each in made.alike(id_)] == ["images/new.png"]
    (tmp_path / "images/new.png").unlink()
    assert made.alike(id_) == ()
    assert made.searched() == (1, 1)


def test_what_was_taken_down_leaves_no_thumbnail_behind(tmp_path: Path) -> None:
    candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.png", candidates.picture(1))
    finished(material(tmp_path))
    stamps = Folder(tmp_path).stamps(["images/one.png"])
    assert likenessstore.recall(tmp_path, stamps)
    (tmp_path / "images/one.png").unlink()
    finished(material(tmp_path))
    assert likenessstore.recall(tmp_path, stamps) == {}


def test_a_picture_of_200_megapixels_is_not_decoded_but_counted(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    head = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    put(
        tmp_path,
        "huge.png",
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks
        ),
    )
    made = finished(material(tmp_path))
    assert made.alike(id_) == ()
    assert (made.searched(), made.skipped()) == ((2, 2), 1)


def test_what_cannot_be_read_is_skipped_and_counted(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.png", candidates.picture(1000))
    put(tmp_path, "empty.png", b"")
    os.mkfifo(tmp_path / "images/pipe.png")
    (tmp_path / "images/circle.png").symlink_to("circle.png")
    (tmp_path / "images/nowhere.png").symlink_to("gone.png")
    made = finished(material(tmp_path))
    assert [each.path for each in made.alike(id_)] == ["images/one.png"]
    assert (made.searched(), made.skipped()) == ((6, 6), 4)


def test_a_file_that_is_too_large_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "one.png", candidates.picture(1))
    monkeypatch.setattr(comparing, "MOST_BYTES", 100)
    assert finished(material(tmp_path)).skipped() == 1


def test_a_run_that_is_stopped_keeps_what_it_has(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    for seed in range(60):
        put(tmp_path, f"{seed}.png", candidates.picture(seed))
    enough, counting = threading.Event(), Reading()
    counting.before = lambda: enough.set() if len(counting.decoded) >= 10 else None
    with ThreadPoolExecutor(2) as workers:
        made = Comparing(material(tmp_path, reading=counting), workers)
        made.start()
        assert enough.wait(60)
        made.stop()
    read, total = made.searched()
    assert 10 <= read < total == 61
    reading = Reading()
    finished(material(tmp_path, reading=reading))
    assert len(reading.decoded) == total - read
    assert made.alike(id_) == ()


def test_workers_that_were_sent_home_end_it(tmp_path: Path) -> None:
    candidates.keep(tmp_path, candidates.case(1))
    for seed in range(20):
        put(tmp_path, f"{seed}.png", candidates.picture(seed))
    workers = ThreadPoolExecutor(2)
    begun, counting = threading.Event(), Reading()
    counting.before = begun.set
    made = Comparing(material(tmp_path, reading=counting), workers)
    made.start()
    assert begun.wait(60)
    workers.shutdown(cancel_futures=True)
    made.stop()
    reading = Reading()
    finished(material(tmp_path, reading=reading))
    assert len(reading.decoded) == 21 - made.searched()[0]


def test_the_image_that_is_asked_for_need_not_wait_for_its_turn(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    put(tmp_path, "copy.png", candidates.picture(1000))
    made = Comparing(material(tmp_path), threads)
    # Nothing was started: asking lists, reads its own image and has the rest read.
    made.alike(id_)
    assert made.searched()[0] >= 1


def test_of_a_volume_of_slices_the_middle_one_is_compared(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    kept = candidates_of(tmp_path, None)
    text, folder = kept.record("eurorad/1")
    record = reviewqueue.read_record(text)
    [file] = record["images"][0]["files"]
    for number in (1, 2, 3):
        kept_in = folder / "volume" / f"{number}.png"
        kept_in.parent.mkdir(exist_ok=True)
        kept_in.write_bytes(candidates.picture(number))
    record["images"][0]["files"] = [{**file, "name": f"volume/{n}.png"} for n in (1, 2, 3)]
    [volume] = reviewqueue.candidates(record, "eurorad/1")
    (folder / "case.json").write_text(_json(record))
    put(tmp_path, "slice.png", candidates.picture(2))
    assert volume.id != id_
    [found] = alike(material(tmp_path), volume.id)
    assert (found.path, found.same_bytes) == ("images/slice.png", True)


def _json(record: object) -> str:
    import json

    return json.dumps(record)


def test_an_unknown_candidate_is_refused(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    with pytest.raises(UsageError, match=r"there is no candidate image 'eurorad/9/x.png'"):
        Comparing(material(tmp_path), threads).alike("eurorad/9/x.png")


def test_a_mistake_in_the_background_is_not_lost(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))

    def mistaken() -> None:
        raise AssertionError("a bug")

    with ThreadPoolExecutor(1) as workers:
        made = Comparing(material(tmp_path, reading=Reading(before=mistaken)), workers)
        made.start()
    with pytest.raises(AssertionError, match="a bug"):
        made.alike(id_)


def test_no_more_are_shown_than_anybody_compares(tmp_path: Path) -> None:
    [id_] = candidates.keep(tmp_path, candidates.case(1))
    for number in range(comparing.MOST_SHOWN + 5):
        put(tmp_path, f"{number}.png", candidates.picture(1000))
    assert len(alike(material(tmp_path), id_)) == comparing.MOST_SHOWN


def test_a_fingerprint_costs_at_most_5_kb(tmp_path: Path) -> None:
    import sys

    candidates.keep(tmp_path, candidates.case(1))
    made = finished(material(tmp_path))
    [seen] = made._seen.values()
    assert seen.fingerprint is not None
    parts = (seen, seen.sha256, seen.pixels, seen.fingerprint)
    within = (seen.fingerprint.bits, seen.fingerprint.thumbnail)
    assert sum(map(sys.getsizeof, (*parts, *within))) < 5000
