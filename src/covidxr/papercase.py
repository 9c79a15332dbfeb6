"""The case that a paper becomes: what is said of it as a whole, and of each of its images.

This module joins a paper, the choices on its figures and what was cut out of them. It touches
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cases import Case, FigureRecord, ImageCandidate, LeftOut, LicenceClaim
from covidxr.licences import LICENCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.cases import Json
    from covidxr.figurechoice import Choice
    from covidxr.figurecut import Cut, Piece
    from covidxr.lookup import Paper
    from covidxr.rights import Right

SOURCE = "figures"
"""What candidates out of articles say as their source."""

_FIRST_AUTHORS = 3

ACKNOWLEDGED = (
    "PMC Article Datasets of the National Library of Medicine (PubMed Central), "
    "https://registry.opendata.aws/ncbi-pmc"
)
"""Where files of the bucket are from; its terms ask that the library is named."""


def claim_of(right: Right) -> LicenceClaim:
    """Give the licence that a row may state: none where it is not cleared."""
    if right.cleared:
        return right.claim
    return LicenceClaim(
        words=right.claim.words or right.reason,
        evidence=right.claim.evidence,
        url=right.claim.url,
    )


def url_of(paper: Paper) -> str:
    """Give the address of an article: at PubMed Central, else at doi.org; empty without DOI."""
    if paper.pmcid:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{paper.pmcid}/"
    return f"https://doi.org/{paper.doi}" if paper.doi else ""


def credit_of(paper: Paper, claim: LicenceClaim) -> str:
    """Write the sentence that names authors, work and licence.

    Creative Commons asks for title, author, source and licence.
    """
    article = paper.article
    authors = list(article.authors) if article else []
    named = ", ".join(authors[:_FIRST_AUTHORS]) + (
        " et al." if len(authors) > _FIRST_AUTHORS else ""
    )
    year = paper.published[:4]
    work = ", ".join(filter(None, (paper.journal, year)))
    parts = [
        f"{named.rstrip('.')}." if named else "",
        f"{paper.title.rstrip('.')}." if paper.title else "",
        f"{work}." if work else "",
        f"https://doi.org/{paper.doi}." if paper.doi else "",
        f"{LICENCES[claim.spdx].title}." if claim.spdx in LICENCES else "",
    ]
    return " ".join(filter(None, parts))


def image_of(
    choice: Choice, piece: Piece, claim: LicenceClaim, credit: str, made: str
) -> ImageCandidate:
    """Describe one image of a figure."""
    extra: dict[str, Json] = {
        "figure": choice.figure.id,
        "panel": piece.letter,
        "parent": piece.file,
        "box": list(piece.box) if piece.box else None,
        "cleared": choice.right.cleared,
        # Arrows and letters stay in the picture; nobody has looked for them.
        "annotations": "unknown",
        "warnings": list(piece.warnings),
    }
    if piece.side is not None:
        extra["side"] = {"value": piece.side.value, "words": piece.side.words}
    changed = []
    if piece.data is not None:
        changed.append(f"Panel {piece.letter} cut out of {choice.title}.")
    if made:
        changed.append("Picture taken out of the article's PDF.")
    return ImageCandidate(
        label=piece.label,
        url="",
        caption=piece.caption,
        suggestions=piece.suggestions,
        licence=claim,
        credit=" ".join(filter(None, (credit, *changed))),
        extra=extra,
    )


def record_of(
    choice: Choice, cut: Cut, *, made: str = "", warnings: Sequence[str] = ()
) -> FigureRecord:
    """Write down what was decided on a figure.

    Parameters
    ----------
    choice : Choice
        The figure, with its words and its rights.
    cut : Cut
        What became of its pixels.
    made : str
        How its picture was taken out of a PDF; else empty.
    warnings : sequence of str
        What came up when its files were fetched.
    """
    figure, words = choice.figure, choice.words
    return FigureRecord(
        id=figure.id,
        label=figure.label,
        caption=figure.caption,
        group=figure.group,
        mentions=figure.mentions,
        shown=str(words.shown),
        words=words.words,
        where=words.where,
        body=words.body,
        unsure=words.unsure,
        licence=claim_of(choice.right),
        cleared=choice.right.cleared,
        reason=choice.right.reason,
        crops=choice.right.crops,
        split=cut.split,
        method=cut.method,
        why=cut.why,
        score=round(cut.score, 3),
        panels=cut.panels,
        made=made,
        warnings=(*choice.right.warnings, *warnings),
    )


def case_of(  # noqa: PLR0913 - a case is all of these, by name
    paper: Paper,
    right: Right,
    images: Sequence[ImageCandidate],
    left_out: Sequence[LeftOut],
    *,
    warnings: Sequence[str] = (),
    partial: bool = False,
    case_id: str = "",
) -> Case:
    """Make the case of a paper."""
    article = paper.article
    url = url_of(paper)
    also = [f"https://doi.org/{doi}" for doi in (paper.doi, paper.asked) if doi]
    claim = claim_of(right)
    return Case(
        source=SOURCE,
        id=case_id or paper.doi,
        url=url,
        also_at=tuple(each for each in dict.fromkeys(also) if each != url),
        title=paper.title,
        published=paper.published,
        authors=article.authors if article else (),
        doi=paper.doi,
        licence=claim,
        credit=credit_of(paper, claim),
        images=tuple(images),
        left_out=tuple(left_out),
        warnings=tuple(dict.fromkeys((*_about(paper, right), *warnings))),
        partial=partial,
        markup=article.dialect if article else "",
        extra={
            "journal": paper.journal,
            "pmcid": paper.pmcid,
            "pmid": paper.pmid,
            "kind": article.kind if article else "",
            "asked": paper.asked,
            "files_from": ACKNOWLEDGED if paper.cloud else "",
            "steps": [
                {"registry": each.registry, "state": str(each.state), "why": each.why}
                for each in paper.steps
            ],
        },
    )


def _about(paper: Paper, right: Right) -> list[str]:
    article = paper.article
    said = [*paper.warnings, *(article.warnings if article else ()), *right.warnings]
    if paper.retracted:
        said.append("the article is retracted")
    return said
