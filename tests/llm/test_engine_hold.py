"""Holding an engine: nothing is sent meanwhile, and nothing is lost."""

from __future__ import annotations

import time
from threading import Timer

import pytest

from mesa_llm_city.llm.base import Address, Request
from mesa_llm_city.llm.clients import ClientSpec
from mesa_llm_city.llm.engine import Engine, Job


@pytest.fixture
def sent() -> list[str]:
    """Return who has been asked."""
    return []


@pytest.fixture
def engine(sent: list[str]) -> Engine:
    """Return an engine that notes what it sends."""

    def answer(request: Request) -> str:
        sent.append(request.address.sample)
        return "yes"

    return Engine(ClientSpec(backend="scripted", model="-", script=answer))


def _jobs(count: int) -> list[Job]:
    return [
        Job(row, Request(model="-", messages=(), address=Address(str(row), 0, "vote")))
        for row in range(count)
    ]


def test_what_is_submitted_while_held_is_sent_after_it(engine: Engine, sent: list[str]) -> None:
    engine.hold()
    engine.submit(_jobs(3))
    time.sleep(0.1)
    assert sent == []
    Timer(0.1, engine.resume).start()
    done = []
    while engine.pending:
        done += engine.take()
    assert sorted(one.ticket for one in done) == [0, 1, 2]
    assert all(one.error is None for one in done)
    engine.close()


def test_what_is_given_up_while_held_comes_back_unsent(engine: Engine, sent: list[str]) -> None:
    engine.hold()
    engine.submit(_jobs(2))
    engine.halt()
    done = []
    while engine.pending:
        done += engine.take()
    assert len(done) == 2
    assert all(one.error is not None for one in done)
    assert sent == []
    engine.close()


def test_an_engine_works_on_after_it_was_held(engine: Engine) -> None:
    engine.submit(_jobs(1))
    assert engine.take()
    engine.hold()
    engine.resume()
    engine.submit(_jobs(1))
    assert engine.take()[0].error is None
    engine.close()
