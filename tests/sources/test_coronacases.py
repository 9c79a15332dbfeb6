"""Coronacases: the forum in three generations of Odoo, saved files, which series is which."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pages import Pages

from covidxr.errors import GoneError, SourceError, UnreachableError
from covidxr.plugins import discover
from covidxr.replica import coronacases as replica
from covidxr.replica.coronacases import (
    CASES,
    FILES,
    FORUM,
    SITE,
    Known,
    entry_2014,
    entry_2019,
    listed,
    post_2014,
    post_2019,
    post_2022,
    volume,
)
from covidxr.replica.pictures import slice_of_ct
from covidxr.sources.coronacases import KNOWN_NAMES, KNOWN_SERIES
from covidxr.sourcing import Kind, Page, SavedFile, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from covidxr.cases import Case
    from covidxr.errors import CovidxrError
    from covidxr.sourcing import ResultPage

SOURCE = discover("covidxr.sources", Source)["coronacases"]
CASE = f"{FORUM}/question/case-004-41-year-old-male-21"
NEW = f"{FORUM}/question/case-011-6-month-old-male-77"
TEXT = "<p>Invented opacities.</p>"
POSTS = [post_2014, post_2019, post_2022]
LINK = f'<a href="{FILES}/case011/x.nii.gz">volume</a>'


class Straight:
    """An `Http` that asks the replica without a server between."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Kind]] = []

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        self.asked.append((url, kind))
        parts = urlsplit(url)
        answer = SITE.answer(parts.netloc, parts.path)
        if answer is None:
            raise GoneError(f"{url} is not there (404)", url)
        return Page(url=url, body=answer.body, content_type=answer.content_type)

    def known(self, prefix: str) -> tuple[str, ...]:  # noqa: ARG002 - the contract's
        return ()


def read(
    body: str = TEXT,
    *,
    url: str = CASE,
    title: str = "Case 004 - 41 year old male",
    post: Callable[[str, str], str] = post_2019,
    files: Sequence[str] = (),
) -> Case:
    pages: dict[str, bytes | str | CovidxrError] = {url: post(title, body)}
    saved = dict.fromkeys(files, b"")
    [case] = SOURCE.cases(url, Pages({**pages, **saved}, saved=bool(files)))
    return case


def read_files(*names: str, number: int = 1) -> Case:
    """Read a case of which only files were saved."""
    urls = [f"{FILES}/case{number:03}/{name}" for name in names]
    [case] = SOURCE.cases(urls[0], Pages(dict.fromkeys(urls, b""), saved=True))
    return case


def search(
    pages: Mapping[str, bytes | str | CovidxrError], *words: str
) -> tuple[list[ResultPage], list[str]]:
    assert SOURCE.search is not None
    http = Pages(pages)
    found = list(SOURCE.search(words, http))
    return found, [url for url, _ in http.asked]


# ---- whole cases -------------------------------------------------------------------------------


@pytest.mark.parametrize("known", CASES.values(), ids=[each.id for each in CASES.values()])
def test_a_case_of_each_generation_is_read_whole(known: Known) -> None:
    http = Straight()
    [case] = SOURCE.cases(known.address, http)
    assert (case.id, case.url, case.title) == (known.id, known.url, known.title)
    assert (case.age, case.sex, case.findings) == (known.age, known.sex, known.findings)
    assert tuple(image.label for image in case.images) == known.labels
    assert case.images[0].parts[:2] == known.parts
    assert tuple(each.label for each in case.left_out) == known.left_out
    assert case.markup
    assert http.asked == [(known.address, Kind.PAGE)]


def test_a_volume_is_a_ct_without_a_view_and_no_image_of_the_table_of_images() -> None:
    for case in (read(), read(LINK, url=NEW)):
        [image] = case.images
        assert (image.folder, image.modality, image.view) == ("volumes", "CT", "")
        assert bool(image.url) != bool(image.parts)


@pytest.mark.parametrize("post", POSTS)
def test_answers_and_comments_are_never_read(post: Callable[[str, str], str]) -> None:
    case = read(post=post)
    assert case.findings == "Invented opacities."
    assert len(case.images[0].parts) == 301


