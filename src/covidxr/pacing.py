"""How often one host is asked: a delay, a floor, some jitter, and more patience when it says so.

This module owns the arithmetic of waiting. It neither waits nor looks at a clock: both are passed
in, so that a test of an hour's crawl takes no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

JITTER = 0.04
"""Largest part of the delay that chance adds to it. It only ever adds, so that no gap is shorter
than what was promised, and is small, so that a crawl takes as long as its delay says."""

WIDEN, WIDEST = 2.0, 16.0
"""After "too many requests" the delay doubles, to sixteen times at most, until the run ends."""

LEAST_WIDENED = 1.0
"""Seconds that a widened delay begins from, where the delay itself is shorter. A host that another
address answers for, with no delay, stays without one."""


class Clock(Protocol):
    """Time, as the command line passes it in."""

    def utc_now(self) -> dt.datetime:
        """The time of day, in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Do nothing for so long."""

    def chance(self) -> float:
        """A number from 0 to 1, another one each time."""


@dataclass(slots=True)
class Pace:
    """When the next request to one host may start.

    Parameters
    ----------
    delay_seconds : float
        From the start of one request to the start of the next.
    floor_seconds : float
        What robots.txt asks for as ``Crawl-delay``; 0 where it asks for none.
    """

    delay_seconds: float
    floor_seconds: float = 0.0
    _factor: float = 1.0
    _next: float = float("-inf")

    @property
    def asked(self) -> bool:
        """Whether any request has started yet."""
        return self._next != float("-inf")

    @property
    def seconds(self) -> float:
        """The delay as it is now, without jitter."""
        delay = max(self.delay_seconds, self.floor_seconds)
        if self._factor > 1 and delay > 0:
            delay = max(delay, LEAST_WIDENED) * self._factor
        return delay

    def wait(self, now: float) -> float:
        """Seconds to wait from `now` on; 0 where the next request may start at once."""
        return max(0.0, self._next - now)

    def started(self, now: float, chance: float) -> None:
        """Note that a request starts now."""
        self._next = now + self.seconds * (1 + JITTER * chance)

    def hold(self, now: float, seconds: float) -> None:
        """Let nothing start for so many seconds: the host has said when to come back."""
        self._next = max(self._next, now + seconds)

    def widen(self, now: float) -> None:
        """Leave more room from now on: the host has said that this was too often."""
        self._factor = min(self._factor * WIDEN, WIDEST)
        self.hold(now, self.seconds)
