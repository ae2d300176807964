"""A flood at noon: people are warned, leave, and come back; up to the warning nothing differs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mesa_llm_city.models.evacuation.demo import demo
from mesa_llm_city.models.evacuation.model import FLOODED_MIN, Evacuation, flood
from mesa_llm_city.models.evacuation.two_futures import flood_futures, left_shares, models_of
from mesa_llm_city.models.evacuation.who_left import departures, left_by, rayleigh_share

from mesa_llm_city import City
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import Futures

GRACE_MIN = 30
BACK_MIN = 2 * DAY_MIN + 6 * HOUR_MIN


@cache
def forked() -> Futures:
    """Return both futures of a small town until 11:30 of day 3, in two replicates."""
    futures: Futures = flood_futures(8, rng=7, seeds=2, city=City.synthetic(rng=1, places=300))
    return futures


def lived(*, flooded: bool) -> Evacuation:
    """Return the first replicate of a future, which goes on with the luck of the run."""
    return models_of(forked(), "flood" if flooded else "control")[0]


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


def test_the_arms_of_a_fork_are_equal_up_to_the_warning_and_differ_after_it() -> None:
    control, flooded = (models_of(forked(), name) for name in ("control", "flood"))
    until = {one.digest(until="day 2 11:30") for one in [*control, *flooded]}
    assert len(until) == 1
    assert all(one.digest() != other.digest() for one, other in zip(control, flooded, strict=True))


def test_a_fork_is_what_a_model_with_the_flood_becomes() -> None:
    city = City.synthetic(rng=1, places=300)
    whole = Evacuation(citizens=8, rng=7, city=city)
    while whole.minute < FLOODED_MIN + HOUR_MIN:
        whole.step()
    until = "day 2 13:00"
    assert lived(flooded=True).digest(until=until) == whole.digest(until=until)
    assert lived(flooded=False).digest(until=until) != whole.digest(until=until)


def test_shares_of_several_replicates_have_intervals() -> None:
    shares = forked().difference(left_shares)
    assert shares.index[[0, -1]].tolist() == [0, 240]
    assert shares[["low", "high"]].notna().all(axis=None)
    assert (shares["low"] <= shares["difference"]).all()


def test_the_demonstration_says_who_left_by_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "mesa_llm_city.models.evacuation.demo.flood_futures", lambda *_, **__: forked()
    )
    said = demo(tmp_path)
    assert "left after 60 min: " in said
    assert "interval of the difference: " in said
    files = {one.name for one in tmp_path.iterdir()}
    assert {"departures.png", "left.csv", "messages.csv", "departures_flood.csv"} <= files


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
