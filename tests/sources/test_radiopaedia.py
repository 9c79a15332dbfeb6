"""Radiopaedia: every generation of its pages and JSON, its search, its saved files, its traps."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pages import Pages

from covidxr.errors import (
    GoneError,
    RefusedError,
    SourceError,
    SourceStoppedError,
    UnreachableError,
)
from covidxr.plugins import discover
from covidxr.replica import radiopaedia as replica
from covidxr.replica.answers import as_json, html
from covidxr.replica.pictures import picture
from covidxr.replica.radiopaedia import CASES, HOST, IMAGES, SITE, Known, many, series, stacked
from covidxr.sourcing import Kind, Page, SavedFile, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.cases import Case, ImageCandidate
    from covidxr.errors import CovidxrError
    from covidxr.replica.answers import Answer, Site
    from covidxr.sourcing import ResultPage

SOURCE = discover("covidxr.sources", Source)["radiopaedia"]
REAL = Path(__file__).parents[2] / "../shared/pages/radiopaedia"

CASE = f"{HOST}/cases/invented-pneumonia-7"
VIEWER = f"{HOST}/studies/111/annotated_viewer_json?lang=us"
STACKS = f"{HOST}/studies/111/stacks?lang=us"
STUDY_PAGE = f"{HOST}/cases/invented-pneumonia-7/studies/111?lang=us"


class Straight:
    """An `Http` that asks a site of the replica without a server between."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: list[tuple[str, Kind]] = []

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        self.asked.append((url, kind))
        answer = self.site.answer(*self.split(url))
        while answer is not None and answer.status == 302:
            url = urljoin(url, dict(answer.headers)["Location"])
            answer = self.site.answer(*self.split(url))
        if answer is None:
            raise GoneError(f"{url} is not there (404)", url)
        return Page(url=url, body=answer.body, content_type=answer.content_type)

    def known(self, prefix: str) -> tuple[str, ...]:  # noqa: ARG002 - the contract's
        return ()

    @staticmethod
    def split(url: str) -> tuple[str, str]:
        parts = urlsplit(url)
        return parts.netloc, parts.path + (f"?{parts.query}" if parts.query else "")


class OneList(replica.Radiopaedia):
    """A site whose search answers each request with one page."""

    def __init__(self, body: str) -> None:
        super().__init__({})
        self.fixed = html(body)

    def search(self, query: Mapping[str, Sequence[str]]) -> Answer:  # noqa: ARG002 - as above
        return self.fixed


def page(body: str = '<div id="study-111"></div>', *, head: str = "") -> str:
    return f"""<html><head><meta charset="utf-8">
<title>Invented pneumonia | Radiology Case | Radiopaedia.org</title>
{head}</head><body><h1 class="header-title">Invented pneumonia</h1>{body}</body></html>"""


def viewer(*shown: Any, **more: Any) -> str:
    return json.dumps(replica.viewed(111, 222, shown or [ONE_SERIES], **more))


ONE_SERIES = series([5001], [{"original": "aa.png"}], "Frontal")
ONE_STACK = [{"modality": "X-ray", "images": [stacked(5001, "aa.png")]}]


def read(pages: Mapping[str, Any], url: str = CASE) -> Case:
    [case] = SOURCE.cases(url, Pages(pages))
    return case


def read_page(body: str = '<div id="study-111"></div>', *, head: str = "", **more: Any) -> Case:
    return read({CASE: page(body, head=head), VIEWER: viewer(**more)})


def read_images(*shown: Any, **more: Any) -> tuple[ImageCandidate, ...]:
    return read({CASE: page(), VIEWER: viewer(*shown, **more)}).images


def read_stacks(stacks: Any) -> Case:
    return read({CASE: page(), STACKS: json.dumps(stacks)})


def citation(**rows: str) -> str:
    shown = "".join(
        f'<div class="row"><div class="col-sm-3"><strong>{label.replace("_", " ")}:</strong></div>'
        f'<div class="col-sm-8">{value}</div></div>'
        for label, value in rows.items()
    )
    return f'<div class="citation-info">{shown}</div><div id="study-111"></div>'


def patient(*items: str) -> str:
    shown = "".join(f'<div class="data-item">{item}</div>' for item in items)
    return f'<div id="case-patient-data">{shown}</div><div id="study-111"></div>'


# ---- whole cases -------------------------------------------------------------------------------


@pytest.mark.parametrize("known", CASES.values(), ids=["2026", "2023", "2020"])
def test_a_case_of_each_generation_is_read_whole(known: Known) -> None:
    [case] = SOURCE.cases(known.address, Straight(SITE))
    assert case.url == known.address
    assert case.id == known.id
    assert case.title == known.title
    assert case.authors == (known.contributor,)
    assert (case.age, case.sex) == (known.age, known.sex)
    assert case.published == known.published
    assert case.doi == f"10.53347/rID-{known.rid}"
    assert case.extra["rid"] == known.rid
    assert case.also_at == (f"{HOST}/cases/{known.rid}",)
    assert case.licence.spdx == known.spdx
    assert case.credit == known.credit
    assert {image.label: image.url for image in case.images} == known.images
    assert {image.label: image.view for image in case.images if image.view} == known.views
    assert {each.label: each.reason for each in case.left_out} == known.left_out
    assert case.markup


@pytest.mark.parametrize(
    ("known", "requests"),
    [
        (replica.CASE_2020, ["/studies/810001/stacks", "/studies/810002/stacks"]),
        (
            replica.CASE_2026,
            ["/studies/850001/annotated_viewer_json", "/studies/850002/annotated_viewer_json"],
        ),
    ],
    ids=["2020", "2026"],
)
def test_a_page_of_a_known_time_is_asked_for_the_reply_of_its_time_alone(
    known: Known, requests: list[str]
) -> None:
    http = Straight(SITE)
    list(SOURCE.cases(known.address, http))
    assert http.asked == [
        (known.address, Kind.PAGE),
        *((f"{HOST}{path}?lang=us", Kind.JSON) for path in requests),
    ]


def test_the_sections_of_a_page_are_read_without_their_headings() -> None:
    [case] = SOURCE.cases(replica.CASE_2020.address, Straight(SITE))
    assert case.history == "Invented fever for a week.\nInvented cough."
    assert case.discussion == "An invented discussion."
    assert case.extra["certainty"] == "Diagnosis almost certain"
    assert case.extra["systems"] == ["Chest"]
    assert case.extra["tags"] == ["synthetic", "viral"]


