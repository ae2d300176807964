"""How many people enter a district from outside, when, and for how long they stay."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["CommuterParameters", "OutsiderParameters", "VisitorParameters"]


_ATUS = (
    "ATUS 2003-2015: of full-time workers aged 35 to 44, 88 % work on a weekday, 37 % on a "
    "Saturday, 31 % on a Sunday"
)


class CommuterParameters(Branch):
    """People who live outside and work in the district."""

    per_open_job: float = parameter(
        0.0,
        "Commuters on a weekday for each job of the district that no resident fills",
        ge=0,
        le=10,
        source="0: nobody enters unless asked for",
    )
    saturday: float = parameter(
        0.42,
        "Commuters on a Saturday for each one on a weekday, if no counts are given",
        ge=0,
        le=10,
        source=_ATUS,
    )
    sunday: float = parameter(
        0.35,
        "Commuters on a Sunday or holiday for each one on a weekday, if no counts are given",
        ge=0,
        le=10,
        source=_ATUS,
    )
    entry_h: float = parameter(
        8.5, "Mean time of entering, if no counts are given", unit="h", ge=0, le=24
    )
    entry_sd_h: float = parameter(
        1.0, "Standard deviation of the time of entering, if no counts are given", unit="h", gt=0
    )
    after_work: float = parameter(
        0.25, "Share of days on which a commuter stays in the district after work", ge=0, le=1
    )
    after_work_min: float = parameter(
        100.0, "Mean length of such a stay after work", unit="min", gt=0, le=600
    )


class VisitorParameters(Branch):
    """People who live outside and spend some hours of free time in the district."""

    per_place: float = parameter(
        0.0,
        "Visitors on a weekday for each place of the district that is for leisure",
        ge=0,
        source="0: nobody enters unless asked for",
    )
    saturday: float = parameter(
        1.5, "Visitors on a Saturday for each one on a weekday, if no counts are given", ge=0, le=20
    )
    sunday: float = parameter(
        1.5,
        "Visitors on a Sunday or holiday for each one on a weekday, if no counts are given",
        ge=0,
        le=20,
    )
    entry_h: float = parameter(
        13.5, "Mean time of entering, if no counts are given", unit="h", ge=0, le=24
    )
    entry_sd_h: float = parameter(
        2.5, "Standard deviation of the time of entering, if no counts are given", unit="h", gt=0
    )
    stay_min: float = parameter(
        210.0, "Mean length of a visit to the district", unit="min", gt=0, le=960
    )
    stay_sd_min: float = parameter(
        90.0, "Standard deviation of the length of a visit to the district", unit="min", ge=0
    )
    days_per_week: float = parameter(
        1.0,
        "Days a week on which a visitor enters; so many more people take turns",
        unit="1/week",
        ge=0.1,
        le=7,
    )


class OutsiderParameters(Branch):
    """Outsiders: people who live outside a district, enter it at a gate, and leave again.

    Numbers come from counts of the user's own, or else from `commuters.per_open_job` and
    `visitors.per_place`, which are 0 by default.
    """

    scale: float = parameter(
        1.0,
        "People in the model for each one of the counts, as where residents are a sample",
        gt=0,
        le=1000,
    )
    entry_sd_min: float = parameter(
        10.0,
        "Difference from day to day in the minute of entering, within the hour of the counts",
        unit="min",
        ge=0,
    )
    shortest_min: int = parameter(30, "Shortest time in the district", unit="min", ge=10, le=960)
    longest_min: int = parameter(960, "Longest time in the district", unit="min", ge=30, le=1200)
    car_share: float = parameter(
        0.5,
        "Share of those with a licence who come by car at a gate that is no station",
        ge=0,
        le=1,
    )
    candidates: int = parameter(
        3,
        "Persons made for each outsider, from among whom those of fitting age and work are taken",
        ge=1,
        le=100,
        source="assumption: half of the people are employed, and some are children",
    )
    commuters: CommuterParameters = CommuterParameters()
    visitors: VisitorParameters = VisitorParameters()
