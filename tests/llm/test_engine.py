"""The engine: every job comes back once, soon, and after no more tries than allowed."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import FrameType

import pytest

from mesa_llm_city.core.errors import ConfigError, LLMReplyError, LLMUnavailableError
from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.failures import unavailable
from mesa_llm_city.llm.engine import Done, Engine, EngineConfig, Job
from tests.llm.asking import HURRIED, all_of, asked, http, jobs, running, scripted
from tests.llm.servers import Chaos, serving


def echo(request: Request) -> str:
    return f"You asked: {request.messages[-1].content}"


class Script:
    """Fails in the ways of a list, one per call, and then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, request: Request) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return echo(request)


def replaced(**changes: float) -> EngineConfig:
    hurried = {name: getattr(HURRIED, name) for name in EngineConfig.__slots__}
    return EngineConfig(**{**hurried, **changes})


def drained(engine: Engine, timeout_s: float = 30.0) -> list[Done]:
    return [done for batch in engine.drain(timeout_s) for done in batch]


class TestAnswers:
    def test_each_ticket_comes_back_once_with_the_answer_to_its_own_request(self) -> None:
        with running(scripted(echo)) as engine:
            engine.submit(jobs(100))
            engine.submit(Job(ticket, asked(ticket)) for ticket in range(100, 150))
            done = all_of(engine)
        assert [one.ticket for one in done] == list(range(150))
        assert [one.completion for one in done] == [
            Completion(text=f"You asked: Question {ticket}?") for ticket in range(150)
        ]
        assert {one.tries for one in done} == {1}

    def test_what_is_done_is_returned_while_the_rest_is_under_way(self) -> None:
        pytest.importorskip("aiohttp")
        with serving(delay_s=0.02, sigma=1.5) as server, running(http(server.base_url)) as engine:
            engine.submit(jobs(40))
            first = engine.take()
            assert 0 < len(first) < 40
            assert engine.pending == 40 - len(first)
            assert len(all_of(engine)) == 40 - len(first)

    def test_new_jobs_are_sent_while_others_are_under_way(self) -> None:
        with running(scripted(echo, delay_s=0.05)) as engine:
            engine.submit(jobs(1))
            engine.submit([Job(1, asked(1))])
            began = monotonic()
            assert len(all_of(engine)) == 2
            assert monotonic() - began < 5.0

    def test_nothing_pending_is_nothing_to_wait_for(self) -> None:
        engine = Engine(scripted(echo))
        engine.submit([])
        assert [*engine.take(), *drained(engine)] == []
        assert engine.pending == 0

    def test_no_more_than_the_limit_is_under_way_and_connections_are_kept(self) -> None:
        pytest.importorskip("aiohttp")
        with (
            serving(delay_s=0.005) as server,
            running(http(server.base_url), replaced(in_flight=7)) as engine,
        ):
            engine.submit(jobs(100))
            assert all(one.error is None for one in all_of(engine))
            assert server.stats.max_in_flight == 7
            assert server.stats.connections == 7


