"""Time use: how many people do what on a day, and for how long, by kind of person and day.

Start with `TimeUseTable`. What a person aims to do on one day is drawn from it by `draw_day`.
"""

from mesa_llm_city.population.time_use.cells import Cell, cell_of, employment_of
from mesa_llm_city.population.time_use.day import DayDraw, draw_day
from mesa_llm_city.population.time_use.dimensions import (
    ACTIVITIES,
    DAY_TYPES,
    EMPLOYMENT,
    SEXES,
    YOUNGEST_CHILD,
)
from mesa_llm_city.population.time_use.table import TimeUseTable, time_use_table

__all__ = [
    "ACTIVITIES",
    "DAY_TYPES",
    "EMPLOYMENT",
    "SEXES",
    "YOUNGEST_CHILD",
    "Cell",
    "DayDraw",
    "TimeUseTable",
    "cell_of",
    "draw_day",
    "employment_of",
    "time_use_table",
]
