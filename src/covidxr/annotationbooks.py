"""The files that accepted contributions of annotations stand in, and how one image is added.

This module owns their names and their form; it touches no disk. Each contributor has files of
their own, with licence and credit in them, so that none of what others made is mixed with theirs.
An entry is one line, so that a change shows what it adds.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr import csvread, csvtext
from covidxr.annotated import FOLDER, SUM, ZONES
from covidxr.annotationedit import stem
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.annotated import Region
    from covidxr.proposals import Proposal

_COLUMNS = {"severity": ("geographic_extent_mean", "opacity_mean"), "brixia": (*ZONES, SUM)}
_SCALES = {
    "severity": "geographic_extent_mean 0-8, opacity_mean 0-6, arXiv:2005.11856",
    "brixia": "A to F 0-3, brixia_score their sum, doi:10.1007/s11547-020-01200-3",
}
_LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """Who contributed, and under which terms.

    Parameters
    ----------
    name : str
        May be empty.
    licence : str
        SPDX id.
    licence_url : str
        Address of the licence; empty where there is none.
    credit : str
        The credit line; may be empty.
    """

    name: str = ""
    licence: str = ""
    licence_url: str = ""
    credit: str = ""

    @property
    def slug(self) -> str:
        """The name as a part of a file's name; ``contributed`` where there is none."""
        bare = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:_LONGEST_SLUG] or "contributed"

    @property
    def rights(self) -> str:
        """Licence and its address in one line."""
        return ", ".join(filter(None, (self.licence, self.licence_url)))

    @property
    def citation(self) -> str:
        """Whom to credit."""
        return " ".join((self.credit or self.name or "an unnamed contributor").split())


def path_of(giver: Giver, proposal: Proposal, filename: str) -> str:
    """Give the path of the file that an accepted proposal stands in.

    Parameters
    ----------
    giver : Giver
        Who made it.
    proposal : Proposal
        What is marked.
    filename : str
        Name of the image in the collection.
    """
    if proposal.kind == "boxes":
        return f"{FOLDER}/{giver.slug}-boxes.json"
    if proposal.mask is not None:
        what = re.sub(r"[^A-Za-z0-9]+", "-", proposal.mask.label).strip("-").lower()
        ending = f"_mask_{what}.png" if what and what != "mask" else "_mask.png"
        return f"{FOLDER}/{giver.slug}-masks/{stem(filename)}{ending}"
    return f"{FOLDER}/{giver.slug}-{proposal.kind}-scores.csv"


def note_of(giver: Giver, proposal: Proposal) -> tuple[str, bytes] | None:
    """Give the note beside a folder of masks that says licence and citation; None for others."""
    if proposal.mask is None:
        return None
    text = (
        f"# Masks by {giver.name or 'a contributor'}\n\n"
        "255 where something is marked, 0 elsewhere.\n\n"
        f"License: {giver.rights}\nCitation: {giver.citation}\n"
    )
    return f"{FOLDER}/{giver.slug}-masks/README.md", text.encode()


def with_entry(data: bytes | None, giver: Giver, proposal: Proposal, filename: str) -> bytes:
    """Give a file with what is marked in one image added to it.

    Parameters
    ----------
    data : bytes or None
        The file as it is; None where there is none yet.
    giver, proposal, filename
        As for `path_of`.

    Raises
    ------
    CollectionError
        If the file is there and cannot be added to, or speaks of the image already.
    """
    if proposal.mask is not None:
        if data is not None:
            raise CollectionError(f"there is a mask of {filename} by {giver.slug} already")
        from covidxr.imaging.maskread import png_of

        return png_of(proposal.mask)
    if proposal.kind == "boxes":
        return _with_regions(data, giver, proposal, filename)
    return _with_scores(data, giver, proposal, filename)


# -- boxes and outlines ----------------------------------------------------------------------


