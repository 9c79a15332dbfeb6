"""Pages in any state are read; what a reader sees of them becomes clean text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr import htmlpage
from covidxr.htmlpage import (
    Markup,
    Tag,
    address,
    all_of,
    clean,
    first_of,
    meta,
    parse,
    pick,
    srcset,
    text_of,
    without_suffix,
)

BASE = "https://example.org/cases/one"
PIECES = (
    "<p>",
    "</p>",
    "<br>",
    "<script>",
    "<",
    ">",
    "&",
    "&nbsp;",
    "x",
    " ",
    "\n",
    "\0",
    "\ud800",
)
PAGES = st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def element(markup: str) -> Tag:
    found = parse(markup).select_one("body > *")
    assert found is not None
    return found


# ---- parsing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<p>pap\u00e0 \u20ac</p>".encode(),
        codecs.BOM_UTF8 + "<p>pap\u00e0 \u20ac</p>".encode(),
        codecs.BOM_UTF16_LE + "<p>pap\u00e0 \u20ac</p>".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "<p>pap\u00e0 \u20ac</p>".encode("utf-16-be"),
        '<meta charset="utf-8"><p>pap\u00e0 \u20ac</p>'.encode(),
        "<META CHARSET=windows-1252><p>pap\u00e0 \u20ac</p>".encode("cp1252"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">'
            "<p>pap\u00e0 \u20ac</p>"
        ).encode("iso-8859-15"),
        # A byte order mark counts for more than a name.
        codecs.BOM_UTF8 + '<meta charset="windows-1252"><p>pap\u00e0 \u20ac</p>'.encode(),
    ],
)
def test_bytes_are_read_in_the_encoding_that_the_page_names(body: bytes) -> None:
    assert text_of(parse(body)) == "pap\u00e0 \u20ac"


@pytest.mark.parametrize("name", ["latin-1", "ISO-8859-1", "us-ascii"])
def test_latin_1_is_read_as_browsers_read_it(name: str) -> None:
    body = f'<meta charset="{name}"><p>\u201cpap\u00e0\u201d</p>'.encode("cp1252")
    assert text_of(parse(body)) == "\u201cpap\u00e0\u201d"


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "hex",
        "rot13",
        "undefined",
        "idna",
        "punycode",
        "unicode_escape",
        "utf-7",
        "utf-16",
    ],
)
def test_a_name_that_is_no_encoding_of_a_page_means_utf_8(name: str) -> None:
    body = f'<meta charset="{name}"><p>pap\u00e0 \\q +AGE-</p>'.encode()
    assert text_of(parse(body)) == "pap\u00e0 \\q +AGE-"


def test_an_encoding_is_named_near_the_beginning_or_not_at_all() -> None:
    body = b"<!--" + b"x" * 1100 + b'--><meta charset="windows-1252"><p>pap\xc3\xa0</p>'
    assert text_of(parse(body)) == "pap\u00e0"


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert text_of(parse(b"<p>a\xffb</p>")) == "a\ufffdb"


def test_lone_surrogates_are_replaced() -> None:
    assert text_of(parse("<p>a\udc80b</p>")) == "a?b"


# Warnings are errors in these tests: bs4 would take such text for the name of a file.
@pytest.mark.parametrize("text", ["", "plain", "case.html", "https://example.org/a", "/etc/hosts"])
def test_text_without_markup_is_text(text: str) -> None:
    assert text_of(parse(text)) == text


@pytest.mark.parametrize(
    "page",
    [
        '<?xml version="1.0"?><rss><title>x</title></rss>',
        '\ufeff\n<?xml version="1.0"?><rss><title>x</title></rss>',
        '<?XML version="1.0"?><rss><title>x</title></rss>',
        '<?xml version="1.0"?> <?xml-stylesheet href="a.xsl"?><rss><title>x</title></rss>',
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p>x</p></html>',
    ],
)
def test_xml_is_read_as_html_without_a_warning(page: str) -> None:
    assert text_of(parse(page)) == "x"


@given(PAGES)
def test_any_page_is_read(page: str) -> None:
    lines = text_of(parse(page)).split("\n")
    assert lines == [""] or all(line and line == clean(line) for line in lines)


@given(st.binary())
def test_any_bytes_are_read(body: bytes) -> None:
    assert "\n\n" not in text_of(parse(body))


# ---- finding -----------------------------------------------------------------------------------

NEW = Markup(years="2023 to 2025", selectors={"title": "h1.new", "author": ".by"})
OLD = Markup(years="2020", selectors={"title": "h1", "author": "b", "date": "time"})


@pytest.mark.parametrize(
    ("page", "texts", "years"),
    [
        ("<h1 class=new>one</h1><h1>two</h1>", ["one"], "2023 to 2025"),
        ("<h1>one</h1><h1>two</h1>", ["one", "two"], "2020"),
        ("<h2>one</h2>", [], ""),
    ],
)
def test_elements_are_picked_by_the_first_generation_that_has_any(
    page: str, texts: list[str], years: str
) -> None:
    found, matched = pick(parse(page), (NEW, OLD), "title")
    assert ([text_of(each) for each in found], matched) == (texts, years)


def test_generations_may_be_mixed_in_one_page() -> None:
    page = parse("<h1 class=new>Title</h1><b>Author</b>")
    assert [pick(page, (NEW, OLD), name)[1] for name in ("title", "author")] == [
        "2023 to 2025",
        "2020",
    ]


def test_a_generation_without_the_name_is_passed_over() -> None:
    page = parse("<time>today</time>")
    assert pick(page, (NEW, OLD), "date")[1] == "2020"
    assert pick(page, (NEW, OLD), "unknown") == ([], "")


def test_the_first_selector_that_matches_decides() -> None:
    page = parse("<i>a</i><b>b</b><i>c</i>")
    assert text_of(first_of(page, "u", "b", "i")) == "b"
    assert [text_of(each) for each in all_of(page, "u", "i", "b")] == ["a", "c"]
    assert first_of(page, "u") is None
    assert all_of(page, "u") == []


# ---- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        (" a \t\n b ", "a b"),
        ("a\u00a0\u202fb", "a b"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("\u200b \u00a0", ""),
    ],
)
def test_blanks_of_every_kind_are_folded(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div><p>one</p><p>two</p></div>", "one\ntwo"),
        ("<div><p>one</p>two<p>three</p></div>", "one\ntwo\nthree"),
        ("<div><span><p>one</p></span>two</div>", "one\ntwo"),
        ("<div><span><p>one</p></span><b>two</b></div>", "one\ntwo"),
        ("<div>one<div>two</div></div>", "one\ntwo"),
        ("<p>one<br>two<br/><br>three</p>", "one\ntwo\nthree"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<dl><dt>one<dd>two</dl>", "one\ntwo"),
        ("<table><tr><td>one<td>two<tr><td>three</table>", "one\ntwo\nthree"),
        ("<p>pneu<b>mon</b>ia <i>of</i> <a href='#'>one</a> lung</p>", "pneumonia of one lung"),
        ("<p> one\n  two\t</p>", "one two"),
        ("<p>&nbsp;</p>", ""),
        ("<p>a &lt;b&gt; &amp; c</p>", "a <b> & c"),
    ],
)
def test_text_has_one_line_a_block(markup: str, text: str) -> None:
    assert text_of(element(markup)) == text


def test_what_a_reader_does_not_see_is_no_text() -> None:
    hidden = (
        "<script>a</script><style>b</style><template>c</template><noscript>d<b>e</b></noscript>"
    )
    assert text_of(element(f"<div>one{hidden}<!-- f -->two</div>")) == "onetwo"


def test_a_title_is_read_when_asked_for_and_is_no_text_of_the_page() -> None:
    page = parse("<head><title> A  case </title></head><body><p>one</p></body>")
    assert text_of(page) == "one"
    assert text_of(page.title) == "A case"


def test_no_element_has_no_text() -> None:
    assert text_of(None) == ""


def test_deep_nesting_is_read() -> None:
    assert text_of(parse("<div><b>" * 5000 + "one")) == "one"


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("https://example.com/a.png", "https://example.com/a.png"),
        ("//example.com/a.png", "https://example.com/a.png"),
        ("/a.png", "https://example.org/a.png"),
        (" two?b=c ", "https://example.org/cases/two?b=c"),
        ("two#part", "https://example.org/cases/two"),
        ("saved:a/b.png", "saved:a/b.png"),
        ("saved:a/b.png#part", "saved:a/b.png"),
        ("#part", ""),
        ("", ""),
        (" ", ""),
        ("data:image/gif;base64,R0lG", ""),
        ("javascript:void(0)", ""),
        ("JavaScript:void(0)", ""),
        ("mailto:somebody@example.org", ""),
        ("file:///etc/hosts", ""),
        ("http://[bad/a.png", ""),
    ],
)
def test_an_address_is_absolute_and_usable(href: str, found: str) -> None:
    assert address(element(f'<a href="{href}">x</a>'), BASE, "href") == found


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<img data-src="/a.png" src="/b.png">', "https://example.org/a.png"),
        ('<img src="/b.png">', "https://example.org/b.png"),
        ('<img data-src="" src="/b.png">', "https://example.org/b.png"),
        ('<img data-src="data:image/gif;base64,R0lG" src="/b.png">', "https://example.org/b.png"),
        ('<img data-src="http://[bad" src="/b.png">', "https://example.org/b.png"),
        ("<img>", ""),
    ],
)
def test_the_first_attribute_with_a_usable_address_counts(markup: str, found: str) -> None:
    assert address(element(markup), BASE, "data-src", "src") == found


def test_what_is_no_single_text_is_no_address() -> None:
    assert address(element('<img class="a b">'), BASE, "class") == ""
    assert address(None, BASE, "src") == ""


def test_a_base_that_is_no_address_gives_none() -> None:
    assert address(element('<img src="/a.png">'), "http://[bad", "src") == ""


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("a.png", ["a.png"]),
        ("a.png 100w, b.png 300w, c.png 200w", ["b.png", "c.png", "a.png"]),
        ("a.png 1x,b.png 2.5x", ["b.png", "a.png"]),
        ("a.png, b.png 2x", ["b.png", "a.png"]),
        ("a.png 9w, b.png 10w", ["b.png", "a.png"]),
        ("a.png 1x, b.png 1x", ["a.png", "b.png"]),
        ("w_1,h_2/a.png 10w, w_3,h_4/a.png 20w", ["w_3,h_4/a.png", "w_1,h_2/a.png"]),
        (" ,, a.png 2x ,, b.png 1x ,", ["a.png", "b.png"]),
        ("a.png 10w 5h, b.png 20w", ["b.png", "a.png"]),
        ("a.png wide, b.png 2x", ["b.png"]),
        ("a.png -1x, b.png 1.2.3x, c.png 1x", ["c.png"]),
        ("data:image/gif;base64,R0lG 3x, b.png 2x", ["b.png"]),
        ("http://[bad 3x, b.png 2x", ["b.png"]),
        ("", []),
        (" , ", []),
    ],
)
def test_a_srcset_gives_the_largest_first(value: str, names: list[str]) -> None:
    expected = tuple(f"https://example.org/cases/{name}" for name in names)
    assert srcset(element(f'<img srcset="{value}">'), BASE) == expected


def test_a_srcset_that_waits_to_be_shown_counts_first() -> None:
    image = element('<img data-srcset="/a.png 2x" srcset="/b.png 3x">')
    assert srcset(image, BASE) == ("https://example.org/a.png",)
    assert srcset(element("<img>"), BASE) == ()
    assert srcset(None, BASE) == ()


@pytest.mark.parametrize("fragment", ["a", ",", " ", ", ", "a ", "1x ", "a,", "a 1"])
def test_a_srcset_of_a_hundred_thousand_characters_is_read_too(fragment: str) -> None:
    image = element("<img>")
    image["srcset"] = (fragment * 100_000)[:100_000] + " , b.png 999999w"
    assert srcset(image, BASE)[0] == "https://example.org/cases/b.png"


# ---- the page's own words ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "content"),
    [
        ('<meta name="author" content=" A.  Person ">', "A. Person"),
        ('<meta property="author" content="A. Person">', "A. Person"),
        (
            '<meta name="author" content="B"><meta property="author" content="A. Person">',
            "A. Person",
        ),
        (
            '<meta name="author" content="A. Person"><meta name="author" content="B">',
            "A. Person",
        ),
        ('<meta property="author"><meta name="author" content="A. Person">', "A. Person"),
        ('<meta name="author">', ""),
        ('<meta name="authors" content="B">', ""),
        ("<p>A. Person</p>", ""),
    ],
)
def test_a_meta_is_read_by_property_or_name(markup: str, content: str) -> None:
    assert meta(parse(markup), "author") == content


@pytest.mark.parametrize(
    ("title", "taken_off"),
    [
        ("Thymoma | Eurorad", "Thymoma"),
        ("Thymoma  | Eurorad", "Thymoma"),
        ("A dora | Eurorad", "A dora"),
        ("Thymoma - Eurorad", "Thymoma"),
        ("Thymoma", "Thymoma"),
        ("Eurorad", "Eurorad"),
        ("Thymoma | Eurorad | More", "Thymoma | Eurorad | More"),
        (" | Eurorad", " | Eurorad"),
        ("", ""),
    ],
)
def test_a_whole_suffix_is_taken_off_and_never_its_letters(title: str, taken_off: str) -> None:
    assert without_suffix(title, (" | Eurorad", " - Eurorad")) == taken_off


# --- a page while it is read ---------------------------------------------------------------------

SITE_MARKUP = (
    Markup(years="2025", selectors={"title": "h1.new", "next": "a.next"}),
    Markup(years="2020", selectors={"title": "h1, title", "head": "title", "said": "meta[name=a]"}),
)
PAGE = b"""<html><head><title> Window  title </title><meta name=a content=" said "></head>
<body><h1></h1><h1>Old title</h1><a class=next>no address</a><a class=next href="/2#x">2</a>"""


def test_a_reader_gives_what_each_name_means_and_notes_the_generation() -> None:
    page = htmlpage.PageReader("https://x.org/1", PAGE, SITE_MARKUP)
    assert page.text("title") == "Window title"
    assert page.text("said") == "said"
    assert page.link("next") == "https://x.org/2"
    assert page.text("absent") == page.link("title") == ""
    assert page.used == {"title": "2020", "said": "2020", "next": "2025"}
    assert htmlpage.selectors_of(SITE_MARKUP, "title") == "h1.new, h1, title"
