"""Where figures stand on pages: pictures and captions that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pdfwords import row, rows

from covidxr.pdfregions import ImageBox, Page, Regions, find_regions, is_scanned

if TYPE_CHECKING:
    from covidxr.pdfwords import Box, Word

TEXT = [
    "The patient was treated there for a week",
    "without any complication and was sent home",
    "where she was called every second day",
]


def text(left: float = 60, top: float = 500, count: int = 12) -> list[Word]:
    return rows([TEXT[n % 3] for n in range(count)], left, top)


def caption(
    number: int | str = 1, left: float = 60, top: float = 310, rest: str = ""
) -> list[Word]:
    words = rest or "Chest radiograph of the patient on the day of admission"
    return row(f"Figure {number}. {words}", left, top, font="Sans", size=8)


def page(*images: Box, words: list[Word], number: int = 2) -> Page:
    return Page(
        number=number,
        box=(0, 0, 600, 800),
        words=(*words, *text(top=620)),
        images=tuple(
            ImageBox(box=box, width=300, height=300, name=name) for name, box in enumerate(images)
        ),
    )


def placed(*pages: Page) -> list[tuple[str, int, Box]]:
    regions = find_regions(pages)
    return [(each.caption.number, each.page, each.box) for each in regions.found]


ONE = (60.0, 100.0, 260.0, 300.0)


def test_a_picture_above_its_caption_is_a_figure() -> None:
    assert placed(page(ONE, words=caption())) == [("1", 2, ONE)]


def test_two_figures_on_a_page_keep_their_captions() -> None:
    low = (60.0, 340.0, 260.0, 500.0)
    words = caption(1) + caption(2, top=510)
    assert placed(page(ONE, low, words=words)) == [("1", 2, ONE), ("2", 2, low)]


def test_captions_above_their_figures_are_understood_when_more_fit_so() -> None:
    low = (60.0, 340.0, 260.0, 500.0)
    words = caption(1, top=88) + caption(2, top=326)
    assert placed(page(ONE, low, words=words)) == [("1", 2, ONE), ("2", 2, low)]


def test_figures_in_two_columns_keep_their_captions() -> None:
    right = (310.0, 100.0, 510.0, 300.0)
    words = caption(1, rest="Lungs before it all") + caption(2, left=310, rest="Lungs after it")
    assert placed(page(ONE, right, words=words)) == [("1", 2, ONE), ("2", 2, right)]


def test_tiles_that_touch_are_one_picture() -> None:
    tiles = [(60.0, 100.0 + 5 * n, 260.0, 104.5 + 5 * n) for n in range(40)]
    assert placed(page(*tiles, words=caption())) == [("1", 2, (60, 100, 260, 299.5))]


def test_panels_side_by_side_under_one_caption_are_one_figure() -> None:
    panels = [
        (60.0, 100.0, 160.0, 290.0),
        (175.0, 100.0, 275.0, 290.0),
        (290.0, 100.0, 390.0, 290.0),
    ]
    (region,) = find_regions([page(*panels, words=caption(rest="Lungs of three men"))]).found
    assert region.box == (60.0, 100.0, 390.0, 290.0)
    assert sorted(image.name for image in region.images) == [0, 1, 2]


def test_panels_one_below_the_other_are_one_figure() -> None:
    panels = [(60.0, 100.0, 260.0, 190.0), (60.0, 205.0, 260.0, 300.0)]
    assert placed(page(*panels, words=caption())) == [("1", 2, ONE)]


def test_letters_under_panels_belong_to_the_figure() -> None:
    letters = row("(a)", 150, 302) + row("(b)", 350, 302)
    panels = (ONE, (280.0, 100.0, 460.0, 300.0))
    assert placed(page(*panels, words=letters + caption(top=324))) == [
        ("1", 2, (60, 100, 460, 312))
    ]


def test_a_caption_at_the_side_is_level_with_the_figure() -> None:
    right = (200.0, 100.0, 400.0, 300.0)
    words = rows(["Fig. 1 Lungs on the", "day of admission"], 60, 102, font="Sans", size=8)
    assert placed(page(right, words=words)) == [("1", 2, right)]
    halfway = rows(["Fig. 1 Lungs on the", "day of admission"], 60, 180, font="Sans", size=8)
    assert placed(page(right, words=halfway)) == []


def test_a_short_caption_at_the_edge_belongs_to_a_figure_in_the_middle() -> None:
    middle = (220.0, 100.0, 400.0, 300.0)
    words = row("Figure 1. Lungs.", 60, 310, font="Sans", size=8)
    assert placed(page(middle, words=words)) == [("1", 2, middle)]


def test_running_text_between_parts_a_picture_from_a_caption() -> None:
    words = text(top=310, count=3) + caption(top=360)
    regions = find_regions([page(ONE, words=words)])
    assert (regions.found, regions.without) == ((), ("1",))


def test_a_caption_far_from_any_picture_is_a_caption_without() -> None:
    regions = find_regions([page((60, 20, 260, 90), words=caption(top=350))])
    assert (regions.found, regions.without) == ((), ("1",))


@pytest.mark.parametrize("box", [(60, 270, 100, 300), (60, 292, 400, 300)], ids=["badge", "rule"])
def test_what_is_smaller_than_a_figure_is_none(box: Box) -> None:
    assert placed(page(box, words=caption())) == []


def test_what_stands_on_three_pages_is_no_figure() -> None:
    pages = [page(ONE, words=caption() if n == 1 else [], number=n) for n in (1, 2, 3)]
    assert placed(*pages) == []
    assert placed(*pages[:2]) == [("1", 1, ONE)]


def test_the_head_of_the_first_page_has_no_figure() -> None:
    logo = (60.0, 20.0, 260.0, 80.0)
    assert placed(page(logo, words=caption(top=90), number=1)) == []
    assert placed(page(logo, words=caption(top=90), number=2)) == [("1", 2, logo)]


def test_a_picture_is_cut_at_the_edge_of_the_page() -> None:
    assert placed(page((-50, 100, 260, 300), words=caption())) == [("1", 2, (0, 100, 260, 300))]
    assert placed(page((-300, 100, -10, 300), words=caption())) == []


def test_a_number_is_given_once() -> None:
    pages = [page(ONE, words=caption(), number=n) for n in (2, 5)]
    pages[1] = page((60, 110, 260, 300), words=caption(), number=5)
    assert placed(*pages) == [("1", 2, ONE)]


def test_what_is_surely_a_caption_goes_before_a_sentence_that_looks_like_one() -> None:
    sentence = row("Figure 1. This is not the place for it", 60, 310)
    pages = [page(ONE, words=sentence), page((60, 110, 260, 300), words=caption(), number=3)]
    assert placed(*pages) == [("1", 3, (60, 110, 260, 300))]


def test_a_bare_label_takes_its_words_from_a_list_of_legends() -> None:
    label = row("Figure 1", 60, 310, font="Sans", size=8)
    regions = find_regions([page(words=caption(), number=1), page(ONE, words=label)])
    (region,) = regions.found
    assert region.caption.text.startswith("Chest radiograph")
    assert region.warnings == ("the caption stands on page 1",)
    assert regions.without == ()


def test_pages_that_are_pictures_are_a_scan() -> None:
    whole = [page((0, 0, 600, 800), words=[], number=n) for n in (1, 2)]
    assert is_scanned(whole)
    assert not is_scanned([*whole, *(page(ONE, words=[], number=n) for n in (3, 4))])
    assert not is_scanned([])


def test_a_page_of_very_many_pictures_is_left_out() -> None:
    dots = [(float(n % 500), 100.0, n % 500 + 60.0, 300.0) for n in range(2001)]
    regions = find_regions([page(*dots, words=caption())])
    assert regions.found == ()
    assert regions.warnings == ("page 2 has 2,001 pictures: not looked at",)


def test_nothing_gives_nothing() -> None:
    assert find_regions([]) == Regions()
    assert find_regions([Page(number=1, box=(0, 0, 0, 0))]) == Regions()


numbers = st.floats(-100, 900)


@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), max_size=8))
def test_whatever_the_boxes_a_figure_lies_on_its_page(boxes: list[Box]) -> None:
    words = caption(1) + caption(2, top=450)
    for region in find_regions([page(*boxes, words=words)]).found:
        left, top, right, bottom = region.box
        assert 0 <= left < right <= 600
        assert 0 <= top < bottom <= 800
