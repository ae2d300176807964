"""What is counted of two crowds, and which people are compared when one run is ahead."""

from __future__ import annotations

import time
from functools import cache

import pandas as pd
import pytest

pytest.importorskip("solara")

from mesa_llm_city import CityModel
from mesa_llm_city import Crowd as CrowdOptions
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.ui.comparing.charts import DifferenceCharts
from mesa_llm_city.ui.comparing.differences import Differences, differences
from mesa_llm_city.ui.comparing.differing_now import differing_now
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.zone_difference import zone_difference
from mesa_llm_city.ui.page.forks import Forks
from mesa_llm_city.ui.views.protocols import view_of
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople
from tests.ui.comparing.parted import CLOSED, EIGHT, NAMES, pair_of
from tests.ui.shown import show

_TEN, _ROWS = 10 * 60, 60


@cache
def _runs() -> tuple[CityModel, CityModel]:
    """Return a city with a crowd at ten, and the same of which much was closed at eight."""
    people = townspeople(5)
    shown = CityModel(small_town(), people, rng=7, crowd=CrowdOptions(_ROWS, tables=True))
    _live(shown, EIGHT)
    other = restored(snapshot(shown))
    other.act(CLOSED, who="somebody")
    for one in (shown, other):
        _live(one, _TEN)
    return shown, other


def _live(model: CityModel, minute: int) -> None:
    while model.minute < minute:
        model.step()


def _found(minute: int = _TEN) -> Differences:
    return differences(pair_of(*map(view_of, _runs())), minute)


def test_trips_of_rows_are_those_that_have_ended_since_the_runs_parted() -> None:
    rows = _found().crowd_measures["trips of rows by hour"]
    assert rows.index.tolist() == [pd.Timestamp(f"2024-04-01 0{hour}:00") for hour in (8, 9)]
    for column, model in zip(("shown", "other"), _runs(), strict=True):
        ends = (model.crowd.trips()["end"] - pd.Timestamp("2024-04-01")).dt.total_seconds() / 60
        assert rows[column].sum() == ((ends > EIGHT) & (ends <= _TEN)).sum() > 0
    assert (rows["difference"] == rows["other"] - rows["shown"]).all()


def test_the_day_of_a_mean_row_has_24_hours_and_differs() -> None:
    rows = _found().crowd_measures["minutes of rows by purpose"]
    assert rows[["shown", "other"]].sum().to_numpy() == pytest.approx([1440.0, 1440.0])
    assert rows["difference"].abs().max() > 0.0


def test_of_a_minute_that_has_passed_what_was_counted_until_then_is_compared() -> None:
    rows = _found(9 * 60).crowd_measures["trips of rows by hour"]
    assert rows.index.tolist() == [pd.Timestamp("2024-04-01 08:00")]
    nothing = _found(EIGHT).crowd_measures
    assert all(not one[["shown", "other"]].to_numpy().any() for one in nothing.values())


def test_charts_of_the_crowd_come_below_those_of_citizens() -> None:
    page = show(pair_of(*map(view_of, _runs())), DifferenceCharts)
    end_s = time.monotonic() + 20.0
    while not (charts := page.of_kind("VegaField")):
        assert time.monotonic() < end_s, page.texts()
        time.sleep(0.01)
    files = [one.file for one in charts if one.file.endswith("_difference")]
    assert files[-2:] == [
        "trips_of_rows_by_hour_difference",
        "minutes_of_rows_by_purpose_difference",
    ]
    assert "those below count the rows of the crowd" in page.texts()


def test_replays_and_cities_without_a_crowd_have_nothing_of_the_kind() -> None:
    shown, other = _runs()
    replay = Replay.of(other)
    replay.go_to(_TEN)
    pair = Pair(shown=view_of(shown), other=replay, names=NAMES, parted=EIGHT)
    assert differences(pair).crowd_measures == {}


def test_rows_are_left_out_of_both_runs_where_one_is_looked_at_as_it_was() -> None:
    model = CityModel(small_town(), townspeople(5), rng=7, crowd=CrowdOptions(_ROWS))
    _live(model, 5)
    forks = Forks(model)
    fork = forks.fork("ahead").city
    assert isinstance(fork, CityModel)
    _live(fork, 15)
    forks.compare("ahead")
    comparison = forks.comparison
    assert comparison is not None
    pair = comparison.pair(model)
    assert isinstance(pair.other, Replay)
    assert zone_difference(pair, "people").summary() == "No zone differs by people there now."
    assert not any(map(any, differing_now(pair)))
    _live(model, 15)
    level = comparison.pair(model)
    assert level.shown.crowd().person.size == level.other.crowd().person.size == 5 + _ROWS
    # Looking back, the run that stands there already is looked at without its rows too.
    back = Replay.of(model)
    back.go_to(15)
    assert len(comparison.pair(back).other.crowd()) == 5
    forks.close()
