"""What the words on one panel suggest for its row.

This module owns the meeting of a panel's own words with those that it shares: its own win, shared
ones count for every panel whose own words say nothing else, and what contradicts gives nothing. The
reading of views, days, ages and findings is that of :mod:`covidxr.captionwords` and
:mod:`covidxr.patientwords`; it must not guess: each suggestion holds the words that it rests on.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from covidxr import captionwords, patientwords
from covidxr.cases import Reading, Suggestion
from covidxr.columns import VIEW_MODALITY
from covidxr.imagewords import kinds_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
_LONGEST = 20_000
_MODALITIES = frozenset(VIEW_MODALITY.values())
# The shared words are read once for all panels of a figure.
_modality_in = lru_cache(maxsize=32)(captionwords.modality_in)
_view_in = lru_cache(maxsize=32)(captionwords.view_in)
_offset_in = lru_cache(maxsize=32)(captionwords.offset_in)


def suggestions(
    own: str, intro: str, closing: str = "", *, others: tuple[str, ...] = (), where: str
) -> tuple[Suggestion, ...]:
    """Suggest cells of a panel's row: modality, view, offset, sex, age and finding.

    Parameters
    ----------
    own : str
        The panel's own words.
    intro : str
        Words before, which hold for all panels.
    closing : str
        Words behind, which hold for all: they name the kind of imaging at most, where nothing else
        does.
    where : str
        Where all that stands, as in :class:`covidxr.cases.Suggestion`.

    Returns
    -------
    tuple of Suggestion
        One for a column at most.
    """
    # Panels of several patients: the shared words are of the first of them alone.
    several = any(_names_somebody(text) for text in (own, *others))
    patient = "" if several else intro
    # A heading in the middle, "Chest X-ray. C: …", stands behind the words of the panel before.
    changes = any(_changes_kind(text, intro) for text in (own, *others))
    texts = _Texts(
        own[:_LONGEST], intro[:_LONGEST], closing[:_LONGEST], patient[:_LONGEST], changes
    )
    return tuple(
        Suggestion(column=column, value=reading.value, words=reading.words, where=where)
        for column, reading in _readings(texts)
    )


class _Texts(NamedTuple):
    own: str
    intro: str
    closing: str
    patient: str
    changes: bool = False


def _changes_kind(text: str, intro: str) -> bool:
    """Whether a panel's later sentences name a kind of imaging that nothing before does."""
    first, *further = _SENTENCE.split(text[:_LONGEST])
    known = kinds_in(first) | kinds_in(intro[:_LONGEST])
    shared = kinds_in(intro[:_LONGEST])
    return bool(shared) and any(kinds_in(each) - known for each in further)


def _names_somebody(text: str) -> bool:
    text = _CONTACTS.sub(" ", text)
    return bool(_AGED.search(text) or _SEXES.search(text) or _SOMEBODY.search(text))


def _readings(texts: _Texts) -> Iterator[tuple[str, Reading]]:
    modality, view = _agreeing(_modality(texts), _view(texts))
    if modality:
        yield "modality", modality
    if view or (view := _lying_or_carried(texts, modality)):
        yield "view", view
    if offset := _offset(texts):
        yield "offset", offset
    patient = _patient(texts)
    if patient.sex:
        yield "sex", patient.sex
    if patient.age:
        yield "age", patient.age
    if finding := _finding(texts):
        yield "finding", finding


# ---- kind of imaging and view --------------------------------------------------------------------


def _modality(texts: _Texts) -> Reading | None:
    """Read X-ray or CT; a panel that is of another kind, or of two, has none."""
    own, intro, closing = map(_without_abbreviations, texts[:3])
    if texts.changes:
        own, intro, closing = _SENTENCE.split(own)[0], "", ""
    for text in (own, intro, closing):
        if kinds_in(text):
            found = _modality_in(text)
            return found if found and found.value in _MODALITIES else None
    return None


# "CT, computed tomography" explains a word and names no image.
_ABBREVIATION = re.compile(
    r"\b(?:(?:HR|MD|LD)?CTA?|CXR|MRI|PET"
    r"|US)\s{0,2}[=:,]\s{0,2}(?i:(?:high[- ]resolution |chest |low[- ]dose "
    r"|multidetector ){0,2}(?:comput\w{2,8} tomogra\w{1,5}|x-ray|radiogra\w{1,4}|magnetic resonance"
    r"|positron emission tomogra\w{1,5}|ultraso\w{2,9}))"
)


@lru_cache(maxsize=32)
def _without_abbreviations(text: str) -> str:
    return _ABBREVIATION.sub(" ", text)


