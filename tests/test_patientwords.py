"""What a field, a sentence or a title says of a patient; in doubt it says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr import labels
from covidxr.cases import Reading
from covidxr.patientwords import age_in, finding_in_title, patient_in, patient_stated, sex_in

LANGUAGES = ("en", "it")
_ENGLISH = (
    "60",
    "-year-old",
    " years",
    "6 months",
    "in his 60s",
    "male",
    "Female",
    "M",
    "F",
    "wife",
)
_ITALIAN = ("di anni ", "51enne", "mesi", "donna", "uomo", "moglie", "paziente", "Pz. ", "et\u00e0")
_TITLES = ("COVID-19", " pneumonia", "suspected ", "?", "-", ",", ". ", "\n", " ", "\u2013", "1,5")
_ODD = ("9" * 5, "\0", "\ud800", "\u017f", "\u0130", "\u0661", "\u212a")
FRAGMENTS = (*_ENGLISH, *_ITALIAN, *_TITLES, *_ODD)
WORDS = st.text() | st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join)


def value(reading: Reading | None) -> str | None:
    return reading.value if reading else None


# ---- age ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("60 years", "60"),
        ("60", "60"),
        (" 60 ", "60"),
        ("0", "0"),
        ("120", "120"),
        ("60 y/o", "60"),
        ("60 yo", "60"),
        ("60 y.o.", "60"),
        ("34 years old", "34"),
        ("34 years of age", "34"),
        ("34 years, male", "34"),
        ("aged 45 years", "45"),
        ("61-year-old", "61"),
        ("pneumonia-case-001-61-year-old", "61"),
        ("6 months", "0.5"),
        ("7 months", "0.58"),
        ("18 months", "1.5"),
        ("10 days", "0.03"),
        ("3 weeks", "0.06"),
        ("1.5 years", "1.5"),
        ("1 year and 6 months", "1.5"),
        ("2 years, 3 months", "2.25"),
        ("60 years, 60 years", "60"),
    ],
)
def test_an_age_is_read_in_years(text: str, age: str) -> None:
    assert value(age_in(text)) == age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("75 anni", "75"),
        ("75", "75"),
        ("di anni 53", "53"),
        ("et\u00e0: 60 anni", "60"),
        ("6 mesi", "0.5"),
        ("3 settimane", "0.06"),
        ("10 giorni", "0.03"),
        ("51enne", "51"),
        ("51-enne", "51"),
        ("1,5 anni", "1.5"),
        ("1 anno e 6 mesi", "1.5"),
    ],
)
def test_an_italian_age_is_read_in_years(text: str, age: str) -> None:
    assert value(age_in(text, "it")) == age


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Newborn",
        "Adult",
        "Elderly",
        "unknown",
        "sixty",
        "60s",
        "in his 60s",
        "50-60 years",
        "50 \u2013 60 years",
        "50 to 60 years",
        "50 and 60 years",
        "60 years and 40 years",
        "60 years and 6 months",
        "> 60 years",
        "60+",
        "over 60 years",
        "25 weeks gestation",
        "200 years",
        "121",
        "1234",
        "-5",
        "\u0666\u0660",
    ],
)
def test_what_is_no_single_age_is_none(text: str) -> None:
    assert age_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "adulto",
        "neonato",
        "una settimana",
        "60-70 anni",
        "50 e 60 anni",
        "oltre 75 anni",
        "200 anni",
    ],
)
def test_what_is_no_single_italian_age_is_none(text: str) -> None:
    assert age_in(text, "it") is None


def test_an_age_rests_on_its_own_words() -> None:
    assert age_in("34 years, male") == Reading(value="34", words="34 years")


# ---- sex ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Male", "male", "man", "boy", "M", "m", "34 years, male", "Sex: M"]
)
def test_a_man_is_m(text: str) -> None:
    assert value(sex_in(text)) == "M"


@pytest.mark.parametrize(
    "text", ["Female", "female", "Woman", "girl", "lady", "F", "f", "34 years, F"]
)
def test_a_woman_is_f(text: str) -> None:
    assert value(sex_in(text)) == "F"


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("maschio", "M"),
        ("uomo", "M"),
        ("Maschile", "M"),
        ("sesso: maschile", "M"),
        ("donna", "F"),
        ("Femmina", "F"),
        ("sesso femminile", "F"),
    ],
)
def test_an_italian_sex_is_read(text: str, sex: str) -> None:
    assert value(sex_in(text, "it")) == sex


@pytest.mark.parametrize(
    "text",
    ["", "unknown", "X", "Male and female", "M/F", "human", "patient", "Mr.", "transgender male"],
)
def test_two_sexes_or_none_are_none(text: str) -> None:
    assert sex_in(text) is None


@pytest.mark.parametrize("text", ["", "uomo e donna", "paziente", "il paziente", "sconosciuto"])
def test_two_italian_sexes_or_none_are_none(text: str) -> None:
    assert sex_in(text, "it") is None


def test_female_holds_no_male() -> None:
    assert sex_in("Female") == Reading(value="F", words="Female")


# ---- sentences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("A 56-year-old male patient presented with a cough.", "56", "M"),
        ("A man aged 50 years.", "50", "M"),
        ("Woman, 45 years old, with fever for 7 days", "45", "F"),
        ("A 6-month-old girl", "0.5", "F"),
        ("M, 45 years", "45", "M"),
        ("45 y/o F with chest pain", "45", "F"),
        ("Fever and cough. A 30-year-old lady.", "30", "F"),
        ("A 2 week history of cough in a man aged 50 years", "50", "M"),
        ("A smoker for 40 years, man of 62 years", "62", "M"),
        ("A 70-year-old man whose daughter, 40 years old, was ill", "70", "M"),
        ("A 34-year-old man and a 56-year-old woman", "34", "M"),
    ],
)
def test_a_sentence_gives_age_and_sex(text: str, age: str, sex: str) -> None:
    found = patient_in(text)
    assert (value(found.age), value(found.sex)) == (age, sex)


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("Paziente di sesso femminile, 75 anni", "75", "F"),
        ("Maschio, 51 anni.", "51", "M"),
        ("Donna, 69 anni", "69", "F"),
        ("Uomo di 43 anni", "43", "M"),
        ("M, 51 anni", "51", "M"),
        ("Tosse da 3 anni in uomo di 60 anni", "60", "M"),
        ("Uomo di 60 anni, moglie di 58 anni", "60", "M"),
        ("Paziente di anni 53", "53", None),
        ("Pz. di 60 anni", "60", None),
        ("Paziente 51enne", "51", None),
        ("Paziente di 60 anni; la figlia di 30 anni", "60", None),
    ],
)
def test_an_italian_sentence_gives_age_and_sex(text: str, age: str, sex: str | None) -> None:
    found = patient_in(text, "it")
    assert (value(found.age), value(found.sex)) == (age, sex)


@pytest.mark.parametrize("article", ["Il", "La", "Un", "Una"])
def test_grammatical_gender_is_no_evidence_of_a_sex(article: str) -> None:
    found = patient_in(f"{article} paziente di 53 anni", "it")
    assert (value(found.age), found.sex) == ("53", None)


def test_a_pronoun_is_no_evidence_of_a_sex() -> None:
    found = patient_in("A 56-year-old patient. His cough is dry.")
    assert (value(found.age), found.sex) == ("56", None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("His wife, 60 years, was well.", "en"),
        ("The wife, 60 years old, of a 62-year-old man.", "en"),
        ("Mother of a 5-year-old boy", "en"),
        ("moglie di 60 anni", "it"),
        ("Il figlio, maschio di 30 anni", "it"),
        ("Il paziente ha tosse", "it"),
    ],
)
def test_relatives_are_not_the_patient(text: str, language: str) -> None:
    found = patient_in(text, language)
    assert (found.age, found.sex) == (None, None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A man with cough for 3 years", "en"),
        ("A man in his 60s", "en"),
        ("A 50-60 year old man", "en"),
        ("Man, ill 10 years ago", "en"),
        ("Man with a 20 year history of asthma", "en"),
        ("Uomo, fumatore da 40 anni", "it"),
        ("Uomo, operato 10 anni fa", "it"),
    ],
)
def test_the_length_of_an_illness_or_a_decade_is_no_age(text: str, language: str) -> None:
    found = patient_in(text, language)
    assert (found.age, value(found.sex)) == (None, "M")


@pytest.mark.parametrize(
    ("text", "language"),
    [("Two men, aged 50 and 60 years.", "en"), ("Due uomini di 50 e 60 anni", "it")],
)
def test_of_two_ages_in_one_breath_none_is_the_patients(text: str, language: str) -> None:
    assert patient_in(text, language).age is None


def test_a_sentence_with_two_sexes_gives_none() -> None:
    assert patient_in("A man or woman of 40 years").sex is None


# ---- finding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "finding", "words"),
    [
        ("COVID-19 pneumonia", "Pneumonia/Viral/COVID-19", "COVID-19 pneumonia"),
        ("Case 12: Covid-19 pneumonia", "Pneumonia/Viral/COVID-19", "Covid-19 pneumonia"),
        ("COVID\u201019 pneumonia", "Pneumonia/Viral/COVID-19", "COVID\u201019 pneumonia"),
        ("COVID-19", "Pneumonia/Viral/COVID-19", "COVID-19"),
        ("Polmonite da COVID-19", "Pneumonia/Viral/COVID-19", "COVID-19"),
        ("SARS-CoV-2 pneumonia", "Pneumonia/Viral/COVID-19", "SARS-CoV-2 pneumonia"),
        (
            "Pneumocystis jirovecii pneumonia",
            "Pneumonia/Fungal/Pneumocystis",
            "Pneumocystis jirovecii pneumonia",
        ),
        ("Bacterial pneumonia", "Pneumonia/Bacterial", "Bacterial pneumonia"),
        ("Pneumonia", "Pneumonia", "Pneumonia"),
        ("Pulmonary tuberculosis", "Tuberculosis", "Pulmonary tuberculosis"),
    ],
)
def test_a_title_that_names_a_label_suggests_it_with_its_words(
    title: str, finding: str, words: str
) -> None:
    found = finding_in_title(title, "final diagnosis")
    assert found is not None
    assert (found.column, found.value) == ("finding", finding)
    assert (found.words, found.where) == (words, "final diagnosis")


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Thymoma",
        "A man with a cough",
        "Suspected COVID-19 pneumonia",
        "Possible COVID-19 pneumonia",
        "Sospetta polmonite da COVID-19",
        "COVID-19 pneumonia?",
        "Adenocarcinoma mimicking pneumonia",
        "COVID-19 versus influenza pneumonia",
        "COVID-19 vs. influenza",
        "Rule out COVID-19",
        "Chest CT without COVID-19 pneumonia",
        "Lung fibrosis post COVID-19",
        "Organizing pneumonia",
        "Tuberculosis of the spine",
    ],
)
def test_a_title_that_doubts_or_names_no_label_suggests_nothing(title: str) -> None:
    assert finding_in_title(title) is None


# ---- whatever the text -------------------------------------------------------------------------


@given(WORDS, st.sampled_from((*LANGUAGES, "", "de")))
def test_words_of_a_patient_stand_in_the_text(text: str, language: str) -> None:
    patient = patient_in(text, language)
    for reading in (age_in(text, language), sex_in(text, language), patient.age, patient.sex):
        assert reading is None or (reading.words and reading.words in text)


@given(WORDS)
def test_an_age_is_a_number_up_to_120_and_a_sex_one_of_two(text: str) -> None:
    patient = patient_in(text)
    for age in (age_in(text), patient.age):
        assert age is None or 0 <= float(age.value) <= 120
    for sex in (sex_in(text), patient.sex):
        assert sex is None or sex.value in {"M", "F"}


@given(WORDS)
def test_a_suggested_finding_is_a_path_of_the_hierarchy_with_words_of_the_title(title: str) -> None:
    found = finding_in_title(title)
    if found is not None:
        assert found.words
        assert found.words in title
        assert labels.read_finding(found.value).canonical == found.value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "fragment",
    [
        "a",
        " ",
        "\n",
        ", ",
        "1 ",
        "1-",
        "1 year ",
        "di anni ",
        "male ",
        "M, ",
        "wife ",
        "old. ",
        "COVID-",
    ],
)
def test_text_of_a_hundred_thousand_characters_is_read_too(fragment: str, language: str) -> None:
    text = (fragment * 100_000)[:100_000]
    assert age_in(text, language) is None
    assert finding_in_title(text) is None
    sex = sex_in(text, language)
    assert sex is None or sex.value == "M"
    assert patient_in(text, language).age is None or "year" in fragment


# ---- what is stated at the head of a report ----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "age", "sex"),
    [
        ("Paziente di sesso femminile, 75 anni, da 7 giorni febbre", "it", "75", "F"),
        ("Paziente di sesso F, anni 60, febbre", "it", "60", "F"),
        ("Maschio, 51 anni. Nessuna patologia nota.", "it", "51", "M"),
        ("Paziente di anni 53, vive con donna positiva di anni 50.", "it", "53", ""),
        ("Paziente di 60 anni, assistito da una donna con tosse.", "it", "60", ""),
        ("Donna, 69 anni", "it", "69", "F"),
        ("51enne, maschio, tosse", "it", "51", "M"),
        ("Paziente diabetica. Storia di ipertensione di 10 anni. Anni 66.", "it", "66", ""),
        ("Paziente oncologico, sopravvivenza 5 anni", "it", "", ""),
        ("Paziente di 5 3 anni", "it", "", ""),
        ("Febbre e tosse. Accompagnata da un uomo di 40 anni.", "it", "", ""),
        ("A 56-year-old male patient with fever", "en", "56", "M"),
        ("Patient is 53 years old, lives with an elderly woman", "en", "53", ""),
        ("Hypertension of 10 years duration in a man", "en", "", ""),
        ("", "en", "", ""),
    ],
)
def test_only_what_opens_a_sentence_is_stated(text: str, language: str, age: str, sex: str) -> None:
    stated = patient_stated(text, language)
    assert (stated.age.value if stated.age else "") == age
    assert (stated.sex.value if stated.sex else "") == sex


@given(st.text(), st.sampled_from(["en", "it"]))
def test_what_is_stated_is_in_the_words_of_the_text(text: str, language: str) -> None:
    stated = patient_stated(text, language)
    assert all(each.words in text for each in (stated.age, stated.sex) if each)
