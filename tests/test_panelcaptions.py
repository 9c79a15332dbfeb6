"""Captions of several panels: each letter gets its words, shared words go to all, none are lost."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.panelcaptions import CaptionParts, Part, caption_parts, panel_caption

PAPERS = Path(__file__).parents[2] / "shared" / "papers"
needs_papers = pytest.mark.skipif(not PAPERS.is_dir(), reason="shared/papers is not here")

LONG = 100_000
LETTERS = [
    "(a)",
    "(b)",
    "(A, B)",
    "(a\u2013c)",
    "a.",
    "b)",
    "A:",
    "a",
    "b",
    "A",
    "[c]",
    "(i)",
    "(ii)",
]
WORDS = ["opacity", "Axial", "lobe", "Left", "fever.", "cough;", "rash:", "scan,", "and", "day 5."]
STRANGE = ["(", ")", ".", "\u2014", "\0", "\udc80", "\u017f", "(arrow)", "(c) 2020", "Panel"]
CAPTIONS = st.lists(st.sampled_from(LETTERS + WORDS + STRANGE), max_size=25).map(" ".join)


def own(caption: str) -> dict[str, str]:
    return {part.letter: part.text for part in caption_parts(caption).parts}


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        ("(A) Frontal view. (B) Lateral view.", {"A": "Frontal view.", "B": "Lateral view."}),
        ("A. Frontal view. B. Lateral view.", {"A": "Frontal view.", "B": "Lateral view."}),
        ("A) Frontal view. B) Lateral view.", {"A": "Frontal view.", "B": "Lateral view."}),
        ("Films A) frontal view B) lateral view", {"A": "frontal view", "B": "lateral view"}),
        ("A: frontal view; B: lateral view", {"A": "frontal view", "B": "lateral view"}),
        ("A \u2013 Frontal view. B \u2013 Lateral.", {"A": "Frontal view.", "B": "Lateral."}),
        ("[a] Frontal view, [b] lateral view", {"a": "Frontal view", "b": "lateral view"}),
        ("a Frontal view. b Lateral view.", {"a": "Frontal view.", "b": "Lateral view."}),
        ("a, frontal view. b, lateral view.", {"a": "frontal view.", "b": "lateral view."}),
        ("(i) Frontal view; (ii) lateral view", {"i": "Frontal view", "ii": "lateral view"}),
        ("Fig. 2a. Frontal. Fig. 2b. Lateral.", {"a": "Frontal.", "b": "Lateral."}),
        ("Panel A shows mud. Panel B shows rain.", {"A": "shows mud.", "B": "shows rain."}),
        ("(a) Frontal and (b) lateral view", {"a": "Frontal", "b": "lateral view"}),
        ("(A)\u2014 Frontal. (B)\u2014 Lateral.", {"A": "Frontal.", "B": "Lateral."}),
        ("Films of hands.(A) Left; (B) right.", {"A": "Left", "B": "right."}),
    ],
)
def test_words_belong_to_the_letter_before_them(caption: str, parts: dict[str, str]) -> None:
    assert own(caption) == parts


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        ("A pale lobe (a). A dark lobe (b).", {"a": "A pale lobe", "b": "A dark lobe"}),
        ("Pale lobe (A), dark lobe (B).", {"A": "Pale lobe", "B": "dark lobe"}),
        ("Day 1 (a), day 4 (arrow) (b).", {"a": "Day 1", "b": "day 4 (arrow)"}),
        ("Pale (a, axial) and dark (b, coronal).", {"a": "Pale (axial)", "b": "dark (coronal)"}),
        ("Roots of Allium L. (a) and of rye (b).", {"a": "Roots of Allium L.", "b": "of rye"}),
    ],
)
def test_words_belong_to_the_letter_behind_them(caption: str, parts: dict[str, str]) -> None:
    assert own(caption) == parts
    assert caption_parts(caption).style == "trailing"


@pytest.mark.parametrize(
    ("caption", "letters"),
    [
        ("(a, b) First day. (c\u2013e) Fifth day.", "abcde"),
        ("A\u2013B. First day. C. Fifth day. D-F. Ninth day.", "ABCDEF"),
        ("Films [A and B] of a hand and [C] of a foot", "ABC"),
        ("A, B First day. C, D Fifth day.", "ABCD"),
        ("(a to c) Slices of one scan.", "abc"),
        ("Slices (B) of day 2 and (A) of day 1", "AB"),
    ],
)
def test_lists_and_ranges_name_each_letter_once_and_in_order(caption: str, letters: str) -> None:
    assert "".join(own(caption)) == letters


def test_a_list_gives_its_words_to_each_of_its_letters() -> None:
    assert own("(a, b) First day. (c) and (d) Fifth day.") == {
        "a": "First day.",
        "b": "First day.",
        "c": "Fifth day.",
        "d": "Fifth day.",
    }


def test_a_letter_that_is_named_twice_has_all_its_words() -> None:
    caption = "a, b A tall girl. a Pale lobe. b 4 days later, dark lobe."
    assert own(caption) == {
        "a": "A tall girl. Pale lobe.",
        "b": "A tall girl. 4 days later, dark lobe.",
    }


@pytest.mark.parametrize(
    "caption",
    [
        "A 35-year-old woman with a cough. The lobe is pale (arrow).",
        "Films taken lying (S) at times (t) in many (n).",
        "Influenza A. Hepatitis B. Vitamin C.",
        "Growth of E. coli. A. baumannii was resistant, C. difficile was not.",
        "Nodules (arrows in A) and a cavity.",
        "Loads in group A (n = 5) and group B (n = 6).",
        "(1) Cage, (2) probe, (3) holder.",
        "Only (a) is a letter here.",
        "Courtesy of A. B. Carter.",
        "",
    ],
)
def test_letters_that_make_no_run_from_a_on_are_no_panels(caption: str) -> None:
    assert caption_parts(caption) == CaptionParts(intro=caption)


def test_what_stands_before_and_behind_is_shared() -> None:
    caption = (
        "Scans of a tall girl. A. Pale lobe. It grew. B. The same girl as in A, later. "
        "CT = computed tomography."
    )
    assert caption_parts(caption) == CaptionParts(
        parts=(
            Part(letter="A", text="Pale lobe. It grew."),
            Part(letter="B", text="The same girl as in A, later."),
        ),
        intro="Scans of a tall girl.",
        closing="CT = computed tomography.",
        style="point",
    )


@pytest.mark.parametrize(
    "closing",
    [
        "Abbreviations: GGO, ground-glass opacity.",
        "GGO, ground-glass opacity; CT, computed tomography.",
        "COVID-19: coronavirus disease 2019.",
        "Arrows indicate the cavity.",
        "Scale bar, 5 cm.",
        "Reproduced with permission of the owner.",
    ],
)
def test_a_sentence_that_explains_the_figure_is_nobodys_own(closing: str) -> None:
    parts = caption_parts(f"(a) Pale lobe. (b) Dark lobe. {closing}")
    assert parts.parts[-1].text == "Dark lobe."
    assert parts.closing == closing


def test_sentences_before_the_first_trailing_letters_own_are_shared() -> None:
    parts = caption_parts("A tall girl. On day 1, pale lobe (A). On day 2, dark lobe (B).")
    assert parts.intro == "A tall girl."
    assert parts.parts[0].text == "On day 1, pale lobe"


def test_a_colon_ends_what_trailing_letters_share() -> None:
    parts = caption_parts("Scan of a tall girl: axial (a) and coronal (b).")
    assert (parts.intro, own("Scan of a tall girl: axial (a) and coronal (b).")) == (
        "Scan of a tall girl:",
        {"a": "axial", "b": "coronal"},
    )


def test_the_end_of_a_sentence_behind_trailing_letters_is_shared() -> None:
    parts = caption_parts("Axial (a) and coronal (b) scans of a tall girl.")
    assert parts.closing == "scans of a tall girl."
    assert panel_caption(parts, "b") == "coronal scans of a tall girl."


def test_letters_before_and_behind_may_be_mixed_sentence_by_sentence() -> None:
    caption = "A hand. Photograph (A) and film (B) of it. (C) Drawing. (D) Drawing of a foot."
    assert own(caption) == {
        "A": "Photograph",
        "B": "film",
        "C": "Drawing.",
        "D": "Drawing of a foot.",
    }
    assert caption_parts(caption).intro == "A hand."


@pytest.mark.parametrize("sign", [".", ":", ","])
def test_a_bracket_may_hold_all_panels(sign: str) -> None:
    parts = caption_parts(f"Films (A{sign} frontal; B{sign} lateral) of a child.")
    assert parts.intro == "Films"
    assert [part.text for part in parts.parts] == ["frontal", "lateral"]
    assert parts.closing == "of a child."


def test_a_bold_letter_is_a_label_wherever_it_stands() -> None:
    caption = "Shapes of a, mud and b, rain"
    assert caption_parts(caption).parts == ()
    parts = caption_parts(caption, ((10, 11), (21, 22)))
    assert parts.intro == "Shapes of"
    assert [(part.letter, part.text) for part in parts.parts] == [("a", "mud"), ("b", "rain")]


def test_bold_letters_of_one_range_are_one_label() -> None:
    caption = "Scans a\u2013c axial slices d coronal slice"
    parts = caption_parts(caption, ((6, 7), (8, 9), (23, 24)))
    assert [(part.letter, part.text) for part in parts.parts] == [
        ("a", "axial slices"),
        ("b", "axial slices"),
        ("c", "axial slices"),
        ("d", "coronal slice"),
    ]


def test_bold_parts_that_lie_outside_the_caption_are_no_labels() -> None:
    assert caption_parts("a b", ((-1, 1), (5, 9), (2, 2))) == CaptionParts(intro="a b")


def test_a_panel_that_is_only_spoken_of_begins_nothing() -> None:
    caption = "(A) Pale lobe, compare (C). (B) Dark lobe. (C) No lobe, unlike (A)."
    assert own(caption) == {
        "A": "Pale lobe, compare (C).",
        "B": "Dark lobe.",
        "C": "No lobe, unlike (A).",
    }


def test_a_copyright_sign_is_no_letter() -> None:
    assert own("(a) Pale. (b) Dark. (c) 2020 The Authors.") == {
        "a": "Pale.",
        "b": "Dark. (c) 2020 The Authors.",
    }


def test_the_longest_run_wins_over_letters_inside_it() -> None:
    caption = "A. Pale lobe (a). B. Dark lobe (b). C. No lobe."
    assert "".join(own(caption)) == "ABC"


def test_a_letter_that_the_caption_does_not_have_gets_the_shared_words() -> None:
    parts = caption_parts("Scans. (a) Pale. (b) Dark. CT, computed tomography.")
    assert panel_caption(parts, "z") == "Scans. CT, computed tomography."


def test_the_caption_of_one_panel_is_the_whole_caption() -> None:
    assert panel_caption(caption_parts("Pale lobe on day 5."), "") == "Pale lobe on day 5."


@given(CAPTIONS)
def test_no_word_of_a_caption_is_lost(caption: str) -> None:
    parts = caption_parts(caption)
    kept = " ".join(panel_caption(parts, part.letter) for part in parts.parts) or parts.intro
    for word in ("opacity", "Axial", "lobe", "Left", "fever", "cough", "rash", "scan", "day"):
        assert len(re.findall(word, kept)) >= len(re.findall(word, caption)), word


@given(st.text(max_size=80))
def test_any_text_has_no_part_or_two(text: str) -> None:
    assert len(caption_parts(text).parts) != 1


@pytest.mark.parametrize(
    "piece",
    ["(", "(a", "(a) ", "a. ", "A, ", "a, b ", "[", "(A) (B) ", "a\u2013", "\udc80", "(a, x"],
)
def test_long_texts_are_left_whole(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    assert caption_parts(text) == CaptionParts(intro=text.strip())


# ---- captions of real papers -------------------------------------------------------------------


def gold() -> list[tuple[dict[str, Any], str]]:
    with (PAPERS / "figures.csv").open(encoding="utf-8", newline="") as file:
        captions = {(row["pmcid"], row["fig_id"]): row["caption"] for row in csv.DictReader(file)}
    figures = json.loads((PAPERS / "gold" / "panels.json").read_text(encoding="utf-8"))["figures"]
    return [(figure, captions[figure["pmcid"], figure["fig_id"]]) for figure in figures]


@needs_papers
def test_the_letters_of_all_measured_figures_are_found() -> None:
    for figure, caption in gold():
        letters = [panel["label"] for panel in figure["panels"] if panel["label"]]
        assert list(own(caption)) == letters, figure["image"]
        assert figure["caption_intro_contains"] in caption_parts(caption).intro


@needs_papers
def test_the_words_of_all_measured_panels_are_theirs_and_nobody_elses() -> None:
    for figure, caption in gold():
        parts = caption_parts(caption)
        for words in {each for panel in figure["panels"] for each in panel["caption_must_contain"]}:
            owners = {
                panel["label"]
                for panel in figure["panels"]
                if words in panel["caption_must_contain"]
            }
            assert all(words in panel_caption(parts, owner) for owner in owners), words
            assert {part.letter for part in parts.parts if words in part.text} == owners - {""}
