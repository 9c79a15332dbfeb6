"""Eurorad: every generation of its pages and image paths, its search, its licences, its traps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.pages import Pages

from covidxr.errors import GoneError, SourceError
from covidxr.htmlpage import clean
from covidxr.plugins import discover
from covidxr.replica import eurorad as replica
from covidxr.replica.answers import html
from covidxr.replica.eurorad import (
    CASES,
    HOST,
    SITE,
    Known,
    Shot,
    Told,
    large,
    many,
    small,
    swapped,
)
from covidxr.replica.pictures import picture
from covidxr.sourcing import Kind, Page, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.cases import Case
    from covidxr.replica.answers import Answer, Site
    from covidxr.sourcing import ResultPage

SOURCE = discover("covidxr.sources", Source)["eurorad"]
REAL = Path(__file__).parents[2] / "../shared/pages/eurorad/eurorad_metadata.excerpt.json"

NUMBER = "18500"
CASE = f"{HOST}/case/{NUMBER}"
PATH = "figure_image/2024-03//18544_1_1.jpg"
ONE = Shot(label="1", path=PATH, caption="Invented image.")
TOLD = Told(number=NUMBER, title="Invented shadow", published="04.03.2024", shots=[ONE])


class Straight:
    """An `Http` that asks a site of the replica without a server between."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: list[tuple[str, Kind]] = []

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        self.asked.append((url, kind))
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = self.site.answer(parts.netloc, path)
        if answer is None:
            raise GoneError(f"{url} is not there (404)", url)
        return Page(url=url, body=answer.body, content_type=answer.content_type)

    def known(self, prefix: str) -> tuple[str, ...]:  # noqa: ARG002 - the contract's
        return ()


def read(body: str | bytes, url: str = CASE) -> Case:
    [case] = SOURCE.cases(url, Pages({url: body}))
    return case


def read_told(**fields: Any) -> Case:
    """Read a page that tells what `TOLD` does, but for some fields."""
    return read(replica.page(replace(TOLD, **fields)))


def read_gallery(gallery: str) -> Case:
    """Read a page with a gallery of one's own."""
    return read(replica.page(replace(TOLD, shots=())) + gallery)


def item(path: str, caption: str = "") -> str:
    return replica.item(Shot(label="", path=path, caption=caption), "2021")


def labels_of(case: Case) -> list[str]:
    return [image.label for image in case.images]


def warned(case: Case, words: str) -> bool:
    return any(words in warning for warning in case.warnings)


def search(site: Site, *words: str) -> list[ResultPage]:
    assert SOURCE.search is not None
    return list(SOURCE.search(words, Straight(site)))


# ---- the replica's cases -----------------------------------------------------------------------

each_case = pytest.mark.parametrize("known", CASES.values(), ids=lambda known: known.id)


@each_case
def test_a_case_of_every_generation_is_read(known: Known) -> None:
    [case] = SOURCE.cases(known.address, Straight(SITE))
    for name in ("id", "title", "published", "age", "sex", "authors", "doi", "diagnosis"):
        assert getattr(case, name) == getattr(known, name)
    assert case.url == f"{HOST}/case/{known.id}"
    assert (case.licence.spdx, case.licence.evidence) == (known.spdx, known.evidence)
    assert {image.label: image.url for image in case.images} == known.images
    assert {each.label: each.reason for each in case.left_out} == known.left_out
    captions = {image.label: image.caption for image in case.images}
    assert known.captions.items() <= captions.items()
    assert len(case.warnings) == len(known.warned)
    assert all(words in said for words, said in zip(known.warned, case.warnings, strict=True))


@each_case
def test_each_image_is_had_at_its_first_address_or_where_that_is_refused_at_the_next(
    known: Known,
) -> None:
    [case] = SOURCE.cases(known.address, Straight(SITE))
    for image in case.images:
        statuses = []
        for url in (image.url, *image.fallbacks):
            answer = SITE.answer("www.eurorad.org", url.removeprefix(HOST))
            assert answer is not None
            statuses.append(answer.status)
        assert statuses == [403 if image.label in known.refused else 200, 200]


def test_files_of_one_name_in_two_cases_have_two_addresses() -> None:
    [one], [other] = (
        SOURCE.cases(each.address, Straight(SITE))
        for each in (replica.CASE_2012, replica.CASE_2003)
    )
    assert one.images[0].url.endswith("/0000009301/000001.jpg?itok=small")
    assert other.images[0].url.endswith("/0000001203/000001.jpg?itok=small")


def test_text_out_of_a_word_processor_is_read_as_a_reader_sees_it() -> None:
    [case] = SOURCE.cases(replica.CASE_2020.address, Straight(SITE))
    fever = "invented fever (38\N{MASCULINE ORDINAL INDICATOR}C)"
    assert case.history == f"A 56-year-old man with {fever}\nand invented cough."
    assert case.discussion.split("\n")[:2] == ["Background", "Invented."]


def test_how_a_patient_fared_is_text_and_no_field() -> None:
    [case] = SOURCE.cases(replica.CASE_2020.address, Straight(SITE))
    assert "intubated and passed away" in case.discussion
    assert {each.column for each in case.suggestions} == {"finding", "age", "sex"}
    columns = {each.column for image in case.images for each in image.suggestions}
    assert columns == {"view", "modality", "offset"}


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.eurorad.org/case/{NUMBER}",
        f"http://eurorad.org/case/{NUMBER}/",
        f"https://www.EURORAD.org/case/{NUMBER}?lang=de#fig-1",
        f"https://www.eurorad.org/case/{NUMBER}/teaching-case",
        f"http://www.eurorad.org/case.php?id={NUMBER}",
        f"http://www.eurorad.org/eurorad/case.php?lang=en&id={NUMBER}&x=1",
    ],
)
def test_a_case_is_fetched_once_at_its_own_address_in_whatever_form_it_is_named(url: str) -> None:
    assert SOURCE.accepts(url)
    http = Pages({CASE: replica.page(TOLD)})
    [case] = SOURCE.cases(url, http)
    assert http.asked == [(CASE, Kind.PAGE)]
    assert (case.id, case.url, case.also_at) == (NUMBER, CASE, ())


