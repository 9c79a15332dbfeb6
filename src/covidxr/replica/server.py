"""The replica's server: one port of 127.0.0.1, every site by its Host header."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from covidxr.replica.answers import Answer, html

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.replica.answers import Site


class Replica:
    """A running server.

    Attributes
    ----------
    base : str
        Its address, such as ``"http://127.0.0.1:43210"``.
    asked : list of str
        ``"host/path?query"`` of every request, in order.
    agents : list of str
        The user agent of each.
    """

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = {host: site for site in sites for host in site.hosts}
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.statuses: list[int] = []
        handler = type("Handler", (_Handler,), {"replica": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Answer from now on, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settings(self, *, delay_seconds: float = 0) -> str:
        """The lines of ``covidxr.toml`` that send every host of the sites here."""
        lines = ['[http]\ncontact = "mailto:test@example.org"\n\n[http.route]']
        lines += [
            f'"{host}" = {{ base = "{self.base}", delay_seconds = {delay_seconds} }}'
            for host in self.sites
        ]
        return "\n".join(lines) + "\n"

    def pages(self) -> list[str]:
        """What was asked, without robots.txt."""
        return [each for each in self.asked if not each.endswith("/robots.txt")]


@contextmanager
def serving(*sites: Site) -> Iterator[Replica]:
    """Run a replica for as long as the block lasts."""
    replica = Replica(sites)
    replica.start()
    try:
        yield replica
    finally:
        replica.stop()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    replica: Replica
    # Headers and body leave at once, or each answer waits for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: what was asked is kept."""

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        self.replica.asked.append(host + self.path)
        self.replica.agents.append(self.headers.get("User-Agent", ""))
        site = self.replica.sites.get(host)
        answer = site.answer(host, self.path) if site else None
        if answer is None and self.path == "/robots.txt":
            answer = Answer(status=404, body=b"no robots.txt", content_type="text/plain")
        self.send(answer or html("<title>404</title><body>Not found", status=404))

    def send(self, answer: Answer) -> None:
        if answer.raw is not None:
            self.close_connection = True
            with suppress(OSError):
                answer.raw(self)
            return
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if answer.status == HTTPStatus.OK and self.headers.get("If-None-Match") == tag:
            self.replica.statuses.append(304)
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        self.replica.statuses.append(answer.status)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if not any(name.lower() == "content-length" for name, _ in answer.headers):
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.status == HTTPStatus.OK:
            self.send_header("ETag", tag)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(answer.body)
