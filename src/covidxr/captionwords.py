"""What a caption says of an image: view, modality, day, and which part belongs to which letter.

This module owns words, in English and Italian, and knows no site. What it reads is a suggestion and
never a fact: two meanings, doubt, or a word in another sense give nothing. Text is anybody's: every
pattern here takes time in proportion to its length.
"""

from __future__ import annotations

import re
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from covidxr.cases import Reading, Suggestion
from covidxr.columns import VIEW_MODALITY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Where a word begins and ends; names of files part words by "_", which counts as a letter in \b.
_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
_GAP, _MAYBE = r"\s{1,4}", r"\s{0,4}"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ---- letters -----------------------------------------------------------------------------------

_SEPARATOR = rf"(?:{_MAYBE}(?:,|;|&|/|[-\u2013]){_MAYBE}|(?:,?{_GAP})(?:and|to|e){_GAP})"
_LETTERS = rf"(?P<letters>[A-Za-z](?:{_SEPARATOR}[A-Za-z]){{0,25}})"
_FIGURE = rf"(?:Fig(?:ure|ura)?s?\.?{_MAYBE}[0-9]{{1,3}}{_MAYBE})"
# "(a)" and "[a]", "a:", "a)", then "a." and "a,", which are read at the beginning of a sentence
# alone: elsewhere they are an article, or somebody's initial.
_ROUND = re.compile(rf"{_BEGIN}{_FIGURE}?[(\[]{_MAYBE}{_LETTERS}{_MAYBE}[)\]]:?")
_COLON = re.compile(rf"{_BEGIN}{_FIGURE}?{_LETTERS}{_MAYBE}:")
_HALF = re.compile(rf"(?<![(\[]){_BEGIN}(?<![(\[,;&/-]\s){_FIGURE}?{_LETTERS}[)\]]:?")
_POINT = re.compile(rf"{_BEGIN}{_FIGURE}?{_LETTERS}{_MAYBE}[.,](?=\s)")
_ANY = re.compile(
    rf"{_BEGIN}(?:{_FIGURE}[(\[]?{_LETTERS}[)\].:,]{{1,2}}"
    rf"|[(\[]?{_LETTERS.replace('letters', 'more')}(?:[)\]]:?|{_MAYBE}:))"
)
# No caption of a figure is as long as a report.
_LONGEST_CAPTION = 20_000
_STYLES = (_ROUND, _COLON, _HALF, _POINT, _ANY)

_ENDS_SENTENCE = re.compile(r"[.:!?\n]\s{0,8}\Z")
_ENDS_PART = re.compile(r"(?:[.:;,!?\n]|(?:\A|[\s,;])(?:and|e|ed))\s{0,8}\Z")
# "as in (b)" speaks of another part and does not begin one.
_REFERS = re.compile(
    r"(?i)(?:\A|\W)(?:in|on|of|see|as|to|from|by|with|than|at|panels?|images?|fig(?:ure)?s?\.?|parts?"
    r"|arrows?|nella|della|come|vedi)\s{0,8}\Z"
)
_JOINS = re.compile(r"[\s,;](?:and|e|ed)\Z")
# "(c) Department of …" is a copyright sign.
_OWNER = re.compile(r"\s{0,4}(?:Dep|Copyright|by\b|[12][0-9]{3}\b)", re.IGNORECASE)
_LABEL_ALONE = re.compile(rf"{_FIGURE}[.:]?\s{{0,8}}")


class _Marker(NamedTuple):
    start: int
    end: int
    letters: tuple[str, ...]
    case: str