@pytest.mark.parametrize(
    "url",
    [
        "https://www.eurorad.org/case/",
        "https://www.eurorad.org/case/12a",
        "https://www.eurorad.org/case/12/print",
        "https://www.eurorad.org/advanced-search?search=/case/12",
        "https://www.eurorad.org/case.php?case=12",
        "https://eurorad.org.example.org/case/12",
        "https://example.org/www.eurorad.org/case/12",
    ],
)
def test_other_addresses_are_no_case(url: str) -> None:
    assert not SOURCE.accepts(url)
    with pytest.raises(SourceError):
        list(SOURCE.cases(url, Pages({})))


def test_the_teaching_address_is_asked_where_the_plain_one_is_gone() -> None:
    address = f"{CASE}/teaching-case"
    http = Pages({address: replica.page(TOLD)})
    [case] = SOURCE.cases(address, http)
    assert [url for url, _ in http.asked] == [CASE, address]
    assert (case.url, case.also_at) == (CASE, (address,))


def test_a_gap_in_the_numbers_is_gone_and_no_other_address_is_tried() -> None:
    http = Straight(SITE)
    with pytest.raises(GoneError):
        list(SOURCE.cases(replica.WITHDRAWN, http))
    assert http.asked == [(replica.WITHDRAWN, Kind.PAGE)]


@pytest.mark.parametrize(
    ("url", "missing"),
    [
        (replica.UNKNOWN, "no figure in any known gallery markup"),
        (replica.CHECKED, "no title and no case number"),
    ],
)
def test_a_page_that_is_not_known_is_no_case(url: str, missing: str) -> None:
    with pytest.raises(SourceError, match=missing) as raised:
        list(SOURCE.cases(url, Straight(SITE)))
    assert (raised.value.source, raised.value.url) == ("eurorad", url)


def test_a_page_that_calls_itself_another_case_says_so() -> None:
    assert warned(read_told(shown_as="18501"), "calls itself case 18501")
    assert read_told(shown_as=NUMBER).warnings == ()


# ---- title and day -----------------------------------------------------------------------------


def bare(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{replica.gallery(TOLD)}</body></html>"


@pytest.mark.parametrize("title", ["Thymoma", "A persistent vena cava", "Invented or", "Eurora |d"])
def test_a_title_keeps_its_last_letters(title: str) -> None:
    assert read(bare(f"{title} | Eurorad")).title == title
    assert read_told(title=title).title == title
    assert read_told(title=title, style="2020").title == title


@given(st.text(alphabet=" |Euroadx", min_size=1))
@example("x | Eurora")
def test_any_title_comes_back_whole(title: str) -> None:
    case = read(bare(f"x{title}x | Eurorad"))
    assert case.title == clean(f"x{title}x")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Published on 01.04.2020", "2020-04-01"),
        ("Published on 5.12.2024", "2024-12-05"),
        ("Published on 31.02.2020", ""),
        ("Published soon", ""),
    ],
)
def test_the_day_of_publication_is_read_with_the_day_first(words: str, day: str) -> None:
    page = replica.page(TOLD).replace(f"Published on {TOLD.published}", words)
    case = read(page)
    assert case.published == day
    assert bool(case.warnings) == (not day)


def test_the_day_is_found_wherever_the_page_says_it() -> None:
    page = replica.page(TOLD).replace("d-block font-size-1 text-center", "q1")
    assert read(page).published == "2024-03-04"


# ---- patient -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "age", "sex"),
    [
        ("34 years, male", ("34", "34 years"), ("M", "male")),
        ("6 months, female", ("0.5", "6 months"), ("F", "female")),
        ("male", ("", ""), ("M", "male")),
        ("56 years", ("56", "56 years"), ("", "")),
        ("73 years,, female,", ("73", "73 years"), ("F", "female")),
        ("56, male", ("56", "56"), ("M", "male")),
        ("Adult, male", ("", "Adult"), ("M", "male")),
        ("20-30 years, female", ("", "20-30 years"), ("F", "female")),
    ],
)
def test_the_patient_line_is_read_as_far_as_it_goes(
    line: str, age: tuple[str, str], sex: tuple[str, str]
) -> None:
    case = read_told(patient=line)
    assert (case.age, case.age_words) == age
    assert (case.sex, case.sex_words) == sex
    assert case.warnings == ()


def test_a_patient_line_that_says_neither_is_quoted() -> None:
    case = read_told(patient="Several patients")
    assert (case.age, case.sex, case.age_words) == ("", "", "Several patients")
    assert warned(case, "neither age nor sex could be read in 'Several patients'")


def test_the_patient_line_is_found_by_its_class_where_there_is_no_block() -> None:
    page = replica.page(TOLD).replace("col-lg-9", "col-lg-8").replace("<p>Authors", "<p>")
    case = read(f'<p class="color-grey">Share</p>{page}')
    assert (case.age, case.sex) == ("34", "M")
    assert warned(case, "no block with section, authors and patient")


def test_without_a_line_age_and_sex_of_the_history_are_suggestions() -> None:
    case = read_told(patient="", history="<p>A 43-year-old woman with invented cough.</p>")
    assert (case.age, case.sex) == ("", "")
    found = {each.column: (each.value, each.where) for each in case.suggestions}
    assert found == {"age": ("43", "clinical history"), "sex": ("F", "clinical history")}
    assert warned(case, "no line with the patient's age and sex")


