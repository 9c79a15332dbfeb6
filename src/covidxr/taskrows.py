"""What the collection is for, as tables: who has pneumonia, what became of whom, how severe it is.

This module turns a dataset into one labelled row an image or a patient, and counts what every
filter leaves. An answer that is not known is no answer and never a no. It opens no file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import labels
from covidxr.annotated import MOST, SUM
from covidxr.columns import BY_NAME
from covidxr.labelcounts import site, understood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from covidxr.dataset import Dataset
    from covidxr.table import Row

POSITIVE, HEALTHY = "Pneumonia", "No Finding"
YES, NO = "Y", "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One question to an image.

    Parameters
    ----------
    name : str
        What users type.
    question : str
        What is asked.
    column : str
        The column that answers; empty where a score does.
    score : str
        The score that answers, as in :data:`covidxr.annotated.MOST`; empty where a column does.
    now : str
        The column that tells whether it has happened by the image's day; empty where none does.
    implied_by : tuple of str
        Columns whose yes is a yes to the question, too: a no beside it contradicts them.
    """

    name: str
    question: str
    column: str = ""
    score: str = ""
    now: str = ""
    implied_by: tuple[str, ...] = ()

    @property
    def is_outcome(self) -> bool:
        """Whether the answer is one of the patient's illness, the same for all images of it."""
        return bool(self.column) and self.column != "finding"


TASKS = {
    task.name: task
    for task in (
        Task(
            name="pneumonia",
            question="1 pneumonia of any kind, 0 no finding",
            column="finding",
        ),
        Task(name="survival", question="1 survived, 0 died", column="survival"),
        Task(
            name="intubation",
            question="1 intubated at any point of the illness, 0 never",
            column="intubated",
            now="intubation_present",
            implied_by=("intubation_present", "extubated"),
        ),
        Task(
            name="icu",
            question="1 in intensive care at any point of the illness, 0 never",
            column="went_icu",
            now="in_icu",
            implied_by=("in_icu",),
        ),
        Task(
            name="oxygen",
            question="1 needed supplemental oxygen at any point of the illness, 0 never",
            column="needed_supplemental_O2",
            # Whoever is intubated is given oxygen; whether somebody else is, no column tells.
            now="intubation_present",
            implied_by=("intubated", "intubation_present", "extubated"),
        ),
        Task(
            name="severity",
            question="geographic extent, both lungs together, 0 to 8",
            score="geographic_extent_mean",
        ),
        Task(
            name="severity-opacity",
            question="opacity, both lungs together, 0 to 6",
            score="opacity_mean",
        ),
        Task(name="severity-brixia", question="Brixia score, six zones, 0 to 18", score=SUM),
    )
}
"""Every task by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One image and the answer.

    Parameters
    ----------
    filename, folder, patientid : str
        As the table has them.
    view, modality : str
        As they are written today; blank where they are not known.
    offset_days : int or None
        The image's day; None where it is not known.
    label : str
        ``"0"``, ``"1"``, or a score.
    already : str
        ``"yes"`` where the outcome is there on the image's day, ``"no"`` where it is not, blank
        where that is not known, or nothing of the kind is asked.
    source : str
        Host of the page, or registrant of the DOI.
    license : str
        As the table has it.
    """

    filename: str
    folder: str
    patientid: str
    view: str
    modality: str
    offset_days: int | None
    label: str
    already: str
    source: str
    license: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one filter leaves.

    Parameters
    ----------
    what : str
        What is left.
    images, patients : int
        Rows and distinct patient ids.
    left_out : mapping of str to int
        Rows that it took away, by reason, the commonest first.
    """

    what: str
    images: int
    patients: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class TaskTable:
    """The answer to a question.

    Parameters
    ----------
    task : Task
        The question.
    rows : tuple of TaskRow
        In the order of the table.
    steps : tuple of Step
        From all rows to these.
    told : tuple of str
        Patients and files that say two things, and so are left out.
    """

    task: Task
    rows: tuple[TaskRow, ...]
    steps: tuple[Step, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rows are wanted.

    Parameters
    ----------
    views : tuple of str
        Of these views alone; empty for all.
    only_before : bool
        Only where the outcome is known not to be there on the image's day; of a task in which
        nothing of the kind is asked, all.
    per_patient : bool
        One image a patient: the earliest whose day is known, else the first by name.
    """

    views: tuple[str, ...] = ()
    only_before: bool = False
    per_patient: bool = False


