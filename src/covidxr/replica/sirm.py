"""The replica's SIRM: invented cases in Italian and English, two kinds of list, news among them.

`SITE` has them all, `CASES` says what a reader should find at each address, `many` makes a site of
any number of simple cases. Names, texts and numbers are invented; class names and forms of
addresses are those of the real site, its theme and WordPress.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from covidxr.replica.answers import Answer, file, html
from covidxr.replica.phantoms import encoded
from covidxr.replica.pictures import TYPES, picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOST = "https://www.sirm.org"
HOSTS: tuple[str, ...] = ("www.sirm.org", "sirm.org", "archivio.sirm.org")
UPLOADS = f"{HOST}/wp-content/uploads/2020/03"
ITALIAN = f"{HOST}/category/senza-categoria/covid-19/"
OTHER_SPELLING = f"{HOST}/category/senzacategoria/covid-19/"
ENGLISH = f"{HOST}/en/category/articles/covid-19-database/"
SPACER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a reader should find at one address.

    Parameters
    ----------
    address : str
        Of the case.
    id, title, age, sex, published, credit, department : str
        As in the records.
    authors : tuple of str
        As in the record.
    images : mapping of str to tuple of str
        From the label of each candidate, in the page's order, to its addresses, best first.
    suggested : mapping of str to set of (str, str)
        From the label to the columns and values that are suggested.
    reduced : tuple of str
        Labels of images whose first address is gone, so that the next one must be taken.
    """

    address: str
    id: str
    title: str
    images: Mapping[str, tuple[str, ...]]
    suggested: Mapping[str, set[tuple[str, str]]]
    age: str
    sex: str
    published: str
    authors: tuple[str, ...] = ()
    department: str = ""
    credit: str = ""
    reduced: tuple[str, ...] = field(default=())


class Sirm:
    """The site: what it answers by path, the same on each host, whatever the query."""

    hosts = HOSTS

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers

    def answer(self, host: str, path: str) -> Answer | None:  # noqa: ARG002 - the server gives it
        """Answer a request; what is not there has WordPress's own page, with 404."""
        if path == "/robots.txt":
            return None
        return self.answers.get(urlsplit(path).path.rstrip("/"), NOT_THERE)


def page(title: str, body: str, head: str = "") -> str:
    """Wrap what differs between pages."""
    return f"""<!doctype html>
<html lang="it-IT"><head><meta charset="UTF-8"><title>{title} | SIRM</title>{head}</head><body>
<div class="td-header-wrap"><img class="td-retina-data" src="{HOST}/wp-content/uploads/2019/01/\
logo.png" alt="SIRM"></div>
<div class="td-main-content-wrap">{body}</div>
<div class="td-sub-footer-copy">© SIRM</div></body></html>"""


def post(title: str, body: str, head: str = "") -> str:
    """Make the page of one post, with the plug-ins' parts around its text."""
    return page(
        title,
        f"""<article class="post"><div class="td-post-header"><header class="td-post-title">
<h1 class="entry-title">{title}</h1><div class="td-post-views"><span>1234</span></div></header>
</div>
<div class="td-post-content">
<div class="pdfprnt-buttons pdfprnt-top-right"><a href="?print=pdf"><img alt="image_pdf" \
src="{HOST}/wp-content/plugins/pdf-print/images/pdf.png"></a><a href="?print=print"><img \
alt="image_print" src="{HOST}/wp-content/plugins/pdf-print/images/print.png"></a></div>
{body}
<div class="td-post-sharing"><a href="#">Condividi</a></div></div>
<footer><div class="author-box-wrap"><img class="avatar" src="https://gravatar.test/a.png">SIRM</div>
</footer></article>""",
        head,
    )


def italian_entry(title: str, address: str) -> str:
    """One post of the Italian list."""
    return f"""<div class="td_module_11 td_module_wrap td-animation-stack">
<div class="item-details"><h3 class="entry-title td-module-title">
<a href="{address}">{title}</a></h3>
<div class="td-excerpt">…</div><div class="td-read-more"><a href="{address}">Leggi</a></div></div>
</div>"""


def english_entry(title: str, address: str) -> str:
    """One post of the English list."""
    return f"""<div class="td_module_19 td_module_wrap td-animation-stack td-meta-info-hide">
<div class="item-details"><h3 class="entry-title td-module-title">
<a href="{address}">{title}</a></h3>
</div><div class="td-module-image"><a class="td-image-wrap" href="{address}" title="{title}">
<img class="entry-thumb" src="{SPACER}" data-img-url="{UPLOADS}/thumb-100x70.jpeg" title="{title}">
</a></div></div>"""


