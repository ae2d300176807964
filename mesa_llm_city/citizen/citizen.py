"""A citizen: the parts of one person, and how a day flows through them.

Needs no Mesa. `Citizen.think` is a thought: it asks the parts what comes next
and changes nothing. `Citizen.commit` makes it so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from mesa_llm_city.citizen.appraisal import appraise, feel_after
from mesa_llm_city.citizen.components import ComponentOption, Components, assemble
from mesa_llm_city.citizen.intention import Draft, Intention, Outcome, Scene, Step
from mesa_llm_city.citizen.interruption import break_off, heed_needs, react
from mesa_llm_city.citizen.presets import choose_components, resolve_prompts
from mesa_llm_city.citizen.reflection import (
    goals_of,
    justify,
    leanings_of,
    look_back,
    usual_of,
)
from mesa_llm_city.citizen.travel import settle
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, clock_time
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import (
    Activity,
    DecisionSource,
    Int,
    Observation,
    Purpose,
    ReactionKind,
    Trip,
)
from mesa_llm_city.mind import MemoryEntry, Ratings
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social import (
    Contact,
    ContactOpportunity,
    ConversationEffect,
    Speaker,
    Ties,
    demographic_similarity,
)

__all__ = ["Citizen"]

Plan = tuple[Activity, ...]


class Citizen:
    """One person, living.

    Parameters
    ----------
    persona : Persona
        Who.
    seed : int
        Seed of the run.
    parameters : CityParameters, optional
        Numbers that shape behaviour.
    components : mapping of str to ComponentOption, optional
        Components that replace the defaults, by name; None leaves one out.
    prompts : iterable of str or str, optional
        What is asked about instead of being decided by rule (see `minds.resolve_prompts`).
    without : iterable of str, optional
        What the person goes without: some of `citizen.presets.ABLATIONS`.
    **named
        Further parts, as keywords: ``Citizen(anna, seed=7, memory=None)``.

    Attributes
    ----------
    place : int
        Where the person is, or the origin of the trip under way.
    activity : Activity or None
        What the person does, or will do on arrival.
    trip : Trip or None
        The trip under way.
    plan : tuple of Activity
        What is planned next.
    next_due : int
        Minute at which the person has to think again.
    """

    __slots__ = (
        "activity",
        "came_min",
        "components",
        "day",
        "next_due",
        "parameters",
        "persona",
        "place",
        "plan",
        "resting",
        "streams",
        "trip",
    )

    def __init__(
        self,
        persona: Persona,
        *,
        seed: int,
        parameters: CityParameters | None = None,
        components: Mapping[str, ComponentOption] | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        **named: ComponentOption,
    ) -> None:
        self.persona = persona
        self.streams = RandomStreams(seed, persona.id)
        chosen = choose_components(
            resolve_prompts(prompts),
            parameters=parameters,
            without=without,
            given={**(components or {}), **named},
        )
        self.parameters = default_parameters() if parameters is None else parameters
        self.components: Components = assemble(persona, chosen)
        self.place = persona.home
        self.activity: Activity | None = None
        self.trip: Trip | None = None
        self.plan: Plan = ()
        self.day = -2
        self.resting = False
        self.came_min = 0.0
        self.next_due = 0

    # Thinking: nothing below changes anything.

    async def think(self, seen: Observation, world: World) -> Intention:
        """Think about what to do at a moment that was due."""
        scene = Scene(seen, world, Draft(list(self.plan), self.day, self.resting))
        if self.activity is None:
            return await self._begin(scene)
        if self.trip is not None:
            return await self._carry_on(Step.ARRIVE, self.activity, scene)
        if seen.minute < self.activity.end_min:
            reaction = await react(self, self.activity, scene)
            if reaction.kind is ReactionKind.CONTINUE:
                if reaction.source is DecisionSource.RULE:
                    scene.draft.note("perception", str(reaction.kind), reaction.reason)
                return await self._carry_on(Step.STAY, self.activity, scene)
            break_off(self, reaction, scene)
            return await self._go_on(scene, heeded=True)
        return await self._go_on(scene, heeded=False)

    async def _carry_on(self, step: Step, activity: Activity, scene: Scene) -> Intention:
        contact = await self._contact(activity, scene)
        return Intention(
            step=step,
            minute=scene.minute,
            activity=self.activity,
            plan=self.plan,
            day=self.day,
            resting=self.resting,
            decisions=tuple(scene.draft.decisions),
            contact=contact,
        )

    async def _begin(self, scene: Scene) -> Intention:
        # The run begins at midnight, in the middle of the day before.
        block = await self._planned_block(scene)
        if block.purpose is None or block.place is None:
            block = replace(block, purpose=Purpose.REST, place=self.persona.home)
        return await self._intend(scene, block)

    async def _go_on(self, scene: Scene, *, heeded: bool) -> Intention:
        """Go on to the next block, which a need may put off unless it has been heeded."""
        ratings = await appraise(self, scene)
        await feel_after(self, scene)
        block = await self._planned_block(scene)
        if not heeded:
            block = await heed_needs(self, block, scene)
        if block.purpose is None:
            block = await self._fill(block, scene)
        activity, trip = await settle(self, block, scene)
        return await self._intend(scene, activity, trip, ratings)

    async def _intend(
        self,
        scene: Scene,
        activity: Activity,
        trip: Trip | None = None,
        ratings: Ratings | None = None,
    ) -> Intention:
        contact = None if trip is not None else await self._contact(activity, scene)
        step, now = Step.GO, self.activity
        if now is not None and (now.purpose, now.place) == (activity.purpose, activity.place):
            step, activity = Step.EXTEND, replace(activity, start_min=now.start_min)
        return Intention(
            step=step,
            minute=scene.minute,
            activity=activity,
            trip=trip,
            plan=tuple(scene.draft.plan),
            day=scene.draft.day,
            resting=scene.draft.resting and activity.purpose != Purpose.SLEEP,
            ratings=ratings,
            decisions=tuple(scene.draft.decisions),
            contact=contact,
            insights=scene.draft.insights,
            revision=scene.draft.revision,
            needs=scene.draft.needs,
        )

    async def _contact(self, activity: Activity, scene: Scene) -> Contact | None:
        """Decide whether to talk to somebody where one is, or arrives."""
        ties, contacts = self.components.ties, self.components.contacts
        if ties is None or contacts is None or activity.purpose == Purpose.SLEEP:
            return None
        opportunity = ContactOpportunity(
            minute=scene.minute,
            social=self.needs_at(scene.minute).get(
                "social", self.parameters.social.contact.social_unknown
            ),
            free_min=0 if activity.fixed else max(activity.end_min - scene.minute, 0),
            here=np.array(scene.seen.people, dtype=np.int64),
            online=_still_there(ties.others, scene) if scene.world.gone else None,
            activity=activity.purpose,
            mood=self.mood_at(scene.minute),
            thought=self.on_mind(scene.minute),
        )
        contact = await contacts.decide(
            opportunity,
            ties,
            persona=self.persona,
            names=scene.world.names,
            rng=self.streams.at("contact", step=scene.minute),
        )
        if contact.other is not None or contact.source is DecisionSource.PROMPT:
            whom = "nobody" if contact.other is None else f"{contact.other}"
            scene.draft.note("contacts", whom, contact.reason, contact.source)
        return None if contact.other is None else contact

    async def _planned_block(self, scene: Scene) -> Activity:
        draft, minute = scene.draft, scene.minute
        while (block := draft.take(minute)) is None:
            draft.day += 1
            await look_back(self, scene)
            planned = await self.components.planner.plan_day(
                self.persona,
                draft.day,
                clock=scene.world.clock,
                streams=self.streams,
                commute_min=self._commute_min(scene.world),
                weather=scene.world.weather(minute),
                needs=self.needs_at(minute),
                memories=self.memories_at(minute),
                goals=goals_of(self, scene),
                leanings=leanings_of(self),
                usual=usual_of(self),
            )
            draft.plan = list(planned.plan)
            draft.note("planner", f"{len(planned.plan)} blocks", planned.reason, planned.source)
        return block

    def needs_at(self, minute: int) -> dict[str, float]:
        """Return the levels of the needs by name; empty for one without needs."""
        needs = self.components.needs
        if needs is None:
            return {}
        names = getattr(needs, "names", self.parameters.needs)
        return dict(zip(names, needs.levels_at(minute / HOUR_MIN).tolist(), strict=True))

    def memories_at(self, minute: int) -> list[str]:
        """Return what the person remembers of the last day, as lines."""
        memory = self.components.memory
        recalled = () if memory is None else memory.recall(at_min=minute)
        return [f"{clock_time(one.minute)} {one.key}: {one.observation}" for one in recalled]

    def mood_at(self, minute: int) -> float:
        """Return how good the person feels, from -1 to 1."""
        return 0.0 if self.components.mood is None else self.components.mood.valence(at_min=minute)

    def on_mind(self, minute: int) -> str:
        """Return what is on the person's mind: the need that presses, and a thought."""
        mood, needs = self.components.mood, self.components.needs
        felt = "" if needs is None else needs.described(at=minute / HOUR_MIN)
        thought = "" if mood is None else mood.thought(at_min=minute)
        return "; ".join(filter(None, (felt, thought)))

    def _commute_min(self, world: World) -> float:
        """Return the expected way to work or school, in minutes."""
        if self.persona.work in {None, self.persona.home}:
            return 0.0
        ways = world.ways(self.persona.home, self.persona.work or 0)
        usable = self.components.vehicles.usable(ways, place=self.persona.home, returns=False)
        expected = getattr(self.components.mode_choice, "expected_min", None)
        if expected is None:
            return min(option.minutes for option in usable)
        return float(expected(usable, income=self.persona.income))

    async def _fill(self, block: Activity, scene: Scene) -> Activity:
        draft, minute = scene.draft, scene.minute
        if draft.resting:
            draft.note("planner", "rest", "resting until the next night")
            return replace(block, purpose=Purpose.REST, place=self.persona.home)
        needs = self.components.needs
        free_time = self.parameters.free_time
        chosen = await self.components.free_time.choose(
            block,
            self.persona,
            relief=needs.relief(free_time, at=minute / HOUR_MIN) if needs else {},
            weather=scene.seen.weather,
            rng=self.streams.at("fill", step=minute),
            clock=scene.world.clock,
            leanings=leanings_of(self),
        )
        draft.put_back(block, chosen.activity.end_min)
        draft.note("planner", str(chosen.activity.purpose), chosen.reason, chosen.source)
        return chosen.activity

    def is_visit(self, activity: Activity) -> bool:
        """Tell whether an activity takes place neither at home nor at work or school."""
        return activity.place not in {self.persona.home, self.persona.work}

    def so_far(self, minute: int) -> tuple[int, int, Purpose, int | None] | None:
        """Return start, end, purpose and place of what has been going on up to `minute`."""
        if self.activity is None:
            return None
        if self.trip is not None:
            return self.trip.start_min, minute, Purpose.TRAVEL, None
        purpose = self.activity.purpose or Purpose.REST
        return self.activity.start_min, minute, purpose, self.activity.place

    # Committing: what has been thought out becomes true.

    def commit(self, intention: Intention, world: World) -> Outcome:
        """Make an intention true and return what came to its end by it."""
        outcome = self._finish(intention, world)
        self._take_to_heart(intention)
        if intention.step in {Step.GO, Step.EXTEND}:
            self._depart(intention)
        if intention.step in {Step.GO, Step.ARRIVE} and self.trip is None:
            self._engage(intention.minute)
        self.next_due = self._due_after(intention.minute)
        return outcome

    def speaker(self, other: Persona, *, at_min: int) -> Speaker:
        """Return what the person brings to a conversation with `other`."""
        return Speaker(
            persona=self.persona,
            tie=(self.components.ties or Ties()).tie(
                other.id, at_min=at_min, similarity=self._similarity(other)
            ),
            mood=self.mood_at(at_min),
            needs=self.needs_at(at_min),
            memories=self.memories_at(at_min),
            thought=self.on_mind(at_min),
        )

    def talked(
        self, effect: ConversationEffect, other: Persona, topic: str, *, at_min: int
    ) -> None:
        """Take to heart a conversation with `other` that has come to its end."""
        components = self.components
        if components.ties is not None:
            alike = self._similarity(other)
            components.ties.meet(other.id, effect.outcome, at_min=at_min, similarity=alike)
        if components.needs is not None:
            components.needs.satisfy("social", effect.company, at=at_min / HOUR_MIN)
        if components.memory is not None:
            told = f"talked with {other.name} about {topic}; {effect.outcome}"
            components.memory.add(
                MemoryEntry(at_min, self.place, "talk", told, 0.5 + 0.5 * effect.mood)
            )
        if components.mood is not None:
            components.mood.feel(effect.mood, at_min=at_min)
            components.mood.think_of(f"talking with {other.name} about {topic}", at_min=at_min)

    def _similarity(self, other: Persona) -> float:
        numbers = self.parameters.social.similarity
        return float(demographic_similarity(self.persona, [other], parameters=numbers)[0])

    def undergo(self, event: str, *, at_min: int, mood: float = 0.0) -> None:
        """Take to heart something that happens in life: a loss, a wedding, a new job.

        It is remembered and thought of, and goals are revised before the next day is
        planned (CitySim, sec. 3.1.5).

        Parameters
        ----------
        event : str
            What happens, in a few words.
        at_min : int
            When, in minutes.
        mood : float, default 0
            How it changes how the person feels, from -1 to 1.
        """
        components = self.components
        if components.memory is not None:
            components.memory.add(MemoryEntry(at_min, self.place, "event", event, 0.5 + 0.5 * mood))
        if components.mood is not None:
            components.mood.feel(mood, at_min=at_min)
            components.mood.think_of(event, at_min=at_min)
        if components.goals is not None:
            components.goals.unsettle(event)

    def _finish(self, intention: Intention, world: World) -> Outcome:
        if intention.step in {Step.STAY, Step.EXTEND} or self.activity is None:
            return Outcome()
        if intention.step is Step.ARRIVE:
            return Outcome(trip=self._arrive())
        stay = replace(self.activity, end_min=intention.minute)
        self._learn(stay, intention.ratings, world)
        return Outcome(activity=stay, ratings=intention.ratings)

    def _arrive(self) -> Trip | None:
        trip, self.trip = self.trip, None
        if trip is not None:
            self.place = trip.destination
            self.came_min = trip.option.minutes
            self.components.vehicles.move(trip.option.mode, trip.destination)
        return trip

    def _take_to_heart(self, intention: Intention) -> None:
        """Keep insights and goals, and why one goes as one does."""
        insights, goals, needs = (
            self.components.insights,
            self.components.goals,
            self.components.needs,
        )
        if needs is not None and intention.needs is not None:
            needs.adopt(intention.needs, at=intention.minute / HOUR_MIN)
        if goals is not None and intention.revision is not None:
            goals.adopt(intention.revision, at_min=intention.minute)
            if self.components.needs is not None:
                self.components.needs.recount(at=intention.minute / HOUR_MIN)
        if insights is None:
            return
        insights.keep(intention.insights)
        if intention.trip is not None:
            justify(insights, intention, intention.trip.option.mode)

    def _learn(self, stay: Activity, ratings: Ratings | None, world: World) -> None:
        beliefs, memory, place = self.components.beliefs, self.components.memory, stay.place or 0
        if ratings is not None and beliefs is not None:
            kind = int(world.city.places.category[place])
            beliefs.update(place, ratings[:4], category=kind, at_min=stay.end_min)
        if memory is not None:
            told = _stayed(stay.minutes)
            told = f"{told}; {ratings.reason}" if ratings else told
            score = ratings.satisfaction if ratings else None
            memory.add(MemoryEntry(stay.start_min, place, str(stay.purpose), told, score))
        if ratings is not None and self.components.mood is not None:
            self.components.mood.feel(ratings.mood, at_min=stay.end_min)

    def _depart(self, intention: Intention) -> None:
        self.activity, self.trip = intention.activity, intention.trip
        self.plan, self.day, self.resting = intention.plan, intention.day, intention.resting
        if self.trip is None and self.activity is not None:
            self.place = self.activity.place or 0
        elif self.components.needs is not None:
            self.components.needs.engage(Purpose.TRAVEL, at=intention.minute / HOUR_MIN)

    def _engage(self, minute: int) -> None:
        if self.components.needs is not None and self.activity is not None:
            self.components.needs.engage(
                self.activity.purpose or Purpose.REST, at=minute / HOUR_MIN
            )

    def _due_after(self, minute: int) -> int:
        if self.trip is not None:
            return self.trip.end_min
        if self.activity is None:
            return minute + 1
        due = self.activity.end_min
        if self.components.needs is None or self.activity.purpose == Purpose.SLEEP:
            return due
        crossing = self.components.needs.next_crossing(at=minute / HOUR_MIN)
        # Rounding must not make a need due again in the same minute.
        noticed = math.ceil(crossing.at * HOUR_MIN) if crossing else due
        return min(due, max(noticed, minute + 1))


def _still_there(known: Int, scene: Scene) -> Int:
    """Return those of the people known who are elsewhere and have not left for good."""
    lost = np.array([*scene.world.gone, *scene.seen.people], dtype=np.int64)
    return np.setdiff1d(known, lost)


@lru_cache(maxsize=DAY_MIN)
def _stayed(minutes: int) -> str:
    # Cached, so that a million memories of half an hour are one string.
    return f"stayed {minutes} min"
