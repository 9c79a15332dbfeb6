"""What annotation files say of images, as frozen records.

This module owns plain values and nothing else: which file says it, at which line, of which image.
How each format is read is its adapter's matter; what is wrong is for the rules to say.
"""

from __future__ import annotations

from dataclasses import dataclass

FOLDER = "annotations"
"""Where annotation files lie, relative to the collection's root."""

ZONES = ("A", "B", "C", "D", "E", "F")
"""Zones of a Brixia score: right lung, upper, middle, lower; then the left lung's."""

SUM = "brixia_score"
"""Name of the sum of the six zones."""

MOST = {"geographic_extent_mean": 8, "opacity_mean": 6, SUM: 18, **dict.fromkeys(ZONES, 3)}
"""Greatest value of each score; the least is 0.

Sources: Cohen et al. 2020, arXiv:2005.11856 (both lungs together); Borghesi and Maroldi 2020,
doi:10.1007/s11547-020-01200-3.
"""

MOST_VALUES = 256
"""How many distinct values of a mask are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One thing that is marked in an image by a box, outlines, or both.

    Parameters
    ----------
    label : str
        What is marked, as the file words it (``"Right Lung"``); empty where it does not say.
    box : tuple of (float or None) or None
        Left, top, width and height in pixels of the image, from its upper left corner; None in
        place of a number that the file leaves null or writes as none. None for the whole where the
        file gives no box.
    outlines : tuple of tuple of float
        Polygons in pixels, x and y in turn, closed by themselves; empty where there are none.
    line : int or None
        1-based line of the file on which it begins; None where that is not known.
    """

    label: str = ""
    box: tuple[float | None, float | None, float | None, float | None] | None = None
    outlines: tuple[tuple[float, ...], ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """A picture of the same size as an image, in which what is not black is marked.

    Parameters
    ----------
    path : str
        The mask's file, relative to the collection's root; empty where it stands inside another.
    label : str
        What is marked; empty where nothing says.
    width, height : int or None
        In pixels; None where it cannot be read.
    values : tuple of int
        Distinct values of its pixels, ascending, cut after 256; empty where they were not read.
    runs : tuple of int
        Pixels not marked and marked in turn, column by column from the upper left corner, as COCO
        counts them; empty where they were not read. Their sum is width times height.
    problem : str
        Why it cannot be read; else empty.
    """

    path: str
    label: str = ""
    width: int | None = None
    height: int | None = None
    values: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()
    problem: str = ""

    @property
    def area(self) -> int:
        """Pixels that are marked."""
        return sum(self.runs[1::2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One number that a reader gave an image.

    Parameters
    ----------
    name : str
        Today's name of what is scored: ``"geographic_extent_mean"``, ``"opacity_mean"``, ``"A"`` to
        ``"F"``, ``"brixia_score"``; the file's own word where it is none of these.
    written : str
        The name as the file's header writes it.
    text : str
        The cell; empty where nothing was scored.
    value : float or None
        What it says; None where it says nothing, or no number.
    line, column : int or None
        1-based place of the cell; column in characters.
    """

    name: str
    written: str
    text: str
    value: float | None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """What one file says of one image.

    Parameters
    ----------
    image : str
        The image's file name without folder, found among the collection's rows where the file names
        it by its stem alone; the file's own words where no row fits.
    written : str
        As the file names it.
    row : int or None
        Position of the first row that names the image; None where no row does.
    line, column : int or None
        1-based place in the file at which it names the image.
    width, height : int or None
        Size of the image as the file says it; None where it does not.
    file : str
        Path of the file that says it, where that is one of a folder's; else empty.
    copies : tuple of (str, str)
        What the file repeats of the row: today's column name and text; empty texts left out.
    places : tuple of (int, int)
        1-based line and column, in characters, of each of `copies`; empty where not known.
    regions : tuple of Region
        Boxes and outlines.
    masks : tuple of Mask
        Masks.
    scores : tuple of Score
        Scores.
    """

    image: str
    written: str
    row: int | None = None
    line: int | None = None
    column: int | None = None
    width: int | None = None
    height: int | None = None
    file: str = ""
    copies: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    regions: tuple[Region, ...] = ()
    masks: tuple[Mask, ...] = ()
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationProblem:
    """Something that keeps a file, or a part of it, from being read.

    Parameters
    ----------
    message : str
        What is wrong.
    line, column : int or None
        1-based place; None where it is the file's.
    suggestion : str or None
        What to do, where that is known.
    file : str
        Path of the file, where it is one of a folder's; else empty.
    """

    message: str
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationFile:
    """One file of annotations, or one folder of masks.

    Parameters
    ----------
    path : str
        Relative to the collection's root; of a folder of masks the folder, without a slash behind.
    format : str
        Key of the adapter that read it: ``"coco"``, ``"masks"``, ``"severity"``, ``"brixia"``,
        ``"voc"``, ``"boxes"``; empty where none knows it.
    images : tuple of Annotated
        In the order of the file.
    licence : str
        As the file words it; empty where it does not.
    citation : str
        As the file words it; empty where it does not.
    labels : tuple of str
        What can be marked, in the order in which the file lists it.
    columns : tuple of Score
        Of a table of scores the header's cells, without values; else empty.
    problems : tuple of AnnotationProblem
        What could not be read.
    """

    path: str
    format: str
    images: tuple[Annotated, ...] = ()
    licence: str = ""
    citation: str = ""
    labels: tuple[str, ...] = ()
    columns: tuple[Score, ...] = ()
    problems: tuple[AnnotationProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The bytes of an image on which an annotation was made.

    Parameters
    ----------
    annotation : str
        Path of the annotation's file (of a mask the mask's own), relative to the root.
    filename : str
        The image's file name.
    sha256 : str
        Of the image's bytes when it was pinned.
    line : int
        1-based line of the pin.
    """

    annotation: str
    filename: str
    sha256: str
    line: int = 0
