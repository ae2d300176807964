"""Fitting a city to observed tables: read, run, fit, check with another seed, report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.calibration.compared import Compared, LeftOut
from mesa_llm_city.experiments.calibration.cost import cost_of
from mesa_llm_city.experiments.calibration.fit import Fit
from mesa_llm_city.experiments.calibration.result import Calibration
from mesa_llm_city.experiments.calibration.table_rows import cut_ages
from mesa_llm_city.experiments.calibration.targets import (
    Target,
    check_hold_out,
    read_targets,
    targets_of,
)
from mesa_llm_city.experiments.calibration.trial import TABLE, Simulator, Trial
from mesa_llm_city.experiments.observed.folder import Observed
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.population.time_use import TimeUseTable, time_use_table
from mesa_llm_city.population.time_use.files import BUILTIN

if TYPE_CHECKING:
    from mesa_llm_city.experiments.validation.run_tables import RunTables

__all__ = ["CITIZENS", "DAYS", "calibrate"]

CITIZENS, DAYS = 600, 7
"""People and days of each run where the options say nothing."""


def calibrate(
    city: RunOptions | str | Path | None = None,
    *,
    time_use: str | Path | None = None,
    departures: str | Path | None = None,
    modes: str | Path | None = None,
    popularity: str | Path | None = None,
    hold_out: str | Sequence[str] = "half",
    steps: int = 4,
    evaluations: int = 12,
    draws: int = 200,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit the parameters of a city to observed tables.

    Parameters
    ----------
    city : RunOptions, str or Path, optional
        City, people, days, seed and the parameters to start from: options, or a TOML file of
        them. Where they say nothing, 600 people live for 7 days in the synthetic town.
    time_use, departures, modes, popularity : str or Path, optional
        Tables to fit, one at least (``docs/reference/observed_tables.md``).
    hold_out : str or sequence of str, default "half"
        What is left out of the fit and tested: ``"half"`` for every second age group, curve,
        class of length, and place; ``"none"``; or names of groups, such as ``["20-24"]``.
    steps : int, default 4
        Greatest number of damped steps for time use and modes, a run each.
    evaluations : int, default 12
        Greatest number of runs of the search for departures, and of that for popularity.
    draws : int, default 200
        Number of resamples of persons for the intervals, at least 2.
    out : str or Path, optional
        Folder for parameters, report and picture.
    progress : Progress, optional
        Gets the cost before it starts, and a line for each run.

    Returns
    -------
    Calibration
        Parameters, and measures before and after. These come from two further runs with the
        next seed, in which nothing was fitted.

    Raises
    ------
    ConfigError
        If an option cannot be used, or a table cannot be compared with the city.
    DataError
        Lists all defects of all tables.
    KeyboardInterrupt
        If it is interrupted; the best so far is then in `out`, and a note says so.
    """
    progress = progress or Progress()
    options = _options(city)
    held = (hold_out,) if isinstance(hold_out, str) else tuple(hold_out)
    files = {"time use": time_use, "departures": departures, "modes": modes}
    files["popularity"] = popularity
    observed = read_targets(
        {name: None if one is None else Path(one) for name, one in files.items()},
        options.parameters,
    )
    check_hold_out(observed, held)
    _check(options, observed, steps=steps, evaluations=evaluations, draws=draws)
    if out is not None:
        _make(Path(out))
    progress.say(f"expected: {cost_of(options, observed, steps=steps, evaluations=evaluations)}")
    with TemporaryDirectory() as folder:
        return _calibrate(
            Simulator(options, Path(folder)),
            observed,
            held,
            limits=(steps, evaluations),
            draws=draws,
            out=None if out is None else Path(out),
            progress=progress,
        )


def _calibrate(
    simulator: Simulator,
    observed: Observed,
    hold_out: Sequence[str],
    *,
    limits: tuple[int, int],
    draws: int,
    out: Path | None,
    progress: Progress,
) -> Calibration:
    options = simulator.options
    table = _table_to_fit(options, observed)
    first = simulator.live(options.parameters, table, seed=options.seed)
    targets = targets_of(observed, hold_out, first.tables)
    losses = {one.name: one.loss(first.tables) for one in targets}
    first = Trial(
        parameters=first.parameters, table=first.table, tables=first.tables, losses=losses
    )
    errors = ", ".join(f"{name} {one:.3g}" for name, one in losses.items())
    progress.say(f"run 1, before the fit: {errors}")
    fit = Fit(simulator=simulator, targets=targets, first=first, progress=progress)
    checked: tuple[Trial, Trial] | None = None
    try:
        fit.run(steps=limits[0], evaluations=limits[1])
        progress.say("measuring with another seed, before and after")
        checked = _checked(simulator, fit)
    except KeyboardInterrupt as error:
        fit.stopped = "interrupted"
        if out is not None:
            _result(fit, observed, None, draws=draws).write(out)
            error.add_note(f"the best parameters so far are in {out}")
        raise
    found = _result(fit, observed, checked, draws=draws)
    if out is not None:
        found.write(out)
    return found


