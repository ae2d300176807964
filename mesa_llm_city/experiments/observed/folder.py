"""A folder of observed tables: whichever of the five it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.text_files import is_file, is_folder
from mesa_llm_city.experiments.observed.cells import Source
from mesa_llm_city.experiments.observed.counts import ObservedCounts, read_counts
from mesa_llm_city.experiments.observed.departures import Departures, read_departures
from mesa_llm_city.experiments.observed.modes import ObservedModes, read_modes
from mesa_llm_city.experiments.observed.popularity import ObservedPopularity, read_popularity
from mesa_llm_city.experiments.observed.time_use import ObservedTimeUse, read_time_use
from mesa_llm_city.parameters import CityParameters

__all__ = ["TABLES", "Observed", "table_files"]

TABLES = ("time_use", "departures", "modes", "popularity", "counts")
"""Names of the tables, without the ending of the file."""

_ENDINGS = (".csv", ".csv.gz", ".parquet", ".tsv", ".txt", ".zip")
_Table = TypeVar("_Table")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """What was observed; None where there is no table.

    Parameters
    ----------
    time_use : ObservedTimeUse, optional
        Minutes a day by activity.
    departures : Departures, optional
        Trips by hour.
    modes : ObservedModes, optional
        Mode shares by length of the trip.
    popularity : ObservedPopularity, optional
        Users by place.
    counts : ObservedCounts, optional
        People by point.
    """

    time_use: ObservedTimeUse | None = None
    departures: Departures | None = None
    modes: ObservedModes | None = None
    popularity: ObservedPopularity | None = None
    counts: ObservedCounts | None = None

    @classmethod
    def read(cls, folder: Path, parameters: CityParameters, only: Sequence[str] = TABLES) -> Self:
        """Read the tables of a folder.

        Parameters
        ----------
        folder : Path
            With ``time_use.csv``, ``departures.csv``, ``modes.csv``, ``popularity.csv`` or
            ``counts.csv``; others are not read.
        parameters : CityParameters
            Those of the run, with its modes and purposes.
        only : sequence of str, optional
            Names of the tables that are wanted, some of `TABLES`; all by default.

        Raises
        ------
        ConfigError
            If there is no such folder, or none of the tables in it.
        DataError
            If tables have defects; those of all tables are listed.
        """
        files = table_files(folder, only)
        groups = [purpose.survey_group for purpose in parameters.purposes.values()]
        readers: dict[str, Callable[[Path], object]] = {
            "time_use": lambda path: read_time_use(path, groups),
            "departures": read_departures,
            "modes": lambda path: read_modes(path, tuple(parameters.modes)),
            "popularity": read_popularity,
            "counts": read_counts,
        }
        defects: list[str] = []
        found = {name: _read(readers[name], path, defects) for name, path in files.items()}
        if defects:
            raise DataError.listing(str(folder), defects)
        return cls(**found)  # type: ignore[arg-type]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that were read."""
        tables = (self.time_use, self.departures, self.modes, self.popularity, self.counts)
        return tuple(table.source for table in tables if table is not None)


def table_files(folder: Path, only: Sequence[str]) -> dict[str, Path]:
    """Return the files of the tables in a folder, by name of the table.

    Parameters
    ----------
    folder : Path
        The folder.
    only : sequence of str
        Names of the tables that are wanted.

    Raises
    ------
    ConfigError
        If there is no such folder, or none of the tables in it.
    """
    if not is_folder(folder):
        message = f"{folder} is no folder; give the folder of the observed tables"
        raise ConfigError(message)
    candidates = {name: [folder / f"{name}{end}" for end in _ENDINGS] for name in only}
    found = {
        name: next(path for path in paths if is_file(path))
        for name, paths in candidates.items()
        if any(map(is_file, paths))
    }
    if not found:
        listed = " or ".join(f"{name}.csv" for name in only)
        message = f"{folder} holds none of the observed tables: there is no {listed}"
        raise ConfigError(message)
    return found


def _read(read: Callable[[Path], _Table], path: Path, defects: list[str]) -> _Table | None:
    try:
        return read(path)
    except DataError as error:
        defects += error.defects or (str(error),)
        return None
