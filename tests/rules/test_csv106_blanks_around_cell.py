"""Tests of CSV106."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

from covidxr.model import Fix
from covidxr.plugins import discover

TABLE = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22" / "metadata.csv"


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV106", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV106", build.dataset()) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("doi", "10.5555/12345678 ", "a blank stands after '10.5555/12345678'"),
        ("filename", " one.png", "a blank stands before 'one.png'"),
        ("patientid", "  7", "blanks stand before '7'"),
        ("view", " PA ", "blanks stand before and after 'PA'"),
        ("date", "2020-03\u00a0", r"'\xa0' stands after '2020-03'"),
        ("age", "54\t", r"'\t' stands after '54'"),
        ("license", " ", "the cell holds nothing but blanks: ' '"),
        ("clinical_notes", "Cough.\n", r"'\n' stands after 'Cough.'"),
    ],
)
def test_the_blank_is_said_and_removed(field: str, cell: str, message: str) -> None:
    (hit,) = discover("covidxr.rules")["CSV106"].check(build.dataset({}, {field: cell}))
    assert (hit.field, list(hit.rows), hit.message) == (field, [1], message)
    assert hit.value == cell
    assert hit.fix == Fix(value=cell.strip())


def test_rows_with_the_same_text_are_one_hit_and_other_blanks_another() -> None:
    data = build.dataset({"sex": "F "}, {"sex": "F"}, {"sex": " F"}, {"sex": "F "})
    found = [list(hit.rows) for hit in discover("covidxr.rules")["CSV106"].check(data)]
    assert found == [[0, 3], [2]]


def test_a_long_text_is_shown_where_the_blank_is() -> None:
    url = "https://example.org/" + "a" * 50
    data = build.dataset({"url": f"{url}z "}, {"url": f" {url}z"})
    after, before = (message for _, _, message in build.hits("CSV106", data))
    assert after.endswith("aaaz'")
    assert before.startswith("a blank stands before 'https://example.org/aaa")


@pytest.mark.parametrize("field", ["location", "clinical_notes", "other_notes"])
@pytest.mark.parametrize("cell", ["Cough. ", " Cough.", "Cough.\u00a0", "Cough.\t"])
def test_blanks_around_prose_hurt_nobody(field: str, cell: str) -> None:
    assert build.hits("CSV106", build.dataset({field: cell})) == []


def test_columns_that_the_schema_does_not_know_are_left_alone() -> None:
    assert build.hits("CSV106", build.from_text("patientid,mine,\n1, a , b \n")) == []


def test_blanks_inside_a_cell_belong_to_it() -> None:
    assert build.hits("CSV106", build.dataset({"view": "AP Supine"})) == []


@pytest.mark.skipif(not TABLE.exists(), reason="the published tables are not at hand")
def test_the_blanks_of_a_published_table_are_found() -> None:
    found = build.hits("CSV106", build.from_text(TABLE.read_bytes()))
    assert [(line, field) for line, field, _ in found] == [(331, "doi"), (595, "license")]
