"""Perception: whether an event is worth leaving the plan for."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.component import Stateless
from mesa_llm_city.errors import ConfigError
from mesa_llm_city.values import Activity, Observation, Purpose, Reaction, ReactionKind

__all__ = ["Perception", "PerceptionConfig"]


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
    """Decides between going on and reacting to a pressing need.

    Parameters
    ----------
    config : PerceptionConfig, optional
        Thresholds of reacting.

    Examples
    --------
    >>> from mesa_llm_city.thinking import run
    >>> stroll = Activity(purpose=Purpose.LEISURE, start_min=600, end_min=720)
    >>> seen = Observation(minute=630, place=4)
    >>> run(Perception().react(seen, need="hunger", activity=stroll, ahead=())).kind
    <ReactionKind.SATISFY: 'satisfy'>
    """

    __slots__ = ("config",)

    def __init__(self, config: PerceptionConfig | None = None) -> None:
        self.config = config or _DEFAULT

    async def react(
        self,
        observation: Observation,
        *,
        need: str | None,
        activity: Activity,
        ahead: tuple[Activity, ...],
    ) -> Reaction:
        """Decide by rule whether to leave the plan.

        Sleepers perceive nothing. Hunger interrupts anything unless a meal lies
        within reach; fatigue and unease end free time, not duties; the wish for
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
        """
        if need is None or activity.purpose is Purpose.SLEEP:
            return _going_on("no need presses" if need is None else "asleep")
        if need == "hunger":
            return self._hungry(observation.minute, activity, ahead)
        if need in {"energy", "safety"}:
            return _weary(need, activity)
        return _going_on("company is sought in free time")

    def _hungry(self, minute: int, activity: Activity, ahead: tuple[Activity, ...]) -> Reaction:
        if activity.purpose is Purpose.MEAL:
            return _going_on("already eating")
        meals = [one.start_min - minute for one in ahead if one.purpose is Purpose.MEAL]
        wait = min(meals, default=None)
        if wait is not None and wait <= self.config.patience_min:
            return _going_on(f"a meal is planned in {max(wait, 0)} min")
        told = "no meal is planned" if wait is None else f"the next meal is {wait} min away"
        return Reaction(ReactionKind.SATISFY, Purpose.MEAL, f"hunger is low and {told}")


def _weary(need: str, activity: Activity) -> Reaction:
    if activity.fixed:
        return _going_on(f"{need} is low, but {activity.purpose} is a duty")
    if activity.purpose is Purpose.REST:
        return _going_on("already resting")
    return Reaction(ReactionKind.REST, Purpose.REST, f"{need} is low")


def _going_on(reason: str) -> Reaction:
    return Reaction(ReactionKind.CONTINUE, None, reason)


_DEFAULT = PerceptionConfig()
