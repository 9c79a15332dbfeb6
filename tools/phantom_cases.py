"""The invented patients of the reference collection, and their rows of `metadata.csv`.

Owns what each patient has and which images are taken of them. Every patient is made up; what a
radiograph shows follows from `finding`, `pattern` and `severity` here. Opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass

# fmt: off
HEADER = (
    "patientid", "offset", "sex", "age", "finding", "RT_PCR_positive", "survival", "intubated",
    "intubation_present", "went_icu", "in_icu", "needed_supplemental_O2", "extubated",
    "temperature", "pO2_saturation", "leukocyte_count", "neutrophil_count", "lymphocyte_count",
    "view", "modality", "date", "location", "folder", "filename", "doi", "url", "license",
    "clinical_notes", "other_notes",
)
# fmt: on
CREDIT = "Synthetic phantom, drawn by tools/draw_collection.py; not a patient"
COVID = "Pneumonia/Viral/COVID-19"
COVID_ARDS = f"Pneumonia/ARDS|{COVID}"
# fmt: off
ILLNESS = (
    "RT_PCR_positive", "survival", "intubated", "went_icu", "needed_supplemental_O2", "extubated",
)
MEASURED = (
    "temperature", "pO2_saturation", "leukocyte_count", "neutrophil_count", "lymphocyte_count",
)
# fmt: on
SPRINGFIELD = "Phantom Hospital, Springfield"
EREWHON = "Model Clinic, Erewhon"
RURITANIA = "Paper Hill Infirmary, Ruritania"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One image of a patient.

    `kind` is the file's extension, or `16.png` for 16 bits; `day` is the row's offset; `state`
    answers intubation_present and in_icu, and `vitals` the MEASURED columns, with "-" for blank.
    The view of a volume is blank. For a slice, `at` is its place in millimetres from the middle
    of the chest.
    """

    view: str
    kind: str
    date: str
    day: str
    note: str
    state: str = "NN"
    vitals: str = "- - - - -"
    severity: float = 0.5
    at: float | None = None

    @property
    def is_radiograph(self) -> bool:
        """Whether this is an X-ray, rather than a CT slice or volume."""
        return self.at is None and self.kind != "nii.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One invented patient; `illness` answers the ILLNESS columns, U for Unclear, "-" for blank."""

    number: int
    person: str  # sex and age in years, as in "F54"
    finding: str
    pattern: str
    illness: str
    pictures: tuple[Picture, ...]
    location: str = SPRINGFIELD
    licence: str = "CC0-1.0"
    doi: str = ""

    @property
    def name(self) -> str:
        """The patient's `patientid`."""
        return f"P{self.number:03}"


def filename(patient: Patient, picture: Picture) -> str:
    """Return a picture's file name: lower case, and unique without its extension."""
    extension = picture.kind.removeprefix("16.")
    view = "ct" if extension == "nii.gz" else picture.view.lower().replace(" ", "-")
    frontal = [one for one in patient.pictures if one.view.startswith(("PA", "AP"))]
    day = f"-day{int(picture.day):02}" if picture in frontal and len(frontal) > 1 else ""
    return f"phantom-{patient.number:03}{day}-{view}.{extension}"


def row(patient: Patient, picture: Picture) -> dict[str, str]:
    """Return the record of a picture: a cell for each column of the header."""
    present, in_icu = picture.state[0], picture.state[1]
    answers = {"U": "Unclear", "-": ""}
    cells = {
        "patientid": patient.name,
        "offset": picture.day,
        "sex": patient.person[0],
        "age": patient.person[1:],
        "finding": patient.finding,
        "intubation_present": present,
        "in_icu": in_icu,
        "view": picture.view,
        "modality": "X-ray" if picture.is_radiograph else "CT",
        "date": picture.date,
        "location": patient.location,
        "folder": "volumes" if picture.kind == "nii.gz" else "images",
        "filename": filename(patient, picture),
        "doi": patient.doi,
        "url": f"https://example.org/phantoms/{patient.number}",
        "license": patient.licence,
        "clinical_notes": picture.note,
        "other_notes": CREDIT,
    }
    cells |= {c: answers.get(a, a) for c, a in zip(ILLNESS, patient.illness, strict=True)}
    cells |= dict(zip(MEASURED, picture.vitals.replace("-", "").split(" "), strict=True))
    return {column: cells[column] for column in HEADER}


