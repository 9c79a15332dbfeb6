"""The replica's Eurorad: invented cases in every generation of its markup and of its image paths.

`SITE` has them all, `CASES` says what a reader should find at each address, `many` makes a site of
any number of simple cases. Names, texts and numbers are invented; class names, forms of addresses
and of paths are those of the real pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from covidxr.replica.answers import Answer, file, html
from covidxr.replica.phantoms import encoded
from covidxr.replica.pictures import TYPES, picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOST = "https://www.eurorad.org"
HOSTS: tuple[str, ...] = ("www.eurorad.org", "eurorad.org")
FILES = "/sites/default/files"
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /user/login\n"
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
LICENCE = "https://creativecommons.org/licenses/by-nc-sa/4.0/"
STATED = (
    "This work is licensed under a Creative Commons "
    "Attribution-NonCommercial-ShareAlike 4.0 International License."
)
PER_PAGE = 9


# ---- what a page is made of --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One image of a gallery.

    Parameters
    ----------
    label : str
        As the link above the gallery has it: ``"1"``, ``"3a"``.
    path : str
        Below ``public/``, escaped as in the page.
    caption, credit : str
        Below the image.
    eager : bool
        Whether a lazy page loads it at once.
    """

    label: str
    path: str
    caption: str = ""
    credit: str = ""
    eager: bool = False


def small(path: str) -> str:
    """Address of the copy in the gallery; the token belongs to the style."""
    return f"{HOST}{FILES}/styles/figure_image_teaser_large/public/{path}?itok=small"


def swapped(path: str) -> str:
    """Address of the small copy with the large one's style, and the small one's token."""
    return f"{HOST}{FILES}/styles/figure_image/public/{path}?itok=small"


def large(path: str) -> str:
    """Address that the dialog names."""
    return f"{HOST}{FILES}/styles/figure_image/public/{path}?itok=large"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a page tells; each field is HTML where it is a text of the page.

    Parameters
    ----------
    style : str
        Generation of the markup: ``"2020"``, ``"2021"`` or ``"2026"``.
    shown_as : str
        The number that the page shows; empty for `number`.
    box : str
        The citation box.
    """

    number: str
    title: str
    published: str
    shots: Sequence[Shot]
    style: str = "2026"
    shown_as: str = ""
    patient: str = "34 years, male"
    authors: str = "Ada Example<sup>1,2</sup>, Ben Beispiel<sup>2</sup>"
    affiliations: Sequence[str] = ("<sup>1</sup> Invented Hospital, Nowhere",)
    categories: str = "<span>Area of Interest</span> Lung ; <span>Imaging Technique</span> CT"
    history: str = "<p>Invented cough.</p>"
    findings: str = "<p>Invented opacities.</p>"
    discussion: str = "<p>Background</p><p>An invented discussion.</p>"
    differential: Sequence[str] = ("Invented disease",)
    diagnosis: str = "Invented disease"
    references: str = "<p>[1] Invented reference.</p>"
    box: str = ""


def cited(number: str, statement: str = STATED) -> str:
    """A citation box with a DOI, and a statement of a licence."""
    return f"""<div class="citation"><p>URL: {HOST}/case/{number}</p>
<p>DOI: 10.35100/eurorad/case.{number}</p></div>
<div class="licence"><p>{statement}</p></div>"""


def details(told: Told) -> str:
    """The block beside the title."""
    paragraphs = "".join(f"<p>{each}</p>" for each in (told.authors, *told.affiliations))
    patient = f'<span class="d-block">Patient</span><p class="color-grey">{told.patient}</p>'
    return f"""<div class="col-12 order-0 col-md-8 order-md-1 col-lg-9 mb-3"><div><div>
