"""Pages that a curator saved: folders, archives, replies, and what they say of their address."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr import htmlpage
from covidxr.errors import GoneError, UsageError
from covidxr.savedpages import (
    SAVED,
    Held,
    SavedPages,
    address_of_html,
    folder_names,
    read_mhtml,
    with_saved_addresses,
)

URL = "https://www.eurorad.org/case/7"


def archive(location: str | None = URL) -> bytes:
    """A page in one file, as a browser writes it."""
    message = EmailMessage()
    message["Subject"] = "Case 7"
    if location:
        message["Snapshot-Content-Location"] = location
    message.set_content("<html><h1>Synthetic</h1>", subtype="html", cte="quoted-printable")
    message["Content-Location"] = URL
    message.make_related()
    message.add_related(b"\x89PNG picture", "image", "png")
    part = message.get_payload()[1]  # type: ignore[index]
    part["Content-Location"] = f"{URL}/a.png"  # type: ignore[index]
    message.add_related(b"body {}", "text", "css", cid="<style@x>")
    return message.as_bytes()


def test_an_archive_gives_the_page_first_and_every_part_decoded() -> None:
    page, picture, style = read_mhtml(archive(), "case.mhtml")
    assert (page.url, page.content_type) == (URL, "text/html")
    assert b"<h1>Synthetic</h1>" in page.body
    assert (picture.url, picture.body) == (f"{URL}/a.png", b"\x89PNG picture")
    assert style.url == "cid:style@x"


def test_an_archive_without_the_browsers_own_line_is_known_by_its_pages() -> None:
    assert read_mhtml(archive(None), "case.mhtml")[0].url == URL


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<html>",
        b"\0" * 100,
        b"Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\nx\n--x--",
        b"Content-Type: multipart/related; boundary=x\n\n",
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000)
        ),
    ],
    ids=["empty", "text", "html", "NUL", "no page", "no part", "nested"],
)
def test_what_is_no_archive_is_told_by_name(body: bytes) -> None:
    with pytest.raises(UsageError, match=r"^case\.mhtml "):
        read_mhtml(body, "case.mhtml")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"<!-- saved from url=(0030){URL} -->", URL),
        (
            f"<html>\n<!-- Saved from URL=(30){URL} --><link rel=canonical href='https://x.org/'>",
            URL,
        ),
        (f"<link rel='canonical' href='{URL}'>", URL),
        (f"<meta property='og:url' content='{URL}'>", URL),
        ("<p>saved from url nowhere", ""),
        ("<link rel=canonical href='javascript:x'>", ""),
        ("", ""),
    ],
)
def test_a_page_says_where_it_was_saved_from(head: str, expected: str) -> None:
    assert address_of_html(head.encode()) == expected


def test_the_folder_beside_a_page_has_a_name_in_each_browsers_language() -> None:
    assert {"Case 1_files", "Case 1-Dateien", "Case 1_file", "Case 1.files"} <= set(
        folder_names("Case 1.html")
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('<img src="./Case 1_files/a.png">', '<img src="saved:Case%201_files/a.png">'),
        ("<img src='Case%201_files/a.png'>", "<img src='saved:Case%201_files/a.png'>"),
        (
            '<img srcset="./Case%201_files/a.png 1x, ./Case%201_files/b.png 2x">',
            '<img srcset="saved:Case%201_files/a.png 1x, saved:Case%201_files/b.png 2x">',
        ),
        ('<img src="https://x.org/Case%201_files/a.png">', None),
        ('<img src="../Case%201_files/a.png">', None),
        ("<p>See Case 2_files/a.png", None),
        ("<p>See Case 1_files/a.png", None),
        (
            '<img srcset="./Case%201_files/a.png 1x,\n  Case%201_files/b.png 2x">',
            '<img srcset="saved:Case%201_files/a.png 1x,\n  saved:Case%201_files/b.png 2x">',
        ),
    ],
)
def test_references_into_the_folder_become_saved_addresses(
    written: str, expected: str | None
) -> None:
    rewritten = with_saved_addresses(written.encode(), folder_names("Case 1.html"))
    assert rewritten.decode() == (expected or written)


def test_a_page_in_a_folder_of_its_own_names_its_pictures_with_it() -> None:
    rewritten = with_saved_addresses(b'<img src="a_files/x.png">', ("a_files",), "one two/")
    assert rewritten == b'<img src="saved:one%20two/a_files/x.png">'
    image = htmlpage.parse(rewritten).img
    assert htmlpage.address(image, URL, "src") == "saved:one%20two/a_files/x.png"


@given(st.binary(max_size=300))
def test_a_page_without_references_stays_as_it_is(body: bytes) -> None:
    assert with_saved_addresses(body, ("quite unlikely_files",)) == body


def test_every_reference_of_a_long_page_is_rewritten() -> None:
    rewritten = with_saved_addresses(b'"./a_files/x"' * 100_000, folder_names("a.html"))
    assert rewritten == b'"saved:a_files/x"' * 100_000


def held(name: str) -> Held:
    return Held(name, name.encode, "text/html")


def test_a_saved_file_is_found_by_any_form_of_its_address() -> None:
    pages = SavedPages({URL: held("case.html")}, "2026-01-02T03:04:05Z")
    for url in (URL, f"{URL}?lang=us", "http://eurorad.org/case/7", f"{URL}/teaching-case#x"):
        page = pages.get(url)
        assert (page.body, page.saved_as) == (b"case.html", "case.html")
        assert page.retrieved_at == "2026-01-02T03:04:05Z"
    assert pages.used == {URL}


def test_a_picture_beside_a_page_is_found_however_its_name_is_escaped() -> None:
    pages = SavedPages({f"{SAVED}Case%201_files/a%20b.png": held("Case 1_files/a b.png")}, "")
    for url in ("saved:Case%201_files/a%20b.png", "saved:Case%201_files/a b.png"):
        assert pages.get(url).saved_as == "Case 1_files/a b.png"


def test_what_was_not_saved_is_not_there() -> None:
    pages = SavedPages({URL: held("case.html")}, "")
    for url in (f"{URL}1", "saved:x", "", "https://[", "https://www.eurorad.org/"):
        with pytest.raises(GoneError, match=r"is not among the saved files"):
            pages.get(url)
    assert pages.used == set()


def test_addresses_below_a_prefix_are_listed_in_natural_order() -> None:
    base = "https://static.example.org/case001/"
    urls = [f"{base}{number}.dcm" for number in (10, 2, 1)]
    pages = SavedPages({url: held(url) for url in [*urls, URL]}, "")
    assert pages.known(base) == (f"{base}1.dcm", f"{base}2.dcm", f"{base}10.dcm")
    assert pages.known("https://other.org/") == ()