def _checked(simulator: Simulator, fit: Fit) -> tuple[Trial, Trial]:
    """Return runs with the parameters before and after, with a seed that was not fitted with."""
    seed = simulator.options.seed + 1
    before = simulator.live(fit.first.parameters, fit.first.table, seed=seed)
    return before, simulator.live(fit.best.parameters, fit.best.table, seed=seed)


def _result(
    fit: Fit, observed: Observed, checked: tuple[Trial, Trial] | None, *, draws: int
) -> Calibration:
    options = fit.simulator.options
    seed = options.seed + (checked is not None)
    before, after = checked or (fit.first, fit.best)
    compared = [
        row
        for target in fit.targets
        for row in _compared(target, before.tables, after.tables, draws, seed)
    ]
    bootstrap = Bootstrap(after.tables.persons, draws=2, seed=seed)
    whole = {name.replace("_", " "): getattr(observed, name) for name in Observed.__slots__}
    return Calibration(
        options=options,
        parameters=fit.best.parameters,
        table=fit.best.table or _table_of_file(options),
        compared=tuple(compared),
        fitted=tuple(fit.fitted.values()),
        left_out=tuple(
            LeftOut(target=one.name, names=one.parts.names, unused=one.parts.unused)
            for one in fit.targets
        ),
        sources=observed.sources,
        families=tuple(
            one.measure(after.tables, whole[one.name], bootstrap) for one in fit.targets
        ),
        log=tuple(fit.log),
        runs=fit.simulator.runs,
        measured_with=seed,
        draws=draws,
        stopped=fit.stopped,
    )


def _compared(
    target: Target, before: RunTables, after: RunTables, draws: int, seed: int
) -> Iterator[Compared]:
    """Yield the measures of what was fitted, then of what was left out."""
    for is_left_out, part in enumerate((target.parts.fitted, target.parts.left_out)):
        if part is None:
            continue
        earlier = {one.name: one for one in target.measures(before, part, draws, seed)}
        for one in target.measures(after, part, draws, seed):
            if one.name in earlier:
                yield Compared(
                    target=target.name,
                    is_left_out=bool(is_left_out),
                    before=earlier[one.name],
                    after=one,
                )


def _options(city: RunOptions | str | Path | None) -> RunOptions:
    """Return the options of the runs, with people and days enough for a fit."""
    options = city if isinstance(city, RunOptions) else _loaded(city)
    usual = {"citizens": CITIZENS, "days": DAYS}
    if options.people is not None:
        usual.pop("citizens")
    lacking = {name: one for name, one in usual.items() if name not in options.model_fields_set}
    return options.with_(**lacking) if lacking else options


def _loaded(city: str | Path | None) -> RunOptions:
    return RunOptions.load(None if city is None else Path(city))


def _check(
    options: RunOptions, observed: Observed, *, steps: int, evaluations: int, draws: int
) -> None:
    """Refuse what cannot be calibrated, before anything is run.

    Raises
    ------
    ConfigError
        Lists all of it.
    """
    defects = []
    if options.asks:
        defects.append("mind: a city is fitted with rules; leave out mind and llm")
    for name, value, least in (
        ("steps", steps, 1),
        ("evaluations", evaluations, 1),
        ("draws", draws, 2),
    ):
        if value < least:
            defects.append(f"{name} must be at least {least}, got {value!r}")
    if observed.time_use is not None:
        if options.parameters.get(TABLE) == "none":
            defects.append(f"{TABLE} is none; name a table that can be fitted, such as neutral")
        if (lacking := _lacking_days(options, observed)) and options.days < DAYS:
            defects.append(
                f"days: {options.days} days from {options.start} have no {lacking}, which all "
                f"rows of {observed.time_use.source.file} are about; take {DAYS} days"
            )
    if defects:
        raise ConfigError("; ".join(defects))


def _lacking_days(options: RunOptions, observed: Observed) -> str:
    """Return the kind of day that no row can be compared without; empty if one can be."""
    weekday = options.start.weekday()
    there = {min(max((weekday + day) % 7 - 4, 0), 1) for day in range(min(options.days, DAYS))}
    needed = {"weekday": {0}, "saturday": {1}, "sunday": {1}, "weekend": {1}}
    cells = () if observed.time_use is None else observed.time_use.cells
    asked = [needed.get(one.respondents.day_type, {0, 1}) for one in cells]
    if any(one <= there for one in asked):
        return ""
    return "weekend" if 1 not in there else "weekday"


def _table_to_fit(options: RunOptions, observed: Observed) -> TimeUseTable | None:
    """Return the table to start from, with the ages of the survey; None if none is fitted."""
    table = time_use_table(options.parameters.get(TABLE))
    if observed.time_use is None or table is None:
        return None
    ages = [one.respondents.ages for one in observed.time_use.cells]
    edges = np.unique([edge for low, high in ages for edge in (low, high + 1)])
    return cut_ages(table, [int(one) for one in edges])


def _table_of_file(options: RunOptions) -> TimeUseTable | None:
    """Return the table of a file of the user's own, which goes along with the parameters."""
    name = options.parameters.get(TABLE)
    return None if name in {*BUILTIN, "none"} else time_use_table(name)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"out: {folder} cannot be made ({error.strerror or error}); choose another folder"
        raise ConfigError(message) from error