<span class="d-block">Section</span><p>Chest imaging</p>
<span class="d-block">Case Type</span><p>Clinical Cases</p>
<span class="d-block">Authors</span>{paragraphs}
{patient if told.patient else ""}
<span class="d-block">Categories</span><div>{told.categories}</div></div></div></div>"""


def sections(told: Told) -> str:
    """The sections, each a row of heading and body."""
    entries = "".join(f'<div class="col-6 pb-3">{each}</div>' for each in told.differential)
    bodies = {
        "Clinical History": told.history,
        "Imaging Findings": told.findings,
        "Discussion": told.discussion,
        "Differential Diagnosis List": f'<div class="row">{entries}</div>',
        "Final Diagnosis": told.diagnosis,
        "References": told.references,
    }
    rows = "".join(
        f'<div><div class="row"><div class="col-12 col-md-3">{heading}</div>'
        f'<div class="col-12 col-md-9">{body}</div></div></div>'
        for heading, body in bodies.items()
        if body
    )
    return (
        rows if told.style == "2020" else f'<div class="block__content node-contents">{rows}</div>'
    )


def links(labels: Sequence[str]) -> str:
    """The links above a gallery, in one list."""
    items = "".join(
        f'<li class="list-inline-item">'
        f'<a class="figure-gallery-paginator__link" href="#">{label}</a></li>'
        for label in labels
    )
    return f'<ul class="list-inline">{items}</ul>'


def item(shot: Shot, style: str = "2026") -> str:
    """One image of the gallery with its label."""
    address = escape(small(shot.path))
    if style == "2026" and not shot.eager:
        image = f'<img class="figure-image-lazy" data-src="{address}">'
    elif style == "2026":
        image = f'<img typeof="foaf:Image" src="{address}">'
    else:
        image = f'<img typeof="foaf:Image" src="{PLACEHOLDER}" data-src="{address}">'
    credit = f"<span>{shot.credit}</span>" if shot.credit else ""
    return f"""<div class="figure-gallery__item slide"><div>{image}</div>
<div class="figure-gallery__item__label"><span class="mb-1 d-block">{shot.caption}</span>{credit}
</div></div>"""


def dialog(shots: Sequence[Shot]) -> str:
    """The full-size dialog, which repeats the gallery."""
    images = "".join(
        f'<img class="figure-modal-lazy" data-src="{escape(large(shot.path))}">'
        f'<div class="figure-gallery__item__label"><span class="mb-1 d-block">{shot.caption}</span>'
        "</div>"
        for shot in shots
    )
    return f'<div class="modal fade">{links([shot.label for shot in shots])}{images}</div>'


def gallery(told: Told) -> str:
    """All figures of a page."""
    items = "".join(item(shot, told.style) for shot in told.shots)
    full = dialog(told.shots) if told.style == "2026" else ""
    return f'<div class="figures">{links([each.label for each in told.shots])}{items}</div>{full}'


def page(told: Told) -> str:
    """A whole page of a case."""
    shown = told.shown_as or told.number
    shared = f'<meta property="og:title" content="{escape(told.title)}">'
    return f"""<html><head><meta charset="utf-8"><title>{told.title} | Eurorad</title>
{"" if told.style == "2020" else shared}</head><body>
<nav><a href="/advanced-search">Advanced Search</a> <a href="/case/1">Case of the month</a></nav>
<span class="d-block text-uppercase font-size-3 text-center">Case {shown}</span>
<span class="d-block font-size-1 text-center">Published on {told.published}</span>
<h1 class="color-color mb-3">{told.title}</h1>
{details(told)}{sections(told)}{gallery(told)}{told.box}
<footer><p>Brought to you by nobody at all</p></footer></body></html>"""


def card(number: str, title: str, published: str) -> str:
    """One card of a list of results, with several links to one case."""
    return f"""<div class="col-12 col-md-6 col-lg-4 mb-4"><div class="case">
<a href="/case/{number}"><img typeof="foaf:Image" src="{PLACEHOLDER}"></a>
<span class="case__number small">#{number}</span><span>{published}</span>
<h3><a href="/case/{number}">{title}</a></h3><a href="/case/{number}">Read more</a></div></div>"""


def results(cards: Sequence[str], number: int, last: int) -> str:
    """One page of a list of results; pages count from 0."""
    following = (
        f'<a title="Go to next page" href="?search=x&amp;page={number + 1}">›</a>'
        f'<a title="Go to last page" href="?search=x&amp;page={last}">»</a>'
        if number < last
        else ""
    )
    return f"""<html><head><title>Advanced Search | Eurorad</title></head><body>
