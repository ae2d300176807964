"""Perception by prompt: a language model chooses what to do about what happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import (
    UNAWARE,
    Activity,
    DecisionSource,
    Observation,
    Purpose,
    Reaction,
    ReactionKind,
)
from mesa_llm_city.mind.perception import NO_NEEDS, Perception
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON, Reason

__all__ = ["AnswerPrompt", "ReactPrompt", "ReactionReply", "reaction_reply"]

_FULL = 10
_BEST_MOOD = 5.0


class _Option(NamedTuple):
    """Something that the person could do, with its text for a language model."""

    kind: ReactionKind
    purpose: str | None
    text: str


_CONTINUE = _Option(ReactionKind.CONTINUE, None, "go on with what is planned")
_EAT = _Option(ReactionKind.SATISFY, Purpose.MEAL, "eat something now, then go on")
_REST = _Option(ReactionKind.REST, Purpose.REST, "rest at home for a while, then go on")
_REPLAN = _Option(ReactionKind.REPLAN, None, "give up what was planned, and see as the day goes")
_REPLY = _Option(ReactionKind.REPLY, None, "answer now")
_WITH_LENGTH = frozenset({ReactionKind.SATISFY, ReactionKind.REST})


class _Moment(NamedTuple):
    """What happens, what it would interrupt, and how the person is."""

    minute: int
    event: str
    activity: Activity
    ahead: Sequence[Activity]
    persona: Persona | None
    needs: Mapping[str, float]
    mood: float


class ReactionReply(BaseModel):
    """What a language model has the person do, by its number, and for how many minutes."""

    reason: Reason
    choice: int = Field(ge=1)
    minutes: int = Field(ge=5, le=240)


@lru_cache(maxsize=8)
def reaction_reply(options: int) -> type[ReactionReply]:
    """Return the form of a reply that can name only the `options` that were told.

    Examples
    --------
    >>> reaction_reply(2)(reason="hungry", choice=2, minutes=30).choice
    2
    """
    return create_model(
        "ReactionReply", __base__=ReactionReply, choice=(int, Field(ge=1, le=options))
    )


class _ReactionPrompt:
    """What the prompts about needs and about messages share: both ask ``react``."""

    __slots__ = ("_ahead", "_kinds", "_needs", "_purposes")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self._ahead = tree.mind.perception.told_ahead
        self._needs, self._purposes = tree.needs, tree.purposes
        self._kinds = {name: spec.description or spec.label for name, spec in tree.needs.items()}

    async def _choice(
        self, options: Sequence[_Option], moment: _Moment, rng: np.random.Generator | None
    ) -> Reaction:
        order = range(len(options)) if rng is None else rng.permutation(len(options)).tolist()
        ordered = [options[row] for row in order]
        activity, persona = moment.activity, moment.persona
        reply = await ask(
            "react",
            reaction_reply(len(ordered)),
            person=UNKNOWN_PERSON if persona is None else persona.describe(),
            time=clock_time(moment.minute),
            activity=str(activity.purpose or "free time"),
            until=clock_time(activity.end_min),
            ahead=[
                f"{clock_time(one.start_min)} {one.purpose or 'free time'}"
                for one in moment.ahead[: self._ahead]
            ],
            event=moment.event,
            kinds=self._kinds,
            needs={name: round(_FULL * level) for name, level in moment.needs.items()},
            mood=round(_BEST_MOOD * moment.mood),
            options=[one.text for one in ordered],
        )
        chosen = ordered[reply.choice - 1]
        minutes = reply.minutes if chosen.kind in _WITH_LENGTH else None
        return Reaction(chosen.kind, chosen.purpose, reply.reason, DecisionSource.PROMPT, minutes)


class ReactPrompt(_ReactionPrompt):
    """Asks what to do about a need, where the rule would leave the plan.

    The options are going on, eating, what the need itself asks for, resting, and giving up
    what was planned; the last two only in free time, and for a need also only if it may
    interrupt a duty.

    Parameters
    ----------
    parameters : CityParameters, optional
        `needs`, `purposes` and `mind.perception.told_ahead`.
    """

    __slots__ = ()

    verb = "react"

    async def ask(
        self,
        _: Perception,
        by_rule: Reaction,
        observation: Observation,
        *,
        need: str | None,
        activity: Activity,
        ahead: tuple[Activity, ...],
        persona: Persona | None = None,
        needs: Mapping[str, float] = NO_NEEDS,
        mood: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Reaction | None:
        """Ask about a need (see `Perception.react`); None where there is nothing to decide.

        That is where the rule goes on, in free time, when there is no plan to leave, and
        for who sleeps.
        """
        is_planned = activity.purpose not in {None, *UNAWARE}
        if need is None or not is_planned or by_rule.kind is ReactionKind.CONTINUE:
            return None
        event = f"{need} has fallen low"
        moment = _Moment(observation.minute, event, activity, ahead, persona, needs, mood)
        return await self._choice(self._options(need, activity), moment, rng)

    def kinds(self, need: str, activity: Activity) -> tuple[tuple[ReactionKind, str | None], ...]:
        """Return what can be chosen about a need: kinds of reaction, and what is done then.

        Parameters
        ----------
        need : str
            The need that presses.
        activity : Activity
            What is going on, or begins.
        """
        return tuple((one.kind, one.purpose) for one in self._options(need, activity))

    def _options(self, need: str, activity: Activity) -> list[_Option]:
        """Return what can be chosen: nobody eats twice, or gives up a duty."""
        meal = [] if activity.purpose == Purpose.MEAL else [_EAT]
        free = [] if activity.fixed else [_REST, _REPLAN]
        return [_CONTINUE, *meal, *self._own(need, activity), *free]

    def _own(self, need: str, activity: Activity) -> list[_Option]:
        """Return what a need of a user asks for, if it is neither a meal nor a rest."""
        spec = self._needs.get(need)
        if spec is None or spec.reaction in {"", Purpose.MEAL, Purpose.REST, activity.purpose}:
            return []
        if activity.fixed and spec.interrupts != "anything":
            return []
        label = self._purposes[spec.reaction].label
        return [_Option(ReactionKind.SATISFY, spec.reaction, f"{label} now, then go on")]


class AnswerPrompt(_ReactionPrompt):
    """Asks whether to answer somebody who writes or calls.

    Parameters
    ----------
    parameters : CityParameters, optional
        See `ReactPrompt`.
    """

    __slots__ = ()

    verb = "answer"

    async def ask(
        self,
        _: Perception,
        __: Reaction,
        minute: int,
        sender: str,
        *,
        activity: Activity,
        ahead: tuple[Activity, ...],
        persona: Persona | None = None,
        needs: Mapping[str, float] = NO_NEEDS,
        mood: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Reaction | None:
        """Ask about a message (see `Perception.answer`); None for who sleeps."""
        if activity.purpose in UNAWARE:
            return None
        event = f"a message from {sender}"
        moment = _Moment(minute, event, activity, ahead, persona, needs, mood)
        return await self._choice([_CONTINUE, _REPLY], moment, rng)
