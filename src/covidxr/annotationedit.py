"""Annotations without what they say of images that are gone; every other byte as it was.

This module owns which annotation file belongs to which image by its name, and how entries are cut
out of COCO and other JSON files, and lines out of tables of scores. It touches no disk. What cannot
be cut out safely is left as it is and named.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from covidxr.jsonspans import Container, container, cut

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

TEXTS = frozenset(
    {".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".xml", ".yaml", ".yml", ".md"}
)
"""Extensions of files that are searched for names: annotations, lists and documents."""

# What a file of one image is called besides the image's name: `_mask.png` in the collection that
# this is modelled on, the others in Pascal VOC, YOLO and nnU-Net data sets.
_KINDS = (
    "annotations?|bbox(?:es)?|box(?:es)?|contours?|heatmaps?|labels?|lesions?|lungs?|masks?|"
    "overlays?|rois?|scores?|seg(?:mentations?)?"
)
_REST = re.compile(
    rf"(?:[_\-. ](?:left|right|[lr]))?(?:[_\-. ](?:{_KINDS}))+"
    r"(?:[_\-. ](?:left|right|[lr]|[0-9]{1,3}))?(?:\.[a-z0-9]{1,7}){0,3}",
    re.IGNORECASE,
)
_EXTENSIONS = re.compile(r"(?:\.[a-z0-9]{1,7}){0,3}", re.IGNORECASE)
_BOUNDARY = "_-. "
# Extensions of two parts; of any other name only the last part is one.
_DOUBLE = (".nii.gz", ".dcm.gz", ".tar.gz")
_LONGEST_EXTENSION = 8
# No file system in use has longer names (ext4, NTFS, APFS).
_LONGEST_NAME = 255

# Names of members and columns that name an image: COCO's, VIA's, labelme's, and those of tables
# that were published beside chest X-rays.
_NAMING = frozenset(
    {"filename", "filenames", "filepath", "file", "image", "imagename", "imagefile"}
    | {
        "imagefilename",
        "imagepath",
        "img",
        "imgname",
        "path",
        "imageindex",
        "imageid",
        "id",
        "name",
    }
)
_PATIENT = frozenset({"patientid"})
_NOT_LETTERS = re.compile(r"[^a-z]+")
_DELIMITERS = ",;\t|"


def stem(filename: str) -> str:
    """Give a file's name without its extension.

    >>> stem("phantom-004-ct.nii.gz"), stem("fig1.webp-day5.png"), stem("noextension")
    ('phantom-004-ct', 'fig1.webp-day5', 'noextension')
    """
    for double in _DOUBLE:
        if filename.lower().endswith(double) and len(filename) > len(double):
            return filename[: -len(double)]
    bare, dot, ending = filename.rpartition(".")
    return bare if dot and bare and len(ending) < _LONGEST_EXTENSION else filename


@dataclass(frozen=True, kw_only=True)
class Gone:
    """Which images are gone, and which are not.

    Parameters
    ----------
    paths : collection of str
        Files that are gone, relative to the root, with ``/``.
    kept : collection of str
        Names of files that stay, without folder.
    patients : collection of str
        Patients of whom no row is left.
    """

    paths: frozenset[str]
    kept: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """Names, without folder, that no file has any more."""
        return frozenset(path.rpartition("/")[2] for path in self.paths) - self.kept - {""}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Names without extension that no file has any more."""
        return frozenset(map(stem, self.names)) - self._kept_stems

    @cached_property
    def _depths(self) -> frozenset[int]:
        """How many parts the paths have."""
        return frozenset(path.count("/") + 1 for path in self.paths)

    @cached_property
    def _kept_stems(self) -> frozenset[str]:
        return frozenset(map(stem, self.kept))

    @cached_property
    def _kept_both(self) -> frozenset[str]:
        return self._kept_stems | self.kept

    @cached_property
    def _both(self) -> frozenset[str]:
        return self.names | frozenset(map(stem, self.names))

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        """What a text holds that may be about them, as UTF-8 and as JSON escapes it."""
        names = {path.rpartition("/")[2] for path in self.paths}
        texts = ({stem(name) for name in names} | self.patients) - {""}
        plain = {text.encode("utf-8", "surrogatepass") for text in texts}
        return tuple(sorted(plain | {json.dumps(text)[1:-1].encode() for text in texts}))

    def is_named(self, text: str) -> bool:
        """Tell whether a text is one of their names or paths, and nothing more."""
        plain = text.strip().replace("\\", "/")
        if plain.rpartition("/")[2] in self.names:
            return True
        parts = plain.split("/")
        return any("/".join(parts[-depth:]) in self.paths for depth in self._depths)

    def is_stem(self, text: str) -> bool:
        """Tell whether a text is a name without extension; a word or a number may be anything."""
        plain = text.strip()
        return plain in self.stems and not (plain.isdecimal() or plain.isalpha())

    def is_kept(self, text: str) -> bool:
        """Tell whether a text is the name of a file that stays."""
        return text.strip().replace("\\", "/").rpartition("/")[2] in self.kept

    def owns(self, filename: str) -> bool | None:
        """Tell whether a file of annotations is about one of them, by its own name.

        Parameters
        ----------
        filename : str
            Without folder.

        Returns
        -------
        bool or None
            None where it begins like one of them and may as well be about another image.
        """
        ours = list(_claims(filename, self._both))
        if not ours:
            return False
        theirs = list(_claims(filename, self._kept_both))
        if any(sure for _, sure in ours):
            return None if any(sure for _, sure in theirs) else True
        longest = max(length for length, _ in ours)
        return False if any(length >= longest for length, _ in theirs) else None


