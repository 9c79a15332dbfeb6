"""Whose files these are."""

from __future__ import annotations

from dataclasses import replace

from covidxr.imaging.belonging import Look
from covidxr.ingestgroups import Group, Item, grouped
from covidxr.ingestmapping import TableRow

SECRET = b"s" * 32


def item(name: str, look: Look | None = None, patient: str = "") -> Item:
    row = TableRow(line=2, file=name, patient=patient, cells={}) if patient else None
    kind = "DICOM" if look else "PNG"
    return Item(
        name=name,
        read=lambda: b"",
        kind=kind,
        sha256=f"sha of {name}",
        source_id=name,
        look=look,
        row=row,
    )


def joined(groups: tuple[Group, ...]) -> list[list[str]]:
    return [[each.name for unit in group.units for each in unit.items] for group in groups]


def test_a_patient_id_joins_files_and_its_issuer_parts_them() -> None:
    items = [
        item("a", Look(patient="1")),
        item("b", Look(patient="2")),
        item("c", Look(patient="1")),
        item("d", Look(patient="1", issuer="North")),
    ]
    assert joined(grouped(items, "", SECRET)) == [["a", "c"], ["b"], ["d"]]


def test_two_contributors_have_no_patient_in_common_and_one_has_the_same_each_time() -> None:
    items = [item("a", Look(patient="1"))]
    names = {
        who: grouped(items, who, SECRET)[0].patient for who in ("North", " north ", "South", "")
    }
    assert names["North"] == names[" north "]
    assert len(set(names.values())) == 3
    assert names[""] != "1"
    assert grouped(items, "North", b"t" * 32)[0].patient != names["North"]


def test_the_table_says_whose_a_file_is_before_its_tags_do() -> None:
    items = [
        item("a", Look(patient="1"), "P"),
        item("b", Look(patient="1")),
        item("c", None, "P"),
        item("d", Look(patient="2")),
    ]
    groups = grouped(items, "", SECRET)
    assert joined(groups) == [["a", "b", "c"], ["d"]]
    assert groups[0].warnings == ()


def test_a_table_that_parts_a_patient_id_and_one_that_joins_two_are_doubted() -> None:
    items = [
        item("a", Look(patient="1"), "P"),
        item("b", Look(patient="1"), "Q"),
        item("c", Look(patient="1")),
        item("d", Look(patient="2"), "Q"),
    ]
    groups = grouped(items, "", SECRET)
    assert joined(groups) == [["a"], ["b", "d"], ["c"]]
    assert all(any("several patients" in each for each in group.warnings) for group in groups)
    assert any("2 different PatientIDs" in each for each in groups[1].warnings)


def test_where_nothing_says_whose_files_are_each_is_alone_unless_a_folder_is_a_patient() -> None:
    items = [item("x/a"), item("x/b"), item("y/c"), item("x/d", Look(study="1.2"))]
    assert joined(grouped(items, "", SECRET)) == [["x/a"], ["x/b"], ["y/c"], ["x/d"]]
    by_folder = grouped(items, "", SECRET, by_folder=True)
    assert joined(by_folder) == [["x/a", "x/b", "x/d"], ["y/c"]]


def test_a_study_without_patient_id_is_one_patient() -> None:
    items = [item("a", Look(study="1.2")), item("b", Look(study="1.2")), item("c", Look())]
    assert joined(grouped(items, "", SECRET)) == [["a", "b"], ["c"]]


def test_slices_at_several_places_are_one_image_and_radiographs_are_not() -> None:
    ct = Look(patient="1", series="s", modality="CT")
    slices = [item(f"{n}", replace(ct, position=f"0\\0\\{n}")) for n in range(3)]
    scout = item("scout", replace(ct, series="t", position="0\\0\\0"))
    plain = [
        item(f"x{n}", replace(ct, series="u", modality="CR", position=f"{n}")) for n in range(2)
    ]
    (group,) = grouped([slices[0], plain[0], *slices[1:], scout, plain[1]], "", SECRET)
    kinds = [(unit.series, [each.name for each in unit.items]) for unit in group.units]
    assert kinds == [
        (True, ["0", "1", "2"]),
        (False, ["x0"]),
        (False, ["scout"]),
        (False, ["x1"]),
    ]


def test_a_packed_ct_is_a_volume() -> None:
    (group,) = grouped([item("a", Look(modality="CT", frames=9))], "", SECRET)
    assert group.units[0].series
