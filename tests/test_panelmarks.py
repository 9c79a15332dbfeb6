"""Letters of panels: which of a caption's letters are labels, and where."""

from __future__ import annotations

import pytest

from covidxr.panelmarks import Mark, are_trailing, beginnings, in_order, marks


def places(caption: str) -> list[tuple[str, str]]:
    return [(caption[each.start : each.end], "".join(each.letters)) for each in marks(caption)[1]]


@pytest.mark.parametrize(
    ("caption", "kind", "found"),
    [
        ("(a) mud (b, c) rain", "bracketed", [("(a)", "a"), ("(b, c)", "bc")]),
        ("A. Mud. B\u2013D. Rain.", "point", [("A.", "A"), ("B\u2013D.", "BCD")]),
        ("a, b Mud. c Rain.", "bare", [("a, b", "ab"), ("c", "c")]),
        ("(i) mud (ii\u2013iv) rain", "bracketed", [("(i)", "i"), ("(ii\u2013iv)", "iiiiiiv")]),
        ("(A) mud; B) rain", "point", [("(A)", "A"), ("B)", "B")]),
        ("Mud (t), rain (s)", "", []),
    ],
)
def test_labels_are_found_with_their_place(
    caption: str, kind: str, found: list[tuple[str, str]]
) -> None:
    assert (marks(caption)[0], places(caption)) == (kind, found)


def test_what_a_bracket_says_besides_is_kept() -> None:
    assert [each.note for each in marks("Mud (a, wet) and sand (b)")[1]] == ["(wet)", ""]


def test_labels_of_two_cases_make_no_run() -> None:
    assert marks("(a) mud (B) rain") == ("", ())


@pytest.mark.parametrize(
    ("caption", "trailing"),
    [
        ("Mud (a) and rain (b)", True),
        ("Mud (a), rain (b) in spring", True),
        ("Mud. (a) Wet. (b) Dry.", False),
        ("Mud with (a) stones and (b) leaves", False),
        ("(a) Mud (b) rain", False),
    ],
)
def test_labels_stand_behind_or_before_their_words(caption: str, *, trailing: bool) -> None:
    assert are_trailing(caption, marks(caption)[1]) is trailing


def test_a_label_in_the_midst_of_anothers_words_begins_nothing() -> None:
    caption = "(a) Mud as in (b). (b) Rain."
    assert [each.start for each in beginnings(caption, marks(caption)[1])] == [0, 19]


def test_letters_and_numerals_are_put_in_their_order() -> None:
    assert in_order({"c", "a", "b"}) == ["a", "b", "c"]
    assert in_order({"v", "iv", "i", "iii", "ii"}) == ["i", "ii", "iii", "iv", "v"]


def test_a_label_moves_with_its_text() -> None:
    mark = Mark(start=5, end=8, letters=("a",), note="(wet)")
    assert mark.moved(-5) == Mark(start=0, end=3, letters=("a",), note="(wet)")
