"""How many requests may be under way."""

from __future__ import annotations

import pytest

from mesa_llm_city.llm.adaptive_limit import AdaptiveLimit


def test_it_begins_at_the_most_and_stays_there_while_all_goes_well() -> None:
    limit = AdaptiveLimit(8)
    for _ in range(100):
        limit.answered()
    assert limit.now == 8


def test_timeouts_lower_it_below_what_was_answered_meanwhile() -> None:
    limit = AdaptiveLimit(64)
    limit.timed_out(sent_s=0.0, at_s=60.0, answered=12)
    assert limit.now == 9


def test_all_timeouts_of_one_round_count_once() -> None:
    limit = AdaptiveLimit(64)
    for _ in range(50):
        limit.timed_out(sent_s=0.0, at_s=60.0, answered=60)
    assert limit.now == 32


def test_it_never_falls_below_one() -> None:
    limit = AdaptiveLimit(2)
    for at_s in range(5):
        limit.timed_out(sent_s=float(at_s), at_s=float(at_s), answered=0)
        limit.refused(sent_s=float(at_s), at_s=float(at_s))
    assert limit.now == 1


def test_it_grows_by_one_a_round_but_not_back_to_where_it_failed() -> None:
    limit = AdaptiveLimit(64)
    limit.timed_out(sent_s=0.0, at_s=60.0, answered=5)
    assert limit.now == 4
    for _ in range(5):
        limit.answered()
    assert limit.now == 5
    for _ in range(2000):
        limit.answered()
    assert 32 <= limit.now <= 43


@pytest.mark.parametrize(("sent_s", "now"), [(5.0, 8), (15.0, 4)])
def test_a_refusal_halves_it_unless_it_is_of_the_round_before(sent_s: float, now: int) -> None:
    limit = AdaptiveLimit(16)
    limit.refused(sent_s=0.0, at_s=10.0)
    limit.refused(sent_s=sent_s, at_s=20.0)
    assert limit.now == now
