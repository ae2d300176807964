"""Parameters of plans: durations and frequencies of a day."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter, switch
from mesa_llm_city.parameters.defects import Defect

__all__ = ["ChoreParameters", "DayHourParameters", "PlannerParameters"]


class DayHourParameters(Branch):
    """By how much the hours of a day may move when it is planned."""

    earliest_wake_shift_min: float = parameter(
        -150.0, "Earliest getting up, from the usual minute", unit="min", ge=-720, le=0
    )
    latest_wake_shift_min: float = parameter(
        240.0, "Latest getting up, from the usual minute", unit="min", ge=0, le=720
    )
    least_awake_min: int = parameter(
        360, "Least time from getting up to going to bed", unit="min", ge=0, le=1440
    )
    least_night_min: int = parameter(180, "Shortest night", unit="min", ge=0, le=1440)
    breakfast_within_min: int = parameter(
        150, "Breakfast ends within this time of getting up", unit="min", ge=0
    )
    lunch_earlier_min: int = parameter(
        60, "How much earlier than usual lunch may begin", unit="min", ge=0
    )
    lunch_later_min: int = parameter(
        120, "How long after the usual begin lunch may end", unit="min", ge=0
    )
    dinner_earlier_min: int = parameter(
        120, "How much earlier than usual dinner may begin", unit="min", ge=0
    )
    dinner_later_min: int = parameter(
        240, "How long after the usual begin dinner may end", unit="min", ge=0
    )
    care_before_bed_min: int = parameter(
        60, "Care in the evening lies within this time before bed", unit="min", ge=0
    )
    duty_before_break_min: int = parameter(
        90, "Work or school goes on so long before a meal interrupts it", unit="min", ge=0
    )
    duty_after_break_min: int = parameter(
        60, "Work or school goes on so long after a meal interrupts it", unit="min", ge=0
    )
    habit_window_min: int = parameter(
        60,
        "How much earlier or later than usual an activity may begin that follows habit",
        unit="min",
        ge=0,
    )
    prompt_slack_min: int = parameter(
        60,
        "How much earlier or later than a language model says a block may lie",
        unit="min",
        ge=0,
    )


class ChoreParameters(Branch):
    """Errands and housework."""

    errands_from_age: int = parameter(16, "Age from which errands are planned", unit="years", ge=0)
    workday_share: float = parameter(
        0.5, "Chance of errands on a working day over that on a day off", ge=0, le=1
    )
    workday_min: int = parameter(
        1080, "Near which minute errands lie on working days", unit="min", ge=0, le=1440
    )
    earliest_min: int = parameter(
        540, "Minute from which errands are done", unit="min", ge=0, le=1440
    )
    latest_min: int = parameter(1230, "Minute by which errands are done", unit="min", ge=0, le=1440)
    after_wake_from_min: float = parameter(
        150.0, "Errands and housework on days off: earliest, from getting up", unit="min", ge=0
    )
    after_wake_to_min: float = parameter(
        600.0, "Errands and housework on days off: latest, from getting up", unit="min", ge=0
    )
    housework_child_min: float = parameter(0.0, "Housework a day of children", unit="min/day", ge=0)
    housework_teenager_min: float = parameter(
        15.0, "Housework a day of teenagers", unit="min/day", ge=0
    )
    housework_homemaker_min: float = parameter(
        200.0, "Housework a day of homemakers", unit="min/day", ge=0
    )
    housework_workday_min: float = parameter(
        45.0, "Housework of other adults on a working day", unit="min/day", ge=0
    )
    housework_day_off_min: float = parameter(
        105.0, "Housework of other adults on a day off", unit="min/day", ge=0
    )
    teenager_from: int = parameter(
        13, "Age from which somebody does housework as a teenager", unit="years", ge=0
    )
    adult_from: int = parameter(
        18, "Age from which somebody does housework as an adult", unit="years", ge=0
    )
    housework_low: float = parameter(0.6, "Least factor of housework from day to day", ge=0)
    housework_high: float = parameter(1.4, "Greatest factor of housework from day to day", ge=0)
    longest_part_min: int = parameter(
        90, "Longest part of housework or care of others at a time", unit="min", ge=5, le=1440
    )
    least_housework_min: int = parameter(10, "Shorter housework is left out", unit="min", ge=0)
    housework_after_wake_min: int = parameter(
        30, "Least time from getting up to housework", unit="min", ge=0
    )
    housework_before_bed_min: int = parameter(
        60,
        "Least time from where housework or care of others is meant to begin to going to bed, on "
        "days drawn from a table of time use",
        unit="min",
        ge=0,
        le=1440,
        source="assumption",
    )
    housework_starts: int = parameter(
        4,
        "Number of times of a day at which parts of housework or care of others are meant to "
        "begin, on days drawn from a table of time use",
        ge=1,
        le=100,
        source="assumption",
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield ends in the wrong order."""
        for low, high in (
            ("earliest_min", "latest_min"),
            ("after_wake_from_min", "after_wake_to_min"),
            ("housework_low", "housework_high"),
        ):
            if getattr(self, low) > getattr(self, high):
                told = f"is {getattr(self, low)}, above {high} of {getattr(self, high)}"
                yield Defect(low, f"{told}; make it lower")


class PlannerParameters(Branch):
    """Durations and frequencies of a day."""

    recursive: bool = switch(
        "Whether meals, care, housework and errands are fitted around duties in the morning",
        default=True,
        source="CitySim, appendix C.5",
    )
    decides_from_age: int = parameter(
        7,
        "Age from which somebody decides about free time, and is asked about by prompts",
        unit="years",
        ge=0,
    )
    lie_in_min: int = parameter(
        75, "How much later people get up on a day off", unit="min", ge=0, le=720
    )
    jitter_min: float = parameter(
        12.0,
        "Difference from day to day in getting up and going to bed, standard deviation",
        unit="min",
        ge=0,
    )
    breakfast_min: int = parameter(20, "Length of breakfast", unit="min", ge=0, le=240)
    lunch_min: int = parameter(45, "Length of lunch", unit="min", ge=0, le=240)
    dinner_min: int = parameter(45, "Length of dinner", unit="min", ge=0, le=240)
    least_meal_min: int = parameter(
        10, "Shorter meals are left out, and the others are longer", unit="min", ge=5, le=240
    )
    lunch_sd_min: float = parameter(
        20.0,
        "Difference from day to day in the begin of lunch, standard deviation",
        unit="min",
        ge=0,
    )
    dinner_sd_min: float = parameter(
        35.0,
        "Difference from day to day in the begin of dinner, standard deviation",
        unit="min",
        ge=0,
    )
    morning_care_share: float = parameter(
        0.6, "Share of washing and dressing after getting up; the rest is before bed", ge=0, le=1
    )
    way_min: float = parameter(
        15.0,
        "Time for the way there in the blocks of errands and outings, and for the way home after",
        unit="min",
        ge=0,
        le=120,
    )
    habit_share: float = parameter(
        0.5,
        "Chance that what is done in free time on a day is done at its usual time and place",
        ge=0,
        le=1,
    )
    habit_reach_min: int = parameter(
        240, "By how much a habit moves an activity at most", unit="min", ge=0, le=1440
    )
    leaning_factor: float = parameter(
        2.0, "Factor of a liking at the strongest leaning; its inverse at the opposite one", gt=0
    )
    hours: DayHourParameters = DayHourParameters()
    chores: ChoreParameters = ChoreParameters()