def split_by_letter(caption: str, letters: Sequence[str]) -> dict[str, str]:
    """Give each letter of a figure its part of the caption; the whole one where it has none.

    Parameters
    ----------
    caption : str
        Such as ``"Radiographs. (a) PA view, (b, c) lateral views"``.
    letters : sequence of str
        The figure's letters, in any case.

    Returns
    -------
    dict of str to str
        One entry a letter. Text before the first part that ends as a sentence or with a colon is
        common to all and stands before each. Where it is not certain which part is whose, each
        letter has the whole caption.
    """
    wanted = {letter.casefold() for letter in letters}
    for style in _STYLES if len(caption) <= _LONGEST_CAPTION else ():
        markers = _markers(style, caption)
        if markers and wanted <= {letter for marker in markers for letter in marker.letters}:
            parts = _parts(caption, markers)
            if all(parts.values()):
                return {letter: parts[letter.casefold()] for letter in letters}
    return dict.fromkeys(letters, caption)


def _markers(style: re.Pattern[str], caption: str) -> list[_Marker]:
    """Find the beginnings of parts; none where they are in any way unclear."""
    found = [
        _Marker(match.start(), match.end(), *_letters_of(next(filter(None, match.groups()))))
        for match in style.finditer(caption)
        if not _OWNER.match(caption, match.end()) or "c" not in match[0].lower()
    ]
    if style is _POINT:
        found = [each for each in found if each.start == 0 or _ends(_ENDS_PART, caption, each)]
    if len(found) < 2 or not _begins(caption, found[0]):  # noqa: PLR2004 - one part is no split
        return []
    at_front = style is not _ANY and _is_label(caption[: found[0].start])
    for marker in found[1:]:
        if _ends(_REFERS, caption, marker) or not (at_front or _ends(_ENDS_PART, caption, marker)):
            return []
    return found if _are_in_order(found) else []


def _letters_of(text: str) -> tuple[tuple[str, ...], str]:
    """Read "a", "a, c", "b-d" and their case; no letters where that makes no sense."""
    parts = re.split(r"[^\w]+(?:(?:and|to|e)\s+)?", text)
    joined = "".join(parts)
    case = "small" if joined.islower() else "capital" if joined.isupper() else ""
    letters = tuple(part.lower() for part in parts)
    if not case or len(joined) != len(parts):
        return (), ""
    if re.search(r"[-\u2013]|\bto\b", text):
        span = tuple(map(chr, range(ord(letters[0]), ord(letters[-1]) + 1)))
        return (span, case) if len(letters) == 2 else ((), "")  # noqa: PLR2004 - from and to
    return letters, case


def _ends(what: re.Pattern[str], caption: str, marker: _Marker) -> bool:
    return what.search(caption[max(0, marker.start - 20) : marker.start]) is not None


def _begins(caption: str, marker: _Marker) -> bool:
    return _is_label(caption[: marker.start]) or _ends(_ENDS_SENTENCE, caption, marker)


def _is_label(text: str) -> bool:
    return not text.strip() or _LABEL_ALONE.fullmatch(text.strip()) is not None


def _are_in_order(markers: list[_Marker]) -> bool:
    """Whether the letters are a, b, c … without a gap, in one case, each named once, rising."""
    named = [letter for marker in markers for letter in marker.letters]
    firsts = [marker.letters[0] for marker in markers if marker.letters]
    return (
        len(firsts) == len(markers)
        and len({marker.case for marker in markers}) == 1
        and all(one < other for one, other in pairwise(firsts))
        and sorted(named) == [chr(ord("a") + number) for number in range(len(named))]
    )


def _parts(caption: str, markers: list[_Marker]) -> dict[str, str]:
    before = caption[: markers[0].start].strip()
    common = "" if _is_label(before) else before
    ends = [marker.start for marker in markers[1:]] + [len(caption)]
    parts: dict[str, str] = {}
    for marker, end in zip(markers, ends, strict=True):
        part = caption[marker.end : end].lstrip(" \t\n:.,-\u2013").rstrip(" \t\n,;")
        if end < len(caption):
            part = _JOINS.sub("", part).rstrip(" \t\n,;")
        whole = f"{common} {part}".strip() if re.search(r"[^\W_]", part) else ""
        parts |= dict.fromkeys(marker.letters, whole)
    return parts


# ---- modality ----------------------------------------------------------------------------------