class TestTries:
    def test_a_passing_failure_is_tried_again(self) -> None:
        script = Script(unavailable("busy"), unavailable("busy"))
        with running(scripted(script)) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert done.completion is not None
        assert done.tries == script.calls == 3

    def test_after_the_last_try_the_error_comes_back(self) -> None:
        script = Script(*(unavailable(f"busy {number}") for number in range(9)))
        with running(scripted(script), replaced(tries=3)) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert isinstance(done.error, LLMUnavailableError)
        assert done.error.message == "busy 2"
        assert done.tries == script.calls == 3

    @pytest.mark.parametrize(
        "error",
        [LLMReplyError("too long"), unavailable("wrong key", fatal=True)],
        ids=["reply", "fatal"],
    )
    def test_what_another_try_would_not_mend_is_sent_once(self, error: Exception) -> None:
        script = Script(error)
        with running(scripted(script)) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert done.error is error
        assert script.calls == 1

    def test_a_server_that_asks_to_wait_is_obeyed_and_the_try_does_not_count(self) -> None:
        busy = [unavailable("busy", retry_after_s=0.1) for _ in range(3)]
        began = monotonic()
        with running(scripted(Script(*busy)), replaced(tries=1)) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert done.completion is not None
        assert done.tries == 4
        assert monotonic() - began >= 0.3

    def test_nobody_is_sent_while_the_server_asks_to_wait(self) -> None:
        script = Script(unavailable("busy", retry_after_s=0.2))
        with running(scripted(script), replaced(in_flight=1)) as engine:
            began = monotonic()
            engine.submit(jobs(3))
            all_of(engine)
        assert monotonic() - began >= 0.2
        assert script.calls == 4

    def test_a_wait_beyond_the_wall_is_an_error_at_once(self) -> None:
        script = Script(unavailable("closed until tomorrow", retry_after_s=86_400.0))
        with running(scripted(script)) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert done.error is not None
        assert done.error.message == "closed until tomorrow"

    def test_nobody_waits_for_a_server_longer_than_the_wall(self) -> None:
        script = Script(unavailable("closed until tomorrow", retry_after_s=86_400.0))
        with running(scripted(script), replaced(in_flight=1)) as engine:
            engine.submit(jobs(3))
            done = all_of(engine)
            engine.submit(jobs(2))
            done += all_of(engine)
        assert {str(one.error) for one in done} == {"closed until tomorrow"}
        assert script.calls == 1

    def test_a_defect_of_the_client_is_named_and_loses_no_other_answer(self) -> None:
        with running(scripted(Script(ZeroDivisionError("oops")))) as engine:
            engine.submit(jobs(3))
            done = all_of(engine)
        (error,) = (one.error for one in done if one.error is not None)
        assert isinstance(error, LLMUnavailableError)
        assert error.fatal
        assert error.message == "the client failed: ZeroDivisionError: oops"
        assert isinstance(error.__cause__, ZeroDivisionError)


class TestBreaker:
    def test_it_spares_a_server_that_is_down_and_resumes_when_it_is_back(self) -> None:
        script = Script(*(unavailable("down") for _ in range(12)))
        config = replaced(breaker_after=5, in_flight=4, tries=20)
        with running(scripted(script), config) as engine:
            began = monotonic()
            engine.submit(jobs(50))
            done = all_of(engine)
        assert all(one.completion is not None for one in done)
        assert script.calls == 62
        # From the fifth failure on each of the others costs a pause.
        assert monotonic() - began >= 5 * config.breaker_pause_s

    @pytest.mark.slow
    def test_it_gives_up_what_waits_when_nothing_works_for_longer_than_the_wall(self) -> None:
        script = Script(*(unavailable("down") for _ in range(10_000)))
        config = replaced(breaker_after=3, in_flight=2, tries=1000, wall_s=0.1)
        with running(scripted(script), config) as engine:
            engine.submit(jobs(500))
            done = all_of(engine)
        assert [one.ticket for one in done] == list(range(500))
        assert {str(one.error) for one in done} == {"down"}
        assert len({id(one.error) for one in done}) == 500
        assert script.calls < 100

    @pytest.mark.slow
    def test_a_wrong_key_is_tried_by_those_under_way_and_nobody_else(self) -> None:
        script = Script(*(unavailable("wrong key", fatal=True) for _ in range(10_000)))
        with running(scripted(script), replaced(in_flight=2)) as engine:
            engine.submit(jobs(500))
            done = all_of(engine)
            assert {str(one.error) for one in done} == {"wrong key"}
            assert script.calls <= 2
            script.errors.clear()
            engine.submit(jobs(1))
            assert all_of(engine)[0].completion is not None


