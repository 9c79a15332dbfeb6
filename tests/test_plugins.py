"""The contract that every rule meets, and how rules are found."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr import store
from covidxr.model import Hit, ImageDepth, Severity
from covidxr.plugins import CODE, SECTIONS, Need, Rule, discover, rule
from covidxr.selection import FAMILIES
from covidxr.validate import RULES, Options, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
KNOWN = discover(RULES)
MODULES = [info.name for info in pkgutil.iter_modules(importlib.import_module(RULES).__path__)]
each_rule = pytest.mark.parametrize("each", KNOWN.values(), ids=KNOWN)


def module_of(each: Rule) -> str:
    return each.check.__module__.rpartition(".")[2]


def sections_of(page: str) -> dict[str, str]:
    """Headings of a page, underlined with hyphens, and the text below each."""
    parts = re.split(r"^(\S[^\n]*)\n(-{3,})$", page, flags=re.MULTILINE)
    assert all(len(parts[at]) == len(parts[at + 1]) for at in range(1, len(parts), 3))
    return {parts[at]: parts[at + 2].strip() for at in range(1, len(parts), 3)}


@pytest.mark.parametrize("name", MODULES)
def test_a_file_of_the_folder_holds_one_rule(name: str) -> None:
    assert [module_of(each) for each in KNOWN.values()].count(name) == 1


@each_rule
def test_a_rules_file_is_named_after_its_code_and_name(each: Rule) -> None:
    assert CODE.fullmatch(each.code)
    assert each.code[:3] in FAMILIES
    assert module_of(each) == f"{each.code.lower()}_{each.name.replace('-', '_')}"


@each_rule
def test_a_rule_has_a_test_file_of_its_name(each: Rule) -> None:
    assert (HERE / "rules" / f"test_{module_of(each)}.py").is_file()


def test_names_are_as_unique_as_codes() -> None:
    assert len({each.name for each in KNOWN.values()}) == len(KNOWN)


@each_rule
def test_a_rules_page_has_its_five_sections_with_content(each: Rule) -> None:
    sections = sections_of(each.page)
    assert tuple(sections) == SECTIONS
    assert all(len(text) > 10 for text in sections.values())
    assert each.summary.endswith(".")
    assert len(each.summary) <= 100


@each_rule
def test_a_rule_writes_no_code_of_its_own_into_a_message(each: Rule) -> None:
    source = Path(importlib.import_module(f"{RULES}.{module_of(each)}").__file__ or "").read_text()
    body = source.replace(each.page, "").partition('@rule("')[2].partition('"""')[2]
    assert each.code not in body.partition('"""')[2]


def hits(each: Rule, data: Dataset) -> list[Hit]:
    return list(each.check(data))


@each_rule
def test_a_rule_is_silent_on_a_header_alone(each: Rule) -> None:
    for folders in (frozenset[str](), frozenset({"images", "volumes"})):
        empty = build.from_text(
            build.csv_text([]), folders=folders, depth=ImageDepth.FULL, as_of=dt.date(2020, 6, 22)
        )
        # That nothing stands below the header is what this one is for.
        assert each.name == "no-rows" or hits(each, build.judged(empty)) == []


@each_rule
def test_a_rule_is_silent_on_good_rows(each: Rule) -> None:
    ct = {"view": "Axial", "modality": "CT", "finding": "Pneumonia/Bacterial/Klebsiella",
          "license": "CC0-1.0", "date": "2020"}  # fmt: skip
    good = build.judged(build.dataset({}, ct, {"sex": "", "age": ""}, as_of=dt.date(2020, 6, 22)))
    assert hits(each, good) == []


@pytest.mark.skipif(
    not (REPOSITORY / "metadata.csv").is_file(), reason="the reference collection is not here"
)
def test_every_rule_is_silent_on_the_reference_collection() -> None:
    options = Options(root=REPOSITORY, today=dt.date(2100, 1, 1), depth=ImageDepth.FULL)
    report = validate(options).report
    assert [(found.code, found.message) for found in report.diagnostics] == []
    assert report.skipped == ()
    assert report.rows > 0
    assert report.files > 0


@pytest.mark.skipif(
    not (REPOSITORY / "metadata.csv").is_file(), reason="the reference collection is not here"
)
def test_the_reference_collection_is_read_and_written_byte_for_byte() -> None:
    from covidxr import csvtext

    text = store.read_collection(REPOSITORY).table.text
    assert csvtext.edited(text, {}) == (REPOSITORY / "metadata.csv").read_bytes()


# --- finding rules -------------------------------------------------------------------------------

PLUGIN = """
from covidxr.model import Severity
from covidxr.plugins import Need, rule


@rule("{code}", severity=Severity.INFO, since="0.1", needs=(Need.IMAGES,))
def some_name(dataset):
    \"\"\"Say what it is about.

    More.
    \"\"\"
    return iter(())
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "some_rules"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "some_rules"]:
        del sys.modules[name]


def test_a_new_file_in_the_folder_is_a_new_rule(package: Path) -> None:
    (package / "tst102_b.py").write_text(PLUGIN.format(code="TST102"))
    (package / "tst101_a.py").write_text(PLUGIN.format(code="TST101"))
    found = discover("some_rules")
    assert list(found) == ["TST101", "TST102"]
    first = found["TST101"]
    assert (first.key, first.name, first.summary) == (
        "TST101",
        "some-name",
        "Say what it is about.",
    )
    assert first.needs == {Need.IMAGES}
    assert first.url.endswith("docs/rules.md#tst101-some-name")


def test_two_rules_with_one_code_are_refused(package: Path) -> None:
    (package / "a.py").write_text(PLUGIN.format(code="TST101"))
    (package / "b.py").write_text(PLUGIN.format(code="TST101"))
    with pytest.raises(ValueError, match=r"TST101 is defined twice, again in some_rules\.b"):
        discover("some_rules")


@pytest.mark.parametrize("code", ["IMG1", "img101", "IMG1011", "", "IMAG101"])
def test_a_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"is not three capital letters and three digits"):
        rule(code, severity=Severity.ERROR, since="0.1")
