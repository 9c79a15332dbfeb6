"""All annotations of a collection, as records."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from tests import build

from covidxr import annotationfiles, store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.annotated import AnnotationFile
    from covidxr.table import Table

REAL = Path(__file__).parents[2] / "shared" / "real"
real = pytest.mark.skipif(not REAL.exists(), reason="needs the real collection in ../shared")


def png(*rows: tuple[int, ...]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.array(rows, np.uint8)).save(out, "PNG")
    return out.getvalue()


MASK = png((0, 255), (0, 0))


def table(*filenames: str) -> Table:
    return build.dataset(*({"filename": name} for name in filenames)).table


def lay(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Put files below annotations/, by their paths there."""
    for name, data in files.items():
        path = root / "annotations" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def read(root: Path, *filenames: str, pixels: bool = True) -> dict[str, AnnotationFile]:
    found = annotationfiles.read(root, table(*(filenames or ("a.png", "b.png"))), pixels=pixels)
    assert list(found) == sorted(found, key=lambda each: each.path)
    return {each.path.removeprefix("annotations").strip("/"): each for each in found}


def test_no_folder_holds_no_annotations(tmp_path: Path) -> None:
    assert annotationfiles.read(tmp_path, table("a.png")) == ()
    assert annotationfiles.pins(tmp_path) == ()


def test_masks_of_a_folder_are_one_set_with_what_the_note_beside_them_says(tmp_path: Path) -> None:
    note = "# Lungs\n\nLicense: CC0-1.0\nCitation: A. Reader\n"
    lay(
        tmp_path,
        {"lungs/a_mask.png": MASK, "lungs/b_mask.png": MASK, "lungs/README.md": note},
    )
    (lungs,) = read(tmp_path).values()
    assert (lungs.path, lungs.format) == ("annotations/lungs", "masks")
    assert (lungs.licence, lungs.citation) == ("CC0-1.0", "A. Reader")
    assert [(each.image, each.file) for each in lungs.images] == [
        ("a.png", "annotations/lungs/a_mask.png"),
        ("b.png", "annotations/lungs/b_mask.png"),
    ]
    assert [each.masks[0].area for each in lungs.images] == [1, 1]


def test_masks_are_decoded_only_when_asked(tmp_path: Path) -> None:
    lay(tmp_path, {"lungs/a_mask.png": MASK})
    (lungs,) = read(tmp_path, pixels=False).values()
    (mask,) = lungs.images[0].masks
    assert (mask.width, mask.height, mask.runs) == (2, 2, ())


def test_a_note_at_the_top_speaks_for_no_folder_and_for_no_file_that_speaks_itself(
    tmp_path: Path,
) -> None:
    scores = "filename,opacity_mean\na.png,1\n"
    lay(
        tmp_path,
        {
            "LICENSE": "License: CC0-1.0",
            "one.csv": scores,
            "two.csv": f"## License: MIT\n{scores}",
            "lungs/a_mask.png": MASK,
        },
    )
    assert {path: each.licence for path, each in read(tmp_path).items()} == {
        "lungs": "",
        "one.csv": "CC0-1.0",
        "two.csv": "MIT",
    }


def test_pins_and_notes_are_no_annotations(tmp_path: Path) -> None:
    pins = f"annotation,filename,sha256\nannotations/x.csv,a.png,{'1' * 64}\n"
    lay(tmp_path, {"pinned.csv": pins, "README.md": "words", "x/NOTICE.txt": "words"})
    assert read(tmp_path) == {}
    assert [each.filename for each in annotationfiles.pins(tmp_path)] == ["a.png"]


def test_what_no_adapter_knows_is_listed_with_what_is_known(tmp_path: Path) -> None:
    lay(tmp_path, {"lungs.npy": b"\x93NUMPY", "empty.json": ""})
    assert {each.format for each in read(tmp_path).values()} == {""}
    assert all("COCO" in (each.problems[0].suggestion or "") for each in read(tmp_path).values())


def test_a_damaged_file_among_those_of_a_folder_is_named(tmp_path: Path) -> None:
    good = "<annotation><filename>a.png</filename></annotation>"
    lay(tmp_path, {"voc/a.xml": good, "voc/b.xml": "<annotation><filename>"})
    (voc,) = read(tmp_path).values()
    assert [each.image for each in voc.images] == ["a.png"]
    assert [each.file for each in voc.problems] == ["annotations/voc/b.xml"]


# --- about the rows of another table -------------------------------------------------------------


def test_annotations_are_found_again_among_the_rows_of_an_earlier_table(tmp_path: Path) -> None:
    lay(tmp_path, {"lungs/a_mask.png": MASK, "lungs/b_mask.png": MASK})
    now = annotationfiles.read(tmp_path, table("b.png"))
    assert [each.row for each in now[0].images] == [None, 0]
    (then,) = annotationfiles.of_rows(now, annotationfiles.names_of(table("a.png")))
    assert [(each.image, each.row) for each in then.images] == [("a.png", 0), ("b", None)]


def test_of_a_note_that_changed_nobody_knows_what_it_said(tmp_path: Path) -> None:
    lay(tmp_path, {"lungs/a_mask.png": MASK, "x.csv": "filename,opacity_mean\na.png,1\n"})
    now = annotationfiles.read(tmp_path, table("a.png"))
    names = annotationfiles.names_of(table("a.png"))
    gone = {"annotations/lungs/README.md"}
    lungs, scores = annotationfiles.of_rows(now, names, without=gone)
    assert lungs.licence
    assert lungs.citation
    assert (scores.licence, scores.citation) == ("", "")
    assert annotationfiles.of_rows(now, names, without={"annotations/x.csv"}) == now[:1]


# --- the real collection -------------------------------------------------------------------------


@real
def test_the_published_annotations_are_read_whole() -> None:
    root = REAL / "2020-06-22"
    boxes, scores = sorted(
        annotationfiles.read(root, store.read_collection(root).table), key=lambda file: file.format
    )
    assert (boxes.format, len(boxes.images), boxes.problems) == ("coco", 167, ())
    assert (scores.format, len(scores.images), scores.problems) == ("severity", 94, ())
    assert all(each.row is not None for file in (boxes, scores) for each in file.images)
    assert sum(len(each.regions) for each in boxes.images) == 334
    assert "CC BY-SA" in scores.licence
    assert "arxiv.org/abs/2005.11856" in scores.citation
    listed = json.loads((root / boxes.path).read_text())["images"]
    assert [each.width for each in boxes.images] == [each["width"] for each in listed]
