"""The PMC Cloud Service: articles of PubMed Central, their XML, PDF and pictures, in a bucket."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from covidxr.registry import (
    Answer,
    Registry,
    State,
    absent,
    ask,
    at,
    found,
    inconclusive,
    items,
    text,
    useless,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.cases import Json
    from covidxr.registry import Desk
    from covidxr.sourcing import Kind, Page

registry = Registry(
    key="pmccloud",
    title="PMC Cloud Service",
    hosts=("pmc-oa-opendata.s3.amazonaws.com",),
    # No rate is published; a few requests a second is what other users of the bucket settled on.
    delay_seconds=0.2,
    knows="the article's XML, PDF and pictures, with their MD5 sums, and its licence",
    seen="2026-09",
)

_BUCKET = "https://pmc-oa-opendata.s3.amazonaws.com"
_PREFIX = re.compile(r"<Prefix>(PMC[0-9]{1,12})\.([0-9]{1,6})/</Prefix>")
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudFile:
    """One file of the bucket.

    Parameters
    ----------
    url : str
        Its address.
    md5 : str
        Hex digits; empty where the record has none.
    """

    url: str
    md5: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return unquote(urlsplit(self.url).path.rpartition("/")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudRecord:
    """What the bucket says of one version of an article.

    Parameters
    ----------
    pmcid, doi, title : str
        As the record has them.
    version : int
        From 1.
    licence : str
        The record's code: ``"CC BY-NC"``, ``"TDM"``; empty where it has none.
    open_access, manuscript : bool or None
        None where the record does not say.
    retracted : bool
        Whether the article is retracted.
    xml, pdf : CloudFile or None
        None where there is none.
    media : mapping of str to CloudFile
        Pictures and supplementary files, by name.
    newest : CloudRecord or None
        The record of a newer version, where this is not the newest: what it takes back counts.
    """

    pmcid: str
    version: int
    doi: str = ""
    title: str = ""
    licence: str = ""
    open_access: bool | None = None
    manuscript: bool | None = None
    retracted: bool = False
    xml: CloudFile | None = None
    pdf: CloudFile | None = None
    media: Mapping[str, CloudFile] = field(default_factory=dict)
    newest: CloudRecord | None = None


def versions(pmcid: str, http: Desk) -> Answer[tuple[int, ...]]:
    """Ask which versions of an article there are, newest first."""
    # Without the dot, PMC123 would give PMC1230 as well.
    url = f"{_BUCKET}/?list-type=2&prefix={pmcid}.&delimiter=/"
    page = ask(http, url)
    if isinstance(page, Answer):
        return page
    if "<ListBucketResult" not in page.text[:2000]:
        return useless(http, url, f"{url} gives no list")
    numbers = {int(number) for name, number in _PREFIX.findall(page.text) if name == pmcid}
    if not numbers:
        # An article may be put there any day.
        http.forget(url)
        return absent(f"{pmcid} is not in the open-access bucket of PubMed Central")
    return found(tuple(sorted(numbers, reverse=True)))


def record(pmcid: str, version: int, http: Desk) -> Answer[CloudRecord]:
    """Ask for the record of one version."""
    name = f"{pmcid}.{version}"
    failed: list[Answer[CloudRecord]] = []
    for url in (f"{_BUCKET}/{name}/{name}.json", f"{_BUCKET}/metadata/{name}.json"):
        answer = _read_record(url, pmcid, version, http)
        if answer.value is not None:
            return answer
        failed.append(answer)
    unsure = [each for each in failed if each.state is State.INCONCLUSIVE]
    return (unsure or failed)[0]


def _read_record(url: str, pmcid: str, version: int, http: Desk) -> Answer[CloudRecord]:
    page = ask(http, url, gone=f"the bucket has no record of {pmcid}.{version}")
    if isinstance(page, Answer):
        return page
    try:
        value = json.loads(page.text)
    except (ValueError, RecursionError):
        return useless(http, url, f"{url} gives no JSON")
    if text(value, "pmcid") != pmcid:
        return useless(http, url, f"{url} is the record of {text(value, 'pmcid') or 'nothing'}")
    return found(_record(value, pmcid, version))


def best(pmcid: str, http: Desk) -> Answer[CloudRecord]:
    """Ask for the version to use: the newest that is no manuscript and has pictures.

    Where none has, the newest that is no manuscript; else the newest.
    """
    listed = versions(pmcid, http)
    if listed.value is None:
        return Answer(state=listed.state, why=listed.why)
    records: list[CloudRecord] = []
    for version in listed.value:
        answer = record(pmcid, version, http)
        if answer.value is None:
            # A version that cannot be read now may be the one to use, and it is listed.
            return inconclusive(answer.why)
        records.append(answer.value)
        if not answer.value.manuscript and answer.value.media:
            break
    typeset = [each for each in records if not each.manuscript]
    chosen = next((each for each in typeset if each.media), (typeset or records)[0])
    newest = records[0] if records[0] is not chosen else None
    retracted = any(each.retracted for each in records)
    return found(replace(chosen, retracted=retracted, newest=newest))


def fetch(file: CloudFile, http: Desk, kind: Kind) -> Answer[Page]:
    """Fetch a file and compare its MD5 sum, twice at most."""
    last: Answer[Page] = inconclusive("")
    for _ in range(2):
        page = ask(http, file.url, kind=kind, gone=f"{file.url} is not there")
        if isinstance(page, Answer):
            return page
        # The sum guards against mix-ups and broken transfers, not against forgery.
        digest = hashlib.md5(page.body, usedforsecurity=False).hexdigest()
        if file.md5 in {"", digest}:
            return found(page)
        last = useless(http, file.url, f"{file.url} has the MD5 sum {digest}, not {file.md5}")
    return last


def _record(value: Json, pmcid: str, version: int) -> CloudRecord:
    media = [file for each in items(value, "media_urls") if (file := _file(each)) is not None]
    return CloudRecord(
        pmcid=pmcid,
        version=version,
        doi=text(value, "doi"),
        title=text(value, "title"),
        licence=text(value, "license_code"),
        open_access=_flag(at(value, "is_pmc_openaccess")),
        manuscript=_flag(at(value, "is_manuscript")),
        retracted=at(value, "is_retracted") is True,
        xml=_file(at(value, "xml_url")),
        pdf=_file(at(value, "pdf_url")),
        media={file.name: file for file in media},
    )


def _flag(value: Json) -> bool | None:
    return value if isinstance(value, bool) else None


def _file(value: Json) -> CloudFile | None:
    """Read ``s3://bucket/key?md5=…``, an address of the bucket, or a bare key."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    if parts.scheme not in {"", "s3", "https"}:
        return None
    if parts.scheme == "https" and parts.hostname not in registry.hosts:
        return None
    md5 = parse_qs(parts.query).get("md5", [""])[0].lower()
    key = quote(unquote(parts.path.lstrip("/")), safe="/", errors="replace")
    return CloudFile(url=f"{_BUCKET}/{key}", md5=md5 if _MD5.fullmatch(md5) else "")
