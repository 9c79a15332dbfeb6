"""What differs between two lists of files, and whose annotations do."""

from __future__ import annotations

from covidxr.annotated import Annotated, AnnotationFile, Mask, Region, Score
from covidxr.comparison import AnnotationDiff
from covidxr.filediff import compare_annotations, compare_files


def test_files_came_went_and_changed() -> None:
    found = compare_files({"a": "1", "b": "2", "c": "3"}, {"b": "2", "c": "9", "d": "4"})
    assert (found.added, found.removed, found.changed, found.renamed) == (
        ("d",),
        ("a",),
        ("c",),
        (),
    )
    assert found.any


def test_the_same_bytes_under_another_name_are_a_renamed_file() -> None:
    found = compare_files({"a": "1"}, {"b": "1"})
    assert found.renamed == (("a", "b"),)
    assert (found.added, found.removed) == ((), ())


def test_a_copy_of_a_file_that_stays_is_a_new_file() -> None:
    found = compare_files({"a": "1"}, {"a": "1", "b": "1"})
    assert (found.added, found.renamed) == (("b",), ())


def test_where_one_file_became_two_none_of_them_is_the_renamed_one() -> None:
    found = compare_files({"a": "1"}, {"b": "1", "c": "1"})
    assert (found.added, found.removed, found.renamed) == (("b", "c"), ("a",), ())


def test_equal_lists_do_not_differ() -> None:
    assert not compare_files({"a": "1"}, {"a": "1"}).any


def boxes(**images: float) -> AnnotationFile:
    return AnnotationFile(
        path="annotations/boxes.json",
        format="coco",
        images=tuple(
            Annotated(
                image=name,
                written=name,
                line=number,
                regions=(Region(label="Lung", box=(left, 0.0, 5.0, 5.0), line=number * 10),),
            )
            for number, (name, left) in enumerate(images.items())
        ),
    )


def test_images_are_named_whose_boxes_came_went_or_changed_and_not_those_that_moved_a_line() -> (
    None
):
    (found,) = compare_annotations([boxes(a=1, b=2, c=3)], [boxes(d=1, c=3, b=9)])
    assert found == AnnotationDiff(
        path="annotations/boxes.json",
        format="coco",
        added=("d",),
        removed=("a",),
        changed=("b",),
    )


def test_a_score_that_is_written_otherwise_is_a_change() -> None:
    def scored(text: str) -> AnnotationFile:
        score = Score(name="opacity_mean", written="opacity", text=text, value=3.0)
        image = Annotated(image="a", written="a", scores=(score,))
        return AnnotationFile(path="annotations/s.csv", format="severity", images=(image,))

    assert compare_annotations([scored("3")], [scored("3.0")])[0].changed == ("a",)
    assert compare_annotations([scored("3")], [scored("3")])[0].changed == ()


def mask(image: str, *runs: int) -> AnnotationFile:
    path = f"annotations/lungs/{image}_mask.png"
    one = Annotated(image=image, written=path, masks=(Mask(path=path, runs=runs),))
    return AnnotationFile(path=path, format="masks", images=(one,))


def test_masks_of_one_folder_are_told_together() -> None:
    found = compare_annotations([mask("a", 1, 2), mask("b", 3)], [mask("a", 2, 1), mask("c", 3)])
    assert found == (
        AnnotationDiff(
            path="annotations/lungs", format="masks", added=("c",), removed=("b",), changed=("a",)
        ),
    )


def test_a_file_that_no_adapter_knows_names_no_image() -> None:
    (found,) = compare_annotations([], [AnnotationFile(path="annotations/x.bin", format="")])
    assert found == AnnotationDiff(path="annotations/x.bin", format="")
