"""PDF files: figures as they are seen, what a paper says of itself, and files that are broken."""

from __future__ import annotations

import csv
import difflib
import json
import logging
import multiprocessing
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PIL import Image
from tests import pdfs
from tests.pdfs import Leaf, figure_page, flat, jpeg, pdf, radiograph, text_page
from tests.pdfs_of_papers import one_radiograph

from covidxr import pdfread
from covidxr.imaging.pixels import decode
from covidxr.pdfread import PdfLimits, read_here, read_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.pdfread import PdfFigure, PdfReading

CHEST = radiograph()
INK: Any = 255 - CHEST


def only(data: bytes) -> PdfFigure:
    reading = read_here(data)
    assert reading.problem == ""
    (figure,) = reading.figures
    return figure


def seen(figure: PdfFigure) -> Any:
    pixels = decode(figure.data)
    assert pixels is not None
    return pixels.astype(int)


def apart(figure: PdfFigure, truth: Any) -> float:
    """Mean difference in levels; the sizes must be equal."""
    pixels = seen(figure)
    assert pixels.shape == truth.shape
    return float(np.abs(pixels - truth).mean())


def likeness(figure: PdfFigure, truth: Any) -> float:
    """Correlation: black ink has a curve of its own, so levels cannot be equal."""
    pixels = seen(figure)
    assert pixels.shape == truth.shape
    return float(np.corrcoef(pixels.ravel(), truth.ravel())[0, 1])


# ---- pictures -----------------------------------------------------------------------------------


def test_a_jpeg_that_is_a_whole_figure_is_given_byte_for_byte() -> None:
    picture = jpeg(CHEST)
    figure = only(pdf(figure_page(picture)))
    assert (figure.made, figure.data) == ("pdf-stream", picture.data)
    assert (figure.number, figure.label) == ("1", "Figure 1")
    assert figure.caption == "Chest radiograph of the patient."
    assert (figure.page, figure.box) == (1, (120, 100, 240, 200))
    assert figure.dpi == 144


def test_a_picture_without_loss_keeps_its_very_pixels() -> None:
    figure = only(pdf(figure_page(flat(CHEST), place=(101.3, 90.7, 217.1, 187.2))))
    assert figure.made == "pdf-render"
    assert apart(figure, CHEST) == 0


def test_a_jpeg_in_three_equal_colours_is_rendered_grey() -> None:
    figure = only(pdf(figure_page(flat(np.repeat(CHEST[:, :, None], 3, axis=2)))))
    assert apart(figure, CHEST) == 0


