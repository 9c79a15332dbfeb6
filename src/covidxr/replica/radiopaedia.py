"""The replica's Radiopaedia: invented cases in every generation of its markup and JSON.

`SITE` has them all, `CASES` says what a reader should find at each address, `many` makes a site of
any number of simple cases. Names, texts and numbers are invented; class names, forms of addresses
and names of fields are those of the real pages.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote_plus, urlsplit

from covidxr.replica.answers import Answer, as_json, file, html
from covidxr.replica.phantoms import encoded
from covidxr.replica.pictures import TYPES, picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HOST = "https://radiopaedia.org"
IMAGES = "https://prod-images-static.radiopaedia.org/images"
HOSTS: tuple[str, ...] = (
    "radiopaedia.org",
    "www.radiopaedia.org",
    "prod-images-static.radiopaedia.org",
    "images.radiopaedia.org",
)
ROBOTS = "User-agent: *\nDisallow: /quizzes/\nDisallow: /images/*/download\n"
LICENCE_3 = "https://creativecommons.org/licenses/by-nc-sa/3.0/"
LICENCE_4 = "https://creativecommons.org/licenses/by-nc-sa/4.0/"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a reader should find at one address.

    Parameters
    ----------
    address : str
        Of the case.
    id, title, rid, contributor, age, sex, published, spdx, credit : str
        As in the records; `rid` is the case's number.
    images : mapping of str to str
        From the label of each candidate, in the page's order, to its address.
    views : mapping of str to str
        From the label to the view that a field says; blank ones are left out.
    left_out : mapping of str to str
        From the label of what is left out to its modality.
    reduced : tuple of str
        Labels of images whose best copy is gone, so that the next one must be taken.
    """

    address: str
    id: str
    title: str
    rid: str
    contributor: str
    images: Mapping[str, str]
    views: Mapping[str, str]
    left_out: Mapping[str, str]
    age: str
    sex: str
    published: str
    spdx: str
    credit: str
    reduced: tuple[str, ...] = ()


class Radiopaedia:
    """The site: what it answers by host and path, whatever the language in the query."""

    hosts = HOSTS

    def __init__(self, answers: Mapping[str, Answer | Callable[[], Answer]]) -> None:
        self.answers = {
            "radiopaedia.org/robots.txt": Answer(body=ROBOTS.encode(), content_type="text/plain"),
            **answers,
        }

    def answer(self, host: str, path: str) -> Answer | None:
        """Answer a request; None is a 404."""
        asked = urlsplit(path)
        if asked.path == "/search":
            return self.search(parse_qs(asked.query))
        found = self.answers.get(host.removeprefix("www.") + asked.path)
        return found() if callable(found) else found

    def search(self, query: Mapping[str, Sequence[str]]) -> Answer:
        """Answer a search; any words but "nothing" find all that there is."""
        page, words = int(query.get("page", ["1"])[0]), query.get("q", [""])[0]
        if "nothing" in words:
            return html(NO_RESULTS)
        return html(results(self.listed(), page, words, self.per_page))

    per_page = 1

    def listed(self) -> list[str]:
        """Cards of the list, newest first."""
        return CARDS


def card(slug: str, title: str, published: str, kind: str = "case") -> str:
    """One card of a list of results."""
    folder = "cases" if kind == "case" else "articles"
    return f"""<a class="search-result search-result-{kind}" href="/{folder}/{slug}?lang=us">
<img class="media-object centered-image" src="{IMAGES}/1/00_thumb.jpg">
<div class="search-result-body"><div class="search-result-description">
<h4 class="search-result-title-text">{title}</h4>
<div class="search-result-author"><span>Ada Example</span></div>
<span class="published">{published}</span>
<div class="search-result-modalities"><span class="label label--grey">CT</span></div>
</div></div></a>"""


