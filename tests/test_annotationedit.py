"""What annotations say of images that are gone is cut out; every other byte stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.annotationedit import Edited, Gone, edited, named_in, stem

REAL = Path(__file__).parents[1] / "../shared/real/sample"

real = pytest.mark.skipif(not REAL.exists(), reason="needs the real collection in ../shared")


def gone(*names: str, kept: tuple[str, ...] = (), patients: tuple[str, ...] = ()) -> Gone:
    return Gone(
        paths=frozenset(name if "/" in name else f"images/{name}" for name in names),
        kept=frozenset(kept),
        patients=frozenset(patients),
    )


def without(name: str, text: str, what: Gone) -> str | None:
    done = edited(name, text.encode(), what)
    assert not done.problem
    return None if done.data is None else done.data.decode()


# -- names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("one.png", "one"),
        ("16660_1_1.jpg", "16660_1_1"),
        ("1-s2.0-S1684118220300608-main.pdf-002.png", "1-s2.0-S1684118220300608-main.pdf-002"),
        ("41591_2020_819_Fig1_HTML.webp-day10.jpeg", "41591_2020_819_Fig1_HTML.webp-day10"),
        ("phantom-004-ct.nii.gz", "phantom-004-ct"),
        ("SCAN.NII.GZ", "SCAN"),
        ("noextension", "noextension"),
        (".png", ".png"),
        ("a.not-an-extension", "a.not-an-extension"),
    ],
)
def test_a_stem_is_the_name_without_its_extension(filename: str, expected: str) -> None:
    assert stem(filename) == expected


@pytest.mark.parametrize(
    "filename",
    [
        "one_mask.png",
        "one_mask.png.png",
        "one-mask.png",
        "one.png_mask.png",
        "one_MASK.PNG",
        "one_masks.nii.gz",
        "one_left_mask.png",
        "one_mask_left.png",
        "one_lung_mask.png",
        "one_mask-2.png",
        "one_seg.nii.gz",
        "one_segmentation.npz",
        "one.png",
        "one.xml",
        "one.png.json",
        "one_bbox.txt",
        "one",
    ],
)
def test_a_file_that_is_called_like_an_image_and_what_it_is_belongs_to_it(filename: str) -> None:
    assert gone("one.png", kept=("two.png", "on.png")).owns(filename) is True


@pytest.mark.parametrize(
    "filename", ["two_mask.png", "onemask.png", "one2_mask.png", "mask.png", "", "README.md"]
)
def test_a_file_that_is_called_otherwise_does_not(filename: str) -> None:
    assert gone("one.png", kept=("two.png",)).owns(filename) is False


@pytest.mark.parametrize(
    ("kept", "filename"),
    [
        # Two images of one stem; nobody knows whose mask it is.
        ("one.jpg", "one_mask.png"),
        # An image that is called like another's mask.
        ("one_mask.png", "one_mask.png"),
        ("nothing.png", "one_before-treatment.png"),
        ("nothing.png", "one.pdf-002.annotated-by-us.png"),
    ],
)
def test_a_file_that_may_be_about_another_image_is_left_to_a_curator(
    kept: str, filename: str
) -> None:
    assert gone("one.png", kept=(kept,)).owns(filename) is None


def test_a_longer_name_belongs_to_the_image_of_the_longer_name() -> None:
    what = gone("day1.png", kept=("day1-2.png",))
    assert what.owns("day1-2_mask.png") is False
    assert what.owns("day1_mask.png") is True


@real
def test_every_mask_of_the_real_collection_belongs_to_its_image_alone() -> None:
    names = {path.name for path in (REAL / "images").iterdir()}
    masks = {path.name for path in (REAL / "annotations" / "lungVAE-masks").iterdir()}
    owned: dict[bool | None, set[str]] = {True: set(), None: set()}
    for name in names:
        what = gone(name, kept=tuple(names - {name}))
        for mask in masks:
            found = what.owns(mask)
            assert (found is True) == (mask == f"{stem(name)}_mask.png"), (name, mask)
            if found is not False:
                owned[found].add(mask)
    # The image of one mask is not in the sample, and that of another begins like it.
    assert owned == {True: masks - {"gr1_lrg-b_mask.png"}, None: {"gr1_lrg-b_mask.png"}}


# -- COCO and other JSON ---------------------------------------------------------------

COCO: dict[str, Any] = {
    "info": {"description": "Boxes", "url": "one.png"},
    "categories": [{"id": 1, "name": "Right Lung"}, {"id": 2, "name": "Left Lung"}],
    "images": [
        {"id": 1, "file_name": "one.png", "license": 1},
        {"id": 2, "file_name": "two.png", "license": 1},
        {"id": 3, "file_name": "one.jpeg", "license": 1},
    ],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]},
        {"id": 2, "image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4]},
        {"id": 3, "image_id": 2, "category_id": 1, "bbox": [1, 2, 3, 4]},
        {"id": 4, "image_id": 3, "category_id": 1, "bbox": [1, 2, 3, 4]},
    ],
}

FORMS: tuple[dict[str, Any], ...] = (
    {},
    {"indent": 1},
    {"indent": 4, "ensure_ascii": False},
    {"indent": "\t"},
    {"separators": (",", ":")},
)


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("end", ["", "\n"])
def test_an_image_goes_with_its_boxes_in_the_form_of_the_file(
    form: dict[str, Any], end: str
) -> None:
    expected = {
        **COCO,
        "images": [each for each in COCO["images"] if each["id"] != 1],
        "annotations": [each for each in COCO["annotations"] if each["image_id"] != 1],
    }
    text = json.dumps(COCO, **form) + end
    what = gone("one.png", kept=("two.png", "one.jpeg"))
    assert without("boxes.json", text, what) == json.dumps(expected, **form) + end
    assert edited("boxes.json", text.encode(), what).entries == 3


def test_an_odd_layout_changes_only_where_it_must() -> None:
    text = (
        '{"images" :[ {"id":1,"file_name":"images/one.png"} ,{"id":2, "file_name":"two.png"}],\r\n'
        ' "annotations":[{"image_id":2,"x":1.50},\r\n  {"image_id":1}\r\n] }'
    )
    assert without("boxes.json", text, gone("one.png", kept=("two.png",))) == (
        '{"images" :[ {"id":2, "file_name":"two.png"}],\r\n'
        ' "annotations":[{"image_id":2,"x":1.50}\r\n] }'
    )


def test_boxes_whose_id_another_image_has_too_are_not_touched() -> None:
    text = json.dumps(
        {
            "images": [{"id": 1, "file_name": "one.png"}, {"id": 1, "file_name": "two.png"}],
            "annotations": [{"image_id": 1}],
        }
    )
    new = without("boxes.json", text, gone("one.png", kept=("two.png",)))
    assert json.loads(new or "") == {
        "images": [{"id": 1, "file_name": "two.png"}],
        "annotations": [{"image_id": 1}],
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([{"file": "one.png", "x": 1}, {"file": "two.png"}], [{"file": "two.png"}]),
        ([{"radiograph": "one.png"}, {"radiograph": "two.png"}], [{"radiograph": "two.png"}]),
        ([{"filename": "one", "x": 1}, {"filename": "two"}], [{"filename": "two"}]),
        (["one.png", "two.png", "data/images/one.png"], ["two.png"]),
        ({"train": ["one.png"], "test": ["two.png"]}, {"train": [], "test": ["two.png"]}),
        ({"one.png": {"x": 1}, "two.png": {"x": 2}}, {"two.png": {"x": 2}}),
        ({"boxes": {"one.png": [1], "two.png": [2]}}, {"boxes": {"two.png": [2]}}),
        ({"one.png9": {"filename": "one.png"}, "b": {"filename": "b.png"}},
         {"b": {"filename": "b.png"}}),
        ([{"path": "C:\\data\\one.png"}, {"path": "C:\\two.png"}], [{"path": "C:\\two.png"}]),
    ],
    ids=str,
)  # fmt: skip
def test_an_entry_goes_however_the_file_is_built(before: object, after: object) -> None:
    # A stem that is a word alone may be anything, so this image is called with a number, too.
    def numbered(value: object) -> str:
        return json.dumps(value, indent=2).replace("one", "one-1")

    what = gone("one-1.png", kept=("two.png",))
    assert without("some.json", numbered(before), what) == numbered(after)


@pytest.mark.parametrize(
    "value",
    [
        # Not an entry of its own: the file as a whole is about it, or a part of a part.
        {"filename": "one.png", "boxes": [1]},
        {"a": {"b": {"c": ["one.png"]}}},
        # Words that happen to be a stem.
        {"one": 1, "categories": [{"name": "one"}]},
        {"info": "see one.png"},
        "one.png",
        [1, None, True, 2.5, ["one.png"]],
    ],
    ids=str,
)
def test_what_is_no_entry_of_an_image_is_left(value: object) -> None:
    assert without("some.json", json.dumps(value), gone("one.png")) is None


def test_a_byte_order_mark_and_escapes_are_kept() -> None:
    data = b'\xef\xbb\xbf[{"file": "caf\\u00e9.png"}, {"file": "\\u0062.png"}]'
    done = edited("a.json", data, gone("café.png"))
    assert done == Edited(data=b'\xef\xbb\xbf[{"file": "\\u0062.png"}]', entries=1)


@pytest.mark.parametrize(
    "data",
    [
        b'[{"file": "one.png"}',
        b'["one.png", "\xff"]',
        b'["one.png", ' + b"[" * 100_000 + b"]" * 100_000 + b"]",
        b'["one.png", ' + b"9" * 5000 + b"]",
        b'{"one.png": 1} trailing',
    ],
    ids=["cut off", "not UTF-8", "deep", "number without end", "trailing"],
)
def test_a_file_that_cannot_be_read_is_left_and_named(data: bytes) -> None:
    done = edited("a.json", data, gone("one.png"))
    assert done.data is None
    assert done.problem.startswith("it cannot be read as JSON: ")


def test_lines_of_json_go_one_by_one() -> None:
    text = '{"image": "one.png"}\r\n{"image": "two.png"}\n\n{"image": "one.png"}'
    assert without("a.jsonl", text, gone("one.png")) == '{"image": "two.png"}\n\n'
    assert edited("a.jsonl", b'{"image": "one.png"}\n{', gone("one.png")).problem


@real
def test_the_real_boxes_lose_an_image_as_a_dump_without_it_does() -> None:
    path = REAL / "annotations" / "imageannotation_ai_lung_bounding_boxes.json"
    text = path.read_text("utf-8")
    record = json.loads(text)
    everyone = [image["file_name"] for image in record["images"]]
    for image in record["images"][::13]:
        name = image["file_name"]
        new = without(path.name, text, gone(name, kept=tuple(set(everyone) - {name})))
        expected = {
            **record,
            "images": [each for each in record["images"] if each != image],
            "annotations": [
                each for each in record["annotations"] if each["image_id"] != image["id"]
            ],
        }
        assert new == json.dumps(expected, indent=2, ensure_ascii=False) + "\n"


# -- tables of scores ------------------------------------------------------------------

SCORES = (
    '## Scores of the images, with a comma and a " quote\r\n'
    "# second comment\n"
    "\n"
    "filename,score,note\r\n"
    'one.png,1,"a note\nof two lines"\n'
    'two.png,2,"says ""one.png"""\r\n'
    "# a comment between\n"
    "one,3,\n"
    "three.png,4,x"
)  # fmt: skip


