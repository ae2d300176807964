"""Rows apart: for training, for choosing, and for the test nobody looks at before."""

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
_WAYS = ("random", "grouped", "predefined")


class Split(NamedTuple):
    """Three tables that share no row.

    Parameters
    ----------
    train, val, test : SurveyTable
        Rows to learn from, to choose by, and to report on.
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
        All rows.
    by : {"random", "grouped", "predefined"}, default "random"
        Row by row, so that members of a household may come to lie on both sides (see
        `leakage_report`); whole households, so that none does; or as `parts` says.
    shares : sequence of three floats, default (0.8, 0.1, 0.1)
        Of train, val and test; they sum to 1. By households, they are met to within one
        household.
    seed : int, default 0
        Seed; equal seeds divide equally.
    parts : sequence of {"train", "val", "test"}, length n, optional
        Where each row goes, with ``by="predefined"`` and only then.

    Returns
    -------
    Split
        Rows in the order of the table.

    Raises
    ------
    ConfigError
        If an option is not accepted, or the households are unknown but needed.
    DataError
        If `parts` names others, or is of another length.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> train, val, test = split(synthetic_survey(100, seed=1), "grouped")
    >>> set(train.group) & set(test.group)
    set()
    """
    if by not in _WAYS or (parts is not None) != (by == "predefined"):
        message = f"by must be one of {', '.join(_WAYS)}, the last with parts; got {by!r}"
        raise ConfigError(message)
    if parts is not None:
        part = _numbered(parts, len(table))
    else:
        count, place = _units(table, by)
        part = _dealt(count, _checked(shares), seed)[place]
    return Split(*(table.take(np.flatnonzero(part == number)) for number in range(len(PARTS))))


def _units(table: SurveyTable, by: str) -> tuple[Int, Int]:
    """Return the rows of each unit that stays together, and the unit of each row."""
    if by == "random":
        return np.ones(len(table), dtype=np.int64), np.arange(len(table))
    if table.group is None:
        message = "the table knows no households to group by; split it at random, or name them"
        raise ConfigError(message)
    _, place, count = np.unique(table.group, return_inverse=True, return_counts=True)
    return count.astype(np.int64), place.astype(np.int64)


def _dealt(count: Int, shares: NDArray[np.float64], seed: int) -> Int:
    """Return the part of each unit: shuffled, then cut where the shares of rows are met."""
    order = rng(seed, 0, "migration.split", 0).permutation(len(count))
    middle = np.cumsum(count[order]) - 0.5 * count[order]
    ends = np.cumsum(shares)[:-1] * count.sum()
    part = np.empty(len(count), dtype=np.int64)
    part[order] = np.searchsorted(ends, middle, side="right")
    return part


def _checked(shares: Sequence[float]) -> NDArray[np.float64]:
    told = np.asarray(shares, dtype=np.float64)
    if told.shape != (len(PARTS),) or not np.all(told >= 0) or not np.isclose(told.sum(), 1.0):
        message = f"shares must be three numbers from 0 that sum to 1, got {tuple(shares)}"
        raise ConfigError(message)
    return told


def _numbered(parts: Sequence[str] | NDArray[Any], rows: int) -> Int:
    told = np.asarray(parts, dtype=object)
    strange = sorted({repr(one) for one in told.tolist() if one not in PARTS})
    wrong = [f"{len(told)} entries stand beside {rows} rows"] if len(told) != rows else []
    wrong += [f"{one} is not one of {', '.join(PARTS)}" for one in strange]
    if wrong:
        source = "parts"
        raise DataError.listing(source, wrong)
    return np.array([PARTS.index(one) for one in told.tolist()], dtype=np.int64)
