"""Take the figures of one paper: fetch each, cut it, and hand every file on.

This module joins fetching and cutting for the figures that were chosen; what is written where is
the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr import papercase
from covidxr.casefile import KeptFigure, KeptFile, KeptImage
from covidxr.cases import LeftOut
from covidxr.figurecut import Cut, cut

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.figurechoice import Choice
    from covidxr.figurecut import Piece
    from covidxr.figurefetch import FigureFetcher, Got


@dataclass(slots=True, kw_only=True)
class Taken:
    """What became of the figures of one paper.

    Attributes
    ----------
    images : list of KeptImage
        What a row may be.
    figures : list of KeptFigure
        What they are parts of.
    left_out : list of LeftOut
        Figures and panels that are of no use.
    missing : int
        Graphics that no file came for.
    again : bool
        Whether another run may bring one of them.
    reasons : list of str
        Why figures gave no image.
    """

    images: list[KeptImage] = field(default_factory=list)
    figures: list[KeptFigure] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    missing: int = 0
    again: bool = False
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Takes figures, one by one.

    Parameters
    ----------
    fetcher : FigureFetcher
        Brings their files.
    write : callable
        Takes the name and the bytes of each file that is kept.
    taken : Taken
        What came of it.
    """

    fetcher: FigureFetcher
    write: Callable[[str, bytes], None]
    taken: Taken = field(default_factory=Taken)

    def figure(self, choice: Choice) -> None:
        """Take one figure."""
        taken = self.taken
        got = self.fetcher.figure(choice)
        taken.missing += len(got.missing)
        taken.again |= any(each.again for each in got.missing)
        if not got.files:
            taken.reasons.append(f"{choice.title}: {got.missing[-1].reason}")
            empty = KeptFigure(
                record=papercase.record_of(choice, Cut(), made=got.made, warnings=got.warnings),
                missing=got.missing,
            )
            taken.figures.append(empty)
            return
        done = cut(choice, got.pictures, whole=not got.missing)
        taken.left_out += [*done.left_out]
        if done.reason:
            taken.left_out.append(LeftOut(label=choice.name, url="", reason=done.reason))
            taken.reasons.append(f"{choice.title}: {done.reason}")
            return
        for picture in got.pictures:
            self.write(picture.name, picture.data)
        record = papercase.record_of(choice, done, made=got.made, warnings=got.warnings)
        taken.figures.append(KeptFigure(record=record, files=got.files, missing=got.missing))
        taken.images += [self._image(choice, piece, got) for piece in done.pieces]

    def _image(self, choice: Choice, piece: Piece, got: Got) -> KeptImage:
        claim = papercase.claim_of(choice.right)
        credit = papercase.credit_of(self.fetcher.paper, claim)
        candidate = papercase.image_of(choice, piece, claim, credit, got.made)
        parent = next(each for each in got.files if each.name == piece.file)
        if piece.data is None or piece.box is None:
            return KeptImage(candidate=candidate, files=(parent,))
        left, top, right, bottom = piece.box
        name = self.fetcher.name(piece.label, "png")
        self.write(name, piece.data)
        part = KeptFile(
            name=name,
            format="PNG",
            width=right - left,
            height=bottom - top,
            provenance=self.fetcher.part_of(parent, piece.data, candidate.credit),
        )
        return KeptImage(candidate=candidate, files=(part,))
