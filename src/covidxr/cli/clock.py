"""The clock: what the rest of covidxr is handed instead of looking at one."""

from __future__ import annotations

import datetime as dt
import random
import time


class SystemClock:
    """Time as this machine has it."""

    def utc_now(self) -> dt.datetime:
        """The time of day, in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Do nothing for so long."""
        time.sleep(seconds)

    def chance(self) -> float:
        """A number from 0 to 1, another one each time; nothing secret hangs on it."""
        return random.random()  # noqa: S311


system = SystemClock()
