"""What Unpaywall answers, and which of the three answers that is."""

from __future__ import annotations

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError, SourceStoppedError
from covidxr.registries.unpaywall import Location, copies
from covidxr.registry import State

URL = "https://api.unpaywall.org/v2/10.1000/a?email=me@uni.org"


def test_every_location_is_given_in_order() -> None:
    reply = {
        "doi": "10.1000/a",
        "title": "A title",
        "oa_status": "gold",
        "oa_locations": [
            {
                "host_type": "publisher",
                "version": "publishedVersion",
                "license": "CC-BY",
                "url_for_pdf": None,
            },
            {
                "host_type": "repository",
                "version": "acceptedVersion",
                "license": None,
                "url_for_pdf": "https://repository.org/a.pdf",
            },
        ],
    }
    got = copies("10.1000/a", Desk({URL: reply}), "me@uni.org").value
    assert got is not None
    assert got.locations == (
        Location(host="publisher", version="publishedVersion", licence="cc-by"),
        Location(host="repository", version="acceptedVersion", pdf="https://repository.org/a.pdf"),
    )


def test_a_pdf_that_is_not_sent_safely_is_none() -> None:
    reply = {"doi": "10.1000/a", "oa_locations": [{"url_for_pdf": "http://repository.org/a.pdf"}]}
    got = copies("10.1000/a", Desk({URL: reply}), "me@uni.org").value
    assert got is not None
    assert got.locations[0].pdf == ""


def test_without_an_address_nothing_is_asked_and_the_answer_says_what_to_do() -> None:
    desk = Desk({})
    answer = copies("10.1000/a", desk, "")
    assert (answer.state, desk.asked) == (State.INCONCLUSIVE, [])
    assert 'contact = "mailto:' in answer.why


def test_an_address_that_it_does_not_take_is_named() -> None:
    desk = Desk({URL: FetchError("answers 422", URL, status=422)})
    answer = copies("10.1000/a", desk, "me@uni.org")
    assert (answer.state, "me@uni.org" in answer.why) == (State.INCONCLUSIVE, True)


def test_an_unknown_doi_is_absent() -> None:
    assert copies("10.1000/a", Desk({}), "me@uni.org").state is State.ABSENT


@pytest.mark.parametrize(
    "said",
    [
        FetchError("answers 500", status=500),
        SourceStoppedError("a gate"),
        "{",
        {"error": True, "message": "try later"},
        {},
    ],
)
def test_anything_else_is_inconclusive(said: object) -> None:
    assert copies("10.1000/a", Desk({URL: said}), "me@uni.org").state is State.INCONCLUSIVE
