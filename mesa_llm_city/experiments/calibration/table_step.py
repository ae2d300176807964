"""One step of fitting a table of time use: what a run lacked is added to the cells of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.calibration.noise import Gaps, gaps_of
from mesa_llm_city.experiments.calibration.raking import extended, raked
from mesa_llm_city.experiments.calibration.table_rows import RowShares, row_shares
from mesa_llm_city.experiments.observed.time_use import ObservedTimeUse
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.experiments.validation.time_use import compared_cells, lived_days
from mesa_llm_city.population.time_use import TimeUseTable
from mesa_llm_city.population.time_use.dimensions import ACTIVITIES

__all__ = ["SHARE_OF_CHANGE", "TableStep", "next_table"]

SHARE_OF_CHANGE: Mapping[str, float] = MappingProxyType({"sleep": 0.0, "education": 1.0})
"""How much of a change of mean minutes goes to the share of people who do it, as an exponent.

1 is all of it, 0 leaves the share; 0.5 for activities that are not named. Everybody sleeps, and
lessons have fixed hours.
"""

_HALF = 0.5
_LEISURE, _TRAVEL = ACTIVITIES.index("leisure"), ACTIVITIES.index("travel")
# Leisure and travel have no minutes of their own: they are what is left, and what ways take.
_FOLLOW = frozenset({_LEISURE, _TRAVEL})
_LEAST_LEISURE_MIN = 30.0
_LEAST_SHARE = 1e-3


class TableStep(NamedTuple):
    """The table after a step, and how much of it was fitted.

    Attributes
    ----------
    table : TimeUseTable
        The table.
    numbers : int
        How many shares and minutes were fitted.
    activities : tuple of str
        Of which activities.
    """

    table: TimeUseTable
    numbers: int
    activities: tuple[str, ...]


def next_table(
    table: TimeUseTable,
    tables: RunTables,
    observed: ObservedTimeUse,
    *,
    ages: tuple[int, int],
    damping: float = 0.8,
) -> TableStep:
    """Return the table with which the next run is nearer to a survey.

    Parameters
    ----------
    table : TimeUseTable
        The table of the run, its ages cut where the survey cuts them.
    tables : RunTables
        The run.
    observed : ObservedTimeUse
        The cells of the survey to fit.
    ages : tuple of int
        Youngest and oldest person whom the survey is about. Rows of these ages that no cell is
        about change as their neighbours in age do; others stay.
    damping : float, default 0.8
        Share of the difference that is made up for in this step.

    Notes
    -----
    For each cell c of the survey and each group G of activities, the mean of the table over the
    people of the run is to become ``m(c, G) + damping * (survey(c, G) - run(c, G))``: an additive
    update, as far as the difference is more than the noise of the run (`raked`). The rows and
    activities of a cell share it in proportion to their minutes, by iterative proportional fitting
    where cells overlap (Deming and Stephan 1940, Annals of Mathematical Statistics 11). A mean is
    a share of people times their minutes; `SHARE_OF_CHANGE` says how the change is split, unless
    the survey tells the share itself. Leisure takes what is left of the day. Travel follows from
    the places people go to, so that only the share of people who leave home is fitted.
    """
    lived = lived_days(tables, observed)
    cells = compared_cells(tables, observed, lived.days)
    surveyed = (
        np.array([one.minutes for one in cells.observed]),
        np.array([one.share_doing for one in cells.observed]),
    )
    in_minutes, in_share = (
        gaps_of(cells, amount, lived.days, wanted).damped(damping)
        for amount, wanted in zip((lived.spent, lived.done), surveyed, strict=True)
    )
    rows = row_shares(table, tables, cells, lived.days, ages)
    share, minutes = table.share_doing.copy(), table.doers_min.copy()
    fitted: list[int] = []
    for group, activities in _fitted_groups(observed):
        gaps = (in_minutes.of(group), in_share.of(group))
        _update(share, minutes, activities, rows, gaps)
        fitted += activities
    if (travel := observed.column("travel")) is not None:
        fitted += _update_share(share, minutes, rows, in_share.of(travel), _TRAVEL)
    _leave_the_rest_to_leisure(share, minutes)
    everything = np.ones(share.shape, dtype=np.bool_)
    new = table.updated(everything, share=share.ravel(), doers_min=minutes.ravel())
    touched = int(rows.reached.sum())
    numbers = touched * (2 * len(fitted) - int(_TRAVEL in fitted))
    return TableStep(new, numbers, tuple(ACTIVITIES[one] for one in sorted(fitted)))


def _fitted_groups(observed: ObservedTimeUse) -> Iterator[tuple[int, list[int]]]:
    """Yield the groups of the survey that rows of the table are behind, and which."""
    columns = [observed.column(name) for name in ACTIVITIES]
    for group in range(len(observed.groups)):
        behind = [row for row, column in enumerate(columns) if column == group]
        if behind and not _FOLLOW & set(behind):
            yield group, behind


def _update(
    share: Float,
    minutes: Float,
    activities: list[int],
    rows: RowShares,
    gaps: tuple[Gaps, Gaps],
) -> None:
    """Change shares and minutes of the activities of one group in place."""
    mean = (share * minutes)[..., activities]
    total = mean.sum(axis=-1)
    change = extended(raked(total, rows, gaps[0]), rows)
    alone = len(activities) == 1
    if not (alone and _update_share(share, minutes, rows, gaps[1], activities[0])):
        for activity in activities:
            power = SHARE_OF_CHANGE.get(ACTIVITIES[activity], _HALF)
            share[..., activity] = np.minimum(share[..., activity] * change**power, 1.0)
    after = share[..., activities]
    minutes[..., activities] = np.where(
        after > _LEAST_SHARE,
        mean * change[..., None] / np.maximum(after, _LEAST_SHARE),
        minutes[..., activities],
    )


def _update_share(
    share: Float, minutes: Float, rows: RowShares, gaps: Gaps, activity: int
) -> list[int]:
    """Change the share of people who do something in place; return it if the survey has shares."""
    if (
        not np.isfinite(gaps.size).all()
        or SHARE_OF_CHANGE.get(ACTIVITIES[activity], _HALF) != _HALF
    ):
        return []
    change = extended(raked(share[..., activity], rows, gaps), rows)
    mean = share[..., activity] * minutes[..., activity]
    share[..., activity] = np.minimum(share[..., activity] * change, 1.0)
    minutes[..., activity] = mean / np.maximum(share[..., activity], _LEAST_SHARE)
    return [activity]


def _leave_the_rest_to_leisure(share: Float, minutes: Float) -> None:
    """Give leisure the minutes that the other activities leave of each day."""
    mean = share * minutes
    others = mean.sum(axis=-1) - mean[..., _LEISURE]
    rest = np.maximum(DAY_MIN - others, _LEAST_LEISURE_MIN)
    minutes[..., _LEISURE] = rest / np.maximum(share[..., _LEISURE], _LEAST_SHARE)