def results(cards: Sequence[str], page: int, words: str, per_page: int) -> str:
    """One page of a list of results, in the form of 2022 to 2026."""
    pages = -(-len(cards) // per_page)
    shown = "".join(cards[(page - 1) * per_page : page * per_page])

    def address(number: int) -> str:
        return f"/search?lang=us&amp;page={number}&amp;q={quote_plus(words)}&amp;scope=cases"

    links = "".join(
        f'<em class="current">{number}</em>'
        if number == page
        else f'<a href="{address(number)}">{number}</a>'
        for number in range(1, pages + 1)
    )
    following = (
        f'<a class="next_page" rel="next" aria-label="Next page" href="{address(page + 1)}">'
        "Next &rarr;</a>"
        if page < pages
        else '<span class="next_page disabled">Next &rarr;</span>'
    )
    return f"""<html><head><title>Search | Radiopaedia.org</title></head><body>
<div id="search-results"><div class="col-xs-12 search-results-listing">{shown}</div></div>
<div class="pagination clear" role="navigation" aria-label="Pagination">{links}{following}</div>
</body></html>"""


NO_RESULTS = """<html><head><title>Search | Radiopaedia.org</title></head><body>
<div id="search-results"><p>No results were found with these refinement filters applied.</p></div>
</body></html>"""

# ---- 2020: data-study-stacks-url, the reply is a list of stacks ------------------------------

PAGE_2020 = f"""<html><head>
<title>Synthetic viral pneumonia | Radiology Case | Radiopaedia.org</title>
<meta name="author" content="Dr Ada Example">
<link rel="canonical" href="{HOST}/cases/synthetic-viral-pneumonia-3">
</head><body><div id="main">
<div id="content-header"><h1 class="header-title">Synthetic viral pneumonia</h1>
<div class="author-info">Case contributed by <a href="/users/ada?lang=us">Dr Ada Example</a></div>
<span class="diagnostic-certainty-title">Diagnosis almost certain&nbsp;</span></div>
<div id="citation-info">
<div class="row"><div class="col-sm-3"><strong>DOI:</strong></div>
<div class="col-sm-8"><a href="#">https://doi.org/10.53347/rID-900001</a></div></div>
<div class="row"><div class="col-sm-3"><strong>Permalink:</strong></div>
<div class="col-sm-8">{HOST}/cases/900001</div></div>
<div class="row rid"><div class="col-sm-3"><strong>rID:</strong></div>
<div class="col-sm-8">900001</div></div>
<div class="row"><div class="col-sm-3"><strong>Published:</strong></div>
<div class="col-sm-8">18th Mar 2020</div></div>
<div class="row"><div class="col-sm-3"><strong>Systems:</strong></div>
<div class="col-sm-8"><a href="/articles/section/chest">Chest</a></div></div>
<div class="row"><div class="col-sm-3"><strong>Tags:</strong></div>
<div class="col-sm-8"><a href="/tags/synthetic">synthetic</a>, <a href="/tags/viral">viral</a></div>
</div></div>
<textarea class="select-all-js">Case courtesy of Dr Ada Example, &lt;a href="{HOST}"&gt;\
Radiopaedia.org&lt;/a&gt;, rID: 900001</textarea>
<div class="user-generated-content">
<div id="case-patient-presentation" class="case-section view-section"><h2>Presentation</h2>
<p>Invented fever for a week.</p><p>Invented cough.</p></div>
<div id="case-patient-data"><div class="data-item">
<strong class="data-item-label">Age:</strong>  60 years</div>
<div class="data-item"><strong class="data-item-label">Gender:</strong> Female</div>
<div class="data-item"><strong class="data-item-label">Race:</strong></div></div>
<div id="case-images">
<div class="well case-section case-study" data-ref="study-810001" data-study-id="810001"
 data-study-stacks-url="/studies/810001/stacks?lang=us"><div class="main-study-desc">
<div class="study-desc"><h2>On admission</h2></div></div>
<img id="offline-workflow-study-large-image" src="{IMAGES}/820001/ab01_big_gallery.jpeg"></div>
<div class="well case-section case-study" data-ref="study-810002" data-study-id="810002"
 data-study-stacks-url="/studies/810002/stacks?lang=us"><div class="main-study-desc">
<div class="study-desc"><h2>Day 7</h2></div></div>
<img id="offline-workflow-study-large-image" src="{IMAGES}/820010/cd10_big_gallery.jpeg">
<div class="sub-section study-findings body"><p>Invented patches in both lungs.</p>
<p>No invented effusion.</p></div></div>
</div>
<div id="case-discussion"><h2>Case Discussion</h2><p>An invented discussion.</p></div>
</div></div></body></html>"""


def stacked(number: int, name: str, position: int | None = 1, **more: Any) -> dict[str, Any]:
    """One image of the older reply."""
    stem = name.rpartition(".")[0]
    return {
        "id": number,
        "fullscreen_filename": f"{IMAGES}/{number}/{stem}_big_gallery.jpeg",
        "public_filename": f"{IMAGES}/{number}/{name}",
        "plane_projection": "Axial",
        "aux_modality": None,
        **({} if position is None else {"position": position}),
        "content_type": "image/png",
        "width": 96,
        "height": 80,
        "show_feature": False,
        "download_image_url": f"/images/{number}/download?layout=false",
        **more,
    }


STACKS_1 = [
    {"modality": "X-ray", "images": [stacked(820001, "ab01.png", plane_projection="Frontal")]},
    {"modality": "X-ray", "images": [stacked(820002, "ab02.png", plane_projection="Lateral")]},
]
STACKS_2 = [
    # Positions run against the ids, and the reply is in the order of the ids.
    {"modality": "CT", "images": [stacked(820010 + n, f"cd1{n}.png", 4 - n) for n in range(4)]},
    # The radiograph of the first study is shown here again.
    {"modality": "X-ray", "images": [stacked(820001, "ab01.png", plane_projection="Frontal")]},
]
CASE_2020 = Known(
    address=f"{HOST}/cases/synthetic-viral-pneumonia-3",
    id="synthetic-viral-pneumonia-3",
    title="Synthetic viral pneumonia",
    rid="900001",
    contributor="Dr Ada Example",
    images={
        "810001-1-1": f"{IMAGES}/820001/ab01.png",
        "810001-2-1": f"{IMAGES}/820002/ab02.png",
        "810002-1-1": f"{IMAGES}/820013/cd13.png",
        "810002-1-2": f"{IMAGES}/820012/cd12.png",
        "810002-1-3": f"{IMAGES}/820011/cd11.png",
        "810002-1-4": f"{IMAGES}/820010/cd10.png",
    },
    views={"810001-2-1": "L"} | {f"810002-1-{n}": "Axial" for n in range(1, 5)},
    left_out={},
    age="60",
    sex="F",
    published="2020-03-18",
    spdx="CC-BY-NC-SA-3.0",
    credit="Case courtesy of Dr Ada Example, Radiopaedia.org, rID: 900001",
)

# ---- 2023: study numbers at the end of ids, images within a script of the study's page --------

PAGE_2023 = f"""<html><head>
<title>Synthetic lobar pneumonia | Radiology Case | Radiopaedia.org</title>
<meta property="og:title" content="Synthetic lobar pneumonia | Radiology Case | Radiopaedia.org">
<meta name="author" content="Ben Beispiel">
<meta name='dc.identifier' content='doi:10.53347/rID-900002'>
<link rel="license" href="{LICENCE_3}">
<link rel="canonical" href="{HOST}/cases/synthetic-lobar-pneumonia">
</head><body><div id="main">
<div id="content-header"><h1 class="header-title">Synthetic lobar pneumonia</h1>
<div class="author-info">Case contributed by <a href="/users/ben?lang=us">Ben Beispiel</a></div>
</div>
<div id="citation-info">
<div class="row rid"><div class="col-sm-3"><strong>rID:</strong></div>
<div class="col-sm-8">900002</div></div>
<div class="row"><div class="col-sm-3"><strong>Case published:</strong></div>
<div class="col-sm-8">12 Mar 2023</div></div>
<div class="row"><div class="col-sm-3"><strong>Institution:</strong></div>
<div class="col-sm-8">Invented Hospital</div></div></div>
<div class="hidden data">{json.dumps({"caseId": 900002, "study": {"id": 830001, "series": []}})}
</div>
<div class="user-generated-content">
<div id="case-patient-data"><div class="content"><div class="data-item">
<strong class="data-item-label">Age:</strong> 6 months</div>
<div class="data-item"><strong class="data-item-label">Gender:</strong> Male</div></div></div>
<div id="case-images">
<div class="well case-section case-study"><div class="main-study-desc" id="main-desc-830001">
<div class="study-desc"><h2>Follow-up</h2></div>
<div class="study-modality"><span class="label">CT</span></div></div>
<a class="view-fullscreen-link" href="/cases/900002/studies/830001?lang=us">Full screen</a>
<div class="sub-section study-findings body"><p>An invented consolidation.</p></div></div>
<div class="well case-section case-study"><div class="main-study-desc" id="main-desc-830002">
<div class="study-modality"><span class="label">MRI</span></div></div>
<a class="view-fullscreen-link" href="/cases/900002/studies/830002?lang=us">Full screen</a></div>
</div></div></div></body></html>"""


def viewer_2023(stacks: Any) -> Answer:
    """A study's own page with its images within a script."""
    return html(
        "<html><head><title>Study</title></head><body><script>var other = 1;\n"
        f"var stackedImages = {json.dumps(stacks)};\n</script></body></html>"
    )


STACKS_3 = [
    {
        "modality": "CT",
        "images": [
            stacked(840001, "ef01.JPG", plane_projection="Coronal", content_type="image/jpeg"),
            stacked(840002, "ef02.png", 2, plane_projection="Coronal", aux_modality="lung window"),
        ],
    }
]
STACKS_4 = [{"modality": "MRI", "images": [stacked(840010 + n, f"ef1{n}.png") for n in range(3)]}]
CASE_2023 = Known(
    address=f"{HOST}/cases/synthetic-lobar-pneumonia",
    id="synthetic-lobar-pneumonia",
    title="Synthetic lobar pneumonia",
    rid="900002",
    contributor="Ben Beispiel",
    images={
        "830001-1-1": f"{IMAGES}/840001/ef01.JPG",
        "830001-1-2": f"{IMAGES}/840002/ef02.png",
    },
    views={"830001-1-1": "Coronal", "830001-1-2": "Coronal"},
    left_out={"830002-1": "MRI"},
    age="0.5",
    sex="M",
    published="2023-03-12",
    spdx="CC-BY-NC-SA-3.0",
    credit="Case courtesy of Ben Beispiel, Radiopaedia.org, rID: 900002",
)

# ---- 2025 and 2026: hashed class names, one reply a study with series and frames --------------

PAGE_2026 = f"""<html><head>
<title>Synthetic COVID-19 pneumonia | Radiology Case | Radiopaedia.org</title>
<meta property="og:title" content="Synthetic COVID-19 pneumonia | Radiology Case | Radiopaedia.org">
<meta property="og:image" content="{IMAGES}/860001/0a_big_gallery.jpeg">
<meta name="author" content="Cleo Ejemplo">
<meta name="keywords" content="Chest, synthetic">
<meta name='dc.identifier' content='10.53347/rID-900003'>
<link rel="license" href="{LICENCE_4}">
<link rel="canonical" href="{HOST}/cases/synthetic-covid-19-pneumonia-12">
</head><body><div id="main">
<h1 class="_2tl3bx1">Cleo Ejemplo</h1>
<div id="content-header"><h1 class="header-title">Synthetic COVID-19 pneumonia</h1></div>
<div class="citation-info"><div class="js-content">
<div class="row rid"><div class="col-sm-3"><strong>rID:</strong></div>
<div class="col-sm-8">900003</div></div>
<div class="row"><div class="col-sm-3"><strong>Case published:</strong></div>
<div class="col-sm-8">2 Feb 2026</div></div></div></div>
<div class="user-generated-content">
<div id="case-patient-data"><div class="data-item">
<strong class="data-item-label">Age:</strong> Adult</div>
<div class="data-item"><strong class="data-item-label">Gender:</strong> Male</div></div>
<div id="case-images">
<div id="study-850001" class="_9f3kq"><div class="_StudyCarouselHeader_ImageListItem"></div></div>
<div id="study-850002" class="_9f3kq"></div></div>
<div class="_1xx">Related: <a href="/cases/999999/studies/888888?lang=us">another case</a></div>
</div></div></body></html>"""


def viewed(study: int, case: int, series: Sequence[Any], **more: Any) -> dict[str, Any]:
    """The newest reply."""
    return {
        "study": {
            "id": study,
            "case_id": case,
            "case_title": "Synthetic COVID-19 pneumonia",
            "modality": "X-ray",
            "caption": None,
            "findings": None,
            "series": list(series),
            **more,
        }
    }


def files(stem: str, kind: str = "jpg") -> dict[str, Any]:
    """The names of one frame's files."""
    sizes = {each: f"{stem}_{each}.jpeg" for each in ("big_gallery", "gallery", "small", "thumb")}
    return {"original": f"{stem}.{kind}", **sizes, "medium": None}


def series(
    frames: Sequence[int], names: Sequence[Any], perspective: str | None, **more: Any
) -> dict[str, Any]:
    """One series of the newest reply."""
    return {
        "series_id": 870000 + frames[0] % 1000,
        "stack_root_id": frames[0],
        "perspective": perspective,
        "specifics": None,
        "content_type": "image/jpeg",
        "frames": [{"id": each, "width": 96, "height": 80, "current": False} for each in frames],
        "encodings": {"thumbnailed_files": list(names)},
        **more,
    }


VIEWER_1 = viewed(
    850001,
    900003,
    [
        series(
            [860001],
            [files("0a")],
            "Frontal",
            annotations=[
                {
                    "label": "invented opacity",
                    "arrow_positions": [{"slice_idx": 0, "x": 40, "y": 30, "rotation": 90}],
                    "label_positions": [],
                }
            ],
        ),
        series([860002], [files("0b", "png")], "Lateral"),
    ],
    caption="On admission",
    findings="<p>Portable AP radiograph.</p><p>Invented opacities.</p>",
)
# The list of files is shorter than that of frames.
VIEWER_2 = viewed(
    850002,
    900003,
    [
        series(
            [860010, 860011, 860012, 860013],
            [files("1a", "png"), {"big_gallery": "1b_big_gallery.jpeg"}, files("1c", "png")],
            "Axial",
        )
    ],
    modality="CT",
    caption="Day 5",
)
CASE_2026 = Known(
    address=f"{HOST}/cases/synthetic-covid-19-pneumonia-12",
    id="synthetic-covid-19-pneumonia-12",
    title="Synthetic COVID-19 pneumonia",
    rid="900003",
    contributor="Cleo Ejemplo",
    images={
        "850001-1-1": f"{IMAGES}/860001/0a.jpg",
        "850001-2-1": f"{IMAGES}/860002/0b.png",
        "850002-1-1": f"{IMAGES}/860010/1a.png",
        "850002-1-2": f"{IMAGES}/860011/1b_big_gallery.jpeg",
        "850002-1-3": f"{IMAGES}/860012/1c.png",
    },
    views={"850001-2-1": "L"} | {f"850002-1-{n}": "Axial" for n in range(1, 4)},
    left_out={},
    age="",
    sex="M",
    published="2026-02-02",
    spdx="CC-BY-NC-SA-4.0",
    credit="Case courtesy of Cleo Ejemplo, Radiopaedia.org, rID: 900003",
    reduced=("850001-1-1",),
)

CASES = {each.address: each for each in (CASE_2026, CASE_2023, CASE_2020)}
"""What a reader should find, by address, in the order of the list of results."""

WITHDRAWN = f"{HOST}/cases/synthetic-withdrawn"
"""A case that is there no more: 404."""
WALLED = f"{HOST}/cases/synthetic-members-only"
"""A case that leads to the sign-in page."""
UNKNOWN = f"{HOST}/cases/synthetic-new-markup"
"""A page of a markup that no generation knows."""
BY_NUMBER = f"{HOST}/cases/900001"
"""The case of 2020 by its number, which leads to its words."""

CARDS = [
    card(CASE_2026.id, CASE_2026.title, "Published 02 Feb 2026"),
    card("synthetic-pneumonia", "Synthetic pneumonia", "", "article")
    + card(CASE_2023.id, CASE_2023.title, "Published 12 Mar 2023"),
    card(CASE_2020.id, CASE_2020.title, "Published 18 Mar 2020"),
]

SIGN_IN = """<html><head><title>Sign in | Radiopaedia.org</title></head><body>
<form action="/users/sign_in" method="post"><input type="email" name="user[email]">
<input type="password" name="user[password]"></form></body></html>"""
NEW_MARKUP = """<html><head><title>Something else | Radiology Case | Radiopaedia.org</title></head>
<body><main class="_q1"><h1 class="_q2">Something else</h1><p>Rendered later.</p></main></body>
</html>"""


def _moved(to: str) -> Answer:
    return Answer(status=302, headers=(("Location", to),))


def _drawn(url: str, number: int, kind: str) -> tuple[str, Answer]:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}", file(encoded(number, kind=kind), TYPES[kind])


