"""The finding hierarchy, and how a cell is read."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.labels import BY_NAME, HIERARCHY, NODES, FindingReading, read_finding

REAL = Path(__file__).parents[2] / "shared" / "real"

COVID = "Pneumonia/Viral/COVID-19"
TABLES = [*sorted((REAL / "history").glob("*.csv")), REAL / "2020-06-22" / "metadata.csv"]


def kinds(reading: FindingReading) -> list[str]:
    return [problem.kind for problem in reading.problems]


# -- the tree --------------------------------------------------------------------------------------


def test_the_tree_is_the_published_vocabulary_with_ards_and_staphylococcus() -> None:
    assert "\n".join("  " * node.depth + node.name for node in NODES) == (
        "No Finding\n"
        "Pneumonia\n"
        "  ARDS\n"
        "  Aspiration\n"
        "  Bacterial\n"
        "    Chlamydophila\n"
        "    E.Coli\n"
        "    Klebsiella\n"
        "    Legionella\n"
        "    Mycoplasma\n"
        "    Nocardia\n"
        "    Staphylococcus\n"
        "      MRSA\n"
        "    Streptococcus\n"
        "  Fungal\n"
        "    Aspergillosis\n"
        "    Pneumocystis\n"
        "  Lipoid\n"
        "  Viral\n"
        "    COVID-19\n"
        "    Herpes\n"
        "    Influenza\n"
        "      H1N1\n"
        "    MERS-CoV\n"
        "    SARS\n"
        "    Varicella\n"
        "Tuberculosis\n"
        "Unknown\n"
        "todo"
    )


def test_every_node_stands_below_its_parent_and_after_it() -> None:
    seen = {""}
    for node in NODES:
        assert node.parent in seen
        seen.add(node.path)


def test_no_two_nodes_share_a_name_or_a_synonym() -> None:
    names = [
        name.casefold() for node in NODES for name in (node.name, *node.synonyms, *node.deprecated)
    ]
    assert len(names) == len(set(names))
    assert len(BY_NAME) == len(HIERARCHY) == len(NODES)


def test_only_unknown_and_todo_say_nothing_of_the_patient() -> None:
    assert [node.name for node in NODES if not node.is_finding] == ["Unknown", "todo"]


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.path)
def test_every_name_of_a_node_is_read_as_that_node(node: object) -> None:
    assert isinstance(node, type(NODES[0]))
    for name in (node.path, node.name, *node.synonyms, *node.deprecated):
        for spelling in (name, name.upper(), name.lower()):
            assert read_finding(spelling).canonical == node.path


def test_a_node_says_what_it_is_since_when_and_why() -> None:
    ards = HIERARCHY["Pneumonia/ARDS"]
    assert (ards.name, ards.parent, ards.depth) == ("ARDS", "Pneumonia", 1)
    assert (ards.kind, ards.since) == ("syndrome", "2020-03")
    assert "counted it as Pneumonia" in ards.note
    assert HIERARCHY["Pneumonia/Viral/MERS-CoV"].deprecated == ("MERS",)


# -- today's form ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [node.path for node in NODES if node.name != "todo"])
def test_a_path_from_the_top_is_right_as_it_is(text: str) -> None:
    reading = read_finding(text)
    assert reading.is_canonical
    assert reading.problems == ()
    assert reading.paths == (tuple(text.split("/")),)


def test_several_paths_are_joined_by_a_bar_and_keep_their_order() -> None:
    reading = read_finding(f"{COVID}|Pneumonia/ARDS")
    assert reading.is_canonical
    assert reading.paths == (("Pneumonia", "Viral", "COVID-19"), ("Pneumonia", "ARDS"))
    assert reading.labels == {"Pneumonia", "Pneumonia/Viral", COVID, "Pneumonia/ARDS"}


def test_a_label_brings_every_label_above_it() -> None:
    assert read_finding("Pneumonia/Bacterial/Staphylococcus/MRSA").labels == {
        "Pneumonia",
        "Pneumonia/Bacterial",
        "Pneumonia/Bacterial/Staphylococcus",
        "Pneumonia/Bacterial/Staphylococcus/MRSA",
    }


# -- the forms of 2020 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "canonical", "said"),
    [
        ("COVID-19", COVID, ["flat"]),
        ("ARDS", "Pneumonia/ARDS", ["flat"]),
        ("Bacterial", "Pneumonia/Bacterial", ["flat"]),
        ("E.Coli", "Pneumonia/Bacterial/E.Coli", ["flat"]),
        ("Mycoplasma Bacterial Pneumonia", "Pneumonia/Bacterial/Mycoplasma", ["flat"]),
        ("Viral Pneumonia", "Pneumonia/Viral", ["flat"]),
        ("Viral COVID-19 Pneumonia", COVID, ["flat"]),
        ("H1N1 Influenza", "Pneumonia/Viral/Influenza/H1N1", ["synonym", "flat"]),
        ("Influenza B", "Pneumonia/Viral/Influenza", ["synonym", "flat"]),
        ("HSV-1", "Pneumonia/Viral/Herpes", ["synonym", "flat"]),
        ("PCP Pneumonia", "Pneumonia/Fungal/Pneumocystis", ["synonym", "flat"]),
        ("COVID-19, ARDS", f"{COVID}|Pneumonia/ARDS", ["comma", "flat", "flat"]),
        ("COVID-19 and ARDS", f"{COVID}|Pneumonia/ARDS", ["comma", "flat", "flat"]),
        ("Pneumonia/COVID-19", COVID, ["flat"]),
        ("Influenza/H1N1", "Pneumonia/Viral/Influenza/H1N1", ["flat"]),
        ("Staphylococcus/MRSA", "Pneumonia/Bacterial/Staphylococcus/MRSA", ["flat"]),
        ("SARS-CoV-2", COVID, ["synonym", "flat"]),
        ("SARS‑CoV‑2", COVID, ["synonym", "flat"]),
        ("MERS", "Pneumonia/Viral/MERS-CoV", ["synonym", "flat"]),
        ("PCP", "Pneumonia/Fungal/Pneumocystis", ["synonym", "flat"]),
        ("E. coli", "Pneumonia/Bacterial/E.Coli", ["synonym", "flat"]),
        ("Pneumococcal pneumonia", "Pneumonia/Bacterial/Streptococcus", ["synonym", "flat"]),
        ("No finding", "No Finding", ["synonym"]),
        ("pneumonia", "Pneumonia", ["synonym"]),
        ("Herpes ", "Pneumonia/Viral/Herpes", ["blank-around", "flat"]),
        ("Pneumonia/Viral/Herpes ", "Pneumonia/Viral/Herpes", ["blank-around"]),
        (f"{COVID} | Pneumonia/ARDS", f"{COVID}|Pneumonia/ARDS", ["blank-around"] * 2),
        ("Pneumonia/ Viral", "Pneumonia/Viral", ["blank-around"]),
        ("Pneumonia|Pneumonia/Viral", "Pneumonia/Viral", ["synonym"]),
        ("TODO", "todo", ["synonym", "todo"]),
    ],
)
def test_an_older_form_is_understood_and_said(text: str, canonical: str, said: list[str]) -> None:
    reading = read_finding(text)
    assert reading.canonical == canonical
    assert kinds(reading) == said
    assert not reading.is_canonical
    assert any(problem.suggestion == f"write {canonical}" for problem in reading.problems)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not on this machine")
def test_every_finding_of_the_collections_history_is_understood_but_shifted_cells() -> None:
    refused = set()
    for path in TABLES:
        with path.open(newline="", encoding="utf-8", errors="surrogateescape") as file:
            header, *rows = csv.reader(file)
        place = [name.strip().lower() for name in header].index("finding")
        texts = {row[place] for row in rows if len(row) > place}
        refused |= {(path.name, text) for text in texts if read_finding(text).canonical is None}
    assert refused == {("160-84fa1c3.csv", "Y")}


# -- the traps of matching by substring, each as it was met ----------------------------------------


def test_a_suspicion_is_not_positive() -> None:
    reading = read_finding("Suspected COVID-19")
    assert (reading.canonical, reading.labels) == (None, frozenset())
    assert kinds(reading) == ["doubt"]
    assert reading.problems[0].message == (
        "'Suspected COVID-19' is not certain ('Suspected'): it sets no label"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("possible ARDS", "probable COVID-19", "COVID-19?", "COVID-19 vs SARS", "SARS or MERS"),
        *("rule out TB", "r/o TB", "No evidence of pneumonia", "not COVID-19", "Non-COVID-19"),
        *("without pneumonia", "COVID-19 unlikely", "Suspected COVID-19, ARDS", "?"),
    ],
)
def test_doubt_and_negation_set_no_label(text: str) -> None:
    reading = read_finding(text)
    assert (reading.canonical, reading.paths) == (None, ())
    assert kinds(reading) == ["doubt"]


def test_doubt_about_one_finding_leaves_the_others_of_a_joined_cell() -> None:
    reading = read_finding(f"{COVID}|possible ARDS")
    assert reading.canonical is None
    assert reading.paths == (("Pneumonia", "Viral", "COVID-19"),)


def test_a_comma_joins_two_findings_and_is_no_label_of_its_own() -> None:
    assert read_finding("COVID-19, ARDS").labels == read_finding(f"{COVID}|Pneumonia/ARDS").labels


@pytest.mark.parametrize("text", ["EXColi", "E Coli x", "Influenza H1N1x"])
def test_a_dot_or_a_bracket_in_a_name_matches_nothing_else(text: str) -> None:
    assert read_finding(text).labels == frozenset()


def test_haemophilus_influenzae_is_a_bacterium_and_never_influenza() -> None:
    for text in ("Haemophilus influenzae", "Haemophilus Influenzae", "Pneumonia/H. influenzae"):
        reading = read_finding(text)
        assert reading.labels == frozenset()
        assert kinds(reading) == ["unknown"]
        assert "bacterium, not the influenza virus" in reading.problems[0].message


@pytest.mark.parametrize("text", ["N/A", "n/a", "NA", "None", "nan", "-", "n.d.", "null"])
def test_a_word_for_not_known_is_no_finding_and_says_what_to_write(text: str) -> None:
    (problem,) = read_finding(text).problems
    assert (problem.kind, problem.segment) == ("unknown", text)
    assert problem.message == f"{text!r} is no finding"
    assert "Unknown where the source does not say" in (problem.suggestion or "")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Influenza A/B", "Pneumonia/Viral/Influenza holds both"),
        ("TB pneumonia", "Tuberculosis stands outside Pneumonia"),
    ],
)
def test_a_name_that_means_no_one_label_gets_a_hint(text: str, hint: str) -> None:
    reading = read_finding(text)
    assert (reading.canonical, kinds(reading)) == (None, ["unknown"])
    assert reading.problems[0].suggestion == hint


@pytest.mark.parametrize("text", ["Streptococcus pyogenes", "Klebsiella oxytoca"])
def test_a_species_that_no_label_names_is_not_guessed(text: str) -> None:
    assert read_finding(text).labels == frozenset()


def test_a_name_inside_a_longer_word_or_phrase_sets_nothing() -> None:
    for text in ("Round pneumonia", "Bronchopneumonia", "Parainfluenza", "SARSx", "MERSx"):
        assert read_finding(text).labels == frozenset()


def test_an_unknown_word_is_said_and_the_nearest_name_offered() -> None:
    (problem,) = read_finding("Pneumonai").problems
    assert (problem.kind, problem.segment) == ("unknown", "Pneumonai")
    assert problem.message == "'Pneumonai' is not in the hierarchy"
    assert problem.suggestion == "did you mean Pneumonia?"


def test_a_cell_of_another_column_is_unknown() -> None:
    (problem,) = read_finding("Y").problems
    assert problem.kind == "unknown"
    assert problem.suggestion == "see whether the cells of this row stand in the wrong columns"


def test_a_label_below_the_wrong_parent_is_refused() -> None:
    (problem,) = read_finding("Pneumonia/Bacterial/COVID-19").problems
    assert problem.kind == "wrong-parent"
    assert problem.message == (
        "'Pneumonia/Bacterial/COVID-19' has COVID-19 below Bacterial; "
        "COVID-19 stands below Pneumonia/Viral"
    )
    assert read_finding("COVID-19/ARDS").canonical is None
    assert read_finding("Pneumonia/Pneumonia").canonical is None


@pytest.mark.parametrize("text", ["No Finding|Pneumonia", "Unknown|Pneumonia", "No Finding, ARDS"])
def test_no_finding_beside_a_finding_contradicts_itself(text: str) -> None:
    reading = read_finding(text)
    assert reading.canonical is None
    assert "conflict" in kinds(reading)


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_a_blank_is_neither_positive_nor_negative(text: str) -> None:
    reading = read_finding(text)
    assert (reading.canonical, reading.is_finding, kinds(reading)) == (None, False, ["blank"])


def test_todo_and_unknown_are_no_findings() -> None:
    assert kinds(read_finding("todo")) == ["todo"]
    assert kinds(read_finding("Unknown")) == []
    assert not read_finding("todo").is_finding
    assert not read_finding("Unknown").is_finding
    assert read_finding("No Finding").is_finding


@pytest.mark.parametrize("text", ["Pneumonia/", "/Pneumonia", f"{COVID}|", "ARDS,"])
def test_an_empty_part_is_unknown(text: str) -> None:
    assert "unknown" in kinds(read_finding(text))
    assert read_finding(text).canonical is None


def test_a_cell_of_fifty_million_characters_is_refused_at_once() -> None:
    reading = read_finding("Pneumonia," * 5_000_000)
    assert [problem.message for problem in reading.problems] == [
        "50,000,000 characters are no finding"
    ]


# -- what always holds -----------------------------------------------------------------------------

words = st.sampled_from(
    [name for node in NODES for name in (node.name, node.path, *node.synonyms, *node.deprecated)]
    + ["", "suspected", "Pneumonia ", "x", "?", "no"]
)
glue = st.sampled_from(["|", "/", ", ", " and ", " ", ";", " | "])
findings = st.one_of(
    st.text(max_size=40),
    st.lists(st.tuples(words, glue), max_size=4).map(
        lambda parts: "".join(word + joint for word, joint in parts)
    ),
    st.lists(words, min_size=1, max_size=4).map("|".join),
    st.lists(words, min_size=1, max_size=3).map(", ".join),
)


@given(findings)
def test_reading_what_was_written_anew_changes_nothing(text: str) -> None:
    reading = read_finding(text)
    if reading.canonical is not None:
        again = read_finding(reading.canonical)
        assert again.canonical == reading.canonical
        assert again.is_canonical
        assert again.labels == reading.labels
        assert set(kinds(again)) <= {"todo"}


@given(findings)
def test_a_reading_that_is_not_right_as_it_is_says_why(text: str) -> None:
    reading = read_finding(text)
    assert reading.is_canonical or reading.problems
    assert reading.labels <= set(HIERARCHY)


def test_reading_a_finding_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, covidxr.labels as l; l.read_finding('COVID-19');"
        "print({'numpy', 'pandas', 'pandera', 'rich', 'typer', 'difflib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
