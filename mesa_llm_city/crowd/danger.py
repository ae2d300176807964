"""Danger: which places rows keep away from, and where they go instead (see `citizen.danger`).

A row finds a refuge as a `Citizen` without a model does: a household goes to one of the homes
nearest to its own outside the danger. Only citizens look for friends, hotels and shelters.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import KDTree

from mesa_llm_city.city import City
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Bool, Float, Int, Purpose
from mesa_llm_city.crowd.blocks import NOWHERE, Blocks
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.danger_rows import DangerRows
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.state import NO_REFUGE, CrowdState
from mesa_llm_city.parameters import CityParameters

__all__ = ["are_safe", "homes_in_danger", "leave_danger", "refuges_of"]


def are_safe(state: CrowdState, due: Due, at: Int, places: Int) -> Bool:
    """Tell which places are in no danger that somebody keeps away from.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    due : Due
        The m rows, with their dangers.
    at : ndarray of int64, shape (k,)
        Position in `due` of whoever a place is for.
    places : ndarray of int, shape (k,)
        Ids of places. In a danger that is everywhere outdoors, the home and the place where
        somebody is are safe.
    """
    safe = np.ones(len(places), dtype=np.bool_)
    rows = due.rows[at]
    for one in due.dangers:
        if one.area is None:
            fine = (places == state.people.home[rows]) | (places == state.place[rows])
        else:
            fine = ~one.area[places]
        safe &= fine | ~one.of[at]
    return safe


def homes_in_danger(state: CrowdState, due: Due) -> Bool:
    """Tell whose homes lie in the area of a danger that they keep away from."""
    return _in_areas(_areas(due), state.people.home[due.rows])


def refuges_of(state: CrowdState, due: Due, parameters: CityParameters) -> Int:
    """Return where each row is out of danger: at home, or at a refuge (`danger.refuge_of`).

    Parameters
    ----------
    state : CrowdState
        The crowd.
    due : Due
        The m rows, with their dangers.
    parameters : CityParameters
        ``mind.warnings.refuges``: among how many homes a household finds one.
    """
    found = state.people.home[due.rows].astype(np.int64)
    areas = _areas(due)
    endangered = _in_areas(areas, found)
    if not endangered.any():
        return found
    own = state.refuge[due.rows].astype(np.int64)
    kept = endangered & (own != NO_REFUGE) & ~_in_areas(areas, np.maximum(own, 0))
    found[kept] = own[kept]
    seeking = np.flatnonzero(endangered & ~kept)
    if len(seeking):
        found[seeking] = _sought(state, due.take(seeking), parameters)
    return found


def leave_danger(
    state: CrowdState, due: Due, block: Blocks, part: Int, parameters: CityParameters
) -> None:
    """Move some of the blocks in place whose places are in danger (`danger.out_of_danger`)."""
    if not due.dangers:
        return
    part = part[block.place[part] != NOWHERE]
    part = part[~are_safe(state, due, part, block.place[part])]
    if not len(part):
        return
    here = due.take(part)
    refuge = refuges_of(state, here, parameters)
    # Who gets ready to leave does so where they are.
    follows = state.plans.front(here.rows)
    ready = block.fixed[part] & follows.fixed & (follows.place == refuge)
    ready &= state.plans.exists(here.rows)
    part, refuge, codes = part[~ready], refuge[~ready], codes_of(parameters)
    purpose = block.purpose[part]
    keeps = codes.at_home[purpose] | (purpose == codes.sleep) | (purpose == codes.meal)
    block.purpose[part] = np.where(keeps & (purpose >= 0), purpose, codes.rest)
    block.place[part] = refuge


def _areas(due: Due) -> list[DangerRows]:
    # A storm is sat out at a refuge as well as at home.
    return [one for one in due.dangers if one.area is not None]


def _in_areas(areas: list[DangerRows], places: Int) -> Bool:
    inside = np.zeros(len(places), dtype=np.bool_)
    for one in areas:
        if one.area is not None:
            inside |= one.of & one.area[places]
    return inside


def _sought(state: CrowdState, due: Due, parameters: CityParameters) -> Int:
    """Return a refuge for each row whose home is in danger, the home if there is none."""
    areas = _areas(due)
    patterns, which = np.unique(
        np.column_stack([one.of for one in areas]), axis=0, return_inverse=True
    )
    city, people = due.world.city, state.people
    found = people.home[due.rows].astype(np.int64)
    drawn = uniforms(due.streams.seed, people.household[due.rows], "refuge", 0, 1)[:, 0]
    for number, pattern in enumerate(patterns):
        inside = np.zeros(len(city.places), dtype=np.bool_)
        for one, holds in zip(areas, pattern.tolist(), strict=True):
            if holds and one.area is not None:
                inside |= one.area
        part = np.flatnonzero(which.ravel() == number)
        safe = city.supply(Purpose.SLEEP).places
        safe = safe[~inside[safe]]
        if len(safe):
            most = parameters.mind.warnings.refuges
            found[part] = _one_of_nearest(city, found[part], safe, drawn[part], most)
    return found


def _one_of_nearest(city: City, homes: Int, safe: Int, drawn: Float, most: int) -> Int:
    x, y = city.places.x, city.places.y
    each, which = np.unique(homes, return_inverse=True)
    count = min(most, len(safe))
    tree = KDTree(np.column_stack([x[safe], y[safe]]))
    near = tree.query(np.column_stack([x[each], y[each]]), k=np.arange(1, count + 1))[1]
    away = np.hypot(x[safe[near]] - x[each, np.newaxis], y[safe[near]] - y[each, np.newaxis])
    # Of equal distances the first place comes first.
    near = np.take_along_axis(near, np.lexsort((near, away)), axis=1)
    chosen: Int = safe[near[which.ravel(), (drawn * count).astype(np.int64)]]
    return chosen
