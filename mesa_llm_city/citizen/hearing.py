"""Step: messages come to a person, who thinks of them, and remembers and feels them."""

from __future__ import annotations

from dataclasses import replace

from mesa_llm_city.citizen.danger import known_dangers, refuge_of
from mesa_llm_city.citizen.opinion import post_of
from mesa_llm_city.citizen.opinions import form_opinion, has_opinions
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.risk import named, risk_of
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.message import Heard, Message, Response
from mesa_llm_city.core.values import OUTSIDE, DecisionSource, Purpose, ReactionKind
from mesa_llm_city.mind import MemoryEntry
from mesa_llm_city.mind.warning import told_on
from mesa_llm_city.social import PostKind, channel_of

__all__ = ["apply_heard", "heed_news", "take_in", "wake"]

_GOES_ON = frozenset({ReactionKind.CONTINUE, ReactionKind.INFORM})
_TOLD_ON = frozenset({PostKind.FORWARD, PostKind.POST})
_ACTS_ALREADY = "acts on it already"
_NO_PERCEPTION = Response(ReactionKind.CONTINUE, believed=False, reason="nothing is perceived")
_SAID_OF_NEWS = "news"


def take_in(person: Person, message: Message, *, at_min: int) -> bool:
    """Let a message come to a person, who then is due at that minute (a commit).

    Who sleeps is woken by some channels; what is repeated is heard on waking up. Who is under
    way thinks of it on arrival. Outsiders hear nothing while they are outside.

    Parameters
    ----------
    person : Person
        The person.
    message : Message
        The message.
    at_min : int
        When, in minutes.

    Returns
    -------
    bool
        Whether the person hears it now, or on arrival.
    """
    now, activity = person.now, person.now.activity
    if now.trip is None and (activity.purpose if activity else None) == OUTSIDE:
        return False
    channel = channel_of(message.channel, person.parameters.social.messages)
    draw = float(person.streams.at(f"hear {message.id}", step=at_min).random())
    asleep = now.trip is None and (activity is None or activity.purpose == Purpose.SLEEP)
    reached = draw < (channel.asleep if asleep else channel.awake)
    if reached or (asleep and channel.repeated_h > 0.0):
        now.news = (*now.news, message)
    if reached and now.trip is None and activity is not None:
        now.next_due = min(now.next_due, at_min)
    return reached


def wake(person: Person, *, at_min: int) -> None:
    """Let a person think at a minute, and end a sleep (a commit); who travels goes on."""
    now, activity = person.now, person.now.activity
    if now.trip is not None or activity is None:
        return
    if activity.purpose == Purpose.SLEEP and activity.start_min < at_min < activity.end_min:
        now.activity = replace(activity, end_min=at_min)
    now.next_due = min(now.next_due, at_min)


async def heed_news(person: Person, situation: Situation) -> None:
    """Think of the messages that have come; what the person makes of them goes to the draft."""
    for message in person.now.news:
        if not _is_stale(person, message, situation.minute):
            heard = await _heed(person, message, situation)
            heard = await _with_opinion(person, heard, situation)
            situation.draft.heard = (*situation.draft.heard, heard)
            _note(heard.response, situation)
    _learn_dangers(person, situation)


async def _with_opinion(person: Person, heard: Heard, situation: Situation) -> Heard:
    """Form an opinion of what a message is about.

    Who decides about sharing passes news on by that decision; warnings of danger are passed on
    as before.
    """
    if not has_opinions(person):
        return heard
    delivered = post_of(heard.message, person.parameters.social.emotion)
    opinion = await form_opinion(person, delivered, situation)
    shared = None if opinion is None else opinion.shared
    if shared is None or heard.message.danger > 0.0:
        return heard
    informs = shared.kind in _TOLD_ON
    response = told_on(heard.response._replace(kind=_quiet(heard.response.kind)), informs)
    return heard._replace(response=response, tells_min=shared.minute if informs else None)


def _quiet(kind: ReactionKind) -> ReactionKind:
    return ReactionKind.CONTINUE if kind is ReactionKind.INFORM else kind


def _note(response: Response, situation: Situation) -> None:
    """Note a response that changes what is done, or that a language model has given."""
    kind, source = response.kind, response.source
    if kind not in _GOES_ON or source is DecisionSource.PROMPT:
        situation.draft.note("perception", str(kind), response.reason, source)


