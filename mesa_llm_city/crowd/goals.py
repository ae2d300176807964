"""Goals of rows: they are revised before a day is planned (see `citizen.reflection`)."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind.goal_columns import (
    RowFacts,
    expected_contacts,
    interests,
    living_expenses,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.tie_slots import TieSlots, contacts_since

__all__ = ["leanings_of", "revise_goals"]


def revise_goals(
    state: CrowdState, due: Due, ties: TieSlots | None, parameters: CityParameters
) -> None:
    """Set new goals for those rows whose goals have lasted long enough.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose goals change.
    due : Due
        The rows, which are about to plan a day.
    ties : TieSlots or None
        Whom the rows of the crowd know; None if they meet nobody.
    parameters : CityParameters
        Reads `mind.goals` and `mind.beliefs`.
    """
    is_time = state.goals.due(due.rows, due.minute, parameters.mind.goals)
    if not is_time.any():
        return
    rows, minute = due.rows[is_time], due.minute[is_time]
    state.goals.revise(rows, _facts(state, rows, minute, ties, parameters), minute, parameters)
    state.needs.recount(rows)


def leanings_of(state: CrowdState, rows: Int, parameters: CityParameters) -> Float | None:
    """Return how much goals speak for each purpose, shape (m, p); None if nobody has goals."""
    if not state.goals.unmet[rows].any():
        return None
    return state.goals.leanings(rows, parameters)


def _facts(
    state: CrowdState, rows: Int, minute: Int, ties: TieSlots | None, parameters: CityParameters
) -> RowFacts:
    numbers, people = parameters.mind.goals, state.people
    since = np.maximum(minute - numbers.contact_days * DAY_MIN, 0)
    met = np.zeros(len(rows), dtype=np.int64) if ties is None else contacts_since(ties, rows, since)
    income = people.income[rows]
    return RowFacts(
        fulfilment=state.needs.fulfilment(rows),
        income=income,
        expenses=living_expenses(income, people.household_size[rows], numbers),
        contacts=expected_contacts(met, minute, numbers),
        interest=_interest(state, rows, minute, parameters),
    )


def _interest(state: CrowdState, rows: Int, minute: Int, parameters: CityParameters) -> Float:
    """Return which share of the places that each has visited lately is liked."""
    numbers, slots = parameters.mind.goals, state.beliefs.take(rows)
    since = minute - numbers.interest_days * DAY_MIN
    visited = (slots.visits > 0) & (slots.minute >= since[:, np.newaxis])
    believed = slots.faded(minute, parameters.mind.beliefs)
    return interests(believed, visited, liked_above=numbers.liked_above)
