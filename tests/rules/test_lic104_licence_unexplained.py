"""Tests of LIC104."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC104", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC104", build.dataset()) == []


LETTER = {"license": "LicenseRef-letter"}


def found(page: str | None, *changes: dict[str, str]) -> list[tuple[int, str | None, str]]:
    documents = {} if page is None else {"LICENSES.md": page}
    return build.hits("LIC104", build.dataset(*changes, documents=documents))


def test_a_name_without_a_page_is_reported_at_its_first_row_only() -> None:
    assert found(None, {}, LETTER, LETTER) == [
        (3, "license", "no LICENSES.md explains LicenseRef-letter")
    ]


def test_a_name_that_the_page_lacks_is_reported() -> None:
    assert found("# LicenseRef-other\n", LETTER) == [
        (2, "license", "LICENSES.md does not mention LicenseRef-letter")
    ]


@pytest.mark.parametrize(
    "page",
    ["## LicenseRef-letter\n", "This is LicenseRef-letter.", "`LicenseRef-letter`, of 2020"],
)
def test_a_name_that_the_page_mentions_is_explained(page: str) -> None:
    assert found(page, LETTER) == []


def test_a_longer_name_on_the_page_is_another() -> None:
    assert len(found("LicenseRef-letter-2", LETTER)) == 1


def test_each_name_is_reported_once() -> None:
    other = {"license": "LicenseRef-a.b"}
    lines = [line for line, _, _ in found(None, LETTER, other, LETTER, other)]
    assert lines == [2, 3]


def test_a_table_without_licences_has_none() -> None:
    assert build.hits("LIC104", build.from_text("patientid\n1\n")) == []
