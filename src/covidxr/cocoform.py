"""What annotations say as COCO has it: pure dictionaries, the same for the same records.

This module owns ids and the names of members. Numbers that are whole are written as such.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from covidxr.cocoruns import packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from covidxr.annotated import Mask, Region, Score


@dataclass(slots=True, kw_only=True)
class Instances:
    """A COCO file that is being put together.

    Parameters
    ----------
    info : mapping of str to object
        What it says of itself.
    licenses : list of dict
        With an id each.
    """

    info: Mapping[str, Any]
    licenses: list[dict[str, Any]] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    _labels: dict[str, int] = field(default_factory=dict)

    def image(
        self,
        name: str,
        size: tuple[int, int],
        more: Mapping[str, Any],
        *,
        number: int | None = None,
    ) -> int:
        """Add an image, and give its id: as it is given, or images are counted from 1."""
        number = number or len(self.images) + 1
        own = {"id": number, "file_name": name, "width": size[0], "height": size[1]}
        self.images.append({**own, **more})
        return number

    def region(self, image: int, region: Region, more: Mapping[str, Any] | None = None) -> None:
        """Add a box, outlines or both."""
        shape: dict[str, Any] = {
            "segmentation": [list(map(plain, each)) for each in region.outlines]
        }
        if region.box is not None:
            shape["bbox"] = list(map(plain, region.box))
            shape["area"] = plain((region.box[2] or 0) * (region.box[3] or 0))
        elif region.outlines:
            shape["bbox"] = list(map(plain, around(region.outlines)))
        if region.outlines:
            # COCO's area is that of the segmentation, where there is one.
            shape["area"] = plain(sum(abs(area(each)) for each in region.outlines))
        self._add(image, region.label, {**shape, "iscrowd": 0, **(more or {})})

    def mask(self, image: int, mask: Mask, more: Mapping[str, Any] | None = None) -> None:
        """Add a mask as packed runs."""
        from covidxr.imaging.maskread import marked_of
        from covidxr.imaging.regions import box_around

        marked = marked_of(mask.runs, mask.width or 0, mask.height or 0)
        shape = {
            "segmentation": {"size": [mask.height, mask.width], "counts": packed(mask.runs)},
            "bbox": list(map(plain, box_around(marked))),
            "area": mask.area,
        }
        self._add(image, mask.label, {**shape, "iscrowd": 0, **(more or {})})

    def _add(self, image: int, label: str, shape: Mapping[str, Any]) -> None:
        category = self._labels.setdefault(label or "marked", len(self._labels) + 1)
        own = {"id": len(self.annotations) + 1, "image_id": image, "category_id": category}
        self.annotations.append({**own, **shape})

    def parts(self) -> Iterable[str]:
        """Write the file piece by piece, one entry a line."""
        yield f'{{\n "info": {dumps(self.info)}'
        lists = {
            "licenses": self.licenses,
            "categories": [{"id": number, "name": each} for each, number in self._labels.items()],
            "images": self.images,
            "annotations": self.annotations,
        }
        for name, entries in lists.items():
            yield f',\n "{name}": ['
            for at, entry in enumerate(entries):
                yield f"{',' if at else ''}\n  {dumps(entry)}"
            yield "\n ]" if entries else "]"
        yield "\n}\n"

    @property
    def text(self) -> str:
        """The whole file."""
        return "".join(self.parts())


def scores(given: Iterable[Score]) -> dict[str, float]:
    """Give scores that are numbers by name."""
    return {each.name: plain(each.value) for each in given if each.value is not None}  # type: ignore[misc]


def plain(number: float | None) -> float | int | None:
    """Give a whole number as an integer, and None for what JSON has no number for."""
    if number is None or not math.isfinite(number):
        return None
    return int(number) if number == int(number) else number


def dumps(value: object) -> str:
    """Write a value on one line."""
    return json.dumps(value, ensure_ascii=False)


def area(outline: tuple[float, ...]) -> float:
    """Give the area within an outline, in square pixels, with the sign of its turn."""
    x, y = outline[::2], outline[1::2]
    turned = zip(x, y, (*x[1:], x[0]), (*y[1:], y[0]), strict=True)
    return sum(a * d - c * b for a, b, c, d in turned) / 2


def around(outlines: Iterable[tuple[float, ...]]) -> tuple[float, float, float, float]:
    """Give the box around outlines: left, top, width and height."""
    x = [each for outline in outlines for each in outline[::2]]
    y = [each for outline in outlines for each in outline[1::2]]
    return min(x), min(y), max(x) - min(x), max(y) - min(y)
