"""The run behind an experiment: made, or read from its folder, with the tables to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.observed.folder import Observed
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.simulation_run import run
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.provenance import Provenance
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.parameters import CityParameters

__all__ = ["Lived", "live", "observed_tables", "read_lived"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lived:
    """A finished run.

    Parameters
    ----------
    folder : Path
        Its folder.
    manifest : mapping of str to Any
        Its manifest.
    everybody : RunTables
        Its tables, with those who enter from outside.
    tables : RunTables
        Its tables of residents.
    observed : Observed
        What it is compared with.
    bootstrap : Bootstrap
        Resamples of its residents.
    of_all : Bootstrap
        Resamples of all its persons.
    """

    folder: Path
    manifest: Mapping[str, Any]
    everybody: RunTables
    tables: RunTables
    observed: Observed
    bootstrap: Bootstrap
    of_all: Bootstrap

    @property
    def provenance(self) -> Provenance:
        """Where figures come from."""
        name = self.folder.resolve().name
        return Provenance.of_manifest(name, self.manifest, self.observed.sources)


def live(setting: Setting, options: RunOptions | None = None) -> Lived:
    """Return the run of an experiment; tables to compare with are read before it begins.

    Parameters
    ----------
    setting : Setting
        The setting.
    options : RunOptions, optional
        Options of the run; by default those of the setting.

    Raises
    ------
    CityError
        If an option is impossible, an input has defects, or a language model fails.
    """
    wanted = setting.run_options() if options is None else options
    if setting.run is not None:
        return read_lived(setting.run, setting)
    observed = observed_tables(setting, wanted.parameters)
    return read_lived(run(wanted, progress=setting.progress), setting, observed)


def read_lived(folder: Path, setting: Setting, observed: Observed | None = None) -> Lived:
    """Return a run from its folder.

    Raises
    ------
    ConfigError
        If it is no folder of a run, or the run has no people.
    DataError
        If its tables are damaged.
    """
    manifest = read_manifest(folder)
    parameters = CityParameters.from_dotted(manifest["parameters"])
    everybody = RunTables.read(folder, manifest)
    tables = everybody.residents
    if not tables.persons or not len(tables.activities):
        message = f"{folder} has no people, so there is nothing to measure"
        raise ConfigError(message)
    return Lived(
        folder=folder,
        manifest=manifest,
        everybody=everybody,
        tables=tables,
        observed=observed_tables(setting, parameters) if observed is None else observed,
        bootstrap=Bootstrap(tables.persons, draws=setting.draws),
        of_all=Bootstrap(everybody.persons, draws=setting.draws),
    )


def observed_tables(setting: Setting, parameters: CityParameters) -> Observed:
    """Return the observed tables of an experiment; none without a folder of them.

    Raises
    ------
    ConfigError
        If the folder holds none of the tables that the experiment can be compared with.
    DataError
        If tables have defects.
    """
    if setting.data is None or not setting.experiment.tables:
        return Observed()
    return Observed.read(setting.data, parameters, setting.experiment.tables)
