"""Under which licence something may be passed on: every rule on invented articles and records."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from covidxr.articles import Article, Figure, LicenceNote
from covidxr.cases import LicenceClaim
from covidxr.jats import read_article
from covidxr.rights import PMC, RETRACTED, Record, Right, article_right, figure_right

PAPERS = Path(__file__).parents[2] / "shared" / "papers"

BY = "https://creativecommons.org/licenses/by/4.0/"
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
BY_ND = "https://creativecommons.org/licenses/by-nd/4.0/"
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
LAPSED = "Free for any research, for the duration of the pandemic."
VERSIONLESS = "Shared under the Creative Commons Attribution License."


def href(url: str, number: int = 0) -> LicenceNote:
    return LicenceNote(url=url, where="license/@xlink:href", licence=number)


def link(url: str, number: int = 0) -> LicenceNote:
    return LicenceNote(url=url, words=url, where="license-p//ext-link", licence=number)


def prose(words: str, number: int = 0) -> LicenceNote:
    return LicenceNote(words=words, where="license-p", licence=number)


def article(*notes: LicenceNote, **more: object) -> Article:
    return Article(licences=notes, **more)  # type: ignore[arg-type]  # fields of any type


def decided(right: Right) -> tuple[str, bool, str]:
    return right.claim.spdx, right.cleared, right.claim.evidence


# ---- the article's own words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "spdx", "crops"),
    [
        (ZERO, "CC0-1.0", True),
        (BY, "CC-BY-4.0", True),
        ("http://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0", True),
        (BY_NC, "CC-BY-NC-4.0", True),
        ("http://creativecommons.org/licenses/by-nc-sa/4.0", "CC-BY-NC-SA-4.0", True),
        (BY_ND, "CC-BY-ND-4.0", False),
        ("http://creativecommons.org/licenses/by-nc-nd/4.0/", "CC-BY-NC-ND-4.0", False),
    ],
)
def test_an_address_clears_and_only_nd_forbids_parts(url: str, spdx: str, *, crops: bool) -> None:
    assert article_right(article(href(url), prose("Some words.")), []) == Right(
        claim=LicenceClaim(spdx=spdx, words="Some words.", evidence="page", url=url),
        cleared=True,
        crops=crops,
    )


@pytest.mark.parametrize(
    "notes",
    [
        [LicenceNote(url=BY, kind="vor", where="ali:license_ref")],
        [LicenceNote(url=BY, kind="textmining", where="ali:license_ref")],
        [link(BY), prose("This is open.")],
        [href("https://a.example/terms"), link(BY)],
        # Data under CC0 say nothing of the article.
        [link(BY), link(ZERO), prose(f"CC BY 4.0. The {ZERO} waiver applies to the data.")],
    ],
)
def test_an_address_counts_wherever_it_stands(notes: list[LicenceNote]) -> None:
    right = article_right(article(*notes), [])
    assert decided(right) == ("CC-BY-4.0", True, "page")
    assert right.warnings == ()


def test_prose_without_a_version_clears_with_a_warning_and_names_no_exact_licence() -> None:
    right = article_right(article(prose(VERSIONLESS)), [])
    assert right == Right(
        claim=LicenceClaim(words=VERSIONLESS, evidence="page"),
        cleared=True,
        warnings=(f"CC BY, version unknown: “{VERSIONLESS}”",),
    )


def test_prose_with_a_version_names_it_and_says_that_words_are_all() -> None:
    right = article_right(article(prose("Licensed CC BY-NC-ND 4.0.")), [])
    assert (decided(right), right.crops) == (("CC-BY-NC-ND-4.0", True, "page"), False)
    assert right.warnings == ("CC-BY-NC-ND-4.0 by its words alone: “Licensed CC BY-NC-ND 4.0.”",)


@pytest.mark.parametrize(
    ("notes", "reason"),
    [
        ([], "nobody says under which licence it is"),
        (
            [prose("This is an open access article.")],
            "no Creative Commons licence: “This is an open",
        ),
        ([prose("Under a Creative Commons licence.")], "no Creative Commons licence"),
        ([href("https://a.example/user-licence")], "“https://a.example/user-licence”"),
        ([prose(LAPSED)], f"bound to the time of the emergency, which is over: “{LAPSED}”"),
        ([prose("Text mining only.")], "text mining, not the use of figures: “Text mining only.”"),
        ([prose("All rights reserved.")], "rights are reserved: “All rights reserved.”"),
        (
            [href(BY), prose("CC BY, with the exception of the figures.")],
            "leaves figures out: “CC BY, with the exception of the figures.”",
        ),
        ([href(BY_NC), prose("After six months under CC BY-NC.")], "begins later"),
        ([href(BY), prose("This article is not covered by CC BY.")], "does not cover it"),
        ([LicenceNote(url=BY, kind="am", where="ali:license_ref")], "no Creative Commons licence"),
    ],
)
def test_what_names_no_licence_or_takes_it_back_clears_nothing(
    notes: list[LicenceNote], reason: str
) -> None:
    right = article_right(article(*notes), [])
    assert not right.cleared
    assert reason in right.reason


def test_all_rights_reserved_is_harmless_beside_a_licence_and_a_no_without() -> None:
    reserved = "© 2020 A Press. All rights reserved."
    assert article_right(article(href(BY), copyright=reserved), []).cleared
    right = article_right(
        article(copyright=reserved), [Record(licence="cc by", where="Europe PMC")]
    )
    assert not right.cleared
    assert right.reason == f"its rights are reserved: “{reserved}”"


def test_of_two_licences_the_stricter_is_taken_and_told() -> None:
    right = article_right(article(href(BY), href(BY_NC, 1)), [])
    assert decided(right) == ("CC-BY-NC-4.0", True, "page")
    assert right.warnings == (
        (
            "the article's file says CC-BY-NC-4.0, the article's file says CC-BY-4.0; "
            "the stricter is taken"
        ),
    )


def test_a_passing_permission_beside_a_licence_is_told_and_a_ban_counts() -> None:
    beside = article_right(article(prose(LAPSED), href(BY, 1)), [])
    assert decided(beside) == ("CC-BY-4.0", True, "page")
    assert beside.warnings == (f"besides its licence it has another text: “{LAPSED}”",)
    banned = article_right(article(prose("All rights reserved."), href(BY, 1)), [])
    assert not banned.cleared
    assert banned.reason == "its rights are reserved: “All rights reserved.”"


# ---- registries ---------------------------------------------------------------------------------


def test_records_that_agree_change_nothing() -> None:
    records = [
        Record(licence="CC BY", where=PMC, open_access=True, manuscript=False),
        Record(licence="cc by", where="Europe PMC", open_access=True),
        Record(where="Europe PMC", open_access=True),
        Record(licence=BY, where="Crossref", version="vor"),
    ]
    assert article_right(article(href(BY)), records) == article_right(article(href(BY)), [])


@pytest.mark.parametrize(
    ("own", "code", "spdx", "evidence", "crops"),
    [
        (BY, "CC BY-NC", "", "record", True),
        (BY, "CC BY-ND", "", "record", False),
        (BY_NC, "CC BY", "CC-BY-NC-4.0", "page", True),
        (BY_ND, "cc0", "CC-BY-ND-4.0", "page", False),
    ],
)
def test_where_article_and_record_differ_the_stricter_is_taken(
    own: str, code: str, spdx: str, evidence: str, *, crops: bool
) -> None:
    right = article_right(article(href(own)), [Record(licence=code, where="Europe PMC")])
    assert (decided(right), right.crops) == ((spdx, True, evidence), crops)
    assert any("the stricter is taken" in each for each in right.warnings)


def test_another_version_in_a_record_is_told() -> None:
    record = Record(licence=BY.replace("4.0", "3.0"), where="Crossref", version="vor")
    right = article_right(article(href(BY)), [record])
    assert decided(right) == ("CC-BY-4.0", True, "page")
    assert right.warnings == ("the article's file says CC-BY-4.0, Crossref says CC-BY-3.0",)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Record(licence="TDM", where=PMC), "PMC metadata says “TDM”: it permits text mining only"),
        (Record(licence="NO-CC CODE", where=PMC), "it has no Creative Commons licence"),
        (Record(licence="cc_no", where="medRxiv"), "it grants no reuse"),
        (Record(licence="", where=PMC, open_access=True), "PMC metadata names no licence"),
        (
            Record(licence="CC BY", where=PMC, open_access=False),
            "PMC metadata does not count it to the open-access subset",
        ),
        (Record(retracted=True, where="a registry"), RETRACTED),
    ],
)
@pytest.mark.parametrize("notes", [[], [href(BY)]])
def test_a_record_that_speaks_against_it_always_counts(
    record: Record, reason: str, notes: list[LicenceNote]
) -> None:
    right = article_right(article(*notes), [Record(licence="cc by", where="Europe PMC"), record])
    assert not right.cleared
    assert reason in right.reason
    assert any(reason in each for each in right.warnings)


@pytest.mark.parametrize("silent", [article(), article(prose("This is open access.")), None])
def test_a_record_alone_clears_with_a_warning_and_names_no_exact_licence(
    silent: Article | None,
) -> None:
    right = article_right(silent, [Record(licence="CC BY", where=PMC, open_access=True)])
    assert decided(right) == ("", True, "record")
    assert right.claim.words == "CC BY (PMC metadata)"
    assert right.warnings[:2] == (
        "CC BY, version unknown: “CC BY (PMC metadata)”",
        "the article itself names no such licence, only PMC metadata does",
    )


def test_a_record_with_an_address_names_the_exact_licence() -> None:
    right = article_right(None, [Record(licence=BY, where="Crossref", version="unspecified")])
    assert decided(right) == ("CC-BY-4.0", True, "record")
    assert right.claim.url == BY


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Record(licence=BY, where="Crossref", version="am"), "for another version (am)"),
        (Record(licence=BY, where="Crossref", version="tdm"), "for another version (tdm)"),
        (Record(licence="https://a.example/tdm", where="Crossref"), "no Creative Commons licence"),
        (Record(where="Europe PMC", open_access=True), "nobody says"),
    ],
)
def test_open_access_alone_and_other_versions_clear_nothing(record: Record, reason: str) -> None:
    for each in (None, article()):
        right = article_right(each, [record])
        assert not right.cleared
        assert reason in right.reason


def test_the_archives_code_in_the_file_counts_like_a_record_of_it() -> None:
    code = LicenceNote(words="CC BY", where="custom-meta pmc-license-ref")
    assert decided(article_right(article(code), [])) == ("", True, "page")
    assert decided(article_right(article(href(BY), code), [])) == ("CC-BY-4.0", True, "page")
    mining = LicenceNote(words="TDM", where="custom-meta pmc-license-ref")
    assert not article_right(article(href(BY), mining), []).cleared


def test_a_permission_that_has_lapsed_is_not_saved_by_a_record() -> None:
    right = article_right(article(prose(LAPSED)), [Record(licence="cc by", where="Europe PMC")])
    assert not right.cleared
    assert right.reason.endswith(f"which is over: “{LAPSED}”")
    assert any(each.startswith("Europe PMC says CC BY, but") for each in right.warnings)


def test_a_file_that_is_not_of_the_subset_is_not_cleared_whatever_it_says() -> None:
    right = article_right(article(href(BY), open_access=False), [])
    assert not right.cleared
    assert right.reason == "the article's file does not count it to the open-access subset"


def test_a_manuscript_is_told() -> None:
    right = article_right(article(href(BY), manuscript=True), [Record(manuscript=True, where=PMC)])
    assert "the file is an author's manuscript, not the article as published" in right.warnings
    assert "PMC metadata calls it an author's manuscript" in right.warnings


def test_a_retracted_article_is_never_cleared() -> None:
    right = article_right(article(href(BY), retracted=True), [])
    assert (right.cleared, right.reason) == (False, RETRACTED)


# ---- figures ------------------------------------------------------------------------------------

CLEARED = article_right(article(href(BY)), [])
CLOSED = article_right(article(prose(LAPSED)), [])


def test_a_figure_has_the_right_of_its_article() -> None:
    figure = Figure(id="f", caption="Chest CT. Permission was obtained from the patient.")
    assert figure_right(CLEARED, figure) == CLEARED
    assert figure_right(CLOSED, figure) == CLOSED


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure(id="f", caption="CT. Reprinted from Doe."), "Reprinted from Doe."),
        (Figure(id="f", group="Figure 1 Courtesy of Dr Doe."), "Figure 1 Courtesy of Dr Doe."),
        (Figure(id="f", caption="CT. © 2019 A Press."), "© 2019 A Press."),
        (Figure(id="f", notes=("Dr Doe, A Town",)), "Dr Doe, A Town"),
        (Figure(id="f", notes=("With permission of A Press",)), "With permission of A Press"),
        (
            Figure(id="f", notes=("Free to use.",), licences=(prose("Free to use."),)),
            "Free to use.",
        ),
    ],
)
def test_a_figure_of_somebody_else_is_out_with_the_words_that_say_so(
    figure: Figure, words: str
) -> None:
    right = figure_right(CLEARED, figure)
    assert not right.cleared
    assert right.reason == f"it is not the article's own: “{words}”"
    assert not figure_right(CLOSED, figure).cleared


@pytest.mark.parametrize(
    "note", ["Source: the authors", "© The Author(s) 2020", "Authors' own work"]
)
def test_an_attribution_to_the_authors_changes_nothing(note: str) -> None:
    assert figure_right(CLEARED, Figure(id="f", notes=(note,))) == CLEARED


def test_a_licence_of_its_own_replaces_that_of_the_article() -> None:
    figure = Figure(id="f", notes=("© 2019 Doe",), licences=(href(BY_ND), prose("Free.")))
    right = figure_right(CLEARED, figure)
    assert decided(right) == ("CC-BY-ND-4.0", True, "page")
    assert (right.claim.url, right.crops) == (BY_ND, False)
    assert right.warnings == ("the figure has a licence of its own, CC-BY-ND-4.0",)


def test_a_credit_with_a_licence_is_passed_on_under_it_and_told() -> None:
    figure = Figure(id="f", caption=f"Reproduced from Doe under {BY_NC}.")
    right = figure_right(CLEARED, figure)
    assert decided(right) == ("CC-BY-NC-4.0", True, "page")
    assert "the figure comes from elsewhere, name that source too" in right.warnings[0]


def test_a_licence_of_its_own_does_not_open_a_figure_of_a_closed_article() -> None:
    figure = Figure(id="f", licences=(href(BY),))
    assert figure_right(CLOSED, figure) == CLOSED
    retracted = article_right(article(href(BY), retracted=True), [])
    assert figure_right(retracted, figure) == retracted


# ---- the real papers ----------------------------------------------------------------------------

# 17 articles in two forms, and six of other makers, two of which name their licence in prose alone.
_TEXT = re.compile(r"papers.*/fulltext\.xml|formats/|api/derived/jats")


@pytest.mark.skipif(not PAPERS.is_dir(), reason="the sample papers are not here")
def test_every_sample_paper_has_its_licence() -> None:
    with (PAPERS / "index.csv").open(encoding="utf-8", newline="") as file:
        texts = [row for row in csv.DictReader(file) if _TEXT.match(row["file"])]
    assert len(texts) == 40
    for row in texts:
        right = article_right(read_article((PAPERS / row["file"]).read_bytes()), [])
        wanted = "" if "prose" in row["licence"] else row["licence"]
        assert decided(right) == (wanted, True, "page"), row["file"]
        assert right.crops is ("ND" not in wanted)


# ---- figures of others in open articles ---------------------------------------------------------


@pytest.mark.parametrize(
    "caption",
    [
        "Chest CT. Reused under CC BY-NC 3.0.",
        "Radiograph from Miller et al.",
        "Adapted from Jones et al., 2019.",
        "Radiograph obtained from a public dataset.",
        "Radiografía de tórax. Tomada de otro estudio.",
        "Chest CT, Wikimedia Commons.",
        "Permission was obtained from American Family Physician, the publisher.",
        "Originally published in another journal.",
        "Sample chest X-ray images from the COVIDx dataset [12].",
        "Images provided by Dr. John Smith, Mayo Clinic.",
        "Image: Dr John Smith, Royal Hospital.",
        "Chest CT. Permission obtained from BMJ.",
        "Chest CT. Photo by J. Smith.",
        "Thanks to Dr. Lee for the image.",
    ],
)
def test_a_figure_of_others_is_left_out_whatever_the_words(caption: str) -> None:
    article = Article(licences=(LicenceNote(url=BY, where="license/@xlink:href"),))
    right = article_right(article, ())
    assert right.cleared
    assert not figure_right(right, Figure(id="f", caption=caption)).cleared


@pytest.mark.parametrize(
    "caption",
    [
        "Chest CT. Published with permission of the patient.",
        "Chest CT. His mother gave written permission.",
        "The protocol was adapted to the patient.",
        "Images were obtained from our patient on day 3.",
        "Radiograph taken from the left side.",
        "Permission was given by the ethics committee.",
        "Radiografía de tórax tomada de pie.",
        "Images selected from our hospital database.",
    ],
)
def test_words_on_patients_and_boards_leave_a_figure_its_licence(caption: str) -> None:
    article = Article(licences=(LicenceNote(url=BY, where="license/@xlink:href"),))
    assert figure_right(article_right(article, ()), Figure(id="f", caption=caption)).cleared


def test_hyphens_that_only_look_like_hyphens_do_not_hide_a_licence() -> None:
    url = "https://creativecommons.org/licenses/by\u2010nc\u2010nd/4.0/"
    article = Article(licences=(LicenceNote(url=url, where="license/@xlink:href"),))
    right = article_right(article, ())
    assert (right.claim.spdx, right.crops) == ("CC-BY-NC-ND-4.0", False)


@pytest.mark.parametrize(
    ("words", "spdx"),
    [
        ("Under https://creativecommons.org/licenses/by-nc/4.0/ you may share.", "CC-BY-NC-4.0"),
        ("This article is not only open access but free. Licence below.", "CC-BY-4.0"),
    ],
)
def test_an_address_in_plain_words_counts_beside_the_link(words: str, spdx: str) -> None:
    notes = (
        LicenceNote(url=BY, where="license/@xlink:href"),
        LicenceNote(words=words, where="license-p"),
    )
    assert article_right(Article(licences=notes), ()).claim.spdx == spdx


@pytest.mark.parametrize(
    "words",
    [
        "Creative Commons Attribution and NonCommercial license.",
        "Creative Commons Attribution & Non Commercial 4.0 license.",
        "Creative Commons Attribution-NonComercial license.",
    ],
)
def test_what_joins_the_elements_of_a_licence_does_not_hide_one(words: str) -> None:
    right = article_right(Article(licences=(LicenceNote(words=words, where="license-p"),)), ())
    assert "NC" in " ".join((right.claim.spdx, *right.warnings))


def test_permissions_of_a_figure_that_contradict_one_another_clear_nothing() -> None:
    article = Article(licences=(LicenceNote(url=BY, where="license/@xlink:href"),))
    figure = Figure(
        id="f",
        caption="Chest CT.",
        licences=(LicenceNote(url=BY, where="license/@xlink:href"),),
        notes=("© 2019 Elsevier. All rights reserved.",),
    )
    assert not figure_right(article_right(article, ()), figure).cleared


@pytest.mark.parametrize(
    "figure",
    [
        Figure(id="f", caption="Chest CT.", label="Figure 1 (courtesy of Dr X)"),
        Figure(id="f", caption="Chest CT.", group="All courtesy of Dr X."),
        Figure(
            id="f",
            caption="Chest CT.",
            mentions=("The lesion (Fig. 1, reproduced with permission from [12]) grew.",),
        ),
    ],
)
def test_a_credit_counts_wherever_it_stands_with_the_figure(figure: Figure) -> None:
    article = Article(licences=(LicenceNote(url=BY, where="license/@xlink:href"),))
    assert not figure_right(article_right(article, ()), figure).cleared


def test_a_citing_sentence_on_other_things_is_no_credit() -> None:
    article = Article(licences=(LicenceNote(url=BY, where="license/@xlink:href"),))
    mentions = ("As Fig. 1 shows, the score that was adapted from others was high.",)
    figure = Figure(id="f", caption="Chest CT.", mentions=mentions)
    assert figure_right(article_right(article, ()), figure).cleared
