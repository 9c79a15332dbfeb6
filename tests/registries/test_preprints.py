"""What the preprint servers answer, and which of the three answers that is."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError
from covidxr.registries.preprints import preprint
from covidxr.registry import State
from covidxr.rights import Record, article_right

DOI = "10.1101/2020.01.02.12345678"
MED = f"https://api.biorxiv.org/details/medrxiv/{DOI}"
BIO = f"https://api.biorxiv.org/details/biorxiv/{DOI}"
NOTHING = {"messages": [{"status": "no posts found"}], "collection": []}


def row(version: str, **more: Any) -> dict[str, Any]:
    return {"doi": DOI, "version": version, "license": "cc_by_nc", "published": "NA", **more}


def test_the_newest_version_counts_by_its_number() -> None:
    rows = [row("2"), row("10", license="cc_by"), row("9")]
    got = preprint(DOI, Desk({MED: {"messages": [{"status": "ok"}], "collection": rows}})).value
    assert got is not None
    assert (got.version, got.licence, got.published_as) == (10, "CC BY", "")


def test_the_article_that_it_became_is_named() -> None:
    rows = [row("1", published="10.1000/a")]
    got = preprint(DOI, Desk({MED: {"collection": rows}})).value
    assert got is not None
    assert got.published_as == "10.1000/a"


@pytest.mark.parametrize("licence", ["cc_no", "cc0_ng", "unheard of", ""])
def test_what_is_no_licence_to_all_clears_nothing(licence: str) -> None:
    got = preprint(DOI, Desk({MED: {"collection": [row("1", license=licence)]}})).value
    assert got is not None
    assert not article_right(None, (Record(licence=got.licence, where="medRxiv"),)).cleared


def test_the_other_server_is_asked_too() -> None:
    got = preprint(DOI, Desk({MED: NOTHING, BIO: {"collection": [row("1")]}})).value
    assert got is not None
    assert got.server == "biorxiv"


def test_what_neither_has_is_absent() -> None:
    assert preprint(DOI, Desk({MED: NOTHING, BIO: NOTHING})).state is State.ABSENT


@pytest.mark.parametrize("said", [FetchError("error 1015", status=429), "{", {"collection": []}])
def test_where_one_does_not_answer_nothing_is_known(said: object) -> None:
    assert preprint(DOI, Desk({MED: said, BIO: NOTHING})).state is State.INCONCLUSIVE
