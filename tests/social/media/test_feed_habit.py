"""How long people read: means by age, and no more than a day is meant to hold."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.parameters import ParameterError
from mesa_llm_city.parameters.media import MediaUseParameters
from mesa_llm_city.social.media import FeedHabit

ALWAYS = MediaUseParameters(begins=1.0)


def read_on_a_day(person: int, age: int, use: MediaUseParameters = ALWAYS) -> int:
    """Return how long somebody reads who has time all day, in minutes."""
    habit, streams = FeedHabit(), RandomStreams(7, person)
    for minute in range(0, 1440, 60):
        if minutes := habit.session(age, minute, streams=streams, use=use):
            habit.read(minutes, at_min=minute)
    return int(habit.state()["read_min"])


@pytest.mark.parametrize(("age", "mean"), [(15, 72.5), (30, 43.0), (70, 25.5)])
def test_the_mean_is_that_of_the_age(age: int, mean: float) -> None:
    minutes = [read_on_a_day(person, age) for person in range(100)]
    assert np.mean(minutes) == pytest.approx(mean, rel=0.15)


def test_children_do_not_read() -> None:
    assert read_on_a_day(1, 12) == 0


def test_a_new_day_begins_anew() -> None:
    habit, streams = FeedHabit(), RandomStreams(7, 1)
    habit.read(500, at_min=100)
    assert habit.session(30, 1439, streams=streams, use=ALWAYS) == 0
    assert habit.session(30, 1440, streams=streams, use=ALWAYS) == 15
    again = FeedHabit()
    again.restore(habit.state())
    assert again.state() == habit.state()


def test_hours_without_a_waking_one_are_refused() -> None:
    with pytest.raises(ParameterError, match="sleeps_h: is 7, not after wakes_h 8"):
        MediaUseParameters(wakes_h=8, sleeps_h=7)