def _images() -> dict[str, Answer]:
    """Every image but the original that is gone; one PNG by name is a JPEG."""
    answers: dict[str, Answer] = {}
    for known in CASES.values():
        for label, url in known.images.items():
            number = int(re.findall(r"/images/(\d+)/", url)[0])
            lesser = url.rpartition(".")[0].removesuffix("_big_gallery") + "_big_gallery.jpeg"
            answers |= [_drawn(lesser, number, "JPEG")]
            if label not in known.reduced:
                lies = url.endswith("ab02.png") or not url.endswith(".png")
                answers |= [_drawn(url, number, "JPEG" if lies else "PNG")]
    return answers


SITE = Radiopaedia(
    {
        f"radiopaedia.org{path}": answer
        for path, answer in {
            f"/cases/{CASE_2020.id}": html(PAGE_2020),
            "/cases/900001": _moved(f"/cases/{CASE_2020.id}?lang=us"),
            "/studies/810001/stacks": as_json(STACKS_1),
            "/studies/810002/stacks": as_json(STACKS_2),
            f"/cases/{CASE_2023.id}": html(PAGE_2023),
            "/cases/900002": _moved(f"/cases/{CASE_2023.id}?lang=us"),
            "/cases/900002/studies/830001": viewer_2023(STACKS_3),
            "/cases/900002/studies/830002": viewer_2023(STACKS_4),
            f"/cases/{CASE_2026.id}": html(PAGE_2026),
            "/cases/900003": _moved(f"/cases/{CASE_2026.id}?lang=us"),
            "/studies/850001/annotated_viewer_json": as_json(VIEWER_1),
            "/studies/850002/annotated_viewer_json": as_json(VIEWER_2),
            "/cases/synthetic-members-only": _moved("/users/sign_in"),
            "/users/sign_in": html(SIGN_IN),
            "/cases/synthetic-new-markup": html(NEW_MARKUP),
        }.items()
    }
    | _images()
)
"""The site with everything above."""


