"""Measures before and after a fit, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any

from mesa_llm_city.experiments.validation.measure import Measure

__all__ = ["Compared", "LeftOut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One measure before and after the fit.

    Parameters
    ----------
    target : str
        Kind of target.
    is_left_out : bool
        Whether it is of cells that were left out of the fit.
    before, after : Measure
        The measure of the run with the parameters before, and after.
    """

    target: str
    is_left_out: bool
    before: Measure
    after: Measure

    @property
    def verdict(self) -> str:
        """Whether the fit made it better or worse, or no more different than the interval."""
        gap = self.after.gain - self.before.gain
        if isnan(gap):  # there is no naive prediction
            sign = 1.0 if self.after.better == "lower" else -1.0
            gap = sign * (self.before.value - self.after.value)
        half = (self.after.interval[1] - self.after.interval[0]) / 2.0
        if abs(gap) <= half:
            return "as before"
        return "better" if gap > 0 else "worse"

    @property
    def cells(self) -> str:
        """Whether cells were fitted or left out, in words."""
        return "left out" if self.is_left_out else "fitted"

    def to_dict(self) -> dict[str, Any]:
        """Return the same for JSON."""
        return {
            "target": self.target,
            "cells": self.cells,
            "measure": self.after.name,
            "against_before": self.verdict,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    def to_row(self) -> dict[str, Any]:
        """Return the same as a row of a table."""
        before, after = self.before.to_dict(), self.after.to_dict()
        naive = list(after["naive"].items()) or [("", None)]
        return {
            "target": self.target,
            "cells": self.cells,
            "measure": self.after.name,
            "unit": self.after.unit,
            "better": self.after.better,
            "naive": naive[0][1],
            "naive_is": naive[0][0],
            "before": before["value"],
            "before_low_95": before["interval_95"][0],
            "before_high_95": before["interval_95"][1],
            "after": after["value"],
            "after_low_95": after["interval_95"][0],
            "after_high_95": after["interval_95"][1],
            "against_naive": self.after.verdict,
            "against_before": self.verdict,
            "n": self.after.n,
            "units": self.after.units,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What of a target was left out of the fit.

    Parameters
    ----------
    target : str
        Kind of target.
    names : tuple of str
        Groups that were left out; none if everything was fitted.
    unused : tuple of str
        Groups that were not used at all, since they hold people of both parts.
    """

    target: str
    names: tuple[str, ...]
    unused: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a sentence."""
        if not self.names:
            return f"{self.target}: nothing was left out, so that nothing here is a test of the fit"
        unused = f"; not used, as they hold both: {', '.join(self.unused)}" if self.unused else ""
        return f"{self.target}: {', '.join(self.names)}{unused}"
