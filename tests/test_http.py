"""The network edge: polite, patient within limits, and never led astray."""

from __future__ import annotations

import datetime as dt
import socket
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from requests.adapters import HTTPAdapter
from tests.clock import FakeClock
from tests.replica import faults

from covidxr import __version__, netline
from covidxr import http as edge
from covidxr.errors import (
    CollectionError,
    CovidxrError,
    FetchError,
    GoneError,
    RefusedError,
    SourceStoppedError,
    UnreachableError,
)
from covidxr.http import Web
from covidxr.netline import Access, Waiting
from covidxr.replica.answers import Answer, as_json, file, html
from covidxr.replica.pictures import picture
from covidxr.replica.server import Replica, serving
from covidxr.settings import Route
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests

HOST = "www.example.org"
OTHER = "files.example.org"
SITE = f"https://{HOST}"


class Pages:
    """A site of a dict of answers."""

    hosts = (HOST, OTHER)

    def __init__(self, pages: dict[str, Answer]) -> None:
        self.pages = pages

    def answer(self, host: str, path: str) -> Answer | None:
        return self.pages.get(path) or self.pages.get(host + path)


class World:
    """One temporary cache, one fake clock, one replica."""

    def __init__(self, folder: Path, replica: Replica) -> None:
        self.folder, self.replica, self.clock = folder, replica, FakeClock()
        self.waits: list[Waiting] = []

    def web(
        self,
        *,
        delay: float = 0.0,
        route_delay: float | None = None,
        interface: bool = False,
        **more: Any,
    ) -> Web:
        routes = {
            host: Route(base=self.replica.base, delay_seconds=route_delay) for host in Pages.hosts
        }
        given: dict[str, Any] = {"routes": routes, "contact": "mailto:me@example.org", **more}
        access = Access(
            cache=self.folder / "http.sqlite",
            clock=self.clock,
            heard=self.waits.append,
            **given,
        )
        return Web((HOST, OTHER), delay, access, interface=interface)


@contextmanager
def world(
    folder: Path, pages: dict[str, Answer], *, for_ever: bool = False, **faulty: Any
) -> Iterator[World]:
    site: Any = Pages(pages)
    if faulty:
        site = faults.Faulty(site, faulty["faults"], for_ever=for_ever)
    with serving(site) as replica:
        yield World(folder, replica)


CASE = html("<title>A case</title><body><h1>A case</h1>")


def failing(web: Web, path: str, kind: Kind = Kind.PAGE) -> CovidxrError:
    with web, pytest.raises(CovidxrError) as caught:
        web.get(SITE + path, kind=kind)
    return caught.value


# --- who asks, and how often ---------------------------------------------------------------------


def test_the_user_agent_names_program_version_project_and_contact(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE}) as w:
        with w.web() as web:
            web.get(f"{SITE}/a")
        assert set(w.replica.agents) == {
            f"covidxr/{__version__} (+https://github.com/covidxr/covidxr; mailto:me@example.org)"
        }


def test_robots_txt_is_read_once_and_first(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE, "/b": CASE}) as w, w.web() as web:
        web.get(f"{SITE}/a")
        web.get(f"{SITE}/b")
        assert w.replica.asked == [f"{HOST}/robots.txt", f"{HOST}/a", f"{HOST}/b"]


def robots(text: str, **more: Any) -> dict[str, Answer]:
    answer = Answer(body=text.encode(), content_type="text/plain", **more)
    return {"/robots.txt": answer, "/a": CASE, "/open/a": CASE, "/shut/b": CASE}


def test_what_robots_txt_forbids_is_not_asked(tmp_path: Path) -> None:
    pages = robots("User-agent: *\nDisallow: /shut\n")
    with world(tmp_path, pages) as w:
        with w.web() as web:
            web.get(f"{SITE}/open/a")
        problem = failing(w.web(), "/shut/b")
        assert isinstance(problem, RefusedError)
        assert str(problem) == f"{SITE}/shut/b is not asked: {SITE}/robots.txt forbids it"
        assert w.replica.pages() == [f"{HOST}/open/a"]