# Abbreviations count in capitals: "ct" and "pet" are other things. Of two alternatives that begin
# at one place the first is taken: "PET/CT" is one examination, and "CT-guided" says nothing of the
# image.
_KINDS = {
    "": r"CT[- ](?:guid|val)\w{0,12}|(?i:cycle threshold)|TC\W{0,3}[0-9]{2}",
    "PET": r"(?:(?:18)?F?-?FDG[- ]?)?PET(?:[-/ ]?(?:CT|TC|scan))?",
    "CT": (
        r"(?:HR|MD|LD|CE|CB)?CT(?:A|PA|s)?|(?i:(?:x[- ]?ray )?comput(?:ed|eri[sz]ed) tomogra\w{2,8}"
        r"|tomografia (?:assiale )?computerizzata|cat scans?|ct[- ](?:scans?|images?|chest|thorax)"
        r"|(?<=chest )ct|(?<=axial )ct|(?<=coronal )ct|(?<=sagittal )ct|(?<=thoracic )ct)"
    ),
    "X-ray": (
        r"(?i:(?:chest |thoracic )?x[-\u2010\u2011 ]?rays?|radiograph(?:s|y)?|radiographies"
        r"|radiograms?|roentgenograms?|plain films?|radiografi[ae]|radiogramm[ai]"
        r"|rx[- ](?:del )?(?:torace|chest))|CXRs?"
    ),
    "MRI": r"MRI|RMN|(?i:magnetic resonance|risonanza magnetica)|MR (?:imag\w{2,4}|scan)|CMR",
    "Ultrasound": (
        r"(?i:ultrasound|ultrasonogra\w{2,6}|sonogra\w{1,6}|echocardiogra\w{1,6}|ecografi[ae]"
        r"|ecocardiogra\w{1,6})"
    ),
    "Histology": (
        r"(?i:(?:photo)?micrographs?|ha?ematoxylin|preparato istologico"
        r"|histo(?:pathology|pathological|logy|logical|logic)"
        r"(?= (?:specimen|slide|section|image|exam|sample|of)|[.:]|\Z))|H&E"
    ),
    "ECG": r"[EC]KG|ECG|(?i:electrocardiogra\w{1,4}|elettrocardiogramma)",
    "Photograph": r"(?i:photographs?|photo of|gross specimen|fotografi[ae])",
}
# In Italian TC and Rx are examinations; in English Rx is a treatment.
_ITALIAN_KINDS = {"CT": r"TC|TAC|(?i:angio-?tc)|HRTC", "X-ray": r"R[Xx]", "MRI": r"RM"}


def _kind_pattern(extra: dict[str, str]) -> re.Pattern[str]:
    groups = (
        f"(?P<k{number}>{pattern}" + (f"|{extra[kind]})" if kind in extra else ")")
        for number, (kind, pattern) in enumerate(_KINDS.items())
    )
    return re.compile(f"{_BEGIN}(?:{'|'.join(groups)}){_END}")


_KIND = {"en": _kind_pattern({}), "it": _kind_pattern(_ITALIAN_KINDS)}
_NAMES = tuple(_KINDS)
_NONE_WAS_TAKEN = re.compile(r"(?i)(?:\A|\W)(?:no|without|senza|nessuna)\s{1,4}(?:chest\s)?\Z")


def _kinds(text: str, language: str) -> dict[str, str]:
    """Kinds of imaging that are named, each to the first words that name it."""
    found: dict[str, str] = {}
    for match in _KIND.get(language, _KIND["en"]).finditer(text):
        kind = _NAMES[int((match.lastgroup or "k0")[1:])]
        if kind and not _NONE_WAS_TAKEN.search(text[max(0, match.start() - 20) : match.start()]):
            found.setdefault(kind, match[0])
    return found


