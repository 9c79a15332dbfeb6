"""Recorded and derived answers of the registries for real papers, served by a local server.

The recordings are no part of the repository; what uses them is skipped where they are absent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from covidxr.replica.answers import Answer, as_json
from covidxr.replica.papers import Key, key

PAPERS = Path(__file__).parents[2] / "shared" / "papers"
"""Where they are, beside the repository."""


class Replay:
    """A site that gives the recorded answers; anything else is a 404.

    Parameters
    ----------
    top : Path
        The folder with ``api/replay.json``.
    """

    def __init__(self, top: Path = PAPERS) -> None:
        self._top = top
        entries = json.loads((top / "api" / "replay.json").read_text())["entries"]
        self._entries = {_key_of_url(each["url"]): each for each in entries}
        self.hosts = tuple(sorted({urlsplit(each["url"]).hostname or "" for each in entries}))

    def answer(self, host: str, path: str) -> Answer | None:
        wanted = key(host, path)
        many = dict(wanted[2]).get("ids", "").split(",")
        if len(many) > 1:
            return self._batch(host, path, many)
        entry = self._entries.get(wanted)
        return self._sent(entry) if entry else None

    def _sent(self, entry: dict[str, Any]) -> Answer:
        headers = {name.lower(): value for name, value in entry["headers"].items()}
        more = tuple((name, value) for name, value in headers.items() if name != "content-type")
        return Answer(
            body=self._body(entry["file"]),
            status=entry["status"],
            content_type=headers.get("content-type", ""),
            headers=more,
        )

    def _body(self, file: str) -> bytes:
        if file.startswith("inline:"):
            return file.removeprefix("inline:").encode()
        return (self._top / file).read_bytes()

    def _batch(self, host: str, path: str, many: list[str]) -> Answer:
        """Put single answers of the ID converter together, as it does itself."""
        records = []
        for doi in many:
            query = f"ids={doi}&idtype=doi&format=json"
            entry = self._entries.get(key(host, f"{urlsplit(path).path}?{query}"))
            if entry:
                records += json.loads(self._body(entry["file"]))["records"]
            else:
                records.append(
                    {
                        "requested-id": doi,
                        "status": "error",
                        "errmsg": "Identifier not found in PMC",
                    }
                )
        return as_json({"status": "ok", "records": records})


def _key_of_url(url: str) -> Key:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return key(parts.hostname or "", parts.path + query)