def _course() -> Patient:
    """The patient who is followed from admission to recovery, over twenty days."""
    return Patient(
        number=1, person="M58", finding=COVID, pattern="peripheral", illness="YYYYYY",
        pictures=(
            Picture(view="PA", kind="jpg", date="2020-03-14", day="0", severity=0.25,
                    vitals="38.6 94 5.8 4.3 0.9",
                    note="Fever and dry cough; breathing room air on admission."),
            Picture(view="AP", kind="jpg", date="2020-03-17", day="3", severity=0.55,
                    vitals="39.1 88 6.4 5.2 0.7",
                    note="More short of breath; oxygen by face mask on the ward."),
            Picture(view="AP Supine", kind="jpg", date="2020-03-19", day="5", severity=0.95,
                    state="YY", vitals="39.4 84 9.7 8.4 0.5",
                    note="Respiratory failure; intubated and moved to intensive care."),
            Picture(view="AP Supine", kind="png", date="2020-03-23", day="9", severity=0.75,
                    state="YY", vitals="37.9 93 11.2 9.6 0.7",
                    note="Still ventilated; less oxygen is needed than four days ago."),
            Picture(view="PA", kind="jpg", date="2020-04-03", day="20", severity=0.2,
                    vitals="36.8 97 7.1 4.6 1.8",
                    note="Extubated and back on the ward; walks without oxygen."),
        ),
    )  # fmt: skip


def _covid() -> tuple[Patient, ...]:
    """The other patients with COVID-19."""
    return (
        Patient(
            number=2, person="F46", finding=COVID, pattern="peripheral", illness="YYNNN-",
            location=EREWHON, licence="CC-BY-4.0", doi="10.5555/phantoms.2",
            pictures=(
                Picture(view="PA", kind="jpg", date="2020-04-02", day="4", severity=0.4,
                        vitals="38.1 96 4.9 3.2 1.1",
                        note="Four days of fever, loss of smell and cough."),
                Picture(view="L", kind="jpg", date="2020-04-02", day="4", severity=0.4,
                        vitals="38.1 96 4.9 3.2 1.1",
                        note="Lateral view taken with the frontal one."),
            ),
        ),
        Patient(
            number=3, person="F63", finding=COVID, pattern="peripheral", illness="YYNNY-",
            pictures=(
                Picture(view="PA", kind="dcm", date="2020-10-21", day="7", severity=0.6,
                        vitals="38.4 91 6.7 5.1 0.8",
                        note="A week of cough and breathlessness; oxygen by nasal cannula."),
            ),
        ),
        Patient(
            number=4, person="M51", finding=COVID, pattern="peripheral", illness="YYNNY-",
            location=RURITANIA,
            pictures=(
                Picture(view="PA", kind="png", date="2021-01-08", day="6", severity=0.5,
                        vitals="38.9 92 5.1 3.9 0.7", note="Breathless on climbing stairs."),
                Picture(view="", kind="nii.gz", date="2021-01-08", day="6",
                        note="CT without contrast on the day of admission."),
                Picture(view="Axial", kind="png", date="2021-01-08", day="6", at=-20.0,
                        note="One axial slice of the CT, lung window."),
                Picture(view="Coronal", kind="png", date="2021-01-08", day="6", at=-35.0,
                        note="One coronal slice of the CT, lung window."),
                Picture(view="Sagittal", kind="png", date="2021-01-08", day="6", at=92.0,
                        note="One sagittal slice through the right lung, lung window."),
            ),
        ),
        Patient(
            number=5, person="M74", finding=COVID_ARDS, pattern="white_out", illness="YNYYYN",
            pictures=(
                Picture(view="AP", kind="jpg", date="2020-04-11", day="8", severity=0.5,
                        state="NY", vitals="39.2 82 10.3 9.1 0.5",
                        note="Severe respiratory distress; high-flow oxygen in intensive care."),
                Picture(view="AP Supine", kind="16.png", date="2020-04-15", day="12", severity=0.9,
                        state="YY", vitals="38.7 79 14.8 13.5 0.4",
                        note="Ventilated for acute respiratory distress syndrome; died later."),
            ),
        ),
        Patient(
            number=6, person="F81", finding=COVID, pattern="peripheral", illness="YNNNY-",
            location=EREWHON,
            pictures=(
                Picture(view="AP", kind="jpg", date="2020-11", day="5", severity=0.85,
                        vitals="37.8 85 7.9 6.6 0.6",
                        note="Resident of a care home; oxygen by mask, no intensive care."),
            ),
        ),
        Patient(
            number=7, person="M37", finding=COVID, pattern="peripheral", illness="YYNNN-",
            pictures=(
                Picture(view="PA", kind="16.png", date="2021-12-01", day="2", severity=0.1,
                        vitals="38.0 97 6.0 4.0 1.4", note="Sore throat, cough and fever."),
                Picture(view="PA", kind="16.png", date="2021-12-07", day="8", severity=0.5,
                        vitals="38.5 95 5.5 3.9 1.0", note="Cough is worse; seen again."),
            ),
        ),
        Patient(
            number=8, person="F29", finding=COVID, pattern="peripheral", illness="UYNNN-",
            licence="CC-BY-NC-SA-4.0", doi="10.5555/phantoms.8",
            pictures=(
                Picture(view="PA", kind="jpg", date="2022-02", day="3", severity=0.3,
                        vitals="37.9 98 - - -",
                        note="Household contact; the first swab was not conclusive."),
            ),
        ),
    )  # fmt: skip


