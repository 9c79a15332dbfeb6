"""A clock that goes when it is told to: an hour's crawl takes no time."""

from __future__ import annotations

import datetime as dt


class FakeClock:
    """Sleeping moves it on; nothing else does.

    Attributes
    ----------
    slept : list of float
        Every wait, in seconds.
    """

    def __init__(self, *, chance: float = 0.0) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []
        self._chance = chance

    def utc_now(self) -> dt.datetime:
        return dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC) + dt.timedelta(
            seconds=self.seconds - 1000
        )

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def chance(self) -> float:
        return self._chance
