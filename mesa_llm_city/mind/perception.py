"""Perception: whether a need, a call or a message is worth leaving the plan for, by rule."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.message import Message, Response
from mesa_llm_city.core.values import (
    UNAWARE,
    Activity,
    Observation,
    Purpose,
    Reaction,
    ReactionKind,
)
from mesa_llm_city.mind.warning import Risk
from mesa_llm_city.mind.warning_rule import respond_by_rule
from mesa_llm_city.parameters import CityParameters, NeedSpec, default_parameters
from mesa_llm_city.population import Persona

__all__ = ["CALM", "NO_NEEDS", "Perception"]

NO_NEEDS: Mapping[str, float] = MappingProxyType({})
_DOING: Mapping[str, str] = MappingProxyType({Purpose.MEAL: "eating", Purpose.REST: "resting"})
_UNKNOWN = NeedSpec()


class Perception(Stateless):
    """Decides by rule between going on and reacting to what happens.

    Called when something happens (a need crosses its threshold, an activity ends, a
    message comes), not at every step as in the paper (CitySim, sec. 3.1.6), since nothing
    changes in between. The modules of the paper's dispatcher are the kinds of reaction.
    Whether, with whom and how to talk is decided by the component `contacts`.

    Parameters
    ----------
    parameters : CityParameters, optional
        `needs` says what each need interrupts and what is done then,
        `mind.perception.patience_min` how long a need can wait, `mind.warnings` who heeds a
        message.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> stroll = Activity(purpose=Purpose.LEISURE, start_min=600, end_min=720)
    >>> seen = Observation(minute=630, place=4)
    >>> run(Perception().react(seen, need="hunger", activity=stroll, ahead=())).kind
    <ReactionKind.SATISFY: 'satisfy'>
    """

    __slots__ = ("_needs", "_patience_min", "_tree")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self._needs = tree.needs
        self._patience_min = tree.mind.perception.patience_min
        self._tree = tree

    async def react(
        self,
        observation: Observation,
        *,
        need: str | None,
        activity: Activity,
        ahead: tuple[Activity, ...],
        persona: Persona | None = None,  # noqa: ARG002 - read by the prompt form
        needs: Mapping[str, float] = NO_NEEDS,  # noqa: ARG002
        mood: float = 0.0,  # noqa: ARG002
        rng: np.random.Generator | None = None,  # noqa: ARG002
    ) -> Reaction:
        """Decide whether to leave the plan because of a need.

        Who sleeps perceives nothing. What a need interrupts, and what is done then, is in
        its `NeedSpec`: of the built-in needs, hunger interrupts anything unless a meal is
        planned soon; low energy and safety end free time, but no duty; the need for
        company waits until free time is filled.

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
        persona : Persona, optional
            The person; told to a language model.
        needs : mapping of str to float, optional
            Levels of the needs in [0, 1]; told to a language model.
        mood : float, default 0
            Valence, from -1 to 1; told to a language model.
        rng : numpy.random.Generator, optional
            Orders the options that a language model is told, since it prefers what comes
            first; without it they are told in a fixed order.
        """
        if need is None or activity.purpose in UNAWARE:
            return CALM if need is None else _continuing("asleep")
        spec = self._needs.get(need, _UNKNOWN)
        if spec.interrupts == "nothing":
            return _continuing(f"{spec.description or need} is sought in free time")
        if spec.interrupts == "free_time" and activity.fixed:
            return _continuing(f"{need} is low, but {activity.purpose} is a duty")
        if activity.purpose == spec.reaction:
            return _continuing(f"already {_DOING.get(spec.reaction, f'at {spec.reaction}')}")
        if spec.reaction == Purpose.REST:
            return Reaction(ReactionKind.REST, Purpose.REST, f"{need} is low")
        return self._pause(need, spec.reaction, observation.minute, ahead)

    async def answer(
        self,
        minute: int,  # noqa: ARG002 - read by the prompt form
        sender: str,  # noqa: ARG002
        *,
        activity: Activity,
        ahead: tuple[Activity, ...],  # noqa: ARG002
        persona: Persona | None = None,  # noqa: ARG002
        needs: Mapping[str, float] = NO_NEEDS,  # noqa: ARG002
        mood: float = 0.0,  # noqa: ARG002
        rng: np.random.Generator | None = None,  # noqa: ARG002
    ) -> Reaction:
        """Decide whether to answer somebody who writes or calls; everybody does who is awake.

        Parameters
        ----------
        minute : int
            Time, in minutes.
        sender : str
            Who writes, in words.
        activity, ahead, persona, needs, mood, rng
            See `react`.
        """
        if activity.purpose in UNAWARE:
            return _continuing("asleep")
        return Reaction(ReactionKind.REPLY, None, "awake")

    async def heed(
        self,
        message: Message,
        *,
        risk: Risk,
        minute: int,  # noqa: ARG002 - read by the prompt form, as are the others
        activity: Activity | None = None,  # noqa: ARG002
        persona: Persona | None = None,
        told_by: str = "",  # noqa: ARG002
        mood: float = 0.0,  # noqa: ARG002
        rng: np.random.Generator | None = None,
    ) -> Response:
        """Decide what to make of a message: go on, plan anew, flee, stay in, inform others.

        Parameters
        ----------
        message : Message
            What is heard.
        risk : Risk
            How it concerns the person, and how far its source is trusted.
        minute : int
            Time, in minutes.
        activity : Activity, optional
            What is going on; told to a language model.
        persona : Persona, optional
            The person.
        told_by : str, optional
            Who says it, in words; told to a language model.
        mood : float, default 0
            Valence, from -1 to 1; told to a language model.
        rng : numpy.random.Generator, optional
            Random numbers of person and topic (see `mind.warning_rule.respond_by_rule`); without
            them those of seed 0.
        """
        draws = np.random.default_rng(0) if rng is None else rng
        return respond_by_rule(message, risk, persona, draws, self._tree)

    def _pause(self, need: str, purpose: str, minute: int, ahead: tuple[Activity, ...]) -> Reaction:
        """Return the reaction of somebody who does something at once unless it is planned soon."""
        waits = [one.start_min - minute for one in ahead if one.purpose == purpose]
        night = min((one.start_min - minute for one in ahead if _is_night(one)), default=None)
        if night is not None and night <= self._patience_min:
            return _continuing(f"the night begins in {max(night, 0)} min")
        wait = min(waits, default=None)
        if wait is not None and wait <= self._patience_min:
            what = "a meal" if purpose == Purpose.MEAL else purpose
            return _continuing(f"{what} is planned in {max(wait, 0)} min")
        next_one = (
            f"no {purpose} is planned" if wait is None else f"the next {purpose} is {wait} min away"
        )
        return Reaction(ReactionKind.SATISFY, purpose, f"{need} is low and {next_one}")


def _is_night(activity: Activity) -> bool:
    return activity.purpose in UNAWARE


def _continuing(reason: str) -> Reaction:
    return Reaction(ReactionKind.CONTINUE, None, reason)


CALM = _continuing("no need presses")
"""How our rule reacts where no need presses."""
