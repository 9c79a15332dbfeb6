"""What is asked of the search, and the order of what it gives."""

from __future__ import annotations

import datetime as dt

import pytest

from covidxr.discovery import TOPIC, lead_of, query_for, ranked
from covidxr.registries.europepmc import Entry


def test_the_question_asks_for_open_licensed_papers_with_captions_of_chest_images() -> None:
    query = query_for()
    assert query.startswith(f"({TOPIC}) AND ")
    assert 'FIG:"chest radiograph"' in query
    assert "OPEN_ACCESS:y" in query
    assert 'LICENSE:"cc by"' in query


def test_search_words_take_the_place_of_the_topic() -> None:
    query = query_for(" influenza OR H1N1 ", dt.date(2021, 2, 3))
    assert query.startswith("(influenza OR H1N1) AND ")
    assert query.endswith("FIRST_PDATE:[2021-02-03 TO 3000-12-31]")
    assert "COVID" not in query


def test_a_case_report_with_radiographs_comes_before_a_review_and_a_model() -> None:
    papers = [
        Entry(doi="1", title="Deep learning on chest X-rays: a systematic review"),
        Entry(
            doi="2", title="A 40-year-old man with COVID-19: case report", kinds=("Case-Report",)
        ),
        Entry(doi="3", title="CT findings in COVID-19"),
        Entry(doi="4", title="Vaccination of nurses"),
    ]
    assert [each.entry.doi for each in ranked(list(map(lead_of, papers)))] == ["2", "3", "4", "1"]


def test_the_words_that_a_score_rests_on_are_given() -> None:
    lead = lead_of(Entry(title="Chest CT of a case series", abstract="Ground-glass everywhere."))
    assert set(lead.why) == {"Chest CT", "case series", "Ground-glass"}


@pytest.mark.parametrize(
    ("licence", "freedom"),
    [("cc0", 3), ("cc by", 3), ("cc by-sa", 3), ("cc by-nc", 2), ("cc by-nc-nd", 1), ("", 0)],
)
def test_freer_licences_come_first_among_equals(licence: str, freedom: int) -> None:
    assert lead_of(Entry(licence=licence)).freedom == freedom


def test_of_equal_papers_the_freer_and_then_the_newer_comes_first() -> None:
    papers = [
        Entry(doi="old", licence="cc by", published="2020-01-01"),
        Entry(doi="closed", licence="cc by-nc-nd", published="2022-01-01"),
        Entry(doi="new", licence="cc by", published="2021-01-01"),
    ]
    order = [each.entry.doi for each in ranked(list(map(lead_of, papers)))]
    assert order == ["new", "old", "closed"]
