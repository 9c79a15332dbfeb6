"""What a panel's words suggest: its own before the shared, and nothing where they contradict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.columns import BY_NAME
from covidxr.panelwords import side_in, suggestions

LONG = 100_000
GIRL = "Chest CT of a 12-year-old girl with COVID-19."
WORDS = st.lists(
    st.sampled_from(["axial", "PA", "view", "CT", "radiograph", "supine", "day", "7", "later"])
    | st.sampled_from(["A", "50-year-old", "man", "woman", "patients", "COVID-19", "no", "healthy"])
    | st.sampled_from([".", ",", "(a)", "\0", "\udc80", "\u017f", "MRI", "portable", "pneumonia"]),
    max_size=12,
).map(" ".join)


def suggested(own: str, intro: str = "", closing: str = "") -> dict[str, tuple[str, str]]:
    found = suggestions(own, intro, closing, where="caption")
    return {each.column: (each.value, each.words) for each in found}


def test_own_and_shared_words_make_one_row() -> None:
    found = suggestions("Axial slice on day 7.", GIRL, where="caption of Figure 2")
    assert [(each.column, each.value, each.words) for each in found] == [
        ("modality", "CT", "CT"),
        ("view", "Axial", "Axial slice"),
        ("offset", "7", "day 7"),
        ("sex", "F", "girl"),
        ("age", "12", "12-year-old"),
        ("finding", "Pneumonia/Viral/COVID-19", "COVID-19"),
    ]
    assert {each.where for each in found} == {"caption of Figure 2"}


@pytest.mark.parametrize(
    ("own", "intro", "closing", "modality"),
    [
        ("Chest CT", "Radiographs and others", "", "CT"),
        ("Day 5", "Chest radiographs", "", "X-ray"),
        ("axial", "", "slices of a CT scan", "CT"),
        ("Brain MRI", "Chest CT", "", ""),
        ("Radiograph and CT", "Chest CT", "", ""),
        ("Day 5", "Radiograph and CT", "", ""),
        ("Day 5", "", "CT, computed tomography; CXR, chest X-ray.", ""),
        ("Day 5", "Chest X-ray", "CT = computed tomography", "X-ray"),
    ],
)
def test_the_kind_of_imaging_is_the_panels_own_or_shared(
    own: str, intro: str, closing: str, modality: str
) -> None:
    assert suggested(own, intro, closing).get("modality", ("",))[0] == modality


@pytest.mark.parametrize(
    ("own", "intro", "view"),
    [
        ("Lateral view", "Chest radiographs", ("L", "Lateral view")),
        ("Day 5", "Axial CT scans", ("Axial", "Axial CT scans")),
        ("Coronal plane", "Axial CT scans", ("Coronal", "Coronal plane")),
        ("Axial and coronal planes", "Axial CT scans", None),
        ("Portable radiograph", "", ("AP", "Portable")),
        ("Day 5", "Bedside chest radiographs", ("AP", "Bedside")),
        ("Upright film", "Bedside chest radiographs", None),
        ("Portable PA radiograph", "", ("PA", "PA radiograph")),
        ("Chest X-ray of the supine patient", "", ("AP Supine", "supine")),
        ("Portable CT", "", None),
        ("Chest CT", "", None),
    ],
)
def test_a_view_is_said_and_never_assumed(
    own: str, intro: str, view: tuple[str, str] | None
) -> None:
    assert suggested(own, intro).get("view") == view


def test_a_view_of_another_kind_of_imaging_leaves_neither() -> None:
    assert suggested("Lateral view", "Chest CT") == {}


@pytest.mark.parametrize(
    ("own", "intro", "offset"),
    [
        ("CT 8 days later", "CT on admission", "8"),
        ("Left lobe", "CT on admission", "0"),
        ("After treatment", "CT on day 3", ""),
        ("The third day", "CT on day 3", ""),
        ("A 5-year-old boy", "CT on day 3", "3"),
    ],
)
def test_a_day_is_shared_unless_the_panel_speaks_of_another_time(
    own: str, intro: str, offset: str
) -> None:
    assert suggested(own, intro).get("offset", ("",))[0] == offset


@pytest.mark.parametrize(
    ("own", "intro", "patient"),
    [
        ("Day 5", GIRL, ("F", "12")),
        ("A 40-year-old man", GIRL, ("M", "40")),
        ("A 40-year-old man", "CT of patients", ("M", "40")),
        ("Day 5", "CT of patients, one a 40-year-old man", ("", "")),
        ("A man of 40 years and his 38-year-old wife", "", ("", "")),
        ("Two siblings", GIRL, ("", "")),
        ("Case 2", GIRL, ("", "")),
        ("A healthy control", GIRL, ("", "")),
        ("Another patient", GIRL, ("", "")),
        ("A 40-year-old man in contact with two patients", "", ("M", "40")),
        ("A 40-year-old patient", "", ("", "40")),
    ],
)
def test_age_and_sex_are_those_of_exactly_one_person(
    own: str, intro: str, patient: tuple[str, str]
) -> None:
    found = suggested(own, intro)
    assert (found.get("sex", ("",))[0], found.get("age", ("",))[0]) == patient


@pytest.mark.parametrize(
    ("own", "intro", "finding"),
    [
        ("Day 5", "CT in COVID-19", "Pneumonia/Viral/COVID-19"),
        ("Viral pneumonia", "CT in COVID-19", "Pneumonia/Viral/COVID-19"),
        ("COVID-19", "Viral pneumonia", "Pneumonia/Viral/COVID-19"),
        ("Influenza pneumonia", "CT in COVID-19", "Pneumonia/Viral/Influenza"),
        ("A healthy man", "CT in COVID-19", ""),
        ("Day 5", "CT in COVID-19. CT in influenza pneumonia.", ""),
        ("Influenza pneumonia; COVID-19", "CT in COVID-19", ""),
        ("Suspected COVID-19", "", ""),
        ("Ground-glass opacities", "", ""),
    ],
)
def test_a_finding_is_a_disease_that_the_words_name(own: str, intro: str, finding: str) -> None:
    assert suggested(own, intro).get("finding", ("",))[0] == finding


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("a nodule of the right lung", ("right", "right lung")),
        ("left lower lobe", ("left", "left lower lobe")),
        ("left-sided effusion", ("left", "left-sided effusion")),
        ("bilateral opacities", ("bilateral", "bilateral")),
        ("in both lungs, worse in the left lung", ("bilateral", "both lungs")),
        ("left lung and right lung", ("bilateral", "left lung and right lung")),
        ("right and left lungs", ("bilateral", "right and left lungs")),
        ("no right pleural effusion", None),
        ("the left panel", None),
        ("on the right", None),
        ("the right ventricle", None),
    ],
)
def test_a_side_is_one_of_the_chest(text: str, side: tuple[str, str] | None) -> None:
    found = side_in(text)
    assert (found and (found.value, found.words)) == side


@given(WORDS, WORDS, WORDS)
def test_a_suggestion_quotes_the_words_and_fits_its_column(
    own: str, intro: str, closing: str
) -> None:
    found = suggestions(own, intro, closing, where="caption")
    assert len({each.column for each in found}) == len(found)
    for each in found:
        assert each.words
        assert any(each.words in text for text in (own, intro, closing))
        allowed = BY_NAME[each.column].allowed
        assert not allowed or each.value in allowed


@pytest.mark.parametrize(
    "piece", ["CT ", "1 year old ", "day ", "left ", "contact with ", "\udc80"]
)
def test_long_texts_are_read_to_an_end(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    assert "sex" not in suggested(text, text, text)
    assert side_in(text) is None
