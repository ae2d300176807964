"""One column of a survey as columns of a matrix: a number, or one of several levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.feature import FeatureSpec

__all__ = ["CategoryColumn", "NumberColumn", "signed_log"]

_FURTHEST = 6.0  # standard deviations; beyond lie slips of the pen and very few fortunes


def signed_log(value: Float) -> Float:
    """Return sign(x) log(1 + abs(x)): amounts of any size and sign on one scale.

    Examples
    --------
    >>> signed_log(np.array([-1.0, 0.0, np.e - 1.0])).round(3).tolist()
    [-0.693, 0.0, 1.0]
    """
    logged: Float = np.sign(value) * np.log1p(np.abs(value))
    return logged


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumn:
    """A number, centred and scaled.

    Parameters
    ----------
    name : str
        Of the column.
    logged : bool
        Whether its signed logarithm is taken first.
    median : float
        Stands for a missing value, before the logarithm.
    mean, scale : float
        Taken off and divided by, after the logarithm.
    shown : bool
        Whether an indicator of missing values stands beside it.
    """

    name: str
    logged: bool
    median: float
    mean: float
    scale: float
    shown: bool

    @classmethod
    def fit(cls, spec: FeatureSpec, values: Float, *, shown: bool) -> Self:
        """Learn from the values that are not missing; at least one is there."""
        known = values[~np.isnan(values)]
        seen = signed_log(known) if spec.money else known
        spread = float(seen.std())
        return cls(
            name=spec.name,
            logged=spec.money,
            median=float(np.median(known)),
            mean=float(seen.mean()),
            scale=spread if spread > 0.0 else 1.0,
            shown=shown,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns of the matrix."""
        return (self.name, f"{self.name}: missing") if self.shown else (self.name,)

    def encode(self, values: Float) -> Float:
        """Return one or two columns, shape (n, 1 or 2)."""
        blank = np.isnan(values)
        filled = np.where(blank, self.median, values)
        seen = signed_log(filled) if self.logged else filled
        number = np.clip((seen - self.mean) / self.scale, -_FURTHEST, _FURTHEST)
        return np.column_stack([number, blank] if self.shown else [number])

    def state(self) -> dict[str, Any]:
        """Return what was learnt, for JSON."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Build from `state`."""
        return cls(**state)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryColumn:
    """One of several levels, as zeros and a one.

    Parameters
    ----------
    name : str
        Of the column.
    levels : tuple of int
        Codes of the schema, whether or not they were met.
    labels : tuple of str
        What they mean.
    most_frequent : int
        Stands for a missing value, if those are not shown.
    shown : bool
        Whether missing is a level of its own.
    """

    name: str
    levels: tuple[int, ...]
    labels: tuple[str, ...]
    most_frequent: int
    shown: bool

    @classmethod
    def fit(cls, spec: FeatureSpec, values: Float, *, shown: bool) -> Self:
        """Learn which code is the most frequent; of several, the lowest."""
        levels = tuple(sorted(spec.codes))
        counts = [np.count_nonzero(values == level) for level in levels]
        return cls(
            name=spec.name,
            levels=levels,
            labels=tuple(spec.codes[level] for level in levels),
            most_frequent=levels[int(np.argmax(counts))],
            shown=shown,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns of the matrix."""
        labels = (*self.labels, "missing") if self.shown else self.labels
        return tuple(f"{self.name}: {label}" for label in labels)

    def encode(self, values: Float) -> NDArray[np.bool_]:
        """Return one column for each level, shape (n, levels); of unknown codes all False."""
        blank = np.isnan(values)
        seen = values if self.shown else np.where(blank, self.most_frequent, values)
        hot = seen[:, None] == np.array(self.levels, dtype=np.float64)
        return np.column_stack([hot, blank]) if self.shown else hot

    def state(self) -> dict[str, Any]:
        """Return what was learnt, for JSON."""
        return {**asdict(self), "levels": list(self.levels), "labels": list(self.labels)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Build from `state`."""
        return cls(**{**state, "levels": tuple(state["levels"]), "labels": tuple(state["labels"])})
