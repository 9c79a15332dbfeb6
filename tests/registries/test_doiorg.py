"""What doi.org answers, and which of the three answers that is."""

from __future__ import annotations

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError, SourceStoppedError
from covidxr.registries.doiorg import agency
from covidxr.registry import State

URL = "https://doi.org/doiRA/10.1000/a"


def test_the_agency_of_a_doi_is_found() -> None:
    desk = Desk({URL: [{"DOI": "10.1000/a", "RA": "Crossref"}]})
    assert agency("10.1000/a", desk).value == "Crossref"


def test_a_doi_that_does_not_exist_is_absent() -> None:
    answer = agency(
        "10.1000/a", Desk({URL: [{"DOI": "10.1000/a", "status": "DOI does not exist"}]})
    )
    assert (answer.state, answer.why) == (State.ABSENT, "doi.org: DOI does not exist")


@pytest.mark.parametrize(
    "said", ["<html>busy</html>", [], {}, [{"DOI": "10.1000/a"}], [3], "null", [None]]
)
def test_what_names_no_agency_is_inconclusive_and_forgotten(said: object) -> None:
    desk = Desk({URL: said})
    assert agency("10.1000/a", desk).state is State.INCONCLUSIVE
    assert desk.forgotten == [URL]


@pytest.mark.parametrize(
    "problem", [FetchError("answers 500", URL, status=500), SourceStoppedError("a gate")]
)
def test_a_failed_request_is_inconclusive(problem: Exception) -> None:
    answer = agency("10.1000/a", Desk({URL: problem}))
    assert (answer.state, answer.why) == (State.INCONCLUSIVE, str(problem))


def test_signs_in_a_doi_cannot_leave_its_place_in_the_address() -> None:
    desk = Desk({})
    agency('10.1000/../a?x=1#y "z', desk)
    assert desk.asked[0][0] == "https://doi.org/doiRA/10.1000/../a%3Fx%3D1%23y%20%22z"
