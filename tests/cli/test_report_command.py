"""``covidxr report`` as a user sees it."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests import build, candidates

from covidxr.cli.app import main
from covidxr.cli.render import reportpage

SNAPSHOT = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22"
PROJECT = Path(__file__).parents[2]
HOSTILE = "<script>alert(1)</script>"


class Page(HTMLParser):
    """What a page holds: elements, what they load, what they link to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def links(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.elements if tag == "a"]


def collection(root: Path, *changes: dict[str, str]) -> Path:
    (root / "images").mkdir(exist_ok=True)
    rows = build.rows(*changes)
    for number, row in enumerate(rows):
        if re.fullmatch(r"image-\d+\.png", row["filename"]):
            (root / "images" / row["filename"]).write_bytes(candidates.picture(number))
    (root / "metadata.csv").write_text(build.csv_text(rows))
    return root


def report(root: Path, *options: str) -> str:
    out = root / "report.html"
    assert main(["report", "--root", str(root), "-o", str(out), *options]) == 0
    return out.read_text(encoding="utf-8")


def test_the_page_shows_numbers_pictures_problems_and_rows(tmp_path: Path) -> None:
    text = report(collection(tmp_path, {}, {"age": "200", "sex": "M"}), "--title", "My chests")
    page = Page(text)
    assert "<title>My chests – report</title>" in text
    assert "Not for diagnosis" in text
    sex = text[text.index('id="caption-sexes"') :].partition("</table>")[0]
    assert re.findall(
        r'class="name">(\w+)</th><td class="n">(\d+)</td><td class="n">([^<]*)<', sex
    ) == [
        ("female", "1", "50 %"),
        ("male", "1", "50 %"),
    ]
    pictures = [attributes for tag, attributes in page.elements if tag == "img"]
    assert len(pictures) == 2
    assert all(each["src"].startswith("data:image/jpeg;base64,") for each in pictures)
    assert {"row-2", "row-3", "picture-2", "rule-SCH205"} <= set(page.ids)
    assert "#row-3" in page.links()


def test_every_link_within_the_page_leads_somewhere_and_no_id_stands_twice(tmp_path: Path) -> None:
    page = Page(report(collection(tmp_path, {}, {"age": "200"}, {"filename": "gone.png"})))
    assert {link[1:] for link in page.links() if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    labelled = {
        word for _, each in page.elements for word in each.get("aria-labelledby", "").split()
    }
    assert labelled <= set(page.ids)


def test_nothing_is_loaded_from_outside_and_no_script_may_run(tmp_path: Path) -> None:
    text = report(collection(tmp_path, {}))
    loading = {"src", "srcset", "data", "poster", "background", "action", "xlink:href"}
    page = Page(text)
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            if name in loading or (name == "href" and tag != "a"):
                assert value.startswith(("data:", "#")), (tag, name, value)
        assert tag not in {"script", "link", "iframe", "object", "embed", "base", "form"}
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in text


def test_hostile_cells_are_text(tmp_path: Path) -> None:
    hostile = {
        "patientid": '"onload="alert(1)',
        "location": HOSTILE,
        "finding": f"{HOSTILE}/x",
        "license": "' onmouseover='alert(1)",
        "view": "</style></svg><b>",
        "url": "javascript:alert(1)",
        "filename": f"{HOSTILE}.png",
        "doi": "{{ 7 * 7 }}",
        "sex": "\x1b[31m\u202e",
    }
    text = report(collection(tmp_path, hostile, {}))
    page = Page(text)
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not [tag for tag, _ in page.elements if tag in {"script", "b"}]
    assert not [link for link in page.links() if link.startswith("javascript")]
    assert "{{ 7 * 7 }}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)


def test_bytes_that_are_not_utf_8_do_not_stop_it(tmp_path: Path) -> None:
    root = collection(tmp_path, {"location": "Malm?"})
    data = (root / "metadata.csv").read_bytes().replace(b"Malm?", b"Malm\xf6")
    (root / "metadata.csv").write_bytes(data)
    assert "Malm\\xf6" in report(root)


def test_the_same_collection_gives_the_same_bytes(tmp_path: Path) -> None:
    root = collection(tmp_path, {}, {"age": "200"}, {"filename": "gone.png"})
    assert report(root) == report(root)


def test_a_page_of_an_empty_table_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text(build.csv_text([]))
    assert "The table names no file." in report(tmp_path)


def test_diagnostics_do_not_fail_it_and_standard_output_stays_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(collection(tmp_path, {"age": "200"}))
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"wrote .*report\.html: \d+\.\d MB\n", said.err)


@pytest.mark.parametrize("name", ["folder.html", "metadata.csv", "report"])
def test_a_folder_or_a_file_that_is_no_page_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    root = collection(tmp_path, {})
    (root / "folder.html").mkdir()
    before = (root / "metadata.csv").read_bytes()
    assert main(["report", "--root", str(root), "-o", str(root / name)]) == 2
    assert name in capsys.readouterr().err
    assert (root / "metadata.csv").read_bytes() == before


@pytest.mark.parametrize("number", ["-1", "many", "1.5", "٣"])
def test_a_number_of_thumbnails_that_is_none_is_refused(tmp_path: Path, number: str) -> None:
    root = collection(tmp_path, {})
    out = str(root / "report.html")
    assert main(["report", "--root", str(root), "-o", out, f"--thumbnails={number}"]) == 2


def test_fewer_thumbnails_are_said(tmp_path: Path) -> None:
    root = collection(tmp_path, {}, {}, {})
    assert "2 of 3 files, spread fairly" in report(root, "--thumbnails", "2")
    assert "All 3 files, by finding" in report(root, "--thumbnails", "all")


def test_a_file_without_a_picture_has_a_place_that_says_why(tmp_path: Path) -> None:
    assert "No picture: the file is not there" in report(
        collection(tmp_path, {}, {"filename": "gone.png"})
    )


def test_a_cell_of_a_page_of_text_is_cut(tmp_path: Path) -> None:
    text = report(collection(tmp_path, {"location": "x" * 5000}))
    assert "x" * 299 + "…" in text
    assert "x" * 400 not in text


def test_templates_and_scripts_are_part_of_what_is_installed(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    package = PROJECT / "src"
    beside = {
        path.relative_to(package).as_posix()
        for folder in ("cli/render/templates", "web/templates", "web/static")
        for path in (package / "covidxr" / folder).iterdir()
    }
    assert "covidxr/web/static/review.js" in beside <= held


@pytest.mark.skipif(not SNAPSHOT.is_dir(), reason="the real table is not on this machine")
def test_the_real_table_makes_a_page_of_some_megabytes_at_most(tmp_path: Path) -> None:
    out = tmp_path / "real.html"
    assert main(["report", "--root", str(SNAPSHOT), "-o", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert len(text) < 3_000_000
    page = Page(text)
    assert {link[1:] for link in page.links() if link.startswith("#")} <= set(page.ids)
    assert "There is no picture here" in text


def test_every_column_of_the_rows_is_one_of_the_table_s() -> None:
    from covidxr.columns import BY_NAME

    assert {name for name, _ in reportpage.COLUMNS} <= set(BY_NAME)