class TestPatience:
    def test_a_busy_server_is_waited_for_however_many_ask(self) -> None:
        script = Script(*(unavailable("busy", cause="busy") for _ in range(40)))
        with running(scripted(script), replaced(tries=1, in_flight=8)) as engine:
            engine.submit(jobs(30))
            done = all_of(engine)
        assert all(one.completion is not None for one in done)
        assert script.calls == 70

    @pytest.mark.slow
    def test_it_is_given_up_when_nothing_has_worked_for_as_long_as_the_wall(self) -> None:
        script = Script(*(unavailable("busy", cause="busy") for _ in range(10_000)))
        with running(scripted(script), replaced(wall_s=0.05)) as engine:
            engine.submit(jobs(30))
            done = all_of(engine)
        assert {str(one.error) for one in done} == {"busy"}

    def test_timeouts_lower_the_number_under_way(self) -> None:
        script = Script(*(unavailable("late", cause="timeout") for _ in range(8)))
        with running(scripted(script), replaced(in_flight=8)) as engine:
            engine.submit(jobs(20))
            done = all_of(engine)
        assert all(one.completion is not None for one in done)
        assert max(one.tries for one in done) == 2

    def test_an_empty_answer_is_an_outage_and_is_asked_for_again(self) -> None:
        answers = [Completion(text="", completion_tokens=0), Completion(text="fine")]
        with running(scripted(lambda _: answers.pop(0))) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert done.completion is not None
        assert (done.completion.text, done.tries) == ("fine", 2)

    def test_a_refused_parameter_costs_a_request_and_nothing_else(self) -> None:
        script = Script(*(unavailable("no seed", cause="adapted") for _ in range(8)))
        with running(scripted(script), replaced(tries=1, breaker_after=1)) as engine:
            engine.submit(jobs(8))
            done = all_of(engine)
        assert all(one.completion is not None for one in done)
        assert sum(one.tries for one in done) == script.calls == 16


