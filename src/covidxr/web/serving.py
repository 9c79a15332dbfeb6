"""Serving the review page on this machine: the port, the token, the browser, the end.

This module owns the listening socket and the server's life. What is answered is for
:mod:`covidxr.web.server`.
"""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from covidxr.comparing import Comparing
from covidxr.errors import UsageError
from covidxr.web.guard import Guard
from covidxr.web.server import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.review import Review

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Door:
    """Where the page listens.

    Parameters
    ----------
    socket : socket
        Bound to 127.0.0.1 alone.
    port : int
        Its port.
    token : str
        What opens it, once.
    """

    socket: socket.socket
    port: int
    token: str

    @property
    def address(self) -> str:
        """What a browser opens."""
        return f"http://{HOST}:{self.port}/?token={self.token}"


@contextmanager
def listening(port: int) -> Iterator[Door]:
    """Listen on this machine.

    Parameters
    ----------
    port : int
        0 for any that is free.

    Raises
    ------
    UsageError
        If the port is taken or not permitted.
    """
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named; else each
    # waits 40 ms for an acknowledgement that comes late.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            # From now on a browser that is quicker than the server waits for it.
            listener.listen()
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used: {error.strerror}; leave --port out for a free one"
            ) from error
        yield Door(listener, listener.getsockname()[1], secrets.token_urlsafe(32))


def serve(review: Review, door: Door, *, open_browser: bool) -> None:
    """Serve the page until Ctrl-C or a request to end.

    Parameters
    ----------
    review : Review
        What is reviewed.
    door : Door
        Where.
    open_browser : bool
        Whether to open the page at once.
    """
    workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="alike")
    comparing = Comparing(review.material(), workers)
    guarded = Guard(application(review, comparing), port=door.port, token=door.token)
    server = uvicorn.Server(
        uvicorn.Config(
            guarded,
            log_level="error",
            access_log=False,
            server_header=False,
            # A browser keeps connections open; the end does not wait for it.
            timeout_graceful_shutdown=1,
        )
    )
    if open_browser:
        # The socket takes connections already; what opens a browser may take a second to return.
        threading.Thread(target=webbrowser.open, args=(door.address,), daemon=True).start()
    comparing.start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[door.socket])
    comparing.stop()
    workers.shutdown(cancel_futures=True)
