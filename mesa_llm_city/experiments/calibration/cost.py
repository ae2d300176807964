"""What a calibration will cost, before it starts."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.experiments.calibration.fit import SEARCHED, STEPPED
from mesa_llm_city.experiments.observed.folder import Observed
from mesa_llm_city.experiments.options import RunOptions

__all__ = ["Cost", "cost_of"]

_CPU_S_PER_CITIZEN_DAY = 0.010
_BEFORE, _CHECKS = 1, 2


class Cost(NamedTuple):
    """Cost of a calibration at most; it ends earlier when gains stop.

    Attributes
    ----------
    runs : int
        Number of runs.
    citizens, days : int
        Size of each.
    cpu_s : float
        CPU seconds in all.
    """

    runs: int
    citizens: int
    days: int
    cpu_s: float

    def __str__(self) -> str:
        """Return it as a line."""
        amount = f"{self.cpu_s:,.0f} s" if self.cpu_s < 600 else f"{self.cpu_s / 60:,.0f} min"
        length = "1 day" if self.days == 1 else f"{self.days} days"
        return (
            f"at most {self.runs} runs x {self.citizens:,} people x {length} = "
            f"{self.runs * self.citizens * self.days:,} citizen-days, about {amount} of CPU"
        )


def cost_of(options: RunOptions, observed: Observed, *, steps: int, evaluations: int) -> Cost:
    """Return what a calibration costs at most.

    Parameters
    ----------
    options : RunOptions
        Size of a run.
    observed : Observed
        The targets.
    steps, evaluations : int
        Limits, as `calibrate` takes them.
    """
    given = {name for name in Observed.__slots__ if getattr(observed, name) is not None}
    given = {name.replace("_", " ") for name in given}
    stepped = steps if given & set(STEPPED) else 0
    runs = _BEFORE + stepped + evaluations * len(given & set(SEARCHED)) + _CHECKS
    citizens = options.citizens if options.people is None else _people_of(options)
    cpu_s = runs * citizens * options.days * _CPU_S_PER_CITIZEN_DAY
    return Cost(runs, citizens, options.days, cpu_s)


def _people_of(options: RunOptions) -> int:
    """Return how many rows the table of people has."""
    from mesa_llm_city.core.tables.table import read_table

    return 0 if options.people is None else len(read_table(options.people).frame)