def test_the_contributors_place_is_never_the_patients() -> None:
    [case] = SOURCE.cases(replica.CASE_2023.address, Straight(SITE))
    assert case.location == ""
    assert case.extra["institution"] == "Invented Hospital"


def test_the_title_is_a_suggestion_of_a_finding_and_no_diagnosis() -> None:
    case = read_page()
    assert [(each.column, each.value, each.words) for each in case.suggestions] == [
        ("finding", "Pneumonia", "pneumonia")
    ]
    assert case.diagnosis == ""


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        CASE,
        f"{CASE}?lang=us",
        f"{CASE}/",
        "http://www.radiopaedia.org/cases/222?lang=gb",
        f"{HOST}/cases/222/studies/111?lang=us",
        f"{HOST}/cases/222/studies/111?new_full_screen_viewer=true&c=1776736726#image",
        VIEWER,
        f"{HOST}/studies/111/stacks",
    ],
)
def test_an_address_of_a_case_is_accepted_in_each_form_that_people_paste(url: str) -> None:
    assert SOURCE.accepts(url)


@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/cases?page=2",
        f"{HOST}/cases/",
        f"{HOST}/articles/pneumonia",
        f"{HOST}/search?q=covid",
        f"{HOST}/studies/111/carousel",
        f"{HOST}/studies/x/stacks",
        "https://radiopaedia.org.example.org/cases/222",
        f"{HOST}/cases/a b",
    ],
)
def test_other_addresses_are_not_accepted(url: str) -> None:
    assert not SOURCE.accepts(url)


def test_a_case_asked_for_by_its_number_has_the_name_of_its_page() -> None:
    [case] = SOURCE.cases(replica.BY_NUMBER, Straight(SITE))
    assert case.id == replica.CASE_2020.id
    assert case.url == replica.CASE_2020.address


def test_a_page_that_says_no_name_keeps_the_number_it_was_asked_by() -> None:
    url = f"{HOST}/cases/222?lang=gb"
    case = read({url: page(), VIEWER: viewer()}, url)
    assert (case.id, case.url, case.also_at) == ("222", f"{HOST}/cases/222", ())


def test_an_address_of_a_study_gives_the_whole_case() -> None:
    http = Straight(SITE)
    [case] = SOURCE.cases(f"{HOST}/cases/900003/studies/850002?lang=us", http)
    assert len(case.images) == len(replica.CASE_2026.images)
    assert case.url == replica.CASE_2026.address


def test_a_study_page_that_alone_is_saved_is_read_by_itself() -> None:
    url = f"{HOST}/cases/222/studies/111?lang=us"
    script = f"<script>var stackedImages = {json.dumps(ONE_STACK)};</script>"
    case = read({url: page(script)}, url)
    assert [image.label for image in case.images] == ["111-1-1"]
    assert case.extra["rid"] == "222"


# ---- what a page says --------------------------------------------------------------------------


def test_the_first_heading_may_be_the_contributors_name() -> None:
    body = '<h1 class="_2tl3bx1">Cleo Ejemplo</h1><div id="study-111"></div>'
    shared = '<meta property="og:title" content="Invented pneumonia">'
    head = f"<head>{shared}</head><body>"
    case = read({CASE: f"<html>{head}{body}</body></html>", VIEWER: viewer()})
    assert case.title == "Invented pneumonia"


def test_a_heading_that_the_address_is_not_made_of_gives_way_to_one_that_it_is() -> None:
    whole = page().replace(
        '<h1 class="header-title">Invented pneumonia', '<h1 class="header-title">Cleo Ejemplo'
    )
    assert read({CASE: whole, VIEWER: viewer()}).title == "Invented pneumonia"


def test_a_title_keeps_the_letters_that_the_sites_name_has_too() -> None:
    url = f"{HOST}/cases/tracheal-radiology"
    whole = (
        "<title>Tracheal radiology | Radiology Case | Radiopaedia.org</title>"
        '<div id="study-111"></div>'
    )
    assert read({url: whole, VIEWER: viewer()}, url).title == "Tracheal radiology"


@pytest.mark.parametrize(
    ("items", "age", "words"),
    [
        (["<strong class='data-item-label'>Age:</strong> 60 years"], "60", "60 years"),
        (["<strong class='data-item-label'>AGE</strong>   60&nbsp; years"], "60", "60 years"),
        (["<strong class='data-item-label'>Age:</strong>"], "", ""),
        (["<strong class='data-item-label'>Age:</strong> Newborn"], "", "Newborn"),
        ([], "", ""),
    ],
)
def test_an_age_is_read_whatever_stands_around_it(items: list[str], age: str, words: str) -> None:
    case = read_page(patient(*items))
    assert (case.age, case.age_words) == (age, words)


def test_words_of_an_age_or_a_sex_that_say_none_are_a_warning() -> None:
    case = read_page(
        patient(
            "<b class='data-item-label'>Age:</b> Adult",
            "<b class='data-item-label'>Gender:</b> not stated",
            "<b class='data-item-label'>Race:</b> invented",
        )
    )
    assert (case.sex, case.sex_words) == ("", "not stated")
    assert case.extra["race"] == "invented"
    assert case.warnings == (
        "age 'Adult' could not be read",
        "gender 'not stated' could not be read",
    )


@pytest.mark.parametrize(("age", "noted"), [("18 years", False), ("20 years", True)])
def test_an_age_above_18_is_noted_to_be_in_steps_of_five_years(age: str, *, noted: bool) -> None:
    case = read_page(patient(f"<b class='data-item-label'>Age:</b> {age}"))
    assert ("age_note" in case.extra) == noted
    assert case.warnings == ()


def test_age_and_sex_that_only_the_history_has_are_suggestions() -> None:
    body = '<div id="case-patient-presentation"><p>A 45-year-old man.</p></div>'
    case = read_page(f'{body}<div id="study-111"></div>')
    found = {each.column: (each.value, each.where) for each in case.suggestions}
    assert (case.age, case.sex) == ("", "")
    assert found["age"] == ("45", "history")
    assert found["sex"] == ("M", "history")


