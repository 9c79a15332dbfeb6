"""The columns of the table, once.

SCHEMA.md, the Table Schema, the pandera schema and every list of allowed values are views of
``COLUMNS``; its order is the order of today's header. Sources: the collection's own published
schema of 2020 and the headers that its table had over that year.
"""

from __future__ import annotations

from covidxr.cells import Column, Level

_YES_NO = {"Y": "yes", "N": "no"}
_YES_NO_SPELLINGS = {
    "yes": "Y",
    "y": "Y",
    "true": "Y",
    "ja": "Y",
    "sì": "Y",
    "si": "Y",
    "sí": "Y",
    "no": "N",
    "n": "N",
    "false": "N",
    "nein": "N",
}


def _yes_no(name: str, meaning: str, *, example: str = "") -> Column:
    return Column(
        name=name,
        meaning=meaning,
        kind="choice",
        level=Level.OPTIONAL,
        allowed=_YES_NO,
        spellings=_YES_NO_SPELLINGS,
        hints={"unclear": "leave it blank: only N counts as a no"},
        example=example,
    )


def _fahrenheit(value: float) -> str | None:
    # 86 to 113 °F is 30 to 45 °C, the column's own range.
    if 86 <= value <= 113:  # noqa: PLR2004
        return f"in °F? {value:g} °F is {(value - 32) / 1.8:.1f} °C"
    return None


def _mmhg(value: float) -> str | None:
    # The oxygen tension of arterial blood reaches about 100 mmHg in air and about 600 in pure
    # oxygen; a saturation is a percentage.
    if 100 < value <= 700:  # noqa: PLR2004
        return f"a pressure? {value:g} mmHg is a pO2, not a saturation: move it to other_notes"
    return None


def _per_microlitre(value: float) -> str | None:
    if value < 0:
        return None
    return (
        f"in cells/µL? then it is {value / 1000:g} × 10³/µL; "
        "a percentage is not a count: look at the source"
    )


def _count(name: str, cells: str, *, maximum: float, aliases: tuple[str, ...] = ()) -> Column:
    return Column(
        name=name,
        meaning=f"{cells} in the blood at the time of the image.",
        kind="number",
        level=Level.OPTIONAL,
        unit="10³/µL",
        minimum=0,
        maximum=maximum,
        other_unit=_per_microlitre,
        aliases=aliases,
        example="6.4",
    )


VIEW_MODALITY = {
    "PA": "X-ray",
    "AP": "X-ray",
    "AP Supine": "X-ray",
    "L": "X-ray",
    "Axial": "CT",
    "Coronal": "CT",
    "Sagittal": "CT",
}
"""The modality that each view belongs to."""

_VIEW = Column(
    name="view",
    meaning=(
        "How the image was taken. X-ray: PA, AP (sitting or standing), AP Supine, L (lateral). "
        "CT: the plane; blank for a volume."
    ),
    kind="choice",
    level=Level.REQUIRED,
    allowed={
        "PA": "X-ray, posteroanterior",
        "AP": "X-ray, anteroposterior, patient erect or sitting",
        "AP Supine": "X-ray, anteroposterior, patient lying",
        "L": "X-ray, lateral",
        "Axial": "CT, axial slice",
        "Coronal": "CT, coronal slice",
        "Sagittal": "CT, sagittal slice",
    },
    # Where a word means more than it says, as "sitting" does, the collection's own table of views
    # says what it means: its SCHEMA.md of 2020 has (AP) (Mobile) Sitting, Seduto, Seduto a letto,
    # AP Semi-Erect, Semi-Erect and Semiseduto as AP; (AP) (Mobile) Supine, Supino, SUP, Semi-Supine
    # and Liegend as AP Supine.
    spellings={
        "pa": "PA",
        "pa erect": "PA",
        "posteroanterior": "PA",
        "p.a.": "PA",
        "ap": "AP",
        "a.p.": "AP",
        "anteroposterior": "AP",
        "ap erect": "AP",
        "ap semi erect": "AP",
        "ap semi-erect": "AP",
        "semi-erect": "AP",
        "semi erect": "AP",
        "ap sitting": "AP",
        "sitting": "AP",
        "ap mobile sitting": "AP",
        "seduto": "AP",
        "seduto a letto": "AP",
        "semiseduto": "AP",
        "aps": "AP Supine",
        "ap supine": "AP Supine",
        "ap-supine": "AP Supine",
        "ap mobile supine": "AP Supine",
        "supine": "AP Supine",
        "supino": "AP Supine",
        "sup": "AP Supine",
        "semi-supine": "AP Supine",
        "liegend": "AP Supine",
        # The collection's own translation, of May 2020, for a source that images the bedridden so.
        "bettaufnahme": "AP Supine",
        "(ap) supine": "AP Supine",
        "ap (mobile) supine": "AP Supine",
        "(ap) (mobile) supine": "AP Supine",
        "l": "L",
        "lateral": "L",
        "ll": "L",
        "latero-laterale": "L",
        "seitlich": "L",
        "axial": "Axial",
        "axial ct": "Axial",
        "ct axial": "Axial",
        "coronal": "Coronal",
        "coronal ct": "Coronal",
        "ct coronal": "Coronal",
        "sagittal": "Sagittal",
        "sagittal ct": "Sagittal",
        "ct sagittal": "Sagittal",
    },
    hints={
        "ap mobile": "a mobile unit says nothing of the position: AP or AP Supine?",
        "ct": "CT is the modality; name the plane: Axial, Coronal or Sagittal",
        "hrct": "HRCT is a CT; name the plane: Axial, Coronal or Sagittal",
        "x-ray": "X-ray is the modality; name the projection: PA, AP, AP Supine or L",
        "erect": "PA or AP? The position alone does not tell the beam's direction",
    },
    example="PA",
)

