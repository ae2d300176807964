"""A citizen: a person who thinks about what to do next, and does it.

Needs no Mesa. `Citizen.think` is a thought: it asks the components what comes next and changes
nothing. `Citizen.commit` makes it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mesa_llm_city.citizen.appraisal import appraise, assess_needs_after
from mesa_llm_city.citizen.closing import adapted, has_to_leave, is_shut_out, turned_away
from mesa_llm_city.citizen.commit import commit
from mesa_llm_city.citizen.contact import learn_from_talk, speaker_of, wished_contact
from mesa_llm_city.citizen.danger import known_dangers
from mesa_llm_city.citizen.draft import Draft
from mesa_llm_city.citizen.fleeing import leaves_at
from mesa_llm_city.citizen.hearing import heed_news, take_in, wake
from mesa_llm_city.citizen.intention import Completed, Intention, Step
from mesa_llm_city.citizen.interruption import answer_message, heed_needs, interrupt, react
from mesa_llm_city.citizen.opinion import Delivered
from mesa_llm_city.citizen.opinion_words import said_in_talk
from mesa_llm_city.citizen.opinions import deliver, think_of_posts
from mesa_llm_city.citizen.person import Person
from mesa_llm_city.citizen.planning import fill_block, planned_block
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.state import CitizenState
from mesa_llm_city.citizen.travel import settle
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.message import Message
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.core.values import (
    OUTSIDE,
    UNAWARE,
    Activity,
    DecisionSource,
    Observation,
    Purpose,
    Reaction,
    ReactionKind,
    Trip,
)
from mesa_llm_city.mind import MemoryEntry, Ratings
from mesa_llm_city.population import Persona
from mesa_llm_city.social import ConversationEffect, Speaker

__all__ = ["Citizen"]


class Citizen(Person):
    """A person who lives: perceives, plans, goes, meets, learns (see `Person` for parameters)."""

    __slots__ = ()

    # Thinking: nothing below changes anything.

    async def think(self, seen: Observation, world: World) -> Intention:
        """Think about what to do at a moment that was due."""
        now = self.now
        draft = Draft(list(now.plan), now.day, now.wishes, now.resting)
        if now.heard:
            lasts_h = self.parameters.mind.warnings.lasts_h
            draft.dangers = known_dangers(now.heard, seen.minute, lasts_h)
        situation = Situation(seen, world, draft)
        if now.posts:
            await think_of_posts(self, situation)
        intention = await self._next(situation)
        if not draft.opinions and draft.consolidated is None:
            return intention
        return replace(intention, opinions=tuple(draft.opinions), consolidated=draft.consolidated)

    async def _next(self, situation: Situation) -> Intention:
        """Think about what comes next."""
        now = self.now
        if now.activity is None:
            return await self._begin(situation)
        if now.trip is not None:
            return await self._come(now.activity, now.trip, situation)
        if now.news:
            return await self._listen(now.activity, situation)
        return await self._live_on(now.activity, situation)

    async def answer(self, sender: str, *, at_min: int) -> Reaction:
        """Return whether the person answers somebody who writes or calls (a thought)."""
        return await answer_message(self, sender, at_min=at_min)

    def speaker(self, other: Persona, *, at_min: int, world: World | None = None) -> Speaker:
        """Return what the person brings to a conversation with `other`."""
        return speaker_of(self, other, at_min=at_min, world=world)

    async def _begin(self, situation: Situation) -> Intention:
        # The run begins at midnight, in the middle of the day before.
        block = await planned_block(self, situation)
        if block.purpose is None or block.place is None:
            purpose = Purpose.REST if self.persona.outsider is None else OUTSIDE
            block = replace(block, purpose=purpose, place=self.persona.home)
        return await self._intend(situation, block)

    async def _come(self, activity: Activity, trip: Trip, situation: Situation) -> Intention:
        """Arrive, or turn away where it is closed."""
        if is_shut_out(self, trip.destination, situation.world, situation.minute):
            return turned_away(self, activity, situation)
        return await self._carry_on(Step.ARRIVE, activity, situation)

    async def _live_on(self, activity: Activity, situation: Situation) -> Intention:
        """Go on, unless what is going on has ended or the person has to leave."""
        if situation.minute >= activity.end_min:
            return await self._go_on(situation, heeded=False)
        if has_to_leave(self, activity, situation):
            return await self._go_on(situation, heeded=True)
        return await self._notice(activity, situation)

    async def _notice(self, activity: Activity, situation: Situation) -> Intention:
        """React to what has come up in the middle of an activity."""
        reaction = await react(self, activity, situation)
        if reaction.kind is not ReactionKind.CONTINUE:
            interrupt(self, reaction, situation)
            return await self._go_on(situation, heeded=True)
        if reaction.source is DecisionSource.RULE:
            situation.draft.note("perception", str(reaction.kind), reaction.reason)
        return await self._carry_on(Step.STAY, activity, situation)

    async def _listen(self, activity: Activity, situation: Situation) -> Intention:
        """Think of messages that have come, and leave what is going on for them if need be."""
        await heed_news(self, situation)
        minute = situation.minute
        if minute < activity.end_min and has_to_leave(self, activity, situation):
            return await self._go_on(situation, heeded=True)
        leaves = leaves_at(self, activity, situation)
        if leaves is None and minute < activity.end_min:
            return await self._carry_on(Step.STAY, activity, situation)
        if leaves is None or leaves <= minute:
            return await self._go_on(situation, heeded=leaves is not None)
        # What goes on is left when the person is ready.
        return await self._intend(situation, replace(activity, end_min=leaves))

    async def _carry_on(self, step: Step, activity: Activity, situation: Situation) -> Intention:
        contact = await wished_contact(self, activity, situation)
        return Intention(
            step=step,
            minute=situation.minute,
            activity=self.now.activity,
            plan=self.now.plan,
            day=self.now.day,
            wishes=self.now.wishes,
            resting=self.now.resting,
            decisions=tuple(situation.draft.decisions),
            contact=contact,
            heard=situation.draft.heard,
        )

    async def _go_on(self, situation: Situation, *, heeded: bool) -> Intention:
        """Go on to the next block, which a need may put off unless it has been heeded."""
        ratings = await appraise(self, situation)
        await assess_needs_after(self, situation)
        block = adapted(self, await planned_block(self, situation), situation)
        if not heeded:
            block = await heed_needs(self, block, situation)
        if block.purpose is None:
            block = await fill_block(self, block, situation)
        activity, trip = await settle(self, block, situation)
        return await self._intend(situation, activity, trip, ratings)

    async def _intend(
        self,
        situation: Situation,
        activity: Activity,
        trip: Trip | None = None,
        ratings: Ratings | None = None,
    ) -> Intention:
        contact = None if trip is not None else await wished_contact(self, activity, situation)
        step, now, draft = Step.GO, self.now.activity, situation.draft
        if now is not None and (now.purpose, now.place) == (activity.purpose, activity.place):
            step, activity = Step.EXTEND, replace(activity, start_min=now.start_min)
        return Intention(
            step=step,
            minute=situation.minute,
            activity=activity,
            trip=trip,
            plan=tuple(draft.plan),
            day=draft.day,
            wishes=draft.wishes,
            resting=draft.resting and activity.purpose not in UNAWARE,
            ratings=ratings,
            decisions=tuple(draft.decisions),
            contact=contact,
            insights=draft.insights,
            revision=draft.revision,
            needs=draft.needs,
            people=situation.seen.people,
            heard=draft.heard,
        )

    # Committing: what has been thought out becomes true.

    def commit(self, intention: Intention, world: World) -> Completed:
        """Make an intention true and return what came to its end by it."""
        return commit(self, intention, world)

    def learn_from_talk(
        self, effect: ConversationEffect, other: Persona, topic: str, *, at_min: int
    ) -> None:
        """Let a conversation with `other` change ties, company, memory and mood."""
        learn_from_talk(self, effect, other, topic, at_min=at_min)

    def hear(self, message: Message, *, at_min: int) -> bool:
        """Let a message come to the person, who thinks of it at that minute.

        Parameters
        ----------
        message : Message
            The message.
        at_min : int
            When, in minutes.

        Returns
        -------
        bool
            Whether it is heard now: those who sleep hear some channels only, or on waking up.
        """
        return take_in(self, message, at_min=at_min)

    def receive(self, delivered: Delivered) -> None:
        """Let a post come to the person, who makes something of it when they think next.

        Nothing happens to somebody who has none of the components ``emotion``, ``stance``,
        ``awareness`` and ``sharing``.
        """
        deliver(self, delivered)

    def speaks_of(self, *, at_min: int, channel: str = "in_person") -> Delivered | None:
        """Return what the person says in a conversation about a topic, if anything."""
        return said_in_talk(self, at_min=at_min, channel=channel)

    def wake(self, *, at_min: int) -> None:
        """Let the person think at a minute, and wake up; who is under way goes on."""
        wake(self, at_min=at_min)

    def life_event(self, event: str, *, at_min: int, mood: float = 0.0) -> None:
        """Let something happen in the person's life: a loss, a wedding, a new job.

        It is remembered and thought of, and goals are revised before the next day is
        planned (CitySim, sec. 3.1.5).

        Parameters
        ----------
        event : str
            What happens, in a few words.
        at_min : int
            When, in minutes.
        mood : float, default 0
            How it changes the mood, from -1 to 1.
        """
        components = self.components
        if components.memory is not None:
            entry = MemoryEntry(at_min, self.now.place, "event", event, 0.5 + 0.5 * mood)
            components.memory.add(entry)
        if components.mood is not None:
            components.mood.feel(mood, at_min=at_min)
            components.mood.think_of(event, at_min=at_min)
        if components.goals is not None:
            components.goals.unsettle(event)

    # Saving.

    def state(self) -> dict[str, Any]:
        """Return where the person is and the states of all components, as plain values.

        Components of the user's own that have a method ``state`` are among them.
        """
        kept = {name: one for name, one in self.components if hasattr(one, "state")}
        later = [list(one) for one in self.streams.later]
        return {
            "now": self.now.to_json(),
            "components": {name: one.state() for name, one in kept.items()},
            **({"reseedings": later} if later else {}),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` has returned of a person with the same components."""
        self.now = CitizenState.from_json(state["now"])
        later = tuple(Reseeding(*one) for one in state.get("reseedings", ()))
        self.streams = replace(self.streams, later=later)
        mine: dict[str, Any] = dict(self.components)
        for name, saved in state["components"].items():
            mine[name].restore(saved)
