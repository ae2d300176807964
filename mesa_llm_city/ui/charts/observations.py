"""What was observed of real people, to be drawn beside what a city does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.departures import DepartureCurve
from mesa_llm_city.experiments.observed.folder import Observed
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.person.selection import source_of

if TYPE_CHECKING:
    from mesa_llm_city.core.clock import Clock

__all__ = ["Observations", "observations", "observe"]

_ANY_DAY = "all"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observations:
    """Observed curves.

    Parameters
    ----------
    time_use : ndarray of float64, shape (groups, slots), optional
        Shares of people by time of day, one row for each of ``palette_of(parameters).groups``.
    time_use_source : str, optional
        Where they come from.
    departures : mapping of str to ndarray of float64, shape (24,)
        Shares of the trips of a day that begin in each hour, by kind of day: ``all``,
        ``weekday``, ``weekend``, ``saturday`` or ``sunday``.
    departures_source : str, optional
        Where they come from.
    """

    time_use: Float | None = None
    time_use_source: str = ""
    departures: Mapping[str, Float] = field(default_factory=dict)
    departures_source: str = ""

    @classmethod
    def read(cls, folder: str | Path, parameters: CityParameters) -> Self:
        """Read the departures of a folder of observed tables.

        Parameters
        ----------
        folder : str or Path
            With ``departures.csv`` (see ``docs/reference/observed_tables.md``).
        parameters : CityParameters
            Those of the city.

        Raises
        ------
        ConfigError
            If there is no such table.
        DataError
            If the table has defects; all of them are listed.
        """
        found = Observed.read(Path(folder), parameters, only=("departures",)).departures
        if found is None:
            return cls()
        curves = {
            curve.day_type: shares
            for curve, shares in found.curves.items()
            if curve == DepartureCurve(day_type=curve.day_type)
        }
        return cls(departures=curves, departures_source=found.source.file)

    def departures_on(self, clock: Clock, minute: int) -> Float | None:
        """Return the departures of the kind of day of a minute, None if they are not known.

        Parameters
        ----------
        clock : Clock
            Calendar of the run.
        minute : int
            In minutes since the start of the run.
        """
        day = clock.at(minute).strftime("%A").lower()
        kind = "weekend" if day in {"saturday", "sunday"} else "weekday"
        for name in (day, kind, _ANY_DAY):
            if name in self.departures:
                return self.departures[name]
        return None


_OBSERVED = PerModel(Observations)


def observe(model: object, observed: Observations) -> None:
    """Let the charts of a city show what was observed, from now on.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    observed : Observations
        The curves.
    """
    _OBSERVED.share(source_of(model), observed)


def observations(model: object) -> Observations:
    """Return what was observed to be drawn beside a city, which is nothing at first.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    """
    return _OBSERVED.of(source_of(model))