def modality_in(text: str, language: str = "en") -> Reading | None:
    """Read the kind of imaging: "X-ray", "CT", or another's plain name such as "MRI"; or None.

    Parameters
    ----------
    text : str
        A caption or a title.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    Reading or None
        None where no kind is named, or two are.
    """
    found = _kinds(text, language)
    if len(found) != 1:
        return None
    ((kind, words),) = found.items()
    return Reading(value=kind, words=words)


# ---- view --------------------------------------------------------------------------------------

_VIEW_WORDS = {
    **dict.fromkeys(("pa", "posteroanterior", "posterioranterior", "posteroanteriore"), "PA"),
    **dict.fromkeys(("ap", "anteroposterior", "anteriorposterior", "anteroposteriore"), "AP"),
    **dict.fromkeys(("lateral", "laterolateral", "laterale", "laterolaterale", "ll"), "L"),
    **dict.fromkeys(("axial", "transaxial", "assiale", "assiali"), "Axial"),
    **dict.fromkeys(("coronal", "coronale", "coronali"), "Coronal"),
    **dict.fromkeys(("sagittal", "sagittale", "sagittali"), "Sagittal"),
    **dict.fromkeys(("supine", "supino", "supina", "semisupine", "clinostatismo"), "Supine"),
    **dict.fromkeys(("erect", "upright", "ortostatismo", "seduto", "sitting"), "Erect"),
    **dict.fromkeys(("frontal", "frontale"), "Frontal"),
    **dict.fromkeys(("decubitus", "decubito", "oblique", "lordotic", "obliqua"), "Other"),
}
_PROJECTIONS = _words(
    "view views projection projections proiezione proiezioni radiograph radiographs xray"
    " xrays radiography film films cxr cxrs radiogram radiograms roentgenogram radiografia"
    " radiografie radiogramma rx chest torace exposure"
)
_PLANES = _words(
    "ct cts hrct cta ctpa mdct tc tac scan scans image images slice slices plane planes view"
    " views section sections reconstruction reconstructions reformat reformats reformatted"
    " reformation reformations reconstructed mpr mip minip window piano piani scansione"
    " scansioni sezione sezioni immagine immagini ricostruzione ricostruzioni computed chest"
    " thorax torace"
)
# What may stand between a view and the word that makes it one.
_BETWEEN = _words(
    "and or e ed in the a an of at di del della su sul al on plane position posizione chest"
    " thoracic plain portable mobile bedside bed letto semi digital initial follow up standard"
    " conventional single unica sola solo left right low dose high resolution contrast non"
    " enhanced unenhanced multiplanar lung thin torace thorax paziente patient decubitus"
    " decubito first second repeat & / + , ( ) [ ] - \u2013 :"
)
_SHORT = _words("day figure fig figura giorno . ;")
# What makes the same letters something else: a diameter, the pulmonary artery, blood pressure.
_OTHER_SENSE = _words(
    "diameter diameters dimension dimensions axis window aneurysm pressure artery arteries"
    " branch branches trunk embolism gradient segment segments wall aspect portion part basal"
    " recess sinus suture skeleton interstitium diametro diametri gradiente parete segmento"
    " stenosis catheter hypertension interstitial direction extension"
)
_BODY = _words("chest thorax torace")
_NAMED_BEFORE = _words("projection proiezione view")
_TOKEN = re.compile(
    r"(?i:x[-\u2010\u2011\s]?rays?|(?:postero|posterior)[\s-]?anteriore?"
    r"|(?:antero|anterior)[\s-]?posteriore?|latero[\s-]?laterale?|semi[\s-]?supine"
    rf"|p[.-]a\.?|a[.-]p\.?){_END}|[^\W_]+|[^\w\s]"
)
_FAR = 8
_NEAR = 120


class _Token(NamedTuple):
    key: str
    start: int
    end: int
    raw: str


class _Hit(NamedTuple):
    value: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(_key(match[0]), match.start(), match.end(), match[0])
        for match in _TOKEN.finditer(text)
    ]


def _key(raw: str) -> str:
    return re.sub(r"[\s.\-\u2010\u2011]", "", raw.lower()) or raw


