"""Division of a table into rows for training, validation and test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Int
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["PARTS", "Split", "split"]

PARTS = ("train", "val", "test")
_METHODS = ("random", "grouped", "predefined")


class Split(NamedTuple):
    """Three tables without common rows.

    Parameters
    ----------
    train, val, test : SurveyTable
        Rows for training, for selection and calibration, and for the final evaluation.
    """

    train: SurveyTable
    val: SurveyTable
    test: SurveyTable


def split(
    table: SurveyTable,
    by: Literal["random", "grouped", "predefined"] = "random",
    shares: Sequence[float] = (0.8, 0.1, 0.1),
    seed: int = 0,
    *,
    parts: Sequence[str] | NDArray[Any] | None = None,
) -> Split:
    """Divide rows into training, validation and test.

    Parameters
    ----------
    table : SurveyTable
        Table to divide.
    by : {"random", "grouped", "predefined"}, default "random"
        By row, so that members of a household may be in different parts (see
        `leakage_report`); by household; or as given by `parts`.
    shares : sequence of three floats, default (0.8, 0.1, 0.1)
        Shares of train, val and test, with sum 1. Grouped parts may differ from them by one
        household.
    seed : int, default 0
        Seed of the random order.
    parts : sequence of {"train", "val", "test"}, length n, optional
        Part of each row; required with ``by="predefined"``, and only then.

    Returns
    -------
    Split
        Rows in the order of the table.

    Raises
    ------
    ConfigError
        If an option is not accepted, or households are required but unknown.
    DataError
        If `parts` has other names, or another length.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> train, val, test = split(synthetic_survey(100, seed=1), "grouped")
    >>> set(train.group) & set(test.group)
    set()
    """
    if by not in _METHODS or (parts is not None) != (by == "predefined"):
        message = f"by must be one of {', '.join(_METHODS)}, the last with parts; got {by!r}"
        raise ConfigError(message)
    if parts is not None:
        part = _numbered(parts, len(table))
    else:
        count, place = _units(table, by)
        part = _divided(count, _checked(shares), seed)[place]
    return Split(*(table.take(np.flatnonzero(part == number)) for number in range(len(PARTS))))


def _units(table: SurveyTable, by: str) -> tuple[Int, Int]:
    """Return the number of rows of each row or household, and which one each row belongs to."""
    if by == "random":
        return np.ones(len(table), dtype=np.int64), np.arange(len(table))
    if table.group is None:
        message = "the table has no households to group by; split it at random, or add them"
        raise ConfigError(message)
    _, place, count = np.unique(table.group, return_inverse=True, return_counts=True)
    return count.astype(np.int64), place.astype(np.int64)


def _divided(count: Int, shares: NDArray[np.float64], seed: int) -> Int:
    """Shuffle units, and return the part of each such that parts have the given shares."""
    order = rng(seed, 0, "migration.split", 0).permutation(len(count))
    middle = np.cumsum(count[order]) - 0.5 * count[order]
    ends = np.cumsum(shares)[:-1] * count.sum()
    part = np.empty(len(count), dtype=np.int64)
    part[order] = np.searchsorted(ends, middle, side="right")
    return part


def _checked(shares: Sequence[float]) -> NDArray[np.float64]:
    given = np.asarray(shares, dtype=np.float64)
    is_valid = given.shape == (len(PARTS),) and bool(np.all(given >= 0))
    if not is_valid or not np.isclose(given.sum(), 1.0):
        message = f"shares must be three numbers of at least 0 with sum 1, got {tuple(shares)}"
        raise ConfigError(message)
    return given


def _numbered(parts: Sequence[str] | NDArray[Any], rows: int) -> Int:
    given = np.asarray(parts, dtype=object)
    unknown = sorted({repr(one) for one in given.tolist() if one not in PARTS})
    wrong = [f"there are {len(given)} entries for {rows} rows"] if len(given) != rows else []
    wrong += [f"{one} is not one of {', '.join(PARTS)}" for one in unknown]
    if wrong:
        source = "parts"
        raise DataError.listing(source, wrong)
    return np.array([PARTS.index(one) for one in given.tolist()], dtype=np.int64)