def test_the_files_of_the_replica_are_there_but_not_all_that_are_known() -> None:
    http = Straight()
    for known in CASES.values():
        [case] = SOURCE.cases(known.address, http)
        folder = f"{FILES}/{known.id.replace('-', '')}/"
        wanted = {*case.images[0].parts, case.images[0].url}
        for name in known.served:
            assert f"{folder}{name}" in wanted
            assert http.get(f"{folder}{name}", kind=Kind.VOLUME).body


# ---- what is known of the ten cases ------------------------------------------------------------


def test_the_example_is_the_address_of_the_first_case() -> None:
    assert SOURCE.example == f"{FORUM}/question/case-001-61-year-old-female-24"


def test_there_are_ten_cases_whose_forum_numbers_fall() -> None:
    assert list(KNOWN_NAMES) == list(KNOWN_SERIES) == list(range(1, 11))
    assert [int(name.rpartition("-")[2]) for name in KNOWN_NAMES.values()] == list(
        range(24, 14, -1)
    )
    assert all(SOURCE.accepts(f"{FORUM}/question/{name}") for name in KNOWN_NAMES.values())


@pytest.mark.parametrize("number", range(1, 11))
def test_no_file_of_a_case_is_of_two_planes(number: int) -> None:
    names = [name for series in KNOWN_SERIES[number].values() for name in series.names()]
    assert len(names) == len(set(names))
    assert set(KNOWN_SERIES[number]) == {"axial", "coronal", "sagittal"}


@pytest.mark.parametrize(
    ("number", "first", "last", "count"),
    [
        (1, "coronacases_001_001.dcm", "coronacases_001_301.dcm", 301),
        (2, "coronacases_002_001.dcm", "coronacases_002_200.dcm", 200),
        (3, "ser203img00001.dcm", "ser203img00200.dcm", 200),
        (10, "ser204img00001.dcm", "ser204img00301.dcm", 301),
    ],
)
def test_a_case_that_is_not_saved_has_the_known_axial_series(
    number: int, first: str, last: str, count: int
) -> None:
    url = f"{FORUM}/question/{KNOWN_NAMES[number]}"
    [image] = read(url=url, title=f"Case {number:03}").images
    folder = f"{FILES}/case{number:03}/"
    assert (image.label, image.url, len(image.parts)) == ("axial", "", count)
    assert (image.parts[0], image.parts[-1]) == (folder + first, folder + last)


def test_reformats_are_left_out_each_plane_once() -> None:
    case = read()
    assert [(each.label, each.url, each.reason) for each in case.left_out] == [
        (
            "coronal",
            f"{FILES}/case004/IM-0002-0001.dcm",
            "reformatted from the axial series",
        ),
        (
            "sagittal",
            f"{FILES}/case004/IM-0001-0317.dcm",
            "reformatted from the axial series",
        ),
    ]


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        CASE,
        CASE.replace("/question/", "/"),
        f"{CASE}?sorting=date#answer-4",
        f"{CASE}/",
        CASE.replace("coronacases.org/forum", "www.coronacases.org/pt_BR/forum", 1),
        "http://coronacases.org/forum/other-2/question/case-11-99",
        f"{FILES}/case001/",
        f"{FILES}/case010",
        f"{FILES}/case001/coronacases_001_002.dcm",
        f"{FILES}/case003/sub%20folder/a.dcm",
    ],
)
def test_an_address_of_a_case_is_accepted_in_each_form(url: str) -> None:
    assert SOURCE.accepts(url)


@pytest.mark.parametrize(
    "url",
    [
        FORUM,
        replica.OTHER,
        f"{FORUM}/tag/case-001-3/questions",
        f"{FORUM}/user/7",
        f"{FILES}/case011/a.dcm",
        f"{FILES}/case0011/a.dcm",
        f"{FILES}/",
        "https://coronacases.org/#/case/1",
        "https://coronacases.org.example.org/forum/x-1/question/case-001-24",
    ],
)
def test_other_addresses_are_not_accepted(url: str) -> None:
    assert not SOURCE.accepts(url)


def test_both_forms_of_an_address_are_one_case() -> None:
    new = CASE.replace("/question/", "/")
    cases = [read(url=CASE), read(url=f"{new}?sorting=date"), read(url=f"{CASE}/")]
    assert {case.url for case in cases} == {CASE}
    assert [case.also_at for case in cases] == [(), (new,), ()]
    assert {case.extra["post"] for case in cases} == {21}


