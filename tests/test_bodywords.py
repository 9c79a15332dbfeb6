"""Parts of the body: chest or another, as the nearest words say."""

from __future__ import annotations

import pytest

from covidxr.bodywords import body_of


@pytest.mark.parametrize(
    ("text", "body", "words"),
    [
        ("consolidation of the left side", "chest", "consolidation"),
        ("right upper lobe", "chest", "upper lobe"),
        ("hydropneumothorax", "chest", "hydropneumothorax"),
        ("Abdominal scan", "other", "Abdominal"),
        ("frontal lobe of the brain", "other", "brain"),
        ("thoracic spine", "other", "spine"),
        ("panoramic view of the teeth", "other", "panoramic"),
    ],
)
def test_the_text_names_a_part(text: str, body: str, words: str) -> None:
    assert body_of([text]) == (body, words, False)


@pytest.mark.parametrize(
    "text",
    [
        "a renal transplant recipient",
        "a man with abdominal pain",
        "a woman with breast cancer",
        "on the other hand",
        "the right-hand panel",
        "after a bone marrow transplant",
        "arrow heads",
    ],
)
def test_what_a_patient_has_besides_is_no_part_that_was_imaged(text: str) -> None:
    assert body_of([text]) == ("assumed", "", False)


@pytest.mark.parametrize(
    ("text", "is_doubtful"),
    [
        ("CT of the abdomen with a nodule of the lung", True),
        ("Abdominal CT with a nodule of the lung", True),
        ("Chest CT with a mass of the liver", False),
    ],
)
def test_both_parts_are_in_doubt_where_the_image_is_of_the_other(
    text: str,
    *,
    is_doubtful: bool,
) -> None:
    assert body_of([text])[0] == "chest"
    assert body_of([text])[2] is is_doubtful


def test_the_most_exact_text_decides() -> None:
    assert body_of(["day 5", "the knee", "the lungs"]) == ("other", "knee", False)


def test_a_subject_of_both_leaves_the_chest_assumed() -> None:
    assert body_of([""], "Pneumonia after fracture of the femur") == ("assumed", "Pneumonia", False)