def test_a_history_of_somebody_else_is_a_warning() -> None:
    case = read_told(patient="34 years, male", history="<p>A 43-year-old man.</p>")
    assert case.age == "34"
    assert warned(case, '"34 years", the clinical history "43-year-old"')


def test_a_page_whose_patient_was_altered_says_so() -> None:
    altered = "<p>Patient data may have been modified to ensure patient anonymity.</p>"
    assert warned(read_told(discussion=altered), "may not be true")
    assert not warned(read_told(), "may not be true")


@pytest.mark.parametrize(
    ("title", "diagnosis", "where"),
    [
        ("COVID-19 pneumonia", "Coronavirus disease-19 (COVID-19)", ["title"]),
        ("An invented shadow", "Pulmonary tuberculosis", ["final diagnosis"]),
        ("COVID-19 pneumonia", "Pulmonary tuberculosis", ["title", "final diagnosis"]),
        ("An invented shadow", "An invented disease", []),
    ],
)
def test_a_finding_is_suggested_by_title_and_final_diagnosis(
    title: str, diagnosis: str, where: Sequence[str]
) -> None:
    case = read_told(title=title, diagnosis=diagnosis)
    found = [each for each in case.suggestions if each.column == "finding"]
    assert [each.where for each in found] == where
    assert all(each.words in title or each.words in diagnosis for each in found)


# ---- authors and sections ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Ada Example<sup>1,2</sup>, Ben Beispiel<sup>2</sup>", ("Ada Example", "Ben Beispiel")),
        ("Ada Example1,2, Ben Beispiel2", ("Ada Example", "Ben Beispiel")),
        ("Ada Example<sup>1</sup> Ben Beispiel<sup>*</sup>", ("Ada Example", "Ben Beispiel")),
        ("Ada Example\u00b9; Ben Beispiel Jr.\u00b2", ("Ada Example", "Ben Beispiel Jr.")),
        ("Ada Example and Ben van den Beispiel", ("Ada Example", "Ben van den Beispiel")),
        ("Ana María Ejemplo-Núñez", ("Ana María Ejemplo-Núñez",)),
        ("", ()),
    ],
)
def test_authors_lose_their_marks(authors: str, names: tuple[str, ...]) -> None:
    assert read_told(authors=authors).authors == names


@pytest.mark.parametrize("count", range(4))
def test_authors_and_patient_are_found_whatever_the_number_of_affiliations(count: int) -> None:
    places = [f"Invented Hospital {n}, Nowhere" for n in range(1, count + 1)]
    shown = [f"<sup>{n}</sup> {place}" for n, place in enumerate(places, start=1)]
    case = read_told(affiliations=shown)
    assert case.authors == ("Ada Example", "Ben Beispiel")
    assert case.extra.get("affiliations", []) == places
    assert (case.age, case.sex) == ("34", "M")


def test_without_labels_nobody_is_taken_for_an_author() -> None:
    page = replica.page(TOLD)
    start, end = (
        page.index('<span class="d-block">Section'),
        page.index('<div class="block__content'),
    )
    block = (
        "<p>Chest imaging</p><p>Clinical Cases</p><p>Ada Example</p>"
        "<p>Invented Hospital, Nowhere</p></div></div></div>"
    )
    case = read(page[:start] + block + page[end:])
    assert case.authors == ()
    assert "Hospital" not in case.credit
    assert case.extra == {"section": "Chest imaging", "case_type": "Clinical Cases"}
    assert warned(case, "authors not read")


def test_the_block_beside_the_title_goes_into_extra() -> None:
    categories = "<b>Area of Interest</b> Lung, Arteries / Aorta ; <b>Imaging Technique</b> CT, MR"
    extra = read_told(categories=categories).extra
    assert (extra["section"], extra["case_type"]) == ("Chest imaging", "Clinical Cases")
    assert extra["area_of_interest"] == ["Lung", "Arteries / Aorta"]
    assert extra["imaging_technique"] == ["CT", "MR"]


CATEGORIES = "<b>Area of Interest</b> Lung, Thorax ; <b>Imaging Technique</b> CT, MR"


def test_categories_outside_of_the_block_are_found_by_their_line() -> None:
    extra = read_told(categories="", box=f"<p>Area of Interest</p><p>{CATEGORIES}</p>").extra
    assert extra["area_of_interest"] == ["Lung", "Thorax"]
    assert extra["imaging_technique"] == ["CT", "MR"]


def test_categories_of_the_block_go_before_those_of_a_line_elsewhere() -> None:
    extra = read_told(categories="Area of Interest Bones", box=f"<p>{CATEGORIES}</p>").extra
    assert extra["area_of_interest"] == ["Bones"]
    assert "imaging_technique" not in extra


def test_a_sentence_of_a_section_names_no_category() -> None:
    extra = read_told(categories="", discussion="<p>Area of Interest was the lung, at first.</p>")
    assert "area_of_interest" not in extra.extra


@pytest.mark.parametrize("style", ["2020", "2021"])
def test_headings_are_read_in_whatever_case_the_style_sheet_leaves_them(style: str) -> None:
    page = replica.page(replace(TOLD, style=style))
    for heading in ("Clinical History", "Imaging Findings", "Final Diagnosis"):
        page = page.replace(heading, heading.upper() + ":")
    case = read(page)
    assert case.history == "Invented cough."
    assert case.findings == "Invented opacities."
    assert case.discussion == "Background\nAn invented discussion."
    assert case.diagnosis == "Invented disease"


def test_a_differential_diagnosis_is_one_entry_whatever_its_words() -> None:
    entries = ("Invented <i>viral</i> pneumonia, first form", "Another disease", "")
    assert read_told(differential=entries).differential == (
        "Invented viral pneumonia, first form",
        "Another disease",
    )


