"""The line to the network: one request when its turn has come, and its whole answer.

This module opens the connections for :mod:`covidxr.http`, and nothing else uses it. It owns routes,
pace, patience, limits of size and time, and who may be connected to at all. It judges no answer.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError, ProtocolError

from covidxr import __version__
from covidxr.errors import SourceStoppedError
from covidxr.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from covidxr.pacing import Clock
    from covidxr.settings import Route

PROJECT = "https://github.com/covidxr/covidxr"
ROBOT = "covidxr"
"""The name that robots.txt knows this program by."""

LONGEST_WAIT = 600.0
"""Seconds. A site that says to come back later than this is left alone for this run."""

BUSY = (429, 503)
TROUBLED = (*BUSY, 500, 502, 504)
"""Statuses of a programming interface that may be another one a moment later: Europe PMC and NCBI
answer so under load."""

RETRIEVED = "X-Covidxr-Retrieved"
"""Header that an answer is given: when its bytes were received."""

# Networks whose addresses end in an IPv4 address: NAT64 (RFC 6052), and IPv4-compatible ones.
_CARRYING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
_CONNECT_SECONDS, _SILENT_SECONDS = 10.0, 30.0
_CHUNK = 65_536
# How often a request is sent again: to a site that says it is busy, and over a line that breaks.
_TRIES, _BROKEN_TRIES = 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The next request has to wait.

    Parameters
    ----------
    seconds : float
        How long.
    host : str
        Whom it goes to.
    why : str
        A clause: ``"the delay that the source asks for"``.
    """

    seconds: float
    host: str
    why: str


def _unheard(_waiting: Waiting) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How the network is used.

    Parameters
    ----------
    cache : Path or None
        SQLite file of what was fetched, in a folder that exists; None to keep nothing.
    clock : Clock
        Time and sleep.
    contact : str
        Of the curator, for the user agent; may be empty.
    routes : mapping of str to Route
        Hosts that another address answers for.
    refresh : bool
        Whether what is kept is asked for again, with its validators.
    heard : callable
        Told of every wait.
    """

    cache: Path | None
    clock: Clock
    contact: str = ""
    routes: Mapping[str, Route] = field(default_factory=dict)
    refresh: bool = False
    heard: Callable[[Waiting], None] = _unheard

    @property
    def agent(self) -> str:
        """The user agent: name, version, where the project is, how to reach the curator."""
        contact = f"; {self.contact}" if self.contact else ""
        return f"{ROBOT}/{__version__} (+{PROJECT}{contact})"


class TooLargeError(requests.RequestException):
    """An answer has more bytes than what was asked for can have."""


class TooSlowError(requests.RequestException):
    """An answer takes longer, as a whole, than anyone waits."""


class PrivateAddressError(HTTPError):
    """A name leads to an address that is not public."""


def _check_public(connected: socket.socket, host: str) -> None:
    """Look at who has answered before a word is said to them; a name can be made to lead anywhere.

    Source: IANA's special-purpose address registries, as Python's `ipaddress` knows them.
    """
    text = str(connected.getpeername()[0]).partition("%")[0]
    address = ipaddress.ip_address(text)
    if not all(each.is_global and not each.is_multicast for each in _meant(address)):
        connected.close()
        raise PrivateAddressError(
            f"{host} is at {text}, which is no public address; if that is meant, name it in "
            "[http.route]"
        )


def _meant(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Give an address, or the IPv4 addresses that it carries inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    inside = [each for each in (address.sixtofour, *(address.teredo or ())) if each]
    if any(address in network for network in _CARRYING):
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *inside]


class _PublicConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        _check_public(connected, self.host)
        return connected


class _PublicTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        _check_public(connected, self.host)
        return connected


class _PublicPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicTlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _PublicTlsConnection


class _PublicAdapter(HTTPAdapter):
    """Connects to public addresses only; through a proxy, the proxy is who is connected to."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicPool, "https": _PublicTlsPool}