<nav><a href="/case/1">Case of the month</a></nav>
<div class="row">{"".join(cards)}</div><div class="pagination"><a>{number + 1}</a>{following}</div>
</body></html>"""


NO_RESULTS = """<html><head><title>Advanced Search | Eurorad</title></head><body>
<nav><a href="/case/1">Case of the month</a></nav><div class="row"><p>No case found</p></div>
</body></html>"""
VERIFYING = """<html><head><title>eurorad.org</title></head><body>
<p>Please wait while your request is being verified...</p></body></html>"""
NEW_MARKUP = """<html><head><title>Something else | Eurorad</title></head><body>
<main class="q1"><h1 class="q2">Something else</h1><p>Rendered later.</p></main></body></html>"""


# ---- the cases ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a reader should find at one address.

    Parameters
    ----------
    address : str
        That answers.
    id, title, published, age, sex, doi, spdx, evidence, diagnosis : str
        As in the records; `evidence` is that of the licence.
    authors : tuple of str
        Without marks.
    images : mapping of str to str
        From the label of each candidate, in the page's order, to its best address.
    captions : mapping of str to str
        From the label of some of them to the caption.
    left_out : mapping of str to str
        From the label of what is left out to the reason.
    refused : tuple of str
        Labels of images whose best address is refused, so that the next one must be taken.
    warned : tuple of str
        Words of the warnings, each of another one.
    """

    address: str
    id: str
    title: str
    published: str
    images: Mapping[str, str]
    age: str = "34"
    sex: str = "M"
    doi: str = ""
    spdx: str = "CC-BY-NC-SA-4.0"
    evidence: str = "page"
    diagnosis: str = "Invented disease"
    authors: tuple[str, ...] = ("Ada Example", "Ben Beispiel")
    captions: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


# 2026: lazy images and a dialog; files are numbered after the submission, not the case.
TOLD_2026 = Told(
    number="19801",
    title="Invented round opacity of a general",
    published="12.02.2026",
    patient="6 months, female",
    shots=(
        Shot(
            label="1",
            path="figure_image/2026-02//19844_1_1.jpg",
            caption="Chest X-ray, AP supine projection, on admission.",
            eager=True,
        ),
        Shot(
            label="2a",
            path="figure_image/2026-02//19844_2_1.jpeg",
            caption="(a) Axial CT image, lung window. (b) Coronal CT reconstruction.",
        ),
        Shot(
            label="2b",
            path="figure_image/2026-02//19844_2_2.png",
            caption="(a) Axial CT image, lung window. (b) Coronal CT reconstruction.",
        ),
    ),
    box=cited("19801"),
)
CASE_2026 = Known(
    address=f"{HOST}/case/19801",
    id="19801",
    title=TOLD_2026.title,
    published="2026-02-12",
    age="0.5",
    sex="F",
    doi="10.35100/eurorad/case.19801",
    images={
        "1": large("figure_image/2026-02//19844_1_1.jpg"),
        "2a": large("figure_image/2026-02//19844_2_1.jpeg"),
        "2b": large("figure_image/2026-02//19844_2_2.png"),
    },
    captions={"2a": "Axial CT image, lung window.", "2b": "Coronal CT reconstruction."},
)

# Its page answers below /teaching-case alone.
TOLD_TEACHING = Told(
    number="19790",
    title="Invented teaching",
    published="01.02.2026",
    patient="male",
    shots=(Shot(label="1", path="figure_image/2026-01//19833_1_1.png", caption="PA chest X-ray."),),
    box=cited("19790"),
)
CASE_TEACHING = Known(
    address=f"{HOST}/case/19790/teaching-case",
    id="19790",
    title="Invented teaching",
    published="2026-02-01",
    age="",
    doi="10.35100/eurorad/case.19790",
    images={"1": large("figure_image/2026-01//19833_1_1.png")},
)

