"""What a reviewer sees of one candidate image, and what was decided: plain values.

This module owns the records between the review workflow and those who show it, the page and the
terminal. It reads nothing and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.cases import LicenceClaim


class Verdict(StrEnum):
    """What a curator can say of a candidate."""

    ACCEPT = "accept"
    REJECT = "reject"
    DEFER = "defer"


class State(StrEnum):
    """Where a candidate image stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    TAKEN_DOWN = "taken down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A curator's verdict on a candidate image.

    Parameters
    ----------
    verdict : Verdict
        What was said.
    reason : str
        Why; empty where none was given.
    by : str
        Who; empty where nobody is named.
    at : str
        When, UTC, ISO 8601 with ``Z``.
    """

    verdict: Verdict
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One candidate image in the queue.

    Parameters
    ----------
    id : str
        ``source/case/file``: the case's folder below that of all candidates, and the name of the
        image's file in it; for a volume of slices the name of the folder that holds them. It never
        changes while the candidate is there.
    case : str
        ``source/case``.
    source : str
        Key of the source.
    title : str
        Of the case, as published.
    label : str
        In the source's own count.
    state : State
        Where it stands.
    decision : Decision or None
        What put it there; None while it waits.
    filename : str
        Name of its file in the collection once it was accepted; else empty.
    sha256 : str
        Of its file's bytes; of a volume's first slice.
    """

    id: str
    case: str
    source: str
    title: str
    label: str
    state: State = State.WAITING
    decision: Decision | None = None
    filename: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a review is: images by state."""

    total: int
    waiting: int
    accepted: int
    rejected: int
    deferred: int
    taken_down: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is wrong, or worth a look, with one field of a draft.

    Parameters
    ----------
    field : str
        Name of a column; empty for the row as a whole.
    message : str
        In a curator's words.
    suggestion : str
        What to do; empty where that is not known.
    blocking : bool
        Whether the image cannot be accepted so.
    code : str
        Rule that says so; empty where the cell alone was judged.
    """

    field: str
    message: str
    suggestion: str = ""
    blocking: bool = True
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A value that was inferred for a field, and the words that it rests on.

    Parameters
    ----------
    number : int
        From 1, unique in the sheet; :class:`Segment` refers to it.
    value : str
        As the table would write it.
    words, where : str
        The source's words, and where they stand.
    """

    number: int
    value: str
    words: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the draft row's form, described by its column.

    Parameters
    ----------
    name : str
        The column.
    kind : str
        As in :class:`covidxr.cells.Column`.
    value : str
        What the draft holds now.
    drafted : str
        What the source filled in; the curator may have changed it since.
    meaning, unit, example : str
        Help, from the column.
    level : str
        ``required``, ``recommended`` or ``optional``, as SCHEMA.md has it.
    required : bool
        Whether it must not be blank.
    choices : mapping of str to str
        Allowed values and what each means; empty where the column is open. For ``finding`` these
        are the paths of the hierarchy, offered and not enforced, since several may be joined.
    proposals : tuple of Proposal
        What was inferred for it.
    remarks : tuple of Remark
        What is wrong with `value`.
    """

    name: str
    kind: str
    value: str
    drafted: str
    meaning: str
    unit: str
    example: str
    level: str
    required: bool
    choices: Mapping[str, str]
    proposals: tuple[Proposal, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a text, and the proposals that rest on it.

    Parameters
    ----------
    text : str
        Never empty.
    proposals : tuple of int
        Numbers of proposals; empty for plain text.
    """

    text: str
    proposals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One of the source's texts.

    Parameters
    ----------
    title : str
        ``"Caption"``, ``"History"`` …
    segments : tuple of Segment
        The whole text, in order; line ends separate paragraphs.
    """

    title: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGlance:
    """A row of the table, as far as it helps to tell images and patients apart.

    Parameters
    ----------
    line : int
        1-based line of the file.
    cells : mapping of str to str
        By today's column name; blanks are left out.
    path : str
        Of its file, relative to the collection's root.
    """

    line: int
    cells: Mapping[str, str]
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PossiblePatient:
    """A patient of the collection who may be the one on the image.

    Parameters
    ----------
    patientid : str
        As in the table.
    reasons : tuple of str
        Why, strongest first, in a curator's words.
    against : tuple of str
        What speaks against it, such as another sex.
    rows : tuple of RowGlance
        The patient's rows, in the order of the table.
    """

    patientid: str
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()
    rows: tuple[RowGlance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A picture that may be the same image as a candidate's.

    Parameters
    ----------
    path : str
        Of a file of the collection; empty for another candidate.
    id : str
        Of another candidate; empty for a file of the collection.
    distance : int
        Bits of 256 in which their hashes differ; 0 for the same bytes or pixels.
    likeness : float
        0 to 1, of the closer look; 1 for the same bytes or pixels.
    same_bytes, same_pixels : bool
        Whether the files are the same, byte for byte, and whether every pixel is.
    rows : tuple of RowGlance
        The rows that the file belongs to; empty for a candidate, and for a file without a row.
    same_case : bool
        Whether it is of the same published case or paper: then it is hardly another patient's, but
        for a paper that shows several.
    """

    path: str = ""
    id: str = ""
    distance: int
    likeness: float
    same_bytes: bool = False
    same_pixels: bool = False
    rows: tuple[RowGlance, ...] = ()
    same_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The image's file.

    Parameters
    ----------
    name : str
        Path below the case's folder.
    format : str
        By content; empty where there is no file.
    width, height : int or None
        In pixels.
    bytes : int
        Size of the file.
    why_not : str
        Why it cannot be shown, such as its size; empty where it can.
    """

    name: str
    format: str
    width: int | None
    height: int | None
    bytes: int
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an image comes from and under which terms.

    Parameters
    ----------
    page_url, image_url, doi, retrieved_at, sha256, credit, via, permission, saved_as : str
        As in :class:`covidxr.cases.Provenance`.
    licence : LicenceClaim
        Under which licence, and how that is known.
    cleared : bool
        Whether it may be passed on; False for what was fetched for private review only.
    warnings : tuple of str
        What a curator must know.
    """

    page_url: str
    image_url: str
    doi: str
    retrieved_at: str
    sha256: str
    credit: str
    licence: LicenceClaim
    cleared: bool = True
    via: str = ""
    permission: str = ""
    saved_as: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that is shown of one candidate image.

    Parameters
    ----------
    entry : Entry
        Which, and where it stands.
    position : int
        From 1, in the queue.
    siblings : tuple of Entry
        The images of the same case, itself among them.
    before, after : Entry or None
        Beside it in the queue, whatever was decided on them; None at its ends.
    waiting : Entry or None
        The next that waits, from this one on and round; it comes after a decision.
    progress : Progress
        Of the whole review.
    version : int
        Grows with everything that happens to this image; who decides says which one was seen.
    picture : Picture
        Its file.
    fields : tuple of Field
        The draft row, in the header's order, patientid first.
    remarks : tuple of Remark
        On the row as a whole, and why it cannot be accepted.
    passages : tuple of Passage
        The source's texts.
    origin : Origin
        Provenance, licence and credit.
    patients : tuple of PossiblePatient
        Who may be the same patient, likeliest first.
    new_patientid : str
        The next free id.
    also : mapping of str to str
        What else the source says of the image: names and values.
    """

    entry: Entry
    position: int
    siblings: tuple[Entry, ...]
    progress: Progress
    version: int
    picture: Picture
    fields: tuple[Field, ...]
    remarks: tuple[Remark, ...]
    passages: tuple[Passage, ...]
    origin: Origin
    before: Entry | None = None
    after: Entry | None = None
    waiting: Entry | None = None
    patients: tuple[PossiblePatient, ...] = ()
    new_patientid: str = ""
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def soon(self) -> tuple[Entry, ...]:
        """The images that are likely to be shown next, each once."""
        found = {each.id: each for each in (self.after, self.waiting) if each is not None}
        return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a decision, or the undoing of one, came to.

    Parameters
    ----------
    entry : Entry
        The image as it stands now.
    undone : bool
        Whether a decision was taken back.
    line : int or None
        Line of the new row, 1-based, where one was written.
    patientid : str
        Of the new row.
    notes : tuple of str
        What a curator should know, such as another file name than asked for.
    """

    entry: Entry
    undone: bool = False
    line: int | None = None
    patientid: str = ""
    notes: tuple[str, ...] = ()
