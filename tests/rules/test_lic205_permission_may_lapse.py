"""Tests of LIC205."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC205", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC205", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("LIC205", build.from_text("finding\ntodo\n")) == []


TEXT = (
    "The publisher grants permission to make this available for research. "
    "This is granted for as long as the resource centre remains active."
)


def test_a_text_is_reported_once_with_its_rows() -> None:
    data = build.dataset(
        {"other_notes": TEXT, "license": "CC-BY-4.0"},
        {"other_notes": TEXT, "license": ""},
        {"other_notes": TEXT, "license": "as permitted"},
    )
    assert build.hits("LIC205", data) == [
        (3, "other_notes", "the permission to use the image may lapse; it stands in 2 rows")
    ]


def test_a_licence_makes_the_permission_needless() -> None:
    data = build.dataset({"other_notes": TEXT, "license": "CC-BY-NC-ND-4.0"})
    assert build.hits("LIC205", data) == []


def test_an_unnamed_column_is_read() -> None:
    data = build.from_text(f"patientid,license,\n1,,\n2,,{TEXT}\n")
    assert build.hits("LIC205", data) == [(3, "", "the permission to use the image may lapse")]


@pytest.mark.parametrize(
    "text",
    [
        "permission until the end of the pandemic is declared",
        "Permission is given while the crisis is ongoing.",
        "used with permission until further notice",
    ],
)
def test_other_words_for_a_time(text: str) -> None:
    assert len(build.hits("LIC205", build.dataset({"other_notes": text, "license": ""}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Reproduced with permission of the publisher.",
        "The patient gave permission. He stayed as long as needed.",
        "Fever until the symptoms ended.",
        "Case courtesy of A. Radiologist",
    ],
)
def test_a_permission_without_an_end(text: str) -> None:
    assert build.hits("LIC205", build.dataset({"other_notes": text, "license": ""})) == []