def _with_regions(data: bytes | None, giver: Giver, proposal: Proposal, filename: str) -> bytes:
    whole = _new_coco(giver) if data is None else _read_coco(data)
    if any(each.get("file_name") == filename for each in whole["images"]):
        raise CollectionError(f"the boxes of {giver.slug} speak of {filename} already")
    number = 1 + max((each["id"] for each in whole["images"]), default=0)
    whole["images"].append(
        {
            "id": number,
            "file_name": filename,
            "width": proposal.width,
            "height": proposal.height,
            "license": 1,
        }
    )
    following = 1 + max((each["id"] for each in whole["annotations"]), default=0)
    for at, region in enumerate(proposal.regions):
        whole["annotations"].append(
            {
                "id": following + at,
                "image_id": number,
                "category_id": _category(whole["categories"], region.label or "region"),
                **_shape(region),
                "iscrowd": 0,
            }
        )
    return _coco_text(whole)


def _new_coco(giver: Giver) -> dict[str, Any]:
    return {
        "info": {
            "description": "Boxes and outlines that were contributed and reviewed.",
            "contributor": giver.name,
            "citation": giver.citation,
            "license": giver.licence,
        },
        "licenses": [{"id": 1, "name": giver.licence, "url": giver.licence_url}],
        "categories": [],
        "images": [],
        "annotations": [],
    }


def _read_coco(data: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(data)
        lists = [whole[name] for name in ("categories", "images", "annotations")]
        good = all(isinstance(each["id"], int) for found in lists for each in found)
    except (ValueError, KeyError, TypeError, RecursionError):
        good = False
    if not good:
        raise CollectionError(
            "the file of this contributor's boxes is no COCO file any more; "
            "`covidxr annotations check` says what is wrong"
        )
    return dict(whole)


def _category(categories: list[dict[str, Any]], label: str) -> int:
    for each in categories:
        if each.get("name") == label:
            return int(each["id"])
    number = 1 + max((int(each["id"]) for each in categories), default=0)
    categories.append({"id": number, "name": label})
    return number


def _shape(region: Region) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    if region.box is not None:
        shape["bbox"] = list(map(_plain, region.box))
        shape["area"] = _plain((region.box[2] or 0) * (region.box[3] or 0))
    shape["segmentation"] = [list(map(_plain, outline)) for outline in region.outlines]
    return shape


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def _coco_text(whole: Mapping[str, Any]) -> bytes:
    """Write a COCO file with one entry a line."""
    members = []
    for name, value in whole.items():
        written = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value:
            lines = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in value)
            written = f"[\n{lines}\n ]"
        members.append(f" {json.dumps(name)}: {written}")
    return ("{\n" + ",\n".join(members) + "\n}\n").encode()


# -- scores ----------------------------------------------------------------------------------


def _with_scores(data: bytes | None, giver: Giver, proposal: Proposal, filename: str) -> bytes:
    columns = _COLUMNS[proposal.kind]
    told = {score.name: score.text for score in proposal.scores}
    if data is None:
        head = [
            f"## {proposal.kind.capitalize()} scores that were contributed and reviewed.",
            f"## Scale: {_SCALES[proposal.kind]}.",
            f"## License: {giver.rights}",
            f"## Citation: {giver.citation}",
        ]
        data = ("\n".join(head) + "\n" + _record(["filename", *columns])).encode()
    preamble, table = _parted(data)
    text = csvread.parse(table)
    if "filename" not in text.header:
        raise CollectionError("the file of this contributor's scores has no column filename")
    at = text.header.index("filename")
    if any(text.cell(row, at).strip() == filename for row in range(len(text))):
        raise CollectionError(f"the scores of {giver.slug} speak of {filename} already")
    cells = {"filename": filename, **told}
    return preamble + csvtext.appended(text, [cells.get(name, "") for name in text.header])


def _record(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _parted(data: bytes) -> tuple[bytes, bytes]:
    """Part the comments from the table below them."""
    taken = 0
    for line in data.splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
        taken += len(line)
    return data[:taken], data[taken:]
