"""Perception: whether an event is worth leaving the plan for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ConfigError, LLMError
from mesa_llm_city.core.values import (
    Activity,
    DecisionSource,
    Observation,
    Purpose,
    Reaction,
    ReactionKind,
)
from mesa_llm_city.mind.perception_prompt import Feeling, Moment, reaction_by_prompt
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after

__all__ = ["Perception", "PerceptionConfig"]

_NO_NEEDS: Mapping[str, float] = MappingProxyType({})
_PURPOSE: Mapping[ReactionKind, Purpose] = MappingProxyType(
    {ReactionKind.SATISFY: Purpose.MEAL, ReactionKind.REST: Purpose.REST}
)
_TIMELESS = frozenset({ReactionKind.CONTINUE, ReactionKind.REPLAN, ReactionKind.REPLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceptionConfig:
    """Thresholds of reacting.

    Parameters
    ----------
    patience_min : int, default 120
        A need waits if the plan meets it within this many minutes; an assumption.

    Raises
    ------
    ConfigError
        If `patience_min` is negative.
    """

    patience_min: int = 120

    def __post_init__(self) -> None:
        """Check that patience is not negative."""
        if self.patience_min < 0:
            message = f"patience_min must be at least 0, got {self.patience_min}"
            raise ConfigError(message)


class Perception(Stateless):
    """Decides between going on and reacting to what happens, or asks a language model.

    Called when something happens (a need crosses its threshold, an activity ends, a
    message comes), not at every step as in the paper (CitySim, sec. 3.1.6), since nothing
    changes in between. The modules of the paper's dispatcher are the kinds of reaction.
    Who arrives among people, or lacks company, decides in one call whether, with whom and
    how to talk, which is the contact module's.

    Parameters
    ----------
    config : PerceptionConfig, optional
        Thresholds of reacting.
    source : DecisionSource, default DecisionSource.RULE
        Who decides where there is something to decide (see `worth_asking`).

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> stroll = Activity(purpose=Purpose.LEISURE, start_min=600, end_min=720)
    >>> seen = Observation(minute=630, place=4)
    >>> run(Perception().react(seen, need="hunger", activity=stroll, ahead=())).kind
    <ReactionKind.SATISFY: 'satisfy'>
    """

    __slots__ = ("config", "source")

    def __init__(
        self,
        config: PerceptionConfig | None = None,
        *,
        source: DecisionSource = DecisionSource.RULE,
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source

    async def react(
        self,
        observation: Observation,
        *,
        need: str | None,
        activity: Activity,
        ahead: tuple[Activity, ...],
        persona: Persona | None = None,
        needs: Mapping[str, float] = _NO_NEEDS,
        mood: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Reaction:
        """Decide whether to leave the plan because of a need.

        By rule sleepers perceive nothing. Hunger interrupts anything unless a meal lies
        within reach; fatigue and unease end free time, not duties; the wish for
        company waits until free time is filled. A language model may also have the
        person give up what was planned and see as the day goes, and says how long a
        meal or a rest takes.

        Parameters
        ----------
        observation : Observation
            What can be seen.
        need : str or None
            The dominant need.
        activity : Activity
            What is going on.
        ahead : tuple of Activity
            The rest of the plan.
        persona, needs, mood : optional
            Who, the levels of her needs and how she feels; told to a language model.
        rng : numpy.random.Generator, optional
            RandomStreams, which orders the options told to a language model, since it prefers what
            comes first; without it they are told as they stand here.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        by_rule = self._by_rule(observation, need, activity, ahead)
        if (
            self.source is DecisionSource.RULE
            or need is None
            or not self.worth_asking(by_rule, activity)
        ):
            return by_rule
        moment = Moment(observation.minute, f"{need} has fallen low", activity, ahead)
        feeling = Feeling(persona, needs, mood)
        return await self._asked(moment, feeling, _options(activity), by_rule, rng)

    async def answer(
        self,
        minute: int,
        sender: str,
        *,
        activity: Activity,
        ahead: tuple[Activity, ...],
        persona: Persona | None = None,
        needs: Mapping[str, float] = _NO_NEEDS,
        mood: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Reaction:
        """Decide whether to answer somebody who writes or calls.

        By rule everybody answers who is awake.

        Parameters
        ----------
        minute : int
            When, in minutes.
        sender : str
            Who writes, in words.
        activity, ahead, persona, needs, mood, rng
            See `react`.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        if activity.purpose == Purpose.SLEEP:
            return _going_on("asleep")
        by_rule = Reaction(ReactionKind.REPLY, None, "awake")
        if self.source is DecisionSource.RULE:
            return by_rule
        moment = Moment(minute, f"a message from {sender}", activity, ahead)
        options = [ReactionKind.CONTINUE, ReactionKind.REPLY]
        return await self._asked(moment, Feeling(persona, needs, mood), options, by_rule, rng)

    async def _asked(
        self,
        moment: Moment,
        feeling: Feeling,
        options: Sequence[ReactionKind],
        by_rule: Reaction,
        rng: np.random.Generator | None,
    ) -> Reaction:
        order = range(len(options)) if rng is None else rng.permutation(len(options)).tolist()
        told = [options[row] for row in order]
        try:
            reply = await reaction_by_prompt(told, moment, feeling)
        except LLMError as error:
            return by_rule._replace(reason=rules_after(error))
        kind = told[reply.choice - 1]
        minutes = None if kind in _TIMELESS else reply.minutes
        return Reaction(kind, _PURPOSE.get(kind), reply.reason, DecisionSource.PROMPT, minutes)

    @staticmethod
    def worth_asking(by_rule: Reaction, activity: Activity) -> bool:
        """Tell whether there is something to decide: the rule would leave the plan.

        Where the rule goes on there is no need, or none that the plan does not meet soon;
        in free time there is no plan to leave, and sleepers perceive nothing.
        """
        is_planned = activity.purpose not in {None, Purpose.SLEEP}
        return is_planned and by_rule.kind is not ReactionKind.CONTINUE

    def _by_rule(
        self,
        observation: Observation,
        need: str | None,
        activity: Activity,
        ahead: tuple[Activity, ...],
    ) -> Reaction:
        if need is None or activity.purpose == Purpose.SLEEP:
            return _going_on("no need presses" if need is None else "asleep")
        if need == "hunger":
            return self._hungry(observation.minute, activity, ahead)
        if need in {"energy", "safety"}:
            return _weary(need, activity)
        return _going_on("company is sought in free time")

    def _hungry(self, minute: int, activity: Activity, ahead: tuple[Activity, ...]) -> Reaction:
        if activity.purpose == Purpose.MEAL:
            return _going_on("already eating")
        meals = [one.start_min - minute for one in ahead if one.purpose == Purpose.MEAL]
        wait = min(meals, default=None)
        if wait is not None and wait <= self.config.patience_min:
            return _going_on(f"a meal is planned in {max(wait, 0)} min")
        told = "no meal is planned" if wait is None else f"the next meal is {wait} min away"
        return Reaction(ReactionKind.SATISFY, Purpose.MEAL, f"hunger is low and {told}")


def _options(activity: Activity) -> list[ReactionKind]:
    """Return what a language model may choose: nobody eats twice, or gives up a duty."""
    meal = [] if activity.purpose == Purpose.MEAL else [ReactionKind.SATISFY]
    free = [] if activity.fixed else [ReactionKind.REST, ReactionKind.REPLAN]
    return [ReactionKind.CONTINUE, *meal, *free]


def _weary(need: str, activity: Activity) -> Reaction:
    if activity.fixed:
        return _going_on(f"{need} is low, but {activity.purpose} is a duty")
    if activity.purpose == Purpose.REST:
        return _going_on("already resting")
    return Reaction(ReactionKind.REST, Purpose.REST, f"{need} is low")


def _going_on(reason: str) -> Reaction:
    return Reaction(ReactionKind.CONTINUE, None, reason)


_DEFAULT = PerceptionConfig()
