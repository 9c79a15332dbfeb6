"""The network: one polite reader of the hosts that a source declares.

Only this module opens connections. It keeps what robots.txt, the site's own pace and its answers
ask for, remembers what it was given, and stops where a site asks who is there. It reads no page for
its content: what stands in one is the sources' business.
"""

from __future__ import annotations

import hashlib
import re
import socket
import sqlite3
from contextlib import contextmanager, suppress
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Never, Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from protego import Protego
from requests_cache import NEVER_EXPIRE, CachedSession
from requests_cache.backends.base import BaseCache
from requests_cache.backends.sqlite import SQLiteCache, SQLiteDict
from urllib3.exceptions import HTTPError, IncompleteRead, NameResolutionError, NewConnectionError

from covidxr.challenges import challenge_in, is_sign_in, looks_like_html
from covidxr.errors import (
    CollectionError,
    FetchError,
    GoneError,
    RefusedError,
    SourceStoppedError,
    UnreachableError,
)
from covidxr.netline import (
    BUSY,
    LONGEST_WAIT,
    RETRIEVED,
    ROBOT,
    TROUBLED,
    Line,
    PrivateAddressError,
    TooLargeError,
    TooSlowError,
    innermost,
)
from covidxr.sourcing import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from covidxr.netline import Access

_A_DAY = 86_400
_BUSY_MILLISECONDS = 10_000

MOST_REDIRECTS = 5
"""As RFC 9309 has it for robots.txt; a case page needs one or two."""

# How many bytes, decompressed, and how many seconds in all an answer may take. A case page has some
# 50 KB and the longest list of images 1 MB; a radiograph up to 20 MB; a volume some hundred.
_LIMITS = {
    Kind.PAGE: (10_000_000, 90.0),
    Kind.LISTING: (10_000_000, 90.0),
    Kind.JSON: (30_000_000, 90.0),
    # A thousand full records of a search have some 10 MB, and so has the longest article.
    Kind.RECORD: (30_000_000, 90.0),
    Kind.XML: (30_000_000, 90.0),
    Kind.PDF: (100_000_000, 300.0),
    Kind.IMAGE: (100_000_000, 180.0),
    Kind.VOLUME: (700_000_000, 1800.0),
}
# RFC 9309, 2.5: at least 500 kibibytes are read.
_ROBOTS_BYTES = 1_000_000
# Lists and robots.txt change by the day (RFC 9309, 2.4, allows 24 hours); a case stays as it is
# until the user asks for it anew.
_KEPT = {Kind.LISTING: _A_DAY, Kind.RECORD: _A_DAY}
_ACCEPT = {
    Kind.PAGE: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    Kind.LISTING: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    Kind.JSON: "application/json,*/*;q=0.5",
    Kind.RECORD: "application/json,application/xml;q=0.9,*/*;q=0.5",
    Kind.XML: "application/xml,text/xml,*/*;q=0.5",
    Kind.PDF: "application/pdf,*/*;q=0.5",
    Kind.IMAGE: "image/*,*/*;q=0.5",
    Kind.VOLUME: "*/*",
}
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_KEPT_STATUSES = (200, *_REDIRECTS, *_GONE)


