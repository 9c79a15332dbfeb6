"""What words say of a patient: age, sex, a finding in a title.

This module owns words, in English and Italian, and knows no site. Nothing is guessed: a range, a
decade, two sexes, a doubtful title give nothing. A grammatical gender ("Il
paziente") and a pronoun, which machine translation makes up, are no evidence of a sex.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from covidxr import labels
from covidxr.cases import Reading, Suggestion

_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
_GAP, _MAYBE = r"\s{1,4}", r"\s{0,4}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientWords:
    """Age and sex as read out of a sentence; None where it does not say."""

    age: Reading | None = None
    sex: Reading | None = None


# ---- age ---------------------------------------------------------------------------------------

# Nobody is known to have lived longer than 122 years; the table takes ages up to 120.
_OLDEST = 120
_DAYS_A_YEAR = 365.25
_UNIT_DAYS = {"y": _DAYS_A_YEAR, "m": _DAYS_A_YEAR / 12, "w": 7.0, "d": 1.0}

_UNITS = {
    "en": {
        "y": r"years?|yrs?|y\.?o\.?|y/o|y",
        "m": r"months?|mos?",
        "w": r"weeks?|wks?",
        "d": r"days?",
    },
    "it": {
        "y": r"anni|anno|aa\.?|-?enne",
        "m": r"mesi|mese",
        "w": r"settiman[ae]",
        "d": r"giorn[oi]",
    },
}
_BARE = re.compile(r"\s{0,8}([0-9]{1,3}(?:[.,][0-9]{1,2})?)\s{0,8}", re.ASCII)
# An age that is none: a range, two in one breath, a decade, a bound, a length of pregnancy.
_NOT_ONE_AGE = re.compile(
    r"(?i)[0-9]\s?(?:-|\u2013|to|a|o|or|and|e|&)\s?[0-9]|[0-9]0['\u2019]?s\b|[<>\u2264\u2265]|[0-9]\s?\+"
    r"|\b(?:over|under|above|below|older than|younger than|more than|less than|at least|oltre"
    r"|pi\u00f9 di|meno di|almeno|sopra|sotto|gestation\w{0,2}|pregnan\w{1,2}|gravidanza)\b"
)
_CASE_NUMBER = re.compile(r"(?i)\b(?:case|caso)[\s#:n.-]{0,4}[0-9]{1,6}")
# Between the parts of one age, as in "1 year and 6 months"; months are counted of children alone.
_JOINS = re.compile(r"\s{0,4},?\s{0,4}(?:(?:and|e)\s{1,4})?")
_CHILD = 18
_LONGEST_FIELD = 200


def _age_pattern(language: str) -> re.Pattern[str]:
    number = r"[0-9]{1,4}(?:[.,][0-9]{1,2})?"
    units = "|".join(f"(?P<{key}>{words})" for key, words in _UNITS[language].items())
    after = (
        rf"(?:[\s-]{{1,3}}(?:old|of{_GAP}age){_END})?"
        if language == "en"
        else rf"(?:{_GAP}(?:di{_GAP}et\u00e0|d['\u2019]et\u00e0){_END})?"
    )
    before = (
        rf"(?:(?:aged?|about|approximately){_MAYBE}:?{_MAYBE})?"
        if language == "en"
        else rf"(?:(?:et\u00e0|circa|di){_MAYBE}:?{_MAYBE})?"
    )
    first = (
        rf"(?i){_BEGIN}(?<![0-9][.,]){before}"
        rf"(?P<number>{number})[\s-]{{0,3}}(?:{units}){_END}{after}"
    )
    if language == "en":
        return re.compile(first)
    turned = rf"|(?:di{_GAP})?anni{_GAP}(?P<turned>{number}){_END}"
    return re.compile(f"{first}{turned}")


_AGE = {language: _age_pattern(language) for language in _UNITS}


def age_in(text: str, language: str = "en") -> Reading | None:
    """Read an age in years out of a field or an address: "60 years", "6 months" as 0.5; or None.

    Parameters
    ----------
    text : str
        A whole field, such as ``"34 years, male"``, or a bare number of years; or the last part of
        an address.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    Reading or None
        With at most two decimals. None for a range, a decade, a word such as "Adult", two ages, or
        more than 120 years.
    """
    if len(text) > _LONGEST_FIELD or _NOT_ONE_AGE.search(_without_case(text)):
        return None
    if bare := _BARE.fullmatch(text):
        years = _years([(bare[1], "y")])
        return Reading(value=years, words=bare[1]) if years else None
    found = list(_AGE.get(language, _AGE["en"]).finditer(text))
    gaps = [text[one.end() : other.start()] for one, other in pairwise(found)]
    if not found or not all(map(_JOINS.fullmatch, gaps)):
        return None
    years = _years(list(map(_amount, found)))
    return Reading(value=years, words=text[found[0].start() : found[-1].end()]) if years else None


def _without_case(text: str) -> str:
    """Take the case's number away, so that "case 001 - 61 year" and "001-61-year" are no range."""
    return _CASE_NUMBER.sub(" ", re.sub(r"-(?=[0-9]{1,3}-(?:year|month|week|day))", " . ", text))


