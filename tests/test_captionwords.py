"""Captions: a view, a kind of imaging, a day are read where words say them, and never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.captionwords import (
    modality_in,
    offset_in,
    split_by_letter,
    suggestions_of,
    view_in,
)
from covidxr.columns import BY_NAME

if TYPE_CHECKING:
    from covidxr.cases import Reading

READERS = (view_in, modality_in, offset_in)
LONG = 100_000
# Words of captions in any order, with what hides in copied text.
WORDS = st.lists(
    st.sampled_from(
        [
            "PA",
            "AP",
            "lateral",
            "supine",
            "axial",
            "chest",
            "X-ray",
            "view",
            "CT",
            "TC",
            "(a)",
            "b:",
        ]
    )
    | st.sampled_from(
        ["day", "7", "days", "later", "after", "two", "da", "circa", "giorni", "un'", "ora", "MRI"]
    )
    | st.sampled_from([".", ",", "/", "\u2013", "-", "\u00a0", "\0", "\udc80", "\u017f", "\u0130"]),
    max_size=12,
).map(" ".join)


def found(reading: Reading | None) -> tuple[str, str] | None:
    return (reading.value, reading.words) if reading else None


# ---- letters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        ("a: pa projection. b: lateral projection.", ["pa projection.", "lateral projection."]),
        ("(a) PA view. (b) Lateral view.", ["PA view.", "Lateral view."]),
        ("(A) PA view, (B) lateral view", ["PA view", "lateral view"]),
        ("[a] PA view [b] lateral view", ["PA view", "lateral view"]),
        ("a) PA view. b) lateral view.", ["PA view.", "lateral view."]),
        ("A, PA view; B, lateral", ["PA view", "lateral"]),
        ("A. PA view. B. Lateral view.", ["PA view.", "Lateral view."]),
        ("Figure 3a. PA view. b) Lateral view.", ["PA view.", "Lateral view."]),
        ("Figure 3a: PA view. Figure 3b: lateral view", ["PA view.", "lateral view"]),
        ("(a) PA view and (b) lateral view", ["PA view", "lateral view"]),
        ("(a) PA view (b-d) CT slices", ["PA view", "CT slices", "CT slices", "CT slices"]),
        ("(a) PA view. (b to d) CT", ["PA view.", "CT", "CT", "CT"]),
        ("(a, c) axial CT, (b) coronal CT", ["axial CT", "coronal CT", "axial CT"]),
        ("a and b: PA views. c: lateral view", ["PA views.", "PA views.", "lateral view"]),
        ("(a, b and c) before, (d, e, f) after", ["before"] * 3 + ["after"] * 3),
        ("(a) PA view (c) 2020. (b) lateral", ["PA view (c) 2020.", "lateral"]),
    ],
)
def test_each_letter_gets_its_part(caption: str, parts: list[str]) -> None:
    letters = "abcdef"[: len(parts)]
    assert split_by_letter(caption, letters) == dict(zip(letters, parts, strict=True))


@pytest.mark.parametrize(
    ("caption", "first"),
    [
        ("Chest X-ray. (a) PA, (b) lateral.", "Chest X-ray. PA"),
        ("Chest X-ray: (a) PA, (b) lateral.", "Chest X-ray: PA"),
        ("Figure 3. (a) PA, (b) lateral.", "PA"),
        ("Fig 3 (a) PA, (b) lateral.", "PA"),
    ],
)
def test_a_sentence_in_front_is_common_to_all_letters_and_a_number_is_none(
    caption: str, first: str
) -> None:
    assert split_by_letter(caption, "ab")["a"] == first


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "a chest X-ray of a patient. b",
        "A chest X-ray. B lines are seen.",
        "PA view (a) and lateral view (b) show opacities",
        "PA view (a). Lateral view (b).",
        "Chest X-ray in (a) PA and (b) lateral view",
        "(b) lateral view (a) PA view",
        "(a) PA view (c) axial CT",
        "(a) PA view. (b) lateral view. The arrow in (a) shows it.",
        "(a) CT shows the same nodule as in (b) the year before",
        "(a) PA view and lateral view (b)",
        "(a) PA view of hepatitis B: nothing",
        "(a-b-c) PA view (d) lateral view",
    ],
)
def test_a_caption_that_cannot_be_split_safely_is_given_whole(caption: str) -> None:
    assert split_by_letter(caption, ["a", "b"]) == {"a": caption, "b": caption}


def test_a_caption_that_names_too_few_letters_is_given_whole() -> None:
    caption = "(a) PA view. (b) Lateral view."
    assert split_by_letter(caption, "abc") == dict.fromkeys("abc", caption)
    assert split_by_letter(caption, ["a", "1"]) == dict.fromkeys(["a", "1"], caption)


def test_letters_are_found_in_any_case_and_more_than_those_asked_for_do_no_harm() -> None:
    caption = "(a) PA view. (b) Lateral view. (c) Axial CT."
    assert split_by_letter(caption, ["A", "b"]) == {"A": "PA view.", "b": "Lateral view."}
    assert split_by_letter(caption, []) == {}


@given(st.text() | WORDS, st.lists(st.sampled_from("abcABC1") | st.text(), max_size=4))
def test_every_letter_has_a_part_or_the_whole(caption: str, letters: list[str]) -> None:
    parts = split_by_letter(caption, letters)
    assert list(parts) == list(dict.fromkeys(letters))
    # Nothing is made up: a part is the whole, or words of it in their order.
    rest = caption.split()
    for part in parts.values():
        assert part == caption or all(word in caption for word in part.split() if word in rest)


@pytest.mark.parametrize(
    ("caption", "letters"),
    [
        ("a chest X-ray shows opacities.", "a"),
        ("(a) PA view. (c) lateral view", "ac"),
        ("(a) PA view, (a) again, (b) lateral view", "ab"),
        ("(a) (b)", "ab"),
        ("(a) PA view. (d-b) CT", "abcd"),
        ("(c) Copyright of somebody. (a) PA view, (b) lateral view", "abc"),
    ],
)
def test_letters_that_are_missing_double_or_out_of_order_have_the_whole(
    caption: str, letters: str
) -> None:
    assert split_by_letter(caption, letters) == dict.fromkeys(letters, caption)


def test_blanks_without_end_in_a_part_are_no_burden() -> None:
    blanks = " " * 9000
    parts = split_by_letter(f"(a) axial{blanks}x{blanks}(b) coronal", "ab")
    assert parts == {"a": f"axial{blanks}x", "b": "coronal"}


# ---- view --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("PA", "PA", "PA"),
        ("PA.", "PA", "PA"),
        ("pa projection", "PA", "pa projection"),
        ("PA chest X-ray on day 2", "PA", "PA chest X-ray"),
        ("Chest radiograph (PA view)", "PA", "PA view"),
        ("Chest x-ray, posteroanterior view of the lungs", "PA", "posteroanterior view"),
        ("Postero-anterior chest film", "PA", "Postero-anterior chest film"),
        ("P.A. view", "PA", "P.A. view"),
        ("AP chest X-ray at first presentation", "AP", "AP chest X-ray"),
        ("Chest X-ray (AP in bed)", "AP", "AP"),
        ("Portable AP radiograph", "AP", "AP radiograph"),
        ("AP semi-erect chest radiograph", "AP", "AP semi-erect chest radiograph"),
        ("Frontal (AP) chest radiograph", "AP", "AP) chest radiograph"),
        ("Anteroposterior radiograph", "AP", "Anteroposterior radiograph"),
        ("AP supine chest X-ray", "AP Supine", "AP supine chest X-ray"),
        ("Supine chest radiograph", "AP Supine", "Supine chest radiograph"),
        ("Chest X-ray in supine position", "AP Supine", "supine"),
        ("Lateral.", "L", "Lateral"),
        ("lateral view", "L", "lateral view"),
        ("Opacity on lateral radiograph.", "L", "lateral radiograph"),
        ("Left lateral chest X-ray", "L", "lateral chest X-ray"),
        ("Axial CT shows consolidation", "Axial", "Axial CT"),
        ("axial, lung window", "Axial", "axial, lung window"),
        ("CT in the coronal plane", "Coronal", "coronal plane"),
        ("Coronal reformatted image", "Coronal", "Coronal reformatted image"),
        ("Sagittal CT of the thorax, supine", "Sagittal", "Sagittal CT"),
    ],
)
def test_a_view_is_read_with_its_words(text: str, value: str, words: str) -> None:
    assert found(view_in(text)) == (value, words)


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("RX torace a letto in unica proiezione AP", "AP", "proiezione AP"),
        ("RX-torace-in-unica-proiezione-AP-1-1", "AP", "proiezione-AP"),
        ("RX torace in proiezione postero-anteriore", "PA", "proiezione postero-anteriore"),
        ("Radiografia in proiezione latero-laterale", "L", "proiezione latero-laterale"),
        ("RX torace LL", "L", "torace LL"),
        ("RX torace, paziente supino", "AP Supine", "supino"),
        ("proiezione antero-posteriore in decubito supino", "AP Supine",
         "proiezione antero-posteriore in decubito supino"),
        ("TC torace, scansione assiale", "Axial", "scansione assiale"),
        ("ricostruzione coronale", "Coronal", "ricostruzione coronale"),
        ("TC sagittale", "Sagittal", "TC sagittale"),
    ],
)  # fmt: skip
def test_an_italian_view_is_read_with_its_words(text: str, value: str, words: str) -> None:
    assert found(view_in(text, "it")) == (value, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Frontal chest radiograph",
        "Frontal and lateral chest radiograph",
        "PA and lateral chest radiographs",
        "Chest X-ray: PA and lateral views",
        "PA/LL",
        "AP and PA chest X-rays",
        "AP erect and AP supine radiographs",
        "PA supine radiograph",
        "Portable chest X-ray",
        "Bedside chest X-ray",
        "Left lateral decubitus radiograph",
        "AP radiograph in left lateral decubitus view",
        "Bilateral opacities on chest X-ray",
        "Chest X-ray: lateral segment of the middle lobe",
        "X-ray of the lateral chest wall",
        "AP diameter of the chest",
        "Chest X-ray shows an enlarged PA",
        "PA aneurysm",
        "PA pressure",
        "papilla, apex",
        "the pa was seen on the chest film",
        "Coronary CT",
        "axial skeleton",
        "axial interstitium on CT",
        "axial T2 MRI",
        "PA chest X-ray beside an axial CT",
        "Axial and coronal CT",
        "CT in supine position",
    ],
)
def test_what_is_no_view_or_more_than_one_is_none(text: str) -> None:
    assert view_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "PA 120/80, RX torace",
        "RX torace: PA 120/80 mmHg",
        "RX torace; PA: 120 mmHg",
        "RX torace a letto",
        "RX torace in due proiezioni, PA e LL",
        "parete laterale del torace",
    ],
)
def test_blood_pressure_and_a_bed_are_no_italian_view(text: str) -> None:
    assert view_in(text, "it") is None


@pytest.mark.parametrize(
    "text",
    [
        "Frontal",
        "Frontal view",
        "PA and lateral",
        "portable",
        "bedside",
        "bilateral",
        "lateral segment",
        "left lateral decubitus",
        "pulmonary artery (PA)",
        "Dilated pulmonary artery (PA) on chest CT",
        "Axial MRI",
        "oblique",
    ],
)
def test_a_word_or_two_of_another_sense_are_no_view(text: str) -> None:
    assert view_in(text) is None


@pytest.mark.parametrize("text", ["a letto", "PA 120/80", "bilaterale", "segmento laterale"])
def test_an_italian_word_or_two_of_another_sense_are_no_view(text: str) -> None:
    assert view_in(text, "it") is None


def test_a_view_that_is_read_is_one_of_the_table() -> None:
    texts = ("PA view", "AP view", "supine view", "lateral view", "axial CT", "coronal CT")
    readings = [view_in(text) for text in (*texts, "sagittal CT")]
    assert {reading.value for reading in readings if reading} == set(BY_NAME["view"].allowed)


# ---- modality ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("Initial chest X-ray", "X-ray", "chest X-ray"),
        ("CXR.", "X-ray", "CXR"),
        ("Follow-up radiographs", "X-ray", "radiographs"),
        ("HRCT of the lungs", "CT", "HRCT"),
        ("CT-angiography", "CT", "CT"),
        ("Chest ct scan", "CT", "ct scan"),
        ("X-ray computed tomography", "CT", "X-ray computed tomography"),
        ("No CT was done; chest X-ray", "X-ray", "chest X-ray"),
        ("MRI of the brain", "MRI", "MRI"),
        ("Lung ultrasound", "Ultrasound", "ultrasound"),
        ("FDG PET/CT", "PET", "FDG PET/CT"),
        ("Photomicrograph", "Histology", "Photomicrograph"),
        ("Histology specimen", "Histology", "Histology"),
        ("ECG", "ECG", "ECG"),
        ("Clinical photograph", "Photograph", "photograph"),
    ],
)
def test_a_kind_of_imaging_is_read_with_its_words(text: str, value: str, words: str) -> None:
    assert found(modality_in(text)) == (value, words)


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("RX torace", "X-ray", "RX torace"),
        ("Rx eseguito in PS", "X-ray", "Rx"),
        ("Radiografia del torace", "X-ray", "Radiografia"),
        ("TC torace", "CT", "TC"),
        ("TAC", "CT", "TAC"),
        ("TC 37,5; RX torace", "X-ray", "RX torace"),
        ("RM encefalo", "MRI", "RM"),
        ("Ecografia", "Ultrasound", "Ecografia"),
    ],
)
def test_an_italian_kind_of_imaging_is_read_with_its_words(
    text: str, value: str, words: str
) -> None:
    assert found(modality_in(text, "it")) == (value, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Chest X-ray and CT",
        "CT and MRI",
        "CT-guided biopsy",
        "Ct value of 30",
        "the factor in direct contact",
        "TC torace",
        "Rx: antibiotics",
        "pet dog",
        "proved by histology in the end",
    ],
)
def test_no_kind_or_two_kinds_are_none(text: str) -> None:
    assert modality_in(text) is None


@pytest.mark.parametrize("text", ["an act", "ACT", "CTX", "direct", "contatto", "STACCO", "arx"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_no_kind_is_read_inside_another_word(text: str, language: str) -> None:
    assert modality_in(text, language) is None


def test_the_parts_of_a_file_name_are_words() -> None:
    assert found(modality_in("CT_axial_01")) == ("CT", "CT")


def test_two_italian_kinds_are_none() -> None:
    assert modality_in("RX e TC", "it") is None


# ---- day ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("Day 7", "7", "Day 7"),
        ("(Day 0)", "0", "Day 0"),
        ("X-ray on day two of admission", "2", "day two of admission"),
        ("on day 3 after symptom onset", "3", "day 3 after symptom onset"),
        ("5 days later", "5", "5 days later"),
        ("two weeks later", "14", "two weeks later"),
        ("a week after admission", "7", "a week after admission"),
        ("(4 hours later)", "0", "4 hours later"),
        ("48 hours after admission", "2", "48 hours after admission"),
        ("after 3 days", "3", "after 3 days"),
        ("2 days before admission", "-2", "2 days before admission"),
        ("On admission.", "0", "On admission"),
        ("at hospital admission", "0", "at hospital admission"),
        ("on the day of admission", "0", "on the day of admission"),
        ("at initial presentation", "0", "at initial presentation"),
        ("the next day", "1", "the next day"),
        ("a few days later", "5", "a few days later"),
        ("7-day history of fever", "7", "7-day history"),
        ("a history of 7 days of cough", "7", "history of 7 days"),
        ("fever for about ten days", "10", "for about ten days"),
        ("fever since one week", "7", "since one week"),
        ("day 3; again: day 3", "3", "day 3"),
    ],
)
def test_a_day_is_read_with_its_words(text: str, value: str, words: str) -> None:
    assert found(offset_in(text)) == (value, words)


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("dopo 5 giorni", "5", "dopo 5 giorni"),
        ("Controllo a distanza di dieci giorni", "10", "a distanza di dieci giorni"),
        ("10 giorni dopo", "10", "10 giorni dopo"),
        ("febbre da una settimana", "7", "da una settimana"),
        ("febbre da circa 10 giorni", "10", "da circa 10 giorni"),
        ("circa 10 giorni", "10", "circa 10 giorni"),
        ("dopo un\u2019ora", "0", "dopo un\u2019ora"),
        ("giorno 7", "7", "giorno 7"),
        ("due giorni prima del ricovero", "-2", "due giorni prima del ricovero"),
        ("da alcuni giorni", "5", "da alcuni giorni"),
        ("RX torace all'ingresso", "0", "all'ingresso"),
        ("All\u2019ingresso", "0", "All\u2019ingresso"),
        ("al momento del ricovero", "0", "al momento del ricovero"),
        ("il giorno successivo", "1", "il giorno successivo"),
    ],
)
def test_an_italian_day_is_read_with_its_words(text: str, value: str, words: str) -> None:
    assert found(offset_in(text, "it")) == (value, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "On admission and 5 days later",
        "Day 1 and day 2",
        "days 3 and 5",
        "day 3-5",
        "3-5 days later",
        "3 to 5 days later",
        "the third day after admission",
        "on admission; the 2nd day",
        "several days later",
        "one month later",
        "30 hours later",
        "1000 weeks later",
        "day 4000",
        "3.5 days later",
        "COVID-19 days later",
        "day 3 after intubation",
        "postoperative day 3",
        "5 days after surgery",
        "after 5 days of treatment",
        "treated for 7 days",
        "2 days before",
        "at the second presentation",
        "60 years",
        "f\u0131ve days later",
        "25 hours later",
        "\u0663 days later",
        "day \u017fix",
        "5 day\u017f ago",
    ],
)
def test_no_day_or_two_days_or_no_whole_number_of_days_are_none(text: str) -> None:
    assert offset_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "dopo 5 giorni e dopo 8 giorni",
        "da oltre una settimana",
        "fumatore da 30 anni",
        "in terapia da 5 giorni",
        "dopo 5 giorni di terapia",
        "in terza giornata",
        "dopo due mesi",
        "dopo 2-3 giorni",
    ],
)
def test_an_italian_day_that_is_not_exact_is_none(text: str) -> None:
    assert offset_in(text, "it") is None


# ---- all at once -------------------------------------------------------------------------------


def test_suggestions_name_their_column_and_the_words_that_they_rest_on() -> None:
    found = suggestions_of("AP chest X-ray, day 3", "caption")
    assert [(each.column, each.value, each.words, each.where) for each in found] == [
        ("view", "AP", "AP chest X-ray", "caption"),
        ("modality", "X-ray", "chest X-ray", "caption"),
        ("offset", "3", "day 3", "caption"),
    ]


def test_a_caption_of_several_parts_suggests_nothing_for_one_image() -> None:
    assert suggestions_of("(a) PA (b) lateral (c) Axial CT on day 3", "caption") == ()
    assert suggestions_of("(a) PA chest radiograph", "caption")


def test_a_kind_of_imaging_that_the_table_does_not_take_is_not_suggested() -> None:
    assert suggestions_of("MRI on day 2", "caption", "en")[0].column == "offset"
    assert suggestions_of("MRI", "caption") == ()


@given(st.text() | WORDS, st.sampled_from(["en", "it", "xx"]))
def test_words_are_always_the_texts_own_and_values_the_tables(text: str, language: str) -> None:
    for each in suggestions_of(text, "caption", language):
        assert each.words
        assert each.words in text
        assert BY_NAME[each.column].judge(each.value) is None


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "(a) ", "a, ", "a:", "e ", "day 1 ", "1 ", "after 5 days ", "PA ", "PA, ", "X-"),
        *(" ", "\n", "\u00a0", "(", ",", "TC ", "CT ", "history of ", "antero ", "\udc80", "18F-"),
    ],
)
@pytest.mark.parametrize("language", ["en", "it"])
def test_a_text_as_long_as_a_book_is_read(piece: str, language: str) -> None:
    text = piece * (LONG // len(piece))
    # What takes more than linear time would not come back.
    for read in READERS:
        found = read(text, language)
        assert found is None or found.words in text
    assert set(split_by_letter(text, ["a", "b"])) == {"a", "b"}
