"""One row of a crowd as a view: what its columns know of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Purpose
from mesa_llm_city.crowd.state import NOT_TRAVELLING
from mesa_llm_city.simulation.crowd.row_person import RowPerson
from mesa_llm_city.ui.views.live_person import beliefs_of, ties_now
from mesa_llm_city.ui.views.protocols import PersonView, PlanRow

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["row_name", "see_row"]

_LEFT_OUT = ("memories", "insights", "decisions")
"""What rows do not have, as fields of `PersonView`."""


def row_name(person: int) -> str:
    """Return what a row is called; names are made up only when somebody looks at one."""
    return f"person {person}"


def see_row(crowd: CrowdAgent, row: int) -> PersonView:
    """Return the person of a row at the present minute.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd.
    row : int
        Row of somebody who lives here.
    """
    one, known = crowd[row], RowPerson(crowd, row)
    trip, minute = crowd.state.trip, crowd.model.minute
    travels = bool(trip.destination[row] != NOT_TRAVELLING)
    place = _called(crowd, row, int(trip.destination[row]) if travels else one.place)
    spec = crowd.model.parameters.purposes.get(one.purpose)
    mood = known.citizen.components.mood
    needs = list(crowd.model.parameters.needs)
    return PersonView(
        id=one.person,
        name=one.persona.name or row_name(one.person),
        described=one.persona.describe(),
        doing=one.purpose if spec is None else spec.label,
        place=place,
        needs={need: float(crowd.values(need, np.array([row]))[0]) for need in needs},
        mood="" if mood is None else mood.word(at_min=minute),
        thought="",
        plan=_plan(crowd, row, place, travels=travels),
        memories=(),
        insights=(),
        goals=one.goals,
        beliefs=beliefs_of(known),
        ties=ties_now(known),
        decisions=_no_decisions(),
        missing=_LEFT_OUT,
        travels=travels,
    )


def _called(crowd: CrowdAgent, row: int, place: int) -> str:
    is_home = place == int(crowd.people.home[row])
    return "home" if is_home else crowd.model.city.places.label(place)


def _plan(crowd: CrowdAgent, row: int, place: str, *, travels: bool) -> tuple[PlanRow, ...]:
    """Return what the person does now, and what follows a trip."""
    doing, trip = crowd.state.doing, crowd.state.trip
    purposes = list(crowd.model.parameters.purposes)
    number = int(doing.purpose[row])
    purpose = purposes[number] if number >= 0 else str(Purpose.SLEEP)
    start, end = int(doing.start[row]), int(doing.end[row])
    if not travels:
        return (PlanRow(start, end, purpose, place, "now"),)
    arrival = int(trip.end[row])
    way = PlanRow(int(trip.start[row]), arrival, str(Purpose.TRAVEL), place, "now")
    return way, PlanRow(arrival, end, purpose, place, "next")


def _no_decisions() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=["time", "component", "source", "choice", "reason", "prompt"])
