"""The record of a candidate: its form, its schema, and reading it back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.test_drafts import CASE, IMAGE

from covidxr import casefile
from covidxr.casefile import KeptFile, KeptImage, Missing
from covidxr.cases import LeftOut, Provenance

ROOT = Path(__file__).parents[1]
FILE = KeptFile(
    name="eurorad-7-1a.png",
    format="PNG",
    width=10,
    height=20,
    provenance=Provenance(
        source="eurorad",
        page_url=CASE.url,
        image_url=IMAGE.url,
        retrieved_at="2026-01-02T03:04:05Z",
        sha256="a" * 64,
        bytes=3,
    ),
)
PAGE = replace(FILE.provenance, image_url="")
KEPT = KeptImage(candidate=IMAGE, files=(FILE,))
GONE = KeptImage(
    candidate=replace(IMAGE, label="2"), missing=(Missing(url="u", reason="gone", again=False),)
)
LATER = replace(GONE, missing=(Missing(url="u", reason="cut short", again=True),))
VALIDATOR = Draft202012Validator(casefile.SCHEMA)


def test_a_record_fits_its_schema_and_reads_back() -> None:
    case = replace(
        CASE,
        also_at=("https://www.eurorad.org/case/7/teaching-case",),
        left_out=(LeftOut(label="3", url="", reason="MRI"),),
        warnings=("look",),
        extra={"a": [1, None, {"b": "c"}]},
    )
    text = casefile.case_text(case, [KEPT, GONE], [PAGE])
    VALIDATOR.validate(json.loads(text))
    stored = casefile.stored_case(text, "eurorad/7")
    assert (stored.source, stored.id, stored.title) == ("eurorad", "7", "COVID-19")
    assert (stored.images, stored.missing, stored.complete) == (1, 1, True)
    assert stored.addresses == (CASE.url, "https://www.eurorad.org/case/7/teaching-case")
    assert (stored.warnings, stored.licence) == (("look",), "CC-BY-4.0")


def test_the_same_case_gives_the_same_text_byte_for_byte() -> None:
    first = casefile.case_text(CASE, [KEPT], [PAGE])
    assert first == casefile.case_text(CASE, [KEPT], [PAGE])
    assert first.endswith("}\n")
    assert casefile.as_text({"a": "\udce9é"}) == '{\n  "a": "?é"\n}\n'


def test_a_case_is_complete_when_nothing_is_left_to_try() -> None:
    for images, complete in (([KEPT], True), ([KEPT, GONE], True), ([KEPT, LATER], False)):
        text = casefile.case_text(CASE, images, [PAGE])
        assert casefile.stored_case(text, "x").complete is complete


def test_a_series_has_no_file_name_in_its_draft_yet() -> None:
    series = replace(IMAGE, parts=("a", "b"), folder="volumes")
    text = casefile.case_text(CASE, [KeptImage(candidate=series, files=(FILE, FILE))], [PAGE])
    (image,) = json.loads(text)["images"]
    assert "filename" not in image["draft"]
    assert len(image["files"]) == 2


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"version": 2}, "version"),
        ({"surprise": 1}, None),
        ({"patient": {"age": "60"}}, "patient"),
        ({"images": [{}]}, "images"),
    ],
)
def test_the_schema_refuses_what_is_no_record(change: dict[str, object], where: str | None) -> None:
    record = json.loads(casefile.case_text(CASE, [KEPT], [PAGE])) | change
    problems = list(VALIDATOR.iter_errors(record))
    assert problems
    assert where is None or where in {str(part) for each in problems for part in each.path}


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"version": 1}', "{", '{"version": 1, "images": 3}']
)
def test_what_is_no_record_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        casefile.stored_case(text, "x")


def test_a_record_of_a_later_version_is_not_read_as_one_of_today() -> None:
    text = casefile.case_text(CASE, [KEPT], [PAGE]).replace('"version": 1', '"version": 9')
    with pytest.raises(ValueError, match=r"it has version 9, not 1"):
        casefile.stored_case(text, "x")


def test_the_schema_in_the_documents_is_this_one() -> None:
    page = (ROOT / "docs" / "case.schema.json").read_text("utf-8")
    assert page == casefile.as_text(casefile.SCHEMA)
    Draft202012Validator.check_schema(casefile.SCHEMA)
