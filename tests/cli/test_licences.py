"""``covidxr licences``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests import build

from covidxr.cli.app import main

REAL = Path(__file__).parents[2].parent / "shared" / "real" / "2020-06-22"

TEXT = """\
licence          rows  images  patients  share      adapt      commercial  credit     share alike
(blank)             1       1         1  not known  not known  not known   not known  not known
CC-BY-NC-SA-4.0     1       1         1  yes        yes        no          yes        yes
CC-BY-SA-4.0        1       1         1  yes        yes        yes         yes        yes

purpose                                            allow  forbid  not known
share it unchanged                                     2       0          1
share it changed: cropped, resized, de-identified      2       0          1
use it commercially                                    1       1          1

2 of 3 rows name a licence that is known. Together these allow:
  share it unchanged: yes
  share it changed: cropped, resized, de-identified: yes
  use it commercially: no, 1 row forbids it
  2 rows must be credited: `covidxr attribution` says how.
  Of 1 row nothing can be said, and so not of the whole.
CC-BY-NC-SA-4.0, CC-BY-SA-4.0 each ask that what is made of an image is shared under the image's \
own licence: images of two of them cannot be parts of one adapted picture, unless one licence's \
text names the other as compatible. Side by side in a collection they are no adaptation, and each \
keeps its licence.

Not known, 1 row: the cell is blank: look at the page that doi or url names, and write the SPDX id
  (blank): line 4

This reads the license column; it is no legal advice. The licences' own texts count.
"""


@pytest.fixture
def root(tmp_path: Path) -> str:
    """Three rows: two licences that ask for the same, and none."""
    licences = ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "")
    rows = build.rows(*({"license": each} for each in licences))
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows), encoding="utf-8")
    return str(tmp_path)


def test_text_tells_what_is_allowed_forbidden_and_not_known(
    root: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["licences", "--root", root]) == 0
    assert capsys.readouterr().out == TEXT


def test_a_purpose_lists_the_rows_that_do_not_allow_it_and_ends_with_0(
    root: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["licences", "--root", root, "--for", "commercial"]) == 0
    assert capsys.readouterr().out == (
        "line  filename     license          allowed\n"
        "   3  image-2.png  CC-BY-NC-SA-4.0  no\n"
        "   4  image-3.png  (blank)          not known: blank\n"
        "\n"
        "1 of 3 rows allow to use it commercially.\n"
    )


def test_csv_has_a_line_a_row_and_blanks_where_it_is_not_known(
    root: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["licences", "--root", root, "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["commercial"] for row in rows] == ["yes", "no", ""]
    assert rows[2]["unknown"] == "blank"


def test_json_tells_what_is_not_known_as_null(
    root: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["licences", "--root", root, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert told["purposes"]["commercial"] == {"allow": 1, "forbid": 1, "unknown": 1}
    blank = next(each for each in told["licences"] if each["license"] == "")
    assert blank["allows"] == {"share": None, "adapt": None, "commercial": None}
    assert blank["lines"] == [4]


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_a_purpose_is_listed_in_every_form(
    root: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["licences", "--root", root, "--for", "adapt", "--format", form]) == 0
    assert "image-3.png" in capsys.readouterr().out


def test_an_unknown_purpose_is_refused(root: str) -> None:
    assert main(["licences", "--root", root, "--for", "fun"]) == 2


@pytest.mark.skipif(not REAL.exists(), reason="the real table is not here")
def test_the_real_table_tells_its_blank_and_versionless_licences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["licences", "--root", str(REAL), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    rows = {each["license"]: (each["rows"], each["unknown"]) for each in told["licences"]}
    # One cell holds a lone blank besides the 239 that are empty.
    assert rows[""] == (240, "blank")
    assert rows["CC BY-NC-SA"] == (227, "no-version")
