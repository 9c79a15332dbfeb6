"""SIRM: both kinds of list, the order of a case's text, every form of an image's address."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pages import Pages

from covidxr.errors import GoneError, SourceError, UnreachableError
from covidxr.plugins import discover
from covidxr.replica import sirm as replica
from covidxr.replica.sirm import (
    CASES,
    ENGLISH,
    HOST,
    ITALIAN,
    OTHER_SPELLING,
    SITE,
    SPACER,
    UPLOADS,
    Known,
    english_entry,
    italian_entry,
    listed,
    many,
    post,
)
from covidxr.savedpages import Held, SavedPages
from covidxr.sourcing import Kind, Page, SavedFile, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.cases import Case, ImageCandidate
    from covidxr.errors import CovidxrError
    from covidxr.replica.answers import Site
    from covidxr.sourcing import ResultPage

SOURCE = discover("covidxr.sources", Source)["sirm"]
CASE = f"{HOST}/2020/03/15/covid-19-caso-45/"
ENGLISH_CASE = f"{HOST}/en/2020/04/01/covid-19-case-45/"
PICTURE = f'<figure class="wp-block-image"><img src="{UPLOADS}/a.png"></figure>'
AUTHORS = "<p>Ada PROVA, Ivo DI PROVA</p>"
DEPARTMENT = "<p>UOC Radiologia, Ospedale di Prova</p>"


class Straight:
    """An `Http` that asks a site of the replica without a server between."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: list[tuple[str, Kind]] = []

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        self.asked.append((url, kind))
        answer = self.site.answer(*self.split(url))
        while answer is not None and answer.status == 301:
            url = urljoin(url, dict(answer.headers)["Location"])
            answer = self.site.answer(*self.split(url))
        if answer is None or answer.status == 404:
            raise GoneError(f"{url} is not there (404)", url)
        return Page(url=url, body=answer.body, content_type=answer.content_type)

    def known(self, prefix: str) -> tuple[str, ...]:  # noqa: ARG002 - the contract's
        return ()

    @staticmethod
    def split(url: str) -> tuple[str, str]:
        parts = urlsplit(url)
        return parts.netloc, parts.path + (f"?{parts.query}" if parts.query else "")


def read(body: str, url: str = CASE, title: str = "COVID-19: caso 45") -> Case:
    [case] = SOURCE.cases(url, Pages({url: post(title, body)}))
    return case


def read_whole(whole: str, url: str = CASE) -> Case:
    [case] = SOURCE.cases(url, Pages({url: whole}))
    return case


def addresses(image: ImageCandidate) -> tuple[str, ...]:
    return (image.url, *image.fallbacks)


def suggested(image: ImageCandidate) -> list[tuple[str, str, str, str]]:
    return [(each.column, each.value, each.words, each.where) for each in image.suggestions]


def search(
    pages: Mapping[str, bytes | str | CovidxrError], *words: str
) -> tuple[list[ResultPage], list[str]]:
    assert SOURCE.search is not None
    http = Pages(pages)
    found = list(SOURCE.search(words, http))
    return found, [url for url, _ in http.asked]


def titles(pages: Sequence[ResultPage]) -> list[str]:
    return [found.title for page in pages for found in page.cases]


# ---- whole cases -------------------------------------------------------------------------------


@pytest.mark.parametrize("known", CASES.values(), ids=[each.id for each in CASES.values()])
def test_a_case_is_read_whole(known: Known) -> None:
    [case] = SOURCE.cases(known.address, Straight(SITE))
    assert (case.id, case.url, case.title) == (known.id, known.address, known.title)
    assert (case.age, case.sex, case.published) == (known.age, known.sex, known.published)
    assert (case.authors, case.credit) == (known.authors, known.credit)
    assert case.extra.get("department", "") == known.department
    assert {image.label: addresses(image) for image in case.images} == known.images
    assert known.suggested == {
        image.label: {(each.column, each.value) for each in image.suggestions}
        for image in case.images
    }
    assert case.markup


def test_every_image_of_the_replica_is_there_but_the_one_whose_name_is_a_guess() -> None:
    http = Straight(SITE)
    for known in CASES.values():
        for label, urls in known.images.items():
            there = [url for url in urls if SITE.answers.get(urlsplit(url).path)]
            assert there == list(urls[1:] if label in known.reduced else urls)
            assert http.get(there[0]).body