def _amount(match: re.Match[str]) -> tuple[str, str]:
    groups = match.groupdict()
    if groups.get("turned"):
        return groups["turned"], "y"
    return groups["number"], next((unit for unit in _UNIT_DAYS if groups.get(unit)), "y")


def _years(amounts: list[tuple[str, str]]) -> str:
    """Add years, months and days that make one age; empty where they do not."""
    units = [unit for _, unit in amounts]
    if len(set(amounts)) == 1:
        amounts = amounts[:1]
    elif units != sorted(set(units), key="ymwd".index):
        return ""
    if len(amounts) > 1 and float(amounts[0][0].replace(",", ".")) > _CHILD:
        return ""
    days = sum(float(number.replace(",", ".")) * _UNIT_DAYS[unit] for number, unit in amounts)
    years = days / _DAYS_A_YEAR
    return f"{years:.2f}".rstrip("0").rstrip(".") if years <= _OLDEST else ""


# ---- sex ---------------------------------------------------------------------------------------

_SEX = {
    "en": re.compile(
        rf"{_BEGIN}(?:(?P<male>(?i:male|man|boy|gentleman)|M)"
        rf"|(?P<female>(?i:female|woman|girl|lady)|F)){_END}"
    ),
    "it": re.compile(
        rf"{_BEGIN}(?:(?P<male>(?i:maschio|uomo|maschile|ragazzo|signore)|M)"
        rf"|(?P<female>(?i:femmina|donna|femminile|ragazza|signora)|F)){_END}"
    ),
}
_TRANS = re.compile(r"(?i)\btrans")


def sex_in(text: str, language: str = "en") -> Reading | None:
    """Read "M" or "F" out of a field: "Male", "femminile"; None where it does not say.

    Parameters
    ----------
    text : str
        A field.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    Reading or None
        None too where both are named.
    """
    if text.strip() in {"m", "f"}:
        return Reading(value=text.strip().upper(), words=text.strip())
    if _TRANS.search(text):
        return None
    return _one_sex(list(_SEX.get(language, _SEX["en"]).finditer(text)))


def _one_sex(found: list[re.Match[str]]) -> Reading | None:
    if len({match.lastgroup for match in found}) != 1:
        return None
    return Reading(value="M" if found[0].lastgroup == "male" else "F", words=found[0][0])


# ---- sentences ---------------------------------------------------------------------------------

