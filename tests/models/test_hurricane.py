"""A hurricane: who leaves, what closes, and what three baselines make of the days."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa_llm_city.models.hurricane.daily import BASELINES, changes, daily_visits, shares
from mesa_llm_city.models.hurricane.model import DAYS, Hurricane, zones_by_the_sea
from mesa_llm_city.models.hurricane.periods import PEAK_MIN, PERIODS, period_of
from mesa_llm_city.models.hurricane.pictures import draw_days
from mesa_llm_city.models.hurricane.storm import ORDERS, with_storm
from mesa_llm_city.models.hurricane.sweep import arm_changes, left_shares, sweep

from mesa_llm_city import City, Clock
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM, ClientSpec

USUAL = [10.0] * 3 + [5.0] * 2 + [8.0] * 2


@cache
def town() -> City:
    return City.synthetic(rng=1, places=300)


@cache
def lived(*, storm: bool) -> Hurricane:
    """Return three people, who are all sure of what they are told, after day 13."""
    model = Hurricane(
        3,
        storm=storm,
        rng=7,
        city=town(),
        at_risk=0.3,
        without=["memory", "social", "beliefs", "needs", "goals"],
        **{"mind.warnings.belief_constant": 50.0, "mind.warnings.constant": 50.0},
    )
    while model.minute < 13 * DAY_MIN:
        model.step()
    return model


def test_up_to_the_order_the_days_are_those_of_the_control() -> None:
    ordered = PEAK_MIN - 40 * HOUR_MIN
    control, storm = (lived(storm=one) for one in (False, True))
    assert control.digest(until=ordered) == storm.digest(until=ordered)
    assert control.digest() != storm.digest()


def test_all_who_are_sure_and_at_risk_have_left_before_the_peak_and_are_back() -> None:
    left = lived(storm=True).datacollector.get_model_vars_dataframe().set_index("minute")["left"]
    assert left[PEAK_MIN] == 1.0
    assert left[13 * DAY_MIN] == 0.0
    assert lived(storm=False).datacollector.get_model_vars_dataframe()["left"].max() == 0.0


def test_visits_fall_while_gales_blow() -> None:
    seen, free = (daily_visits(lived(storm=one)) for one in (True, False))
    assert seen.iloc[:9].tolist() == free.iloc[:9].tolist()
    assert seen[11] == 0
    assert free[10:13].sum() > seen[10:13].sum()


def test_daily_visits_are_those_that_the_model_counts() -> None:
    model = lived(storm=False)
    at_midnight = model.datacollector.get_model_vars_dataframe().set_index("minute")
    assert daily_visits(model).sum() == at_midnight["visits_so_far"].iloc[-1]
    assert daily_visits(model)[:3].sum() == at_midnight.loc[3 * DAY_MIN, "visits_so_far"]


def test_shops_close_from_the_first_hour_of_a_gale_to_the_last() -> None:
    told = lived(storm=True).interventions()
    closed = told[told["kind"].str.contains("close")]
    assert [f"{one:%d %H:%M}" for one in closed["time"]] == ["01 00:00", "02 01:00"]


@pytest.mark.parametrize(("order", "tells"), [("mandatory", 4), ("voluntary", 4), ("none", 2)])
def test_an_order_is_told_to_those_at_risk(order: str, tells: int) -> None:
    model = Hurricane(2, order=order, rng=7, city=town())
    assert len(model.intervention_schedule) == tells + 1  # and what closes


def test_the_sea_is_to_the_west() -> None:
    x = town().zones.centroids[0]
    homes = dict.fromkeys(range(len(x)), 2)
    west = int(np.argmin(x))
    assert zones_by_the_sea(town(), homes, 0.0) == ()
    assert zones_by_the_sea(town(), homes, 0.01) == (west,)
    assert sorted(zones_by_the_sea(town(), homes, 1.0)) == sorted(homes)


def test_a_city_gets_the_storm_once_and_stays_as_it_is_itself() -> None:
    clock = Clock(start="2019-08-21")
    before = town().environment
    stormy = with_storm(town(), PEAK_MIN, clock)
    assert town().environment is before
    assert stormy.environment.weather_at(clock.at(PEAK_MIN)).wind_km_h > 140.0
    assert with_storm(stormy, PEAK_MIN, clock) is stormy


class TestBaselines:
    def test_each_day_has_its_period_and_each_weekday_its_twin(self) -> None:
        days = [day for some in PERIODS.values() for day in some]
        assert days == [*range(DAYS)]
        assert [period_of(day) for day in (6, 7, 10, 13)] == [
            *("baseline", "before", "during", "after")
        ]

    def test_a_weekend_is_no_storm_for_the_same_weekdays(self) -> None:
        visits = [*USUAL, *USUAL, *USUAL[:2]]
        free = changes(visits, visits)
        # Days 8 to 10 are 10 + 10 + 10, days 11 to 13 are 5 + 5 + 8.
        assert free["days before"] == pytest.approx(18.0 / 30.0 - 1.0)
        assert free["same weekdays"] == free["control"] == 0.0

    def test_a_holiday_deceives_the_same_weekdays_too(self) -> None:
        visits = [*USUAL, *USUAL, *USUAL[:2]]
        visits[12] = 2.0
        told = changes(visits, visits)
        assert told["same weekdays"] == pytest.approx(12.0 / 18.0 - 1.0)
        assert told["control"] == 0.0

    def test_days_are_shares_of_the_largest_of_the_weekday_and_of_the_control(self) -> None:
        visits = [*USUAL, *USUAL, *USUAL[:2]]
        seen = [*visits]
        seen[11] = 1.0
        table = shares(seen, visits)
        assert table.loc[11].tolist() == ["during", 0.1, 0.2, 0.2]
        assert table.loc[10, "same_weekday"] == 1.0


def hour(processes: int) -> list[dict[str, Any]]:
    """Return the rows of an hour of two people in two runs."""
    varied = {"citizens": 2, "city": town(), "storm": [False, True], "rng": 7}
    common: dict[str, Any] = {"number_processes": processes, "display_progress": False}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        common["rng"] = [varied.pop("rng")]
    rows = mesa.batch_run(Hurricane, varied, max_steps=12, data_collection_period=-1, **common)
    # Runs end in any order.
    ordered = sorted(rows, key=lambda row: row["RunId"])
    return [{name: one for name, one in row.items() if name != "city"} for row in ordered]


def test_two_processes_give_the_same_rows() -> None:
    assert hour(1) == hour(2)


def test_a_sweep_has_a_row_for_each_run_and_day() -> None:
    lean = [("memory", "social", "beliefs")]
    rows = sweep((7,), citizens=1, days=2, city=town(), holidays=(False,), without=lean)
    assert rows["day"].tolist() == [0, 1, 0, 1]
    one, other = (rows[rows["storm"] == storm]["visits"].tolist() for storm in (False, True))
    assert one == other  # the storm is yet to come
    assert len(one) == 2


def swept() -> pd.DataFrame:
    """Return the rows of a sweep as they might be, two seeds a run."""
    visits = [*USUAL, *USUAL, *USUAL[:2]]
    rows = [
        {"order": "mandatory", "holiday": holiday, "storm": storm, "rng": rng, "day": day}
        | {"visits": one * rng * (0.5 if storm and day in PERIODS["during"] else 1.0)}
        | {"trips": 3, "left": 0.5 * storm}
        for holiday in (False, True)
        for storm in (False, True)
        for rng in (1, 2)
        for day, one in enumerate(visits)
    ]
    return pd.DataFrame(rows)


def test_the_control_finds_the_change_that_was_made() -> None:
    told = arm_changes(swept()).set_index(["arm", "baseline"])["mean"]
    assert told["storm", "control"] == told["storm", "same weekdays"] == pytest.approx(-0.5)
    assert told["storm", "days before"] == pytest.approx(-0.7)
    assert told["neither", "days before"] == pytest.approx(-0.4)
    assert list(told["neither"].index) == [*BASELINES]
    assert left_shares(swept())["mandatory"] == 0.5


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    draw_days(swept(), arm_changes(swept()), tmp_path / "days.png")
    assert (tmp_path / "days.png").stat().st_size > 10_000


def test_people_may_think_of_the_order_in_words_and_a_recording_repeats_it(tmp_path: Path) -> None:
    def first_noon(llm: LLM) -> str:
        told_h = PEAK_MIN / HOUR_MIN - 8
        model = Hurricane(2, lead_h=told_h, rng=7, city=town(), llm=llm, prompts="react")
        while model.minute < 9 * HOUR_MIN:
            model.step()
        llm.close()
        return str(model.digest())

    store = tmp_path / "answers.sqlite"
    asked = LLM(ClientSpec(backend="scripted", model="made-up"), store=store)
    told = first_noon(asked)
    assert "heed" in set(asked.calls()["purpose"])
    assert first_noon(LLM.replay(store)) == told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"order": "please"}, f"order must be one of {', '.join(ORDERS)}, got 'please'"),
        ({"at_risk": 1.5}, "at_risk must be from 0 to 1, got 1.5"),
        ({"lead_h": -1.0}, "lead_h must be from 0 to 276, got -1.0"),
        ({"days": 0, "citizens": 0}, "citizens must be at least 1, got 0; days must be"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Hurricane(rng=7, city=town(), **options)


def test_a_saved_model_goes_on_as_the_whole_one(tmp_path: Path) -> None:
    model = Hurricane(2, rng=7, city=town(), days=2, without=["memory", "social"])
    model.step()
    model.save(tmp_path / "save")
    later = Hurricane.load(tmp_path / "save")
    assert (later.days, later.zones) == (2, model.zones)
    for one in (model, later):
        one.step()
    assert later.digest() == model.digest()
