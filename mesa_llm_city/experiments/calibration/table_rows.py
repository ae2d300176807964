"""Which rows of a table of time use the cells of a survey are about, and how many people are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.observed.respondents import ALL, Respondents
from mesa_llm_city.experiments.validation.run_tables import Bool, RunTables
from mesa_llm_city.experiments.validation.time_use import (
    SurveyCells,
    employment,
    youngest_child,
)
from mesa_llm_city.population.categories import MAX_AGE
from mesa_llm_city.population.time_use import TimeUseTable
from mesa_llm_city.population.time_use.dimensions import Ages

__all__ = ["RowShares", "cut_ages", "row_shares"]

_PEOPLE = ("sex", "age", "employment", "youngest_child")


class RowShares(NamedTuple):
    """The r rows of a table (kinds of people and days) seen from c cells of a survey.

    Attributes
    ----------
    about : ndarray of bool, shape (c, r)
        Which rows a cell is about.
    weights : ndarray of float64, shape (c, r)
        Share of each row in the mean of a cell, by the people of the run; each adds up to 1.
    people : ndarray of float64, shape (c,)
        Number of people of the run whom a cell is about.
    reached : ndarray of bool, shape (r,)
        Rows of the ages that the survey is about.
    ages : ndarray of float64, shape (ages,)
        Middle of each age group.
    """

    about: Bool
    weights: Float
    people: Float
    reached: Bool
    ages: Float


def cut_ages(table: TimeUseTable, youngest: list[int]) -> TimeUseTable:
    """Return a table whose age groups begin also at these ages, the values being the same.

    Examples
    --------
    >>> us = TimeUseTable.builtin("us")
    >>> us.values("age")[2:4], cut_ages(us, [15, 18]).values("age")[2:5]
    (('15-19', '20-24'), ('15-17', '18-19', '20-24'))
    """
    lows = sorted({one.low for one in table.ages} | {one for one in youngest if one <= MAX_AGE})
    highs = [*(low - 1 for low in lows[1:]), table.ages[-1].high]
    ages = tuple(Ages(low, high) for low, high in zip(lows, highs, strict=True))
    rows = [next(row for row, one in enumerate(table.ages) if age.low <= one.high) for age in ages]
    return TimeUseTable(
        ages=ages,
        share_doing=table.share_doing[:, rows],
        doers_min=table.doers_min[:, rows],
        doers_sd_min=table.doers_sd_min[:, rows],
    )


def row_shares(
    table: TimeUseTable,
    tables: RunTables,
    cells: SurveyCells,
    days: Float,
    ages: tuple[int, int],
) -> RowShares:
    """Return which rows cells are about, and with which weights.

    Parameters
    ----------
    table : TimeUseTable
        The table, its ages cut where the survey cuts them.
    tables : RunTables
        The run.
    cells : SurveyCells
        The c cells.
    days : ndarray of float64, shape (p, 3)
        Days of each person, by kind.
    ages : tuple of int
        Youngest and oldest person whom the survey is about.
    """
    shape = table.share_doing.shape[:-1]
    kinds = shape[-1]
    row, known = _rows_of_people(table, tables)
    about = np.zeros((len(cells.observed), *shape), dtype=np.bool_)
    weights = np.zeros((len(cells.observed), *shape))
    for at, cell in enumerate(cells.observed):
        about[at] = _about(table, cell.respondents)
        about[at] &= cells.weights[at] > 0
        lived = np.zeros((int(np.prod(shape[:-1])), kinds))
        np.add.at(lived, row[known], (cells.who[at][:, None] * days)[known])
        lived = lived.reshape(shape) * about[at]
        total = lived.sum(axis=(0, 1, 2, 3))
        weights[at] = lived * (cells.weights[at] / np.maximum(total, 1e-9))
    inside = [ages[0] <= one.low <= ages[1] for one in table.ages]
    reached = np.zeros(shape, dtype=np.bool_)
    reached[:, np.flatnonzero(inside)] = True
    middles = np.array([(one.low + one.high) / 2.0 for one in table.ages])
    flat = (len(cells.observed), -1)
    return RowShares(
        about=about.reshape(flat),
        weights=weights.reshape(flat),
        people=cells.who.sum(axis=1),
        reached=reached.ravel(),
        ages=middles,
    )


def _about(table: TimeUseTable, who: Respondents) -> Bool:
    """Return which rows a cell is about, on all kinds of day."""
    wanted = {
        "sex": who.sex,
        "employment": ["full", "part"] if who.employment == "employed" else who.employment,
        "youngest_child": who.youngest_child,
    }
    mask = table.cells(**{name: one for name, one in wanted.items() if one != ALL})[..., 0]
    inside = [who.ages[0] <= one.low <= who.ages[1] for one in table.ages]
    mask[:, np.flatnonzero(np.logical_not(inside))] = False
    return mask


def _rows_of_people(table: TimeUseTable, tables: RunTables) -> tuple[Int, Bool]:
    """Return the row of each person among kinds of people, and for whom there is one."""
    people = tables.people
    sexes = people["gender"].astype(str).to_numpy(dtype=np.str_)
    age = people["age"].to_numpy(dtype=np.int64)
    lows = np.array([one.low for one in table.ages])
    columns = (
        _codes(sexes, table.values("sex")),
        np.searchsorted(lows, age, side="right") - 1,
        _codes(employment(tables), table.values("employment")),
        _codes(youngest_child(tables), table.values("youngest_child")),
    )
    known = np.min(columns, axis=0) >= 0
    shape = tuple(len(table.values(name)) for name in _PEOPLE)
    row: Int = np.ravel_multi_index([np.maximum(one, 0) for one in columns], shape)
    return row, known


def _codes(values: np.ndarray[tuple[int], np.dtype[np.str_]], names: tuple[str, ...]) -> Int:
    """Return the position of each value among names; -1 where it is none of them."""
    order = {name: row for row, name in enumerate(names)}
    return np.array([order.get(str(one), -1) for one in values.tolist()], dtype=np.int64)
