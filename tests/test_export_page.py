"""docs/export.md: its example code runs on what its command writes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests import exports

from covidxr.cli.app import main
from covidxr.export import exporters
from covidxr.settings import parse_settings

REPOSITORY = Path(__file__).parents[1]
PAGE = (REPOSITORY / "docs" / "export.md").read_text(encoding="utf-8")
COMMAND = re.search(r"^\$ covidxr (export .+)$", PAGE, re.MULTILINE)
SECTIONS = {
    match[1]: re.findall(r"```python\n(.*?)```", match[2], re.DOTALL)
    for match in re.finditer(r"^## [^\n]*`(\w+)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the page's command was run, on a collection of two images."""
    pytest.importorskip("pyarrow")
    assert COMMAND is not None
    top = tmp_path_factory.mktemp("page")
    root = exports.collection(top / "collection")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(top)
        argv = COMMAND[1].split()
        assert main([*argv, "--root", str(root)]) == 0
        # What the command leaves out has example code all the same.
        others = [key for key in exporters() if key not in argv]
        assert main(["export", *others, "--to", "exports", "--root", str(root)]) == 0
    return top


@pytest.mark.parametrize("key", [key for key, codes in SECTIONS.items() if codes])
def test_example_code_runs(key: str, folder: Path) -> None:
    for code in SECTIONS[key]:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env={"HF_HUB_OFFLINE": "1", "PATH": "", "HOME": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_frictionless_calls_the_example_valid(folder: Path) -> None:
    code = SECTIONS["datapackage"][0]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("True\n")


def test_the_settings_on_the_page_are_settings() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    settings = parse_settings(text, where="covidxr.toml")
    assert settings is not None
    assert len(settings.about.makers) == 2
