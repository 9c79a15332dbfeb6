"""Version and day in a settings' file, every other byte as it was."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from covidxr.errors import UsageError
from covidxr.releasetoml import with_version

DAY = dt.date(2026, 11, 26)


def test_a_new_file_gets_the_table() -> None:
    assert with_version("", "1.2.0", DAY) == (
        '[collection]\nversion = "1.2.0"\nreleased-on = 2026-11-26\n'
    )


def test_values_are_replaced_where_they_stand_and_comments_stay() -> None:
    old = "[collection]\ntitle = \"t\"\nversion = '1.0.0'  # data\nreleased-on = 2020-01-01 # day\n"
    assert with_version(old, "1.1.0", DAY) == (
        '[collection]\ntitle = "t"\nversion = "1.1.0"  # data\nreleased-on = 2026-11-26 # day\n'
    )


def test_other_tables_and_line_ends_stay() -> None:
    lines = ("# head", "[http]", 'contact = "a@b.c"', "", "[collection]", 'name = "n"', "[ignore]")
    old = "".join(f"{line}\r\n" for line in (*lines, 'A = "b"'))
    made = with_version(old, "1.0.0", DAY)
    assert made.replace('version = "1.0.0"\r\nreleased-on = 2026-11-26\r\n', "") == old


def test_a_version_of_another_table_is_none_of_ours() -> None:
    old = '[tool.other]\nversion = "9"\n\n[tool.covidxr.collection]\nname = "n"\n'
    made = with_version(old, "1.0.0", DAY, table="tool.covidxr.collection")
    data = tomllib.loads(made)["tool"]
    assert data["other"] == {"version": "9"}
    assert data["covidxr"]["collection"] == {"name": "n", "version": "1.0.0", "released-on": DAY}


def test_a_table_that_is_not_there_is_put_at_the_end() -> None:
    made = with_version('select = ["IMG"]', "1.0.0", DAY)
    assert made.startswith('select = ["IMG"]\n\n[collection]\n')


def test_text_of_several_lines_that_looks_like_a_table_is_left_alone() -> None:
    old = '[collection]\ndescription = """\n[other]\nversion = "7"\n"""\nname = "n"\n'
    data = tomllib.loads(with_version(old, "1.0.0", DAY))["collection"]
    assert data["description"] == '[other]\nversion = "7"\n'
    assert data["version"] == "1.0.0"


@pytest.mark.parametrize("old", ['collection = {name = "n"}\n', 'collection.name = "n"\n'])
def test_what_cannot_be_edited_alone_is_left_to_a_person(old: str) -> None:
    with pytest.raises(UsageError, match=r'write there yourself: version = "1\.0\.0"'):
        with_version(old, "1.0.0", DAY)


def test_it_is_the_same_the_second_time() -> None:
    made = with_version('[collection]\nname = "n"', "1.0.0", DAY)
    assert with_version(made, "1.0.0", DAY) == made
