"""The reference collection in the repository: drawn, never edited, and true to its annotations."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pydicom
import pytest
from PIL import Image
from tools import draw_collection

ROOT = Path(__file__).resolve().parent.parent
ANNOTATIONS = ROOT / "annotations"
MASKS = ANNOTATIONS / "lung-masks"
HEADER = (
    "patientid, offset, sex, age, finding, RT_PCR_positive, survival, intubated, "
    "intubation_present, went_icu, in_icu, needed_supplemental_O2, extubated, temperature, "
    "pO2_saturation, leukocyte_count, neutrophil_count, lymphocyte_count, view, modality, date, "
    "location, folder, filename, doi, url, license, clinical_notes, other_notes"
).replace(", ", ",")
LABELS = {
    "No Finding",
    "Pneumonia",
    "Pneumonia/ARDS",
    "Pneumonia/Aspiration",
    "Pneumonia/Bacterial",
    "Pneumonia/Bacterial/Chlamydophila",
    "Pneumonia/Bacterial/E.Coli",
    "Pneumonia/Bacterial/Klebsiella",
    "Pneumonia/Bacterial/Legionella",
    "Pneumonia/Bacterial/Mycoplasma",
    "Pneumonia/Bacterial/Nocardia",
    "Pneumonia/Bacterial/Staphylococcus/MRSA",
    "Pneumonia/Bacterial/Streptococcus",
    "Pneumonia/Fungal",
    "Pneumonia/Fungal/Aspergillosis",
    "Pneumonia/Fungal/Pneumocystis",
    "Pneumonia/Lipoid",
    "Pneumonia/Viral",
    "Pneumonia/Viral/COVID-19",
    "Pneumonia/Viral/Herpes",
    "Pneumonia/Viral/Influenza",
    "Pneumonia/Viral/Influenza/H1N1",
    "Pneumonia/Viral/MERS-CoV",
    "Pneumonia/Viral/SARS",
    "Pneumonia/Viral/Varicella",
    "Tuberculosis",
}
FRONTAL = {"PA", "AP", "AP Supine"}
# Of one illness, whatever the day of the image.
SAME_FOR_A_PATIENT = (
    "sex",
    "age",
    "finding",
    "survival",
    "intubated",
    "went_icu",
    "needed_supplemental_O2",
    "extubated",
    "license",
    "url",
    "location",
)
RANGES = {
    "age": (18, 89),
    "offset": (0, 60),
    "temperature": (35, 41),
    "pO2_saturation": (70, 100),
    "leukocyte_count": (0.5, 30),
}
# A decoder of another build may round a JPEG by a grey level or two, seldom by more.
JPEG_TOLERANCE_MEAN, JPEG_TOLERANCE = 0.5, 8


@cache
def rows() -> list[dict[str, str]]:
    with (ROOT / "metadata.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_patients() -> dict[str, list[dict[str, str]]]:
    patients = defaultdict(list)
    for row in rows():
        patients[row["patientid"]].append(row)
    return patients


def frontals() -> set[str]:
    return {row["filename"] for row in rows() if row["view"] in FRONTAL}


def decoded(name: str, content: bytes) -> tuple[Any, ...]:
    """Return what a file holds, free of how it was compressed."""
    if name.endswith(".dcm"):
        item = pydicom.dcmread(io.BytesIO(content))
        elements = [str(element) for element in item if element.keyword != "PixelData"]
        return item.pixel_array, elements
    if name.endswith(".nii.gz"):
        image = nib.Nifti1Image.from_bytes(gzip.decompress(content))
        return np.asarray(image.dataobj), image.affine.tolist(), str(image.header)
    if name.endswith((".jpg", ".png")):
        with Image.open(io.BytesIO(content)) as image:
            return np.asarray(image), image.format, image.mode
    return np.zeros(0), content


def table(name: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the `##` lines and the rows of a table of scores."""
    lines = (ANNOTATIONS / name).read_text(encoding="utf-8").splitlines()
    preamble = [line for line in lines if line.startswith("## ")]
    return preamble, list(csv.DictReader(lines[len(preamble) :]))


