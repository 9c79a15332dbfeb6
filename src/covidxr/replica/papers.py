"""The replica's registries of papers: invented articles, their records, their XML and pictures.

`site` answers for every registry at once. Articles, authors and captions are invented; shapes of
answers and addresses are those of the real services.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from PIL import Image

from covidxr.replica.answers import Answer, as_json, file
from covidxr.replica.phantoms import VIEWS, phantom

HOSTS: tuple[str, ...] = (
    "doi.org",
    "pmc.ncbi.nlm.nih.gov",
    "pmc-oa-opendata.s3.amazonaws.com",
    "www.ebi.ac.uk",
    "api.crossref.org",
    "api.unpaywall.org",
    "api.datacite.org",
    "api.biorxiv.org",
    "repository.example.org",
)
BUCKET = "pmc-oa-opendata.s3.amazonaws.com"
BY = "https://creativecommons.org/licenses/by/4.0/"
ND = "https://creativecommons.org/licenses/by-nc-nd/4.0/"

# Parameters that say who asks, or how much at once: not what for.
IGNORED = frozenset({"mailto", "email", "tool", "api_key", "pageSize"})

Key = tuple[str, str, tuple[tuple[str, str], ...]]


def key(host: str, path: str) -> Key:
    """What a request asks for, whoever asks, in whatever case and order it is written."""
    parts = urlsplit(path)
    query = parse_qs(parts.query, keep_blank_values=True)
    kept = sorted((name, value[0].lower()) for name, value in query.items() if name not in IGNORED)
    return host, unquote(parts.path).lower(), tuple(kept)


@cache
def grid(rows: int, columns: int, gutter: int = 14, first: int = 0) -> bytes:
    """A compound figure: phantoms in rows and columns on white, as PNG."""
    width, height = 360, 360
    whole = Image.new(
        "L",
        (columns * width + (columns - 1) * gutter, rows * height + (rows - 1) * gutter),
        255,
    )
    for at in range(rows * columns):
        row, column = divmod(at, columns)
        panel = phantom(first + at, VIEWS[(first + at) % len(VIEWS)], (width, height))
        whole.paste(panel, (column * (width + gutter), row * (height + gutter)))
    out = io.BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()


@cache
def chart() -> bytes:
    """A picture with nothing grey in it: bars in colour on white."""
    picture = Image.new("RGB", (500, 400), "white")
    for at, colour in enumerate(("red", "green", "blue", "orange")):
        bar = Image.new("RGB", (60, 80 + 60 * at), colour)
        picture.paste(bar, (40 + 110 * at, 380 - bar.height))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of an invented article."""

    label: str
    caption: str
    files: tuple[tuple[str, bytes], ...] = ()
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Article:
    """One invented article and how its registries answer."""

    doi: str
    pmcid: str = ""
    title: str = "An invented article"
    licence_url: str = BY
    code: str | None = "CC BY"
    open_access: bool = True
    manuscript: bool = False
    retracted: bool = False
    figures: tuple[Figure, ...] = ()
    text: str = "<p>An invented text.</p>"
    agency: str = "Crossref"
    pdf: bytes = b""
    licence: str = ""
    epmc_licence: str | None = "cc by"
    changes: dict[str, bytes] = field(default_factory=dict)
    instead: bytes = b""

    def xml(self) -> bytes:
        """Its JATS, or what is sent instead."""
        if self.instead:
            return self.instead
        figures = "".join(map(_figure, self.figures))
        licence = self.licence or (
            f'<license xlink:href="{self.licence_url}"><license-p>An open licence.</license-p>'
            "</license>"
        )
        return f"""<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="case-report" xml:lang="en">
<front><journal-meta><journal-title-group><journal-title>Invented Reports</journal-title>
</journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="doi">{escape(self.doi)}</article-id>
<article-id pub-id-type="pmcid">{self.pmcid}</article-id>
<title-group><article-title>{escape(self.title)}</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Author</surname>
<given-names>Ann</given-names></name></contrib></contrib-group>
<pub-date pub-type="epub"><day>3</day><month>2</month><year>2021</year></pub-date>
<permissions>{licence}</permissions></article-meta></front>
<body><sec>{self.text}{figures}</sec></body></article>""".encode()

    def record(self) -> dict[str, Any]:
        """Its record in the bucket."""
        base = f"s3://pmc-oa-opendata/{self.pmcid}.1"
        media = {name: body for each in self.figures for name, body in each.files}
        return {
            "pmcid": self.pmcid,
            "version": 1,
            "doi": self.doi,
            "title": self.title,
            "is_pmc_openaccess": self.open_access,
            "is_manuscript": self.manuscript,
            "is_retracted": self.retracted,
            "license_code": self.code,
            "xml_url": f"{base}/{self.pmcid}.1.xml?md5={_md5(self.xml())}",
            **({"pdf_url": f"{base}/{self.pmcid}.1.pdf?md5={_md5(self.pdf)}"} if self.pdf else {}),
            "media_urls": [
                f"{base}/{quote(name)}?md5={_md5(body)}" for name, body in media.items()
            ],
        }


