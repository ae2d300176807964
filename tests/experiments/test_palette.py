"""Colours: every kind of the parameters has one, and no two share it."""

from __future__ import annotations

import itertools

from mesa_llm_city.experiments.palette import OTHER, palette_of
from mesa_llm_city.parameters import CityParameters

DEFAULT = palette_of(CityParameters())


def test_every_purpose_belongs_to_one_group() -> None:
    members = list(itertools.chain.from_iterable(group.purposes for group in DEFAULT.groups))
    assert sorted(members) == sorted(CityParameters().purposes)
    assert all(one in DEFAULT.groups[DEFAULT.group_of(one)].purposes for one in members)


def test_no_colour_occurs_twice() -> None:
    groups = [group.colour for group in DEFAULT.groups]
    for colours in (groups, [colour for _, colour in DEFAULT.modes.values()]):
        assert len(set(colours)) == len(colours)


def test_new_kinds_have_a_label_and_a_colour_of_their_own() -> None:
    palette = palette_of(CityParameters(modes={"scooter": {}}, purposes={"worship": {}}))
    label, colour = palette.modes["scooter"]
    assert label == "scooter"
    assert colour not in {other for _, other in DEFAULT.modes.values()}
    assert palette.groups[palette.group_of("worship")].label == "worship"


def test_a_purpose_that_the_parameters_do_not_know_is_drawn_separately() -> None:
    assert DEFAULT.groups[DEFAULT.group_of("juggling")] == OTHER
