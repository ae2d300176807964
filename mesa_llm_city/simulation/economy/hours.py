"""Hours of work of citizens: the usual ones, those chosen, and the working day they lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.economy import (
    WorkFacts,
    in_cents,
    marginal_rate,
    personal_effect,
    wage_per_hour,
)
from mesa_llm_city.parameters.economy import EconomyParameters
from mesa_llm_city.simulation.economy.purse import Purse

if TYPE_CHECKING:
    from mesa_llm_city.population import Persona
    from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["usual_purse", "with_chosen_hours", "work_facts"]


def usual_purse(persona: Persona, numbers: EconomyParameters) -> Purse:
    """Return the purse of somebody who works the usual hours.

    Parameters
    ----------
    persona : Persona
        The person; hours follow from the days and the length of work.
    numbers : EconomyParameters
        Hours of full-time work, for those without fixed hours.
    """
    if not persona.is_employed:
        return Purse()
    habits = persona.habits
    days, minutes = int(habits.work_days).bit_count(), int(habits.work_minutes)
    hours = days * minutes / HOUR_MIN or numbers.work.week_hours
    return Purse(
        hours=hours,
        usual_hours=hours,
        usual_minutes=minutes,
        usual_days=int(habits.work_days),
        set_minutes=minutes,
    )


def work_facts(
    agent: CityAgent,
    purse: Purse,
    *,
    numbers: EconomyParameters,
    unearned: float,
    levy: float,
    savings: float,
    draw: float,
) -> WorkFacts:
    """Return what the hours of a person follow from.

    Parameters
    ----------
    agent : CityAgent
        The person.
    purse : Purse
        Hours now and usually.
    numbers : EconomyParameters
        Taxes, and the income effect.
    unearned : float
        Transfers of the month, in currency.
    levy : float
        Rate of the levy of last month.
    savings : float
        In currency.
    draw : float
        Uniform draw that stays with the person, for the income effect.
    """
    monthly = agent.persona.income * numbers.median_income
    left = 1.0 - float(marginal_rate(in_cents(monthly), numbers.tax))
    return WorkFacts(
        usual_hours=purse.usual_hours,
        hours=purse.hours,
        wage=float(wage_per_hour(monthly, purse.usual_hours)),
        unearned=unearned - levy * monthly,
        kept=max(1.0 - levy / left, 0.0) if left > 0.0 else 0.0,
        effect=float(personal_effect(draw, numbers.work)),
        savings=savings,
    )


def with_chosen_hours(persona: Persona, purse: Purse, *, step_min: int) -> Persona:
    """Return a person whose days of work have the length that follows from the hours.

    The same persona is returned if the day stays as it is. A person who does not work at all any
    more has no days of work until they choose hours again.

    Parameters
    ----------
    persona : Persona
        The person.
    purse : Purse
        Hours; it keeps the length of the day that was set.
    step_min : int
        Step in which the length of a day changes, in minutes.
    """
    if not purse.usual_minutes:
        return persona
    if persona.habits.work_minutes != purse.set_minutes:
        # A new job has come in between, and with it another usual day.
        purse.usual_minutes = int(persona.habits.work_minutes)
        purse.usual_days = int(persona.habits.work_days)
    share = purse.hours / purse.usual_hours
    steps = int(np.rint(purse.usual_minutes * share / step_min))
    minutes = purse.usual_minutes if share == 1.0 else min(steps * step_min, DAY_MIN)
    purse.set_minutes = minutes
    if minutes == persona.habits.work_minutes:
        return persona
    days = purse.usual_days if minutes else 0
    habits = replace(persona.habits, work_minutes=minutes, work_days=days)
    return replace(persona, habits=habits)