# A full stop after these ends no sentence.
_SENTENCE_END = re.compile(
    r"(?<!\bPz)(?<!\bpz)(?<!\bca)(?<!\bSig)(?<!\by\.o)(?<!\b[A-Z])[.!?](?=\s|\Z)|\n"
)
_SENTENCES = 12
_LONGEST_SENTENCE = 2000
# From here on a sentence speaks of somebody else.
_SOMEBODY_ELSE = {
    "en": re.compile(
        r"(?i)\b(?:wife|husband|son|daughter|mother|father|brother|sister|spouse|partner|colleague"
        r"|cousin|uncle|aunt|nephew|niece|grand\w{3,9}|parents?|sibling|relative|friend|contacts?"
        r"|roommate|caregiver|children|in-law)\b"
    ),
    "it": re.compile(
        r"(?i)\b(?:moglie|marito|figli[oae]?|madre|padre|mamma|pap\u00e0|fratello|sorella|coniuge"
        r"|compagn[oa]|suocer[oa]|cognat[oa]|nipot[ei]|nonn[oa]|zi[oa]|collega|badante|convivente"
        r"|cugin[oa]|genitor[ei]|contatt[oi]|amic[oa]|genero|nuora)\b"
    ),
}
# What else is counted in years: an illness, smoking, the past.
_NOT_AGE_BEFORE = re.compile(
    r"(?i)(?:\b(?:for|since|past|last|over|after|than|in|about|within|every|da|per|circa|oltre|at|the"
    r"|ultimi|dopo|nei|ogni|negli|history of)|pack)[\s:]{1,4}\Z"
)
_NOT_AGE_AFTER = re.compile(
    r"(?i)[\s-]{0,4}(?:ago|before|earlier|later|history|hx|of|fa|prima|addietro|or sono|orsono|dopo"
    r"|pack)\b"
)
_OLD = re.compile(r"(?i)old|age|et\u00e0|enne|y/o|y\.?o\.?\Z")
_PERSON = {
    "en": r"(?:male|man|boy|gentleman|female|woman|girl|lady|patient|M|F)",
    "it": (
        r"(?:maschio|uomo|maschile|femmina|donna|femminile|ragazz[oa]|signor[ea]|paziente"
        r"|pz\.?|M|F)"
    ),
}
_NUMBER_ALONE = {
    language: re.compile(rf"(?i){_BEGIN}{person},?{_GAP}(?P<number>[0-9]{{1,3}})(?={_MAYBE}[,.;)])")
    for language, person in _PERSON.items()
}
_LETTER_BY_AGE = re.compile(
    r"(?<=sesso )[MF]\b|\b[MF](?=[\s,]{1,3}(?:di\s|aged\s)?[0-9])"
    r"|(?:(?<=old)|(?<=years)|(?<=anni)|(?<=y/o)|(?<=yo))[\s,]{1,3}(?P<letter>[MF])\b"
)


def patient_in(text: str, language: str = "en") -> PatientWords:
    """Read age and sex out of the first sentences of a report.

    Parameters
    ----------
    text : str
        Its beginning, or all of it.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    PatientWords
        What the first sentence says that says anything of either; of the first patient that it
        names, and never of relatives. A sentence with two sexes gives none.
    """
    known = language if language in _AGE else "en"
    for sentence in _sentences(text):
        other = _SOMEBODY_ELSE[known].search(sentence)
        found = _first_patient(sentence[: other.start()] if other else sentence, known)
        if found.age or found.sex:
            return found
    return PatientWords()


# What may stand at the head of a report before and between age and sex, and nothing else may.
_OPENING_WORDS = frozenset(
    {
        "a",
        "an",
        "the",
        "this",
        "is",
        "was",
        "of",
        "aged",
        "age",
        "old",
        "year",
        "years",
        "yr",
        "yrs",
    }
    | {"month", "months", "y", "o", "yo", "patient", "sex", "male", "female", "man", "woman", "boy"}
    | {"girl", "gentleman", "lady", "m", "f", "il", "la", "un", "una", "di", "sesso", "et\u00e0"}
    | {"anni", "anno", "mesi", "mese", "aa", "paziente", "pz", "pc", "p", "z", "maschio", "uomo"}
    | {"maschile", "femmina", "donna", "femminile", "ragazzo", "ragazza", "signore", "signora"}
    | {"trattasi", "si", "tratta"}
)
_WORD = re.compile(r"[^\W_]+")
_STATED_IN = 4


def patient_stated(text: str, language: str = "en") -> PatientWords:
    """Read age and sex where a report opens with them: "Donna, 69 anni", "A 56-year-old man".

    Parameters
    ----------
    text : str
        A report's beginning, or all of it.
    language : str
        ``"en"`` or ``"it"``.

    Returns
    -------
    PatientWords
        What one of the first four sentences says at its very head, with no other word between;
        two numbers there give no age. What stands further on may be of somebody, or of something,
        else: see `patient_in`.
    """
    known = language if language in _AGE else "en"
    for sentence in _sentences(text)[:_STATED_IN]:
        opening = _opening(sentence)
        found = _first_patient(opening, known)
        if len(re.findall(r"[0-9]+(?:[.,][0-9]+)?", opening)) > 1:
            found = PatientWords(sex=found.sex)
        if found.age or found.sex:
            return found
    return PatientWords()


