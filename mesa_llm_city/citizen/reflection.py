"""Reflection: insights from the days lived, goals, and what both mean for the next day."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from mesa_llm_city.citizen.appraisal import assess_needs
from mesa_llm_city.citizen.intention import Intention
from mesa_llm_city.citizen.opinions import consolidate_news
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.remembering import words_of
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.mind import (
    GoalFacts,
    InsightKind,
    InsightMemory,
    Revision,
    expected_contacts,
    favoured,
    habit_place,
    interests,
    leanings,
    living_expenses,
    usual_times,
)
from mesa_llm_city.mobility import is_habit_day
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import GoalParameters
from mesa_llm_city.policies import Compiled
from mesa_llm_city.prompts import Prompted

__all__ = [
    "goals_of",
    "habit_place_of",
    "justify",
    "leanings_of",
    "think_back",
    "usual_times_of",
]


async def think_back(person: Person, situation: Situation) -> None:
    """Reflect on the day before the next is planned, and revise goals when they are due.

    A thought: insights and goals go to the draft.
    """
    if situation.draft.day >= 0:
        await assess_needs(person, situation)
    await _reflect(person, situation)
    await consolidate_news(person, situation)
    await _revise(person, situation)


async def _reflect(person: Person, situation: Situation) -> None:
    components, draft = person.components, situation.draft
    memory, insights = components.memory, components.insights
    if components.reflection is None or memory is None or insights is None or draft.day < 1:
        return
    reflected = await components.reflection.reflect(
        memory,
        insights,
        at_min=situation.minute,
        persona=person.persona,
        words=words_of(person, situation.world),
        rng=person.streams.at("reflect", step=situation.minute),
    )
    draft.insights = reflected.insights
    count = f"{len(reflected.insights)} insights"
    draft.note("reflection", count, reflected.reason, reflected.source)


async def _revise(person: Person, situation: Situation) -> None:
    goals, draft = person.components.goals, situation.draft
    if goals is None or not goals.due(situation.minute):
        return
    # Some days have to be lived before there is anything to go by, unless something happens.
    first_days = person.parameters.mind.goals.first_days
    if situation.minute < first_days * DAY_MIN and not goals.event:
        return
    revision = await goals.revise(
        _facts(person, situation.minute),
        persona=person.persona,
        activities=_lately(person, situation),
    )
    draft.revision = revision
    texts = "; ".join(goal.text for goal in revision.goals)
    draft.note("goals", texts, revision.reason, revision.source)


def _facts(person: Person, minute: int) -> GoalFacts:
    components = person.components
    parameters = person.parameters.mind.goals
    week_min = parameters.contact_days * DAY_MIN
    since = max(minute - week_min, 0)
    met = 0 if components.ties is None else components.ties.contacts_since(since)
    income, costs = _money(person)
    return GoalFacts(
        fulfilment=1.0 if components.needs is None else components.needs.fulfilment(),
        income=income,
        expenses=costs,
        contacts=int(expected_contacts(met, minute, parameters)),
        interest=_interest(person, minute, parameters),
    )


def _money(person: Person) -> tuple[float, float]:
    """Return what a month brings and costs, in median incomes: as lived, or as is usual."""
    means = getattr(person.components.finances, "means", None)
    if means is not None:
        return float(means[0]), float(means[1])
    persona, parameters = person.persona, person.parameters.mind.goals
    costs = living_expenses(persona.income, persona.household.size, parameters)
    return persona.income, float(costs)


def _interest(person: Person, minute: int, parameters: GoalParameters) -> float:
    beliefs = person.components.beliefs
    if beliefs is None:
        return float("nan")
    since = minute - parameters.interest_days * DAY_MIN
    believed = np.asarray(beliefs.visited_since(since, at_min=minute))[np.newaxis]
    visited = np.ones(believed.shape, dtype=np.bool_)
    return float(interests(believed, visited, liked_above=parameters.liked_above)[0])


def _lately(person: Person, situation: Situation) -> list[str]:
    """Return what the person has been doing most in free time, in words."""
    memory = person.components.memory
    if memory is None:
        return []
    parameters = person.parameters.mind.goals
    since = situation.minute - parameters.contact_days * DAY_MIN
    keys = [entry.key for entry in memory if entry.minute >= since]
    names, counts = np.unique(np.array(keys, dtype=str), return_counts=True)
    order = np.argsort(-counts, kind="stable")[: parameters.told_activities]
    return [f"{names[row]} {counts[row]} times in a week" for row in order.tolist()]


def goals_of(person: Person, situation: Situation) -> list[str]:
    """Return the goals of the person, and the strongest insights, in words."""
    components = person.components
    revision = situation.draft.revision
    goals = getattr(components.goals, "goals", ()) if revision is None else revision.goals
    return [*(goal.text for goal in goals), *_thoughts(person, situation.minute)]


def _thoughts(person: Person, minute: int) -> list[str]:
    """Return the strongest insights in words, those that justify left out."""
    insights, count = person.components.insights, person.parameters.mind.insights.told
    if insights is None:
        return []
    return [one.text for one in insights.recall(at_min=minute, kind=_THOUGHTS, count=count)]


def leanings_of(person: Person, revision: Revision | None = None) -> dict[str, float]:
    """Return how much goals and insights together speak for activities, from -1 to 1.

    Goals of a revision that is not adopted yet count instead of those so far.

    Of the likings for what is done away from home in free time the differences count (an
    assumption): they say what the person rather does out of home, not how often the person
    goes out. Else those who like going out would go out more and more. What has to be done
    is done whether it is liked or not.
    """
    components, (free_time, outings) = person.components, _free_time(person.parameters)
    leaning = _goal_leanings(person, revision)
    if components.insights is None:
        return leaning
    said = leanings(components.insights, free_time)
    liked = [said.get(purpose, 0.0) for purpose in outings]
    usual = math.fsum(liked) / len(liked) if any(liked) else 0.0
    said |= {one: value - usual for one, value in zip(outings, liked, strict=True) if usual}
    for purpose, value in said.items():
        leaning[purpose] = min(max(leaning.get(purpose, 0.0) + value, -1.0), 1.0)
    return leaning


def _goal_leanings(person: Person, revision: Revision | None) -> dict[str, float]:
    if revision is not None:
        return favoured(goal.favours for goal in revision.goals)
    goals = person.components.goals
    return {} if goals is None else dict(goals.leanings())


@lru_cache(maxsize=8)
def _free_time(parameters: CityParameters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what free time can be spent on, and what of it away from home."""
    purposes = parameters.free_time
    return purposes, tuple(one for one in purposes if not parameters.purposes[one].at_home)


