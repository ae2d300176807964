"""Needs: what people lack with time and what restores it, one row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from mesa_llm_city.parameters.base import parameter, wording
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.kind import KindSpec

__all__ = ["NEEDS", "NEED_SOURCES", "NeedSpec"]


class NeedSpec(KindSpec):
    """A need: how fast it falls, when it presses, what meets it.

    By default a new need interrupts nothing: people lean to what meets it when they fill
    free time.

    Examples
    --------
    >>> esteem = NeedSpec(decay_per_h=0.03, threshold=0.2, gains_per_h={"work": 0.1})
    >>> esteem.priority, esteem.interrupts
    (5, 'nothing')
    """

    decay_per_h: float = parameter(0.05, "Loss of the level", unit="1/h", ge=0, le=10)
    threshold: float = parameter(0.2, "Level at or below which it presses", ge=0, le=1)
    start: float = parameter(1.0, "Level at the beginning of a run", ge=0, le=1)
    priority: int = parameter(
        5, "Rank among needs that press at once, 1 the first; of equal ones the earlier row", ge=1
    )
    gains_per_h: FrozenMap[str, float] = parameter(
        FrozenMap(),
        "What an hour of an activity gives back; a negative number takes more away",
        unit="1/h",
        ge=-10,
        le=10,
        keys="purposes",
    )
    interrupts: Literal["anything", "free_time", "nothing"] = parameter(
        "nothing", "What a person leaves by rule when it presses", unit="", source=""
    )
    reaction: str = wording("Purpose of what is done then; empty for nothing")
    felt: str = wording("How somebody is called in whom it presses; empty for not at all")

    def contradictions(self) -> Iterator[Defect]:
        """Yield an interruption after which nothing is done."""
        yield from super().contradictions()
        if self.interrupts != "nothing" and not self.reaction:
            problem = (
                f"is empty, but interrupts is {self.interrupts!r}; name the purpose of what is "
                "done then, such as 'rest', or let it interrupt 'nothing'"
            )
            yield Defect("reaction", problem)


NEEDS: Mapping[str, NeedSpec] = FrozenMap(
    {
        "hunger": NeedSpec(
            label="hunger",
            description="food; 10 is not hungry at all",
            felt="hungry",
            colour="#CC6677",
            colour_dark="#CC6677",
            decay_per_h=0.15,
            threshold=0.3,
            priority=1,
            interrupts="anything",
            reaction="meal",
            gains_per_h=FrozenMap({"sleep": 0.13, "meal": 3.5}),
        ),
        "energy": NeedSpec(
            label="energy",
            description="rest and sleep",
            felt="tired",
            colour="#332288",
            colour_dark="#5566f5",
            decay_per_h=0.08,
            threshold=0.3,
            priority=3,
            interrupts="free_time",
            reaction="rest",
            gains_per_h=FrozenMap(
                {
                    "sleep": 0.21,
                    "care": 0.08,
                    "rest": 0.10,
                    "meal": 0.20,
                    "leisure": 0.06,
                    "sport": -0.04,
                    "social": 0.04,
                }
            ),
        ),
        "safety": NeedSpec(
            label="safety",
            description="feeling safe and well",
            felt="uneasy",
            colour="#999933",
            colour_dark="#999933",
            decay_per_h=0.05,
            threshold=0.2,
            priority=2,
            interrupts="free_time",
            reaction="rest",
            gains_per_h=FrozenMap(
                {
                    "sleep": 0.10,
                    "care": 0.10,
                    "care_of_others": 0.10,
                    "housework": 0.10,
                    "rest": 0.10,
                    "meal": 0.05,
                    "work": 0.05,
                    "school": 0.05,
                    "shopping": 0.05,
                    "errand": 0.05,
                    "health": 0.40,
                    "leisure": 0.05,
                    "sport": 0.05,
                    "social": 0.05,
                }
            ),
        ),
        "social": NeedSpec(
            label="social",
            description="company",
            felt="lonely",
            colour="#44AA99",
            colour_dark="#44AA99",
            decay_per_h=0.10,
            threshold=0.2,
            priority=4,
            gains_per_h=FrozenMap(
                {
                    "sleep": 0.10,
                    "care": 0.02,
                    "care_of_others": 0.15,
                    "housework": 0.04,
                    "rest": 0.05,
                    "meal": 0.25,
                    "work": 0.08,
                    "school": 0.10,
                    "shopping": 0.04,
                    "errand": 0.04,
                    "health": 0.05,
                    "leisure": 0.20,
                    "sport": 0.20,
                    "social": 0.60,
                }
            ),
        ),
    }
)
"""The built-in needs (CitySim, sec. 3.1.4). The order is that of every table and array."""

NEED_SOURCES: Mapping[str, str] = FrozenMap(
    {
        "decay_per_h": "AgentSociety (Piao et al. 2025, arXiv:2502.08691), released code",
        "threshold": "CitySim, appendix A",
        "priority": "CitySim, appendix A: hunger > safety > energy > social",
        "gains_per_h": ("assumption: meals, nights and company restore what a day consumes"),
        "colour": "P. Tol (2021), Colour schemes, SRON/EPS/TN/09-002, scheme 'muted'",
    }
)
"""Sources of fields that are the same for all built-in rows."""
