"""What is sent to do harm: a clear line each, nothing half-written, and the run goes on."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.pdfs import many_pages
from tests.scraping import Scraping, scraping

from covidxr.replica import papers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE article [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + at, b"&%c;" % (97 + at) * 20) for at in range(12))
    + b"]><article><front><article-meta><title-group><article-title>&m;</article-title>"
    b"</title-group></article-meta></front><body/></article>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<article><front><article-meta><title-group><article-title>&x;</article-title></title-group>"
    b"</article-meta></front><body/></article>"
)
DEEP = b"<article>" + b"<sec>" * 200_000 + b"</article>"
CUT = papers.OPEN.xml()[:900]
PAGE = b"<!DOCTYPE html><html><title>Sign in</title><body>Please wait</html>"


def bomb_png() -> bytes:
    """A picture of 60,000 x 60,000 pixels in some kilobytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(2_000_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def bomb_jpeg() -> bytes:
    """A small JPEG whose header says that it is 65,000 pixels wide and high."""
    out = io.BytesIO()
    Image.new("L", (16, 16)).save(out, "JPEG")
    body = bytearray(out.getvalue())
    at = body.index(b"\xff\xc0")
    body[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(body)


@pytest.fixture
def scene(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scraping]:
    with scraping(tmp_path, capsys, monkeypatch, papers.site()) as made:
        yield made


def hostile(scene: Scraping, article: papers.Article) -> None:
    (site,) = set(scene.replica.sites.values())
    assert isinstance(site, papers.Papers)
    site.add(article)


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, DEEP, CUT], ids=["bomb", "file", "deep", "cut"])
def test_hostile_xml_is_named_and_the_run_goes_on(scene: Scraping, body: bytes) -> None:
    doi = "10.5555/hostile.1"
    hostile(scene, papers.Article(doi=doi, pmcid="PMC9000099", instead=body))
    said = scene.run("figures", doi, papers.REPRODUCED.doi)
    assert said.code in {0, 1}
    assert "root:" not in said.out + said.err
    (line,) = [each for each in said.out.splitlines() if each.startswith(doi)]
    assert "candidate" not in line
    assert "2 DOIs, 1 candidate" in said.out
    assert {path.split("/")[0] for path in scene.files()} == {"figures"}


def test_a_web_page_in_the_place_of_the_text_is_no_answer(scene: Scraping) -> None:
    doi = "10.5555/hostile.2"
    hostile(scene, papers.Article(doi=doi, pmcid="PMC9000098", instead=PAGE, open_access=False))
    said = scene.run("figures", doi)
    assert (said.code, "inconclusive" in said.out) == (1, True)
    assert scene.files() == {}


@pytest.mark.parametrize("picture", [bomb_png(), bomb_jpeg()], ids=["png", "jpeg"])
def test_a_picture_that_would_fill_memory_is_not_decoded(scene: Scraping, picture: bytes) -> None:
    doi = "10.5555/hostile.3"
    figure = papers.Figure(
        label="Figure 1", caption="Chest radiograph.", files=(("f.png", picture),)
    )
    hostile(scene, papers.Article(doi=doi, pmcid="PMC9000097", figures=(figure,)))
    said = scene.run("figures", doi)
    assert said.code in {0, 1}
    assert "Figure 1" in said.out
    assert "Traceback" not in said.err
    assert scene.files() == {}


def test_a_pdf_of_ten_thousand_pages_is_refused(scene: Scraping) -> None:
    path = scene.root / "book.pdf"
    path.write_bytes(many_pages(10_000))
    said = scene.run("figures", "--pdf", str(path), "--offline")
    assert said.code == 1
    assert "10,000 pages" in said.out
    assert scene.files() == {}


@pytest.mark.parametrize(
    "doi",
    [
        "10.5555/../../../../etc/passwd",
        "10.5555/a?x=1&y=2",
        "10.5555/a#b",
        "10.5555/a%2F..%2Fb",
        "10.5555/" + "a" * 3000,
        '10.5555/";drop',
        "10.5555/\u202egnp.exe",
    ],
)
def test_a_doi_stays_within_the_folder_and_the_question(scene: Scraping, doi: str) -> None:
    article = papers.Article(
        doi=doi,
        pmcid="PMC9000096",
        figures=(
            papers.Figure(
                label="Figure 1",
                caption="Chest radiograph.",
                files=(("../../f.png", papers.grid(1, 1)),),
            ),
        ),
    )
    hostile(scene, article)
    said = scene.run("figures", doi)
    assert "Traceback" not in said.err
    assert said.code in {0, 1}
    for path in scene.files():
        assert path.count("/") == 2
        assert ".." not in path
    top = {path.name for path in scene.root.iterdir()}
    assert top <= {"metadata.csv", "covidxr.toml", ".covidxr"}
