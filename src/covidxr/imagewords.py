"""Which kinds of imaging a text names, and what in it speaks of a drawing, a beast or a crystal.

This module owns those words. It knows no figure: what a caption as a whole says is decided in
:mod:`covidxr.figurewords`. Text is anybody's: every pattern here takes time in proportion to it.

Abbreviations count in capitals alone ("Ct" is a cycle of a PCR). Measured with a shorter list of
such words on 366 captions of COVID-19 papers of 2020, 30 of them of radiographs or CT: 2 false ones
with case ignored, 1 with case, none with the words for drawings, and none missed. Those words were
chosen on this set: expect less elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Words at a place of a text.

    Parameters
    ----------
    words : str
        As they stand there.
    start, end : int
        Their place.
    """

    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Which kinds of imaging a text names.

    Parameters
    ----------
    shown : mapping of str to Hit
        ``"X-ray"`` and ``"CT"``, each to the first words that name it as something to be seen.
    other : str
        The first words that name another kind: "MRI", "PET/CT"; empty for none.
    against : str
        The first words that speak of a drawing or a measure, of no patient, of a crystal; empty for
        none. Where they leave nothing to be seen, `shown` is empty.
    is_image : bool
        Whether a name of `shown` is said of an image ("CT scan", "CT showed"), not of a method.
    """

    shown: Mapping[str, Hit] = field(default_factory=dict)
    other: str = ""
    against: str = ""
    is_image: bool = False


_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
_HYPHEN = r"[-\u2010-\u2013\s]"

# Of two alternatives that begin at one place the first is taken, and its words are read once: so
# "PET/CT" names no CT, and "CT values" nothing. Names of things that are no patient's image are
# "against"; measures and needles are "silent".
_KINDS = {
    "against": (
        rf"(?i:x{_HYPHEN}?rays?{_HYPHEN}(?:powder{_HYPHEN})?(?:crystal\w{{0,12}}|diffract\w{{0,10}}"
        r"|photoelectron|fluorescence|absorption|scattering|spectr\w{1,12}|structures?|microscop\w{1,4}"
        r"|irradiat\w{1,4}|microtomogra\w{1,4}|microanalysis|emission|pulsars?|binar(?:y|ies))"
        r"|crystal structures?|crystallogra\w{1,8}|difratograma\w{0,2}(?: de raios x)?"
        r"|(?:micro|nano|\u00b5|\u03bc|synchrotron)[- ]?(?:x-ray )?(?:CT"
        r"|comput\w{2,8} tomogra\w{1,5})"
        r"|optical coherence tomogra\w{1,5}|(?:cryo-?)?electron tomogra\w{1,5}"
        r"|(?:soft |synchrotron )x-ray)|OCT|XRD|XPS|microCTs?"
    ),
    "silent": (
        r"(?i:cycle threshold|CT[- ]guid\w{2,4})|CT[- ](?:values?|thresholds?|numbers?)"
        r"|(?:HR)?CT[- ](?:\w{1,14}[- ]){0,2}(?:scores?|scoring|index|scanners?"
        r"|utili[sz]ation|features?"
        r"|parameters?|criteria)"
    ),
    "other": (
        r"(?:(?:18)?F?-?FDG[- ]?)?PET(?:[-/ ]?(?:CT|MRI?|scans?))?|SPECT(?:[-/ ]?CT)?"
        r"|(?i:positron emission tomogra\w{1,5}(?:[-/ ]computed tomogra\w{1,5})?"
        r"|single[- ]photon emission \w{1,10} tomogra\w{1,5}|magnetic resonance|scintigra\w{1,5}"
        r"|ultrasound|ultrasonogra\w{1,6}|(?<!\w)sonogra\w{1,6}|echocardiogra\w{1,6}"
        r"|electrocardiogra\w{1,5}|endoscop\w{1,4}|bronchoscop\w{1,5}|colonoscop\w{1,5}"
        r"|(?:photo)?micrographs?|histo(?:log|path)\w{3,9}|ha?ematoxylin|photographs?|fundus"
        r"|mammogra\w{1,5}|elastogra\w{1,5}|immunohistochem\w{1,6}|immunofluorescence)"
        r"|MRIs?|MRA|CMR|MR (?:imag\w{2,4}|scans?|angiogra\w{1,4})|ECG|EKG|H&E"
    ),
    "ct": (
        r"(?:HR|MD|LD|UL?D|CE|CB|NC|PE|DE|QC)?CT(?:PA|A|U)?s?"
        r"|(?i:(?:x[- ]?ray )?comput(?:ed|eri[sz]ed|er)(?: axial)? tomogra\w{1,6}"
        r"|tomogra(?:phic|ms?|phy)"
        r"|cat scans?|ct[- ](?:scans?|images?|slices?|chest|thorax)|(?<=chest )cts?"
        r"|(?<=axial )cts?|(?<=coronal )cts?|(?<=sagittal )cts?|(?<=thoracic )cts?"
        r"|tomograf[i\u00ed]as?(?: (?:axial )?comput\w{4,10})?)"
    ),
    "xray": (
        rf"(?i:x{_HYPHEN}?rays?|radiogra(?:phs?|phy|phies|ms?|phic)|skiagrams?|roentgenogra(?:ms?|phs?)"
        r"|r\u00f6ntgen\w{0,8}|(?:plain|chest) films?|radiograf[i\u00ed]as?|raios?[- ]x)|CXRs?"
    ),
}
_KIND = re.compile(
    f"{_BEGIN}(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _KINDS.items())}){_END}"
)
_SHOWN = {"ct": "CT", "xray": "X-ray"}

# What is drawn, counted or computed. "Reconstruction algorithm", "distribution of lesions" and
# "number of nodules" are said of images, and are not here.
DRAWN = re.compile(
    rf"(?i){_BEGIN}(?:(?:flow|bar|pie|gantt|organi[sz]ational)[- ]?(?:charts?"
    rf"|diagrams?)|flowcharts?"
    r"|schem(?:e|as?|es|atics?|atically)|diagram(?:s|matic)?|time[- ]?lines?|chronolog(?:y|ical)"
    r"|nomograms?|kaplan\W?meier|phylogen\w{2,8}|landscape|(?:box|forest|funnel|scatter|violin|bar|line"
    r"|dot|volcano|bland\W?altman)[- ]?(?:plots?|grams?|graphs?)|plots?|plotted|graphs?"
    r"|graphical|curves?"
    r"|histograms?|heat[- ]?maps?|pedigree|family tree|infographics?|cartoon|sketch|drawings?"
    r"|(?:diagnostic|clinical|management|treatment|triage|screening|proposed|decision)[- ]algorithm"
    r"|algorithms? (?:for|of)(?: the)? (?:diagnosis|management|triage|treatment"
    r"|screening)|decision tree|work[- ]?flows?|pipeline|frameworks?|confusion matri(?:x|ces)"
    r"|(?:network|model|system|overall|proposed) architecture|architecture of|neural networks?"
    r"|correlations? between|relationships? between|associations? between"
    r"|(?:linear|logistic|cox|poisson) regression|regression (?:analysis|lines?|models?)"
    r"|sensitivit(?:y|ies)|specificit(?:y|ies)|(?:diagnostic )?accuracy|receiver operating"
    r"|(?:number|percentage|proportion|frequency|incidence|prevalence|age|distribution)s? of"
    r" (?:the |all |confirmed |covid-19 |chest |ct |x-ray ){0,3}(?:patients|cases"
    r"|studies|publications|articles|scans"
    r"|examinations|exams|subjects|participants|admissions|deaths)|questionnaire|trends? (?:in|of))"
    rf"{_END}|{_BEGIN}(?:ROC|AUC|PRISMA|CONSORT){_END}"
)

# Who is no patient. Beasts that give their name to a disease ("cat scratch", "pigeon breeder's
# lung") are left out, and a text that speaks of a person as well is of that person.
_NO_PATIENT = re.compile(
    rf"(?i){_BEGIN}(?:mice|mouse|murine|rats?|hamsters?|ferrets?|macaques?|monkeys?|rabbits?|zebrafish"
    r"|porcine|piglets?|pigs?|swine|canine lung|dogs?|bovine|sheep|ovine|horses?|equine|primates?"
    r"|mosquito(?:e?s)?|fossils?|holotype|type specimen|new genus|genus and species|eocene|miocene"
    r"|pliocene|pleistocene|cretaceous|jurassic|triassic|phantoms?|paintings?|alloys?|batter(?:y|ies)"
    rf"|concrete|welds?|ceramics?){_END}"
)
_PERSON = re.compile(
    rf"(?i){_BEGIN}(?:patients?|(?:wo)?m[ae]n|boys?|girls?|infants?|child|children|neonates?"
    rf"|year[-\s]old|years[-\s]old|humans?){_END}"
)

# What makes a name of imaging an image: "radiograph", "CT image", "CT of the chest", "CT showed".
_IMAGE = re.compile(
    r"(?i)\W{0,2}(?:(?:of|the|a|an|his|her|chest|thorax|lungs?|scan|axial|coronal|sagittal|contrast"
    r"|enhanced|reconstructed|follow-?up)[\s-]{1,2}){0,4}(?:images?|imaging|scans?|slices?|films?|sections?"
    r"|views?|reconstructions?|findings|show\w{0,3}|demonstrat\w{1,4}|reveal\w{0,3}|display\w{0,3}|patient|"
    r"[0-9]{1,3}[\s-]year)"
    rf"{_END}"
)
_IS_IMAGE = re.compile(
    r"(?i)radiogra(?:phs?|ms?)|CXRs?|roentgenogra(?:ms?|phs?)|tomograms?|.*\b(?:films?|scans?|images?)"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s|[A-Z(])|\n")


def named_in(text: str) -> Named:
    """Read which kinds of imaging a caption names.

    Parameters
    ----------
    text : str
        A caption.

    Returns
    -------
    Named
        A name behind a word for a drawing in one sentence ("flow chart of patients with CT")
        counts as that drawing's. Where the first sentence is of a drawing and names no image, a
        name further on counts only where it is one of an image ("CT scans show").
    """
    hits = [(match.lastgroup or "", match) for match in _KIND.finditer(text)]
    beast = None if _PERSON.search(text) else _NO_PATIENT.search(text)
    drawn = DRAWN.search(text)
    seen: list[tuple[str, re.Match[str]]] = []
    if beast is None:
        ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
        seen = _seen(text, [hit for hit in hits if hit[0] in _SHOWN], ends)
    words = {kind: match[0] for kind, match in reversed(hits)}
    against = beast or drawn
    return Named(
        shown={
            _SHOWN[kind]: Hit(words=match[0], start=match.start(), end=match.end())
            for kind, match in reversed(seen)
        },
        other=words.get("other", ""),
        against=words.get("against") or (against[0] if against else ""),
        is_image=any(_is_image(text, match) for _, match in seen),
    )


@lru_cache(maxsize=1024)  # the shared words of a figure are asked about for each of its panels
def kinds_in(text: str) -> frozenset[str]:
    """Name the kinds of imaging of a text: ``"X-ray"``, ``"CT"``, and ``"other"`` for all others.

    Parameters
    ----------
    text : str
        Words on one panel.
    """
    names = {match.lastgroup or "" for match in _KIND.finditer(text)}
    return frozenset(_SHOWN.get(name, name) for name in names - {"silent", "against"})


def _seen(
    text: str, hits: list[tuple[str, re.Match[str]]], ends: list[int]
) -> list[tuple[str, re.Match[str]]]:
    """Leave the names that are of an image, and not of a drawing's subject."""
    drawn = [match.start() for match in DRAWN.finditer(text)]
    opening = ends[1] if len(ends) > 1 else len(text)
    begins_drawn = bool(drawn) and drawn[0] < opening
    needs_image = begins_drawn and (not hits or hits[0][1].start() > drawn[0])
    seen = []
    for kind, match in hits:
        sentence = ends[bisect_right(ends, match.start()) - 1]
        is_drawn = bisect_left(drawn, sentence) < bisect_left(drawn, match.start())
        if not is_drawn and (not needs_image or _is_image(text, match)):
            seen.append((kind, match))
    return seen


