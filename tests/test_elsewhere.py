"""A collection that lies elsewhere reads like one in a folder, and is never written to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from tests import build, candidates

from covidxr import store
from covidxr.cli.app import main
from covidxr.elsewhere import Elsewhere, address_of, copied, local_path
from covidxr.errors import CollectionError, UsageError
from covidxr.filelook import Work, look_at_files
from covidxr.levels import ImageDepth
from covidxr.likenessstore import Remembered
from covidxr.places import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "memory://bucket/collection"
FULL = ImageDepth.FULL


@pytest.fixture
def files() -> Iterator[Any]:
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    yield memory
    memory.store.clear()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def fill(files: Any, here: Path | None = None) -> None:
    """Write one collection elsewhere, and the same one into a folder."""
    rows = build.rows(*({"filename": f"{number}.png", "view": "PA"} for number in range(9)))
    said = {"metadata.csv": build.csv_text(rows).encode(), "README.md": b"# Small\n"}
    said |= {f"images/{number}.png": candidates.picture(number) for number in range(9)}
    said |= {"images/.hidden/1.png": b"x", "images/notes.txt": b"x", "images/deep/9.jpg": b""}
    said |= {"annotations/lungs.json": b"{}", "annotations/mask.png": b"x"}
    for name, data in said.items():
        files.pipe_file(f"/bucket/collection/{name}", data)
        if here is not None:
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            (here / name).write_bytes(data)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (Path("s3://bucket/a/b"), "s3://bucket/a/b"),
        (Path("S3://bucket/a/"), "s3://bucket/a"),
        (Path("memory://x"), "memory://x"),
        (Path("C:/data"), ""),
        (Path("/data/s3:/x"), ""),
        (Path("file:///data"), ""),
        (Path(), ""),
    ],
)
def test_an_address_is_told_from_a_path(path: Path, address: str) -> None:
    assert address_of(path) == address


def test_a_file_address_is_a_path_of_this_machine(tmp_path: Path) -> None:
    assert local_path(Path(f"file://{tmp_path}")) == tmp_path
    assert local_path(tmp_path) == tmp_path


def test_the_same_files_are_found_and_say_the_same_as_in_a_folder(
    files: Any, tmp_path: Path
) -> None:
    fill(files, tmp_path / "here")
    there, here = Elsewhere(ADDRESS), Folder(tmp_path / "here")
    assert set(there.paths()) == set(here.paths())
    for depth in (ImageDepth.HEADER, ImageDepth.STRUCTURE, FULL):
        assert look_at_files(there, Work(depth=depth)) == {
            path: look_at_files(here, Work(depth=depth))[path] for path in there.paths()
        }


def test_what_was_seen_is_remembered_and_what_changed_is_read_again(
    files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(files)
    work = Work(depth=FULL, memory=Remembered(tmp_path))
    before = look_at_files(Elsewhere(ADDRESS), work)
    files.pipe_file("/bucket/collection/images/3.png", candidates.picture(33))
    read: list[str] = []
    cat = type(files).cat_file

    def noted(self: Any, path: str, **options: Any) -> bytes:
        read.append(path)
        return bytes(cat(self, path, **options))

    monkeypatch.setattr(type(files), "cat_file", noted)
    after = look_at_files(Elsewhere(ADDRESS), work)
    # An empty file has no bytes to read.
    assert {path.rpartition("/")[2] for path in read} == {"3.png"}
    assert {path for path in after if after[path] != before[path]} == {"images/3.png"}


def test_tables_texts_and_annotations_are_copied_and_images_are_not(
    files: Any, cache: Path
) -> None:
    fill(files)
    folder = copied(ADDRESS, cache)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {
        *("metadata.csv", "README.md", "annotations/lungs.json", "annotations/mask.png"),
    }
    assert store.read_collection(folder).folders == {"images", "annotations"}
    files.rm("/bucket/collection/README.md")
    files.rm("/bucket/collection/annotations/mask.png")
    assert copied(ADDRESS, cache) == folder
    assert not (folder / "README.md").exists()
    left = {path.name for path in (folder / "annotations").iterdir()}
    assert left == {"lungs.json"}


def test_a_file_that_became_a_folder_and_a_folder_that_became_a_file_are_copied(
    files: Any, cache: Path
) -> None:
    fill(files)
    files.pipe_file("/bucket/collection/annotations/a", b"x")
    files.pipe_file("/bucket/collection/annotations/b/deep/1.json", b"{}")
    copied(ADDRESS, cache)
    files.rm("/bucket/collection/annotations/a")
    files.rm("/bucket/collection/annotations/b", recursive=True)
    files.pipe_file("/bucket/collection/annotations/a/1.json", b"[]")
    files.pipe_file("/bucket/collection/annotations/b", b"y")
    there = copied(ADDRESS, cache) / "annotations"
    assert (there / "a" / "1.json").read_bytes() == b"[]"
    assert (there / "b").read_bytes() == b"y"


def test_no_table_there_is_said_with_the_address(files: Any, cache: Path) -> None:
    files.pipe_file("/bucket/other", b"x")
    with pytest.raises(CollectionError, match=r"there is no memory://bucket/collection/metadata"):
        copied(ADDRESS, cache)


def test_an_address_that_nothing_reads_is_refused(cache: Path) -> None:
    with pytest.raises(UsageError, match="nosuch://x cannot be opened"):
        copied("nosuch://x", cache)


def test_validate_stats_and_facts_read_a_collection_elsewhere(
    files: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    fill(files, tmp_path / "here")
    given: dict[str, list[tuple[int, list[str]]]] = {}
    for root in (ADDRESS, str(tmp_path / "here")):
        for argv in (
            ["validate", "--images", "full", "--format", "concise"],
            ["stats", "--format", "json"],
            ["facts", "--format", "csv", "--jobs", "1"],
        ):
            code = main([*argv, "--root", root])
            given.setdefault(argv[0], []).append(
                (code, sorted(capsys.readouterr().out.split("\n")))
            )
    assert all(first == second for first, second in given.values())
    assert any("IMG" in line for line in given["validate"][0][1])
    assert main(["facts", "--root", f"file://{tmp_path / 'here'}"]) == 0
    assert "10 files" in capsys.readouterr().out


@pytest.mark.parametrize("option", [["--fix"], ["--diff"], ["--since", "HEAD"]])
def test_what_writes_or_asks_git_is_refused_elsewhere(
    files: Any, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    fill(files)
    assert main(["validate", "--root", ADDRESS, *option]) == 2
    assert f"{option[0]} works on a folder of this machine" in capsys.readouterr().err
