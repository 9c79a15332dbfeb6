"""Tests of CSV109."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV109", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV109", build.dataset()) == []


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("a\0b", r"the control character U+0000 stands in 'a\x00b'"),
        ("dry co\x02ugh", r"the control character U+0002 stands in 'dry co\x02ugh'"),
        ("\x93wet\x94", r"2 control characters (U+0093, U+0094), the first in '\x93wet\x94'"),
        ("\x7f", r"the control character U+007F stands in '\x7f'"),
    ],
)
def test_the_character_is_named_and_shown(cell: str, message: str) -> None:
    data = build.dataset({}, {"clinical_notes": cell})
    assert build.hits("CSV109", data) == [(3, "clinical_notes", message)]


@pytest.mark.parametrize(
    "cell", ["a\tb", "a\nb", "a\r\nb", "a\u00a0b", "a\u00adb", "\U0001fac1", "a\u200bb"]
)
def test_tabs_line_breaks_and_odd_blanks_are_no_control_characters(cell: str) -> None:
    assert build.hits("CSV109", build.dataset({"clinical_notes": cell})) == []


def test_bytes_that_are_not_utf_8_are_another_rules() -> None:
    assert build.hits("CSV109", build.from_text(b"patientid,sex\n1,\xe9\n")) == []