def _is_image(text: str, match: re.Match[str]) -> bool:
    return _IS_IMAGE.fullmatch(match[0]) is not None or _IMAGE.match(text, match.end()) is not None


# ---- sentences that cite a figure ----------------------------------------------------------------

_CITES = re.compile(r"(?i)\bfig(?:ure|s|ures)?\b\.?\s?(?P<number>s?[0-9]{1,3})[a-z]?(?![^\W_])")
# A sentence on who was examined cites the chart of patients, and no image.
_SHOWS = re.compile(
    r"(?i)\b(?:show\w{0,3}|demonstrat\w{1,4}|reveal\w{0,3}|display\w{0,3}|depict\w{0,3}|disclos\w{1,3}"
    r"|visible|visuali[sz]ed|seen|noted|found|image of|images of|presented with)\b"
)
# "As shown in Fig. 1, …": what the figure shows is said behind.
_OPENS = re.compile(
    r"(?i)(?:\W|\b(?:as|see|in|and|also|is|are|was|were|shown|seen|depicted|presented|illustrated"
    r"|demonstrated|the|of|on|please|our)\b){0,40}"
)
_EXAMINES = re.compile(
    r"(?i)\b(?:enrol\w{0,5}|includ\w{1,3}|exclud\w{1,3}|eligible|inclusion|exclusion|recruit\w{0,4}"
    r"|scores?|values?|cohort|significant\w{0,2}|average|mean|median)\b"
)


def spoken_of(sentence: str, label: str) -> Named:
    """Read which kinds of imaging a sentence says that the figure shows.

    Parameters
    ----------
    sentence : str
        A sentence that cites it.
    label : str
        The figure's label, ``"Figure 1"``.

    Returns
    -------
    Named
        Of the words that go with the citation alone: those before it, back to another citation;
        those behind it where it opens the sentence. Empty where nothing is shown there.
    """
    clause = _clause(sentence, label)
    if not _SHOWS.search(clause) or _EXAMINES.search(clause):
        return Named()
    return named_in(clause)


def _clause(sentence: str, label: str) -> str:
    number = re.search(r"[0-9]{1,3}", label)
    cited = list(_CITES.finditer(sentence))
    for at, match in enumerate(cited):
        if number is None or match["number"] != number[0]:
            continue
        before = sentence[cited[at - 1].end() if at else 0 : match.start()]
        if not _OPENS.fullmatch(before):
            return before
        following = cited[at + 1].start() if at + 1 < len(cited) else len(sentence)
        return sentence[match.end() : following]
    return "" if cited else sentence
