"""Tests of PRV103."""

from __future__ import annotations

from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV103", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV103", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV103", build.from_text("finding\ntodo\n")) == []


def test_an_image_with_a_position() -> None:
    files = {
        path: build.png(path, gps=path == "images/a.png")
        for path in ("images/a.png", "images/x.png")
    }
    (hit,) = discover("covidxr.rules")["PRV103"].check(build.dataset({}, files=files))
    assert hit.file == "images/a.png"
    assert hit.message == "images/a.png says where on earth it was taken"


def test_files_that_were_not_looked_at_have_none() -> None:
    assert build.hits("PRV103", build.dataset({}, files={})) == []


def test_the_rows_that_name_the_image_are_reported() -> None:
    files = {"images/a.png": build.png("images/a.png", gps=True)}
    data = build.dataset({}, {"filename": "a.png"}, files=files)
    assert [(line, field) for line, field, _ in build.hits("PRV103", data)] == [(3, "filename")]
