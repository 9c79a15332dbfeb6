"""The generated parts of SCHEMA.md, and how they are found and replaced."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

import pytest

from covidxr import schemapage
from covidxr.columns import BY_NAME, COLUMNS, HEADER, VIEW_MODALITY
from covidxr.errors import CovidxrError
from covidxr.labels import NODES

NAMES = ["columns", "values", "findings", "aliases"]


def page(*names: str, body: str = "to be replaced\n", newline: str = "\n") -> str:
    parts = [
        f"# About {name}\n\n<!-- covidxr schema: begin {name} -->\n{body}"
        f"<!-- covidxr schema: end {name} -->\nwords\n"
        for name in names
    ]
    return "".join(parts).replace("\n", newline)


def rows_of(block: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in block.splitlines()
        if line.startswith("|")
    ]


def test_the_blocks_are_named_in_the_order_of_the_page() -> None:
    assert list(schemapage.blocks()) == NAMES


def test_every_column_has_one_line_in_the_order_of_the_header() -> None:
    lines = rows_of(schemapage.blocks()["columns"])[2:]
    assert [line[0] for line in lines] == [f"`{name}`" for name in HEADER]


def test_every_line_of_a_table_has_as_many_cells_as_its_head() -> None:
    for name in ("columns", "findings", "aliases"):
        widths = {len(line) for line in rows_of(schemapage.blocks()[name])}
        assert len(widths) == 1, name


def test_a_bar_inside_a_meaning_does_not_break_the_table() -> None:
    assert "|" in BY_NAME["finding"].meaning
    assert "“\\|”" in schemapage.blocks()["columns"]


def test_every_view_is_listed_with_its_translations() -> None:
    lines = {line[0]: line[2] for line in rows_of(schemapage.blocks()["values"])}
    assert all(f"`{view}`" in lines for view in VIEW_MODALITY)
    assert "`supino`" in lines["`AP Supine`"]
    assert "`seduto`" in lines["`AP`"]


def test_a_word_that_needs_the_source_is_listed_apart_from_the_values() -> None:
    assert "- `hrct`: " in schemapage.blocks()["values"]


def test_columns_with_the_same_values_share_a_table() -> None:
    heads = [line[0] for line in rows_of(schemapage.blocks()["values"]) if line[1] == "Meaning"]
    assert any("`survival`, `intubated`" in head for head in heads)
    assert sum("`survival`" in head for head in heads) == 1


def test_every_finding_is_listed_with_its_kind() -> None:
    lines = rows_of(schemapage.blocks()["findings"])[2:]
    assert [(line[0], line[1]) for line in lines] == [(f"`{n.path}`", n.kind) for n in NODES]


def test_the_older_names_of_a_column_are_listed() -> None:
    assert ["`wbc count`, `wbc`", "`leukocyte_count`"] in rows_of(schemapage.blocks()["aliases"])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_updating_replaces_what_stands_between_the_markers_and_nothing_else(newline: str) -> None:
    old = page(*NAMES, newline=newline)
    new = schemapage.updated(old)
    assert "to be replaced" not in new
    assert new.startswith(f"# About columns{newline}{newline}<!-- covidxr schema: begin columns")
    assert new.endswith(f"words{newline}")
    if newline == "\r\n":
        assert new.count("\n") == new.count("\r\n")


def test_updating_twice_changes_nothing_more() -> None:
    new = schemapage.updated(page(*NAMES))
    assert schemapage.updated(new) == new
    assert schemapage.stale(new) == []


def test_a_stale_block_is_named_with_the_line_of_its_marker() -> None:
    new = schemapage.updated(page(*NAMES)).replace("wbc count", "wbc counts")
    line = new.splitlines().index("<!-- covidxr schema: begin aliases -->") + 1
    assert schemapage.stale(new) == [(line, "aliases")]


def test_the_order_of_the_blocks_is_the_pages_own() -> None:
    new = schemapage.updated(page("aliases", "findings", "values", "columns"))
    assert new.index("begin aliases") < new.index("begin columns")


BROKEN = {
    "nothing is marked": ("# A page\n", "no marker .* names columns, values, findings, aliases"),
    "one block is missing": (page("columns", "values", "findings"), "no marker .* names aliases"),
    "one block is there twice": (page(*NAMES, "values"), "'values' is there twice"),
    "the last block is not closed": (
        page(*NAMES).rpartition("<!--")[0],
        "'aliases' is not closed",
    ),
    "a block is closed by another's end": (
        page(*NAMES).replace("end values", "end columns"),
        "block 'values' is not closed",
    ),
    "an end has no beginning": (
        page(*NAMES).partition("-->\n")[2],
        "block 'columns' ends and was not begun",
    ),
    "a block is unknown": (page(*NAMES, "labels"), "there is no block 'labels'"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_page_whose_markers_do_not_fit_is_refused(case: str) -> None:
    text, message = BROKEN[case]
    with pytest.raises(CovidxrError, match=message):
        schemapage.updated(text)
    with pytest.raises(CovidxrError, match=message):
        schemapage.stale(text)


def test_the_line_of_a_wrong_marker_is_known() -> None:
    with pytest.raises(schemapage.MarkerError) as caught:
        schemapage.stale(page(*NAMES).replace("end values", "end columns"))
    assert caught.value.line == 9


def test_a_page_without_markers_is_told_from_one_with() -> None:
    assert not schemapage.has_blocks("# A page\n<!-- covidxr stats: begin -->\n")
    assert schemapage.has_blocks(page("columns"))


class TestTableSchema:
    schema: ClassVar[dict[str, Any]] = schemapage.table_schema()
    fields: ClassVar[dict[str, Any]] = {field["name"]: field for field in schema["fields"]}

    def test_is_json(self) -> None:
        assert json.loads(json.dumps(self.schema)) == self.schema

    def test_has_a_field_for_every_column_in_order(self) -> None:
        assert list(self.fields) == list(HEADER)

    def test_uses_only_types_that_the_specification_has(self) -> None:
        assert {field["type"] for field in self.fields.values()} == {"string", "integer", "number"}

    def test_names_key_columns_that_exist(self) -> None:
        assert set(self.schema["primaryKey"]) <= set(HEADER)

    def test_says_what_is_required_and_what_is_allowed(self) -> None:
        assert self.fields["modality"]["constraints"] == {
            "required": True,
            "enum": ["X-ray", "CT"],
        }
        assert self.fields["pO2_saturation"]["constraints"] == {"minimum": 0, "maximum": 100}
        assert self.fields["pO2_saturation"]["unit"] == "%"

    def test_accepts_every_example(self) -> None:
        for column in COLUMNS:
            pattern = self.fields[column.name].get("constraints", {}).get("pattern")
            if pattern:
                assert re.fullmatch(pattern, column.example), column.name