@pytest.mark.parametrize(
    ("rows", "published"),
    [
        ({"Case_published": "12 Mar 2023"}, "2023-03-12"),
        ({"Published": "18th Aug 2019"}, "2019-08-18"),
        ({"Revisions": "3 times"}, ""),
    ],
)
def test_the_day_of_publication_has_two_labels(rows: dict[str, str], published: str) -> None:
    case = read_page(citation(**rows))
    assert case.published == published
    assert case.warnings == ()


def test_a_day_of_publication_that_cannot_be_read_is_said() -> None:
    case = read_page(citation(Published="last week"))
    assert case.published == ""
    assert case.warnings == ("the day of publication 'last week' could not be read",)


def test_the_doi_is_never_made_from_the_number() -> None:
    case = read_page(citation(rID="222"))
    assert case.doi == ""
    assert read_page(citation(DOI="https://doi.org/10.53347/rID-222")).doi == "10.53347/rID-222"


def test_two_numbers_of_one_case_are_a_warning() -> None:
    head = "<meta name='dc.identifier' content='10.53347/rID-333'>"
    case = read_page(citation(rID="222"), head=head)
    assert case.extra["rid"] == "222"
    assert case.warnings == ("the page gives several case numbers: 222, 333",)


def test_the_licence_is_the_pages_own_where_it_links_to_one() -> None:
    link = '<link rel="license" href="//creativecommons.org/licenses/by-nc-sa/4.0/">'
    licence = read_page(head=link).licence
    assert (licence.spdx, licence.evidence) == ("CC-BY-NC-SA-4.0", "page")


@pytest.mark.parametrize("link", ["", '<link rel="license" href="/licence">'])
def test_a_page_without_a_licence_has_the_sites(link: str) -> None:
    licence = read_page(head=link).licence
    assert licence == SOURCE.terms.licence
    assert (licence.spdx, licence.evidence) == ("CC-BY-NC-SA-3.0", "source")
    assert "as modified by the terms" in licence.words


def test_a_link_to_an_unknown_licence_permits_nothing_and_is_said() -> None:
    case = read_page(head='<link rel="license" href="https://example.org/own-terms">')
    assert (case.licence.spdx, case.licence.evidence) == ("", "page")
    assert "https://example.org/own-terms" in case.warnings[0]


def test_the_pages_own_words_of_credit_go_first() -> None:
    words = "Case courtesy of Prof Ada Example, Radiopaedia.org, rID: 222"
    body = citation(rID="222") + f'<textarea class="select-all-js">{words}</textarea>'
    assert read_page(body, head='<meta name="author" content="Ada Example">').credit == words


def test_credit_is_filled_in_as_the_site_asks_and_stays_blank_without_a_name() -> None:
    author = '<meta name="author" content="{Ada} Example">'
    case = read_page(citation(rID="222"), head=author)
    assert case.credit == "Case courtesy of {Ada} Example, Radiopaedia.org, rID: 222"
    assert read_page(citation(rID="222")).credit == ""


# ---- studies -----------------------------------------------------------------------------------

BOTH = {
    f"{HOST}/studies/{number}/annotated_viewer_json?lang=us": json.dumps(
        replica.viewed(
            number, 222, [series([5000 + number], [{"original": f"{number}.png"}], None)]
        )
    )
    for number in (111, 112)
}


def findings_by_study(body: str) -> dict[str, str]:
    return {image.study: image.findings for image in read({CASE: page(body), **BOTH}).images}


@pytest.mark.parametrize(
    "mark",
    [
        '<div class="case-study" data-study-id="{0}"><div>{1}</div></div>',
        '<div class="case-study"><div class="main-study-desc" id="a-b-{0}"></div>{1}</div>',
        '<div class="case-study"><div class="main-study-desc" id="a-b-{0}">{1}</div></div>',
        '<section id="study-{0}" class="_9f3kq"><div>{1}</div></section>',
    ],
    ids=["2020", "2023 beside", "2023 within", "2026"],
)
def test_findings_belong_to_the_study_within_whose_part_they_stand(mark: str) -> None:
    words = '<div class="sub-section study-findings body"><p>Invented.</p><p>Clear.</p></div>'
    first_has_none = mark.format(111, "") + mark.format(112, words)
    assert findings_by_study(first_has_none) == {"111": "", "112": "Invented.\nClear."}
    second_has_none = mark.format(111, words) + mark.format(112, "")
    assert findings_by_study(second_has_none) == {"111": "Invented.\nClear.", "112": ""}


def test_a_study_that_unclosed_elements_put_into_another_takes_nothing_from_it() -> None:
    body = (
        '<div data-study-id="111"><div class="main-study-desc">'
        '<div data-study-id="112"><div class="study-findings">Second.</div></div>'
        '<div class="study-findings">First.</div></div></div>'
    )
    assert findings_by_study(body) == {"111": "First.", "112": "Second."}


def test_studies_without_any_mark_are_found_by_links_of_this_case_alone() -> None:
    links = [
        "/cases/999/studies/888",
        "/cases/invented-pneumonia-7/studies/111?lang=us",
        "/cases/222/studies/112",
    ]
    body = citation(rID="222").replace('<div id="study-111"></div>', "")
    body += "".join(f'<a href="{link}">x</a>' for link in links)
    assert list(findings_by_study(body)) == ["111", "112"]


def test_a_study_that_only_a_link_names_is_not_forgotten_beside_marked_ones() -> None:
    body = '<div id="study-111"></div><a href="/cases/invented-pneumonia-7/studies/112">next</a>'
    assert list(findings_by_study(body)) == ["111", "112"]


def test_ids_that_only_look_like_a_studys_are_none() -> None:
    body = '<i id="study-findings"></i><i id="study-77-image-3"></i><i id="study-111"></i>'
    assert list(findings_by_study(body)) == ["111"]


@pytest.mark.parametrize(
    "body",
    [
        '<ul id="study-tab-9"></ul><p data-study-id="111">{0}</p><p data-study-id="112">{1}</p>',
        '<div data-study-id="111" id="study-1">{0}</div><div data-study-id="112">{1}</div>',
        '<div id="study-111">{0}</div><div data-study-id="112">{1}</div>',
        '<p data-study-id="111">{0}</p><p><b class="main-study-desc" id="a-desc-112"></b>{1}</p>',
        '<p><a id="study-111"></a></p><p data-study-id="111">{0}</p><p id="study-112">{1}</p>',
    ],
    ids=["a tab", "both on one element", "newest first", "older first", "an anchor"],
)
def test_marks_of_one_generation_never_hide_those_of_another(body: str) -> None:
    words = '<span class="study-findings">{}</span>'
    whole = body.format(words.format("First."), words.format("Second."))
    case = read({CASE: page(whole), **BOTH})
    found = [(image.study, image.findings) for image in case.images]
    assert found == [("111", "First."), ("112", "Second.")]
    assert case.warnings == ()


