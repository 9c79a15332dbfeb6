"""What a replica's site answers: plain values that the server sends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

SYNTHETIC = "Synthetic page of a test replica: no patient, no real site."

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer: status, headers, body; `raw` takes over the connection for broken ones."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    raw: Callable[[Any], None] | None = field(default=None, repr=False)


class Site(Protocol):
    """One site of the replica."""

    hosts: tuple[str, ...]

    def answer(self, host: str, path: str) -> Answer | None:
        """Answer a request; `path` has its query; None is a 404."""


def html(text: str, **more: Any) -> Answer:
    """A page, labelled synthetic."""
    labelled = text.replace("<body>", f"<body><!-- {SYNTHETIC} -->", 1)
    if SYNTHETIC not in labelled:
        labelled = f"<!-- {SYNTHETIC} -->\n{labelled}"
    return Answer(body=labelled.encode(), **more)


def as_json(value: Any, **more: Any) -> Answer:
    """A JSON reply."""
    return Answer(body=json.dumps(value).encode(), content_type="application/json", **more)


def file(body: bytes, content_type: str, **more: Any) -> Answer:
    """An image or a volume."""
    return Answer(body=body, content_type=content_type, **more)
