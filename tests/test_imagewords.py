"""Kinds of imaging: named as an image, as a drawing's subject, or in another sense."""

from __future__ import annotations

import pytest

from covidxr.imagewords import kinds_in, named_in, spoken_of


@pytest.mark.parametrize(
    ("text", "shown", "other"),
    [
        ("CT", {"CT": "CT"}, ""),
        ("Chest X-ray, then CTA", {"X-ray": "X-ray", "CT": "CTA"}, ""),
        ("plain film", {"X-ray": "plain film"}, ""),
        ("Radiograf\u00eda de t\u00f3rax", {"X-ray": "Radiograf\u00eda"}, ""),
        ("CT and MRI", {"CT": "CT"}, "MRI"),
        ("PET/CT", {}, "PET/CT"),
        ("Ct 31, CT value 30, CT-guided biopsy", {}, ""),
        ("CT severity score 18", {}, ""),
        ("effects and objects", {}, ""),
    ],
)
def test_kinds_are_named_by_their_own_words(text: str, shown: dict[str, str], other: str) -> None:
    named = named_in(text)
    assert {kind: hit.words for kind, hit in named.shown.items()} == shown
    assert named.other == other


def test_a_hit_says_where_it_stands() -> None:
    text = "On day 2, CT"
    hit = named_in(text).shown["CT"]
    assert text[hit.start : hit.end] == hit.words == "CT"


@pytest.mark.parametrize(
    ("text", "is_shown", "against"),
    [
        ("Flow chart of CT", False, "Flow chart"),
        ("Flow chart. CT was done.", False, "Flow chart"),
        ("Flow chart. CT scans show a lobe.", True, "Flow chart"),
        ("CT scans. Flow chart.", True, "Flow chart"),
        ("CT by month: plot", True, "plot"),
        ("CT of mice", False, "mice"),
        ("CT of a patient who keeps mice", True, ""),
        ("CT reconstructed by an algorithm", True, ""),
        ("CT shows regression of the nodules", True, ""),
        ("OCT of the retina", False, "OCT"),
    ],
)
def test_a_drawings_subject_is_no_image(text: str, *, is_shown: bool, against: str) -> None:
    named = named_in(text)
    assert (bool(named.shown), named.against) == (is_shown, against)


@pytest.mark.parametrize(
    ("text", "is_image"),
    [
        ("CT scan", True),
        ("CT of the chest showing a lobe", True),
        ("radiographs", True),
        ("CT", False),
        ("tests such as computed tomography, and others", False),
    ],
)
def test_an_image_is_told_from_a_method(text: str, *, is_image: bool) -> None:
    assert named_in(text).is_image is is_image


def test_all_kinds_of_a_text_are_named() -> None:
    assert kinds_in("MRI, then CT and a radiograph") == {"other", "CT", "X-ray"}
    assert kinds_in("CT value of 30") == frozenset()


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("CT showed a lobe (Fig. 2).", {"CT"}),
        ("A radiograph (Fig. 1) showed a lobe, and CT showed two (Fig. 2).", {"CT"}),
        ("In Figure 2, the radiograph shows a lobe.", {"X-ray"}),
        ("CT showed a lobe (Fig. 1).", set()),
        ("CT showed a lobe (Fig. 22).", set()),
        ("CT is dear (Fig. 2).", set()),
    ],
)
def test_a_sentence_speaks_of_the_figure_that_it_cites(sentence: str, shown: set[str]) -> None:
    assert spoken_of(sentence, "Figure 2").shown.keys() == shown
