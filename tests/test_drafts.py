"""Which part of a case becomes which cell, and that nothing inferred does."""

from __future__ import annotations

from dataclasses import replace

from covidxr.cases import Case, ImageCandidate, LicenceClaim, Suggestion
from covidxr.columns import BY_NAME, HEADER
from covidxr.drafts import draft_row

IMAGE = ImageCandidate(
    label="1a",
    url="https://x.org/1.png",
    caption="AP view.",
    findings="Clear  lungs.\nNo effusion.",
    modality="X-ray",
    view="L",
    suggestions=(Suggestion(column="view", value="AP", words="AP view", where="caption"),),
)
CASE = Case(
    source="eurorad",
    id="7",
    url="https://www.eurorad.org/case/7",
    title="COVID-19",
    published="2020-04-01",
    age="0.5",
    age_words="6 months",
    sex="F",
    sex_words="female",
    history="Fever.\nCough.",
    findings="Case findings.",
    diagnosis="COVID-19",
    doi="10.35100/eurorad/case.7",
    licence=LicenceClaim(spdx="CC-BY-4.0", words="CC BY 4.0", evidence="page"),
    credit="A. Author,\nEurorad",
    images=(IMAGE,),
    suggestions=(Suggestion(column="finding", value="x", words="COVID-19", where="title"),),
)


def test_a_draft_holds_what_the_source_says_in_the_headers_order() -> None:
    row = draft_row(CASE, IMAGE, "eurorad-7-1a.png")
    assert row == {
        "sex": "F",
        "age": "0.5",
        "finding": "todo",
        "view": "L",
        "modality": "X-ray",
        "folder": "images",
        "filename": "eurorad-7-1a.png",
        "doi": "10.35100/eurorad/case.7",
        "url": "https://www.eurorad.org/case/7",
        "license": "CC-BY-4.0",
        "clinical_notes": "Fever. Cough. Clear lungs. No effusion. AP view.",
        "other_notes": "A. Author, Eurorad",
    }
    assert list(row) == [name for name in HEADER if name in row]
    assert all(BY_NAME[name].judge(cell) is None for name, cell in row.items() if name != "finding")


def test_the_day_of_publication_is_no_date_of_an_image() -> None:
    assert "date" not in draft_row(CASE, IMAGE, "a.png")
    assert draft_row(replace(CASE, date="2020-03-02"), IMAGE, "a.png")["date"] == "2020-03-02"


def test_what_is_not_known_has_no_cell() -> None:
    bare = Case(source="sirm", id="1", url="https://www.sirm.org/x", title="x")
    row = draft_row(bare, ImageCandidate(label="1", url="u"), "")
    assert row == {"finding": "todo", "folder": "images", "url": "https://www.sirm.org/x"}


def test_words_that_stand_in_the_notes_already_are_not_said_twice() -> None:
    image = replace(IMAGE, findings="Cough.", caption="Fever.")
    assert draft_row(CASE, image, "")["clinical_notes"] == "Fever. Cough."


def test_findings_of_the_case_stand_in_where_the_image_has_none_of_its_own() -> None:
    row = draft_row(CASE, replace(IMAGE, findings="", caption=""), "")
    assert row["clinical_notes"] == "Fever. Cough. Case findings."