def test_sections_without_rows_are_read_by_their_headings() -> None:
    page = replica.page(TOLD).replace("col-12 col-md-3", "q1").replace("col-12 col-md-9", "q2")
    case = read(page)
    assert (case.history, case.diagnosis) == ("Invented cough.", "Invented disease")
    assert case.differential == ("Invented disease",)
    assert "section: by headings alone" in case.markup


def test_a_section_that_is_not_there_is_named() -> None:
    case = read_told(history="", diagnosis="")
    assert case.warnings == ("no section clinical history, final diagnosis",)


# ---- numbers of figures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("links", "labels"),
    [
        (["1", "2", "3"], ["1", "2", "3"]),
        (["1a", "1b", "2"], ["1a", "1b", "2"]),
        (["Figure 1", "Figure 4a", "Fig. 4b"], ["1", "4a", "4b"]),
        (["1", "a", "b", "3"], ["1a", "1b", "3"]),
        (["1", "2A", "B"], ["1", "2a", "2b"]),
        (["‹", "1", "2", "3", "›"], ["1", "2", "3"]),
        (["2", "2", "2"], ["2", "2-2", "2-3"]),
    ],
)
def test_images_are_labelled_as_the_links_have_them(
    links: Sequence[str], labels: Sequence[str]
) -> None:
    items = "".join(item(f"figure_image/2018-08/0000018500/00000{n}.jpg") for n in range(3))
    case = read_gallery(replica.links(links) + items)
    assert labels_of(case) == labels
    assert case.warnings == ()


def test_letters_in_a_list_of_each_figure_belong_to_its_images() -> None:
    names = [f"figure_image/2018-08/0000018500/00000{n}.jpg" for n in range(1, 6)]
    two, three = names[:2], names[3:]
    gallery = (
        replica.links(["1", "2", "5"])
        + f"<div>{replica.links(['a', 'b'])}{''.join(map(item, two))}</div>"
        + f"<div>{item(names[2])}</div>"
        + f"<div>{''.join(map(item, three))}{replica.links(['a', 'b'])}</div>"
    )
    assert labels_of(read_gallery(gallery)) == ["1a", "1b", "2", "5a", "5b"]
    without_numbers = gallery.removeprefix(replica.links(["1", "2", "5"]))
    assert labels_of(read_gallery(without_numbers)) == ["1a", "1b", "2", "3a", "3b"]


@pytest.mark.parametrize("links", [[], ["1", "2"], ["a", "b"]])
def test_where_the_links_do_not_fit_the_names_of_files_tell_figure_and_part(
    links: Sequence[str],
) -> None:
    names = ("18544_1_1.jpg", "18544_3_1.png", "18544_3_2.jpg")
    items = "".join(item(f"figure_image/2024-03//{name}") for name in names)
    gallery = (replica.links(links) if links else "") + items
    assert labels_of(read_gallery(gallery)) == ["1", "3a", "3b"]


@pytest.mark.parametrize(
    ("numbers", "lists"),
    [(["1", "3", "4"], [["a", "b"]]), ([], [["a", "b"], ["a", "b"]]), ([], [["a", "b", "c"]])],
)
def test_lists_of_letters_that_do_not_fit_the_images_are_not_used(
    numbers: Sequence[str], lists: Sequence[Sequence[str]]
) -> None:
    names = ("18544_1_1.jpg", "18544_3_1.png", "18544_3_2.jpg")
    one, *two = (item(f"figure_image/2024-03//{name}") for name in names)
    letters = "".join(map(replica.links, lists))
    gallery = (
        replica.links(numbers) if numbers else ""
    ) + f"{one}<div>{letters}{''.join(two)}</div>"
    assert labels_of(read_gallery(gallery)) == ["1", "3a", "3b"]


def test_files_of_one_name_in_two_folders_number_nothing() -> None:
    items = item("figure_image/2024-03/18544_1_1.jpg") + item("figure_image/2024-04/18544_1_1.jpg")
    assert labels_of(read_gallery(items)) == ["1", "2"]


def test_figures_that_nothing_numbers_are_counted_with_a_warning() -> None:
    items = item("figure_image/2018-08/0000018500/a.jpg") + item("figure_image/2018-08/b.jpg")
    case = read_gallery(items)
    assert labels_of(case) == ["1", "2"]
    assert case.warnings == ("figures are counted: the page's numbers do not fit its images",)


# ---- addresses of images -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "figure_image/2018-08/0000018500/000001.jpg",
        "figure_image/2020-03/0018500/18500_1_1.jpeg",
        "figure_image/2020-03//18544_1_1.png",
        "figure_image/2025-01/FIGURE%207_small.jpg",
        "figure_video/2020-03/18500%20-%206.PNG",
    ],
)
def test_the_dialogs_copy_comes_first_then_the_gallerys(path: str) -> None:
    [image] = read_told(shots=[Shot(label="1", path=path)]).images
    assert (image.url, image.fallbacks) == (large(path), (small(path),))
    assert ("still_of_video" in image.extra) == path.startswith("figure_video")


def test_without_a_dialog_the_larger_style_is_tried_before_the_gallerys_copy() -> None:
    [image] = read_told(style="2021").images
    assert (image.url, image.fallbacks) == (swapped(PATH), (small(PATH),))


def test_the_dialogs_images_are_told_by_their_files_and_not_by_their_order() -> None:
    shots = [Shot(label=f"{n}", path=f"figure_image/2024-03//18544_{n}_1.jpg") for n in (1, 2, 3)]
    page = replica.page(replace(TOLD, shots=shots, style="2021"))
    case = read(page + replica.dialog([shots[2], shots[0]]))
    found = {image.label: image.url for image in case.images}
    assert found == {
        "1": large(shots[0].path),
        "2": swapped(shots[1].path),
        "3": large(shots[2].path),
    }


