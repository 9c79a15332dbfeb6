"""How long is waited between requests to one host."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.pacing import JITTER, WIDEST, Pace


def starts(pace: Pace, times: int, chance: float = 0.0) -> list[float]:
    """When each request starts, if each is sent as soon as it may."""
    now, found = 0.0, []
    for _ in range(times):
        now += pace.wait(now)
        found.append(now)
        pace.started(now, chance)
    return found


def test_the_first_request_starts_at_once_and_the_others_keep_the_delay() -> None:
    assert starts(Pace(2.0), 4) == [0, 2, 4, 6]


def test_time_that_has_passed_anyway_is_not_waited_again() -> None:
    pace = Pace(2.0)
    pace.started(0, 0)
    assert pace.wait(1.5) == 0.5
    assert pace.wait(9) == 0


def test_a_crawl_delay_is_a_floor_and_not_a_ceiling() -> None:
    assert starts(Pace(2.0, floor_seconds=5), 3) == [0, 5, 10]
    assert starts(Pace(2.0, floor_seconds=1), 3) == [0, 2, 4]


@given(st.floats(0, 1), st.floats(0.01, 60), st.floats(0, 60))
def test_chance_makes_no_gap_shorter_and_none_much_longer(
    chance: float, delay: float, floor: float
) -> None:
    first, second = starts(Pace(delay, floor_seconds=floor), 2, chance)
    promised = max(delay, floor)
    assert promised <= (second - first) * (1 + 1e-9)
    assert second - first <= promised * (1 + JITTER) * (1 + 1e-9)


def test_a_host_that_is_asked_too_often_gets_more_room_up_to_a_limit() -> None:
    pace = Pace(3.0)
    seen = []
    for _ in range(6):
        pace.widen(0)
        seen.append(pace.seconds)
    assert seen[:3] == [6, 12, 24]
    assert seen[-1] == 3 * WIDEST


def test_a_short_delay_widens_from_a_second_and_none_at_all_stays_none() -> None:
    short, none = Pace(0.1), Pace(0.0)
    short.widen(0)
    none.widen(0)
    assert (short.seconds, none.seconds) == (2, 0)


def test_after_too_many_requests_the_next_one_waits_the_wider_delay() -> None:
    pace = Pace(3.0)
    pace.started(0, 0)
    pace.widen(1)
    assert pace.wait(1) == pytest.approx(6)


def test_what_a_host_asks_for_is_waited_even_where_the_pace_is_shorter() -> None:
    pace = Pace(1.0)
    pace.hold(0, 30)
    assert pace.wait(10) == 20
    pace.hold(10, 1)
    assert pace.wait(10) == 20
