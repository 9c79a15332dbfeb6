"""The contract that every adapter meets, and what each reads."""

from __future__ import annotations

import io
import json
import pkgutil
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from covidxr.annotated import AnnotationFile
from covidxr.annotating import ADAPTERS, PLACES, Adapter, Source
from covidxr.annotationfiles import read_file
from covidxr.annotationnames import Names
from covidxr.plugins import discover

KNOWN = discover(ADAPTERS, Adapter)
NAMES = Names(["a.png", "b.jpg", "fig1.webp-day5.png", "twice.png", "twice.jpg"])


def png(*rows: tuple[int, ...]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.array(rows, np.uint8)).save(out, "PNG")
    return out.getvalue()


def coco(**more: object) -> bytes:
    known = {
        "info": {"creator": "A. Reader"},
        "licenses": [{"id": 1, "name": "Attribution", "url": "https://example.org/by"}],
        "categories": [{"id": 1, "name": "Right Lung"}],
        "images": [{"id": 1, "file_name": "images/a.png", "width": 8, "height": 4}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 1.5]}],
    }
    return json.dumps({**known, **more}, indent=1).encode()


EXAMPLES = {
    "coco": ("boxes.json", coco()),
    "severity": ("s.csv", b"## License: CC0\nfilename,geographic_mean,opacity_mean\na.png,2.0,1\n"),
    "brixia": ("b.csv", b"filename,A,B,C,D,E,F,brixia_score\na.png,0,1,2,3,0,1,7\n"),
    "boxes": ("x.csv", b"image,xmin,ymin,xmax,ymax,label\nb.jpg,1,2,4,6,opacity\n"),
    "voc": (
        "b.xml",
        (
            b"<annotation><filename>b.jpg</filename><size><width>9</width><height>7</height></size>"
            b"<object><name>opacity</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>4</xmax>"
            b"<ymax>6</ymax></bndbox></object></annotation>"
        ),
    ),
    "masks": ("a_mask.png", png((0, 255), (255, 255))),
}


def source(name: str, data: bytes, *, pixels: bool = True) -> Source:
    return Source(f"annotations/{name}", data, NAMES, pixels)


def read(key: str) -> AnnotationFile:
    return read_file(source(*EXAMPLES[key]))


def test_the_folder_is_the_registry() -> None:
    names = {info.name for info in pkgutil.iter_modules(import_module(ADAPTERS).__path__)}
    assert names == set(KNOWN) == set(EXAMPLES) == set(PLACES)


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_example_is_known_to_its_adapter_alone(key: str) -> None:
    assert [name for name, each in KNOWN.items() if each.knows(source(*EXAMPLES[key]))] == [key]
    assert read(key).format == key
    assert read(key).problems == ()


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_adapter_has_a_page(key: str) -> None:
    summary, _, rest = KNOWN[key].page.partition("\n")
    assert summary.endswith(".")
    assert len(rest) > 40


@pytest.mark.parametrize("key", EXAMPLES)
@given(cut=st.integers(0, 400), flipped=st.integers(0, 400), byte=st.integers(0, 255))
def test_damage_is_told_and_never_raised(key: str, cut: int, flipped: int, byte: int) -> None:
    name, data = EXAMPLES[key]
    changed = bytearray(data)
    changed[flipped % len(changed)] = byte
    for each in (data[: cut % len(data)], bytes(changed)):
        assert isinstance(read_file(source(name, each)), AnnotationFile)


def test_a_coco_file_is_read_with_its_lines_and_rights() -> None:
    found = read("coco")
    assert (found.licence, found.citation) == ("Attribution, https://example.org/by", "A. Reader")
    [image] = found.images
    assert (image.image, image.row, image.written) == ("a.png", 0, "images/a.png")
    assert (image.width, image.height, image.line) == (8, 4, 21)
    [region] = image.regions
    assert (region.label, region.box, region.line) == ("Right Lung", (1.0, 2.0, 3.0, 1.5), 27)


def test_nulls_stay_nulls() -> None:
    nulls = [{"id": 1, "image_id": 1, "category_id": 9, "bbox": [None, None, None, None]}]
    [image] = read_file(source("x.json", coco(annotations=nulls))).images
    assert image.regions[0].box == (None, None, None, None)
    assert image.regions[0].label == ""


def test_outlines_and_runs_are_read() -> None:
    marks = [
        {"image_id": 1, "category_id": 1, "segmentation": [[0, 0, 2, 0, 2, 2]]},
        {"image_id": 1, "category_id": 1, "segmentation": {"size": [4, 8], "counts": [2, 3, 27]}},
    ]
    [image] = read_file(source("x.json", coco(annotations=marks))).images
    assert image.regions[0].outlines == ((0.0, 0.0, 2.0, 0.0, 2.0, 2.0),)
    assert (image.masks[0].runs, image.masks[0].area) == ((2, 3, 27), 3)


def test_the_box_around_a_mask_is_no_mark_of_its_own() -> None:
    runs = {"size": [4, 8], "counts": [2, 3, 27]}
    for box, regions in (([0, 2, 2, 2], 0), ([None] * 4, 1)):
        marks = [{"image_id": 1, "category_id": 1, "segmentation": runs, "bbox": box}]
        [image] = read_file(source("x.json", coco(annotations=marks))).images
        assert (len(image.masks), len(image.regions)) == (1, regions)


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([{"image_id": 1}], "neither bbox nor segmentation"),
        ([{"image_id": 7, "bbox": [1, 1, 1, 1]}], "image 7, which the file does not list"),
        (["?"], "no object"),
        ([{"image_id": 1, "segmentation": {"size": [4, 8], "counts": [5]}}], "do not make 8 x 4"),
        ([{"image_id": 1, "segmentation": [[1, 2]]}], "no list of points"),
    ],
)
def test_what_a_coco_file_gets_wrong_is_told_at_its_line(marks: object, words: str) -> None:
    [problem, *_] = read_file(source("x.json", coco(annotations=marks))).problems
    assert words in problem.message
    assert problem.line is not None