def test_a_double_slash_more_or_less_is_the_same_file() -> None:
    one = large(PATH).replace("03//", "03/")
    page = replica.page(TOLD).replace(large(PATH), one)
    [image] = read(page).images
    assert (image.url, image.fallbacks) == (one, (swapped(PATH), small(PATH)))


def test_a_dialog_with_the_original_is_the_same_file() -> None:
    original = f"{HOST}/sites/default/files/{PATH}"
    page = replica.page(replace(TOLD, style="2021"))
    [image] = read(f'{page}<img class="figure-modal-lazy" data-src="{original}">').images
    assert (image.url, image.fallbacks) == (original, (swapped(PATH), small(PATH)))


def test_a_page_that_loads_its_first_image_at_once_has_all_images() -> None:
    shots = [
        Shot(label=f"{n}", path=f"figure_image/2024-03//18544_{n}_1.jpg", eager=n == 1)
        for n in (1, 2, 3)
    ]
    assert labels_of(read_told(shots=shots)) == ["1", "2", "3"]


def test_what_stands_in_a_dialog_within_the_gallery_is_no_image_of_its_own() -> None:
    shots = [Shot(label=f"2{x}", path=f"figure_image/2018-08/{x}.jpg", caption=x) for x in "ab"]
    told = replace(TOLD, shots=shots)
    full = replica.dialog(shots).replace("<img ", '<img typeof="foaf:Image" ')
    within = full.replace("figure-modal-lazy", "q1")
    gallery = replica.links(["2a", "2b"]) + "".join(map(replica.item, shots))
    for body in (full, within):
        page = replica.page(replace(told, shots=()))
        case = read(f'{page}<div class="figure-gallery__items">{gallery}{body}</div>')
        assert {image.label: image.caption for image in case.images} == {"2a": "a", "2b": "b"}
        assert case.warnings == ()


@pytest.mark.parametrize("lazy", [True, False])
def test_a_copy_that_a_browser_saved_stays_at_hand(lazy: bool) -> None:  # noqa: FBT001 - a value
    copy = "saved:Case_files/18544_1_1.jpg"
    attributes = f'data-src="{small(PATH)}" src="{copy}"' if lazy else f'src="{copy}"'
    page = replica.page(TOLD).replace(f'data-src="{small(PATH)}"', attributes)
    [image] = read(page).images
    assert image.url == large(PATH)
    assert image.fallbacks == ((small(PATH), copy) if lazy else (copy,))


def test_a_placeholder_is_no_address_but_its_dialog_in_the_same_place_is() -> None:
    page = replica.page(TOLD).replace(f'data-src="{small(PATH)}"', f'src="{replica.PLACEHOLDER}"')
    [image] = read(page).images
    assert (image.url, image.fallbacks) == (large(PATH), ())


def test_a_placeholder_takes_nothing_from_a_dialog_in_another_order() -> None:
    shots = [Shot(label=f"{n}", path=f"figure_image/2024-03//18544_{n}_1.jpg") for n in (1, 2)]
    page = replica.page(replace(TOLD, shots=shots, style="2021"))
    page = page.replace(f'data-src="{small(shots[0].path)}"', "") + replica.dialog(shots[::-1])
    case = read(page)
    assert {image.label: image.url for image in case.images} == {"2": large(shots[1].path)}


def test_an_image_without_an_address_is_named_and_the_others_stay() -> None:
    shots = [Shot(label=f"{n}", path=f"figure_image/2024-03//18544_{n}_1.jpg") for n in (1, 2)]
    page = replica.page(replace(TOLD, shots=shots, style="2021"))
    case = read(page.replace(f'data-src="{small(shots[0].path)}"', ""))
    assert labels_of(case) == ["2"]
    assert case.warnings == ("figure 1 has no address in the page",)


def test_a_page_of_placeholders_alone_is_refused() -> None:
    page = replica.page(replace(TOLD, style="2021")).replace("data-src", "data-other")
    with pytest.raises(SourceError, match="all are placeholders"):
        read(page)


def test_a_gallery_that_is_not_known_leaves_the_dialogs_images() -> None:
    page = replica.page(TOLD).replace("figure-image-lazy", "q1")
    assert [image.url for image in read(page).images] == [large(PATH)]


# ---- captions ----------------------------------------------------------------------------------

OWNER = "Department of Radiology, Invented Hospital, Nowhere, 2020"
AT_END = "(c) \u00c9tablissement Inconnu, Nowhere, 2020"


