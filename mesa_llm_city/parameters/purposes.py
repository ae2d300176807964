"""Purposes: what people do, one row each (sleep, meals, work and so on)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mesa_llm_city.core.opening_hours import read_hours
from mesa_llm_city.parameters.base import parameter, switch, wording
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.kind import KindSpec

__all__ = ["PURPOSES", "PURPOSE_SOURCES", "PurposeSpec", "free_time_purposes", "plannable_purposes"]


class PurposeSpec(KindSpec):
    """A purpose: what an activity is for, where it is done, when and for how long.

    A row with a few fields is complete. By default a new purpose is done away from home, in
    free time, at any hour.

    Examples
    --------
    >>> worship = PurposeSpec(places=["amenity=place_of_worship"], hours="Su 09:00-12:00")
    >>> worship.free_time, worship.usual_min
    (True, 60.0)
    """

    places: tuple[str, ...] = parameter(
        (),
        "Kinds of place to do it, besides those that the table of kinds of place names",
        unit="",
        source="",
    )
    usual_min: float | None = parameter(
        60.0,
        "Usual length where no plan sets one; none if it follows from something else",
        unit="min",
        gt=0,
        le=1440,
    )
    planned_min: float | None = parameter(
        None,
        "Length if it is planned in the morning; none for the usual length",
        unit="min",
        gt=0,
        le=1440,
    )
    least_min: int = parameter(15, "Shortest stay that is worth the way", unit="min", ge=0, le=1440)
    hours: str = wording(
        "When it can begin in free time, as the opening hours of OpenStreetMap; empty for always"
    )
    reach_m: float | None = parameter(
        None, "Greatest distance to go for it; none for that of the person", unit="m", gt=0
    )
    free_time: bool = switch("Whether free time can be spent on it", default=True)
    free_time_weight: float = parameter(
        0.1, "How much somebody likes it of whom nothing else is known", ge=0, le=1
    )
    planned_per_day: float = parameter(
        0.0,
        "Chance that an adult plans one for a day off; see mobility.planner.chores.workday_share",
        unit="1/day",
        ge=0,
        le=1,
    )
    plannable: bool = switch(
        "Whether a language model may put it into the plan of a day", default=True
    )
    at_home: bool = switch("Whether it is done at home", default=False)
    is_duty: bool = switch(
        "Whether its hours bind, so that only a meal interrupts it", default=False
    )
    can_meet: bool = switch("Whether the person can be talked to meanwhile", default=True)
    can_be_goal: bool = switch("Whether a goal may speak for or against it", default=True)
    group: str = wording("Under which name it is drawn together with others")
    shade: str = wording(
        "Colour of the ground behind it in the figure of needs; empty for none", unit="#rrggbb"
    )
    survey_group: str = wording(
        "Group of a time-use survey it is compared with", default="leisure and company"
    )
    time_use: tuple[str, ...] = parameter(
        ("leisure",),
        "Activities of the table of time use that it stands for",
        unit="",
        source="",
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield hours that cannot be read, and a least stay above the usual one."""
        yield from super().contradictions()
        if self.hours and read_hours(self.hours) is None:
            accepted = "hours like '09:00-21:00', 'Su 09:00-12:00' or 'Mo-Fr 09:00-18:00; Sa off'"
            yield Defect("hours", f"got {self.hours!r}; accepted are {accepted}")
        if self.usual_min is not None and self.least_min > self.usual_min:
            told = f"is {self.least_min} min, longer than usual_min of {self.usual_min:g} min"
            yield Defect("least_min", f"{told}; make it shorter")
        if self.free_time and self.usual_min is None:
            yield Defect("usual_min", "is none; what free time is spent on needs a usual length")


def _row(colour: str, dark: str = "", **fields: Any) -> PurposeSpec:  # noqa: ANN401 - fields
    return PurposeSpec(colour=colour, colour_dark=dark or colour, **fields)


_SETTLED: dict[str, Any] = {
    "usual_min": None,
    "free_time": False,
    "free_time_weight": 0.0,
    "least_min": 5,
}
_CHORES = "rest, care, chores"
_SHOPS = "shops, errands, health"
_COMPANY = "leisure and company"

