"""Pascal VOC XML: the boxes of one image a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from covidxr.annotated import Annotated, AnnotationFile, AnnotationProblem, Region
from covidxr.annotating import adapter
from covidxr.annotationedit import stem
from covidxr.scoresheet import number

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from covidxr.annotating import Source


def _knows(source: Source) -> bool:
    return source.name.lower().endswith(".xml") and "<annotation" in source.head


@adapter("voc", title="Pascal VOC XML", since="0.1", knows=_knows, by_folder=True)
def voc(source: Source) -> AnnotationFile:
    """Read the boxes of one image: ``object`` with ``name`` and ``bndbox``.

    The image is the one that ``filename`` names; without, the one whose name without extension the
    file has. ``xmax`` and ``ymax`` are the last pixels of a box in the format's own development
    kit, and its width in most programs that write it: here width is xmax less xmin, as those
    programs mean it.
    """
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(source.data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        problem = AnnotationProblem(message=f"it cannot be read as XML: {type(error).__name__}")
        return AnnotationFile(path=source.path, format="voc", problems=(problem,))
    written = _text(root, "filename")
    image, row = source.names.find(written) if written else ("", None)
    if row is None:
        image, row = source.names.by_stem(stem(image or source.name))
    regions = tuple(_region(each) for each in root.iter("object"))
    sizes = [number(_text(root, f"size/{part}")) for part in ("width", "height")]
    width, height = (int(each) if each and each > 0 else None for each in sizes)
    annotated = Annotated(
        image=image,
        written=written or source.name,
        row=row,
        file=source.path,
        width=width,
        height=height,
        regions=regions,
    )
    return AnnotationFile(
        path=source.path,
        format="voc",
        images=(annotated,),
        labels=tuple(dict.fromkeys(each.label for each in regions if each.label)),
    )


def _text(element: Element, path: str) -> str:
    found = element.findtext(path)
    return found.strip() if found else ""


def _region(element: Element) -> Region:
    left, top, right, bottom = (
        number(_text(element, f"bndbox/{part}")) for part in ("xmin", "ymin", "xmax", "ymax")
    )
    width = right - left if right is not None and left is not None else None
    height = bottom - top if bottom is not None and top is not None else None
    return Region(label=_text(element, "name"), box=(left, top, width, height))
