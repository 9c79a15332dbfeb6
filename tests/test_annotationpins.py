"""`annotations/pinned.csv`: the bytes that images had when they were annotated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.annotated import Pin
from covidxr.annotationpins import Book
from covidxr.errors import CollectionError

ONE, TWO, THREE = "1" * 64, "2" * 64, "3" * 64
BOXES = "annotations/boxes.json"
OLD = (
    f'annotation,filename,sha256,who\r\n{BOXES},"a.png",{ONE},A. Reader\r\n{BOXES},b.png,{TWO},\r\n'
).encode()


def pin(filename: str, sha256: str, annotation: str = BOXES) -> Pin:
    return Pin(annotation=annotation, filename=filename, sha256=sha256)


def test_a_book_begins_with_its_header() -> None:
    assert Book(None).pins == ()
    assert Book(None).with_pins([pin("a.png", ONE)]) == (
        f"annotation,filename,sha256\n{BOXES},a.png,{ONE}\n".encode()
    )


def test_pins_are_read_with_their_lines() -> None:
    assert [(each.filename, each.sha256, each.line) for each in Book(OLD).pins] == [
        ("a.png", ONE, 2),
        ("b.png", TWO, 3),
    ]


def test_a_new_pin_takes_the_old_ones_place_and_leaves_all_other_bytes() -> None:
    header, first, _ = OLD.splitlines(keepends=True)
    made = Book(OLD).with_pins([pin("b.png", THREE)])
    assert made.startswith(header + first)
    assert [each.sha256 for each in Book(made).pins] == [ONE, THREE]


def test_a_pin_that_is_taken_out_takes_its_line_alone() -> None:
    header, _, second = OLD.splitlines(keepends=True)
    assert Book(OLD).without({(BOXES, "a.png")}) == header + second


def test_a_file_without_its_columns_says_what_to_do() -> None:
    with pytest.raises(CollectionError, match=r"no column sha256.*covidxr annotations pin"):
        _ = Book(b"annotation,filename\nx,y\n").pins


def test_a_quote_that_is_never_closed_is_not_written_into() -> None:
    with pytest.raises(CollectionError, match="never closed"):
        Book(OLD + b'"open').with_pins([pin("c.png", ONE)])


NAME = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).filter(
    lambda name: name == name.strip()
)


@given(st.dictionaries(NAME, st.sampled_from([ONE, TWO, THREE]), max_size=6))
def test_what_is_pinned_is_read_again_whatever_images_are_called(named: dict[str, str]) -> None:
    made = Book(None).with_pins(pin(name, sha256) for name, sha256 in named.items())
    assert {each.filename: each.sha256 for each in Book(made).pins} == named
    assert Book(made).without({(BOXES, name) for name in named}) == Book(None).with_pins([])