# ---- the patient -------------------------------------------------------------------------------


def test_age_and_sex_are_those_of_the_address_with_its_words() -> None:
    case = read()
    assert (case.age, case.age_words) == ("41", "41-year-old")
    assert (case.sex, case.sex_words) == ("M", "male")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Case 004 - 41 year old male", []),
        ("CASE 4: 41-year-old male", []),
        (
            "Case 004 - 44 y female",
            [
                "age: the address says '41-year-old', the title '44 y'; the address is taken",
                "sex: the address says 'male', the title 'female'; the address is taken",
            ],
        ),
    ],
)
def test_a_title_at_odds_with_the_address_is_told_and_the_address_is_taken(
    title: str, told: list[str]
) -> None:
    case = read(title=title)
    assert (case.age, case.sex, case.title) == ("41", "M", title)
    assert [each for each in case.warnings if "the address" in each] == told


def test_the_title_is_read_where_the_address_says_nothing() -> None:
    case = read(LINK, url=f"{FORUM}/question/case-011-77", title="Case 011 - 6 month old girl")
    assert (case.age, case.age_words, case.sex) == ("0.5", "6 month old", "F")


def test_neither_is_guessed() -> None:
    case = read(LINK, url=f"{FORUM}/question/case-011-77", title="Case 011")
    assert (case.age, case.sex, case.age_words, case.sex_words) == ("", "", "", "")


# ---- licence -----------------------------------------------------------------------------------


def test_what_others_said_of_the_licence_is_no_licence_and_a_curator_is_told() -> None:
    case = read()
    assert (case.licence.spdx, case.licence.evidence) == ("", "")
    assert "Apache 2.0, as said by a collection" in case.licence.words
    assert [each for each in case.warnings if "no licence was seen" in each]
    assert case.credit.startswith("Credit to Omir Antunes Paiva")


@pytest.mark.parametrize(
    ("link", "spdx"),
    [
        ('<a rel="license" href="https://www.apache.org/licenses/LICENSE-2.0">x</a>', "Apache-2.0"),
        (
            '<footer><a href="https://creativecommons.org/licenses/by/4.0/">x</a></footer>',
            "CC-BY-4.0",
        ),
    ],
)
def test_a_licence_that_the_page_states_is_taken(link: str, spdx: str) -> None:
    def post(title: str, body: str) -> str:
        return post_2019(title, body).replace("</body>", f"{link}</body>")

    case = read(post=post)
    assert (case.licence.spdx, case.licence.evidence) == (spdx, "page")
    assert case.licence.url in link
    assert not [each for each in case.warnings if "licence" in each]


def test_a_licence_that_is_none_is_none() -> None:
    def post(title: str, body: str) -> str:
        return post_2019(title, body + '<a rel="license" href="/terms">x</a>')

    assert read(post=post).licence.spdx == ""


# ---- pages that are no case --------------------------------------------------------------------


def test_a_withdrawn_case_is_gone() -> None:
    with pytest.raises(GoneError):
        list(SOURCE.cases(replica.WITHDRAWN, Straight()))


def test_a_host_that_does_not_answer_is_told_as_it_is() -> None:
    problem = UnreachableError("there is no host coronacases.org", CASE)
    with pytest.raises(UnreachableError) as raised:
        list(SOURCE.cases(CASE, Pages({CASE: problem})))
    assert raised.value is problem


@pytest.mark.parametrize(
    ("whole", "missing"),
    [
        ("<html><body><p>…</p></body></html>", "a title"),
        ("<h1>Case 004</h1><p>…</p>", "the first post"),
        ("<meta property='og:title' content='Case 004'><p>…</p>", "the first post"),
    ],
)
def test_a_page_of_unknown_markup_says_what_was_looked_for(whole: str, missing: str) -> None:
    with pytest.raises(SourceError) as raised:
        list(SOURCE.cases(CASE, Pages({CASE: whole})))
    assert raised.value.missing.startswith(missing)
    with pytest.raises(SourceError):
        list(SOURCE.cases(replica.UNKNOWN, Straight()))