COLUMNS: tuple[Column, ...] = (
    Column(
        name="patientid",
        meaning="The patient: one person keeps one id over all images, and two never share one.",
        kind="identifier",
        level=Level.REQUIRED,
        blank=False,
        aliases=("patient_id",),
        example="12",
    ),
    Column(
        name="offset",
        meaning=(
            "Days from the first symptoms or the hospitalisation to the image; negative before. "
            "“After a few days” is written as 5."
        ),
        kind="integer",
        level=Level.RECOMMENDED,
        unit="days",
        # Ten years either way: courses in the collection run from a year before to 240 days after.
        minimum=-3650,
        maximum=3650,
        example="3",
    ),
    Column(
        name="sex",
        meaning="Sex of the patient; blank where the source does not say.",
        kind="choice",
        level=Level.RECOMMENDED,
        allowed={"M": "male", "F": "female"},
        spellings={
            "m": "M",
            "male": "M",
            "man": "M",
            "männlich": "M",
            "maschio": "M",
            "f": "F",
            "female": "F",
            "woman": "F",
            "weiblich": "F",
            "femmina": "F",
        },
        hints={"w": "F? W stands for “weiblich” or “woman” only if the source is known"},
        example="F",
    ),
    Column(
        name="age",
        meaning="Age in years at the time of the image. Ages above 89 can identify a person.",
        kind="number",
        level=Level.RECOMMENDED,
        unit="years",
        minimum=0,
        maximum=120,
        example="54",
    ),
    Column(
        name="finding",
        meaning=(
            "What the radiologist or the paper says, as a path of the hierarchy below; several "
            "findings are joined by “|”. todo means not yet read, Unknown that it cannot be known."
        ),
        kind="finding",
        level=Level.REQUIRED,
        blank=False,
        example="Pneumonia/Viral/COVID-19",
    ),
    Column(
        name="RT_PCR_positive",
        meaning="Whether an RT-PCR test for the agent was positive.",
        kind="choice",
        level=Level.OPTIONAL,
        allowed={**_YES_NO, "Unclear": "tested or confirmed, but the source is not clear how"},
        spellings={**_YES_NO_SPELLINGS, "unclear": "Unclear", "positive": "Y", "negative": "N"},
        example="Y",
    ),
    _yes_no("survival", "Whether the patient survived, at any point of this illness.", example="Y"),
    _yes_no("intubated", "Whether the patient was intubated at any point of this illness."),
    _yes_no("intubation_present", "Whether the patient was intubated at the time of the image."),
    _yes_no("went_icu", "Whether the patient was in intensive care at any point of this illness."),
    _yes_no("in_icu", "Whether the patient was in intensive care at the time of the image."),
    _yes_no(
        "needed_supplemental_O2",
        "Whether the patient needed supplemental oxygen at any point of this illness.",
    ),
    _yes_no("extubated", "Whether the patient was extubated at any point of this illness."),
    Column(
        name="temperature",
        meaning="Body temperature at the time of the image.",
        kind="number",
        level=Level.OPTIONAL,
        unit="°C",
        # Survivable body temperatures, with room for error at both ends.
        minimum=30,
        maximum=45,
        other_unit=_fahrenheit,
        example="38.2",
    ),
    Column(
        name="pO2_saturation",
        meaning="Oxygen saturation at the time of the image.",
        kind="number",
        level=Level.OPTIONAL,
        unit="%",
        minimum=0,
        maximum=100,
        other_unit=_mmhg,
        example="93",
    ),
    # Leukaemia reaches some hundreds; beyond these a count is in another unit.
    _count("leukocyte_count", "White blood cells", maximum=500, aliases=("wbc_count", "wbc")),
    _count("neutrophil_count", "Neutrophils", maximum=200),
    _count("lymphocyte_count", "Lymphocytes", maximum=100),
    _VIEW,
    Column(
        name="modality",
        meaning="The kind of imaging.",
        kind="choice",
        level=Level.REQUIRED,
        blank=False,
        allowed={"X-ray": "a radiograph", "CT": "computed tomography: a slice or a volume"},
        spellings={
            "radiograph": "X-ray",
            "x ray": "X-ray",
            "x-ray": "X-ray",
            "xray": "X-ray",
            "cxr": "X-ray",
            "cr": "X-ray",
            "dx": "X-ray",
            "röntgen": "X-ray",
            "ct": "CT",
            "hrct": "CT",
            "tc": "CT",
        },
        example="X-ray",
    ),
    Column(
        name="date",
        meaning=(
            "When the image was taken, as far as the source says: YYYY, YYYY-MM or YYYY-MM-DD. "
            "Not when it was published or downloaded."
        ),
        kind="date",
        level=Level.RECOMMENDED,
        aliases=("year",),
        example="2020-03",
    ),
    Column(
        name="location",
        meaning="Hospital, city, country, from the most to the least exact.",
        kind="text",
        level=Level.RECOMMENDED,
        aliases=("country",),
        example="Phantom Hospital, Springfield",
    ),
    Column(
        name="folder",
        meaning="The folder that holds the file.",
        kind="choice",
        level=Level.REQUIRED,
        blank=False,
        allowed={"images": "single images", "volumes": "CT volumes"},
        spellings={"image": "images", "volume": "volumes", "images/": "images"},
        example="images",
    ),
    Column(
        name="filename",
        meaning="The file's name in its folder, with the extension of what it holds; unique.",
        kind="filename",
        level=Level.REQUIRED,
        blank=False,
        example="covid-12-day3-pa.png",
    ),
    Column(
        name="doi",
        meaning="DOI of the paper or data set, bare: no address in front. Case does not matter.",
        kind="doi",
        level=Level.RECOMMENDED,
        example="10.5555/12345678",
    ),
    Column(
        name="url",
        meaning="Address of the page that published the image.",
        kind="url",
        level=Level.RECOMMENDED,
        example="https://example.org/case/12",
    ),
    Column(
        name="license",
        meaning=(
            "Licence of the image: an SPDX id such as CC-BY-4.0, or LicenseRef-… explained in "
            "LICENSES.md. Never inferred from the site."
        ),
        kind="licence",
        level=Level.REQUIRED,
        aliases=("licence",),
        example="CC-BY-NC-SA-4.0",
    ),
    Column(
        name="clinical_notes",
        meaning="The patient's history and the radiologist's words, as the source gives them.",
        kind="text",
        level=Level.OPTIONAL,
        example="Fever and dry cough for three days.",
    ),
    Column(
        name="other_notes",
        meaning="Credit lines and anything else that is not about the patient.",
        kind="text",
        level=Level.OPTIONAL,
        aliases=("notes",),
        example="Case courtesy of A. Radiologist",
    ),
)

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}

HEADER: tuple[str, ...] = tuple(column.name for column in COLUMNS)


def fold_header(cell: str) -> str:
    """Reduce a header cell to what two spellings of a name share: case and blanks are dropped.

    >>> fold_header(" other notes")
    'other_notes'
    """
    return "_".join(cell.replace("_", " ").casefold().split())


_BY_FOLDED: dict[str, str] = {
    folded: column.name
    for column in COLUMNS
    for folded in (fold_header(column.name), *column.aliases)
}


def resolve(header: tuple[str, ...]) -> tuple[str | None, ...]:
    """Find today's name of each header cell.

    Parameters
    ----------
    header : tuple of str
        The cells as written.

    Returns
    -------
    tuple of (str or None)
        Today's names; None for a column that covidxr does not know, and for one whose name an
        earlier or a better spelt cell of the same header has taken.
    """
    taken = {cell for cell in header if cell in BY_NAME}
    names: list[str | None] = []
    seen: set[str] = set()
    for cell in header:
        name = cell if cell in BY_NAME else _BY_FOLDED.get(fold_header(cell))
        if name is None or name in seen or (name != cell and name in taken):
            names.append(None)
            continue
        seen.add(name)
        names.append(name)
    return tuple(names)
