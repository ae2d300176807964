"""Trials: runs of a city with some parameters, and how far they are from the targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mesa_llm_city.experiments.calibration.targets import Target
from mesa_llm_city.experiments.inputs import read_city, read_people
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.simulate import build_model, run_days
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.time_use import TimeUseTable

__all__ = ["TABLE", "Simulator", "Trial"]

TABLE = "population.time_use.table"
"""Parameter that names the table of time use."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """A run and its parameters.

    Parameters
    ----------
    parameters : CityParameters
        Those of the run.
    table : TimeUseTable, optional
        Its table of time use.
    tables : RunTables
        What people did.
    losses : mapping of str to float
        How far it is from what is fitted, by target.
    """

    parameters: CityParameters
    table: TimeUseTable | None
    tables: RunTables
    losses: Mapping[str, float] = field(default_factory=dict)

    def against(self, first: Trial, names: Sequence[str]) -> float:
        """Return the mean loss over some targets, that of the first trial being 1."""
        shares = [self.losses[name] / max(first.losses[name], 1e-9) for name in names]
        total = 0.0
        for share in shares:
            total += share
        return total / len(shares)


class Simulator:
    """Lets a city live again and again with other parameters.

    Parameters
    ----------
    options : RunOptions
        City, people, days and seed.
    folder : Path
        Where tables of time use are kept while they are in use.
    """

    def __init__(self, options: RunOptions, folder: Path) -> None:
        self.options, self.runs = options, 0
        self._folder = folder
        self._city = read_city(options)

    def live(
        self,
        parameters: CityParameters,
        table: TimeUseTable | None,
        *,
        seed: int,
        targets: Sequence[Target] = (),
    ) -> Trial:
        """Run the city.

        Parameters
        ----------
        parameters : CityParameters
            For this run.
        table : TimeUseTable, optional
            A table of time use in place of that of the parameters.
        seed : int
            Seed of people and choices; the map is always the same.
        targets : sequence of Target
            What to measure.
        """
        self.runs += 1
        if table is not None:
            file = self._folder / f"table-{self.runs}.csv"
            table.write(file)
            parameters = parameters.with_(TABLE, file.as_posix())
        options = self.options.with_(parameters=parameters, seed=seed)
        city = self._city.with_parameters(parameters)
        model = build_model(options, city, read_people(options, city))
        run_days(model, options.days, Progress())
        tables = RunTables.of_model(model)
        losses = {target.name: target.loss(tables) for target in targets}
        return Trial(parameters=parameters, table=table, tables=tables, losses=losses)