def test_nothing_is_said_of_licence_date_or_place_and_a_curator_is_told() -> None:
    case = read(AUTHORS + DEPARTMENT + "<p>Donna, 60 anni, 5 marzo 2020.</p>" + PICTURE)
    assert (case.licence.spdx, case.licence.words, case.licence.evidence) == ("", "", "")
    assert (case.date, case.location, case.doi) == ("", "", "")
    assert [each for each in case.warnings if "no licence" in each and "asked" in each]


def test_an_english_case_says_that_the_italian_one_is_the_same_patient() -> None:
    italian = read("<p>Uomo di 43 anni.</p>" + PICTURE)
    english = read("<p>A 43-year-old man.</p>" + PICTURE, ENGLISH_CASE, "COVID-19: case 45")
    assert [each for each in english.warnings if "case 45 in Italian" in each]
    assert not [each for each in italian.warnings if "Italian" in each]
    assert (italian.id, english.id) == ("caso-45", "case-45")
    assert (italian.extra["language"], english.extra["language"]) == ("it", "en")
    assert italian.extra["number"] == english.extra["number"] == 45


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        CASE,
        CASE.rstrip("/"),
        f"{CASE}?print=print-search",
        f"{CASE}#comments",
        "http://sirm.org/2020/03/11/covid-19-caso-40/",
        "https://archivio.sirm.org/2020/03/11/covid-19-caso-40/",
        f"{HOST}/2020/03/03/covid19-caso-2/",
        ENGLISH_CASE,
        f"{HOST}/2020/03/15/covid-19-caso-45-2/",
    ],
)
def test_an_address_of_a_case_is_accepted_in_each_form_that_people_paste(url: str) -> None:
    assert SOURCE.accepts(url)


@pytest.mark.parametrize(
    "url",
    [
        replica.NEWS,
        ITALIAN,
        f"{HOST}/?p=45",
        f"{HOST}/2020/03/15/covid-19-caso-45/embed/",
        f"{HOST}/covid-19-caso-45/",
        "https://sirm.org.example.org/2020/03/15/covid-19-caso-45/",
        "https://www.sirm.it/2020/03/15/covid-19-caso-45/",
    ],
)
def test_other_addresses_are_not_accepted(url: str) -> None:
    assert not SOURCE.accepts(url)


@pytest.mark.parametrize(
    ("url", "id_", "canonical"),
    [
        ("http://sirm.org/2020/03/11/COVID-19-caso-40", "caso-40", "/2020/03/11/covid-19-caso-40/"),
        ("https://archivio.sirm.org/2020/03/03/covid19-caso-2/", "caso-2",
         "/2020/03/03/covid19-caso-2/"),
        (f"{HOST}/2020/03/11/covid-19-caso-40-2/", "caso-40-2", "/2020/03/11/covid-19-caso-40-2/"),
        (f"{HOST}/en/2020/03/11/covid-19-case-040/", "case-40",
         "/en/2020/03/11/covid-19-case-040/"),
    ],
)  # fmt: skip
def test_a_case_has_one_address_whatever_the_host(url: str, id_: str, canonical: str) -> None:
    case = read("<p>Testo.</p>" + PICTURE, url)
    assert (case.id, case.url) == (id_, HOST + canonical)


@pytest.mark.parametrize(
    ("asked", "fetched"),
    [
        (f"{CASE}?print=print-search", CASE),
        (f"{CASE}?print=pdf&lang=it", f"{CASE}?lang=it"),
        (f"{CASE}?lang=it&print=pdf", f"{CASE}?lang=it"),
        (f"{CASE}?print", CASE),
        (f"{CASE}?reprint=1", f"{CASE}?reprint=1"),
    ],
)
def test_the_print_form_is_not_asked_for_since_it_has_no_images(asked: str, fetched: str) -> None:
    http = Pages({fetched: post("COVID-19: caso 45", PICTURE)})
    [case] = SOURCE.cases(asked, http)
    assert http.asked == [(fetched, Kind.PAGE)]
    assert case.url == CASE


def test_an_impossible_day_of_an_address_is_no_day_of_publication() -> None:
    assert read(PICTURE, f"{HOST}/2020/13/45/covid-19-caso-45/").published == ""


# ---- pages that are no case --------------------------------------------------------------------


def test_a_withdrawn_case_is_gone_with_and_without_its_status() -> None:
    with pytest.raises(GoneError):
        list(SOURCE.cases(replica.WITHDRAWN, Straight(SITE)))
    with pytest.raises(GoneError, match="caso-45"):
        read_whole(replica.NOT_THERE.body.decode())


