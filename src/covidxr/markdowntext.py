"""Texts of the data inside Markdown: shown as they are, whatever they hold."""

from __future__ import annotations

import re

# What no page shows as a character: control characters, which a terminal would obey, those that
# turn the direction of text, and bytes that were not UTF-8.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def as_code(text: str) -> str:
    """Quote a text as code, in as many backticks as it needs; nothing in it is Markdown then.

    Examples
    --------
    >>> as_code("a*b"), as_code("`x"), as_code("")
    ('`a*b`', '`` `x ``', '')
    """
    shown = _UNSEEN.sub(lambda match: ascii(match[0])[1:-1], text)
    if not shown:
        return ""
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    ticks = "`" * (longest + 1)
    # Markdown drops one blank at each end, if something else stands between them.
    blank = " " if {shown[0], shown[-1]} & {"`", " "} and shown.strip() else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"
