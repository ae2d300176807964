"""Parameters of free time: what people do when nothing is planned."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter, switch

__all__ = ["FreeTimeChoiceParameters"]


class FreeTimeChoiceParameters(Branch):
    """How an activity for free time is chosen, and for how long.

    ``value = liking + relief_weight relief - outing_cost + whim noise``.
    """

    candidates: int = parameter(
        3,
        "Number of activities imagined for free time",
        unit="activities",
        ge=1,
        source="CitySim, appendix A: N = 3",
    )
    outing_min: int = parameter(
        45, "Free time shorter than this is spent at home", unit="min", ge=0
    )
    outing_cost: float = parameter(
        0.25, "Value that going out takes off an activity away from home", unit="utility", ge=0
    )
    wet_outing_factor: float = parameter(2.0, "Factor of outing_cost in rain", ge=0)
    storm_outing_factor: float = parameter(6.0, "Factor of outing_cost in a storm", ge=0)
    storm_from_km_h: float = parameter(
        50.0,
        "Wind from which it is a storm",
        unit="km/h",
        gt=0,
        source="assumption: Beaufort 7, when walking against the wind is hard (WMO-No. 306)",
    )
    storm_from_warning: int = parameter(
        3,
        "Level of an official warning from which people stay in as in a storm",
        unit="level",
        ge=1,
        source="assumption: the third of four levels, as of Meteoalarm: be prepared",
    )
    relief_weight: float = parameter(
        0.5,
        "Value of meeting a need that is wholly unmet, per unit of gain in an hour",
        unit="utility",
        ge=0,
    )
    whim: float = parameter(
        0.1,
        "Scale of Gumbel noise in the value of an activity, which makes the choice a logit",
        unit="utility",
        ge=0,
    )
    outings_per_liking: float = parameter(
        0.4,
        "Chance of an outing on a day away from home, over how much the person likes it; sport and "
        "shopping follow the table of time use",
        unit="1/day",
        ge=0,
        le=10,
    )
    outings_per_relief: float = parameter(
        0.5,
        "What is added to that chance for each unit that an hour of the outing would give back of "
        "what the person lacks in the morning",
        unit="1/day",
        ge=0,
        le=10,
        source="assumption",
    )
    wish_value: float = parameter(
        1.2, "Value of an outing that the day is meant to hold", unit="utility", ge=0
    )
    wish_early_min: int = parameter(
        15, "How long before or after its time an outing may begin", unit="min", ge=0, le=720
    )
    other_outing_cost: float = parameter(
        0.7,
        "Value that going out takes off an outing that the day is not meant to hold",
        unit="utility",
        ge=0,
    )
    tired_gives_up: bool = switch(
        "Whether low energy or safety gives up outings that the day is meant to hold",
        default=False,
        source="assumption: the table of time use counts what people do in spite of it",
    )
    length_spread: float = parameter(
        0.35,
        "Standard deviation of the logarithm of the length of an activity",
        unit="log",
        ge=0,
    )
    before_closing_min: int = parameter(
        60, "Free-time activities begin at least so long before their hours end", unit="min", ge=0
    )
    shortest_min: int = parameter(15, "Shortest activity in free time", unit="min", ge=5)
    useless_min: int = parameter(
        20, "Shorter free time that would be left over is used up", unit="min", ge=0
    )
