"""What the ID converter answers, and which of the three answers that is."""

from __future__ import annotations

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError
from covidxr.registries.idconverter import Ids, ids
from covidxr.registry import State

BASE = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"
MORE = "idtype=doi&format=json&tool=covidxr"
ONE = f"{BASE}?ids=10.1000/a&{MORE}"


def test_ids_are_found_by_what_was_asked_for_whatever_its_case() -> None:
    record = {"doi": "10.1000/A", "pmcid": "PMC77", "pmid": 88, "requested-id": "10.1000/A"}
    assert ids(["10.1000/a"], Desk({ONE: {"records": [record]}}))["10.1000/a"].value == Ids(
        pmcid="PMC77", pmid="88"
    )


def test_a_version_behind_the_id_is_dropped() -> None:
    record = {"pmcid": "PMC77.2", "requested-id": "10.1000/a"}
    answer = ids(["10.1000/a"], Desk({ONE: {"records": [record]}}))["10.1000/a"]
    assert answer.value == Ids(pmcid="PMC77")


def test_an_unknown_doi_is_absent_though_the_reply_says_ok() -> None:
    record = {
        "requested-id": "10.1000/a",
        "status": "error",
        "errmsg": "Identifier not found in PMC",
    }
    answer = ids(["10.1000/a"], Desk({ONE: {"status": "ok", "records": [record]}}))["10.1000/a"]
    assert answer.state is State.ABSENT


def test_an_embargo_is_absent_with_its_end() -> None:
    record = {
        "requested-id": "10.1000/a",
        "pmcid": "PMC77",
        "live": False,
        "release-date": "2031-05-06",
    }
    answer = ids(["10.1000/a"], Desk({ONE: {"records": [record]}}))["10.1000/a"]
    assert (answer.state, "2031-05-06" in answer.why) == (State.ABSENT, True)


@pytest.mark.parametrize(
    "said",
    [
        "no JSON",
        {"records": []},
        {"records": "odd"},
        {"records": [{"requested-id": "10.1000/a", "status": "error", "errmsg": "try later"}]},
        {"records": [None, 3]},
    ],
)
def test_anything_else_is_inconclusive(said: object) -> None:
    answer = ids(["10.1000/a"], Desk({ONE: said}))["10.1000/a"]
    assert answer.state is State.INCONCLUSIVE


def test_a_reply_that_leaves_one_out_is_not_kept() -> None:
    url = f"{BASE}?ids=10.1000/a,10.1000/b&{MORE}"
    desk = Desk({url: {"records": [{"pmcid": "PMC1", "requested-id": "10.1000/a"}]}})
    answers = ids(["10.1000/a", "10.1000/b"], desk)
    assert [answers[doi].state for doi in ("10.1000/a", "10.1000/b")] == [
        State.FOUND,
        State.INCONCLUSIVE,
    ]
    assert desk.forgotten == [url]


def test_the_address_of_the_curator_is_told_where_there_is_one() -> None:
    desk = Desk({})
    ids(["10.1000/a"], desk, "me@uni.org")
    assert desk.asked[0][0].endswith("&email=me%40uni.org")


def test_a_failure_is_one_of_every_doi() -> None:
    url = f"{BASE}?ids=10.1000/a,10.1000/b&{MORE}"
    answers = ids(["10.1000/a", "10.1000/b"], Desk({url: FetchError("answers 502", url)}))
    assert {each.state for each in answers.values()} == {State.INCONCLUSIVE}