class Papers:
    """Every registry at once.

    Attributes
    ----------
    answers : dict of Key to Answer
        What is answered; tests change it. The ID converter answers for several DOIs by itself.
    """

    hosts = HOSTS

    def __init__(self, *articles: Article) -> None:
        self.answers: dict[Key, Answer] = {}
        self.ids: dict[str, dict[str, Any]] = {}
        for article in articles:
            self.add(article)

    def put(self, url: str, answer: Answer) -> None:
        """Answer an address so, from now on."""
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        self.answers[key(parts.hostname or "", parts.path + query)] = answer

    def add(self, article: Article) -> None:
        """Answer for an article."""
        self._registered(article)
        found = []
        if article.pmcid:
            self.ids[article.doi.lower()] = {"doi": article.doi, "pmcid": article.pmcid, "pmid": 7}
            self._bucket(article)
        if article.epmc_licence is not None:
            found = [
                {
                    "doi": article.doi.lower(),
                    "title": f"{article.title}.",
                    **({"pmcid": article.pmcid} if article.pmcid else {}),
                    "isOpenAccess": "Y" if article.open_access else "N",
                    **({"license": article.epmc_licence} if article.epmc_licence else {}),
                }
            ]
        query = quote(f'DOI:"{article.doi}"', safe=":")
        self.put(
            f"https://www.ebi.ac.uk/europepmc/webservices/rest/search?query={query}"
            "&resultType=core&format=json",
            as_json({"hitCount": len(found), "resultList": {"result": found}}),
        )
        self.put(
            f"https://www.ebi.ac.uk/europepmc/webservices/rest/{article.pmcid}/fullTextXML",
            file(article.xml(), "application/xml"),
        )

    def _registered(self, article: Article) -> None:
        self.put(
            f"https://doi.org/doiRA/{article.doi}",
            as_json([{"DOI": article.doi, "RA": article.agency}]),
        )
        if article.agency == "Crossref":
            licence = {"URL": article.licence_url, "content-version": "vor", "delay-in-days": 0}
            message = {"DOI": article.doi, "title": [article.title], "license": [licence]}
            self.put(
                f"https://api.crossref.org/works/{quote(article.doi, safe='')}",
                as_json({"status": "ok", "message": message}),
            )

    def _bucket(self, article: Article) -> None:
        base = f"https://{BUCKET}/{article.pmcid}.1"
        prefix = f"<CommonPrefixes><Prefix>{article.pmcid}.1/</Prefix></CommonPrefixes>"
        self.put(
            f"https://{BUCKET}/?list-type=2&prefix={article.pmcid}.&delimiter=/",
            file(f"<ListBucketResult>{prefix}</ListBucketResult>".encode(), "application/xml"),
        )
        self.put(f"{base}/{article.pmcid}.1.json", as_json(article.record()))
        self.put(f"{base}/{article.pmcid}.1.xml", file(article.xml(), "application/xml"))
        if article.pdf:
            self.put(f"{base}/{article.pmcid}.1.pdf", file(article.pdf, "application/pdf"))
        for figure in article.figures:
            for name, body in figure.files:
                self.put(
                    f"{base}/{quote(name)}", file(article.changes.get(name, body), "image/png")
                )

    def answer(self, host: str, path: str) -> Answer | None:
        """Answer a request."""
        if "/idconv/" in path:
            return self._idconv(path)
        return self.answers.get(key(host, path)) or self._unknown(host)

    def _idconv(self, path: str) -> Answer:
        given = self.answers.get(key("pmc.ncbi.nlm.nih.gov", path))
        if given is not None:
            return given
        asked = unquote(parse_qs(urlsplit(path).query)["ids"][0]).split(",")
        unknown = {"status": "error", "errmsg": "Identifier not found in PMC"}
        records = [{**self.ids.get(doi.lower(), unknown), "requested-id": doi} for doi in asked]
        return as_json({"status": "ok", "records": records})

    def _unknown(self, host: str) -> Answer:
        """What each service says of something that it does not have."""
        if host == "www.ebi.ac.uk":
            return as_json({"hitCount": 0, "resultList": {"result": []}})
        if host == "doi.org":
            return as_json([{"DOI": "?", "status": "DOI does not exist"}])
        if host == "api.crossref.org":
            return Answer(status=404, body=b"Resource not found.", content_type="text/plain")
        if host == "api.biorxiv.org":
            return as_json({"messages": [{"status": "no posts found"}], "collection": []})
        if host == BUCKET:
            error = b"<Error><Code>NoSuchKey</Code></Error>"
            return Answer(status=404, body=error, content_type="application/xml")
        body = json.dumps({"error": True, "message": "not found"}).encode()
        return Answer(status=404, body=body, content_type="application/json")


