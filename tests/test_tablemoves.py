"""What two tables amount to: labels, patients, licences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr import csvread, tablediff, tablemoves
from covidxr.labelcounts import StatsOptions
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.comparison import LicenceChange


def table(*changes: Mapping[str, str]) -> Table:
    return Table(csvread.parse(build.csv_text(build.rows(*changes)).encode()))


def test_labels_whose_numbers_moved_are_told_and_no_others() -> None:
    old = table({"finding": "Pneumonia"}, {"finding": "No Finding"})
    new = table({"finding": "Pneumonia/Viral"}, {"finding": "No Finding"})
    moves = tablemoves.label_moves(old, new, StatsOptions())
    assert [(move.group, move.label, move.old_images, move.images) for move in moves] == [
        ("PA, AP", "Pneumonia/Viral", 0, 1)
    ]


def test_the_totals_of_a_group_stand_before_its_labels() -> None:
    moves = tablemoves.label_moves(table({}), table({}, {"patientid": "1"}), StatsOptions())
    first = moves[0]
    assert (first.label, first.old_images, first.images) == ("", 1, 2)
    assert (first.old_patients, first.patients) == (1, 1)
    assert "Pneumonia/Viral/COVID-19" in [move.label for move in moves]


def test_patients_are_named_once_in_the_order_of_the_table() -> None:
    made = table({"patientid": "7"}, {"patientid": " 7 "}, {"patientid": ""}, {"patientid": "3"})
    assert list(tablemoves.patients(made)) == ["7", "3"]


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("CC-BY-4.0", "CC-BY-NC-4.0", ("commercial use",)),
        ("CC-BY-4.0", "CC-BY-SA-4.0", ("other licences for derivatives",)),
        ("CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0", ("derivatives",)),
        ("CC0-1.0", "CC-BY-4.0", ("use without attribution",)),
        ("CC BY", "CC BY-NC", ("commercial use",)),
        ("CC-BY-4.0", "", ("a stated licence",)),
        ("CC BY-NC-SA", "see the page", ("a stated licence",)),
        ("CC-BY-NC-4.0", "CC-BY-4.0", ()),
        ("CC-BY-4.0", "CC-BY-3.0", ()),
        ("CC-BY-4.0", "CC BY", ()),
        ("", "CC-BY-NC-ND-4.0", ()),
        ("LicenseRef-a", "CC-BY-NC-ND-4.0", ()),
        ("CC-BY-4.0", "LicenseRef-a", ()),
    ],
)
def test_a_licence_is_stricter_where_it_takes_away_what_was_permitted(
    old: str, new: str, lost: tuple[str, ...]
) -> None:
    assert tablemoves.stricter(old, new) == lost


def changes(old: list[str], new: list[str]) -> tuple[LicenceChange, ...]:
    first, second = (table(*({"license": text} for text in texts)) for texts in (old, new))
    match = tablediff.compare(first, second)[1]
    return tablemoves.licence_changes(first, second, zip(match.old, match.new, strict=True))


def test_what_got_stricter_stands_first_however_few_rows_it_is() -> None:
    found = changes(["", "", "CC-BY-4.0"], ["CC-BY-4.0", "CC-BY-4.0", "CC-BY-NC-4.0"])
    assert [(each.old, each.new, len(each.paths)) for each in found] == [
        ("CC-BY-4.0", "CC-BY-NC-4.0", 1),
        ("", "CC-BY-4.0", 2),
    ]
    assert found[0].paths == ("images/image-3.png",)


def test_another_spelling_of_the_same_licence_is_no_other_licence() -> None:
    assert changes(["CC BY 4.0"], ["CC-BY-4.0"]) == ()