_VIEW_WORDS = re.compile(
    rf"(?i){_BEGIN}(?:p\.?a\.?|a\.?p\.?|(?:postero|antero)[\s-]?(?:anterior|posterior)|lateral|frontal"
    rf"|(?:trans)?axial|coronal|sagittal|supine|erect|upright|oblique|decubitus|planes?){_END}"
)
_CARRIED = re.compile(
    rf"(?i){_BEGIN}(?:portable|bed[\s-]?side|mobile){_END}(?!\s(?:CT|computed|scanner|oxygen|ventilator))"
)
_LYING = re.compile(rf"(?i){_BEGIN}supine{_END}")
_STANDING = re.compile(rf"(?i){_BEGIN}(?:erect|upright|standing|prone|p\.?a\.?|lateral){_END}")


def _view(texts: _Texts) -> Reading | None:
    """Read a view; where the panel's own words speak of one that is not clear, none."""
    found = _view_in(texts.own)
    if found or _VIEW_WORDS.search(texts.own) or _CARRIED.search(texts.own):
        return found
    return _view_in(texts.intro)


def _agreeing(
    modality: Reading | None, view: Reading | None
) -> tuple[Reading | None, Reading | None]:
    """Drop both where a view is not of that kind of imaging."""
    if modality and view and VIEW_MODALITY[view.value] != modality.value:
        return None, None
    return modality, view


def _lying_or_carried(texts: _Texts, modality: Reading | None) -> Reading | None:
    """Read a radiograph that was taken of somebody lying, or by a device at the bed, as AP.

    Such a device stands before the patient and the detector behind: the table's own notes on views
    have "mobile" with AP alone.
    """
    if modality is None or modality.value != "X-ray":
        return None
    for text in (texts.own, texts.intro):
        if _STANDING.search(text):
            return None
        if lying := _LYING.search(text):
            return Reading(value="AP Supine", words=lying[0])
        if carried := _CARRIED.search(text):
            return Reading(value="AP", words=carried[0])
    return None


# ---- day -----------------------------------------------------------------------------------------

# What speaks of time, whether or not it gives a day.
_TIME = re.compile(
    rf"(?i){_BEGIN}(?:days?|weeks?|months?|hours?|years?(?![\s-](?:old|of))|later|after|afterwards"
    r"|before|prior|admission|discharge|follow[\s-]?up|re-?examin\w{1,5}|baseline|initial(?:ly)?|first"
    rf"|second|third|last|next|subsequent(?:ly)?|recovery|resolution|improved){_END}"
)


def _offset(texts: _Texts) -> Reading | None:
    found = _offset_in(texts.own)
    if found or _TIME.search(texts.own):
        return found
    return _offset_in(texts.intro)


# ---- patient -------------------------------------------------------------------------------------

_AGED = re.compile(
    r"(?i)(?<![^\W_])(?:[0-9]{1,3}[\s-]{0,2}(?:years?|yrs?|months?|weeks?"
    r"|days?)[\s-]{1,2}(?:old|of age)"
    r"|[0-9]{1,3}\s?(?:y/?o|yo)|aged\s[0-9]{1,3})(?![^\W_])"
)
_SEXES = re.compile(
    rf"(?i){_BEGIN}(?:(?P<m>man|male|boy|gentleman)|(?P<f>woman|female|girl|lady)){_END}"
)
_SEVERAL = re.compile(
    rf"(?i){_BEGIN}(?:patients|cases|men|women|males|females|boys|girls|children|infants|persons|people"
    r"|subjects|individuals|volunteers|(?:(?:family|two|both|three|four|five|other)\s){1,2}members"
    rf"|siblings|twins|couple|respectively|wife|husband|spouse|mother|father|sons?|daughters?|brother|sister){_END}"
)
# People whom the patient has met.
_CONTACTS = re.compile(r"(?i)\bcontacts?\s(?:with|of|to)\b[^.;]{0,80}")
# Somebody, of whom nothing else may be said: not the patient of the shared words.
_SOMEBODY = re.compile(
    rf"(?i){_BEGIN}(?:(?:case|patient|subject)\s?#?(?:no\.?\s?)?(?:[0-9]{{1,3}}|[A-Z])(?![^\W_])"
    rf"|(?:another|other|second|third|different|healthy|control|normal)"
    rf"\s(?:[\w-]{{1,20}}\s)?"
    rf"(?:patient|case|subject|person|individual|man|woman|volunteer)|healthy|controls?){_END}"
)


