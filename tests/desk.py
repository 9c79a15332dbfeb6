"""A registry's desk over a dict of answers, for tests of how they are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.errors import CovidxrError


class Desk(Pages):
    """Gives what it was made with, and notes what it is told to forget.

    Parameters
    ----------
    answers : mapping
        From an address to bytes, text, an exception that is raised, or a value that is sent as
        JSON.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__({url: _body(value) for url, value in answers.items()})
        self.forgotten: list[str] = []

    def forget(self, url: str) -> None:
        self.forgotten.append(url)


def _body(value: Any) -> bytes | str | CovidxrError:
    if isinstance(value, bytes | str | Exception):
        return value  # type: ignore[return-value] # a CovidxrError, as the tests write them
    return json.dumps(value)
