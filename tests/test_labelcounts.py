"""Counting labels, the loader's tables, and the block in README."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.build import from_text

from covidxr.errors import UsageError
from covidxr.labelcounts import (
    BY,
    GroupCounts,
    StatsOptions,
    count_labels,
    markdown,
    parse_groups,
)
from covidxr.loadertables import LOADERS, loader_groups, loader_text

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

SNAPSHOT = Path(__file__).parents[2] / "shared" / "real" / "2020-06-22"
needs_snapshot = pytest.mark.skipif(
    not SNAPSHOT.is_dir(), reason="the real table of 2020-06-22 is not on this machine"
)

SMALL = """\
patientid,finding,view,sex,modality,url,doi,license
1,Pneumonia/Viral/COVID-19,PA,F,X-ray,https://radiopaedia.org/cases/a,,CC0-1.0
1,"COVID-19, ARDS",AP,F,X-ray,https://www.radiopaedia.org/cases/a,,CC0-1.0
2,No Finding,PA,M,X-ray,https://www.eurorad.org/case/1,,CC-BY-4.0
3,todo,PA,M,X-ray,,10.1000/x,
4,Suspected COVID-19,AP,,X-ray,,,
5,Pneumonia/Bacterial/E.Coli,AP Supine,M,X-ray,https://radiopaedia.org/cases/b,,CC0-1.0
,E.Coli,APS,M,X-ray,https://radiopaedia.org/cases/c,,CC0-1.0
6,Unknown,AP Supine,F,X-ray,https://radiopaedia.org/cases/d,,CC0-1.0
6,,AP Supine,F,X-ray,https://radiopaedia.org/cases/d,,CC0-1.0
7,Tuberculosis,,F,CT,https://example.org,,CC0-1.0
"""


def small() -> Dataset:
    return from_text(SMALL)


def numbers(group: GroupCounts) -> dict[str, tuple[int, int]]:
    """Images and patients of the labels that occur."""
    return {found.label: (found.images, found.patients) for found in group.labels if found.images}


def snapshot() -> Dataset:
    return from_text((SNAPSHOT / "metadata.csv").read_bytes())


# -- native ----------------------------------------------------------------------------------------


def test_a_finding_counts_for_its_label_and_all_above_in_images_and_patients() -> None:
    erect, supine = count_labels(small(), StatsOptions())
    assert numbers(erect) == {
        "No Finding": (1, 1),
        "Pneumonia": (2, 1),
        "Pneumonia/ARDS": (1, 1),
        "Pneumonia/Viral": (2, 1),
        "Pneumonia/Viral/COVID-19": (2, 1),
    }
    assert numbers(supine) == {
        "Pneumonia": (2, 1),
        "Pneumonia/Bacterial": (2, 1),
        "Pneumonia/Bacterial/E.Coli": (2, 1),
    }


def test_rows_without_a_finding_are_in_no_number_and_counted_apart() -> None:
    erect, supine = count_labels(small(), StatsOptions())
    assert (erect.images, erect.patients) == (3, 2)
    assert erect.left_out == {"todo": 1, "unreadable": 1}
    assert (supine.images, supine.patients) == (2, 1)
    assert supine.left_out == {"Unknown": 1, "blank": 1}


def test_every_label_has_a_row_in_tree_order_those_of_nobody_too() -> None:
    (group,) = count_labels(from_text("finding,view\n"), StatsOptions(groups=(("PA",),)))
    assert [found.label for found in group.labels][:3] == [
        *("No Finding", "Pneumonia", "Pneumonia/ARDS")
    ]
    assert group.labels[-1].label == "Tuberculosis"
    assert {found.images for found in group.labels} == {0}


def test_another_spelling_of_a_view_counts_as_that_view() -> None:
    groups = StatsOptions(groups=(("AP Supine",),))
    assert count_labels(from_text("finding,view\nPneumonia,aps\n"), groups)[0].images == 1


def test_a_table_without_the_columns_counts_nothing_and_does_not_fail() -> None:
    erect, _ = count_labels(from_text("filename\nx.png\n"), StatsOptions())
    assert (erect.images, erect.left_out) == (0, {})


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("view", {"PA": 2, "AP": 1, "AP Supine": 2, "(blank)": 1}),
        ("modality", {"X-ray": 5, "CT": 1}),
        ("sex", {"F": 3, "M": 3, "(blank)": 0}),
        ("license", {"CC0-1.0": 5, "CC-BY-4.0": 1, "(blank)": 0}),
        (
            "source",
            {
                "radiopaedia.org": 4,
                "eurorad.org": 1,
                "example.org": 1,
                "doi.org/10.1000": 0,
                "(blank)": 0,
            },
        ),
        (
            "finding",
            {
                "Pneumonia/Viral/COVID-19": 1,
                "Pneumonia/Viral/COVID-19|Pneumonia/ARDS": 1,
                "No Finding": 1,
                "todo": 0,
                "Suspected COVID-19": 0,
                "Pneumonia/Bacterial/E.Coli": 2,
                "Unknown": 0,
                "(blank)": 0,
                "Tuberculosis": 1,
            },
        ),
    ],
)
def test_a_table_can_be_broken_down(by: str, expected: dict[str, int]) -> None:
    groups = count_labels(small(), StatsOptions(by=by))
    assert {group.name: group.images for group in groups} == expected


def test_groups_of_views_restrict_what_is_broken_down() -> None:
    groups = count_labels(small(), StatsOptions(by="sex", groups=(("AP Supine",),)))
    assert {group.name: group.images for group in groups} == {"M": 2, "F": 0}


def test_values_beyond_the_limit_are_put_together_and_no_patient_twice() -> None:
    table = from_text(
        "patientid,finding,view,license\n"
        "1,Pneumonia,PA,a\n1,Pneumonia,PA,a\n1,Pneumonia,PA,b\n1,Pneumonia,PA,c\n"
    )
    most, rest = count_labels(table, StatsOptions(by="license"), limit=2)
    assert (most.name, most.images) == ("a", 2)
    assert (rest.name, rest.images, rest.patients) == ("(2 others)", 2, 1)


def test_the_markdown_table_is_what_a_reader_sees() -> None:
    text = markdown(count_labels(small(), StatsOptions()))
    lines = text.splitlines()
    assert lines[:5] == [
        "| Label | PA, AP: with | without | patients | AP Supine: with | without | patients |",
        "|---|--:|--:|--:|--:|--:|--:|",
        "| No Finding | 1 | 2 | 1 | 0 | 2 | 0 |",
        "| Pneumonia | 2 | 1 | 1 | 2 | 0 | 1 |",
        "| Pneumonia/ARDS | 1 | 2 | 1 | 0 | 2 | 0 |",
    ]
    assert lines[-3:] == [
        "",
        "- PA, AP: 3 images of 2 patients; 2 left out (1 todo, 1 unreadable).",
        "- AP Supine: 2 images of 1 patient; 2 left out (1 Unknown, 1 blank).",
    ]


def test_a_value_of_the_data_cannot_break_the_markdown_table() -> None:
    table = from_text('finding,view,license\nPneumonia,PA,"a|b\n<!-- covidxr stats: end -->"\n')
    head = markdown(count_labels(table, StatsOptions(by="license")), by="license").splitlines()[0]
    assert head == r"| Images/patients by license | a\|b \<!-- covidxr stats: end --\> |"


def test_options_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="no labels 'xrv'"):
        StatsOptions(labels="xrv")
    with pytest.raises(UsageError, match="by 'age'"):
        StatsOptions(by="age")
    with pytest.raises(UsageError, match="groups of views only"):
        StatsOptions(labels="xrv-2020-05", by="sex")
    for text in ("", "PA,", ";", 'a"b', "a --> b"):
        with pytest.raises(UsageError, match="is no view"):
            parse_groups([text])


def test_groups_may_stand_in_one_text_or_in_several() -> None:
    expected = (("PA", "AP"), ("AP Supine",))
    assert parse_groups(["PA, AP", "AP Supine"]) == parse_groups(["PA,AP;AP Supine"]) == expected
    assert StatsOptions(groups=(("PA",), ("PA", "AP"))).overlap
    assert not StatsOptions().overlap


# -- the loader's tables ---------------------------------------------------------------------------


@needs_snapshot
def test_the_loader_of_may_gives_the_published_table_byte_for_byte() -> None:
    groups = loader_groups(snapshot().table, "xrv-2020-05", StatsOptions().views)
    assert loader_text(groups).encode() == (SNAPSHOT / "published-stats.txt").read_bytes()


@needs_snapshot
def test_the_native_table_differs_from_the_published_one_only_where_that_was_wrong() -> None:
    # The published loader had no label E.Coli, so that four rows AP Supine were not even
    # Pneumonia, and looked for "Bacterial Pneumonia" where two rows PA or AP say "Bacterial".
    published_names = {
        "Pneumonia/Bacterial": "Bacterial Pneumonia",
        "Pneumonia/Fungal": "Fungal Pneumonia",
        "Pneumonia/Viral": "Viral Pneumonia",
        "Pneumonia/Viral/MERS-CoV": "MERS",
    }
    data = snapshot()
    published = loader_groups(data.table, "xrv-2020-05", StatsOptions().views)
    differences = {}
    for native, group in zip(count_labels(data, StatsOptions()), published, strict=True):
        assert native.images == group.samples
        for found in native.labels:
            name = published_names.get(found.label, found.label.rpartition("/")[2])
            was = group.totals.get(name, {}).get(1.0, 0)
            if found.images != was:
                differences[native.name, found.label] = (was, found.images)
    assert differences == {
        ("PA, AP", "Pneumonia"): (391, 393),
        ("PA, AP", "Pneumonia/Bacterial"): (29, 31),
        ("AP Supine", "Pneumonia"): (126, 130),
        ("AP Supine", "Pneumonia/Bacterial"): (0, 4),
        ("AP Supine", "Pneumonia/Bacterial/E.Coli"): (0, 4),
    }


@pytest.mark.parametrize(
    ("name", "number", "drops"),
    [
        ("xrv-2020-03", 14, set()),
        ("xrv-2020-05", 18, {"todo"}),
        ("xrv-2020-06", 19, set()),
        ("xrv-2020-09", 0, {"todo", "Unknown"}),
    ],
)
def test_each_period_has_its_labels(name: str, number: int, drops: set[str]) -> None:
    assert len(LOADERS[name].labels) == number
    assert LOADERS[name].drops == drops


def test_the_loader_of_march_prints_what_it_printed() -> None:
    rows = "finding,view\nSuspected COVID-19,PA\ntodo,PA\nHaemophilus Influenzae,PA\n,PA\nSARS,L\n"
    text = loader_text(loader_groups(from_text(rows).table, "xrv-2020-03", (("PA",),)))
    assert text == (
        "COVID19_Dataset num_samples=4 views=['PA']\n"
        "{'ARDS': {0.0: 3},\n"
        " 'Bacterial Pneumonia': {0.0: 4},\n"
        " 'COVID-19': {0.0: 2, 1.0: 1},\n"
        " 'Chlamydophila': {0.0: 3},\n"
        " 'Fungal Pneumonia': {0.0: 4},\n"
        " 'Klebsiella': {0.0: 3},\n"
        " 'Legionella': {0.0: 3},\n"
        " 'MERS': {0.0: 3},\n"
        " 'No Finding': {0.0: 3},\n"
        " 'Pneumocystis': {0.0: 3},\n"
        " 'Pneumonia': {0.0: 3, 1.0: 1},\n"
        " 'SARS': {0.0: 3},\n"
        " 'Streptococcus': {0.0: 3},\n"
        " 'Viral Pneumonia': {0.0: 3, 1.0: 1}}\n"
    )


def test_the_loader_of_june_counts_e_coli_with_a_dot_that_is_any_letter() -> None:
    rows = "finding,view\nE.Coli,PA\nE-Coli,PA\nBacterial,PA\n"
    (group,) = loader_groups(from_text(rows).table, "xrv-2020-06", (("PA",),))
    assert group.totals["E.Coli"] == {0.0: 1, 1.0: 2}
    assert group.totals["Bacterial"] == {1.0: 3}
    assert group.totals["Pneumonia"] == {1.0: 3}


def test_the_loader_of_september_takes_its_labels_from_the_rows() -> None:
    rows = (
        "finding,view\nPneumonia/Viral/MERS-CoV,PA\nPneumonia/Viral/Herpes ,PA\n"
        "Herpes,PA\ntodo,PA\nUnknown,PA\nTuberculosis,L\n"
    )
    text = loader_text(loader_groups(from_text(rows).table, "xrv-2020-09", (("PA",), ("AP",))))
    assert text == (
        "COVID19_Dataset num_samples=3 views=['PA']\n"
        "{'Herpes': {0.0: 1, 1.0: 2},\n"
        " 'Herpes ': {0.0: 2, 1.0: 1},\n"
        " 'MERS-CoV': {0.0: 2, 1.0: 1},\n"
        " 'Pneumonia': {0.0: 1, 1.0: 2},\n"
        " 'Viral': {0.0: 1, 1.0: 2}}\n"
        "\n"
        "COVID19_Dataset num_samples=0 views=['AP']\n"
        "{}\n"
    )


def test_a_finding_that_stopped_the_loader_stops_its_table_with_a_reason() -> None:
    table = from_text("finding,view\nInfluenza (H1N1,PA\n").table
    with pytest.raises(UsageError, match="regular expression"):
        loader_groups(table, "xrv-2020-09", (("PA",),))


def test_everything_it_can_be_broken_down_by_is_a_column() -> None:
    from covidxr.columns import BY_NAME

    assert {name for names in BY.values() for name in names} <= set(BY_NAME)


def test_what_a_terminal_would_obey_is_no_part_of_the_markdown() -> None:
    hostile = "a\x1b[31m\nb\u009b\u202ec~"
    table = f'patientid,finding,view\n1,"{hostile}",PA\n'.encode().replace(b"~", b"\xe9")
    groups = count_labels(from_text(table), StatsOptions(by="finding"))
    text = markdown(groups, by="finding")
    assert not [letter for letter in text if not letter.isprintable() and letter != "\n"]
    assert r"a\\x1b\[31m b\\x9b\\u202ec\\udce9" in text