def _opening(sentence: str) -> str:
    """Give a sentence up to the first word that says something else."""
    for word in _WORD.finditer(sentence):
        # "51enne" and "45yo" are one word.
        if word[0].casefold() in _OPENING_WORDS or re.fullmatch(r"[0-9]{1,3}\D{0,4}", word[0]):
            continue
        return sentence[: word.start()]
    return sentence


def _sentences(text: str) -> list[str]:
    beginning = text[: _SENTENCES * _LONGEST_SENTENCE]
    parts = _SENTENCE_END.split(beginning, maxsplit=_SENTENCES)[:_SENTENCES]
    return [part[:_LONGEST_SENTENCE] for part in parts if part.strip()]


def _first_patient(sentence: str, language: str) -> PatientWords:
    ages = _ages(sentence, language)
    end = len(sentence)
    age: Reading | None = None
    if ages:
        years = _years([_amount(ages[0])]) if _is_one_age(sentence, ages[0]) else ""
        age = Reading(value=years, words=ages[0][0]) if years else None
        end = next((each.start() for each in ages if _amount(each) != _amount(ages[0])), end)
    found = [
        match
        for match in _SEX[language].finditer(sentence[:end])
        if len(match[0]) > 1 or _by_an_age(sentence, match)
    ]
    sex = None if _TRANS.search(sentence) else _one_sex(found)
    return PatientWords(age=age, sex=sex)


def _ages(sentence: str, language: str) -> list[re.Match[str]]:
    """Find what is an age, and not the length of an illness, in the order of the sentence."""
    found = [
        match for match in _AGE[language].finditer(sentence) if _is_age(sentence, match, language)
    ]
    if found:
        return found
    alone = _NUMBER_ALONE[language].search(sentence)
    return [alone] if alone else []


def _is_age(sentence: str, match: re.Match[str], language: str) -> bool:
    if _OLD.search(match[0]):
        return True
    before = sentence[max(0, match.start() - 20) : match.start()]
    if _NOT_AGE_BEFORE.search(before) or _NOT_AGE_AFTER.match(sentence, match.end()):
        return False
    if match.groupdict().get("y") or match.groupdict().get("turned"):
        return True
    return (
        re.search(rf"(?i){_BEGIN}{_PERSON[language]}[\s,]{{1,3}}(?:di\s|of\s)?\Z", before)
        is not None
    )


def _is_one_age(sentence: str, match: re.Match[str]) -> bool:
    before = sentence[max(0, match.start() - 12) : match.start()]
    return not _NOT_ONE_AGE.search(before + match[0])


def _by_an_age(sentence: str, match: re.Match[str]) -> bool:
    """Whether a single letter stands beside an age: "M, 51 anni", "51 y/o F"."""
    near = sentence[max(0, match.start() - 8) : match.end() + 8]
    return any((each["letter"] or each[0]) == match[0] for each in _LETTER_BY_AGE.finditer(near))


# ---- finding -----------------------------------------------------------------------------------

