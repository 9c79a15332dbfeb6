"""Which columns there are, and under which names earlier headers had them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covidxr.cells import Level
from covidxr.columns import BY_NAME, COLUMNS, HEADER, VIEW_MODALITY, fold_header, resolve

REAL = Path(__file__).parents[2] / "shared" / "real"

TODAY = [
    "patientid",
    "offset",
    "sex",
    "age",
    "finding",
    "RT_PCR_positive",
    "survival",
    "intubated",
    "intubation_present",
    "went_icu",
    "in_icu",
    "needed_supplemental_O2",
    "extubated",
    "temperature",
    "pO2_saturation",
    "leukocyte_count",
    "neutrophil_count",
    "lymphocyte_count",
    "view",
    "modality",
    "date",
    "location",
    "folder",
    "filename",
    "doi",
    "url",
    "license",
    "clinical_notes",
    "other_notes",
]

EARLIER_NAMES = {
    "Patientid": "patientid",
    "patient_id": "patientid",
    "year": "date",
    "country": "location",
    " filename": "filename",
    " url": "url",
    "licence": "license",
    "notes": "other_notes",
    "clinical notes": "clinical_notes",
    "other notes": "other_notes",
    "pO2 saturation": "pO2_saturation",
    "wbc count": "leukocyte_count",
    "leukocyte count": "leukocyte_count",
    "neutrophil count": "neutrophil_count",
    "lymphocyte count": "lymphocyte_count",
    "went icu": "went_icu",
    "needed_supplemental_o2": "needed_supplemental_O2",
    "needed supplemental O2": "needed_supplemental_O2",
    "RT_PCR_Positive": "RT_PCR_positive",
    "FINDING": "finding",
}


def test_the_header_has_the_columns_of_the_schema_in_their_order() -> None:
    assert list(HEADER) == TODAY


@pytest.mark.parametrize(("earlier", "today"), EARLIER_NAMES.items())
def test_a_name_of_an_earlier_header_is_todays_column(earlier: str, today: str) -> None:
    assert resolve((earlier,)) == (today,)


@pytest.mark.parametrize("name", TODAY)
def test_a_name_of_today_is_itself_in_any_case_and_with_blanks(name: str) -> None:
    for spelling in (name, name.upper(), f" {name} ", name.replace("_", " ")):
        assert resolve((spelling,)) == (name,)


@pytest.mark.parametrize("stranger", ["", " ", "shoe size", "find", "patientid2", "not es"])
def test_what_is_no_column_has_no_name(stranger: str) -> None:
    assert resolve((stranger,)) == (None,)


def test_every_named_column_of_every_real_header_is_known() -> None:
    paths = sorted(REAL.glob("*/*.csv"))
    paths = [path for path in paths if path.parent.name == "history" or path.stem == "metadata"]
    if not paths:
        pytest.skip(f"{REAL} is not here")
    for path in paths:
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            header = tuple(next(csv.reader(file)))
        named = [name for cell, name in zip(header, resolve(header), strict=True) if cell.strip()]
        assert None not in named, path.name
        assert len(set(named)) == len(named), path.name


def test_a_better_spelt_name_wins_and_each_name_is_given_once() -> None:
    assert resolve(("year", "date")) == (None, "date")
    assert resolve(("date", "year")) == ("date", None)
    assert resolve(("year", " date")) == ("date", None)
    assert resolve(("sex", "sex")) == ("sex", None)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*TODAY, *EARLIER_NAMES, "", "x"]) | st.text(), max_size=20))
def test_no_header_gives_a_name_twice_or_loses_a_name_of_today(header: list[str]) -> None:
    names = resolve(tuple(header))
    known = [name for name in names if name is not None]
    assert len(names) == len(header)
    assert len(set(known)) == len(known)
    assert set(header) & set(TODAY) <= set(known)


@settings(deadline=None)
@given(st.text())
def test_folding_a_header_twice_changes_no_more_than_once(cell: str) -> None:
    assert fold_header(fold_header(cell)) == fold_header(cell)


def test_no_two_columns_share_a_name_or_an_alias() -> None:
    names = [fold_header(name) for column in COLUMNS for name in (column.name, *column.aliases)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("column", COLUMNS, ids=HEADER)
def test_a_column_is_described_and_its_example_is_right(
    column: object, request: pytest.FixtureRequest
) -> None:
    described = BY_NAME[request.node.callspec.id]
    assert described is column
    assert described.meaning.endswith((".", "”"))
    assert described.judge(described.example) is None or not described.example
    assert set(described.spellings.values()) <= set(described.allowed)
    assert not set(described.spellings) & set(described.hints)
    folded = [*described.spellings, *described.hints, *described.aliases]
    assert folded == [" ".join(text.casefold().split()) for text in folded]


def test_only_a_patient_a_finding_and_a_file_make_a_row() -> None:
    assert [column.name for column in COLUMNS if column.key] == ["patientid", "finding", "filename"]
    assert all(column.level is Level.REQUIRED for column in COLUMNS if column.key)


def test_every_view_belongs_to_a_modality() -> None:
    assert set(VIEW_MODALITY) == set(BY_NAME["view"].allowed)
    assert set(VIEW_MODALITY.values()) == set(BY_NAME["modality"].allowed)
