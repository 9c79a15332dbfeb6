"""Several files change together or none does: killed, refused, edited meanwhile, side by side."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from covidxr import transaction
from covidxr.disk import WORK
from covidxr.errors import CollectionError
from covidxr.transaction import Change, commit, finish, holding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(WORK) / "transaction"
LIST = FOLDER / "list.json"

BEFORE = {"metadata.csv": b"one\n", "annotations/boxes.json": b"[1]", "images/old.png": b"old"}
AFTER = {"metadata.csv": b"one\ntwo\n", "annotations/boxes.json": b"[]", "images/new.png": b"new"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, data in BEFORE.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def changes() -> list[Change]:
    """From what was to what is to be: a file made, two replaced, one removed."""
    return [
        Change(path=path, data=AFTER.get(path), was=BEFORE.get(path))
        for path in sorted({*BEFORE, *AFTER})
    ]


def files(root: Path) -> dict[str, bytes]:
    """Every file of a collection but covidxr's own."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and WORK not in path.parts
    }


def make(root: Path, *what: Change) -> None:
    with holding(root):
        commit(root, what or changes())


# -- what it does ----------------------------------------------------------------------


def test_all_files_change_and_nothing_is_left_behind(root: Path) -> None:
    make(root)
    assert files(root) == AFTER
    assert not (root / FOLDER).exists()
    assert (root / WORK / ".gitignore").read_text().endswith("*\n")


def test_a_file_that_is_made_gets_the_folder_it_needs(tmp_path: Path) -> None:
    make(tmp_path, Change(path="volumes/deep/one.nii.gz", data=b"x", was=None))
    assert files(tmp_path) == {"volumes/deep/one.nii.gz": b"x"}


def test_a_mode_and_a_link_stay_what_they_are(root: Path) -> None:
    (root / "real.csv").write_bytes(BEFORE["metadata.csv"])
    (root / "real.csv").chmod(0o640)
    (root / "metadata.csv").unlink()
    (root / "metadata.csv").symlink_to("real.csv")
    make(root)
    assert (root / "metadata.csv").is_symlink()
    assert (root / "real.csv").read_bytes() == AFTER["metadata.csv"]
    assert (root / "real.csv").stat().st_mode & 0o777 == 0o640
    made = root / "images" / "new.png"
    assert made.stat().st_mode & 0o777 == 0o666 & ~_umask()
    assert made.stat().st_nlink == 1


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_disk_without_hard_links_is_written_all_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    make(root)
    assert files(root) == AFTER


def test_a_candidate_that_loses_all_its_files_loses_its_folder(tmp_path: Path) -> None:
    case = f"{WORK}/candidates/sirm/1"
    make(tmp_path, Change(path=f"{case}/series/a.png", data=b"x", was=None))
    make(tmp_path, Change(path=f"{case}/series/a.png", data=None, was=b"x"))
    assert not (tmp_path / case).exists()
    assert (tmp_path / WORK / "candidates" / "sirm").is_dir()


def test_a_folder_of_the_collection_stays_when_it_is_empty(root: Path) -> None:
    make(root, Change(path="images/old.png", data=None, was=BEFORE["images/old.png"]))
    assert (root / "images").is_dir()


# -- what it refuses -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(path="metadata.csv", data=b"x", was=b"other\n"), "changed by someone else"),
        (Change(path="metadata.csv", data=b"x", was=None), "is there already"),
        (Change(path="provenance.csv", data=b"x", was=b"y"), "changed by someone else"),
        (Change(path="../out.csv", data=b"x", was=None), "no path within the collection"),
        (Change(path="/etc/passwd", data=b"x", was=None), "no path within the collection"),
        (Change(path=".git/hooks/x", data=b"x", was=None), "no path within the collection"),
        (Change(path="images/.GIT/x", data=b"x", was=None), "no path within the collection"),
        (Change(path="", data=b"x", was=None), "no path within the collection"),
        (Change(path="a\0b", data=b"x", was=None), "no path within the collection"),
        (Change(path="a\ud800", data=b"x", was=None), "no path within the collection"),
    ],
    ids=str,
)
def test_what_cannot_be_done_as_a_whole_is_not_begun(root: Path, change: Change, told: str) -> None:
    with pytest.raises(CollectionError, match=told):
        make(root, *changes()[:1], change)
    assert files(root) == BEFORE
    assert not (root / FOLDER).exists()


