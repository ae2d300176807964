"""Parameters of goals: when they are revised, what makes them, and the goals of the rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mesa_llm_city.parameters.base import Branch, parameter, wording
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["GoalParameters", "GoalSpec"]


class GoalSpec(Branch):
    """A goal that the rule sets: in words, for how long, and what it speaks for."""

    text: str = wording("The goal in words")
    horizon: Literal["short", "long"] = parameter(
        "short", "For some weeks, or longer", unit="", source=""
    )
    favours: FrozenMap[str, float] = parameter(
        FrozenMap(),
        "How much it speaks for or against an activity",
        ge=-1,
        le=1,
        keys="purposes",
    )


_GOALS: Mapping[str, GoalSpec] = FrozenMap(
    {
        "body": GoalSpec(
            text="eat and sleep regularly", favours=FrozenMap({"rest": 0.5, "leisure": -0.2})
        ),
        "security": GoalSpec(
            text="spend less",
            favours=FrozenMap({"shopping": -0.5, "leisure": -0.3, "rest": 0.2}),
        ),
        "belonging": GoalSpec(text="see more of other people", favours=FrozenMap({"social": 0.5})),
        "interest": GoalSpec(
            text="find places worth going to", favours=FrozenMap({"leisure": 0.4})
        ),
        "growth": GoalSpec(
            text="stay fit and learn something new",
            horizon="long",
            favours=FrozenMap({"sport": 0.3, "leisure": 0.2}),
        ),
    }
)


class GoalParameters(Branch):
    """When goals are revised, what makes them, and what living takes."""

    every_days: int = parameter(
        30, "How long goals last", unit="days", ge=1, source="CitySim, sec. 3.1.5: monthly"
    )
    stress_below: float = parameter(
        0.9,
        "Income under this share of the expenses is financial stress",
        ge=0,
        source="CitySim, sec. 3.1.5",
    )
    few_contacts: int = parameter(
        3,
        "Fewer people talked to in contact_days are isolation",
        unit="persons",
        ge=0,
        source="CitySim, sec. 3.1.5",
    )
    fulfilled_from: float = parameter(
        0.8, "Share of the day from which basic needs count as met", ge=0, le=1
    )
    bored_below: float = parameter(
        0.5, "Share of liked places under which new ones are looked for", ge=0, le=1
    )
    liked_above: float = parameter(
        0.5, "Satisfaction above which a place is liked", ge=0, le=1, source="CitySim, sec. 3.1.5"
    )
    contact_days: int = parameter(
        7, "Days in which contacts are counted", unit="days", ge=1, source="CitySim, sec. 3.1.5"
    )
    interest_days: int = parameter(
        30,
        "Days in which visited places are counted",
        unit="days",
        ge=1,
        source="CitySim, sec. 3.1.5",
    )
    first_days: int = parameter(2, "Days lived before the first goals are set", unit="days", ge=0)
    most: int = parameter(2, "Greatest number of goals set by rule", unit="goals", ge=1)
    per_horizon: int = parameter(
        2, "Greatest number of goals of a horizon set by a language model", unit="goals", ge=1
    )
    told_activities: int = parameter(
        5, "Number of recent activities that a language model is told", unit="activities", ge=0
    )
    told_goals: int = parameter(
        4, "Number of earlier goals that a language model is told", unit="goals", ge=0
    )
    expenses: float = parameter(0.75, "What living takes alone", unit="median incomes", ge=0)
    shared: float = parameter(
        0.5,
        "How much each further member of the household takes off: expenses / (1 + shared n)",
        ge=0,
    )
    by_level: FrozenMap[str, GoalSpec] = parameter(
        _GOALS,
        "Goals by the level of needs that is not met",
        source="levels along Maslow's hierarchy (CitySim, sec. 3.1.5); goals assumed",
    )