def test_a_case_that_leads_to_another_is_never_taken_for_it() -> None:
    with pytest.raises(SourceError, match=r"case 3: it leads to .*caso-32"):
        list(SOURCE.cases(replica.GUESSED, Straight(SITE)))


def test_a_case_that_moved_to_another_day_keeps_the_address_it_was_asked_by() -> None:
    class Moved(Pages):
        def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
            page = super().get(url, kind=kind)
            return Page(url=f"{HOST}/2020/03/16/covid-19-caso-45/", body=page.body)

    [case] = SOURCE.cases(CASE, Moved({CASE: post("COVID-19: caso 45", PICTURE)}))
    assert (case.url, case.also_at) == (f"{HOST}/2020/03/16/covid-19-caso-45/", (CASE,))
    assert case.published == "2020-03-16"


@pytest.mark.parametrize(
    ("whole", "missing"),
    [
        ("<html><body><p>…</p></body></html>", "a title"),
        ("<h1>COVID-19: caso 45</h1><p>…</p>", "a text"),
        (post("COVID-19: caso 45", "<p>Donna, 60 anni.</p>"), "images"),
    ],
)
def test_a_page_of_unknown_markup_says_what_was_looked_for(whole: str, missing: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_whole(whole)
    assert raised.value.missing.startswith(missing)
    assert raised.value.url == CASE


def test_the_replicas_page_of_unknown_markup_is_one() -> None:
    with pytest.raises(SourceError, match="a text"):
        list(SOURCE.cases(replica.UNKNOWN, Straight(SITE)))


def test_an_address_of_no_known_form_is_not_even_asked_for() -> None:
    http = Pages({})
    with pytest.raises(SourceError, match="an address such as"):
        list(SOURCE.cases(replica.NEWS, http))
    assert http.asked == []


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("COVID-19: caso 45", ""),
        ("COVID19 – Caso n. 045", ""),
        ("COVID-19: caso 54", "the title says case 54, the address case 45"),
        ("Un titolo", "'Un titolo' names no case; the address names case 45"),
    ],
)
def test_a_title_at_odds_with_the_address_is_told_and_the_address_is_taken(
    title: str, told: str
) -> None:
    case = read(PICTURE, title=title)
    warnings = [each for each in case.warnings if "title" in each]
    assert [told in each for each in warnings] == ([True] if told else [])
    assert case.id == "caso-45"


def test_another_theme_is_read_by_its_article() -> None:
    whole = f"""<title>COVID-19: caso 45 – SIRM</title><header><h1>SIRM</h1></header>
<article><header><h2>altro</h2></header><p>Donna, 60 anni.</p>{PICTURE}<footer>piè</footer>
</article>"""
    case = read_whole(whole)
    assert (case.title, case.history, case.age) == ("COVID-19: caso 45", "Donna, 60 anni.", "60")
    assert "HTML alone: body" in case.markup


# ---- who wrote it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "authors", "department"),
    [
        (
            ["Ada PROVA*, Ivo Di Prova¹, G.Esempio²", "* Radiologia ASST Finta"],
            ("Ada PROVA", "Ivo Di Prova", "G.Esempio"),
            "Radiologia ASST Finta",
        ),
        (
            ["Prova Ada1,2, D'Esempio Ivo 3 e Neri Eva1.", "IRCCS Immaginario, Città"],
            ("Prova Ada", "D'Esempio Ivo", "Neri Eva"),
            "IRCCS Immaginario, Città",
        ),
        (
            ["A cura di: Dott.ssa Ada Prova, Dr. Ivo Esempio", "Azienda Ospedaliera di Prova"],
            ("Ada Prova", "Ivo Esempio"),
            "Azienda Ospedaliera di Prova",
        ),
        (
            ["Ada Prova, Ivo Esempio - ASST Finta, ospedale di Prova"],
            ("Ada Prova", "Ivo Esempio"),
            "ASST Finta, ospedale di Prova",
        ),
        (
            ["Ada Prova", "UOC Radiologia – Ospedale Finto"],
            ("Ada Prova",),
            "UOC Radiologia – Ospedale Finto",
        ),
        (
            ["Ada Prova, Ivo Esempio,", "Eva Neri, Leo Bianchi", "Dipartimento di Immagini"],
            ("Ada Prova", "Ivo Esempio", "Eva Neri", "Leo Bianchi"),
            "Dipartimento di Immagini",
        ),
        (
            ["Ada Prova, Ivo Esempio", "*UOC Radiologia ASST Finta", "**UOC Medicina ASST Finta"],
            ("Ada Prova", "Ivo Esempio"),
            "UOC Radiologia ASST Finta; UOC Medicina ASST Finta",
        ),
    ],
)
def test_authors_and_department_are_read_from_the_first_lines(
    lines: list[str], authors: tuple[str, ...], department: str
) -> None:
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    case = read(f"{text}<p>Donna, 60 anni.</p>{PICTURE}")
    assert case.authors == authors
    assert case.extra["department"] == department
    assert case.credit == f"Credit to {', '.join((*authors, department))}"
    assert case.history == "Donna, 60 anni."
    assert not [each for each in case.warnings if "recognised" in each]


