"""Names of pictures and numbers of figures."""

from __future__ import annotations

import pytest

from covidxr.articles import Figure, Graphic
from covidxr.jatsgraphics import figure_number, graphic_file


@pytest.mark.parametrize(
    ("href", "names", "file"),
    [
        # As archives and publishers write it: without extension, with one, with dots in the name.
        ("CRX-7.001", ["CRX-7.002.jpg", "CRX-7.001.jpg"], "CRX-7.001.jpg"),
        ("CRX-7.001", ["CRX-7.jpg", "CRX-7.0010.jpg"], ""),
        ("fig1.jpg", ["fig1.jpg", "fig1.png"], "fig1.jpg"),
        ("fig1.tif", ["fig1.jpg"], "fig1.jpg"),
        ("Fig1_HTML", ["fig1_html.JPG"], "fig1_html.JPG"),
        ("Fig1", ["fig1.jpg", "Fig1.png"], "Fig1.png"),
        ("fig1", ["PMC1.1/fig1.jpg"], "PMC1.1/fig1.jpg"),
        ("https://a.example/x/fig%201.png?v=2#a", ["fig 1.jpg"], "fig 1.jpg"),
        # The thumbnail comes last, the other file never.
        ("fig1", ["fig1.gif", "fig1.tif", "fig1.jpg"], "fig1.jpg"),
        ("fig1", ["fig1.docx", "fig1.gif"], "fig1.gif"),
        ("fig1", ["fig1.xlsx", "fig1.mp4", "fig10.jpg"], ""),
        (
            "info:doi/10.1/journal.abc.01.g001",
            ["journal.abc.01.g001.tif"],
            "journal.abc.01.g001.tif",
        ),
        (
            "info:doi/10.1/journal.abc.01.g001",
            ["abc.01.g001.jpg", "abc.01.g002.jpg"],
            "abc.01.g001.jpg",
        ),
        ("info:doi/10.1/journal.abc.01.g001", ["x-g001.jpg", "x-g002.jpg"], "x-g001.jpg"),
        ("info:doi/10.1/journal.abc.01.g001", ["x-g001.jpg", "y-g001.jpg"], ""),
        ("info:doi/10.1/journal.abc.01.g001", ["x-og001.jpg"], ""),
        ("journal.abc.01.g001", ["x-g001.jpg"], ""),
        ("", ["fig1.jpg"], ""),
        ("fig1", [], ""),
        ("../..//", ["fig1.jpg"], ""),
    ],
)
def test_a_picture_is_found_among_the_files_at_hand(href: str, names: list[str], file: str) -> None:
    assert graphic_file(Graphic(href=href), names) == file


def test_the_first_form_that_is_at_hand_counts() -> None:
    graphic = Graphic(href="f1_colour", others=("f1_print", "f1_small"))
    assert graphic_file(graphic, ["f1_small.jpg", "f1_print.jpg"]) == "f1_print.jpg"
    assert graphic_file(graphic, ["f1_small.jpg", "f1_colour.png"]) == "f1_colour.png"
    assert graphic_file(graphic, ["f2_colour.png"]) == ""


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Figure 1", "1"),
        ("Fig. 12.", "12"),
        ("FIGURE 3A", "3"),
        ("Figure\u00a04:", "4"),
        ("Figura 2", "2"),
        ("Abbildung 5", "5"),
        ("Abb. 5", "5"),
        ("Fig.\u20096", "6"),
        ("Figure 2.1", "2.1"),
        ("Figure S2", "S2"),
        ("Fig. s3", "S3"),
        ("S4 Fig", "S4"),
        ("Supplementary Figure 2", "S2"),
        ("Supplementary Fig. S2", "S2"),
        ("Extended Data Fig. 3", "ED3"),
        ("Appendix Figure 1", "A1"),
        ("Figure A1", "A1"),
        ("Figure 1—figure supplement 2.", "1-S2"),
        ("Figure IV", "IV"),
        ("Fig. 1 (continued)", "1"),
        ("7", "7"),
        ("Image 2", "2"),
        ("Graphical abstract", ""),
        ("Table 1", ""),
        ("Scheme 2", ""),
        ("Video 3", ""),
        ("Figure", ""),
        ("Figured 3", ""),
        ("", ""),
    ],
)
def test_the_number_of_a_figure_is_read_out_of_its_label(label: str, number: str) -> None:
    assert figure_number(Figure(id="f", label=label)) == number


def test_a_label_or_name_of_any_length_is_read() -> None:
    assert figure_number(Figure(id="f", label="Figure " + "9" * 100_000)) == ""
    assert figure_number(Figure(id="f", label="a " * 50_000)) == ""
    assert graphic_file(Graphic(href="info:doi/" + "a." * 50_000), ["a.jpg"]) == ""