def test_a_picture_in_colour_keeps_its_colours() -> None:
    colour = np.stack([CHEST, CHEST // 2, CHEST // 3], axis=2)
    assert apart(only(pdf(figure_page(flat(colour)))), colour) == 0


def test_letters_that_lie_on_a_jpeg_are_seen() -> None:
    leaf = figure_page(jpeg(CHEST)).text(130, 110, "A", "F2", 20)
    figure = only(pdf(leaf))
    assert figure.made == "pdf-render"
    assert apart(figure, CHEST) > 0.5
    assert seen(figure)[20:60, 20:60].min() < 5


def test_an_arrow_that_lies_on_a_jpeg_is_seen() -> None:
    leaf = figure_page(jpeg(CHEST))
    leaf.content.append(b"1 1 1 RG 4 w 150 680 m 200 620 l S")
    figure = only(pdf(leaf))
    assert figure.made == "pdf-render"
    assert seen(figure).max() == 255


@pytest.mark.parametrize("make", [flat, jpeg], ids=["without loss", "JPEG"])
def test_amounts_of_black_ink_are_not_taken_for_light(make: Any) -> None:
    figure = only(pdf(figure_page(make(INK, space=pdfs.SEPARATION))))
    assert figure.made == "pdf-render"
    assert likeness(figure, CHEST) > 0.98


def test_tiles_of_ink_in_two_codings_become_one_picture_of_one_polarity() -> None:
    leaf = text_page()
    leaf.picture(jpeg(INK[:120, :150], pdfs.SEPARATION), (120, 100, 195, 160))
    leaf.picture(flat(INK[:, 150:], pdfs.SEPARATION), (195, 100, 240, 200))
    leaf.picture(flat(INK[120:, :150], pdfs.SEPARATION), (120, 160, 195, 200))
    leaf.text(60, 212, "Figure 1. A chest in three tiles.", "F3", 8)
    figure = only(pdf(leaf))
    assert figure.box == (120.0, 100.0, 240.0, 200.0)
    assert likeness(figure, CHEST) > 0.98
    assert not figure.polarity_suspect


def test_four_inks_are_rendered() -> None:
    inks = np.zeros((*CHEST.shape, 4), np.uint8)
    inks[:, :, 3] = INK
    assert likeness(only(pdf(figure_page(flat(inks)))), CHEST) > 0.98


def test_a_decode_array_that_swaps_black_and_white_is_heeded() -> None:
    figure = only(pdf(figure_page(jpeg(INK, more=b"/Decode [1 0]"))))
    assert figure.made == "pdf-render"
    assert apart(figure, CHEST) < 3


def test_what_a_soft_mask_hides_is_white() -> None:
    mask = np.full(CHEST.shape, 255, np.uint8)
    mask[:50] = 0
    figure = only(pdf(figure_page(flat(CHEST, mask=mask))))
    assert (seen(figure)[:48] == 255).all()
    assert (seen(figure)[52:] == CHEST[52:]).all()


def test_a_jpeg_that_is_placed_upside_down_is_given_as_it_is_seen() -> None:
    leaf = text_page(Leaf().turned(jpeg(CHEST), "120 0 0 -100 120 700"))
    leaf.text(60, 212, "Figure 1. A chest.", "F3", 8)
    figure = only(pdf(leaf))
    assert figure.made == "pdf-render"
    assert apart(figure, CHEST[::-1]) < 3


def test_a_page_that_is_turned_is_given_as_it_is_seen() -> None:
    # On its side, a caption in upright letters stands under the picture.
    leaf = Leaf(more=b"/Rotate 90").turned(flat(CHEST), "0 120 -100 0 400 300")
    leaf.content.append(b"BT /F3 8 Tf 0 1 -1 0 420 300 Tm (Figure 1. A chest on its side.) Tj ET")
    figure = only(pdf(leaf, text_page(rows=40)))
    assert figure.caption == "A chest on its side."
    assert apart(figure, CHEST) == 0


def test_a_picture_outside_the_part_that_is_shown_is_cut_there() -> None:
    leaf = figure_page(flat(CHEST))
    leaf.more = b"/CropBox [160 100 600 800]"
    figure = only(pdf(leaf))
    assert figure.box == (160.0, 100.0, 240.0, 200.0)
    assert apart(figure, CHEST[:, 80:]) == 0


@pytest.mark.parametrize(
    ("wide", "dpi", "shape"),
    [(2400, 600, (833, 1000)), (48, 100, (139, 167))],
    ids=["finer than print", "coarser than a screen"],
)
def test_the_resolution_stays_between_100_and_600(
    wide: int, dpi: float, shape: tuple[int, int]
) -> None:
    figure = only(pdf(figure_page(flat(radiograph(wide * 5 // 6, wide)))))
    assert figure.dpi == dpi
    assert seen(figure).shape == shape


def test_a_radiograph_that_may_be_inverted_is_reported_and_not_turned() -> None:
    figure = only(pdf(figure_page(flat(INK))))
    assert figure.polarity_suspect
    assert apart(figure, INK) == 0
    assert not only(pdf(figure_page(flat(CHEST)))).polarity_suspect


def test_a_jpeg_that_other_viewers_would_turn_is_rendered() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    figure = only(pdf(figure_page(jpeg(CHEST, exif=exif.tobytes()))))
    assert figure.made == "pdf-render"
    assert apart(figure, CHEST) < 3


def test_a_coarse_jpeg_is_still_given_byte_for_byte() -> None:
    picture = jpeg(radiograph(40, 48))
    figure = only(pdf(figure_page(picture)))
    assert (figure.data, figure.dpi) == (picture.data, 28.8)


def test_only_the_figures_that_are_wanted_are_drawn() -> None:
    second = figure_page(flat(CHEST), ("Figure 2. Another one.",))
    reading = read_here(pdf(figure_page(flat(CHEST)), second), wanted=["2"])
    assert [(each.number, bool(each.data)) for each in reading.figures] == [
        ("1", False),
        ("2", True),
    ]


def test_bold_parts_of_a_caption_are_told() -> None:
    leaf = figure_page(flat(CHEST), ())
    leaf.text(60, 212, "Figure 1.", "F2", 8).text(100, 212, "a", "F2", 8)
    leaf.text(108, 212, "before and", "F3", 8).text(148, 212, "b", "F2", 8)
    leaf.text(156, 212, "after treatment.", "F3", 8)
    figure = only(pdf(leaf))
    assert figure.caption == "a before and b after treatment."
    assert [figure.caption[start:end] for start, end in figure.bold] == ["a", "b"]


def test_a_caption_without_a_picture_is_named() -> None:
    reading = read_here(pdf(text_page(Leaf().text(60, 300, "Figure 1. A drawing.", "F3", 8))))
    assert (reading.figures, reading.text_figures) == ((), ("1",))


def test_two_columns_do_not_run_into_each_other() -> None:
    leaf = Leaf().picture(flat(CHEST), (60, 100, 290, 290))
    leaf.lines(60, 300, ["Figure 1. Radiograph on the day", "of admission to the ward."], "F3", 8)
    leaf.lines(60, 400, ["one two three four five six seven"] * 20)
    leaf.lines(310, 100, ["eight nine ten eleven twelve thirteen"] * 40)
    assert only(pdf(leaf)).caption == "Radiograph on the day of admission to the ward."


def test_a_caption_at_the_left_of_its_figure_is_read() -> None:
    leaf = text_page(Leaf().picture(flat(CHEST), (180, 100, 420, 300)))
    leaf.lines(60, 102, ["Fig. 1 Radiograph on", "the day of admission", "to the ward"], "F3", 8)
    figure = only(pdf(leaf))
    assert (figure.label, figure.caption) == (
        "Fig. 1",
        "Radiograph on the day of admission to the ward",
    )


# ---- what a paper says of itself ----------------------------------------------------------------

LICENCE = (
    "This is an open access article distributed under the",
    "Creative Commons Attribution License, which permits use.",
)


def test_what_a_paper_says_of_itself_is_read() -> None:
    leaf = text_page(Leaf().lines(60, 60, LICENCE, size=7))
    leaf.text(60, 90, "https://doi.org/10.1234/made.up.2020.17", size=7)
    leaf.links.append("http://creativecommons.org/licenses/by/4.0/")
    reading = read_here(pdf(leaf, text_page(), info={"Title": "A case of made up disease"}))
    assert reading.pages == 2
    assert reading.title == "A case of made up disease"
    assert reading.doi == "10.1234/made.up.2020.17"
    assert reading.licence_urls == ("https://creativecommons.org/licenses/by/4.0/",)
    assert reading.licence_words == " ".join(LICENCE)
    assert re.fullmatch(r"pdfplumber [0-9.]+, pypdfium2 [0-9.]+", reading.library)


def test_a_licence_address_is_read_that_goes_over_two_lines() -> None:
    leaf = text_page(
        Leaf().lines(60, 60, ["See https://creativecommons.org/", "licenses/by-nc/4.0/"])
    )
    reading = read_here(pdf(text_page(), leaf, text_page()))
    assert reading.licence_urls == ("https://creativecommons.org/licenses/by-nc/4.0/",)


def test_the_doi_of_the_metadata_goes_before_those_on_the_page() -> None:
    xmp = "<x xmlns:prism='p'><prism:doi>10.1234/own</prism:doi></x>"
    leaf = text_page(Leaf().text(60, 60, "Compare 10.1234/other and 10.1234/third."))
    assert read_here(pdf(leaf, xmp=xmp)).doi == "10.1234/own"
    assert read_here(pdf(leaf)).doi == ""


def test_the_same_bytes_give_the_same() -> None:
    data = pdf(figure_page(jpeg(CHEST)), figure_page(flat(INK), ("Figure 2. B.",)))
    assert read_here(data) == read_here(data)


# ---- files that are broken ----------------------------------------------------------------------

WHOLE = pdf(figure_page(flat(CHEST)))
PROBLEMS = {
    "not a PDF": (b"<html>Sign in to read this article</html>", "it is not a PDF file"),
    "nothing": (b"", "it is not a PDF file"),
    "a name and nothing else": (b"%PDF-1.7\n", "no page can be found"),
    "cut off": (WHOLE[:700], "damaged"),
    "encrypted": (pdfs.encrypted(password=True), "it is encrypted"),
    "encrypted without a password": (pdfs.encrypted(password=False), "it is encrypted"),
    "many pages": (pdfs.many_pages(10_000), "it has 10,000 pages, more than 400"),
    "a loop": (pdfs.looping(), "page"),
    "a scan": (
        pdf(*[Leaf().picture(flat(CHEST), (0, 0, 600, 800)) for _ in range(3)]),
        "it is a scan",
    ),
}


@pytest.mark.parametrize(("data", "clause"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_a_file_that_cannot_be_read_is_a_problem_with_a_reason(data: bytes, clause: str) -> None:
    reading = read_here(data)
    assert clause in reading.problem
    assert reading.figures == ()


def test_a_file_that_is_too_large_is_not_opened() -> None:
    problem = read_here(WHOLE, PdfLimits(bytes=100)).problem
    assert problem == f"it has {len(WHOLE):,} bytes, more than 100"


@pytest.mark.parametrize("start", range(100, len(WHOLE), max(1, len(WHOLE) // 40)))
def test_damage_anywhere_is_never_an_exception(start: int) -> None:
    for data in (WHOLE[:start] + b"<<[(" + WHOLE[start + 4 :], WHOLE[:start]):
        reading = read_here(data)
        assert reading.problem or reading.pages == 1


def test_a_page_that_cannot_be_read_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pdfread._sheet_of

    def breaks(page: Any, *, end: bool) -> Any:
        if page.page_number == 2:
            raise KeyError("font")
        return whole(page, end=end)

    monkeypatch.setattr(pdfread, "_sheet_of", breaks)
    reading = read_here(pdf(figure_page(flat(CHEST)), text_page()))
    assert [each.number for each in reading.figures] == ["1"]
    assert reading.warnings == ("page 2 could not be read (KeyError)",)


def test_a_file_that_ends_too_early_is_a_warning() -> None:
    reading = read_here(WHOLE.removesuffix(b"%%EOF\n"))
    assert [each.number for each in reading.figures] == ["1"]
    assert reading.warnings == ("the file ends too early: something may be missing",)


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        read_here(WHOLE[:-200])
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


# ---- the process of its own ---------------------------------------------------------------------


def test_a_process_of_its_own_gives_the_same() -> None:
    data = pdf(figure_page(jpeg(CHEST)))
    assert read_pdf(data) == read_here(data)
    assert multiprocessing.active_children() == []


def test_a_file_that_takes_too_long_is_given_up() -> None:
    reading = read_pdf(WHOLE, limits=PdfLimits(seconds=0.01))
    assert reading.problem == "reading it took longer than 0.01 seconds"
    assert multiprocessing.active_children() == []


def test_a_file_that_takes_too_much_memory_is_given_up() -> None:
    problem = read_pdf(WHOLE, limits=PdfLimits(memory=1_000_000)).problem
    assert "memory" in problem or "crashed" in problem


def test_a_process_that_dies_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfread, "_child", _dies)
    assert read_pdf(WHOLE).problem == "the program that reads it crashed (signal SIGKILL)"


def _dies(*_: object) -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


def test_ctrl_c_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("multiprocessing.connection.Connection.poll", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read_pdf(WHOLE)
    assert multiprocessing.active_children() == []


def test_what_is_no_pdf_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_context", None)
    assert read_pdf(b"GIF89a").problem == "it is not a PDF file"


# ---- papers of 2020 -----------------------------------------------------------------------------

PAPERS = Path(__file__).parents[2] / "shared" / "papers"
real = pytest.mark.skipif(not PAPERS.is_dir(), reason="the sample papers are not here")


@lru_cache(maxsize=1)
def papers() -> dict[str, PdfReading]:
    """All sample papers, without pixels."""
    files = sorted(PAPERS.glob("papers*/*/fulltext.pdf"))
    return {path.parent.name: read_here(path.read_bytes(), wanted=["none"]) for path in files}


@lru_cache(maxsize=1)
def truths() -> dict[tuple[str, str], dict[str, Any]]:
    """The figures that were marked by hand, by paper and number."""
    known = json.loads((PAPERS / "gold" / "pdf_regions.json").read_text())["regions"]
    return {(each["pdf"].split("/")[1], _digits(each["label"])): each for each in known}


def _digits(label: str) -> str:
    return re.sub(r"[^0-9]", "", label)


def _common(one: Sequence[float], other: Sequence[float]) -> float:
    wide = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high / (areas - wide * high)


def found() -> dict[tuple[str, str], PdfFigure]:
    return {
        (paper, figure.number): figure
        for paper, reading in papers().items()
        for figure in reading.figures
    }


@real
def test_figures_of_real_papers_are_found_where_they_are() -> None:
    figures, known = found(), truths()
    assert set(figures) <= set(known), "a wrong number, or a figure that is none"
    right = {
        key
        for key, figure in figures.items()
        if figure.page == known[key]["page"]
        and _common(figure.box, known[key]["box_pt_left_top_right_bottom"]) >= 0.8
    }
    assert len(right) >= 29
    radiology = {key for key, each in known.items() if each["truth"] != "other"}
    assert len(radiology) == 17
    assert radiology <= right


@real
def test_captions_of_real_papers_are_those_of_their_texts() -> None:
    with (PAPERS / "figures.csv").open(newline="", encoding="utf-8") as file:
        texts = {
            (row["pmcid"], _digits(row["label"])): row["caption"] for row in csv.DictReader(file)
        }
    alike = [
        difflib.SequenceMatcher(
            None, "".join(texts[key].split()), "".join(figure.caption.split()), autojunk=False
        ).ratio()
        for key, figure in found().items()
    ]
    assert len([each for each in alike if each >= 0.9]) >= 29


@real
def test_a_figure_of_lines_alone_is_not_made_up() -> None:
    reading = papers()["PMC7397949"]
    assert (reading.figures, reading.text_figures) == ((), ("1",))


@real
def test_tiles_of_ink_in_a_real_paper_have_the_right_polarity() -> None:
    folder = PAPERS / "papers" / "PMC7582078"
    reading = read_here((folder / "fulltext.pdf").read_bytes())
    assert [each.number for each in reading.figures] == ["1", "2", "3"]
    for each in reading.figures:
        path = folder / "figures" / f"CRIID2020-8822753.00{each.number}.png"
        truth, figure = decode(path.read_bytes()), decode(each.data)
        assert not each.polarity_suspect
        assert truth is not None
        assert figure is not None
        small = [_small(truth), _small(figure)]
        assert np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1] > 0.9


def _small(pixels: Any) -> Any:
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    return cv2.resize(grey.astype(np.float32), (64, 64), interpolation=cv2.INTER_AREA)


@real
def test_the_dois_of_real_papers_are_those_of_their_records() -> None:
    with (PAPERS / "figures.csv").open(newline="", encoding="utf-8") as file:
        dois = {row["pmcid"]: row["doi"] for row in csv.DictReader(file)}
    read = {paper: reading.doi.lower() for paper, reading in papers().items() if paper in dois}
    assert read == {paper: dois[paper].lower() for paper in read}


def test_a_bug_of_ours_is_not_called_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_pages: object) -> None:
        raise KeyError

    monkeypatch.setattr(pdfread, "find_regions", failing)
    assert read_here(one_radiograph("")).problem == "it is damaged (KeyError)"
    monkeypatch.setattr(pdfread, "find_regions", lambda _pages: None)
    assert "in covidxr.pdfread, which is a bug" in read_here(one_radiograph("")).problem
