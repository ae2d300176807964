"""Step: what was heard changes what is done: people flee, go home, or go back."""

from __future__ import annotations

from mesa_llm_city.citizen.danger import refuge_of
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.core.values import Activity, Purpose, ReactionKind
from mesa_llm_city.mobility import BLOCK_MIN

__all__ = ["leaves_at"]


def leaves_at(person: Person, activity: Activity, situation: Situation) -> int | None:
    """Return when what is going on is left because of what was heard; None to go on.

    What is done instead is put at the head of the plan.

    Parameters
    ----------
    person : Person
        The person.
    activity : Activity
        What is going on.
    situation : Situation
        The moment, with the draft that `heed_news` has filled.
    """
    minute = situation.minute
    kinds = {one.response.kind: one for one in situation.draft.heard}
    if (fleeing := kinds.get(ReactionKind.FLEE)) is not None:
        return _flee(person, activity, fleeing.response.minutes, situation)
    if ReactionKind.STAY_IN in kinds and person.is_visit(activity):
        home = person.persona.home
        _put_first(
            situation, Purpose.REST, home, minute, person.parameters.mind.warnings.refuge_min
        )
        return minute
    if (replan := kinds.get(ReactionKind.REPLAN)) is not None and replan.message.danger <= 0.0:
        away = activity.place not in {person.persona.home, person.persona.work}
        return minute if away and activity.purpose == Purpose.REST else None
    return None


def _flee(person: Person, activity: Activity, ready_min: int, situation: Situation) -> int | None:
    """Put getting ready and going to a refuge at the head of the plan."""
    minute, here = situation.minute, person.place
    refuge = refuge_of(person, situation.draft.dangers, situation.world)
    if refuge == here:
        return None
    leave = minute + ready_min
    stay_min = person.parameters.mind.warnings.refuge_min
    _put_first(situation, Purpose.REST, refuge, leave, stay_min)
    asleep = activity.purpose == Purpose.SLEEP
    until = minute if asleep else min(max(activity.end_min, minute), leave)
    if leave - until >= BLOCK_MIN:
        at_home = here == person.persona.home
        purpose = Purpose.HOUSEWORK if at_home else Purpose.REST
        _put_first(situation, purpose, here, until, leave - until)
    return until


def _put_first(
    situation: Situation, purpose: str, place: int, start_min: int, minutes: int
) -> None:
    block = Activity(
        purpose=purpose, start_min=start_min, end_min=start_min + minutes, place=place, fixed=True
    )
    situation.draft.plan.insert(0, block)