def test_two_changes_of_one_file_are_a_mistake_of_the_caller(root: Path) -> None:
    with pytest.raises(ValueError, match="one file"):
        make(root, changes()[0], changes()[0])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_protected_file_is_not_replaced_but_is_removed(root: Path) -> None:
    (root / "images" / "old.png").chmod(0o444)
    (root / "metadata.csv").chmod(0o444)
    with pytest.raises(CollectionError, match="write-protected"):
        make(root)
    make(root, Change(path="images/old.png", data=None, was=BEFORE["images/old.png"]))
    assert "images/old.png" not in files(root)


@pytest.mark.parametrize("at", range(1, 5))
def test_a_disk_that_refuses_half_way_gets_everything_back(
    root: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    put, done = transaction._put, []

    def full(source: Path | None, target: Path) -> None:
        done.append(target)
        if len(done) == at:
            raise OSError(28, "No space left on device", str(target))
        put(source, target)

    monkeypatch.setattr(transaction, "_put", full)
    with pytest.raises(CollectionError, match=r"No space left on device \(nothing was changed\)"):
        make(root)
    assert files(root) == BEFORE
    assert not (root / FOLDER).exists()


def test_a_disk_that_takes_nothing_back_either_is_mended_by_the_next_who_can(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, done = transaction._put, []

    def broken(source: Path | None, target: Path) -> None:
        done.append(target)
        if len(done) > 1:
            raise OSError(30, "Read-only file system", str(target))
        put(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_put", broken)
        with pytest.raises(CollectionError, match="a change is half made"):
            make(root)
    finish(root)
    assert files(root) == AFTER


def test_a_full_disk_before_the_decision_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(transaction, "_write", full)
    with pytest.raises(CollectionError, match="No space left"):
        make(root)
    assert files(root) == BEFORE
    assert not (root / FOLDER).exists()


def test_ctrl_c_behind_the_decision_is_heard_and_the_change_is_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = transaction._sync

    def pressed(folder: Path) -> None:
        sync(folder)
        if folder == root / FOLDER and (root / LIST).exists():
            monkeypatch.setattr(transaction, "_sync", sync)
            raise KeyboardInterrupt

    monkeypatch.setattr(transaction, "_sync", pressed)
    with pytest.raises(KeyboardInterrupt):
        make(root)
    assert files(root) == AFTER
    assert not (root / FOLDER).exists()


# -- what was cut off ------------------------------------------------------------------

STEPS = ("_write", "_sync", "_put", "_remove_empty")
CALLS = ((os, "link"), (Path, "replace"), (Path, "unlink"), (Path, "chmod"), (shutil, "rmtree"))


def killed_at(root: Path, moment: int) -> bool:
    """Make the change in a process that dies at one of its steps; tell whether it did."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    passed = 0

    def dying(function: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            nonlocal passed
            passed += 1
            if passed > moment:
                os._exit(9)
            return function(*given, **named)

        return call

    for name in STEPS:
        setattr(transaction, name, dying(getattr(transaction, name)))
    for owner, name in CALLS:
        setattr(owner, name, dying(getattr(owner, name)))
    try:
        make(root)
        os._exit(0)
    finally:
        # Whatever happened, this process never goes on as a second runner of the tests.
        os._exit(8)


def each_death(root: Path) -> Iterator[tuple[int, Path]]:
    """Give a fresh collection, left by a process that died one step later each time."""
    for moment in range(200):
        copy = root.parent / f"{root.name}-{moment}"
        shutil.copytree(root, copy)
        if not killed_at(copy, moment):
            return
        yield moment, copy
    pytest.fail("it never ends")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are copied")
def test_whoever_comes_next_finds_all_of_it_or_nothing_wherever_it_was_killed(root: Path) -> None:
    ends = []
    for moment, copy in each_death(root):
        decided = (copy / LIST).exists() or files(copy) == AFTER
        with holding(copy):
            assert files(copy) == (AFTER if decided else BEFORE), moment
        assert not (copy / FOLDER).exists(), "what was prepared may be somebody's picture"
        ends.append(decided)
    # Each step is a moment of its own, and once decided it stays so.
    assert len(ends) > 30
    assert ends == sorted(ends)
    assert {True, False} == set(ends)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are copied")
def test_a_file_that_was_edited_after_the_cut_is_never_overwritten(root: Path) -> None:
    edited = b"one\nmine\n"
    tried = 0
    for moment, copy in each_death(root):
        if not (copy / LIST).exists():
            continue
        (copy / "metadata.csv").write_bytes(edited)
        with pytest.raises(CollectionError, match=r"metadata\.csv was changed since; all else"):
            finish(copy)
        assert files(copy) == {**BEFORE, "metadata.csv": edited}, moment
        assert not (copy / FOLDER).exists()
        tried += 1
        finish(copy)
    assert tried > 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are copied")
def test_finishing_may_be_killed_as_well(root: Path) -> None:
    half = next(
        copy for _, copy in each_death(root) if (copy / LIST).exists() and files(copy) != BEFORE
    )
    for moment in range(100):
        copy = root.parent / f"again-{moment}"
        # A copy in another folder is refused, so the list is told where it is now.
        shutil.copytree(half, copy)
        record = json.loads((copy / LIST).read_text())
        record["folder"] = (copy / FOLDER).stat().st_ino
        (copy / LIST).write_text(json.dumps(record))
        if not _killed_finishing(copy, moment):
            break
        finish(copy)
        assert files(copy) == AFTER, moment
    assert moment > 5


def _killed_finishing(root: Path, moment: int) -> bool:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    passed = 0

    def dying(function: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            nonlocal passed
            passed += 1
            if passed > moment:
                os._exit(9)
            return function(*given, **named)

        return call

    for owner, name in CALLS:
        setattr(owner, name, dying(getattr(owner, name)))
    try:
        finish(root)
        os._exit(0)
    finally:
        os._exit(8)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[]", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"version": 1, "folder": 0, "steps": [{}]}', "cannot be read"),
        (b'{"version": 2, "folder": 0, "steps": []}', "has version 2"),
        (b'{"version": 1, "folder": 0, "steps": []}', "was not written in this folder"),
    ],
)
def test_a_list_that_is_not_its_own_is_not_followed(root: Path, record: bytes, told: str) -> None:
    (root / FOLDER).mkdir(parents=True)
    (root / LIST).write_bytes(record)
    with pytest.raises(CollectionError, match=told):
        finish(root)
    assert files(root) == BEFORE
    assert (root / LIST).exists()


def test_a_list_that_leads_out_of_the_collection_is_not_followed(root: Path) -> None:
    (root / FOLDER).mkdir(parents=True)
    (root / FOLDER / "new-0").write_bytes(b"x")
    number = (root / FOLDER).stat().st_ino
    step = {"path": "../stolen", "old": None, "new": "0"}
    (root / LIST).write_text(json.dumps({"version": 1, "folder": number, "steps": [step]}))
    with pytest.raises(CollectionError, match="no path within"):
        finish(root)
    assert not (root.parent / "stolen").exists()


def test_a_collection_at_rest_is_only_looked_at(root: Path) -> None:
    finish(root)
    assert not (root / WORK).exists()


# -- side by side ----------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from covidxr.transaction import Change, commit, holding
root, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
for number in range(times):
    with holding(root):
        files = [root / each for each in ("a.csv", "b.csv", "c.csv")]
        olds = [file.read_bytes() for file in files]
        line = f"{name}{number}\\n".encode()
        commit(root, [Change(path=file.name, data=old + line, was=old) for file, old in
                      zip(files, olds)])
"""


def writer(root: Path, name: str, times: int) -> subprocess.Popen[str]:
    source = Path(transaction.__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root), name, str(times)],
        env={**os.environ, "PYTHONPATH": str(source)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def three(tmp_path: Path) -> Path:
    for name in "abc":
        (tmp_path / f"{name}.csv").write_bytes(b"")
    return tmp_path


def lines(root: Path) -> list[list[str]]:
    return [(root / f"{name}.csv").read_text().splitlines() for name in "abc"]


def test_two_writers_take_turns_and_nothing_is_lost(three: Path) -> None:
    both = [writer(three, name, 40) for name in "xy"]
    assert [each.wait() for each in both] == [0, 0]
    for each in both:
        assert each.stdout is not None
        each.stdout.close()
    first, second, third = lines(three)
    assert first == second == third
    assert sorted(first) == sorted(f"{name}{number}" for name in "xy" for number in range(40))


def test_a_writer_that_is_killed_at_any_moment_leaves_files_that_agree(three: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    cut = 0
    for round_ in range(12):
        process = writer(three, f"r{round_}-", 10_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        cut += (three / FOLDER).exists()
        finish(three)
        with holding(three):
            first, second, third = lines(three)
        assert first == second == third
        assert not (three / FOLDER).exists()
    assert len(first) > 12
    assert cut, "no round was cut off in the middle"


def test_a_writer_that_does_not_let_go_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "_PATIENCE_SECONDS", 0.1)
    with (
        holding(root),
        pytest.raises(CollectionError, match="another covidxr is writing"),
        holding(root),
    ):
        pytest.fail("two hold it")


def test_what_fails_while_it_is_held_lets_go(root: Path) -> None:
    with contextlib.suppress(ZeroDivisionError), holding(root):
        _ = 1 / 0
    make(root)
    assert files(root) == AFTER