def listed(entries: Sequence[str], last: int = 0) -> str:
    """One page of a list; `last` is the number of the last one, where the page links to it."""
    link = f'<a class="last" href="page/{last}/" title="{last}">{last}</a>' if last else ""
    return page(
        "COVID-19",
        f"""{"".join(entries)}<div class="page-nav td-pb-padding-side">
<span class="current">1</span>{link}</div>""",
    )


NOT_THERE = html(
    page(
        "Pagina non trovata",
        """<div class="td-404-title">Ooops... Error 404</div>
<div class="td-404-sub-title">Sorry, but the page you are looking for doesn't exist.</div>""",
    ),
    status=404,
)

# ---- caso 32: RX and TC by turns, UUID names, srcset ------------------------------------------

UUIDS = (
    "0A1B2C3D-1111-4AAA-8BBB-000000000001",
    "0A1B2C3D-1111-4AAA-8BBB-000000000002",
    "0A1B2C3D-1111-4AAA-8BBB-000000000003",
)


def figure(name: str, caption: str = "") -> str:
    """A figure of the block editor, whose `src` is the large copy."""
    stem, _, ending = name.rpartition(".")
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"""<figure class="wp-block-image size-large"><img class="wp-image-1" alt=""
src="{UPLOADS}/{stem}-1024x768.{ending}" srcset="{UPLOADS}/{stem}-1024x768.{ending} 1024w,
{UPLOADS}/{stem}-300x225.{ending} 300w, {UPLOADS}/{name} 1600w">{below}</figure>"""


def sizes(name: str) -> tuple[str, ...]:
    """Addresses of such a figure, best first."""
    stem, _, ending = name.rpartition(".")
    return tuple(
        f"{UPLOADS}/{each}"
        for each in (name, *(f"{stem}-{size}.{ending}" for size in ("1024x768", "300x225")))
    )


CASE_32 = Known(
    address=f"{HOST}/2020/03/10/covid-19-caso-32/",
    id="caso-32",
    title="COVID-19: caso 32",
    authors=("Anna ESEMPIO", "Bruno D'INVENTATO", "C. Fittizi"),
    department="UOC Radiologia – Ospedale Inventato, Città Finta",
    credit=(
        "Credit to Anna ESEMPIO, Bruno D'INVENTATO, C. Fittizi, UOC Radiologia – Ospedale "
        "Inventato, Città Finta"
    ),
    images={
        "1": sizes(f"{UUIDS[0]}.jpeg"),
        "2": sizes(f"{UUIDS[1]}.jpeg"),
        "3": sizes(f"{UUIDS[2]}.jpeg"),
        "4": (f"{UPLOADS}/1-12.png",),
    },
    suggested={
        "1": {("modality", "X-ray"), ("view", "AP"), ("offset", "7")},
        "2": {("modality", "CT")},
        "3": {("modality", "CT"), ("view", "Axial")},
        "4": {("modality", "X-ray"), ("offset", "10")},
    },
    age="75",
    sex="F",
    published="2020-03-10",
)
POST_32 = post(
    CASE_32.title,
    f"""<p>Anna ESEMPIO*, Bruno D'INVENTATO<sup>1,2</sup>, C. Fittizi²</p>
<p>UOC Radiologia – Ospedale Inventato, Città Finta</p>
<p>Paziente di sesso femminile, 75 anni, da 7 giorni febbre e tosse.</p>
<p>PCR 3,47 mg/dl. RX torace in proiezione AP: addensamento inventato a destra.</p>
{figure(f"{UUIDS[0]}.jpeg")}
<p>TC torace: aree a vetro smerigliato.</p>
{figure(f"{UUIDS[1]}.jpeg")}
{figure(f"{UUIDS[2]}.jpeg", "Piano assiale, TC")}
<p>RX torace dopo 10 giorni: lieve miglioramento.</p>
<figure class="wp-block-image"><img src="{UPLOADS}/1-12.png" alt=""></figure>
<p>Dimessa in buone condizioni.</p>""",
)

# ---- caso 2: the address without a hyphen, paragraphs with images, no department ---------------

