"""Words and addresses that speak of rights: what an article, a registry or a caption says.

This module owns which words name a Creative Commons licence, which take it back, and which say that
a figure is somebody else's. It must not weigh one statement against another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from covidxr.licences import LICENCES, read_licence

LONGEST = 20_000
"""Characters of a text that are looked at; no licence text or caption comes near it."""

_SHOWN = 200
# Not behind an initial, nor behind what is shortened in credits.
_NEXT_SENTENCE = re.compile(
    r"(?<!\b[A-Z])(?<!\bal)(?<!\bDr)(?<!\bProf)(?<!\bFig)(?<!\bfig)[.!?] (?=[A-Z©(\[“])"
)

# From the least to the most that a licence asks or forbids.
_FAMILIES = (
    *("CC0", "CC PDM", "CC PDDC", "CC BY", "CC BY-SA", "CC BY-NC", "CC BY-NC-SA"),
    *("CC BY-ND", "CC BY-NC-ND"),
)

Refusal = Literal["", "negated", "later", "figures", "lapsed", "mining", "reserved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A Creative Commons licence as it was named.

    Parameters
    ----------
    family : str
        ``"CC BY-NC"`` and so on.
    spdx : str
        Its SPDX id; empty where no version is named, or one that has no id.
    """

    family: str
    spdx: str = ""

    @property
    def rank(self) -> int:
        """How strict it is; a larger number is stricter."""
        return _FAMILIES.index(self.family)

    @property
    def derivatives(self) -> bool:
        """Whether changed copies may be passed on."""
        return not self.family.endswith("ND")


# ---- licences -----------------------------------------------------------------------------------

_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/[^\s]*)?"
)
_ADDRESS_IN_TEXT = re.compile(
    r"\bhttps?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[A-Za-z0-9./_-]{1,80}"
)
_PATHS = {"by-nd-nc": "CC BY-NC-ND", "zero": "CC0", "mark": "CC PDM", "publicdomain": "CC PDDC"}

# The name of a licence in running text: an anchor, then words that belong to a name, until one that
# does not. "Creative Common" is a frequent slip.
_ANCHOR = re.compile(
    r"creative\s+commons?\b(?:\s+licen[cs]es?\b)?|\bcc[\s-]?(?=by\b|by-|0\b|zero\b)", re.IGNORECASE
)
_NAME_WORD = re.compile(
    r"(?:[\s,(/–—&-]|\band\b){0,5}(?:(?P<element>attribution|by|non[\s-]?comm?ercial|nc"
    r"|no[\s-]?deriv(?:ative|ativework)?s?|nd|share[\s-]?alike|sa|cc0|0|zero)(?![a-z])"
    r"|v(?:ersion)?\.?\s?(?=[0-9])|(?P<version>[1-4]\.[05])(?![0-9])"
    r"|(?P<empty>licen[cs]es?|international|unported|generic|universal|public|works?)\b)",
    re.IGNORECASE,
)
_ELEMENTS = (
    (re.compile(r"attribution|by", re.IGNORECASE), "BY"),
    (re.compile(r"non[\s-]?comm?ercial|nc", re.IGNORECASE), "NC"),
    (re.compile(r"no[\s-]?deriv\w*|nd", re.IGNORECASE), "ND"),
    (re.compile(r"share[\s-]?alike|sa", re.IGNORECASE), "SA"),
    (re.compile(r"cc0|0|zero", re.IGNORECASE), "0"),
)
_AFTER_VERSION = re.compile(r"[\s(]{0,3}([A-Z][A-Za-z]+)")
_NO_COUNTRIES = frozenset(
    (
        "international",
        "unported",
        "generic",
        "universal",
        "license",
        "licence",
        "cc",
        "ccby",
        "public",
    )
)


# Wiley set U+2010 within names and addresses; others U+2011, U+2212, soft hyphens.
_HYPHENS = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u00ad": None, "\u200b": None}
)