def test_a_study_that_two_generations_mark_is_one_and_both_are_named() -> None:
    body = (
        '<div data-study-id="111"><div class="main-study-desc" id="a-desc-111"></div>'
        '<div class="study-findings">First.</div></div>'
    )
    http = Pages({CASE: page(body), VIEWER: viewer()})
    [case] = SOURCE.cases(CASE, http)
    assert [(image.label, image.findings) for image in case.images] == [("111-1-1", "First.")]
    assert [url for url, _ in http.asked] == [CASE, VIEWER]
    assert "2020 to 2022 and 2022 to 2024: study" in case.markup


@pytest.mark.parametrize(
    ("links", "words"),
    [
        (["/studies/112", "/studies/113/stacks", "/studies/112", "/studies/111"], "112, 113,"),
        ([f"/studies/{n}" for n in range(200, 213)], "208, 209 and 3 more,"),
    ],
)
def test_a_plain_link_beside_marked_studies_is_said_and_not_followed(
    links: list[str], words: str
) -> None:
    body = '<div id="study-111"></div>' + "".join(f'<a href="{link}">x</a>' for link in links)
    http = Pages({CASE: page(body), VIEWER: viewer()})
    [case] = SOURCE.cases(CASE, http)
    assert [url for url, _ in http.asked] == [CASE, VIEWER]
    [warning] = case.warnings
    assert warning.startswith("the page also links to studies ")
    assert warning.endswith(f"{words} which it does not mark as its own")


def test_a_link_that_names_another_case_is_not_said_to_be_open() -> None:
    body = (
        '<div id="study-111"></div><a href="/cases/999/studies/5">x</a><a href="/studies/5">x</a>'
    )
    assert read_page(body).warnings == ()


def replies(**cases: int) -> dict[str, str]:
    """The newest reply of studies, each with the number of the case that it names."""
    return {
        f"{HOST}/studies/{study[1:]}/annotated_viewer_json?lang=us": json.dumps(
            replica.viewed(
                int(study[1:]), case, [series([int(study[1:])], [{"original": "a.png"}], None)]
            )
        )
        for study, case in cases.items()
    }


AUTHOR = '<meta name="author" content="Ada Example">'
CREDIT = "Case courtesy of Ada Example, Radiopaedia.org, rID: 222"
LINKS = "<script>go('/studies/111'); go('/studies/112'); go('/studies/113')</script>"


def test_a_page_without_a_number_has_the_one_that_all_its_replies_give() -> None:
    case = read({CASE: page(LINKS, head=AUTHOR), **replies(s111=222, s112=222, s113=222)})
    assert [image.study for image in case.images] == ["111", "112", "113"]
    assert (case.extra["rid"], case.credit, case.warnings) == ("222", CREDIT, ())
    assert case.also_at == (f"{HOST}/cases/222",)
    assert case.doi == ""


def test_plain_links_to_two_cases_never_make_one_patient_of_two() -> None:
    case = read({CASE: page(LINKS, head=AUTHOR), **replies(s111=222, s112=999, s113=999)})
    assert [image.study for image in case.images] == ["111"]
    assert case.warnings == (
        "study 112 is of case 999, others are of 222: left out",
        "study 113 is of case 999, others are of 222: left out",
    )
    assert ("rid" in case.extra, case.credit) == (False, "")


def test_marked_studies_outvote_linked_ones_where_a_page_has_no_number() -> None:
    links = "".join(
        f'<a href="/cases/invented-pneumonia-7/studies/{study}">x</a>' for study in (112, 113)
    )
    body = f'{links}<div id="study-111"></div>'
    case = read({CASE: page(body, head=AUTHOR), **replies(s111=222, s112=999, s113=999)})
    assert [image.study for image in case.images] == ["111"]
    assert (case.extra["rid"], case.credit) == ("222", CREDIT)
    assert len(case.warnings) == 2


def test_of_marked_studies_that_do_not_agree_the_most_are_kept() -> None:
    body = "".join(f'<div id="study-{study}"></div>' for study in (111, 112, 113))
    case = read({CASE: page(body, head=AUTHOR), **replies(s111=999, s112=222, s113=222)})
    assert [image.study for image in case.images] == ["112", "113"]
    assert case.warnings == ("study 111 is of case 999, others are of 222: left out",)
    assert ("rid" in case.extra, case.credit) == (False, "")


def hidden(case: int, *, shown: Sequence[Any] = ()) -> str:
    study = {"id": 111, "modality": "X-ray", "series": list(shown)}
    data = escape(json.dumps({"caseId": case, "study": study}), quote=False)
    return f'<p data-study-id="111"></p><div class="hidden data">{data}</div>'


@pytest.mark.parametrize(
    "pages", [{}, {STACKS: json.dumps(ONE_STACK)}], ids=["with images", "beside a reply"]
)
def test_hidden_data_of_another_case_leaves_its_study_out(pages: dict[str, str]) -> None:
    body = citation(rID="222").replace('<div id="study-111"></div>', "")
    body += hidden(999, shown=[ONE_SERIES]) + '<div id="study-112"></div>'
    case = read({CASE: page(body), **replies(s112=222), **pages})
    assert [image.study for image in case.images] == ["112"]
    assert case.warnings == ("study 111 is of case 999: left out",)


def test_hidden_data_gives_the_number_where_page_and_reply_do_not() -> None:
    case = read({CASE: page(hidden(222), head=AUTHOR), STACKS: json.dumps(ONE_STACK)})
    assert (case.extra["rid"], case.credit, case.warnings) == ("222", CREDIT, ())


def test_a_study_whose_json_names_another_case_is_left_out_and_said() -> None:
    body = citation(rID="222").replace('<div id="study-111"></div>', "")
    body += "<script>go('\\/studies\\/111'); go('\\/studies\\/112')</script>"
    other = json.dumps(replica.viewed(112, 999, [series([1], [{"original": "x.png"}], None)]))
    address = f"{HOST}/studies/112/annotated_viewer_json?lang=us"
    case = read({CASE: page(body), VIEWER: viewer(), address: other})
    assert [image.study for image in case.images] == ["111"]
    assert case.warnings == ("study 112 is of case 999: left out",)


