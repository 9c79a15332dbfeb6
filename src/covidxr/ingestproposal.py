"""A proposal for the mapping of a contributor's table: what each column may be, and how surely.

This module guesses, and says so: what rests on values alone stands behind a ``#``, so that it does
nothing until a curator has looked at it. It touches no disk.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME, HEADER, fold_header, resolve
from covidxr.imaging.formats import EXTENSIONS
from covidxr.ingestmapping import cell_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.ingestmapping import Sheet

CERTAIN, LIKELY, PERHAPS = "certain", "likely", "perhaps"

FILE, PATIENT = "file", "patient"

# What such columns are called in the languages of the collection's contributors. Words that mean
# more than one column, such as "Datum" (of what?) and "Diagnose", are likely at most.
_WORDS = {
    FILE: "file filename file_name image image_file image_name dateiname datei bild fichier "
    "nom_du_fichier archivo nome_file immagine nombre_archivo path pfad",
    PATIENT: "patient patientid patient_id pat_id patid pat_nr patientennummer pid subject "
    "subject_id patient_nr paziente id_paziente paciente id_patient case_id fall fallnummer",
    "sex": "sex gender geschlecht sexe sesso sexo genere",
    "age": "age alter age_years patient_age âge eta età edad idade alter_jahre lebensalter",
    "offset": "offset days day tage tag_nach_symptombeginn days_since_onset day_of_illness giorni",
    "finding": "finding findings diagnosis label befund diagnose diagnosi reperto hallazgo "
    "diagnostic diagnóstico",
    "RT_PCR_positive": "pcr rt_pcr rtpcr pcr_positive pcr_positiv pcr_result tampone",
    "survival": "survival survived überlebt outcome_survived sopravvissuto",
    "intubated": "intubated intubation intubiert intubato ventilated beatmet",
    "went_icu": "icu went_icu intensivstation intensiv terapia_intensiva",
    "temperature": "temperature temp temperatur fever_temperature temperatura température",
    "pO2_saturation": "spo2 o2_saturation saturation po2_saturation sättigung saturazione sat_o2",
    "leukocyte_count": "leukocytes leukozyten wbc leucociti leucocytes leukocyte_count",
    "neutrophil_count": "neutrophils neutrophile neutrofili neutrophil_count",
    "lymphocyte_count": "lymphocytes lymphozyten linfociti lymphocyte_count",
    "view": "view projection projektion strahlengang aufnahme proiezione vista incidence "
    "view_position",
    "modality": "modality modalität modalita modalità untersuchungsart modalidad exam_type",
    "date": "date datum study_date aufnahmedatum untersuchungsdatum data fecha exam_date",
    "location": "location hospital krankenhaus klinik ospedale hôpital site country land ort",
    "doi": "doi",
    "url": "url link address webseite",
    "license": "license licence lizenz licenza licencia",
    "clinical_notes": "clinical_notes history anamnese klinik_text anamnesi clinical_history "
    "historia_clinica",
    "other_notes": "notes comments bemerkung bemerkungen kommentar note commento credit",
}
_MEANS = {word: name for name, words in _WORDS.items() for word in words.split()}
_CLOSE = 0.85
# A column of one value says nothing of what it is; from three on values speak.
_FEWEST_VALUES = 3
_MOST_PATTERN = 0.9
_BY_VALUES = ("sex", "view", "modality", "license", "doi", "url")
_ENDINGS = tuple(f".{each}" for group in EXTENSIONS.values() for each in group)
_MOST_VALUES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What one of the contributor's columns may be.

    Parameters
    ----------
    column : str
        The contributor's.
    name : str
        The table's column, ``"file"`` or ``"patient"``; empty where nothing fits.
    sure : str
        ``"certain"``, ``"likely"`` or ``"perhaps"``; empty where nothing fits.
    why : str
        What it rests on.
    """

    column: str
    name: str = ""
    sure: str = ""
    why: str = ""


def guesses(sheet: Sheet, names: Sequence[str] = ()) -> tuple[Guess, ...]:
    """Say what each column of a contributor's table may be.

    Parameters
    ----------
    sheet : Sheet
        The table as text.
    names : sequence of str
        Files that the contributor sent, as far as they are known.

    Returns
    -------
    tuple of Guess
        In the table's order; each name is given once, to the surest.
    """
    files = {each.casefold() for name in names for each in (name, name.rpartition("/")[2])}
    own = resolve(sheet.header)
    found = [
        _guess(column, name, sheet, files)
        for column, name in zip(sheet.header, own, strict=True)
        if column
    ]
    ranks = (CERTAIN, LIKELY, PERHAPS)
    taken: set[str] = set()
    kept: dict[str, Guess] = {}
    fitting = [each for each in found if each.name]
    for guess in sorted(fitting, key=lambda each: ranks.index(each.sure)):
        if guess.name in taken:
            why = f"{guess.name} is taken by a surer column"
            kept[guess.column] = Guess(column=guess.column, why=why)
        else:
            taken.add(guess.name)
            kept[guess.column] = guess
    return tuple(kept.get(each.column, each) for each in found)


