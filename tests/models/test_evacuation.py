"""A flood at noon: people are warned, leave, and come back; up to the warning nothing differs."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from mesa_llm_city.models.evacuation.model import FLOODED_MIN, Evacuation, flood
from mesa_llm_city.models.evacuation.who_left import departures, left_by, rayleigh_share

from mesa_llm_city import City
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError

GRACE_MIN = 30
BACK_MIN = 2 * DAY_MIN + 6 * HOUR_MIN


@cache
def lived(*, flooded: bool) -> Evacuation:
    """Return a small town at 11:00 of day 3."""
    model = Evacuation(citizens=12, rng=7, flooded=flooded, city=City.synthetic(rng=1, places=300))
    while model.minute < BACK_MIN + 5 * HOUR_MIN:
        model.step()
    return model


def stays(model: Evacuation, begin: int, end: int) -> pd.DataFrame:
    """Return the stays in the zone between two minutes."""
    rows: pd.DataFrame = model.activities().dropna(subset="place")
    inside = model.city.places.zone[rows["place"].to_numpy(dtype=np.int64)] == model.zone
    first, last = (np.datetime64(model.clock.at(one)) for one in (begin, end))
    found: pd.DataFrame = rows[inside & (rows["start"] < last) & (rows["end"] > first)]
    return found


def test_nobody_is_in_the_zone_from_the_grace_time_until_it_opens() -> None:
    assert stays(lived(flooded=True), FLOODED_MIN + GRACE_MIN, BACK_MIN).empty
    assert len(stays(lived(flooded=False), FLOODED_MIN + GRACE_MIN, BACK_MIN))


def test_people_come_back_when_it_opens() -> None:
    model = lived(flooded=True)
    assert model.inside() > 0
    assert model.away() == 0


def test_days_have_no_gap() -> None:
    for _, rows in lived(flooded=True).activities().groupby("person"):
        assert (rows["end"].to_numpy()[:-1] == rows["start"].to_numpy()[1:]).all()


def test_up_to_the_warning_it_is_the_control_arm() -> None:
    model, control = lived(flooded=True), lived(flooded=False)
    warned = np.datetime64(model.clock.at(model.warned_min))
    for name in ("activities", "decisions"):
        time = "start" if name == "activities" else "time"
        tables = [getattr(one, name)() for one in (model, control)]
        # What goes on at the warning ends at other times.
        early = [
            one[one[time] < warned].drop(columns="end", errors="ignore").reset_index(drop=True)
            for one in tables
        ]
        pd.testing.assert_frame_equal(early[0], early[1], check_categorical=False)


def test_most_leave_early_and_more_than_without_a_flood() -> None:
    minutes = np.array([60.0])
    (gone,) = left_by(departures(lived(flooded=True)), minutes)
    (usual,) = left_by(departures(lived(flooded=False)), minutes)
    assert gone > 0.7 > usual


def test_who_fled_has_said_so_and_left() -> None:
    table = departures(lived(flooded=True))
    fled = table[table["reaction"] == "flee"]
    assert len(fled)
    assert fled["left_min"].notna().all()


def test_the_shares_that_have_left_are_counted_by_hand() -> None:
    table = pd.DataFrame({"person": [1, 2, 3, 4], "left_min": [5.0, 5.0, 30.0, None]})
    assert left_by(table, np.array([4.0, 5.0, 30.0, 99.0])).tolist() == [0.0, 0.5, 0.75, 0.75]


def test_half_have_set_out_after_35_minutes_in_the_cited_curve() -> None:
    half = np.sqrt(1800.0 * np.log(2.0))
    assert rayleigh_share(np.array([half])).tolist() == pytest.approx([0.5])
    assert half == pytest.approx(35.3, abs=0.05)


def test_the_flood_is_three_interventions_with_times_of_the_model() -> None:
    assert [one.kind for one in flood(3)] == ["tell", "close", "tell"]
    told = lived(flooded=True).interventions()
    times = [one.strftime("%d %H:%M") for one in told["time"]]
    assert times[:2] == ["02 11:30", "02 12:00"]
    assert set(times[2:]) == {"03 06:00"}


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(ConfigError, match="days must be at least 1, got 0"):
        Evacuation(citizens=5, days=0)
