"""Attraction of places: from kind, size, rating and vicinity, by chance, and as given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.city.attraction import attraction_note, attraction_of
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters.city import AttractionParameters

KINDS = ("amenity=cafe", "amenity=restaurant", "leisure=park")
"""Kinds with 100, 96 and 250 visitors a day."""

NAN = float("nan")
NONE = Stations(names=(), x=np.empty(0), y=np.empty(0))


def places(kinds: tuple[str, ...] = KINDS, **columns: list[float]) -> Places:
    at: dict[str, Any] = {"x": [1000.0 * one for one in range(len(kinds))], "y": [0.0] * len(kinds)}
    return Draft.of(kinds, **(at | columns)).to_places(Categories.default())


def plain(**changes: Any) -> AttractionParameters:  # noqa: ANN401
    """Return parameters of estimates with neither spread nor vicinity."""
    return AttractionParameters(
        **({"estimated": True, "sigma": 0.0, "vicinity_exponent": 0.0} | changes)
    )


def attraction(
    table: Places, seed: int = 7, stations: Stations = NONE, **changes: float
) -> list[float]:
    found: list[float] = attraction_of(table, stations, plain(**changes), seed=seed).tolist()
    return found


def test_a_kind_has_its_usual_number_of_visitors() -> None:
    assert attraction(places()) == [100.0, 96.0, 250.0]


def test_a_larger_place_draws_more_people() -> None:
    twice = places(jobs=[10.0, NAN, NAN])
    assert attraction(twice) == [200.0, 96.0, 250.0]
    assert attraction(twice, size_exponent=0.5)[0] == pytest.approx(141.42, abs=0.01)


def test_ratings_count_against_their_mean() -> None:
    rated = attraction(places(rating=[1.0, 0.5, NAN]))
    assert rated == pytest.approx([100 * np.exp(0.085), 96 * np.exp(-0.085), 250.0])


def test_places_close_to_each_other_draw_more_people() -> None:
    # Two, two and one places within 400 m, on average 5 / 3.
    near = attraction(places(x=[0.0, 100.0, 5000.0]), vicinity_exponent=0.5)
    assert near == pytest.approx([100 * 1.2**0.5, 96 * 1.2**0.5, 250 * 0.6**0.5])


def test_people_who_enter_a_station_pass_the_places_close_by() -> None:
    two = Stations(names=("A", "B"), x=np.array([0.0, 2000.0]), y=np.zeros(2))
    uncounted = attraction(places(), stations=two, station_exponent=0.5)
    assert uncounted == pytest.approx([100 * 2**0.5, 96.0, 250 * 2**0.5])
    counted = replace(two, entries=np.array([3000.0, 1000.0]))
    told = attraction(places(), stations=counted, station_exponent=0.5)
    assert told == pytest.approx([100 * 2.5**0.5, 96.0, 250 * 1.5**0.5])


def test_given_attractions_are_in_any_unit_and_replace_the_estimate() -> None:
    for unit in (1.0, 1000.0):
        given = places(attraction=[3.0 * unit, NAN, 1.0 * unit], rating=[1.0, 0.5, 0.5])
        mixed = attraction(given, rating_effect=0.0)
        assert mixed == pytest.approx([262.5, 96.0, 87.5])


def test_what_is_unknown_spreads_with_mean_1_and_what_is_known_does_not() -> None:
    many = places(("amenity=cafe",) * 4000, jobs=[5.0] * 1000 + [NAN] * 3000)
    spread = np.array(attraction(many, sigma=0.8)) / 100.0
    assert (spread[:1000] == 1.0).all()
    assert spread[1000:].mean() == pytest.approx(1.0, abs=0.05)
    assert np.log(spread[1000:]).std() == pytest.approx(0.8, abs=0.03)


def test_the_draw_of_a_place_depends_on_nothing_but_seed_and_id() -> None:
    three, more = places(), places((*KINDS, "amenity=bar"))
    assert attraction(more, sigma=1.0)[:3] == attraction(three, sigma=1.0)
    assert attraction(three, seed=8, sigma=1.0) != attraction(three, sigma=1.0)


def test_kinds_without_a_number_of_visitors_count_by_their_jobs() -> None:
    office = places(("office",))
    assert np.isnan(office.visitors[0])
    assert attraction(office) == [250.0]


def test_without_estimates_what_the_files_lack_is_the_mean_of_its_kind_or_of_all() -> None:
    twice = (*KINDS, "amenity=cafe")
    assert attraction(places(twice), estimated=False) == [1.0] * 4
    given = places(twice, attraction=[30.0, NAN, 10.0, NAN])
    assert attraction(given, estimated=False) == [30.0, 20.0, 10.0, 30.0]


def test_the_note_says_what_was_used() -> None:
    kinds = (*KINDS, "home")
    table = places(kinds, attraction=[3.0, NAN, NAN, NAN], jobs=[NAN, 8.0, NAN, NAN])
    by_mean = AttractionParameters(estimated=False)
    assert attraction_note(table, NONE, by_mean) == (
        "attraction of places: 1 as the files have it, 2 by the mean of their kind"
    )
    assert attraction_note(places(), NONE, by_mean) == (
        "attraction of places: not known, all draw people alike"
    )
    assert attraction_note(table, NONE, plain()) == (
        "attraction of places: 1 as the files have it, 1 by kind and size, 1 by kind alone"
    )
    by_chance = attraction_note(places(), NONE, plain(sigma=1.0))
    assert by_chance.endswith("by kind alone, with a spread by chance")
    rated = places(rating=[0.5, 0.5, NAN])
    assert attraction_note(rated, None, plain()).endswith("; ratings of 2")
    counted = Stations(names=("A",), x=np.zeros(1), y=np.zeros(1), entries=np.ones(1))
    assert attraction_note(rated, counted, plain()).endswith("; entries of stations too")


class TestCity:
    def test_places_in_reach_have_their_attraction(self) -> None:
        city = City.synthetic(rng=3, places=300, stations=0)
        near = city.nearby(city.position(0), Purpose.MEAL, radius_m=3000.0)
        assert near.attraction is not None
        np.testing.assert_array_equal(near.attraction, city.pull[near.places])
        np.testing.assert_array_equal(city.to_geodataframe()["attraction"], city.attraction)

    def test_it_follows_the_parameters(self) -> None:
        city = City.synthetic(rng=3, places=300, stations=0)
        assert np.ptp(city.attraction) > 0.0
        tree = city.parameters.with_("city.attraction.estimated", value=False)
        other = city.with_parameters(tree)
        assert (other.attraction == 1.0).all()
        assert not np.array_equal(other.attraction, city.attraction)

    def test_homes_that_are_added_change_no_other_place(self) -> None:
        city = City.synthetic(rng=3, places=300, stations=0)
        before = city.attraction
        city.add_residences(np.array([0.0]), np.array([0.0]))
        np.testing.assert_allclose(city.attraction[:-1], before)

    def test_the_notes_of_a_city_tell_it(self) -> None:
        city = City.synthetic(rng=3, places=300, stations=0)
        assert any(note.startswith("attraction of places: ") for note in city.notes)
