"""What a city is fitted to: four kinds of target, each with a part that is left out of the fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.experiments.calibration.held_out import (
    HALF,
    NONE,
    Parts,
    split_departures,
    split_modes,
    split_popularity,
    split_time_use,
    words_of,
)
from mesa_llm_city.experiments.observed.cells import Source
from mesa_llm_city.experiments.observed.departures import read_departures
from mesa_llm_city.experiments.observed.folder import Observed
from mesa_llm_city.experiments.observed.modes import read_modes
from mesa_llm_city.experiments.observed.popularity import read_popularity
from mesa_llm_city.experiments.observed.time_use import read_time_use
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.departures import departures
from mesa_llm_city.experiments.validation.measure import Family, Measure
from mesa_llm_city.experiments.validation.mode_shares import mode_shares
from mesa_llm_city.experiments.validation.popularity import match_places, popularity
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.experiments.validation.time_use import time_use
from mesa_llm_city.parameters import CityParameters

__all__ = ["NAMES", "Target", "check_hold_out", "read_targets", "targets_of"]

NAMES = ("time use", "departures", "modes", "popularity")
"""The kinds of target, in the order in which they are fitted and reported."""

_Observed: TypeAlias = Any
_Measure: TypeAlias = Callable[[RunTables, _Observed, Bootstrap], Family]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One kind of target.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    source : Source
        The file.
    parts : Parts
        What is fitted, and what is left out.
    measure : callable
        Returns the measures of a run against a part.
    main : tuple of str
        How the names of the measures end that the fit makes better.
    """

    name: str
    source: Source
    parts: Parts[_Observed]
    measure: _Measure
    main: tuple[str, ...]

    def measures(self, tables: RunTables, part: _Observed, draws: int, seed: int) -> list[Measure]:
        """Return the main measures of a run against a part of the table."""
        bootstrap = Bootstrap(tables.persons, draws=draws, seed=seed)
        family = self.measure(tables, part, bootstrap)
        return [one for one in family.measures if one.name.endswith(self.main)]

    def loss(self, tables: RunTables) -> float:
        """Return how far a run is from what is fitted; 0 is the best.

        Raises
        ------
        ConfigError
            If nothing can be compared.
        """
        found = self.measures(tables, self.parts.fitted, draws=0, seed=0)
        errors = [one.value if one.better == "lower" else 1.0 - one.value for one in found]
        if not errors or not np.isfinite(errors).all():
            notes = self.measure(
                tables, self.parts.fitted, Bootstrap(tables.persons, draws=0)
            ).notes
            message = (
                f"{self.name}: {self.source.file} cannot be compared with the run"
                f"{''.join(f'; {note}' for note in notes)}; take more people or days, or a "
                "table about them"
            )
            raise ConfigError(message)
        return float(np.mean(errors))


def read_targets(files: Mapping[str, Path | None], parameters: CityParameters) -> Observed:
    """Read the tables to fit.

    Parameters
    ----------
    files : mapping of str to Path or None
        By `NAMES`; None where there is none.
    parameters : CityParameters
        With the modes and purposes of the run.

    Raises
    ------
    ConfigError
        If there is none.
    DataError
        Lists all defects of all tables.
    """
    groups = [purpose.survey_group for purpose in parameters.purposes.values()]
    readers: dict[str, Callable[[Path], object]] = {
        "time use": lambda path: read_time_use(path, groups),
        "departures": read_departures,
        "modes": lambda path: read_modes(path, tuple(parameters.modes)),
        "popularity": read_popularity,
    }
    given = {name: files[name] for name in NAMES if files.get(name) is not None}
    if not given:
        message = (
            "there is nothing to fit; give a table of time use, departures, modes or popularity"
        )
        raise ConfigError(message)
    found: dict[str, Any] = {}
    defects: list[str] = []
    for name, path in given.items():
        try:
            found[name.replace(" ", "_")] = readers[name](Path(str(path)))
        except DataError as error:
            defects += error.defects or (str(error),)
    if defects:
        source = "the tables to fit"
        raise DataError.listing(source, defects)
    return Observed(**found)


def check_hold_out(observed: Observed, hold_out: Sequence[str]) -> None:
    """Refuse names of groups that no table has.

    Raises
    ------
    ConfigError
        If a name is unknown, or stands beside `HALF` or `NONE`.
    """
    if len(hold_out) > 1 and {HALF, NONE} & set(hold_out):
        message = f"hold_out: {HALF} and {NONE} stand alone, got {', '.join(hold_out)}"
        raise ConfigError(message)
    known = [HALF, NONE, *_nameable(observed)]
    ids = () if observed.popularity is None else observed.popularity.ids
    for name in hold_out:
        if name not in known and name not in ids:
            message = (
                f"hold_out: no table has a group {name!r:.60}{did_you_mean(name, known)}; "
                f"there are {', '.join(one for one in known if ', ' not in one)}"
            )
            raise ConfigError(message)


def _nameable(observed: Observed) -> Iterator[str]:
    if observed.time_use is not None:
        yield from words_of(observed.time_use)
    if observed.departures is not None:
        yield from (str(curve) for curve in observed.departures.curves)
    if observed.modes is not None:
        yield from (str(band) for band in observed.modes.shares if not band.is_all)


def targets_of(
    observed: Observed, hold_out: Sequence[str], tables: RunTables
) -> tuple[Target, ...]:
    """Return the targets, each split into what is fitted and what is left out.

    Parameters
    ----------
    observed : Observed
        The tables.
    hold_out : sequence of str
        What is left out.
    tables : RunTables
        A run: of popularity, only places in it can be left out.
    """
    return tuple(_targets(observed, hold_out, tables))


def _targets(observed: Observed, hold_out: Sequence[str], tables: RunTables) -> Iterator[Target]:
    if (survey := observed.time_use) is not None:
        yield Target(
            name="time use",
            source=survey.source,
            parts=split_time_use(survey, hold_out),
            measure=lambda run, part, bootstrap: time_use(run, part, bootstrap, whole=survey),
            main=(": difference of shares",),
        )
    if observed.departures is not None:
        yield Target(
            name="departures",
            source=observed.departures.source,
            parts=split_departures(observed.departures, hold_out),
            measure=departures,
            main=(": trips in another hour",),
        )
    if observed.modes is not None:
        yield Target(
            name="modes",
            source=observed.modes.source,
            parts=split_modes(observed.modes, hold_out),
            measure=mode_shares,
            main=(": difference of mode shares",),
        )
    if observed.popularity is not None:
        places = match_places(tables, observed.popularity)
        yield Target(
            name="popularity",
            source=observed.popularity.source,
            parts=split_popularity(observed.popularity, hold_out, places.row),
            measure=popularity,
            main=("all places: rank correlation of different visitors and users",),
        )