# 2025: no dialog that is known, names with blanks, and a licence that only the society states.
TOLD_2025 = Told(
    number="18990",
    title="Invented shadow of a vena cava",
    published="17.01.2025",
    style="2021",
    patient="73 years,, female",
    shots=(
        Shot(label="1", path="figure_image/2025-01//19012_1_1.jpg", caption="Axial CT."),
        Shot(label="7", path="figure_image/2025-01/FIGURE%207_small.jpg", caption="A drawing."),
    ),
)
CASE_2025 = Known(
    address=f"{HOST}/case/18990",
    id="18990",
    title=TOLD_2025.title,
    published="2025-01-17",
    age="73",
    sex="F",
    evidence="source",
    images={
        "1": swapped("figure_image/2025-01//19012_1_1.jpg"),
        "7": swapped("figure_image/2025-01/FIGURE%207_small.jpg"),
    },
)

# 2020: real double slashes, one caption for three letters, text out of a word processor.
_THREE = "Non-contrast chest CT. a: axial view. b: coronal view. c: sagittal view."
_OWNED = "(c) Department of Radiology, Invented Hospital, Nowhere, Germany, 2020"
TOLD_2020 = Told(
    number="16990",
    title="COVID-19 pneumonia with invented\N{NO-BREAK SPACE}symptoms",
    published="18.03.2020",
    style="2020",
    patient="",
    authors="Cleo Ejemplo<sup>1</sup>",
    history=(
        "<p><span><span><span>\N{ZERO WIDTH NO-BREAK SPACE}A 56-year-old\N{NO-BREAK SPACE}man with"
        " invented fever (38\N{MASCULINE ORDINAL INDICATOR}C)</span></span></span></p>"
        "<p><span>and\tinvented cough.</span></p>"
    ),
    discussion=(
        "<p><b>Background</b></p><p>Invented.</p><p><b>Outcome</b></p><p>The invented patient was"
        " intubated and passed away.</p>"
        "<p>Patient data may have been modified to ensure patient anonymity.</p>"
    ),
    differential=("Coronavirus disease-19 (COVID-19)", "Invented bacterial pneumonia"),
    diagnosis="Coronavirus disease-19 (COVID-19)",
    shots=(
        Shot(
            label="1",
            path="figure_image/2020-03//16990_1_1.png",
            caption="(At admission). AP chest X-ray.",
            credit=_OWNED,
        ),
        Shot(
            label="2",
            path="figure_image/2020-03//16990_2_1.jpg",
            caption=f"(Day 1). Bedside chest X-ray. {_OWNED}",
        ),
        *(
            Shot(label=f"3{letter}", path=f"figure_image/2020-03//16990_3_{n}.png", caption=_THREE)
            for n, letter in enumerate("abc", start=1)
        ),
    ),
)
CASE_2020 = Known(
    address=f"{HOST}/case/16990",
    id="16990",
    title="COVID-19 pneumonia with invented symptoms",
    published="2020-03-18",
    age="",
    sex="",
    authors=("Cleo Ejemplo",),
    evidence="source",
    diagnosis="Coronavirus disease-19 (COVID-19)",
    images={
        "1": swapped("figure_image/2020-03//16990_1_1.png"),
        "2": swapped("figure_image/2020-03//16990_2_1.jpg"),
        "3a": swapped("figure_image/2020-03//16990_3_1.png"),
        "3b": swapped("figure_image/2020-03//16990_3_2.png"),
        "3c": swapped("figure_image/2020-03//16990_3_3.png"),
    },
    captions={
        "1": "(At admission). AP chest X-ray.",
        "2": "(Day 1). Bedside chest X-ray.",
        "3b": "Non-contrast chest CT. coronal view.",
    },
    warned=("no line with the patient", "may have been modified"),
)

# Early 2020: a folder of seven digits, mixed kinds of files, the still of a video; the larger
# style is refused for what was not asked of it before.
TOLD_EARLY = Told(
    number="16930",
    title="Invented mass of the chest",
    published="06.03.2020",
    style="2021",
    patient="59 years, female",
    shots=(
        Shot(
            label="1a",
            path="figure_image/2020-03/0016930/16930_1_1.jpg",
            caption="Chest x-ray, posteroanterior view.",
        ),
        Shot(
            label="1b",
            path="figure_image/2020-03/0016930/16930_1_2.png",
            caption="Chest x-ray, lateral view.",
        ),
        Shot(
            label="2",
            path="figure_image/2020-03/0016930/16930_2_1.jpg",
            caption="Photomicrograph of the invented specimen.",
        ),
        Shot(label="6", path="figure_video/2020-03/16930%20-%206.PNG"),
    ),
    box=cited("16930"),
)
CASE_EARLY = Known(
    address=f"{HOST}/case/16930",
    id="16930",
    title="Invented mass of the chest",
    published="2020-03-06",
    age="59",
    sex="F",
    doi="10.35100/eurorad/case.16930",
    images={
        "1a": swapped("figure_image/2020-03/0016930/16930_1_1.jpg"),
        "1b": swapped("figure_image/2020-03/0016930/16930_1_2.png"),
        "6": swapped("figure_video/2020-03/16930%20-%206.PNG"),
    },
    left_out={"2": "Histology"},
    refused=("1a", "1b"),
)

