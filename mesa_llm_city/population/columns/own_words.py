"""Names and hobbies of persons, drawn when they are asked for.

Each comes from an address of its own, so a person has the same ones whoever else is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population.columns.person_arrays import PersonArrays, Texts
from mesa_llm_city.population.names import full_names
from mesa_llm_city.population.person_columns import household_streams
from mesa_llm_city.population.schedules.free_time import NO_HOBBY, draw_hobbies, draw_hobby_codes

__all__ = ["SEPARATOR", "hobbies_of", "hobby_codes_of", "names_of"]

T = TypeVar("T")

_AT_ONCE = 2**15  # rows that are drawn at once, so that draws stay in the cache

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
    return _filled(own, _drawn(some, draw_hobbies))


def hobby_codes_of(columns: PersonArrays) -> tuple[tuple[str, ...], Int]:
    """Return the hobbies of each person as positions among names.

    Returns
    -------
    names : tuple of str
        Names of hobbies.
    codes : ndarray of int64, shape (n, k)
        Positions in `names`; `NO_HOBBY` behind them.
    """
    if columns.hobbies is None:
        every = np.arange(len(columns))
        parts = [
            _drawn(columns.take(rows), draw_hobby_codes)
            for rows in np.split(every, range(_AT_ONCE, len(every), _AT_ONCE))
        ]
        names = tuple(_tree_of(columns).population.hobbies)
        return names, np.concatenate(parts)
    own = hobbies_of(columns)
    code = {name: at for at, name in enumerate(dict.fromkeys(one for row in own for one in row))}
    codes = np.full((len(own), max(map(len, own), default=0)), NO_HOBBY)
    for row, some in enumerate(own):
        codes[row, : len(some)] = [code[one] for one in some]
    return tuple(code), codes


def _tree_of(columns: PersonArrays) -> CityParameters:
    return columns.parameters or default_parameters()


def _drawn(columns: PersonArrays, draw: Callable[..., T]) -> T:
    """Draw hobbies by one of the functions of `free_time`."""
    tree = _tree_of(columns)
    hobbies, purposes = tree.population.hobbies, tree.purposes
    liked = columns.preferences.astype(np.float64)
    weights = {
        purpose: np.where(np.isnan(one), purposes[purpose].free_time_weight, one)
        for purpose, one in zip(columns.purposes, liked.T, strict=True)
        if purpose in purposes
    }
    return draw(
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