@pytest.mark.parametrize(
    ("caption", "beside", "shown", "credit"),
    [
        ("PA view.", f"\u00a9 {OWNER}", "PA view.", f"\u00a9 {OWNER}"),
        ("PA view.", f"Origin: {OWNER}", "PA view.", f"Origin: {OWNER}"),
        (f"PA view. (c) {OWNER}", "", "PA view.", f"(c) {OWNER}"),
        (f"PA view. {AT_END}", "", "PA view.", AT_END),
        (AT_END, "", AT_END, ""),
        (f"Views: (a) PA, (b) lateral, {AT_END}", "", f"Views: (a) PA, (b) lateral, {AT_END}", ""),
        ("A shadow, (c) Lateral view, 2020", "", "A shadow, (c) Lateral view, 2020", ""),
        (f"PA view.<br>Origin: {OWNER}<br>Arrow: a shadow.", "", "PA view. Arrow: a shadow.",
         f"Origin: {OWNER}"),
        ("PA view.", "(c) Ada Example", "PA view.", "(c) Ada Example"),
        ("Views: (a) PA, (b) lateral, (c) oblique.", "", "Views: (a) PA, (b) lateral, (c) oblique.",
         ""),
        ("Origin of the left artery.", "1 of 3", "Origin of the left artery.", ""),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_a_credit_is_taken_off_the_caption(
    caption: str, beside: str, shown: str, credit: str
) -> None:
    [image] = read_told(shots=[replace(ONE, caption=caption, credit=beside)]).images
    assert image.caption == shown
    assert image.extra.get("credit", "") == credit


def beside(*words: str) -> str:
    """An image of the gallery with words after its label."""
    shown = "".join(f'<div class="x">{each}</div>' for each in words)
    return item(PATH, "Origin of the vessel.").removesuffix("</div>") + f"{shown}</div>"


def test_a_credit_beside_the_label_is_the_images() -> None:
    [image] = read_gallery(beside("Enlarge", f"Origin: {OWNER}", "1 of 3")).images
    assert image.caption == "Origin of the vessel."
    assert image.extra["credit"] == f"Origin: {OWNER}"


def test_a_credit_in_the_label_goes_before_one_beside_it() -> None:
    gallery = beside("\u00a9 Somebody else").replace("the vessel.", f"a vessel. Origin: {OWNER}")
    [image] = read_gallery(gallery).images
    assert image.extra["credit"] == f"Origin: {OWNER}"


def test_a_credit_beside_several_images_is_that_of_none() -> None:
    shown = f'<img typeof="foaf:Image" src="/18544_1_2.jpg"><div>Origin: {OWNER}</div>'
    case = read_gallery(beside(shown))
    assert [image.extra for image in case.images] == [{}, {}]


def test_the_licence_of_a_borrowed_image_is_not_that_of_the_case() -> None:
    case = read_gallery(beside("Origin: Other, CC BY-ND 4.0"))
    assert case.images[0].extra["credit"] == "Origin: Other, CC BY-ND 4.0"
    assert (case.licence.spdx, case.licence.evidence) == ("CC-BY-NC-SA-4.0", "source")


def captioned(*captions: str, labels: str = "abc") -> Case:
    return read_told(
        shots=[
            Shot(label=f"3{letter}", path=f"figure_image/2024-03//18544_3_{n}.png", caption=caption)
            for n, (letter, caption) in enumerate(zip(labels, captions, strict=False), start=1)
        ]
    )


def test_a_caption_that_is_repeated_for_all_letters_is_parted() -> None:
    caption = "a: PA projection. b: lateral projection."
    case = captioned(caption, caption)
    assert [image.caption for image in case.images] == ["PA projection.", "lateral projection."]
    assert [image.extra["figure_caption"] for image in case.images] == [caption, caption]
    assert [each.value for image in case.images for each in image.suggestions] == ["PA", "L"]


def test_captions_of_their_own_stay_whole() -> None:
    captions = ["Two arrows: (a) a shadow, (b) a vessel.", "Lateral view.", ""]
    case = captioned(*captions)
    assert [image.caption for image in case.images] == captions
    assert not any(image.extra for image in case.images)


def test_a_label_below_several_images_is_that_of_each() -> None:
    shown = '<div class="figure-gallery__item__label"><span class="mb-1 d-block">{}</span></div>'
    image = '<div class="figure-gallery__item"><img typeof="foaf:Image" src="/18544_{}.jpg"></div>'
    shared = f"<div>{image.format('1_1')}{image.format('1_2')}{shown.format('Two images.')}</div>"
    alone = f"<div>{image.format('2_1')}{shown.format('One image.')}</div>"
    case = read_gallery(f"<section>{shared}{alone}<div>{image.format('3_1')}</div></section>")
    assert {image.label: image.caption for image in case.images} == {
        "1a": "Two images.",
        "1b": "Two images.",
        "2": "One image.",
        "3": "",
    }
    assert case.warnings == ("some figures have no caption of their own",)


@pytest.mark.parametrize(
    ("caption", "reason"),
    [
        ("Axial T1 MRI of the chest.", "MRI"),
        ("Ultrasound of the pleura.", "Ultrasound"),
        ("CT and MRI side by side.", ""),
        ("Chest X-ray and photomicrograph.", ""),
        ("An arrow and a shadow.", ""),
        ("", ""),
    ],
)
def test_an_image_is_left_out_where_its_caption_names_one_other_kind_of_imaging(
    caption: str, reason: str
) -> None:
    case = read_told(shots=[replace(ONE, caption=caption), replace(ONE, label="2")])
    assert [each.reason for each in case.left_out] == ([reason] if reason else [])
    assert labels_of(case) == (["2"] if reason else ["1", "2"])


def test_the_list_of_imaging_techniques_says_nothing_of_an_image() -> None:
    case = read_told(shots=[replace(ONE, caption="A shadow."), replace(ONE, label="2")])
    assert case.extra["imaging_technique"] == ["CT"]
    assert [(image.modality, image.suggestions) for image in case.images] == [("", ())] * 2


@pytest.mark.parametrize(
    ("caption", "days"),
    [("(Day 1). AP view.", "1"), ("(At admission).", "0"), ("Five days later.", "5"),
     ("(4 hours later).", "0"), ("AP view.", "")],
)  # fmt: skip
def test_a_day_in_a_caption_is_a_suggestion(caption: str, days: str) -> None:
    [image] = read_told(shots=[replace(ONE, caption=caption)]).images
    found = [each for each in image.suggestions if each.column == "offset"]
    assert [each.value for each in found] == ([days] if days else [])
    assert all(each.where == "caption" and each.words in caption for each in found)


# ---- licence, DOI, credit ----------------------------------------------------------------------

LINK = '<a href="https://creativecommons.org/licenses/by/4.0/">Some rights reserved</a>'


@pytest.mark.parametrize(
    ("box", "published", "spdx", "evidence"),
    [
        (f"<p>{replica.STATED}</p>", "18.05.2003", "CC-BY-NC-SA-4.0", "page"),
        ("<p>Licence: CC BY-NC-SA 4.0.</p>", "18.05.2003", "CC-BY-NC-SA-4.0", "page"),
        (LINK, "04.03.2024", "CC-BY-4.0", "page"),
        ("<p>Creative Commons Attribution licence</p>", "04.03.2024", "", "page"),
        ("", "01.01.2015", "CC-BY-NC-SA-4.0", "source"),
        ("", "31.12.2014", "", ""),
        ("", "99.99.2020", "", ""),
    ],
)
def test_the_pages_own_licence_wins_and_none_is_taken_for_old_cases(
    box: str, published: str, spdx: str, evidence: str
) -> None:
    case = read_told(box=box, published=published)
    assert (case.licence.spdx, case.licence.evidence) == (spdx, evidence)
    assert bool(case.licence.words) == bool(evidence)
    assert warned(case, "no licence") == (not evidence)


def test_two_licences_are_none() -> None:
    case = read_told(box=f"{LINK}<p>{replica.STATED}</p>")
    assert (case.licence.spdx, case.licence.words) == ("", replica.STATED)
    assert warned(case, "more than one licence: CC-BY-4.0, CC-BY-NC-SA-4.0")


def test_licence_and_doi_of_a_cited_work_are_not_those_of_the_case() -> None:
    case = read_told(
        references=f"<p>[1] Other. doi: 10.35100/eurorad/case.{NUMBER} CC BY-ND 4.0 {LINK}</p>",
        discussion="<p>After Other (CC BY-ND 4.0).</p>",
        shots=[replace(ONE, caption="Drawing after Other, CC BY-ND 4.0.")],
    )
    assert (case.licence.spdx, case.licence.evidence) == ("CC-BY-NC-SA-4.0", "source")
    assert case.doi == ""


@pytest.mark.parametrize(
    ("box", "doi"),
    [
        (f"<p>DOI: 10.35100/eurorad/case.{NUMBER}.</p>", f"10.35100/eurorad/case.{NUMBER}"),
        (f"<p>See 10.35100/eurorad/case.1 and 10.35100/eurorad/case.{NUMBER}</p>",
         f"10.35100/eurorad/case.{NUMBER}"),
        ("<p>10.35100/eurorad/invented</p>", "10.35100/eurorad/invented"),
        ("<p>10.1000/eurorad/case.1</p>", ""),
    ],
)  # fmt: skip
def test_the_doi_of_the_case_is_found_anywhere_in_the_text(box: str, doi: str) -> None:
    case = read_told(box=box)
    assert case.doi == doi
    assert case.warnings == ()


def test_a_doi_of_another_case_is_a_warning() -> None:
    case = read_told(box="<p>10.35100/eurorad/case.1</p>")
    assert case.doi == ""
    assert warned(case, "no DOI of this case, but 10.35100/eurorad/case.1")


def test_the_credit_is_that_of_the_citation_box_where_there_is_one() -> None:
    assert read_told(box=replica.cited(NUMBER)).credit == (
        f"Ada Example, Ben Beispiel (2024). Invented shadow. Eurorad, case {NUMBER}. "
        f"DOI: 10.35100/eurorad/case.{NUMBER}"
    )
    assert read_told().credit == f"Ada Example, Ben Beispiel. Eurorad, case {NUMBER}"
    assert read_told(authors="").credit == f"Eurorad, case {NUMBER}"


def test_the_terms_say_what_is_known_and_ask_for_no_sentence() -> None:
    terms = SOURCE.terms
    assert (terms.search, terms.named, terms.saved, terms.credit) == (True, True, True, "")
    assert "bot check" in terms.search_reason
    assert terms.url == f"{HOST}/terms-and-conditions"
    assert (terms.licence.spdx, terms.licence.evidence) == ("CC-BY-NC-SA-4.0", "source")
    assert SOURCE.accepts(SOURCE.example)


# ---- search ------------------------------------------------------------------------------------


class Lists:
    """A site whose pages of results are given; the last one is given for ever."""

    hosts = replica.HOSTS

    def __init__(self, *pages: str) -> None:
        self.pages = pages

    def answer(self, host: str, path: str) -> Answer:  # noqa: ARG002 - the contract's
        number = int(path.rpartition("page=")[2])
        return html(self.pages[min(number, len(self.pages) - 1)])


def test_a_search_lists_each_case_once_nine_on_a_page() -> None:
    pages = search(SITE, "invented")
    assert [(page.number, page.pages, len(page.cases)) for page in pages] == [
        (1, 3, 9),
        (2, 3, 9),
        (3, 3, 3),
    ]
    found = [case for page in pages for case in page.cases]
    assert [case.url for case in found] == [f"{HOST}/case/{known.id}" for known in CASES.values()]
    assert [clean(case.title) for case in found] == [known.title for known in CASES.values()]
    assert [case.published for case in found] == [known.published for known in CASES.values()]
    assert [case.published for case in found] == sorted((c.published for c in found), reverse=True)


def test_a_search_asks_for_the_newest_first_and_counts_pages_from_0() -> None:
    http = Straight(SITE)
    assert SOURCE.search is not None
    pages = list(SOURCE.search(["covid 19", "a&b"], http))
    asked = f"{HOST}/advanced-search?search=covid+19+a%26b&sort_by=published_at&sort_order=DESC"
    assert http.asked == [(f"{asked}&page={n}", Kind.LISTING) for n in range(3)]
    assert [page.url for page in pages] == [url for url, _ in http.asked]


def test_a_search_without_a_hit_is_one_empty_page() -> None:
    [page] = search(SITE, "nothing")
    assert (page.cases, page.others, page.pages) == ((), 0, 1)


def test_links_without_cards_are_results_too() -> None:
    links = '<a href="/case/7"></a><a href="/case/7">Invented seven</a><a href="/case/8">#8</a>'
    [page] = search(Lists(f"<body>{links}<a href='/case/new'>Submit</a></body>"), "x")
    found = [(case.url, case.title) for case in page.cases]
    assert found == [(f"{HOST}/case/7", "Invented seven"), (f"{HOST}/case/8", "")]
    assert (page.others, page.pages) == (1, 1)


def test_a_card_without_a_case_is_counted_and_one_without_a_link_goes_by_its_number() -> None:
    cards = [
        replica.card("7", "Invented seven", "01.02.2020"),
        replica.card("8", "Invented eight", "").replace('href="/case/8"', 'href="#"'),
        replica.card("", "News", "").replace("/case/", "/news"),
    ]
    [page] = search(Lists(replica.results(cards, 0, 0)), "x")
    assert [case.url for case in page.cases] == [f"{HOST}/case/7", f"{HOST}/case/8"]
    assert page.others == 1


def test_an_empty_list_that_does_not_say_so_is_not_known() -> None:
    menu = '<nav><a href="/case/1">Case of the month</a></nav>'
    for body in (f"<body>{menu}</body>", f"<footer>{menu}</footer>", replica.VERIFYING, ""):
        with pytest.raises(SourceError, match='or the words "No case found"'):
            search(Lists(body), "x")


def test_a_search_never_goes_in_a_circle() -> None:
    one = replica.results([replica.card("7", "Invented seven", "")], 0, 5)
    with pytest.raises(SourceError, match="a case that no earlier page of results has"):
        search(Lists(one), "x")
    other = replica.results([replica.card("8", "Invented eight", "")], 1, 5)
    with pytest.raises(SourceError, match="a case that no earlier page of results has"):
        search(Lists(one, other, one), "x")


# ---- many --------------------------------------------------------------------------------------


def test_a_site_of_many_cases_lists_and_shows_them_all() -> None:
    site = many(20)
    pages = search(site, "invented")
    found = [case.url for page in pages for case in page.cases]
    assert found == [f"{HOST}/case/{30000 + n}" for n in range(1, 21)]
    http = Straight(site)
    [case] = SOURCE.cases(found[11], http)
    assert len(http.asked) == 1
    assert labels_of(case) == ["1a", "1b"]
    assert [http.get(image.url).body for image in case.images] == [picture(23), picture(24)]
    assert site.answer("www.eurorad.org", "/case/30021") is None


# ---- hostile pages -----------------------------------------------------------------------------


@given(st.binary(max_size=300) | st.text(alphabet=st.characters(), max_size=300).map(
    lambda text: text.encode("utf-8", "surrogatepass")
))  # fmt: skip
def test_a_page_of_anything_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError):
        read(body)


text = st.text(
    alphabet=st.sampled_from("a1(),;:. ©\N{NO-BREAK SPACE}\ue000\x01cC<>&\"'"), max_size=60
)


@given(title=text, patient=text, authors=text, caption=text, label=text, box=text)
def test_fields_of_any_text_make_a_case_or_are_refused(
    title: str, patient: str, authors: str, caption: str, label: str, box: str
) -> None:
    told = replace(
        TOLD,
        title=f"x{title}",
        patient=patient,
        authors=authors,
        box=box,
        shots=[replace(ONE, label=label, caption=caption), ONE],
    )
    try:
        case = read(replica.page(told))
    except SourceError:
        # A broken tag may swallow the gallery.
        return
    assert len(set(labels_of(case))) == len(case.images)
    assert all(image.url.startswith("https://www.eurorad.org/") for image in case.images)


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 10_000,
        "(c) a, b: " * 10_000,
        "CC BY-NC " * 10_000,
        "Creative Commons " * 6_000,
        "10.35100/eurorad/" * 6_000,
        "Published on " * 8_000,
        '<div class="row"><div class="col-12 col-md-3">' * 1_000,
        '<img typeof="foaf:Image" src="/a.png">' * 2_000,
        '<p class="color-grey">1 year, 2 years' + ", 1 year" * 10_000,
        replica.links(["a"] * 800) + replica.links(["1"]) * 400,
    ],
    ids=lambda text: text[:24],
)
def test_a_page_of_a_hundred_thousand_letters_is_read(hostile: str) -> None:
    page = replica.page(replace(TOLD, box=hostile, history=hostile))
    assert read(page).title == TOLD.title


