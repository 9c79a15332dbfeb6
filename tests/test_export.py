"""Handing a collection on: validated, whole, and the same each time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from tests import exports

from covidxr import export as workflow
from covidxr.errors import CollectionError, UsageError
from covidxr.export import BLOCKING, Options, export
from covidxr.model import Artifact, ImageDepth, Severity
from covidxr.plugins import Exporter, discover
from covidxr.validate import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from covidxr.dataset import Dataset

DAY = dt.date(2026, 11, 26)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return exports.collection(tmp_path / "collection")


def options(root: Path, *keys: str, **more: Any) -> Options:
    to = root.parent / "out"
    return Options(**{"root": root, "keys": keys or ("croissant",), "to": to, "today": DAY, **more})


def seen_by(root: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Dataset:
    """What an exporter is given."""
    given: list[Dataset] = []

    def artifacts(dataset: Dataset) -> Iterator[Artifact]:
        given.append(dataset)
        yield Artifact(path="a", data=b"")

    only(monkeypatch, artifacts)
    export(options(root, "some", **more))
    return given[0]


def only(monkeypatch: pytest.MonkeyPatch, artifacts: Any) -> None:
    """Let there be one exporter."""
    some = Exporter(
        key="some", title="", since="", depth=ImageDepth.NONE, page="", artifacts=artifacts
    )
    monkeypatch.setattr(workflow, "exporters", lambda: {"some": some})


def test_each_format_gets_a_folder_of_its_name(root: Path) -> None:
    found = export(options(root, "citation", "croissant", "citation"))
    assert [each.key for each, _ in found.written] == ["citation", "croissant"]
    assert not found.problems
    made = exports.tree(root.parent / "out")
    assert made["croissant/metadata.csv"] == (root / "metadata.csv").read_bytes()
    assert made["croissant/images/image-1.png"] == (root / "images/image-1.png").read_bytes()
    assert made["croissant/annotations/boxes.json"]
    assert made["croissant/LICENSES.md"]
    assert {path.partition("/")[0] for path in made} == {"citation", "croissant"}


def test_the_sums_are_those_of_all_files(root: Path) -> None:
    ((_, written),) = export(options(root)).written
    made = exports.tree(written.folder)
    sums = made.pop("SHA256SUMS").decode()
    assert sums == "".join(
        f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(made.items())
    )
    assert written.files == len(made)
    assert written.bytes == sum(map(len, made.values()))


def test_the_same_collection_gives_the_same_bytes(root: Path) -> None:
    pytest.importorskip("pyarrow")
    keys = tuple(workflow.exporters())
    export(options(root, *keys, to=root.parent / "one"))
    export(options(root, *keys, to=root.parent / "two"))
    assert exports.tree(root.parent / "one") == exports.tree(root.parent / "two")


def test_exporting_changes_nothing_of_the_collection(root: Path) -> None:
    before = exports.tree(root)
    export(options(root))
    assert exports.tree(root) == before


def test_what_the_settings_say_reaches_the_exporter(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seen_by(root, monkeypatch).about == exports.ABOUT


def test_a_version_and_its_day_can_be_given(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = seen_by(root, monkeypatch, version="2.0.0", date="2027-01-02").about
    assert (about.version, about.released_on) == ("2.0.0", "2027-01-02")


def test_the_day_of_another_version_is_not_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = seen_by(root, monkeypatch, version="2.0.0").about
    assert (about.version, about.released_on) == ("2.0.0", "")


def test_annotations_reach_the_exporter_as_records_and_as_files(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = seen_by(root, monkeypatch)
    assert [each.format for each in data.annotations] == ["coco"]
    box = (root / "annotations" / "boxes.json").read_bytes()
    assert data.files["annotations/boxes.json"].sha256 == hashlib.sha256(box).hexdigest()
    assert data.files["images/image-1.png"].sha256


def test_a_split_reaches_the_exporter(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    split = root.parent / "split.csv"
    split.write_text("## seed: 1\nfilename,part\nimage-1.png,train\nimage-2.png,test\n")
    data = seen_by(root, monkeypatch, split=split)
    assert data.parts == {"images/image-1.png": "train", "images/image-2.png": "test"}


# --- what is in the way --------------------------------------------------------------------------


def test_a_missing_file_is_in_the_way(root: Path) -> None:
    (root / "images" / "image-2.png").unlink()
    found = export(options(root))
    assert [each.code for each in found.problems] == ["IMG101"]
    assert not found.written
    assert not (root.parent / "out").exists()


def test_a_file_that_two_rows_name_is_in_the_way(tmp_path: Path) -> None:
    rows = {"filename": "a.png"}, {"filename": "a.png"}
    found = export(options(exports.collection(tmp_path / "collection", *rows)))
    assert "PAT104" in {each.code for each in found.problems}
    assert not found.written


def test_a_record_of_another_width_is_in_the_way(root: Path) -> None:
    with (root / "metadata.csv").open("a") as file:
        file.write("1,2,3\n")
    assert {each.code for each in export(options(root)).problems} == {"CSV103"}


def test_it_can_be_exported_anyway(root: Path) -> None:
    (root / "images" / "image-2.png").unlink()
    found = export(options(root, anyway=True))
    assert [each.code for each in found.problems] == ["IMG101"]
    ((_, written),) = found.written
    made = exports.tree(written.folder)
    assert "images/image-1.png" in made
    assert "images/image-2.png" not in made
    assert any("1 of 2 rows name a file that is not here" in note for note in found.notes)


def test_a_doubtful_view_is_not_in_the_way(tmp_path: Path) -> None:
    root = exports.collection(tmp_path / "collection", {"view": "sitting", "license": ""})
    assert export(options(root)).written


def test_what_can_be_in_the_way_is_known_to_validate() -> None:
    rules = discover(RULES)
    assert set(BLOCKING) <= set(rules)
    assert any(rules[code].severity is Severity.ERROR for code in BLOCKING)


def test_a_note_says_what_the_collection_does_not(tmp_path: Path) -> None:
    root = exports.collection(tmp_path / "collection", settings="")
    (note,) = export(options(root)).notes
    assert "title, makers, version, released-on, url" in note


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"keys": ("crossant",)}, "'crossant' is no export format"),
        ({"version": "1.2"}, "'1.2' is no version such as 1.2.0"),
        ({"version": "1.2.03"}, "is no version"),
        ({"date": "26.11.2026"}, "is no day such as"),
    ],
)
def test_what_makes_no_sense_is_refused(root: Path, more: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        export(dataclasses.replace(options(root), **more))
    assert not (root.parent / "out").exists()


# --- whole or not at all -------------------------------------------------------------------------


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError])
def test_an_end_in_the_middle_leaves_nothing(
    root: Path, end: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def artifacts(_dataset: Dataset) -> Iterator[Artifact]:
        yield Artifact(path="a/b.txt", data=b"half")
        raise end

    only(monkeypatch, artifacts)
    with pytest.raises(end):
        export(options(root, "some"))
    assert not (root.parent / "out").exists()


def test_an_end_in_the_middle_leaves_the_older_export(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = [Artifact(path="a.txt", data=b"old")]

    def artifacts(_dataset: Dataset) -> Iterator[Artifact]:
        yield ready[0]
        if ready[0].data == b"new":
            raise KeyboardInterrupt

    only(monkeypatch, artifacts)
    export(options(root, "some"))
    before = exports.tree(root.parent / "out")
    ready[0] = Artifact(path="a.txt", data=b"new")
    with pytest.raises(KeyboardInterrupt):
        export(options(root, "some", force=True))
    assert exports.tree(root.parent / "out") == before


def test_an_older_export_is_replaced_only_when_told_to(root: Path) -> None:
    export(options(root))
    with pytest.raises(CollectionError, match=r"croissant is not empty: .*--force"):
        export(options(root))
    (root / "images" / "stray.png").write_bytes(exports.png(9))
    found = export(options(root, version="9.0.0", force=True))
    text = (root.parent / "out" / "croissant" / "croissant.json").read_text()
    assert found.written
    assert '"version": "9.0.0"' in text


def test_another_format_goes_beside_an_older_export(root: Path) -> None:
    export(options(root, "croissant"))
    export(options(root, "citation"))
    assert {path.name for path in (root.parent / "out").iterdir()} == {"croissant", "citation"}


@pytest.mark.parametrize("name", ["mine.txt", "images/mine.png"])
def test_what_no_export_wrote_is_never_replaced(root: Path, name: str) -> None:
    export(options(root))
    (root.parent / "out" / "croissant" / name).write_text("mine")
    with pytest.raises(CollectionError, match="was not written by an export"):
        export(options(root, force=True))
    assert (root.parent / "out" / "croissant" / name).read_text() == "mine"


def test_an_exported_file_that_somebody_changed_is_never_replaced(root: Path) -> None:
    export(options(root))
    (root.parent / "out" / "croissant" / "metadata.csv").write_text("mine")
    with pytest.raises(CollectionError, match="was changed since it was exported"):
        export(options(root, force=True))


def test_a_folder_of_somebody_else_is_never_replaced(root: Path) -> None:
    (root.parent / "out" / "croissant").mkdir(parents=True)
    (root.parent / "out" / "croissant" / "thesis.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(CollectionError):
            export(options(root, force=force))
    assert exports.tree(root.parent / "out") == {"croissant/thesis.txt": b"mine"}


def test_every_export_says_whom_to_credit(root: Path) -> None:
    export(options(root, "croissant", "citation"))
    made = exports.tree(root.parent / "out")
    assert made["croissant/ATTRIBUTION.md"] == made["citation/ATTRIBUTION.md"]
    assert b"Case courtesy of A. Radiologist" in made["citation/ATTRIBUTION.md"]