def apply_heard(person: Person, heard: tuple[Heard, ...], world: World, *, at_min: int) -> None:
    """Remember what has been heard, and feel what it means (a commit).

    Parameters
    ----------
    person : Person
        The person.
    heard : tuple of Heard
        Messages, and what the person makes of them.
    world : World
        The city.
    at_min : int
        When, in minutes.
    """
    now = person.now
    if not heard and not now.news:
        return
    seen = {(one.message.id, one.message.sender) for one in heard}
    now.news = tuple(
        one
        for one in now.news
        if (one.id, one.sender) not in seen and not _is_stale(person, one, at_min)
    )
    before = {one.message.topic: one for one in now.heard}
    now.heard = tuple({**before, **{one.message.topic: one for one in heard}}.values())
    for one in heard:
        if not _is_known(one, before.get(one.message.topic)):
            _feel(person, one, at_min)
        before[one.message.topic] = one
    _find_refuge(person, world, at_min)


def _is_known(heard: Heard, before: Heard | None) -> bool:
    """Tell whether the same message was heard before, and was believed then or is not now."""
    if before is None or before.message.id != heard.message.id:
        return False
    return before.response.believed or not heard.response.believed


def _find_refuge(person: Person, world: World, minute: int) -> None:
    """Keep where the person stays while the home is in danger."""
    lasts_h = person.parameters.mind.warnings.lasts_h
    dangers = known_dangers(person.now.heard, minute, lasts_h)
    refuge = refuge_of(person, dangers, world) if dangers else person.persona.home
    if refuge != person.persona.home:
        person.now.refuge = refuge


def _is_stale(person: Person, message: Message, minute: int) -> bool:
    """Tell whether a message is no longer repeated when somebody wakes up."""
    channel = channel_of(message.channel, person.parameters.social.messages)
    if channel.repeated_h <= 0.0:
        return False
    return minute - message.minute > channel.repeated_h * HOUR_MIN


async def _heed(person: Person, message: Message, situation: Situation) -> Heard:
    before = _heard_of(person, message.topic, situation)
    perception = person.components.perception
    risk = risk_of(person, message, before, situation)
    times = 1 if before is None else before.times + 1
    heed = getattr(perception, "heed", None)
    if heed is None:
        return Heard(message, _NO_PERCEPTION, times)
    response = await heed(
        message,
        risk=risk,
        minute=situation.minute,
        activity=person.now.activity,
        persona=person.persona,
        told_by=named(person, message.sender, source=message.source, situation=situation),
        mood=situation.mood_of(person),
        rng=person.streams.lasting(f"heed {message.topic}", since=situation.minute),
    )
    if not isinstance(response, Response):
        wrong = f"heed of {type(perception).__name__} must return a Response, got {response!r}"
        raise ConfigError(wrong)
    if (
        before is not None
        and before.avoids
        and message.danger > 0.0
        and (response.kind is not ReactionKind.FLEE or _is_leaving(person, before, situation))
    ):
        kind = ReactionKind.INFORM if response.informs else ReactionKind.CONTINUE
        response = response._replace(kind=kind, believed=True, reason=_ACTS_ALREADY, minutes=0)
    concerned = message.is_everywhere or risk.here or risk.home or risk.ahead
    acts = response.kind not in _GOES_ON
    avoids = response.believed and message.danger > 0.0 and (acts or not concerned)
    # Who has left or stays in because of a danger does not go back on hearing of it again.
    kept = before is not None and before.avoids and message.danger > 0.0
    return Heard(message, response, times, avoids or kept)


def _is_leaving(person: Person, before: Heard, situation: Situation) -> bool:
    """Tell whether a person is getting ready to leave for a refuge."""
    refuge = refuge_of(person, (before.message,), situation.world)
    return any(one.fixed and one.place == refuge for one in situation.draft.plan)


def _heard_of(person: Person, topic: str, situation: Situation) -> Heard | None:
    """Return what was last heard of a topic."""
    found = (*person.now.heard, *situation.draft.heard)
    return next((one for one in reversed(found) if one.message.topic == topic), None)


def _learn_dangers(person: Person, situation: Situation) -> None:
    """Let the draft know the dangers that count from now on."""
    latest = {one.message.topic: one for one in (*person.now.heard, *situation.draft.heard)}
    lasts_h = person.parameters.mind.warnings.lasts_h
    situation.draft.dangers = known_dangers(latest.values(), situation.minute, lasts_h)


def _feel(person: Person, heard: Heard, minute: int) -> None:
    message, components = heard.message, person.components
    numbers = person.parameters.mind.warnings
    size = message.danger if heard.response.believed else 0.0
    if components.memory is not None:
        text = f"{message.text} ({message.source})"
        score = 0.5 - 0.5 * size
        components.memory.add(MemoryEntry(minute, person.now.place, _SAID_OF_NEWS, text, score))
    if components.mood is not None:
        if size > 0.0:
            components.mood.feel(-numbers.mood * size, at_min=minute)
        components.mood.think_of(message.text, at_min=minute)
    if components.needs is not None and size > 0.0 and "safety" in person.parameters.needs:
        components.needs.satisfy("safety", -numbers.safety * size, at=minute / HOUR_MIN)
