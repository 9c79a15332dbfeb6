"""The contract that every source meets, and how sources are found."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from tests.pages import Pages

from covidxr.errors import CovidxrError, FetchError, GoneError, SourceError, SourceStoppedError
from covidxr.identifiers import canonical_url, is_case_page
from covidxr.licences import LICENCES
from covidxr.plugins import discover
from covidxr.scrape import SOURCES, find_source
from covidxr.sourcing import Kind, SavedFile, Source, Terms, source

HERE = Path(__file__).parent
KNOWN = discover(SOURCES, Source)
MODULES = [info.name for info in pkgutil.iter_modules(importlib.import_module(SOURCES).__path__)]
each_source = pytest.mark.parametrize("each", KNOWN.values(), ids=KNOWN)


def test_a_file_of_the_folder_is_one_source_named_after_it() -> None:
    assert MODULES == list(KNOWN) == ["coronacases", "eurorad", "radiopaedia", "sirm"]
    for key, each in KNOWN.items():
        assert each.cases.__module__ == f"{SOURCES}.{key}"


@each_source
def test_a_source_has_a_test_file_and_a_replica_of_its_name(each: Source) -> None:
    assert (HERE / "sources" / f"test_{each.key}.py").is_file()
    assert importlib.util.find_spec(f"covidxr.replica.{each.key}")


@each_source
def test_an_example_is_accepted_by_its_own_source_alone(each: Source) -> None:
    assert [other.key for other in KNOWN.values() if other.accepts(each.example)] == [each.key]
    assert find_source(each.example) is each
    assert is_case_page(each.example)


@each_source
def test_an_example_leads_to_a_host_that_the_source_declares(each: Source) -> None:
    assert re.split(r"[/:]+", each.example)[1] in each.hosts
    assert all(host == host.lower() and "/" not in host for host in each.hosts)


@each_source
def test_a_source_says_what_its_site_permits(each: Source) -> None:
    terms = each.terms
    assert terms.search_reason.endswith(".")
    assert terms.search or (terms.url and terms.seen and terms.ask)
    assert terms.licence.spdx in {"", *LICENCES}
    assert each.delay_seconds >= 1
    assert len(each.page) > 100


@each_source
def test_a_case_that_is_gone_is_said_to_be_gone(each: Source) -> None:
    with pytest.raises(GoneError):
        list(each.cases(each.example, Pages({})))


class Refusing:
    """An `Http` that raises the same at every address."""

    def __init__(self, problem: CovidxrError) -> None:
        self.problem = problem
        self.asked = 0

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> object:
        self.asked += bool(url and kind)
        raise self.problem

    def known(self, prefix: str) -> tuple[str, ...]:
        return (prefix,)[:0]


@each_source
@pytest.mark.parametrize("problem", [SourceStoppedError("stop"), FetchError("broken")])
def test_a_source_never_hides_that_its_page_could_not_be_had(
    each: Source, problem: CovidxrError
) -> None:
    with pytest.raises(type(problem)):
        list(each.cases(each.example, Refusing(problem)))  # type: ignore[arg-type]
    if each.search is not None:
        with pytest.raises(type(problem)):
            list(each.search((), Refusing(problem)))  # type: ignore[arg-type]


class Everywhere(Pages):
    """Gives the same page at every address."""

    def __init__(self, body: bytes) -> None:
        super().__init__({})
        self.body = body

    def get(self, url: str, *, kind: Kind = Kind.PAGE):  # type: ignore[no-untyped-def] # noqa: ANN201
        self.pages[url] = self.body
        return super().get(url, kind=kind)


STRANGE = {
    "an empty page": b"",
    "a page of nothing": b"<html><head><title>x</title></head><body></body></html>",
    "text": b"Hello, this is no page.",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "JSON": b'{"a": [1, 2, {"b": null}]}',
    "an open tag": b"<div class='" + b"a" * 10_000,
    "deep nesting": b"<div>" * 5_000,
    "NUL and broken UTF-8": b"<html>\0\xff\xfe<h1>\xed\xa0\x80</h1>",
}


@each_source
@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
def test_a_page_that_is_not_known_is_named_with_what_was_missing(each: Source, body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        list(each.cases(each.example, Everywhere(body)))
    assert caught.value.source == each.key
    assert canonical_url(caught.value.url)
    assert caught.value.missing
    assert each.search is not None
    with pytest.raises(SourceError) as caught:
        list(each.search(("covid",), Everywhere(body)))
    assert caught.value.missing


@each_source
def test_a_saved_file_that_says_nothing_stands_for_nothing(each: Source) -> None:
    for name in ("a.html", "notes.txt", "x/y.png", ""):
        assert each.recognise(SavedFile(name=name, head=b"")) == ""


def test_a_new_file_in_the_folder_is_a_new_source() -> None:
    @source(
        "example",
        title="Example",
        hosts=("example.org",),
        pattern=r"https://example\.org/\d+",
        example="https://example.org/1",
        terms=Terms(search=True, search_reason="It is ours."),
        delay_seconds=1,
    )
    def cases(url, http):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        """Give what is there."""
        yield from ()

    assert isinstance(cases, Source)
    assert (cases.key, cases.page) == ("example", "Give what is there.")
    assert cases.accepts("HTTPS://EXAMPLE.ORG/12")
    assert not cases.accepts("https://example.org/12/x")
    assert cases.recognise(SavedFile(name="a", head=b"", url="u")) == "u"
