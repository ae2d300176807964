"""Names and hobbies of persons, drawn when they are asked for.

Each comes from an address of its own, so a person has the same ones whoever else is asked for.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.population.columns.person_arrays import PersonArrays, Texts
from mesa_llm_city.population.names import full_names
from mesa_llm_city.population.person_columns import household_streams
from mesa_llm_city.population.schedules.free_time import draw_hobbies

__all__ = ["SEPARATOR", "hobbies_of", "names_of"]

T = TypeVar("T")

SEPARATOR = "; "
"""Between the hobbies of a person, in a text."""


def names_of(columns: PersonArrays) -> list[str]:
    """Return given name and surname of each person, those that are open drawn.

    The given name goes with the person's address, the surname with that of the household.
    """
    is_open = _open(columns.names, len(columns))
    ids, streams = columns.ids[is_open], household_streams(columns.household[is_open])
    own = uniforms(columns.seed, ids, "persona.name", 0, 1)[:, 0]
    family = uniforms(columns.seed, streams, "persona.surname", 0, 1)[:, 0]
    drawn = full_names(columns.gender[is_open].astype(np.int64), own, family)
    return _filled([] if columns.names is None else columns.names.tolist(), drawn)


def hobbies_of(columns: PersonArrays) -> list[tuple[str, ...]]:
    """Return the hobbies of each person, those that are open drawn by age and preferences."""
    given = [] if columns.hobbies is None else columns.hobbies.tolist()
    own = [None if one is None else _split(one) for one in given]
    is_open = _open(columns.hobbies, len(columns))
    if not len(is_open):
        return _filled(own, [])
    some = columns if len(is_open) == len(columns) else columns.take(is_open)
    return _filled(own, _drawn_hobbies(some))


def _drawn_hobbies(columns: PersonArrays) -> list[tuple[str, ...]]:
    tree = columns.parameters or default_parameters()
    hobbies, purposes = tree.population.hobbies, tree.purposes
    weights = {
        purpose: np.where(np.isnan(one), purposes[purpose].free_time_weight, one)
        for purpose, one in zip(columns.purposes, columns.preferences.T, strict=True)
        if purpose in purposes
    }
    return draw_hobbies(
        columns.age.astype(np.int64),
        weights,
        uniforms(columns.seed, columns.ids, "persona.hobbies", 0, len(hobbies) + 1),
        hobbies=hobbies,
        purposes=purposes,
        parameters=tree.population.free_time,
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(SEPARATOR)) if text else ()


def _open(given: Texts | None, count: int) -> Int:
    """Return the rows of which a text is to be drawn."""
    if given is None:
        return np.arange(count)
    return np.array(
        [row for row, text in enumerate(given.tolist()) if text is None], dtype=np.int64
    )


def _filled(given: list[T | None], drawn: list[T]) -> list[T]:
    """Return what is given, and what is drawn where it is open."""
    if not given:
        return drawn
    rest = iter(drawn)
    return [next(rest) if one is None else one for one in given]
