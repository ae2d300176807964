"""A measure: what was found, how sure it is, and what it is to be compared with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.validation.bootstrap import Estimate

__all__ = ["Better", "Family", "Figure", "Measure", "Reference", "Verdict", "measures_of"]

Better = Literal["lower", "higher", "nearer"]
"""How a measure is read: errors are better when lower, correlations when higher, and figures
with a reference when nearer to it."""

Verdict = Literal["better", "worse", "as naive", ""]
"""Against the naive prediction; empty where there is none to compare with."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a figure is among people.

    Parameters
    ----------
    value : float
        The figure.
    source : str
        Where it is from: a file of observations, or a publication.
    """

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure about a run.

    Parameters
    ----------
    name : str
        What is measured.
    unit : str
        Its unit; empty if it has none.
    value : float
        The figure; NaN if the run is too short or too small for it.
    interval : tuple of float
        Its 95 % interval: the value plus and minus 1.96 standard errors of a bootstrap over
        persons.
    better : {"lower", "higher", "nearer"}
        How it is read.
    naive : mapping of str to float
        The same figure for naive predictions, by their names; the first is the main one.
    reference : Reference, optional
        What the figure is among people.
    n : int
        How many `units` it is based on.
    units : str
        What they are, such as ``person-days``.
    """

    name: str
    unit: str = ""
    value: float
    interval: tuple[float, float]
    better: Better
    naive: Mapping[str, float] = field(default_factory=dict)
    reference: Reference | None = None
    n: int
    units: str

    @property
    def gain(self) -> float:
        """By how much it is better than the main naive prediction; NaN if that cannot be said."""
        first = next(iter(self.naive.values()), math.nan)
        if self.better == "lower":
            return first - self.value
        if self.better == "higher":
            return self.value - first
        goal = math.nan if self.reference is None else self.reference.value
        return abs(first - goal) - abs(self.value - goal)

    @property
    def verdict(self) -> Verdict:
        """Whether it is better or worse than the main naive prediction, or within the interval."""
        half = (self.interval[1] - self.interval[0]) / 2.0
        if math.isnan(self.gain):
            return ""
        if abs(self.gain) <= half:
            return "as naive"
        return "better" if self.gain > 0 else "worse"

    def to_dict(self) -> dict[str, Any]:
        """Return the same for JSON; figures that there are not are null."""
        return {
            "name": self.name,
            "unit": self.unit,
            "value": _rounded(self.value),
            "interval_95": [_rounded(end) for end in self.interval],
            "better": self.better,
            "naive": {name: _rounded(one) for name, one in self.naive.items()},
            "against_naive": self.verdict,
            "reference": None if self.reference is None else _rounded(self.reference.value),
            "reference_source": "" if self.reference is None else self.reference.source,
            "n": self.n,
            "units": self.units,
        }


class Figure(NamedTuple):
    """What one of several figures is about that are estimated together; see `Measure`.

    Attributes
    ----------
    name : str
        What is measured.
    n : int
        How many `units` it is based on.
    units : str
        What they are, such as ``trips``.
    unit : str
        Unit of the figure; empty if it has none.
    better : {"lower", "higher", "nearer"}
        How it is read.
    reference : Reference, optional
        What the figure is among people.
    """

    name: str
    n: int
    units: str
    unit: str = ""
    better: Better = "nearer"
    reference: Reference | None = None


def measures_of(
    figures: Sequence[Figure], found: Estimate, naive: Mapping[str, Float]
) -> Iterator[Measure]:
    """Yield the measures of figures that were estimated together.

    Parameters
    ----------
    figures : sequence of Figure
        The k figures.
    found : Estimate
        Their values and intervals, in the same order.
    naive : mapping of str to ndarray of float64, shape (k,)
        The same figures for naive predictions; where one is NaN, it is left out.
    """
    for row, figure in enumerate(figures):
        value, interval = found.at(row)
        alone = {name: float(one[row]) for name, one in naive.items() if np.isfinite(one[row])}
        yield Measure(**figure._asdict(), value=value, interval=interval, naive=alone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Measures of one kind, and the figures behind them.

    Parameters
    ----------
    name : str
        Name of the kind, such as ``time use``.
    measures : tuple of Measure
        The measures.
    details : mapping of str to Any
        Tables and curves, for JSON and for the picture.
    notes : tuple of str
        What was assumed or left out.
    """

    name: str
    measures: tuple[Measure, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the same for JSON."""
        return {
            "name": self.name,
            "measures": [one.to_dict() for one in self.measures],
            "details": dict(self.details),
            "notes": list(self.notes),
        }


def _rounded(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None
