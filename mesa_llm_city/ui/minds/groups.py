"""Groups of people among whom a network can be shown: those marked, a household, a zone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.ui.focus import EVERYBODY, Emphasis, emphasis_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["ANYBODY", "groups_of", "members_of"]

ANYBODY = ""
"""Key of the group of all."""

_MARKED, _HOUSEHOLD, _ZONE = "marked", "household", "zone:"


def groups_of(view: CityView, person: int, wanted: Emphasis) -> list[tuple[str, str]]:
    """Return the groups there are, as keys and labels; everybody is the first.

    Parameters
    ----------
    view : CityView
        The city.
    person : int
        The selected person, or `NOBODY`.
    wanted : Emphasis
        Whom the map shows clearly.
    """
    groups = [(ANYBODY, "everybody")]
    if wanted != EVERYBODY:
        groups.append((_MARKED, "those who are marked on the map"))
    row = view.crowd().row_of(person)
    if row is not None:
        groups.append((_HOUSEHOLD, f"the household of {view.names()[row]}"))
    return [*groups, *_zones(view)]


def members_of(view: CityView, key: str, person: int, wanted: Emphasis) -> Int | None:
    """Return the ids of the people of a group, rising; None for everybody.

    Parameters
    ----------
    view : CityView
        The city.
    key : str
        One of the keys that `groups_of` returns for the same arguments.
    person : int
        The selected person, or `NOBODY`.
    wanted : Emphasis
        Whom the map shows clearly.
    """
    if key == ANYBODY:
        return None
    if key == _HOUSEHOLD:
        return _household(view, person)
    crowd = view.crowd()
    if key == _MARKED:
        shown = np.frombuffer(emphasis_of(view, crowd, wanted), dtype=np.uint8) > 0
    else:
        zone = int(key.removeprefix(_ZONE))
        shown = view.basemap().areas.of_place[view.homes()] == zone
    members: Int = crowd.person[shown]
    return members


def _zones(view: CityView) -> Iterator[tuple[str, str]]:
    """Yield the zones in which people live, by name."""
    areas = view.basemap().areas
    residents = areas.count(areas.of_place[view.homes()]).tolist()
    some = [(name, zone) for zone, name in enumerate(areas.names) if residents[zone]]
    for name, zone in sorted(some):
        yield f"{_ZONE}{zone}", f"those who live in {name}"


def _household(view: CityView, person: int) -> Int:
    """Return who belongs to the household; those with the same home where that is not known."""
    ids, household = _households(view)
    if person not in ids:
        crowd = view.crowd()
        ids, household = crowd.person, view.homes()
    members: Int = np.sort(ids[np.isin(household, household[ids == person])])
    return members


def _households(view: CityView) -> tuple[Int, Int]:
    """Return ids of people and of their households, as far as these are known."""
    model = model_of(view)
    if model is not None:
        personas = [one.citizen.persona for one in model.citizens]
        both = [(one.id, one.household.id) for one in personas]
        ids, household = np.array(both, dtype=np.int64).reshape(-1, 2).T
        return ids, household
    if isinstance(view, Replay) and "household_id" in view.history.persons:
        known = view.history.persons["household_id"].to_numpy(dtype=np.int64)
        return view.history.ids, known
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
