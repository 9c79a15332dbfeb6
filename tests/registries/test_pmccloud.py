"""What PMC's bucket answers, and which of the three answers that is."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from tests.desk import Desk

from covidxr.errors import FetchError
from covidxr.registries.pmccloud import CloudFile, best, fetch, record, versions
from covidxr.registry import State
from covidxr.sourcing import Kind

BUCKET = "https://pmc-oa-opendata.s3.amazonaws.com"
LIST = f"{BUCKET}/?list-type=2&prefix=PMC5.&delimiter=/"


def listing(*prefixes: str) -> str:
    inside = "".join(
        f"<CommonPrefixes><Prefix>{each}/</Prefix></CommonPrefixes>" for each in prefixes
    )
    count = len(prefixes)
    return (
        '<?xml version="1.0"?><ListBucketResult><Name>pmc-oa-opendata</Name><Prefix>PMC5.</Prefix>'
        f"<KeyCount>{count}</KeyCount>{inside}</ListBucketResult>"
    )


def value(version: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "pmcid": "PMC5",
        "version": version,
        "doi": "10.1000/a",
        "is_pmc_openaccess": True,
        "is_manuscript": False,
        "license_code": "CC BY",
        "xml_url": f"s3://pmc-oa-opendata/PMC5.{version}/PMC5.{version}.xml?md5={'a' * 32}",
        "media_urls": [f"s3://pmc-oa-opendata/PMC5.{version}/f.1.jpg?md5={'B' * 32}"],
        **more,
    }


def at(version: int) -> str:
    return f"{BUCKET}/PMC5.{version}/PMC5.{version}.json"


def test_versions_are_sorted_as_numbers_newest_first() -> None:
    answer = versions("PMC5", Desk({LIST: listing("PMC5.2", "PMC5.10", "PMC5.1")}))
    assert answer.value == (10, 2, 1)


def test_an_empty_list_is_absent_and_asked_again_another_time() -> None:
    desk = Desk({LIST: listing()})
    assert versions("PMC5", desk).state is State.ABSENT
    assert desk.forgotten == [LIST]


def test_what_is_no_list_is_inconclusive() -> None:
    desk = Desk({LIST: "<Error><Code>SlowDown</Code></Error>"})
    assert versions("PMC5", desk).state is State.INCONCLUSIVE
    assert desk.forgotten == [LIST]


def test_a_record_gives_files_with_their_sums_as_addresses_of_the_bucket() -> None:
    answer = record("PMC5", 1, Desk({at(1): value(pdf_url="PMC5.1/PMC5.1.pdf")})).value
    assert answer is not None
    assert answer.xml == CloudFile(url=f"{BUCKET}/PMC5.1/PMC5.1.xml", md5="a" * 32)
    assert answer.pdf == CloudFile(url=f"{BUCKET}/PMC5.1/PMC5.1.pdf")
    assert answer.media == {"f.1.jpg": CloudFile(url=f"{BUCKET}/PMC5.1/f.1.jpg", md5="b" * 32)}
    assert (answer.open_access, answer.manuscript, answer.retracted) == (True, False, False)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.org/PMC5.1/f.jpg",
        "ftp://pmc-oa-opendata/f.jpg",
        "",
        3,
        None,
        "s3://[",
        {"url": "x"},
    ],
)
def test_a_file_of_another_place_is_no_file(url: object) -> None:
    answer = record("PMC5", 1, Desk({at(1): value(media_urls=[url])})).value
    assert answer is not None
    assert answer.media == {}


def test_the_mirror_is_asked_where_the_record_is_not_in_its_place() -> None:
    desk = Desk({f"{BUCKET}/metadata/PMC5.1.json": value()})
    assert record("PMC5", 1, desk).state is State.FOUND


@pytest.mark.parametrize("said", ["half a rec", value(pmcid="PMC6"), []])
def test_a_record_that_is_none_leaves_it_open_though_the_mirror_has_nothing(said: object) -> None:
    desk = Desk({at(1): said})
    assert record("PMC5", 1, desk).state is State.INCONCLUSIVE
    assert desk.forgotten == [at(1)]


def test_a_record_that_is_in_neither_place_is_absent() -> None:
    assert record("PMC5", 1, Desk({})).state is State.ABSENT


def test_the_newest_typeset_version_with_pictures_is_used() -> None:
    desk = Desk(
        {
            LIST: listing("PMC5.1", "PMC5.2", "PMC5.3"),
            at(3): value(3, is_manuscript=True, media_urls=[]),
            at(2): value(2),
            at(1): value(1),
        }
    )
    answer = best("PMC5", desk).value
    assert answer is not None
    assert answer.version == 2


def test_a_manuscript_is_used_where_there_is_nothing_else() -> None:
    desk = Desk({LIST: listing("PMC5.1"), at(1): value(is_manuscript=True, license_code="TDM")})
    answer = best("PMC5", desk).value
    assert answer is not None
    assert (answer.manuscript, answer.licence) == (True, "TDM")


def test_a_version_that_cannot_be_read_leaves_all_open() -> None:
    desk = Desk(
        {LIST: listing("PMC5.1", "PMC5.2"), at(2): FetchError("answers 503"), at(1): value(1)}
        | {f"{BUCKET}/metadata/PMC5.2.json": FetchError("answers 503")}
    )
    assert best("PMC5", desk).state is State.INCONCLUSIVE


def file(body: bytes, digest: str | None = None) -> CloudFile:
    md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
    return CloudFile(url=f"{BUCKET}/PMC5.1/f.jpg", md5=md5 if digest is None else digest)


def test_bytes_of_the_right_sum_are_found() -> None:
    answer = fetch(file(b"picture"), Desk({file(b"").url: b"picture"}), Kind.IMAGE)
    assert answer.value is not None
    assert answer.value.body == b"picture"


def test_a_wrong_sum_is_asked_for_once_more_and_is_inconclusive_then() -> None:
    desk = Desk({file(b"").url: b"another picture"})
    answer = fetch(file(b"picture"), desk, Kind.IMAGE)
    assert (answer.state, "MD5" in answer.why) == (State.INCONCLUSIVE, True)
    assert len(desk.asked) == 2
    assert desk.forgotten == [file(b"").url] * 2


def test_a_file_that_is_not_there_is_absent() -> None:
    assert fetch(file(b"picture"), Desk({}), Kind.IMAGE).state is State.ABSENT


def test_a_retraction_of_any_version_counts() -> None:
    desk = Desk(
        {
            LIST: listing("PMC5.1", "PMC5.2"),
            at(2): value(2, is_manuscript=True, is_retracted=True),
            at(1): value(1),
        }
    )
    answer = best("PMC5", desk).value
    assert answer is not None
    assert (answer.version, answer.retracted) == (1, True)


def test_a_listed_version_without_a_record_leaves_it_open() -> None:
    assert best("PMC5", Desk({LIST: listing("PMC5.1")})).state is State.INCONCLUSIVE


def test_what_a_newer_version_takes_back_comes_with_the_one_that_is_used() -> None:
    taken_back = value(2, media_urls=[], license_code="TDM", is_pmc_openaccess=False)
    desk = Desk({LIST: listing("PMC5.1", "PMC5.2"), at(2): taken_back, at(1): value(1)})
    answer = best("PMC5", desk).value
    assert answer is not None
    assert answer.version == 1
    assert answer.newest is not None
    assert (answer.newest.licence, answer.newest.open_access) == ("TDM", False)