class Line(BaseAdapter):
    """What stands between the cache and the network: routes, pace, patience, limits.

    Parameters
    ----------
    access : Access
        How the network is used.
    delay_seconds : float
        From the start of one request to a host to the start of the next.
    limits : tuple of (int, float)
        Bytes, decompressed, and seconds that the next answer may have.
    again : tuple of int
        Statuses that a request is sent again for.

    Attributes
    ----------
    sent : int
        How many requests went out, repeats included.
    """

    def __init__(
        self,
        access: Access,
        delay_seconds: float,
        limits: tuple[int, float],
        again: tuple[int, ...] = BUSY,
    ) -> None:
        super().__init__()
        self._again = again
        self.sent = 0
        self.limits = limits
        self._access = access
        self._delay = delay_seconds
        self._paces: dict[str, Pace] = {}
        self._public, self._routed = _PublicAdapter(), HTTPAdapter()

    def close(self) -> None:
        """End all connections."""
        self._public.close()
        self._routed.close()

    def floor(self, host: str, seconds: float) -> None:
        """Never ask a host faster than its robots.txt says."""
        pace = self._pace(host.lower())
        pace.floor_seconds = seconds
        # robots.txt itself was a request, if it has just been asked.
        if seconds and pace.asked:
            pace.hold(self._access.clock.monotonic(), seconds)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - limits need it always
        timeout: Any = None,  # noqa: ARG002 - ours
        verify: Any = True,  # noqa: FBT002 - requests' own default
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send a request when its turn has come, again where that may help, and read the answer."""
        host = (urlsplit(request.url or "").hostname or "").lower()
        patience, broken = urllib3.Retry(total=_TRIES, backoff_factor=0.5), 0
        while True:
            self._wait(host)
            try:
                response = self._once(request, host, verify=verify, cert=cert, proxies=proxies)
            except (requests.RequestException, HTTPError) as error:
                broken += 1
                if not _may_pass(error) or broken > _BROKEN_TRIES or not patience.total:
                    raise
                patience = patience.increment(
                    "GET", request.url, error=ProtocolError(str(innermost(error)))
                )
                self._hold(host, patience.get_backoff_time(), "the connection broke")
                continue
            if response.status_code not in self._again or not patience.total:
                return response
            patience = patience.increment("GET", request.url, response=response.raw)
            self._heed(host, response, patience)

    def _heed(self, host: str, response: requests.Response, patience: urllib3.Retry) -> None:
        """Wait as a busy site asks."""
        asked = _retry_after(response, patience)
        if asked is not None and asked > LONGEST_WAIT:
            raise SourceStoppedError(
                f"{host} answers {response.status_code} and asks to come back in "
                f"{asked / 60:,.0f} minutes; nothing more is asked of it now"
            )
        self._pace(host).widen(self._access.clock.monotonic())
        seconds = patience.get_backoff_time() if asked is None else asked
        self._hold(host, seconds, f"{host} answered {response.status_code}")

    def _hold(self, host: str, seconds: float, why: str) -> None:
        pace = self._pace(host)
        pace.hold(self._access.clock.monotonic(), seconds)
        self._wait(host, why)

    def _pace(self, host: str) -> Pace:
        if host not in self._paces:
            route = self._access.routes.get(host)
            given = route.delay_seconds if route else None
            self._paces[host] = Pace(self._delay if given is None else given)
        return self._paces[host]

    def _wait(self, host: str, why: str = "") -> None:
        clock, pace = self._access.clock, self._pace(host)
        seconds = pace.wait(clock.monotonic())
        if seconds > 0:
            asked = "robots.txt" if pace.floor_seconds >= pace.delay_seconds else "the source"
            why = why or f"the delay that {asked} asks for"
            self._access.heard(Waiting(seconds=seconds, host=host, why=why))
            clock.sleep(seconds)

    def _once(
        self, request: requests.PreparedRequest, host: str, *, verify: Any, cert: Any, proxies: Any
    ) -> requests.Response:
        clock = self._access.clock
        started = clock.monotonic()
        self._pace(host).started(started, clock.chance())
        self.sent += 1
        route = self._access.routes.get(host)
        adapter: HTTPAdapter = self._public
        sent = request
        if route is not None:
            sent, adapter, proxies = _routed(request, host, route), self._routed, {}
        response = adapter.send(
            sent,
            stream=True,
            timeout=(_CONNECT_SECONDS, _SILENT_SECONDS),
            verify=verify,
            cert=cert,
            proxies=proxies,
        )
        try:
            most_bytes, most_seconds = self.limits
            self._read(response, most_bytes, started + most_seconds)
        finally:
            response.close()
        # The site's own address stays the answer's, whoever gave it.
        response.url, response.request = request.url or "", request
        if response.status_code != 304:  # noqa: PLR2004 - says nothing of new bytes
            response.headers[RETRIEVED] = clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return response

    def _read(self, response: requests.Response, most: int, until: float) -> None:
        """Read the body piece by piece, with an end to its size and to its time."""
        declared = response.headers.get("Content-Length", "")
        if declared.isdigit() and int(declared) > most:
            raise TooLargeError(f"is too large: {int(declared):,} bytes; the limit is {most:,}")
        body = bytearray()
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            body += piece
            if len(body) > most:
                raise TooLargeError(f"is too large: more than {most:,} bytes")
            if self._access.clock.monotonic() > until:
                raise TooSlowError("it sends so slowly that it is not waited for any longer")
        # What requests keeps of a body that it has read itself.
        response._content = bytes(body)  # noqa: SLF001
        response._content_consumed = True  # type: ignore[attr-defined] # noqa: SLF001


def _retry_after(response: requests.Response, patience: urllib3.Retry) -> float | None:
    """Read when to come back; None where the site does not say so in a way that can be read."""
    try:
        return patience.get_retry_after(response.raw)
    except (HTTPError, ValueError, OverflowError):
        return None


def _may_pass(error: Exception) -> bool:
    """Whether the same request may go well a moment later."""
    if isinstance(error, requests.exceptions.SSLError | TooLargeError | TooSlowError):
        return False
    reason = innermost(error)
    return not isinstance(reason, NameResolutionError | socket.gaierror | PrivateAddressError)


def _routed(request: requests.PreparedRequest, host: str, route: Route) -> requests.PreparedRequest:
    """Send a request elsewhere; path, query and Host header stay as they are."""
    routed = request.copy()
    parts = urlsplit(request.url or "")
    query = f"?{parts.query}" if parts.query else ""
    routed.url = f"{route.base}{parts.path or '/'}{query}"
    routed.headers["Host"] = host if parts.port is None else f"{host}:{parts.port}"
    return routed


def innermost(error: BaseException) -> BaseException:
    """Give the cause that says most: libraries wrap one another's errors up to three times."""
    seen: list[BaseException] = [error]
    while True:
        inner = getattr(seen[-1], "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((each for each in seen[-1].args if isinstance(each, BaseException)), None)
        if inner is None or inner in seen:
            return seen[-1]
        seen.append(inner)
