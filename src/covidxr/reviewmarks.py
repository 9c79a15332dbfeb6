"""Contributed annotations in a review: what is shown of each, and what keeps it out.

This module owns the difference between a candidate image and marks of an image: there is no row to
fill in, and the image must be in the collection first. It writes nothing.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from covidxr import annotationaccept, annotationbooks, proposals, reviewform, store
from covidxr.annotationaccept import Accepted
from covidxr.annotationbooks import Giver
from covidxr.errors import CollectionError, UsageError
from covidxr.imaging.overlay import Layer, draw
from covidxr.imaging.viewing import eight_bits
from covidxr.licences import LICENCES, read_licence
from covidxr.reviewjudge import RefusedDecisionError
from covidxr.reviewsheet import Field, Passage, Picture, Remark, Segment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from covidxr.proposals import Proposal
    from covidxr.reviewcases import Cases
    from covidxr.reviewjudge import Asked
    from covidxr.reviewqueue import Candidate


def is_marks(candidate: Candidate) -> bool:
    """Tell whether a candidate is marks of an image, and no image."""
    return candidate.source == proposals.SOURCE


class Marks:
    """Contributed annotations; the caller sees to it that one thread at a time asks.

    Parameters
    ----------
    root : Path
        The collection's folder.
    cases : Cases
        Where candidates' files are read.
    """

    def __init__(self, root: Path, cases: Cases) -> None:
        self._root, self._cases = root, cases

    def proposal(self, asked: Asked) -> Proposal:
        """Read what is proposed.

        Raises
        ------
        CollectionError
            If its file cannot be read, or is not the one that was taken in.
        """
        name = str(asked.image["files"][0]["name"])
        data = self._cases.candidates.file(asked.candidate.case, name)
        if hashlib.sha256(data).hexdigest() != asked.candidate.provenance.sha256:
            raise CollectionError(
                f"the file of {asked.candidate.id} was changed since it was taken in; remove the "
                "candidate and take the contribution in again"
            )
        try:
            return proposals.read(data)
        except ValueError as error:
            raise CollectionError(f"{asked.candidate.id} cannot be read: {error}") from None

    def drawn(self, asked: Asked) -> bytes:
        """Draw the marks over their image: a PNG file.

        Raises
        ------
        CollectionError
            If the image is not here any more, or cannot be shown.
        """
        proposal = self.proposal(asked)
        data = self._image_of(asked, proposal)
        pixels = None if data is None else eight_bits(data)
        if pixels is None:
            raise CollectionError(f"the image that {asked.candidate.id} marks cannot be shown")
        title = asked.candidate.title
        layer = Layer(title=title, said=proposal.annotated(""))
        return draw(pixels, [layer])

    def _image_of(self, asked: Asked, proposal: Proposal) -> bytes | None:
        path = self._path(asked, proposal)
        if path:
            return store.file_bytes(self._root, path)
        for other in self._cases.images().values():
            if other.provenance.sha256 == proposal.sha256:
                record = self._cases.record(other.case)
                return self._cases.file(other, record["images"][other.number])
        return None

    def _path(self, asked: Asked, proposal: Proposal) -> str:
        """Path of the image in the collection; empty where it is not in it."""
        name = annotationaccept.filename_of(proposal, asked.books)
        if name:
            return next((path for path in self._paths(name) if self._holds(path, proposal)), "")
        said = str(_extra(asked.image).get("of", ""))
        return said if said.startswith("images/") and self._holds(said, proposal) else ""

    def _paths(self, name: str) -> tuple[str, ...]:
        return (f"images/{name}", f"volumes/{name}")

    def _holds(self, path: str, proposal: Proposal) -> bool:
        if path not in store.files_there(self._root):
            return False
        data = store.file_bytes(self._root, path)
        return data is not None and hashlib.sha256(data).hexdigest() == proposal.sha256

    def remarks(self, asked: Asked, licence: str) -> tuple[Remark, ...]:
        """Say what keeps marks from being accepted.

        Parameters
        ----------
        asked : Asked
            Which.
        licence : str
            Their licence, as the form has it.
        """
        proposal = self.proposal(asked)
        found = []
        path = self._path(asked, proposal)
        if not path:
            found.append(self._why_not_here(proposal))
        if licence not in LICENCES:
            found.append(
                Remark(
                    field="license",
                    message="the contributor states no exact licence for what they drew",
                    suggestion="ask them, write its SPDX id here, and say in the reason where "
                    "they state it",
                )
            )
        else:
            found += self._there_already(asked, proposal, path, licence)
        return tuple(found)

    def _why_not_here(self, proposal: Proposal) -> Remark:
        waits = [
            each.id
            for each in self._cases.images().values()
            if each.provenance.sha256 == proposal.sha256
        ]
        if waits:
            return Remark(
                field="",
                message="its image is not in the collection yet",
                suggestion=f"decide on {waits[0]} first",
            )
        return Remark(
            field="",
            message="its image is not here any more, or has other bytes now",
            suggestion="reject it",
        )

    def _there_already(
        self, asked: Asked, proposal: Proposal, path: str, licence: str
    ) -> list[Remark]:
        filename = path.rpartition("/")[2]
        giver = giver_of(asked, licence)
        target = annotationbooks.path_of(giver, proposal, filename)
        if not filename:
            return []
        try:
            data = store.file_bytes(self._root, target)
            annotationbooks.with_entry(data, giver, proposal, filename)
        except CollectionError as error:
            return [Remark(field="", message=str(error), suggestion="reject it, or remove those")]
        return []

    def accepted(self, asked: Asked, cells: Mapping[str, str], reason: str) -> Accepted:
        """Give what is written for marks that are accepted.

        Raises
        ------
        RefusedDecisionError
            If they cannot be accepted so.
        UsageError
            If a field is given that marks have none of.
        """
        odd = sorted(set(cells) - {"license"})
        if odd:
            raise UsageError(f"marks have no field {odd[0]!r}; of a row's fields only license")
        licence = self.licence(asked, cells)
        remarks = [each for each in self.remarks(asked, licence) if each.blocking]
        stated = asked.candidate.provenance.licence.spdx
        if licence in LICENCES and licence != stated and not reason.strip():
            remarks.append(
                Remark(
                    field="license",
                    message=f"the contributor states {stated or 'no exact licence'}",
                    suggestion="give as the reason where this one is stated",
                )
            )
        if remarks:
            raise RefusedDecisionError(asked.candidate.id, tuple(remarks))
        proposal = self.proposal(asked)
        filename = self._path(asked, proposal).rpartition("/")[2]
        return Accepted(proposal=proposal, giver=giver_of(asked, licence), filename=filename)

    def licence(self, asked: Asked, cells: Mapping[str, str] | None = None) -> str:
        """Give the licence as the form has it, in SPDX's spelling where it is one."""
        held = {**asked.draft.cells, **(cells or {})}
        said = held.get("license", asked.candidate.provenance.licence.spdx)
        return read_licence(said).spdx or said

    def fields(self, asked: Asked, remarks: tuple[Remark, ...]) -> tuple[Field, ...]:
        """Give the only field that there is: the licence."""
        cells = {"license": self.licence(asked)}
        drafted = {"license": asked.candidate.provenance.licence.spdx}
        found = reviewform.fields(cells, drafted, {}, remarks)
        return tuple(each for each in found if each.name == "license")

    def picture(self, asked: Asked) -> Picture:
        """Describe what is shown."""
        proposal = self.proposal(asked)
        return Picture(
            name="",
            format="marks",
            width=proposal.width,
            height=proposal.height,
            bytes=asked.candidate.provenance.bytes,
        )

    def passages(self, asked: Asked) -> tuple[Passage, ...]:
        """Say in words what is marked, and in which image."""
        proposal = self.proposal(asked)
        path = self._path(asked, proposal)
        of = path or str(_extra(asked.image).get("of", ""))
        lines = proposals.described(proposal)
        texts = {"Marks": "\n".join(lines), "Image": of}
        return tuple(
            Passage(title=title, segments=(Segment(text=text),))
            for title, text in texts.items()
            if text
        )


def giver_of(asked: Asked, licence: str) -> Giver:
    """Say who contributed the marks, and under which terms."""
    claim = asked.candidate.provenance.licence
    authors = asked.record.get("authors")
    name = str(authors[0]) if isinstance(authors, list) and authors else ""
    known = LICENCES.get(licence)
    url = claim.url if licence == claim.spdx and claim.url else (known.url if known else "")
    return Giver(
        name=name,
        licence=licence,
        licence_url=url,
        credit=asked.candidate.provenance.credit,
    )


def _extra(image: Mapping[str, Any]) -> Mapping[str, Any]:
    extra = image.get("extra")
    return extra if isinstance(extra, dict) else {}
