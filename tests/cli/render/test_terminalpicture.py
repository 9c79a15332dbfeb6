"""Pictures as text, and which terminal is given which."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from covidxr.cli.render.terminalpicture import best_form, drawn

GREY = np.array([[0, 255], [255, 0], [10, 20]], dtype=np.uint8)
COLOUR = np.zeros((4, 2, 3), dtype=np.uint8) + np.array([200, 10, 30], dtype=np.uint8)


@pytest.mark.parametrize(
    ("environment", "form"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "blocks"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "COLORTERM": "truecolor"}, "blocks"),
        ({"TERM": "xterm-kitty", "TMUX": "a,1,0"}, "none"),
        ({"TERM": "xterm"}, "none"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
        ({}, "none"),
    ],
)
def test_a_terminal_gets_what_it_says_that_it_shows(environment: dict[str, str], form: str) -> None:
    assert best_form(environment, terminal=True) == form
    assert best_form(environment, terminal=False) == "none"


def test_kitty_gets_a_png_in_pieces_and_is_asked_for_no_answer() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (200, 100), dtype=np.uint8).astype(np.uint8)
    text = drawn(noise, "kitty")
    pieces = re.findall(r"\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\", text)
    assert pieces[0][0] == "a=T,f=100,q=2,m=1"
    assert {keys for keys, _ in pieces[1:-1]} == {"m=1"}
    assert pieces[-1][0] == "m=0"
    assert max(len(piece) for _, piece in pieces) == 4096
    data = base64.b64decode("".join(piece for _, piece in pieces))
    with Image.open(io.BytesIO(data)) as picture:
        assert (np.asarray(picture) == noise).all()


def test_iterm_gets_the_file_and_its_size() -> None:
    found = re.fullmatch(
        r"\x1b\]1337;File=inline=1;.*size=(\d+):([^\x07]*)\x07\n", drawn(GREY, "iterm")
    )
    assert found is not None
    assert len(base64.b64decode(found[2])) == int(found[1])


def test_a_large_picture_is_sent_smaller() -> None:
    large = np.zeros((100, 4000), dtype=np.uint8)
    data = base64.b64decode(drawn(large, "iterm").rpartition(":")[2].rstrip("\x07\n"))
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (800, 20)


def test_sixels_give_back_the_picture() -> None:
    assert unsixel(drawn(GREY, "sixel")) == [[0, 100], [100, 0], [4, 8]]
    assert unsixel(drawn(COLOUR, "sixel")) == [[78, 78]] * 4


def test_long_runs_of_a_sixel_are_counted() -> None:
    flat = np.full((13, 90), 7, dtype=np.uint8)
    text = drawn(flat, "sixel")
    assert "!90~" in text
    assert unsixel(text) == [[3] * 90] * 13


def unsixel(text: str) -> list[list[int]]:
    """Read sixels back: the red part, in percent, of each pixel."""
    found = re.fullmatch(r'\x1bPq"1;1;(\d+);(\d+)(.*)\x1b\\\n', text, re.DOTALL)
    assert found is not None
    width, height, rest = int(found[1]), int(found[2]), found[3]
    reds = {int(code): int(red) for code, red in re.findall(r"#(\d+);2;(\d+);\d+;\d+", rest)}
    body = re.sub(r"#\d+;2;\d+;\d+;\d+", "", rest)
    pixels = [[-1] * width for _ in range(height)]
    for band, passes in enumerate(body.split("-")):
        for one in passes.split("$"):
            code, letters = re.fullmatch(r"#(\d+)(.*)", one, re.DOTALL).groups()  # type: ignore[union-attr]
            runs = re.findall(r"(?:!(\d+))?([?-~])", letters)
            across = "".join(letter * int(count or 1) for count, letter in runs)
            assert len(across) == width
            for column, letter in enumerate(across):
                for bit in range(6):
                    if (ord(letter) - 63) >> bit & 1:
                        pixels[band * 6 + bit][column] = reds[int(code)]
    return pixels


def test_blocks_hold_two_pixels_each_and_end_their_colours() -> None:
    even = GREY[:2]
    assert drawn(even, "blocks") == (
        "\x1b[38;2;0;0;0m\x1b[48;2;255;255;255m▀\x1b[38;2;255;255;255m\x1b[48;2;0;0;0m▀\x1b[0m\n"
    )
    assert drawn(COLOUR, "blocks").count("\x1b[38;2;200;10;30m\x1b[48;2;200;10;30m▀") == 4


def test_blocks_are_no_wider_than_the_terminal() -> None:
    wide = np.zeros((300, 400), dtype=np.uint8)
    assert [drawn(wide, "blocks", columns).split("\n")[0].count("▀") for columns in (40, 500)] == [
        40,
        72,
    ]
    assert drawn(np.zeros((5000, 1), dtype=np.uint8), "blocks", 10).count("\n") <= 20


def test_none_is_nothing() -> None:
    assert drawn(GREY, "none") == ""
