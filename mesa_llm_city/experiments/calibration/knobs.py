"""The few global parameters that are fitted to departures and to popularity, one row each."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters, ParameterError

__all__ = ["KNOBS", "Knob", "knobs_of", "set_knobs"]

_STARTS = "population.schedules.work.start_min"


class Knob(NamedTuple):
    """A number that is fitted to one kind of target.

    Attributes
    ----------
    target : str
        Name of the target.
    name : str
        Dotted name of a parameter; or of a table whose lists of minutes are shifted.
    low, high : float
        Where it is looked for, within what the parameter accepts; of a shift, in minutes from
        the present value.
    rows : tuple of str
        Rows of the table that are shifted together; none for a plain parameter.
    """

    target: str
    name: str
    low: float
    high: float
    rows: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What is fitted, in a few words."""
        return f"{self.name} ({', '.join(self.rows)}), shift" if self.rows else self.name

    def value(self, parameters: CityParameters) -> float:
        """Return the present value; 0 for a shift."""
        return 0.0 if self.rows else float(parameters.get(self.name))

    def turned(self, parameters: CityParameters, value: float) -> dict[str, object]:
        """Return the parameters that change if it gets a value, by dotted name.

        Parameters
        ----------
        parameters : CityParameters
            Those that shifts start from.
        value : float
            The value; whole numbers are rounded to.
        """
        if self.rows:
            return {
                f"{self.name}.{row}": tuple(
                    min(max(round(one + value), 0), 1440) for one in parameters.get(self.name)[row]
                )
                for row in self.rows
            }
        is_whole = isinstance(parameters.get(self.name), int)
        return {self.name: round(value) if is_whole else round(value, 4)}


KNOBS = (
    Knob("departures", _STARTS, -60.0, 60.0, ("office_worker", "service_worker", "self_employed")),
    Knob("departures", "population.time_use.duties.flexible_start_sd_min", 5.0, 90.0),
    Knob("departures", "mobility.planner.chores.workday_min", 720.0, 1320.0),
    Knob("departures", "mobility.planner.lie_in_min", 0.0, 180.0),
    Knob("popularity", "mobility.gravity.gamma", 0.0, 10.0),
    Knob("popularity", "mobility.gravity.attraction", 0.0, 3.0),
    Knob("popularity", "mobility.reach.most_m", 2000.0, 20000.0),
)
"""What is fitted to what. A parameter that a version does not have is left out."""


def knobs_of(target: str, parameters: CityParameters) -> tuple[Knob, ...]:
    """Return the knobs of a target whose parameters there are."""
    return tuple(knob for knob in KNOBS if knob.target == target and _is_there(knob, parameters))


def _is_there(knob: Knob, parameters: CityParameters) -> bool:
    try:
        parameters.get(knob.name)
    except ParameterError:
        return False
    return True


def set_knobs(knobs: tuple[Knob, ...], parameters: CityParameters, place: Float) -> CityParameters:
    """Return parameters with knobs at a place, each coordinate being from 0 (low) to 1 (high)."""
    changes: dict[str, object] = {}
    for knob, at in zip(knobs, place.tolist(), strict=True):
        changes |= knob.turned(parameters, knob.low + at * (knob.high - knob.low))
    return parameters.with_(changes)
