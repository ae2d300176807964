"""Reflection: what a person concludes from the days of late when a day ends.

Here stands the rule, which counts; `reflection_prompt` asks a language model instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ConfigError, LLMError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.insight import Insight, is_about_the_same
from mesa_llm_city.mind.insight_memory import Held, InsightMemory
from mesa_llm_city.mind.memory import Memory
from mesa_llm_city.mind.memory_entry import MemoryColumns
from mesa_llm_city.mind.reflection_prompt import reflected_by_prompt
from mesa_llm_city.mind.regularities import habits_of, likings_of, regular_life
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import rules_after

__all__ = ["Reflected", "Reflection", "ReflectionConfig"]

_NO_NAMES: Mapping[int, str] = MappingProxyType({})


class Reflected(NamedTuple):
    """What was concluded, for `InsightMemory.keep`.

    Attributes
    ----------
    insights : tuple of Insight
        At most `ReflectionConfig.most`, each with evidence.
    source : DecisionSource
        Who concluded.
    reason : str
        How much was found in how much; by prompt, the model's own reason and how
        much of its answer could not be used.
    """

    insights: tuple[Insight, ...]
    source: DecisionSource
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionConfig:
    """What counts as a regularity. All but `most` are assumptions.

    Parameters
    ----------
    most : int, default 5
        Number of insights a day (CitySim, appendix A).
    days : int, default 14
        How many days are looked back on, as far as memory goes.
    least_days : int, default 3
        On how many of them a habit has shown.
    least_ratings : int, default 3
        From how many scores a liking follows.
    least_liking : float, default 0.2
        How far from neutral, on a scale from -1 to 1, their mean lies.
    least_news : float, default 0.05
        By how much an insight differs in weight from what is known already.
    regular_habits : int, default 5
        How many known habits with a time of day make a regular life.
    regular_strength : float, default 0.6
        How strong they are on average.
    ignored_keys : frozenset of str, default {"reflection"}
        Keys of entries that tell nothing of how time is spent.

    Raises
    ------
    ConfigError
        If a number is below 1, or a share outside [0, 1].
    """

    most: int = 5
    days: int = 14
    least_days: int = 3
    least_ratings: int = 3
    least_liking: float = 0.2
    least_news: float = 0.05
    regular_habits: int = 5
    regular_strength: float = 0.6
    ignored_keys: frozenset[str] = frozenset({"reflection"})

    def __post_init__(self) -> None:
        """Check ranges."""
        for name in ("most", "days", "least_days", "least_ratings", "regular_habits"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, got {getattr(self, name)}"
                raise ConfigError(message)
        for name in ("least_liking", "least_news", "regular_strength"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                message = f"{name} must lie in [0, 1], got {getattr(self, name)}"
                raise ConfigError(message)


class Reflection(Stateless):
    """Draws insights from memory by counting, or asks a language model for them.

    Parameters
    ----------
    config : ReflectionConfig, optional
        What counts as a regularity.
    source : DecisionSource, default DecisionSource.RULE
        Who concludes.

    Examples
    --------
    >>> from mesa_llm_city.mind import MemoryEntry
    >>> from mesa_llm_city.core.asking import run
    >>> memory, thoughts = Memory(), InsightMemory()
    >>> for day in range(3):
    ...     _ = memory.add(MemoryEntry(1440 * day + 750, 4, "meal", "noodles"))
    >>> night = 2 * 1440 + 1380
    >>> reflected = run(
    ...     Reflection().reflect(memory, thoughts, at_min=night, rng=np.random.default_rng(1))
    ... )
    >>> reflected.insights[0].text, reflected.insights[0].evidence
    ('meal at about 12:30 on most days', (1, 2, 3))
    >>> thoughts.keep(reflected.insights)
    """

    __slots__ = ("config", "source")

    def __init__(
        self,
        config: ReflectionConfig | None = None,
        *,
        source: DecisionSource = DecisionSource.RULE,
    ) -> None:
        self.config = config or _DEFAULT
        self.source = source

    async def reflect(
        self,
        memory: Memory,
        thoughts: InsightMemory,
        *,
        at_min: int,
        persona: Persona | None = None,
        names: Mapping[int, str] = _NO_NAMES,
        rng: np.random.Generator,
    ) -> Reflected:
        """Conclude what the days of late tell, and change nothing.

        By rule (see `regularities`) an activity begun within the same hour on
        three days is a habit, as is a mode used on three days; three scores far
        from neutral make a preference for the activity or an opinion of the
        place; and many habits make the belief to live by regular hours, which
        rests on these earlier insights. Those that add most to what is known
        already come first. By prompt see `reflected_by_prompt`.

        Parameters
        ----------
        memory : Memory
            What has happened. Keys that are modes count as ways to travel.
        thoughts : InsightMemory
            What has been concluded before.
        at_min : int
            The end of the day, in minutes; nothing later is looked at.
        persona : Persona, optional
            Who reflects; told to a language model.
        names : mapping of int to str, optional
            Names of places; others are spoken of by id.
        rng : numpy.random.Generator
            RandomStreams; orders what a language model is told.

        Raises
        ------
        LLMError
            If there is no reply, and the run is not configured to use rules then.
        """
        lately = self._lately(memory, at_min)
        if self.source is DecisionSource.RULE or not lately:
            return self._by_rule(lately, thoughts, at_min, names)
        try:
            insights, reason = await reflected_by_prompt(
                memory, lately, thoughts, at_min=at_min, persona=persona, names=names, rng=rng
            )
        except LLMError as error:
            by_rule = self._by_rule(lately, thoughts, at_min, names)
            return by_rule._replace(reason=rules_after(error))
        return Reflected(insights[: self.config.most], DecisionSource.PROMPT, reason)

    def _lately(self, memory: Memory, at_min: int) -> MemoryColumns:
        columns = memory.columns()
        since = (at_min // DAY_MIN - self.config.days + 1) * DAY_MIN
        ignored = [code for code, key in enumerate(columns.keys) if key in self.config.ignored_keys]
        rows = (columns.minute >= since) & (columns.minute <= at_min)
        for code in ignored:
            rows &= columns.code != code
        return columns.only(rows)

    def _by_rule(
        self,
        lately: MemoryColumns,
        thoughts: InsightMemory,
        at_min: int,
        names: Mapping[int, str],
    ) -> Reflected:
        held = thoughts.held(at_min=at_min)
        found = list(self._found(lately, held, at_min, names))
        known: dict[str, list[Held]] = {}
        for one in held:
            known.setdefault(one.insight.subject, []).append(one)
        news = [(round(_news(one, known.get(one.subject, ())), 6), one) for one in found]
        fresh = sorted(
            ((new, one) for new, one in news if new >= self.config.least_news),
            key=lambda told: (-told[0], told[1].kind, told[1].subject, told[1].usual_min or 0),
        )
        chosen = tuple(one for _, one in fresh[: self.config.most])
        reason = (
            f"{len(found)} regularities in {len(lately.number)} entries, {len(fresh)} of them new"
        )
        return Reflected(chosen, DecisionSource.RULE, reason)

    def _found(
        self,
        lately: MemoryColumns,
        held: Sequence[Held],
        at_min: int,
        names: Mapping[int, str],
    ) -> Iterator[Insight]:
        config = self.config
        yield from habits_of(lately, at_min=at_min, least_days=config.least_days)
        yield from likings_of(
            lately,
            at_min=at_min,
            names=names,
            least_ratings=config.least_ratings,
            least_liking=config.least_liking,
        )
        yield from regular_life(
            held,
            at_min=at_min,
            least_habits=config.regular_habits,
            least_strength=config.regular_strength,
        )


def _news(insight: Insight, known: Sequence[Held]) -> float:
    """Return by how much an insight changes the weight of what is known about its subject."""
    for one in known:
        if is_about_the_same(one.insight, insight):
            return abs(insight.weight - one.insight._replace(strength=one.strength).weight)
    return abs(insight.weight)


_DEFAULT = ReflectionConfig()
