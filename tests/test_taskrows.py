"""A row has a label where the answer is known, and an unknown is never a no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import build

from covidxr import taskrows
from covidxr.annotated import Annotated, AnnotationFile, Score
from covidxr.columns import BY_NAME
from covidxr.taskrows import TASKS, Choice, TaskTable

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTCOMES = [task for task in TASKS.values() if task.is_outcome]
UNKNOWN = (
    *("", " ", "?", "Unclear", "unclear", "Not visible", "Would have been stated", "nan", "N/A"),
    *("unknown", "-", "maybe", "0", "1"),
)


def answer(name: str, *rows: Mapping[str, str], **choice: object) -> TaskTable:
    return taskrows.table(build.dataset(*rows), TASKS[name], Choice(**choice))  # type: ignore[arg-type]


def labelled(found: TaskTable) -> dict[str, str]:
    return {row.filename: row.label for row in found.rows}


@pytest.mark.parametrize("task", OUTCOMES, ids=lambda task: task.name)
@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_not_known_has_no_label(task: taskrows.Task, text: str) -> None:
    found = answer(task.name, {task.column: text})
    assert found.rows == ()
    assert sum(found.steps[2].left_out.values()) == 1


@pytest.mark.parametrize("task", OUTCOMES, ids=lambda task: task.name)
def test_every_spelling_of_yes_and_no_is_read(task: taskrows.Task) -> None:
    for text, meant in {"Y": "Y", "N": "N", **BY_NAME[task.column].spellings}.items():
        for written in (text, text.upper(), f" {text} "):
            found = answer(task.name, {task.column: written})
            assert [row.label for row in found.rows] == ["1" if meant == "Y" else "0"]


@pytest.mark.parametrize(
    ("finding", "label", "why"),
    [
        ("Pneumonia/Viral/COVID-19", "1", ""),
        ("Mycoplasma Bacterial Pneumonia", "1", ""),
        ("Pneumonia/ARDS|Pneumonia/Viral/COVID-19", "1", ""),
        ("Tuberculosis|Pneumonia", "1", ""),
        ("No Finding", "0", ""),
        ("Tuberculosis", "", "another finding: Tuberculosis"),
        ("todo", "", "todo"),
        ("Unknown", "", "Unknown"),
        ("", "", "no finding given"),
        ("Suspected COVID-19", "", "finding not readable"),
        ("no pneumonia", "", "finding not readable"),
    ],
)
def test_pneumonia_is_what_is_read_as_one_and_healthy_what_is_said_to_be(
    finding: str, label: str, why: str
) -> None:
    found = answer("pneumonia", {"finding": finding})
    assert [row.label for row in found.rows] == ([label] if label else [])
    assert found.steps[2].left_out == ({why: 1} if why else {})


def test_each_filter_tells_what_it_left_out() -> None:
    found = answer(
        "pneumonia",
        {"filename": ""},
        {"folder": "volumes", "filename": "v.nii.gz", "view": "", "modality": "CT"},
        {"view": "L"},
        {"view": "?"},
        {"finding": "todo"},
        {"filename": "a.png", "patientid": "9"},
        {"filename": "a.png", "patientid": "9"},
        {"patientid": "9"},
        {"patientid": ""},
        views=("PA",),
        per_patient=True,
    )
    assert [(step.what, step.images, step.patients) for step in found.steps] == [
        ("all rows", 9, 6),
        ("images", 7, 4),
        ("of view PA", 5, 2),
        ("whose answer is known", 4, 1),
        ("each file once", 3, 1),
        ("one image a patient", 1, 1),
    ]
    assert [dict(step.left_out) for step in found.steps] == [
        {},
        {"in volumes": 1, "no filename": 1},
        {"view L": 1, "view not known": 1},
        {"todo": 1},
        {"another row names the file": 1},
        {"another image of the patient is taken": 1, "no patient id": 1},
    ]


def test_a_no_that_another_column_contradicts_is_no_answer() -> None:
    found = answer("intubation", {"intubated": "N", "intubation_present": "Y"})
    assert found.steps[2].left_out == {"N contradicts intubation_present Y": 1}


def test_a_patient_with_two_answers_is_left_out_and_told() -> None:
    rows = [{"patientid": "7", "survival": "Y"}, {"patientid": "7", "survival": "N", "view": "L"}]
    found = answer("survival", *rows, {"patientid": "7", "survival": "?"}, views=("PA",))
    assert found.rows == ()
    assert found.told == ("patient 7 has both Y and N in survival",)


def test_a_finding_may_change_from_day_to_day() -> None:
    rows = [{"patientid": "7", "finding": text} for text in ("No Finding", "Pneumonia")]
    assert [row.label for row in answer("pneumonia", *rows).rows] == ["0", "1"]
    found = answer("pneumonia", *rows, per_patient=True)
    assert found.rows == ()
    assert found.told == ("patient 7: some images say 0, some 1",)


def test_rows_of_one_file_that_disagree_are_left_out_and_told() -> None:
    rows = [{"filename": "a.png", "finding": text} for text in ("No Finding", "Pneumonia")]
    found = answer("pneumonia", *rows)
    assert (found.rows, found.told) == ((), ("a.png: its rows disagree",))


def test_of_a_patient_the_earliest_image_with_a_known_day_is_taken() -> None:
    rows = [
        {"patientid": "1", "offset": "5", "filename": "a.png"},
        {"patientid": "1", "offset": "-2", "filename": "b.png"},
        {"patientid": "1", "offset": "", "filename": "0.png"},
        {"patientid": "2", "offset": "?", "filename": "d.png"},
        {"patientid": "2", "offset": "", "filename": "c.png"},
    ]
    found = answer("survival", *rows, per_patient=True)
    assert [(row.filename, row.offset_days) for row in found.rows] == [
        ("b.png", -2),
        ("c.png", None),
    ]


def test_before_the_outcome_is_where_it_is_known_not_to_be_there() -> None:
    known = {"a.png": ("Y", "Y"), "b.png": ("Y", "N"), "c.png": ("Y", "?"), "d.png": ("N", "")}
    rows = [
        {"filename": name, "went_icu": ever, "in_icu": now} for name, (ever, now) in known.items()
    ]
    every = answer("icu", *rows)
    assert [row.already for row in every.rows] == ["yes", "no", "", "no"]
    before = answer("icu", *rows, only_before=True)
    assert labelled(before) == {"b.png": "1", "d.png": "0"}


def scored(name: str, text: str, value: float | None) -> Annotated:
    score = Score(name="geographic_extent_mean", written="x", text=text, value=value)
    return Annotated(image=name, written=name, scores=(score,))


@pytest.mark.parametrize(("text", "label"), [("4.0", "4"), ("3.3333333333", "3.3333333333")])
def test_a_score_keeps_every_digit_and_a_whole_one_no_point(text: str, label: str) -> None:
    image = scored("image-1.png", text, float(text))
    file = AnnotationFile(path="a.csv", format="severity", images=(image,))
    found = taskrows.table(build.dataset({}, annotations=(file,)), TASKS["severity"])
    assert labelled(found) == {"image-1.png": label}


def test_scores_are_those_of_the_annotations_within_their_range() -> None:
    first = [("image-1.png", "3.50", 3.5), ("image-2.png", "9", 9.0), ("image-3.png", "bad", None)]
    second = [("image-1.png", "3.5", 3.5), ("image-4.png", "1", 1.0), ("image-4.png", "2", 2.0)]
    files = tuple(
        AnnotationFile(path=f"{at}.csv", format="severity", images=tuple(scored(*e) for e in each))
        for at, each in enumerate((first, [*second, ("image-5.png", "", None)]))
    )
    found = taskrows.table(build.dataset(*({},) * 5, annotations=files), TASKS["severity"])
    assert labelled(found) == {"image-1.png": "3.5"}
    assert found.steps[2].left_out == {
        "no score from 0 to 8": 2,
        "not scored": 1,
        "scored in two ways": 1,
    }


def test_counts_are_by_view_and_label() -> None:
    rows = [
        {"patientid": "1", "view": "PA", "finding": "Pneumonia"},
        {"patientid": "1", "view": "pa", "finding": "Pneumonia"},
        {"patientid": "2", "view": "?", "finding": "No Finding"},
    ]
    assert taskrows.counts(answer("pneumonia", *rows).rows) == {
        "PA": {"1": (2, 1)},
        "": {"0": (1, 1)},
    }


@given(
    st.lists(
        st.tuples(st.sampled_from("123 "), st.sampled_from(["Y", "N", "", "?", "yes"])), max_size=12
    )
)
def test_per_patient_no_patient_stands_twice_and_each_filter_only_takes_away(
    drawn: list[tuple[str, str]],
) -> None:
    rows = [{"patientid": who, "survival": text} for who, text in drawn]
    found = answer("survival", *rows, per_patient=True)
    people = [row.patientid for row in found.rows]
    assert len(set(people)) == len(people)
    images = [step.images for step in found.steps]
    assert images == sorted(images, reverse=True)
    for before, step in zip(found.steps, found.steps[1:], strict=False):
        assert before.images - step.images == sum(step.left_out.values())
