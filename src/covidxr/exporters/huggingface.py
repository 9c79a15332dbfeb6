"""A folder for Hugging Face's datasets: images, a table beside them, and a dataset card."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from covidxr import collectionfacts, exportcontents, labelcounts
from covidxr.about import NOTICE
from covidxr.arrowtable import Extra, pieces
from covidxr.exportcontents import NOT_STATED, counted
from covidxr.labelcounts import StatsOptions
from covidxr.model import Artifact
from covidxr.plugins import exporter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from covidxr.collectionfacts import Count, Facts
    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts

# What Pillow opens, by which the library decodes pictures; a multi-frame GIF is its first picture.
_READ = frozenset({"JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP"})
_NAMED = {"val": "validation", "valid": "validation", "dev": "validation", "training": "train"}
# Steps of the hub's own list of sizes.
_SIZES = (
    *((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K")),
    *((1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M")),
)
# Licences that the hub lists (huggingface.co/docs/hub/repositories-licenses, 2026), as far as
# images come under them; any other is "other", with a name.
_LISTED = frozenset(
    {"apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "cc0-1.0"}
    | {"cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0"}
    | {"cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0"}
    | {"cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0"}
    | {"cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0"}
)
# The only names in a repository that the hub's template lets `license_link` have are LICENSE and
# this one (huggingface/hub-docs, datasetcard.md).
_LICENCE = "LICENSE.md"
# Names that mean every part together, and that no part can have (datasets 5.2.0, `NamedSplit`).
_RESERVED = frozenset({"all"})
# Columns that the loader gives a meaning of its own.
_TAKEN = frozenset({"image", "file_name", "label"})


@exporter("huggingface", title="Hugging Face datasets", since="0.1")
def huggingface(dataset: Dataset) -> Iterator[Artifact]:
    """Write a folder that ``datasets.load_dataset`` reads, with its dataset card.

    Each part of a split has a folder of its own with its images and a ``metadata.parquet``, whose
    columns have one type in all parts: of CSV files the library guesses types for each, and stops
    where they differ. Without a split all is one part called ``train``, as loaders expect. DICOM
    files and volumes, which the library does not decode, are left out and counted in the card. It
    needs pyarrow: `pip install "covidxr[parquet]"`.
    """
    parts = _parts(dataset)
    yield Artifact(path="README.md", data=_card(dataset, parts).encode("utf-8", "replace"))
    yield Artifact(path=_LICENCE, data=_licence(dataset).encode("utf-8", "replace"))
    yield Artifact(path=exportcontents.TABLE, copy_of=exportcontents.TABLE)
    if exportcontents.TERMS in dataset.documents:
        yield Artifact(path=exportcontents.TERMS, copy_of=exportcontents.TERMS)
    for part, paths in parts.items():
        yield Artifact(
            path=f"data/{part}/metadata.parquet",
            parts=lambda paths=paths: _table(dataset, paths),  # type: ignore[misc]
        )
        for path in paths:
            yield Artifact(path=f"data/{part}/{path.partition('/')[2]}", copy_of=path)


def _parts(dataset: Dataset) -> dict[str, list[str]]:
    """Give the paths of the images of each part, in the order of the table."""
    found: dict[str, list[str]] = {}
    for facts in exportcontents.carried(dataset):
        if _can_load(facts):
            given = dataset.parts.get(facts.path, "unassigned") if dataset.parts else "train"
            found.setdefault(given, []).append(facts.path)
    names = part_names(found)
    return {names[given]: paths for given, paths in found.items()} or {"train": []}


def _can_load(facts: ImageFacts) -> bool:
    """Tell whether the library decodes a file, and does not pass it over as a hidden one."""
    folder, _, name = facts.path.rpartition("/")
    return facts.format in _READ and folder == "images" and not name.startswith(".")


def part_names(given: Iterable[str]) -> dict[str, str]:
    """Give each part a name that the library takes: letters, digits and ``_``, never a number.

    Parameters
    ----------
    given : iterable of str
        Names of a split's parts.

    Returns
    -------
    dict of str to str
        By the given name. Two parts never get the same one: the later gets a number behind it.

    Examples
    --------
    >>> part_names(["train", "val", "Fold 1", "2"])
    {'train': 'train', 'val': 'validation', 'Fold 1': 'fold_1', '2': 'part_2'}
    >>> part_names(["val", "dev"])
    {'val': 'validation', 'dev': 'validation_2'}
    """
    names: dict[str, str] = {}
    taken = set(_RESERVED)
    for each in given:
        name = wanted = _plain(each)
        number = 2
        while name in taken:
            name = f"{wanted}_{number}"
            number += 1
        taken.add(name)
        names[each] = name
    return names


def _plain(given: str) -> str:
    plain = re.sub(r"\W+", "_", given.strip().lower(), flags=re.ASCII).strip("_") or "unassigned"
    # The library takes a name of digits alone for no name, even in quotes.
    return f"part_{plain}" if plain[0].isdigit() else _NAMED.get(plain, plain)


def _table(dataset: Dataset, paths: Sequence[str]) -> Iterator[bytes]:
    import numpy as np

    named = [path.partition("/")[2] for path in paths]
    rows = np.array([dataset.table.rows_of(path)[0] for path in paths], dtype=np.intp)
    own = Extra(name="file_name", meaning="Path of the image beside this file.", values=named)
    return pieces(dataset.table, rows, extras=(own,), without=_TAKEN)


# -- the card ----------------------------------------------------------------------------------


def _card(dataset: Dataset, parts: dict[str, list[str]]) -> str:
    facts = collectionfacts.gather(dataset)
    front = ["---", *_front(dataset, parts), "---", ""]
    return "\n".join([*front, *_body(dataset, parts, facts)]) + "\n"


def _front(dataset: Dataset, parts: dict[str, list[str]]) -> Iterator[str]:
    found = exportcontents.terms(dataset)
    yield f"pretty_name: {_quoted(exportcontents.title(dataset))}"
    only = found[0].spdx.lower() if len(found) == 1 else ""
    if only in _LISTED:
        yield f"license: {only}"
    else:
        yield "license: other"
        yield f"license_name: {only or 'each-image-its-own'}"
        yield f"license_link: {_LICENCE}"
    yield "language: [en]"
    yield "task_categories: [image-classification]"
    yield "task_ids: [multi-label-image-classification]"
    yield "annotations_creators: [found]"
    yield "source_datasets: [original]"
    images = sum(map(len, parts.values()))
    yield f"size_categories: [{next((name for most, name in _SIZES if images < most), 'n>1T')}]"
    words = ("medical", "radiology", "chest-x-ray", *dataset.about.keywords)
    yield f"tags: [{', '.join(map(_quoted, dict.fromkeys(words)))}]"
    yield "configs:"
    yield "  - config_name: default"
    yield "    default: true"
    yield f"    description: {_quoted(f'Contents: SHA-256 {_digest(dataset, parts)}')}"
    yield "    data_files:"
    for part in parts:
        yield f"      - split: {_quoted(part)}"
        yield f'        path: "data/{part}/**"'


def _digest(dataset: Dataset, parts: dict[str, list[str]]) -> str:
    """Give a hash of the table, the images and their parts.

    The library keeps what it has loaded under the folder's name and the card's configuration alone
    (datasets 5.2.0, ``LocalDatasetModuleFactory``): without something in it that changes with what
    the folder holds, a newer export, or another collection's, is answered with the older rows.
    """
    digest = hashlib.sha256(exportcontents.table_weight(dataset)[1].encode())
    for part, paths in parts.items():
        for path in paths:
            told = [part, path, dataset.files[path].sha256]
            digest.update(json.dumps(told).encode())
    return digest.hexdigest()


def _quoted(text: str) -> str:
    """Write a text as YAML takes it from JSON (YAML 1.2.2, chapter 1.2)."""
    return json.dumps(text)


def _body(dataset: Dataset, parts: dict[str, list[str]], facts: Facts) -> Iterator[str]:
    about = dataset.about
    yield f"# {_line(exportcontents.title(dataset))}"
    yield ""
    yield f"> {NOTICE}"
    yield ""
    if about.description:
        yield from (_line(about.description), "")
    images = sum(map(len, parts.values()))
    yield f"{counted(images, 'image')} of a collection of {counted(facts.images, 'row')} and"
    yield f"{counted(facts.patients, 'patient')}."
    yield from (*_left_out(dataset), "")
    yield "```python"
    yield "from datasets import load_dataset"
    yield ""
    yield 'data = load_dataset("path/to/this/folder")'
    yield "```"
    yield ""
    yield from _split(dataset, parts)
    yield "Columns are those of the collection's `metadata.csv`; null is not known."
    yield from ("", "## Labels", "", labelcounts.block(dataset, StatsOptions()).strip(), "")
    yield "An image counts for its label and for every label above it. All counts, here and below,"
    yield "are of the collection's rows, those that are not in this folder too."
    yield ""
    tables = {
        "Views": facts.views,
        "Modalities": facts.modalities,
        "Sex": facts.sexes,
        "Age": facts.ages,
        "Licences": facts.licences,
    }
    for title, counts in tables.items():
        yield from (f"## {title}", "", *_counts(counts), "")
    yield from _sources(facts)
    if about.citation:
        yield from ("## Citation", "", _line(about.citation), "")
    yield "Credit each image as its own row says."


def _left_out(dataset: Dataset) -> Iterator[str]:
    """Say of every row why it is not here; nothing where all of them are."""
    there = exportcontents.carried(dataset)
    others = sum(not _can_load(facts) for facts in there)
    missing = exportcontents.without_file(dataset)
    again = len(dataset.table) - missing - len(there)
    if others:
        yield f"- {counted(others, 'file')} left out, since the loader does not open such (DICOM,"
        yield "  volumes, hidden files)."
    if missing:
        yield f"- {counted(missing, 'row')} left out, whose file is not there."
    if again > 0:
        yield f"- {counted(again, 'row')} left out, whose file an earlier row names."


def _licence(dataset: Dataset) -> str:
    """Say under which licence each image stands: none of them holds for the whole."""
    lines = [
        "# Licences",
        "",
        "Each image has the licence of its own row, in the column `license`.",
    ]
    lines += ["", "| licence | rows | terms |", "|---|--:|---|"]
    for each in exportcontents.terms(dataset):
        lines.append(f"| {_cell(each.text)} | {each.images:,} | {_cell(each.url)} |")
    if exportcontents.TERMS in dataset.documents:
        lines += ["", f"The collection says more of them in `{exportcontents.TERMS}`."]
    return "\n".join([*lines, "", NOTICE]) + "\n"


def _split(dataset: Dataset, parts: dict[str, list[str]]) -> Iterator[str]:
    if not dataset.parts:
        yield "Nothing was split: all images are in one part called `train`, as loaders expect."
    else:
        told = ", ".join(f"`{part}` {len(paths):,}" for part, paths in parts.items())
        yield f"Parts: {told}."
    yield ""


def _counts(counts: Sequence[Count]) -> Iterator[str]:
    yield from ("| | images | patients |", "|---|--:|--:|")
    for each in counts:
        yield f"| {_cell(each.name)} | {each.images:,} | {each.patients:,} |"


def _sources(facts: Facts) -> Iterator[str]:
    table = facts.sources
    yield from ("## Sources against labels", "")
    yield exportcontents.BIASES
    yield ""
    heads = [_cell(each.rpartition("/")[2]) for each in table.labels]
    yield f"| source | images | {' | '.join(heads)} |" if heads else "| source | images |"
    yield f"|---|--:|{'--:|' * len(heads)}"
    for name, images, shares in table.rows:
        cells = "".join(f" {each.share:.0%} |" for each in shares)
        yield f"| {_cell(name)} | {images:,} |{cells}"
    yield ""
    for leak in table.leaks:
        yield (
            f"- {_cell(leak.label)}: the source alone guesses {leak.by_source:.0%} right, the "
            f"commoner answer {leak.commonest:.0%}."
        )
    yield ""


def _cell(text: str) -> str:
    return _line(text or NOT_STATED).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")