def coco() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ANNOTATIONS / "lung_bounding_boxes.json").read_bytes())
    return content


def size_of(name: str) -> tuple[int, int]:
    path = ROOT / "images" / name
    if path.suffix == ".dcm":
        item = pydicom.dcmread(path, stop_before_pixels=True)
        return item.Columns, item.Rows
    with Image.open(path) as image:
        return image.size


def test_drawing_twice_gives_the_same_bytes_and_they_are_what_the_repository_holds(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-W", "error", "tools/draw_collection.py", "--root", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        drawn = dict(draw_collection.files())
        said, _ = process.communicate()
    assert process.returncode == 0
    assert said.startswith(f"drew {len(drawn)} files")
    again = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert sorted(again) == sorted(drawn)
    assert [name for name in drawn if drawn[name] != again[name]] == []
    assert (ROOT / "metadata.csv").read_bytes() == drawn["metadata.csv"]
    for name, content in drawn.items():
        assert_same(name, content, (ROOT / name).read_bytes())


def assert_same(name: str, drawn: bytes, held: bytes) -> None:
    (pixels, *about), (expected, *expected_about) = decoded(name, held), decoded(name, drawn)
    assert about == expected_about, name
    assert pixels.shape == expected.shape, name
    assert pixels.dtype == expected.dtype, name
    away = np.abs(pixels.astype(np.int32) - expected.astype(np.int32))
    if name.endswith(".jpg"):
        assert away.mean() <= JPEG_TOLERANCE_MEAN, name
    assert away.max(initial=0) <= (JPEG_TOLERANCE if name.endswith(".jpg") else 0), name


def test_the_table_is_plain_text_with_today_s_header() -> None:
    content = (ROOT / "metadata.csv").read_bytes()
    assert content.split(b"\n", 1)[0].decode() == HEADER
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert all(None not in row and None not in row.values() for row in rows())
    assert all(cell == cell.strip() and "\n" not in cell for row in rows() for cell in row.values())


def test_every_row_has_its_file_and_every_file_its_row() -> None:
    named = [f"{row['folder']}/{row['filename']}" for row in rows()]
    held = [
        path.relative_to(ROOT).as_posix()
        for folder in ("images", "volumes")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    ]
    assert sorted(named) == sorted(held)


def test_file_names_are_safe_and_unique_without_their_extension() -> None:
    names = [row["filename"] for row in rows()]
    assert all(re.fullmatch(r"[a-z0-9-]+\.(jpg|png|dcm|nii\.gz)", name) for name in names)
    assert len({name.split(".")[0] for name in names}) == len(names)


def test_no_two_files_hold_the_same_pixels() -> None:
    seen = Counter(
        decoded(path.name, path.read_bytes())[0].tobytes() for path in (ROOT / "images").iterdir()
    )
    assert max(seen.values()) == 1


def test_the_collection_is_small() -> None:
    folders = [ROOT / name for name in ("images", "volumes", "annotations")]
    sizes = [path.stat().st_size for folder in folders for path in folder.rglob("*")]
    assert max(sizes) < 150_000
    assert sum(sizes) < 4_000_000


def test_extensions_and_bit_depths_are_what_the_files_hold() -> None:
    kinds: Counter[tuple[str, str]] = Counter()
    for path in (ROOT / "images").iterdir():
        if path.suffix != ".dcm":
            with Image.open(path) as image:
                image.load()
                kinds[path.suffix, f"{image.format} {image.mode}"] += 1
                assert min(image.size) >= 224
                assert max(image.size) <= 420
                assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert set(kinds) == {(".jpg", "JPEG L"), (".png", "PNG L"), (".png", "PNG I;16")}


def test_every_label_view_and_modality_occurs_on_radiographs_where_it_can() -> None:
    radiographs = [row for row in rows() if row["modality"] == "X-ray"]
    assert {label for row in radiographs for label in row["finding"].split("|")} == LABELS
    assert {label for row in rows() for label in row["finding"].split("|")} == LABELS
    assert {row["view"] for row in radiographs} == {*FRONTAL, "L"}
    slices = [row for row in rows() if row["modality"] == "CT" and row["folder"] == "images"]
    assert {row["view"] for row in slices} == {"Axial", "Coronal", "Sagittal"}
    assert {row["modality"] for row in rows()} == {"X-ray", "CT"}
    assert 38 <= len(radiographs) <= 44
    counts = Counter(row["finding"] for row in rows())
    assert counts.most_common(1)[0][0] == "Pneumonia/Viral/COVID-19"
    assert counts["Pneumonia/ARDS|Pneumonia/Viral/COVID-19"] == 2


def test_licences_are_mostly_free_of_conditions_and_every_row_says_it_is_synthetic() -> None:
    counts = Counter(lines[0]["license"] for lines in of_patients().values())
    assert counts.pop("CC0-1.0") > 25
    assert counts == {"CC-BY-4.0": 1, "CC-BY-NC-SA-4.0": 1, "LicenseRef-Synthetic-Phantom": 1}
    assert all("Synthetic phantom" in row["other_notes"] for row in rows())
    assert all(row["doi"] == "" or row["doi"].startswith("10.5555/") for row in rows())
    assert all(re.fullmatch(r"https://example\.org/phantoms/\d+", row["url"]) for row in rows())


@pytest.mark.parametrize("column", RANGES)
def test_numbers_are_within_what_a_patient_can_have(column: str) -> None:
    lowest, highest = RANGES[column]
    numbers = [float(row[column]) for row in rows() if row[column]]
    assert len(numbers) > 20
    assert lowest <= min(numbers)
    assert max(numbers) <= highest


def test_cells_of_one_row_agree() -> None:
    for row in rows():
        assert re.fullmatch(r"20[0-2][0-9](-[0-9]{2}){0,2}", row["date"])
        assert row["date"] < "2025"
        assert row["sex"] in {"M", "F"}
        if row["intubation_present"] == "Y":
            assert row["intubated"] == "Y"
        if row["in_icu"] == "Y":
            assert row["went_icu"] == "Y"
        assert (row["extubated"] != "") == (row["intubated"] == "Y")
        if row["neutrophil_count"]:
            cells = float(row["neutrophil_count"]) + float(row["lymphocyte_count"])
            assert cells <= float(row["leukocyte_count"])


def test_a_patient_is_the_same_person_with_the_same_illness_on_every_row() -> None:
    for patient, lines in of_patients().items():
        for column in SAME_FOR_A_PATIENT:
            assert len({row[column] for row in lines}) == 1, (patient, column)


def test_dates_and_offsets_of_a_patient_grow_together() -> None:
    for lines in of_patients().values():
        for earlier, later in pairwise(lines):
            days = dt.date.fromisoformat(later["date"]) - dt.date.fromisoformat(earlier["date"])
            assert days.days == int(later["offset"]) - int(earlier["offset"]) >= 0


def test_one_patient_is_followed_from_admission_to_recovery() -> None:
    columns = ("offset", "view", "intubation_present", "in_icu", "went_icu", "extubated")
    assert [tuple(row[column] for column in columns) for row in of_patients()["P001"]] == [
        ("0", "PA", "N", "N", "Y", "Y"),
        ("3", "AP", "N", "N", "Y", "Y"),
        ("5", "AP Supine", "Y", "Y", "Y", "Y"),
        ("9", "AP Supine", "Y", "Y", "Y", "Y"),
        ("20", "PA", "N", "N", "Y", "Y"),
    ]
    scores = {row["filename"]: row for row in table("severity-scores.csv")[1]}
    extents = [
        float(scores[row["filename"]]["geographic_extent_mean"]) for row in of_patients()["P001"]
    ]
    assert extents[0] < extents[1] < extents[2] > extents[3] > extents[4]


def test_the_dicom_radiograph_says_what_its_row_says_and_nothing_about_a_person() -> None:
    (row,) = (row for row in rows() if row["filename"].endswith(".dcm"))
    item = pydicom.dcmread(ROOT / "images" / row["filename"])
    assert item.Modality == "CR"
    assert item.PatientID == row["patientid"]
    assert item.ViewPosition == row["view"]
    assert item.PatientSex == row["sex"]
    assert item.PatientAge == f"{int(row['age']):03}Y"
    assert item.StudyDate == row["date"].replace("-", "")
    assert item.PatientName == "SYNTHETIC^PHANTOM"
    assert item.PatientIdentityRemoved == "YES"
    assert item.BurnedInAnnotation == "NO"
    assert item.PatientBirthDate == ""
    assert (item.BitsAllocated, item.BitsStored, item.HighBit) == (16, 12, 11)
    assert item.PixelSpacing == item.ImagerPixelSpacing
    assert item.pixel_array.max() < 1 << 12
    assert all(element.VR != "UI" or len(str(element.value)) <= 64 for element in item)


@pytest.mark.parametrize(
    ("name", "spacing", "orientation"),
    [
        ("phantom-004-ct.nii.gz", (5.5, 5.5, 8.0), ("R", "A", "S")),
        ("phantom-024-ct.nii.gz", (5.0, 5.0, 7.5), ("L", "A", "S")),
    ],
)
def test_volumes_are_in_hounsfield_units_and_know_where_they_are(
    name: str, spacing: tuple[float, ...], orientation: tuple[str, ...]
) -> None:
    image = nib.load(ROOT / "volumes" / name)
    voxels = np.asarray(image.dataobj)
    assert voxels.shape == (64, 64, 32)
    assert image.header.get_data_dtype() == np.int16
    assert image.header.get_zooms() == pytest.approx(spacing)
    assert image.header.get_xyzt_units()[0] == "mm"
    assert nib.aff2axcodes(image.affine) == orientation
    assert (int(image.header["qform_code"]), int(image.header["sform_code"])) == (1, 1)
    assert np.allclose(image.get_qform(), image.affine, atol=1e-4)
    assert np.allclose(image.affine @ [31.5, 31.5, 15.5, 1], [0, 0, 0, 1], atol=1e-4)
    assert -1024 <= voxels.min() < -980
    assert 300 < voxels.max() <= 1500
    glass = ((voxels > -550) & (voxels < -300)).sum()
    aerated = ((voxels > -950) & (voxels < -650)).sum()
    assert aerated > 5_000
    assert 0.02 < glass / aerated < 0.6


@pytest.mark.parametrize("name", ["phantom-004-ct.nii.gz", "phantom-024-ct.nii.gz"])
def test_the_liver_is_on_the_right_and_the_spine_at_the_back(name: str) -> None:
    image = nib.as_closest_canonical(nib.load(ROOT / "volumes" / name))
    voxels = np.asarray(image.dataobj)
    dense = np.argwhere(voxels > 150)
    assert np.median(dense[:, 1]) < 31.5
    half = voxels[:, :, 8:18] > 0
    assert half[:31].sum() > half[33:].sum()  # from left to right: the heart is on the left


def test_boxes_are_those_of_all_frontal_radiographs_and_name_their_licence() -> None:
    content = coco()
    assert content["info"]["license"] == "CC0-1.0"
    assert content["info"]["description"]
    assert {c["id"]: c["name"] for c in content["categories"]} == {1: "Right Lung", 2: "Left Lung"}
    assert {image["file_name"] for image in content["images"]} == frontals()
    for image in content["images"]:
        assert (image["width"], image["height"]) == size_of(image["file_name"])
    ids = [annotation["id"] for annotation in content["annotations"]]
    assert len(set(ids)) == len(ids) == 2 * len(content["images"])


def test_boxes_lie_inside_their_images_and_the_right_lung_on_the_left() -> None:
    content = coco()
    boxes = {(a["image_id"], a["category_id"]): a for a in content["annotations"]}
    for image in content["images"]:
        right, left = (boxes[image["id"], category]["bbox"] for category in (1, 2))
        assert right[0] + right[2] <= left[0]
        for x, y, width, height in (right, left):
            assert 0 <= x < x + width <= image["width"]
            assert 0 <= y < y + height <= image["height"]
            assert height > width > 0.1 * image["width"]
    for annotation in content["annotations"]:
        assert annotation["iscrowd"] == 0
        assert annotation["area"] == annotation["bbox"][2] * annotation["bbox"][3]


def test_masks_are_binary_of_the_image_s_size_and_fill_their_boxes() -> None:
    content = coco()
    images = {Path(image["file_name"]).stem: image for image in content["images"]}
    masks = sorted(MASKS.glob("*.png"))
    assert len(masks) >= 12
    for path in masks:
        image = images[path.name.removesuffix("_mask.png")]
        with Image.open(path) as opened:
            assert opened.mode == "L"
            assert opened.info["Copyright"].startswith("CC0-1.0")
            mask = np.array(opened)
        assert mask.shape == (image["height"], image["width"])
        assert set(np.unique(mask).tolist()) == {0, 255}
        boxes = [a["bbox"] for a in content["annotations"] if a["image_id"] == image["id"]]
        for box in boxes:
            assert extent_of(mask, box) == box
        assert (mask > 0).sum() == sum((inside(mask, box) > 0).sum() for box in boxes)


def inside(mask: np.ndarray[Any, Any], box: list[int]) -> np.ndarray[Any, Any]:
    x, y, width, height = box
    return mask[y : y + height, x : x + width]


def extent_of(mask: np.ndarray[Any, Any], box: list[int]) -> list[int]:
    """Return the box of what a mask shows between a box's left and right edges."""
    columns = mask[:, box[0] : box[0] + box[2]] > 0
    across, down = np.flatnonzero(columns.any(axis=0)), np.flatnonzero(columns.any(axis=1))
    left, top = box[0] + int(across[0]), int(down[0])
    return [left, top, int(across[-1] - across[0]) + 1, int(down[-1] - down[0]) + 1]


def test_lungs_are_darker_than_what_lies_between_them() -> None:
    content = coco()
    boxes = {(a["image_id"], a["category_id"]): a["bbox"] for a in content["annotations"]}
    for image in content["images"]:
        path = ROOT / "images" / image["file_name"]
        pixels = decoded(path.name, path.read_bytes())[0].astype(float)
        right, left = boxes[image["id"], 1], boxes[image["id"], 2]
        lungs = np.median([np.median(inside(pixels, box)) for box in (right, left)])
        lower = slice(right[1] + right[3] // 2, right[1] + right[3])
        between = pixels[lower, right[0] + right[2] : left[0]]
        assert lungs < 0.95 * np.median(between), path.name


def test_the_marker_lies_outside_the_lungs() -> None:
    for truth in coco()["annotations"]:
        x, y, _, height = truth["bbox"]
        image = coco()["images"][truth["image_id"] - 1]
        if image["file_name"].endswith(".dcm"):
            continue
        dots = 1 if image["width"] < 300 else 2
        assert y + height <= image["height"] - 8 - 5 * dots or x >= 8 + 36 * dots


def test_severity_scores_are_in_range_and_cover_all_frontal_radiographs() -> None:
    preamble, scores = table("severity-scores.csv")
    assert any("License: CC0-1.0" in line for line in preamble)
    assert any("Citation:" in line for line in preamble)
    assert list(scores[0]) == ["filename", "geographic_extent_mean", "opacity_mean"]
    assert {score["filename"] for score in scores} == frontals()
    clear = {row["filename"] for row in rows() if row["finding"] == "No Finding"}
    for score in scores:
        extent, opacity = float(score["geographic_extent_mean"]), float(score["opacity_mean"])
        assert 0 <= extent <= 8
        assert 0 <= opacity <= 6
        assert (extent == 0) == (opacity == 0) == (score["filename"] in clear)


def test_brixia_scores_are_in_range_and_their_sum_is_right() -> None:
    preamble, scores = table("brixia-scores.csv")
    assert any("License: CC0-1.0" in line for line in preamble)
    assert any("Citation:" in line for line in preamble)
    assert list(scores[0]) == ["filename", *"ABCDEF", "brixia_score"]
    assert {score["filename"] for score in scores} == frontals()
    for score in scores:
        zones = [int(score[zone]) for zone in "ABCDEF"]
        assert all(0 <= zone <= 3 for zone in zones)
        assert int(score["brixia_score"]) == sum(zones)
