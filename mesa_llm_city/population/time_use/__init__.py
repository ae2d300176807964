"""Time use: how many people do what on a day, and for how long, by kind of person and day.

Start with `TimeUseTable`. What a person aims to do on one day is drawn from it by `draw_day`, and
that of many persons by `draw_bounds` and `draw_days`.
"""

from mesa_llm_city.population.time_use.day import (
    DayBounds,
    DayDraw,
    DayDraws,
    draw_bounds,
    draw_day,
    draw_days,
)
from mesa_llm_city.population.time_use.dimensions import (
    ACTIVITIES,
    DAY_TYPES,
    EMPLOYMENT,
    SEXES,
    YOUNGEST_CHILD,
)
from mesa_llm_city.population.time_use.table import TimeUseTable, time_use_table
from mesa_llm_city.population.time_use.traits import DayTraits

__all__ = [
    "ACTIVITIES",
    "DAY_TYPES",
    "EMPLOYMENT",
    "SEXES",
    "YOUNGEST_CHILD",
    "DayBounds",
    "DayDraw",
    "DayDraws",
    "DayTraits",
    "TimeUseTable",
    "draw_bounds",
    "draw_day",
    "draw_days",
    "time_use_table",
]
