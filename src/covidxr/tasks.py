"""The tables of tasks: reading what they need of a collection, and writing them.

This workflow joins the disk and :mod:`covidxr.taskrows`; it prints nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from covidxr import annotationfiles, disk, store, taskrows
from covidxr.annotated import FOLDER
from covidxr.columns import BY_NAME
from covidxr.errors import UsageError
from covidxr.labelcounts import understood
from covidxr.taskrows import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from covidxr.taskrows import Choice, TaskTable


def tables(root: Path, names: Iterable[str], choice: Choice) -> tuple[TaskTable, ...]:
    """Make the tables of some tasks.

    Parameters
    ----------
    root : Path
        The collection's folder.
    names : iterable of str
        Of the tasks.
    choice : Choice
        Which rows are wanted; its views in any spelling.

    Raises
    ------
    UsageError
        If there is no such task or view, or nothing comes later in any of the tasks.
    CollectionError
        If the collection cannot be read.
    """
    wanted = [_task(name) for name in names]
    if choice.only_before and not any(task.now for task in wanted):
        able = ", ".join(task.name for task in TASKS.values() if task.now)
        raise UsageError(f"what comes later is asked for in {able} alone, not {wanted[0].name}")
    views = tuple(map(_view, choice.views))
    dataset = store.read_collection(root)
    if FOLDER in dataset.folders and any(task.score for task in wanted):
        read = annotationfiles.read(root, dataset.table, pixels=False)
        dataset = replace(dataset, annotations=read)
    choice = replace(choice, views=views)
    return tuple(taskrows.table(dataset, task, choice) for task in wanted)


def save(path: Path, text: str) -> None:
    """Write a table.

    Raises
    ------
    CollectionError
        If it cannot be written.
    """
    disk.write_text(path, text)


def _task(name: str) -> taskrows.Task:
    if name not in TASKS:
        raise UsageError(f"there is no task {name!r}: use {', '.join(TASKS)}")
    return TASKS[name]


def _view(name: str) -> str:
    allowed = BY_NAME["view"].allowed
    view = understood("view", name)
    if view not in allowed:
        raise UsageError(f"there is no view {name!r}: use {', '.join(allowed)}")
    return view
