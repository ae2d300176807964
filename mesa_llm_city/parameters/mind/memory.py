"""Parameters of memory, insights and reflection."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter, switch
from mesa_llm_city.parameters.defects import Defect

__all__ = ["InsightParameters", "MemoryParameters", "ReflectionParameters"]


class MemoryParameters(Branch):
    """How much is kept in temporal memory, and what a recall returns."""

    capacity: int = parameter(150, "Number of entries kept", unit="entries", ge=1, le=65535)
    recall: int = parameter(
        5,
        "Number of entries that a recall returns",
        unit="entries",
        ge=1,
        source="CitySim, appendix A: k1",
    )
    window_min: int = parameter(
        1440, "How far back a recall looks", unit="min", ge=1, source="CitySim, appendix A: 24 h"
    )
    recency_per_h: float = parameter(
        0.995,
        "What is left of the recency of a memory after an hour",
        unit="1/h",
        gt=0,
        le=1,
        source="Generative Agents, Park et al. (2023), UIST '23",
    )
    detailed: bool = switch(
        "Whether an entry tells who was there, the weather and how the place was; else only what, "
        "where and how long",
        default=True,
    )
    salience_weight: float = parameter(
        1.0,
        "Weight of salience beside recency when a person is asked to plan or to talk",
        ge=0,
        source="Generative Agents, Park et al. (2023), UIST '23: all weights are 1",
    )
    told_from: float = parameter(
        0.2,
        "How far from neutral (.5) a rating of a place lies that is told as the reason",
        ge=0,
        le=0.5,
    )
    cold_below_c: float = parameter(
        2.0, "Weather is remembered as cold below this temperature", unit="degC"
    )
    hot_above_c: float = parameter(
        30.0, "Weather is remembered as hot above this temperature", unit="degC"
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield a temperature that is cold and hot."""
        if self.cold_below_c > self.hot_above_c:
            told = f"is {self.cold_below_c}, above hot_above_c of {self.hot_above_c}"
            yield Defect("cold_below_c", f"{told}; make it lower")


class InsightParameters(Branch):
    """How many insights are kept in reflective memory, and how they fade."""

    capacity: int = parameter(60, "Number of insights kept", unit="insights", ge=1)
    half_life_days: float = parameter(
        30.0,
        "Time in which the strength of an insight halves that is not confirmed",
        unit="days",
        gt=0,
    )
    note_strength: float = parameter(
        0.3, "Strength of a thought that is filed without reflection", ge=0, le=1
    )
    same_habit_min: int = parameter(
        60, "Two habits that begin within this time are the same", unit="min", ge=0, le=720
    )
    recall: int = parameter(5, "Number of insights that a recall returns", unit="insights", ge=1)
    told: int = parameter(3, "Number of insights that a plan is told", unit="insights", ge=0)


class ReflectionParameters(Branch):
    """What counts as a regularity when a day ends."""

    most: int = parameter(
        5,
        "Greatest number of insights a day",
        unit="insights/day",
        ge=1,
        source="CitySim, appendix A",
    )
    days: int = parameter(14, "How many days are looked back on", unit="days", ge=1)
    least_days: int = parameter(3, "Number of days on which a habit has shown", unit="days", ge=1)
    least_ratings: int = parameter(
        3, "Number of scores from which a liking follows", unit="scores", ge=1
    )
    least_liking: float = parameter(
        0.2, "How far from neutral their mean lies, on a scale from -1 to 1", ge=0, le=1
    )
    least_news: float = parameter(
        0.05, "By how much an insight differs in weight from what is known", ge=0, le=1
    )
    regular_habits: int = parameter(
        5, "Number of habits that make a regular life", unit="habits", ge=1
    )
    regular_strength: float = parameter(0.6, "How strong these are on average", ge=0, le=1)
    ignored_keys: frozenset[str] = parameter(
        frozenset({"reflection"}),
        "Keys of memories that tell nothing of how time is spent",
        unit="",
        source="",
    )
    slot_min: int = parameter(
        30,
        "Step in which hours of habits are looked for; a habit has two",
        unit="min",
        ge=5,
        le=360,
    )
    apart_min: int = parameter(
        120, "Least time between two habits of one kind", unit="min", ge=0, le=1440
    )
    round_min: int = parameter(
        5, "Times of day of habits are rounded to a multiple of this", unit="min", ge=1, le=60
    )
    prior_ratings: float = parameter(
        2.0, "Number of neutral scores as if they had come before", unit="scores", ge=0
    )
    recency_weight: float = parameter(
        1.0,
        "Weight of recency beside likeness when memories are looked up for a language model",
        ge=0,
    )
    memories_per_question: int = parameter(
        4,
        "Number of memories that a language model is told for a question",
        unit="entries",
        ge=1,
    )
    topics: int = parameter(
        8, "Greatest number of topics that a language model is told", unit="topics", ge=1, le=8
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield a step that does not divide a day or the time between habits."""
        if 1440 % self.slot_min or self.apart_min % self.slot_min:
            problem = f"got {self.slot_min}; it must divide 1440 and apart_min of {self.apart_min}"
            yield Defect("slot_min", problem)
