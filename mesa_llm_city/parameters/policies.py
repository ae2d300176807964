"""Parameters of policies compiled from a language model: bands of their cells, and smoothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect

__all__ = ["PolicyParameters"]


class PolicyParameters(Branch):
    """Where the bands of dimensions begin, how answers are rounded, how cells are smoothed.

    The first band of a dimension holds everything below the first number.
    """

    age_from: tuple[float, ...] = parameter(
        (18.0, 30.0, 45.0, 65.0), "Ages at which the bands of age_group begin", unit="years"
    )
    income_from: tuple[float, ...] = parameter(
        (0.5, 1.0, 2.0),
        "Incomes at which the bands of income begin",
        unit="median incomes",
    )
    hour_from: tuple[float, ...] = parameter(
        (6.0, 9.0, 12.0, 15.0, 18.0, 21.0), "Hours at which the bands of hour begin", unit="h"
    )
    temperature_from_c: tuple[float, ...] = parameter(
        (5.0, 25.0), "Temperatures at which the bands of weather begin", unit="°C"
    )
    distance_from_km: tuple[float, ...] = parameter(
        (1.0, 3.0, 8.0), "Lengths of the way at which the bands of distance begin", unit="km"
    )
    free_from_min: tuple[float, ...] = parameter(
        (60.0, 180.0), "Lengths of free time at which the bands of free_time begin", unit="min"
    )
    feeling_from: tuple[float, ...] = parameter(
        (0.33, 0.67),
        "Values from 0 to 1 at which the bands of feeling, belief and disagreement begin",
    )
    answer_min: tuple[int, ...] = parameter(
        (15, 30, 60, 90, 120, 180, 240),
        "Lengths to which those in answers are rounded",
        unit="min",
    )
    start_step_min: int = parameter(
        30, "Step to which the starts of planned blocks are rounded", unit="min", ge=5, le=240
    )
    parent_answers: float = parameter(
        1.0,
        "Number of answers of its own that the answers of the coarser cell count for",
        gt=0,
        le=1000,
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield bands that do not rise, and lengths that are none."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if not isinstance(value, tuple):
                continue
            if not value or any(low >= high for low, high in pairwise(value)):
                yield Defect(name, f"got {value}; give numbers that rise, such as 1, 2, 3")
            elif name == "answer_min" and value[0] <= 0:
                yield Defect(name, f"got {value}; give lengths above 0")
