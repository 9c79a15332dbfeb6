"""The pages of a subset."""

from __future__ import annotations

import pytest
from tests import build

from covidxr import readmeblock
from covidxr.about import NOTICE
from covidxr.subsetpages import licences_page, readme

PAGE = """\
# Licences

Code is under another licence.

## LicenseRef-A

By letter.

### Until when

2030.

## `LicenseRef-B`

By word, as LicenseRef-C is.

## Other

Text.
"""


def test_the_readme_has_counts_a_true_label_table_and_the_notice() -> None:
    data = build.dataset({}, {"license": ""})
    page = readme(data, [("all rows", "9", "9", "9"), ("view = <b>|PA", "2", "2", "2")])
    assert readmeblock.stale_lines(page, data) == []
    assert "| view = \\<b\\>\\|PA | 2 | 2 | 2 |" in page
    assert "| not given | 1 |" in page
    assert NOTICE in page


@pytest.mark.parametrize(
    ("wanted", "there", "gone"),
    [
        (["LicenseRef-A"], ["By letter.", "2030."], ["By word", "Code is", "Other"]),
        (["LicenseRef-B"], ["By word"], ["By letter", "Other"]),
        (["LicenseRef-A", "LicenseRef-B"], ["By letter.", "By word"], ["Other"]),
        # It has no section of its own, so nothing may be cut out.
        (["LicenseRef-C"], ["By letter.", "By word", "Other"], []),
    ],
)
def test_of_licences_of_its_own_those_that_are_needed_stay(
    wanted: list[str], there: list[str], gone: list[str]
) -> None:
    page = licences_page(PAGE, wanted)
    assert [words for words in there if words not in page] == []
    assert [words for words in gone if words in page] == []


def test_where_no_name_is_needed_there_is_no_page() -> None:
    assert licences_page(PAGE, []) == ""
