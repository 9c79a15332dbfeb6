"""One file, or the slices of a series, cleaned and made ready to be kept.

This module owns the order: first identity goes, then everything else is made of what is left, then
the result is looked at as a stranger's file. It writes nothing: files are given back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from covidxr import casefile, ingestcase
from covidxr.filefacts import MANY_LETTERS
from covidxr.filenames import safe_name
from covidxr.imaging.examine import examine
from covidxr.imaging.formats import EXTENSIONS
from covidxr.ingestcase import Piece
from covidxr.ingesting import SOURCE, TURNED, UnfitError
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from covidxr.cases import Json
    from covidxr.ingestgroups import Item, Unit
    from covidxr.ingesting import CleanDicom, Cleaning
    from covidxr.model import FileProblem, ImageFacts

_Given = ParamSpec("_Given")
_Clean = TypeVar("_Clean")

_UNTRUSTED = frozenset({"unreadable", "empty"})
"""Problems after cleaning with which nobody can tell whether a file is clean."""

_VIEWING_BITS = 8


@dataclass(slots=True, kw_only=True)
class Maker:
    """Makes one image, or the volumes of one series.

    Parameters
    ----------
    cleaning : Cleaning
        Takes identity out of files.
    secret : bytes
        The collection's.
    depth : int
        Bits of the picture that becomes the row's file.
    unit : Unit
        What it is made of.
    case : str
        Id of the case, for names.
    number : int
        Of the image in the case, from 1; further volumes count on.
    begins : callable
        Is told of each file before it is cleaned.
    refuse : callable
        Raises where a cleaned file, given by SHA-256 and size, is here already.

    Attributes
    ----------
    files : list of (str, bytes)
        Name and bytes of all that is to be written.
    """

    cleaning: Cleaning
    secret: bytes
    depth: int
    unit: Unit
    case: str
    number: int
    begins: Callable[[Item], None]
    refuse: Callable[[str, int], None]
    files: list[tuple[str, bytes]] = field(default_factory=list)

    def pieces(self) -> list[Piece]:
        """Make it: one piece, or one for each volume.

        Raises
        ------
        UnfitError
            If one of its files cannot be cleaned.
        KnownError
            If it is here already.
        """
        first = self.unit.items[0]
        if self.unit.series:
            return self._volumes_of_slices()
        return [self._radiograph(first) if first.kind == "DICOM" else self._file(first)]

    def _file(self, first: Item) -> Piece:
        volume = first.kind.startswith("NIFTI")
        how = self.cleaning.volume if volume else self.cleaning.strip
        clean = guarded(how, self._bytes(first))
        warnings = _told(clean.problems)
        if clean.orientation not in {None, 1}:
            warnings.append(
                f"the picture is {TURNED} (EXIF orientation {clean.orientation}): "
                "programs that do not read EXIF show it so"
            )
        if not volume:
            warnings += _lettered(clean.data)
        beside: dict[str, Json] = {"removed": list(clean.removed)} if clean.removed else {}
        return self._kept(clean.data, beside, None, warnings)

    def _radiograph(self, item: Item) -> Piece:
        if item.look is not None and item.look.frames > 1:
            raise UnfitError(
                f"it holds {item.look.frames} pictures and a row is one: send them one by one"
            )
        dicom = self._dicom(item)
        picture = guarded(self.cleaning.picture, dicom.data)
        beside: dict[str, Json] = {}
        data = picture.png8
        if picture.png16 is not None and self.depth > _VIEWING_BITS:
            data = picture.png16
            beside["picture_8_bit"] = self._beside(picture.png8, "8bit", "png")
        elif picture.png16 is not None:
            beside["picture_16_bit"] = self._beside(picture.png16, "16bit", "png")
        record = {"tags": dict(dicom.tags), "numbers": dict(picture.numbers)}
        beside["tags"] = self._beside(casefile.as_text(record).encode(), "tags", "json")
        warnings = [*_told(dicom.problems), *_lettered(picture.png8)]
        return self._kept(data, beside, dicom, warnings)

    def _volumes_of_slices(self) -> list[Piece]:
        slices = [self._slice(item) for item in self.unit.items]
        told = [each.message for one in slices for each in one.problems]
        made = []
        for volume in guarded(self.cleaning.series, [each.data for each in slices]):
            record = {"tags": dict(slices[0].tags)}
            beside: dict[str, Json] = {
                "slices_of_the_series": len(slices),
                "tags": self._beside(casefile.as_text(record).encode(), "tags", "json"),
            }
            warnings = [*told, *_told(volume.problems)]
            made.append(self._kept(volume.data, beside, slices[0], warnings))
            self.number += 1
        return made

    def _slice(self, item: Item) -> CleanDicom:
        try:
            return self._dicom(item)
        except UnfitError as refusal:
            several = f"of its series of {len(self.unit.items)}"
            raise UnfitError(f"a slice {several}, {item.name}: {refusal}") from None

    def _dicom(self, item: Item) -> CleanDicom:
        return guarded(self.cleaning.dicom, self._bytes(item), self.secret)

    def _bytes(self, item: Item) -> bytes:
        self.begins(item)
        data = item.read()
        if ingestcase.sha256_of(data) != item.sha256:
            raise UnfitError("it was changed while it was taken in")
        return data

    def _kept(
        self,
        data: bytes,
        beside: dict[str, Json],
        dicom: CleanDicom | None,
        warnings: Sequence[str],
    ) -> Piece:
        facts = examine("", data, ImageDepth.STRUCTURE)
        _check(facts)
        self.refuse(facts.sha256, len(data))
        name = self._beside(data, "", EXTENSIONS[facts.format][0])
        rows = [item.row for item in self.unit.items if item.row is not None]
        told = [*warnings, *_told(facts.problems)]
        if len({row.line for row in rows}) > 1:
            told.append(
                "the contributor's table has several rows for its slices: the first is used"
            )
        return Piece(
            label=str(self.number),
            file=name,
            facts=facts,
            beside=beside,
            dicom=ingestcase.without_bytes(dicom) if dicom else None,
            row=rows[0] if rows else None,
            warnings=tuple(dict.fromkeys(told)),
            source_ids=tuple(item.source_id for item in self.unit.items),
        )

    def _beside(self, data: bytes, mark: str, extension: str) -> str:
        name = safe_name((SOURCE, self.case, str(self.number), mark), extension)
        self.files.append((name, data))
        return name


def guarded(clean: Callable[_Given, _Clean], *given: _Given.args, **named: _Given.kwargs) -> _Clean:
    """Clean; a file on which the cleaning itself fails must not get through by that.

    Raises
    ------
    UnfitError
        If it cannot be cleaned, for whatever reason.
    """
    try:
        return clean(*given, **named)
    except UnfitError:
        raise
    except Exception as bug:  # noqa: BLE001 - quarantine is where a file belongs that breaks it
        # The message may quote the file, and with it a person.
        name = type(bug).__name__
        raise UnfitError(f"covidxr failed to clean it ({name}): please report it") from None


def _check(facts: ImageFacts) -> None:
    """Look at a cleaned file as at a stranger's: what is still in it is not let through."""
    if facts.format not in EXTENSIONS or any(each.kind in _UNTRUSTED for each in facts.problems):
        raise UnfitError("it cannot be read any more once it is cleaned")
    if facts.gps or facts.texts:
        left = "a position" if facts.gps else f"words ({facts.texts[0][0]})"
        raise UnfitError(f"cleaning left {left} in it")


def _lettered(data: bytes) -> list[str]:
    """Suspect names that are part of the picture, which no cleaning takes out."""
    from covidxr.imaging.burntin import lettering
    from covidxr.imaging.viewing import eight_bits

    shown = eight_bits(data)
    count = 0 if shown is None else lettering(shown)
    if count < MANY_LETTERS:
        return []
    return [f"rows of letters are burnt into the picture, some {count}: look for names and dates"]


def _told(problems: Iterable[FileProblem]) -> list[str]:
    return [each.message for each in problems]
