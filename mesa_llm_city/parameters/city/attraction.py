"""Parameters of the attraction of places."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.parameters.base import Branch, parameter, switch
from mesa_llm_city.parameters.defects import Defect

__all__ = ["AttractionParameters", "BalanceParameters"]


class AttractionParameters(Branch):
    """How strongly places draw people where the files do not say so."""

    estimated: bool = switch(
        "Whether the attraction of places is estimated from their kind, size, rating and vicinity "
        "where the files do not say it",
        default=True,
    )
    visitors_per_job: float = parameter(
        10.0,
        "Visitors a day for each job at places of kinds whose visitors the table does not tell",
        unit="visitors/job",
        gt=0,
        source="ITE Trip Generation: shops about 12, health 1.5 to 5, cafes 20 to 30; one for all",
    )
    size_exponent: float = parameter(
        1.0,
        "Exponent of the size of a place within its kind",
        ge=0,
        le=3,
        source="Huff (1964), Journal of Marketing 28(3), 34-38",
    )
    rating_effect: float = parameter(
        0.34,
        "What a rating of 1 instead of 0 adds to the logarithm of the attraction",
        ge=-5,
        le=5,
        source="Luca (2016), HBS working paper 12-016: 5 to 9 % of revenue for one of five stars",
    )
    vicinity_exponent: float = parameter(
        0.5,
        "Exponent of the number of places in the vicinity; 0 leaves them out",
        ge=0,
        le=3,
        source="Koster, Pasidis and van Ommeren (2019), J. Urban Economics 114: elasticities of "
        "rents of shops of 0.25 to footfall and of 0.25 to shops in the vicinity",
    )
    station_exponent: float = parameter(
        0.25,
        "Exponent of one plus the entries of a station in the vicinity over their mean",
        ge=0,
        le=3,
        source="Koster, Pasidis and van Ommeren (2019): elasticity of rents to footfall",
    )
    vicinity_m: float = parameter(
        400.0,
        "How far the vicinity of a place reaches",
        unit="m",
        gt=0,
        source="assumption: five minutes on foot",
    )
    sigma: float = parameter(
        0.0,
        "Spread by chance of attraction among places of a kind of which nothing is known, as the "
        "standard deviation of its logarithm; 1 makes places as unequal as visits usually are",
        ge=0,
        le=3,
        source="assumption: what is not known is not made up, since it would hide what is known",
    )


class BalanceParameters(Branch):
    """How visits are made to follow the attraction of places."""

    rounds: int = parameter(
        10,
        "How often expected visits are set against attraction; 0 for no balance",
        ge=0,
        le=100,
        source="ActivitySim has 10 rounds of shadow prices",
    )
    damping: float = parameter(
        0.7,
        "Exponent of each correction",
        gt=0,
        le=1,
        source="assumption: ActivitySim has 1, for zones and not for single places",
    )
    most: float = parameter(
        100.0, "Greatest factor, and one over the least", gt=1, source="assumption"
    )
    origins: int = parameter(
        200, "Number of homes, and of workplaces, that visits are expected from", ge=1
    )
    from_work: float = parameter(
        0.3, "Share of visits expected of people at work", ge=0, le=1, source="assumption"
    )
    least_m: float = parameter(
        100.0, "Ways shorter than this count as this long", unit="m", gt=0, source="assumption"
    )
    reaches_m: tuple[float, ...] = parameter(
        (560.0, 1500.0, 4000.0, 7000.0, 8000.0),
        "How far people go at most, each for as many of the visits",
        unit="m",
        source="follows from mobility.reach: medians of the fifths of the outings of the default "
        "population of the synthetic town",
    )
    hours: tuple[int, ...] = parameter(
        (8, 10, 12, 14, 16, 18, 20, 22),
        "Hours of the day at which visits are expected to begin",
        unit="h",
        source="assumption",
    )
    other_per_day: float = parameter(
        0.3,
        "Visits a day, beside others, for what is neither planned by chance nor free time, as "
        "meals out",
        unit="1/day",
        ge=0,
        source="assumption",
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield hours that no day has and distances that are none, or none at all."""
        if not self.hours or not all(0 <= hour * HOUR_MIN < DAY_MIN for hour in self.hours):
            yield Defect("hours", f"is {list(self.hours)}; give whole hours from 0 to 23")
        if not self.reaches_m or not all(one > 0.0 for one in self.reaches_m):
            yield Defect("reaches_m", f"is {list(self.reaches_m)}; give distances above 0 m")
