"""Annotations of a contribution: which image each is of, whether it can be true, and what goes on.

This module joins the adapters, the rules and the images that were taken in. It keeps nothing of a
contributor's words but labels; what is refused is told with the reason, image by image.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr import annotationfiles, casefile, csvread, proposals
from covidxr.annotating import Source
from covidxr.annotationnames import Names
from covidxr.casefile import KeptFile, KeptImage
from covidxr.cases import Case, ImageCandidate, Provenance
from covidxr.dataset import Dataset
from covidxr.filenames import safe_name
from covidxr.ingestcase import sha256_of, stated
from covidxr.ingesting import Ending, Told
from covidxr.ingestsecret import pseudonym
from covidxr.levels import ImageDepth
from covidxr.plugins import Rule, discover
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from covidxr.annotated import Annotated, AnnotationFile
    from covidxr.ingesting import Terms
    from covidxr.model import ImageFacts
    from covidxr.proposals import Proposal

# What keeps a mark from going on; names, rights and pins are another matter here.
_JUDGING = ("ANN105", "ANN106", "ANN107", "ANN108", "ANN109", "ANN110", "ANN111", "ANN117")
_TITLES = {
    "boxes": "Boxes and outlines",
    "masks": "Masks",
    "severity": "Severity scores",
    "brixia": "Brixia scores",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributed:
    """An annotation file as it was sent.

    Parameters
    ----------
    name : str
        As the contributor calls it, folders in front.
    data : bytes
        The whole file.
    source_id : str
        Pseudonym of its bytes.
    """

    name: str
    data: bytes
    source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An image that annotations may be of.

    Parameters
    ----------
    facts : ImageFacts
        Of the image as it is kept.
    where : str
        Candidate or path that it is kept at.
    turned : bool
        Whether it is stored turned or mirrored, so that marks drawn on it as it is shown miss.
    """

    facts: ImageFacts
    where: str
    turned: bool = False