def test_lines_go_and_comments_line_ends_and_quotes_stay() -> None:
    text = SCORES.replace("one", "one-1")
    assert without("scores.csv", text, gone("one-1.png", kept=("two.png", "three.png"))) == (
        text.replace('one-1.png,1,"a note\nof two lines"\n', "").replace("one-1,3,\n", "")
    )


def test_the_last_line_goes_without_an_end() -> None:
    assert without("scores.csv", SCORES, gone("three.png")) == SCORES[: -len("three.png,4,x")]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.tsv", "Image Name\tx\nf1-a\t1\nf2\t2\n", "Image Name\tx\nf2\t2\n"),
        ("a.csv", "image;x\nf1-a.png;1\nf2.png;2\n", "image;x\nf2.png;2\n"),
        ("a.csv", "x,first,second\n1,f2.png,f1-a.png\n2,f2.png,f3.png\n",
         "x,first,second\n2,f2.png,f3.png\n"),
        ("a.csv", "f1-a.png,1\nf2.png,2\n", "f2.png,2\n"),
        ("a.csv", "\ufefffilename,x\nimages/f1-a.png,1\n", "\ufefffilename,x\n"),
        ("a.csv", "filename\rf1-a.png\rf2.png\r", "filename\rf2.png\r"),
        ("a.csv", "patientid,score\nP1,1\nP2,2\n", "patientid,score\nP2,2\n"),
    ],
    ids=["tabs", "semicolons", "pairs", "no header", "path", "old line ends", "patient"],
)  # fmt: skip
def test_tables_of_other_forms_lose_the_same(name: str, text: str, expected: str) -> None:
    assert without(name, text, gone("f1-a.png", kept=("f2.png",), patients=("P1",))) == expected