def test_the_json_says_a_studys_heading_and_findings_where_the_page_does_not() -> None:
    [image] = read_images(caption="Day 7", findings="<p>Portable AP view.</p><p>Invented.</p>")
    assert image.caption == "Day 7"
    assert image.findings == "Portable AP view.\nInvented."


# ---- the replies -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pages",
    [
        {VIEWER: viewer()},
        {STACKS: json.dumps(ONE_STACK)},
        {STUDY_PAGE: f"<script>var stackedImages = {json.dumps(ONE_STACK)};</script>"},
        {VIEWER: "<html>no JSON</html>", STACKS: json.dumps(ONE_STACK)},
        {VIEWER: "[1, 2]", STACKS: json.dumps(ONE_STACK)},
        {VIEWER: '{"study": {"series": 7}}', STACKS: json.dumps(ONE_STACK)},
        {VIEWER: "[" * 100_000, STACKS: json.dumps(ONE_STACK)},
        {VIEWER: RefusedError("robots.txt", VIEWER), STACKS: "\ufeff" + json.dumps(ONE_STACK)},
        {VIEWER: UnreachableError("timed out", VIEWER), STACKS: json.dumps(ONE_STACK)},
    ],
    ids=[
        "newest",
        "older",
        "script",
        "no JSON",
        "a list",
        "a number",
        "deep",
        "refused",
        "timed out",
    ],
)
def test_a_reply_that_cannot_be_had_or_read_gives_way_to_the_next(pages: dict[str, Any]) -> None:
    case = read({CASE: page(), **pages})
    assert [image.url for image in case.images] == [f"{IMAGES}/5001/aa.png"]
    assert case.warnings == ()


def test_a_stacks_address_of_another_study_is_not_used() -> None:
    other = f"{HOST}/studies/112/stacks?lang=us"
    body = '<div data-study-id="111" data-study-stacks-url="/studies/112/stacks?lang=us"></div>'
    wrong = [{"modality": "CT", "images": [stacked(6001, "other.png")]}]
    http = Pages({CASE: page(body), STACKS: json.dumps(ONE_STACK), other: json.dumps(wrong)})
    [case] = SOURCE.cases(CASE, http)
    assert [image.url for image in case.images] == [f"{IMAGES}/5001/aa.png"]
    assert (other, Kind.JSON) not in http.asked


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({VIEWER: viewer(series([1], [], None))}, "annotated_viewer_json answered"),
        ({STACKS: '[{"images": [{"id": 1}]}]'}, "stacks answered"),
    ],
)
def test_a_reply_that_answers_without_a_file_is_told_from_one_that_is_gone(
    pages: dict[str, str], words: str
) -> None:
    expected = rf"no image was found \({words}, but names no file; .*404"
    with pytest.raises(SourceError, match=expected):
        read({CASE: page(), **pages})
    two = page('<div id="study-111"></div><div id="study-112"></div>')
    [warning] = read({CASE: two, **pages, **replies(s112=222)}).warnings
    assert f"{words}, but names no file; " in warning


def test_a_list_within_the_cases_own_page_needs_no_further_request() -> None:
    script = f"<script>var stackedImages = {json.dumps(ONE_STACK)};</script>"
    http = Pages({CASE: page(f'<div id="study-111">{script}</div>')})
    [case] = SOURCE.cases(CASE, http)
    assert [image.label for image in case.images] == ["111-1-1"]
    assert (STUDY_PAGE, Kind.PAGE) not in http.asked


def test_hidden_data_with_frames_is_read_for_the_study_that_it_names() -> None:
    case = read(
        {CASE: page(f'<p data-study-id="111"></p><div class="hidden data">{viewer()}</div>')}
    )
    assert [image.url for image in case.images] == [f"{IMAGES}/5001/aa.png"]


def test_a_preview_is_the_last_resort_and_is_said_to_be_one() -> None:
    small = f"{IMAGES}/5001/aa_big_gallery.jpeg"
    image = f'<img id="offline-workflow-study-large-image" src="{small}">'
    case = read({CASE: page(f'<div data-study-id="111">{image}</div>')})
    assert [(each.label, each.url) for each in case.images] == [("111-1-1", small)]
    assert "study 111: only a preview" in case.warnings[0]


def test_the_shared_image_stands_in_only_where_nothing_else_does() -> None:
    small = f"{IMAGES}/5001/aa_big_gallery.jpeg"
    head = f'<meta property="og:image" content="{small}">'
    two = '<div id="study-111"></div><div id="study-112"></div>'
    case = read({CASE: page(two, head=head)})
    assert [(each.label, each.study, each.url) for each in case.images] == [("preview", "", small)]
    assert "only the case's preview" in case.warnings[-1]
    assert [each.label for each in read({CASE: page(head=head)}).images] == ["111-1-1"]
    assert small not in {each.url for each in read({CASE: page(two, head=head), **BOTH}).images}


def test_the_sites_own_logo_is_no_preview() -> None:
    head = f'<meta property="og:image" content="{HOST}/assets/logo.png">'
    with pytest.raises(SourceError, match="study 111: no image was found"):
        read({CASE: page(head=head)})


def test_a_preview_never_stands_for_what_is_out_of_reach_for_now() -> None:
    image = f'<img id="offline-workflow-study-large-image" src="{IMAGES}/5001/aa.jpeg">'
    whole = page(f'<div data-study-id="111">{image}</div>')
    with pytest.raises(UnreachableError):
        read({CASE: whole, VIEWER: UnreachableError("timed out", VIEWER)})


def test_a_site_that_asks_to_stop_is_obeyed_at_once() -> None:
    http = Pages({CASE: page(), VIEWER: SourceStoppedError("a challenge"), STACKS: "[]"})
    with pytest.raises(SourceStoppedError):
        list(SOURCE.cases(CASE, http))
    assert http.asked[-1] == (VIEWER, Kind.JSON)


