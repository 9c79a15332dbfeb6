"""Everything that can go wrong on the way: answers that are slow, broken, hostile or not there."""

from __future__ import annotations

import gzip
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from covidxr.replica.answers import Answer, html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from covidxr.replica.answers import Site


class Faulty:
    """A site some of whose addresses answer otherwise.

    Parameters
    ----------
    site : Site
        What is asked where no fault is due.
    faults : mapping
        From an address, ``"host/path?query"`` or a part of it, to the answers that it gives one
        after another. When they are used up, the site answers; the last one stays where
        `for_ever` is set.
    for_ever : bool
        Whether the last answer is given again and again.
    """

    def __init__(
        self,
        site: Site,
        faults: Mapping[str, Sequence[Answer]],
        *,
        for_ever: bool = False,
    ) -> None:
        self.hosts = site.hosts
        self._site = site
        self._faults = {part: list(answers) for part, answers in faults.items()}
        self._for_ever = for_ever
        self.given: dict[str, int] = defaultdict(int)

    def answer(self, host: str, path: str) -> Answer | None:
        for part, answers in self._faults.items():
            if part in host + path:
                if len(answers) > 1 or (answers and not self._for_ever):
                    self.given[part] += 1
                    return answers.pop(0)
                if answers:
                    self.given[part] += 1
                    return answers[0]
        return self._site.answer(host, path)


def redirect(to: str) -> Answer:
    """An answer that leads elsewhere."""
    return Answer(status=302, headers=(("Location", to),))


def busy(status: int = 429, retry_after: str | None = None) -> Answer:
    """Too many requests, or no service just now."""
    headers = (("Retry-After", retry_after),) if retry_after is not None else ()
    return Answer(status=status, headers=headers, content_type="text/plain", body=b"busy")


def in_seconds(seconds: float) -> str:
    """A date of HTTP's, so far from now."""
    from email.utils import formatdate

    return formatdate(time.time() + seconds, usegmt=True)


def reset() -> Answer:
    """The connection ends without an answer."""

    def close(handler: Any) -> None:
        import socket
        import struct

        # With no time to linger the other side is told at once.
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()

    return Answer(raw=close)


def cut(body: bytes, content_type: str, *, declared: bool = True) -> Answer:
    """Half of a body, whose whole length is said or not."""

    def send(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        if declared:
            handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])

    return Answer(raw=send)


def endless(content_type: str, declared: int | None = None) -> Answer:
    """A body that goes on and on."""

    def send(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Connection", "close")
        if declared is not None:
            handler.send_header("Content-Length", str(declared))
        handler.end_headers()
        piece = b"\x89PNG" + bytes(1_000_000)
        for _ in range(1100):
            handler.wfile.write(piece)

    return Answer(raw=send)


def dripping(pause: float, pieces: int = 1000) -> Answer:
    """A body that comes byte by byte."""

    def send(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(pieces):
            handler.wfile.write(b"<p>")
            handler.wfile.flush()
            time.sleep(pause)

    return Answer(raw=send)


def bomb(content_type: str = "text/html") -> Answer:
    """A few hundred kilobytes that become some hundred million bytes."""
    body = gzip.compress(bytes(300_000_000), compresslevel=9)
    return Answer(body=body, content_type=content_type, headers=(("Content-Encoding", "gzip"),))


def challenge() -> Answer:
    """What stands before a site that asks who is there."""
    return html(
        "<title>Just a moment...</title><body>", status=403, headers=(("Server", "cloudflare"),)
    )


def called(times: int, make: Callable[[], Answer]) -> list[Answer]:
    """The same fault so many times."""
    return [make() for _ in range(times)]
