"""Splits of several forms are read, and names are found as people write them."""

from __future__ import annotations

import pytest
from tests import build

from covidxr import splitfile, splitread
from covidxr.errors import CollectionError
from covidxr.splitfile import Line, Plan, Split

TABLE = build.dataset(
    {"filename": "a.png"},
    {"filename": "b 2.jpg"},
    {"filename": "5.nii.gz", "folder": "volumes"},
    {"filename": "a.png", "folder": "volumes"},
).table


def read(*files: tuple[str, str]) -> list[tuple[str, tuple[int, ...]]]:
    found = splitread.read([(name, text.encode()) for name, text in files], TABLE)
    return [(each.part, each.rows) for each in found.listed]


def test_a_table_with_a_column_of_parts() -> None:
    text = "# notes\nimage,Split\nimages/a.png,train\nb 2.jpg,test\nc.png,test\n"
    assert read(("x.csv", text)) == [("train", (0, 3)), ("test", (1,)), ("test", ())]


def test_a_table_a_part_whose_file_name_tells_it() -> None:
    files = ("my_train.csv", "filename;label\na.png;1\n"), ("testing.tsv", "file\tlabel\n5\t0\n")
    assert read(*files) == [("train", (0, 3)), ("test", (2,))]


def test_lists_of_names_with_and_without_folder_and_extension() -> None:
    assert read(("train.txt", "data/a.dcm\n\nb 2.jpg\n"), ("val.txt", "b 2\n")) == [
        ("train", (0, 3)),
        ("train", (1,)),
        ("val", (1,)),
    ]


def test_lists_of_the_covid_net_kind() -> None:
    # The patient's number is no name, though an image is called so.
    text = "5 a.png COVID-19 cohen\n3 ARDSSevere.png pneumonia cohen\n"
    found = splitread.read([("train_split.txt", text.encode())], TABLE)
    assert [(each.written, each.rows) for each in found.listed] == [
        ("a.png", (0, 3)),
        ("ARDSSevere.png", ()),
    ]


def test_covidxrs_own_file_tells_images_from_volumes() -> None:
    lines = (
        Line("a.png", "images", "1", "1", "train"),
        Line("a.png", "volumes", "4", "4", "test"),
        Line("gone.png", "", "9", "9", "test"),
    )
    data = splitfile.write(Split(plan=Plan(), lines=lines))
    found = splitread.read([("s.csv", data)], TABLE)
    assert [each.rows for each in found.listed] == [(0,), (3,), ()]
    assert found.own is not None


def test_folders_named_after_parts() -> None:
    paths = ["README.md", "x/train/covid/a.png", "x/test/b 2.jpg", "x/other/a.png"]
    found = splitread.in_folders(paths, TABLE).listed
    assert [(each.part, each.rows) for each in found] == [("train", (0, 3)), ("test", (1,))]


@pytest.mark.parametrize("text", ["a.png\n", "filename\na.png\n"])
def test_a_file_that_tells_no_part_is_refused(text: str) -> None:
    with pytest.raises(CollectionError, match="tells no part"):
        read(("names.txt", text))


def test_a_short_line_is_refused() -> None:
    with pytest.raises(CollectionError, match="too few cells"):
        read(("x.csv", "filename,split\na.png\n"))