def test_one_study_without_images_is_a_warning_and_all_without_are_an_error() -> None:
    two = page('<div id="study-111"></div><div id="study-113"></div>')
    case = read({CASE: two, VIEWER: viewer()})
    assert [image.study for image in case.images] == ["111"]
    assert case.warnings[0].startswith("study 113: no image was found (")
    with pytest.raises(SourceError, match=r"study 111: no image .* study 113: no image"):
        read({CASE: two})


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (replica.NEW_MARKUP, "studies"),
        ('<div id="study-111"></div>', "a title"),
        (page(head=f'<link rel="canonical" href="{HOST}/articles/pneumonia">'), "a case's address"),
        ("", "a title"),
    ],
    ids=["new markup", "no title", "an article", "empty"],
)
def test_a_page_of_another_kind_says_what_it_lacks(body: str, missing: str) -> None:
    with pytest.raises(SourceError) as raised:
        read({CASE: body, VIEWER: viewer()})
    assert raised.value.missing.startswith(missing)
    assert (raised.value.source, raised.value.url) == ("radiopaedia", CASE)


def test_a_withdrawn_case_is_gone() -> None:
    with pytest.raises(GoneError):
        list(SOURCE.cases(replica.WITHDRAWN, Straight(SITE)))


# ---- images ------------------------------------------------------------------------------------


def test_lesser_copies_of_an_image_are_kept_best_first_without_thumbnails() -> None:
    [image] = read_images(series([5001], [replica.files("aa")], "Frontal"))
    assert image.url == f"{IMAGES}/5001/aa.jpg"
    assert image.fallbacks == (
        f"{IMAGES}/5001/aa_big_gallery.jpeg",
        f"{IMAGES}/5001/aa_gallery.jpeg",
        f"{IMAGES}/5001/aa_small.jpeg",
    )


def test_a_frame_keeps_its_own_file_when_another_has_none() -> None:
    names = [None, {"original": None, "gallery": "b_gallery.jpeg"}, {"original": "c.png"}]
    case = read({CASE: page(), VIEWER: viewer(series([1, 2, 3, 4], names, "Axial"))})
    assert {image.label: image.url for image in case.images} == {
        "111-1-2": f"{IMAGES}/2/b_gallery.jpeg",
        "111-1-3": f"{IMAGES}/3/c.png",
    }
    assert case.warnings == (
        "study 111: 2 of 4 images have no file name",
        "the JSON names no original of 1 of the images: its largest copy is taken",
    )


def test_images_without_an_original_are_said_once_a_case_and_only_where_they_are_taken() -> None:
    def reply(study: int, **more: Any) -> str:
        copies = [{"big_gallery": f"{study}_big_gallery.jpeg"}]
        return json.dumps(replica.viewed(study, 222, [series([study], copies, None)], **more))

    two = {
        CASE: page('<div id="study-111"></div><div id="study-112"></div>'),
        VIEWER: reply(111),
        f"{HOST}/studies/112/annotated_viewer_json?lang=us": reply(112),
    }
    [warning] = read(two).warnings
    assert "names no original of 2 of the images" in warning
    [warning] = read({VIEWER: reply(111)}, VIEWER).warnings
    assert "names no original of 1 of the images" in warning
    assert read({CASE: page(), VIEWER: reply(111, modality="MRI")}).warnings == ()


def test_an_older_reply_that_names_only_the_smaller_file_is_said_too() -> None:
    image = {"id": 1, "fullscreen_filename": f"{IMAGES}/1/aa_jumbo.jpeg"}
    [warning] = read_stacks([{"modality": "CT", "images": [image]}]).warnings
    assert "names no original of 1 of the images" in warning


@pytest.mark.parametrize("name", ["../../evil.png", "/evil.png", "a b.png", "..", "x?y=.png"])
def test_a_file_name_that_leads_elsewhere_is_none(name: str) -> None:
    with pytest.raises(SourceError):
        read_images(series([1], [{"original": name}], None))


def test_an_image_of_the_older_host_keeps_its_address() -> None:
    old = "http://images.radiopaedia.org/images/1/aa.BMP"
    [image] = read_stacks([{"modality": "CT", "images": [{"public_filename": old}]}]).images
    assert (image.url, image.fallbacks) == (old, ())


def test_slices_are_in_the_order_of_their_positions_not_of_their_ids() -> None:
    images = [stacked(n, f"{n}.png", place) for n, place in ((1, 30), (2, 10), (3, 20))]
    case = read_stacks([{"modality": "CT", "images": images}])
    assert [(each.label, each.extra["image"]) for each in case.images] == [
        ("111-1-1", "2"),
        ("111-1-2", "3"),
        ("111-1-3", "1"),
    ]


def test_slices_without_a_position_stay_where_the_list_has_them() -> None:
    images = [stacked(n, f"{n}.png", None) for n in (3, 1, 2)]
    case = read_stacks([{"modality": "CT", "images": images}])
    assert [each.extra["image"] for each in case.images] == ["3", "1", "2"]


def test_an_image_of_two_studies_is_taken_once_and_names_both() -> None:
    [case] = SOURCE.cases(replica.CASE_2020.address, Straight(SITE))
    [shared] = [image for image in case.images if image.extra["image"] == "820001"]
    assert shared.study == "810001"
    assert shared.extra["studies"] == ["810001", "810002"]


def test_what_the_site_says_of_an_image_is_kept_under_its_own_names() -> None:
    marked = {"label": "invented", "arrow_positions": [{"slice_idx": 1, "x": 8, "y": 9.5}]}
    names = [{"original": "a.png"}, {"original": "b.png"}]
    plain, arrowed = read_images(
        series([1, 2], names, "Axial", specifics="lung window", annotations=[marked]), modality="CT"
    )
    assert "annotations" not in plain.extra
    assert arrowed.extra == {
        "image": "2",
        "stack": 1,
        "frame": 2,
        "series_id": 870001,
        "perspective": "Axial",
        "specifics": "lung window",
        "content_type": "image/jpeg",
        "width": 96,
        "height": 80,
        "annotations": [
            {"label": "invented", "kind": "arrow_positions", "x": 8, "y": 9.5, "rotation": None}
        ],
    }


@pytest.mark.parametrize(
    ("modality", "perspective", "view"),
    [
        ("X-ray", "Lateral", "L"),
        ("X-ray", "Frontal", ""),
        ("X-ray", "Oblique", ""),
        ("X-ray", "Axial", ""),
        ("CT", "Axial", "Axial"),
        ("CT", "Coronal", "Coronal"),
        ("CT", "Sagittal", "Sagittal"),
        ("CT", "Lateral", ""),
        ("CT", None, ""),
        (None, "Lateral", ""),
    ],
)
def test_a_view_is_what_perspective_and_modality_say_together(
    modality: str | None, perspective: str | None, view: str
) -> None:
    [image] = read_images(series([1], [{"original": "a.png"}], perspective), modality=modality)
    assert (image.modality, image.view) == (modality or "", view)