def usual_times_of(person: Person) -> dict[str, int]:
    """Return when the person has a habit of doing things, in minutes of the day."""
    insights = person.components.insights
    return {} if insights is None else usual_times(insights, person.parameters.purposes)


def habit_place_of(person: Person, purpose: str, situation: Situation) -> int | None:
    """Return where a rule has the person do something at this time, if it follows habit today."""
    components, day = person.components, situation.draft.day
    insights, memory = components.insights, components.memory
    if (
        insights is None
        or memory is None
        or isinstance(components.place_choice, Prompted | Compiled)
    ):
        return None
    if not is_habit_day(purpose, day, streams=person.streams, parameters=person.parameters):
        return None
    return habit_place(
        insights,
        memory,
        purpose,
        at_min=situation.minute,
        within_min=person.parameters.mobility.planner.hours.habit_window_min,
        least=person.parameters.mind.reflection.least_days,
    )


def justify(insights: InsightMemory, intention: Intention, mode: str) -> None:
    """Keep why the person travels as it does (CitySim, sec. 3.2.3)."""
    reasons = [one.reason for one in intention.decisions if one.component == "mode_choice"]
    text = _justification(str(mode), reasons[-1]) if reasons else str(mode)
    insights.note(text, subject=str(mode), minute=intention.minute)


@lru_cache(maxsize=4096)
def _justification(mode: str, reason: str) -> str:
    return f"{mode}: {reason}"[:120]


_THOUGHTS = (InsightKind.HABIT, InsightKind.PREFERENCE, InsightKind.OPINION, InsightKind.BELIEF)
