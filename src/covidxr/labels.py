"""The finding hierarchy, once: every label, its parent, its synonyms, and how a cell is read.

A finding is read into whole segments; no label is ever set because its name is part of a longer
word. What cannot be read is said, never passed over. Counting labels stands in
:mod:`covidxr.labelcounts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Several findings of one image are joined as in NIH's ChestX-ray14 (Wang et al., CVPR 2017).
JOIN = "|"
STEP = "/"

# The longest finding that anyone wrote has 40 characters; a cell of thousands is another column's.
_LONGEST = 500
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One label.

    Parameters
    ----------
    path : str
        From the top of the tree, such as ``"Pneumonia/Viral/COVID-19"``.
    kind : str
        ``"normal"``, ``"disease"``, ``"syndrome"``, ``"group"``, ``"bacterium"``, ``"virus"``,
        ``"fungus"``, or ``"status"`` for a word that stands where a finding should.
    since : str
        Year and month in which a label list of this dataset family first had it.
    synonyms : tuple of str
        Other names of the same thing; each means this label and no other, whatever its case.
    deprecated : tuple of str
        Names under which the label itself was published once.
    note : str
        Why it stands where it stands, or what its evidence is; empty where that is plain.
    """

    path: str
    kind: str
    since: str
    synonyms: tuple[str, ...] = ()
    deprecated: tuple[str, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """Last segment of the path; no two labels share it."""
        return self.path.rpartition(STEP)[2]

    @property
    def parent(self) -> str:
        """Path of the label above, empty at the top."""
        return self.path.rpartition(STEP)[0]

    @property
    def depth(self) -> int:
        """0 at the top."""
        return self.path.count(STEP)

    @property
    def segments(self) -> tuple[str, ...]:
        """Names from the top down to this one."""
        return tuple(self.path.split(STEP))

    @property
    def is_finding(self) -> bool:
        """Whether it says something of the patient; ``Unknown`` and ``todo`` do not."""
        return self.kind != "status"


def _node(path: str, kind: str, since: str, note: str = "", *, names: str = "") -> Node:
    """Write one line of the tree; `names` are parted by ";", those behind "!" are deprecated."""
    current, _, former = names.partition("!")
    return Node(
        path=path,
        kind=kind,
        since=since,
        synonyms=tuple(name.strip() for name in current.split(";") if name.strip()),
        deprecated=tuple(name.strip() for name in former.split(";") if name.strip()),
        note=note,
    )


_NORMAL = "Says that a radiologist found nothing, not that nobody looked."
_PNEUMONIA = "An agent below it is named only where the source names it."
_ARDS = (
    "A syndrome and no pneumonia in itself; the collection's tables have counted it as Pneumonia "
    "from the first on, and numbers stay comparable that way."
)
_GENUS = "Counted by genus, as the collection always did; the species named here mean their genus."
_PCP = "A fungus by its genes (Edman et al., Nature 1988), once held to be a protozoon."
_COVID = "What the source says; whether a test stands behind it is in RT_PCR_positive."
_HERPES = "Published with a trailing blank, which made it two labels."
_FLU = "The virus; the bacterium Haemophilus influenzae is not it."
_SARS = "The outbreak of 2002 to 2004; SARS-CoV-2 is COVID-19."
_TB = "Bacterial, yet outside Pneumonia: its images and its course are another disease's."

_BACTERIAL = "Pneumonia/Bacterial"
_FUNGAL = "Pneumonia/Fungal"
_VIRAL = "Pneumonia/Viral"

# Every label, in tree order.
# fmt: off
NODES = (
    _node("No Finding", "normal", "2020-03", _NORMAL, names="No findings; Normal; Normal chest"),
    _node("Pneumonia", "disease", "2020-03", _PNEUMONIA),
    _node("Pneumonia/ARDS", "syndrome", "2020-03", _ARDS,
          names="Acute respiratory distress syndrome; Adult respiratory distress syndrome"),
    _node("Pneumonia/Aspiration", "disease", "2020-09"),
    _node(_BACTERIAL, "group", "2020-03"),
    _node(f"{_BACTERIAL}/Chlamydophila", "bacterium", "2020-03", _GENUS,
          names="Chlamydophila pneumoniae; Chlamydia pneumoniae; C. pneumoniae; "
                "Chlamydophila psittaci; Chlamydia psittaci; Psittacosis"),
    _node(f"{_BACTERIAL}/E.Coli", "bacterium", "2020-06",
          names="E. coli; E coli; Escherichia coli"),
    _node(f"{_BACTERIAL}/Klebsiella", "bacterium", "2020-03", _GENUS,
          names="Klebsiella pneumoniae; K. pneumoniae"),
    _node(f"{_BACTERIAL}/Legionella", "bacterium", "2020-03", _GENUS,
          names="Legionella pneumophila; L. pneumophila; Legionnaires' disease; "
                "Legionnaires disease; Legionellosis"),
    _node(f"{_BACTERIAL}/Mycoplasma", "bacterium", "2020-05", _GENUS,
          names="Mycoplasma pneumoniae; M. pneumoniae"),
    _node(f"{_BACTERIAL}/Nocardia", "bacterium", "2020-09", _GENUS, names="Nocardiosis"),
    _node(f"{_BACTERIAL}/Staphylococcus", "bacterium", "2020-09", _GENUS,
          names="Staphylococcus aureus; S. aureus; Staphylococcal pneumonia"),
    _node(f"{_BACTERIAL}/Staphylococcus/MRSA", "bacterium", "2020-09",
          names="Methicillin-resistant Staphylococcus aureus; "
                "Methicillin resistant Staphylococcus aureus"),
    _node(f"{_BACTERIAL}/Streptococcus", "bacterium", "2020-03", _GENUS,
          names="Streptococcus pneumoniae; S. pneumoniae; Pneumococcus; Pneumococcal pneumonia; "
                "Streptococcal pneumonia"),
    _node(_FUNGAL, "group", "2020-03"),
    _node(f"{_FUNGAL}/Aspergillosis", "fungus", "2020-09",
          names="Pulmonary aspergillosis; Invasive aspergillosis; "
                "Invasive pulmonary aspergillosis"),
    _node(f"{_FUNGAL}/Pneumocystis", "fungus", "2020-03", _PCP,
          names="PCP; PJP; PCP pneumonia; PJP pneumonia; Pneumocystis jirovecii; "
                "Pneumocystis jiroveci; P. jirovecii; "
                "Pneumocystis jirovecii pneumonia; Pneumocystis jiroveci pneumonia; "
                "Pneumocystis carinii; Pneumocystis carinii pneumonia"),
    _node("Pneumonia/Lipoid", "disease", "2020-05", "No infection: no group stands above it."),
    _node(_VIRAL, "group", "2020-03"),
    _node(f"{_VIRAL}/COVID-19", "virus", "2020-03", _COVID,
          names="COVID; COVID19; COVID 19; Coronavirus disease 2019; 2019-nCoV; SARS-CoV2; "
                "SARS CoV 2; SARS-CoV 2; SARSCoV2 ! SARS-CoV-2"),
    _node(f"{_VIRAL}/Herpes", "virus", "2020-09", _HERPES,
          names="Herpes simplex; Herpes simplex virus; HSV; HSV-1; HSV-2; "
                "Herpes simplex virus 1; Herpes simplex virus 2"),
    _node(f"{_VIRAL}/Influenza", "virus", "2020-05", _FLU,
          names="Flu; Influenza virus; Influenza A; Influenza B"),
    _node(f"{_VIRAL}/Influenza/H1N1", "virus", "2020-09",
          names="Influenza H1N1; H1N1 influenza; Influenza (H1N1); Influenza A H1N1; "
                "Influenza A (H1N1); Influenza A(H1N1); A(H1N1); Swine flu"),
    _node(f"{_VIRAL}/MERS-CoV", "virus", "2020-03",
          names="Middle East respiratory syndrome ! MERS"),
    _node(f"{_VIRAL}/SARS", "virus", "2020-03", _SARS,
          names="SARS-CoV; SARS-CoV-1; Severe acute respiratory syndrome"),
    _node(f"{_VIRAL}/Varicella", "virus", "2020-05",
          names="Varicella zoster; Varicella-zoster; Chickenpox; VZV"),
    _node("Tuberculosis", "disease", "2020-09", _TB,
          names="TB; Pulmonary tuberculosis; Mycobacterium tuberculosis"),
    _node("Unknown", "status", "2020-09", "The source was read and does not say.", names="Unk"),
    _node("todo", "status", "2020-05", "Nobody has read the source yet.",
          names="To do; To-do; TBD"),
)
# fmt: on

HIERARCHY = {node.path: node for node in NODES}
BY_NAME = {node.name: node for node in NODES}

# Names that look like a label, or are asked for often, and are not one.
_HAEMOPHILUS = (
    "is a bacterium, not the influenza virus",
    f"{_BACTERIAL} is the nearest label, where it is a pneumonia",
)
_SHIFTED = ("is no finding", "see whether the cells of this row stand in the wrong columns")
_NOT_KNOWN = (
    "is no finding",
    "write Unknown where the source does not say, or todo where nobody has read it",
)
_OUTSIDE = {
    "haemophilus": _HAEMOPHILUS,
    "haemophilus influenzae": _HAEMOPHILUS,
    "haemophilus influenza": _HAEMOPHILUS,
    "hemophilus influenzae": _HAEMOPHILUS,
    "h. influenzae": _HAEMOPHILUS,
    "parainfluenza": ("is another virus than influenza", f"{_VIRAL} is the nearest label"),
    "coronavirus": (
        "can be COVID-19, MERS-CoV, SARS or the virus of a common cold",
        "write the one that the source names",
    ),
    "influenza a/b": ("names two viruses", f"{_VIRAL}/Influenza holds both"),
    "influenza b/a": ("names two viruses", f"{_VIRAL}/Influenza holds both"),
    "tb pneumonia": ("is not in the hierarchy", "Tuberculosis stands outside Pneumonia"),
    "tuberculous pneumonia": ("is not in the hierarchy", "Tuberculosis stands outside Pneumonia"),
    "tuberculosis pneumonia": ("is not in the hierarchy", "Tuberculosis stands outside Pneumonia"),
    "y": _SHIFTED,
    "n": _SHIFTED,
    **dict.fromkeys(("n/a", "n.a.", "na", "nan", "none", "null", "nil"), _NOT_KNOWN),
    **dict.fromkeys(("-", "--", ".", "nd", "n.d.", "n/d", "missing", "unavailable"), _NOT_KNOWN),
}

_NEGATIONS = (
    r"no(?! findings?\b)|not|non(?!.?specific)|without|negative|absen(?:t|ce)|denie[sd]"
    r"|rule[sd]? out|r/o|exclude[sd]?|excluding|unlikely"
)
_DOUBTS = (
    r"suspect(?:ed|s)?|suspicio(?:n|us)|possibl[ey]|probabl[ey]|likely|presum(?:ed|ptive|ably)"
    r"|may ?be|perhaps|equivocal|unclear|uncertain|unconfirmed|indeterminate|questionable|query"
    r"|pending|differential|ddx?|vs|versus|or"
)
# Kept as text: most tables never need them, and compiling them costs as much as reading a table.
_DOUBT = rf"(?i)\?|\b(?:(?P<negation>{_NEGATIONS})|{_DOUBTS})\b"
_COMMA = r"(?i)\s*(?:[,;+&]|\band\b)\s*"
_DASHES = re.compile("[\u2010-\u2015\u2212]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingProblem:
    """One thing that is wrong with a finding.

    Parameters
    ----------
    kind : str
        ``"blank"``, ``"unknown"``, ``"wrong-parent"``, ``"doubt"``, ``"conflict"``, ``"todo"``:
        what cannot be mended without the source. ``"synonym"``, ``"flat"``, ``"comma"``,
        ``"blank-around"``: what is understood and written otherwise today.
    segment : str
        The part of the text.
    message : str
        In a curator's words.
    suggestion : str or None
        What to do, where that is known.
    """

    kind: str
    segment: str
    message: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReading:
    """What one finding says.

    Parameters
    ----------
    text : str
        As it was given.
    paths : tuple of tuple of str
        The labels that were understood, each in full from the top, in the order of the text.
    canonical : str or None
        The finding as it is written today; None where any part is blank, unknown, misplaced,
        doubtful or contradicts another, for then its labels are not known.
    problems : tuple of FindingProblem
        Empty where the text is right as it is.
    """

    text: str
    paths: tuple[tuple[str, ...], ...]
    canonical: str | None
    problems: tuple[FindingProblem, ...]

    @property
    def is_canonical(self) -> bool:
        """Whether the text is already written as today."""
        return self.canonical == self.text

    @property
    def is_finding(self) -> bool:
        """Whether every part was understood and says something of the patient.

        Only then is a label that is missing from `labels` a negative.
        """
        return self.canonical is not None and BY_NAME[self.paths[0][-1]].is_finding

    @property
    def labels(self) -> frozenset[str]:
        """Paths of every label that was understood and of all labels above it."""
        return frozenset(
            STEP.join(path[:depth]) for path in self.paths for depth in range(1, len(path) + 1)
        )


def _fold(text: str) -> str:
    return " ".join(_DASHES.sub("-", text).casefold().split())


def _flat_forms(node: Node) -> Iterator[str]:
    """How 2020's flat tables wrote a label below Pneumonia: "Mycoplasma Bacterial Pneumonia"."""
    if node.depth and node.kind != "syndrome":
        yield f"{node.name} Pneumonia"
    if node.depth > 1:
        yield f"{node.name} {node.segments[1]} Pneumonia"
        yield f"{node.segments[1]} {node.name} Pneumonia"


def _aliases() -> dict[str, tuple[Node, str]]:
    """Folded names to their label and to the kind of problem that the name is, "" for none."""
    known: dict[str, tuple[Node, str]] = {}
    for node in NODES:
        for name in (*node.synonyms, *node.deprecated):
            known[_fold(name)] = (node, "synonym")
        for name in _flat_forms(node):
            known[_fold(name)] = (node, "flat")
    return known | {_fold(node.name): (node, "") for node in NODES}


_ALIASES = _aliases()


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


class _Reader:
    """Reads one text and collects what is wrong with it."""

    __slots__ = ("problems",)

    def __init__(self) -> None:
        self.problems: list[FindingProblem] = []

    def say(self, kind: str, segment: str, message: str, suggestion: str | None = None) -> None:
        self.problems.append(
            FindingProblem(kind=kind, segment=segment, message=message, suggestion=suggestion)
        )

    def trim(self, text: str, *, where: str) -> str:
        trimmed = text.strip()
        if trimmed != text and trimmed:
            self.say("blank-around", text, f"{_shown(text)} has a blank {where}")
        return trimmed

    def part(self, text: str) -> list[Node | None]:
        """Read what stands between two ``|``; None for what cannot be used."""
        text = self.trim(text, where="before or after it")
        folded = _fold(text)
        if text in HIERARCHY or folded in _ALIASES:
            return [self.path(text)]
        if folded in _OUTSIDE:
            # Before "N/A" is read as N and A.
            self.unknown(text)
            return [None]
        doubt = re.search(_DOUBT, text)
        if doubt:
            self.doubt(text, doubt)
            return [None]
        pieces = re.split(_COMMA, text)
        if len(pieces) > 1:
            self.say("comma", text, f"{_shown(text)} joins findings otherwise than with {JOIN!r}")
        return [self.path(piece) for piece in pieces]

    def doubt(self, text: str, doubt: re.Match[str]) -> None:
        word = doubt[0]
        why = "says what is absent" if doubt["negation"] else "is not certain"
        self.say(
            "doubt",
            text,
            f"{_shown(text)} {why} ({word!r}): it sets no label",
            "write only what the source states as present, else Unknown, "
            "and keep its wording in clinical_notes",
        )

    def path(self, text: str) -> Node | None:
        """Read segments joined by ``/``, from the top or from further down."""
        before = len(self.problems)
        nodes = [self.segment(self.trim(part, where="beside '/'")) for part in text.split(STEP)]
        known = [node for node in nodes if node is not None]
        if len(known) < len(nodes):
            return None
        for above, below in pairwise(known):
            if not below.path.startswith(above.path + STEP):
                self.misplaced(text, above, below)
                return None
        last = known[-1]
        said = any(problem.kind == "flat" for problem in self.problems[before:])
        if tuple(node.name for node in known) != last.segments and not said:
            self.say("flat", text, f"{_shown(text)} is not a path from the top of the hierarchy")
        return last

    def misplaced(self, text: str, above: Node, below: Node) -> None:
        place = f"stands below {below.parent}" if below.parent else "stands at the top"
        self.say(
            "wrong-parent",
            text,
            f"{_shown(text)} has {below.name} below {above.name}; {below.name} {place}",
            f"if both are meant, write {above.path}{JOIN}{below.path}"
            if above is not below
            else f"write {below.path}",
        )

    def segment(self, text: str) -> Node | None:
        """Find the label that a whole segment names."""
        known = _ALIASES.get(_fold(text))
        if known is None:
            self.unknown(text)
            return None
        node, kind = known
        if kind == "flat":
            self.say("flat", text, f"{_shown(text)} is the flat form of {node.path}")
        elif text != node.name:
            self.say("synonym", text, f"{_shown(text)} is another name of {node.name}")
        return node

    def unknown(self, text: str) -> None:
        if not text:
            self.say("unknown", text, "a part of the finding is empty", "complete or remove it")
            return
        outside = _OUTSIDE.get(_fold(text))
        if outside:
            self.say("unknown", text, f"{_shown(text)} {outside[0]}", outside[1])
            return
        self.say("unknown", text, f"{_shown(text)} is not in the hierarchy", _closest(text))


def _closest(text: str) -> str | None:
    """Name the label that a misspelt word may mean."""
    from difflib import get_close_matches

    word = _fold(text)[:_SHOWN]
    # Names with another first letter are left out: a column of free text would cost minutes.
    names = [name for name in _ALIASES if name[0] == word[0] and _ALIASES[name][1] != "flat"]
    near = get_close_matches(word, names, n=1, cutoff=0.75)
    return f"did you mean {_ALIASES[near[0]][0].path}?" if near else None


@lru_cache(maxsize=65536)
def read_finding(text: str) -> FindingReading:
    """Read a cell of the finding column, in today's form or in any that the collection had.

    Parameters
    ----------
    text : str
        One path from the top, several joined by ``|``, or a form of 2020: a bare name, a name with
        "Pneumonia" behind it, names joined by commas.

    Returns
    -------
    FindingReading
        Its labels, today's spelling, and what is wrong with it.

    Examples
    --------
    >>> read_finding("COVID-19, ARDS").canonical
    'Pneumonia/Viral/COVID-19|Pneumonia/ARDS'
    >>> read_finding("Suspected COVID-19").canonical is None
    True
    """
    reader = _Reader()
    if not text.strip():
        reader.say("blank", text, "the finding is blank", "write it, or Unknown, or todo")
        return _reading(text, [], reader)
    if len(text) > _LONGEST:
        reader.say("unknown", text[:_SHOWN], f"{len(text):,} characters are no finding")
        return _reading(text, [], reader)
    return _reading(text, [n for part in text.split(JOIN) for n in reader.part(part)], reader)


def _reading(text: str, nodes: list[Node | None], reader: _Reader) -> FindingReading:
    known = list(dict.fromkeys(node for node in nodes if node is not None))
    kept = [node for node in known if not any(o.path.startswith(node.path + STEP) for o in known)]
    complete = bool(nodes) and None not in nodes
    if len(kept) < len(nodes) and complete:
        reader.say("synonym", text, f"{_shown(text)} says a label twice: a path holds those above")
    alone = [node for node in kept if not node.is_finding or node.kind == "normal"]
    if alone and len(known) > 1:
        complete = False
        reader.say("conflict", text, f"{_shown(text)} has {alone[0].name} beside another finding")
    canonical = JOIN.join(node.path for node in kept) if complete else None
    if BY_NAME["todo"] in kept:
        reader.say("todo", "todo", "the finding is still to be filled in", "read the source")
    return FindingReading(
        text=text,
        paths=tuple(node.segments for node in kept),
        canonical=canonical,
        problems=tuple(_with_suggestion(problem, canonical) for problem in reader.problems),
    )


def _with_suggestion(problem: FindingProblem, canonical: str | None) -> FindingProblem:
    if problem.suggestion or canonical is None or problem.kind not in _WRITTEN_OTHERWISE:
        return problem
    return FindingProblem(
        kind=problem.kind,
        segment=problem.segment,
        message=problem.message,
        suggestion=f"write {canonical}",
    )


_WRITTEN_OTHERWISE = frozenset({"synonym", "flat", "comma", "blank-around"})