def test_what_is_neither_x_ray_nor_ct_is_left_out_once_a_stack() -> None:
    images = [stacked(n, f"{n}.png", n) for n in (1, 2, 3)]
    case = read_stacks(
        [{"modality": "Ultrasound", "images": images}, {"modality": "x-ray", "images": images[:1]}]
    )
    assert [(each.label, each.url, each.reason) for each in case.left_out] == [
        ("111-1", f"{IMAGES}/1/1.png", "Ultrasound")
    ]
    assert [(each.label, each.modality) for each in case.images] == [("111-2-1", "X-ray")]


def test_the_pages_label_says_the_modality_where_the_json_does_not() -> None:
    label = '<div class="study-modality"><span>CT</span></div>'
    body = f'<div class="main-study-desc" id="desc-111">{label}</div>'
    case = read({CASE: page(body), VIEWER: viewer(modality=None)})
    assert [image.modality for image in case.images] == ["CT"]
    two = body.replace("<span>CT", "<span>X-ray</span><span>CT")
    case = read({CASE: page(two), VIEWER: viewer(modality=None)})
    assert [image.modality for image in case.images] == [""]


def suggested(image: ImageCandidate) -> set[tuple[str, str, str]]:
    return {(each.column, each.value, each.where) for each in image.suggestions}


def test_words_of_a_study_suggest_what_no_field_says() -> None:
    frontal, lateral = read_images(
        series([1], [{"original": "a.png"}], "Frontal"),
        series([2], [{"original": "b.png"}], "Lateral"),
        caption="Day 7",
        findings="<p>AP supine radiograph. Compared with day 3.</p>",
    )
    assert suggested(frontal) == {("offset", "7", "caption"), ("view", "AP Supine", "findings")}
    assert suggested(lateral) == {("offset", "7", "caption")}


def test_a_frontal_image_is_never_suggested_to_be_lateral() -> None:
    [image] = read_images(findings="The lateral view shows it best.")
    assert suggested(image) == set()


def test_a_ct_is_never_suggested_a_view_of_a_radiograph() -> None:
    [image] = read_images(
        series([1], [{"original": "a.png"}], None), modality="CT", findings="AP radiograph before."
    )
    assert suggested(image) == set()


# ---- a reply alone -----------------------------------------------------------------------------


def test_a_saved_reply_of_the_newest_kind_is_a_case_with_what_it_says() -> None:
    case = read({VIEWER: viewer(caption="Day 2")}, VIEWER)
    assert (case.id, case.url) == ("222", f"{HOST}/cases/222")
    assert case.title == "Synthetic COVID-19 pneumonia"
    assert case.extra == {"study": "111", "rid": "222"}
    assert case.licence == SOURCE.terms.licence
    assert [(each.label, each.caption) for each in case.images] == [("111-1-1", "Day 2")]


def test_a_saved_reply_of_the_older_kind_says_nothing_of_the_case() -> None:
    case = read({STACKS: json.dumps(ONE_STACK)}, STACKS)
    assert (case.id, case.url, case.title) == ("study-111", STACKS, "")
    assert [each.url for each in case.images] == [f"{IMAGES}/5001/aa.png"]


@pytest.mark.parametrize("body", ["[]", "{}", "<html>", "null", '[{"images": [{}]}]'])
@pytest.mark.parametrize("url", [VIEWER, STACKS])
def test_a_reply_alone_without_images_is_an_error(url: str, body: str) -> None:
    with pytest.raises(SourceError, match="names of files"):
        read({url: body}, url)


# ---- saved files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "address"),
    [
        (SavedFile(name="a.html", head=b"<html>", url=CASE), CASE),
        (SavedFile(name="a.html", head=b"<html>", url=f"{HOST}/cases?page=2"), ""),
        (
            SavedFile(name="a.html", head=page(head=f"<link rel=canonical href={CASE}>").encode()),
            CASE,
        ),
        (SavedFile(name="a.html", head=page().encode()), ""),
        (SavedFile(name="x/111.json", head=viewer().encode()), VIEWER),
        (SavedFile(name="x.json", head=b"\xef\xbb\xbf " + viewer().encode()), VIEWER),
        (SavedFile(name="111.json", head=b'{"study": {"case_id": 2, "id": 3}}'), VIEWER),
        (SavedFile(name="111.json", head=b'{"study": {"name": "of another site"}}'), ""),
        (SavedFile(name="stacks-111.json", head=json.dumps(ONE_STACK).encode()), STACKS),
        (SavedFile(name="111 (1).json", head=json.dumps(ONE_STACK).encode()), STACKS),
        (SavedFile(name="111-222.json", head=json.dumps(ONE_STACK).encode()), ""),
        (SavedFile(name="stacks.json", head=json.dumps(ONE_STACK).encode()), ""),
        (SavedFile(name="111.json", head=b'[{"images": []}]'), ""),
        (SavedFile(name="111.png", head=b"\x89PNG\r\n\x1a\n\0\0\0"), ""),
        (SavedFile(name="111.txt", head=b""), ""),
    ],
)
def test_a_saved_file_stands_for_the_address_that_it_says_or_none(
    file: SavedFile, address: str
) -> None:
    assert SOURCE.recognise(file) == address
    assert not address or SOURCE.accepts(address)


# ---- search ------------------------------------------------------------------------------------


def search(http: Any, *words: str) -> list[ResultPage]:
    assert SOURCE.search is not None
    return list(SOURCE.search(words, http))


def test_a_search_gives_every_page_newest_first_and_counts_articles_as_others() -> None:
    http = Straight(SITE)
    found = search(http, "covid", "pneumonia")
    assert [[each.url for each in result.cases] for result in found] == [
        [address] for address in CASES
    ]
    assert [each.published for result in found for each in result.cases] == [
        "2026-02-02",
        "2023-03-12",
        "2020-03-18",
    ]
    assert [result.others for result in found] == [0, 1, 0]
    assert [(result.number, result.pages) for result in found] == [(1, 3), (2, 3), (3, 3)]
    assert http.asked[0] == (
        f"{HOST}/search?lang=us&page=1&scope=cases&q=covid+pneumonia&sort=date_of_publication",
        Kind.LISTING,
    )
    assert SOURCE.newest_first


