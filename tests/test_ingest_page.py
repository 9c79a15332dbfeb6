"""What docs/ingest.md says is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from covidxr.cli.app import main
from covidxr.ingestmapping import parse_mapping
from covidxr.ingestnames import LIMITS

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "ingest.md").read_text(encoding="utf-8")


def test_the_mapping_that_is_shown_is_one() -> None:
    block = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert block
    for text in (block[1], re.sub(r"^# (encoding|delimiter)", r"\1", block[1], flags=re.MULTILINE)):
        reading = parse_mapping(text, "docs/ingest.md")
        assert reading.columns["Beatmet"] == "intubated"
        assert reading.values["sex"] == {"w": "F", "unbekannt": ""}


def test_every_option_that_it_names_exists_and_every_option_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    main(["ingest", "--help"])
    known = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    named = set(re.findall(r"--[a-z][a-z-]+", PAGE))
    assert named <= known
    shared = {"--help", "--root", "--output", "--format", "--license"}
    assert known - named <= shared


def test_the_limits_that_it_names_hold() -> None:
    assert f"{LIMITS.total_bytes >> 30} GiB or\n{LIMITS.ratio} times its size" in PAGE
    assert f"larger than {LIMITS.file_bytes >> 30} GiB" in PAGE
