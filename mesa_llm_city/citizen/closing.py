"""Closing: what people do who are at a closed place, come to one, or were going to be at one."""

from __future__ import annotations

from dataclasses import replace

from mesa_llm_city.citizen.danger import is_home_in_danger
from mesa_llm_city.citizen.intention import Intention, Step
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility import BLOCK_MIN, least_stay_min

__all__ = [
    "adapted",
    "has_to_leave",
    "home_of",
    "is_back",
    "is_shut_out",
    "stays_where",
    "turned_away",
    "works_at_home",
]

_DUTIES = frozenset({Purpose.WORK, Purpose.SCHOOL})


def home_of(person: Person, world: World, minute: int) -> int:
    """Return where a person is at home at `minute`: the refuge while the home is closed."""
    home, refuge = person.persona.home, person.now.refuge
    if refuge is None or not world.closures.active or not world.closures.is_closed(home, minute):
        return home
    return refuge


def is_shut_out(person: Person, place: int, world: World, minute: int) -> bool:
    """Tell whether a place is closed to a person, who has somewhere else to go.

    If the home is closed and no refuge was found, people stay at home, since they have to be
    somewhere.
    """
    closures = world.closures
    if not closures.active or not closures.is_closed(place, minute):
        return False
    return place != home_of(person, world, minute)


def works_at_home(person: Person) -> bool:
    """Tell whether a person works at home while the place of work is closed.

    It is drawn once for each person, so that it is the same on all days.
    """
    persona = person.persona
    share = person.parameters.mobility.closing.works_at_home.get(str(persona.occupation), 0.0)
    if persona.outsider is not None or not share:
        return False
    return float(person.streams.trait("works at home").random()) < share


def is_back(person: Person, world: World, minute: int) -> bool:
    """Tell whether a person is at a refuge whose home has opened again."""
    refuge = person.now.refuge
    if refuge is None or person.place != refuge:
        return False
    if is_home_in_danger(person, world, minute):
        return False
    return not world.closures.is_closed(person.persona.home, minute)


def has_to_leave(person: Person, activity: Activity, situation: Situation) -> bool:
    """Tell whether a person leaves in the middle of an activity, which goes back to the plan.

    They leave where it is closed, and a refuge when the home has opened again.
    """
    world, minute, draft = situation.world, situation.minute, situation.draft
    if is_shut_out(person, person.place, world, minute):
        text = world.closures.text_of(person.place)
        draft.note("perception", "leave", f"it is closed{f': {text}' if text else ''}")
        if activity.purpose != Purpose.REST or activity.place == person.persona.home:
            draft.put_back(_elsewhere(person, activity, minute), minute)
        return True
    if is_back(person, world, minute):
        draft.note("perception", "leave", "the home is open again")
        draft.put_back(replace(activity, place=person.persona.home), minute)
        return True
    return False


def turned_away(person: Person, activity: Activity, situation: Situation) -> Intention:
    """Return what a person does who arrives at a closed place: waits a minute, and goes on."""
    draft, minute = situation.draft, situation.minute
    place = activity.place or 0
    text = situation.world.closures.text_of(place)
    draft.note("perception", "turn away", f"it is closed{f': {text}' if text else ''}")
    draft.put_back(_elsewhere(person, activity, minute + 1), minute + 1)
    return Intention(
        step=Step.TURN,
        minute=minute,
        activity=Activity(
            purpose=Purpose.REST, start_min=minute, end_min=minute + 1, place=place, fixed=True
        ),
        plan=tuple(draft.plan),
        day=draft.day,
        wishes=draft.wishes,
        resting=draft.resting,
        decisions=tuple(draft.decisions),
    )


def _elsewhere(person: Person, activity: Activity, minute: int) -> Activity:
    """Return an activity without its place, or free time if too little of it is left."""
    belongs = {person.persona.home, person.persona.work, person.now.refuge}
    if activity.place in belongs:
        return replace(activity, place=_own_home(person, activity.place))
    if activity.end_min - minute < least_stay_min(activity.purpose or "", person.parameters):
        return Activity(purpose=None, start_min=activity.start_min, end_min=activity.end_min)
    return replace(activity, place=None, fixed=False)


def _own_home(person: Person, place: int | None) -> int | None:
    """Return the home for a refuge that is left; the home is what stands in plans."""
    return person.persona.home if place == person.now.refuge else place


def adapted(person: Person, block: Activity, situation: Situation) -> Activity:
    """Return what a block of the plan becomes whose place is closed.

    Work is done at home by those who can; other duties become free time, until the place
    opens if that is known. What is done at home is done at the refuge, see `home_of`.
    """
    closures, minute = situation.world.closures, situation.minute
    place = block.place
    if not closures.active or place is None or not closures.is_closed(place, minute):
        return block
    if place == person.persona.home:
        return block
    if block.purpose in _DUTIES and place == person.persona.work:
        return _duty_elsewhere(person, block, place, situation)
    spec = person.parameters.purposes.get(block.purpose or "")
    if spec is not None and spec.at_home:
        return replace(block, place=person.persona.home_inside)
    return replace(block, place=None)


def _duty_elsewhere(person: Person, block: Activity, place: int, situation: Situation) -> Activity:
    closures, draft = situation.world.closures, situation.draft
    text = closures.text_of(place)
    why = f"the place of {block.purpose} is closed{f': {text}' if text else ''}"
    if person.persona.outsider is not None:
        draft.note("planner", "leave", why)
        return draft.left_for_today(block, person.persona.home)
    opens, least = closures.until(place), person.parameters.mobility.closing.least_return_min
    if opens + max(least, BLOCK_MIN) <= block.end_min:
        draft.put_back(block, opens)
        block = replace(block, end_min=opens)
    home_is_open = not closures.is_closed(person.persona.home, situation.minute)
    if block.purpose == Purpose.WORK and home_is_open and works_at_home(person):
        draft.note("planner", "work at home", why)
        return replace(block, place=person.persona.home)
    draft.note("planner", "free time", why)
    return Activity(purpose=None, start_min=block.start_min, end_min=block.end_min)


def stays_where(person: Person, place: int, situation: Situation) -> int:
    """Return where a person goes instead of a closed place: home, or the refuge."""
    if not is_shut_out(person, place, situation.world, situation.minute):
        return place
    instead = home_of(person, situation.world, situation.minute)
    if instead == person.place:
        return instead
    closed = f"{situation.world.city.places.label(place)} is closed"
    text = situation.world.closures.text_of(place)
    why = closed if text in {"", closed} else f"{closed}: {text}"
    where = "refuge" if instead != person.persona.home else "home"
    situation.draft.note("place_choice", str(instead), f"{where}, since {why}")
    return instead