def many(count: int) -> Radiopaedia:
    """Make a site of simple cases in the newest markup, 20 on a page of the list.

    Case `n`, from 1, has the address ``/cases/synthetic-many-<n>``, the number 700000 + n, one
    study 710000 + n and one radiograph 720000 + n, which is ``picture(n)``.

    Parameters
    ----------
    count : int
        How many cases.
    """
    return _Many(count)


class _Many(Radiopaedia):
    per_page = 20

    def __init__(self, count: int) -> None:
        super().__init__({})
        self.count = count

    def listed(self) -> list[str]:
        return [
            card(f"synthetic-many-{n}", f"Synthetic pneumonia {n}", "Published 02 Feb 2026")
            for n in range(1, self.count + 1)
        ]

    def answer(self, host: str, path: str) -> Answer | None:
        asked = re.fullmatch(r"/(cases/synthetic-many-|studies/71|images/72)(\d+).*", path)
        if asked is None or not 1 <= (n := int(asked[2])) <= self.count:
            return super().answer(host, path)
        if asked[1].startswith("images"):
            return file(picture(n), "image/png")
        if asked[1].startswith("studies"):
            return self.reply(n, path)
        return html(
            f"""<html><head>
<title>Synthetic pneumonia {n} | Radiology Case | Radiopaedia.org</title>
<meta name="author" content="Ada Example"><link rel="license" href="{LICENCE_3}">
<meta name='dc.identifier' content='10.53347/rID-{700000 + n}'>
<link rel="canonical" href="{HOST}/cases/synthetic-many-{n}"></head><body>
<h1 class="header-title">Synthetic pneumonia {n}</h1><div id="case-images">
<div id="study-{710000 + n}" class="_9f3kq"></div></div></body></html>"""
        )

    def reply(self, n: int, path: str) -> Answer | None:
        """The newest reply alone."""
        if "annotated_viewer_json" not in path:
            return None
        shown = series([720000 + n], [{"original": f"{n:04x}.png"}], "Frontal")
        return as_json(viewed(710000 + n, 700000 + n, [shown]))
