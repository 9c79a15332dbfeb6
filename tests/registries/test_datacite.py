"""What DataCite answers, and which of the three answers that is."""

from __future__ import annotations

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError
from covidxr.registries.datacite import deposit
from covidxr.registry import State

URL = "https://api.datacite.org/dois/10.5000%2Fa"


def test_title_and_rights_of_a_deposit_are_read() -> None:
    attributes = {
        "doi": "10.5000/a",
        "titles": [{"title": "Radiographs"}],
        "publicationYear": 2021,
        "publisher": {"name": "A repository"},
        "rightsList": [
            {"rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode"},
            {"rightsIdentifier": "cc0-1.0"},
            {},
        ],
    }
    got = deposit("10.5000/a", Desk({URL: {"data": {"attributes": attributes}}})).value
    assert got is not None
    assert (got.title, got.publisher, got.published) == ("Radiographs", "A repository", "2021")
    assert got.rights == ("https://creativecommons.org/licenses/by/4.0/legalcode", "cc0-1.0")


def test_an_unknown_doi_is_absent() -> None:
    assert deposit("10.5000/a", Desk({})).state is State.ABSENT


@pytest.mark.parametrize(
    "said", [FetchError("answers 500", status=500), "{", {"data": []}, {"data": {"attributes": 3}}]
)
def test_anything_else_is_inconclusive(said: object) -> None:
    assert deposit("10.5000/a", Desk({URL: said})).state is State.INCONCLUSIVE
