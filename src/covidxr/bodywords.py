"""Which part of the body a figure's words speak of: the chest, or another.

This module owns those words. It says nothing of what kind of image it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"

# Parts and signs of the chest. Lobes of brain and liver, and the thoracic spine, are not of it.
_CHEST = re.compile(
    rf"(?i){_BEGIN}(?:lungs?|(?:cardio|broncho|extra|intra)?pulmonary|pulmon\w{{2,6}}|chest"
    r"|(?:intra|hemi|cardio)?thora(?:x|cic|cal)(?! (?:spine|vertebra\w{0,2}|cord))|t[o\u00f3]rax"
    r"|(?:upper|lower|middle|accessory|right|left)[\s-]lobes?|(?:multi|bi|uni|inter|sub)?lobar"
    r"|(?:peri|inter|intra|centri)?lobular|ground[\s-]?glass(?:es)?|GGOs?|consolidat\w{1,5}|opaci\w{2,10}"
    r"|bronch\w{1,14}|(?:sub|hydro)?pleur\w{1,4}|mediastin\w{1,8}"
    r"|(?:hydro|broncho)?pneumo(?:nia|nias|nic|nitis|thora\w{1,4}|mediastinum|cystis)"
    r"|cardiomegaly|(?:peri)?hilar|hilum|infiltrat\w{1,4}|crazy[\s-]paving|trachea\w{0,2}"
    r"|endotracheal|costophrenic|cardiothoracic|emphysema\w{0,4}|atelecta\w{1,4}|honeycombing"
    r"|tree-in-bud|reverse[d]? halo|halo sign|hemidiaphragms?|air[\s-]?space|interstiti(?:al|um)"
    rf"|ribs?|sternum){_END}|{_BEGIN}(?:HRCT|CTPA|CXRs?|PCP){_END}"
)
_OTHER = re.compile(
    rf"(?i){_BEGIN}(?:abdom\w{{2,8}}|pelvi[sc]|brain|cerebr\w{{1,5}}|cerebell\w{{1,3}}|crani\w{{1,5}}"
    r"|intracranial|skull|head(?= (?:ct|mri|and neck))|(?<=ct )head|(?<=of the )head"
    r"|spin(?:e|al)|vertebra\w{0,2}|lumbar|cervical spine|knees?|hips?|femur|femoral|tibia\w{0,1}"
    r"|fibula|ankles?|foot|feet|wrists?|(?<!other )hands?(?![\s-](?:side|panel|image|column))"
    r"|elbows?|shoulders?|humer(?:us|al)"
    r"|forearms?|thighs?|legs?|bones?(?! marrow| window)|mandib\w{2,5}|maxill\w{1,6}"
    r"|teeth|tooth|dental"
    r"|molars?|periapical|panoramic|paranasal|sinuses|sinusitis|orbit(?:s|al)?|liver|hepatic|kidneys?"
    r"|renal"
    r"|bowel|intestin\w{1,3}|colon|colonic|appendi(?:x|citis)|pancrea\w{1,5}|bladder|splee?n(?:ic)?"
    r"|breasts?|barium|retroperitone\w{1,3}|peritone\w{1,3}|stomach|gastric)"
    # What a patient has besides, or had, is no part that was imaged.
    r"(?![^\W_]|[\s-](?:transplant\w{0,6}|cancers?|\w{0,8}carcinomas?|failure|diseases?|replacement"
    r"|injur\w{1,3}|insufficiency|tubes?|lines?|catheters?|cells?|metastas\w{1,3}|dialysis|pains?"
    r"|surgery|tumou?rs?|toxicity|function))"
)
# Beside the name of imaging these say what was imaged: "abdominal CT", "CT of the head".
_IMAGED_BY = re.compile(
    r"(?i)(?:CTA?|tomogra\w{1,5}|x[-\s]?rays?|radiogra\w{1,4}|MRI?|films?)"
    r"(?:\s(?:scans?|images?|imaging))?\s(?:of|through)\s(?:(?:the|his|her)\s)?\Z"
)
_IMAGED = re.compile(
    r"(?i)\W{0,2}(?:(?:contrast[\s-])?enhanced |plain |non-?contrast |axial |coronal "
    r"|sagittal ){0,3}"
    r"(?:CTA?|computed|computeri[sz]ed|x[-\s]?ray|radiogra|tomogra|MRI?|magnetic|ultraso|films?)"
)
_LOOK_BACK = 40
_DISEASES = re.compile(
    r"(?i)COVID|SARS|coronavirus|2019-nCoV|tuberculo|influenza|respirat|ARDS|ventilat|intubat|legionel"
    r"|pneumocyst"
)


def body_of(texts: Iterable[str], subject: str = "") -> tuple[str, str, bool]:
    """Read which part of the body words speak of.

    Parameters
    ----------
    texts : iterable of str
        What is said of the figure, the most exact first; the first that says anything decides.
    subject : str
        Title and abstract of the article, for want of those.

    Returns
    -------
    str
        ``"chest"``, ``"other"``, or ``"assumed"`` where `texts` say nothing: the chest, unless the
        subject is of other parts of the body alone, which is ``"other"`` again.
    str
        The words that say so, or of the subject that make it likely; may be empty.
    bool
        Whether that is in doubt: parts of both are named, and the image is said to be of the other.
    """
    for text in texts:
        chest, other = _CHEST.search(text), _OTHER.search(text)
        if chest:
            return (
                "chest",
                chest[0],
                any(_is_imaged(text, match) for match in _OTHER.finditer(text)),
            )
        if other:
            return "other", other[0], False
    return _of_subject(subject)


def _of_subject(subject: str) -> tuple[str, str, bool]:
    chest = _CHEST.search(subject) or _DISEASES.search(subject)
    other = _OTHER.search(subject)
    if other and not chest:
        return "other", other[0], False
    return "assumed", chest[0] if chest else "", False


def _is_imaged(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    return _IMAGED.match(text, match.end()) is not None or _IMAGED_BY.search(before) is not None
