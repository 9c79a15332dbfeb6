"""What a library warns of is heard, by one thread at a time, and nobody waits for himself."""

from __future__ import annotations

import threading
import warnings

from covidxr.imaging.quiet import heard


def test_one_block_inside_another_hears_its_own_and_waits_for_nobody() -> None:
    told: list[list[str]] = []

    def nested() -> None:
        with heard() as outer:
            warnings.warn("first", stacklevel=1)
            with heard() as inner:
                warnings.warn("second", stacklevel=1)
            warnings.warn("third", stacklevel=1)
        told.extend([str(one.message) for one in block] for block in (outer, inner))

    thread = threading.Thread(target=nested, daemon=True)
    thread.start()
    thread.join(10)
    assert told == [["first", "third"], ["second"]]