def test_rules_for_this_program_win_over_those_for_all_and_the_longest_path_wins(
    tmp_path: Path,
) -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: covidxr\nDisallow: /shut\nAllow: /shut/b\n"
    with world(tmp_path, robots(text)) as w, w.web() as web:
        assert web.get(f"{SITE}/shut/b").body == CASE.body
        assert web.get(f"{SITE}/open/a").body == CASE.body


@pytest.mark.parametrize(
    "pages",
    [
        {"/a": CASE},
        {"/a": CASE, "/robots.txt": html("<html><title>Nothing here</title><body>x")},
        {"/a": CASE, "/robots.txt": Answer(status=403, body=b"no", content_type="text/plain")},
        {"/a": CASE, "/robots.txt": faults.redirect("/robots2"), "/robots2": Answer(body=b"")},
    ],
    ids=["missing", "a web page", "refused", "elsewhere"],
)
def test_a_robots_txt_that_says_nothing_forbids_nothing(
    pages: dict[str, Answer], tmp_path: Path
) -> None:
    with world(tmp_path, pages) as w, w.web() as web:
        assert web.get(f"{SITE}/a").body == CASE.body


def test_a_server_that_cannot_say_its_rules_is_not_asked_at_all(tmp_path: Path) -> None:
    pages = {"/a": CASE, "/robots.txt": Answer(status=500, body=b"oops")}
    with world(tmp_path, pages) as w:
        problem = failing(w.web(), "/a")
        assert isinstance(problem, SourceStoppedError)
        assert "robots.txt cannot be read" in str(problem)
        assert w.replica.pages() == []


def test_a_challenge_in_place_of_robots_txt_stops_everything(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE, "/robots.txt": faults.challenge()}) as w:
        assert isinstance(failing(w.web(), "/a"), SourceStoppedError)


def test_requests_keep_the_delay_and_say_why(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE, "/b": CASE, "/c": CASE}) as w, w.web(delay=3) as web:
        for path in ("/a", "/b", "/c"):
            web.get(SITE + path)
        assert w.clock.slept == pytest.approx([3, 3, 3])
        assert {(each.host, each.why) for each in w.waits} == {
            (HOST, "the delay that the source asks for")
        }


def test_each_host_has_a_pace_of_its_own(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE, "/b": CASE}) as w, w.web(delay=3) as web:
        web.get(f"{SITE}/a")
        assert w.clock.slept == pytest.approx([3])
        # Its own robots.txt goes out at once, the page behind it after the delay.
        web.get(f"https://{OTHER}/b")
        assert w.clock.slept == pytest.approx([3, 3])


def test_a_crawl_delay_is_never_undercut(tmp_path: Path) -> None:
    with world(tmp_path, robots("User-agent: *\nCrawl-delay: 7\n")) as w:
        with w.web(delay=1, route_delay=0) as web:
            web.get(f"{SITE}/a")
            web.get(f"{SITE}/open/a")
        assert w.clock.slept[-1] == pytest.approx(7)
        assert w.waits[-1].why == "the delay that robots.txt asks for"


def test_a_routed_host_may_be_asked_without_delay(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE, "/b": CASE}) as w, w.web(delay=3, route_delay=0) as web:
        web.get(f"{SITE}/a")
        web.get(f"{SITE}/b")
        assert w.clock.slept == []


# --- what is kept --------------------------------------------------------------------------------


def test_what_was_fetched_once_costs_no_second_request(tmp_path: Path) -> None:
    pages = {"/a": CASE, "/r": faults.redirect("/a"), "/i": file(picture(1), "image/png")}
    with world(tmp_path, pages) as w:
        seen = []
        for _ in range(2):
            with w.web() as web:
                seen += [web.get(f"{SITE}/r"), web.get(f"{SITE}/i", kind=Kind.IMAGE)]
                sent = web.sent
        assert seen[:2] == seen[2:]
        assert sent == 0
        assert len(w.replica.asked) == 4


