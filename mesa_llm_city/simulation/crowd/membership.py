"""Who belongs to a crowd: people come, leave, and become citizens or rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Int
from mesa_llm_city.crowd.acquainted import APART, Acquainted, interests_of, row_order
from mesa_llm_city.crowd.growth import grow
from mesa_llm_city.crowd.state import NOT_BEGUN, NOT_TRAVELLING, CrowdState
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.population.columns.person_arrays import TEXT, joined
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.simulation.crowd.crowd import NOBODYS

if TYPE_CHECKING:
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["add_people", "remove_rows"]


def add_people(crowd: CrowdAgent, people: PopulationColumns) -> Int:
    """Let people come to live in a crowd; they plan the day that follows the night of before.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    people : PopulationColumns
        Who comes; their ids are new.

    Returns
    -------
    ndarray of int64, shape (k,)
        Their rows.

    Raises
    ------
    DataError
        If somebody lives in the crowd or the model already.
    """
    known = set(people.ids.tolist()) & {*crowd.people.ids[crowd.rows].tolist()}
    known |= set(people.ids.tolist()) & crowd.model.residents.by_id.keys()
    if known:
        shown = ", ".join(map(str, sorted(known)[:5]))
        message = f"ids {shown} belong to people who live here already; give new ones"
        raise DataError(message)
    _let_go_of_ids(crowd, people.ids)
    first = len(crowd.state)
    _grow_people(crowd, people)
    _grow_state(crowd, first)
    return np.arange(first, len(crowd.state))


def _let_go_of_ids(crowd: CrowdAgent, ids: Int) -> None:
    """Take the ids off rows of people who have left and come back."""
    back = np.flatnonzero(np.isin(crowd.people.ids, ids))
    if len(back):
        own = crowd.people.ids.copy()
        own[back] = NOBODYS + back
        crowd.people = replace(crowd.people, ids=own)


def _grow_people(crowd: CrowdAgent, people: PopulationColumns) -> None:
    known = crowd.people
    both = [_with_texts(known), _with_texts(_aligned(people, known.purposes))]
    crowd.people = cast("PopulationColumns", joined(both))


def _with_texts(people: PopulationColumns) -> PopulationColumns:
    """Return people with columns for texts, open where they are drawn when they are asked for."""
    blank = np.full(len(people), None, dtype=TEXT)
    given = {name: getattr(people, name) for name in ("names", "hobbies")}
    texts: dict[str, Any] = {name: blank if one is None else one for name, one in given.items()}
    return replace(people, **texts)


def _aligned(people: PopulationColumns, purposes: tuple[str, ...]) -> PopulationColumns:
    """Return people with preferences for the given purposes."""
    columns = [
        people.preferences[:, people.purposes.index(one)]
        if one in people.purposes
        else np.full(len(people), np.nan, dtype=np.float32)
        for one in purposes
    ]
    preferences = np.empty((len(people), len(columns)), dtype=np.float32)
    for at, column in enumerate(columns):
        preferences[:, at] = column
    return replace(people, purposes=purposes, preferences=preferences)


def _grow_state(crowd: CrowdAgent, first: int) -> None:
    model, tree = crowd.model, crowd.model.parameters
    everybody = crowd.people.for_rules(wide=False)
    late = np.arange(first, len(everybody))
    newcomers = crowd.people.take(late).for_rules(wide=False)
    streams = replace(crowd.streams, persons=newcomers.ids)
    curiosity = normal_of(streams.trait("exploration", n=1)[:, 0])
    more = CrowdState.begin(newcomers, curiosity, tree)
    more.due[:], more.day[:] = model.minute, model.minute // DAY_MIN - 2
    more.needs.since[:] = more.needs.counted[:] = model.minute
    grow(crowd.state, more)
    crowd.state.people = everybody
    crowd.news.grow(len(everybody))
    if crowd.meetings is not None:
        known = crowd.meetings.known
        own = Acquainted.begin(
            newcomers,
            education=crowd.people.education[late],
            interests=known.interests,
            places=len(model.city.places),
            seed=model.run_seed,
            parameters=tree,
        )
        grow(known, own)
        _renumber(crowd, known, everybody)
        crowd.meetings.gather_anew()
    crowd.draw_from(replace(crowd.streams, persons=everybody.ids))
    crowd.journal.ids = everybody.ids


def _renumber(crowd: CrowdAgent, known: Acquainted, everybody: PeopleColumns) -> None:
    places = len(crowd.model.city.places)
    _, house = np.unique(everybody.household, return_inverse=True)
    at_home = (known.spot != APART) & (crowd.state.place == everybody.home)
    known.house = (places + house).astype(np.int32)
    known.spot[at_home] = known.house[at_home]
    known.order = row_order(everybody.ids)
    known.interests = interests_of(crowd.people)


def remove_rows(crowd: CrowdAgent, rows: Int, *, written: bool = True) -> None:
    """Let people leave a crowd.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    rows : ndarray of int64, shape (k,)
        Their rows, each given once.
    written : bool, default True
        Whether what they do is written down until now.
    """
    state, minute = crowd.state, crowd.model.minute
    doing = state.doing
    stays = (state.trip.destination[rows] == NOT_TRAVELLING) & (doing.purpose[rows] != NOT_BEGUN)
    begun = rows[stays & (doing.start[rows] < minute)]
    if written and len(begun):
        start, purpose, place = (one[begun] for one in (doing.start, doing.purpose, doing.place))
        crowd.journal.stays(begun, start, np.full(len(begun), minute), purpose, place)
    state.empty(rows)
    if crowd.meetings is not None:
        crowd.meetings.known.spot[rows] = APART
        crowd.meetings.gather_anew()
