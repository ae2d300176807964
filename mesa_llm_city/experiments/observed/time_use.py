"""Observed time use: minutes a day by group of activities, for groups of people and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.activities import (
    OTHER,
    SURVEY_GROUPS,
    compared_groups,
    groups_of,
    parent_of,
    survey_group,
)
from mesa_llm_city.experiments.observed.cells import Cells, Source, normal
from mesa_llm_city.experiments.observed.respondents import Respondents, read_respondents

__all__ = ["ObservedTimeUse", "TimeUseCell", "read_time_use"]

_MOST_MIN = DAY_MIN + 60.0
"""Rounding and overlaps aside, the activities of a day cannot last longer."""

_WEEKEND_SHARE = 2.0 / 7.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeUseCell:
    """The mean day of a group of people.

    Parameters
    ----------
    respondents : Respondents
        Who, and on which days.
    weekend_share : float
        Share of weekend days among days of all kinds.
    minutes : ndarray of float64, shape (g,)
        Mean minutes a day in each of the g groups of activities, adding up to a day.
    share_doing : ndarray of float64, shape (g,)
        Share of days on which it is done, 0 to 1; NaN where that is not known.
    sd_min : ndarray of float64, shape (g,)
        Standard deviation between person-days, in minutes; NaN where that is not known.
    n : float
        Number of diaries; NaN if it is not known.
    sd_by_activity : mapping of str to float
        Standard deviation by the table's own activities, parts of others included.
    """

    respondents: Respondents
    weekend_share: float
    minutes: Float
    share_doing: Float
    sd_min: Float
    n: float
    sd_by_activity: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObservedTimeUse:
    """A table of time use.

    Parameters
    ----------
    source : Source
        The file.
    groups : tuple of str
        Names of the g groups of activities that can be compared.
    group_of : mapping of str to str
        Name of the group that a survey group of purposes belongs to; others are `OTHER`.
    cells : tuple of TimeUseCell
        The mean days.
    """

    source: Source
    groups: tuple[str, ...]
    group_of: Mapping[str, str]
    cells: tuple[TimeUseCell, ...]

    def column(self, name: str) -> int | None:
        """Return the column in `groups` of a survey group of purposes; None if it has none."""
        group = self.group_of.get(survey_group(name), OTHER)
        return self.groups.index(group) if group in self.groups else None


@dataclass(slots=True)
class _Day:
    """What the rows of a cell say, activity by activity."""

    weekend_share: float
    n: float
    rows: dict[str, tuple[float, float, float]] = field(default_factory=dict)


def read_time_use(path: Path, also: Iterable[str] = ()) -> ObservedTimeUse:
    """Read a table of time use.

    Parameters
    ----------
    path : Path
        The table; ``docs/reference/observed_tables.md`` describes its columns.
    also : iterable of str
        Survey groups of purposes besides the built-in ones.

    Raises
    ------
    DataError
        If the table has defects; all of them are listed.
    """
    cells = Cells(path)
    days, activities = _days(cells, tuple(also))
    kept, dropped = _without_parts(activities)
    if dropped:
        cells.note(f"left out, being parts of others: {', '.join(sorted(dropped))}")
    names = compared_groups(list(kept.values()))
    lacking = [group for group in SURVEY_GROUPS if group not in names]
    groups = tuple(dict.fromkeys(names[one] for one in (*SURVEY_GROUPS, *names) if one in names))
    if lacking:
        groups = (*groups, OTHER)
        cells.note(f"not in the table, and so compared as other: {', '.join(lacking)}")
    column = {name: groups.index(names[min(sets)]) for name, sets in kept.items()}
    _check_totals(cells, days, kept)
    source = cells.close()
    found = tuple(_cell(who, day, column, groups) for who, day in days.items())
    return ObservedTimeUse(source=source, groups=groups, group_of=names, cells=found)


def _days(
    cells: Cells, also: tuple[str, ...]
) -> tuple[dict[Respondents, _Day], dict[str, frozenset[str]]]:
    """Return the rows by whom they are about, and the groups of each activity."""
    who = read_respondents(cells)
    activity = [normal(cell) for cell in cells.texts("activity", "acl00", "purpose")]
    minutes = cells.numbers("mean_min", "mean_minutes_per_day", "minutes", "min", high=_MOST_MIN)
    doing = cells.numbers("share_doing", high=1.0, required=False)
    sd = cells.numbers("sd_min", required=False)
    n = cells.numbers("n", "diaries", required=False)
    weekend = cells.numbers("weekend_share", high=1.0, required=False)
    sets: dict[str, frozenset[str]] = {}
    for name in dict.fromkeys(filter(None, activity)):
        try:
            sets[name] = groups_of(name, also)
        except DataError as error:
            cells.flag([one == name for one in activity], "activity", str(error))
    cells.check()
    days: dict[Respondents, _Day] = {}
    for row, (person, name) in enumerate(zip(who, activity, strict=True)):
        share = _WEEKEND_SHARE if np.isnan(weekend[row]) else float(weekend[row])
        day = days.setdefault(person, _Day(share, float(n[row])))
        if name in day.rows:
            cells.add(f"row {cells.lines[row]}: {name} is there twice for {person}")
        day.rows[name] = (float(minutes[row]), float(doing[row]), float(sd[row]))
    return days, sets


def _without_parts(
    activities: Mapping[str, frozenset[str]],
) -> tuple[dict[str, frozenset[str]], set[str]]:
    """Return the activities without those that are part of another one in the table."""
    dropped = {name for name in activities if parent_of(name) in activities}
    return {name: sets for name, sets in activities.items() if name not in dropped}, dropped


def _check_totals(
    cells: Cells, days: Mapping[Respondents, _Day], kept: Mapping[str, frozenset[str]]
) -> None:
    """Report days that are too long, and days that lack an activity others have."""
    for who, day in days.items():
        total = float(np.sum([day.rows[name][0] for name in kept if name in day.rows]))
        if total > _MOST_MIN:
            cells.add(
                f"{who}: activities add up to {total:,.0f} min a day of 1,440; "
                "leave out those that are part of others"
            )
        if lacking := [name for name in kept if name not in day.rows]:
            cells.add(f"{who}: there is no row for {', '.join(lacking[:5])}")


def _cell(
    who: Respondents, day: _Day, column: Mapping[str, int], groups: tuple[str, ...]
) -> TimeUseCell:
    minutes, counts = np.zeros(len(groups)), np.zeros(len(groups), dtype=np.int64)
    doing, sd = np.full(len(groups), np.nan), np.full(len(groups), np.nan)
    for name, at in column.items():
        mean, share, spread = day.rows[name]
        minutes[at] += mean
        counts[at] += 1
        doing[at], sd[at] = share, spread
    # The share or spread of several activities together does not follow from those of each.
    doing[counts != 1], sd[counts != 1] = np.nan, np.nan
    if groups[-1] == OTHER:
        minutes[-1] = max(DAY_MIN - float(minutes.sum()), 0.0)
    return TimeUseCell(
        respondents=who,
        weekend_share=day.weekend_share,
        minutes=minutes * (DAY_MIN / minutes.sum()),
        share_doing=doing,
        sd_min=sd,
        n=day.n,
        sd_by_activity={name: told[2] for name, told in day.rows.items()},
    )