@pytest.mark.parametrize(
    "text",
    [
        # A stem counts in a column of names alone, and never where it is a number.
        "score,count\nf1-a,1\n",
        "filename,x\n7,1\n",
        # Another image of a patient who is gone: its own row still stands.
        "patientid,filename\nP1,f2.png\n",
        "filename,x\n,1\n",
    ],
)
def test_a_line_that_may_be_about_something_else_stays(text: str) -> None:
    what = gone("f1-a.png", "7.png", "images/", kept=("f2.png",), patients=("P1", ""))
    assert without("a.csv", text, what) is None


def test_a_table_whose_quotes_are_never_closed_is_left_and_named() -> None:
    done = edited("a.csv", b'filename,x\none.png,"open\ntwo.png,2\n', gone("one.png"))
    assert done == Edited(problem="it cannot be read as a table: unexpected end of data")


@given(
    st.lists(
        st.tuples(st.sampled_from(["one.png", "two.png", "x"]), st.text(max_size=6)), max_size=8
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_byte_of_a_line_that_stays_stays(cells: list[tuple[str, str]], ending: str) -> None:
    def line(name: str, note: str) -> str:
        return f'{name},"{note.replace(chr(34), chr(34) * 2)}"{ending}'

    written = [line(name, note) for name, note in cells]
    data = "".join([f"filename,note{ending}", *written]).encode("utf-8", "surrogatepass")
    done = edited("a.csv", data, gone("one.png", kept=("two.png",)))
    kept = [each for each in written if not each.startswith("one.png,")]
    expected = "".join([f"filename,note{ending}", *kept]).encode("utf-8", "surrogatepass")
    assert (data if done.data is None else done.data) == expected
    assert done.entries == len(written) - len(kept)


@real
def test_the_real_scores_lose_one_line_and_no_other_byte() -> None:
    path = REAL / "annotations" / "covid-severity-scores.csv"
    data = path.read_bytes()
    for line in data.splitlines(keepends=True)[6::9]:
        name = line.decode().partition(",")[0]
        done = edited(path.name, data, gone(name))
        assert (done.data, done.entries) == (data.replace(line, b""), 1)


# -- what still names them -------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"see one.png.", ("one.png",)),
        (b"images/one.png", ("one.png",)),
        (b"(one.png)", ("one.png",)),
        ("one.png".encode("utf-16"), ("one.png",)),
        (b"someone.png", ()),
        (b"one.png2", ()),
        (b"2-one.png", ()),
        (b"caf\\u00e9.png", ("café.png",)),
        ("café.png".encode(), ("café.png",)),
        (b"", ()),
    ],
)
def test_a_name_is_found_as_a_word_of_its_own(data: bytes, found: tuple[str, ...]) -> None:
    assert named_in(data, ("one.png", "café.png")) == found


# -- anybody's files -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.tsv", "a.jsonl", "a.png", "a", ""])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 1000 + b"one",
        b'one"' * 50_000,
        b"one," * 50_000,
        b'"one\n' * 25_000,
        b"one\r" * 50_000,
        b"{" * 100_000 + b"one",
        b'"one' + b"\\" * 100_000,
        b"#one\n" * 20_000,
        b"\xff\xfeo\0n\0e\0",
    ],
    ids=range(10),
)
def test_no_file_makes_it_stumble(name: str, data: bytes) -> None:
    done = edited(name, data, gone("one.png", "\ud800.png", "\udcff.png"))
    assert done.data is None or len(done.data) < len(data)


def test_a_file_name_without_end_is_read_in_one_go() -> None:
    assert gone("one.png").owns("one" + "_mask" * 20_000 + "!") is None
    assert gone("one.png").owns("one" + ".a" * 50_000) is None
