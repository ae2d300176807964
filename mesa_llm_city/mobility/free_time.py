"""Free time: of a few activities that come to mind, the one of highest value.

This is the rule; `leisure_prompt` asks a language model.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Weather
from mesa_llm_city.mobility.leaning import NO_LEANINGS, leaning_liking
from mesa_llm_city.mobility.purpose_hours import can_begin
from mesa_llm_city.mobility.schedule import BLOCK_MIN, round_to_block
from mesa_llm_city.mobility.wishes import Wish
from mesa_llm_city.parameters import CityParameters, PurposeSpec, default_parameters
from mesa_llm_city.population import Persona

__all__ = [
    "DEFAULT_CLOCK",
    "FreeTimeChoice",
    "FreeTimeChosen",
    "feasible_purposes",
    "free_activity",
    "liking_of",
]

DEFAULT_CLOCK = Clock()
"""The calendar where none is given: the run begins on a Monday."""

# Keeps the logarithm of a liking of nothing finite.
_LEAST_WEIGHT = 1e-6
# What has this weight comes to mind for sure.
_CERTAIN_WEIGHT = 1e6


class FreeTimeChosen(NamedTuple):
    """What free time is spent on.

    Attributes
    ----------
    activity : Activity
        From the start of the free block; it may end before the block does.
    source : DecisionSource
        Who decided.
    reason : str
        The candidates and their values, best first; by prompt after the reason that the
        model gave.
    """

    activity: Activity
    source: DecisionSource
    reason: str


class FreeTimeChoice(Stateless):
    """Chooses by rule what free time is spent on (CitySim, appendix A.1.1, value-driven planning).

    N of the feasible purposes come to mind, drawn by liking, and the one of highest value is
    taken: ``liking + relief_weight relief - outing_cost + whim noise``. The noise is Gumbel
    distributed, so the choice among the N is a logit. If the day has wishes, those whose time has
    come are among the N and gain `wish_value`; other outings lose `other_outing_cost`.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.free_time` and the purposes.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> from mesa_llm_city.population import profile
    >>> free = Activity(purpose=None, start_min=14 * 60, end_min=18 * 60)
    >>> chosen = run(FreeTimeChoice().choose(
    ...     free, profile("night-shift nurse", home=1, work=2), relief={}, weather=Weather(),
    ...     rng=np.random.default_rng(1),
    ... ))
    >>> chosen.activity.start_min == free.start_min
    True
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    async def choose(
        self,
        block: Activity,
        persona: Persona,
        *,
        relief: Mapping[str, float],
        weather: Weather,
        rng: np.random.Generator,
        clock: Clock = DEFAULT_CLOCK,
        leanings: Mapping[str, float] = NO_LEANINGS,
        wishes: Sequence[Wish] | None = None,
    ) -> FreeTimeChosen:
        """Choose what to do with a free block.

        Parameters
        ----------
        block : Activity
            The free time.
        persona : Persona
            The person.
        relief : mapping of str to float
            How much of what the person lacks an hour of each activity would give back.
        weather : Weather
            The weather outside.
        rng : numpy.random.Generator
            Draws which activities come to mind, the noise in their values, and the length.
        clock : Clock, optional
            The calendar, for purposes with hours of their own.
        leanings : mapping of str to float, optional
            How much goals and insights speak for activities, from -1 to 1.
        wishes : sequence of Wish, optional
            Outings that the day is still meant to hold, in order of time; None if nothing is
            said about them.
        """
        liking = {
            one: liking_of(one, persona, leanings, self.parameters)
            for one in feasible_purposes(block, persona, clock, self.parameters)
        }
        due = {one.purpose: one for one in wishes or () if self._is_due(one, block.start_min)}
        value = self._values(liking, relief, weather, rng, None if wishes is None else set(due))
        ranked = sorted(value, key=lambda one: -value[one])
        minutes = self._usual_min(ranked[0], rng)
        if ranked[0] in due:
            minutes = due[ranked[0]].minutes
        elif wishes:
            minutes = min(minutes, self._until_next(wishes, block.start_min))
        activity = free_activity(ranked[0], block, minutes, persona, self.parameters)
        reason = " > ".join(f"{one} {value[one]:.2f}" for one in ranked)
        return FreeTimeChosen(activity, DecisionSource.RULE, reason)

    def _values(
        self,
        liking: Mapping[str, float],
        relief: Mapping[str, float],
        weather: Weather,
        rng: np.random.Generator,
        due: Collection[str] | None,
    ) -> dict[str, float]:
        free_time = self.parameters.mobility.free_time
        candidates = _drawn(liking, free_time.candidates, rng, self._certain(liking, due))
        whims = free_time.whim * rng.gumbel(size=len(candidates))
        return {
            one: liking[one] + self._use(one, relief, weather) + self._wished(one, due) + whim
            for one, whim in zip(candidates, whims.tolist(), strict=True)
        }

    def _is_due(self, wish: Wish, minute: int) -> bool:
        early = self.parameters.mobility.free_time.wish_early_min
        return wish.from_min - early <= minute <= wish.until_min + early

    def _until_next(self, wishes: Sequence[Wish], minute: int) -> int:
        """Return the minutes until the next wish is due, at least a block."""
        early = self.parameters.mobility.free_time.wish_early_min
        later = [one.from_min - minute for one in wishes if one.from_min > minute + early]
        return max(min(later), BLOCK_MIN) if later else DAY_MIN

    def _certain(self, liking: Collection[str], due: Collection[str] | None) -> Collection[str]:
        """Return what comes to mind for sure if the day has wishes: those due, and staying in."""
        if due is None:
            return ()
        return {one for one in liking if one in due or self.parameters.purposes[one].at_home}

    def _wished(self, purpose: str, due: Collection[str] | None) -> float:
        """Return the value of an outing that the day is meant to hold now, or is not."""
        free_time = self.parameters.mobility.free_time
        if due is None or self.parameters.purposes[purpose].at_home:
            return 0.0
        return free_time.wish_value if purpose in due else -free_time.other_outing_cost

    def _use(self, purpose: str, relief: Mapping[str, float], weather: Weather) -> float:
        free_time = self.parameters.mobility.free_time
        use = free_time.relief_weight * relief.get(purpose, 0.0)
        if self.parameters.purposes[purpose].at_home:
            return use
        return use - free_time.outing_cost * self._factor(weather)

    def _factor(self, weather: Weather) -> float:
        """Return how much more it costs to go out in rain or storm."""
        free_time = self.parameters.mobility.free_time
        is_windy = weather.wind_km_h >= free_time.storm_from_km_h
        if is_windy or weather.warning >= free_time.storm_from_warning:
            return free_time.storm_outing_factor
        return free_time.wet_outing_factor if weather.is_wet else 1.0

    def _usual_min(self, purpose: str, rng: np.random.Generator) -> int:
        usual = self.parameters.purposes[purpose].usual_min or 0.0
        spread = self.parameters.mobility.free_time.length_spread
        return round_to_block(usual * float(np.exp(spread * rng.standard_normal())))


def feasible_purposes(
    block: Activity, persona: Persona, clock: Clock, parameters: CityParameters
) -> tuple[str, ...]:
    """Return what free time can be spent on in a block; rest always can.

    Away from home it takes a block of `outing_min`, a person of `decides_from_age`, and the
    hours of the purpose. Outsiders have not come to rest, but do so in what is left of a stay.

    Parameters
    ----------
    block : Activity
        The free time.
    persona : Persona
        The person.
    clock : Clock
        The calendar.
    parameters : CityParameters
        Reads `mobility.free_time`, `mobility.planner` and the purposes.
    """
    free_time, purposes = parameters.mobility.free_time, parameters.purposes
    if persona.age < parameters.mobility.planner.decides_from_age:
        return (Purpose.REST,)
    lasts, closing = block.minutes >= free_time.outing_min, free_time.before_closing_min
    found = tuple(
        one
        for one in parameters.free_time
        if _has_place_for(purposes[one], persona, lasts=lasts)
        and can_begin(purposes[one], block.start_min, clock=clock, before_closing_min=closing)
    )
    return found or (Purpose.REST,)


def _has_place_for(spec: PurposeSpec, persona: Persona, *, lasts: bool) -> bool:
    """Tell whether a purpose suits a block that lasts long enough for an outing, or does not."""
    if not lasts or not spec.at_home:
        return lasts or spec.at_home
    return persona.outsider is None


def liking_of(
    purpose: str, persona: Persona, leanings: Mapping[str, float], parameters: CityParameters
) -> float:
    """Return how much a person likes a purpose, goals and insights included.

    A purpose that the person's preferences do not name is liked as its `free_time_weight`.
    """
    liking = persona.preferences.of(purpose, parameters.purposes[purpose].free_time_weight)
    leaning = leanings.get(purpose, 0.0)
    if not leaning:
        return liking
    return float(leaning_liking(liking, leaning, parameters.mobility.planner.leaning_factor))


def free_activity(
    purpose: str, block: Activity, minutes: int, persona: Persona, parameters: CityParameters
) -> Activity:
    """Return an activity that begins with a free block and ends within it.

    It takes `minutes`, but at least `shortest_min`, and leaves no rest of the block that is
    shorter than `useless_min`.
    """
    free_time = parameters.mobility.free_time
    lasts = min(max(minutes, free_time.shortest_min), block.minutes)
    if block.minutes - minutes < free_time.useless_min:
        lasts = block.minutes
    return Activity(
        purpose=purpose,
        start_min=block.start_min,
        end_min=block.start_min + lasts,
        place=persona.home_inside if parameters.purposes[purpose].at_home else None,
    )


def _drawn(
    liking: Mapping[str, float], count: int, rng: np.random.Generator, certain: Collection[str]
) -> Sequence[str]:
    """Return `count` purposes drawn without replacement, with the likings as weights.

    Those that are certain to come to mind come first.
    """
    purposes = list(liking)
    weight = np.fromiter(liking.values(), dtype=np.float64) + _LEAST_WEIGHT
    weight[[row for row, one in enumerate(purposes) if one in certain]] = _CERTAIN_WEIGHT
    # The largest of log-weight plus Gumbel noise are a weighted sample without replacement.
    order = np.argsort(-(np.log(weight) + rng.gumbel(size=len(weight))), kind="stable")
    return [purposes[row] for row in order[:count].tolist()]
