"""Ages: what people may do and be at which age."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["AgeParameters", "AgeRange", "LifeStageParameters"]

_OLDEST = 120


class AgeRange(Branch):
    """The ages at which something can hold, both ends included."""

    low: int = parameter(15, "Lowest age", unit="years", ge=0, le=_OLDEST)
    high: int = parameter(_OLDEST, "Highest age", unit="years", ge=0, le=_OLDEST)

    def contradictions(self) -> Iterator[Defect]:
        """Yield a range without any age."""
        if self.low > self.high:
            yield Defect("low", f"is {self.low}, above high of {self.high}; make it lower")


class LifeStageParameters(Branch):
    """From which age a person is called what."""

    teenager_from: int = parameter(13, "Age from which a child is a teenager", unit="years", ge=0)
    adult_from: int = parameter(18, "Age from which a person is an adult", unit="years", ge=0)
    middle_aged_from: int = parameter(
        35, "Age from which an adult without children is middle-aged", unit="years", ge=0
    )
    older_from: int = parameter(65, "Age from which a person is an older adult", unit="years", ge=0)


class AgeParameters(Branch):
    """Ages of licences, parents, school and work."""

    licence_from: int = parameter(
        18, "Age from which a person may drive", unit="years", ge=0, le=_OLDEST
    )
    bicycle_from: int = parameter(
        6, "Age from which a person may own a bicycle", unit="years", ge=0, le=_OLDEST
    )
    youngest_parent: int = parameter(
        16, "Least difference between the ages of a parent and a child", unit="years", ge=0
    )
    feasible: FrozenMap[str, AgeRange] = parameter(
        FrozenMap(
            {
                "infant": AgeRange(low=0, high=6),
                "pupil": AgeRange(low=5, high=19),
                "retired": AgeRange(low=55),
                "none": AgeRange(low=0),
                "primary": AgeRange(low=10),
                "secondary": AgeRange(low=15),
                "tertiary": AgeRange(low=18),
                "child": AgeRange(low=0, high=79),
                "other": AgeRange(low=0),
                "single": AgeRange(low=16),
                "partner": AgeRange(low=16),
                "parent": AgeRange(low=16),
                "any_other": AgeRange(low=15),
            }
        ),
        "Ages of occupations, schooling completed and positions in a household",
        unit="years",
        source="ILO Minimum Age Convention 138, art. 2 for 15 years; assumption for the others",
    )
    stages: LifeStageParameters = LifeStageParameters()
