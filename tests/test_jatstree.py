"""The tree of an article: found in every wrapping, refused where it is none or not safe."""

from __future__ import annotations

import pytest

from covidxr import jatstree
from covidxr.jatstree import ArticleError, attribute, first, read_tree

PLAIN = b"<article><front/><body><p>Clear lungs.</p></body></article>"

BOMB = (
    b'<!DOCTYPE article [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    b"<article><front/><body><p>&c;</p></body></article>"
)


def words(data: bytes) -> str:
    return "".join(read_tree(data).article.itertext())


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (PLAIN, "article"),
        (b"\xef\xbb\xbf" + PLAIN, "article"),
        (b'\n  <?xml version="1.0"?>' + PLAIN, "article"),
        (b'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS.dtd">' + PLAIN, "article"),
        (b"<pmc-articleset>" + PLAIN + b"</pmc-articleset>", "pmc-articleset"),
        (
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>'
            + PLAIN.replace(
                b"<article>", b'<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.4/">'
            )
            + b"</metadata></record></GetRecord></OAI-PMH>",
            "OAI-PMH",
        ),
        (
            (
                b'<j:article xmlns:j="https://jats.nlm.nih.gov/ns/archiving/1.3/"><j:front/><j:body>'
                b"<j:p>Clear lungs.</j:p></j:body></j:article>"
            ),
            "article",
        ),
        (PLAIN.decode().encode("utf-16"), "article"),
    ],
)
def test_an_article_is_found_in_every_wrapping_and_namespace(data: bytes, root: str) -> None:
    tree = read_tree(data)
    assert (tree.root, tree.article.tag, tree.warnings) == (root, "article", ())
    assert words(data) == "Clear lungs."


def test_the_first_of_several_articles_is_read_and_that_is_said() -> None:
    other = b"<article><front/><body><p>Another.</p></body></article>"
    tree = read_tree(b"<pmc-articleset>" + PLAIN + other + b"</pmc-articleset>")
    assert [each.text for each in tree.article.iter("p")] == ["Clear lungs."]
    assert tree.warnings == ("the file holds 2 articles; the first is read",)


@pytest.mark.parametrize("doctype", [b"", b'<!DOCTYPE article SYSTEM "nowhere.dtd">'])
def test_names_of_signs_are_read_without_the_dtd_that_defines_them(doctype: bytes) -> None:
    data = doctype + PLAIN.replace(
        b"Clear lungs.", b"2&nbsp;cm &mdash; A&amp;B &lt; 3 &thinsp;&eacute;"
    )
    assert words(data) == "2\u00a0cm — A&B < 3 \u2009é"


def test_a_name_that_nobody_knows_stays_and_is_told() -> None:
    data = b'<!DOCTYPE article SYSTEM "x.dtd">' + PLAIN.replace(b"Clear", b"&Hospital; clear")
    tree = read_tree(data)
    assert tree.warnings == ("names that only a DTD explains stand as they are: &Hospital;",)


def test_a_file_that_an_entity_points_to_is_never_opened() -> None:
    data = (
        b'<!DOCTYPE article [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        b"<article><front/><body><p>[&f;]</p></body></article>"
    )
    tree = read_tree(data)
    assert [each.text for each in tree.article.iter("p")] == ["["]
    assert tree.warnings == ("names that only a DTD explains stand as they are: &f;",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no XML"),
        (b"   ", "no XML"),
        (b"no markup at all", "no XML"),
        (b'{"status": 500}', "is JSON"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8b\x08", "is a packed file"),
        (b"<!DOCTYPE html><html><body>Are you a robot?</body></html>", "is a web page"),
        (b"<!-- x --><html><body><br></body></html>", "is a web page"),
        (b"<Error><Code>NoSuchKey</Code></Error>", "topmost element is <Error>"),
        (b"<PubmedArticleSet><Article/></PubmedArticleSet>", "holds no article"),
        (BOMB, "expand"),
        (BOMB.replace(b'"&a;', b'"&#38;a;'), "expand"),
        (PLAIN.replace(b"Clear", b"<b>" * 300 + b"Clear" + b"</b>" * 300), "nested too deep"),
        (PLAIN.replace(b"Clear", b"x" * 10_100_000), "nested too deep, has too long a text"),
        (PLAIN[:-12], "cut off"),
        (PLAIN[:-3], "cut off"),
        (PLAIN[:20], "cut off"),
        (b"<pmc-articleset>" + PLAIN, "cut off"),
    ],
)
def test_what_is_no_whole_and_safe_article_is_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError) as refused:
        read_tree(data, where="PMC1.xml")
    assert str(refused.value).startswith("PMC1.xml ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_beyond_the_limit_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jatstree, "MOST_BYTES", len(PLAIN) - 1)
    with pytest.raises(ArticleError, match=r"the file has 59 bytes, more than the 58"):
        read_tree(PLAIN)
    monkeypatch.setattr(jatstree, "MOST_BYTES", len(PLAIN))
    assert read_tree(PLAIN).warnings == ()


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.replace(b"Clear", b"A & B: clear"),
        PLAIN.replace(b"Clear", b"\x00clear"),
        PLAIN.replace(b"Clear", b"<b>Clear</i></b>"),
        PLAIN.replace(b"Clear", b'<graphic xlink:href="a.jpg"/>Clear'),
        PLAIN.replace(b"Clear", b"\xe9Clear"),
        PLAIN + b"\nbehind the end",
    ],
)
def test_a_faulty_file_is_mended_and_that_is_said(data: bytes) -> None:
    tree = read_tree(data)
    assert "ungs." in "".join(tree.article.itertext())
    assert tree.warnings[0].startswith("the XML is faulty and had to be mended")


def test_an_attribute_is_found_with_its_namespace_with_another_or_with_none() -> None:
    for declared in (' xmlns:xlink="http://www.w3.org/1999/xlink"', ' xmlns:xlink="urn:x"', ""):
        body = f'<graphic{declared} xlink:href=" a.jpg " id="g"/>'.encode()
        graphic = first(read_tree(PLAIN.replace(b"Clear", body)).article, "body/p/graphic")
        assert (attribute(graphic, "href"), attribute(graphic, "id")) == ("a.jpg", "g")
        assert attribute(graphic, "content-type") == ""
