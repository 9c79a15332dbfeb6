"""Whose words are on a panel: captions in which several patients, or labels in sentences, occur."""

from __future__ import annotations

import pytest

from covidxr.panelcaptions import caption_parts, panel_caption
from covidxr.panelwords import suggestions


def texts(caption: str) -> dict[str, str]:
    return {part.letter: part.text for part in caption_parts(caption).parts}


def suggested(caption: str, letter: str) -> dict[str, str]:
    parts = caption_parts(caption)
    own = next(part.text for part in parts.parts if part.letter == letter)
    others = tuple(part.text for part in parts.parts if part.letter != letter)
    found = suggestions(own, parts.intro, parts.closing, others=others, where="caption")
    return {each.column: each.value for each in found}


def test_labels_within_sentences_have_their_own_sentence() -> None:
    caption = "The chest X-ray (A) shows clear lungs. The chest CT (B) shows consolidation."
    assert "clear lungs" in texts(caption)["A"]
    assert "consolidation" not in texts(caption)["A"]
    assert texts(caption)["B"].startswith("The chest CT")


def test_labels_that_share_a_sentence_are_no_cut() -> None:
    caption = "On the X-ray (A) and the CT (B) of day 3 nothing was seen."
    parts = caption_parts(caption)
    assert all("day 3" in panel_caption(parts, part.letter) for part in parts.parts)


def test_the_patient_of_the_shared_words_is_not_that_of_a_panel_with_another() -> None:
    caption = (
        "CT of a 40-year-old man and others. (a) Axial image. (b) Axial image of a 66-year-old "
        "woman."
    )
    assert "age" not in suggested(caption, "a")
    assert suggested(caption, "b")["age"] == "66"


def test_the_patient_of_the_shared_words_is_that_of_every_panel_where_there_is_no_other() -> None:
    caption = "CT of a 40-year-old man. (a) Axial image. (b) Coronal image."
    assert [suggested(caption, letter)["age"] for letter in "ab"] == ["40", "40"]


@pytest.mark.parametrize("behind", ["The arrow in panel A shows a nodule.", "See image A too."])
def test_a_last_sentence_on_other_panels_is_shared(behind: str) -> None:
    parts = caption_parts(f"Chest CT. (A) Day 1. (B) Day 5. {behind}")
    assert [(part.letter, part.text) for part in parts.parts] == [("A", "Day 1."), ("B", "Day 5.")]
    assert parts.closing == behind


def test_a_heading_in_the_middle_takes_the_kind_of_the_shared_words_back() -> None:
    caption = "Chest CT. A: day 1; B: day 4. Chest X-ray. C: day 1; D: day 4."
    found = {part.letter: suggested(caption, part.letter) for part in caption_parts(caption).parts}
    assert all("modality" not in each for letter, each in found.items() if letter in "BCD")