def test_a_case_that_leads_to_another_is_never_taken_for_it() -> None:
    class Moved(Pages):
        def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
            return Page(url=FORUM, body=super().get(url, kind=kind).body)

    with pytest.raises(SourceError, match="case 4: it leads to"):
        list(SOURCE.cases(CASE, Moved({CASE: post_2019("Case 004", TEXT)})))


def test_an_address_of_no_case_is_not_even_asked_for() -> None:
    http = Pages({})
    with pytest.raises(SourceError, match="an address such as"):
        list(SOURCE.cases(replica.OTHER, http))
    assert http.asked == []


# ---- links and viewers -------------------------------------------------------------------------


def test_a_linked_volume_is_taken_in_place_of_the_known_names() -> None:
    case = read(
        f'<a href="{FILES}/case004/a.nii">one</a><a href="{FILES}/case004/b.nii.gz">two</a>'
    )
    assert [(each.label, each.url) for each in case.images] == [
        ("volume-1", f"{FILES}/case004/a.nii"),
        ("volume-2", f"{FILES}/case004/b.nii.gz"),
    ]
    assert case.left_out == ()


def test_linked_slices_are_one_series_without_the_reformats() -> None:
    names = ("ser204img00002", "ser204img00003", "IM-0002-0001", "ser204img00002")
    case = read("".join(f'<a href="{FILES}/case004/{name}.dcm">x</a>' for name in names))
    [image] = case.images
    assert [part.rpartition("/")[2] for part in image.parts] == [
        "ser204img00002.dcm",
        "ser204img00003.dcm",
    ]
    assert [each.label for each in case.left_out] == ["coronal"]


def test_an_archive_and_a_file_elsewhere_are_left_out_and_the_known_series_taken() -> None:
    case = read(
        f"""<a href="{FILES}/case004/all.zip">all</a>
<a href="https://drive.example.org/volume.nii.gz">mirror</a>"""
    )
    assert [image.label for image in case.images] == ["axial"]
    assert [(each.label, each.reason) for each in case.left_out] == [
        ("all.zip", "an archive: unpack it and read the folder with --from"),
        ("volume.nii.gz", "it stands on another host"),
        ("coronal", "reformatted from the axial series"),
        ("sagittal", "reformatted from the axial series"),
    ]


def test_viewers_are_told_and_stand_in_for_images_only_where_there_are_none() -> None:
    frame = f'<iframe src="{replica.VIEWER}"></iframe>'
    known, unknown = read(TEXT + frame), read(TEXT + frame, url=NEW)
    assert known.extra["viewers"] == unknown.extra["viewers"] == [replica.VIEWER]
    assert not [each for each in known.left_out if each.label == "viewer"]
    assert unknown.images == ()
    assert [(each.label, each.url) for each in unknown.left_out] == [("viewer", replica.VIEWER)]


def test_a_case_beyond_the_ten_without_a_file_is_no_case() -> None:
    with pytest.raises(SourceError, match=r"a link to \.dcm"):
        read(url=NEW)


def test_a_post_without_text_is_told() -> None:
    assert "the post has no text" in read("").warnings
    assert "the post has no text" not in read().warnings


# ---- saved files -------------------------------------------------------------------------------

DICOM = slice_of_ct(1, 1)[:4096]
NIFTI = volume(1)


@pytest.mark.parametrize(
    ("name", "head", "address"),
    [
        ("case001/x.dcm", DICOM, "case001/x.dcm"),
        ("data/Case_03/ser203img00001", DICOM, "case003/ser203img00001"),
        ("coronacases_001_002.dcm", DICOM, "case001/coronacases_001_002.dcm"),
        ("coronacases_org_010.nii.gz", NIFTI, "case010/coronacases_org_010.nii.gz"),
        ("vol/coronacases_001.nii", b"\x5c\x01\0\0", "case001/coronacases_001.nii"),
        ("case002/axial/a b.dcm", DICOM, "case002/axial/a%20b.dcm"),
        ("case002/coronal/1.dcm", DICOM, "case002/coronal/1.dcm"),
        ("case002/\udce8.dcm", DICOM, "case002/%E8.dcm"),
        ("static.raioss.com/coronacases/case007/i.dcm", DICOM, "case007/i.dcm"),
    ],
)
def test_a_saved_file_is_that_of_the_case_that_its_path_names(
    name: str, head: bytes, address: str
) -> None:
    found = SOURCE.recognise(SavedFile(name=name, head=head))
    assert found == f"{FILES}/{address}"
    assert SOURCE.accepts(found)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("case001/readme.txt", b"notes"),
        ("case001/x.dcm", b"not DICOM" * 40),
        ("case001/x.nii.gz", b"<html>"),
        ("case001/x.nii", b"\x1f\x8b"),
        ("x.dcm", DICOM),
        ("case011/x.dcm", DICOM),
        ("case0011/x.dcm", DICOM),
        ("showcase1/x.dcm", DICOM),
        ("Lung_Mask/coronacases_001.nii.gz", NIFTI),
        ("infection/coronacases_001.nii.gz", NIFTI),
        ("", b""),
    ],
)
def test_other_files_are_of_no_case(name: str, head: bytes) -> None:
    assert SOURCE.recognise(SavedFile(name=name, head=head)) == ""


