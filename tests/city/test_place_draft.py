"""Drafts of places: figures of the file come first, those of the kind fill the gaps."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.core.values import Purpose

TABLE = Categories.default()


def test_figures_of_the_row_come_before_those_of_the_kind() -> None:
    draft = Draft.of(["office", "office"], x=[0, 1], y=[0, 0], jobs=[7, np.nan])
    assert draft.to_places(TABLE).jobs.tolist() == [7.0, 25.0]


def test_a_place_without_jobs_offers_no_work() -> None:
    places = Draft.of(["amenity=cafe"], x=[0], y=[0], jobs=[0.0]).to_places(TABLE)
    assert len(places.offering(Purpose.WORK)) == 0


def test_kinds_that_nobody_visits_and_unknown_ones_become_no_place() -> None:
    draft = Draft.of(["road", "amenity=bar", "moon base"], x=[0, 1, 2], y=[0, 0, 0])
    places = draft.to_places(TABLE)
    assert [places[0].category, len(places)] == ["amenity=bar", 1]
    assert draft.unknown_kinds(TABLE) == {"moon base": 1}


def test_unknown_kinds_are_counted_commonest_first() -> None:
    kinds = ["zorb", "yurt", "zorb"]
    draft = Draft.of(kinds, x=np.zeros(3), y=np.zeros(3))
    assert list(draft.unknown_kinds(TABLE).items()) == [("zorb", 2), ("yurt", 1)]


def test_joined_drafts_keep_their_order() -> None:
    first = Draft.of(["a"], x=[1], y=[2], name=["one"])
    second = Draft.of(["b", "c"], x=[3, 4], y=[5, 6])
    both = Draft.join([first, second])
    assert both.kind == ("a", "b", "c")
    assert both.name == ("one", "", "")
    assert both.x.tolist() == [1, 3, 4]


def test_a_draft_of_nothing_makes_no_places() -> None:
    assert len(Draft.of([], x=[], y=[]).to_places(TABLE)) == 0
