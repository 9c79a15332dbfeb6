"""The folder for torchxrayvision's COVID19_Dataset, read as that class reads it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from tests import build, exports

from covidxr.cli.app import main
from covidxr.export import exporters
from covidxr.exporters.torchxrayvision import as_path
from covidxr.labels import NODES
from covidxr.loadertables import loader_groups

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.dataset import Dataset

EXPORTER = exporters()["torchxrayvision"]
COVID = "Pneumonia/Viral/COVID-19"


def exported(data: Dataset) -> dict[str, bytes | None]:
    return exports.contents(EXPORTER.artifacts(data))


def loaded(data: Dataset, views: tuple[str, ...] = ("PA", "AP")) -> dict[str, list[float]]:
    """Labels by name, as the class makes them (torchxrayvision 1.5.7)."""
    table = pd.read_csv(io.BytesIO(exported(data)["metadata.csv"] or b""))
    table = table[table["view"].isin(views)]
    table = table[~table["finding"].isin(["todo", "Unknown"])]
    parts = sorted({part for finding in table["finding"] for part in finding.split("/")})
    return {part: [float(each) for each in table["finding"].str.contains(part)] for part in parts}


def test_findings_become_the_labels_that_they_say() -> None:
    data = exports.dataset(
        {"finding": COVID}, {"finding": "No Finding"}, {"finding": "Pneumonia/Bacterial/E.Coli"}
    )
    assert loaded(data) == {
        "Bacterial": [0, 0, 1],
        "COVID-19": [1, 0, 0],
        "E.Coli": [0, 0, 1],
        "No Finding": [0, 1, 0],
        "Pneumonia": [1, 0, 1],
        "Viral": [1, 0, 0],
    }


def test_several_findings_are_one_path_with_every_label_once() -> None:
    both = f"{COVID}|Pneumonia/ARDS"
    assert as_path(both) == f"{COVID}/ARDS"
    labels = loaded(exports.dataset({"finding": both}, {"finding": COVID}))
    assert labels["ARDS"] == [1, 0]
    assert labels["COVID-19"] == [1, 1]


@pytest.mark.parametrize("finding", ["", "todo", "Unknown", "Suspected COVID-19?", "nonsense"])
def test_what_says_nothing_is_dropped_by_the_loader(finding: str) -> None:
    assert as_path(finding) in {"todo", "Unknown"}
    assert loaded(exports.dataset({"finding": finding}, {"finding": COVID}))["COVID-19"] == [1]


def test_no_label_is_part_of_another_so_that_looking_for_one_finds_itself_alone() -> None:
    # The loader looks for each label within the whole finding.
    names = {node.name for node in NODES}
    assert not [(one, other) for one in names for other in names if one != other and one in other]


def test_what_the_loader_cannot_read_is_left_out_and_counted() -> None:
    files = {
        "images/a.dcm": build.png("images/a.dcm", format="DICOM"),
        "images/b.png": build.png("images/b.png", bits=16),
        "images/c.png": build.png("images/c.png", bits=8),
        "volumes/d.nii.gz": build.png("volumes/d.nii.gz", format="NIFTI.GZ"),
    }
    rows = [{"filename": path.partition("/")[2], "folder": path[:7].strip("/")} for path in files]
    made = exported(exports.dataset(*rows, files=files))
    assert [path for path in made if path.startswith(("images", "volumes"))] == ["images/c.png"]
    said = (made["README.txt"] or b"").decode()
    assert "1 image can be read." in said
    assert "Left out: 1 file (DICOM, which the loader cannot read)." in said
    assert "Left out: 1 file (more than 8 bits a pixel" in said
    assert "Left out: 1 file (volume)." in said
    assert (made["metadata.csv"] or b"").count(b"\n") == 2


def test_it_is_said_how_many_images_the_loader_will_give() -> None:
    data = exports.dataset({"finding": COVID}, {"finding": COVID, "view": "L"}, {"finding": "todo"})
    said = (exported(data)["README.txt"] or b"").decode()
    assert "3 images can be read.\nThe loader gives 2 of them" in said
    assert "Without views it gives 1:" in said
    assert len(loaded(data)["COVID-19"]) == 1
    assert len(loaded(data, ("PA", "L"))["COVID-19"]) == 2


def test_rows_without_a_file_of_their_own_are_counted() -> None:
    files = {"images/a.png": build.png("images/a.png", bits=8)}
    rows = [{"filename": name} for name in ("a.png", "a.png", "gone.png")]
    said = (exported(exports.dataset(*rows, files=files))["README.txt"] or b"").decode()
    assert "1 image can be read." in said
    assert "Left out: 1 row (file not there)." in said
    assert "Left out: 1 row (an earlier row names the file)." in said


def test_the_table_agrees_with_the_counts_that_covidxr_makes_as_the_loader() -> None:
    data = exports.dataset(
        {"finding": COVID}, {"finding": "No Finding"}, {"finding": "todo"}, {"finding": "Unknown"}
    )
    [group] = loader_groups(data.table, "xrv-2020-09", (("PA", "AP"),))
    found = loaded(data)
    assert {name: dict(Counter(labels)) for name, labels in found.items()} == group.totals


LOADING = """
import json, sys
import torchxrayvision as xrv
data = xrv.datasets.COVID19_Dataset(imgpath="images", csvpath="metadata.csv", views=["*"])
shapes = [list(data[number]["img"].shape) for number in range(len(data))]
labels = {name: data.labels[:, at].tolist() for at, name in enumerate(data.pathologies)}
print(json.dumps([shapes, labels]))
"""
# An environment with torch weighs 5 GB; it need not be the one that the tests run in.
PYTHON = os.environ.get("COVIDXR_TORCH_PYTHON", sys.executable)


def has_the_loader() -> bool:
    look = "import importlib.util, sys; sys.exit(not importlib.util.find_spec('torchxrayvision'))"
    return subprocess.run([PYTHON, "-c", look], check=False).returncode == 0


@pytest.mark.skipif(
    not has_the_loader(),
    reason="torchxrayvision is not installed; name a Python that has it in COVIDXR_TORCH_PYTHON",
)
def test_the_class_itself_reads_it(tmp_path: Path) -> None:
    root = exports.collection(
        tmp_path / "c",
        {"finding": f"{COVID}|Pneumonia/ARDS"},
        {"finding": "No Finding", "view": "L"},
        {"finding": ""},
    )
    main(["export", "torchxrayvision", "--root", str(root), "--to", str(tmp_path / "out")])
    done = subprocess.run(
        [PYTHON, "-c", LOADING],
        cwd=tmp_path / "out" / "torchxrayvision",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shapes, labels = json.loads(done.stdout.splitlines()[-1])
    assert shapes == [[1, 64, 64], [1, 64, 64]]
    assert labels == {
        "ARDS": [1, 0],
        "COVID-19": [1, 0],
        "No Finding": [0, 1],
        "Pneumonia": [1, 0],
        "Viral": [1, 0],
    }


def test_a_split_is_said_to_be_missing() -> None:
    data = exports.dataset(parts={"images/image-1.png": "train"})
    assert b"the loader knows none" in (exported(data)["README.txt"] or b"")
