"""What a collection may be used for, row by row and in sum."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import build

from covidxr import provenance
from covidxr.annotated import AnnotationFile
from covidxr.permissions import Permissions, forbidding, permissions
from covidxr.provenance import Ledger
from covidxr.purposes import Purpose

TEXTS = ("", "CC BY", "CC-BY-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "LicenseRef-A", "free", "?")


def of(*licences: str) -> Permissions:
    """The permissions of one row a licence, each of a patient of its own."""
    return permissions(build.dataset(*({"license": each} for each in licences)))


def test_rows_of_one_licence_are_counted_together_whatever_its_spelling() -> None:
    found = of("CC BY 4.0", "CC-BY-4.0", "CC BY", "")
    counted = [(each.licence, len(each.rows), each.patients, each.why) for each in found.groups]
    assert counted == [
        ("CC-BY-4.0", 2, 2, ""),
        ("", 1, 1, "blank"),
        ("CC BY", 1, 1, "no-version"),
    ]


def test_each_purpose_is_counted_as_allowed_forbidden_or_not_known() -> None:
    found = of("CC0-1.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC BY-NC", "")
    counted = {
        purpose: tuple(found.rows(purpose, allowed=each) for each in (True, False, None))
        for purpose in Purpose
    }
    assert counted == {
        Purpose.SHARE: (3, 0, 2),
        Purpose.ADAPT: (2, 1, 2),
        Purpose.COMMERCIAL: (2, 1, 2),
    }


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12))
def test_every_row_is_counted_once_for_every_purpose(licences: list[str]) -> None:
    found = of(*licences)
    for purpose in Purpose:
        counts = [found.rows(purpose, allowed=each) for each in (True, False, None)]
        assert sum(counts) == len(licences)
        assert len(forbidding(found, purpose)) == len(licences) - counts[0]


def test_rows_that_do_not_allow_a_purpose_come_in_the_order_of_the_table() -> None:
    found = of("", "CC-BY-NC-4.0", "CC-BY-4.0", "")
    rows = [
        (row.index, each.allows[Purpose.COMMERCIAL])
        for row, each in forbidding(found, Purpose.COMMERCIAL)
    ]
    assert rows == [(0, None), (1, False), (3, None)]


def test_share_alike_licences_are_named() -> None:
    assert of("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "CC-BY-4.0").copyleft == (
        "CC-BY-NC-SA-4.0",
        "CC-BY-SA-4.0",
    )


def test_a_permission_for_a_time_is_told_with_its_row() -> None:
    note = "Elsevier grants permission to use it for as long as the resource centre remains active."
    data = build.dataset({"license": ""}, {"license": "", "other_notes": note})
    assert [row for row, _ in permissions(data).lapsing] == [1]


def test_a_picture_cut_out_under_a_licence_without_derivatives_is_told() -> None:
    cut = "A. Author. Panel A cut out of Figure 1."
    line = {"sha256": "ab", "credit": cut, "decision": "accept"}
    ledger = Ledger(None)
    for name in ("image-1.png", "image-2.png"):
        ledger = Ledger(ledger.with_line(replace(provenance.BLANK, filename=name, **line)))
    data = build.dataset(
        {"license": "CC-BY-ND-4.0"},
        {"license": "CC-BY-4.0"},
        {"license": "CC-BY-ND-4.0"},
    )
    found = permissions(data, ledger).changed
    assert [(each.row, each.evidence) for each in found] == [(0, "Panel A cut out of Figure 1.")]


@pytest.mark.parametrize(
    ("said", "licence", "commercial"),
    [
        ("CC0-1.0", "CC0-1.0", True),
        ("CC BY-NC 4.0, https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0", False),
        ("Attribution License, https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", True),
        (
            "CC BY-NC, https://creativecommons.org/licenses/by/4.0/",
            "CC BY-NC, https://creativecommons.org/licenses/by/4.0/",
            None,
        ),
        ("CC BY 4.0, figures excepted", "CC BY 4.0, figures excepted", None),
        ("", "", None),
    ],
)
def test_annotations_have_a_licence_of_their_own(
    said: str, licence: str, *, commercial: bool | None
) -> None:
    file = AnnotationFile(path="annotations/a.json", format="coco", licence=said)
    (found,) = permissions(build.dataset({}, annotations=(file,))).annotations
    assert (found.licence, found.allows[Purpose.COMMERCIAL]) == (licence, commercial)