def test_scores_stand_at_their_cells() -> None:
    found = read("severity")
    assert found.licence == "CC0"
    [extent, opacity] = found.images[0].scores
    assert (extent.name, extent.written, extent.value) == (
        "geographic_extent_mean",
        "geographic_mean",
        2.0,
    )
    assert (opacity.line, opacity.column) == (3, 11)
    assert [(each.written, each.line, each.column) for each in found.columns] == [
        ("geographic_mean", 2, 10),
        ("opacity_mean", 2, 26),
    ]


def test_a_comment_may_end_in_the_commas_of_a_spreadsheet() -> None:
    text = b'## Scores,,\n"## License: CC BY, 4.0",,\nfilename,opacity,geographic\na.png,1,2\n'
    assert read_file(source("s.csv", text)).licence == "CC BY, 4.0"


def test_readers_of_brixia_scores_stand_side_by_side() -> None:
    head = ",".join(f"{reader}-{zone}" for reader in "SJ" for zone in [*"ABCDEF", "Global"])
    text = f"filename,{head}\na,{','.join('1' * 14)}\n".encode()
    [image] = read_file(source("b.csv", text)).images
    assert [each.name for each in image.scores] == [*"ABCDEF", "brixia_score"] * 2
    assert image.image == "a.png"


def test_boxes_come_by_corners_or_by_size_and_by_the_files_own_mapping() -> None:
    assert read("boxes").images[0].regions[0].box == (1.0, 2.0, 3.0, 4.0)
    mapped = (
        b"## columns: filename=bild, left=l, top=o, width=b, height=h, label=was\n"
        b"bild,l,o,b,h,was\na.png,1,2,3,4,Herd\na.png,,,,,\n"
    )
    [image] = read_file(source("x.csv", mapped)).images
    assert [(each.box, each.label, each.line) for each in image.regions] == [
        ((1.0, 2.0, 3.0, 4.0), "Herd", 3)
    ]


def test_pascal_voc_names_its_image_or_is_named_after_it() -> None:
    [image] = read("voc").images
    assert (image.image, image.width, image.height) == ("b.jpg", 9, 7)
    assert image.regions[0].box == (1.0, 2.0, 3.0, 4.0)
    [other] = read_file(source("fig1.webp-day5.xml", b"<annotation></annotation>")).images
    assert other.image == "fig1.webp-day5.png"


def test_entities_of_a_stranger_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "y">]><annotation><filename>&x;</filename></annotation>'
    [problem] = read_file(source("x.xml", bomb)).problems
    assert problem.message.startswith("it cannot be read as XML")


@pytest.mark.parametrize(
    ("name", "image", "label"),
    [
        ("a_mask.png", "a.png", ""),
        ("fig1.webp-day5_mask.png", "fig1.webp-day5.png", ""),
        ("b_mask.png.png", "b.jpg", ""),
        ("b_mask_left_lung.png", "b.jpg", "left lung"),
        ("twice_mask.png", "twice", ""),
    ],
)
def test_a_mask_is_named_after_its_image(name: str, image: str, label: str) -> None:
    [found] = read_file(source(name, EXAMPLES["masks"][1])).images
    assert (found.image, found.masks[0].label) == (image, label)
    assert (found.row is None) == (image == "twice")


def test_a_mask_counts_its_runs_column_by_column() -> None:
    [mask] = read("masks").images[0].masks
    assert (mask.width, mask.height, mask.values, mask.runs) == (2, 2, (0, 255), (1, 3))
    assert mask.area == 3


def test_a_mask_that_is_not_decoded_has_its_size_alone() -> None:
    found = read_file(source("a_mask.png", EXAMPLES["masks"][1], pixels=False))
    [mask] = found.images[0].masks
    assert (mask.width, mask.values, mask.runs) == (2, (), ())


def test_what_no_adapter_knows_is_of_no_format() -> None:
    found = read_file(source("lungs.npy", b"\x93NUMPY"))
    assert found.format == ""
    assert found.problems[0].suggestion is not None


def test_beside_corners_width_and_height_are_the_pictures() -> None:
    table = b"filename,width,height,class,xmin,ymin,xmax,ymax\na.png,900,700,opacity,1,2,4,6\n"
    (image,) = read_file(source("x.csv", table)).images
    assert (image.width, image.height) == (900, 700)
    assert [(each.label, each.box) for each in image.regions] == [("opacity", (1, 2, 3, 4))]


def test_what_a_coco_file_repeats_of_a_row_is_kept_with_its_place() -> None:
    metadata = {"view": "PA", "clinical notes": "", "unheard of": 1, "RT_PCR_positive": "Y"}
    images = [{"id": 1, "file_name": "a.png", "metadata": metadata}]
    found = read_file(source("boxes.json", data := coco(images=images))).images[0]
    assert found.copies == (("view", "PA"), ("RT_PCR_positive", "Y"))
    lines = data.decode().splitlines()
    assert [lines[line - 1][column - 1 :].split(":")[0] for line, column in found.places] == [
        '"view"',
        '"RT_PCR_positive"',
    ]
