"""Annotations that a contributor sends: taken in, reviewed like images, written, taken back."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from tests import build

from covidxr.cli.app import main

if TYPE_CHECKING:
    from pathlib import Path

WHO = "Mueller-Hans"
SIZE = (96, 128)


def picture(seed: int, size: tuple[int, int] = SIZE) -> bytes:
    rng = np.random.default_rng(seed)
    grey = np.kron(rng.integers(30, 220, (size[0] // 8, size[1] // 8)), np.ones((8, 8)))
    out = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


def mask() -> bytes:
    marked = np.zeros(SIZE, np.uint8)
    marked[20:60, 30:70] = 1
    out = io.BytesIO()
    Image.fromarray(marked).save(out, "PNG")
    return out.getvalue()


BOXES = {
    "info": {"description": f"boxes of {WHO}"},
    "categories": [{"id": 4, "name": "opacity"}],
    "images": [
        {"id": 1, "file_name": f"{WHO}-1.png", "width": 128, "height": 96},
        {"id": 2, "file_name": f"{WHO}-2.png"},
        {"id": 3, "file_name": "nobody.png"},
        {"id": 4, "file_name": "kept.png"},
    ],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 4, "bbox": [10, 20, 30, 40]},
        {"id": 2, "image_id": 2, "category_id": 4, "bbox": [None, None, None, None]},
        {"id": 3, "image_id": 3, "category_id": 4, "bbox": [1, 1, 1, 1]},
        {"id": 4, "image_id": 4, "category_id": 4, "bbox": [5, 5, 20.5, 20]},
    ],
}
VOC = (
    f"<annotation><filename>{WHO}-2.png</filename><object><name>effusion</name><bndbox>"
    "<xmin>8</xmin><ymin>8</ymin><xmax>40</xmax><ymax>50</ymax></bndbox></object></annotation>"
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection of one image, and a contribution beside it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    root, sent = tmp_path / "collection", tmp_path / "sent"
    (root / "images").mkdir(parents=True)
    sent.mkdir()
    (root / "images" / "kept.png").write_bytes(picture(3))
    row = {"filename": "kept.png", "license": "CC0-1.0"}
    (root / "metadata.csv").write_text(build.csv_text(build.rows(row)))
    for number in (1, 2):
        (sent / f"{WHO}-{number}.png").write_bytes(picture(number))
    (sent / f"{WHO}-1_mask.png").write_bytes(mask())
    (sent / "boxes.json").write_text(json.dumps(BOXES))
    (sent / "scores.csv").write_text(
        f"filename,geographic_extent_mean,opacity_mean\n{WHO}-1,3,2.5\n{WHO}-2,30,2\n"
    )
    (sent / f"{WHO}-2.xml").write_text(VOC)
    return root


def ingest(root: Path, *more: str) -> int:
    words = [
        "ingest",
        str(root.parent / "sent"),
        "--root",
        str(root),
        "--contributor",
        "Dr. J. Doe",
    ]
    return main([*words, "--credit", "J. Doe", *more])


def ledger(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((root / "provenance.csv").read_text())))


def accept_images(root: Path) -> None:
    cells = {
        "finding": "Pneumonia/Viral/COVID-19", "patientid": "new", "view": "PA",
        "modality": "X-ray", "url": "https://example.org/case/9", "date": "2020-03",
        "sex": "M", "age": "50", "offset": "0",
    }  # fmt: skip
    given = [word for name, text in cells.items() for word in ("--set", f"{name}={text}")]
    assert main(["accept", "ingest/*", "--root", str(root), "--by", "C", *given]) == 0


def waiting(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    main(["review", "--list", "--root", str(root)])
    listed = capsys.readouterr().out.splitlines()
    return [line.split()[0] for line in listed if line.startswith("annotations/")]


def annotation_bytes(root: Path) -> dict[str, bytes]:
    top = root / "annotations"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }


def test_marks_are_proposed_and_each_refusal_says_why(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest(root, "--license", "CC-BY-4.0") == 1
    said = capsys.readouterr().err
    assert f"{WHO}-2.png: left out: the box opacity of {WHO}-2.png has no numbers" in said
    assert "nobody.png: left out: it is of no image that is here" in said
    assert f"{WHO}-2: left out: geographic_extent_mean of {WHO}-2.png is 30" in said
    # Boxes of two images, and of a third by another file; a mask; scores of one image.
    assert len(waiting(root, capsys)) == 5


def test_nothing_of_what_the_contributor_called_things_goes_on(root: Path) -> None:
    ingest(root, "--license", "CC-BY-4.0")
    accept_images(root)
    main(["accept", "annotations/*", "--root", str(root), "--by", "C"])
    for path in root.rglob("*"):
        assert "Mueller" not in path.name
        if path.is_file():
            assert b"Mueller" not in path.read_bytes(), path


def test_marks_wait_for_their_image(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(root, "--license", "CC-BY-4.0")
    capsys.readouterr()
    assert main(["accept", "annotations/*", "--root", str(root), "--by", "C"]) == 1
    refused = capsys.readouterr().err
    assert refused.count("its image is not in the collection yet") == 4
    # That of an image which is in the collection already is written at once.
    made = json.loads((root / "annotations" / "dr-j-doe-boxes.json").read_bytes())
    assert [each["file_name"] for each in made["images"]] == ["kept.png"]


def test_accepted_marks_are_clean_and_pinned(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest(root, "--license", "CC-BY-4.0")
    accept_images(root)
    assert main(["accept", "annotations/*", "--root", str(root), "--by", "C"]) == 0
    capsys.readouterr()
    check = ["validate", "--root", str(root), "--select", "ANN", "--images", "full"]
    assert main([*check, "--fail-on", "info"]) == 0, capsys.readouterr().out
    files = annotation_bytes(root)
    assert [path for path in files if path.endswith("_mask.png")]
    assert "License: CC-BY-4.0" in files["annotations/dr-j-doe-masks/README.md"].decode()
    assert "## Citation: J. Doe" in files["annotations/dr-j-doe-severity-scores.csv"].decode()
    assert files["annotations/pinned.csv"].count(b"\n") == 6
    made = json.loads(files["annotations/dr-j-doe-boxes.json"])
    assert {each["name"] for each in made["categories"]} == {"opacity", "effusion"}
    boxes = sorted(each["bbox"] for each in made["annotations"])
    assert boxes == [[5, 5, 20.5, 20], [8, 8, 32, 42], [10, 20, 30, 40]]


def test_undo_gives_back_every_byte(root: Path) -> None:
    ingest(root, "--license", "CC-BY-4.0")
    accept_images(root)
    before = {**annotation_bytes(root), "ledger": (root / "provenance.csv").read_bytes()}
    main(["accept", "annotations/*", "--root", str(root), "--by", "C"])
    for _ in range(5):
        assert main(["undo", "--root", str(root), "--by", "C"]) == 0
    assert {**annotation_bytes(root), "ledger": (root / "provenance.csv").read_bytes()} == before


def test_undo_refuses_where_somebody_edited_the_file_since(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest(root, "--license", "CC-BY-4.0")
    main(["accept", "annotations/*", "--root", str(root), "--by", "C"])
    boxes = root / "annotations" / "dr-j-doe-boxes.json"
    edited = boxes.read_bytes().replace(b"20.5", b"21.5")
    boxes.write_bytes(edited)
    assert main(["undo", "--root", str(root), "--by", "C"]) == 2
    assert "dr-j-doe-boxes.json was changed since" in capsys.readouterr().err
    assert boxes.read_bytes() == edited


def test_without_a_licence_nothing_is_accepted_until_one_is_given_with_its_reason(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest(root)
    (kept,) = [each for each in waiting(root, capsys) if "of_kept" in each] or [""]
    assert kept == ""
    assert main(["accept", "annotations/*", "--root", str(root), "--by", "C"]) == 1
    assert "states no exact licence" in capsys.readouterr().err
    assert annotation_bytes(root) == {}
    given = ["--set", "license=CC BY 4.0", "--by", "C", "--root", str(root)]
    main(["accept", "annotations/*", *given])
    assert "give as the reason where this one is stated" in capsys.readouterr().err
    main(["accept", "annotations/*", *given, "--reason", "e-mail of 2026-11-02"])
    made = json.loads((root / "annotations" / "dr-j-doe-boxes.json").read_bytes())
    assert made["licenses"][0]["name"] == "CC-BY-4.0"
    # Nobody but the curator says so, and the ledger must not say that the contributor does.
    [line] = [each for each in ledger(root) if each["license"]]
    assert line["license_evidence"] == "curator: e-mail of 2026-11-02"


def test_what_was_taken_in_or_rejected_is_not_asked_again(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest(root, "--license", "CC-BY-4.0")
    first = waiting(root, capsys)
    main(["reject", *first, "--root", str(root), "--by", "C", "--reason", "drawn in haste"])
    ingest(root, "--license", "CC-BY-4.0")
    assert waiting(root, capsys) == []
    # The same boxes in another file are the same marks.
    (root.parent / "sent" / "boxes.json").write_text(json.dumps(BOXES, indent=2))
    capsys.readouterr()
    ingest(root, "--license", "CC-BY-4.0", "--format", "json")
    assert "it was rejected before: drawn in haste" in capsys.readouterr().out
    assert waiting(root, capsys) == []


def test_marks_that_come_later_find_the_images_of_an_earlier_run(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = root.parent / "sent"
    late = {path: path.read_bytes() for path in sent.iterdir() if path.name != f"{WHO}-1.png"}
    for path in late:
        path.unlink()
    ingest(root, "--license", "CC-BY-4.0")
    assert waiting(root, capsys) == []
    for path, data in late.items():
        path.write_bytes(data)
    ingest(root, "--license", "CC-BY-4.0")
    assert len(waiting(root, capsys)) == 5


def test_a_dry_run_keeps_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(root, "--license", "CC-BY-4.0", "--dry-run")
    assert waiting(root, capsys) == []


def test_a_takedown_takes_the_marks_along(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(root, "--license", "CC-BY-4.0")
    accept_images(root)
    main(["accept", "annotations/*", "--root", str(root), "--by", "C"])
    boxes = json.loads((root / "annotations" / "dr-j-doe-boxes.json").read_bytes())
    name = next(each["file_name"] for each in boxes["images"] if each["file_name"] != "kept.png")
    down = ["takedown", name, "--root", str(root), "--reason", "the patient asked", "--by", "C"]
    assert main([*down, "--yes"]) == 0, capsys.readouterr().err
    left = annotation_bytes(root)
    assert not [path for path, data in left.items() if name.removesuffix(".png") in path]
    assert not [path for path, data in left.items() if name.encode() in data]
