"""Dimensions of a policy: which band or group a decision belongs to, one formula for any rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Int

__all__ = ["Axis", "Dimension", "banded", "named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One column, cut into bands or gathered in groups.

    Parameters
    ----------
    column : str
        Name of the column.
    labels : tuple of str
        Names of the bands or groups.
    edges : tuple of float, optional
        Where the second band and those after it begin, rising; one less than there are labels.
    groups : tuple of int, optional
        The group of each code of the column, where they are not the codes themselves.
    """

    column: str
    labels: tuple[str, ...]
    edges: tuple[float, ...] = ()
    groups: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Check that edges rise and that all bands and groups have a label.

        Raises
        ------
        DataError
            If they do not.
        """
        rises = all(low < high for low, high in pairwise(self.edges))
        fits = len(self.labels) == len(self.edges) + 1 if self.edges else bool(self.labels)
        known = all(0 <= one < len(self.labels) for one in self.groups)
        if not (rises and fits and known):
            message = (
                f"the axis of the column {self.column!r} has labels {self.labels}, edges "
                f"{self.edges} and groups {self.groups}; edges must rise, and each band and "
                "group needs a label"
            )
            raise DataError(message)

    def codes(self, columns: Mapping[str, ArrayLike]) -> Int:
        """Return the band or group of each row, in [0, number of labels).

        Raises
        ------
        DataError
            If the column is missing, or holds codes that have no label.
        """
        if self.column not in columns:
            known = ", ".join(sorted(columns))
            message = f"the column {self.column!r} is missing; there are {known or 'none'}"
            raise DataError(message)
        values = np.asarray(columns[self.column])
        if self.edges:
            return np.asarray(np.searchsorted(self.edges, values, side="right"), dtype=np.int64)
        codes = values.astype(np.int64)
        most = len(self.groups or self.labels)
        if codes.size and (codes.min() < 0 or codes.max() >= most):
            message = (
                f"codes of the column {self.column!r} must be from 0 to {most - 1}, "
                f"got {codes.min()} to {codes.max()}; use the kinds that the policy was made with"
            )
            raise DataError(message)
        return np.asarray(self.groups, dtype=np.int64)[codes] if self.groups else codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What cells differ by: one axis, or the combinations of several.

    Parameters
    ----------
    name : str
        Its name, such as ``"weather"``.
    axes : tuple of Axis
        What it is made of, at least one.

    Examples
    --------
    >>> warm = Axis(column="temperature_c", labels=("cold", "warm"), edges=(15.0,))
    >>> wet = Axis(column="is_wet", labels=("dry", "wet"))
    >>> weather = Dimension(name="weather", axes=(wet, warm))
    >>> weather.labels
    ('dry cold', 'dry warm', 'wet cold', 'wet warm')
    >>> weather.codes({"temperature_c": [20.0, 3.0], "is_wet": [0, 1]})
    array([1, 2])
    """

    name: str
    axes: tuple[Axis, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the bands or groups, in the order of their codes."""
        return tuple(" ".join(one) for one in product(*(axis.labels for axis in self.axes)))

    @property
    def size(self) -> int:
        """Number of bands or groups."""
        return prod(len(axis.labels) for axis in self.axes)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that it reads."""
        return tuple(axis.column for axis in self.axes)

    def codes(self, columns: Mapping[str, ArrayLike]) -> Int:
        """Return the band or group of each row of columns, in [0, `size`).

        Parameters
        ----------
        columns : mapping of str to array_like
            Columns of equal length, or scalars; those of `columns` at least.

        Raises
        ------
        DataError
            If a column is missing, or holds codes that have no label.
        """
        code: Int = np.zeros((), dtype=np.int64)
        for axis in self.axes:
            code = code * len(axis.labels) + axis.codes(columns)
        return code

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as a file of a policy holds them."""
        axes = [
            {
                "column": one.column,
                "labels": list(one.labels),
                "edges": list(one.edges),
                "groups": list(one.groups),
            }
            for one in self.axes
        ]
        return {"name": self.name, "axes": axes}


def banded(column: str, edges: Sequence[float], unit: str = "") -> Axis:
    """Return a column cut into bands at some numbers.

    Parameters
    ----------
    column : str
        Name of the column.
    edges : sequence of float
        Where the second band and those after it begin, rising; at least one.
    unit : str, optional
        Written behind the labels.

    Examples
    --------
    >>> banded("age", (18.0, 65.0)).labels
    ('below 18', '18 to 65', 'from 65')
    """
    told = [f"{one:g}" for one in edges]
    between = [f"{low} to {high}" for low, high in pairwise(told)]
    labels = (f"below {told[0]}", *between, f"from {told[-1]}")
    return Axis(
        column=column,
        labels=tuple(f"{one}{unit and ' '}{unit}" for one in labels),
        edges=tuple(float(one) for one in edges),
    )


def named(column: str, labels: Sequence[str], groups: Sequence[int] = ()) -> Axis:
    """Return a column of codes with their names (see `Axis`)."""
    return Axis(column=column, labels=tuple(labels), groups=tuple(groups))
