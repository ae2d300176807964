"""People of a survey drawn by its weights, for a simulation in which each person counts once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["draw_people"]

_MOST = 10_000_000


def draw_people(table: SurveyTable, persons: int, *, seed: int) -> SurveyTable:
    """Return people drawn with replacement, in proportion to the weights of the survey.

    Whole households are drawn, each with a probability in proportion to the mean weight of its
    members, until there are at least `persons` people; each copy is a household of its own,
    and of the last one all members stay. Without households, people are drawn.

    Parameters
    ----------
    table : SurveyTable
        Rows of a survey; without weights all count the same.
    persons : int
        Number of people; a few more if the last household has more members than are missing.
    seed : int
        Seed of the draws.

    Returns
    -------
    SurveyTable
        People without weights. Shares among them are the weighted shares of the survey, up to
        chance, if members of a household have the same weight.

    Raises
    ------
    ConfigError
        If `persons` is below 1 or above 10 million.
    DataError
        If the table has no rows, or a weight that is no number of at least 0.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> people = draw_people(synthetic_survey(50, seed=1), 200, seed=7)
    >>> len(people) >= 200, people.weight is None
    (True, True)
    """
    if not 1 <= persons <= _MOST:
        message = f"persons must be from 1 to {_MOST:,}, got {persons}"
        raise ConfigError(message)
    rows_of, chance = _households(table)
    draws = rng(seed, 0, "migration.sampling", 0)
    size = np.array([len(rows) for rows in rows_of])
    count = int(np.ceil(persons / float(np.min(size))))
    drawn = draws.choice(len(rows_of), size=count, p=chance)
    enough = int(np.searchsorted(np.cumsum(size[drawn]), persons)) + 1
    chosen = [rows_of[household] for household in drawn[:enough].tolist()]
    people = table.take(np.concatenate(chosen))
    group = np.repeat(np.arange(enough), [len(rows) for rows in chosen])
    return replace(people, weight=None, group=None if table.group is None else group)


def _households(table: SurveyTable) -> tuple[list[Int], Float]:
    """Return the rows of each household, and its probability."""
    if not len(table):
        message = "there are no rows to draw people from; give those of a survey"
        raise DataError(message)
    weight = np.ones(len(table)) if table.weight is None else table.weight
    if not (np.isfinite(weight).all() and (weight >= 0.0).all() and weight.sum() > 0.0):
        message = "weights must be numbers of at least 0, and not all 0; correct them in the table"
        raise DataError(message)
    group = np.arange(len(table)) if table.group is None else table.group
    _, number, size = np.unique(group, return_inverse=True, return_counts=True)
    order = np.argsort(number, kind="stable").astype(np.int64)
    mean = np.bincount(number, weights=weight) / size
    return np.split(order, np.cumsum(size)[:-1]), mean / mean.sum()
