"""Whom a row of a survey table is about: sex, age, employment, youngest child, kind of day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mesa_llm_city.experiments.observed.cells import Cells, normal

__all__ = ["ALL", "DAY_WORDS", "Respondents", "read_respondents"]

ALL = "all"
"""Cell of a column that does not restrict a row."""

_OLDEST = 200
_AGE = re.compile(r"(\d+)(?:\s*(?:-|–|to)\s*(\d+)|\s*(\+|(?:and|or) over|and older))?")  # noqa: RUF001 - as printed in surveys
_SEX = {"all": ALL, "both": ALL, "total": ALL} | {
    **dict.fromkeys(("male", "m", "men", "man", "males"), "male"),
    **dict.fromkeys(("female", "f", "women", "woman", "females"), "female"),
}
_EMPLOYMENT = {"all": ALL, "total": ALL, "employed": "employed"} | {
    **dict.fromkeys(("full", "ft", "full_time"), "full"),
    **dict.fromkeys(("part", "pt", "part_time"), "part"),
    **dict.fromkeys(("none", "ne", "not_employed"), "none"),
}
_CHILD = {"all": ALL, "total": ALL} | {
    **dict.fromkeys(("none", "no", "no_children"), "none"),
    **dict.fromkeys(("0_5", "k0_5", "under_6"), "0-5"),
    **dict.fromkeys(("6_17", "k6_17"), "6-17"),
}
DAY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("all", "all_days", "all_diary_days", "total"), ALL),
        **dict.fromkeys(("weekday", "weekdays", "wd", "workday", "working_day"), "weekday"),
        **dict.fromkeys(("weekend", "weekends", "we", "weekend_day", "weekend_days"), "weekend"),
        **dict.fromkeys(("saturday", "sat"), "saturday"),
        **dict.fromkeys(("sunday", "sun"), "sunday"),
    }
)
"""Standard names of kinds of day, by their spellings."""


class Respondents(NamedTuple):
    """Whom a row is about.

    Attributes
    ----------
    sex : str
        ``all``, ``male`` or ``female``.
    ages : tuple of int
        Youngest and oldest, both included.
    employment : str
        ``all``, ``employed``, ``full``, ``part`` or ``none``.
    youngest_child : str
        Age of the youngest child in the household: ``all``, ``none``, ``0-5`` or ``6-17``.
    day_type : str
        ``all``, ``weekday``, ``weekend``, ``saturday`` or ``sunday``.
    """

    sex: str = ALL
    ages: tuple[int, int] = (0, _OLDEST)
    employment: str = ALL
    youngest_child: str = ALL
    day_type: str = ALL

    @property
    def age_text(self) -> str:
        """The range of ages, such as ``25-34``, ``75+`` or ``all``."""
        low, high = self.ages
        if high < _OLDEST:
            return f"{low}-{high}" if low < high else str(low)
        return f"{low}+" if low else ALL

    def __str__(self) -> str:
        """Return what restricts the row, such as ``female, 25-34, weekday``."""
        children = {"none": "no children", ALL: ALL}
        child = children.get(self.youngest_child, f"youngest child {self.youngest_child}")
        work = {"none": "not employed", "full": "full time", "part": "part time"}
        employment = work.get(self.employment, self.employment)
        words = (self.sex, self.age_text, employment, child, self.day_type)
        return ", ".join(word for word in words if word != ALL) or "everybody"


def read_respondents(cells: Cells) -> list[Respondents]:
    """Return whom each row of a table is about; columns that are not there restrict nothing."""
    sex = cells.words("sex", "gender", words=_SEX, default=ALL)
    ages = cells.texts("age", "age_group", "ages", default=ALL)
    employment = cells.words("employment", "employed", words=_EMPLOYMENT, default=ALL)
    child = cells.words("youngest_child", words=_CHILD, default=ALL)
    day = cells.words("day_type", "day", words=DAY_WORDS, default=ALL)
    ranges = [_ages(cell) for cell in ages]
    wrong = [one is None for one in ranges]
    cells.flag(wrong, "age", "it must be all, or like 25-34, 75+ or 30")
    known = [one or (0, _OLDEST) for one in ranges]
    return [Respondents(*row) for row in zip(sex, known, employment, child, day, strict=True)]


def _ages(cell: str) -> tuple[int, int] | None:
    """Return youngest and oldest; None if they cannot be read."""
    if normal(cell) in {ALL, "total"}:
        return (0, _OLDEST)
    found = _AGE.fullmatch(cell.strip().casefold())
    if found is None:
        return None
    low = int(found[1])
    high = int(found[2]) if found[2] else _OLDEST if found[3] else low
    return (low, high) if low <= high else None
