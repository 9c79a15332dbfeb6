"""Tests of SCH101."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.columns import HEADER


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH101", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH101", build.dataset()) == []


@pytest.mark.parametrize(
    "name", ["patientid", "finding", "view", "modality", "folder", "filename", "license"]
)
def test_each_required_column_is_missed(name: str) -> None:
    header = [column for column in HEADER if column != name]
    data = build.from_text(build.csv_text(build.rows({}), header))
    ((line, field, message),) = build.hits("SCH101", data)
    assert (line, field) == (1, name)
    assert message.startswith(f"the column {name} is missing: ")


def test_a_column_under_its_old_name_is_there() -> None:
    header = [{"patientid": "Patientid", "license": " licence"}.get(name, name) for name in HEADER]
    assert build.hits("SCH101", build.from_text(build.csv_text([], header))) == []


def test_recommended_and_optional_columns_are_not_missed() -> None:
    data = build.from_text("patientid,finding,view,modality,folder,filename,license\n")
    assert build.hits("SCH101", data) == []