PURPOSES: Mapping[str, PurposeSpec] = FrozenMap(
    {
        "sleep": _row(
            "#332288",
            "#5566f5",
            **_SETTLED,
            label="sleep",
            group="sleep",
            description="the night at home",
            shade="#d9d9e8",
            survey_group="sleep and care",
            plannable=False,
            at_home=True,
            can_meet=False,
            can_be_goal=False,
            time_use=("sleep",),
        ),
        "care": _row(
            "#88CCEE",
            **_SETTLED | {"usual_min": 30.0},
            label="care",
            group=_CHORES,
            description="washing and dressing, after getting up and before going to bed",
            survey_group="sleep and care",
            at_home=True,
            can_be_goal=False,
            time_use=("grooming",),
        ),
        "care_of_others": _row(
            "#88CCEE",
            **_SETTLED,
            label="care of others",
            group=_CHORES,
            description="looking after children or others who need help",
            survey_group="housework",
            at_home=True,
            can_be_goal=False,
            time_use=("care_of_household", "care_of_others"),
        ),
        "housework": _row(
            "#88CCEE",
            **_SETTLED,
            label="housework",
            group=_CHORES,
            description="cleaning, cooking and other work at home",
            survey_group="housework",
            at_home=True,
            time_use=("housework",),
        ),
        "rest": _row(
            "#88CCEE",
            label="rest",
            group=_CHORES,
            description="free time at home",
            survey_group=_COMPANY,
            usual_min=90.0,
            least_min=5,
            free_time_weight=0.4,
            at_home=True,
        ),
        "meal": _row(
            "#DDCC77",
            **_SETTLED | {"usual_min": 20.0, "least_min": 20},
            label="meal",
            group="meals",
            description="breakfast, lunch or dinner",
            survey_group="meals",
            can_be_goal=False,
            time_use=("eating",),
        ),
        "work": _row(
            "#117733",
            "#2a8048",
            **_SETTLED,
            label="work",
            group="work",
            description="paid work",
            shade="#f3e3c8",
            survey_group="work",
            time_use=("work",),
            plannable=False,
            is_duty=True,
        ),
        "school": _row(
            "#44AA99",
            **_SETTLED,
            label="school",
            group="school",
            description="school or university",
            shade="#f3e3c8",
            survey_group="education",
            time_use=("education",),
            plannable=False,
            is_duty=True,
            can_be_goal=False,
        ),
        "shopping": _row(
            "#999933",
            label="shopping",
            group=_SHOPS,
            description="buying things in shops",
            survey_group="shopping and services",
            usual_min=70.0,
            planned_min=50.0,
            least_min=15,
            hours="09:30-21:00",
            free_time_weight=0.1,
            planned_per_day=0.6,
            time_use=("shopping",),
        ),
        "errand": _row(
            "#999933",
            **_SETTLED | {"usual_min": 50.0, "least_min": 10},
            label="errand",
            group=_SHOPS,
            description="a bank, a post office, an authority or a service",
            survey_group="shopping and services",
            planned_per_day=0.2,
            time_use=("services",),
            can_be_goal=False,
        ),
        "health": _row(
            "#999933",
            **_SETTLED | {"usual_min": 50.0, "least_min": 20},
            label="health",
            group=_SHOPS,
            description="a doctor, a clinic or a pharmacy",
            survey_group="shopping and services",
            planned_per_day=0.04,
            time_use=("services",),
        ),
        "leisure": _row(
            "#CC6677",
            label="leisure",
            group="leisure, sport",
            description="parks, museums, cinemas and other ways to enjoy oneself out",
            survey_group=_COMPANY,
            usual_min=110.0,
            least_min=30,
            hours="09:00-23:00",
            free_time_weight=0.2,
        ),
        "sport": _row(
            "#CC6677",
            label="sport",
            group="leisure, sport",
            description="sport and exercise away from home",
            survey_group="sports",
            time_use=("sport",),
            usual_min=85.0,
            least_min=30,
            hours="06:00-22:00",
            free_time_weight=0.1,
        ),
        "social": _row(
            "#882255",
            "#a8559f",
            label="social",
            group="meeting others",
            description="meeting other people away from home",
            survey_group=_COMPANY,
            time_use=("leisure", "civic"),
            usual_min=120.0,
            least_min=30,
            hours="11:00-23:30",
            free_time_weight=0.2,
        ),
        "travel": _row(
            "#AA4499",
            "#ead5e2",
            **_SETTLED,
            label="travel",
            group="travel",
            description="the way from one place to another",
            survey_group="travel",
            time_use=("travel",),
            plannable=False,
            can_meet=False,
            can_be_goal=False,
        ),
    }
)
"""The built-in purposes. The order is that of every table and report."""

PURPOSE_SOURCES: Mapping[str, str] = FrozenMap(
    {
        "colour": "P. Tol (2021), Colour schemes, SRON/EPS/TN/09-002, scheme 'muted'",
    }
)
"""Sources of fields that are the same for all built-in rows."""

_FREE_TIME = ("rest", "leisure", "social", "sport", "shopping")


def free_time_purposes(purposes: Mapping[str, PurposeSpec]) -> tuple[str, ...]:
    """Return what free time can be spent on, in the order in which it comes to mind.

    The built-in ones come first, in an order of their own, so that a further row changes
    none of the random draws for the others.

    Examples
    --------
    >>> free_time_purposes(PURPOSES)
    ('rest', 'leisure', 'social', 'sport', 'shopping')
    """
    others = [name for name in purposes if name not in _FREE_TIME]
    return tuple(name for name in (*_FREE_TIME, *others) if purposes[name].free_time)


_PLANNABLE = (
    "care",
    "meal",
    "housework",
    "shopping",
    "errand",
    "health",
    "leisure",
    "sport",
    "social",
    "rest",
    "care_of_others",
)


def plannable_purposes(purposes: Mapping[str, PurposeSpec]) -> tuple[str, ...]:
    """Return what a language model may put into the plan of a day, in the order it is told.

    The built-in ones come first, in an order of their own, so that a further row leaves the
    beginning of the list as it is.

    Examples
    --------
    >>> plannable_purposes(PURPOSES)[:3]
    ('care', 'meal', 'housework')
    """
    others = [name for name in purposes if name not in _PLANNABLE]
    return tuple(name for name in (*_PLANNABLE, *others) if purposes[name].plannable)