def test_a_search_without_hits_is_one_page_without_cases() -> None:
    [result] = search(Straight(SITE), "nothing")
    assert (result.cases, result.others, result.pages) == ((), 0, None)


def test_a_list_that_is_empty_without_saying_so_is_an_error() -> None:
    with pytest.raises(SourceError, match="No results were found"):
        search(Straight(OneList("<title>Search</title><body><p>Hello")), "covid")


def test_a_next_page_that_was_seen_before_ends_the_search() -> None:
    body = replica.card("a-case", "A case", "Published 1 Jan 2024") + (
        '<a class="next_page" rel="next" href="/search?scope=cases&amp;page=2&amp;q=x">Next</a>'
    )
    http = Straight(OneList(body))
    with pytest.raises(SourceError, match="not seen before"):
        search(http, "x")
    assert len(http.asked) == 2


def test_a_case_is_listed_once_a_page_and_without_its_language() -> None:
    body = replica.card("a-case", "A case", "") + replica.card("a-case?lang=gb", "Again", "soon")
    [result] = search(Straight(OneList(body)), "x")
    assert [(each.url, each.title, each.published) for each in result.cases] == [
        (f"{HOST}/cases/a-case", "A case", "")
    ]


def test_a_site_of_many_cases_lists_and_serves_each() -> None:
    site = many(41)
    found = search(Straight(site), "x")
    addresses = [each.url for result in found for each in result.cases]
    assert len(addresses) == len(set(addresses)) == 41
    assert found[0].pages == 3
    http = Straight(site)
    [case] = SOURCE.cases(addresses[-1], http)
    [image] = case.images
    assert len(http.asked) == 2
    assert (case.extra["rid"], case.warnings) == ("700041", ())
    assert http.get(image.url, kind=Kind.IMAGE).body == picture(41)


# ---- terms -------------------------------------------------------------------------------------


def test_the_terms_forbid_a_search_and_permit_some_named_cases_and_saved_pages() -> None:
    terms = SOURCE.terms
    assert not terms.search
    assert terms.named
    assert terms.saved
    assert terms.named_at_once == 25
    assert terms.search_reason.endswith(".")
    assert (terms.url, terms.seen) == (f"{HOST}/terms", "2024-08-28")


# ---- anybody's text ----------------------------------------------------------------------------

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "images", "position", "original"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(frames=junk, files=junk, modality=junk, annotations=junk, findings=junk)
def test_json_of_any_shape_is_read_without_failing(
    frames: Any, files: Any, modality: Any, annotations: Any, findings: Any
) -> None:
    odd = {
        "perspective": modality,
        "frames": frames,
        "annotations": annotations,
        "encodings": {"thumbnailed_files": files},
    }
    images = read_images(odd, ONE_SERIES, modality="X-ray", findings=findings)
    assert f"{IMAGES}/5001/aa.png" in {image.url for image in images}
    for image in images:
        image.findings.encode()
        json.dumps(dict(image.extra), allow_nan=False).encode()


@given(images=junk, stack=junk)
def test_stacks_of_any_shape_are_read_without_failing(images: Any, stack: Any) -> None:
    case = read_stacks([stack, {"modality": "CT", "images": images}, *ONE_STACK])
    assert f"{IMAGES}/5001/aa.png" in {image.url for image in case.images}


@given(st.text())
def test_a_page_with_any_text_is_read(text: str) -> None:
    body = f"{escape(text)}<div id='study-111'>{escape(text)}</div>"
    assert read({CASE: page(body).encode("utf-8", "replace"), VIEWER: viewer()}).images


@given(st.text(alphabet="<>/!?&;='\"-idvp study111\0\ud800", max_size=60))
def test_a_page_of_any_markup_is_read_or_said_to_be_none(text: str) -> None:
    pages = {CASE: page(text).encode("utf-8", "surrogatepass"), VIEWER: viewer()}
    try:
        case = read(pages)
    except SourceError:
        return
    assert case.images


@pytest.mark.parametrize(
    "text",
    [
        "cases/" * 20_000,
        "studies/1" * 10_000,
        "stackedImages=[" * 7_000,
        'stackedImages=["' * 7_000,
        "<div id=study-1>" * 6_000,
        "a-" * 50_000,
        "9" * 100_000,
    ],
)
def test_a_hostile_page_is_read_in_seconds(text: str) -> None:
    body = f'<div id="study-111"><script>{text}</script>{text}<p id="{text}"></p></div>'
    pages: dict[str, CovidxrError | str] = {CASE: page(body), VIEWER: viewer()}
    assert read(pages).images
    SOURCE.recognise(SavedFile(name=f"{text}.json", head=f'{{"study":{text}'.encode()))
    assert not SOURCE.accepts(f"{HOST}/{text}")


# ---- what real pages have ----------------------------------------------------------------------


def real(name: str) -> str:
    path = REAL / name
    if not path.exists():
        pytest.skip("the real pages are not here")
    return path.read_text(encoding="utf-8")


def test_the_findings_of_the_real_page_belong_to_its_first_study() -> None:
    fragment = real("case_covid-19-pneumonia-40_2020-03-30.fragment.html")
    pages = {CASE: page(fragment)}
    for study in (86625, 86629):
        reply = [{"modality": "CT", "images": [stacked(study, "a.png")]}]
        pages[f"{HOST}/studies/{study}/stacks?lang=us"] = json.dumps(reply)
    found = {image.study: image.findings for image in read(pages).images}
    assert list(found) == ["86625", "86629"]
    assert found["86625"].count("\n") == 2
    assert found["86625"].startswith("There are pronounced bilateral confluent ground-glass")
    assert found["86629"] == ""


def test_the_real_objects_of_images_are_read() -> None:
    objects: Sequence[dict[str, Any]] = json.loads(real("stacks_image_objects_seen.json"))[
        "objects"
    ]
    case = read_stacks([{"modality": "CT", "images": list(objects)}])
    assert [image.url for image in case.images] == [
        each["public_filename"] for each in sorted(objects, key=lambda each: each["position"])
    ]
    assert [image.view for image in case.images] == ["Sagittal", "Axial", "Axial"]
    assert all(image.fallbacks[0].endswith("_big_gallery.jpeg") for image in case.images)
    assert as_json(dict(case.images[0].extra)).body