@pytest.mark.parametrize(
    "line",
    [
        "Paziente trasferito dall'Ospedale di Prova.",
        "Maschio, Iperteso",
        "Febbre Alta, Tosse Secca",
        "Rx Torace, Tc Torace",
        "Ada Prova",
        "Radiologia: addensamento a destra",
        "Ada Prova e altri, tutti bravi",
        "Ada Pr?va, Ivo Bn?",
        "Nome " * 400,
    ],
)
def test_a_line_that_may_be_another_stays_in_the_history_with_a_warning(line: str) -> None:
    case = read(f"<p>{line}</p><p>Donna, 60 anni.</p>{PICTURE}")
    assert (case.authors, case.credit) == ((), "")
    assert case.history == f"{line.strip()}\nDonna, 60 anni."
    assert len([each for each in case.warnings if "recognised" in each]) == 2


def test_a_list_of_places_after_the_authors_is_no_list_of_authors() -> None:
    case = read(f"{AUTHORS}<p>Reggio Inventata, Nuova Finta</p>{PICTURE}")
    assert case.authors == ("Ada PROVA", "Ivo DI PROVA")
    assert case.history == "Reggio Inventata, Nuova Finta"


def test_a_case_without_a_department_credits_its_authors_alone() -> None:
    case = read(f"{AUTHORS}<p>Donna, 60 anni.</p>{PICTURE}")
    assert case.credit == "Credit to Ada PROVA, Ivo DI PROVA"
    assert [each for each in case.warnings if "department was recognised" in each]


def test_the_first_lines_are_read_below_a_picture_too() -> None:
    case = read(f"{PICTURE}{AUTHORS}{DEPARTMENT}<p>Donna, 60 anni.</p>")
    assert case.authors == ("Ada PROVA", "Ivo DI PROVA")
    assert case.history == "Donna, 60 anni."


# ---- the patient -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "age", "sex"),
    [
        ("Paziente di sesso femminile, 75 anni", "75", "F"),
        ("Maschio, 51 anni.", "51", "M"),
        ("Paziente di anni 53. Il paziente giunge in PS.", "53", ""),
        ("Paziente maschio, 47 anni", "47", "M"),
        ("Donna, 69 anni", "69", "F"),
        ("Uomo di 43 anni", "43", "M"),
        ("PCR 3,47 mg/dl, T 37,8 °C.", "", ""),
    ],
)
def test_age_and_sex_are_those_of_the_first_sentence_with_its_words(
    sentence: str, age: str, sex: str
) -> None:
    case = read(f"{AUTHORS}{DEPARTMENT}<p>{sentence}</p>{PICTURE}")
    assert (case.age, case.sex) == (age, sex)
    assert case.age_words in sentence
    assert case.sex_words in sentence
    assert bool(case.age_words) == bool(age)


def test_a_pronoun_of_a_translated_text_is_no_sex() -> None:
    case = read("<p>A 63-year-old patient. He has a cough.</p>" + PICTURE, ENGLISH_CASE)
    assert (case.age, case.sex) == ("63", "")


def test_what_plug_ins_put_into_a_text_is_no_text() -> None:
    case = read(
        f"""<p>image_pdf image_print</p><p>Post Views: 1.234</p><p>Donna, 60 anni.</p>
<div class="sharedaddy">Condividi</div><script>var x = "Uomo";</script>{PICTURE}
<div class="td_block_related_posts"><img src="{UPLOADS}/altro.png">Altri casi</div>"""
    )
    assert case.history == "Donna, 60 anni."
    assert len(case.images) == 1


# ---- images ------------------------------------------------------------------------------------