def _plain(text: str) -> str:
    return text[:LONGEST].translate(_HYPHENS)


@lru_cache(maxsize=1024)  # a collection of articles repeats a handful of addresses
def named_by_address(url: str) -> Named | None:
    """Read the address of a Creative Commons licence.

    Parameters
    ----------
    url : str
        With or without ``www.``, language or country behind.

    Returns
    -------
    Named or None
        None for every other address, one that only holds such an address too.
    """
    url = " ".join(_plain(url).split()).rstrip(".,;)>]\"'")
    match = _ADDRESS.fullmatch(url.lower())
    if match is None:
        return None
    reading = read_licence(url)
    if reading.family in _FAMILIES and _known(reading.spdx):
        return Named(family=reading.family, spdx=_known(reading.spdx))
    # A version or a country that has no SPDX id of its own is still of the family.
    family = _PATHS.get(match[1]) or f"CC {match[1].upper()}"
    return Named(family=family) if family in _FAMILIES else None


def _known(spdx: str | None) -> str:
    return spdx if spdx is not None and spdx in LICENCES else ""


def named_by_code(code: str) -> Named | None:
    """Read what a registry writes: ``"CC BY-NC"``, ``"cc-by"``, ``"cc_by_nd"``, an address."""
    if named := named_by_address(code):
        return named
    plain = code[:LONGEST].replace("_", "-").strip()
    if plain.lower().startswith("cc0"):
        return Named(family="CC0", spdx="CC0-1.0")
    reading = read_licence(plain)
    if reading.family not in _FAMILIES:
        return None
    return Named(family=reading.family, spdx=_known(reading.spdx))


def named_by_words(words: str) -> tuple[Named, ...]:
    """Find the Creative Commons licences that a text names, each once, in order."""
    found: dict[Named, None] = {}
    text = _plain(words)
    for anchor in _ANCHOR.finditer(text):
        if named := _named_at(text, anchor):
            found[named] = None
    exact = {each.family for each in found if each.spdx}
    return tuple(each for each in found if each.spdx or each.family not in exact)


def _named_at(text: str, anchor: re.Match[str]) -> Named | None:
    """Read on behind "Creative Commons" or "CC", as far as the words belong to a name."""
    start = anchor.end()
    elements: list[str] = []
    version = ""
    while not version and (match := _NAME_WORD.match(text, start)):
        word = match["element"] or ""
        if word == "by" and len(anchor[0]) > len("cc "):
            break  # "a Creative Commons licence by the authors"
        elements += [short for pattern, short in _ELEMENTS if word and pattern.fullmatch(word)]
        version = match["version"] or ""
        start = match.end()
    if elements == ["0"]:
        return Named(family="CC0", spdx="CC0-1.0")
    family = "CC " + "-".join(each for each in ("BY", "NC", "ND", "SA") if each in elements)
    if family not in _FAMILIES or len(elements) != len(set(elements)):
        return None
    # A country behind the version makes it another licence: "3.0 Germany".
    ported = _AFTER_VERSION.match(text, start)
    exact = version and not (ported and ported[1].casefold() not in _NO_COUNTRIES)
    return Named(
        family=family, spdx=_known(read_licence(f"{family} {version}").spdx) if exact else ""
    )


def addresses_in(text: str) -> tuple[str, ...]:
    """Find the addresses of Creative Commons that are printed in a text."""
    return tuple(dict.fromkeys(_ADDRESS_IN_TEXT.findall(_plain(text))))


# Springer's text gives the article under CC BY and its data under CC0.
DATA_WAIVER = re.compile(r"\bwaiver\b.{0,150}?\bdata\b", re.IGNORECASE | re.DOTALL)
"""What tells that CC0 is named for the data alone."""