def view_in(text: str, language: str = "en") -> Reading | None:
    """Read a view of the table out of words; None where none or more than one is named.

    Parameters
    ----------
    text : str
        A caption or a title.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    Reading or None
        ``"Frontal"``, "bedside" and "portable" alone are no view; lying makes ``"AP Supine"``.
    """
    tokens = _tokens(text)
    hits: dict[str, _Hit] = {}
    for at, token in enumerate(tokens):
        value = _VIEW_WORDS.get(token.key)
        if value and (hit := _hit(tokens, at, value)):
            hits.setdefault(hit.value, hit)
    one = _only_view(hits)
    if one is None or set(_kinds(text, language)) - {VIEW_MODALITY[one.value]}:
        return None
    return Reading(value=one.value, words=text[one.start : one.end])


def _only_view(hits: dict[str, _Hit]) -> _Hit | None:
    supine, erect = hits.pop("Supine", None), hits.pop("Erect", None)
    if hits.pop("Frontal", None) and "L" in hits:
        return None
    if len(hits) > 1 or (not hits and supine is None):
        return None
    one = next(iter(hits.values()), None)
    if one is not None and VIEW_MODALITY.get(one.value) == "CT":
        return one
    if supine is None:
        return one if one is None or one.value != "Other" else None
    if erect or (one is not None and one.value != "AP"):
        return None
    start = min(supine.start, one.start if one else supine.start)
    end = max(supine.end, one.end if one else supine.end)
    return _Hit("AP Supine", start, end) if end - start <= _NEAR else None


def _hit(tokens: list[_Token], at: int, value: str) -> _Hit | None:
    """Decide whether a word is meant as a view, and give the words that say so."""
    token = tokens[at]
    after = tokens[at + 1].key if at + 1 < len(tokens) else ""
    before = tokens[at - 1].key if at else ""
    if value == "Other":
        lying = {_VIEW_WORDS.get(before), _VIEW_WORDS.get(after)} & {"Supine"}
        return None if lying else _near(tokens, at, _PROJECTIONS)
    decubitus = {"decubitus", "decubito"} & {before, after}
    if (value == "L" and decubitus) or _is_pressure(tokens, at) or _is_a_place(tokens, at):
        return None
    if token.key in {"pa", "ap", "ll"} and not token.raw.isupper():
        named = after in _PROJECTIONS or before in _NAMED_BEFORE
        return _near(tokens, at, _PROJECTIONS) if named else None
    return _near(tokens, at, _PLANES if VIEW_MODALITY.get(value) == "CT" else _PROJECTIONS)


def _is_a_place(tokens: list[_Token], at: int) -> bool:
    """Whether a word tells where something is: "lateral wall", "parete laterale"."""
    before = tokens[at - 1].key if at else ""
    after = [each.key for each in tokens[at + 1 : at + 3]]
    if before in _OTHER_SENSE:
        return not after or after[0] not in _PROJECTIONS | _PLANES
    return not _OTHER_SENSE.isdisjoint(after[: 2 if after[:1] and after[0] in _BODY else 1])


def _is_pressure(tokens: list[_Token], at: int) -> bool:
    """Whether "PA" is followed by a blood pressure, as in "PA 120/80"."""
    following = [each.key for each in tokens[at + 1 : at + 5] if each.key not in {":", "=", "di"}]
    return (
        len(following) > 1 and following[0].isdigit() and following[1] in {"/", "mmhg", "mm", "su"}
    )


def _near(tokens: list[_Token], at: int, nouns: frozenset[str]) -> _Hit | None:
    token = tokens[at]
    value = _VIEW_WORDS[token.key]
    noun = _reach(tokens[at + 1 : at + 1 + _FAR], nouns)
    if noun:
        return _Hit(value, token.start, noun)
    noun = _reach(tokens[max(0, at - _FAR) : at][::-1], nouns)
    if noun and (value in {"PA", "AP"} or _stands_apart(tokens, at, nouns)):
        before = tokens[at - (2 if tokens[at - 1].key == "-" and at > 1 else 1)]
        return _Hit(value, before.start if before.key in nouns else token.start, token.end)
    if len(tokens) <= _FAR and all(_is_known(each.key, nouns) for each in tokens):
        return _Hit(value, token.start, token.end)
    return None


