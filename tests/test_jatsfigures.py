"""The figures of an article: the same list out of every form of JATS, with what belongs to each."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from covidxr.articles import Figure, Graphic
from covidxr.jats import read_article

PAPERS = Path(__file__).parents[2] / "shared" / "papers"
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'

FIG = "<fig id='f{n}'><label>Figure {n}</label><caption><p>Scan {n}.</p></caption>{inside}</fig>"


def fig(number: int, inside: str = "") -> str:
    return FIG.format(n=number, inside=inside or f"<graphic href='g{number}'/>")


def article(body: str, *, back: str = "", front: str = "") -> bytes:
    return (
        f"<article {XLINK}><front><article-meta>{front}</article-meta></front>"
        f"<body>{body}</body>{back}</article>"
    ).encode()


def figures(body: str, *, back: str = "", front: str = "") -> tuple[Figure, ...]:
    return read_article(article(body, back=back, front=front)).figures


def left_out(body: str, *, back: str = "") -> dict[str, str]:
    return dict(read_article(article(body, back=back)).left_out)


# ---- one article in three forms -----------------------------------------------------------------

OLD = f"""<!DOCTYPE article PUBLIC "-//NLM//DTD JATS 1.0//EN" "archive.dtd">
<article {XLINK} article-type="case-report"><front><article-meta>
<article-id pub-id-type="pmc">900001</article-id></article-meta></front><body><sec>
<p>The film was clear (<xref ref-type="fig" rid="F1">Fig. 1</xref>). He went home.</p>
<fig id="F1"><label>Fig. 1</label><caption><title>Chest film.</title>
<p><bold>a</bold> Day 1. <bold>b</bold> Day&nbsp;3.</p></caption>
<graphic xlink:href="CRX-1.001"/></fig>
<fig id="F2"><label>Fig. 2</label><caption><p>Axial CT<xref ref-type="fn" rid="n">*</xref>.</p>
</caption><graphic xlink:href="CRX-1.002a"/><graphic xlink:href="CRX-1.002b"/></fig>
</sec></body></article>"""

NEW = """<?xml version="1.0"?><pmc-articleset>
<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.4/" xmlns:x="http://www.w3.org/1999/xlink"
dtd-version="1.4" xml:lang="en">
<processing-meta><restricted-by>pmc</restricted-by></processing-meta>
<front><article-meta><article-id pub-id-type="pmcid">PMC900001</article-id></article-meta></front>
<body><sec><p>The film was clear (<xref ref-type="fig" rid="F1">Fig. 1</xref>). He went home.</p>
</sec>
</body><floats-group>
<fig id="F1"><label>Fig. 1</label><caption><title>Chest film.</title><p><bold>a</bold> Day 1.
<bold>b</bold> Day 3.</p></caption><graphic x:href="CRX-1.001.jpg"/></fig>
<fig id="F2"><label>Fig. 2</label><caption><p>Axial CT.</p></caption>
<graphic x:href="CRX-1.002a.jpg"/><graphic x:href="CRX-1.002b.jpg"/></fig>
</floats-group></article></pmc-articleset>"""

PUBLISHER = f"""<article {XLINK} dtd-version="3.0" xml:lang="EN"><front><article-meta/></front>
<body><sec><p>The film was clear (<xref ref-type="fig" rid="F1">Fig. 1</xref>). He went home.
<fig id="F1"><object-id pub-id-type="doi">10.1/j.g001</object-id><label>Fig. 1</label>
<caption><title>Chest film.</title><p><bold>a</bold> Day 1. <bold>b</bold> Day&#160;3.</p></caption>
<alternatives><graphic xlink:href="CRX-1.001.eps" specific-use="print-only"/>
<graphic xlink:href="CRX-1.001.png" specific-use="web-only"/></alternatives></fig></p></sec></body>
<back><app-group><app><fig id="F2"><label>Fig. 2</label><caption><p>Axial CT.</p></caption>
<p><graphic xlink:href="https://a.example/f/CRX-1.002a.tif"/></p>
<p><graphic xlink:href="https://a.example/f/CRX-1.002b.tif"/></p></fig></app></app-group></back>
</article>"""


def seen(data: str) -> list[tuple[object, ...]]:
    """All of a figure but the way its pictures are written."""
    return [
        (
            *(each.id, each.label, each.caption, each.title, each.mentions),
            [each.caption[start:end] for start, end in each.bold],
            [re.sub(r".*/|\.[a-z]+\Z", "", graphic.href) for graphic in each.graphics],
        )
        for each in read_article(data.encode()).figures
    ]


@pytest.mark.parametrize("form", [OLD, NEW, PUBLISHER])
def test_three_forms_of_one_article_give_the_same_figures(form: str) -> None:
    mention = ("The film was clear (Fig. 1).",)
    caption = "Chest film. a Day 1. b Day 3."
    assert seen(form) == [
        ("F1", "Fig. 1", caption, "Chest film.", mention, ["a", "b"], ["CRX-1.001"]),
        ("F2", "Fig. 2", "Axial CT.", "", (), [], ["CRX-1.002a", "CRX-1.002b"]),
    ]


# ---- where figures stand ------------------------------------------------------------------------


def test_figures_are_found_wherever_they_stand_in_the_files_order() -> None:
    found = figures(
        f"<p>Text {fig(1)}</p><boxed-text>{fig(2)}</boxed-text><fig-group>{fig(3)}</fig-group>",
        back=f"<back><app>{fig(4)}</app></back><floats-group>{fig(5)}</floats-group>",
        front="<abstract abstract-type='graphical'><p><fig id='g'><graphic href='g0'/></fig></p>"
        "</abstract>",
    )
    assert [each.id for each in found] == ["g", "f1", "f2", "f3", "f4", "f5"]
    assert [each.kind for each in found] == ["graphical-abstract", "", "", "", "", ""]


def test_a_figure_without_id_label_and_caption_is_kept_under_its_place() -> None:
    found = figures(fig(1) + "<fig fig-type='featured'><graphic href='x'/></fig>")
    assert found[1] == Figure(id="figure-2", kind="featured", graphics=(Graphic(href="x"),))


def test_figures_of_another_article_in_the_file_are_none_of_this_one() -> None:
    back = (
        f"<sub-article article-type='translation'><body>{fig(1)}</body></sub-article>"
        f"<response><body>{fig(2)}</body></response>"
    )
    assert [each.id for each in figures(fig(1), back=back)] == ["f1"]
    assert left_out(fig(1), back=back) == {
        "Figure 1": "of another article in the same file (translation)",
        "Figure 2": "of another article in the same file (response)",
    }


def test_what_only_looks_like_a_figure_is_left_out_by_name() -> None:
    body = (
        "<table-wrap><label>Table 1</label><graphic href='t1'/></table-wrap>"
        "<table-wrap id='t'><alternatives><graphic href='a/t2.gif'/><table/></alternatives>"
        "</table-wrap>"
        "<disp-formula><graphic href='e1.gif'/></disp-formula>"
        "<p>H<inline-graphic href='i1'/><inline-formula><graphic href='e2'/></inline-formula></p>"
        "<supplementary-material><label>S1 Fig</label><media href='s1.tif'/>"
        "</supplementary-material>"
        "<supplementary-material id='s2'><media href='x/s2.docx'/></supplementary-material>"
        "<p><graphic href='lonely'/></p>" + fig(1, "<media mimetype='video' href='v1.mp4'/>")
    )
    assert left_out(body) == {
        "Table 1": "a table as a picture",
        "t2.gif": "a table as a picture",
        "e1.gif": "a formula as a picture",
        "e2": "a formula as a picture",
        "S1 Fig": "a supplementary file",
        "s2.docx": "a supplementary file",
        "lonely": "a picture outside of any figure",
        "v1.mp4": "no picture, but another file of a figure",
    }
    assert [(each.id, each.graphics) for each in figures(body)] == [("f1", ())]


# ---- what belongs to a figure -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "graphics"),
    [
        ("<graphic href='a'/><graphic href='b'/>", [("a",), ("b",)]),
        ("<p><graphic href='a'/></p><p><graphic href='b'/></p>", [("a",), ("b",)]),
        ("<media mimetype='image' href='a'/><media href='b.png'/>", [("a",), ("b.png",)]),
        (
            (
                "<alternatives>"
                "<graphic href='x_PB' specific-use='print-only' content-type='black-white'/>"
                "<graphic href='x_OC' specific-use='web-only' content-type='color'/></alternatives>"
            ),
            [("x_OC", "x_PB")],
        ),
        (
            "<alternatives><graphic href='x_PB'/><graphic href='x_OC'/></alternatives>",
            [("x_OC", "x_PB")],
        ),
        (
            (
                "<alternatives>"
                "<graphic href='a.jpg' specific-use='web' content-type='scielo-267x140'/>"
                "<graphic href='a.tif'/><graphic href='a.png' specific-use='web'/></alternatives>"
            ),
            [("a.png", "a.tif", "a.jpg")],
        ),
        (
            (
                "<alternatives>"
                "<graphic href='grey' content-type='black-white'/><graphic href='colour'/>"
                "</alternatives>"
            ),
            [("colour", "grey")],
        ),
        ("<alternatives><graphic href='a'/><graphic href='a'/></alternatives>", [("a",)]),
        ("<graphic/><alternatives/><graphic href=' '/>", []),
        ("<caption><p><inline-graphic href='i'/></p></caption><graphic href='a'/>", [("a",)]),
        ("<disp-formula><graphic href='e'/></disp-formula><graphic href='a'/>", [("a",)]),
        ("<fig id='inner'><graphic href='b'/></fig><graphic href='a'/>", [("a",)]),
    ],
)
def test_pictures_of_a_figure_are_its_parts_and_forms_of_one_are_one(
    inside: str, graphics: list[tuple[str, ...]]
) -> None:
    found = figures(fig(1, inside))[0]
    assert [(each.href, *each.others) for each in found.graphics] == graphics


def test_a_figure_inherits_from_its_group_what_it_has_not_itself() -> None:
    body = (
        "<fig-group id='g'><label>Figure 7</label><caption><title>Two scans.</title></caption>"
        "<fig id='a'><caption><p>Axial.</p></caption><graphic href='a'/></fig>"
        "<fig id='b'><label>Figure 7b</label><graphic href='b'/></fig></fig-group>"
    )
    found = figures(f"<p>Seen in <xref rid='g'>both</xref>.</p>{body}")
    assert [(each.label, each.caption, each.group) for each in found] == [
        ("Figure 7", "Axial.", "Figure 7 Two scans."),
        ("Figure 7b", "", "Figure 7 Two scans."),
    ]
    assert [each.mentions for each in found] == [("Seen in both.",)] * 2


def test_one_picture_with_words_in_two_languages_is_one_figure() -> None:
    body = (
        "<fig-group id='g'><fig xml:lang='pt'><label>Figura 1</label><caption><p>Pulmão.</p>"
        "</caption>"
        "</fig><fig xml:lang='en'><label>Figure 1</label><caption><p>Lung.</p></caption></fig>"
        "<graphic href='x'/></fig-group>"
    )
    assert [(each.id, each.label, each.caption, each.graphics) for each in figures(body)] == [
        ("g", "Figure 1", "Lung.", (Graphic(href="x"),))
    ]
    assert left_out(body) == {"Figura 1": "a figure's words in another language (pt)"}


def test_a_group_with_one_picture_for_several_captions_keeps_all_words() -> None:
    body = (
        "<fig-group id='g'><label>Figure 2</label><fig id='a'><caption><p>Day 1.</p>"
        "</caption></fig>"
        "<fig id='b'><caption><p>Day 5.</p></caption></fig><graphic href='x'/></fig-group>"
    )
    assert [(each.id, each.label, each.caption, each.group) for each in figures(body)] == [
        ("g", "Figure 2", "Day 1.", "Figure 2 Day 1. Day 5.")
    ]


def test_permissions_and_attributions_of_a_figure_are_kept_with_their_licence() -> None:
    inside = (
        "<graphic href='a'><attrib>Photo: J. Doe</attrib></graphic><permissions>"
        "<copyright-statement>© 2019 A Press</copyright-statement>"
        "<copyright-year>2019</copyright-year>"
        "<license xlink:href='https://creativecommons.org/licenses/by/3.0/'>"
        "<license-p>CC BY 3.0.</license-p></license></permissions>"
    )
    first, second = figures(fig(1, inside) + fig(2))
    assert first.notes == ("Photo: J. Doe", "© 2019 A Press", "CC BY 3.0.")
    assert [(each.url, each.words) for each in first.licences] == [
        ("https://creativecommons.org/licenses/by/3.0/", ""),
        ("", "CC BY 3.0."),
    ]
    assert (second.notes, second.licences) == ((), ())


# ---- the real papers ----------------------------------------------------------------------------

with_papers = pytest.mark.skipif(not PAPERS.is_dir(), reason="the sample papers are not here")


def truth() -> dict[str, list[tuple[str, ...]]]:
    """Id, label, pictures and caption of each figure, by the name of the paper."""
    found: dict[str, list[tuple[str, ...]]] = {}
    with (PAPERS / "figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            caption = "".join(row["caption"].split())
            found.setdefault(row["pmcid"], []).append(
                (row["fig_id"], row["label"], row["graphic"], caption)
            )
    return found


@with_papers
@pytest.mark.parametrize(
    ("pattern", "part"), [("papers*/*/fulltext.xml", -2), ("api/derived/jats_pmc_2026/*.xml", -1)]
)
def test_every_figure_of_the_sample_papers_is_read_in_both_forms(pattern: str, part: int) -> None:
    wanted = truth()
    paths = sorted(PAPERS.glob(pattern))
    assert len(paths) == 17
    for path in paths:
        name = path.parts[part].partition(".")[0]
        found = [
            (
                each.id,
                each.label,
                "|".join(
                    href.removesuffix(".jpg")
                    for graphic in each.graphics
                    for href in (graphic.href, *graphic.others)
                ),
                "".join(each.caption.split()),
            )
            for each in read_article(path.read_bytes()).figures
        ]
        assert found == wanted.get(name, []), name


@with_papers
@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("1471-2180-11-174.nxml", [f"Figure {n}" for n in range(1, 5)]),
        ("pone.0046493.nxml", [f"Figure {n}" for n in range(1, 5)]),
        ("PMC8164761.xml", [f"Fig. {n}" for n in range(1, 8)]),
        ("QMyWZTMgngWRCDtVJfJH9Cn.xml", [f"Figure {n}:" for n in range(1, 9)]),
        ("journal.pone.0005723.xml", [f"Figure {n}" for n in range(1, 15)]),
        ("summary.xml", ["", *(f"Figure {n}" for n in range(1, 8))]),
    ],
)
def test_files_of_other_makers_give_their_printed_figures(name: str, labels: list[str]) -> None:
    found = read_article((PAPERS / "formats" / name).read_bytes()).figures
    assert [each.label for each in found] == labels
    assert all(each.graphics for each in found)
    assert all(each.caption and each.mentions for each in found if each.label)
