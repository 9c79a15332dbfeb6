"""Figures by their words: radiograph, CT, both or something else, and of which part of the body."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.articles import Figure
from covidxr.figurewords import FigureWords, Shown, figure_words

PAPERS = Path(__file__).parents[2] / "shared" / "papers"
needs_papers = pytest.mark.skipif(not PAPERS.is_dir(), reason="shared/papers is not here")

LONG = 100_000


def words_of(
    caption: str = "",
    *,
    title: str = "",
    group: str = "",
    mentions: tuple[str, ...] = (),
    label: str = "Figure 1",
    subject: str = "",
) -> FigureWords:
    figure = Figure(
        id="f1", label=label, caption=caption, title=title, group=group, mentions=mentions
    )
    return figure_words(figure, subject)


@pytest.mark.parametrize(
    ("caption", "shown", "words"),
    [
        ("Normal radiograph.", Shown.XRAY, "radiograph"),
        ("Chest X-ray on day 2.", Shown.XRAY, "X-ray"),
        ("Portable CXR after intubation.", Shown.XRAY, "CXR"),
        ("CT scans of patients.", Shown.CT, "CT"),
        ("HRCT with nodules.", Shown.CT, "HRCT"),
        ("Computerized tomography of the thorax.", Shown.CT, "Computerized tomography"),
        ("Chest X-ray (a) and CT (b).", Shown.BOTH, "X-ray"),
        ("Brain MRI.", Shown.OTHER, ""),
        ("Daily number of new cases.", Shown.OTHER, ""),
    ],
)
def test_the_caption_says_what_is_shown(caption: str, shown: Shown, words: str) -> None:
    found = words_of(caption)
    assert (found.shown, found.words) == (shown, words)
    assert found.where == ("caption" if words else "")


@pytest.mark.parametrize(
    ("caption", "against"),
    [
        ("Flow chart of patients with chest CT.", "Flow chart"),
        ("The landscape of tests. Others, such as chest CT, are left out.", "landscape"),
        ("ROC curve of radiograph and CT.", "ROC"),
        ("X-ray diffraction of a powder.", "X-ray diffraction"),
        ("Micro-CT of a tooth.", "Micro-CT"),
        ("Radiograph of a fossil hand.", "fossil"),
        ("Chest radiographs of ferrets.", "ferrets"),
        ("FDG PET/CT with uptake.", "FDG PET/CT"),
        ("Lung ultrasound.", "ultrasound"),
    ],
)
def test_what_is_something_else_has_the_words_that_say_so(caption: str, against: str) -> None:
    found = words_of(caption)
    assert (found.shown, found.against) == (Shown.OTHER, against)


def test_the_title_is_told_from_the_rest_of_the_caption() -> None:
    assert words_of("CT scans. Day 1.", title="CT scans.").where == "title"
    assert words_of("A girl. CT scans.", title="A girl.").where == "caption"


def test_the_groups_caption_counts_where_the_caption_names_nothing() -> None:
    found = words_of("Day 5.", group="Figure 2. Chest CT of a girl.")
    assert (found.shown, found.where, found.body) == (Shown.CT, "group caption", "chest")
    assert words_of("Brain MRI.", group="CT and MRI of a girl.").shown is Shown.OTHER


@pytest.mark.parametrize(
    ("caption", "mention", "shown"),
    [
        ("Day 5.", "Chest CT showed pale lobes (Figure 1).", Shown.CT),
        ("", "As shown in Fig. 1, the radiograph revealed an effusion.", Shown.XRAY),
        ("Day 5.", "CT showed pale lobes (Figure 2), and she slept (Figure 1).", Shown.OTHER),
        ("Study profile.", "CT showed pale lobes (Figure 1).", Shown.OTHER),
        ("Day 5.", "All patients had a chest CT (Figure 1).", Shown.OTHER),
        ("Day 5.", "Patients whose CT showed masses were excluded (Figure 1).", Shown.OTHER),
        ("Day 5.", "The Ct value was found to fall (Figure 1).", Shown.OTHER),
        ("Tests by month, " + "and more, " * 12, "CT showed pale lobes (Figure 1).", Shown.OTHER),
        ("Opacities by day, " + "and more, " * 12, "CT showed them (Figure 1).", Shown.CT),
    ],
)
def test_a_citing_sentence_counts_where_it_says_that_this_figure_shows_it(
    caption: str, mention: str, shown: Shown
) -> None:
    found = words_of(caption, mentions=(mention,))
    assert found.shown is shown
    assert found.where == ("mention" if shown is not Shown.OTHER else "")
    assert found.unsure == (shown is not Shown.OTHER)


@pytest.mark.parametrize(
    ("caption", "unsure"),
    [
        ("Chest CT on day 5.", False),
        ("Chest X-ray and CT on day 5.", True),
        ("Chest X-ray (a) and CT (b) on day 5.", False),
        ("Chest X-ray and CT (a), chest CT (b).", True),
        ("Chest CT scan. Bar graph of the fever.", True),
        ("Abdominal CT with a nodule in the lung.", True),
        ("(a) Chest CT. (b) Abdominal CT.", False),
        ("Antibodies and CT by day.", True),
    ],
)
def test_a_person_should_look_where_words_speak_for_more_than_one_thing(
    caption: str,
    *,
    unsure: bool,
) -> None:
    assert words_of(caption).unsure is unsure


@pytest.mark.parametrize(
    ("caption", "mention", "subject", "body", "words"),
    [
        ("CT with ground-glass opacities.", "", "Knees", "chest", "ground-glass"),
        ("Radiograph of the knee.", "", "COVID-19", "other", "knee"),
        ("CT on day 5.", "The lungs are pale.", "Knees", "chest", "lungs"),
        ("CT on day 5.", "", "COVID-19 in a girl", "assumed", "COVID"),
        ("Radiograph on day 5.", "", "Fractures of the femur", "other", "femur"),
        ("Radiograph on day 5.", "", "A girl", "assumed", ""),
    ],
)
def test_the_body_part_is_said_by_the_figure_before_the_subject(
    caption: str, mention: str, subject: str, body: str, words: str
) -> None:
    found = words_of(caption, mentions=(mention,), subject=subject)
    assert (found.body, found.body_words) == (body, words)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_words_are_given_exactly_where_something_is_shown(
    caption: str, mention: str, label: str
) -> None:
    found = words_of(caption, mentions=(mention,), label=label)
    assert bool(found.words) == bool(found.where) == (found.shown is not Shown.OTHER)


@pytest.mark.parametrize("piece", ["CT ", "x-ray of ", ". ", "\udc80", "\0", "Fig. 1 ", "lobe "])
def test_long_texts_are_read_to_an_end(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    found = words_of(text, group=text, mentions=(text,) * 30, subject=text)
    assert found.body in {"chest", "assumed"}


# ---- captions of real papers -------------------------------------------------------------------


@needs_papers
def test_every_radiograph_and_ct_of_the_papers_is_found_and_nothing_else() -> None:
    with (PAPERS / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [
        row["graphic"]
        for row in rows
        if (words_of(row["caption"], label=row["label"]).shown is Shown.OTHER)
        != (row["truth"] == "other")
    ]
    assert wrong == []
