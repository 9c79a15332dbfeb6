"""What an article says of itself, out of JATS."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.articles import Article, LicenceNote
from covidxr.jats import ArticleError, read_article

PAPERS = Path(__file__).parents[2] / "shared" / "papers"
NAMESPACES = (
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ali="http://www.niso.org/schemas/ali/1.0/"'
)

BY = "https://creativecommons.org/licenses/by/4.0/"


def read(meta: str = "", *, attributes: str = "", before: str = "", journal: str = "") -> Article:
    """Read an article of which only the metadata matter."""
    return read_article(
        (
            f"<article {NAMESPACES} {attributes}>{before}<front>"
            f"<journal-meta>{journal}</journal-meta>"
            f"<article-meta>{meta}</article-meta></front><body><p>Text.</p></body></article>"
        ).encode()
    )


def ids(**values: str) -> str:
    return "".join(
        f'<article-id pub-id-type="{kind.replace("_", "-")}">{value}</article-id>'
        for kind, value in values.items()
    )


@pytest.mark.parametrize(
    ("meta", "doi", "pmcid", "pmid"),
    [
        (ids(pmc="900001", pmid="31", doi="10.1234/AbC"), "10.1234/AbC", "PMC900001", "31"),
        (ids(pmcid="900001"), "", "PMC900001", ""),
        (ids(pmcid="PMC900001", pmcid_ver="PMC900001.2", pmcaid="900001"), "", "PMC900001", ""),
        (ids(pmcid_ver="PMC900001.2"), "", "PMC900001", ""),
        (ids(publisher_id="7", art_access_id="8", pii="S1"), "", "", ""),
        (ids(doi=" https://doi.org/10.1234/x "), "10.1234/x", "", ""),
        (ids(doi="none", pmc="PMCx", pmid="n/a"), "", "", ""),
        ("", "", "", ""),
    ],
)
def test_ids_are_read_in_every_form(meta: str, doi: str, pmcid: str, pmid: str) -> None:
    found = read(meta)
    assert (found.doi, found.pmcid, found.pmid) == (doi, pmcid, pmid)


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<article-title>A <italic>clear</italic> lung</article-title>", "A clear lung"),
        ("<article-title>A lung<xref ref-type='fn' rid='n'>*</xref></article-title>", "A lung"),
        ("<article-title>A lung<fn id='n'><p>Funded.</p></fn></article-title>", "A lung"),
        ("<article-title>A lung<sup>*</sup></article-title>", "A lung"),
        ("<article-title>A lung</article-title><subtitle>A case</subtitle>", "A lung: A case"),
        ("", ""),
    ],
)
def test_a_title_is_without_the_marks_of_its_footnotes(markup: str, title: str) -> None:
    assert read(f"<title-group>{markup}</title-group>").title == title


@pytest.mark.parametrize(
    ("attributes", "kind", "language"),
    [
        ("article-type='case-report' xml:lang='EN'", "case-report", "en"),
        ("xml:lang='pt-BR'", "", "pt"),
        ("xml:lang='eng'", "", ""),
        ("", "", ""),
    ],
)
def test_kind_and_language_are_the_files_own(attributes: str, kind: str, language: str) -> None:
    found = read(attributes=attributes)
    assert (found.kind, found.language) == (kind, language)


def test_a_journal_is_named_in_both_forms() -> None:
    title = "<journal-title>J Clear Lungs</journal-title>"
    assert read(journal=title).journal == "J Clear Lungs"
    assert (
        read(journal=f"<journal-title-group>{title}</journal-title-group>").journal
        == "J Clear Lungs"
    )


def dated(*parts: str) -> str:
    return "".join(
        f"<pub-date pub-type='{kind}'>"
        + "".join(
            f"<{name}>{value}</{name}>"
            for name, value in zip(("year", "month", "day"), day.split("-"), strict=False)
        )
        + "</pub-date>"
        for kind, day in (part.split(" ") for part in parts)
    )


@pytest.mark.parametrize(
    ("meta", "day"),
    [
        (dated("epub 2020-4-7"), "2020-04-07"),
        (dated("ppub 2020-06", "epub 2020-4-7"), "2020-04-07"),
        # The date of an issue or of the archive is none of the article where there is another.
        (dated("collection 2020-01", "epub 2020-4-7", "pmc-release 2020-03-01"), "2020-04-07"),
        (dated("collection 2020", "pmc-release 2019-12-31"), "2020"),
        (dated("pmc-release 2020-5-1"), "2020-05-01"),
        # A year or month says nothing against a day within it.
        (dated("ppub 2020", "epub 2020-4-7"), "2020-04-07"),
        (dated("ppub 2019", "epub 2020-4-7"), "2019"),
        (dated("epub 2020-Apr-7"), "2020-04-07"),
        (dated("epub 2020-Oct/Dec"), "2020"),
        (dated("epub 2020-2-31"), "2020-02"),
        (dated("epub 20-2-3", "nihms-submitted 2019-1-1"), ""),
        ("<pub-date iso-8601-date='2020-04-07' date-type='pub'/>", "2020-04-07"),
        (
            "<pub-history><event event-type='preprint'><date><year>2020</year><month>3</month>"
            "<day>2</day></date></event><event event-type='pmc-last-change'><date><year>2019</year>"
            "</date></event></pub-history>" + dated("epub 2020-4-7"),
            "2020-03-02",
        ),
        ("<history><date date-type='received'><year>2019</year></date></history>", ""),
        ("", ""),
    ],
)
def test_the_earliest_day_of_publication_counts_as_far_as_it_is_known(meta: str, day: str) -> None:
    assert read(meta).published == day


def test_authors_stand_in_order_and_editors_are_none() -> None:
    found = read(
        "<contrib-group><contrib contrib-type='author'><name><surname>Doe</surname><given-names>"
        "Jane A.</given-names><suffix>Jr</suffix></name><xref ref-type='aff'>1</xref></contrib>"
        "<contrib contrib-type='author'><collab>The Clear Lung Group<contrib-group><contrib><name>"
        "<surname>Member</surname></name></contrib></contrib-group></collab></contrib>"
        "<contrib><name-alternatives><name><surname>Li</surname></name></name-alternatives>"
        "</contrib>"
        "<contrib contrib-type='author'><string-name>Ann Roe</string-name></contrib>"
        "<contrib contrib-type='author'><anonymous/></contrib></contrib-group>"
        "<contrib-group><contrib contrib-type='editor'><name><surname>Red</surname></name>"
        "</contrib>"
        "</contrib-group>"
    )
    assert found.authors == ("Jane A. Doe Jr", "The Clear Lung Group", "Li", "Ann Roe")


def test_the_abstract_is_the_summary_and_keywords_are_of_its_language() -> None:
    found = read(
        "<abstract abstract-type='graphical'><p>Picture.</p></abstract>"
        "<abstract><title>Abstract</title><sec><title>Aim</title><p>To see.</p></sec></abstract>"
        "<abstract><p>Second.</p></abstract>"
        "<kwd-group><title>Keywords</title><kwd>COVID-19</kwd><kwd><italic>CT</italic></kwd>"
        "</kwd-group>"
        "<kwd-group kwd-group-type='abbreviations'><kwd>GGO</kwd></kwd-group>"
        "<kwd-group xml:lang='pt'><kwd>pulmão</kwd></kwd-group>",
        attributes="xml:lang='en'",
    )
    assert found.abstract == "Aim To see."
    assert found.keywords == ("COVID-19", "CT")


# ---- licences -----------------------------------------------------------------------------------


def test_licences_are_collected_wherever_they_stand() -> None:
    found = read(
        "<permissions><copyright-statement>© 2020 Doe</copyright-statement>"
        f"<license license-type='open-access' xlink:href='{BY}'>"
        "<ali:license_ref specific-use='vor'>"
        f"{BY}</ali:license_ref>"
        f"<license-p>Free under <ext-link xlink:href='{BY}'>this</ext-link> or "
        f"<uri>{BY}</uri>.</license-p></license><license><p>Free to read.</p></license>"
        f"<ali:license_ref specific-use='am'>{BY}</ali:license_ref></permissions>"
        "<custom-meta-group><custom-meta><meta-name>pmc-license-ref</meta-name><meta-value>CC BY"
        "</meta-value></custom-meta></custom-meta-group>"
    )
    kind = "open-access"
    assert found.copyright == "© 2020 Doe"
    assert found.licences == (
        LicenceNote(url=BY, kind=kind, where="license/@xlink:href"),
        LicenceNote(url=BY, kind="vor", where="ali:license_ref"),
        LicenceNote(url=BY, words="this", kind=kind, where="license-p//ext-link"),
        LicenceNote(url=BY, words=BY, kind=kind, where="license-p//uri"),
        LicenceNote(words=f"Free under this or {BY}.", kind=kind, where="license-p"),
        LicenceNote(words="Free to read.", where="license-p", licence=1),
        LicenceNote(url=BY, kind="am", where="ali:license_ref", licence=2),
        LicenceNote(words="CC BY", where="custom-meta pmc-license-ref"),
    )


def custom(name: str, value: str) -> str:
    return (
        f"<custom-meta-group><custom-meta><meta-name>{name}</meta-name>"
        f"<meta-value>{value}</meta-value>"
        "</custom-meta></custom-meta-group>"
    )


@pytest.mark.parametrize(
    ("before", "meta", "flags"),
    [
        ("", custom("pmc-prop-open-access", "yes"), (True, None)),
        ("", custom("pmc-prop-open-access", "no"), (False, None)),
        ("", custom("pmc-prop-manuscript", "yes"), (None, True)),
        ("", custom("pmc-prop-open-access", "perhaps"), (None, None)),
        ("<?properties open_access?>", "", (True, None)),
        ("<?properties open_access?>", custom("pmc-prop-open-access", "no"), (False, None)),
        ("<?properties manuscript?>", "", (None, True)),
        ("", "", (None, None)),
    ],
)
def test_what_the_archive_says_of_access_is_read_and_silence_is_kept(
    before: str, meta: str, flags: tuple[bool | None, bool | None]
) -> None:
    found = read(meta, before=before)
    assert (found.open_access, found.manuscript) == flags


def related(kind: str) -> str:
    return f"<related-article related-article-type='{kind}' xlink:href='10.1234/x'/>"


def titled(title: str) -> str:
    return f"<title-group><article-title>{title}</article-title></title-group>"


@pytest.mark.parametrize(
    ("meta", "kind", "retracted"),
    [
        (related("retraction-forward"), "case-report", True),
        (related("retraction"), "case-report", True),
        (titled("RETRACTED: A lung"), "case-report", True),
        (titled("[RETRACTED ARTICLE] A lung"), "case-report", True),
        (titled("Retracted Article: A lung"), "case-report", True),
        ("", "retracted-article", True),
        # The notice speaks of another article, and so does one about retractions.
        (related("retracted-article") + titled("[RETRACTED ARTICLE]: A lung"), "retraction", False),
        (related("retracted-article"), "editorial", False),
        (titled("Retracted lungs in pneumothorax"), "case-report", False),
        (related("commentary-article"), "letter", False),
        (related("correction-forward"), "case-report", False),
    ],
)
def test_an_article_is_retracted_only_where_it_says_so_of_itself(
    meta: str, kind: str, *, retracted: bool
) -> None:
    assert read(meta, attributes=f"article-type='{kind}'").retracted is retracted


@pytest.mark.parametrize(
    ("meta", "kind", "warning"),
    [
        ("", "retraction", "the file is the notice of a retraction, not the article"),
        (
            related("expression-of-concern"),
            "case-report",
            "the file names an expression of concern about the article",
        ),
        (
            related("partial-retraction"),
            "case-report",
            "the file says that a part of the article is retracted",
        ),
    ],
)
def test_a_curator_is_told_what_is_doubtful_about_an_article(
    meta: str, kind: str, warning: str
) -> None:
    assert read(meta, attributes=f"article-type='{kind}'").warnings == (warning,)


def test_a_file_of_metadata_alone_says_so() -> None:
    data = b"<article><front><article-meta/></front></article>"
    assert read_article(data).warnings == (
        "the file has no body: an archive gives no more where the text is not open",
    )


@pytest.mark.parametrize(
    ("attributes", "meta", "before", "dialect"),
    [
        ("dtd-version='1.4'", ids(pmcid="PMC1"), "<processing-meta/>", "JATS 1.4, PMC since 2025"),
        ("", ids(pmcid="1"), "", "JATS, Europe PMC"),
        ("", ids(pmc="1"), "", "JATS, PMC before 2025"),
        ("specific-use='sps-1.9'", "", "", "JATS, SciELO sps-1.9"),
        ("xmlns='urn:j'", "", "", "JATS, namespace urn:j"),
    ],
)
def test_the_form_of_the_file_is_told_for_a_bug_report(
    attributes: str, meta: str, before: str, dialect: str
) -> None:
    assert read(meta, attributes=attributes, before=before).dialect == dialect


@pytest.mark.parametrize(
    "data", [b"<article/>", b"<article><title>A book</title><para/></article>", b"<a>1</a>"]
)
def test_xml_that_is_no_jats_is_refused(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"\Aguide\.xml .*fetch"):
        read_article(data, where="guide.xml")


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_give_an_article_or_are_refused(data: bytes) -> None:
    for each in (data, b"<article><front/><body>" + data + b"</body></article>"):
        try:
            said = str(read_article(each).dialect)
        except ArticleError as refused:
            said = str(refused)
        assert said.startswith(("JATS", "the file "))


# ---- the real papers ----------------------------------------------------------------------------


@pytest.mark.skipif(not PAPERS.is_dir(), reason="the sample papers are not here")
def test_the_sample_papers_say_the_same_in_both_forms() -> None:
    with (PAPERS / "index.csv").open(encoding="utf-8", newline="") as file:
        texts = {row["pmcid"]: row for row in csv.DictReader(file) if "fulltext.xml" in row["file"]}
    assert len(texts) == 17
    for name, row in texts.items():
        old = read_article((PAPERS / row["file"]).read_bytes())
        new = read_article((PAPERS / f"api/derived/jats_pmc_2026/{name}.1.xml").read_bytes())
        assert (old.doi, old.pmcid) == (new.doi, new.pmcid) == (row["doi"], name)
        for field in ("title", "journal", "authors", "abstract", "published", "pmid"):
            assert getattr(old, field) == getattr(new, field), (name, field)
        assert (old.warnings, new.warnings, new.retracted) == ((), (), False)
        assert old.title
        assert old.authors
        assert old.published.startswith("2020-")
        assert new.open_access is True


@pytest.mark.parametrize(
    "title",
    [
        "WITHDRAWN: A case",
        "REMOVED: A case",
        "TEMPORARY REMOVAL: A case",
        "Retracted\u2014A case",
        "A case (RETRACTED ARTICLE)",
        "A case [Retracted]",
        "RETRACTED AND REPUBLISHED: A case",
    ],
)
def test_a_title_that_takes_an_article_back_is_heeded(title: str) -> None:
    assert read_article(
        f"<article><front><article-meta><title-group><article-title>{title}</article-title>"
        "</title-group></article-meta></front></article>".encode()
    ).retracted


@pytest.mark.parametrize(
    "title", ["Retracted nipples", "Blood removed: how much?", "A retracted lung on CT"]
)
def test_other_words_take_no_article_back(title: str) -> None:
    assert not read_article(
        f"<article><front><article-meta><title-group><article-title>{title}</article-title>"
        "</title-group></article-meta></front></article>".encode()
    ).retracted
