"""Tests of CLN101."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN101", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN101", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN101", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize(
    ("view", "modality", "message"),
    [
        ("Axial", "X-ray", "Axial is a view of CT, but the modality is X-ray"),
        ("PA", "CT", "PA is a view of X-ray, but the modality is CT"),
        ("Supino", "HRCT", "Supino is a view of X-ray, but the modality is CT"),
    ],
)
def test_a_view_of_the_other_modality(view: str, modality: str, message: str) -> None:
    data = build.dataset({"view": view, "modality": modality})
    assert build.hits("CLN101", data) == [(2, "view", message)]


@pytest.mark.parametrize(
    ("view", "modality"),
    [("L", "X-ray"), ("Coronal", "CT"), ("", "CT"), ("?", "X-ray"), ("PA", ""), ("PA", "MRI")],
)
def test_a_view_that_fits_or_cannot_be_judged(view: str, modality: str) -> None:
    assert build.hits("CLN101", build.dataset({"view": view, "modality": modality})) == []