def image_of(markup: str, url: str = CASE) -> ImageCandidate:
    [image] = read(markup, url).images
    return image


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ('<img src="{u}/a.png">', ["a.png"]),
        ('<p><img src="{u}/1-12.png"></p>', ["1-12.png"]),
        ('<div class="wp-caption"><img src="{u}/a.png"></div>', ["a.png"]),
        ('<a href="{u}/a.png"><img src="{u}/a-300x225.png"></a>', ["a.png", "a-300x225.png"]),
        ('<a href="/allegato/"><img src="{u}/a.png"></a>', ["a.png"]),
        (
            '<img src="{u}/a-1024x768.png" srcset="{u}/a-300x225.png 300w, {u}/a.png 1600w">',
            ["a.png", "a-1024x768.png", "a-300x225.png"],
        ),
        (
            '<img srcset="{u}/a-300x225.png 300w, {u}/a-1024x768.png 1024w">',
            ["a.png", "a-1024x768.png", "a-300x225.png"],
        ),
        (
            '<a href="{u}/a-1024x768.png"><img src="{u}/a.png"></a>',
            ["a.png", "a-1024x768.png"],
        ),
        ('<img src="{u}/a-scaled.jpeg">', ["a-scaled.jpeg"]),
        ('<img src="{u}/a.png?w=640">', ["a.png", "a.png?w=640"]),
        ('<img src="{s}" data-src="{u}/a.png">', ["a.png"]),
        ('<img src="{s}" data-lazy-src="{u}/a.png">', ["a.png"]),
        ('<img src="/wp-includes/images/blank.gif" data-img-url="{u}/a.png">', ["a.png"]),
        ('<img src="{s}"><noscript><img src="{u}/a.png"></noscript>', ["a.png"]),
        ('<img src="/wp-content/uploads/2020/03/a.png">', ["a.png"]),
    ],
)  # fmt: skip
def test_the_best_copy_of_an_image_comes_first_and_the_others_after_it(
    markup: str, names: list[str]
) -> None:
    image = image_of(markup.replace("{u}", UPLOADS).replace("{s}", SPACER))
    assert addresses(image) == tuple(f"{UPLOADS}/{name}" for name in names)


def test_the_same_picture_is_taken_once_where_its_text_is() -> None:
    case = read(
        f"""<div class="td-post-featured-image"><a href="{UPLOADS}/b.png">
<img class="entry-thumb" src="{UPLOADS}/b-696x522.png"></a></div>
<p>RX torace.</p><img src="{UPLOADS}/a.png"><p>TC torace.</p><img src="{UPLOADS}/b.png">"""
    )
    assert [(each.label, each.url.rpartition("/")[2], each.findings) for each in case.images] == [
        ("1", "a.png", "RX torace."),
        ("2", "b.png", "TC torace."),
    ]


def test_files_of_one_name_in_two_months_are_two_images() -> None:
    other = UPLOADS.replace("/03", "/04")
    case = read(f'<img src="{UPLOADS}/1.png"><img src="{other}/1.png">')
    assert [each.url for each in case.images] == [f"{UPLOADS}/1.png", f"{other}/1.png"]


def test_a_saved_page_shows_what_lies_beside_it_first() -> None:
    body = f"""<p>TC torace.</p><a href="{UPLOADS}/a.png"><img src="saved:case_files/a.png"></a>
<img src="saved:case_files/b%20c.jpeg"><img src="saved:case_files/script.js">"""
    case = read(body)
    assert [addresses(each) for each in case.images] == [
        ("saved:case_files/a.png", f"{UPLOADS}/a.png"),
        ("saved:case_files/b%20c.jpeg",),
    ]


def test_a_print_form_that_was_saved_is_found_and_says_that_it_has_no_images() -> None:
    printed = b"<h1>COVID-19: caso 45</h1><article><p>Donna, 60 anni.</p></article>"
    url = f"{CASE}?print=print-search"
    http = SavedPages({url: Held("caso.html", lambda: printed, "text/html")}, "")
    with pytest.raises(SourceError, match="the print form of a page has none"):
        list(SOURCE.cases(url, http))


def test_logos_avatars_and_theme_files_are_left_out_silently() -> None:
    case = read(
        f"""{PICTURE}<img src="{HOST}/wp-content/themes/x/logo.png">
<img class="avatar" src="{UPLOADS}/avatar.png"><img class="emoji" src="{UPLOADS}/emoji.png">
<img src="{UPLOADS}/referto.pdf"><img><img src="">"""
    )
    assert [each.url for each in case.images] == [f"{UPLOADS}/a.png"]
    assert case.left_out == ()