# Moved in 2018: a folder of ten digits, and files that count from one in every case.
TOLD_2012 = Told(
    number="9301",
    title="Invented old shadow",
    published="05.06.2012",
    style="2020",
    patient="61 years, male",
    shots=(
        Shot(label="1a", path="figure_image/2018-08/0000009301/000001.jpg", caption="PA view."),
        Shot(
            label="1b", path="figure_image/2018-08/0000009301/000002.jpg", caption="Lateral view."
        ),
    ),
    box=cited("9301", f'<a rel="license" href="{LICENCE}">Some rights reserved</a>'),
)
CASE_2012 = Known(
    address=f"{HOST}/case/9301",
    id="9301",
    title="Invented old shadow",
    published="2012-06-05",
    age="61",
    doi="10.35100/eurorad/case.9301",
    images={
        "1a": swapped("figure_image/2018-08/0000009301/000001.jpg"),
        "1b": swapped("figure_image/2018-08/0000009301/000002.jpg"),
    },
)
TOLD_2003 = Told(
    number="1203",
    title="Invented older shadow",
    published="18.05.2003",
    style="2020",
    patient="50 years, female",
    shots=(Shot(label="1", path="figure_image/2018-08/0000001203/000001.jpg", caption="PA view."),),
)
CASE_2003 = Known(
    address=f"{HOST}/case/1203",
    id="1203",
    title="Invented older shadow",
    published="2003-05-18",
    age="50",
    sex="F",
    spdx="",
    evidence="",
    images={"1": swapped("figure_image/2018-08/0000001203/000001.jpg")},
    warned=("no licence",),
)


def _plain(n: int) -> Told:
    """A simple case that fills the list of results."""
    return Told(
        number=f"{17000 + n}",
        title=f"Invented simple shadow {n}",
        published=f"{n:02}.09.2020",
        shots=(
            Shot(label="1", path=f"figure_image/2020-09//{17000 + n}_1_1.png", caption="AP view."),
        ),
    )


def _known_plain(n: int) -> Known:
    return Known(
        address=f"{HOST}/case/{17000 + n}",
        id=f"{17000 + n}",
        title=f"Invented simple shadow {n}",
        published=f"2020-09-{n:02}",
        evidence="source",
        images={"1": large(f"figure_image/2020-09//{17000 + n}_1_1.png")},
    )


_PAIRS = (
    (TOLD_2026, CASE_2026),
    (TOLD_TEACHING, CASE_TEACHING),
    (TOLD_2025, CASE_2025),
    *((_plain(n), _known_plain(n)) for n in range(14, 0, -1)),
    (TOLD_2020, CASE_2020),
    (TOLD_EARLY, CASE_EARLY),
    (TOLD_2012, CASE_2012),
    (TOLD_2003, CASE_2003),
)

CASES = {known.address: known for _, known in _PAIRS}
"""What a reader should find, by address, in the order of the list of results."""

WITHDRAWN = f"{HOST}/case/16998"
"""A number that is a gap: 404."""
CHECKED = f"{HOST}/case/16997"
"""A page that asks the visitor to wait while the request is being verified."""
UNKNOWN = f"{HOST}/case/16999"
"""A page of a markup that no generation knows."""


