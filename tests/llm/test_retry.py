"""When requests are sent, put off and given up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm.base import Completion
from mesa_llm_city.llm.clients.failures import unavailable
from mesa_llm_city.llm.retry import EngineConfig, Gate, backoff_s, flaw_of, weight_of

DOWN = unavailable("down")
BUSY = unavailable("busy", cause="busy")
LATE = unavailable("late", cause="timeout")


class TestEngineConfig:
    @pytest.mark.parametrize("name", ["in_flight", "tries", "breaker_after"])
    def test_a_number_below_one_is_refused(self, name: str) -> None:
        with pytest.raises(ConfigError, match=f"{name} must be at least 1, got 0"):
            EngineConfig(**{name: 0})

    @pytest.mark.parametrize("name", ["timeout_s", "wall_s", "base_delay_s", "per_min"])
    def test_a_time_or_pace_must_be_above_zero(self, name: str) -> None:
        with pytest.raises(ConfigError, match=rf"{name} must be above 0, got 0\.0"):
            EngineConfig(**{name: 0.0})  # type: ignore[arg-type]

    def test_a_pace_slower_than_one_request_may_take_is_refused(self) -> None:
        with pytest.raises(ConfigError, match=r"per_min must be at least 0\.5 at wall_s=120"):
            EngineConfig(per_min=0.4, wall_s=120.0)


class TestBackoff:
    @given(st.integers(0, 2**40), st.integers(1, 60))
    def test_it_grows_by_doubling_up_to_the_cap(self, ticket: int, tries: int) -> None:
        config = EngineConfig(base_delay_s=0.5, max_delay_s=20.0)
        assert 0.0 <= backoff_s(config, ticket, tries) < min(20.0, 0.5 * 2 ** (tries - 1))

    def test_waits_of_different_tickets_are_spread_over_the_whole_range(self) -> None:
        waits = [backoff_s(EngineConfig(), ticket, 1) for ticket in range(400)]
        assert min(waits) < 0.01
        assert max(waits) > 0.49
        assert sum(wait < 0.25 for wait in waits) == pytest.approx(200, abs=40)


class TestGate:
    def test_it_spaces_requests_evenly_at_the_pace_asked_for(self) -> None:
        gate = Gate(EngineConfig(per_min=120.0), in_flight=8)
        gate.sent(at_s=10.0)
        assert gate.wait_s(at_s=10.0) == 0.5
        assert gate.wait_s(at_s=10.5) == 0.0

    def test_without_a_pace_it_stays_open(self) -> None:
        gate = Gate(EngineConfig(), in_flight=8)
        gate.sent(at_s=10.0)
        assert gate.wait_s(at_s=10.0) == 0.0

    def test_it_closes_for_as_long_as_the_server_asks(self) -> None:
        gate = Gate(EngineConfig(), in_flight=8)
        gate.failed(unavailable("later", retry_after_s=7.0), at_s=10.0)
        gate.failed(unavailable("later", retry_after_s=2.0), at_s=11.0)
        assert gate.wait_s(at_s=11.0) == 6.0

    def test_after_failures_in_a_row_one_at_a_time_may_pass_until_one_works(self) -> None:
        gate = Gate(EngineConfig(breaker_after=2, breaker_pause_s=30.0), in_flight=8)
        gate.failed(DOWN, at_s=10.0)
        assert (gate.broken, gate.limit, gate.wait_s(at_s=10.0)) == (False, 8, 0.0)
        gate.failed(DOWN, at_s=11.0)
        assert (gate.broken, gate.limit, gate.wait_s(at_s=11.0)) == (True, 1, 30.0)
        gate.worked(at_s=12.0)
        assert (gate.broken, gate.limit) == (False, 8)

    def test_a_success_in_between_starts_the_count_again(self) -> None:
        gate = Gate(EngineConfig(breaker_after=2), in_flight=8)
        gate.failed(DOWN, at_s=1.0)
        gate.worked(at_s=12.0)
        gate.failed(DOWN, at_s=2.0)
        assert not gate.broken

    def test_it_is_hopeless_once_nothing_has_worked_for_longer_than_the_wall(self) -> None:
        gate = Gate(EngineConfig(breaker_after=2, wall_s=100.0), in_flight=8)
        gate.failed(DOWN, at_s=10.0)
        gate.failed(DOWN, at_s=110.0)
        assert not gate.hopeless(at_s=110.0)
        assert gate.hopeless(at_s=110.5)
        gate.worked(at_s=12.0)
        assert not gate.hopeless(at_s=999.0)

    def test_a_busy_server_is_spared_for_longer_and_longer_and_breaks_nothing(self) -> None:
        config = EngineConfig(breaker_after=2, base_delay_s=0.5, max_delay_s=4.0, wall_s=100.0)
        gate = Gate(config, in_flight=8)
        waits = []
        for at_s in range(0, 120, 10):
            gate.failed(BUSY, at_s=float(at_s), sent_s=float(at_s))
            waits.append(gate.wait_s(at_s=float(at_s)))
        assert waits[:7] == [0.0, 0.0, 0.5, 1.0, 2.0, 4.0, 4.0]
        assert not gate.broken
        assert gate.limit == 1
        assert gate.hopeless(at_s=110.0)

    def test_many_refusals_of_one_round_count_once(self) -> None:
        gate = Gate(EngineConfig(), in_flight=64)
        for _ in range(64):
            gate.failed(BUSY, at_s=1.0, sent_s=0.0)
        assert (gate.limit, gate.wait_s(at_s=1.0)) == (64, 0.0)
        for at_s in (2.0, 3.0):
            for _ in range(64):
                gate.failed(BUSY, at_s=at_s, sent_s=at_s - 0.5)
        assert (gate.limit, gate.wait_s(at_s=3.0)) == (32, 0.5)

    def test_timeouts_at_a_server_that_answers_others_break_nothing(self) -> None:
        gate, late = Gate(EngineConfig(breaker_after=2), in_flight=64), LATE
        for _ in range(47):
            gate.failed(late, at_s=60.0, sent_s=0.0, answered=17)
        assert (gate.broken, gate.limit) == (False, 1)
        gate.worked(at_s=61.0)
        assert gate.limit == 13
        for _ in range(2):
            gate.failed(late, at_s=120.0, sent_s=60.0, answered=0)
        assert gate.broken

    def test_after_a_rest_earlier_failures_are_over(self) -> None:
        gate = Gate(EngineConfig(wall_s=100.0), in_flight=8)
        gate.failed(BUSY, at_s=0.0, sent_s=0.0)
        gate.rested()
        gate.failed(BUSY, at_s=500.0, sent_s=500.0)
        assert not gate.hopeless(at_s=500.0)


class TestFailures:
    def test_patience_costs_no_try_and_a_timeout_two(self) -> None:
        timeout = unavailable("late", cause="timeout")
        asked_to_wait = unavailable("later", retry_after_s=3.0)
        weights = [weight_of(one) for one in (DOWN, BUSY, timeout, asked_to_wait)]
        assert weights == [1, 0, 2, 0]

    @pytest.mark.parametrize(
        ("completion", "is_answer"),
        [
            (Completion(text="", completion_tokens=0), False),
            (Completion(text=" ", completion_tokens=None), False),
            (Completion(text="half a", finish="error", completion_tokens=9), False),
            (Completion(text="", completion_tokens=60), True),
            (Completion(text="", finish="refusal"), True),
            (Completion(text="", finish="length", completion_tokens=160), True),
        ],
    )
    def test_an_end_without_an_answer_is_an_outage(
        self, completion: Completion, *, is_answer: bool
    ) -> None:
        assert (flaw_of(completion) is None) is is_answer