def _reach(tokens: list[_Token], nouns: frozenset[str]) -> int:
    """Find the nearest noun with nothing of another sense between: where it ends; 0 for none."""
    end = 0
    for each, beyond in zip_longest(tokens, tokens[1:]):
        if each.key in nouns and not (each.key in _BODY and beyond and beyond.key in _OTHER_SENSE):
            end = each.end
        elif end or (each.key not in _BETWEEN and each.key not in _VIEW_WORDS):
            break
    return end


def _stands_apart(tokens: list[_Token], at: int, nouns: frozenset[str]) -> bool:
    """Whether what follows a word is not what the word describes: "X-ray, lateral segment"."""
    if at + 1 == len(tokens) or tokens[at - 1].key in _NAMED_BEFORE:
        return True
    after = tokens[at + 1]
    return not after.raw[0].isalnum() or _is_known(after.key, nouns)


def _is_known(key: str, nouns: frozenset[str]) -> bool:
    return (
        key in nouns
        or key in _BETWEEN
        or key in _VIEW_WORDS
        or key in _SHORT
        or key.isdigit()
        or len(key) == 1
    )


# ---- day ---------------------------------------------------------------------------------------

_NAMED_NUMBERS = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
}
_NUMBERS = {
    **dict.fromkeys(("a", "an", "un", "una", "un'", "un\u2019"), 1),
    **{
        word: number
        for words in _NAMED_NUMBERS.values()
        for number, word in enumerate(words.split(), start=1)
    },
}
_HOURS_A_DAY = 24
_LONGEST = 3650
# "After a few days" is written as 5: so the table's own note on the column.
_FEW = 5


def _amount(language: str) -> str:
    """Write the pattern of a number and a unit; a range has a second number."""
    ones = r"an?" if language == "en" else r"una?|un['\u2019]"
    number = rf"(?:[0-9]{{1,4}}|{_NAMED_NUMBERS[language].replace(' ', '|')}|{ones})"
    between = r"(?:-|\u2013|to|or|o|a)"
    units = (
        r"hours?|days?|weeks?|months?|years?"
        if language == "en"
        else r"or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]"
    )
    return (
        rf"(?P<number>{number})(?P<range>{_MAYBE}{between}{_MAYBE}{number})?[\s-]{{0,3}}"
        rf"(?P<unit>{units}){_END}"
    )


def _day(language: str) -> str:
    return (
        rf"(?P<day>[0-9]{{1,4}}|{_NAMED_NUMBERS[language].replace(' ', '|')}){_END}"
        rf"(?P<days>{_MAYBE}(?:-|\u2013|/|to|and|e|a){_MAYBE}[0-9])?"
    )


