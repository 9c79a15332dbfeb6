"""Where the figures of a PDF stand: boxes of pictures and captions in, figures' places out.

This module owns the geometry. It takes numbers and words that others read, and opens nothing.
A caption without a picture stays one: no place is made up for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr.pdfcaptions import captions_of
from covidxr.pdfwords import lines_of, main_style, overlap, union, vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from covidxr.pdfcaptions import Caption
    from covidxr.pdfwords import Box, Line, Style, Word

SMALLEST = 42.0
"""Points, 1.5 cm: no figure is narrower or lower. Logos and badges in papers of 2020 mostly are."""

# Pictures that stand at the same place on three pages are the page's furniture.
_REPEATED = 3
# Tiles of one picture touch, or are off by rounding; panels begin at 5 pt.
_TOUCH = 3.0
# Between panels of one figure under one caption: 9 to 30 pt in papers of 2020.
_PANELS_APART = 40.0
# Farthest that a caption stands from its figure, over panel letters and white margins.
_FARTHEST = 250.0
# Springer's captions at a figure's side are 8 to 70 pt off, and level with its head or foot.
_FARTHEST_BESIDE = 100.0
_LEVEL = 20.0
# A figure whose caption stands at its side, or at the other end, is rarer: by so many points must
# it be nearer.
_BESIDE, _SHORT, _OTHER_END = 50.0, 50.0, 100.0
# Share of the narrower of a figure and its caption that the other one covers.
_SHARED = 0.3
_MARGIN = 0.1
# Share of the page's height where the first page has the journal's name, and its foot.
_HEAD, _FOOT = 0.15, 0.92
# A scan is one picture over the page. Figures over a whole page leave margins.
_WHOLE_PAGE = 0.9
# Above this a page is a drawing made of pictures, and no paper's page: the most that 170 papers
# had on one was 78.
_MOST_BOXES = 2000
# Words in a line that is text and not a label in a drawing.
_TEXT_WORDS = 5
_LETTER_REACH = 16.0
_LETTER_LENGTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageBox:
    """One picture as it is placed on a page.

    Parameters
    ----------
    box : Box
        Where it stands; may reach beyond the page.
    width, height : int
        Of the picture itself, in pixels.
    name : int
        Number of the picture on the page, for who must find it again.
    """

    box: Box
    width: int
    height: int
    name: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands on one page.

    Parameters
    ----------
    number : int
        From 1.
    box : Box
        The part that is shown.
    words : tuple of Word
        Upright ones, in any order.
    images : tuple of ImageBox
        Every picture.
    """

    number: int
    box: Box
    words: tuple[Word, ...] = ()
    images: tuple[ImageBox, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A figure: where it stands, and its caption.

    Parameters
    ----------
    page : int
        From 1.
    box : Box
        On the page, in points.
    caption : Caption
        Its own.
    images : tuple of ImageBox
        The pictures that it is made of; at least one.
    warnings : tuple of str
        What a curator must know.
    """

    page: int
    box: Box
    caption: Caption
    images: tuple[ImageBox, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The figures of a paper.

    Parameters
    ----------
    found : tuple of Region
        In the paper's order; every number once.
    without : tuple of str
        Numbers of captions that no picture was found for.
    warnings : tuple of str
        What a curator must know.
    """

    found: tuple[Region, ...] = ()
    without: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


# Told apart by what they are: two pictures may lie at one place.
@dataclass(slots=True, eq=False)
class _Cluster:
    box: Box
    images: list[ImageBox] = field(default_factory=list)


def is_scanned(pages: Sequence[Page]) -> bool:
    """Tell whether most pages are one picture each: then nothing says what stands on them."""
    whole = sum(any(_share(page, image) > _WHOLE_PAGE for image in page.images) for page in pages)
    return 2 * whole > len(pages)


def find_regions(pages: Sequence[Page]) -> Regions:
    """Find the figures of a paper.

    Parameters
    ----------
    pages : sequence of Page
        In order.

    Returns
    -------
    Regions
        Where two pictures claim one number, the one whose caption is surely a caption; of equals
        the first.
    """
    main = main_style(word for page in pages for word in page.words)
    vocabulary = vocabulary_of(word for page in pages for word in page.words)
    furniture = _furniture(pages)
    paired: list[Region] = []
    captions: list[tuple[int, Caption]] = []
    warnings: list[str] = []
    for page in pages:
        lines = lines_of(page.words)
        here = captions_of(lines, main, vocabulary)
        captions += [(page.number, caption) for caption in here]
        if len(page.images) > _MOST_BOXES:
            warnings.append(f"page {page.number} has {len(page.images):,} pictures: not looked at")
            continue
        clusters = _clusters(page, furniture)
        paired += _pair(page, clusters, here, _text_lines(lines, here, main))
    found = _one_each(paired, captions)
    numbers = {region.caption.number for region in found}
    without = dict.fromkeys(
        caption.number for _, caption in captions if caption.sure and caption.number not in numbers
    )
    return Regions(found=found, without=tuple(without), warnings=tuple(warnings))


def _share(page: Page, image: ImageBox) -> float:
    """Give the share of a page that a picture covers."""
    wide, high = overlap(page.box, image.box, 0), overlap(page.box, image.box, 1)
    whole = (page.box[2] - page.box[0]) * (page.box[3] - page.box[1])
    return max(wide, 0) * max(high, 0) / whole if whole > 0 else 0.0


def _place(box: Box) -> tuple[int, ...]:
    """Give a place to which what is off by a rounding belongs as well."""
    return tuple(round(each / 2) for each in box)


def _furniture(pages: Sequence[Page]) -> set[tuple[int, ...]]:
    """Give the places where three pages or more have a picture."""
    seen: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
    for page in pages:
        for image in page.images[:_MOST_BOXES]:
            seen[_place(image.box)].add(page.number)
    return {place for place, numbers in seen.items() if len(numbers) >= _REPEATED}


def _clusters(page: Page, furniture: set[tuple[int, ...]]) -> list[_Cluster]:
    """Join the pictures of a page that touch; what is too small then is no figure."""
    high = page.box[3] - page.box[1]
    head, foot = page.box[1] + _HEAD * high, page.box[1] + _FOOT * high
    clusters: list[_Cluster] = []
    for image in page.images:
        box = _within(image.box, page.box)
        if box is None or _place(image.box) in furniture:
            continue
        if page.number == 1 and (box[3] < head or box[1] > foot):
            continue
        clusters.append(_Cluster(box, [image]))
    clusters = _joined(clusters)
    return [
        each
        for each in clusters
        if each.box[2] - each.box[0] >= SMALLEST and each.box[3] - each.box[1] >= SMALLEST
    ]


def _within(box: Box, page: Box) -> Box | None:
    """Cut a box at the page's edges; None where nothing of it is on the page."""
    left, top = max(box[0], page[0]), max(box[1], page[1])
    right, bottom = min(box[2], page[2]), min(box[3], page[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _joined(clusters: list[_Cluster]) -> list[_Cluster]:
    """Join clusters until none touches another."""
    done: list[_Cluster] = []
    for cluster in sorted(clusters, key=lambda each: (each.box[1], each.box[0])):
        current, changed = cluster, True
        while changed:
            near = [each for each in done if _touch(each.box, current.box)]
            changed = bool(near)
            done = [each for each in done if each not in near] if near else done
            for each in near:
                current = _Cluster(union([each.box, current.box]), each.images + current.images)
        done.append(current)
    return done


def _touch(first: Box, second: Box) -> bool:
    return overlap(first, second, 0) >= -_TOUCH and overlap(first, second, 1) >= -_TOUCH


def _text_lines(lines: Sequence[Line], captions: Sequence[Caption], main: Style) -> list[Line]:
    """Give the lines of running text, and those of captions' first rows."""
    of_captions = {id(line) for caption in captions for line in caption.lines}
    return [
        line
        for line in lines
        if id(line) not in of_captions and len(line.words) >= _TEXT_WORDS and line.style == main
    ]


def _pair(
    page: Page, clusters: list[_Cluster], captions: Sequence[Caption], text: Sequence[Line]
) -> list[Region]:
    """Give every caption its pictures: captions below, or captions above where more fit so."""
    below = _assign(clusters, captions, text, below=True)
    above = _assign(clusters, captions, text, below=False)
    chosen = above if len(above) > len(below) else below
    words = [word for word in page.words if len(word.text) <= _LETTER_LENGTH]
    regions = []
    for index, group in sorted(chosen.items()):
        box = _with_letters(union(each.box for each in group), captions, words)
        images = tuple(image for each in group for image in each.images)
        regions.append(
            Region(page=page.number, box=box, caption=captions[index], images=images),
        )
    return regions


def _assign(
    clusters: Sequence[_Cluster], captions: Sequence[Caption], text: Sequence[Line], *, below: bool
) -> dict[int, list[_Cluster]]:
    """Give the clusters of each caption, by its number in order."""
    choices: defaultdict[int, list[tuple[float, _Cluster]]] = defaultdict(list)
    alone: list[_Cluster] = []
    for cluster in clusters:
        costs = [
            (cost, index)
            for index, caption in enumerate(captions)
            if (cost := _distance(cluster.box, caption, text, below=below)) is not None
        ]
        if costs:
            cost, index = min(costs)
            choices[index].append((cost, cluster))
        else:
            alone.append(cluster)
    obstacles = [line.box for line in text] + [caption.box for caption in captions]
    return {
        index: _grown([each for _, each in sorted(near, key=lambda e: e[0])], alone, obstacles)
        for index, near in choices.items()
    }


def _distance(box: Box, caption: Caption, text: Sequence[Line], *, below: bool) -> float | None:
    """Say how far a caption is from a picture, in points; None where it cannot be its own."""
    place = caption.box
    across, along = overlap(box, place, 0), overlap(box, place, 1)
    if along > 0 and -_FARTHEST_BESIDE <= across <= _TOUCH:
        level = min(abs(box[1] - place[1]), abs(box[3] - place[3])) <= _LEVEL
        return max(-across, 0.0) + _BESIDE if level else None
    # A caption may reach a few points into the white margin of a picture.
    if not -_FARTHEST <= along <= _MARGIN * (box[3] - box[1]):
        return None
    cost = max(-along, 0.0)
    narrower = min(box[2] - box[0], place[2] - place[0])
    if across < _SHARED * narrower:
        # A short caption at the left edge of the text, under a figure in its middle.
        if along > _TOUCH or -across > _FARTHEST:
            return None
        if _hit(union([box, place]), (line.box for line in text)):
            return None
        cost += _SHORT + max(-across, 0.0)
    elif _blocked(box, place, text):
        return None
    under = place[1] >= (box[1] + box[3]) / 2
    return cost + (0 if under == below else _OTHER_END)


def _blocked(box: Box, caption: Box, text: Sequence[Line]) -> bool:
    """Tell whether running text stands between a picture and a caption."""
    top, bottom = sorted((box[1], box[3], caption[1], caption[3]))[1:3]
    left, right = max(box[0], caption[0]), min(box[2], caption[2])
    between = (left, top, right, bottom)
    return any(
        overlap(line.box, between, 0) > 0 and top <= (line.box[1] + line.box[3]) / 2 <= bottom
        for line in text
    )


def _grown(near: list[_Cluster], alone: list[_Cluster], obstacles: Sequence[Box]) -> list[_Cluster]:
    """Join to the nearest picture what stands beside it and is as near to no other caption."""
    group, rest = near[:1], near[1:] + alone
    changed = True
    while changed:
        changed = False
        box = union(each.box for each in group)
        for each in rest:
            if _beside(box, each.box) and not _hit(union([box, each.box]), obstacles):
                group.append(each)
                rest.remove(each)
                changed = True
                break
    return group


def _beside(first: Box, second: Box) -> bool:
    """Tell whether two boxes are panels of one figure by their place."""
    for axis in (0, 1):
        shorter = min(first[axis + 2] - first[axis], second[axis + 2] - second[axis])
        level = overlap(first, second, axis) >= 0.5 * shorter
        if level and overlap(first, second, 1 - axis) >= -_PANELS_APART:
            return True
    return False


def _hit(box: Box, obstacles: Iterable[Box]) -> bool:
    """Tell whether a box holds the middle of a line of text or of a caption."""
    return any(
        box[0] < (each[0] + each[2]) / 2 < box[2] and box[1] < (each[1] + each[3]) / 2 < box[3]
        for each in obstacles
    )


def _with_letters(box: Box, captions: Sequence[Caption], words: Sequence[Word]) -> Box:
    """Add panel letters that stand right above, below or beside the pictures."""
    letters = []
    for word in words:
        bare = word.text.strip("().[]:")
        across, along = overlap(word.box, box, 0), overlap(word.box, box, 1)
        near = min(across, along) >= -_LETTER_REACH and max(across, along) > 0
        if near and len(bare) == 1 and bare.isalpha():
            letters += [word.box] * (not any(_inside(word.box, each.box) for each in captions))
    return union([box, *letters])


def _inside(box: Box, other: Box) -> bool:
    return overlap(box, other, 0) > 0 and overlap(box, other, 1) > 0


def _one_each(
    regions: Sequence[Region], captions: Sequence[tuple[int, Caption]]
) -> tuple[Region, ...]:
    """Keep one region of every number; a bare label takes the words that stand elsewhere."""
    kept: dict[str, Region] = {}
    for region in regions:
        number = region.caption.number
        before = kept.get(number)
        if before is None or (region.caption.sure and not before.caption.sure):
            kept[number] = region
    sure = {caption.number for _, caption in captions if caption.sure}
    return tuple(
        _with_legend(region, captions)
        for number, region in kept.items()
        if region.caption.sure or number not in sure
    )


def _with_legend(region: Region, captions: Sequence[tuple[int, Caption]]) -> Region:
    """Take the words of a caption from a list of legends, where the figure has a label alone."""
    if region.caption.text:
        return region
    number = region.caption.number
    legends = [(page, each) for page, each in captions if each.number == number and each.text]
    if len(legends) != 1:
        return region
    page, legend = legends[0]
    caption = replace(region.caption, text=legend.text, bold=legend.bold)
    return replace(region, caption=caption, warnings=(f"the caption stands on page {page}",))
