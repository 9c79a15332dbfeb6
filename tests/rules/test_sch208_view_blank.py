"""Tests of SCH208."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH208", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH208", build.dataset()) == []


def test_an_image_without_a_view_is_reported() -> None:
    data = build.dataset({}, {"view": ""}, {"view": " ", "modality": "CT"})
    message = "the image has no view: no selection by view will ever hold it"
    assert build.hits("SCH208", data) == [(3, "view", message), (4, "view", message)]


@pytest.mark.parametrize("folder", ["volumes", "volumes/", "Volume"])
def test_a_volume_has_no_view(folder: str) -> None:
    data = build.dataset({"view": "", "folder": folder, "modality": "CT"})
    assert build.hits("SCH208", data) == []


def test_rows_of_one_folder_are_one_hit() -> None:
    data = build.dataset({"view": ""}, {}, {"view": ""})
    found = [list(hit.rows) for hit in discover("covidxr.rules")["SCH208"].check(data)]
    assert found == [[0, 2]]


def test_a_table_without_folders_holds_images() -> None:
    data = build.from_text("patientid,view\n1,PA\n2,\n")
    assert [line for line, _, _ in build.hits("SCH208", data)] == [3]


def test_a_table_without_views_is_another_rules() -> None:
    assert build.hits("SCH208", build.from_text("patientid,folder\n1,images\n")) == []


def test_a_view_that_is_none_is_another_rules() -> None:
    assert build.hits("SCH208", build.dataset({"view": "?"})) == []


@pytest.mark.parametrize(("blank", "given"), [(21, 0), (27, 3)])
def test_no_view_in_nearly_all_rows_is_said_once(blank: int, given: int) -> None:
    data = build.dataset(*[{"view": ""}] * blank, *[{}] * given)
    message = f"{blank} of {blank + given} images have no view"
    (hit,) = build.hits("SCH208", data)
    assert hit == (1, "view", f"{message}: no selection by it holds them")


@pytest.mark.parametrize(("blank", "given"), [(20, 0), (27, 4), (100, 200)])
def test_no_view_in_some_rows_is_said_of_each(blank: int, given: int) -> None:
    data = build.dataset(*[{"view": ""}] * blank, *[{}] * given)
    assert len(build.hits("SCH208", data)) == blank


def test_volumes_do_not_count_among_the_images_without_a_view() -> None:
    volumes = [{"view": "", "folder": "volumes", "modality": "CT"}] * 30
    data = build.dataset(*[{"view": ""}] * 21, *volumes)
    assert [line for line, _, _ in build.hits("SCH208", data)] == [1]