def _patient(texts: _Texts) -> patientwords.PatientWords:
    """Read age and sex where own or shared words speak of exactly one person."""
    nobody = patientwords.PatientWords()
    first, *further = _SENTENCE.split(texts.own)
    if (
        texts.patient != texts.intro
        and not _names_somebody(first)
        and any(map(_names_somebody, further))
    ):
        return nobody  # perhaps the heading of the panels behind
    for whole in (texts.own, texts.patient):
        text = _CONTACTS.sub(" ", whole)
        if _SEVERAL.search(text):
            return nobody
        ages = {re.sub(r"\D", "", match[0]) for match in _AGED.finditer(text)}
        sexes = {match.lastgroup for match in _SEXES.finditer(text)}
        if len(ages) > 1 or len(sexes) > 1:
            return nobody
        if ages or sexes:
            return patientwords.patient_in(text)
        if _SOMEBODY.search(text):
            return nobody
    return nobody


# ---- finding -------------------------------------------------------------------------------------

_NOT_ILL = re.compile(rf"(?i){_BEGIN}(?:healthy|controls?|negative|uninfected|non-?COVID){_END}")
_SENTENCE = re.compile(r"(?<=[.!?;])\s{1,4}")
_SENTENCES = 20
_LONGEST_SENTENCE = 500


def _finding(texts: _Texts) -> Reading | None:
    """Read one finding; the more exact where own and shared words agree, else the panel's own."""
    own, shared = _findings(texts.own), _findings(texts.intro)
    if _NOT_ILL.search(texts.own) or len(own) > 1:
        return None
    if own and shared and len(shared) == 1 and _is_within(shared[0].value, own[0].value):
        return shared[0]
    if own:
        return own[0]
    return shared[0] if len(shared) == 1 else None


@lru_cache(maxsize=32)
def _findings(text: str) -> tuple[Reading, ...]:
    """Read the findings of a text's sentences, without those that a more exact one includes."""
    found: dict[str, str] = {}
    for sentence in _SENTENCE.split(text)[:_SENTENCES]:
        suggested = patientwords.finding_in_title(sentence[:_LONGEST_SENTENCE], "")
        if suggested:
            found.setdefault(suggested.value, suggested.words)
    return tuple(
        Reading(value=value, words=words)
        for value, words in found.items()
        if not any(other != value and _is_within(other, value) for other in found)
    )


def _is_within(finding: str, other: str) -> bool:
    """Whether a finding is another one, or a more exact one of its kind."""
    return finding == other or finding.startswith(f"{other}/")


# ---- side ----------------------------------------------------------------------------------------

_SIDED = (
    r"(?:[\s-](?:sided|upper|middle|lower|mid|basal|basilar|apical|perihilar|peripheral|posterior"
    r"|anterior|medial|main|pleural)){0,3}[\s-](?:lungs?|lobes?|lower|upper|basal|hemithora\w{1,3}"
    r"|pleura\w{0,1}|zones?|fields?|bas(?:e|is|es)|ap(?:ex|ices)|hil(?:um|a|ar)|hemidiaphragm"
    r"|costophrenic|pneumothorax|effusion|chest|bronch\w{1,4}|pulmonary|perihilar|parahilar|subpleural"
    r"|consolidation|opacit\w{1,3}|infiltrat\w{1,3}|atelectasis)"
)
_SIDE = re.compile(
    rf"(?i){_BEGIN}(?:(?P<bilateral>bilateral(?:ly)?|(?:right and left|left and right){_SIDED}"
    r"|both\s(?:the\s)?(?:lungs?|sides|upper|lower|pulmonary|hemithoraces|bases))"
    rf"|(?P<right>right{_SIDED})|(?P<left>left{_SIDED})){_END}"
)
_DENIED = re.compile(r"(?i)\b(?:no|without|not|neither|nor)\s(?:\w{1,15}\s){0,2}\Z")
_LOOK_BACK = 40


def side_in(text: str) -> Reading | None:
    """Read the side of the chest that a text speaks of: right, left or bilateral; or None.

    Parameters
    ----------
    text : str
        A panel's words. "Left" counts beside a part of the chest alone: the left panel is no side.

    Returns
    -------
    Reading or None
        ``"right"``, ``"left"`` or ``"bilateral"``, this too where parts of both are named; its
        words then run from the first to the last.
    """
    found = [
        match
        for match in _SIDE.finditer(text[:_LONGEST])
        if not _DENIED.search(text[max(0, match.start() - _LOOK_BACK) : match.start()])
    ]
    sides = {match.lastgroup: match for match in reversed(found)}
    if not sides:
        return None
    if "bilateral" in sides:
        return Reading(value="bilateral", words=sides["bilateral"][0])
    if len(sides) > 1:
        return Reading(value="bilateral", words=text[found[0].start() : found[-1].end()])
    return Reading(value=found[0].lastgroup or "", words=found[0][0])