@dataclass(slots=True)
class _Rows:
    """Rows that are left, and how they came to be."""

    left: list[TaskRow]
    steps: list[Step]
    told: list[str]

    def keep(self, what: str, reason: Callable[[TaskRow], str]) -> None:
        """Take away what there is a reason to."""
        reasons: Counter[str] = Counter()
        left = []
        for row in self.left:
            if why := reason(row):
                reasons[why] += 1
            else:
                left.append(row)
        self.left = left
        self.count(what, reasons)

    def count(self, what: str, reasons: Counter[str]) -> None:
        ordered = dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
        people = {row.patientid for row in self.left} - {""}
        step = Step(what=what, images=len(self.left), patients=len(people), left_out=ordered)
        self.steps.append(step)


def table(dataset: Dataset, task: Task, choice: Choice | None = None) -> TaskTable:
    """Answer a question for every image, or every patient, for which the answer is known.

    Parameters
    ----------
    dataset : Dataset
        The collection; with its annotations for a score.
    task : Task
        The question.
    choice : Choice, optional
        Which rows are wanted; all images by default.
    """
    choice = choice or Choice()
    answers = _answers(dataset, task)
    made = [_row(row, task, *answers(row)) for row in dataset.rows]
    why = {id(row): reason for row, reason in made}
    rows = _Rows([row for row, _ in made], [], [])
    rows.count("all rows", Counter())
    rows.keep("images", _no_image)
    if choice.views:
        wanted = f"of view {', '.join(choice.views)}"
        rows.keep(wanted, lambda row: _other_view(row, choice.views))
    rows.keep("whose answer is known", lambda row: why[id(row)])
    if task.is_outcome:
        torn = _torn(dataset, task)
        rows.told += [f"patient {who} has both Y and N in {task.column}" for who in torn]
        both = frozenset(torn)
        rows.keep("of patients with one answer", lambda row: _two_ways(row, both))
    _each_once(rows)
    if choice.only_before and task.now:
        rows.keep("before the outcome", _not_before)
    if choice.per_patient:
        _one_each(rows, same=not task.score)
    return TaskTable(
        task=task, rows=tuple(rows.left), steps=tuple(rows.steps), told=tuple(rows.told)
    )


def counts(rows: Iterable[TaskRow]) -> dict[str, dict[str, tuple[int, int]]]:
    """Count images and patients by view and label.

    Returns
    -------
    dict of str to dict of str to (int, int)
        By view, blank for one that is not known, and by label, in the order of views and labels.
    """
    images: Counter[tuple[str, str]] = Counter()
    people: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        images[row.view, row.label] += 1
        people.setdefault((row.view, row.label), set()).update({row.patientid} - {""})
    views = [*BY_NAME["view"].allowed, ""]
    return {
        view: {label: (images[view, label], len(people[view, label])) for label in found}
        for view in views
        if (found := sorted(label for of, label in images if of == view))
    }


def _answers(dataset: Dataset, task: Task) -> Callable[[Row], tuple[str, str]]:
    """Give what tells a row's label, blank where it is not known, and then why it is not."""
    if task.score:
        scores = _scores(dataset, task.score)
        return lambda row: scores.get(row["filename"], ("", "not scored"))
    if task.column == "finding":
        return lambda row: _pneumonia(row["finding"])
    return lambda row: _outcome(row, task)


def _pneumonia(finding: str) -> tuple[str, str]:
    reading = labels.read_finding(finding)
    if not reading.is_finding:
        return "", reading.canonical or ("finding not readable" if finding else "no finding given")
    if POSITIVE in reading.labels:
        return "1", ""
    return ("0", "") if HEALTHY in reading.labels else ("", f"another finding: {finding}")


def _outcome(row: Row, task: Task) -> tuple[str, str]:
    text = row[task.column]
    answer = understood(task.column, text)
    if answer not in {YES, NO}:
        return "", f"{text!r} is no answer" if text else "blank"
    for name in task.implied_by:
        if answer == NO and understood(name, row[name]) == YES:
            return "", f"N contradicts {name} Y"
    return ("1" if answer == YES else "0"), ""


