"""The secret of pseudonyms: where it is, and what is made with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covidxr.errors import CollectionError, UsageError
from covidxr.ingestsecret import default_file, of_contributor, pseudonym, read_secret

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "repository" / "collection").mkdir(parents=True)
    return tmp_path / "repository" / "collection"


def test_it_is_made_once_for_each_collection_and_nobody_else_may_read_it(root: Path) -> None:
    first, said = read_secret(root, None, keep=True)
    assert str(default_file(root)) in said
    assert default_file(root).stat().st_mode & 0o077 == 0
    assert read_secret(root, None, keep=True) == (first, "")
    other = root.parent / "other"
    other.mkdir()
    assert read_secret(other, None, keep=True)[0] != first


def test_a_dry_run_makes_one_up_and_keeps_none(root: Path) -> None:
    secret, said = read_secret(root, None, keep=False)
    assert len(secret) >= 32
    assert said == ""
    assert not default_file(root).exists()


def test_it_lies_outside_of_the_repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root.parent / ".git").mkdir()
    for place in (root / "secret", root.parent / "secret"):
        place.write_bytes(b"x" * 32)
        with pytest.raises(UsageError, match="shared"):
            read_secret(root, place, keep=True)
    link = root.parent.parent / "link"
    link.symlink_to(root / "secret")
    with pytest.raises(UsageError, match="shared"):
        read_secret(root, link, keep=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root / "config"))
    with pytest.raises(UsageError, match="shared"):
        read_secret(root, None, keep=True)


def test_a_short_secret_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"1234567890abcde\n")
    with pytest.raises(UsageError, match="15 bytes"):
        read_secret(root, tmp_path / "short", keep=True)


def test_a_place_that_cannot_be_written_is_told(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CollectionError, match="cannot be read or written"):
        read_secret(root, tmp_path / "file" / "secret", keep=True)


def test_pseudonyms_are_the_same_each_time_and_differ_by_secret_kind_and_parts() -> None:
    made = [
        pseudonym(b"a" * 32, "file", ("x", "y")),
        pseudonym(b"b" * 32, "file", ("x", "y")),
        pseudonym(b"a" * 32, "patient", ("x", "y")),
        pseudonym(b"a" * 32, "file", ("xy",)),
    ]
    assert len(set(made)) == 4
    assert made[0] == pseudonym(b"a" * 32, "file", ("x", "y"))


def test_contributors_have_secrets_of_their_own() -> None:
    assert of_contributor(b"a" * 32, "Klinik  Nord ") == of_contributor(b"a" * 32, "klinik nord")
    assert of_contributor(b"a" * 32, "North") != of_contributor(b"a" * 32, "South")
    assert len(of_contributor(b"a" * 32, "")) == 32
