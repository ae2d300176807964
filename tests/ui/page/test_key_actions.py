"""Keys of the page: what each of them does to a run."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page.key_actions import act_on_key
from mesa_llm_city.ui.page.keys import KEYS
from mesa_llm_city.ui.page.runner import Runner
from tests.town import small_town, townspeople

_LONG_S = 30.0


class Pressed:
    """A runner, and the minutes that keys wanted to look at."""

    def __init__(self) -> None:
        self.model = CityModel(small_town(), townspeople(), rng=7)
        self.runner = Runner(self.model)
        self.minutes: list[int] = []

    def press(self, key: str, *, shown: int | None = None) -> bool:
        """Press a key while a minute is shown, the present one by default."""
        assert key in KEYS
        at = self.model.minute if shown is None else shown
        return act_on_key(key, self.runner, self.minutes.append, shown=at)


def test_an_arrow_steps_and_another_looks_back() -> None:
    one = Pressed()
    assert not one.press("back")
    one.press("forward")
    assert one.runner.wait(_LONG_S)
    assert (one.model.minute, one.minutes) == (5, [])
    one.press("back")
    one.press("back", shown=0)
    one.press("forward", shown=0)
    assert one.minutes == [0, 5]
    assert one.model.minute == 5
    one.runner.close()


def test_plus_and_minus_choose_the_next_speed() -> None:
    one = Pressed()
    speeds = []
    for key in ("faster", "slower", "slower", "slower", "slower", "faster"):
        assert one.press(key)
        speeds.append(one.runner.steps_per_s)
    assert speeds == [10, 5, 2, 1, 1, 2]


def test_space_plays_and_pauses() -> None:
    one = Pressed()
    one.press("play")
    assert one.runner.playing
    one.press("play")
    assert not one.runner.playing
    one.runner.close()


def test_the_morning_is_reached_as_fast_as_possible() -> None:
    one = Pressed()
    one.press("morning")
    assert one.runner.is_hurried
    assert one.runner.wait(_LONG_S)
    assert one.model.minute == 390
    one.runner.close()
