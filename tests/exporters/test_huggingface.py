"""The folder for Hugging Face's datasets, loaded by that library without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests import build, exports

from covidxr.cli.app import main
from covidxr.export import exporters
from covidxr.exporters.huggingface import part_names

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.dataset import Dataset

EXPORTER = exporters()["huggingface"]

LOADING = """
import json, sys
from datasets import load_dataset
loaded = load_dataset(sys.argv[1])
told = {
    name: [
        {"size": row["image"].size, "patientid": row["patientid"], "age": row["age"],
         "finding": row["finding"], "filename": row["filename"]}
        for row in part
    ]
    for name, part in loaded.items()
}
print(json.dumps(told))
"""


def card(data: Dataset) -> str:
    return (exports.contents(EXPORTER.artifacts(data))["README.md"] or b"").decode()


def front(data: Dataset) -> dict[str, Any]:
    return dict(yaml.safe_load(card(data).split("---\n")[1]))


def loaded(folder: Path, tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    """What the library makes of a folder, in a process of its own without a network."""
    import json
    import os

    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run(
        [sys.executable, "-c", LOADING, str(folder)],
        env={**os.environ, **offline, "HF_HUB_DISABLE_TELEMETRY": "1", "TQDM_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def export(root: Path, to: Path, *more: str) -> Path:
    assert main(["export", "huggingface", "--root", str(root), "--to", str(to), *more]) == 0
    return to / "huggingface"


def test_the_library_loads_every_row_with_its_picture(tmp_path: Path) -> None:
    root = exports.collection(tmp_path / "c", {}, exports.CT, {"age": "", "sex": ""})
    made = loaded(export(root, tmp_path / "out"), tmp_path)
    assert list(made) == ["train"]
    rows = {each["filename"]: each for each in made["train"]}
    assert set(rows) == {"image-1.png", "image-2.png", "image-3.png"}
    assert all(each["size"] == [64, 64] for each in rows.values())
    assert rows["image-2.png"]["age"] == 7.5
    assert rows["image-1.png"]["finding"] == "Pneumonia/Viral/COVID-19"


def test_parts_of_a_split_are_the_librarys_splits(tmp_path: Path) -> None:
    # In one part a column is blank everywhere: the parts must be of one type all the same.
    root = exports.collection(tmp_path / "c", {}, {"age": ""}, {"age": ""}, {})
    split = tmp_path / "split.csv"
    lines = ["image-1.png,train", "image-2.png,val", "image-3.png,val", "image-4.png,test"]
    split.write_text("\n".join(["filename,part", *lines]) + "\n")
    made = loaded(export(root, tmp_path / "out", "--split", str(split)), tmp_path)
    assert {name: len(rows) for name, rows in made.items()} == {
        "train": 1,
        "validation": 2,
        "test": 1,
    }
    assert made["test"][0]["filename"] == "image-4.png"


def test_a_newer_export_is_not_answered_with_the_rows_of_an_older_one(tmp_path: Path) -> None:
    # The library keeps what it has loaded by the name of the folder.
    old = exports.collection(tmp_path / "old", {"finding": "No Finding"})
    new = exports.collection(tmp_path / "new", {"finding": "Tuberculosis"})
    found = [
        loaded(export(root, tmp_path / f"out-{root.name}"), tmp_path)["train"][0]["finding"]
        for root in (old, new)
    ]
    assert found == ["No Finding", "Tuberculosis"]


def test_what_the_library_keeps_a_folder_under_changes_with_a_cell_an_image_or_a_part() -> None:
    def told(**more: Any) -> str:
        cell = more.pop("finding", "No Finding")
        [config] = front(exports.dataset({"finding": cell}, **more))["configs"]
        return str(config["description"])

    image = build.png("images/image-1.png", sha256="0" * 64)
    variants = [
        told(),
        told(finding="Tuberculosis"),
        told(files={"images/image-1.png": image}),
        told(parts={"images/image-1.png": "test"}),
    ]
    assert len(set(variants)) == len(variants)
    assert told() == told()


def test_the_hub_reads_the_cards_front_matter() -> None:
    from huggingface_hub import DatasetCardData

    read = DatasetCardData(**front(exports.dataset({}, exports.CT)))
    assert read.license == "other"
    assert read.license_name == "each-image-its-own"
    assert read.size_categories == ["n<1K"]
    assert read.pretty_name == "Phantoms"
    assert front(exports.dataset({}, {}))["license"] == "cc-by-4.0"


def test_the_card_says_what_is_in_it_and_what_is_not() -> None:
    files = {
        "images/image-1.png": build.png("images/image-1.png"),
        "images/image-2.png": build.png("images/image-2.png", format="DICOM"),
    }
    said = card(exports.dataset({}, {}, files=files))
    assert "1 image of a collection of 2 rows" in said
    assert "- 1 file left out, since the loader does not open such (DICOM," in said
    assert "| Pneumonia/Viral/COVID-19 | 2 |" in said
    assert "## Sources against labels" in said
    assert "| example.org | 2 |" in said
    assert "Doe J. Phantoms. 2026." in said


def test_a_row_that_is_not_in_the_folder_is_counted_with_the_reason() -> None:
    names = ["a.png", "a.png", "gone.png", ".hidden.png", ""]
    files = {f"images/{name}": build.png(f"images/{name}") for name in ("a.png", ".hidden.png")}
    said = card(exports.dataset(*({"filename": name} for name in names), files=files))
    assert "1 image of a collection of 5 rows" in said
    assert "- 1 file left out, since the loader does not open such" in said
    assert "- 2 rows left out, whose file is not there." in said
    assert "- 1 row left out, whose file an earlier row names." in said
    assert "left out" not in card(exports.dataset())


def test_a_licence_that_the_hub_does_not_list_is_named_and_linked() -> None:
    from huggingface_hub import DatasetCardData

    read = DatasetCardData(**front(exports.dataset({"license": "CC-BY-NC-ND-2.5"})))
    assert (read.license, read.license_name) == ("other", "cc-by-nc-nd-2.5")
    assert read.license_link == "LICENSE.md"


def test_the_licence_that_the_card_links_to_is_there() -> None:
    made = exports.contents(EXPORTER.artifacts(exports.dataset({}, exports.CT)))
    said = (made["LICENSE.md"] or b"").decode()
    assert "| CC-BY-4.0 | 1 | https://" in said
    assert "| CC0-1.0 | 1 | https://" in said


@pytest.mark.parametrize("parts", [("1", "2"), ("all", "no"), ("val", "dev"), ("Fold 1", "fold-1")])
def test_every_part_is_loaded_as_one_of_its_own_whatever_it_is_called(
    parts: tuple[str, str], tmp_path: Path
) -> None:
    root = exports.collection(tmp_path / "c", {}, {})
    split = tmp_path / "split.csv"
    split.write_text(f"filename,part\nimage-1.png,{parts[0]}\nimage-2.png,{parts[1]}\n")
    made = loaded(export(root, tmp_path / "out", "--split", str(split)), tmp_path)
    assert sorted(row["filename"] for part in made.values() for row in part) == [
        "image-1.png",
        "image-2.png",
    ]
    assert len(made) == 2


@given(st.lists(st.text(max_size=8), unique=True, max_size=6))
def test_parts_have_names_that_are_unlike_and_safe_in_paths(given_names: list[str]) -> None:
    names = part_names(given_names)
    assert list(names) == given_names
    assert len(set(names.values())) == len(given_names)
    assert all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) for name in names.values())


@pytest.mark.parametrize(
    ("written", "name"),
    [("train", "train"), ("Val", "validation"), ("fold-1", "fold_1"), ("", "unassigned")],
)
def test_a_part_is_called_as_the_library_takes_it(written: str, name: str) -> None:
    assert part_names([written]) == {written: name}
