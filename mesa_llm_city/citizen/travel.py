"""Travel: from a block of the day to an activity with its place, and the trip there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from mesa_llm_city.citizen.closing import stays_where
from mesa_llm_city.citizen.danger import out_of_danger, refuge_of, without_danger
from mesa_llm_city.citizen.moments import moment_facts
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.reaching import places_in_reach
from mesa_llm_city.citizen.reflection import habit_place_of
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.slots import as_decision
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import (
    OUTSIDE,
    Activity,
    ChoiceSet,
    DecisionSource,
    Int,
    Purpose,
    TravelOption,
    Trip,
)
from mesa_llm_city.mobility import (
    BLOCK_MIN,
    ModeChosen,
    PlaceChosen,
    PlaceHistory,
    in_service,
    least_stay_min,
)
from mesa_llm_city.policies import Compiled
from mesa_llm_city.prompts import Prompted

__all__ = ["settle"]

_STAYING_IN = frozenset({Purpose.REST, OUTSIDE})


async def settle(
    person: Person, block: Activity, situation: Situation
) -> tuple[Activity, Trip | None]:
    """Choose where to go and how; without an open place in reach the person stays in (a thought).

    Parameters
    ----------
    person : Person
        The person.
    block : Activity
        What the person is going to do, and until when.
    situation : Situation
        What can be seen now, the city, and the draft on which decisions are noted.

    Returns
    -------
    Activity
        The block with its place; if it is elsewhere, it begins on arrival.
    Trip or None
        The trip there; None if the person is there already.
    """
    if block.place is None:
        found = await _go_out(person, block, situation)
        if found is None and person.persona.outsider is not None:
            found = await _enter_for(person, block, situation)
        if found is not None:
            return found
        block = _stay_in(person, block, situation)
    block = out_of_danger(person, block, situation)
    settled = await _go_to(person, block, block.place or 0, situation)
    if settled[1] is None or _can_stay(person, settled[0], situation):
        return settled
    # What was interrupted is not taken up again where it would close.
    situation.draft.note("place_choice", "none", "it would close too early")
    block = out_of_danger(person, _stay_in(person, block, situation), situation)
    return await _go_to(person, block, block.place or 0, situation)


def _can_stay(person: Person, activity: Activity, situation: Situation) -> bool:
    """Tell whether an activity is where the person belongs, or its place stays open for it."""
    place = activity.place
    if place is None or place in {person.persona.home, person.persona.work, person.now.refuge}:
        return True
    if (dangers := situation.draft.dangers) and place == refuge_of(
        person, dangers, situation.world
    ):
        return True
    start, end = activity.start_min, activity.end_min
    return bool(situation.world.is_open(np.array([place]), start, end)[0])


async def _go_out(
    person: Person, block: Activity, situation: Situation
) -> tuple[Activity, Trip | None] | None:
    purpose = block.purpose or Purpose.LEISURE
    reached = await places_in_reach(person, block, situation)
    places = without_danger(person, reached.places, situation)
    if not len(places):
        situation.draft.note(
            "place_choice", "none", f"no open place within {reached.radius_m / 1000.0:.1f} km"
        )
        return None
    everything = places
    barred = situation.world.closures.active or situation.draft.dangers
    if barred and not _is_asked(person.components.place_choice):
        everything = (await places_in_reach(person, block, situation, unless_closed=False)).places
    chosen = await _choose_open(person, purpose, places, everything, situation)
    situation.draft.note("place_choice", str(chosen.place), chosen.reason, chosen.source)
    activity, trip = await _go_to(person, block, chosen.place, situation)
    if not _can_stay(person, activity, situation):
        situation.draft.note("place_choice", "none", "it would close too early")
        return None
    return activity, trip


async def _enter_for(
    person: Person, block: Activity, situation: Situation
) -> tuple[Activity, Trip | None] | None:
    """Find something else to do for an outsider who would enter in vain, what is liked first."""
    if person.place != person.persona.home:
        return None
    liked = person.persona.preferences
    names = [one for one in person.parameters.free_time if one != block.purpose]
    for purpose in sorted(names, key=lambda one: -liked.of(one, 0.0)):
        found = await _go_out(person, replace(block, purpose=purpose), situation)
        if found is not None:
            return found
    return None


def _is_asked(component: object) -> bool:
    """Tell whether a language model or its policy chooses, among open places only."""
    return isinstance(component, Prompted | Compiled)


async def _choose_open(
    person: Person,
    purpose: str,
    places: ChoiceSet,
    everything: ChoiceSet,
    situation: Situation,
) -> PlaceChosen:
    """Choose as if nothing were closed or in danger, and again among the rest if it is.

    So a closing changes the choice of those only who would have gone there. What is chosen is
    as likely as by a choice among the open places, if closed ones do not change the weights of
    others: ``p_j + p_closed p_j / (1 - p_closed) = p_j / (1 - p_closed)``.
    """
    first = await _choose_place(person, purpose, everything, situation)
    if (places.places == first.place).any():
        return first
    chosen = await _choose_place(person, purpose, places, situation, stream="place_choice again")
    name = situation.world.city.places.label(first.place)
    return chosen._replace(reason=f"{name} is closed or in danger; {chosen.reason}")


async def _choose_place(
    person: Person,
    purpose: str,
    places: ChoiceSet,
    situation: Situation,
    *,
    stream: str = "place_choice",
) -> PlaceChosen:
    """Return the usual place at this time, if habit and no new place is followed; else a choice."""
    history = _history(person, places.places)
    usual = habit_place_of(person, purpose, situation)
    if usual is not None and (places.places == usual).any():
        history = _decided(person, history, situation.minute)
        if history is None or not history.explores:
            reason = "the usual place at this time"
            return PlaceChosen(usual, np.empty(0), DecisionSource.RULE, reason)
    return await _chosen(person, purpose, places, history, situation, stream=stream)


def _decided(person: Person, history: PlaceHistory | None, minute: int) -> PlaceHistory | None:
    """Return the history of a person who has decided whether to try a new place.

    A habit says where people go back to, not how often: they explore as often as without it.
    """
    if history is None:
        return None
    draw = person.streams.uniform("explore in spite of habit", step=minute)
    return history._replace(explores=float(draw < history.explores))


async def _chosen(
    person: Person,
    purpose: str,
    places: ChoiceSet,
    history: PlaceHistory | None,
    situation: Situation,
    *,
    stream: str,
) -> PlaceChosen:
    beliefs, city = person.components.beliefs, situation.world.city
    decided = await person.components.place_choice.choose(
        places,
        None if beliefs is None else beliefs.as_of(situation.minute, city.kind_likeness),
        persona=person.persona,
        purpose=purpose,
        when=situation.when,
        mood=situation.mood_of(person),
        area_names=city.areas.names,
        history=history,
        rng=person.streams.at(stream, step=situation.minute),
        **moment_facts(person, person.components.place_choice, "place", situation, about=stream),
    )
    # A component that returns a pair tells no probabilities.
    return as_decision(decided, PlaceChosen, probabilities=np.empty(0))


def _history(person: Person, places: Int) -> PlaceHistory | None:
    """Return the person's earlier visits to some places; None if nobody counts them."""
    familiarity = person.components.familiarity
    if familiarity is None:
        return None
    curiosity = float(normal_of(person.streams.uniform_trait("exploration")))
    history: PlaceHistory = familiarity.history(places, curiosity)
    return history