class Web:
    """Fetches for one source; an `Http` as the sources know it.

    Parameters
    ----------
    hosts : tuple of str
        The only ones that are asked.
    delay_seconds : float
        From the start of one request to a host to the start of the next.
    access : Access
        How.
    interface : bool
        Whether the hosts offer an interface for programs, documented as such: robots.txt, which is
        about pages, is not asked then; an error of the server is asked about again; and a web page
        in the place of data is the failure of one request, not a gate before the site.

    Raises
    ------
    CollectionError
        If the cache cannot be written.
    """

    def __init__(
        self,
        hosts: tuple[str, ...],
        delay_seconds: float,
        access: Access,
        *,
        interface: bool = False,
    ) -> None:
        self._interface = interface
        self._hosts = frozenset(host.lower() for host in hosts)
        self._access = access
        self._robots: dict[str, Protego | None] = {}
        self._line = Line(
            access, delay_seconds, _LIMITS[Kind.PAGE], TROUBLED if interface else BUSY
        )
        # Whether it is remembered that nothing is at the address that is asked now.
        self._keep_gone = False
        self._session = _session(access, self._line, self._is_kept)

    @property
    def sent(self) -> int:
        """How many requests went out, robots.txt and repeats included."""
        return self._line.sent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()  # type: ignore[no-untyped-call] # the library has no annotations

    def known(self, prefix: str) -> tuple[str, ...]:  # noqa: ARG002 - the network lists nothing
        """No address is at hand without a request."""
        return ()

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        """Fetch an address, or give what is kept of it.

        Parameters
        ----------
        url : str
            http or https, of one of the source's hosts.
        kind : Kind
            What is expected there.

        Raises
        ------
        FetchError
            If this one cannot be had.
        SourceStoppedError
            If the site asks to stop.
        """
        url = url.partition("#")[0]
        self._check(url, "")
        hops: list[requests.Response] = []
        try:
            final = self._followed(_normal(url), kind, hops)
            response = hops[-1]
            _judge(response, final, kind, interface=self._interface)
        except (FetchError, SourceStoppedError) as problem:
            # What is no answer is not remembered as one, nor is the way to it; that a list has
            # ended is an answer.
            if not (kind is Kind.LISTING and isinstance(problem, GoneError)):
                for hop in hops:
                    self._forget_response(hop)
            raise
        return Page(
            url=final,
            body=response.content,
            content_type=response.headers.get("Content-Type", "").lower(),
            retrieved_at=response.headers.get(RETRIEVED, ""),
            via=self._base(final),
        )

    def _is_kept(self, response: requests.Response) -> bool:
        return self._keep_gone or response.status_code not in _GONE

    def forget(self, url: str) -> None:
        """Ask for an address anew the next time: what came from it is of no use."""
        normal = _normal(url)
        self._session.cache.delete(_key_of("GET", normal, self._base(normal)))

    def _followed(self, url: str, kind: Kind, hops: list[requests.Response]) -> str:
        """Send a request and follow redirects by hand, each checked like the first; note hops."""
        seen = [url]
        while True:
            self._check_robots(url)
            response = self._send(url, kind)
            hops.append(response)
            target = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or not target:
                return url
            url = self._redirected(url, target, seen)
            seen.append(url)

    def _redirected(self, url: str, target: str, seen: list[str]) -> str:
        try:
            new = urljoin(url, target.strip()).partition("#")[0]
            urlsplit(new)
        except ValueError:
            raise FetchError(f"{url} leads to {target!r}, which is no address", url) from None
        self._check(new, f"{url} leads to it")
        new = _normal(new)
        if urlsplit(new).port not in {None, 80, 443}:
            raise RefusedError(
                f"{new} is not asked: its port is no web site's ({url} leads to it)", url
            )
        if is_sign_in(new):
            _stop(url, f"it leads to a sign-in page, {new}")
        if new in seen:
            raise FetchError(f"{seen[0]} leads in a circle, by way of {new}", url)
        if len(seen) > MOST_REDIRECTS:
            raise FetchError(f"{seen[0]} leads on more than {MOST_REDIRECTS} times", url)
        return new

    def _check(self, url: str, how: str) -> None:
        """Refuse what is no web address of a declared host; `how` says how one got there."""
        because = f" ({how})" if how else ""
        try:
            parts = urlsplit(url)
            host, _ = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise RefusedError(f"{url!r} is no web address{because}", url) from None
        if parts.username is not None or parts.password is not None:
            raise RefusedError(
                f"{url!r} carries a name or a password, and is not asked{because}", url
            )
        if parts.scheme not in {"http", "https"} or not host:
            raise RefusedError(f"{url!r} is no web address, and is not followed{because}", url)
        if host not in self._hosts:
            raise RefusedError(
                f"{url} is not asked: {host} is not one of the source's hosts{because}", url
            )

    def _send(self, url: str, kind: Kind, *, robots: bool = False) -> requests.Response:
        self._line.limits = (_ROBOTS_BYTES, 60.0) if robots else _LIMITS[kind]
        self._keep_gone = robots or kind is Kind.LISTING
        try:
            return self._session.get(
                url,
                allow_redirects=False,
                headers={"Accept": "text/plain,*/*;q=0.5" if robots else _ACCEPT[kind]},
                expire_after=_A_DAY if robots else _KEPT.get(kind, NEVER_EXPIRE),
                refresh=self._access.refresh and not robots,
            )
        except (requests.RequestException, HTTPError) as error:
            raise _translated(error, url, self._base(url)) from error
        except sqlite3.Error as error:
            msg = f"{self._access.cache} cannot be used: {error}; it is a cache, and may be removed"
            raise CollectionError(msg) from error
        except (ValueError, UnicodeError) as error:
            # Hosts that cannot be written in ASCII, and the like.
            raise RefusedError(
                f"{url!r} cannot be asked, or leads to what is no address: {error}", url
            ) from error

    def _check_robots(self, url: str) -> None:
        if self._interface:
            return
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        rules = self._robots[origin]
        if rules is None:
            raise SourceStoppedError(
                f"{origin}/robots.txt cannot be read: the server has an error of its own, and "
                "until it is mended nothing may be asked (RFC 9309); try again later"
            )
        if not rules.can_fetch(url, ROBOT):
            raise RefusedError(f"{url} is not asked: {origin}/robots.txt forbids it", url)

    def _read_robots(self, origin: str) -> Protego | None:
        """Read the rules of a site; None where they cannot be known, which forbids everything."""
        url = f"{origin}/robots.txt"
        response = self._send(url, Kind.PAGE, robots=True)
        seen = [url]
        while response.status_code in _REDIRECTS and response.headers.get("Location"):
            url = self._redirected(url, response.headers["Location"], seen)
            seen.append(url)
            response = self._send(url, Kind.PAGE, robots=True)
        headers = {name.lower(): value for name, value in response.headers.items()}
        if why := challenge_in(response.content, headers):
            self._forget_response(response)
            _stop(url, why)
        if response.status_code >= 500:  # noqa: PLR2004 - RFC 9309, 2.3.1.4
            return None
        body = response.content if response.status_code == 200 else b""  # noqa: PLR2004
        if looks_like_html(body, headers.get("content-type", "")):
            # A site that answers every address with a page has no robots.txt.
            body = b""
        rules = Protego.parse(body.decode("utf-8-sig", "replace"))
        delay = float(rules.crawl_delay(ROBOT) or 0)
        # Not a number is no larger than anything, either.
        if not delay <= LONGEST_WAIT:
            raise SourceStoppedError(
                f"{origin}/robots.txt asks for {delay:g} seconds between two requests, more "
                f"than the {LONGEST_WAIT:g} that are ever waited; nothing is asked of this site"
            )
        self._line.floor(urlsplit(origin).hostname or "", delay)
        return rules

    def _base(self, url: str) -> str:
        route = self._access.routes.get((urlsplit(url).hostname or "").lower())
        return route.base if route else ""

    def _forget_response(self, response: requests.Response) -> None:
        key = getattr(response, "cache_key", None)
        if key:
            self._session.cache.delete(key)


