"""Departures, modes, trips a day and drift, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.experiments.observed.departures import read_departures
from mesa_llm_city.experiments.observed.modes import read_modes
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.departures import departures
from mesa_llm_city.experiments.validation.mode_shares import mode_shares
from mesa_llm_city.experiments.validation.trip_rates import trip_rates
from tests.experiments.lives import CAFE, HOME, SHOP, WORK, Way, lives

MODES = ("walk", "bicycle", "car", "bus", "train")


def _file(folder: Path, *lines: str) -> Path:
    file = folder / "table.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _at_home(days: int) -> list[tuple[int, float, float, str, int | None]]:
    return [(0, 0.0, 24.0 * days, "rest", HOME)]


def test_departures_by_hand(tmp_path: Path) -> None:
    rows = ("weekday,8,0.5", "weekday,17,0.5", "weekend,12,1")
    observed = read_departures(_file(tmp_path, "day_type,hour,share", *rows))
    ways: list[Way] = [(0, hour, HOME, SHOP, "shopping", "walk") for hour in (8.1, 8.9, 17.5, 12.0)]
    found = departures(lives(_at_home(1), days=1, ways=ways), observed, Bootstrap(1, draws=2))
    names = [one.name for one in found.measures]
    assert names == ["weekday: correlation over the hours", "weekday: trips in another hour"]
    assert found.notes == ("weekend: the run has no such trip",)
    # 50, 25 and 25 per cent at 8, 12 and 17 against 50 and 50 at 8 and 17.
    assert found.measures[1].value == pytest.approx(25.0)
    # The mean over both kinds of day has a quarter at 8, a half at 12 and a quarter at 17.
    naive = found.measures[1].naive
    assert list(naive.values()) == pytest.approx([50.0, 100 * 22 / 24])


def test_mode_shares_by_hand(tmp_path: Path) -> None:
    rows = ("0,2,walk,80,0.5", "0,2,car,20,0.5", "2,,walk,0,0.5", "2,,car,90,0.5", "2,,boat,10,0.5")
    head = "from_km,to_km,mode,percent,share_of_trips"
    observed = read_modes(_file(tmp_path, head, *rows), MODES)
    assert observed.source.notes == ("left out, the other shares being scaled to 1: boat",)
    ways: list[Way] = [
        (0, 8.0, HOME, SHOP, "shopping", "walk"),
        (0, 9.0, SHOP, HOME, "rest", "car"),
        (0, 10.0, HOME, CAFE, "meal", "bus"),  # not in the table
        (0, 11.0, HOME, WORK, "work", "car"),
    ]
    found = mode_shares(lives(_at_home(1), days=1, ways=ways), observed, Bootstrap(1, draws=2))
    by_length, lengths = found.measures
    # Half instead of 80 % on foot below 2 km, right beyond.
    assert by_length.value == pytest.approx((30.0 + 0.0) / 2)
    # Shares of all trips: 40 % walk, told for 80 and 0 %.
    assert next(iter(by_length.naive.values())) == pytest.approx(40.0)
    assert lengths.value == pytest.approx(25.0)  # three of four trips below 2 km


def test_trips_a_day_and_drift_by_hand() -> None:
    # One trip a day in the first and second week, two in the third and last.
    days = [*range(14), *np.repeat(range(14, 21), 2).tolist()]
    ways: list[Way] = [(0, 24.0 * day + 9.0, HOME, SHOP, "shopping", "walk") for day in days]
    found = trip_rates(lives(_at_home(21), days=21, ways=ways), Bootstrap(1, draws=2))
    rate, adults, drift = found.measures
    assert rate.value == adults.value == pytest.approx(28 / 21)
    assert drift.name == "trips a day, week 3 against week 2"
    assert drift.value == pytest.approx(100.0)
    assert found.details["trips_a_day_by_week"] == [1.0, 1.0, 2.0]


def test_a_week_alone_has_no_drift() -> None:
    found = trip_rates(lives(_at_home(8), days=8), Bootstrap(1, draws=2))
    assert [one.name for one in found.measures] == ["trips a day", "trips a day, ages 18+"]
    assert found.notes == ("drift needs two whole weeks",)
