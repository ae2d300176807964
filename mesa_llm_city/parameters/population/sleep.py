"""Hours of sleep and meals: what is usual, by age, around work, and after a night shift."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import Curve

__all__ = ["EatingOutParameters", "MealParameters", "NightShiftParameters", "SleepParameters"]

_BODY_CLOCK = (
    "latest near 20 years: Roenneberg et al. (2004), Current Biology 14(24); nights near those of "
    "the Survey on Time Use and Leisure Activities 2021 of Japan; course assumed"
)


class SleepParameters(Branch):
    """When people get up and go to bed, in minutes from midnight of the day they get up."""

    wake_min: Curve = parameter(
        Curve({0: 420, 6: 405, 12: 405, 15: 420, 20: 475, 35: 430, 50: 405, 65: 385, 80: 380}),
        "When people get up, by age",
        unit="min",
        ge=0,
        le=1440,
        source=_BODY_CLOCK,
    )
    bed_min: Curve = parameter(
        Curve(
            {0: 1215, 6: 1275, 12: 1335, 15: 1385, 20: 1460, 35: 1415, 50: 1395, 65: 1365, 80: 1310}
        ),
        "When people go to bed, by age",
        unit="min",
        ge=720,
        le=2160,
        source=_BODY_CLOCK,
    )
    chronotype_sd_min: float = parameter(
        35.0, "Difference between persons in both hours, standard deviation", unit="min", ge=0
    )
    need_sd_min: float = parameter(
        60.0,
        "Difference between persons in the length of the night, standard deviation",
        unit="min",
        ge=0,
        source=(
            "assumption; single nights of Americans have a standard deviation of 126 min within "
            "groups of sex, age and work (ATUS 2003-15), of which 77 to 86 within a person"
        ),
    )
    most_sd: float = parameter(
        2.5, "Greatest difference from the mean, in standard deviations", unit="SD", gt=0
    )
    earlier_if_conscientious_min: float = parameter(
        10.0,
        "How much earlier both hours are per level of conscientiousness",
        unit="min",
        source="direction by Adan et al. (2012), Chronobiology International 29(9); size assumed",
    )
    before_duty_min: float = parameter(
        50.0, "From getting up to leaving for work or school", unit="min", ge=0
    )
    recovered_share: float = parameter(
        2.0 / 3.0,
        "Share of sleep lost in the morning that is made up for in the evening",
        ge=0,
        le=1,
    )
    after_duty_min: float = parameter(
        60.0, "Least time from coming home to going to bed", unit="min", ge=0
    )
    after_dinner_min: float = parameter(
        60.0, "Least time from dinner to going to bed", unit="min", ge=0
    )
    least_night_min: float = parameter(330.0, "Shortest night that is drawn", unit="min", ge=0)
    shortest_night_min: int = parameter(
        300, "Shortest night where one end of it is given", unit="min", ge=0, le=1440
    )
    longest_night_min: int = parameter(
        720, "Longest night where one end of it is given", unit="min", ge=0, le=1440
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield a shortest night that is longer than the longest."""
        if self.shortest_night_min > self.longest_night_min:
            found = f"is {self.shortest_night_min}, above longest_night_min of"
            yield Defect("shortest_night_min", f"{found} {self.longest_night_min}; make it shorter")


class MealParameters(Branch):
    """When people eat at midday and in the evening, in minutes of the day."""

    lunch_min: float = parameter(730.0, "Mean begin of lunch", unit="min", ge=0, le=1440)
    lunch_sd_min: float = parameter(
        15.0, "Difference between persons in lunch, standard deviation", unit="min", ge=0
    )
    lunch_after_wake_min: float = parameter(
        60.0, "Least time from getting up to lunch", unit="min", ge=0
    )
    dinner_min: float = parameter(1130.0, "Mean begin of dinner", unit="min", ge=0, le=1440)
    dinner_sd_min: float = parameter(
        30.0, "Difference between persons in dinner, standard deviation", unit="min", ge=0
    )
    dinner_after_home_min: float = parameter(15.0, "From coming home to dinner", unit="min", ge=0)
    latest_home_min: float = parameter(
        1290.0, "People who come home later have eaten during work", unit="min", ge=0, le=2880
    )
    dinner_at_work_min: float = parameter(
        1080.0, "When people who come home later have dinner", unit="min", ge=0, le=2880
    )
    between_meals_min: float = parameter(180.0, "Least time from lunch to dinner", unit="min", ge=0)


class NightShiftParameters(Branch):
    """The day of those who work at night."""

    starts_from_min: int = parameter(
        1320, "Work that begins at or after this minute is night work", unit="min", ge=0, le=1440
    )
    bed_after_home_min: float = parameter(
        45.0, "From coming home to going to bed", unit="min", ge=0
    )
    asleep_min: float = parameter(420.0, "Mean length of sleep", unit="min", ge=0, le=1440)
    asleep_sd_min: float = parameter(
        15.0, "Difference between persons in it, standard deviation", unit="min", ge=0
    )
    lunch_after_wake_min: float = parameter(
        75.0, "From getting up to the first meal", unit="min", ge=0
    )
    dinner_min: float = parameter(
        1560.0, "When the second meal begins, from midnight of that day", unit="min", ge=0, le=2880
    )


class EatingOutParameters(Branch):
    """Which share of lunches and dinners is eaten out, in twentieths of these meals."""

    base: float = parameter(1.0, "Share of everybody", unit="1/20", ge=0, le=20)
    adult: float = parameter(1.0, "Further share of adults", unit="1/20", ge=-20, le=20)
    alone: float = parameter(
        1.0, "Further share of adults who live alone", unit="1/20", ge=-20, le=20
    )
    busy: float = parameter(
        1.0, "Further share of adults who work or study", unit="1/20", ge=-20, le=20
    )
    older: float = parameter(-0.5, "Further share of older adults", unit="1/20", ge=-20, le=20)
    adult_from: int = parameter(18, "Age of adults", unit="years", ge=0)
    older_from: int = parameter(65, "Age of older adults", unit="years", ge=0)
    lowest_factor: float = parameter(
        0.5, "Factor of the person who eats out least; the greatest factor is 1 higher", ge=0
    )