_CIRCA = r"(?:(?:about|approximately|around|circa|ca\.?) )?"
_ADMISSION = (
    r"(?:(?:the|his|her|hospital|initial|first|symptoms?) ){0,2}"
    r"(?:admission|admittance|hospitali[sz]ation|presentation|arrival|onset)"
)
_BASE = r"(?:(?:the|his|her|hospital|initial|symptoms?) ){0,2}\w{1,20}"
_SINCE = r"(?:of|after|post|following|from|since)"
_PRIOR = rf"(?P<before>before|prior to)(?: (?P<event>{_BASE}))?"
_PRIOR_IT = r"(?P<before>prima) (?P<event>(?:del |dell['\u2019] ?)\w{1,20})"
_NO_NUMBER = r"several (?:days|weeks)|post-? ?op(?:erative|erational|\.)? day"
_ORDINALS = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|[0-9]{1,3}(?:st|nd|rd|th))"
)
_ORDINALS_IT = (
    r"(?:(?:prim|second|terz|quart|quint|sest|settim|ottav|non|decim)[ao] "
    r"|[0-9]{1,3}[\u00b0\u00aa\u00ba^] ?)"
)
# Each names by its groups what it means; see `_value`. A blank stands for a few of any kind. What
# an earlier one has read, a later one does not see.
_OFFSETS = {
    "en": (
        rf"(?P<vague>{_ORDINALS}[ -](?:hospital )?(?:day|week)|days [0-9]|{_NO_NUMBER})",
        r"(?P<next>(?:the )?(?:next|following) day)",
        r"(?P<few>a few days (?:later|afterwards)|after a few days)",
        rf"day {_day('en')}(?: {_SINCE} (?P<base>{_BASE}))?",
        rf"history of {_CIRCA}{_amount('en')}",
        rf"{_CIRCA}{_amount('en')}(?: ?(?:later|afterwards)| {_SINCE} (?P<base>{_BASE})| {_PRIOR})",
        rf"{_CIRCA}{_amount('en')} history",
        rf"after {_CIRCA}{_amount('en')}(?: of (?P<of>\w{{1,20}}))?",
        rf"(?P<lasting>for|since) (?:the )?(?:past |last )?{_CIRCA}{_amount('en')}",
        rf"(?P<zero>(?:on|at|upon) (?:(?:the )?(?:day|time|moment) of )?{_ADMISSION})",
    ),
    "it": (
        rf"(?P<vague>{_ORDINALS_IT}(?:giornata|giorno)|(?:diversi|numerosi) giorni)",
        rf"(?P<vague>(?:da|dopo) (?:oltre|almeno|pi\u00f9 di) {_amount('it')})",
        r"(?P<next>(?:il )?giorno (?:dopo|successivo|seguente)|l['\u2019]indomani)",
        r"(?P<few>(?:dopo|da) (?:alcuni giorni|qualche giorno|pochi giorni))",
        rf"giorno {_day('it')}",
        rf"(?:dopo|a distanza di) {_CIRCA}{_amount('it')}(?: di (?P<of>\w{{1,20}}))?",
        rf"(?P<since>da) {_CIRCA}{_amount('it')}",
        rf"{_CIRCA}{_amount('it')} (?:dopo|pi\u00f9 tardi|{_PRIOR_IT})",
        rf"(?P<since>circa) {_amount('it')}",
        r"(?P<zero>all['\u2019] ?(?:ingresso|arrivo|accesso|esordio|atto del ricovero))",
        r"(?P<zero>al (?:momento del )?ricovero|alla presentazione)",
    ),
}


def _offset_pattern(alternative: str) -> re.Pattern[str]:
    """Compile; "3.5 days" and "COVID-19 days" have no whole number of days."""
    blanks = alternative.replace(" ?", _MAYBE).replace(" ", _GAP)
    return re.compile(rf"(?i){_BEGIN}(?<![0-9][-.,/\u2013])(?<!COVID-)(?:{blanks}){_END}")


_OFFSET = {
    language: tuple(map(_offset_pattern, alternatives))
    for language, alternatives in _OFFSETS.items()
}
# What an offset counts from; and what else people count days of.
_FROM = re.compile(
    r"(?i)admi(?:ssion|ttance)|hospital|presentation|arrival|onset|symptom|illness|disease|fever|cough"
    r"|dyspn|sintomi|malattia|febbre|tosse|ricovero|ingresso|accesso|stay|degenza|esordio"
)
_SYMPTOM = re.compile(
    r"(?i)fever|febr|febbr|cough|toss|dyspn|dispn|symptom|sintom|malaise|asthenia|astenia|pyrexia"
    r"|piressia|headache|diarrh|pain|breath|illness|myalgia"
)
_TREATMENT = re.compile(
    r"(?i)terapi|trattament|trattat|antibiotic|intubat|ventil|treat|therap|smok|fumat|cortison"
)
_AROUND = 40


