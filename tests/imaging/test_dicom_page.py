"""docs/dicom.md says what is decoded, as the tool prints it."""

from __future__ import annotations

import runpy
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from covidxr.imaging.dicomdecode import DECODERS
from covidxr.imaging.dicomfile import MOST_INFLATED
from covidxr.imaging.formats import MOST_DECODED

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dicom.md").read_text(encoding="utf-8")


def versions() -> str:
    try:
        return f"pydicom {version('pydicom')} with pydicom-data {version('pydicom-data')}"
    except PackageNotFoundError:
        return "pydicom alone"


def test_every_transfer_syntax_and_limit_stands_on_the_page() -> None:
    assert [syntax for syntax in DECODERS if f"`{syntax}`" not in PAGE] == []
    assert f"{MOST_INFLATED:,} bytes" in PAGE
    assert f"{MOST_DECODED:,} pixels" in PAGE


@pytest.mark.skipif(versions() not in PAGE, reason="the page is about other test files")
def test_the_tables_are_what_the_tool_prints(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "tools" / "dicom_syntaxes.py"))["main"]()
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if line.startswith("|") and line not in PAGE] == []
    assert len(printed) > 20
