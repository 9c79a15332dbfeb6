"""The texts on an image, with the words marked that proposals rest on."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from covidxr.passages import passages, segments


def suggestion(column: str, value: str, words: str, where: str = "caption") -> dict[str, str]:
    return {"column": column, "value": value, "words": words, "where": where}


IMAGE: dict[str, Any] = {
    "caption": "PA  radiograph on day 3.",
    "findings": "Opacities.",
    "extra": {"figure": "F1"},
    "suggestions": [
        suggestion("view", "PA", "pa radiograph"),
        suggestion("offset", "3", "day 3"),
    ],
}
RECORD: dict[str, Any] = {
    "title": "COVID-19 pneumonia",
    "history": "Day 3 of fever.",
    "findings": "Opacities.",
    "diagnosis": "COVID-19 pneumonia",
    "suggestions": [suggestion("finding", "Pneumonia/Viral/COVID-19", "COVID-19", "diagnosis")],
    "figures": [
        {"id": "F0", "caption": "another"},
        {"id": "F1", "label": "Figure 1", "caption": "Chest films.", "mentions": ["See Figure 1."]},
    ],
}


def marked(record: dict[str, Any], image: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Which words of which text each proposal stands on."""
    return {
        number: (passage.title, segment.text)
        for passage in passages(record, image)[0]
        for segment in passage.segments
        for number in segment.proposals
    }


def test_a_curator_reads_every_text_once_the_images_own_first() -> None:
    titles = [each.title for each in passages(RECORD, IMAGE)[0]]
    assert titles == [
        "Caption",
        "Figure 1, whole caption",
        "Cited in",
        "Findings of the study",
        "Title",
        "History",
    ]


def test_proposals_are_numbered_in_the_order_of_the_columns() -> None:
    found = passages(RECORD, IMAGE)[1]
    assert {name: [each.number for each in ones] for name, ones in found.items()} == {
        "offset": [1],
        "finding": [2],
        "view": [3],
    }


def test_words_are_marked_where_they_stand_whatever_case_and_blanks() -> None:
    assert marked(RECORD, IMAGE) == {
        1: ("Caption", "day 3"),
        2: ("Title", "COVID-19"),
        3: ("Caption", "PA  radiograph"),
    }


def test_words_are_looked_for_first_where_they_are_said_to_stand() -> None:
    image = {**IMAGE, "suggestions": [suggestion("offset", "3", "day 3", "history")]}
    assert marked(RECORD, image)[1] == ("History", "Day 3")


def test_words_that_stand_nowhere_are_shown_all_the_same() -> None:
    image = {**IMAGE, "suggestions": [suggestion("view", "L", "lateral film", "address")]}
    assert marked({}, image) == {1: ("Other words (address)", "lateral film")}


def test_overlapping_marks_share_a_segment() -> None:
    assert [(each.text, each.proposals) for each in segments("abcdef", [(0, 4, 1), (2, 6, 2)])] == [
        ("ab", (1,)),
        ("cd", (1, 2)),
        ("ef", (2,)),
    ]


def test_words_with_signs_of_a_pattern_are_words() -> None:
    image = {"caption": "a+b (c) [d]*", "suggestions": [suggestion("age", "1", "(c) [d]*")]}
    assert marked({}, image) == {1: ("Caption", "(c) [d]*")}


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["caption", "suggestions", "column", "value", "words", "extra", "figures"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from([*RECORD, "caption", "extra"]), odd),
    st.dictionaries(st.sampled_from([*IMAGE]), odd),
)
def test_whatever_a_record_holds_its_texts_come_back_unchanged(
    record: dict[str, Any], image: dict[str, Any]
) -> None:
    texts = {"".join(part.text for part in each.segments) for each in passages(record, image)[0]}
    caption = image.get("caption")
    if isinstance(caption, str) and caption.strip():
        assert caption.strip() in texts