def test_refresh_asks_with_validators_and_keeps_when_the_bytes_came(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE}) as w:
        with w.web() as web:
            first = web.get(f"{SITE}/a")
        w.clock.sleep(3600)
        with w.web(refresh=True) as web:
            again = web.get(f"{SITE}/a")
            assert web.sent == 1
        assert w.replica.statuses[-1] == 304
        assert again == first
        assert again.retrieved_at == "2026-01-02T03:04:05Z"


def test_refresh_brings_what_has_changed(tmp_path: Path) -> None:
    pages = {"/a": CASE}
    with world(tmp_path, pages) as w:
        with w.web() as web:
            web.get(f"{SITE}/a")
        pages["/a"] = html("<body>changed")
        with w.web() as web:
            assert web.get(f"{SITE}/a").body == CASE.body
        with w.web(refresh=True) as web:
            assert b"changed" in web.get(f"{SITE}/a").body
        with w.web() as web:
            assert b"changed" in web.get(f"{SITE}/a").body


def test_a_mirrors_answer_is_not_taken_for_the_sites(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE}) as w:
        with w.web() as web:
            assert web.get(f"{SITE}/a").via == w.replica.base
        other = {HOST: Route(base=f"{w.replica.base}/mirror", delay_seconds=0)}
        with w.web(routes=other) as web, pytest.raises(GoneError):
            web.get(f"{SITE}/a")


def test_what_was_of_no_use_is_asked_anew_when_told(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE}) as w:
        with w.web() as web:
            web.get(f"{SITE}/a")
            web.forget(f"{SITE}/a")
        with w.web() as web:
            web.get(f"{SITE}/a")
            assert web.sent == 1


def test_a_page_that_was_not_there_is_asked_again(tmp_path: Path) -> None:
    pages: dict[str, Answer] = {}
    with world(tmp_path, pages) as w:
        assert isinstance(failing(w.web(), "/a"), GoneError)
        pages["/a"] = CASE
        with w.web() as web:
            assert web.get(f"{SITE}/a").body == CASE.body


def test_where_a_list_ends_is_kept_for_a_day(tmp_path: Path) -> None:
    with world(tmp_path, {}) as w:
        for _ in range(2):
            with w.web() as web, pytest.raises(GoneError):
                web.get(f"{SITE}/page/9/", kind=Kind.LISTING)
        assert w.replica.pages() == [f"{HOST}/page/9/"]


def test_a_cache_that_is_none_is_told_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "http.sqlite").write_bytes(b"not a database at all, and long enough to be read")
    with (
        world(tmp_path, {}) as w,
        pytest.raises(CollectionError, match=r"http\.sqlite cannot be written: .*may be removed"),
    ):
        w.web()


def test_a_cache_in_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with (
        world(tmp_path / "absent", {}) as w,
        pytest.raises(CollectionError, match=r"unable to open database file"),
    ):
        w.web()


# --- where it goes, and where it does not --------------------------------------------------------


def test_path_query_and_host_header_reach_a_mirror_unchanged(tmp_path: Path) -> None:
    path = "/a//b%20c/16654_1_1.png?itok=x%2Fy&b=1"
    with world(tmp_path, {path: file(picture(2), "image/png")}) as w, w.web() as web:
        page = web.get(f"{SITE}{path}#part", kind=Kind.IMAGE)
        assert page.url == SITE + path
        assert w.replica.pages() == [HOST + path]


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example.com/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "ftp://www.example.org/a",
        "javascript:alert(1)",
        "//elsewhere.example.com/a",
        "http://[half",
        "https://www.example.org:99999999/",
        "data:text/html,x",
        "http://www.example.org:22/a",
    ],
)
def test_a_redirect_to_where_the_source_has_no_host_is_not_followed(
    target: str, tmp_path: Path
) -> None:
    with world(tmp_path, {"/a": faults.redirect(target)}) as w:
        problem = failing(w.web(), "/a")
        assert isinstance(problem, FetchError)
        assert "leads to" in str(problem) or "port" in str(problem)
        assert not isinstance(problem, UnreachableError)
        assert w.replica.pages() == [f"{HOST}/a"]