class Eurorad:
    """The site: what it answers by path, whatever the query; pages of results go by theirs.

    Parameters
    ----------
    answers : mapping of str to Answer
        By path, escaped as it is asked for, so that a double slash stays one.
    cards : sequence of str
        What a search finds, newest first; words with "nothing" find nothing.
    """

    hosts = HOSTS

    def __init__(self, answers: Mapping[str, Answer], cards: Sequence[str]) -> None:
        robots = Answer(body=ROBOTS.encode(), content_type="text/plain")
        self.answers = {"/robots.txt": robots, **answers}
        self.cards = cards

    def answer(self, host: str, path: str) -> Answer | None:  # noqa: ARG002 - the contract's
        """Answer a request; None is a 404."""
        plain, _, query = path.partition("?")
        if plain == "/advanced-search":
            return self.search(parse_qs(query))
        return self.answers.get(plain)

    def search(self, query: Mapping[str, Sequence[str]]) -> Answer:
        """Answer a search."""
        number, last = int(query.get("page", ["0"])[0]), max(0, (len(self.cards) - 1) // PER_PAGE)
        if "nothing" in query.get("search", [""])[0] or number > last:
            return html(NO_RESULTS)
        return html(results(self.cards[number * PER_PAGE :][:PER_PAGE], number, last))


def _path(url: str) -> str:
    return urlsplit(url).path


def drawn(number: int, path: str) -> Answer:
    """A picture of the kind that the path's ending names."""
    kind = "PNG" if path.lower().endswith(".png") else "JPEG"
    return file(encoded(number, kind=kind), TYPES[kind])


def pictured(number: int, path: str) -> Answer:
    """A plain picture for one of many cases."""
    kind = "PNG" if path.lower().endswith(".png") else "JPEG"
    return file(picture(number, kind), TYPES[kind])


def _images(told: Told, known: Known, first: int) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for at, shot in enumerate(told.shots):
        answer = drawn(first + at, shot.path)
        refused = Answer(status=403, body=b"", content_type="text/plain")
        answers[_path(small(shot.path))] = answer
        answers[_path(large(shot.path))] = refused if shot.label in known.refused else answer
    return answers


def _site() -> Eurorad:
    answers = {_path(CHECKED): html(VERIFYING), _path(UNKNOWN): html(NEW_MARKUP)}
    for at, (told, known) in enumerate(_PAIRS):
        answers[_path(known.address)] = html(page(told))
        answers |= _images(told, known, 100 * (at + 1))
    return Eurorad(answers, [card(told.number, told.title, told.published) for told, _ in _PAIRS])


SITE = _site()
"""The site with everything above."""


def many(count: int) -> Eurorad:
    """Make a site of simple cases in the newest markup, 9 on a page of the list.

    Case `n`, from 1, has the address ``/case/<30000 + n>`` and two radiographs, figures 1a and 1b,
    which are ``picture(2 * n - 1)`` and ``picture(2 * n)``. The list begins with case 1.

    Parameters
    ----------
    count : int
        How many cases.
    """
    return _Many(count)


_OF_MANY = re.compile(r"/case/(\d+)|.*/styles/\w+/public/figure_image/2026-03//(\d+)_1_([12])\.png")


class _Many(Eurorad):
    def __init__(self, count: int) -> None:
        cards = [
            card(f"{30000 + n}", f"Invented shadow {n}", "01.03.2026") for n in range(1, count + 1)
        ]
        super().__init__({}, cards)
        self.count = count

    def answer(self, host: str, path: str) -> Answer | None:
        plain = path.partition("?")[0]
        asked = _OF_MANY.fullmatch(plain)
        n = int(asked[1] or asked[2]) - 30000 if asked else 0
        if asked is None or not 1 <= n <= self.count:
            return super().answer(host, path)
        if asked[3]:
            return pictured(2 * n - 2 + int(asked[3]), plain)
        return html(page(self.told(n)))

    @staticmethod
    def told(n: int) -> Told:
        """Case `n`."""
        views = {"a": "Chest X-ray, PA view.", "b": "Chest X-ray, lateral view."}
        return Told(
            number=f"{30000 + n}",
            title=f"Invented shadow {n}",
            published="01.03.2026",
            shots=[
                Shot(
                    label=f"1{letter}",
                    path=f"figure_image/2026-03//{30000 + n}_1_{at}.png",
                    caption=caption,
                )
                for at, (letter, caption) in enumerate(views.items(), start=1)
            ],
            box=cited(f"{30000 + n}"),
        )