def _claims(filename: str, names: Collection[str]) -> Iterator[tuple[int, bool]]:
    """Give the length of each name that a file's name begins with, and whether the rest fits."""
    for length in range(1, min(len(filename), _LONGEST_NAME) + 1):
        if filename[:length] in names:
            rest = filename[length:]
            if _REST.fullmatch(rest) or _EXTENSIONS.fullmatch(rest):
                yield length, True
            elif rest[0] in _BOUNDARY:
                yield length, False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An annotation file without what is gone.

    Parameters
    ----------
    data : bytes or None
        The new file; None where nothing is cut out.
    entries : int
        How many entries, boxes or lines are cut out.
    problem : str
        Why a file that may be about them was left as it is; else empty.
    """

    data: bytes | None = None
    entries: int = 0
    problem: str = ""


def edited(path: str, data: bytes, gone: Gone) -> Edited:
    """Cut out of an annotation file what it says of images that are gone.

    Parameters
    ----------
    path : str
        Its name, whose extension tells what it is.
    data : bytes
        The file.
    gone : Gone
        The images.

    Returns
    -------
    Edited
        Files of another kind, and those that say nothing of the images, are left.
    """
    edit = _EDITS.get(path.lower().rpartition(".")[2])
    if edit is None or not any(needle in data for needle in gone.needles):
        return Edited()
    return edit(data, gone)


def named_in(data: bytes, names: Collection[str]) -> tuple[str, ...]:
    """Give the names that a file still holds, as a word of their own.

    Parameters
    ----------
    data : bytes
        Of a text file, UTF-8 or UTF-16.
    names : collection of str
        To look for.
    """
    found = []
    for name in sorted(names):
        needles = {name.encode("utf-8", "surrogatepass"), json.dumps(name)[1:-1].encode()}
        if any(_is_word(data, needle) for needle in needles if needle) or (
            name and name.encode("utf-16-le", "surrogatepass") in data
        ):
            found.append(name)
    return tuple(found)


def _is_word(data: bytes, needle: bytes) -> bool:
    if needle not in data:
        return False
    return re.search(rb"(?<![\w-])" + re.escape(needle) + rb"(?![\w-])", data) is not None


# -- JSON -----------------------------------------------------------------------------


def _edited_json(data: bytes, gone: Gone) -> Edited:
    try:
        text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")
        json.loads(text)
        cuts = list(_json_cuts(text, gone))
        new = cut(text, cuts)
        json.loads(new)
    except (ValueError, RecursionError) as error:
        return Edited(problem=f"it cannot be read as JSON: {_brief(error)}")
    if not cuts:
        return Edited()
    kept = data[: len(data) - len(text.encode())]
    return Edited(data=kept + new.encode(), entries=sum(len(parts) for _, parts in cuts))


def _json_cuts(text: str, gone: Gone) -> Iterator[tuple[Container, tuple[int, ...]]]:
    """Give the parts to cut: of the top, or of what the top's members hold."""
    top = container(text)
    if top is None:
        return
    own = tuple(_matching(top, gone))
    if own:
        yield top, own
    below = {
        part.key: found
        for at, part in enumerate(top.parts)
        if part.key is not None
        and at not in own
        and (found := container(text, part.value_start)) is not None
    }
    ids: set[object] = set()
    for key, found in below.items():
        if key == "images":
            ids = _ids(found, set(_matching(found, gone)))
    for found in below.values():
        parts = tuple(_matching(found, gone, ids))
        if parts:
            yield found, parts