def test_redirects_in_a_circle_and_without_end_are_told(tmp_path: Path) -> None:
    circle = {"/a": faults.redirect("/b"), "/b": faults.redirect("/a")}
    with world(tmp_path, circle) as w:
        assert "leads in a circle" in str(failing(w.web(), "/a"))
    chain = {f"/{number}": faults.redirect(f"/{number + 1}") for number in range(20)}
    with world(tmp_path, chain) as w:
        assert "leads on more than 5 times" in str(failing(w.web(), "/0"))
        assert len(w.replica.pages()) == 6


@pytest.mark.parametrize(
    "url",
    [
        *("https://elsewhere.org/", "file:///etc/passwd", "www.example.org/a", "", "http://"),
        *("https://me:secret@www.example.org/", "http://www.example.org@127.0.0.1/"),
    ],
)
def test_an_address_that_is_not_the_sources_is_refused_without_a_request(
    url: str, tmp_path: Path
) -> None:
    with world(tmp_path, {}) as w:
        with w.web() as web, pytest.raises(RefusedError):
            web.get(url)
        assert w.replica.asked == []


def test_a_name_that_leads_to_a_private_address_is_not_spoken_to(tmp_path: Path) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(2)
                heard.append(connection.recv(100))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        access = Access(cache=tmp_path / "c.sqlite", clock=FakeClock())
        with Web(("localhost",), 0, access) as web, pytest.raises(RefusedError) as caught:
            web.get(f"http://localhost:{port}/a")
        thread.join(5)
    assert "no public address" in str(caught.value)
    assert "[http.route]" in str(caught.value)
    assert heard in ([], [b""])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound to it
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False),
        ("::127.0.0.1", False),
    ],
)
def test_public_addresses_are_told_from_all_others(address: str, *, public: bool) -> None:
    class Connected:
        closed = False

        def getpeername(self) -> tuple[str, int]:
            return address, 80

        def close(self) -> None:
            self.closed = True

    connected: Any = Connected()
    if public:
        netline._check_public(connected, "x.org")
    else:
        with pytest.raises(netline.PrivateAddressError):
            netline._check_public(connected, "x.org")
    assert connected.closed is not public


# --- answers that are none -----------------------------------------------------------------------


def test_what_is_not_there_is_gone(tmp_path: Path) -> None:
    with world(tmp_path, {"/b": html("<body>", status=410)}) as w:
        assert str(failing(w.web(), "/a")) == f"{SITE}/a is not there (404)"
        assert isinstance(failing(w.web(), "/b"), GoneError)


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_that_may_not_be_read_is_refused(status: int, tmp_path: Path) -> None:
    with world(tmp_path, {"/a": html("<title>Access denied</title><body>", status=status)}) as w:
        assert isinstance(failing(w.web(), "/a"), RefusedError)