def _without_pneumonia() -> tuple[Patient, ...]:
    """Patients whose lungs are clear."""
    return (
        Patient(
            number=9,
            person="F34",
            finding="No Finding",
            pattern="clear",
            illness="NYNNN-",
            pictures=(
                Picture(
                    view="PA",
                    kind="jpg",
                    date="2020-05-06",
                    day="0",
                    vitals="36.7 99 6.8 3.9 2.1",
                    note="Check before work abroad; feels well.",
                ),
                Picture(
                    view="L",
                    kind="png",
                    date="2020-05-06",
                    day="0",
                    vitals="36.7 99 6.8 3.9 2.1",
                    note="Lateral view of the same check.",
                ),
            ),
        ),
        Patient(
            number=10,
            person="M23",
            finding="No Finding",
            pattern="clear",
            illness="NYNNN-",
            location=EREWHON,
            pictures=(
                Picture(
                    view="AP Supine",
                    kind="jpg",
                    date="2021-08-19",
                    day="0",
                    vitals="36.9 98 9.4 6.8 1.9",
                    note="Fell off a bicycle; lying on the trauma board, lungs clear.",
                ),
            ),
        ),
    )


def _one_each() -> tuple[Patient, ...]:
    """Patients of whom there is one radiograph: one for each further finding."""
    bacterial, fungal, viral = "Pneumonia/Bacterial", "Pneumonia/Fungal", "Pneumonia/Viral"
    table = (
        # number, person, finding, pattern, illness, view, kind,
        # date, day, severity, state, vitals, location, note
        (11, "F67", "Pneumonia", "patchy", "NYNNY-", "PA", "jpg",
         "2020-02-18", "3", 0.4, "NN", "38.3 92 12.6 10.1 1.3", SPRINGFIELD,
         "Cough and fever; no germ was found."),
        (12, "M79", "Pneumonia/Aspiration", "right_base", "NYYYYY", "AP Supine", "png",
         "2019-07-30", "1", 0.6, "YY", "38.2 86 15.3 13.4 0.9", EREWHON,
         "Vomited while drowsy after a stroke; intubated to protect the airway."),
        (13, "M55", bacterial, "left_lower_lobe", "NYNNN-", "PA", "jpg",
         "2018-11-05", "4", 0.5, "NN", "38.9 94 16.1 13.8 1.2", RURITANIA,
         "Chest pain on the left and rusty sputum."),
        (14, "F31", f"{bacterial}/Chlamydophila", "reticular", "-YNNN-", "PA", "jpg",
         "2017-04", "9", 0.35, "NN", "37.8 96 8.2 5.6 1.7", SPRINGFIELD,
         "Keeps parrots; a dry cough for nine days."),
        (15, "F72", f"{bacterial}/E.Coli", "patchy", "NNYYYN", "AP Supine", "jpg",
         "2020-01-22", "6", 0.75, "YY", "39.3 83 19.4 17.6 0.6", RURITANIA,
         "Sepsis from the urinary tract; ventilated in intensive care; died."),
        (16, "M62", f"{bacterial}/Klebsiella", "upper_lobe", "NYNYY-", "PA", "16.png",
         "2016-09-13", "2", 0.7, "NN", "39.5 90 18.2 16.0 0.9", SPRINGFIELD,
         "Heavy drinker with thick, dark sputum; later some days in intensive care."),
        (17, "M69", f"{bacterial}/Legionella", "two_lobes", "NYNNY-", "AP", "jpg",
         "2018-08-27", "5", 0.6, "NN", "40.1 88 13.9 11.9 0.8", EREWHON,
         "Back from a cruise; high fever, confusion and diarrhoea."),
        (18, "F22", f"{bacterial}/Mycoplasma", "reticular", "NYNNN-", "PA", "jpg",
         "2019-10", "10", 0.55, "NN", "37.9 97 7.6 5.0 1.8", SPRINGFIELD,
         "Student with a cough that does not stop."),
        (19, "M48", f"{bacterial}/Nocardia", "one_nodule", "NYNNN-", "PA", "jpg",
         "2017-06-02", "21", 0.55, "NN", "37.7 95 11.4 8.9 0.8", RURITANIA,
         "Takes steroids after a kidney transplant; three weeks of weight loss."),
        (20, "M41", f"{bacterial}/Staphylococcus/MRSA", "cavities", "NYYYYY", "AP", "png",
         "2019-03-15", "4", 0.6, "YY", "39.6 87 21.3 19.2 0.7", SPRINGFIELD,
         "Severe pneumonia after influenza; ventilated, recovered after weeks."),
        (22, "F59", fungal, "small_nodules", "NYNNN-", "PA", "jpg",
         "2018-05", "14", 0.3, "NN", "37.8 95 3.1 1.6 0.9", EREWHON,
         "Fever during chemotherapy in spite of antibiotics."),
        (23, "M44", f"{fungal}/Aspergillosis", "one_nodule", "NYNNN-", "PA", "jpg",
         "2020-02-07", "", 0.8, "NN", "38.0 96 1.9 0.6 0.8", SPRINGFIELD,
         "Coughs blood; low neutrophils in leukaemia."),
        (25, "F76", "Pneumonia/Lipoid", "both_bases", "-YNNN-", "PA", "png",
         "2016", "", 0.6, "NN", "36.9 94 7.7 5.1 1.8", RURITANIA,
         "Took mineral oil every evening for years."),
        (26, "F39", viral, "reticular", "NYNNN-", "PA", "jpg",
         "2020-03-04", "3", 0.6, "NN", "38.2 96 5.3 3.1 1.6", EREWHON,
         "Cough and muscle pain; no virus was typed."),
        (27, "M65", f"{viral}/Herpes", "haze", "NNYYYN", "AP Supine", "jpg",
         "2019-12-11", "12", 0.7, "YY", "38.4 85 9.9 8.2 0.7", SPRINGFIELD,
         "Long ventilation after surgery; herpes virus in the lavage fluid; died."),
        (28, "F50", f"{viral}/Influenza", "patchy", "YYNNN-", "PA", "jpg",
         "2018-01-29", "3", 0.3, "NN", "39.2 94 5.7 4.0 1.0", RURITANIA,
         "Sudden fever and headache in the winter season."),
        (29, "F33", f"{viral}/Influenza/H1N1", "white_out", "YYYYYY", "AP", "jpg",
         "2009-11-18", "6", 0.3, "NY", "39.0 86 4.4 3.3 0.7", SPRINGFIELD,
         "Intensive care with a mask; intubated the next day, recovered."),
        (30, "M60", f"{viral}/MERS-CoV", "peripheral", "YNYYYN", "AP", "jpg",
         "2015-06-09", "8", 0.7, "YY", "38.8 81 6.6 5.7 0.5", EREWHON,
         "Fell ill after travel; ventilated; died."),
        (31, "F42", f"{viral}/SARS", "left_lower_lobe", "YYNNY-", "PA", "jpg",
         "2003-04-16", "5", 0.3, "NN", "38.7 91 4.6 3.4 0.8", RURITANIA,
         "Nurse with fever and chills; oxygen for some days."),
        (32, "M28", f"{viral}/Varicella", "small_nodules", "-YNNN-", "PA", "png",
         "2014-05-23", "4", 0.8, "NN", "38.5 93 6.1 3.9 1.5", SPRINGFIELD,
         "Chickenpox caught from a child; smokes."),
        (33, "M36", "Tuberculosis", "upper_cavity", "NYNNN-", "PA", "jpg",
         "2022-09", "45", 0.7, "NN", "37.5 96 9.1 6.3 1.6", EREWHON,
         "Night sweats and weight loss for six weeks."),
    )  # fmt: skip
    return tuple(
        Patient(
            number=number,
            person=person,
            finding=finding,
            pattern=pattern,
            illness=illness,
            location=location,
            licence="LicenseRef-Synthetic-Phantom" if number == 33 else "CC0-1.0",
            doi="10.5555/phantoms.16" if number == 16 else "",
            pictures=(
                Picture(
                    view=view,
                    kind=kind,
                    date=date,
                    day=day,
                    severity=severity,
                    state=state,
                    vitals=vitals,
                    note=note,
                ),
            ),
        )
        for (
            number,
            person,
            finding,
            pattern,
            illness,
            view,
            kind,
            date,
            day,
            severity,
            state,
            vitals,
            location,
            note,
        ) in table
    )


