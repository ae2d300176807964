"""Measuring a run: from its folder, or its model, to a validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.observed.folder import Observed
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.density import density
from mesa_llm_city.experiments.validation.departures import departures
from mesa_llm_city.experiments.validation.exploration import exploration
from mesa_llm_city.experiments.validation.measure import Family
from mesa_llm_city.experiments.validation.mode_shares import mode_shares
from mesa_llm_city.experiments.validation.motifs import motifs
from mesa_llm_city.experiments.validation.popularity import popularity
from mesa_llm_city.experiments.validation.provenance import Provenance
from mesa_llm_city.experiments.validation.result import Validation
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.experiments.validation.spatial_laws import spatial_laws
from mesa_llm_city.experiments.validation.time_use import time_use
from mesa_llm_city.experiments.validation.trip_rates import trip_rates
from mesa_llm_city.experiments.validation.variation import variation
from mesa_llm_city.parameters import CityParameters

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["families_of", "validate"]


def validate(
    run: str | Path | CityModel,
    against: str | Path | Observed | None = None,
    *,
    crowd: bool = False,
    cell_m: float = 500.0,
    draws: int = 200,
    seed: int = 0,
) -> Validation:
    """Measure how like people the people of a run are.

    Parameters
    ----------
    run : str, Path or CityModel
        Folder of a run, or a model after whole days.
    against : str, Path or Observed, optional
        Folder of observed tables (``docs/reference/observed_tables.md``). Without it only
        measures are taken that need none.
    crowd : bool, default False
        Whether the rows of the crowd are measured instead of the citizens; they must have kept
        tables (``--crowd-tables``, ``Crowd(..., tables=True)``).
    cell_m : float, default 500
        Length of the side of a cell of the mesh for counts, in metres.
    draws : int, default 200
        Number of resamples of persons for the intervals, at least 2.
    seed : int, default 0
        Seed of the resamples.

    Returns
    -------
    Validation
        Measures with intervals and naive predictions; ``write(folder)`` keeps them.

    Raises
    ------
    ConfigError
        If an option cannot be used, or there is no such run or folder.
    DataError
        If a table has defects; all of them are listed.
    """
    _check(cell_m=cell_m, draws=draws, seed=seed)
    if isinstance(run, str | Path):
        folder = Path(run)
        manifest = read_manifest(folder)
        observed = _observed(against, CityParameters.from_dotted(manifest["parameters"]))
        tables = RunTables.read(folder, manifest, crowd=crowd)
        told = Provenance.of_manifest(folder.resolve().name, manifest, observed.sources)
        if crowd:
            told = told.of_crowd(manifest["crowd"]["people"], manifest["crowd"]["digest"])
    else:
        observed = _observed(against, run.parameters)
        tables = RunTables.of_model(run, crowd=crowd)
        told = Provenance.of_model(run, observed.sources)
        if crowd:
            told = told.of_crowd(len(run.crowd), run.crowd.digest())
    if not tables.persons or not len(tables.activities):
        message = f"{told.run} has no people, so there is nothing to measure"
        raise ConfigError(message)
    resamples = partial(Bootstrap, draws=draws, seed=seed)
    families = tuple(families_of(tables, observed, resamples, cell_m=cell_m))
    return Validation(provenance=told, families=families, draws=draws)


def families_of(
    everybody: RunTables,
    observed: Observed,
    resamples: Callable[[int], Bootstrap],
    *,
    cell_m: float,
) -> Iterator[Family]:
    """Yield what there is data for, then the measures that need none.

    Popularity and density count everybody who is in the city, the others residents only.

    Parameters
    ----------
    everybody : RunTables
        The run.
    observed : Observed
        What it is compared with.
    resamples : callable
        Takes a number of persons and returns resamples of them.
    cell_m : float
        Length of the side of a cell of the mesh for counts, in metres.
    """
    tables = everybody.residents
    bootstrap = resamples(tables.persons)
    of_all = bootstrap if tables is everybody else resamples(everybody.persons)
    if observed.time_use is not None:
        yield time_use(tables, observed.time_use, bootstrap)
    if observed.departures is not None:
        yield departures(tables, observed.departures, bootstrap)
    if observed.modes is not None:
        yield mode_shares(tables, observed.modes, bootstrap)
    if observed.popularity is not None:
        yield popularity(everybody, observed.popularity, of_all)
    if observed.counts is not None:
        yield density(everybody, observed.counts, of_all, cell_m=cell_m)
    yield variation(tables, observed.time_use, bootstrap)
    yield exploration(tables, bootstrap)
    yield spatial_laws(tables, bootstrap)
    yield motifs(tables, bootstrap)
    yield trip_rates(tables, bootstrap)


def _observed(against: str | Path | Observed | None, parameters: CityParameters) -> Observed:
    if against is None:
        return Observed()
    return against if isinstance(against, Observed) else Observed.read(Path(against), parameters)


def _check(*, cell_m: float, draws: int, seed: int) -> None:
    defects = []
    if not 1.0 <= cell_m < 1e6:
        defects.append(f"cell_m must be from 1 to 1,000,000 m, got {cell_m!r}")
    if draws < 2:
        defects.append(f"draws must be at least 2, got {draws!r}")
    if not 0 <= seed < 2**64:
        defects.append(f"seed must be from 0 to 2**64 - 1, got {seed!r}")
    if defects:
        raise ConfigError("; ".join(defects))
