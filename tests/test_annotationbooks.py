"""The files that accepted annotations stand in."""

from __future__ import annotations

import json

import pytest

from covidxr.annotated import Mask, Region, Score
from covidxr.annotationbooks import Giver, note_of, path_of, with_entry
from covidxr.errors import CollectionError
from covidxr.proposals import Proposal, described, label, proposed, read, write

GIVER = Giver(name="Jürgen Ö. / Klinik", licence="CC-BY-4.0", credit="J. O.")
BOX = Region(label="opacity", box=(1.0, 2.5, 30.0, 40.0))
OUTLINE = Region(label="", outlines=((0.0, 0.0, 9.0, 0.0, 9.0, 9.0),))
MASK = Mask(path="", label="Left lung", width=4, height=2, values=(0, 255), runs=(3, 2, 3))


def proposal(kind: str = "boxes", **more: object) -> Proposal:
    known = {"kind": kind, "sha256": "a" * 64, "width": 64, "height": 48}
    return Proposal(**{**known, **more})  # type: ignore[arg-type]


BOXES = proposal(regions=(BOX, OUTLINE))
MASKED = proposal("masks", mask=MASK)
SCORED = proposal("brixia", scores=(Score(name="A", written="A", text="2", value=2.0),))


@pytest.mark.parametrize("each", [BOXES, MASKED, SCORED])
def test_a_proposal_is_read_back_as_it_was_written(each: Proposal) -> None:
    assert read(write(each)) == each
    assert described(each)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"version": 1}', b'{"version": 9}', b"\xff"])
def test_what_is_no_proposal_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"it is|Expecting|decode"):
        read(data)


def test_a_label_is_one_short_line() -> None:
    assert label("  left\n lung\x1b[31m ") == "left lung[31m"
    assert len(label("x" * 500)) == 60


def test_what_goes_on_is_numbers_and_labels_alone() -> None:
    said = BOXES.annotated("Hans.png")
    kept = proposed(said, "boxes", "a" * 64, (64, 48))
    assert kept == BOXES
    assert b"Hans" not in write(kept)


def test_each_contributor_has_files_of_their_own() -> None:
    assert GIVER.slug == "jurgen-o-klinik"
    assert Giver().slug == "contributed"
    assert path_of(GIVER, BOXES, "a.png") == "annotations/jurgen-o-klinik-boxes.json"
    assert path_of(GIVER, SCORED, "a.png") == "annotations/jurgen-o-klinik-brixia-scores.csv"
    where = "annotations/jurgen-o-klinik-masks/a_mask_left-lung.png"
    assert path_of(GIVER, MASKED, "a.png") == where


def test_a_second_entry_adds_lines_and_changes_none() -> None:
    one = with_entry(None, GIVER, BOXES, "a.png")
    two = with_entry(one, GIVER, BOXES, "b.png")
    kept = {line.rstrip(b",") for line in one.splitlines()}
    assert kept <= {line.rstrip(b",") for line in two.splitlines()}
    made = json.loads(two)
    assert [each["id"] for each in made["images"]] == [1, 2]
    assert [each["id"] for each in made["annotations"]] == [1, 2, 3, 4]
    assert [each["name"] for each in made["categories"]] == ["opacity", "region"]
    assert made["annotations"][0]["bbox"] == [1, 2.5, 30, 40]


def test_scores_are_appended_and_every_other_byte_stays() -> None:
    one = with_entry(None, GIVER, SCORED, "a.png")
    two = with_entry(one, GIVER, SCORED, "b,c.png")
    assert two == one + b'"b,c.png",2,,,,,,\n'
    assert b"## License: CC-BY-4.0" in one


def test_an_image_that_is_there_already_is_refused() -> None:
    for each in (BOXES, SCORED, MASKED):
        data = with_entry(None, GIVER, each, "a.png")
        with pytest.raises(CollectionError, match="already"):
            with_entry(data, GIVER, each, "a.png")


def test_a_file_that_somebody_broke_is_not_written_over() -> None:
    with pytest.raises(CollectionError, match="no COCO file any more"):
        with_entry(b"{}", GIVER, BOXES, "a.png")


def test_masks_say_their_licence_beside_them() -> None:
    assert note_of(GIVER, BOXES) is None
    found = note_of(GIVER, MASKED)
    assert found is not None
    assert b"License: CC-BY-4.0\nCitation: J. O.\n" in found[1]
