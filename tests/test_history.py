"""Ten real tables of earlier forms are each reported on, never stumbled over."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from covidxr.cli.app import main

REAL = Path(__file__).parents[2] / "shared" / "real"
TABLES = [*sorted((REAL / "history").glob("*.csv")), REAL / "2020-06-22" / "metadata.csv"]
each_table = pytest.mark.parametrize("path", TABLES, ids=[path.stem for path in TABLES])

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="shared/real is not here")


@pytest.fixture
def root(path: Path, tmp_path: Path) -> Path:
    shutil.copyfile(path, tmp_path / "metadata.csv")
    return tmp_path


@each_table
def test_a_table_of_any_form_gets_a_report(
    path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["validate", "--root", str(root), "--images", "none", "--format", "json"])
    out, err = capsys.readouterr()
    assert code in {0, 1}, err
    report = json.loads(out)
    found = report["diagnostics"]
    assert found, "an earlier form has something to say about"
    lines = path.read_bytes().count(b"\n") + path.read_bytes().count(b"\r") + 1
    assert all(1 <= (each["line"] or 1) <= lines for each in found)
    assert (root / "metadata.csv").read_bytes() == path.read_bytes()


@each_table
def test_what_can_be_mended_is_mended_and_then_migrated_without_a_bug(
    path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fix = ["validate", "--root", str(root), "--images", "none", "--fix", "--format", "json"]
    assert main(fix) in {0, 1}
    assert main(["migrate", "--root", str(root)]) in {0, 1}
    capsys.readouterr()
    assert main(fix) in {0, 1}
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    codes = {each["code"] for each in json.loads(out)["diagnostics"]}
    assert not {code for code in codes if code.startswith("SCH1")}
    mended = (root / "metadata.csv").read_bytes()
    assert main(fix) in {0, 1}
    assert (root / "metadata.csv").read_bytes() == mended
