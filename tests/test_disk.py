"""Writing a file whole or not at all, and paths that cannot be used."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from covidxr import disk
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLE, NEW = b"a,b\n1,2\n", b"a,b\n1,3\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "metadata.csv").write_bytes(TABLE)
    (tmp_path / "other").write_bytes(b"x")
    return tmp_path


def content(root: Path) -> dict[str, bytes]:
    """Every file of a folder, so that a forgotten temporary one is seen too."""
    return {path.name: path.read_bytes() for path in sorted(root.iterdir())}


def refusing(error: BaseException) -> Callable[..., NoReturn]:
    def refuse(*_arguments: Any, **_options: Any) -> NoReturn:
        raise error

    return refuse


FULL_DISK = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod"])
@pytest.mark.parametrize("error", [FULL_DISK, KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_file_whole_and_nothing_else(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: str, error: BaseException
) -> None:
    before = content(root)
    monkeypatch.setattr(where, refusing(error))
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else CollectionError
    with pytest.raises(expected, match=r"No space left.*nothing was changed|^$"):
        disk.write_bytes(root / "metadata.csv", b"half a ta")
    assert content(root) == before


def test_a_folder_that_cannot_be_written_to_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.mkstemp", refusing(PermissionError(13, "Permission denied")))
    with pytest.raises(CollectionError, match=r"metadata\.csv cannot be written: Permission den"):
        disk.write_bytes(root / "metadata.csv", NEW)
    assert (root / "metadata.csv").read_bytes() == TABLE


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o640)
    mask = os.umask(0o027)
    try:
        disk.write_bytes(old, b"1")
        disk.write_bytes(new, b"1")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


def test_writing_through_a_link_changes_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_bytes(b"old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    disk.write_bytes(tmp_path / "link.csv", b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"


def test_text_is_written_with_its_own_line_ends_and_odd_bytes(tmp_path: Path) -> None:
    disk.write_text(tmp_path / "a", "one\r\ntwo\n\udce9")
    assert (tmp_path / "a").read_bytes() == b"one\r\ntwo\n\xe9"
    assert disk.read_text(tmp_path / "a") == "one\r\ntwo\n\udce9"


def test_a_text_that_is_not_there_is_none_and_one_that_cannot_be_named_is_an_error(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").write_text("x")
    assert disk.read_text_if_there(tmp_path / "a") == "x"
    assert disk.read_text_if_there(tmp_path / "b") is None
    for name in ("x" * 300, "a\0b"):
        for read in (disk.read_text, disk.read_text_if_there):
            with pytest.raises(CollectionError, match=r"File name too long|no path: embedded null"):
                read(tmp_path / name)
        with pytest.raises(CollectionError, match="cannot be written"):
            disk.write_text(tmp_path / name, "x")
    with pytest.raises(CollectionError, match="is a device"):
        disk.read_text(tmp_path / "../../../../../../../dev/zero")


def test_links_in_a_circle_are_an_error_of_the_world(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CollectionError, match="cannot be written"):
        disk.write_text(tmp_path / "loop", "x")
    assert disk.folder_name(tmp_path / "loop") == ""
    assert disk.folder_name(tmp_path / "x" / "..") == tmp_path.name
