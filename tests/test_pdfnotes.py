"""What a PDF says of itself: title, DOI and licence."""

from __future__ import annotations

import pytest

from covidxr.pdfnotes import doi_of, licence_urls_of, licence_words_of, title_of


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("A case of  pneumonia", "A case of pneumonia"),
        ("Untitled document", ""),
        ("untitled", ""),
        ("Microsoft Word - paper final", ""),
        ("final version 3.docx", ""),
        ("our paper.indd", ""),
        ("8", ""),
        ("123 - 456", ""),
        ("jmv_25678", ""),
        ("", ""),
    ],
)
def test_what_programs_put_for_a_title_is_none(title: str, read: str) -> None:
    assert title_of({"Title": title}) == read


def test_no_title_is_no_title() -> None:
    assert title_of({}) == ""


OWN = "10.1234/own.2020.5"


@pytest.mark.parametrize(
    ("info", "xmp", "links", "text"),
    [
        ({"doi": OWN}, "", (), "10.1234/other"),
        ({"WPS-ARTICLEDOI": OWN}, "", (), ""),
        ({"Subject": f"Journal of Lungs, 2020. doi:{OWN}"}, "", (), ""),
        ({}, f"<prism:doi>{OWN}</prism:doi>", (), "10.1234/other"),
        ({}, f"<dc:identifier>doi:{OWN}</dc:identifier>", (), ""),
        ({}, f'<rdf:Description prism:doi="{OWN}"/>', (), ""),
        ({}, "", (f"https://doi.org/{OWN}",), ""),
        ({}, "", (f"http://crossmark.crossref.org/dialog/?doi={OWN}&domain=pdf",), ""),
        ({}, "", (), f"Cite as https://doi.org/{OWN}. Received"),
        ({}, "", (), f"(doi:{OWN}) and again {OWN.upper()}"),
        ({}, "", (f"https://doi.org/{OWN}",), "https://doi.org/10.1234/own. 2020.5"),
        ({}, "", (), f"10.1234/own-\n2020 {OWN}"),
    ],
)
def test_the_doi_of_the_paper_is_read(
    info: dict[str, str], xmp: str, links: tuple[str, ...], text: str
) -> None:
    assert doi_of(info, xmp, links, text).lower() == OWN


@pytest.mark.parametrize(
    ("info", "text"),
    [
        ({}, "no DOI at all"),
        ({}, "10.1234/one and 10.1234/two"),
        ({"doi": "10.1234/one", "Subject": "10.1234/two"}, "10.1234/one"),
        ({"Producer": "10.1234/program"}, ""),
        ({}, "broken at 10.1234/the-"),
    ],
)
def test_several_dois_or_none_give_none(info: dict[str, str], text: str) -> None:
    assert doi_of(info, "", (), text) == ""


def test_links_to_other_places_are_no_dois() -> None:
    assert doi_of({}, "", ("https://example.org/10.1234/own",), "") == ""


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "licenses/by/4.0/"),
        ("https://creativecommons.org/licenses/BY-NC-ND/4.0", "licenses/by-nc-nd/4.0/"),
        ("see creativecommons.org/ licenses/by-nc- sa/3.0/ for", "licenses/by-nc-sa/3.0/"),
        ("creativecommons.org/licenses/by/3.0/igo/", "licenses/by/3.0/igo/"),
        ("creativecommons.org/licenses/by/4.0/deed.en", "licenses/by/4.0/"),
        ("(creativecommons.org/publicdomain/zero/1.0/)", "publicdomain/zero/1.0/"),
    ],
)
def test_an_address_of_a_licence_is_read_as_creative_commons_writes_it(text: str, url: str) -> None:
    assert licence_urls_of((), (text,)) == (f"https://creativecommons.org/{url}",)


def test_an_address_is_given_once_and_others_are_none() -> None:
    same = "http://creativecommons.org/licenses/by/4.0/"
    assert len(licence_urls_of((same,), (same, same.replace("http", "https")))) == 1
    assert licence_urls_of(("https://creativecommons.org/about",), ("licenses/by/4.0",)) == ()


def test_the_sentence_that_names_a_licence_is_given_whole() -> None:
    text = (
        "Received in May. This article is under a Creative Commons\nAttribution 4.0 licence, see "
        "http://creativecommons.org/. The authors have no conflict."
    )
    assert licence_words_of(("Nothing here.", text)) == (
        "This article is under a Creative Commons Attribution 4.0 licence, see "
        "http://creativecommons.org/."
    )


def test_words_that_end_in_no_stop_are_left_out_before_the_sentence() -> None:
    text = "e-ISSN 1234 Review Article This work is licensed under CC BY-NC 4.0"
    assert licence_words_of((text,)) == "This work is licensed under CC BY-NC 4.0"


def test_no_licence_gives_no_words() -> None:
    assert licence_words_of(("All rights reserved. CC: the editor.",)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "10.1234/" * 20_000,
        "<prism:doi" * 20_000,
        "creativecommons.org/licenses/" * 5_000,
        ". A" * 50_000,
        " " * 100_000,
        "\ud800\x00" * 50_000,
    ],
)
def test_a_hostile_text_is_read_at_once(text: str) -> None:
    doi_of({"Title": text, "doi": text}, text, (text,), text)
    assert licence_words_of((text,)) == ""
    assert licence_urls_of((text,), (text,)) == ()
    assert len(title_of({"Title": text})) <= 1000
