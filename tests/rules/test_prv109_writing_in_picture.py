"""Tests of PRV109."""

from __future__ import annotations

from typing import Any

from tests import build

from covidxr.filefacts import PixelFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV109", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV109", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV109", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("PRV109", build.dataset({}, files={path: made}))]


def test_many_letters_are_reported() -> None:
    assert messages(pixels=PixelFacts(digest="", writing=60)) == [
        "images/a.dcm has rows of letters in the picture, some 60"
    ]


def test_markers_pass() -> None:
    assert messages(pixels=PixelFacts(digest="", writing=19)) == []
    assert messages() == []