@dataclass(slots=True, kw_only=True)
class Batch:
    """The annotations of one contribution.

    Parameters
    ----------
    secret : bytes
        The collection's.
    terms : Terms
        Who contributes, and under which terms.
    retrieved_at : str
        UTC, ISO 8601 with ``Z``.
    decided : mapping of str to str
        What became of proposals before, by the SHA-256 of their record.

    Attributes
    ----------
    told : list of Told
        What became of each image and file.
    """

    secret: bytes
    terms: Terms
    retrieved_at: str
    decided: Mapping[str, str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def cases(
        self, files: Sequence[Contributed], images: Mapping[str, Match], there: Mapping[str, Match]
    ) -> Iterator[Made]:
        """Make the cases that wait for review: one for each kind of mark.

        Parameters
        ----------
        files : sequence of Contributed
            All annotation files.
        images : mapping of str to Match
            The contribution's own images, by the contributor's name.
        there : mapping of str to Match
            The collection's, by file name.
        """
        found: dict[str, list[tuple[Contributed, str, Proposal, Match]]] = {}
        for file in files:
            for name, proposal, match in self._proposals(file, images, there):
                found.setdefault(proposal.kind, []).append((file, name, proposal, match))
        for kind, each in found.items():
            yield self._case(kind, each)

    def _proposals(
        self, file: Contributed, images: Mapping[str, Match], there: Mapping[str, Match]
    ) -> Iterator[tuple[str, Proposal, Match]]:
        known = _known(file.name, images, there)
        said = annotationfiles.read_file(Source(file.name, file.data, Names(list(known))))
        wrong = _wrong(said, known)
        if said.problems:
            more = f" (and {len(said.problems) - 1} more)" if len(said.problems) > 1 else ""
            self._end(file.name, Ending.LEFT_OUT, f"{said.problems[0].message}{more}")
        elif not said.images:
            self._end(file.name, Ending.LEFT_OUT, "it is about no image")
        for image in said.images:
            name = file.name if said.format in {"masks", "voc"} else f"{file.name}: {image.written}"
            match = known.get(image.image)
            why = wrong.get(image.image) or _why_not(image, match)
            if why or match is None:
                self._end(name, Ending.LEFT_OUT, why or "it is of no image that is here")
                continue
            yield from self._of_image(name, image, said.format, match)

    def _of_image(
        self, name: str, image: Annotated, form: str, match: Match
    ) -> Iterator[tuple[str, Proposal, Match]]:
        size = (match.facts.width or 0, match.facts.height or 0)
        parts = [replace(image, masks=(mask,), regions=(), scores=()) for mask in image.masks]
        kinds = ["masks"] * len(parts)
        if image.regions or image.scores:
            parts.append(replace(image, masks=()))
            kinds.append("boxes" if image.regions else form)
        for part, kind in zip(parts, kinds, strict=True):
            proposal = proposals.proposed(part, kind, match.facts.sha256, size)
            before = self.decided.get(sha256_of(proposals.write(proposal)))
            if before:
                self._end(name, Ending.KNOWN, before)
            else:
                yield name, proposal, match

    def _case(self, kind: str, found: Sequence[tuple[Contributed, str, Proposal, Match]]) -> Made:
        sources = sorted({file.source_id for file, *_ in found})
        id_ = pseudonym(self.secret, "annotations", (kind, *sources))
        claim = stated(self.terms)
        files: list[tuple[str, bytes]] = []
        kept: list[KeptImage] = []
        for number, (_, _, proposal, match) in enumerate(found, start=1):
            data = proposals.write(proposal)
            name = safe_name(("marks", str(number)), "json")
            files.append((name, data))
            origin = Provenance(
                source=proposals.SOURCE,
                page_url=f"{proposals.SOURCE}:{id_}",
                image_url="",
                retrieved_at=self.retrieved_at,
                sha256=sha256_of(data),
                bytes=len(data),
                licence=claim,
                credit=self.terms.credit,
            )
            candidate = ImageCandidate(
                label=str(number),
                url="",
                folder="annotations",
                caption=f"{_TITLES[kind]} of {match.where}",
                extra={"kind": kind, "of": match.where, "of_sha256": proposal.sha256},
            )
            kept.append(
                KeptImage(
                    candidate=candidate,
                    files=(
                        KeptFile(
                            name=name,
                            format=proposals.FORMAT,
                            width=proposal.width,
                            height=proposal.height,
                            provenance=origin,
                        ),
                    ),
                )
            )
        by = f" of {self.terms.contributor}" if self.terms.contributor else ""
        case = Case(
            source=proposals.SOURCE,
            id=id_,
            url="",
            title=f"{_TITLES[kind]}{by}",
            licence=claim,
            credit=self.terms.credit,
            authors=tuple(filter(None, (self.terms.contributor,))),
            images=tuple(each.candidate for each in kept),
            extra={"contributor": self.terms.contributor, "source_ids": list(sources)},
        )
        for number, (_, name, _, match) in enumerate(found, start=1):
            where = f"{proposals.SOURCE}/{id_}"
            self._end(name, Ending.TAKEN, f"mark {number}, of {match.where}", where)
        files.append((casefile.NAME, casefile.case_text(case, kept, ()).encode()))
        return Made(case=case, images=tuple(kept), files=tuple(files))

    def _end(self, name: str, ending: Ending, reason: str, case: str = "") -> None:
        self.told.append(Told(name=name, ending=ending, reason=reason, case=case))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A case of proposals as it is kept.

    Parameters
    ----------
    case : Case
        With its images, which are proposals.
    images : tuple of KeptImage
        The same with their files.
    files : tuple of (str, bytes)
        All that is to be written, the record last.
    """

    case: Case
    images: tuple[KeptImage, ...]
    files: tuple[tuple[str, bytes], ...]


def is_annotation(name: str, data: bytes) -> bool:
    """Tell whether an adapter knows a file, so that it is no image.

    Parameters
    ----------
    name : str
        As the contributor calls it.
    data : bytes
        The whole file.
    """
    source = Source(name, data, Names(()), pixels=False)
    return any(each.knows(source) for each in annotationfiles.adapters().values())


def _known(name: str, images: Mapping[str, Match], there: Mapping[str, Match]) -> dict[str, Match]:
    """Give the images that a file may mean, by name without folder.

    Those of its own folder come first, then what only one file of the contribution is called, then
    the collection's.
    """
    folder = name.rpartition("/")[0]
    bare = {each: each.rpartition("/")[2] for each in images}
    often = Counter(bare.values())
    found = {bare[each]: match for each, match in images.items() if often[bare[each]] == 1}
    near = {
        bare[each]: match for each, match in images.items() if each.rpartition("/")[0] == folder
    }
    return {**there, **found, **near}


def _wrong(said: AnnotationFile, known: Mapping[str, Match]) -> dict[str, str]:
    """Give what the rules of annotations say, by image; the first of several."""
    text = "filename\n" + "".join(f'"{name.replace(chr(34), chr(34) * 2)}"\n' for name in known)
    dataset = Dataset(
        table=Table(csvread.parse(text.encode("utf-8", "surrogateescape"))),
        files={f"images/{name}": match.facts for name, match in known.items()},
        folders=frozenset({"images", "annotations"}),
        depth=ImageDepth.FULL,
        annotations=(said,),
    )
    found: dict[str, str] = {}
    rules = discover("covidxr.rules", Rule)
    for code in _JUDGING:
        for hit in rules[code].check(dataset):
            found.setdefault(hit.value or "", hit.message)
    return found


def _why_not(image: Annotated, match: Match | None) -> str:
    if match is None:
        return ""
    if match.turned:
        return "its image is stored turned (EXIF), and nobody knows which way the marks are meant"
    if not match.facts.width or not match.facts.height:
        return "its image has no size"
    if any(mask.problem for mask in image.masks):
        return next(mask.problem for mask in image.masks if mask.problem)
    if not image.regions and not image.masks and not any(each.text for each in image.scores):
        return "it marks nothing"
    return ""
