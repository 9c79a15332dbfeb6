"""A contributor's table, whatever its columns are called."""

from __future__ import annotations

import pytest

from covidxr.errors import UsageError
from covidxr.ingestmapping import own_reading, parse_mapping, read_rows, read_sheet

MAPPING = """
file = "Datei"
patient = "Pat"
ignore = ["intern"]
[columns]
"Geschlecht" = "sex"
"Alter" = "age"
[values.sex]
"w" = "F"
"k. A." = ""
[constants]
license = "CC BY 4.0"
"""


def rows(text: str | bytes, mapping: str = MAPPING) -> tuple[list[dict[str, str]], list[str]]:
    reading = parse_mapping(mapping, "map.toml")
    data = text.encode() if isinstance(text, str) else text
    sheet = read_sheet(data, "list.csv", reading.encoding, reading.delimiter)
    found, notes = read_rows(sheet, reading, "list.csv")
    plain = [{name: each.value for name, each in row.cells.items()} for row in found]
    return plain, notes


def test_columns_and_values_of_other_names_become_cells() -> None:
    found, notes = rows("Datei;Pat;Geschlecht;Alter;intern\na.png;7;w;54;x\nb.png;8;Männlich;61;\n")
    assert found == [
        {"license": "CC-BY-4.0", "sex": "F", "age": "54"},
        {"license": "CC-BY-4.0", "sex": "M", "age": "61"},
    ]
    assert notes == []


def test_a_value_that_means_nothing_leaves_the_cell_blank_without_a_word() -> None:
    found, notes = rows("Datei,Pat,Geschlecht,Alter,intern\na.png,7,k. a.,54,\n")
    assert "sex" not in found[0]
    assert notes == []


def test_a_value_that_the_schema_refuses_is_told_with_its_place_and_left_blank() -> None:
    found, notes = rows(
        'Datei,Pat,Geschlecht,Alter,intern\n"a\n.png",7,?,54,\nb.png,7,w,54 Jahre,\n'
    )
    assert "sex" not in found[0]
    assert "age" not in found[1]
    assert "list.csv, line 2, column 'Geschlecht'" in notes[0]
    # A cell with a line end in it stands above.
    assert "list.csv, line 4, column 'Alter'" in notes[1]
    assert all("left blank" in each for each in notes)


def test_a_column_that_nobody_maps_is_told_once() -> None:
    _, notes = rows("Datei,Pat,Geschlecht,Alter,intern,neu\na.png,7,w,54,,x\nb.png,7,w,54,,y\n")
    assert notes == ["list.csv: the column 'neu' is not taken: the mapping does not name it"]


def test_a_row_that_names_no_file_and_one_that_is_too_long_are_told() -> None:
    _, notes = rows("Datei,Pat,Geschlecht,Alter,intern\n,7,w,54,\na.png,7,w,54,,x\n\n")
    assert notes == [
        "list.csv, line 2: it names no file (column 'Datei')",
        "list.csv, line 3: it has more cells than the header",
    ]


def test_where_a_cell_stands_is_kept_without_the_file_s_own_name() -> None:
    reading = parse_mapping(MAPPING, "map.toml")
    sheet = read_sheet(b"Datei,Pat,Geschlecht,Alter,intern\na.png,7,w,54,\n", "Mueller.csv")
    (row,), _ = read_rows(sheet, reading, "Mueller.csv")
    assert row.cells["sex"].words == "w"
    assert row.cells["sex"].where == "contributor's table, line 2, column Geschlecht"
    assert (row.file, row.patient) == ("a.png", "7")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_shows_what_parts_the_columns(delimiter: str) -> None:
    text = "Datei,Pat,Geschlecht,Alter,intern\na.png,7,w,54,\n".replace(",", delimiter)
    assert rows(text)[0][0]["age"] == "54"


def test_spreadsheets_encodings_are_read_where_they_say_so() -> None:
    text = "Datei,Pat,Geschlecht,Alter,intern\na.png,7,männlich,54,\n"
    assert rows(text.encode("utf-8-sig"))[0][0]["sex"] == "M"
    assert rows(text.encode("utf-16"))[0][0]["sex"] == "M"
    with pytest.raises(UsageError, match="is not UTF-8"):
        rows(text.encode("cp1252"))
    assert rows(text.encode("cp1252"), f'encoding = "cp1252"\n{MAPPING}')[0][0]["sex"] == "M"


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ("file = ", "no TOML"),
        ('[columns]\n"a" = "sex"', "which column names the files"),
        ('file = "a"\nfiles = "b"', "'files' is no key"),
        ('file = "a"\n[columns]\n"b" = "gender"', "no column 'gender'"),
        ('file = "a"\n[columns]\n"b" = "filename"', "not taken over"),
        ('file = "a"\n[columns]\n"b" = "sex"\n"c" = "sex"', "two columns are mapped to sex"),
        ('file = "a"\n[constants]\nsex = "x"', "not one of M, F"),
        ('file = "a"\n[values.sex]\n"b" = "x"', "not one of M, F"),
        ('file = "a"\n[columns]\n"b" = 3', "is a text"),
        ('file = "a"\nencoding = "klingon"', "no encoding"),
        ('file = "a"\nignore = "b"', "list of columns"),
        ("file = 3", "file is a text"),
        ('file = "a"\ncolumns = "b"', "is a table"),
        ('file = "a"\ndelimiter = ";;"', "one character"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(mapping: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        parse_mapping(mapping, "map.toml")


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "is empty"), (b"a,a\n1,2\n", "two columns 'a'"), (b"a,b\0\n", "NUL")],
)
def test_a_table_that_cannot_be_read_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_sheet(data, "list.csv")


def test_a_column_of_the_mapping_that_is_not_there_is_the_user_s_mistake() -> None:
    with pytest.raises(UsageError, match="no column 'Alter'"):
        rows("Datei,Pat,Geschlecht,intern\na.png,7,w,\n")


def test_a_table_in_this_schema_needs_no_mapping() -> None:
    sheet = read_sheet(b"patientid,filename,Sex,other\n7,a.png,F,x\n", "list.csv")
    reading = own_reading(sheet, "list.csv")
    (row,), notes = read_rows(sheet, reading, "list.csv")
    assert (row.file, row.patient, row.cells["sex"].value) == ("a.png", "7", "F")
    assert notes == ["list.csv: the column 'other' is not taken: the mapping does not name it"]
    with pytest.raises(UsageError, match="propose-mapping"):
        own_reading(read_sheet(b"Datei\na.png\n", "list.csv"), "list.csv")
