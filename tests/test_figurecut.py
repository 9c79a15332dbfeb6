"""From the files of a figure to images: whole, cut, proposed, left out."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from covidxr.articles import Article, Figure, Graphic, LicenceNote
from covidxr.figurechoice import Choice, choose
from covidxr.figurecut import Picture, cut, planned
from covidxr.replica.papers import chart, grid
from covidxr.rights import article_right

BY = "https://creativecommons.org/licenses/by/4.0/"
TWO = "Chest CT of one patient. (a) Day 1. (b) Day 5."


def choice(caption: str, *, licence: str = BY, **more: Any) -> Choice:
    figure = Figure(
        id="f1", label="Figure 1", caption=caption, graphics=(Graphic(href="f1"),), **more
    )
    notes = (LicenceNote(url=licence, where="license/@xlink:href"),)
    article = Article(licences=notes, figures=(figure,))
    (made,) = choose(article, article_right(article, ()))
    return made


def picture(data: bytes, name: str = "whole.png") -> Picture:
    return Picture(name=name, data=data)


def size(data: bytes | None) -> tuple[int, int]:
    assert data is not None
    with Image.open(io.BytesIO(data)) as opened:
        return opened.size


def test_two_letters_and_two_panels_are_cut_in_reading_order() -> None:
    done = cut(choice(TWO), [picture(grid(1, 2))])
    assert done.split
    assert [(each.letter, each.label) for each in done.pieces] == [("a", "fig1-a"), ("b", "fig1-b")]
    assert [abs(size(each.data)[0] - 360) <= 4 for each in done.pieces] == [True, True]
    assert [each.box[0] < 360 for each in done.pieces if each.box] == [True, False]


def test_a_part_has_the_pixels_of_the_figure_unchanged() -> None:
    done = cut(choice(TWO), [picture(grid(1, 2))])
    first = done.pieces[0]
    assert first.data is not None
    with Image.open(io.BytesIO(grid(1, 2))) as whole, Image.open(io.BytesIO(first.data)) as part:
        assert part.convert("L").tobytes() == whole.convert("L").crop(first.box).tobytes()


def test_without_letters_a_figure_stays_whole_whatever_its_pixels_look_like() -> None:
    done = cut(choice("Chest CT on two days."), [picture(grid(1, 2))])
    assert not done.split
    (piece,) = done.pieces
    assert (piece.data, piece.label) == (None, "fig1")


def test_letters_and_borders_that_do_not_agree_give_a_proposal() -> None:
    three = "Chest CT of one patient. (a) Day 1. (b) Day 5. (c) Day 9."
    done = cut(choice(three), [picture(grid(1, 2))])
    assert not done.split
    assert done.why
    assert [each.data for each in done.pieces] == [None]
    assert {each.letter for each in done.panels} == {"a", "b", "c"}


def test_a_licence_without_derivatives_leaves_the_panels_a_proposal() -> None:
    licence = "https://creativecommons.org/licenses/by-nd/4.0/"
    done = cut(choice(TWO, licence=licence), [picture(grid(1, 2))])
    assert not done.split
    assert "no changed copies" in done.why
    assert [each.box is not None for each in done.panels] == [True, True]


def test_pixels_that_are_no_scan_give_no_image() -> None:
    done = cut(choice("Chest CT."), [picture(chart())])
    assert done.pieces == ()
    assert "its pixels do not" in done.reason


@pytest.mark.parametrize("data", [b"", b"no picture", grid(1, 1)[:200]])
def test_what_cannot_be_decoded_gives_no_image(data: bytes) -> None:
    assert cut(choice("Chest CT."), [picture(data)]).reason


def test_panels_of_another_kind_are_left_out_by_their_own_words() -> None:
    caption = "Images of one patient. (a) Chest CT. (b) Magnetic resonance imaging of the brain."
    done = cut(choice(caption), [picture(grid(1, 2))])
    assert done.split
    assert [each.letter for each in done.pieces] == ["a"]
    assert [each.label for each in done.left_out] == ["fig1-b"]


def test_small_panels_are_marked_and_smaller_ones_left_out() -> None:
    def scaled(side: int) -> bytes:
        with Image.open(io.BytesIO(grid(3, 3))) as whole:
            out = io.BytesIO()
            whole.resize((side * 3 + 16, side * 3 + 16)).save(out, "PNG")
        return out.getvalue()

    nine = "Chest CT. " + " ".join(f"({letter}) Patient {letter}." for letter in "abcdefghi")
    marked = cut(choice(nine), [picture(scaled(150))])
    assert [len(each.warnings) for each in marked.pieces] == [1] * 9
    tiny = cut(choice(nine), [picture(scaled(94))])
    assert tiny.split
    assert tiny.pieces == ()
    assert [each.reason[:15] for each in tiny.left_out] == ["its panel has 9"] * 9


def test_several_files_without_as_many_letters_are_numbered() -> None:
    files = [picture(grid(1, 1), "one.png"), picture(grid(1, 1, first=1), "two.png")]
    done = cut(choice("Chest radiographs of two days."), files)
    assert [each.label for each in done.pieces] == ["fig1-1", "fig1-2"]


def test_of_several_files_those_that_are_no_scan_are_left_out() -> None:
    files = [picture(grid(1, 1), "one.png"), picture(chart(), "two.png")]
    done = cut(choice(TWO), files)
    assert [each.letter for each in done.pieces] == ["a"]
    assert len(done.left_out) == 1


def test_what_is_planned_has_a_piece_for_each_letter() -> None:
    assert [each.letter for each in planned(choice(TWO))] == ["a", "b"]
    assert [each.letter for each in planned(choice("Chest CT."))] == [""]
    unsure = replace(choice(TWO), words=replace(choice(TWO).words, unsure=True))
    assert [each.letter for each in planned(unsure)] == [""]
