"""Which rules run: the longest prefix wins, and a prefix that fits nothing is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covidxr.errors import UsageError
from covidxr.selection import FAMILIES, check_codes, longest, selected, split_codes

CODES = ["CSV101", "IMG101", "IMG102", "LIC101", "SCH101", "SCH201", "SCH202"]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], CODES),
        (["ALL"], [], CODES),
        (["IMG"], [], ["IMG101", "IMG102"]),
        (["IMG", "CSV101"], [], ["CSV101", "IMG101", "IMG102"]),
        ([], ["IMG", "LIC", "CSV"], ["SCH101", "SCH201", "SCH202"]),
        (["S"], ["SCH2"], ["SCH101"]),
        (["SCH202"], ["SCH2"], ["SCH202"]),
        (["SCH2"], ["SCH202"], ["SCH201"]),
        (["IMG102"], ["ALL"], ["IMG102"]),
        (["IMG"], ["IMG"], []),
        ([], ["ALL"], []),
    ],
)
def test_the_longest_prefix_decides_and_a_tie_is_ignored(
    select: list[str], ignore: list[str], expected: list[str]
) -> None:
    assert selected(CODES, select, ignore) == expected


prefixes = st.lists(
    st.sampled_from(["ALL"])
    | st.builds(lambda code, n: code[:n], st.sampled_from(CODES), st.integers(1, 6)),
    max_size=4,
)


@settings(deadline=None)
@given(select=prefixes, ignore=prefixes)
def test_selecting_never_invents_a_code_and_keeps_their_order(
    select: list[str], ignore: list[str]
) -> None:
    chosen = selected(CODES, select, ignore)
    assert chosen == [code for code in CODES if code in chosen]


@settings(deadline=None)
@given(select=prefixes, ignore=prefixes, more=prefixes)
def test_ignoring_more_never_runs_more(
    select: list[str], ignore: list[str], more: list[str]
) -> None:
    assert set(selected(CODES, select, ignore + more)) <= set(selected(CODES, select, ignore))


@settings(deadline=None)
@given(select=prefixes.filter(bool), ignore=prefixes, more=prefixes)
def test_selecting_more_never_runs_less(
    select: list[str], ignore: list[str], more: list[str]
) -> None:
    assert set(selected(CODES, select, ignore)) <= set(selected(CODES, select + more, ignore))


@settings(deadline=None)
@given(code=st.sampled_from(CODES), select=prefixes)
def test_a_code_named_in_full_runs_whatever_family_is_ignored(code: str, select: list[str]) -> None:
    assert code in selected(CODES, [*select, code], ["ALL", code[:3], code[:5]])


@pytest.mark.parametrize(
    ("prefix", "known"),
    [("IMG101", True), ("IMG", True), ("I", True), ("ALL", True), ("SCH2", True), ("DCM", True)]
    + [(word, False) for word in ("IMG999", "XYZ", "img", "", "IMG1011", "101", "IM1", "ALLE")],
)
def test_a_prefix_that_begins_no_code_is_refused_by_name(prefix: str, *, known: bool) -> None:
    if known:
        check_codes([prefix], CODES)
        return
    with pytest.raises(UsageError, match=rf"begins with {prefix!r}"):
        check_codes([prefix], CODES)


def test_every_family_may_be_named_before_it_has_a_rule() -> None:
    check_codes(FAMILIES, [])


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["CSV,SCH", "IMG"], ("CSV", "SCH", "IMG")),
        ([" csv101 , img "], ("CSV101", "IMG")),
        ([",", ""], ()),
        ([], ()),
    ],
)
def test_commas_and_repetition_separate_codes(words: list[str], codes: tuple[str, ...]) -> None:
    assert split_codes(words) == codes


def test_the_longest_prefix_of_a_code_is_found() -> None:
    assert longest("SCH202", ["S", "SCH2", "SCH", "IMG"]) == "SCH2"
    assert longest("SCH202", ["ALL"]) == "ALL"
    assert longest("SCH202", ["IMG", "SCH3"]) is None
