"""Colours: every purpose and mode has one, and no two share it."""

from __future__ import annotations

import itertools

from mesa_llm_city.core.values import Mode, Purpose
from mesa_llm_city.experiments.palette import GROUPS, MODE_COLOURS, group_of


def test_every_purpose_belongs_to_one_group() -> None:
    assert sorted(itertools.chain.from_iterable(one.purposes for one in GROUPS)) == sorted(Purpose)
    assert [GROUPS[group_of(one)].purposes.count(one) for one in Purpose] == [1] * len(Purpose)


def test_every_mode_has_a_colour() -> None:
    assert list(MODE_COLOURS) == list(Mode)


def test_no_colour_occurs_twice() -> None:
    for colours in ([one.colour for one in GROUPS], list(MODE_COLOURS.values())):
        assert len(set(colours)) == len(colours)
