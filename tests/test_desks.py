"""Where registries are asked: who is left alone, and what is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.clock import FakeClock

from covidxr.desks import ENOUGH, asking, registries
from covidxr.errors import FetchError, SourceStoppedError, UnreachableError
from covidxr.netline import Access
from covidxr.registry import State
from covidxr.replica import papers
from covidxr.replica.answers import Answer, file, html
from covidxr.replica.server import serving
from covidxr.settings import Route
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    from pathlib import Path

DOI_ORG = "https://doi.org/doiRA/10.5555/open.1"
XML = f"https://{papers.BUCKET}/PMC9000001.1/PMC9000001.1.xml"
PICTURE = f"https://{papers.BUCKET}/PMC9000001.1/f.002.png"


def access(folder: Path, base: str, **more: Any) -> Access:
    routes = {host: Route(base=base, delay_seconds=0) for host in papers.HOSTS}
    return Access(cache=folder / "http.sqlite", clock=FakeClock(), **{"routes": routes, **more})


def test_every_registry_names_its_file_its_hosts_and_a_pace() -> None:
    known = registries()
    assert set(known) == {
        *("doiorg", "idconverter", "pmccloud", "europepmc"),
        *("crossref", "unpaywall", "datacite", "preprints"),
    }
    assert all(each.hosts and each.delay_seconds > 0 and each.knows for each in known.values())
    hosts = [host for each in known.values() for host in each.hosts]
    assert len(hosts) == len(set(hosts))


def test_pages_are_heard_and_pictures_are_not(tmp_path: Path) -> None:
    with serving(papers.site()) as replica, asking(access(tmp_path, replica.base)) as desks:
        bucket = desks.by_key["pmccloud"]
        bucket.get(XML, kind=Kind.XML)
        bucket.get(PICTURE, kind=Kind.IMAGE)
        assert [page.url for page in desks.heard] == [XML]
        assert desks.sent == 2


def test_a_registry_asks_its_own_hosts_only(tmp_path: Path) -> None:
    with serving(papers.site()) as replica, asking(access(tmp_path, replica.base)) as desks:
        with pytest.raises(FetchError, match="not one of the source's hosts"):
            desks.by_key["doiorg"].get(XML, kind=Kind.XML)
        assert replica.asked == []


def test_a_registry_that_does_not_answer_is_left_alone_and_the_others_are_not(
    tmp_path: Path,
) -> None:
    with serving(papers.site()) as replica:
        routes = {host: Route(base=replica.base, delay_seconds=0) for host in papers.HOSTS}
        routes["doi.org"] = Route(base="http://127.0.0.1:9", delay_seconds=0)
        with asking(access(tmp_path, "", routes=routes)) as desks:
            for _ in range(ENOUGH):
                with pytest.raises(UnreachableError):
                    desks.by_key["doiorg"].get(DOI_ORG, kind=Kind.RECORD)
            sent = desks.sent
            with pytest.raises(SourceStoppedError, match="left alone"):
                desks.by_key["doiorg"].get(DOI_ORG, kind=Kind.RECORD)
            assert desks.sent == sent
            assert desks.by_key["pmccloud"].get(XML, kind=Kind.XML).body
            assert desks.answered


def test_a_registry_that_asks_who_is_there_is_asked_nothing_more(tmp_path: Path) -> None:
    site = papers.site()
    site.put(DOI_ORG, html("<title>Just a moment...</title><body>"))
    with serving(site) as replica, asking(access(tmp_path, replica.base)) as desks:
        for _ in range(2):
            with pytest.raises(SourceStoppedError):
                desks.by_key["doiorg"].get(DOI_ORG, kind=Kind.RECORD)
        assert len(replica.asked) == 1
        assert not desks.answered


def test_a_pdf_of_another_server_is_fetched_as_its_robots_txt_permits(tmp_path: Path) -> None:
    site = papers.site()
    site.put("https://repository.example.org/a.pdf", file(b"%PDF-1.4 ...", "application/pdf"))
    with serving(site) as replica, asking(access(tmp_path, replica.base)) as desks:
        page = desks.pdf("https://repository.example.org/a.pdf").value
        assert page is not None
        assert page.body.startswith(b"%PDF")
        rules = Answer(body=b"User-agent: *\nDisallow: /", content_type="text/plain")
    site.put("https://repository.example.org/robots.txt", rules)
    folder = tmp_path / "other"
    folder.mkdir()
    with serving(site) as replica, asking(access(folder, replica.base)) as desks:
        assert desks.pdf("https://repository.example.org/a.pdf").state is State.ABSENT
        assert desks.pdf("https://[oops/a.pdf").state is State.ABSENT
