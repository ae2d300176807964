"""How days are drawn from a table of time use: what is done, for how long, and around what duty."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter, wording
from mesa_llm_city.parameters.frozen import Curve, FrozenMap

__all__ = ["DutyParameters", "PersonalityParameters", "TimeUseParameters", "UsualDutyParameters"]


_OF_DEFAULT = "follows from population.schedules.work, for the default population"


class UsualDutyParameters(Branch):
    """Days and hours of work that follow from `population.schedules.work`.

    The table tells how many people work on a day. What goes beyond their usual days is work on
    days off, and what is missing are usual days without work.
    """

    weekday: float = parameter(
        0.89,
        "Share of those who work on a weekday by their usual days",
        ge=0.01,
        le=1,
        source=_OF_DEFAULT,
    )
    saturday: float = parameter(
        0.38,
        "Share of those who work on a Saturday by their usual days",
        ge=0.01,
        le=1,
        source=_OF_DEFAULT,
    )
    sunday: float = parameter(
        0.29,
        "Share of those who work on a Sunday by their usual days",
        ge=0.01,
        le=1,
        source=_OF_DEFAULT,
    )
    span_min: float = parameter(
        544.0,
        "Mean length of a usual day from begin to end",
        unit="min",
        gt=0,
        le=1440,
        source=_OF_DEFAULT,
    )


class DutyParameters(Branch):
    """Work and school from day to day: absence, overtime, days off, and jobs of learners."""

    full: UsualDutyParameters = UsualDutyParameters()
    part: UsualDutyParameters = UsualDutyParameters(saturday=0.36, sunday=0.28, span_min=300.0)
    most_attendance: float = parameter(
        0.97,
        "Greatest chance to be at work or school on a usual day",
        ge=0,
        le=1,
        source="assumption: about 3 % are ill or on leave on any day",
    )
    learners: Curve = parameter(
        Curve({14: 1.0, 17: 0.98, 20: 0.72, 25: 0.3, 35: 0.1}),
        "Share of learners among people without work, by age",
        ge=0.01,
        le=1,
    )
    studies_from_age: int = parameter(
        18,
        "Age from which people study who are neither pupils nor students; 120 for nobody",
        unit="years",
        ge=0,
        le=120,
    )
    start_sd_min: float = parameter(
        10.0,
        "Difference from day to day in the begin of fixed hours, standard deviation",
        unit="min",
        ge=0,
    )
    flexible_start_sd_min: float = parameter(
        25.0,
        "Difference from day to day in the begin of flexible hours, standard deviation",
        unit="min",
        ge=0,
    )
    flexible_jobs: tuple[str, ...] = parameter(
        ("office_worker", "self_employed", "student"),
        "Occupations with flexible hours",
        unit="",
        source=(
            "assumption; 57 % of employees of the United States have flexible hours (BLS, Job "
            "Flexibilities 2017-18), in the EU 39 % set them at least partly (Eurostat 2019)"
        ),
    )
    length_sd_min: float = parameter(
        50.0,
        "Difference from day to day in the length of work, standard deviation",
        unit="min",
        ge=0,
    )
    at_home: float = parameter(
        0.1,
        "Chance to work at home on a usual day in jobs with flexible hours",
        ge=0,
        le=1,
        source="Eurostat 2023: 9 % of the employed usually work from home, 13 % sometimes",
    )
    day_off_at_home: float = parameter(
        0.5, "Chance to work at home on a day off, for people who work then", ge=0, le=1
    )
    shortest_min: float = parameter(30.0, "Shortest work on one day", unit="min", gt=0, le=1440)
    longest_min: float = parameter(960.0, "Longest work on one day", unit="min", gt=0, le=1440)
    day_off_min: float = parameter(
        240.0,
        "Mean length of work on a day off, for people who work then",
        unit="min",
        gt=0,
        le=1440,
        source="assumption; weekend work of 312 to 366 min in the United States has full shifts",
    )
    day_off_start_min: float = parameter(
        600.0, "Mean begin of work on a day off", unit="min", ge=0, le=1440
    )
    day_off_start_sd_min: float = parameter(
        120.0, "Standard deviation of the begin of work on a day off", unit="min", ge=0
    )
    day_off_length_sd_min: float = parameter(
        100.0,
        "Standard deviation of the length of work on a day off",
        unit="min",
        ge=0,
        source="assumption: twice that of usual days",
    )
    learner_jobs: Curve = parameter(
        Curve({15: 0.0, 16: 0.1, 18: 0.3, 21: 0.4}),
        "Share of learners with a job beside school, whose time use is that of part-timers, by age",
        ge=0,
        le=1,
    )
    learner_job_start_min: float = parameter(
        1020.0, "When learners begin to work on school days", unit="min", ge=0, le=1440
    )
    learner_job_start_sd_min: float = parameter(
        60.0, "Standard deviation of when learners begin to work", unit="min", ge=0
    )
    learner_job_until_min: float = parameter(
        1380.0, "When the work of learners ends at the latest", unit="min", ge=0, le=1440
    )


def _correlations(trait: str, known: dict[str, float] | None = None) -> FrozenMap[str, float]:
    source = (
        "Rhodes and Smith (2006), Br. J. Sports Med. 40(12), 958-965, of physical activity; none "
        "is assumed of other activities"
    )
    found: FrozenMap[str, float] = parameter(
        FrozenMap(known or {}),
        f"Correlation of {trait} with how often and how long an activity is done",
        ge=-0.9,
        le=0.9,
        source=source,
        keys="any",
    )
    return found


class PersonalityParameters(Branch):
    """What people of some personality do more than others, by activity of the table.

    The correlations are those over persons with the part of the person in what is drawn. Shares
    and minutes of the table hold over all people.
    """

    openness: FrozenMap[str, float] = _correlations("openness")
    conscientiousness: FrozenMap[str, float] = _correlations("conscientiousness", {"sport": 0.20})
    extraversion: FrozenMap[str, float] = _correlations("extraversion", {"sport": 0.23})
    agreeableness: FrozenMap[str, float] = _correlations("agreeableness")
    neuroticism: FrozenMap[str, float] = _correlations("neuroticism", {"sport": -0.11})


class TimeUseParameters(Branch):
    """Where the minutes of a day come from, and how days of a person differ.

    What is done on a day, and for how long, is drawn: an activity is done if a standard normal
    number exceeds the quantile of its share, and minutes are log-normal. These numbers have a
    part of the person, a part of the day, and a part that follows from how busy the day is.
    """

    table: str = wording(
        "Table of time use: neutral, us, the path of a file, or none for days of fixed durations",
        default="neutral",
    )
    person_share: float = parameter(
        0.5,
        "Share of the person in the variance of what is done, and for how long",
        ge=0,
        le=1,
        source=(
            "assumption; half of the variance of trips is within persons (Pas 1987, "
            "Transportation Research A 21), time budgets vary less within than between"
        ),
    )
    personality: PersonalityParameters = PersonalityParameters()
    most_sd: float = parameter(
        3.0,
        "Greatest difference from the mean in how long something takes, in standard deviations",
        unit="SD",
        gt=0,
    )
    full_time_from_h: float = parameter(
        35.0,
        "Usual hours a week from which work is full-time",
        unit="h",
        ge=0,
        le=168,
        source="US Bureau of Labor Statistics",
    )
    if_free: FrozenMap[str, float] = parameter(
        FrozenMap(
            {
                "sleep": 0.3,
                "grooming": -0.15,
                "housework": 0.4,
                "care_of_household": 0.25,
                "care_of_others": 0.1,
                "shopping": 0.15,
                "services": 0.1,
                "eating": 0.1,
                "sport": 0.1,
                "civic": 0.1,
                "leisure": 0.3,
            }
        ),
        "Correlation of an activity with how little of the day goes to work and school",
        ge=-0.95,
        le=0.95,
        source="assumption: people sleep longer and do more housework on free days",
    )
    most_min: FrozenMap[str, int] = parameter(
        FrozenMap(
            {
                "sleep": 780,
                "grooming": 180,
                "eating": 240,
                "housework": 600,
                "care_of_household": 600,
                "care_of_others": 480,
                "shopping": 300,
                "services": 240,
                "sport": 360,
                "civic": 360,
            }
        ),
        "Longest time on one day",
        unit="min",
        ge=5,
        le=1440,
        keys="any",
    )
    most_on_duty_min: FrozenMap[str, int] = parameter(
        FrozenMap(
            {
                "sleep": 660,
                "grooming": 120,
                "eating": 150,
                "housework": 160,
                "care_of_household": 160,
                "care_of_others": 120,
                "shopping": 90,
                "services": 90,
                "sport": 100,
                "civic": 100,
            }
        ),
        "Longest time on a day with long work or school",
        unit="min",
        ge=5,
        le=1440,
        keys="any",
    )
    long_duty_min: float = parameter(
        300.0, "From how long on work or school leaves little of a day", unit="min", ge=0, le=1440
    )
    least_min: int = parameter(
        5, "Activities of fewer minutes on a day are left out", unit="min", ge=0, le=1440
    )
    most_lengthened: float = parameter(
        1.5,
        "By how much at most other times of an activity become longer so that its mean stays "
        "when the longest are cut",
        ge=1,
        le=10,
        source="assumption: beyond it a longest time is far below the mean of the table",
    )
    least_unbound: float = parameter(
        0.05,
        "Least share of person-days without work or school that is divided by, in the chance to "
        "leave home on them",
        gt=0,
        le=1,
        source="assumption: keeps the chance bounded where nearly everybody has a duty",
    )
    least_duty_sd_min: float = parameter(
        30.0,
        "Standard deviation of the minutes of work and school below which a day is neither busy "
        "nor free",
        unit="min",
        gt=0,
        source="assumption: nobody of such a kind of person has duties on such days",
    )
    duties: DutyParameters = DutyParameters()