def _matching(where: Container, gone: Gone, ids: Collection[object] = frozenset()) -> Iterator[int]:
    """Give the positions of parts that are about a gone image, or about one of some COCO ids."""
    for at, part in enumerate(where.parts):
        value = part.value
        if part.key is not None and (gone.is_named(part.key) or gone.is_stem(part.key)):
            yield at
        elif isinstance(value, str) and part.key is None:
            if gone.is_named(value) or gone.is_stem(value):
                yield at
        elif isinstance(value, dict) and (
            _names(value, gone, any_name=part.key is None) or _is_of(value, ids)
        ):
            yield at


def _names(value: Mapping[str, Any], gone: Gone, *, any_name: bool) -> bool:
    """Tell whether one of an entry's own members names a gone image."""
    for key, each in value.items():
        if isinstance(each, str):
            naming = _plain(key) in _NAMING
            if (naming or any_name) and gone.is_named(each):
                return True
            if naming and gone.is_stem(each):
                return True
    return False


def _is_of(value: Mapping[str, Any], ids: Collection[object]) -> bool:
    image = value.get("image_id")
    return isinstance(image, int | str) and not isinstance(image, bool) and image in ids


def _ids(images: Container, matching: Collection[int]) -> set[object]:
    """Give the COCO ids of gone images that no image that stays has, too."""
    here: set[object] = set()
    others: set[object] = set()
    for at, part in enumerate(images.parts):
        number = part.value.get("id") if isinstance(part.value, dict) else None
        if isinstance(number, int | str) and not isinstance(number, bool):
            (here if at in matching else others).add(number)
    return here - others


def _edited_lines(data: bytes, gone: Gone) -> Edited:
    """Cut lines out of a file of one JSON object a line."""
    kept, entries = [], 0
    for line in data.splitlines(keepends=True):
        try:
            value = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError) as error:
            return Edited(problem=f"it cannot be read as JSON lines: {_brief(error)}")
        if isinstance(value, dict) and _names(value, gone, any_name=True):
            entries += 1
        else:
            kept.append(line)
    return Edited(data=b"".join(kept), entries=entries) if entries else Edited()


# -- tables of scores -----------------------------------------------------------------


def _edited_table(data: bytes, gone: Gone) -> Edited:
    """Cut records out of a table; lines that begin with # are comments."""
    csv.field_size_limit(sys.maxsize)
    lines = re.findall(rb"[^\r\n]*+(?:\r\n|\n|\r)|[^\r\n]++", data)
    kept, entries = [], 0
    header: list[str] | None = None
    try:
        for cells, written in _records(lines):
            if cells and _is_of_gone(cells, header or [], gone):
                entries += 1
            else:
                kept.append(written)
            if cells and header is None:
                header = [_plain(cell) for cell in cells]
    except csv.Error as error:
        return Edited(problem=f"it cannot be read as a table: {error}")
    return Edited(data=b"".join(kept), entries=entries) if entries else Edited()


def _records(lines: list[bytes]) -> Iterator[tuple[list[str], bytes]]:
    """Give each record's cells, none for comments and blank lines, and its bytes."""
    texts = [line.decode("utf-8", "surrogateescape") for line in lines]
    delimiter = _delimiter(texts)
    at = 0
    while at < len(lines):
        if not texts[at].strip() or texts[at].startswith("#"):
            yield [], lines[at]
            at += 1
            continue
        # A record may span lines; strict, so that quotes that are never closed are told.
        following = map(texts.__getitem__, range(at, len(texts)))
        reader = csv.reader(following, delimiter=delimiter, strict=True)
        cells = next(reader)
        yield cells, b"".join(lines[at : at + reader.line_num])
        at += reader.line_num


def _delimiter(texts: list[str]) -> str:
    first = next((text for text in texts if text.strip() and not text.startswith("#")), "")
    return max(_DELIMITERS, key=first.count)


def _is_of_gone(cells: list[str], header: list[str], gone: Gone) -> bool:
    if any(map(gone.is_named, cells)):
        return True
    if any(map(gone.is_kept, cells)):
        return False
    named = dict(zip(header, cells, strict=False))
    return any(
        (name in _NAMING and gone.is_stem(cell))
        or (name in _PATIENT and cell.strip() in gone.patients)
        for name, cell in named.items()
    )


def _plain(name: str) -> str:
    """Give a name of a column or member in letters alone, so that spellings of it are one."""
    return _NOT_LETTERS.sub("", name.lower())


def _brief(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


_EDITS = {
    "json": _edited_json,
    "jsonl": _edited_lines,
    "ndjson": _edited_lines,
    "csv": _edited_table,
    "tsv": _edited_table,
}