CASE_2 = Known(
    address=f"{HOST}/2020/03/03/covid19-caso-2/",
    id="caso-2",
    title="COVID-19: caso 2",
    department="Radiologia ASST Immaginaria",
    credit="Credit to Radiologia ASST Immaginaria",
    images={
        "1": (f"{UPLOADS}/RX-torace-a-letto-in-unica-proiezione-AP-1-1.jpeg",),
        "2": (f"{UPLOADS}/2-13.png",),
    },
    suggested={
        "1": {("modality", "X-ray"), ("view", "AP")},
        "2": {("modality", "CT")},
    },
    age="51",
    sex="M",
    published="2020-03-03",
)
POST_2 = post(
    CASE_2.title,
    f"""<p>Radiologia ASST Immaginaria</p>
<p>Maschio, 51 anni. Nessuna patologia nota.</p>
<p><a href="{UPLOADS}/RX-torace-a-letto-in-unica-proiezione-AP-1-1.jpeg">
<img src="{UPLOADS}/RX-torace-a-letto-in-unica-proiezione-AP-1-1.jpeg" alt=""></a></p>
<p>HRCT: addensamenti inventati. <img src="{UPLOADS}/2-13.png" alt=""></p>""",
)

# ---- caso 101: no authors, images that load late, a gallery, a reduced copy alone --------------

CASE_101 = Known(
    address=f"{HOST}/2020/05/20/covid-19-caso-101/",
    id="caso-101",
    title="COVID-19: caso 101",
    images={
        "1": (f"{UPLOADS}/figura1.png",),
        "2": (f"{UPLOADS}/1-3.png", f"{UPLOADS}/1-3-1024x768.png"),
        "3": (f"{UPLOADS}/1-4.png", f"{UPLOADS}/1-4-1024x768.png"),
    },
    suggested={
        "1": {("modality", "X-ray")},
        "2": {("modality", "CT")},
        "3": {("modality", "CT")},
    },
    age="53",
    sex="",
    published="2020-05-20",
    reduced=("3",),
)
POST_101 = post(
    CASE_101.title,
    f"""<p>Paziente di anni 53, marito della paziente del caso clinico n.3, esegue RX torace.</p>
<figure class="wp-block-image"><img class="lazy" src="{SPACER}" data-src="{UPLOADS}/figura1.png">
<noscript><img src="{UPLOADS}/figura1.png"></noscript></figure>
<p>TC:</p>
<ul class="blocks-gallery-grid">
<li class="blocks-gallery-item"><figure><a href="{UPLOADS}/1-3.png">
<img src="{UPLOADS}/1-3-1024x768.png"></a></figure></li>
<li class="blocks-gallery-item"><figure><a href="{HOST}/allegato/">
<img src="{UPLOADS}/1-4-1024x768.png"></a></figure></li></ul>
<p>Negativo il tampone. <img class="emoji" src="https://s.w.org/images/core/emoji/1.png"></p>""",
)

# ---- the English twins -------------------------------------------------------------------------

CASE_32_EN = Known(
    address=f"{HOST}/en/2020/04/02/covid-19-case-32/",
    id="case-32",
    title="COVID-19: case 32",
    authors=CASE_32.authors,
    department="Department of Radiology, Invented Hospital, Fictional Town",
    credit=(
        "Credit to Anna ESEMPIO, Bruno D'INVENTATO, C. Fittizi, Department of Radiology, Invented "
        "Hospital, Fictional Town"
    ),
    images={"1": sizes(f"{UUIDS[0]}.jpeg")},
    suggested={"1": {("modality", "X-ray"), ("view", "AP"), ("offset", "7")}},
    age="75",
    sex="F",
    published="2020-04-02",
)
POST_32_EN = post(
    CASE_32_EN.title,
    f"""<p>Anna ESEMPIO*, Bruno D'INVENTATO<sup>1,2</sup>, C. Fittizi²</p>
<p>Department of Radiology, Invented Hospital, Fictional Town</p>
<p>75-year-old woman with fever for 7 days. He has a dry cough.</p>
<p>Chest X-ray, AP view: invented thickening on the right.</p>
{figure(f"{UUIDS[0]}.jpeg")}""",
)
CASE_2_EN = Known(
    address=f"{HOST}/en/2020/03/31/covid-19-case-2/",
    id="case-2",
    title="COVID-19: case 2",
    images={"1": (f"{UPLOADS}/2-13.png",)},
    suggested={"1": {("modality", "CT")}},
    age="51",
    sex="M",
    published="2020-03-31",
)
POST_2_EN = post(
    CASE_2_EN.title,
    f"""<p>Male, 51 years old. HRCT shows invented thickening.</p>
<figure class="wp-block-image"><img src="{UPLOADS}/2-13.png" alt=""></figure>""",
)

CASES = {each.address: each for each in (CASE_101, CASE_32, CASE_2, CASE_32_EN, CASE_2_EN)}
"""What a reader should find, by address, in the order of the two lists."""

