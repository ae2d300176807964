"""Features from the labels of other members of the household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.survey.encoded_columns import finite
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["HouseholdMean", "household_keys", "shrunk_share"]

_WEIGHT = 1.0  # weight of the base rate, in rows


def shrunk_share(positives: Float | Int, count: Float | Int, base_rate: float) -> Float:
    """Return the share of positives, shrunk towards the base rate by the weight of one row.

    (s + m b) / (n + m) with m = 1, the "m-estimate" of Micci-Barreca (2001), A
    preprocessing scheme for high-cardinality categorical attributes,
    https://doi.org/10.1145/507533.507538.

    Examples
    --------
    >>> shrunk_share(np.array([0, 1, 2]), np.array([0, 1, 2]), 0.4).round(3).tolist()
    [0.4, 0.7, 0.8]
    """
    share: Float = (positives + _WEIGHT * base_rate) / (count + _WEIGHT)
    return share


def household_keys(group: NDArray[Any]) -> list[str]:
    """Return households as text, whether they are numbers or text."""
    return [str(one) for one in group.tolist()]


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdMean:
    """Number of rows and positives of each household in the training table.

    It gives two columns: the shrunk share of positives among the other members, minus the
    base rate; and log(1 + n) with n other members whose label is known.

    Parameters
    ----------
    base_rate : float
        Share of positives in the training table.
    counts, positives : dict of str to int
        Number of rows and positives by household.
    """

    base_rate: float
    counts: dict[str, int]
    positives: dict[str, int]

    @classmethod
    def fit(cls, table: SurveyTable) -> Self:
        """Count rows and positives of each household."""
        keys, place = np.unique(_known(table), return_inverse=True)
        counts = np.bincount(place, minlength=len(keys))
        positives = np.bincount(place, weights=table.target, minlength=len(keys)).astype(int)
        names = household_keys(keys)
        return cls(
            base_rate=float(table.target.mean()),
            counts=dict(zip(names, counts.tolist(), strict=True)),
            positives=dict(zip(names, positives.tolist(), strict=True)),
        )

    @property
    def names(self) -> tuple[str, str]:
        """Names of the columns."""
        return ("household: others with label 1", "household: others known")

    def of(self, group: NDArray[Any] | None, rows: int) -> NDArray[np.float32]:
        """Return both columns for rows that are not in the training table, shape (rows, 2).

        A household without training rows has the base rate and no known members.
        """
        keys = [""] * rows if group is None else household_keys(group)
        return self._columns(keys, np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64))

    def of_others(self, table: SurveyTable) -> NDArray[np.float32]:
        """Return both columns for rows of the training table, without the row itself.

        Raises
        ------
        DataError
            If a row was not in the training table.
        """
        keys = household_keys(_known(table))
        unknown = [key for key in keys if key not in self.counts]
        if unknown:
            message = (
                f"{len(unknown)} rows, such as of household {unknown[0]}, were not fitted on; "
                "use transform for such rows"
            )
            raise DataError(message)
        return self._columns(keys, table.target.astype(np.int64), np.ones(len(keys), np.int64))

    def state(self) -> dict[str, Any]:
        """Return rows and positives by household, for JSON."""
        labels = {key: [count, self.positives[key]] for key, count in self.counts.items()}
        return {"base_rate": self.base_rate, "labels": labels}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return what `state` described.

        Raises
        ------
        ValueError
            If a number is none, or a household has more positives than rows.
        """
        labels = state["labels"].items()
        base_rate = finite("base_rate", state["base_rate"])
        if not all(0 <= positive <= count for _, (count, positive) in labels):
            message = "a household has more positives than rows"
            raise ValueError(message)
        return cls(
            base_rate=base_rate,
            counts={key: int(count) for key, (count, _) in labels},
            positives={key: int(positive) for key, (_, positive) in labels},
        )

    def _columns(self, keys: list[str], own_label: Int, own_row: Int) -> NDArray[np.float32]:
        count = np.array([self.counts.get(key, 0) for key in keys], dtype=np.int64) - own_row
        positive = np.array([self.positives.get(key, 0) for key in keys], dtype=np.int64)
        share = shrunk_share(positive - own_label, count, self.base_rate)
        return np.column_stack([share - self.base_rate, np.log1p(count)]).astype(np.float32)


def _known(table: SurveyTable) -> NDArray[Any]:
    if table.group is None:
        message = "household_mean needs households, but the table has none; turn it off"
        raise ConfigError(message)
    return table.group
