"""What the source alone tells of a label."""

from __future__ import annotations

import pytest

from covidxr.splitshortcut import shortcut


def test_a_source_that_tells_the_label_is_seen() -> None:
    training = [("covid.org", True)] * 6 + [("other.org", False)] * 4
    tested = [("covid.org", True)] * 3 + [("other.org", False)] * 2
    found = shortcut("COVID-19", "test", training, tested)
    assert found is not None
    assert (found.commonest, found.by_source, found.balanced, found.auc) == (0.6, 1.0, 1.0, 1.0)


def test_one_source_for_all_tells_nothing() -> None:
    answers = [("one.org", True)] * 3 + [("one.org", False)]
    found = shortcut("COVID-19", "test", answers, answers)
    assert found is not None
    assert (found.commonest, found.by_source, found.balanced, found.auc) == (0.75, 0.75, 0.5, 0.5)


def test_a_source_that_is_new_gets_the_commoner_answer() -> None:
    training = [("a.org", True)] * 3 + [("b.org", False)]
    found = shortcut("COVID-19", "test", training, [("new.org", True), ("new.org", False)])
    assert found is not None
    assert (found.by_source, found.auc) == (0.5, 0.5)


def test_pairs_in_the_right_order_are_counted() -> None:
    # Shares in training: a 2/3, b 1/3. Of four pairs one is right, two are even, one is wrong.
    training = [("a", True), ("a", True), ("a", False), ("b", True), ("b", False), ("b", False)]
    tested = [("a", True), ("b", True), ("a", False), ("b", False)]
    found = shortcut("x", "test", training, tested)
    assert found is not None
    assert found.auc == pytest.approx((1 + 2 / 2) / 4)


def test_where_all_have_the_label_nothing_is_balanced() -> None:
    found = shortcut("x", "test", [("a", True)], [("a", True)])
    assert found is not None
    assert (found.balanced, found.auc) == (None, None)


def test_nothing_is_learnt_from_nothing() -> None:
    assert shortcut("x", "test", [], [("a", True)]) is None
    assert shortcut("x", "test", [("a", True)], []) is None