def _figure(figure: Figure) -> str:
    graphics = "".join(f'<graphic xlink:href="{escape(name)}"/>' for name, _ in figure.files)
    number = "".join(each for each in figure.label if each.isdigit())
    return (
        f'<fig id="F{number}"><label>{figure.label}</label><caption><p>{escape(figure.caption)}</p>'
        f"</caption>{graphics}{figure.more}</fig>"
    )


def _md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


TWO_PANELS = (
    "Chest CT of a 44-year-old man with COVID-19. (a) Axial image on day 3. (b) Coronal image on "
    "day 9 shows consolidation."
)
OPEN = Article(
    doi="10.5555/open.1",
    pmcid="PMC9000001",
    title="COVID-19 pneumonia: an invented case",
    figures=(
        Figure(
            label="Figure 1", caption="Flow chart of the visits.", files=(("f.001.png", chart()),)
        ),
        Figure(label="Figure 2", caption=TWO_PANELS, files=(("f.002.png", grid(1, 2)),)),
        Figure(
            label="Figure 3",
            caption="Portable chest radiograph on admission.",
            files=(("f.003.png", grid(1, 1, first=3)),),
        ),
    ),
)
UNCHANGEABLE = Article(
    doi="10.5555/nd.2",
    pmcid="PMC9000002",
    licence_url=ND,
    code="CC BY-NC-ND",
    epmc_licence="cc by-nc-nd",
    figures=(
        Figure(label="Fig. 1", caption=TWO_PANELS, files=(("g001.png", grid(1, 2, first=30)),)),
    ),
)
MANUSCRIPT = Article(
    doi="10.5555/manuscript.3",
    pmcid="PMC9000003",
    code="TDM",
    open_access=False,
    manuscript=True,
    epmc_licence="",
    licence="<license><license-p>All rights reserved.</license-p></license>",
    figures=(Figure(label="Fig. 1", caption=TWO_PANELS, files=(("g.png", grid(1, 2, first=60)),)),),
)
RETRACTED = Article(
    doi="10.5555/retracted.4",
    pmcid="PMC9000004",
    retracted=True,
    figures=(Figure(label="Fig. 1", caption=TWO_PANELS, files=(("g.png", grid(1, 2, first=90)),)),),
)
REPRODUCED = Article(
    doi="10.5555/reproduced.5",
    pmcid="PMC9000005",
    figures=(
        Figure(
            label="Figure 1",
            caption="Chest radiograph. Reproduced with permission from Another Publisher.",
            files=(("one.png", grid(1, 1, first=120)),),
        ),
        Figure(
            label="Figure 2",
            caption="Chest radiograph of our own patient.",
            files=(("two.png", grid(1, 1, first=121)),),
        ),
    ),
)
CHARTS_ONLY = Article(
    doi="10.5555/charts.6",
    pmcid="PMC9000006",
    figures=(Figure(label="Figure 1", caption="Cases by week.", files=(("c.png", chart()),)),),
)
SEVERAL_FILES = Article(
    doi="10.5555/several.7",
    pmcid="PMC9000007",
    figures=(
        Figure(
            label="Figure 1",
            caption=TWO_PANELS,
            files=(("p004a.png", grid(1, 1, first=150)), ("p004b.png", grid(1, 1, first=151))),
        ),
    ),
)
NOT_IN_PMC = Article(doi="10.5555/elsewhere.8", epmc_licence="cc by", title="Kept elsewhere")
ALL = (
    *(OPEN, UNCHANGEABLE, MANUSCRIPT, RETRACTED, REPRODUCED, CHARTS_ONLY, SEVERAL_FILES),
    NOT_IN_PMC,
)


def site() -> Papers:
    """A site of its own for each who asks, who may change its answers."""
    return Papers(*ALL)
