"""One patient, one file, one picture: whatever is the same is in one group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests import build

from covidxr import splitgroups
from covidxr.filefacts import AlikePair, PairDecision

if TYPE_CHECKING:
    from covidxr.dataset import Dataset


def named(dataset: Dataset, *, pages: bool = False) -> dict[str, str]:
    """Group by file name."""
    found = splitgroups.groups(dataset, pages=pages)
    names = [dataset.row(row)["filename"] for row in found.rows.tolist()]
    return {name: found.names[group] for name, group in zip(names, found.of, strict=True)}


def pair(first: str, second: str, kind: str = "near") -> AlikePair:
    return AlikePair(first=f"images/{first}", second=f"images/{second}", kind=kind)


def decision(data: Dataset, first: str, second: str, verdict: str) -> PairDecision:
    one, other = f"images/{first}", f"images/{second}"
    return PairDecision(
        first=one,
        second=other,
        first_sha256=data.files[one].sha256,
        second_sha256=data.files[other].sha256,
        decision=verdict,
        reason="seen",
    )


def test_images_of_one_patient_are_one_group_and_a_blank_patient_joins_nothing() -> None:
    data = build.dataset(
        {"patientid": "7", "filename": "a.png"},
        {"patientid": " 7", "filename": "b.png"},
        {"patientid": "", "filename": "c.png"},
        {"patientid": "", "filename": "d.png"},
    )
    assert named(data) == {
        "a.png": "7",
        "b.png": "7",
        "c.png": "images/c.png",
        "d.png": "images/d.png",
    }


def test_one_file_of_two_patients_makes_them_one_group() -> None:
    data = build.dataset(
        {"patientid": "8", "filename": "a.png"},
        {"patientid": "9", "filename": "a.png", "folder": ""},
        {"patientid": "9", "filename": "b.png"},
        {"patientid": "1", "filename": "a.png", "folder": "volumes"},
    )
    found = splitgroups.groups(data)
    assert [found.names[group] for group in found.of] == ["8", "8", "8", "1"]


def test_copies_join_their_patients_unless_somebody_decided_that_they_are_none() -> None:
    bare = build.dataset(*({"patientid": str(at), "filename": f"{at}.png"} for at in range(1, 7)))
    alike = (pair("1.png", "2.png"), pair("3.png", "4.png"), pair("5.png", "6.png", "bytes"))
    apart = [decision(bare, *names, "not-duplicate") for names in (("3.png", "4.png"),)]
    apart.append(decision(bare, "5.png", "6.png", "not-duplicate"))
    data = build.dataset(
        *({"patientid": str(at), "filename": f"{at}.png"} for at in range(1, 7)),
        alike=alike,
        decisions=tuple(apart),
    )
    # What has the same bytes is the same image, whatever was decided.
    assert list(named(data).values()) == ["1", "1", "3", "4", "5", "5"]


def test_a_decision_on_other_bytes_parts_nothing() -> None:
    rows = [{"patientid": str(at), "filename": f"{at}.png"} for at in (1, 2)]
    old = PairDecision(
        first="images/1.png",
        second="images/2.png",
        first_sha256="0" * 64,
        second_sha256="1" * 64,
        decision="not-duplicate",
        reason="seen",
    )
    data = build.dataset(*rows, alike=(pair("1.png", "2.png"),), decisions=(old,))
    assert set(named(data).values()) == {"1"}


def test_who_was_decided_to_be_one_patient_is_one_group() -> None:
    rows = [{"patientid": str(at), "filename": f"{at}.png"} for at in (1, 2)]
    bare = build.dataset(*rows)
    same = decision(bare, "1.png", "2.png", "same-patient")
    assert set(named(build.dataset(*rows, decisions=(same,))).values()) == {"1"}


def test_pages_join_only_where_they_are_asked_to() -> None:
    rows = [
        {"patientid": "1", "url": "https://www.example.org/case/5", "doi": ""},
        {"patientid": "2", "url": "http://example.org/case/5#top", "doi": "10.5555/x"},
        {"patientid": "3", "url": "https://example.org/other", "doi": "10.5555/X"},
        {"patientid": "4", "url": "", "doi": ""},
        {"patientid": "5", "url": "", "doi": ""},
    ]
    data = build.dataset(*rows)
    assert list(named(data).values()) == ["1", "2", "3", "4", "5"]
    assert list(named(data, pages=True).values()) == ["1", "1", "1", "4", "5"]


def test_a_row_without_a_file_is_in_no_group() -> None:
    data = build.dataset({"filename": ""}, {"filename": ""}, {"filename": "a.png"}, files={})
    assert splitgroups.groups(data).rows.tolist() == [2]


def test_a_table_without_rows_has_no_groups() -> None:
    assert splitgroups.groups(build.from_text(build.csv_text([]))).names == []


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30))
def test_nodes_that_hang_together_share_one_that_stands_for_them(
    edges: list[tuple[int, int]],
) -> None:
    firsts = np.asarray([one for one, _ in edges], np.int64)
    seconds = np.asarray([other for _, other in edges], np.int64)
    found = splitgroups.united(20, firsts, seconds).tolist()
    parts = [{node} for node in range(20)]
    for one, other in edges:
        joined = parts[one] | parts[other]
        for node in joined:
            parts[node] = joined
    assert found == [min(part) for part in parts]
