"""Risk: how a message concerns a person, and how far the person trusts whoever says it."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.citizen.danger import in_area
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.message import Heard, Message
from mesa_llm_city.core.values import Purpose, Weather
from mesa_llm_city.mind import Risk
from mesa_llm_city.parameters.mind import WarningParameters
from mesa_llm_city.social import Relation, source_trust, trust_by_name

__all__ = ["named", "risk_of", "trust_in"]


def risk_of(person: Person, message: Message, before: Heard | None, situation: Situation) -> Risk:
    """Return how a message concerns a person, and how far the person trusts whoever says it.

    Parameters
    ----------
    person : Person
        The person.
    message : Message
        The message.
    before : Heard or None
        What was last heard of its topic.
    situation : Situation
        The moment.
    """
    city, numbers = situation.world.city, person.parameters.mind.warnings
    home, plan = person.persona.home, situation.draft.plan
    ahead = [one.place for one in plan if one.place is not None and one.place != home]
    where = np.array([person.place, home, *ahead], dtype=np.int64)
    inside = in_area(message, where, city, near_m=numbers.near_m).tolist()
    activity = person.now.activity
    return Risk(
        trust=trust_in(
            person,
            message.sender,
            source=message.source,
            channel=message.channel,
            minute=situation.minute,
        ),
        confirmed=0 if before is None else before.times,
        here=inside[0],
        home=inside[1] and person.persona.outsider is None,
        ahead=any(inside[2:]),
        seen=_is_storm(situation.seen.weather, numbers),
        asleep=activity is not None and activity.purpose == Purpose.SLEEP,
        at_home=person.place == home,
        from_household=_relation(person, message.sender, situation.minute) is Relation.HOUSEHOLD,
        lifts=before is not None and before.avoids,
    )


def trust_in(
    person: Person, sender: int | None, *, source: str, channel: str, minute: int
) -> float:
    """Return how far a person trusts whoever says something, in [0, 1].

    Parameters
    ----------
    person : Person
        The person.
    sender : int or None
        Id of the person who says it; None if it comes from the source itself.
    source : str
        Who has said it first (see ``social.trust.sources``).
    channel : str
        How it comes; one that is no channel of ``social.messages`` adds nothing.
    minute : int
        When.
    """
    social, ties = person.parameters.social, person.components.ties
    channels = social.messages.channels
    more = channels[channel].trust if channel in channels else 0.0
    if sender is not None and ties is not None:
        base, spread = ties.tie(sender, at_min=minute).trust, 0.0
    else:
        base, spread = trust_by_name(source, social.trust), social.trust.spread
    deviate = float(normal_of(person.streams.trait("trust").random()))
    return float(source_trust(base, deviate, channel=more, spread=spread))


def _relation(person: Person, sender: int | None, minute: int) -> Relation | None:
    ties = person.components.ties
    if sender is None or ties is None:
        return None
    relation: Relation = ties.tie(sender, at_min=minute).relation
    return relation


def named(person: Person, sender: int | None, *, source: str, situation: Situation) -> str:
    """Return who says something to a person, in words: name and relation, or the source.

    Parameters
    ----------
    person : Person
        The person who hears it.
    sender : int or None
        Id of the person who says it; None if it comes from the source itself.
    source : str
        Name of the source.
    situation : Situation
        The moment.
    """
    if sender is None:
        return source
    name = situation.world.names.get(sender, "somebody")
    relation = _relation(person, sender, situation.minute)
    return name if relation is None else f"{name} ({relation})"


def _is_storm(weather: Weather, numbers: WarningParameters) -> bool:
    heavy = weather.rain_mm_h >= numbers.heavy_rain_mm_h
    return heavy or weather.wind_km_h >= numbers.strong_wind_km_h
