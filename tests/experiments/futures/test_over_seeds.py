"""Differences over seeds: those of a fork, with acts done again at their minutes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city import CityModel, ConfigError
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.experiments.futures import over_seeds as over_seeds_module
from mesa_llm_city.experiments.futures.measures import MEASURES
from mesa_llm_city.experiments.futures.over_seeds import COLUMNS, ActOrChange, over_seeds
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.simulation.interventions.acts import Act
from mesa_llm_city.simulation.saving import restored, snapshot
from tests.experiments.futures.lives import NOON, at_noon, fall_ill, ill_or_not
from tests.town import small_town, townspeople

ONE = NOON + 60
CLOSED = {"kind": "close", "place_kind": ["amenity=restaurant", "shop=supermarket"]}


def test_they_are_the_differences_of_a_fork_with_the_same_seeds() -> None:
    futures = ill_or_not()
    found = over_seeds(
        snapshot(at_noon()),
        {"control": [], "ill": [fall_ill]},
        until=NOON + DAY_MIN,
        seeds=2,
        reporters=["doing_rest"],
    )
    assert found is not None
    assert (found.seeds, found.parted, found.minute) == (futures.seeds, NOON, NOON + DAY_MIN)
    for name in (*MEASURES, "doing_rest"):
        expected = futures.difference(name)
        named = dict(zip(expected.columns[:2], COLUMNS, strict=True))
        pd.testing.assert_frame_equal(found.measures[name], expected.rename(columns=named))
    assert found.share == pytest.approx(tuple(futures.share_touched()))


def _acted() -> tuple[CityModel, CityModel]:
    """Return a run until one o'clock, and another one in which something was done on the way."""
    moment = snapshot(at_noon())
    shown, other = restored(moment), restored(moment)
    other.note_act("fork", {"name": "closed", "of": "first run"}, who="somebody")
    for _ in range(3):
        other.step()
    other.act(CLOSED, who="somebody")
    while other.minute < ONE:
        other.step()
    while shown.minute < ONE:
        shown.step()
    return shown, other


def test_acts_are_done_again_at_their_minutes_so_that_one_seed_gives_the_runs_themselves() -> None:
    shown, other = _acted()
    lived: dict[str, CityModel] = {}
    found = over_seeds(
        snapshot(at_noon()),
        {"first run": shown.acts, "closed": [*other.acts, _keep(lived)]},
        until=ONE,
        seeds=1,
    )
    assert found is not None
    assert lived["model"].digest() == other.digest()
    assert lived["model"].interventions()["time"].tolist() == [pd.Timestamp("2024-04-01 12:15")]
    assert found.not_repeated == ()
    assert np.isnan(found.share[1:]).all()


class _keep:  # noqa: N801 - a change, which is called
    """A change that keeps the model."""

    def __init__(self, kept: dict[str, CityModel]) -> None:
        self.kept = kept

    def __call__(self, model: CityModel) -> None:
        self.kept["model"] = model


def test_acts_that_the_moment_has_in_it_are_not_done_again() -> None:
    model = at_noon()
    model.act(CLOSED, who="somebody")
    lived: dict[str, CityModel] = {}
    changes: dict[str, list[ActOrChange]] = {
        "one": [*model.acts, _keep(lived)],
        "other": [*model.acts],
    }
    found = over_seeds(snapshot(model), changes, until=NOON + 5, seeds=1)
    assert found is not None
    assert len(lived["model"].intervention_schedule) == 1


def test_what_cannot_be_done_again_is_named() -> None:
    act = Act(NOON, "2026-01-01T12:00:00+00:00", "somebody", "earthquake", {"size": 3})
    found = over_seeds(snapshot(at_noon()), {"one": [], "other": [act]}, until=NOON + 5, seeds=1)
    assert found is not None
    assert found.not_repeated == ("earthquake at Mon 12:00 in other",)


def test_progress_is_told_after_each_step_and_ends_with_all() -> None:
    told: list[float] = []
    over_seeds(
        snapshot(at_noon()),
        {"one": [], "other": []},
        until=NOON + 10,
        seeds=2,
        on_progress=told.append,
    )
    assert told == [number / 8 for number in range(1, 9)]


def test_it_is_given_up_before_the_next_step() -> None:
    steps: list[float] = []
    found = over_seeds(
        snapshot(at_noon()),
        {"one": [], "other": []},
        until=ONE,
        seeds=2,
        on_progress=steps.append,
        is_stopped=lambda: len(steps) == 2,
    )
    assert (found, len(steps)) == (None, 2)


def test_what_cannot_be_compared_is_refused() -> None:
    moment = snapshot(at_noon())
    with pytest.raises(ConfigError, match=r"two futures are compared over seeds, got 1: one"):
        over_seeds(moment, {"one": []}, until=ONE)
    with pytest.raises(ConfigError, match=r"until must be after minute 720"):
        over_seeds(moment, {"one": [], "other": []}, until=NOON)
    with pytest.raises(ConfigError, match=r"level must be between 0 and 1, got 95"):
        over_seeds(moment, {"one": [], "other": []}, until=ONE, level=95)
    with pytest.raises(ConfigError, match=r"seeds must be a whole number of at least 1, got 0"):
        over_seeds(moment, {"one": [], "other": []}, until=ONE, seeds=0)


def test_a_language_model_that_would_be_asked_is_refused_with_the_command_to_use() -> None:
    llm = LLM(ClientSpec(backend="scripted", model="-", script=lambda _: "{}"))
    model = CityModel(small_town(), townspeople(5), rng=7, llm=llm, prompts=["mode"])
    with pytest.raises(ConfigError, match=r"ask a language model.*mesa-llm-city fork SAVE_DIR"):
        over_seeds(snapshot(model), {"one": [], "other": []}, until=60)


def test_what_a_reporter_did_not_know_in_a_replicate_is_left_out_of_all() -> None:
    known = pd.Series([1.0, 2.0, 3.0], index=[5, 10, 15])
    partly = pd.Series([1.0, np.nan, 3.0], index=[5, 10, 15])
    frame = over_seeds_module._compared(
        [(known, known), (partly, known + 1.0)], 0.95, is_whole=False
    )
    assert frame.index.tolist() == [5, 15]
    assert frame["difference"].tolist() == [0.5, 0.5]
    assert frame["shown"].tolist() == [1.0, 3.0]
