"""Zones in colours, as the map gets them."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.map.choropleth import choropleth, look_of, measures_of
from mesa_llm_city.ui.palette import LEVELS
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.zone_measures import zone_measures
from tests.town import small_town, townspeople

VIEW = LiveView(CityModel(small_town(), townspeople(), rng=5))


def test_every_zone_has_a_step_of_colour_by_every_measure() -> None:
    for measure in zone_measures(VIEW):
        packed = choropleth(VIEW, measure)
        codes = np.frombuffer(packed["zone_codes"], dtype=np.uint8)
        assert len(codes) == len(small_town().zones)
        assert codes.max() <= LEVELS
        assert packed["zone_look"]["title"]
        assert len(packed["zone_look"]["dark"]) == LEVELS


def test_maps_side_by_side_have_one_scale() -> None:
    few = LiveView(CityModel(small_town(), townspeople(12), rng=5))
    alone, beside = choropleth(few, "people"), choropleth(few, "people", beside=VIEW)
    many = choropleth(VIEW, "people", beside=few)
    assert alone["zone_look"]["high"] < beside["zone_look"]["high"]
    assert beside["zone_look"] == many["zone_look"] == choropleth(VIEW, "people")["zone_look"]
    assert beside["zone_words"] == alone["zone_words"]


def test_every_zone_is_told_in_words() -> None:
    people = choropleth(VIEW, "people")["zone_words"].split("\n")
    assert len(people) == len(small_town().zones)
    assert all(one.startswith("people there now: ") for one in people)
    assert sum(int(one.rpartition(" ")[2]) for one in people) == len(townspeople())
    hunger = choropleth(VIEW, "hunger")["zone_words"]
    assert "mean" in hunger
    assert "not known" in hunger


def test_the_zone_with_most_people_has_the_strongest_colour() -> None:
    look = look_of(VIEW, "people", np.array([0.0, 3.0, 12.0]))
    assert (look.ends, look.title) == (("0", "12"), "people there now")
    assert look.codes(np.array([0.0, 12.0])).tolist() == [0, LEVELS - 1]
    assert look_of(VIEW, "people", np.zeros(2)).high == 1.0


def test_means_are_coloured_from_the_lowest_to_the_highest() -> None:
    look = look_of(VIEW, "hunger", np.array([0.75, np.nan, 0.875]))
    assert look.ends == ("0.75 pressing", "0.88 met")
    assert look.codes(np.array([0.75, np.nan, 0.875])).tolist() == [0, LEVELS, LEVELS - 1]
    assert look_of(VIEW, "income", np.array([0.5, 2.0])).ends == ("0.50", "2.00 x median")


def test_means_without_a_range_have_their_usual_colours() -> None:
    for values in (np.full(3, np.nan), np.array([0.5, 0.5])):
        assert look_of(VIEW, "hunger", values).low == 0.0


def test_measures_are_named_for_the_reader() -> None:
    labels = {one["name"]: one["label"] for one in measures_of(VIEW)}
    assert labels["visits"] == "visits today"
    assert labels["belief"] == "mean liking of places"
    assert labels["hunger"].startswith("mean ")
