"""Throttled drawing: not too often, and never with the last state left out."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city.ui.page.throttle import Throttle, use_throttled


def _clock(*seconds: float) -> Iterator[float]:
    yield from seconds


class TestThrottle:
    def test_nothing_is_made_anew_while_the_key_stays(self) -> None:
        seconds = _clock(0.0, 9.0)
        throttle: Throttle[str] = Throttle(0.5, now=lambda: next(seconds))
        assert [throttle.get(1, lambda: "first"), throttle.get(1, lambda: "again")] == ["first"] * 2
        assert throttle.wait_s == 0.0

    def test_a_call_too_soon_returns_how_long_to_wait(self) -> None:
        seconds = _clock(0.0, 0.2)
        throttle: Throttle[int] = Throttle(0.5, now=lambda: next(seconds))
        throttle.get(1, lambda: 1)
        assert throttle.get(2, lambda: 2) == 1
        assert throttle.wait_s == pytest.approx(0.3)

    def test_an_urgent_value_is_made_at_once(self) -> None:
        seconds = _clock(0.0, 0.1)
        throttle: Throttle[str] = Throttle(0.5, now=lambda: next(seconds))
        throttle.get(1, lambda: "nobody", urgent=-1)
        assert throttle.get(1, lambda: "Anna", urgent=3) == "Anna"

    def test_none_is_a_valid_value(self) -> None:
        made = []
        throttle: Throttle[None] = Throttle(0.5, now=lambda: 0.0)
        for _ in range(2):
            throttle.get(1, lambda: made.append(1))
        assert made == [1]


def test_a_component_draws_its_last_state_when_it_is_due() -> None:
    minute, made = solara.reactive(0), []

    def make() -> str:
        made.append(minute.value)
        return f"{minute.value}"

    @solara.component
    def Drawn() -> None:  # noqa: N802 - a component
        solara.Text(use_throttled(minute.value, make, every_s=0.2))

    solara.render(Drawn(), handle_error=False)
    for now in range(1, 6):
        minute.value = now
    assert made == [0]
    deadline = time.monotonic() + 10.0
    while len(made) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert made == [0, 5]