_DOUBT = re.compile(
    r"(?i)\?|\b(?:suspect\w{0,3}|suspicio\w{1,3}|possibl[ey]|probabl[ey]|likely|unlikely"
    r"|presum\w{1,5}|mimic\w{0,5}|simulat\w{1,4}|masquerad\w{1,3}|resembl\w{1,4}|misdiagnos\w{1,4}"
    r"|versus|vs|rule[sd]?[ -]out|r/o|exclud\w{1,3}|differential|ddx?|or|not|non|without|negative"
    r"|absen\w{1,2}|look-?a?-?likes?|like|rather than|beyond|pitfalls?|vaccin\w{0,6}|pandemic|era"
    r"|sospett\w{1,2}|possibile|probabile|diagnosi differenziale|senza|pandemia)\b"
    r"|\bno\b(?! findings?\b)"
)
# An illness that is over: "post-COVID-19 fibrosis".
_OVER = re.compile(
    r"(?i)\b(?:post|after|following|previous|prior|history of|recovered from|dopo)[\s-]{1,3}"
    r"(?:(?:acute|severe|mild|recent)\s{1,3})?\Z"
)
# Pneumonias by name that are no infection, and an aspergillosis that is an allergy.
_OTHER_DISEASE = re.compile(
    r"(?i)\b(?:organi[sz]ing|interstitial|eosinophilic|desquamative|hypersensitivity|lymphoid"
    r"|allergic|lymphocytic|nonspecific|non-specific)\b"
)
_OF_OTHER_DISEASES = frozenset({"Pneumonia", "Aspergillosis"})
_LUNG = re.compile(
    r"(?i)pneumoni|pulmon|polmon|\blungs?\b|\bchest\b|thora[cx]|torac|respirat|\bmiliary\b"
)
# Labels that mean the lungs' disease in a title without such a word.
_OF_THE_LUNG = frozenset(
    {"Pneumonia", "ARDS", "COVID-19", "MERS-CoV", "SARS", "Pneumocystis", "No Finding"}
)
# Names too short or too common for a title.
_NOT_IN_TITLES = frozenset({"Normal", "Unk", "E coli"})
# The virus's full name holds the name of the older disease.
_FULL_NAMES = {
    "Severe acute respiratory syndrome coronavirus 2": "COVID-19",
    "SARS coronavirus 2": "COVID-19",
    "Coronavirus disease 19": "COVID-19",
}
_LONGEST_TITLE = 500
_ABBREVIATION = 5


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], dict[str, labels.Node]]:
    known = {name: labels.BY_NAME[label] for name, label in _FULL_NAMES.items()}
    for node in labels.NODES:
        if node.is_finding:
            known |= dict.fromkeys((node.name, *node.synonyms, *node.deprecated), node)
    known = {name: node for name, node in known.items() if name not in _NOT_IN_TITLES}
    longest_first = sorted(known, key=lambda name: (-len(name), name))
    pattern = "|".join(map(_spelled, longest_first))
    return (
        re.compile(rf"{_BEGIN}(?:{pattern})(?![^\W_]|[-\u2010-\u2015](?:[0-9]|(?i:cov)))"),
        {_fold(name): node for name, node in known.items()},
    )


def _spelled(name: str) -> str:
    """Write a name's pattern: dashes and blanks of any kind; abbreviations in capitals alone."""
    pattern = re.sub(r"\\?[ ]", r"\\s{1,3}", re.escape(name))
    pattern = pattern.replace(r"\-", "[-\u2010-\u2015\u2212]")
    return pattern if name.isupper() and len(name) < _ABBREVIATION else f"(?i:{pattern})"


def _fold(name: str) -> str:
    return " ".join(re.sub("[\u2010-\u2015\u2212]", "-", name).lower().split())


def finding_in_title(title: str, where: str = "title") -> Suggestion | None:
    """Suggest a finding where the title names labels of the hierarchy; None where it does not.

    Parameters
    ----------
    title : str
        Of a case.
    where : str
        Where it stands, as in :class:`covidxr.cases.Suggestion`.

    Returns
    -------
    Suggestion or None
        None too where the title doubts, denies or compares, or where its labels contradict.
    """
    if len(title) > _LONGEST_TITLE or _DOUBT.search(title):
        return None
    pattern, known = _names()
    found = list(pattern.finditer(title))
    if any(_OVER.search(title[: match.start()]) for match in found):
        return None
    nodes = [known[_fold(match[0])] for match in found if _fold(match[0]) in known]
    if _OTHER_DISEASE.search(title):
        nodes = [node for node in nodes if node.name not in _OF_OTHER_DISEASES]
    if not nodes or not all(_is_of_the_lung(node, title) for node in nodes):
        return None
    finding = labels.read_finding(labels.JOIN.join(node.path for node in nodes)).canonical
    if finding is None:
        return None
    words = title[found[0].start() : found[-1].end()]
    return Suggestion(column="finding", value=finding, words=words, where=where)


def _is_of_the_lung(node: labels.Node, title: str) -> bool:
    return node.name in _OF_THE_LUNG or _LUNG.search(title) is not None
