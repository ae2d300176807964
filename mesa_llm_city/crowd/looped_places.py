"""Places found by one loop for rows that go out, where loops are in use and nothing is closed."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.citizen.place_loops import Setting
from mesa_llm_city.citizen.place_setting import events_of, lists_of, setting_of
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import City
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.held import held
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Int
from mesa_llm_city.crowd.blocks import Blocks
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.outing_loops import OTHER_DAY, Goers, Outside, find_in_rows
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.parameters import CityParameters

__all__ = ["found_in_loops"]

_WORD = np.uint64(word_of("place_choice"))
_NOBODY = np.empty(0, dtype=np.int64)


def found_in_loops(
    state: CrowdState, due: Due, block: Blocks, out: Int, parameters: CityParameters
) -> Int | None:
    """Fill the places of blocks that have none, as `choose_places` chooses them.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    due : Due
        The m rows.
    block : Blocks
        What each is going to do, and until when; changed in place.
    out : ndarray of int64, shape (k,)
        Positions of those whose blocks have no place.
    parameters : CityParameters
        Reads `mobility` and `mind.beliefs`.

    Returns
    -------
    ndarray of int64 or None
        Positions of those who find no open place in reach; None if nothing has been done.
    """
    loop, world = compiled(find_in_rows), due.world
    if loop is None or due.dangers or world.closures.active:
        return None
    if parameters.mobility.gravity.curiosity:
        return None
    first, rows = int(due.minute[0]), due.rows[out]
    lists = lists_of(world, parameters, origin=state.place[rows], purpose=block.purpose[out])
    # What holds for as many days as have as many bits (see `shares_left`).
    days = due.days[1].bit_length()
    city = world.detours or world.city
    setting = state.kept(_setting, parameters, city, city.candidates, days, world)
    begins = block.start
    events = events_of(world, int(begins.min()), int(begins.max()))
    outside = Outside(lists, events, due.weather.is_wet, due.everybody.seeds_at(due.minute), _WORD)
    lost, goers = np.empty(len(out), dtype=np.int64), state.kept(_goers)
    until = world.open_around(first)
    count = loop(setting, goers, until, outside, due.rows, due.minute, block.columns, out, lost)
    return None if count == OTHER_DAY else lost[:count]


def _goers(state: CrowdState) -> Goers:
    people = state.people
    whose = people.ids, people.age, people.has_car, people.has_licence
    return held(Goers(*whose, state.curiosity, state.place))


def _setting(  # noqa: PLR0917 - what is kept is told apart by these
    state: CrowdState,
    parameters: CityParameters,
    city: City,  # noqa: ARG001 - likewise
    candidates: object,  # noqa: ARG001 - likewise
    days: int,
    world: World,
) -> Setting:
    latest = ((1 << days) - 1) * DAY_MIN
    setting = setting_of(
        world,
        state.beliefs,
        parameters,
        origin=_NOBODY,
        purpose=_NOBODY,
        latest_min=latest,
        span_min=(0, 0),
    )
    return held(setting)
