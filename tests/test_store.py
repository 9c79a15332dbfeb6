"""Reading a collection, and writing so that nothing is lost whatever goes wrong."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from tests import build

from covidxr import csvread, csvtext, disk, store
from covidxr.errors import CollectionError, UsageError
from covidxr.model import ImageDepth, Severity
from covidxr.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.csvtext import CsvText

TABLE = build.csv_text(build.rows({}, {})).encode()
NEW = TABLE.replace(b"54", b"55")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a collection with a table, two pictures and what else lies about."""
    (tmp_path / "metadata.csv").write_bytes(TABLE)
    (tmp_path / "images").mkdir()
    for name in ("image-1.png", "image-2.png"):
        (tmp_path / "images" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    return tmp_path


def old_table(root: Path) -> CsvText:
    return store.read_collection(root).table.text


def content(root: Path) -> dict[str, bytes]:
    """Every file of a collection, so that a forgotten temporary one is seen too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def refusing(error: BaseException) -> Callable[..., NoReturn]:
    def refuse(*_arguments: Any, **_options: Any) -> NoReturn:
        raise error

    return refuse


FULL_DISK = OSError(errno.ENOSPC, "No space left on device")


# --- writing -------------------------------------------------------------------------------------


def test_the_table_and_a_file_are_changed_together(root: Path) -> None:
    store.write_table(root, old_table(root), NEW, {"images/image-1.png": "images/image-1.jpg"})
    assert set(content(root)) == {"metadata.csv", "images/image-1.jpg", "images/image-2.png"}
    assert (root / "metadata.csv").read_bytes() == NEW


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("in_place", [False, True])
def test_a_table_that_someone_changed_meanwhile_is_not_overwritten(
    root: Path, monkeypatch: pytest.MonkeyPatch, *, large: bool, in_place: bool
) -> None:
    monkeypatch.setattr(store, "_LARGE_TABLE", 10 if large else 10**9)
    old = old_table(root)
    theirs = TABLE.replace(b"54", b"45")
    if in_place:
        with (root / "metadata.csv").open("r+b") as file:
            file.write(theirs)
    else:
        disk.write_bytes(root / "metadata.csv", theirs)
    os.utime(root / "metadata.csv", ns=(1, 1))
    with pytest.raises(CollectionError, match=r"changed by someone else"):
        store.write_table(root, old, NEW, {"images/image-1.png": "images/x.png"})
    assert content(root)["metadata.csv"] == theirs
    assert "images/image-1.png" in content(root)


def test_a_table_that_someone_removed_meanwhile_is_not_made_again(root: Path) -> None:
    old = old_table(root)
    (root / "metadata.csv").unlink()
    with pytest.raises(CollectionError, match=r"cannot be read any more"):
        store.write_table(root, old, NEW, {})
    assert "metadata.csv" not in content(root)


def test_files_get_their_names_back_when_the_table_cannot_be_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, before = old_table(root), content(root)
    monkeypatch.setattr("os.fsync", refusing(FULL_DISK))
    with pytest.raises(CollectionError, match=r"No space left"):
        store.write_table(
            root,
            old,
            NEW,
            {"images/image-1.png": "images/a.jpg", "images/image-2.png": "images/b.jpg"},
        )
    assert content(root) == before


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (("images/image-2.png", "images/taken.jpg"), r"taken\.jpg is already there"),
        (("images/absent.png", "images/b.jpg"), r"absent\.png cannot be renamed: No such file"),
    ],
)
def test_one_name_that_cannot_be_given_undoes_the_others(
    root: Path, second: tuple[str, str], message: str
) -> None:
    (root / "images" / "taken.jpg").write_bytes(b"mine")
    old, before = old_table(root), content(root)
    with pytest.raises(CollectionError, match=message):
        store.write_table(
            root, old, NEW, {"images/image-1.png": "images/a.jpg", second[0]: second[1]}
        )
    assert content(root) == before


# --- reading -------------------------------------------------------------------------------------


def test_a_large_table_read_by_another_process_is_the_same_table(tmp_path: Path) -> None:
    lines = TABLE.splitlines(keepends=True)
    odd = b"1,2\n\n"
    raw = lines[0] + lines[1] * 80_000 + odd + lines[2].replace(b"54", b"5\xe9") * 20_000
    assert len(raw) > store._LARGE_TABLE
    (tmp_path / "metadata.csv").write_bytes(raw)
    there, here = old_table(tmp_path), csvread.parse(raw)
    assert bytes(there.data[: len(there.data)]) == raw
    for part in ("header", "header_record", "values", "codes", "lines", "starts", "sizes", "odd"):
        assert getattr(there, part) == getattr(here, part), part
    assert csvtext.edited(there, {(99_999, 3): "6"}) == csvtext.edited(here, {(99_999, 3): "6"})


def test_a_table_cut_in_the_middle_of_a_record_is_read_again_in_one_stretch(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A lone quote inside an unquoted cell makes every later line end look quoted, and the other
    # way round: the cut falls into the quoted cell that goes over many lines.
    rows = [b'1,5" wide,x\n', *[b"2,b,c\n"] * 50, b'3,"' + b"long\n" * 60 + b'",y\n']
    raw = b"patientid,finding,filename\n" + b"".join(rows)
    (root / "metadata.csv").write_bytes(raw)
    monkeypatch.setattr(store, "_LARGE_TABLE", 100)
    there, here = old_table(root), csvread.parse(raw)
    assert (there.values, there.codes, there.lines) == (here.values, here.codes, here.lines)


def test_a_large_file_that_is_no_table_is_refused_by_name(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_LARGE_TABLE", 10)
    (root / "metadata.csv").write_bytes(TABLE.decode().encode("utf-16"))
    with pytest.raises(CollectionError, match=r"metadata\.csv: the table is UTF-16"):
        store.read_collection(root)


def test_hidden_files_and_notes_beside_images_are_left_out(root: Path) -> None:
    for name in (".DS_Store", "README.md", "notes.txt", "Thumbs.db", ".cache/x.png", "sub/y.png"):
        path = root / "images" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (root / "annotations").mkdir()
    (root / "annotations" / "mask.png").write_bytes(b"x")
    data = store.read_collection(root, store.Contents(depth=ImageDepth.HEADER))
    assert list(data.files) == ["images/image-1.png", "images/image-2.png", "images/sub/y.png"]
    assert data.folders == {"images", "annotations"}
    assert data.depth is ImageDepth.HEADER


def test_files_are_not_looked_at_unless_asked(root: Path) -> None:
    assert not store.read_collection(root).files


@pytest.mark.parametrize("depth", [ImageDepth.HEADER, ImageDepth.STRUCTURE, ImageDepth.FULL])
def test_workers_find_what_one_finds_and_tell_how_far_they_are(
    root: Path, depth: ImageDepth
) -> None:
    told: list[tuple[int, int]] = []
    alone = store.read_collection(root, store.Contents(depth=depth))
    with ThreadPoolExecutor(3) as workers:
        contents = store.Contents(
            depth=depth, workers=workers, progress=lambda *each: told.append(each)
        )
        together = store.read_collection(root, contents)
    assert together.files == alone.files
    assert told[-1] == (2, 2)


def test_a_file_that_cannot_be_read_is_a_problem_of_that_file(root: Path) -> None:
    (root / "images" / "gone.png").symlink_to("nowhere.png")
    data = store.read_collection(root, store.Contents(depth=ImageDepth.STRUCTURE))
    (problem,) = data.files["images/gone.png"].problems
    assert problem.kind == "unreadable"
    assert "No such file" in problem.message


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.scandir", refusing(PermissionError(13, "Permission denied", "images")))
    with pytest.raises(CollectionError, match=r"images cannot be read: Permission denied"):
        store.read_collection(root, store.Contents(depth=ImageDepth.HEADER))


def test_documents_are_read_where_they_are(root: Path) -> None:
    (root / "README.md").write_text("# Hello\r\n", newline="")
    assert store.read_collection(root).documents == {"README.md": "# Hello\r\n"}


def test_an_earlier_table_is_named_when_it_is_none() -> None:
    assert len(store.parse_table(TABLE, "metadata.csv at main")) == 2
    with pytest.raises(CollectionError, match=r"^metadata\.csv at main: the table has no header"):
        store.parse_table(b"", "metadata.csv at main")


# --- settings ------------------------------------------------------------------------------------


def test_the_nearest_settings_hold(root: Path) -> None:
    below = root / "a" / "b"
    below.mkdir(parents=True)
    assert store.read_settings(below) == Settings()
    (root / "covidxr.toml").write_text('fail-on = "info"\n')
    assert store.read_settings(below).fail_on is Severity.INFO
    (below / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert store.read_settings(below).fail_on is Severity.INFO
    (root / "a" / "pyproject.toml").write_text('[tool.covidxr]\nfail-on = "warning"\n')
    assert store.read_settings(below).fail_on is Severity.WARNING


def test_settings_above_the_git_repository_do_not_hold(root: Path) -> None:
    (root / "covidxr.toml").write_text('fail-on = "info"\n')
    (root / "a" / ".git").mkdir(parents=True)
    assert store.read_settings(root / "a") == Settings()


def test_settings_can_be_named(root: Path) -> None:
    (root / "mine.toml").write_text('images = "none"\n')
    assert store.read_settings(root, root / "mine.toml").images is ImageDepth.NONE
    with pytest.raises(CollectionError, match=r"absent\.toml cannot be read"):
        store.read_settings(root, root / "absent.toml")
    (root / "bad.toml").write_text("x = 1\n")
    with pytest.raises(UsageError, match=r"bad\.toml: unknown setting 'x'"):
        store.read_settings(root, root / "bad.toml")


# --- what git can carry into images/ --------------------------------------------------------------


def look(root: Path, depth: ImageDepth = ImageDepth.FULL) -> dict[str, list[str]]:
    """What is wrong with each file that has something wrong."""
    files = store.read_collection(root, store.Contents(depth=depth)).files
    return {
        path: [problem.message for problem in facts.problems if problem.kind == "unreadable"]
        for path, facts in files.items()
        if "image-" not in path
    }


every_depth = pytest.mark.parametrize(
    "depth", [ImageDepth.HEADER, ImageDepth.STRUCTURE, ImageDepth.FULL]
)


@every_depth
def test_a_pipe_a_device_and_links_out_of_the_collection_are_not_opened(
    root: Path, depth: ImageDepth, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.png"
    outside.write_bytes(b"\x89PNG\r\n\x1a\n")
    images = root / "images"
    (images / "zero.png").symlink_to("/dev/zero")
    (images / "secret.png").symlink_to(outside)
    (images / "circle.png").symlink_to("circle.png")
    os.mkfifo(images / "pipe.png")
    (images / "linked.png").symlink_to("pipe.png")
    found = look(root, depth)
    out = ["is a link that leads out of the collection"]
    odd = ["is not a file but a folder, a pipe or a device"]
    assert found["images/zero.png"] == found["images/secret.png"] == out
    assert found["images/pipe.png"] == found["images/linked.png"] == odd
    assert len(found["images/circle.png"]) == 1


@pytest.mark.parametrize("where", ["inside", "folder", "repository"])
def test_links_that_stay_are_followed(root: Path, where: str) -> None:
    top = root
    if where == "folder":
        (root / "images").rename(root.parent / f"{root.name}-elsewhere")
        (root / "images").symlink_to(root.parent / f"{root.name}-elsewhere")
    elif where == "repository":
        # As git-annex does it: the collection is a folder of the repository.
        (root / ".git" / "annex").mkdir(parents=True)
        top = root / "data"
        (top / "images").mkdir(parents=True)
        (top / "metadata.csv").write_bytes(TABLE)
    target = root / (".git/annex" if where == "repository" else "images") / "image-real.png"
    target.write_bytes(b"GIF89a")
    (top / "images" / "link.png").symlink_to(target)
    data = store.read_collection(top, store.Contents(depth=ImageDepth.STRUCTURE))
    assert data.files["images/link.png"].format == "GIF"


def test_no_more_is_read_than_the_file_had(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fstat

    def shorter(number: int) -> os.stat_result:
        values = list(real(number))
        values[6] = 3
        return os.stat_result(values)

    (root / "images" / "grows.png").write_bytes(b"GIF89a" * 1000)
    monkeypatch.setattr("os.fstat", shorter)
    for depth in (ImageDepth.HEADER, ImageDepth.STRUCTURE):
        files = store.read_collection(root, store.Contents(depth=depth)).files
        assert (files["images/grows.png"].bytes, files["images/grows.png"].format) == (3, "")


# --- paths from settings and arguments ------------------------------------------------------------


# --- Ctrl-C at the worst moment -------------------------------------------------------------------


def test_ctrl_c_behind_the_last_step_leaves_table_and_names_in_step(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def replace_and_stop(source: Path, target: Path) -> None:
        real(source, target)
        raise KeyboardInterrupt

    old = old_table(root)
    monkeypatch.setattr(Path, "replace", replace_and_stop)
    with pytest.raises(KeyboardInterrupt):
        store.write_table(root, old, NEW, {"images/image-1.png": "images/image-1.jpg"})
    assert set(content(root)) == {"metadata.csv", "images/image-1.jpg", "images/image-2.png"}
    assert (root / "metadata.csv").read_bytes() == NEW


def test_ctrl_c_behind_a_rename_gives_the_name_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.rename
    old, before = old_table(root), content(root)

    def rename_and_stop(source: Path, target: Path) -> None:
        real(source, target)
        monkeypatch.setattr(Path, "rename", real)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", rename_and_stop)
    with pytest.raises(KeyboardInterrupt):
        store.write_table(root, old, NEW, {"images/image-1.png": "images/image-1.jpg"})
    assert content(root) == before


def test_settings_behind_links_in_a_circle_are_an_error_of_the_world(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CollectionError, match="cannot be read"):
        store.read_settings(tmp_path / "loop")
