"""``covidxr attribution``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests import build

from covidxr.cli.app import main

REAL = Path(__file__).parents[2].parent / "shared" / "real" / "sample"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A collection of a row with a credit and one without licence."""
    rows = build.rows({}, {"license": "", "other_notes": ""})
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows), encoding="utf-8")
    return tmp_path


def test_text_says_what_is_missing(collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attribution", "--root", str(collection), "--format", "text"]) == 0
    assert capsys.readouterr().out == (
        "images/image-1.png: Case courtesy of A. Radiologist; CC-BY-4.0; "
        "https://example.org/case/1\n"
        "images/image-2.png: example.org, https://example.org/case/2; no licence given\n"
        "\n"
        "1 of 2 images have author or work, source and licence.\n"
        "1 image: nobody is named: look at the page, and write the credit into other_notes.\n"
        "1 image: no licence is given: look at the page, and write its SPDX id into license.\n"
    )


def test_csv_and_json_have_the_same_parts(
    collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["attribution", "--root", str(collection), "--format", "csv"])
    assert capsys.readouterr().out.splitlines()[2] == (
        'images/image-2.png,example.org,"example.org, https://example.org/case/2",page,'
        "https://example.org/case/2,,,,author licence"
    )
    main(["attribution", "--root", str(collection), "--format", "json"])
    second = json.loads(capsys.readouterr().out)[1]
    assert second["missing"] == ["author", "licence"]
    assert second["form"] == "page"


def test_the_page_is_written_where_it_is_wanted(
    collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = collection / "ATTRIBUTION.md"
    assert main(["attribution", "--root", str(collection), "--out", str(out)]) == 0
    main(["attribution", "--root", str(collection)])
    shown = capsys.readouterr()
    assert out.read_text("utf-8") == shown.out
    assert "1 of 2 images" in shown.err


def test_an_unknown_form_is_refused(collection: Path) -> None:
    assert main(["attribution", "--root", str(collection), "--format", "xml"]) == 2


@pytest.mark.skipif(not REAL.exists(), reason="the real sample is not here")
def test_the_real_sample_credits_every_row_of_radiopaedia_by_its_own_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["attribution", "--root", str(REAL), "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    theirs = [each for each in found if each["source"] == "Radiopaedia"]
    own = [each for each in theirs if ", Radiopaedia.org, rID: " in each["text"]]
    assert len(own) > len(theirs) * 0.9
    assert all(each["text"] for each in found if each["url"])
