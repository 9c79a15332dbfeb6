"""Names that every system can store, made from whatever a site wrote."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.columns import BY_NAME
from covidxr.filenames import LONGEST, safe_folder, safe_name

SAFE = re.compile(r"[a-z0-9_][a-z0-9_-]*\.[a-z.]+")
TEXTS = st.text(max_size=200)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("eurorad", "16654", "1a"), "eurorad-16654-1a.png"),
        (("sirm", "caso-32", "RX Torace à letto"), "sirm-caso-32-rx-torace-a-letto.png"),
        (("a", "../../etc/passwd"), "a-etc-passwd.png"),
        (("a", "b\0c"), "a-b-c.png"),
        (("a", "", "..", "b"), "a-b.png"),
        (("CON",), "_con.png"),
        (("lpt1",), "_lpt1.png"),
        (("eurorad", "CON"), "eurorad-con.png"),
        (("胸部",), "unnamed.png"),
        ((), "unnamed.png"),
    ],
)
def test_a_name_keeps_what_is_readable(parts: tuple[str, ...], expected: str) -> None:
    assert safe_name(parts, "png") == expected


def test_a_name_that_is_taken_gets_a_number_whatever_its_case() -> None:
    assert safe_name(("a",), "nii.gz", {"a.nii.gz"}) == "a-2.nii.gz"
    assert safe_name(("a",), "png", {"A.PNG", "a-2.png"}) == "a-3.png"
    assert safe_name(("a",), "png", {"a.jpg"}) == "a.png"


def test_a_long_name_is_cut_and_stays_another_than_its_neighbour() -> None:
    one, two = (safe_name(("x" * 300 + end,), "png") for end in "ab")
    assert len(one) == len(two) == LONGEST
    assert one != two
    assert len(safe_name(("x" * 300,), "png", {safe_name(("x" * 300,), "png")})) <= LONGEST


@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=3))
def test_a_name_is_always_safe_and_the_table_takes_it(parts: list[str], others: list[str]) -> None:
    first = safe_name(parts, "png")
    second = safe_name(parts, "png", [first, *others])
    for name in (first, second):
        assert SAFE.fullmatch(name)
        assert len(name) <= LONGEST
        assert BY_NAME["filename"].judge(name) is None
    assert first != second
    assert second.casefold() not in {other.casefold() for other in others}


@given(TEXTS, TEXTS)
def test_two_cases_never_share_a_folder(one: str, two: str) -> None:
    same = one.lower() == two.lower()
    assert (safe_folder(one) == safe_folder(two)) is same
    assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]*", safe_folder(one))


def test_a_folder_of_plain_letters_is_called_as_the_case_is() -> None:
    assert safe_folder("covid-19-pneumonia-40") == "covid-19-pneumonia-40"
    assert safe_folder("16654") == "16654"
    assert safe_folder("a/b") != safe_folder("a-b") == "a-b"