def test_a_saved_page_is_a_case_by_its_own_address_alone() -> None:
    assert SOURCE.recognise(SavedFile(name="a.html", head=b"", url=CASE)) == CASE
    assert SOURCE.recognise(SavedFile(name="case001/a.html", head=b"", url=FORUM)) == ""


@pytest.mark.parametrize("number", range(1, 11))
def test_a_folder_of_saved_files_is_a_case_with_what_its_address_says(number: int) -> None:
    case = read_files("a.dcm", number=number)
    page = read(url=f"{FORUM}/question/{KNOWN_NAMES[number]}", title=f"Case {number:03}")
    assert (case.id, case.url, case.age, case.sex) == (page.id, page.url, page.age, page.sex)
    assert case.age
    assert case.title.startswith(f"Case {number:03} ")
    assert case.also_at == (f"{FILES}/case{number:03}/",)
    assert [each for each in case.warnings if "the post was not read" in each]


def test_saved_slices_are_taken_as_they_are_in_their_order() -> None:
    names = [f"coronacases_001_{n:03}.dcm" for n in (2, 3, 300)]
    case = read_files(*names, "coronacases_001_302.dcm", "398.dcm", "coronacases_001_454.dcm")
    [image] = case.images
    assert [part.rpartition("/")[2] for part in image.parts] == names
    assert [each.label for each in case.left_out] == ["sagittal", "coronal"]
    assert not [each for each in case.warnings if "saved files" in each]


def test_saved_slices_of_other_names_are_taken_and_told() -> None:
    case = read_files("a.dcm", "b.dcm", "coronacases_001_350.dcm", "sagittal/c.dcm")
    assert len(case.images[0].parts) == 3
    assert [each.label for each in case.left_out] == ["sagittal"]
    assert [each for each in case.warnings if each.startswith("3 saved files")]


def test_a_saved_volume_stands_beside_saved_slices() -> None:
    case = read_files("coronacases_org_001.nii.gz", "coronacases_001_001.dcm")
    assert [(each.label, bool(each.url), len(each.parts)) for each in case.images] == [
        ("volume", True, 0),
        ("axial", False, 1),
    ]


def test_a_saved_page_takes_the_saved_slices_before_links_and_known_names() -> None:
    files = [f"{FILES}/case004/ser204img{n:05}.dcm" for n in (2, 3)]
    case = read(LINK, files=files)
    assert [image.parts for image in case.images] == [tuple(files)]


# ---- the forum's list --------------------------------------------------------------------------


def test_the_list_is_walked_to_its_end_and_other_posts_are_counted() -> None:
    assert SOURCE.search is not None
    http = Straight()
    found = list(SOURCE.search((), http))
    assert [each.url for page in found for each in page.cases] == list(CASES)
    assert [each.title for page in found for each in page.cases] == [
        each.title for each in CASES.values()
    ]
    assert [(page.number, page.others, page.pages) for page in found] == [(1, 1, 2), (2, 0, 2)]
    assert http.asked == [(FORUM, Kind.LISTING), (f"{FORUM}/page/2", Kind.LISTING)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("female",), ["001", "009"]),
        (("case 8",), ["008"]),
        (("8",), ["008"]),
        (("CASE", "009"), ["009"]),
        (("1",), ["001"]),
        (("join",), []),
    ],
)
def test_words_are_looked_for_in_titles_and_a_number_is_a_cases(
    words: tuple[str, ...], expected: list[str]
) -> None:
    assert SOURCE.search is not None
    found = list(SOURCE.search(words, Straight()))
    titles = [each.title for page in found for each in page.cases]
    assert [title.split()[1] for title in titles] == expected


