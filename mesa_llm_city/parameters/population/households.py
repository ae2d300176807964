"""Households: their kinds, and how ages in them hang together."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["DrawingParameters", "HouseholdParameters"]

_SIZES = {
    2: ("couple", "lone_parent_1_child", "2_others"),
    3: ("couple_1_child", "lone_parent_2_children", "couple_1_other"),
    4: ("couple_2_children", "lone_parent_3_children", "couple_1_child_1_other"),
    5: ("couple_3_children", "couple_2_children_1_other"),
}


class HouseholdParameters(Branch):
    """How households of a size split into kinds."""

    share_of_size: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "single": 1.0,
                "couple": 0.71,
                "lone_parent_1_child": 0.20,
                "2_others": 0.09,
                "couple_1_child": 0.69,
                "lone_parent_2_children": 0.17,
                "couple_1_other": 0.14,
                "couple_2_children": 0.84,
                "lone_parent_3_children": 0.06,
                "couple_1_child_1_other": 0.10,
                "couple_3_children": 0.55,
                "couple_2_children_1_other": 0.45,
            }
        ),
        "Share of a kind among households of its size",
        ge=0,
        le=1,
        source=("assumption; adds up to the family types of the Population Census of Japan 2020"),
    )
    group_quarters_size: int = parameter(
        5,
        "Size of household that counts for people of a table who live in group quarters",
        unit="persons",
        ge=2,
        le=100,
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield sizes whose shares do not add up to 1."""
        for size, kinds in _SIZES.items():
            total = fsum(self.share_of_size[kind] for kind in kinds)
            if abs(total - 1.0) > 1e-6:
                problem = f"the shares of households of {size} ({', '.join(kinds)}) add up to "
                yield Defect("share_of_size", f"{problem}{total:g}; make it 1")


class DrawingParameters(Branch):
    """How people are drawn into households: ages of members, and of degrees and retirement.

    All members of a household have their age at about the same quantile of the ages in
    their position.
    """

    sibling_spread: float = parameter(
        0.04, "Difference of children in their quantile, standard deviation", ge=0, le=1
    )
    adult_spread: float = parameter(
        0.025, "Difference of adults in their quantile, standard deviation", ge=0, le=1
    )
    oldest_decay_years: float = parameter(
        10.0, "Years in which the number of people above 75 falls to 1/e", unit="years", gt=0
    )
    oldest_span_years: float = parameter(
        25.0, "Years above 75 in which people are drawn", unit="years", gt=0, le=45
    )
    degree_from: int = parameter(
        20, "Age from which higher education is completed", unit="years", ge=0
    )
    student_full_to: int = parameter(
        21, "Age up to which studying is as likely as the marginals say", unit="years", ge=0
    )
    student_rare_from: int = parameter(24, "Age from which studying is rare", unit="years", ge=0)
    student_rare: float = parameter(0.1, "Odds of studying from that age on", ge=0, le=1)
    retired_rare_to: int = parameter(
        57, "Age up to which being retired is rare", unit="years", ge=0
    )
    retired_full_from: int = parameter(
        62, "Age from which being retired is as likely as the marginals say", unit="years", ge=0
    )
    retired_rare: float = parameter(0.05, "Odds of being retired up to that age", ge=0, le=1)

    def contradictions(self) -> Iterator[Defect]:
        """Yield ends of a change in the wrong order."""
        for low, high in (
            ("student_full_to", "student_rare_from"),
            ("retired_rare_to", "retired_full_from"),
        ):
            if getattr(self, low) >= getattr(self, high):
                found = f"is {getattr(self, low)}, not below {high} of {getattr(self, high)}"
                yield Defect(low, f"{found}; make it lower")
