"""Slots for places: a new place takes the slot that matters least."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.place_slots import NO_PLACE, slot_of


def slot(places: list[int], visits: list[int], minute: list[int], wanted: int) -> tuple[int, bool]:
    held, been, last = (np.array([one]) for one in (places, visits, minute))
    found, is_known = slot_of(held, been, last, np.array([wanted]))
    return int(found[0]), bool(is_known[0])


def test_a_known_place_keeps_its_slot() -> None:
    assert slot([5, 8, 9], [3, 1, 1], [10, 20, 30], 8) == (1, True)


def test_an_empty_slot_is_taken_first() -> None:
    assert slot([5, 8, NO_PLACE, NO_PLACE], [1, 1, 0, 0], [1, 2, 0, 0], 7) == (2, False)


def test_then_that_of_the_fewest_visits_and_among_these_of_the_longest_ago() -> None:
    assert slot([5, 8, 9, 4], [9, 2, 2, 3], [1, 40, 30, 2], 7) == (2, False)


def test_visits_come_before_time_however_long_ago() -> None:
    assert slot([5, 8], [2, 1], [0, 2**31 - 1], 7) == (1, False)
