"""What a contributor's columns may be, and how sure that is."""

from __future__ import annotations

from covidxr.ingestmapping import parse_mapping, read_rows, read_sheet
from covidxr.ingestproposal import guesses, proposal


def sure(text: str, *names: str) -> dict[str, tuple[str, str]]:
    sheet = read_sheet(text.encode(), "list.csv")
    return {each.column: (each.name, each.sure) for each in guesses(sheet, names)}


def test_names_of_this_schema_are_certain_and_words_of_other_languages_likely() -> None:
    assert sure("filename,sex,Alter,Sesso,Età,WBC\na,F,54,F,54,6\n") == {
        "filename": ("file", "certain"),
        "sex": ("sex", "certain"),
        "Alter": ("age", "likely"),
        "Sesso": ("", ""),
        "Età": ("", ""),
        "WBC": ("leukocyte_count", "certain"),
    }


def test_values_alone_are_perhaps() -> None:
    found = sure("x1,x2,x3\nM,CT,a.dcm\nF,X-ray,b.dcm\nM,CT,c.dcm\n")
    assert found == {
        "x1": ("sex", "perhaps"),
        "x2": ("modality", "perhaps"),
        "x3": ("file", "likely"),
    }


def test_names_of_files_that_were_sent_are_certain() -> None:
    assert sure("scan\na\nb\n", "sent/a", "sent/b")["scan"] == ("file", "certain")
    assert sure("scan\na\nq\n", "sent/a", "sent/b")["scan"] == ("", "")


def test_a_name_that_is_nearly_one_is_perhaps() -> None:
    assert sure("Geschlecht_,Zzz\n,\n")["Zzz"] == ("", "")
    assert sure("temperatur1\nx\n")["temperatur1"] == ("temperature", "perhaps")


def test_what_is_not_sure_does_nothing_until_a_curator_has_looked() -> None:
    sheet = read_sheet(
        b'Datei;x1;Befund;"odd "" name"\na.png;M;COVID;1\nb.png;F;Quatsch;2\n', "list.csv"
    )
    text = proposal(sheet)
    assert '# "x1" = "sex"  # perhaps: 2 of 2 values are some of sex' in text
    assert '# "Quatsch" = ""' in text
    reading = parse_mapping(text, "map.toml")
    assert dict(reading.columns) == {"Befund": "finding"}
    rows, notes = read_rows(sheet, reading, "list.csv")
    assert [row.cells.keys() for row in rows] == [{"finding"}, set()]
    assert any("'x1' is not taken" in each for each in notes)
    uncommented = text.replace('# "x1"', '"x1"').replace("# ignore", "ignore")
    again = parse_mapping(uncommented, "map.toml")
    assert again.columns["x1"] == "sex"
    assert again.ignore == {'odd " name'}


def test_a_table_without_names_of_files_says_so() -> None:
    assert '# file = ""  # no column that names the file was found' in proposal(
        read_sheet(b"sex\nF\n", "list.csv")
    )
