"""The report's bars."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from covidxr.cli.render.reportplots import Bar, draw, few


def test_the_same_bars_are_the_same_bytes() -> None:
    bars = [Bar("PA", 12), Bar("AP", 3)]
    assert draw(bars, "plot-a", "Views") == draw(bars, "plot-a", "Views")


def test_text_is_text_and_hostile_names_stay_text() -> None:
    svg = draw([Bar('<script>alert("x")</script>', 1), Bar("$x_1$ & \x1b[31m", 2)], "p", '"><b>')
    root = ET.fromstring(svg)  # noqa: S314 - made a line above
    texts = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert '<script>alert("x")</script>' in texts
    assert "$x_1$ & \\x1b[31m" in texts
    assert root.get("aria-label") == '"><b>'
    assert not [each for each in root.iter() if each.tag.endswith("script")]


def test_colours_are_the_page_s_and_ids_belong_to_one_plot() -> None:
    svg = draw([Bar("PA", 12)], "plot-a", "Views")
    assert not re.search(r"#[0-9a-f]{6}", svg)
    assert "var(--bar)" in svg
    assert "currentColor" in svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert all(each.startswith("plot-a-") for each in ids)
    assert "<style" not in svg
    assert "metadata" not in svg


def test_letters_that_the_font_lacks_draw_without_a_warning() -> None:
    assert "胸部" in draw([Bar("胸部", 1)], "p", "x")


def test_bars_of_nothing_can_be_drawn() -> None:
    assert draw([Bar("PA", 0)], "p", "x").startswith("<svg")


def test_what_is_too_much_to_draw_is_put_together_at_the_end() -> None:
    bars = [Bar(str(number), 10 - number) for number in range(6)]
    assert few(bars, 6) == bars
    assert few(bars, 4) == [*bars[:3], Bar("3 others", 7 + 6 + 5 - 0)]
