"""How many persons react to the needs that press, as `Perception` does for one."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.values import UNAWARE, Bool, Int, Purpose
from mesa_llm_city.mind.perception_loops import NO_REACTION, NeedRules
from mesa_llm_city.parameters import CityParameters

__all__ = ["NO_REACTION", "NeedRules", "Reactions", "need_rules", "react_rows"]


class Reactions(NamedTuple):
    """What m persons make of the needs that press.

    Attributes
    ----------
    purpose : ndarray of int64, shape (m,)
        Position of the purpose of what is done instead, `NO_REACTION` for those who go on.
    rests : ndarray of bool, shape (m,)
        Whether the person rests until the night; else it is a pause.
    """

    purpose: Int
    rests: Bool


@keeps_latest
@lru_cache(maxsize=8)
def need_rules(parameters: CityParameters) -> NeedRules:
    """Return how the needs of a tree of parameters are reacted to."""
    needs, names = tuple(parameters.needs.values()), tuple(parameters.purposes)
    position = {name: row for row, name in enumerate(names)}
    return NeedRules(
        np.array([one.interrupts == "nothing" for one in needs]),
        np.array([one.interrupts == "free_time" for one in needs]),
        np.array([position.get(one.reaction, NO_REACTION) for one in needs]),
        np.array([one in UNAWARE for one in names]),
        position[Purpose.REST],
    )


def react_rows(
    need: Int,
    purpose: Int,
    fixed: Bool,
    *,
    night_in: Int,
    planned_in: Int,
    parameters: CityParameters,
) -> Reactions:
    """Return what persons make of the needs that press (see `Perception.react`).

    Parameters
    ----------
    need : ndarray of int64, shape (m,)
        Position of the need that presses most, -1 for none.
    purpose : ndarray of int64, shape (m,)
        Position of the purpose of what is done or about to begin, -1 for a free block.
    fixed : ndarray of bool, shape (m,)
        Whether that is a night or duty.
    night_in : ndarray of int64, shape (m,)
        Minutes until the next night that is planned; a large number without one.
    planned_in : ndarray of int64, shape (m,)
        Minutes until what meets the need is planned; a large number if it is not.
    parameters : CityParameters
        Reads `needs`, `purposes` and `mind.perception`.
    """
    rules, patience = need_rules(parameters), parameters.mind.perception.patience_min
    aware = (purpose < 0) | ~rules.unaware[purpose]
    heeds = (need >= 0) & aware & ~rules.never[need] & ~(rules.free_time_only[need] & fixed)
    reaction = rules.reaction[need]
    heeds &= reaction != purpose
    rests = heeds & (reaction == rules.rest)
    pauses = heeds & ~rests & (night_in > patience) & (planned_in > patience)
    return Reactions(np.where(rests | pauses, reaction, NO_REACTION), rests)
