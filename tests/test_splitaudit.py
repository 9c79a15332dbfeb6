"""What stands on both sides of a split is found, and how its parts differ is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build

from covidxr import splitaudit
from covidxr.filefacts import AlikePair
from covidxr.model import ImageDepth
from covidxr.splitread import Listed

if TYPE_CHECKING:
    from covidxr.splitaudit import Audit

COVID, HEALTHY = "Pneumonia/Viral/COVID-19", "No Finding"


def audit(parts: list[str], *changes: dict[str, str], alike: tuple[AlikePair, ...] = ()) -> Audit:
    data = build.dataset(*changes, alike=alike, depth=ImageDepth.FULL)
    listed = [
        Listed(written=f"image-{row + 1}.png", part=part, rows=(row,))
        for row, part in enumerate(parts)
    ]
    return splitaudit.audit(data, splitaudit.assigned(data, listed))


def test_patients_on_both_sides_are_found_with_the_images_that_they_touch() -> None:
    found = audit(
        ["train", "test", "test", "test", "train"],
        *({"patientid": who} for who in ("7", "7", "7", "8", "9")),
    )
    assert [(each.names, each.where) for each in found.patients] == [
        (("7",), (("train", 1), ("test", 2)))
    ]
    train, test = found.parts
    assert (train.against, test.against) == ("", "train")
    assert (test.images, test.patients, test.seen_patients) == (3, 2, 2)
    assert found.leaks


def test_rows_without_a_patient_are_nobodys() -> None:
    assert not audit(["train", "test"], {"patientid": ""}, {"patientid": ""}).leaks


def test_copies_on_both_sides_are_found() -> None:
    pairs = (
        AlikePair(first="images/image-1.png", second="images/image-2.png", kind="near"),
        AlikePair(first="images/image-2.png", second="images/image-3.png", kind="near"),
    )
    found = audit(["train", "test", "test"], {}, {}, {}, alike=pairs)
    assert [each.names for each in found.pictures] == [("images/image-1.png", "images/image-2.png")]
    assert found.parts[1].seen_pictures == 1
    assert found.leaks


def test_a_leak_between_what_chooses_and_what_tests_counts_as_well() -> None:
    found = audit(["train", "val", "test"], *({"patientid": who} for who in ("1", "2", "2")))
    assert len(found.patients) == 1
    assert [part.seen_patients for part in found.parts] == [0, 0, 0]


def test_without_training_each_part_is_held_against_all_others() -> None:
    found = audit(["fold 0", "fold 1", "fold 2"], *({"patientid": who} for who in "112"))
    assert [part.seen_patients for part in found.parts] == [1, 1, 0]


def test_parts_stand_in_the_order_of_their_use() -> None:
    found = audit(["test", "val", "train", "10", "9"], {}, {}, {}, {}, {})
    assert [part.name for part in found.parts] == ["train", "val", "test", "9", "10"]


def test_what_is_in_no_part_in_no_row_and_in_two_parts_is_told() -> None:
    data = build.dataset({}, {}, {"filename": ""}, files={})
    listed = [
        Listed(written="image-1.png", part="train", rows=(0,)),
        Listed(written="x/image-1.png", part="test", rows=(0,)),
        Listed(written="other.png", part="test", rows=()),
    ]
    found = splitaudit.audit(data, splitaudit.assigned(data, listed))
    assert found.missing == ("images/image-2.png",)
    assert found.strangers == ("other.png",)
    assert found.twice == (("images/image-1.png", ("train", "test")),)
    assert found.leaks


def test_a_label_that_a_part_lacks_is_told() -> None:
    found = audit(
        ["train", "train", "train", "test"], *({"finding": COVID},) * 3, {"finding": HEALTHY}
    )
    assert (COVID, "test") in found.lacking
    # One image cannot be in every part.
    assert (HEALTHY, "train") not in found.lacking


def test_parts_are_compared_by_finding_source_and_view() -> None:
    found = audit(
        ["train", "test"], {"view": "PA", "finding": "?"}, {"view": "supine", "finding": HEALTHY}
    )
    counts = {(each.kind, each.name): each.counts for each in found.balance}
    assert counts["view", "PA"] == (1, 0)
    assert counts["view", "AP Supine"] == (0, 1)
    assert counts["source", "example.org"] == (1, 1)
    assert counts["finding", HEALTHY] == (0, 1)


def test_the_source_is_asked_for_labels_of_findings_that_are_read_alone() -> None:
    ours, theirs = {"url": "https://a.org/1"}, {"url": "https://b.org/1"}
    found = audit(
        ["train", "train", "test", "test", "test"],
        {**ours, "finding": COVID},
        {**theirs, "finding": HEALTHY},
        {**ours, "finding": COVID},
        {**theirs, "finding": HEALTHY},
        {**ours, "finding": "todo"},
    )
    (of_covid,) = [each for each in found.shortcuts if each.label == HEALTHY]
    assert (of_covid.images, of_covid.having, of_covid.by_source) == (2, 1, 1.0)