def test_an_image_on_another_host_and_a_video_are_left_out_and_said_to_be() -> None:
    far = "https://i0.wp.com/www.sirm.org/wp-content/uploads/2020/03/z.png"
    case = read(f'{PICTURE}<img src="{far}"><video src="{UPLOADS}/tc.mp4"></video>')
    assert [(each.url, each.reason) for each in case.left_out] == [
        (f"{UPLOADS}/tc.mp4", "a video or an embedded page"),
        (far, "it stands on another host"),
    ]


def test_each_image_has_the_text_since_the_one_before_and_its_own_caption() -> None:
    case = read(
        f"""<p>Donna, 60 anni.</p><p>RX torace.</p>
<figure><img src="{UPLOADS}/a.png"><figcaption>Prima</figcaption></figure>
<p>TC torace.</p><figure><img src="{UPLOADS}/b.png"></figure>
<div class="wp-caption"><img src="{UPLOADS}/c.png"><p class="wp-caption-text">Terza</p></div>
<p>Dimessa.</p>"""
    )
    assert [(each.findings, each.caption) for each in case.images] == [
        ("Donna, 60 anni.\nRX torace.", "Prima"),
        ("TC torace.", ""),
        ("TC torace.", "Terza"),
    ]
    assert case.history == "Donna, 60 anni.\nRX torace.\nTC torace.\nDimessa."


def test_a_gallerys_caption_is_that_of_each_of_its_images() -> None:
    case = read(
        f"""<figure class="wp-block-gallery"><ul class="blocks-gallery-grid">
<li><figure><img src="{UPLOADS}/a.png"><figcaption>Prima</figcaption></figure></li>
<li><figure><img src="{UPLOADS}/b.png"></figure></li></ul>
<figcaption class="blocks-gallery-caption">Tutte</figcaption></figure>"""
    )
    assert [each.caption for each in case.images] == ["Prima", "Tutte"]


def test_the_text_next_to_an_image_speaks_of_it_before_what_stands_further_up() -> None:
    image = image_of("<p>RX torace da 3 giorni negativa.</p><p>TC torace:</p>" + PICTURE)
    assert suggested(image) == [
        ("modality", "CT", "TC", "findings"),
        ("offset", "3", "da 3 giorni", "findings"),
    ]
    assert (image.modality, image.view) == ("", "")


def test_two_examinations_in_one_line_suggest_none() -> None:
    image = image_of("<p>RX torace negativa; TC torace positiva.</p>" + PICTURE)
    assert suggested(image) == []


def test_rx_and_tc_by_turns_are_told_apart() -> None:
    body = "".join(
        f'<p>{name} torace.</p><img src="{UPLOADS}/{at}.png">'
        for at, name in enumerate(["RX", "TC", "RX"])
    )
    images = read(body).images
    assert [suggested(each)[0][1] for each in images] == ["X-ray", "CT", "X-ray"]