def _stay_in(person: Person, block: Activity, situation: Situation) -> Activity:
    """Return what is done instead of going out: at home, at work, or where an outsider is."""
    if person.persona.outsider is not None:
        return _stay_where(person, block, situation)
    here = person.place if person.place == person.persona.work else person.persona.home
    if block.purpose == Purpose.MEAL:
        return replace(block, place=here)
    return replace(block, purpose=Purpose.REST, place=person.persona.home)


def _stay_where(person: Person, block: Activity, situation: Situation) -> Activity:
    """Return what an outsider does who finds no place: waits at the gate, stays on, or leaves."""
    home, here = person.persona.home, person.place
    if here == home:
        return replace(block, purpose=OUTSIDE, place=home)
    if here == person.persona.work:
        eats = block.purpose == Purpose.MEAL
        return replace(block, purpose=Purpose.MEAL if eats else Purpose.REST, place=here)
    if situation.world.is_open(np.array([here]), situation.minute, block.end_min)[0]:
        return replace(block, purpose=Purpose.REST, place=here)
    return situation.draft.left_for_today(block, home)


async def _go_to(
    person: Person, block: Activity, place: int, situation: Situation
) -> tuple[Activity, Trip | None]:
    if situation.world.closures.active:
        place = stays_where(person, place, situation)
    if place == person.place:
        return block if block.place == place else replace(block, place=place), None
    option = await _choose_mode(person, block, place, situation)
    arrival = situation.minute + max(1, math.ceil(option.minutes))
    trip = Trip(
        origin=person.place,
        destination=place,
        purpose=block.purpose or Purpose.LEISURE,
        option=option,
        start_min=situation.minute,
        end_min=arrival,
    )
    if place in {person.persona.home, person.now.refuge} and block.purpose not in _STAYING_IN:
        block = situation.draft.prolong(block, arrival - situation.minute)
    stay = BLOCK_MIN if block.fixed else least_stay_min(trip.purpose, person.parameters)
    end = max(block.end_min, arrival + stay)
    return replace(block, place=place, start_min=arrival, end_min=end), trip


async def _choose_mode(
    person: Person, block: Activity, place: int, situation: Situation
) -> TravelOption:
    returns = bool(situation.draft.plan) and situation.draft.plan[0].place == person.place
    usable = person.components.vehicles.usable(
        situation.world.ways(person.place, place), place=person.place, returns=returns
    )
    stay = least_stay_min(block.purpose or Purpose.LEISURE, person.parameters)
    limit = block.minutes - stay
    open_now = in_service(usable, situation.seen.weather, person.parameters)
    in_time = [way for way in open_now if way.minutes <= limit]
    decided = await person.components.mode_choice.choose(
        in_time or [min(open_now, key=lambda way: way.minutes)],
        income=person.persona.income,
        weather=situation.seen.weather,
        persona=person.persona,
        purpose=block.purpose,
        when=situation.when,
        rng=person.streams.at("mode_choice", step=situation.minute),
        **moment_facts(person, person.components.mode_choice, "mode", situation),
    )
    chosen = as_decision(decided, ModeChosen, probabilities=np.empty(0))
    situation.draft.note("mode_choice", str(chosen.option.mode), chosen.reason, chosen.source)
    return chosen.option