def _scores(dataset: Dataset, name: str) -> dict[str, tuple[str, str]]:
    """What the annotations say of each image; two files that differ say nothing."""
    found: dict[str, tuple[str, str]] = {}
    scored = (
        (each.image, score)
        for file in dataset.annotations
        for each in file.images
        for score in each.scores
        if score.name == name and score.text.strip()
    )
    for image, score in scored:
        if score.value is None or not 0 <= score.value <= MOST[name]:
            now = ("", f"no score from 0 to {MOST[name]}")
        else:
            now = (repr(score.value).removesuffix(".0"), "")
        before = found.setdefault(image, now)
        if before != now:
            found[image] = ("", "scored in two ways")
    return found


def _row(row: Row, task: Task, label: str, why: str) -> tuple[TaskRow, str]:
    made = TaskRow(
        filename=row["filename"],
        folder=row["folder"],
        patientid=row["patientid"],
        view=_allowed("view", row["view"]),
        modality=_allowed("modality", row["modality"]),
        offset_days=_day(row["offset"]),
        label=label,
        already=_already(row, task, label),
        source=site(row["url"], row["doi"]),
        license=row["license"],
    )
    return made, why


def _allowed(name: str, text: str) -> str:
    value = understood(name, text)
    return value if value in BY_NAME[name].allowed else ""


def _day(text: str) -> int | None:
    judgement = BY_NAME["offset"].judge(text)
    known = text if judgement is None else judgement.value
    return int(known) if known else None


def _already(row: Row, task: Task, label: str) -> str:
    """Tell whether the outcome is there; what never comes is not there on any day."""
    if not task.now:
        return ""
    if label == "0":
        return "no"
    return {YES: "yes", NO: "no"}.get(understood(task.now, row[task.now]), "")


def _no_image(row: TaskRow) -> str:
    if not row.filename:
        return "no filename"
    return "" if row.folder in {"", "images"} else f"in {row.folder}"


def _other_view(row: TaskRow, views: Sequence[str]) -> str:
    return "" if row.view in views else f"view {row.view or 'not known'}"


def _torn(dataset: Dataset, task: Task) -> list[str]:
    """Patients whose rows, whatever their view, answer in both ways."""
    said: dict[str, set[str]] = {}
    for cells in dataset.cells("patientid", task.column):
        answer = understood(task.column, cells.texts[1])
        if cells.text and answer in {YES, NO}:
            said.setdefault(cells.text, set()).add(answer)
    return [who for who, answers in said.items() if len(answers) > 1]


def _two_ways(row: TaskRow, torn: frozenset[str]) -> str:
    return "the patient's rows disagree" if row.patientid in torn else ""


def _each_once(rows: _Rows) -> None:
    """Keep the first row of each file; where its rows disagree, none."""
    said: dict[str, set[str]] = {}
    for row in rows.left:
        said.setdefault(row.filename, set()).add(row.label)
    rows.told += [f"{name}: its rows disagree" for name, each in said.items() if len(each) > 1]
    seen: set[str] = set()

    def reason(row: TaskRow) -> str:
        if len(said[row.filename]) > 1:
            return "rows of one file disagree"
        if row.filename in seen:
            return "another row names the file"
        seen.add(row.filename)
        return ""

    rows.keep("each file once", reason)


def _not_before(row: TaskRow) -> str:
    if row.already == "no":
        return ""
    return "the outcome is there already" if row.already else "not known whether it is there"


def _one_each(rows: _Rows, *, same: bool) -> None:
    """Keep one image a patient; where all must say the same and do not, none."""
    mine: dict[str, list[TaskRow]] = {}
    for row in rows.left:
        mine.setdefault(row.patientid, []).append(row)
    torn = {who for who, each in mine.items() if same and len({row.label for row in each}) > 1}
    torn -= {""}
    rows.told += [f"patient {who}: some images say 0, some 1" for who in mine if who in torn]
    chosen = {id(min(each, key=_earliest)) for who, each in mine.items() if who not in torn}

    def reason(row: TaskRow) -> str:
        if not row.patientid:
            return "no patient id"
        if row.patientid in torn:
            return "the patient's images disagree"
        return "" if id(row) in chosen else "another image of the patient is taken"

    rows.keep("one image a patient", reason)


def _earliest(row: TaskRow) -> tuple[bool, int, str]:
    return (row.offset_days is None, row.offset_days or 0, row.filename)