def test_rx_is_a_treatment_on_an_english_page() -> None:
    assert suggested(image_of("<p>Rx was given.</p>" + PICTURE, ENGLISH_CASE)) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("0A1B2C3D-1111-4AAA-8BBB-00000000000A.jpeg", []),
        ("1-12.png", []),
        (
            "RX-torace-a-letto-del-paziente-in-unica-proiezione-AP-1-1.jpeg",
            [
                ("view", "AP", "proiezione-AP", "file name"),
                ("modality", "X-ray", "RX-torace", "file name"),
            ],
        ),
        ("TC-giorno-7.png", [("modality", "CT", "TC", "file name")]),
    ],
)
def test_a_files_name_suggests_where_it_is_words(
    name: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert suggested(image_of(f'<img src="{UPLOADS}/{name}">')) == expected


# ---- saved files -------------------------------------------------------------------------------


def test_a_saved_page_is_a_case_by_its_own_address_alone() -> None:
    file = SavedFile(name="a.html", head=b"<html>", url=CASE)
    assert SOURCE.recognise(file) == CASE
    assert SOURCE.recognise(SavedFile(name="a.html", head=b"", url=ITALIAN)) == ""
    assert SOURCE.recognise(SavedFile(name="covid-19-caso-45.html", head=b"")) == ""


# ---- lists -------------------------------------------------------------------------------------


def test_both_lists_are_walked_to_their_ends_and_news_is_counted() -> None:
    assert SOURCE.search is not None
    http = Straight(SITE)
    found = list(SOURCE.search((), http))
    assert [each.url for page in found for each in page.cases] == list(CASES)
    assert [page.number for page in found] == [1, 2, 3, 4]
    assert [page.others for page in found] == [1, 0, 0, 0]
    assert [page.pages for page in found] == [None, None, 4, 4]
    assert http.asked == [
        (url, Kind.LISTING)
        for url in (
            ITALIAN,
            f"{ITALIAN}page/2/",
            f"{ITALIAN}page/3/",
            ENGLISH,
            f"{ENGLISH}page/2/",
        )
    ]


def test_each_entry_has_its_own_title_and_the_day_of_its_address() -> None:
    found, _ = search(
        {
            ENGLISH: listed(
                [
                    english_entry("COVID-19: case 45", ENGLISH_CASE),
                    english_entry("COVID-19: case 46", ENGLISH_CASE.replace("45", "46")),
                ],
                last=1,
            )
        },
        "en",
    )
    assert [(each.url, each.title, each.published) for each in found[0].cases] == [
        (ENGLISH_CASE, "COVID-19: case 45", "2020-04-01"),
        (ENGLISH_CASE.replace("45", "46"), "COVID-19: case 46", "2020-04-01"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("it",), ["caso 101", "caso 32", "caso 2"]),
        (("EN",), ["case 32", "case 2"]),
        (("caso 2",), ["caso 2"]),
        (("caso", "32"), ["caso 32"]),
        (("2",), ["caso 2", "case 2"]),
        (("en", "case 32"), ["case 32"]),
        (("covid",), ["caso 101", "caso 32", "caso 2", "case 32", "case 2"]),
        (("19",), []),
        (("dati",), []),
    ],
)
def test_words_choose_a_list_a_number_or_a_title(
    words: tuple[str, ...], expected: list[str]
) -> None:
    assert SOURCE.search is not None
    found = list(SOURCE.search(words, Straight(SITE)))
    assert titles(found) == [f"COVID-19: {each}" for each in expected]


def test_the_other_spelling_of_the_category_is_asked_where_the_first_is_gone() -> None:
    one = listed([italian_entry("COVID-19: caso 45", CASE)])
    found, asked = search({OTHER_SPELLING: one}, "it")
    assert titles(found) == ["COVID-19: caso 45"]
    assert asked == [ITALIAN, OTHER_SPELLING, f"{OTHER_SPELLING}page/2/"]


def test_a_list_that_is_nowhere_is_gone() -> None:
    with pytest.raises(GoneError):
        search({}, "it")
    with pytest.raises(GoneError, match="without a post"):
        search({ENGLISH: replica.NOT_THERE.body}, "en")


def test_a_list_ends_where_the_site_says_so_with_status_200() -> None:
    found, asked = search(
        {
            ITALIAN: listed([italian_entry("COVID-19: caso 45", CASE)]),
            f"{ITALIAN}page/2/": replica.NOT_THERE.body,
        },
        "it",
    )
    assert len(found) == 1
    assert len(asked) == 2


def test_links_without_titles_are_told_apart_by_their_addresses() -> None:
    entries = "".join(
        f'<div class="td-read-more"><a href="{url}">Leggi</a></div>' for url in (replica.NEWS, CASE)
    )
    found, _ = search({ITALIAN: f"<html><body>{entries}</body></html>"}, "it")
    assert [each.url for each in found[0].cases] == [CASE]
    assert found[0].others == 1


def test_a_thumbnails_title_stands_in_for_a_missing_heading() -> None:
    entry = f"""<div class="td_module_19"><a class="td-image-wrap" href="{ENGLISH_CASE}">
<img class="entry-thumb" title="COVID-19: case 45" data-img-url="{UPLOADS}/t.jpeg"></a></div>"""
    found, _ = search({ENGLISH: f"<html><body>{entry}</body></html>"}, "en")
    assert titles(found) == ["COVID-19: case 45"]


def test_a_case_by_its_title_is_listed_even_where_its_address_is_of_another_form() -> None:
    odd = f"{HOST}/2020/03/15/caso-clinico/"
    found, _ = search({ITALIAN: listed([italian_entry("COVID-19: caso 45", odd)])}, "it")
    assert [each.url for each in found[0].cases] == [odd]


def test_an_empty_list_that_is_not_the_end_is_unknown_markup() -> None:
    with pytest.raises(SourceError, match="entries of a list"):
        search({ITALIAN: "<html><body>nuova veste</body></html>"}, "it")