def test_an_error_of_the_server_is_told_with_its_number(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": html("<body>", status=500)}) as w:
        problem = failing(w.web(), "/a")
        assert type(problem) is FetchError
        assert "answers 500" in str(problem)


STOPS = {
    "a challenge with status 200": (
        html("<title>Just a moment...</title><body>"),
        Kind.PAGE,
        "Just a moment",
    ),
    "a challenge with status 403": (faults.challenge(), Kind.PAGE, "Just a moment"),
    "being verified": (
        html("<title>x.org</title><body>Please wait while your request is being verified"),
        Kind.PAGE,
        "verified",
    ),
    "a sign-in page": (faults.redirect("/users/sign_in"), Kind.PAGE, "sign-in page"),
    "a page for a picture": (html("<html><body>hello"), Kind.IMAGE, "where an image is due"),
    "a page for JSON": (html("<html><body>hello"), Kind.JSON, "where JSON is due"),
    "a page for a volume": (html("<html><body>hello"), Kind.VOLUME, "where a volume is due"),
}


@pytest.mark.parametrize(("answer", "kind", "words"), STOPS.values(), ids=STOPS)
def test_a_site_that_asks_who_is_there_is_left_alone(
    answer: Answer, kind: Kind, words: str, tmp_path: Path
) -> None:
    with world(tmp_path, {"/a": answer, "/users/sign_in": CASE}) as w:
        problem = failing(w.web(), "/a", kind)
        assert isinstance(problem, SourceStoppedError)
        assert words in str(problem)
        assert "--from" in str(problem)
        assert w.replica.pages() == [f"{HOST}/a"]
        # It is not remembered as the answer.
        failing(w.web(), "/a", kind)
        assert len(w.replica.pages()) == 2


def test_json_is_no_web_page(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": as_json([1, "<html>"])}) as w, w.web() as web:
        assert web.get(f"{SITE}/a", kind=Kind.JSON).text == '[1, "<html>"]'


@pytest.mark.parametrize("body", [b"", b'[{"id":', b"[" * 100_000, b"sorry"])
def test_what_is_no_json_is_told_and_asked_for_anew(body: bytes, tmp_path: Path) -> None:
    pages = {"/a": Answer(body=body, content_type="application/json")}
    with world(tmp_path, pages) as w:
        problem = failing(w.web(), "/a", Kind.JSON)
        assert str(problem) == f"{SITE}/a gives no JSON, or half of it"
        pages["/a"] = as_json([])
        with w.web() as web:
            assert web.get(f"{SITE}/a", kind=Kind.JSON).text == "[]"


# --- patience ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_site_is_asked_again_when_it_says(status: int, tmp_path: Path) -> None:
    answers = [faults.busy(status, "17")]
    with world(tmp_path, {"/a": CASE}, faults={"/a": answers}) as w, w.web(delay=1) as web:
        assert web.get(f"{SITE}/a").body == CASE.body
        assert max(w.clock.slept) == pytest.approx(17)
        assert f"answered {status}" in " ".join(each.why for each in w.waits)


def test_a_date_to_come_back_at_is_understood(tmp_path: Path) -> None:
    answers = [faults.busy(429, faults.in_seconds(40))]
    with world(tmp_path, {"/a": CASE}, faults={"/a": answers}) as w, w.web() as web:
        assert web.get(f"{SITE}/a").body == CASE.body
        assert 35 < max(w.clock.slept) <= 41


def test_after_too_many_requests_the_pace_stays_slower(tmp_path: Path) -> None:
    pages = {"/a": CASE, "/b": CASE, "/c": CASE}
    with world(tmp_path, pages, faults={"/a": [faults.busy()]}) as w, w.web(delay=3) as web:
        for path in ("/a", "/b", "/c"):
            web.get(SITE + path)
        assert w.clock.slept[-2:] == pytest.approx([6, 6])


def test_a_site_that_stays_busy_is_left_alone(tmp_path: Path) -> None:
    answers = [faults.busy(503)]
    with world(tmp_path, {}, faults={"/a": answers}, for_ever=True) as w:
        problem = failing(w.web(), "/a")
        assert isinstance(problem, SourceStoppedError)
        assert "asked too often or is busy (503)" in str(problem)
        assert len(w.replica.pages()) == 5


def test_a_site_that_says_to_come_back_much_later_is_not_waited_for(tmp_path: Path) -> None:
    with world(tmp_path, {}, faults={"/a": [faults.busy(429, "7200")]}) as w:
        problem = failing(w.web(), "/a")
        assert isinstance(problem, SourceStoppedError)
        assert "come back in 120 minutes" in str(problem)
        assert max(w.clock.slept, default=0) == 0


def test_a_connection_that_breaks_is_tried_again(tmp_path: Path) -> None:
    answers = [faults.reset()]
    with world(tmp_path, {"/a": CASE}, faults={"/a": answers}) as w, w.web() as web:
        assert web.get(f"{SITE}/a").body == CASE.body
        assert len(w.replica.pages()) == 2


def test_a_connection_that_always_breaks_is_told(tmp_path: Path) -> None:
    with world(tmp_path, {}, faults={"/a": [faults.reset()]}, for_ever=True) as w:
        problem = failing(w.web(), "/a")
        assert isinstance(problem, UnreachableError)
        assert "cannot be reached" in str(problem)
        assert len(w.replica.pages()) == 3


def test_a_body_that_is_cut_short_is_tried_again_and_then_told(tmp_path: Path) -> None:
    body = picture(5)
    one = {"/a": [faults.cut(body, "image/png")]}
    with world(tmp_path, {"/a": file(body, "image/png")}, faults=one) as w, w.web() as web:
        assert web.get(f"{SITE}/a", kind=Kind.IMAGE).body == body
    with world(tmp_path, {}, faults={"/b": [faults.cut(body, "image/png")]}, for_ever=True) as w:
        problem = failing(w.web(), "/b", Kind.IMAGE)
        assert type(problem) is FetchError
        assert "cut short" in str(problem)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = {
        "/said": faults.endless("image/png", 1_000_000_000),
        "/unsaid": faults.endless("image/png"),
    }
    with world(tmp_path, large) as w:
        problem = failing(w.web(), "/said", Kind.IMAGE)
        assert str(problem) == (
            f"{SITE}/said is too large: 1,000,000,000 bytes; the limit is 100,000,000"
        )
        monkeypatch.setitem(edge._LIMITS, Kind.IMAGE, (5_000_000, 60.0))
        assert "is too large: more than 5,000,000 bytes" in str(
            failing(w.web(), "/unsaid", Kind.IMAGE)
        )


def test_what_unpacks_to_too_much_is_stopped_on_the_way(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": faults.bomb()}) as w:
        problem = failing(w.web(), "/a")
        assert "is too large: more than 10,000,000 bytes" in str(problem)


def test_an_answer_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    class Hurrying(FakeClock):
        """Each look at it is ten seconds later."""

        def monotonic(self) -> float:
            self.seconds += 10
            return self.seconds

    with world(tmp_path, {"/a": faults.dripping(0.01)}) as w:
        w.clock = Hurrying()
        problem = failing(w.web(), "/a")
        assert isinstance(problem, UnreachableError)
        assert "sends so slowly" in str(problem)


# --- a world that is not there -------------------------------------------------------------------


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise error

    return fail


def test_a_host_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    access = Access(cache=tmp_path / "c.sqlite", clock=FakeClock())
    with Web(("no-such-host.invalid",), 0, access) as web:
        with pytest.raises(
            UnreachableError, match=r"there is no host no-such-host\.invalid, or no"
        ):
            web.get("https://no-such-host.invalid/a")
        assert web.sent == 1


def test_a_certificate_that_is_wrong_is_told_and_not_passed_over(tmp_path: Path) -> None:
    ssl_context, port = tls_server()
    with ssl_context:
        access = Access(
            cache=tmp_path / "c.sqlite",
            clock=FakeClock(),
            routes={HOST: Route(base=f"https://localhost:{port}", delay_seconds=0)},
        )
        with Web((HOST,), 0, access) as web:
            with pytest.raises(
                UnreachableError, match=r"the certificate of localhost is not valid"
            ):
                web.get(f"{SITE}/a")
            assert web.sent == 1


@contextmanager
def _listening(server: socket.socket, context: Any) -> Iterator[None]:
    def serve() -> None:
        try:
            while True:
                connection, _ = server.accept()
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    connection.close()
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.close()


def tls_server() -> tuple[Any, int]:
    """A server whose certificate nobody has signed but itself."""
    import ssl
    import tempfile

    trustme = pytest.importorskip("trustme", reason="trustme makes the certificate")
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as key:
        issued = authority.issue_cert("localhost")
        issued.private_key_and_cert_chain_pem.write_to_path(key.name)
        context.load_cert_chain(key.name)
    server = socket.create_server(("127.0.0.1", 0))
    return _listening(server, context), server.getsockname()[1]


def test_no_password_of_the_users_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text(f"machine {HOST} login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    sent: list[requests.PreparedRequest] = []
    real = HTTPAdapter.send

    def spy(self: Any, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        sent.append(request)
        return real(self, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", spy)
    answer = html("<body>", headers=(("Set-Cookie", "who=me; Path=/"),))
    with world(tmp_path, {"/a": answer, "/b": CASE}) as w, w.web() as web:
        web.get(f"{SITE}/a")
        web.get(f"{SITE}/b")
    assert len(sent) == 3
    for request in sent:
        assert not {"Authorization", "Cookie"} & set(request.headers)


def test_when_the_bytes_came_is_said_in_utc(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE}) as w, w.web() as web:
        told = web.get(f"{SITE}/a").retrieved_at
        assert dt.datetime.fromisoformat(told) == w.clock.utc_now()


def test_a_cache_is_json_inside_and_runs_nothing(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE}) as w, w.web() as web:
        web.get(f"{SITE}/a")
    with sqlite3.connect(tmp_path / "http.sqlite") as connection:
        values = [row[0] for row in connection.execute("SELECT value FROM responses")]
    connection.close()
    assert values
    assert all(str(value).startswith("{") for value in values)


def test_a_way_round_robots_txt_by_dots_is_none(tmp_path: Path) -> None:
    pages = robots("User-agent: *\nDisallow: /shut\n")
    pages["/r"] = faults.redirect(f"{SITE}/open/../shut/b")
    with world(tmp_path, pages) as w:
        assert isinstance(failing(w.web(), "/open/../shut/b"), RefusedError)
        assert isinstance(failing(w.web(), "/r"), RefusedError)
        assert w.replica.pages() == [f"{HOST}/r"]


@pytest.mark.parametrize("delay", ["99999", "1e300"])
def test_a_crawl_delay_that_nobody_waits_for_ends_the_run(delay: str, tmp_path: Path) -> None:
    with world(tmp_path, robots(f"User-agent: *\nCrawl-delay: {delay}\n")) as w:
        problem = failing(w.web(), "/a")
        assert isinstance(problem, SourceStoppedError)
        assert "between two requests" in str(problem)
        assert w.replica.pages() == []


@pytest.mark.parametrize("delay", ["inf", "nan", "soon", ""])
def test_a_crawl_delay_that_is_no_number_is_none(delay: str, tmp_path: Path) -> None:
    with world(tmp_path, robots(f"User-agent: *\nCrawl-delay: {delay}\n")) as w, w.web() as web:
        assert web.get(f"{SITE}/a").body == CASE.body
        assert w.clock.slept == []


def test_a_crawl_delay_holds_from_robots_txt_on(tmp_path: Path) -> None:
    with world(tmp_path, robots("User-agent: *\nCrawl-delay: 7\n")) as w:
        with w.web(route_delay=0) as web:
            web.get(f"{SITE}/a")
        assert w.clock.slept == pytest.approx([7])


@pytest.mark.parametrize(
    "said", ["soon", "-5", "2.5", "Mon, 99 Foo 2026", "Fri, 31 Dec 99999999999 23:59:59 GMT"]
)
def test_a_retry_after_that_cannot_be_read_is_as_if_none_were_given(
    said: str, tmp_path: Path
) -> None:
    answers = [faults.busy(429, said)]
    with world(tmp_path, {"/a": CASE}, faults={"/a": answers}) as w, w.web() as web:
        assert web.get(f"{SITE}/a").body == CASE.body


def test_the_way_to_what_is_no_answer_is_not_remembered(tmp_path: Path) -> None:
    pages = {"/a": faults.redirect("/works"), "/works": html("<body>", status=500)}
    with world(tmp_path, pages) as w:
        failing(w.web(), "/a")
        pages["/a"] = CASE
        with w.web() as web:
            assert web.get(f"{SITE}/a").body == CASE.body


def test_an_address_with_blanks_is_forgotten_like_any_other(tmp_path: Path) -> None:
    with world(tmp_path, {"/a%20%C3%BC": CASE}) as w:
        for _ in range(2):
            with w.web() as web:
                web.get(f"{SITE}/a ü")
                web.forget(f"{SITE}/a ü")
                assert web.sent >= 1
        assert w.replica.pages() == [f"{HOST}/a%20%C3%BC"] * 2


def test_a_cache_that_another_process_holds_is_told_and_not_waited_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "_BUSY_MILLISECONDS", 100)
    with world(tmp_path, {"/a": CASE}) as w, w.web() as web:
        other = sqlite3.connect(tmp_path / "http.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CollectionError, match=r"http\.sqlite cannot be written: .*locked"):
            web.get(f"{SITE}/a")
        other.execute("ROLLBACK")
        other.close()
        assert web.get(f"{SITE}/a").body == CASE.body


def test_a_cache_that_is_damaged_is_told(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": CASE}) as w:
        with w.web() as web:
            web.get(f"{SITE}/a")
        with sqlite3.connect(tmp_path / "http.sqlite") as connection:
            connection.execute("DROP TABLE responses")
            connection.execute("CREATE TABLE responses (one INTEGER)")
        connection.close()
        with pytest.raises(CollectionError, match=r"may be removed"), w.web() as web:
            web.get(f"{SITE}/a")


# --- interfaces for programs ---------------------------------------------------------------------


def test_an_interface_is_asked_without_robots_txt(tmp_path: Path) -> None:
    with world(tmp_path, {"/api": as_json({})}) as w:
        with w.web(interface=True) as web:
            web.get(f"{SITE}/api", kind=Kind.RECORD)
        assert w.replica.asked == [f"{HOST}/api"]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_error_of_an_interface_is_asked_about_again_and_is_not_kept(
    tmp_path: Path, status: int
) -> None:
    answer = as_json({"status": status, "error": "Internal Server Error"}, status=status)
    with world(tmp_path, {"/api": answer}) as w:
        problem = failing(w.web(interface=True), "/api", Kind.RECORD)
        assert isinstance(problem, FetchError)
        assert problem.status == status
        assert "Internal Server Error" in problem.said
        assert len(w.replica.asked) == 5
        failing(w.web(interface=True), "/api", Kind.RECORD)
        assert len(w.replica.asked) == 10


def test_an_error_of_a_site_is_not_asked_about_again(tmp_path: Path) -> None:
    with world(tmp_path, {"/a": html("<title>500</title><body>", status=500)}) as w:
        failing(w.web(), "/a")
        assert w.replica.pages() == [f"{HOST}/a"]


@pytest.mark.parametrize("kind", [Kind.RECORD, Kind.XML, Kind.PDF, Kind.IMAGE])
def test_a_web_page_of_an_interface_is_the_failure_of_one_request(
    tmp_path: Path, kind: Kind
) -> None:
    with world(tmp_path, {"/api": html("<title>Preparing</title><body>Please wait")}) as w:
        problem = failing(w.web(interface=True), "/api", kind)
        assert isinstance(problem, FetchError)
        assert "gives a web page" in str(problem)


def test_what_the_body_says_comes_with_a_refusal(tmp_path: Path) -> None:
    with world(tmp_path, {"/api": as_json({"message": "no\naddress"}, status=422)}) as w:
        problem = failing(w.web(interface=True), "/api", Kind.RECORD)
        assert isinstance(problem, FetchError)
        assert (problem.status, problem.said) == (422, '{"message": "no\\naddress"}')


def test_what_is_no_pdf_is_refused_by_its_bytes(tmp_path: Path) -> None:
    answer = file(b"GIF89a", "application/pdf")
    with world(tmp_path, {"/a.pdf": answer}) as w:
        assert "gives no PDF" in str(failing(w.web(), "/a.pdf", Kind.PDF))


def test_a_record_is_kept_for_a_day_and_an_article_for_good(tmp_path: Path) -> None:
    pages = {"/record": as_json({}), "/text": file(b"<article/>", "application/xml")}
    with world(tmp_path, pages) as w:
        for _ in range(2):
            with w.web(interface=True) as web:
                web.get(f"{SITE}/record", kind=Kind.RECORD)
                web.get(f"{SITE}/text", kind=Kind.XML)
        assert w.replica.asked == [f"{HOST}/record", f"{HOST}/text"]


def test_an_article_of_more_than_thirty_megabytes_is_refused(tmp_path: Path) -> None:
    pages = {"/text": file(b"<article>" + b" " * 30_000_001, "application/xml")}
    with world(tmp_path, pages) as w:
        problem = failing(w.web(interface=True), "/text", Kind.XML)
        assert "too large" in str(problem)
