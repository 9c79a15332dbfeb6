"""The DOIs of a table: which, where, and whose files are not here."""

from __future__ import annotations

from tests import build

from covidxr import csvread, tabledois
from covidxr.table import Table


def table(*changes: dict[str, str]) -> Table:
    return Table(csvread.parse(build.csv_text(build.rows(*changes)).encode()))


def test_spellings_of_one_doi_are_one_with_all_its_lines() -> None:
    made = table({"doi": "10.1000/A"}, {"doi": ""}, {"doi": "https://doi.org/10.1000/a"})
    (one,) = tabledois.included(made)
    assert (one.doi, one.lines, one.note) == ("10.1000/A", (2, 4), "")


def test_a_doi_that_is_written_otherwise_says_so() -> None:
    (one,) = tabledois.included(table({"doi": "doi:10.1000/a"}))
    assert (one.doi, one.note) == ("10.1000/a", "written as 'doi:10.1000/a'")


def test_a_cell_without_a_doi_is_listed_as_it_stands() -> None:
    (one,) = tabledois.included(table({"doi": "see paper"}, {"doi": "see paper"}))
    assert (one.doi, one.text, one.lines) == ("", "see paper", (2, 3))


def test_keys_are_of_readable_dois_only() -> None:
    made = table({"doi": "10.1000/A"}, {"doi": "see paper"}, {"doi": ""})
    assert tabledois.keys(made) == {"10.1000/a"}


def test_dois_of_rows_without_files_are_given_once_in_order() -> None:
    made = table(
        {"doi": "10.1000/b", "filename": "b1.png"},
        {"doi": "10.1000/a", "filename": "a.png"},
        {"doi": "10.1000/B", "filename": "b2.png"},
        {"doi": "10.1000/c", "filename": "c.nii.gz", "folder": "volumes"},
        {"doi": "", "filename": "none.png"},
        {"doi": "10.1000/d", "filename": "d.png"},
    )
    there = {"images/d.png", "images/c.nii.gz"}
    assert tabledois.without_files(made, there) == ("10.1000/b", "10.1000/a", "10.1000/c")