def test_a_list_that_gives_one_page_for_ever_is_left() -> None:
    one = listed([italian_entry("COVID-19: caso 45", CASE)])
    with pytest.raises(SourceError, match="no earlier page"):
        search({ITALIAN: one, f"{ITALIAN}page/2/": one}, "it")


def test_a_list_whose_host_does_not_answer_passes_that_on() -> None:
    with pytest.raises(UnreachableError):
        search({ITALIAN: UnreachableError("no host", ITALIAN)}, "it")


def test_a_site_of_many_cases_is_listed_whole_and_each_is_read() -> None:
    assert SOURCE.search is not None
    http = Straight(many(45))
    found = list(SOURCE.search((), http))
    urls = [each.url for page in found for each in page.cases]
    assert len(urls) == len(set(urls)) == 45
    [case] = SOURCE.cases(urls[-1], http)
    assert (case.id, case.age, case.sex, len(case.images)) == ("caso-45", "60", "F", 1)


# ---- hostile pages -----------------------------------------------------------------------------


@given(st.text())
def test_any_text_is_read_without_failing_and_none_of_it_is_lost(text: str) -> None:
    case = read(f"<p>{escape(text)}</p>{PICTURE}")
    assert len(case.images) == 1
    assert case.images[0].findings == case.history


@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<figure>", "</figure>", "<figcaption>x", "</figcaption>", "<a href='[::'>",
    "</a>",
    f"<img src='{UPLOADS}/a.png'>", "<img src='http://[::'>", "<img srcset=',,, 1x'>", "<noscript>",
    "</noscript>", "\ufdd00\ufdd0", "\ufdd0999999\ufdd0", "Ada Prova, Ivo Prova",
    "<div class='wp-caption'>",
    "</div>", "<table><tr>", "<img class=emoji>", "\x00",
])))  # fmt: skip
def test_any_markup_is_a_case_or_said_to_be_none(parts: list[str]) -> None:
    try:
        case = read("".join(parts))
    except SourceError:
        return
    assert len({each.label for each in case.images}) == len(case.images)
    assert len({each.url for each in case.images}) == len(case.images)


@pytest.mark.parametrize(
    "text",
    [
        "A, " * 50_000,
        "Ada Prova, " * 10_000,
        "1," * 50_000,
        "dr." * 33_000,
        " - " * 33_000,
        "caso " * 20_000,
        "a1" * 50_000,
        "\ufdd0" * 100_000,
        "image_pdf " * 10_000,
    ],
)
def test_a_text_as_long_as_a_book_is_read(text: str) -> None:
    # What takes more than linear time would not come back.
    case = read(f"<p>{text}</p>{PICTURE}", title=f"COVID-19: caso 45 {text}")
    assert len(case.images) == 1


@pytest.mark.parametrize(
    "url",
    [
        f"{UPLOADS}/{'a-1x1' * 20_000}.png",
        f"{UPLOADS}/{'wp-content/uploads/' * 5_000}a.png",
        f"{UPLOADS}/a.png?{'w=1&' * 25_000}",
    ],
)
def test_an_address_as_long_as_a_book_is_read(url: str) -> None:
    assert image_of(f'<img src="{url}">').url


def test_addresses_as_long_as_a_book_are_refused() -> None:
    assert not SOURCE.accepts(f"{HOST}/2020/03/15/covid-19-caso-{'1' * 100_000}/")
    assert SOURCE.accepts(f"{CASE}?{'print=' * 20_000}")
    read_pages = Pages({CASE: post("COVID-19: caso 45", PICTURE)})
    assert list(SOURCE.cases(f"{CASE}?{'print=&' * 20_000}", read_pages))


@pytest.mark.parametrize(
    ("text", "age", "sex", "suggested"),
    [
        ("Paziente di 60 anni, assistito da una donna con tosse.", "60", "", ["sex"]),
        ("Tosse e febbre in uomo di 43 anni.", "", "", ["age", "sex"]),
        ("Donna, 69 anni, tosse.", "69", "F", []),
    ],
)
def test_age_and_sex_are_fields_only_where_a_sentence_opens_with_them(
    text: str, age: str, sex: str, suggested: list[str]
) -> None:
    case = read(f"<p>{text}</p>{PICTURE}")
    assert (case.age, case.sex) == (age, sex)
    found = [each for each in case.suggestions if each.where == "history"]
    assert [each.column for each in found] == suggested
    assert all(each.words in text for each in found)
