"""Which random numbers the plan of a day takes of nearly everybody."""

from __future__ import annotations

from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.streams import Address
from mesa_llm_city.mobility.wanted_outings import WISH_DRAWS, outing_names
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.time_use.duty import DRAWS
from mesa_llm_city.population.time_use.traits import NUMBERS

__all__ = ["FILLING_DRAWS", "day_addresses"]

FILLING_DRAWS = 7
"""Numbers of a day for errands and meals."""


def day_addresses(
    streams: ColumnStreams, day: int, parameters: CityParameters
) -> tuple[Address, ...]:
    """Return where numbers are drawn for a day by a table of time use.

    What only some persons draw is left out, and so are purposes and habits of the user's own.

    Parameters
    ----------
    streams : ColumnStreams
        The random streams of the persons.
    day : int
        Index of the day; -1 is the day before the run.
    parameters : CityParameters
        Reads the purposes and `mobility.planner`.
    """
    before, now, after = (streams.seed_on(day + one) for one in (-1, 0, 1))
    starts = parameters.mobility.planner.chores.housework_starts
    wishes = (
        Address(now, f"wish {name}", day + 1, WISH_DRAWS) for name in outing_names(parameters)
    )
    return (
        Address(streams.seed, "time_use.person", 0, NUMBERS),
        Address(now, "time_use.bounds", day + 1, DRAWS + 1),
        Address(after, "time_use.bounds", day + 2, DRAWS + 1),
        Address(before, "wake", day + 1, 1),
        Address(now, "wake", day + 2, 1),
        Address(now, "time_use", day + 1, NUMBERS),
        Address(now, "day_filling", day + 1, FILLING_DRAWS),
        *wishes,
        Address(now, "day_filling housework", day + 1, starts),
    )
