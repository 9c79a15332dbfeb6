"""``covidxr release``: what is written, what stands in the way, and that it is all or nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tests import releasing
from tests.gitrepo import committed, git

from covidxr import export, transaction
from covidxr.cli.app import main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return releasing.collection(tmp_path / "ours")


def release(root: Path, version: str, *more: str, formats: str = "none") -> int:
    words = ["release", version, "--root", str(root), "--date", "2026-11-26"]
    return main([*words, "--formats", formats, *more])


def tagged(root: Path, version: str) -> None:
    """Release, commit and tag."""
    assert release(root, version) == 0
    committed(root, version)
    git(root, "tag", f"v{version}")


def everything(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {".git", ".covidxr"} & set(path.parts)
    }


def test_a_first_release_is_written_and_says_what_to_do_next(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(root)
    assert release(root, "1.0.0") == 0
    out = capsys.readouterr().out
    assert out.startswith("1.0.0, the first release\nwritten:\n")
    assert "git tag -a v1.0.0" in out
    after = everything(root)
    assert sorted(after.keys() - before.keys()) == [
        "CHANGELOG-DATA.md",
        "releases/1.0.0/CHANGES.md",
        "releases/1.0.0/CITATION.cff",
        "releases/1.0.0/SHA256SUMS",
        "releases/1.0.0/metadata.csv",
        "releases/1.0.0/release.json",
    ]
    changed = [path for path in before if before[path] != after[path]]
    assert changed == ["covidxr.toml"]
    assert b'[collection]\nversion = "1.0.0"\nreleased-on = 2026-11-26\n' in after["covidxr.toml"]
    assert b"version: 1.0.0" in after["releases/1.0.0/CITATION.cff"].replace(b'"', b"")


def test_the_sums_are_those_of_the_collections_files_from_its_folder(root: Path) -> None:
    release(root, "1.0.0")
    lines = (root / "releases" / "1.0.0" / "SHA256SUMS").read_text().splitlines()
    found = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    assert list(found) == sorted(found)
    assert set(found) == {"metadata.csv", *(f"images/image-{number}.png" for number in (1, 2, 3))}
    for path, digest in found.items():
        assert hashlib.sha256((root / path).read_bytes()).hexdigest() == digest


def test_the_manifest_names_what_lies_beside_it(root: Path) -> None:
    release(root, "1.0.0")
    folder = root / "releases" / "1.0.0"
    record = json.loads((folder / "release.json").read_text())
    assert (record["version"], record["date"], record["previous"]) == ("1.0.0", "2026-11-26", None)
    assert (record["rows"], record["patients"], record["files"]) == (3, 3, 3)
    beside = {path.name for path in folder.iterdir()} - {"release.json"}
    assert set(record["sha256"]) == beside


def test_the_same_release_a_second_time_changes_no_byte(root: Path) -> None:
    tagged(root, "1.0.0")
    releasing.write(root, {}, {}, {}, {})
    committed(root)
    release(root, "1.1.0")
    first = everything(root)
    assert release(root, "1.1.0") == 0
    assert everything(root) == first


@pytest.mark.parametrize("by", ["tag", "folder"])
def test_a_step_that_is_too_small_is_refused_and_says_what_changed(
    root: Path, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged(root, "1.0.0")
    if by == "folder":
        git(root, "tag", "-d", "v1.0.0")
    releasing.write(root, {}, {}, {}, {})
    committed(root)
    before = everything(root)
    assert release(root, "1.0.1") == 1
    out = capsys.readouterr().out
    assert "1.0.1 is a patch release, and the changes need a minor one, 1.1.0 or higher" in out
    assert "1 row came" in out
    assert "of images, volumes and annotations 1 came" in out
    assert everything(root) == before
    assert release(root, "1.1.0") == 0
    page = (root / "releases" / "1.1.0" / "CHANGES.md").read_text()
    assert "## Rows added\n\n- `images/image-4.png`" in page


def test_a_label_that_changed_needs_a_major_release(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged(root, "1.0.0")
    releasing.write(root, {"finding": "Pneumonia/Viral"}, {}, {})
    committed(root)
    assert release(root, "1.1.0") == 1
    assert "the changes need a major one, 2.0.0 or higher" in capsys.readouterr().out
    assert release(root, "2.0.0") == 0


def test_a_release_can_be_compared_with_any_revision(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged(root, "1.0.0")
    releasing.write(root, {"sex": "M"}, {}, {})
    committed(root)
    assert release(root, "1.0.1", "--since", "HEAD") == 0
    assert "1.0.1, since HEAD\n  nothing changed\n" in capsys.readouterr().out


def test_errors_of_the_validation_keep_a_release_back(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "images" / "image-2.png").unlink()
    committed(root)
    before = everything(root)
    assert release(root, "1.0.0") == 1
    assert "IMG101 image-2.png is not in images/" in capsys.readouterr().out
    assert everything(root) == before


def test_a_label_table_that_is_out_of_date_keeps_a_release_back(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "<!-- covidxr stats: begin -->\nold\n<!-- covidxr stats: end -->\n"
    (root / "README.md").write_text(page)
    assert release(root, "1.0.0") == 1
    assert "DOC101" in capsys.readouterr().out
    assert main(["stats", "--root", str(root), "--write", str(root / "README.md")]) == 0
    assert release(root, "1.0.0") == 0


def test_what_is_not_committed_is_refused_unless_it_is_meant(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    releasing.write(root, {"sex": "M"}, {}, {})
    assert release(root, "1.0.0") == 1
    assert "not committed: metadata.csv" in capsys.readouterr().out
    assert release(root, "1.0.0", "--allow-dirty") == 0


def test_a_document_that_is_not_committed_is_no_part_of_the_data(root: Path) -> None:
    (root / "NEWS.md").write_text("words")
    assert release(root, "1.0.0") == 0


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.0", "is no version such as 1.2.0"),
        ("1.0.0", "released already: there is a tag v1.0.0"),
        ("0.9.0", "0.9.0 is not higher than 1.0.0"),
    ],
)
def test_a_version_that_is_none_or_not_higher_ends_with_2(
    root: Path, version: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged(root, "1.0.0")
    assert release(root, version) == 2
    assert words in capsys.readouterr().err


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(root)
    assert release(root, "1.0.0", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "would be written:\n  releases/1.0.0/CHANGES.md" in out
    assert "git tag" not in out
    assert everything(root) == before


def test_exports_lie_where_git_does_not_look(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release(root, "1.0.0", "--format", "json", formats="datapackage") == 0
    record = json.loads(capsys.readouterr().out)
    folder = root / ".covidxr" / "releases" / "1.0.0" / "datapackage"
    assert [each["folder"] for each in record["exports"]] == [str(folder)]
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["version"] == "1.0.0"
    git(root, "add", "-A")
    assert not git_sees(root, ".covidxr")


def git_sees(root: Path, name: str) -> bool:
    from covidxr import revisions

    return any(path.startswith(name) for path in revisions.changed_files(root, "HEAD"))


def test_an_unknown_format_ends_with_2_and_nothing_is_written(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(root)
    assert release(root, "1.0.0", formats="floppy") == 2
    assert "'floppy' is no export format" in capsys.readouterr().err
    assert everything(root) == before


def test_an_interrupt_while_exporting_leaves_the_repository_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: export.Options) -> export.Exported:
        raise KeyboardInterrupt

    before = everything(root)
    monkeypatch.setattr(export, "export", interrupted)
    assert release(root, "1.0.0", formats="citation") == 130
    assert everything(root) == before


def test_an_interrupt_while_writing_leaves_all_of_it_or_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(root)
    put = transaction._put
    done: list[Path] = []

    def interrupted(source: Path | None, target: Path) -> None:
        if len(done) == 3:
            monkeypatch.setattr(transaction, "_put", put)
            raise KeyboardInterrupt
        done.append(target)
        put(source, target)

    monkeypatch.setattr(transaction, "_put", interrupted)
    assert release(root, "1.0.0") == 130
    # Whoever opens the collection next finishes what was decided.
    transaction.finish(root)
    halfway = everything(root)
    assert len(halfway.keys() - before.keys()) == 6
    assert release(root, "1.0.0") == 0
    assert everything(root) == halfway


def test_why_a_file_was_taken_down_stands_in_the_changes(root: Path) -> None:
    tagged(root, "1.0.0")
    words = ["takedown", "image-3.png", "--root", str(root), "--reason", "the author asked"]
    assert main([*words, "--by", "A", "--yes"]) == 0
    committed(root)
    assert release(root, "1.1.0") == 0
    page = (root / "releases" / "1.1.0" / "CHANGES.md").read_text()
    assert "taken down: `the author asked`" in page
