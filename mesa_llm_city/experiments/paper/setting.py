"""What an experiment is given: options of the run, observed tables, and where results go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.atomic_output import next_free
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.paper.specification import Experiment
from mesa_llm_city.experiments.progress import Progress

__all__ = ["Setting", "checked_setting"]

_RUN = "run"
# What may be given beside a run that has been made already.
_BESIDE_A_RUN = frozenset({"out", "force", "model"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The setting of an experiment.

    Parameters
    ----------
    experiment : Experiment
        Which one.
    options : RunOptions
        Options of the run; its results go below `folder`.
    folder : Path
        Where the results of the experiment go.
    data : Path, optional
        Folder of observed tables.
    run : Path, optional
        Folder of a finished run to be measured in place of a new one.
    draws : int
        Number of resamples of persons for the intervals.
    cell_m : float
        Side of a cell of the mesh for counts, in metres.
    progress : Progress
        Gets every step of a run.
    """

    experiment: Experiment
    options: RunOptions
    folder: Path
    data: Path | None
    run: Path | None
    draws: int
    cell_m: float
    progress: Progress

    def run_options(self, name: str = _RUN, **changes: object) -> RunOptions:
        """Return the options of a run whose results go to a folder of this name."""
        return self.options.with_(out=self.folder / name, **changes)


def checked_setting(
    experiment: Experiment,
    options: RunOptions,
    *,
    data: Path | None,
    run: Path | None,
    draws: int,
    cell_m: float,
    progress: Progress,
) -> Setting:
    """Return a setting with the size and the folder of the experiment, checked.

    Raises
    ------
    ConfigError
        If options do not fit together, or the folder holds results that may not be replaced.
    """
    if draws < 2:
        message = f"draws must be at least 2, got {draws!r}"
        raise ConfigError(message)
    if not 1.0 <= cell_m < 1e6:
        message = f"cell_m must be from 1 to 1,000,000 m, got {cell_m!r}"
        raise ConfigError(message)
    if run is not None and (given := options.model_fields_set - _BESIDE_A_RUN):
        message = f"a finished run has its own {', '.join(sorted(given))}; leave out either"
        raise ConfigError(message)
    return Setting(
        experiment=experiment,
        options=_sized(experiment, options),
        folder=_folder(experiment, options),
        data=data,
        run=run,
        draws=draws,
        cell_m=cell_m,
        progress=progress,
    )


def _sized(experiment: Experiment, options: RunOptions) -> RunOptions:
    """Return the options with the size of the experiment where none was given."""
    given = options.model_fields_set
    size: dict[str, int] = {} if "days" in given else {"days": experiment.days}
    if "citizens" not in given and options.people is None:
        size["citizens"] = experiment.citizens
    return options.with_(**size)


def _folder(experiment: Experiment, options: RunOptions) -> Path:
    if options.out is None:
        usual = Path("runs", f"{experiment.name}-{options.seed}")
        return usual if options.resume or options.force else next_free(usual)
    report = options.out / f"{experiment.name}.json"
    if report.exists() and not (options.force or options.resume):
        message = f"out: {report} exists; choose another folder, or replace it with --force"
        raise ConfigError(message)
    return options.out
