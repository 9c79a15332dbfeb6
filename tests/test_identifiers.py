"""DOIs and addresses: any form is read, and two forms of one thing are equal."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from covidxr.identifiers import (
    canonical_url,
    doi_key,
    doi_stem,
    host_of,
    is_case_page,
    read_doi,
    read_url,
)

REAL = Path(__file__).parents[2] / "shared" / "real"

DOI = "10.1000/S0140-6736(20)12345-7"

doi_like = st.lists(
    st.sampled_from(
        ["doi:", "https://doi.org/", "10.1000/", "ab", "%2F", "%25", "%", "/", ".", ")", "(", "<"]
    )
    | st.sampled_from(
        [">", "?", "#", " ", "-0", "&", "\u200b", ";", '"', "41", "https://a.org/doi/", "é"]
    ),
    max_size=10,
).map("".join)

url_like = st.lists(
    st.sampled_from(
        ["https://", "www.", "m.", "Example.org", "radiopaedia.org", "eurorad.org", "doi.org/"]
    )
    | st.sampled_from(
        ["/case/12", "/cases/ab", "/eurorad/case.php", "id=12", "?", "&", "#", "/", "%2F", "%25"]
    )
    | st.sampled_from(
        ["3D", "41", "%", "%20", "%C2%A0", "%3F", "%23", "\u200b", "lang=us", "=", ".", ":80"]
    )
    | st.sampled_from(
        ["10.1000/Ab", "utm_x", "ncbi.nlm.nih.gov", "/pubmed/12", "%26", "en.m.wikipedia.org/"]
    )
    | st.sampled_from(["archivio.sirm.org/2020/", "b", "é", "\u0130", "%E2%80%8B", "+", ";"]),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    "doi",
    [
        DOI,
        "10.1000/xyz",
        "10.1000/NEJMx2001191",
        "10.1000.10/123456",
        "10.1000/j.issn.1671-5411.2020.04.005-0",
        "10.1000/(SICI)1096(199601)99:1<1::AID-A1>3.0.CO;2-1",
    ],
)
def test_a_bare_doi_stands_as_it_is_whatever_its_case(doi: str) -> None:
    reading = read_doi(doi)
    assert reading.is_canonical
    assert reading.doi == doi


@pytest.mark.parametrize(
    "text",
    [
        f"https://doi.org/{DOI}",
        f"http://dx.doi.org/{DOI}",
        f"https://www.doi.org/{DOI}",
        f"HTTPS://DOI.ORG/{DOI}",
        f"doi.org/{DOI}",
        f"https://doi.org/{DOI}?utm_source=x",
        f"https://doi.org/{DOI}#abstract",
        f"https://doi.org/{DOI}/",
        "https://doi.org/10.1000%2FS0140-6736%2820%2912345-7",
        "10.1000%2fS0140-6736(20)12345-7",
        f"doi:{DOI}",
        f"DOI: {DOI}",
        f"doi {DOI}",
        f"DOI: https://doi.org/{DOI}",
        f"https://doi.org/doi:{DOI}",
        f"info:doi/{DOI}",
        f" {DOI} ",
        f"{DOI}\u00a0",
        f"{DOI}.",
        f"{DOI},",
        f"<https://doi.org/{DOI}>",
        f"(doi:{DOI})",
        f"{DOI[:9]}\u200b{DOI[9:]}",
        f"https://www.journal.org/doi/{DOI}",
        f"https://www.journal.org/doi/full/{DOI}",
        f"https://www.journal.org/doi/pdf/{DOI}?download=true",
    ],
)
def test_a_doi_in_any_pasted_form_gives_the_bare_one(text: str) -> None:
    reading = read_doi(text)
    assert reading.problem == "spelling"
    assert reading.doi == DOI


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "doi:",
        "10.1000",
        "10.1000/",
        "10.10/too-short-a-prefix",
        "11.1000/xyz",
        "10.1000/with blank",
        "10.1000/abc;10.1000/def",
        "10.1000/abc, 10.1000/def",
        "12759474",
        "https://www.ncbi.nlm.nih.gov/pubmed/12759474",
        "https://doi.org/",
        # The publisher's own number follows: where the DOI ends cannot be told.
        "https://academic.example.com/article/doi/10.1000/cid/ciaa199/5766408",
        "10.1000/%FF",
        "10.1000/\udca1",
    ],
)
def test_what_is_no_single_doi_is_unreadable(text: str) -> None:
    reading = read_doi(text)
    assert reading.problem == "unreadable"
    assert reading.doi is None


def test_dois_are_compared_without_regard_to_case() -> None:
    assert doi_key("10.1000/NEJMoa1") == doi_key("10.1000/nejmOA1")


@pytest.mark.parametrize(
    ("doi", "stem"),
    [
        ("10.1000/j.issn.1671-5411.2020.04.005-0", "10.1000/j.issn.1671-5411.2020.04.005"),
        ("10.1000/s11547-020-01203-0", "10.1000/s11547-020-01203"),
        ("10.1000/abc-12", "10.1000/abc"),
        ("10.1000/abc", None),
        ("10.1000/-5", None),
        ("10.1000/abc-x", None),
        ("?", None),
    ],
)
def test_a_stem_is_the_doi_without_a_number_that_dragging_may_have_added(
    doi: str, stem: str | None
) -> None:
    assert doi_stem(doi) == stem


@given(st.one_of(st.text(), doi_like))
@example("10.1000/%25%E2%80%8B41")
@example('"10.1000/a."')
def test_reading_a_doi_twice_changes_nothing_more(text: str) -> None:
    doi = read_doi(text).doi
    if doi is not None:
        assert read_doi(doi).doi == doi
        assert read_doi(doi).is_canonical


@pytest.mark.parametrize(
    ("text", "url", "problem"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d", None),
        ("http://www.example.org:8080", "http://www.example.org:8080", None),
        ("https://example.org/a%20b(1)", "https://example.org/a%20b(1)", None),
        (" https://example.org/a\n", "https://example.org/a", "spelling"),
        ("\ufeffhttps://example.org/a", "https://example.org/a", "spelling"),
        ("https://example.org/a b", None, "unreadable"),
        ("https://example.org https://example.org", None, "unreadable"),
        ("www.example.org/a", None, "unreadable"),
        ("ftp://example.org/a", None, "unreadable"),
        ("https://localhost/a", None, "unreadable"),
        ("https://example..org/a", None, "unreadable"),
        ("https:///a", None, "unreadable"),
        ("?", None, "unreadable"),
        ("", None, "unreadable"),
    ],
)
def test_an_address_has_a_scheme_and_a_host_and_no_blank(
    text: str, url: str | None, problem: str | None
) -> None:
    reading = read_url(text)
    assert (reading.url, reading.problem) == (url, problem)
    assert reading.is_canonical == (problem is None)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://WWW.Example.org/A/", "example.org/A"),
        ("https://m.example.org:443/A?utm_source=x&lang=de#top", "example.org/A"),
        ("https://example.org/A?via%3Dihub#!", "example.org/A"),
        ("https://example.org/A?b=2&a=1", "example.org/A?a=1&b=2"),
        ("https://example.org/A%28B%29", "example.org/A(B)"),
        ("https://example.org/article/10.1000%2Fs1", "example.org/article/10.1000/s1"),
        ("https://example.org/a%3Fb", "example.org/a%3Fb"),
        ("https://www.org/a", "www.org/a"),
        ("https://pubmed.ncbi.nlm.nih.gov/1/", "pubmed.ncbi.nlm.nih.gov/1"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/1", "pubmed.ncbi.nlm.nih.gov/1"),
        (
            "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/?report=classic",
            "pmc.ncbi.nlm.nih.gov/articles/PMC1",
        ),
        ("https://www.kjr.example/DOIx.php?id=10.1000/k", "kjr.example/DOIx.php?id=10.1000/k"),
        ("https://radiopaedia.org/cases/ab-1?lang=us", "radiopaedia.org/cases/ab-1"),
        ("https://radiopaedia.org/cases/ab-1/studies/7?c=1", "radiopaedia.org/cases/ab-1"),
        ("https://www.eurorad.org/case/12/teaching-case", "eurorad.org/case/12"),
        ("http://www.eurorad.org/eurorad/case.php?id=12", "eurorad.org/case/12"),
        ("http://eurorad.org/case.php?lang=en&id=12", "eurorad.org/case/12"),
        (
            "https://www.sirm.org/2020/03/10/covid-19-caso-1/?print=print-search",
            "sirm.org/2020/03/10/covid-19-caso-1",
        ),
        (
            "https://archivio.sirm.org/2020/03/10/covid-19-caso-1/",
            "sirm.org/2020/03/10/covid-19-caso-1",
        ),
        ("https://en.m.wikipedia.org/wiki/File:A.png", "en.wikipedia.org/wiki/File:A.png"),
        ("http://dx.doi.org/10.1000/AbC", "doi.org/10.1000/abc"),
        ("example.org/a", "example.org/a"),
        ("?", ""),
        ("", ""),
    ],
)
def test_two_addresses_of_one_page_have_one_key(url: str, key: str) -> None:
    assert canonical_url(url) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://radiopaedia.org/cases/ab", "https://radiopaedia.org/cases/ab-1"),
        ("https://www.eurorad.org/case/12", "https://www.eurorad.org/case/123"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/a%2541", "https://example.org/a%41b"),
        ("https://example.org/a%3Fb", "https://example.org/a?b"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@given(st.one_of(st.text(), url_like))
@example("https://doi.org/10.1000/a%23b")
@example("https://doi.org/10.1000/a/./.")
@example("https://example.org/%25%E2%80%8B41")
@example("https://example.org/a?x%26y")
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    key = canonical_url(text)
    assert canonical_url(key) == key


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://radiopaedia.org/cases/some-case?lang=us", True),
        ("https://www.eurorad.org/case/12", True),
        ("http://www.eurorad.org/eurorad/case.php?id=12", True),
        ("https://www.sirm.org/2020/03/03/covid19-caso-2/", True),
        ("https://sirm.org/en/2020/03/31/covid-19-case-5/", True),
        ("https://coronacases.org/forum/a-forum-1/question/case-099-30-year-old-male-7", True),
        ("https://coronacases.org/forum/a-forum-1/case-099-30-year-old-male-7", True),
        ("https://cases.rsna.org/case/00000000-1111-2222-3333-444444444444", True),
        ("https://radiopaedia.org/cases?page=2", False),
        ("https://radiopaedia.org/articles/pneumonia", False),
        ("https://www.eurorad.org/advanced-search?search=pneumonia", False),
        ("https://www.sirm.org/2020/03/06/covid-19-dati-e-statistiche/", False),
        ("https://github.com/someone/images", False),
        ("https://www.journal.org/doi/10.1000/x", False),
        ("https://evil.org/radiopaedia.org/cases/a", False),
        ("?", False),
        ("", False),
    ],
)
def test_a_case_page_is_one_of_a_known_case_database(url: str, *, expected: bool) -> None:
    assert is_case_page(url) is expected


def test_every_doi_and_address_of_the_real_table_is_read() -> None:
    table = REAL / "2020-06-22" / "metadata.csv"
    if not table.exists():
        pytest.skip("the real tables are not here")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dois = {row["doi"] for row in rows if not read_doi(row["doi"]).is_canonical}
    assert dois == {"", "?", "10.2214/AJR.20.23034 "}
    urls = {row["url"] for row in rows}
    assert all(read_url(url).is_canonical for url in urls)
    # No two addresses of this table are of one page, and none may become so.
    assert len({canonical_url(url) for url in urls}) == len(urls)
    patients = defaultdict(set)
    for row in rows:
        if is_case_page(row["url"]):
            patients[canonical_url(row["url"])].add(row["patientid"])
    # The first two report several people; the others are one person under two ids.
    assert {page: len(ids) for page, ids in patients.items() if len(ids) > 1} == {
        "eurorad.org/case/16689": 2,
        "eurorad.org/case/16745": 6,
        "eurorad.org/case/10483": 2,
        "eurorad.org/case/10665": 2,
        "radiopaedia.org/cases/covid-19-pneumonia-29": 2,
        "radiopaedia.org/cases/covid-19-pneumonia-40": 2,
        "sirm.org/2020/05/14/covid-19-caso-85": 2,
    }


@pytest.mark.parametrize(
    "text",
    ["10.1234/%" + "25" * 1_000_000, "doi:" * 500_000, "(" * 1_000_000 + ")" * 1_000_000],
    ids=["escapes", "labels", "brackets"],
)
def test_a_cell_as_long_as_a_book_is_no_doi_and_no_address(text: str) -> None:
    assert read_doi(text).doi is None
    assert read_url(f"https://example.org/{text}").url is None
    assert canonical_url(f"https://example.org/{text}") == ""


@given(url_like)
@example("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1")
@example("https://archivio.sirm.org/2020/03/03/x")
@example("https://it.m.wikipedia.org/wiki/X")
@example("http://dx.doi.org/10.5555/x")
@example("https://m.example.org/a/")
@example("https://www.org/a")
@example("https://Example.org:443/a")
def test_the_host_is_that_of_the_canonical_address(url: str) -> None:
    assert host_of(url) == canonical_url(url).partition("/")[0]


@given(
    st.sampled_from(["http://", "https://"]),
    st.lists(
        st.sampled_from(["www.", "m.", "mobile.", "en.", "sirm.", "doi.", "archivio.", "a-b."]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["/", "/2020/03/x", "/wiki/X", "/pubmed/1", "/10.5555/x", "/a//b/.", ""]),
)
def test_the_host_of_a_plain_address_is_that_of_the_canonical_one(
    scheme: str, names: list[str], path: str
) -> None:
    url = f"{scheme}{''.join(names)}org{path}"
    assert host_of(url) == canonical_url(url).partition("/")[0]


@pytest.mark.skipif(not REAL.is_dir(), reason="shared/real is not here")
def test_the_hosts_of_real_addresses_are_those_of_the_canonical_ones() -> None:
    with (REAL / "2020-06-22" / "metadata.csv").open(encoding="utf-8") as file:
        urls = {row["url"] for row in csv.DictReader(file)}
    for url in urls:
        assert host_of(url) == canonical_url(url).partition("/")[0]
