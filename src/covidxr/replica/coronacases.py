"""The replica's Coronacases: an invented forum in three generations of Odoo, and its files.

`SITE` has it all, `CASES` says what a reader should find at each address. Texts and numbers are
invented, slices are drawn; class names and forms of addresses are those of Odoo and the real site.
"""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from covidxr.replica.answers import Answer, file, html
from covidxr.replica.pictures import slice_of_ct

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "https://coronacases.org"
HOSTS: tuple[str, ...] = ("coronacases.org", "www.coronacases.org", "static.raioss.com")
FORUM = (
    f"{HOST}/forum/coronacases-org-helping-radiologists-to-help-people-in-more-than-100-countries-1"
)
FILES = "https://static.raioss.com/coronacases"
VIEWER = "https://viewer.raioss.test/study/1"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a reader should find at one address.

    Parameters
    ----------
    address : str
        As the forum's list has it.
    id, url, title, age, sex, findings : str
        As in the records.
    labels : tuple of str
        Of the volumes.
    parts : tuple of str
        Addresses of the first two slices of the axial series; empty for one file.
    served : tuple of str
        Names of the files that are there.
    left_out : tuple of str
        Labels of what is left out.
    """

    address: str
    id: str
    url: str
    title: str
    age: str
    sex: str
    findings: str
    labels: tuple[str, ...]
    served: tuple[str, ...]
    parts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


class Coronacases:
    """The site: what it answers by host and path."""

    hosts = HOSTS

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers

    def answer(self, host: str, path: str) -> Answer | None:
        """Answer a request; None is a 404."""
        found = self.answers.get(host.removeprefix("www.") + urlsplit(path).path)
        # Odoo gives the last page of a list for each number beyond it.
        if found is None and path.startswith(f"{urlsplit(FORUM).path}/page/"):
            return self.answers.get(f"coronacases.org{urlsplit(FORUM).path}/page/2")
        return found


def page(title: str, body: str) -> str:
    """Wrap what differs between pages."""
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title} | Coronacases</title></head><body>
<div class="alert alert-success"><div class="container"><h1 class="mt0">Welcome!</h1>
<p>An invented forum.</p></div></div>
<div id="wrap" class="container">{body}</div></body></html>"""


ANSWER = "An answer that nobody may take for the report: 80 year old male, no finding at all."
COMMENT = "A comment with a link of its own."
STRAY = f'<a href="{FILES}/case001/somebody-elses.nii.gz">mine</a>'


def post_2014(title: str, body: str) -> str:
    """A post of Odoo 8 to 12: its text has no element of its own."""
    return page(
        title,
        f"""<div class="question"><div class="text-center pull-left"><div class="box oe_grey">
<span id="vote_count">3</span><div>votes</div></div></div>
<div style="margin-left: 95px;"><h1 class="mt0">{title}</h1>{body}
<div class="mt16 clearfix"><a class="badge" href="/forum/x-1/tag/1">CT</a>
<span class="text-muted">Asked on 03/28/2020</span></div>
<div class="row clearfix"><small class="text-muted">{COMMENT} {STRAY}</small></div></div></div><hr>
<div class="mt16 mb32" id="answer"><div class="clearfix"><p>{ANSWER}</p></div></div>""",
    )


def post_2019(title: str, body: str) -> str:
    """A post of Odoo 13 to 15: answers stand within the article of the question."""
    return page(
        title,
        f"""<article class="question o_wforum_post row"><section class="col">
<header class="o_wforum_post_header"><h1 class="d-inline mb-0 h2">{title}</h1></header>
<div class="o_wforum_post_content o_wforum_readable oe_no_empty">{body}</div>
<div class="o_wforum_post_comment">{COMMENT} {STRAY}</div>
<section class="mt-4"><h5>1 Answer</h5><div class="forum_answer" id="answer_9"><div
class="mb-2 o_wforum_readable oe_no_empty"><p>{ANSWER}</p></div></div></section>
</section></article>""",
    )


def post_2022(title: str, body: str) -> str:
    """A post of Odoo 16 and 17: an answer's text has the class of the question's."""
    return page(
        title,
        f"""<h1 class="h3">{title}</h1><div class="d-grid">
<div class="o_wforum_question row" id="question-16"><div class="post_content_wrapper col">
<div class="o_wforum_post_content o_wforum_readable oe_no_empty">{body}</div>
<div class="o_wforum_post_comment">{COMMENT} {STRAY}</div></div></div>
<section><div class="o_wforum_answer row" id="answer-40">
<div class="o_wforum_post_content o_wforum_readable"><p>{ANSWER}</p></div></div></section></div>""",
    )


def entry_2014(title: str, address: str) -> str:
    """One post of a list of Odoo 8 to 12, linked twice."""
    return f"""<div class="question clearfix"><div class="question-block">
<div class="question-name"><a href="{address}">{title}</a></div>
<small class="text-muted">by <a href="{FORUM}/user/7">Ada</a>,
on 03/28/2020 <a href="{address}">2 comments</a></small></div></div>"""


def entry_2019(title: str, address: str) -> str:
    """One post of a list of Odoo 13 to 17."""
    return f"""<div class="card"><div class="o_wforum_index_entry_title"><div class="h5">
<a class="text-reset" href="{address}" title="Read: {title}">{title}</a></div></div>
<div class="o_wforum_index_entry_tags"><a href="{FORUM}/tag/ct-3/questions">CT</a></div></div>"""