def _stop(url: str, seen: str) -> Never:
    raise SourceStoppedError(
        f"{url} does not answer with what was asked for: {seen}. Nothing more is asked of this "
        "site. Open the address in a browser, save the pages that you need, and read them with "
        "--from; or try again another day"
    )


def _judge(response: requests.Response, url: str, kind: Kind, *, interface: bool = False) -> None:
    """Raise unless an answer is of the kind that was asked for."""
    status, body = response.status_code, response.content
    said = " ".join(body[:300].decode("utf-8", "replace").split())
    headers = {name.lower(): value for name, value in response.headers.items()}
    if why := challenge_in(body, headers):
        _stop(url, why)
    if status in _GONE:
        raise GoneError(f"{url} is not there ({status})", url, status=status, said=said)
    if status in {401, 403}:
        msg = f"{url} may not be read ({status} {response.reason or ''})".strip()
        raise RefusedError(msg, url, status=status, said=said)
    if status in BUSY:
        raise SourceStoppedError(
            f"{url} says again and again that it is asked too often or is busy ({status}). Nothing "
            "more is asked of this site; try again later, with a longer delay_seconds"
        )
    if status != 200:  # noqa: PLR2004
        msg = f"{url} answers {status} {response.reason or ''}".strip()
        raise FetchError(msg, url, status=status, said=said)
    _judge_body(response, url, kind, interface=interface)


def _judge_body(response: requests.Response, url: str, kind: Kind, *, interface: bool) -> None:
    """Raise unless the body of an answer with status 200 is of the kind that was asked for."""
    body = response.content
    wants_data = kind not in {Kind.PAGE, Kind.LISTING}
    if (
        wants_data
        and looks_like_html(body, response.headers.get("Content-Type", "").lower())
        and body
    ):
        what = {Kind.JSON: "JSON is"}.get(
            kind, f"{'an' if kind in {Kind.IMAGE, Kind.XML} else 'a'} {kind} is"
        )
        if interface:
            raise FetchError(f"{url} gives a web page where {what} due", url)
        _stop(url, f"it gives a web page where {what} due")
    if kind is Kind.PDF and b"%PDF" not in body[:1024]:
        raise FetchError(f"{url} gives no PDF: it begins with {body[:20]!r}", url)
    if kind is Kind.JSON:
        try:
            response.json()
        except (ValueError, RecursionError):
            raise FetchError(f"{url} gives no JSON, or half of it", url) from None


