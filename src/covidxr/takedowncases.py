"""Candidates that came from what is taken down: which they are, and how they are without it.

This module reads the records of candidates and says how their files change; it removes nothing. A
case that was published at a page that is taken down goes as a whole. Of a case with other images,
the images alone go.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr import candidatestore, casefile, reviewqueue, takedownfiles
from covidxr.disk import WORK
from covidxr.errors import CollectionError
from covidxr.identifiers import canonical_url, doi_key, read_doi
from covidxr.transaction import Change

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from covidxr.reviewqueue import Candidate

_FOLDER = f"{WORK}/candidates"
_DRAFTS = f"{WORK}/review/drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One candidate case and its images.

    Parameters
    ----------
    path : str
        ``source/case``.
    pages : frozenset of str
        Canonical addresses of the case.
    doi : str
        Key of its DOI; may be empty.
    images : tuple of Candidate
        Those that have a file.
    record : mapping
        The whole ``case.json``.
    """

    path: str
    pages: frozenset[str]
    doi: str
    images: tuple[Candidate, ...]
    record: Mapping[str, Any]


def waiting(root: Path) -> tuple[tuple[Waiting, ...], dict[str, str]]:
    """Read every candidate of a collection.

    Parameters
    ----------
    root : Path
        The collection's folder.

    Returns
    -------
    (tuple of Waiting, dict of str to str)
        The cases, and of those whose record cannot be read the path and why.
    """
    candidates = candidatestore.candidates_of(root, None)
    found, damaged = [], {}
    for path in candidates.stamps():
        try:
            record = reviewqueue.read_record(candidates.record(path)[0])
            images = reviewqueue.candidates(record, path)
            doi = read_doi(str(record.get("doi", ""))).doi
        except (ValueError, CollectionError) as error:
            damaged[path] = str(error)
            continue
        addresses = (record["url"], *record["also_at"])
        pages = frozenset(canonical_url(str(each)) for each in addresses) - {""}
        key = doi_key(doi) if doi else ""
        found.append(Waiting(path=path, pages=pages, doi=key, images=images, record=record))
    return tuple(found), damaged


def bytes_of(case: Waiting, image: Candidate) -> str:
    """Give the SHA-256 of the image that a candidate is, or that it marks."""
    try:
        marked = case.record["images"][image.number]["extra"].get("of_sha256", "")
    except (KeyError, TypeError, AttributeError):
        marked = ""
    return str(marked) or image.provenance.sha256


def dropped(root: Path, case: Waiting) -> tuple[Change, ...]:
    """Give the changes that remove a case and what a curator wrote on it."""
    paths = [*takedownfiles.candidate_files(root, case.path), _draft(case)]
    read = [(path, takedownfiles.contents(root, path)) for path in paths]
    return tuple(Change(path=path, data=None, was=was) for path, was in read if was is not None)


def without_images(root: Path, case: Waiting, ids: Collection[str]) -> tuple[Change, ...]:
    """Give the changes that remove some images of a case; the record says that they are gone.

    Parameters
    ----------
    root : Path
        The collection's folder.
    case : Waiting
        The case.
    ids : collection of str
        Of the images.
    """
    try:
        record, names = _emptied(case, [image for image in case.images if image.id in ids])
    except (KeyError, TypeError, AttributeError) as error:
        raise CollectionError(
            f"the record of {case.path} is damaged ({error!r}); remove the whole case with "
            f"`covidxr candidates drop {case.path}`, and try again"
        ) from error
    changes = []
    # What a record names is anybody's text; only what lies in the case's folder is its file.
    for path in takedownfiles.candidate_files(root, case.path):
        name = path.removeprefix(f"{_FOLDER}/{case.path}/")
        if name == casefile.NAME:
            was = takedownfiles.contents(root, path)
            changes.append(Change(path=path, data=casefile.as_text(record).encode(), was=was))
        elif name in names:
            changes.append(Change(path=path, data=None, was=takedownfiles.contents(root, path)))
    return (*changes, *_draft_without(root, case, ids))


def _emptied(case: Waiting, gone: Collection[Candidate]) -> tuple[dict[str, Any], set[str]]:
    """Give a case's record without the files of some images, and the names of those files."""
    record = json.loads(json.dumps(case.record))
    addresses = {image.provenance.image_url for image in gone} - {""}
    parts = [record["images"][image.number] for image in gone]
    # A part of a figure is seen on the whole figure, too.
    parts += [each for each in _figures(record) if addresses & set(_addresses(each))]
    names: set[str] = set()
    for part in parts:
        urls = _addresses(part)
        names |= {str(file["name"]) for file in part["files"]}
        part["files"] = []
        part["missing"] += [{"url": url, "reason": "taken down", "again": False} for url in urls]
    return record, names


def _figures(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [each for each in record.get("figures", ()) if each.get("files")]


def _addresses(part: Mapping[str, Any]) -> list[str]:
    found = (str(file["provenance"]["image_url"]) for file in part["files"])
    return list(dict.fromkeys(found))


def _draft(case: Waiting) -> str:
    return f"{_DRAFTS}/{case.path}.json"


def _draft_without(root: Path, case: Waiting, ids: Collection[str]) -> tuple[Change, ...]:
    was = takedownfiles.contents(root, _draft(case))
    try:
        drafts = json.loads(was) if was is not None else {}
        kept = {id_: each for id_, each in drafts.items() if id_ not in ids}
    except (ValueError, AttributeError, RecursionError):
        # A damaged file of drafts counts as none, and may say anything of the image.
        return (Change(path=_draft(case), data=None, was=was),)
    if len(kept) == len(drafts):
        return ()
    data = (json.dumps(kept, indent=1) + "\n").encode() if kept else None
    return (Change(path=_draft(case), data=data, was=was),)