_NAME = r"(?:creative commons|cc[ -]by|cc0|open access)"
_REFUSALS: tuple[tuple[Refusal, re.Pattern[str]], ...] = (
    (
        "negated",
        re.compile(
            # Not "if material is not included in the article's licence", which many say.
            rf"\b(?:article|work|paper|publication|this)\s+is\s+not\s+(?!only\b)(?:\w+\s+){{0,4}}{_NAME}",
            re.IGNORECASE,
        ),
    ),
    # University presses open an article half a year after it appeared.
    ("later", re.compile(r"\bafter\s+(?:\w+|[0-9]+)\s+months?\b", re.IGNORECASE)),
    (
        "figures",
        re.compile(
            r"\b(?:except(?:ing)?(?: for)?|exclud(?:es|ed|ing)|with the exception of|other than)\s+"
            r"(?:\w+\s+){0,4}(?:figures?|images?|photographs?|illustrations?|radiographs?)\b"
            r"|\b(?:figures?|images?|photographs?|illustrations?)\s+(?:\w+\s+){0,3}(?:are|is)\s+"
            r"(?:not (?:covered|included|part|licen[cs]ed|available)|excluded"
            r"|reproduced with permission)",
            re.IGNORECASE,
        ),
    ),
    # What publishers granted in 2020 for as long as the emergency lasted (Elsevier, Springer,
    # Wiley, BMJ, Wolters Kluwer). WHO ended it on 5 May 2023.
    (
        "lapsed",
        re.compile(
            r"covid-?\s?19 resource cent|for the duration of|(?:as|so) long as the covid"
            r"|until otherwise determined|public health emergency"
            r"|(?:who|world health organization)\W{0,3}declar",
            re.IGNORECASE,
        ),
    ),
    (
        "mining",
        re.compile(
            r"\btext (?:and|&|or) data mining\b|\btext[ -]?mining only\b|\btdm\b", re.IGNORECASE
        ),
    ),
    (
        "reserved",
        re.compile(
            r"\ball rights (?:are )?reserved|\bno (?:re-?use|commercial re-?use)\b|\bmay not be "
            r"(?:re-?used|reproduced|redistributed|copied)"
            r"|\bstandard (?:journals? )?publication model"
            r"|\bwithout (?:the )?(?:prior |written )*permission|\bpersonal use only",
            re.IGNORECASE,
        ),
    ),
)


def refusal_of(words: str) -> tuple[Refusal, str]:
    """Find words that take a permission back, or put a bound to it.

    Parameters
    ----------
    words : str
        What an article says of its licence.

    Returns
    -------
    tuple of (str, str)
        Which kind, and the sentence; two empty texts where there are none.
    """
    text = words[:LONGEST]
    for kind, pattern in _REFUSALS:
        if match := pattern.search(text):
            return kind, sentence_around(text, match)
    return "", ""


def is_reserved(words: str) -> bool:
    """Tell whether a copyright statement reserves all rights."""
    return re.search(r"\ball rights (?:are )?reserved", words[:LONGEST], re.IGNORECASE) is not None


def sentence_around(text: str, match: re.Match[str]) -> str:
    """Give the sentence that a match stands in, cut where it is long."""
    # A match may begin with the end of the sentence before.
    inside = match.end() - len(match[0].lstrip(" .:;!?"))
    first = max(0, inside - _SHOWN)
    before = [each.end() for each in _NEXT_SENTENCE.finditer(text, first, match.end() + 1)]
    start = max((each for each in before if each <= inside), default=first)
    ends = _NEXT_SENTENCE.search(text, match.end())
    return shortened(text[start : ends.start() + 1 if ends else len(text)])


