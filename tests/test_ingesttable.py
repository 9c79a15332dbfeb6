"""Which row is about which file."""

from __future__ import annotations

from covidxr.ingestmapping import Stated, TableRow
from covidxr.ingesttable import Matched, match


def row(line: int, file: str, patient: str = "", sex: str = "F") -> TableRow:
    cells = {"sex": Stated(value=sex, words=sex, where="")}
    return TableRow(line=line, file=file, patient=patient, cells=cells)


def lines(matched: Matched) -> dict[str, int]:
    return {name: each.line for name, each in matched.rows.items()}


def test_a_row_names_a_file_by_the_end_of_its_path_in_any_case() -> None:
    rows = [row(2, "B.DCM"), row(3, "x/a.dcm"), row(4, ".\\y\\a.dcm")]
    matched = match(rows, ["sent/x/a.dcm", "sent/y/a.dcm", "sent/b.dcm"], "list.csv")
    assert lines(matched) == {"sent/b.dcm": 2, "sent/x/a.dcm": 3, "sent/y/a.dcm": 4}
    assert matched.notes == []


def test_a_row_names_a_folder_for_all_files_in_it_and_a_file_s_own_row_holds() -> None:
    rows = [row(2, "ct1"), row(3, "scout.dcm")]
    names = ["sent/ct1/1.dcm", "sent/ct1/deep/2.dcm", "sent/ct1/scout.dcm", "sent/ct10/3.dcm"]
    matched = match(rows, names, "list.csv")
    assert lines(matched) == {names[0]: 2, names[1]: 2, names[2]: 3}
    assert matched.notes == ["list.csv has no row for sent/ct10/3.dcm"]


def test_a_name_that_fits_two_files_fits_none() -> None:
    matched = match([row(2, "a.dcm")], ["sent/x/a.dcm", "sent/y/a.dcm"], "list.csv")
    assert matched.rows == {}
    assert "line 2: 'a.dcm' can be 2 files" in matched.notes[0]


def test_a_row_without_a_file_is_told() -> None:
    matched = match([row(2, "a.dcm"), row(3, "a")], ["b.dcm"], "list.csv")
    assert matched.notes[:2] == [
        "list.csv, line 2: there is no file 'a.dcm'",
        "list.csv, line 3: there is no file 'a'",
    ]


def test_two_rows_that_say_different_things_of_one_file_are_both_not_used() -> None:
    same = match([row(2, "a.png"), row(3, "A.png")], ["a.png"], "list.csv")
    assert lines(same) == {"a.png": 2}
    for other in (row(3, "a.png", sex="M"), row(3, "a.png", patient="8")):
        matched = match([row(2, "a.png"), other], ["a.png"], "list.csv")
        assert matched.rows == {}
        assert "lines 2 and 3 say different things" in matched.notes[0]


def test_of_many_files_without_a_row_some_are_named_and_all_are_counted() -> None:
    matched = match([], [f"{n}.png" for n in range(50)], "list.csv")
    assert len(matched.notes) == 21
    assert matched.notes[-1] == "list.csv has no row for 30 more files"
