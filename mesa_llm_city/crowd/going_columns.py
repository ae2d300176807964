"""What rows go on to, as loops over rows read it (see `kernels`)."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.travel import Going

__all__ = ["GoingColumns", "NextColumns", "going_columns", "is_more_of"]


class GoingColumns(NamedTuple):
    """What m rows go on to: columns of `Blocks`, and of `Going`."""

    start: Int
    end: Int
    purpose: Int
    place: Int
    fixed: Bool
    destination: Int
    trip_purpose: Int
    mode: Int
    arrival: Int
    minutes: Float
    distance_m: Float
    access_min: Float
    cost: Float


class NextColumns(NamedTuple):
    """What m rows do next and where, and where a trip leads or `NOT_TRAVELLING`."""

    purpose: Int
    place: Int
    destination: Int


def going_columns(going: Going) -> GoingColumns:
    """Return the columns of what rows go on to."""
    block = going.block
    return GoingColumns(
        block.start,
        block.end,
        block.purpose,
        block.place,
        block.fixed,
        going.destination,
        going.purpose,
        going.mode,
        going.arrival,
        going.minutes,
        going.distance_m,
        going.access_min,
        going.cost,
    )


def is_more_of(state: CrowdState, rows: Int, going: Going) -> Bool:
    """Tell who goes on with the same at the same place."""
    doing, block = state.doing, going.block
    same = (doing.purpose[rows] == block.purpose) & (doing.place[rows] == block.place)
    more: Bool = same & ~going.travels
    return more