def shortened(text: str) -> str:
    """Cut a text for a message."""
    line = " ".join(text[:LONGEST].split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…"


# ---- somebody else's figure ---------------------------------------------------------------------

_PICTURE = (
    r"(?:figures?|fig\.?|images?|pictures?|photo(?:graph)?s?|illustrations?|panels?|scans?"
    r"|radiographs?|x-?rays?|cases?|diagrams?)"
)
# A credit begins a sentence, a bracket or a clause, or follows the picture that it is for: "the
# score, adapted from" is about no picture.
_BEFORE = rf"(?:\A|[.:;!?(\[—–]\s*|\b{_PICTURE}(?:\s+\w{{1,5}}){{0,5}}\s+)"
_PERMISSION = r"(?:with|by)\s+(?:\w+\s+){0,3}permission\b"
_CREDITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:reproduced|reprinted|republished)\s+(?:here\s+)?(?:from\b|courtesy\b|with\b|by\b)",
        rf"{_BEFORE}(?:adapted|modified|redrawn|borrowed)(?:\s+and\s+\w+)?\s+from\b",
        # "Images obtained from a patient" are the authors' own.
        r"\b(?:taken|obtained|borrowed)\s+from\s+(?:refs?\b|references?\b|\[|\w+\s+et\s+al\b)",
        rf"\b{_PERMISSION}",
        r"\bcourtesy\s+(?:of\b|:|dr\b|prof)|\b(?:by|image|case|photo)\s+courtesy\b",
        r"\b(?:image|photo|photograph|picture|figure|case)\s+(?:credits?|source)\s*[:—–-]",
        r"(?:\A|[.;(\[]\s*)(?:credits?|sources?)\s*:",
        r"\bpermission\b[^.;]{0,80}?\b(?:publishers?|copyright|elsevier|springer|wiley|rsna)\b",
        r"\b(?:radiopaedia|rightslink|wikimedia|wikipedia|shutterstock|istock|getty images)\b",
        r"\b(?:reproduced|reused|reprinted|republished|used)\s+(?:\w+\s+){0,3}?(?:under|licen[cs]e)\b",
        r"\b(?:adapted|modified|redrawn|copied|extracted)\b[^.;]{0,40}?\bfrom\s+(?:refs?\b|references?\b|\[|(?:\w+\s+){0,5}?et\s+al\b|(?:the\s+)?(?:study|work|paper|article)s?\b)",
        r"(?:\A|[.;(\[]\s*)(?:(?:figure|image|picture)s?\s+)?from:?\s+(?:refs?\b|references?\b|\[|\w[\w-]*(?:\s[A-Z]{1,3})?,?\s+et\s+al\b)",
        r"\b(?:taken|obtained|selected|drawn|downloaded)\s+from\s+(?!(?:our|the\s+hospital)\b)(?:\w+[\s-]+){0,5}?(?:et\s+al\b|data\s?(?:set|base)|repositor(?:y|ies)|publication|study\s+(?:of|by))",
        r"\b(?:originally|previously|first)\s+published\b",
        r"\bfrom\s+\w[\w-]*(?:\s[A-Z]{1,3})?,?\s+et\s+al\b",
        r"\b(?:tomad[oa]s?|adaptad[oa]s?|modificad[oa]s?|extra[ií]d[oa]s?|reprodu[cz]id[oa]s?|retirad[oa]s?)\s+d(?:e|el|a|o)\b(?!\s+(?:pie|la\s+historia|paciente|ingreso))",
        r"\bcon\s+(?:el\s+)?(?:permiso|autorizaci[oó]n)\b|\bcom\s+(?:a\s+)?(?:permiss[aã]o|autoriza[cç][aã]o)\b|\bcortes[ií]a\s+d",
        r"(?:\A|[.;(\[]\s*)(?:fuente|fonte)s?\s*:\s*(?!(?:os\s+|los\s+|el\s+)?autor|elabora[cç])",
        r"\bcourtesy\b(?!\s+of\s+(?:the\s+)?authors)",
        # Images of public data sets are many in papers on models.
        (
            r"\bfrom\s+(?!our\b)(?:the\s+)?(?:[\w-]+\s+){0,4}?(?:data\s?sets?|databases?|repositor(?:y|ies))"
            r"\s*(?:\[|\(|of\b|\Z|\.)"
        ),
        (
            r"\b(?:photos?|images?|scans?|radiographs?)\s+(?:kindly\s+)?(?:provided|supplied)\s+by\s+"
            r"(?-i:Dr|Prof|[A-Z])"
        ),
        r"\bphotos?\s+by\s+(?-i:[A-Z])",
        r"(?:\A|[.;(]\s*)(?:images?|photos?)\s*:\s*(?-i:Dr\b|Prof\b)",
        r"\bpermission\s+(?:was\s+)?(?:obtained|granted|received)\s+(?:from|by)\b",
        r"(?:\A|[.;(]\s*)source\s+(?-i:[A-Z])",
        r"\bthanks?\s+to\b[^;]{0,40}?\bfor\s+the\s+(?:images?|figures?|scans?)\b",
    )
)
# "(c)" alone is the letter of a panel.
_COPYRIGHT = re.compile(r"©|\(c\)(?=\s*[12][0-9]{3})|\bcopyright\b", re.IGNORECASE)
_AUTHORS = r"(?:the\s+|our\s+|by\s+){0,2}(?:authors?\b|own\b|ours?\b|prepared by\b)"
# Whose permission or work says nothing about rights of others.
_HARMLESS = re.compile(
    # In small letters alone: "American Family Physician" and "Patient Safety" are publishers.
    r"\bpermission\s+(?:(?:was|has been|is)\s+\w+\s+)?(?:of|from|by)\s+"
    r"(?:(?-i:the|his|her|their|our|all|both|each|legal|deceased|patient['’]s|child['’]s|patients['’])\s+){0,3}"
    r"(?-i:patients?|parents?|famil(?:y|ies)|relatives?|guardians?|next of kin|mother|father|wife"
    r"|husband|son|daughter|spouse|(?:legal )?representatives?|subjects?|participants?"
    r"|(?:institutional|ethics?|review)\s+(?:review\s+)?(?:board|committee))\b"
    r"|\bpermission\s+(?:of|from|by)\s+(?:the\s+)?"
    r"(?:IRB|ethics committee|institutional review board)\b"
    r"|\b(?-i:patients?|parents?|famil(?:y|ies)|guardians?)(?:['’]s?|s['’])?\s+(?:(?:written|informed|verbal)\s+){0,2}permission\b"
    r"|\b(?:his|her|their|parental)\s+(?:(?:written|informed|verbal|own)\s+){0,2}permission\b"
    rf"|(?:©|\(c\)|\bcopyright)\W{{0,3}}(?:[12][0-9]{{3}})?[\s,]{{0,3}}{_AUTHORS}"
    rf"|\b(?:sources?|credits?)\s*:\s*{_AUTHORS}"
    r"|\bauthors?['’]?s?['’]?\s+own\b|\bown (?:work|elaboration|source)\b",
    re.IGNORECASE,
)


def credit_in(text: str) -> str:
    """Find words that say that a figure comes from somebody else.

    Parameters
    ----------
    text : str
        Caption, attribution or permissions of a figure.

    Returns
    -------
    str
        The sentence that says so; empty where there is none. Permissions of patients and of
        ethics boards, and what the authors say of their own work, are none.
    """
    text = _HARMLESS.sub(" ", text[:LONGEST])
    found = (pattern.search(text) for pattern in _CREDITS)
    match = next(filter(None, found), None)
    return sentence_around(text, match) if match else ""


def copyright_in(text: str) -> str:
    """Find a copyright statement that does not speak of the authors; empty where there is none."""
    text = _HARMLESS.sub(" ", text[:LONGEST])
    match = _COPYRIGHT.search(text)
    return sentence_around(text, match) if match else ""


def is_own(note: str) -> bool:
    """Tell whether an attribution speaks of the authors' own work."""
    return _HARMLESS.search(note[:LONGEST]) is not None