class TestDrain:
    def test_it_waits_for_what_is_under_way_and_sends_nothing_more(self) -> None:
        with running(scripted(echo, delay_s=0.5), replaced(in_flight=2)) as engine:
            engine.submit(jobs(5))
            done = sorted(drained(engine, timeout_s=10.0), key=lambda one: one.ticket)
        assert [one.ticket for one in done] == list(range(5))
        assert [one.completion is not None for one in done] == [True, True, False, False, False]
        assert [one.tries for one in done] == [1, 1, 0, 0, 0]
        assert {str(one.error) for one in done[2:]} == {"not sent: the engine was drained"}
        assert engine.pending == 0

    def test_it_cancels_what_takes_longer_than_the_timeout(self) -> None:
        with running(scripted(echo, delay_s=60.0)) as engine:
            engine.submit(jobs(3))
            done = drained(engine, timeout_s=0.05)
        assert {str(one.error) for one in done} == {"cancelled before the answer came"}
        assert len(done) == 3

    def test_it_cancels_what_is_under_way_when_it_is_called_off(self) -> None:
        with running(scripted(echo, delay_s=60.0)) as engine:
            engine.submit(jobs(3))
            (done,) = engine.drain(timeout_s=60.0, is_called_off=lambda: True)
        assert {str(one.error) for one in done} == {"cancelled before the answer came"}

    def test_what_has_come_when_ctrl_c_interrupts_is_taken_later(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(_: float) -> None:
            monkeypatch.undo()
            raise KeyboardInterrupt

        with running(scripted(echo, delay_s=0.02), replaced(in_flight=1)) as engine:
            engine.submit(jobs(3))
            monkeypatch.setattr("mesa_llm_city.llm.engine.sleep", interrupted)
            with pytest.raises(KeyboardInterrupt):
                engine.take()
            assert sorted(one.ticket for one in all_of(engine)) == [0, 1, 2]

    def test_what_waits_for_another_try_comes_back_unsent(self) -> None:
        script = Script(unavailable("busy", retry_after_s=60.0))
        with running(scripted(script)) as engine:
            engine.submit(jobs(1))
            while script.calls == 0:
                pass
            (done,) = drained(engine, timeout_s=5.0)
        assert done.completion is None
        assert script.calls == 1

    def test_the_engine_can_be_used_again(self) -> None:
        with running(scripted(echo)) as engine:
            engine.submit(jobs(3))
            drained(engine)
            engine.submit(jobs(2))
            assert [one.completion is not None for one in all_of(engine)] == [True, True]

    def test_ctrl_c_interrupts_the_wait_and_no_answer_is_lost(self) -> None:
        def interrupt(_number: int, _frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, interrupt)
        try:
            with running(scripted(echo, delay_s=0.5)) as engine:
                engine.submit(jobs(8))
                signal.setitimer(signal.ITIMER_REAL, 0.05)
                with pytest.raises(KeyboardInterrupt):
                    engine.take()
                done = drained(engine, timeout_s=10.0)
        finally:
            signal.signal(signal.SIGALRM, before)
        assert sorted(one.ticket for one in done) == list(range(8))
        assert all(one.completion is not None for one in done)


class TestLife:
    def test_a_missing_key_is_told_before_anything_is_sent(self) -> None:
        pytest.importorskip("aiohttp")
        engine = Engine(http("http://127.0.0.1:9/v1", key_env="NO_SUCH_VARIABLE"))
        with pytest.raises(ConfigError, match="NO_SUCH_VARIABLE is not set"):
            engine.submit(jobs(1))
        assert engine.pending == 0

    def test_it_travels_without_loop_client_or_what_is_pending(self) -> None:
        with running(scripted(echo, delay_s=0.01)) as engine:
            engine.submit(jobs(2))
            other = pickle.loads(pickle.dumps(engine))
            assert other.pending == 0
            other.submit(jobs(1))
            assert len(all_of(other)) == 1
            other.close()
            assert len(all_of(engine)) == 2

    def test_a_closed_engine_opens_again(self) -> None:
        engine = Engine(scripted(echo, delay_s=5.0))
        engine.submit(jobs(3))
        engine.close()
        assert engine.pending == 0
        assert engine.take() == []
        engine.close()
        with running(scripted(echo)) as other:
            other.submit(jobs(1))
            other.close()
            other.submit(jobs(1))
            assert len(all_of(other)) == 1

    @pytest.mark.slow
    def test_one_that_nobody_holds_closes_its_connections(self) -> None:
        pytest.importorskip("aiohttp")
        with serving() as server:
            engine = Engine(http(server.base_url))
            engine.submit(jobs(2))
            all_of(engine)
            assert len(server._wires) == 2
            del engine
            gc.collect()
            _wait_until(lambda: not server._wires)

    @pytest.mark.slow
    @pytest.mark.parametrize("fork", [False, True])
    def test_a_process_that_forgets_to_close_ends_without_a_word(self, *, fork: bool) -> None:
        pytest.importorskip("aiohttp")
        with serving() as server:
            told = subprocess.run(
                [sys.executable, "-c", PROGRAM, server.base_url, str(int(fork))],
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
                cwd=Path(__file__).parent,
                env={**os.environ, "PYTHONWARNINGS": "error,ignore::DeprecationWarning"},
            )
        assert told.stderr == ""
        assert told.stdout.split() == ["answers"] * (3 if fork else 1)


# The child of a fork uses the engine it took along, and so does the parent after it.
PROGRAM = """
import os, sys
from asking import all_of, http, jobs
from mesa_llm_city.llm.engine import Engine
engine = Engine(http(sys.argv[1]))
def use():
    engine.submit(jobs(5))
    if [one.completion is not None for one in all_of(engine)] == [True] * 5:
        os.write(1, b"answers\\n")
use()
if sys.argv[2] == "1":
    if (child := os.fork()) == 0:
        use()
        os._exit(0)
    os.waitpid(child, 0)
    use()
"""


def _wait_until(holds: Callable[[], bool]) -> None:
    until = monotonic() + 10.0
    while not holds():
        assert monotonic() < until


class TestChaos:
    ROUGH = Chaos(
        rate_429=0.05,
        rate_500=0.05,
        rate_503=0.05,
        rate_reset=0.05,
        rate_truncated=0.05,
        rate_malformed=0.05,
    )

    @pytest.mark.slow
    def test_it_changes_no_answer_and_loses_none(self) -> None:
        pytest.importorskip("aiohttp")
        with serving(delay_s=0.002, sigma=0.8) as server:
            with running(http(server.base_url)) as engine:
                engine.submit(jobs(200))
                calm = all_of(engine)
            server.behave(self.ROUGH)
            with running(http(server.base_url), replaced(tries=12)) as engine:
                engine.submit(jobs(200))
                rough = all_of(engine)
        assert [one.completion for one in rough] == [one.completion for one in calm]
        assert [one.ticket for one in rough] == list(range(200))
        assert server.stats.requests == sum(one.tries for one in rough) > 250
