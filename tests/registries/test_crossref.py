"""What Crossref answers, and which of the three answers that is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError
from covidxr.registries.crossref import work
from covidxr.registry import State

URL = "https://api.crossref.org/works/10.1000%2Fa"
BY = "https://creativecommons.org/licenses/by/4.0/"
TODAY = dt.date(2026, 1, 2)


def reply(**message: Any) -> dict[str, Any]:
    return {"status": "ok", "message": {"DOI": "10.1000/a", **message}}


def licences(*entries: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    answer = work("10.1000/a", Desk({URL: reply(license=list(entries))}), today=TODAY)
    assert answer.value is not None
    return answer.value.licences


def test_a_work_is_read() -> None:
    message = reply(
        title=["A title"],
        **{"container-title": ["A journal"], "issued": {"date-parts": [[2021, 2, None]]}},
    )
    got = work("10.1000/a", Desk({URL: message}), today=TODAY).value
    assert got is not None
    assert (got.title, got.journal, got.published) == ("A title", "A journal", "2021-02")


@pytest.mark.parametrize("version", ["vor", "unspecified"])
def test_a_licence_of_the_published_version_counts(version: str) -> None:
    assert licences({"URL": BY, "content-version": version, "delay-in-days": 0}) == ((BY, version),)


@pytest.mark.parametrize(
    "entry",
    [
        {"URL": BY, "content-version": "tdm", "delay-in-days": 0},
        {"URL": BY, "content-version": "am", "delay-in-days": 0},
        {"URL": "https://www.elsevier.com/tdm/userlicense/1.0/", "content-version": "vor"},
        {
            "URL": BY,
            "content-version": "vor",
            "delay-in-days": 400,
            "start": {"date-parts": [[2027, 1, 1]]},
        },
        {"URL": BY, "content-version": "vor", "delay-in-days": 9},
        {"URL": ["odd"], "content-version": "vor"},
    ],
)
def test_other_entries_clear_nothing(entry: dict[str, Any]) -> None:
    assert licences(entry) == ()


def test_a_delay_that_has_passed_is_over() -> None:
    entry = {
        "URL": BY,
        "content-version": "vor",
        "delay-in-days": 365,
        "start": {"date-parts": [[2022, 1, 1]]},
    }
    assert licences(entry) == ((BY, "vor"),)


def test_a_retraction_is_heeded() -> None:
    message = reply(**{"updated-by": [{"type": "retraction", "DOI": "10.1000/r"}]})
    got = work("10.1000/a", Desk({URL: message}), today=TODAY).value
    assert got is not None
    assert got.retracted


def test_the_article_that_a_preprint_became_is_named() -> None:
    relation = {"is-preprint-of": [{"id-type": "doi", "id": "10.1000/b"}]}
    got = work("10.1000/a", Desk({URL: reply(relation=relation)}), today=TODAY).value
    assert got is not None
    assert got.published_as == "10.1000/b"


def test_an_unknown_doi_is_absent_whatever_words_come_with_the_404() -> None:
    assert work("10.1000/a", Desk({}), today=TODAY).state is State.ABSENT


@pytest.mark.parametrize(
    "said",
    [FetchError("answers 500", status=500), "Resource not found.", {"message": {}}, [], "null"],
)
def test_anything_else_is_inconclusive(said: object) -> None:
    assert work("10.1000/a", Desk({URL: said}), today=TODAY).state is State.INCONCLUSIVE


def test_the_doi_is_one_segment_of_the_address_and_the_polite_pool_is_asked() -> None:
    desk = Desk({})
    work("10.1000/a/b;<c>#d", desk, today=TODAY, email="me@uni.org")
    assert desk.asked[0][0] == (
        "https://api.crossref.org/works/10.1000%2Fa%2Fb%3B%3Cc%3E%23d?mailto=me@uni.org"
    )
