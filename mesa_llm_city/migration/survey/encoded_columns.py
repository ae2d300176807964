"""Encoding of one survey column as columns of a matrix: a number, or one-hot categories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from math import isfinite
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.rare_codes import RareCodes

__all__ = ["CategoryColumn", "NumberColumn", "TextColumn", "finite", "signed_log"]

_MOST_BINS = 4096
_FURTHEST = 6.0  # standard deviations; values beyond are mostly errors of data entry


def signed_log(value: Float) -> Float:
    """Return sign(x) log(1 + abs(x)), which puts amounts of any size and sign on one scale.

    Examples
    --------
    >>> signed_log(np.array([-1.0, 0.0, np.e - 1.0])).round(3).tolist()
    [-0.693, 0.0, 1.0]
    """
    logged: Float = np.sign(value) * np.log1p(np.abs(value))
    return logged


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumn:
    """A number, standardised.

    Parameters
    ----------
    name : str
        Name of the column.
    logged : bool
        Whether the signed logarithm is taken first.
    median : float
        Replaces missing values, before the logarithm.
    mean, scale : float
        Mean and standard deviation, after the logarithm.
    shown : bool
        Whether an indicator of missing values is added.
    """

    name: str
    logged: bool
    median: float
    mean: float
    scale: float
    shown: bool

    @classmethod
    def fit(cls, spec: Column, values: Float, *, shown: bool) -> Self:
        """Fit median, mean and scale to the values that are not missing, at least one."""
        known = values[~np.isnan(values)]
        scaled = signed_log(known) if spec.money else known
        spread = float(scaled.std())
        return cls(
            name=spec.name,
            logged=spec.money,
            median=float(np.median(known)),
            mean=float(scaled.mean()),
            scale=spread if spread > 0.0 else 1.0,
            shown=shown,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of the matrix."""
        return (self.name, f"{self.name}: missing") if self.shown else (self.name,)

    def encode(self, values: Float) -> Float:
        """Return one or two columns, shape (n, 1 or 2)."""
        blank = np.isnan(values)
        filled = np.where(blank, self.median, values)
        seen = signed_log(filled) if self.logged else filled
        number = np.clip((seen - self.mean) / self.scale, -_FURTHEST, _FURTHEST)
        return np.column_stack([number, blank] if self.shown else [number])

    def state(self) -> dict[str, Any]:
        """Return the fitted values, for JSON."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the column that `state` described.

        Raises
        ------
        ValueError
            If a value is of another type, or no finite number.
        """
        column = cls(**state)
        _check_texts(column.name)
        _check_flags(logged=column.logged, shown=column.shown)
        for name in ("median", "mean", "scale"):
            finite(name, getattr(column, name))
        if not column.scale > 0.0:
            message = f"scale must be positive, got {column.scale}"
            raise ValueError(message)
        return column


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryColumn:
    """A categorical column, one-hot.

    Parameters
    ----------
    name : str
        Name of the column.
    levels : tuple of int
        Codes of the schema, including those that do not occur.
    labels : tuple of str
        Meaning of the codes.
    most_frequent : int
        Replaces missing values if they are not shown.
    shown : bool
        Whether missing is a category of its own.
    rare : RareCodes or None
        Codes that few training rows have, which are taken as one; None if there are none.
    """

    name: str
    levels: tuple[int, ...]
    labels: tuple[str, ...]
    most_frequent: int
    shown: bool
    rare: RareCodes | None = None

    @classmethod
    def fit(cls, spec: Column, values: Float, *, shown: bool) -> Self:
        """Find the most frequent code; of several, the lowest."""
        words = spec.words_in("en")
        levels = tuple(sorted(words))
        counts = [np.count_nonzero(values == level) for level in levels]
        return cls(
            name=spec.name,
            levels=levels,
            labels=tuple(words[level] for level in levels),
            most_frequent=levels[int(np.argmax(counts))],
            shown=shown,
            rare=RareCodes.find(spec.name, values, levels) or None,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed: codes that are taken as one."""
        if self.rare is None:
            return ()
        return (self.rare.told(dict(zip(self.levels, self.labels, strict=True))),)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of the matrix."""
        labels = (*self.labels, "missing") if self.shown else self.labels
        return tuple(f"{self.name}: {label}" for label in labels)

    def encode(self, values: Float) -> NDArray[np.bool_]:
        """Return one column for each code, shape (n, levels); all False for unknown codes."""
        blank = np.isnan(values)
        seen = values if self.shown else np.where(blank, self.most_frequent, values)
        seen = seen if self.rare is None else self.rare.pooled(seen)
        hot = seen[:, None] == np.array(self.levels, dtype=np.float64)
        return np.column_stack([hot, blank]) if self.shown else hot

    def state(self) -> dict[str, Any]:
        """Return the fitted values, for JSON."""
        content: dict[str, Any] = {
            "name": self.name,
            "levels": list(self.levels),
            "labels": list(self.labels),
            "most_frequent": self.most_frequent,
            "shown": self.shown,
        }
        return content if self.rare is None else {**content, "rare": self.rare.to_json()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the column that `state` described.

        Raises
        ------
        ValueError
            If a value is of another type, or levels and labels do not fit.
        """
        levels, labels = tuple(state["levels"]), tuple(state["labels"])
        rare = RareCodes.from_json(state["rare"]) if "rare" in state else None
        column = cls(**{**state, "levels": levels, "labels": labels, "rare": rare})
        _check_texts(column.name, *labels)
        _check_flags(shown=column.shown)
        for level in (*levels, column.most_frequent):
            finite("a level", level)
        if len(levels) != len(labels) or column.most_frequent not in levels:
            message = f"{column.name} has levels {levels}, labels {labels}: they do not fit"
            raise ValueError(message)
        return column


@dataclass(frozen=True, slots=True, kw_only=True)
class TextColumn:
    """A column of text as numbers of words, by the hash of the word (Weinberger et al. 2009).

    Feature hashing for large scale multitask learning, https://doi.org/10.1145/1553374.1553516

    Parameters
    ----------
    name : str
        Name of the column.
    bins : int, default 32
        Number of columns of the matrix; different words may share one.
    """

    name: str
    bins: int = 32

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of the matrix."""
        return tuple(f"{self.name}: words {number}" for number in range(self.bins))

    def encode(self, values: NDArray[Any]) -> Float:
        """Return the logarithm of 1 plus the number of words in each bin, shape (n, bins)."""
        counts = np.zeros((len(values), self.bins))
        for row, text in enumerate(values.tolist()):
            for word in _words(text):
                counts[row, _bin(word, self.bins)] += 1.0
        encoded: Float = np.log1p(counts)
        return encoded

    def state(self) -> dict[str, Any]:
        """Return the values, for JSON."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the column that `state` described.

        Raises
        ------
        ValueError
            If a value is of another type.
        """
        column = cls(**state)
        _check_texts(column.name)
        if not 1 <= finite("bins", column.bins) <= _MOST_BINS:
            message = f"bins must be from 1 to {_MOST_BINS}, got {column.bins}"
            raise ValueError(message)
        return column


def _words(text: object) -> list[str]:
    return re.findall(r"\w+", text.casefold()) if isinstance(text, str) else []


def _bin(word: str, bins: int) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") % bins


def finite(name: str, value: object) -> float:
    """Return a finite number from a file.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> finite("mean", 0.5)
    0.5
    """
    try:
        is_finite = isinstance(value, int | float) and isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        is_finite = False
    if isinstance(value, bool) or not is_finite:
        message = f"{name} must be a finite number, got {value!r}"
        raise ValueError(message)
    return float(value)  # type: ignore[arg-type]


def _check_texts(*texts: object) -> None:
    if wrong := [one for one in texts if not isinstance(one, str)]:
        message = f"a name or label must be a text, got {wrong[0]!r}"
        raise TypeError(message)


def _check_flags(**flags: object) -> None:
    for name, value in flags.items():
        if not isinstance(value, bool):
            message = f"{name} must be true or false, got {value!r}"
            raise TypeError(message)
