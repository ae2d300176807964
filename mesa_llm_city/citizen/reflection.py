"""Looking back and ahead: what a day has taught, what one is after, and what follows from it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.citizen.appraisal import feel
from mesa_llm_city.citizen.intention import Intention, Scene
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Mode
from mesa_llm_city.mind import (
    ASPECTS,
    GoalFacts,
    InsightKind,
    InsightMemory,
    interest,
    leanings,
    usual_times,
)
from mesa_llm_city.parameters.mind import GoalParameters
from mesa_llm_city.population import Persona

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen

__all__ = ["goals_of", "justify", "leanings_of", "look_back", "usual_of"]

_SATISFACTION = ASPECTS.index("satisfaction")


async def look_back(citizen: Citizen, scene: Scene) -> None:
    """Think the day over before the next is planned, and once a month what one is after.

    A thought: what it comes to is written on the draft.
    """
    if scene.draft.day >= 0:
        await feel(citizen, scene)
    await _reflect(citizen, scene)
    await _revise(citizen, scene)


async def _reflect(citizen: Citizen, scene: Scene) -> None:
    components, draft = citizen.components, scene.draft
    memory, insights = components.memory, components.insights
    if components.reflection is None or memory is None or insights is None or draft.day < 1:
        return
    told = await components.reflection.reflect(
        memory,
        insights,
        at_min=scene.minute,
        persona=citizen.persona,
        rng=citizen.streams.at("reflect", step=scene.minute),
    )
    draft.insights = told.insights
    draft.note("reflection", f"{len(told.insights)} insights", told.reason, told.source)


async def _revise(citizen: Citizen, scene: Scene) -> None:
    goals, draft = citizen.components.goals, scene.draft
    if goals is None or not goals.due(scene.minute):
        return
    # Some days have to be lived before there is anything to go by, unless something happens.
    first_days = citizen.parameters.mind.goals.first_days
    if scene.minute < first_days * DAY_MIN and not goals.event:
        return
    told = await goals.revise(
        _facts(citizen, scene.minute), persona=citizen.persona, activities=_lately(citizen, scene)
    )
    draft.revision = told
    texts = "; ".join(goal.text for goal in told.goals)
    draft.note("goals", texts, told.reason, told.source)


def _facts(citizen: Citizen, minute: int) -> GoalFacts:
    components, persona = citizen.components, citizen.persona
    parameters = citizen.parameters.mind.goals
    week_min = parameters.contact_days * DAY_MIN
    since = max(minute - week_min, 0)
    met = 0 if components.ties is None else components.ties.contacts_since(since)
    # Before a week is over, as many more as the rest of it will bring at this rate.
    contacts = round(met * week_min / max(minute - since, 1))
    return GoalFacts(
        fulfilment=1.0 if components.needs is None else components.needs.fulfilment(),
        income=persona.income,
        expenses=_expenses(persona, parameters),
        contacts=contacts,
        interest=_interest(citizen, minute, parameters),
    )


def _expenses(persona: Persona, parameters: GoalParameters) -> float:
    """Return what living takes; who has no income is kept by the household."""
    if not persona.income:
        return 0.0
    share = parameters.expenses / (1.0 + parameters.shared * (persona.household.size - 1))
    return max(share, parameters.expenses * persona.income)


def _interest(citizen: Citizen, minute: int, parameters: GoalParameters) -> float:
    beliefs = citizen.components.beliefs
    if beliefs is None:
        return float("nan")
    since = minute - parameters.interest_days * DAY_MIN
    satisfaction = beliefs.visited_since(since, at_min=minute)[:, _SATISFACTION]
    return interest(satisfaction, liked_above=parameters.liked_above)


def _lately(citizen: Citizen, scene: Scene) -> list[str]:
    """Return what the person has been doing most in free time, in words."""
    memory = citizen.components.memory
    if memory is None:
        return []
    parameters = citizen.parameters.mind.goals
    since = scene.minute - parameters.contact_days * DAY_MIN
    keys = [entry.key for entry in memory if entry.minute >= since]
    names, counts = np.unique(np.array(keys, dtype=str), return_counts=True)
    order = np.argsort(-counts, kind="stable")[: parameters.told_activities]
    return [f"{names[row]} {counts[row]} times in a week" for row in order.tolist()]


def goals_of(citizen: Citizen, scene: Scene) -> list[str]:
    """Return the goals of the person, and the strongest insights, in words."""
    components = citizen.components
    revision = scene.draft.revision
    goals = getattr(components.goals, "goals", ()) if revision is None else revision.goals
    return [*(goal.text for goal in goals), *_thoughts(citizen, scene.minute)]


def _thoughts(citizen: Citizen, minute: int) -> list[str]:
    """Return the strongest insights in words, those that justify left out."""
    insights, count = citizen.components.insights, citizen.parameters.mind.insights.told
    if insights is None:
        return []
    return [one.text for one in insights.recall(at_min=minute, kind=_THOUGHTS, count=count)]


def leanings_of(citizen: Citizen) -> dict[str, float]:
    """Return how much goals and insights together speak for activities, from -1 to 1."""
    components = citizen.components
    leaning = {} if components.goals is None else components.goals.leanings()
    if components.insights is not None:
        said = leanings(components.insights, citizen.parameters.purposes)
        for purpose, value in said.items():
            leaning[purpose] = min(max(leaning.get(purpose, 0.0) + value, -1.0), 1.0)
    return leaning


def usual_of(citizen: Citizen) -> dict[str, int]:
    """Return when the person has a habit of doing things, in minutes of the day."""
    insights = citizen.components.insights
    return {} if insights is None else usual_times(insights, citizen.parameters.purposes)


def justify(insights: InsightMemory, intention: Intention, mode: Mode) -> None:
    """Note why the person goes as she does (CitySim, sec. 3.2.3)."""
    reasons = [one.reason for one in intention.decisions if one.component == "mode_choice"]
    text = _told(str(mode), reasons[-1]) if reasons else str(mode)
    insights.note(text, subject=str(mode), minute=intention.minute)


@lru_cache(maxsize=4096)
def _told(mode: str, reason: str) -> str:
    return f"{mode}: {reason}"[:120]


_THOUGHTS = (InsightKind.HABIT, InsightKind.PREFERENCE, InsightKind.OPINION, InsightKind.BELIEF)
