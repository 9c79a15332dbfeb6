"""What Europe PMC answers, and which of the three answers that is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError, GoneError
from covidxr.registries.europepmc import entries, entry, full_text, search
from covidxr.registry import State

REST = "https://www.ebi.ac.uk/europepmc/webservices/rest"


def url(query: str, size: int = 25) -> str:
    return (
        f"{REST}/search?query={quote(query, safe=':')}&resultType=core&format=json&pageSize={size}"
    )


ONE = url('DOI:"10.1000/a"')


def reply(*results: dict[str, Any], total: int | None = None, **more: Any) -> dict[str, Any]:
    count = len(results) if total is None else total
    return {"hitCount": count, "resultList": {"result": list(results)}, **more}


def test_an_entry_is_read_in_full() -> None:
    result = {
        "doi": "10.1000/A",
        "pmcid": "PMC5",
        "pmid": "6",
        "title": "A title.",
        "journalInfo": {"journal": {"title": "A journal"}},
        "firstPublicationDate": "2021-02-03",
        "license": "CC BY-NC",
        "isOpenAccess": "Y",
        "authMan": "N",
        "inPMC": "Y",
        "pubTypeList": {"pubType": ["Case-Report", "Retracted Publication"]},
    }
    got = entry("10.1000/a", Desk({ONE: reply(result)})).value
    assert got is not None
    assert (got.pmcid, got.licence, got.open_access, got.manuscript) == (
        "PMC5",
        "cc by-nc",
        True,
        False,
    )
    assert (got.title, got.journal, got.published) == ("A title", "A journal", "2021-02-03")
    assert (got.retracted, got.in_pmc) == (True, True)


def test_an_old_export_with_lists_of_one_is_unwrapped() -> None:
    result = {"doi": ["10.1000/a"], "title": ["A title"], "isOpenAccess": ["N"]}
    got = entry("10.1000/a", Desk({ONE: reply(result)})).value
    assert got is not None
    assert (got.title, got.open_access) == ("A title", False)


def test_a_retraction_that_is_noted_with_an_article_is_heeded() -> None:
    corrections = {"commentCorrection": [{"type": "Retraction in", "reference": "a note"}]}
    result = {"doi": "10.1000/a", "commentCorrectionList": corrections}
    got = entry("10.1000/a", Desk({ONE: reply(result)})).value
    assert got is not None
    assert got.retracted


@pytest.mark.parametrize(
    "said",
    [
        reply(),  # comes for DOIs that it has, under load
        {"errCode": 404, "errMsg": "Invalid page size"},
        "<html>",
        {"resultList": None},
        reply({"doi": "10.1000/other"}),
        reply({"title": ["", ""]}),
    ],
)
def test_whatever_lists_no_such_doi_is_inconclusive_and_forgotten(said: object) -> None:
    desk = Desk({ONE: said})
    assert entry("10.1000/a", desk).state is State.INCONCLUSIVE
    assert desk.forgotten == [ONE]


@pytest.mark.parametrize("problem", [GoneError("404"), FetchError("answers 500", status=500)])
def test_no_failure_of_the_search_is_a_no(problem: Exception) -> None:
    assert entry("10.1000/a", Desk({ONE: problem})).state is State.INCONCLUSIVE


def test_a_quote_in_a_doi_does_not_end_the_question() -> None:
    desk = Desk({})
    entry('10.1000/a" OR DOI:"10.1000/b', desk)
    assert desk.asked[0][0] == url('DOI:"10.1000/a OR DOI:10.1000/b"')


def test_of_several_dois_those_that_it_knows_are_given() -> None:
    query = url('DOI:"10.1000/a" OR DOI:"10.1000/b"', 4)
    desk = Desk({query: reply({"doi": "10.1000/B", "title": "Of b"})})
    known = entries(("10.1000/a", "10.1000/b"), desk)
    assert {doi: each.title for doi, each in known.items()} == {"10.1000/b": "Of b"}
    assert desk.forgotten == [query]


TEXT = f"{REST}/PMC5/fullTextXML"


def test_full_text_is_found() -> None:
    page = full_text("PMC5", Desk({TEXT: b"\n<!DOCTYPE article><article/>"})).value
    assert page is not None


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (GoneError("404"), State.ABSENT),
        (FetchError("answers 500", status=500), State.INCONCLUSIVE),
        (b'{"status": 500, "error": "Internal"}', State.INCONCLUSIVE),
    ],
)
def test_what_is_no_full_text_is_told_apart(said: object, state: State) -> None:
    assert full_text("PMC5", Desk({TEXT: said})).state is state


def test_a_search_goes_on_with_the_cursor_that_it_was_given() -> None:
    first, second = (f"{url('lungs', 2)}&cursorMark={mark}" for mark in ("%2A", "abc%3D"))
    results = [{"doi": "10.1000/a"}, {"doi": "10.1000/b"}]
    desk = Desk(
        {
            first: reply(*results, total=3, nextCursorMark="abc="),
            second: reply({"doi": "10.1000/c"}, total=3),
        }
    )
    one = search("lungs", desk, size=2).value
    assert one is not None
    two = search("lungs", desk, cursor=one.cursor, size=2).value
    assert two is not None
    assert [each.doi for each in (*one.entries, *two.entries)] == [
        "10.1000/a",
        "10.1000/b",
        "10.1000/c",
    ]
    assert (one.total, two.cursor) == (3, "")


def test_a_cursor_that_comes_back_is_the_end() -> None:
    page = f"{url('lungs', 100)}&cursorMark=abc"
    desk = Desk({page: reply({"doi": "10.1000/a"}, nextCursorMark="abc")})
    found = search("lungs", desk, cursor="abc").value
    assert found is not None
    assert found.cursor == ""


def test_results_that_are_counted_and_not_listed_are_inconclusive() -> None:
    page = f"{url('lungs', 100)}&cursorMark=%2A"
    assert search("lungs", Desk({page: reply(total=7)})).state is State.INCONCLUSIVE


def test_a_search_that_finds_nothing_has_ended() -> None:
    page = f"{url('lungs', 100)}&cursorMark=%2A"
    found = search("lungs", Desk({page: reply(total=0, nextCursorMark="*")})).value
    assert found is not None
    assert (found.entries, found.cursor) == ((), "")


def test_of_several_records_of_one_doi_the_retraction_counts() -> None:
    first = {"doi": "10.1000/a", "title": "Kept"}
    second = {"doi": "10.1000/a", "pubTypeList": {"pubType": ["Retracted Publication"]}}
    got = entry("10.1000/a", Desk({ONE: reply(first, second)})).value
    assert got is not None
    assert (got.title, got.retracted) == ("Kept", True)