@pytest.mark.parametrize("entry", [entry_2014, entry_2019])
def test_a_list_without_a_pager_is_one_page(entry: Callable[[str, str], str]) -> None:
    found, asked = search({FORUM: listed(entry("Case 004", CASE))})
    assert [each.url for each in found[0].cases] == [CASE]
    assert found[0].pages is None
    assert asked == [FORUM]


def test_a_list_of_unknown_markup_is_read_by_the_form_of_its_addresses() -> None:
    path = urlsplit(CASE.replace("/question/", "/")).path
    body = f"""<a href="{urlsplit(FORUM).path}">Forum</a> <a href="{FORUM}/tag/ct-3">CT</a>
<a href="{path}">Case 004</a> <a href="{path}#answer-3">2 answers</a>
<a href="{replica.OTHER}">?</a>"""
    found, _ = search({FORUM: f"<html><body>{body}</body></html>"})
    assert [(each.url, each.title) for each in found[0].cases] == [
        (CASE.replace("/question/", "/"), "Case 004")
    ]
    assert found[0].others == 1


def test_a_list_without_posts_is_unknown_markup() -> None:
    with pytest.raises(SourceError, match="posts of the forum"):
        search({FORUM: "<html><body>nothing</body></html>"})


def test_a_list_that_gives_one_page_for_ever_is_left() -> None:
    one = listed(entry_2019("Case 004", CASE), pages=9)
    with pytest.raises(SourceError, match="no earlier page"):
        search({FORUM: one, f"{FORUM}/page/2": one})


# ---- hostile pages -----------------------------------------------------------------------------


@given(st.text(), st.sampled_from(POSTS))
def test_any_text_is_read_without_failing(text: str, post: Callable[[str, str], str]) -> None:
    case = read(f"<p>{escape(text)}</p>", post=post, title=f"Case 004 {escape(text)}")
    assert case.id == "case-004"
    assert len(case.images) == 1


@given(st.lists(st.sampled_from([
    "<a href='[::'>", "<a href='x.dcm'>", "<a href='.zip'>", "<iframe src='http://[::'>",
    "<iframe>", "</a>",
    "<div class='question'>", "</div>", "<article class='question'>", "<h1>", "\x00",
    "<form>", "<div class='box'>", f"<a href='{FILES}/case004/%ff.nii'>",
])), st.sampled_from(POSTS))  # fmt: skip
def test_any_markup_is_a_case_or_said_to_be_none(
    parts: list[str], post: Callable[[str, str], str]
) -> None:
    try:
        case = read("".join(parts), post=post)
    except SourceError:
        return
    assert len({each.label for each in case.images}) == len(case.images)


@given(st.text(), st.binary(max_size=200))
def test_any_saved_file_is_recognised_or_not_without_failing(name: str, head: bytes) -> None:
    found = SOURCE.recognise(SavedFile(name=name, head=head))
    assert not found or SOURCE.accepts(found)


@given(st.text())
def test_any_name_of_a_dicom_file_gives_no_address_or_one_that_is_accepted(name: str) -> None:
    found = SOURCE.recognise(SavedFile(name=f"case001/{name}", head=DICOM))
    assert SOURCE.accepts(found)


def test_texts_names_and_addresses_as_long_as_a_book_are_read() -> None:
    read(f"<p>{'case 001 ' * 12_000}</p>", title="Case 004 " + "- " * 50_000)
    SOURCE.recognise(SavedFile(name="case" * 25_000, head=DICOM))
    SOURCE.recognise(SavedFile(name="a/" * 50_000, head=DICOM))
    assert not SOURCE.accepts(f"{FORUM}/question/case-001{'-1a' * 33_000}")
    assert not SOURCE.accepts(f"{FORUM}/question/case-001{'-' * 100_000}")
    assert not SOURCE.accepts(f"{FILES}/case001/{'/' * 100_000} ")
    read(f'<a href="{FILES}/case004/{"a-" * 50_000}.nii">x</a>')
