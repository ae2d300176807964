"""The picture of a run: what is on it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from mesa_llm_city import City, CityModel, Clock, Population
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.experiments.panels import draw_needs, draw_time_use, draw_trips
from mesa_llm_city.experiments.summary import draw_summary
from mesa_llm_city.experiments.town_map import draw_map, scale_bar_m
from mesa_llm_city.parameters import CityParameters


def _lived(days: int, *, start: date, components: dict[str, None] | None = None) -> CityModel:
    city = City.synthetic(rng=3, places=300)
    people = Population.synthesize(8, city=city, rng=1)
    model = CityModel(city, people, rng=1, clock=Clock(start=start), components=components)
    model.run_days(days)
    return model


def _frames(model: CityModel) -> dict[str, pd.DataFrame]:
    names = ("activities", "trips", "visits", "decisions", "needs")
    return {name: pd.DataFrame(getattr(model, name)()) for name in names}


def _texts(figure: Figure) -> str:
    figure.canvas.draw()
    return "\n".join(one.get_text() for one in figure.findobj(Text))


@pytest.mark.slow
def test_it_tells_town_citizens_days_seed_and_who_decided() -> None:
    model = _lived(1, start=date(2024, 4, 1))
    told = _texts(draw_summary(model, _frames(model)))
    assert "Synthetic town" in told
    assert "8 citizens, 1 day from Monday 1 April 2024, seed 1; every choice by rules" in told
    assert "no language model was used" in told
    for panel in ("a   Places", "b   What people are doing", "c   Trips by mode", "d   Needs"):
        assert panel in told


@pytest.mark.slow
def test_weekdays_and_weekends_are_shown_separately_where_there_are_both() -> None:
    model = _lived(2, start=date(2024, 4, 5))
    assert "weekend hatched" in _texts(draw_summary(model, _frames(model)))
    model = _lived(1, start=date(2024, 4, 6))
    assert "weekend hatched" not in _texts(draw_summary(model, _frames(model)))


@pytest.mark.slow
def test_people_without_needs_leave_that_panel_empty() -> None:
    model = _lived(1, start=date(2024, 4, 1), components={"needs": None})
    assert "there are no needs in this model" in _texts(draw_summary(model, _frames(model)))


def test_a_map_without_visits_streets_or_stations_is_drawn() -> None:
    town = City.synthetic(rng=3, places=300, stations=0)
    bare = City(places=town.places, zones=town.zones, crs=town.crs)
    axes = Figure().add_subplot()
    draw_map(axes, bare, pd.DataFrame({"place": [], "purpose": []}), palette_of(CityParameters()))
    assert axes.get_legend() is not None


def test_thresholds_are_drawn_once_each() -> None:
    axes = Figure().add_subplot()
    frame = pd.DataFrame({"time": pd.to_datetime(["2024-04-01 08:00"]), "hunger": 0.5})
    frame = frame.assign(energy=0.5, safety=0.5, social=0.5)
    thresholds = {"hunger": 0.3, "energy": 0.3, "safety": 0.2, "social": 0.2}
    draw_needs(axes, frame, thresholds, palette_of(CityParameters()))
    told = [one.get_text() for one in axes.texts]
    assert told == ["safety and social press below", "hunger and energy press below"]


def test_kinds_of_the_parameters_and_unknown_ones_are_drawn() -> None:
    palette = palette_of(CityParameters(modes={"scooter": {}}, purposes={"worship": {}}))
    start = pd.to_datetime(["2024-04-01 08:00", "2024-04-01 09:00"])
    activities = pd.DataFrame({"start": start, "end": start + pd.Timedelta("1h")})
    trips = pd.DataFrame({"start": start, "mode": ["scooter", "hoverboard"]})
    axes = Figure().subplots(1, 2)
    draw_time_use(
        axes[0], activities.assign(purpose=["worship", "juggling"]), Clock(), palette, days=1
    )
    draw_trips(axes[1], trips, Clock(), palette, days=1, people=1)
    for one, names in zip(axes, ({"worship", "other"}, {"scooter", "other"}), strict=True):
        labels = set(one.get_legend_handles_labels()[1])
        assert names <= labels


def test_without_unknown_kinds_there_is_nothing_other() -> None:
    axes = Figure().add_subplot()
    start = pd.to_datetime(["2024-04-01 08:00"])
    trips = pd.DataFrame({"start": start, "mode": ["walk"]})
    draw_trips(axes, trips, Clock(), palette_of(CityParameters()), days=1, people=1)
    assert "other" not in axes.get_legend_handles_labels()[1]


@pytest.mark.parametrize("width_m", np.geomspace(60.0, 200_000.0, 25))
def test_a_scale_bar_is_a_tenth_to_a_fifth_of_the_map(width_m: float) -> None:
    length = scale_bar_m(width_m)
    assert 0.08 * width_m <= length <= 0.2 * width_m * (1 + 1e-9)
    assert length / 10 ** np.floor(np.log10(length) + 1e-9) == pytest.approx(1.0) or round(
        length / 10 ** np.floor(np.log10(length) + 1e-9)
    ) in {2, 5}
