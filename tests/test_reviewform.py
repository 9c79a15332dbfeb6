"""A curator's words become cells by the columns alone."""

from __future__ import annotations

import pytest

from covidxr.columns import COLUMNS, HEADER
from covidxr.reviewform import close_names, fields, read_form
from covidxr.reviewsheet import Proposal, Remark

GOOD = {
    "patientid": "new",
    "finding": "Pneumonia/Viral/COVID-19",
    "view": "PA",
    "modality": "X-ray",
    "folder": "images",
    "filename": "one.png",
    "license": "CC-BY-4.0",
}


def test_a_good_form_has_no_remark() -> None:
    assert read_form(GOOD).remarks == ()
    assert read_form(GOOD).cells == GOOD


@pytest.mark.parametrize(
    ("name", "written", "cell"),
    [
        ("sex", "female", "F"),
        ("view", "ap mobile supine", "AP Supine"),
        ("modality", "cxr", "X-ray"),
        ("finding", "COVID-19", "Pneumonia/Viral/COVID-19"),
        ("finding", "COVID-19, ARDS", "Pneumonia/Viral/COVID-19|Pneumonia/ARDS"),
        ("date", "3 March 2020", "2020-03-03"),
        ("doi", "https://doi.org/10.5555/12345678", "10.5555/12345678"),
        ("license", "CC BY 4.0", "CC-BY-4.0"),
        ("temperature", "38,2", "38.2"),
        ("clinical_notes", "fever\nand  cough ", "fever and cough"),
    ],
)
def test_what_is_meant_is_written_in_the_schemas_own_spelling(
    name: str, written: str, cell: str
) -> None:
    reading = read_form({**GOOD, name: written})
    assert reading.cells[name] == cell
    assert not [each for each in reading.remarks if each.blocking]


def test_another_spelling_is_said_and_does_not_block() -> None:
    (remark,) = read_form({**GOOD, "sex": "male"}).remarks
    assert remark == Remark(field="sex", message="will be written as M", blocking=False)


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("view", "Erect", "not one of PA"),
        ("age", "old", "not a number"),
        ("age", "200", "outside 0 to 120"),
        ("date", "3/7/2020", "can be 2020-03-07 or 2020-07-03"),
        ("finding", "COVID-91", "COVID-91"),
        ("finding", "todo", "no finding is chosen yet"),
        ("finding", "", "blank"),
        ("license", "CC BY", "has no version"),
        ("license", "", "no licence is given"),
        ("patientid", "a b", "not an id"),
        ("patientid", "", "blank"),
        ("filename", "", "blank"),
    ],
)
def test_what_cannot_be_read_blocks_and_keeps_its_text(name: str, written: str, told: str) -> None:
    reading = read_form({**GOOD, name: written})
    (remark,) = reading.remarks
    assert remark.field == name
    assert remark.blocking
    assert told in remark.message
    assert reading.cells.get(name, "") == written


def test_the_form_has_every_column_with_what_the_column_says_of_itself() -> None:
    made = fields(GOOD, {"view": ""}, {}, ())
    assert tuple(each.name for each in made) == HEADER
    assert [each.meaning for each in made] == [column.meaning for column in COLUMNS]
    assert {each.name for each in made if each.required} == {
        "patientid", "finding", "modality", "folder", "filename", "license"
    }  # fmt: skip


def test_findings_are_offered_without_todo() -> None:
    (finding,) = [each for each in fields(GOOD, {}, {}, ()) if each.name == "finding"]
    assert "Pneumonia/Viral/COVID-19" in finding.choices
    assert "todo" not in finding.choices


def test_a_field_has_its_proposals_and_its_remarks() -> None:
    proposal = Proposal(number=1, value="PA", words="frontal", where="caption")
    remark = Remark(field="view", message="look")
    other = Remark(field="age", message="look")
    made = fields({"view": "AP"}, {"view": "PA"}, {"view": [proposal]}, [remark, other])
    (view,) = [each for each in made if each.name == "view"]
    assert (view.value, view.drafted) == ("AP", "PA")
    assert view.proposals == (proposal,)
    assert view.remarks == (remark,)


def test_a_misspelt_column_has_close_names() -> None:
    assert close_names("pateintid")[0] == "patientid"