# ---- real excerpts -----------------------------------------------------------------------------


def real_cases() -> list[Any]:
    if not REAL.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="the real excerpts are not here"))]
    cases = json.loads(REAL.read_text(encoding="utf-8"))
    return [pytest.param(case, id=key) for key, case in cases.items() if key.isdigit()]


@pytest.mark.parametrize("style", ["2020", "2021"])
@pytest.mark.parametrize("real", real_cases())
def test_addresses_and_captions_of_real_figures_come_back(real: Any, style: str) -> None:
    parts = [part for figure in real["figures"] for part in figure["subfigures"]]
    shown = "".join(
        item(PATH, part["caption"]).replace(small(PATH), part["url"].replace("&", "&amp;"))
        for part in parts
    )
    numbers = [part["number"].removeprefix("Figure ") for part in parts]
    title = real.get("title", "Invented title")
    told = replace(
        TOLD,
        style=style,
        title=title,
        published=real["time"],
        patient=f"{real['age']} years, {real['gender']}",
        shots=(),
    )
    case = read(replica.page(told) + replica.links(numbers) + shown)
    assert labels_of(case) == numbers
    assert [image.fallbacks[-1] for image in case.images] == [part["url"] for part in parts]
    assert [image.url for image in case.images] == [
        part["url"].replace("_teaser_large", "") for part in parts
    ]
    whole = [image.extra.get("figure_caption", image.caption) for image in case.images]
    assert whole == [clean(part["caption"]) for part in parts]
    day, month, year = real["time"].split(".")
    assert (case.title, case.published) == (title, f"{year}-{month}-{day}")
    assert (case.age, case.sex) == (real["age"], real["gender"][0].upper())