def offset_in(text: str, language: str = "en") -> Reading | None:
    """Read a number of days: "day 7", "5 days later", "on admission"; None where none is said.

    Parameters
    ----------
    text : str
        A caption, or the sentence before an image.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    Reading or None
        None too where two different days are said, or one that is no number of days: "the third
        day", "3-5 days later", "a month later", a day after an operation.
    """
    known = language if language in _OFFSET else "en"
    found: dict[int | None, tuple[int, int]] = {}
    rest = text
    for pattern in _OFFSET[known]:

        def blanked(match: re.Match[str]) -> str:
            if _counts_something_else(match, text):
                return match[0]
            value = _value(match)
            found[value] = min(match.span(), found.get(value, match.span()))
            return "\0" * len(match[0])

        rest = pattern.sub(blanked, rest)
    if len(found) != 1 or None in found:
        return None
    ((value, (start, end)),) = found.items()
    return Reading(value=str(value), words=text[start:end])


def _counts_something_else(match: re.Match[str], text: str) -> bool:
    """Whether days are counted of a treatment, or of nothing that is named."""
    groups = match.groupdict()
    around = text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
    before = text[max(0, match.start() - _AROUND) : match.start()]
    if groups.get("lasting"):
        return not _SYMPTOM.search(around) or _TREATMENT.search(before) is not None
    return bool(groups.get("since")) and _TREATMENT.search(before) is not None


def _value(match: re.Match[str]) -> int | None:
    """Give days; None for words that name a day without its number."""
    groups = {name: words for name, words in match.groupdict().items() if words}
    if groups.keys() & {"vague", "range", "days"}:
        return None
    for name, value in (("next", 1), ("few", _FEW), ("zero", 0)):
        if name in groups:
            return value
    counted_from = groups.get("base") or groups.get("of") or groups.get("event")
    if counted_from and not _FROM.search(counted_from):
        return None
    if "day" in groups:
        return _days(_number(groups["day"]), "day")
    days = _days(_number(groups["number"]), groups["unit"].lower())
    if "before" in groups:
        return -days if days is not None and "event" in groups else None
    return days


def _number(words: str) -> int:
    folded = words.lower()
    # A letter of another script that counts as "s" or "i" where case is ignored makes no number.
    return int(folded) if folded.isdigit() else _NUMBERS.get(folded, _LONGEST + 1)


def _days(number: int, unit: str) -> int | None:
    """Turn a number of units into days; None where that is not exact, or too many."""
    if unit.startswith(("hour", "or")):
        exact = number < _HOURS_A_DAY or number % _HOURS_A_DAY == 0
        days = number // _HOURS_A_DAY if exact else _LONGEST + 1
    elif unit.startswith(("day", "giorn")):
        days = number
    elif unit.startswith(("week", "settiman")):
        days = 7 * number
    else:
        return None
    return days if days <= _LONGEST else None


# ---- all at once -------------------------------------------------------------------------------


def suggestions_of(text: str, where: str, language: str = "en") -> tuple[Suggestion, ...]:
    """Everything above at once: suggestions for view, modality (X-ray or CT) and offset.

    Parameters
    ----------
    text : str
        A caption or a title.
    where : str
        Where it stands, as in :class:`covidxr.cases.Suggestion`.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    tuple of Suggestion
        Empty for the caption of several parts, "(a) … (b) …": whose words these are is not known.
    """
    found = (_letters_of(match["letters"]) for match in _ROUND.finditer(text))
    parts = {letter for letters, _ in found for letter in letters}
    if len(parts) > 1:
        return ()
    return tuple(
        Suggestion(column=column, value=reading.value, words=reading.words, where=where)
        for column, reading in _readings(text, language)
    )


def _readings(text: str, language: str) -> Iterator[tuple[str, Reading]]:
    if view := view_in(text, language):
        yield "view", view
    modality = modality_in(text, language)
    if modality and modality.value in VIEW_MODALITY.values():
        yield "modality", modality
    if offset := offset_in(text, language):
        yield "offset", offset
