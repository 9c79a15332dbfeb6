"""A page, a paper, a patient or a file: what a name means, and when it is not said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import candidates, taken

from covidxr.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return taken.collection(tmp_path)


def rows(root: Path, *names: str) -> list[str]:
    """The file names of the rows that names mean."""
    return [row.filename for row in taken.plan(root, *names).rows]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("7", ["a-1.png", "a-2.png"]),
        ("patientid=7", ["a-1.png", "a-2.png"]),
        ("a-2.png", ["a-2.png"]),
        ("images/a-2.png", ["a-2.png"]),
        ("./images/a-2.png", ["a-2.png"]),
        ("images\\a-2.png", ["a-2.png"]),
        ("filename=a-2.png", ["a-2.png"]),
        (" c-2.nii.gz ", ["c-2.nii.gz"]),
        ("volumes/c-2.nii.gz", ["c-2.nii.gz"]),
        ("https://example.org/case/7", ["a-1.png", "a-2.png"]),
        ("http://www.example.org/case/7/#findings", ["a-1.png", "a-2.png"]),
        ("example.org/case/7?utm_source=x", ["a-1.png", "a-2.png"]),
        ("https://example.org/paper", ["b-1.png", "c-1.png"]),
        ("10.1000/PAPER", ["c-2.nii.gz"]),
        ("doi:10.1000/paper.", ["c-2.nii.gz"]),
        ("doi=10.1000/paper", ["c-2.nii.gz"]),
        ("https://dx.doi.org/10.1000/paper", ["c-2.nii.gz"]),
        ("https://journal.example.org/doi/full/10.1000/paper", ["c-2.nii.gz"]),
    ],
)
def test_a_name_is_found_in_any_form(root: Path, name: str, expected: list[str]) -> None:
    assert rows(root, name) == expected


def test_several_names_go_together_and_each_row_once(root: Path) -> None:
    assert rows(root, "a-1.png", "7", "10.1000/paper") == ["a-1.png", "a-2.png", "c-2.nii.gz"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("b-11.png", "no page, paper, patient or file 'b-11.png'; did you mean b-1.png"),
        ("77", "no page, paper, patient or file '77'"),
        ("https://example.org/case/8", "did you mean https://example.org/case/7"),
        ("https://example.org/case", "there is no page"),
        ("images/b-2.png", "there is no page"),
        ("volumes/b-1.png", "there is no page"),
        ("filename=7", "there is no page, paper, patient or file '7'"),
        ("10.1000/other", "did you mean 10.1000/paper"),
        ("", "there is no page"),
        ("patientid=", "there is no page"),
        ("\0", "there is no page"),
        ("\ud800", "there is no page"),
        ("../metadata.csv", "there is no page"),
        ("metadata.csv", "there is no page"),
        ("x" * 100_000, "there is no page"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_with_what_is_close(root: Path, name: str, told: str) -> None:
    with pytest.raises(UsageError, match=r"^[^\n]{1,300}$") as caught:
        taken.plan(root, name)
    assert told in str(caught.value)


def test_a_patientid_that_is_a_file_name_too_is_refused_with_the_choices(tmp_path: Path) -> None:
    root = taken.collection(tmp_path, {"patientid": "b-1.png", "filename": "d-1.png"})
    with pytest.raises(UsageError) as caught:
        taken.plan(root, "b-1.png")
    assert str(caught.value) == (
        "'b-1.png' can be two things: name patientid=b-1.png (1 row) or "
        "filename=b-1.png (1 row, 1 file)"
    )
    assert rows(root, "patientid=b-1.png") == ["d-1.png"]
    assert rows(root, "filename=b-1.png") == ["b-1.png"]


def test_a_patient_called_like_their_only_file_is_one_thing(tmp_path: Path) -> None:
    root = taken.collection(tmp_path, {"patientid": "d-1.png", "filename": "d-1.png"})
    assert rows(root, "d-1.png") == ["d-1.png"]


def test_a_name_in_two_folders_is_refused_with_both(tmp_path: Path) -> None:
    root = taken.collection(
        tmp_path, {"patientid": "10", "filename": "b-1.png", "folder": "volumes"}
    )
    with pytest.raises(UsageError, match=r"name images/b-1\.png or volumes/b-1\.png"):
        taken.plan(root, "b-1.png")
    assert [row.patientid for row in taken.plan(root, "images/b-1.png").rows] == ["8"]


def test_rows_of_a_page_are_found_by_provenance_where_the_table_has_another(root: Path) -> None:
    (id_,) = candidates.keep(root, candidates.case(5))
    taken.accept(root, id_, patientid="20", url="https://example.org/elsewhere")
    assert rows(root, "https://www.eurorad.org/case/5") == ["eurorad-5-1.png"]
    assert rows(root, "https://www.eurorad.org/files/5-1.png") == ["eurorad-5-1.png"]


def test_a_name_that_was_given_to_another_file_means_the_new_one(root: Path) -> None:
    (first,) = candidates.keep(root, candidates.case(5))
    taken.accept(root, first, patientid="20")
    taken.take(root, "20")
    (other,) = candidates.keep(root, candidates.case(6), [candidates.picture(99)])
    taken.accept(root, other, patientid="21", filename="eurorad-5-1.png")
    with pytest.raises(UsageError, match=r"nothing of 'https://www\.eurorad\.org/case/5' is"):
        taken.plan(root, "https://www.eurorad.org/case/5")
    assert rows(root, "https://www.eurorad.org/case/6") == ["eurorad-5-1.png"]


def test_what_is_known_and_gone_is_told_with_when_and_why(root: Path) -> None:
    taken.take(root, "a-1.png", reason="the patient asked")
    with pytest.raises(UsageError) as caught:
        taken.plan(root, "a-1.png")
    assert str(caught.value) == (
        "nothing of 'a-1.png' is here any more; provenance.csv knows it "
        "(takedown, 2026-01-02T03:04:05Z: the patient asked)"
    )


def test_another_patient_of_the_same_page_is_not_touched(root: Path) -> None:
    assert rows(root, "8") == ["b-1.png"]
    taken.take(root, "8")
    assert rows(root, "9") == ["c-1.png", "c-2.nii.gz"]


def test_a_collection_without_a_table_has_candidates_alone(tmp_path: Path) -> None:
    candidates.keep(tmp_path, candidates.case(5))
    assert taken.take(tmp_path, "https://www.eurorad.org/case/5").candidates == ("eurorad/5",)
    assert not (tmp_path / "metadata.csv").exists()


def test_texts_that_are_no_addresses_are_never_the_same_page(tmp_path: Path) -> None:
    root = taken.collection(tmp_path, {"url": "no address"}, {"url": "not one either"})
    assert rows(root, "url=https://example.org/case/7") == ["a-1.png", "a-2.png"]
    with pytest.raises(UsageError, match="there is no page"):
        taken.plan(root, "neither is this")
