"""Parameters of the choice of place and mode, and of how far people go."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter, switch
from mesa_llm_city.parameters.defects import Defect

__all__ = [
    "CandidateParameters",
    "ExplorationParameters",
    "GravityParameters",
    "ModeChoiceParameters",
    "ReachParameters",
]


class GravityParameters(Branch):
    """The belief-weighted gravity model of place choice."""

    gamma: float = parameter(
        2.0,
        "How strongly belief bends the distance decay",
        ge=-10,
        le=10,
        source="CitySim, sec. 3.2.2, eq. 1 and appendix A",
    )
    epsilon: float = parameter(
        1e-3, "Small constant added to a belief", gt=0, le=1, source="CitySim, appendix A"
    )
    unit_m: float | None = parameter(
        None,
        "Unit of distance; none for the median distance of the choice set",
        unit="m",
        gt=0,
    )
    reversed_sign: bool = switch(
        "Whether belief makes a longer way worth it: exponent 1 - gamma (b - 0.5)",
        default=False,
    )
    attraction: float = parameter(
        1.0,
        "Exponent of the attraction of a place; 0 leaves attraction out",
        ge=0,
        le=5,
        source="gravity in proportion to size, Huff (1964); the paper's eq. 1 has no attraction",
    )
    curiosity: float = parameter(
        0.0,
        "What a standard deviation of a belief adds to the attractiveness of a place",
        unit="1/SD",
        source="assumption: the paper says that uncertainty guides the choice and not how",
    )
    unknown: float = parameter(
        0.5, "Attractiveness of places to somebody without beliefs", ge=0, le=1
    )
    areas: int = parameter(
        10,
        "Number of parts of the city that come into question",
        unit="areas",
        ge=1,
        source="CitySim, sec. 3.2.2 and appendix A",
    )
    most_places: int = parameter(
        200,
        "Greatest number of places that come into question",
        unit="places",
        ge=1,
        source="CitySim, sec. 3.2.2 and appendix A",
    )


class CandidateParameters(Branch):
    """Which places come into question from each part of the city, besides those a person knows.

    The nearest ones all do, and of the others a sample that is the sparser the farther away;
    weights are divided by the probability of being in the sample (McFadden 1978).
    """

    number: int = parameter(
        64,
        "Greatest number of places for a purpose that come into question from a part of the city",
        unit="places",
        ge=1,
        le=1000,
        source="assumption: never more than mobility.gravity.most_places, which CitySim sets to "
        "200; the correction for sampling makes fewer do",
    )
    near: float = parameter(
        0.5,
        "Share of them that are the nearest ones",
        ge=0,
        le=1,
        source="assumption",
    )
    cell_m: float = parameter(
        500.0,
        "Side of the squares from each of which the same places come into question",
        unit="m",
        ge=10,
        source="assumption: a walk of five minutes",
    )


class ExplorationParameters(Branch):
    """Exploration and preferential return: how often people go to a place they do not know.

    The probability is ``rho * S ** -gamma``, S being the number of different places visited.
    """

    rho: float = parameter(
        0.53,
        "Probability that somebody who knows one place goes to a new one",
        ge=0,
        le=1,
        source="assumption: Song et al. (2010), Nature Physics 6, 818-823 have 0.6 for irregular "
        "trips; with trips on most days 0.45 to 0.55 gives their growth of the number of places "
        "(simulated)",
    )
    rho_sd: float = parameter(
        0.1,
        "Differences of rho between persons, standard deviation",
        ge=0,
        le=1,
        source="assumption: Song et al. (2010) find that rho differs, without a number",
    )
    gamma: float = parameter(
        0.21,
        "How fast exploration declines with the number of known places",
        ge=0,
        le=5,
        source="Song et al. (2010), Nature Physics 6, 818-823",
    )
    liking: float = parameter(
        1.0,
        "Exponent of the belief about a known place on the way back to it; 0 for none",
        ge=0,
        le=10,
        source="assumption: with 0 people return in proportion to visits alone, as in Song et al.",
    )


class ModeChoiceParameters(Branch):
    """Tastes of the mode choice that are the same for all modes; see `ModeSpec` for the others.

    ``v = constant + time_per_min (time_weight riding + access_weight access)
    + cost fare / sqrt(income) + weather``.
    """

    time_per_min: float = parameter(
        -0.05,
        "Utility of a minute by car",
        unit="utility/min",
        le=0,
        source="assumption: set by hand, fitted to no survey",
    )
    access_weight: float = parameter(
        1.8,
        "Disutility of a minute of access and waiting, in minutes by car",
        unit="min/min",
        ge=0,
        source="about twice riding (Wardman 2004, Transport Policy 11, 363-377); value by hand",
    )
    cost: float = parameter(
        -0.35,
        "Utility of the cost of one train fare at median income",
        unit="utility/fare",
        le=0,
        source="assumption: set by hand, fitted to no survey",
    )
    least_income: float = parameter(
        0.25, "Lowest income against which costs are weighed", unit="median incomes", gt=0
    )
    wind_per_10_km_h: float = parameter(
        -0.3,
        "Utility of each 10 km/h of wind above calm_up_to_km_h",
        unit="utility",
        source="5 % lower odds of cycling for each mile per hour: Flynn, Dana, Sears and Aultman-"
        "Hall (2012), Preventive Medicine 54(2), 122-124",
    )
    calm_up_to_km_h: float = parameter(20.0, "Wind up to which nobody minds it", unit="km/h", ge=0)
    wet: float = parameter(
        -1.0, "Utility of rain to those who travel in the open", unit="utility", le=0
    )
    discomfort_per_c: float = parameter(
        -0.04,
        "Utility of a degree outside the comfortable range to them",
        unit="utility/degC",
        le=0,
    )
    coldest_c: float = parameter(5.0, "Lower end of the comfortable range", unit="degC")
    warmest_c: float = parameter(28.0, "Upper end of the comfortable range", unit="degC")

    def contradictions(self) -> Iterator[Defect]:
        """Yield a comfortable range without any temperature."""
        if self.coldest_c > self.warmest_c:
            told = f"is {self.coldest_c:g}, above warmest_c of {self.warmest_c:g}"
            yield Defect("coldest_c", f"{told}; make it lower")


class ReachParameters(Branch):
    """How far people go for an activity in the time there is.

    The paper adjusts "feasible ranges" (CitySim, sec. 3.2.2) and names no numbers.
    """

    walk_m_per_min: float = parameter(75.0, "Speed of short ways, on foot", unit="m/min", gt=0)
    ride_m_per_min: float = parameter(
        180.0, "Speed of longer ways without a car, from door to door", unit="m/min", gt=0
    )
    drive_m_per_min: float = parameter(
        260.0, "Speed of longer ways with a car, from door to door", unit="m/min", gt=0
    )
    walk_under_min: float = parameter(
        15.0, "Ways that take less than this are made on foot", unit="min", ge=0
    )
    least_way_min: float = parameter(
        5.0, "Least time that is left for the way there and back", unit="min", gt=0
    )
    least_m: float = parameter(300.0, "Shortest reach", unit="m", ge=0)
    most_m: float = parameter(8000.0, "Longest reach", unit="m", gt=0)
    most_young_old_m: float = parameter(
        1500.0, "Longest reach of children and the old", unit="m", gt=0
    )
    young_up_to: int = parameter(12, "Age up to which children stay close", unit="years", ge=0)
    old_from: int = parameter(80, "Age from which the old stay close", unit="years", ge=0)
    wet_factor: float = parameter(0.67, "Factor of the reach in rain", gt=0, le=1)

    def contradictions(self) -> Iterator[Defect]:
        """Yield a shortest reach above the longest."""
        for name in ("most_m", "most_young_old_m"):
            if getattr(self, name) < self.least_m:
                told = f"is {getattr(self, name):g}, below least_m of {self.least_m:g}"
                yield Defect(name, f"{told}; make it higher")
