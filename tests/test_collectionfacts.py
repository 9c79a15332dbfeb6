"""Numbers of small tables that were counted by hand."""

from __future__ import annotations

import math

import pytest
from tests import build

from covidxr.collectionfacts import Count, against_sources, gather, leak

COVID, BACTERIAL, NORMAL = "Pneumonia/Viral/COVID-19", "Pneumonia/Bacterial", "No Finding"
ONE, OTHER = "https://one.example/case/1", "https://www.other.example/case/2"


def test_images_and_patients_are_counted_by_what_the_cells_say() -> None:
    facts = gather(
        build.dataset(
            {"patientid": "1", "sex": "F", "view": "PA"},
            {"patientid": "1", "sex": "female", "view": "AP"},
            {"patientid": "2", "sex": "M", "view": "PA"},
            {"patientid": "", "sex": "", "view": ""},
            {"patientid": "3", "sex": "w", "view": "odd"},
        )
    )
    assert (facts.images, facts.patients) == (5, 3)
    assert facts.sexes == (
        Count(name="female", images=2, patients=1),
        Count(name="male", images=1, patients=1),
        Count(name="not read", images=1, patients=1),
        Count(name="not stated", images=1, patients=0),
    )
    assert [(each.name, each.images) for each in facts.views] == [
        ("PA", 2),
        ("AP", 1),
        ("odd", 1),
        ("not stated", 1),
    ]


def test_ages_are_counted_by_decade_and_the_oldest_together() -> None:
    ages = ("54", "59.5", "60", "0.5", "91", "104", "", "old", "54,5", "200")
    facts = gather(build.dataset(*({"age": age} for age in ages)))
    assert [(each.name, each.images) for each in facts.ages] == [
        ("0 to 9", 1),
        ("50 to 59", 3),
        ("60 to 69", 1),
        ("90 and over", 2),
        ("not read", 2),
        ("not stated", 1),
    ]


def test_a_country_that_cannot_be_read_is_shown_as_such() -> None:
    places = ("Hospital, Milan, Italy", "Rome, Italia", "Springfield", "")
    facts = gather(build.dataset(*({"location": place} for place in places)))
    assert [(each.name, each.images) for each in facts.countries] == [
        ("Italy", 2),
        ("not read", 1),
        ("not stated", 1),
    ]


def test_an_unknown_licence_keeps_its_words_and_a_known_one_gets_its_id() -> None:
    facts = gather(
        build.dataset({"license": "CC BY 4.0"}, {"license": "CC-BY-4.0"}, {"license": "as is"})
    )
    assert [(each.name, each.images) for each in facts.licences] == [("CC-BY-4.0", 2), ("as is", 1)]


def test_labels_of_every_view_are_counted_and_an_empty_table_has_none() -> None:
    facts = gather(
        build.dataset({"finding": COVID, "view": ""}, {"finding": COVID}, {"finding": "todo"})
    )
    assert facts.labels.images == 2
    assert dict(facts.labels.left_out) == {"todo": 1}
    empty = gather(build.dataset())
    assert (empty.images, empty.patients, empty.views, empty.sources.leaks) == (0, 0, (), ())


def test_each_source_has_its_images_and_the_share_of_each_label() -> None:
    table = against_sources(
        build.dataset(
            {"url": ONE, "finding": COVID},
            {"url": ONE, "finding": COVID},
            {"url": ONE, "finding": "todo"},
            {"url": OTHER, "finding": NORMAL},
        )
    )
    assert table.labels == (NORMAL, "Pneumonia")
    names = [(name, images) for name, images, _ in table.rows]
    assert names == [("one.example", 3), ("other.example", 1)]
    shares = [[(each.images, each.of) for each in row] for _, _, row in table.rows]
    assert shares == [[(0, 2), (2, 2)], [(1, 1), (0, 1)]]
    assert table.rows[0][2][1].share == 1.0


def test_a_label_of_the_very_images_of_the_one_above_is_not_asked_about_again() -> None:
    # Every viral image is COVID-19; as many are fungal, and those are other images.
    findings = (COVID, COVID, "Pneumonia/Fungal", "Pneumonia/Fungal", NORMAL)
    table = against_sources(build.dataset(*({"finding": each} for each in findings)))
    assert table.labels == (NORMAL, "Pneumonia", "Pneumonia/Fungal", "Pneumonia/Viral")
    assert against_sources(build.dataset(*({"finding": COVID},) * 3)).labels == ()


def test_two_sources_with_one_label_each_tell_everything() -> None:
    told = leak("x", [(5, 5), (0, 5)])
    assert (told.patients, told.commonest, told.by_source) == (10, 0.5, 1.0)
    assert told.association == pytest.approx(1)


def test_sources_alike_tell_nothing() -> None:
    told = leak("x", [(3, 4), (3, 4)])
    # Chi-square of 3 : 1 in both is 0; whoever has it not is guessed wrongly either way.
    assert (told.commonest, told.by_source, told.association, told.gain) == (0.75, 0.75, 0, 0)


def test_a_source_of_one_patient_tells_nothing_of_that_patient() -> None:
    # Ten sources of one patient each: the source names the patient, and no rule is learnt from it.
    told = leak("x", [(1, 1)] * 4 + [(0, 1)] * 6)
    assert told.by_source == told.commonest == 0.6


def test_the_others_of_a_source_are_asked_by_hand_count() -> None:
    # 4 of 5 have it here, 0 of 2 there; 4 of 7 have it, so the commoner answer is yes.
    # Here: each of the four sees 3 against 1, right; the fifth sees 4 against 0, wrong.
    # There: each sees one other without it, right. 6 of 7.
    told = leak("x", [(4, 5), (0, 2)])
    assert told.by_source == pytest.approx(6 / 7)
    assert told.commonest == pytest.approx(4 / 7)
    # Chi-square of [[4, 1], [0, 2]]: 7 * (4*2 - 1*0)^2 / (5 * 2 * 4 * 3).
    assert told.association == pytest.approx(math.sqrt(64 / 120))