NEWS = f"{HOST}/2020/03/06/covid-19-dati-e-statistiche/"
"""A post of the list that is no case."""
WITHDRAWN = f"{HOST}/2020/03/20/covid-19-caso-60/"
"""A case that is there no more: 404."""
UNKNOWN = f"{HOST}/2020/03/21/covid-19-caso-61/"
"""A page of a markup that no generation knows."""
GUESSED = f"{HOST}/2020/03/10/covid-19-caso-3/"
"""A case that is gone, and that WordPress leads to one whose address begins like it."""

_POSTS = {
    CASE_101.address: POST_101,
    CASE_32.address: POST_32,
    CASE_2.address: POST_2,
    CASE_32_EN.address: POST_32_EN,
    CASE_2_EN.address: POST_2_EN,
    NEWS: post("COVID-19: dati e statistiche", "<p>Numeri inventati.</p>"),
    UNKNOWN: "<html><head><title>COVID-19: caso 61</title></head><body><main class='x1'>"
    "<h2>COVID-19: caso 61</h2><p>Altro.</p></main></body></html>",
    ITALIAN: listed(
        [
            italian_entry(CASE_101.title, CASE_101.address),
            italian_entry("COVID-19: dati e statistiche", NEWS),
            italian_entry(CASE_32.title, CASE_32.address),
        ]
    ),
    f"{ITALIAN}page/2/": listed([italian_entry(CASE_2.title, CASE_2.address)]),
    ENGLISH: listed([english_entry(CASE_32_EN.title, CASE_32_EN.address)], last=2),
    f"{ENGLISH}page/2/": listed([english_entry(CASE_2_EN.title, CASE_2_EN.address)]),
}


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


def _drawn(url: str) -> tuple[str, Answer]:
    """A picture of its own for each file, the same for its reduced copies."""
    bare = re.sub(r"-\d+x\d+(?=\.)", "", url)
    kind = "PNG" if url.endswith(".png") else "JPEG"
    return _path(url), file(encoded(zlib.crc32(bare.encode()) % 65536, kind=kind), TYPES[kind])


def _images() -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for known in CASES.values():
        for label, urls in known.images.items():
            answers |= map(_drawn, urls[1:] if label in known.reduced else urls)
    return answers


SITE = Sirm(
    {_path(url): html(body) for url, body in _POSTS.items()}
    | {_path(GUESSED): Answer(status=301, headers=(("Location", CASE_32.address),))}
    | _images()
)
"""The site with everything above."""


def many(count: int) -> Sirm:
    """Make a site of simple cases, 20 on a page of the Italian list.

    Case `n`, from 1, has the address ``/2020/03/10/covid-19-caso-<n>/`` and one radiograph
    ``/wp-content/uploads/2020/03/many-<n>.png``, which is ``picture(n)``. The English list has no
    case.

    Parameters
    ----------
    count : int
        How many cases.
    """
    return _Many(count)


class _Many(Sirm):
    per_page = 20

    def __init__(self, count: int) -> None:
        super().__init__({_path(ENGLISH): html(listed([english_entry("COVID-19: news", NEWS)]))})
        self.count = count

    def answer(self, host: str, path: str) -> Answer | None:
        asked = urlsplit(path).path
        if case := re.fullmatch(r"/2020/03/10/covid-19-caso-(\d+)/?", asked):
            return self.case(int(case[1]))
        if image := re.fullmatch(r"/wp-content/uploads/2020/03/many-(\d+)\.png", asked):
            return file(picture(int(image[1])), "image/png")
        if asked.startswith(_path(ITALIAN)):
            number = re.fullmatch(r".*/page/(\d+)/?", asked)
            return self.listed(int(number[1]) if number else 1)
        return super().answer(host, path)

    def case(self, n: int) -> Answer:
        if not 1 <= n <= self.count:
            return NOT_THERE
        return html(
            post(
                f"COVID-19: caso {n}",
                f"""<p>Anna ESEMPIO, Bruno INVENTATO</p><p>Radiologia, Ospedale Inventato</p>
<p>Donna, 60 anni. RX torace:</p>
<figure class="wp-block-image"><img src="{UPLOADS}/many-{n}.png" alt=""></figure>""",
            )
        )

    def listed(self, page_number: int) -> Answer:
        first = (page_number - 1) * self.per_page + 1
        numbers = range(first, min(first + self.per_page, self.count + 1))
        if not numbers:
            return NOT_THERE
        return html(
            listed(
                [
                    italian_entry(f"COVID-19: caso {n}", f"{HOST}/2020/03/10/covid-19-caso-{n}/")
                    for n in numbers
                ]
            )
        )