def _more_views() -> tuple[Patient, ...]:
    """Patients of other findings with a lateral view or a CT."""
    return (
        Patient(
            number=21, person="M53", finding="Pneumonia/Bacterial/Streptococcus",
            pattern="middle_lobe", illness="NYNNY-", location=RURITANIA,
            pictures=(
                Picture(view="PA", kind="jpg", date="2019-02-12", day="2", severity=0.6,
                        vitals="39.7 91 17.8 15.5 1.0",
                        note="Shaking chills and pain on breathing; some oxygen for two days."),
                Picture(view="L", kind="jpg", date="2019-02-12", day="2", severity=0.6,
                        vitals="39.7 91 17.8 15.5 1.0",
                        note="Lateral view; the middle lobe is affected."),
            ),
        ),
        Patient(
            number=24, person="M40", finding="Pneumonia/Fungal/Pneumocystis", pattern="haze",
            illness="NYNNY-",
            pictures=(
                Picture(view="PA", kind="jpg", date="2017-10-10", day="18", severity=0.6,
                        vitals="38.1 87 5.2 3.9 0.4",
                        note="Breathless for weeks; a weak immune system."),
                Picture(view="", kind="nii.gz", date="2017-10-11", day="19",
                        note="CT without contrast on the day after admission."),
                Picture(view="Axial", kind="png", date="2017-10-11", day="19", at=-12.0,
                        note="One axial slice of the CT, lung window."),
                Picture(view="Coronal", kind="png", date="2017-10-11", day="19", at=-4.0,
                        note="One coronal slice of the CT, lung window."),
            ),
        ),
    )  # fmt: skip


PATIENTS = tuple(
    sorted(
        (_course(), *_covid(), *_without_pneumonia(), *_one_each(), *_more_views()),
        key=lambda patient: patient.number,
    )
)
