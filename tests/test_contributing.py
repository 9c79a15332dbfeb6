"""The recipe in CONTRIBUTING.md makes a rule that works."""

from __future__ import annotations

import re
import sys
from importlib import invalidate_caches
from pathlib import Path
from typing import TYPE_CHECKING

from tests import build

from covidxr.plugins import SECTIONS, discover

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_rule_that_is_shown_is_found_and_fires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = re.findall(r"^```python\n(.*?)^```$", CONTRIBUTING, re.DOTALL | re.MULTILINE)
    (name,) = re.findall(r"`src/covidxr/rules/(\w+)\.py`", CONTRIBUTING)
    package = tmp_path / "shown_rules"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    invalidate_caches()
    found = discover("shown_rules")
    monkeypatch.delitem(sys.modules, "shown_rules")
    ((code, rule),) = found.items()
    assert name == f"{code.lower()}_{rule.name.replace('-', '_')}"
    assert all(section in rule.page for section in SECTIONS)
    data = build.dataset({}, {"view": "L", "modality": "CT"})
    assert [hit.rows for hit in rule.check(data)] == [[1]]


def test_every_command_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`", CONTRIBUTING))
    assert named
    assert named <= targets