def _guess(column: str, own: str | None, sheet: Sheet, files: set[str]) -> Guess:
    values = list(dict.fromkeys(sheet.column(column)))
    special = {"filename": FILE, "patientid": PATIENT}
    if own is not None and own != "folder":
        name = special.get(own, own)
        return Guess(column=column, name=name, sure=CERTAIN, why="it is called so here too")
    if files and values and all(value.casefold() in files for value in values):
        return Guess(column=column, name=FILE, sure=CERTAIN, why="its values are the files' names")
    folded = fold_header(column).replace("-", "_").replace(".", "")
    if folded in _MEANS:
        return Guess(column=column, name=_MEANS[folded], sure=LIKELY, why="by its name")
    return _by_values(column, values) or _by_likeness(column, folded)


def _by_values(column: str, values: Sequence[str]) -> Guess | None:
    if not values:
        return None
    names = sum(value.lower().endswith(_ENDINGS) for value in values)
    if names >= _MOST_PATTERN * len(values):
        why = f"{names} of {len(values)} values end like files"
        return Guess(column=column, name=FILE, sure=LIKELY, why=why)
    for name in _BY_VALUES:
        fitting = sum(not cell_of(name, " ".join(value.split()))[1] for value in values)
        enough = len(values) >= _FEWEST_VALUES or bool(BY_NAME[name].allowed)
        if enough and fitting >= _MOST_PATTERN * len(values):
            why = f"{fitting} of {len(values)} values are some of {name}"
            return Guess(column=column, name=name, sure=PERHAPS, why=why)
    return None


def _by_likeness(column: str, folded: str) -> Guess:
    close = difflib.get_close_matches(folded, [*_MEANS, *HEADER], n=1, cutoff=_CLOSE)
    if not close:
        return Guess(column=column, why="nothing here fits")
    name = _MEANS.get(close[0], close[0])
    if name in {"filename", "patientid", "folder"}:
        return Guess(column=column, why="nothing here fits")
    return Guess(column=column, name=name, sure=PERHAPS, why=f"its name is like {close[0]!r}")


def proposal(sheet: Sheet, names: Sequence[str] = ()) -> str:
    """Write a proposed mapping as TOML.

    Parameters
    ----------
    sheet, names
        As in `guesses`.

    Returns
    -------
    str
        A mapping file; lines that only perhaps hold are comments.
    """
    made = guesses(sheet, names)
    lines = [
        "# Proposed by covidxr ingest --propose-mapping: read each line; remove # where it holds.",
    ]
    for name in (FILE, PATIENT):
        lines += _single(name, [each for each in made if each.name == name])
    rest = [each for each in made if each.name not in {FILE, PATIENT}]
    unfit = [each.column for each in rest if not each.name]
    lines += [
        "",
        "# Columns that nothing here fits; once they are ignored on purpose they are not told.",
        f"# ignore = [{', '.join(map(_quoted, unfit))}]",
        "",
        "[columns]",
    ]
    for each in rest:
        mark = "" if each.sure in {CERTAIN, LIKELY} else "# "
        if each.name:
            lines.append(f"{mark}{_quoted(each.column)} = {_quoted(each.name)}  {_why(each)}")
    for each in rest:
        lines += _values(each, sheet)
    lines += ["", "[constants]", '# license = "CC-BY-4.0"', ""]
    return "\n".join(lines)


def _single(name: str, found: Sequence[Guess]) -> list[str]:
    if not found:
        what = "names the file" if name == FILE else "says whose it is"
        return [f'# {name} = ""  # no column that {what} was found']
    guess = found[0]
    mark = "# " if guess.sure == PERHAPS else ""
    return [f"{mark}{name} = {_quoted(guess.column)}  {_why(guess)}"]


def _values(guess: Guess, sheet: Sheet) -> list[str]:
    """Lines for the values that the schema does not read; what they mean is the curator's word."""
    column = BY_NAME.get(guess.name)
    if column is None or not (column.allowed or column.kind == "finding"):
        return []
    texts = dict.fromkeys(" ".join(each.split()) for each in sheet.column(guess.column))
    unread = [text for text in texts if text and cell_of(guess.name, text)[1]]
    if not unread:
        return []
    allowed = ", ".join(column.allowed) or "a path of the hierarchy in SCHEMA.md"
    lines = ["", f"[values.{guess.name}]  # {allowed}"]
    lines += [f'# {_quoted(text)} = ""' for text in unread[:_MOST_VALUES]]
    if len(unread) > _MOST_VALUES:
        lines.append(f"# … and {len(unread) - _MOST_VALUES:,} more")
    return lines


def _why(guess: Guess) -> str:
    return f"# {guess.sure}: {guess.why}"


def _quoted(text: str) -> str:
    # A JSON string is a basic string of TOML, save for the one control character DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