def _translated(error: Exception, url: str, base: str) -> FetchError:
    """Say what went wrong below in the user's words; `base` is where the host is routed to."""
    host, reason = urlsplit(base or url).hostname, innermost(error)
    if isinstance(reason, PrivateAddressError):
        return RefusedError(f"{url} is not asked: {reason}", url)
    if isinstance(error, TooLargeError):
        return FetchError(f"{url} {error}", url)
    if isinstance(reason, IncompleteRead):
        return FetchError(f"{url} was cut short: {reason}", url)
    routed = f" ([http.route] sends {urlsplit(url).hostname} there)" if base else ""
    return UnreachableError(_unreachable(error, reason, url, host or "") + routed, url)


def _unreachable(error: Exception, reason: BaseException, url: str, host: str) -> str:
    # Libraries put what they connected with before the words.
    words = re.sub(r"\AHTTPS?Connection(?:Pool)?\([^)]{0,200}\): ", "", str(reason))
    if isinstance(error, requests.exceptions.SSLError):
        return f"the certificate of {host} is not valid: {words}"
    if isinstance(reason, NameResolutionError | socket.gaierror):
        return f"there is no host {host}, or no network: its name cannot be resolved"
    if isinstance(reason, NewConnectionError):
        return f"{host} cannot be reached: {words}"
    if isinstance(error, requests.exceptions.Timeout | TooSlowError) or isinstance(
        reason, urllib3.exceptions.TimeoutError | TimeoutError
    ):
        return f"{url} does not answer in time: {words}"
    return f"{host} cannot be reached: {words}"


def _session(
    access: Access, line: Line, is_kept: Callable[[requests.Response], bool]
) -> CachedSession:
    if access.cache is not None:
        _check_cache(access.cache)
        kept: BaseCache = _Cache(access.cache)
    else:
        kept = BaseCache()

    def key(request: requests.PreparedRequest, **_options: Any) -> str:
        url = request.url or ""
        route = access.routes.get((urlsplit(url).hostname or "").lower())
        return _key_of(request.method or "GET", url, route.base if route else "")

    session = CachedSession(
        backend=kept,
        allowable_codes=_KEPT_STATUSES,
        key_fn=key,
        filter_fn=is_kept,
    )
    session.headers.clear()
    session.headers.update({"User-Agent": access.agent, "Accept-Encoding": "gzip, deflate"})
    session.headers["Accept-Language"] = "en;q=0.9, it;q=0.8"
    # No password of a .netrc file is sent, and no cookie kept.
    session.auth = _anonymous
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, line)
    return session


class _Rows(SQLiteDict):
    """The library's table, but for what it does when it cannot write: it would try for ever."""

    @contextmanager
    def _acquire_sqlite_lock(self) -> Iterator[None]:
        with self._lock:
            connection = self._connection
            if connection is None:
                raise CollectionError(f"{self.db_path} is closed")
            try:
                # SQLite itself waits for another process, as long as `busy_timeout` says.
                connection.execute("BEGIN IMMEDIATE")
                self._active_transaction = True
                yield
                connection.commit()
            except BaseException as error:
                with suppress(sqlite3.Error):
                    connection.rollback()
                if not isinstance(error, sqlite3.Error):
                    raise
                msg = (
                    f"{self.db_path} cannot be written: {error}. It is a cache: another run may "
                    "hold it, the disk may be full, or it may be damaged; it may be removed"
                )
                raise CollectionError(msg) from error
            finally:
                self._active_transaction = False


class _Cache(SQLiteCache):
    """The library's cache over tables of our own; JSON, so that a cache can run nothing."""

    def __init__(self, path: Path) -> None:
        BaseCache.__init__(self, cache_name=str(path))
        options: dict[str, Any] = {"wal": True, "busy_timeout": _BUSY_MILLISECONDS}
        self.responses = _Rows(path, table_name="responses", serializer="json", **options)
        self.redirects = _Rows(path, table_name="redirects", serializer=None, **options)


def _normal(url: str) -> str:
    """Write an address as it is sent: escaped, without dot segments, its host in ASCII."""
    try:
        return requests.Request("GET", url).prepare().url or url
    except (requests.RequestException, ValueError) as error:
        raise RefusedError(f"{url!r} cannot be asked: {error}", url) from error


def _anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _key_of(method: str, url: str, base: str) -> str:
    """Name an answer in the cache; what a mirror said is not what the site said."""
    return hashlib.sha256(f"{method} {url} {base}".encode("utf-8", "surrogatepass")).hexdigest()


def _check_cache(path: Path) -> None:
    """Refuse a cache that cannot be written: the library would try for ever."""
    try:
        connection = sqlite3.connect(path, timeout=10)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE IF NOT EXISTS covidxr (one INTEGER)")
            connection.execute("COMMIT")
        finally:
            connection.close()
    except sqlite3.Error as error:
        msg = f"{path} cannot be written: {error}; it is a cache, and may be removed"
        raise CollectionError(msg) from error