def listed(entries: str, pages: int = 1) -> str:
    """One page of the forum's list."""
    path = urlsplit(FORUM).path
    links = "".join(f'<li><a href="{path}/page/{n}">{n}</a></li>' for n in range(1, pages + 1))
    pager = f'<ul class="pagination">{links}</ul>' if pages > 1 else ""
    return page("Forum", entries + pager)


def volume(number: int) -> bytes:
    """A gzipped NIfTI-1 volume of 16 x 16 x 12 voxels: a body in air, in Hounsfield units."""
    wide, deep = 16, 12
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, wide, wide, deep, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)
    struct.pack_into("<8f", header, 76, 1, 10, 10, 8, 1, 1, 1, 1)
    struct.pack_into("<3f", header, 108, 352, 1, 0)
    # Millimetres, and where the scanner says that the voxels lie.
    header[123] = 2
    struct.pack_into("<2h", header, 252, 0, 1)
    struct.pack_into("<12f", header, 280, 10, 0, 0, -80, 0, 10, 0, -80, 0, 0, 8, -48)
    header[344:348] = b"n+1\0"
    body = range(3, wide - 3)
    voxels = [
        30 + (number * 7 + at * 3) % 40
        if at % wide in body and at // wide % wide in body
        else -1000
        for at in range(wide * wide * deep)
    ]
    return gzip.compress(bytes(header) + struct.pack(f"<{len(voxels)}h", *voxels), mtime=0)


CASE_1 = Known(
    address=f"{FORUM}/question/case-001-61-year-old-female-24",
    id="case-001",
    url=f"{FORUM}/question/case-001-61-year-old-female-24",
    title="Case 001 - 61 year old female",
    age="61",
    sex="F",
    findings="In this invented case there are opacities.\nNo invented effusion.",
    labels=("axial",),
    parts=(f"{FILES}/case001/coronacases_001_001.dcm", f"{FILES}/case001/coronacases_001_002.dcm"),
    # The first is not there.
    served=tuple(f"coronacases_001_{n:03}.dcm" for n in range(2, 6)),
    left_out=("coronal", "sagittal"),
)
CASE_8 = Known(
    address=f"{FORUM}/question/case-008-34-year-old-male-17",
    id="case-008",
    url=f"{FORUM}/question/case-008-34-year-old-male-17",
    # The title is at odds with the address.
    title="Case 008 - 38 year old male",
    age="34",
    sex="M",
    findings="Invented reticulation in every lobe.",
    labels=("axial",),
    parts=(f"{FILES}/case008/ser204img00001.dcm", f"{FILES}/case008/ser204img00002.dcm"),
    served=tuple(f"ser204img{n:05}.dcm" for n in range(1, 4)),
    left_out=("coronal", "sagittal"),
)
CASE_9 = Known(
    address=f"{FORUM}/case-009-64-year-old-female-16",
    id="case-009",
    url=f"{FORUM}/question/case-009-64-year-old-female-16",
    title="Case 009 - 64 year old female",
    age="64",
    sex="F",
    findings="Invented ground-glass on the right.\nThe volume",
    labels=("volume",),
    served=("coronacases_009.nii.gz",),
)

CASES = {each.address: each for each in (CASE_1, CASE_8, CASE_9)}
"""What a reader should find, by address, in the order of the list."""

OTHER = f"{FORUM}/question/how-do-i-join-with-case-3-25"
"""A post of the list that is no case."""
WITHDRAWN = f"{FORUM}/question/case-002-47-year-old-male-23"
"""A case that is there no more: 404."""
UNKNOWN = f"{FORUM}/question/case-003-50-year-old-male-22"
"""A page of a markup that no generation knows."""

_PAGES = {
    FORUM: listed(
        entry_2014(CASE_1.title, CASE_1.address)
        + entry_2014("How do I join with case 3?", OTHER)
        + entry_2014(CASE_8.title, CASE_8.address),
        pages=2,
    ),
    f"{FORUM}/page/2": listed(entry_2019(CASE_9.title, CASE_9.address), pages=2),
    CASE_1.address: post_2014(
        CASE_1.title,
        f"""<p>In this invented case there are opacities.</p><p>No invented effusion.</p>
<iframe src="{VIEWER}"></iframe>""",
    ),
    CASE_8.address: post_2019(CASE_8.title, "<p>Invented reticulation in every lobe.</p>"),
    CASE_9.address: post_2022(
        CASE_9.title,
        f"""<p>Invented ground-glass on the right.</p>
<p><a href="{FILES}/case009/coronacases_009.nii.gz">The volume</a></p>""",
    ),
    UNKNOWN: "<html><body><main><h1>Case 003</h1><p>Rendered later.</p></main></body></html>",
}


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"


def _files() -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for known in CASES.values():
        number = int(known.id.removeprefix("case-"))
        for at, name in enumerate(known.served, start=1):
            is_volume = name.endswith(".nii.gz")
            body = volume(number) if is_volume else slice_of_ct(number, at)
            answers[_key(f"{FILES}/{known.id.replace('-', '')}/{name}")] = file(
                body, "application/gzip" if is_volume else "application/dicom"
            )
    return answers


SITE = Coronacases({_key(url): html(body) for url, body in _PAGES.items()} | _files())
"""The site with everything above."""
