"""Names on the command line mean images, or are refused with what is near."""

from __future__ import annotations

import pytest

from covidxr.cases import Provenance
from covidxr.errors import UsageError
from covidxr.reviewchoice import chosen
from covidxr.reviewqueue import Candidate

ORIGIN = Provenance(
    source="eurorad", page_url="p", image_url="i", retrieved_at="", sha256="", bytes=0
)


def candidate(id_: str) -> Candidate:
    case = id_.rpartition("/")[0]
    number = case.rpartition("/")[2]
    return Candidate(
        id=id_,
        case=case,
        source=case.partition("/")[0],
        title="",
        label="",
        addresses=(f"https://www.eurorad.org/case/{number}",),
        number=0,
        provenance=ORIGIN,
    )


KNOWN = [
    candidate(each)
    for each in ("eurorad/1/a.png", "eurorad/1/b.png", "eurorad/2/c.png", "sirm/9/c.png")
]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["eurorad/1/b.png"], ["eurorad/1/b.png"]),
        (["eurorad/1"], ["eurorad/1/a.png", "eurorad/1/b.png"]),
        (["a.png"], ["eurorad/1/a.png"]),
        (["eurorad/*"], ["eurorad/1/a.png", "eurorad/1/b.png", "eurorad/2/c.png"]),
        (["http://www.eurorad.org/case/2"], ["eurorad/2/c.png"]),
        (["eurorad/1/b.png", "eurorad/1"], ["eurorad/1/b.png", "eurorad/1/a.png"]),
    ],
    ids=str,
)
def test_a_name_means_images(names: list[str], ids: list[str]) -> None:
    assert list(chosen(KNOWN, names)) == ids


def test_a_files_name_that_two_cases_have_is_refused_with_both() -> None:
    with pytest.raises(UsageError, match=r"eurorad/2/c\.png, sirm/9/c\.png"):
        chosen(KNOWN, ["c.png"])


def test_a_name_that_means_nothing_is_refused_with_what_is_near() -> None:
    with pytest.raises(UsageError, match=r"did you mean eurorad/1/a\.png"):
        chosen(KNOWN, ["eurorad/1/a.pgn"])
    with pytest.raises(UsageError, match="no candidate image 'x/\\*'"):
        chosen(KNOWN, ["x/*"])
