"""Conducting an experiment of the paper, from its name to its report."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.paper.report import Report
from mesa_llm_city.experiments.paper.setting import checked_setting
from mesa_llm_city.experiments.paper.specification import EXPERIMENTS
from mesa_llm_city.experiments.progress import Progress

__all__ = ["run_experiment"]

_HOME = "mesa_llm_city.experiments.paper"


def run_experiment(
    name: str,
    options: RunOptions | None = None,
    *,
    data: str | Path | None = None,
    run: str | Path | None = None,
    draws: int = 200,
    cell_m: float = 250.0,
    progress: Progress | None = None,
) -> tuple[Report, Path]:
    """Conduct an experiment of the CitySim paper, and leave its report and its run in a folder.

    Parameters
    ----------
    name : str
        Name of the experiment: one of `EXPERIMENTS`.
    options : RunOptions, optional
        Options of the run; number of citizens and days are by default those of the
        experiment, which are smaller than those of the paper.
    data : str or Path, optional
        Folder of observed tables (``docs/reference/observed_tables.md``).
    run : str or Path, optional
        Folder of a finished run that is measured in place of a new one.
    draws : int, default 200
        Number of resamples of persons for the intervals, at least 2.
    cell_m : float, default 250
        Side of a cell of the mesh for counts, in metres.
    progress : Progress, optional
        Gets every step; shows nothing by default.

    Returns
    -------
    report : Report
        Measures, with intervals and naive predictions.
    folder : Path
        With ``NAME.json``, ``NAME.csv``, ``NAME.png`` and the folder of the run.

    Raises
    ------
    ConfigError
        If there is no such experiment, or options do not fit together.
    CityError
        If an input has defects, or a language model does not answer as it should.
    """
    if name not in EXPERIMENTS:
        near = did_you_mean(name, EXPERIMENTS)
        message = (
            f"there is no experiment {name!r}{near}; the experiments are {', '.join(EXPERIMENTS)}"
        )
        raise ConfigError(message)
    setting = checked_setting(
        EXPERIMENTS[name],
        RunOptions() if options is None else options,
        data=None if data is None else Path(data),
        run=None if run is None else Path(run),
        draws=draws,
        cell_m=cell_m,
        progress=progress or Progress(),
    )
    module = import_module(f"{_HOME}.{setting.experiment.module}")
    report = cast("Report", module.conduct(setting))
    report.write(setting.folder)
    return report, setting.folder
