"""Who looks at files makes no difference, and what is known is not read again."""

from __future__ import annotations

import os
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from tests import candidates

from covidxr.filelook import Looked, Work, look_at_files
from covidxr.levels import ImageDepth
from covidxr.likenessstore import FILE, Remembered, recall
from covidxr.places import Folder

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FULL = ImageDepth.FULL


@dataclass
class Counting:
    """A folder that notes what is opened."""

    folder: Folder
    opened_paths: list[str] = field(default_factory=list)

    def paths(self) -> Iterable[str]:
        return self.folder.paths()

    def stamps(self, paths: Iterable[str]) -> dict[str, str]:
        return self.folder.stamps(paths)

    @contextmanager
    def opened(self, path: str, most: int | None = None) -> Iterator[tuple[bytes | mmap.mmap, int]]:
        self.opened_paths.append(path)
        with self.folder.opened(path, most) as given:
            yield given


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(11):
        path = tmp_path / "images" / f"{number:02}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(candidates.picture(number))
    (tmp_path / "images" / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (tmp_path / "volumes").mkdir()
    (tmp_path / "volumes" / "empty.nii.gz").write_bytes(b"")
    (tmp_path / "images" / "README.md").write_text("no image")
    return tmp_path


def executors() -> list[Executor | None]:
    fresh = get_context("forkserver" if os.name == "posix" else "spawn")
    return [None, ThreadPoolExecutor(3), ProcessPoolExecutor(2, mp_context=fresh)]


def test_threads_and_processes_give_the_same_facts_in_the_same_order(root: Path) -> None:
    given = []
    for workers in executors():
        facts = look_at_files(Folder(root), Work(depth=FULL, workers=workers))
        given.append(list(facts.items()))
        if workers is not None:
            workers.shutdown()
    assert given[0] == given[1] == given[2]
    assert [path for path, _ in given[0]][-2:] == ["images/broken.jpg", "volumes/empty.nii.gz"]
    assert all(facts.pixels for path, facts in given[0][:11])


def test_a_second_run_opens_nothing_and_says_the_same(root: Path) -> None:
    work = Work(depth=FULL, memory=Remembered(root))
    first = look_at_files(Folder(root), work)
    place = Counting(Folder(root))
    assert look_at_files(place, work) == first
    # An empty file has nothing to know it by, and nothing to read.
    assert place.opened_paths == []


def test_only_what_changed_is_looked_at_again(root: Path) -> None:
    work = Work(depth=FULL, memory=Remembered(root))
    before = look_at_files(Folder(root), work)
    (root / "images" / "03.png").write_bytes(candidates.picture(99))
    place = Counting(Folder(root))
    after = look_at_files(place, work)
    assert set(place.opened_paths) == {"images/03.png"}
    assert {path for path in after if after[path] != before[path]} == {"images/03.png"}
    again = Counting(Folder(root))
    look_at_files(again, work)
    assert again.opened_paths == []


def test_a_file_that_only_got_another_time_or_name_is_told_by_its_bytes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(depth=FULL, memory=Remembered(root))
    before = look_at_files(Folder(root), work)
    os.utime(root / "images" / "03.png", (1, 1))
    (root / "images" / "04.png").rename(root / "images" / "40.png")

    def never(*_: object) -> None:
        raise AssertionError("it is decoded again")

    monkeypatch.setattr("covidxr.imaging.examine.look", never)
    after = look_at_files(Folder(root), work)
    assert after["images/03.png"] == before["images/03.png"]
    assert after["images/40.png"].sha256 == before["images/04.png"].sha256
    assert after["images/40.png"].path == "images/40.png"


def test_what_is_seen_less_closely_is_never_taken_from_a_closer_look(root: Path) -> None:
    memory = Remembered(root)
    full = look_at_files(Folder(root), Work(depth=FULL, memory=memory))
    plain = look_at_files(Folder(root), Work(depth=ImageDepth.STRUCTURE, memory=memory))
    assert plain == look_at_files(Folder(root), Work(depth=ImageDepth.STRUCTURE))
    assert plain["images/00.png"].pixels is None
    assert full["images/00.png"].pixels is not None


def test_an_interrupt_keeps_what_was_done(root: Path) -> None:
    class Stop(BaseException):
        pass

    def stop(done: int, _: int) -> None:
        if done >= 8:
            raise Stop

    memory = Remembered(root)
    with pytest.raises(Stop):
        look_at_files(Folder(root), Work(depth=FULL, memory=memory, progress=stop))
    place = Counting(Folder(root))
    look_at_files(place, Work(depth=FULL, memory=memory))
    assert set(place.opened_paths).isdisjoint(f"images/{number:02}.png" for number in range(8))


def test_a_file_that_changes_while_it_is_read_is_not_remembered(root: Path) -> None:
    class Changing(Counting):
        @contextmanager
        def opened(
            self, path: str, most: int | None = None
        ) -> Iterator[tuple[bytes | mmap.mmap, int]]:
            with super().opened(path, most) as given:
                yield given
            if path == "images/05.png":
                (root / path).write_bytes(candidates.picture(55))

    memory = Remembered(root)
    look_at_files(Changing(Folder(root)), Work(depth=FULL, memory=memory))
    place = Counting(Folder(root))
    again = look_at_files(place, Work(depth=FULL, memory=memory))
    assert "images/05.png" in place.opened_paths
    assert again == look_at_files(Folder(root), Work(depth=FULL))


def test_progress_counts_what_was_remembered_too(root: Path) -> None:
    told: list[tuple[int, int]] = []
    work = Work(depth=FULL, memory=Remembered(root), progress=lambda *done: told.append(done))
    look_at_files(Folder(root), work)
    assert told[-1] == (13, 13)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    told.clear()
    look_at_files(Folder(root), work)
    assert told == [(13, 13)]


def test_a_damaged_or_unwritable_memory_only_costs_time(root: Path) -> None:
    (root / FILE).parent.mkdir(parents=True)
    (root / FILE).write_bytes(b"no database at all" * 100)
    work = Work(depth=FULL, memory=Remembered(root))
    first = look_at_files(Folder(root), work)
    assert look_at_files(Folder(root), work) == first
    (root / "images" / "a-folder").mkdir()
    blocked = Work(depth=FULL, memory=Remembered(root / "metadata.csv"))
    assert look_at_files(Folder(root), blocked) == first


def test_the_review_page_finds_what_validation_saw(root: Path) -> None:
    facts = look_at_files(Folder(root), Work(depth=FULL, memory=Remembered(root)))
    stamps = Folder(root).stamps(["images/00.png"])
    seen = recall(root, stamps)["images/00.png"]
    pixels = facts["images/00.png"].pixels
    assert pixels is not None
    assert seen.pixels == pixels.digest
    assert seen.fingerprint is not None
    assert seen.fingerprint.bits.hex() == pixels.hash


def test_looked_is_what_a_worker_sends_back() -> None:
    import pickle

    from covidxr.imaging.examine import look

    facts, fingerprint = look("images/a", candidates.picture(1))
    looked = Looked(facts=facts, fingerprint=fingerprint)
    assert pickle.loads(pickle.dumps(looked)) == looked  # noqa: S301 - just made
