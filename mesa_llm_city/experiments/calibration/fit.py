"""The fit: damped steps for tables and modes, then a search for the few global parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.calibration.knobs import knobs_of, set_knobs
from mesa_llm_city.experiments.calibration.mode_step import next_constants
from mesa_llm_city.experiments.calibration.search import nelder_mead, start_of
from mesa_llm_city.experiments.calibration.table_step import next_table
from mesa_llm_city.experiments.calibration.targets import Target
from mesa_llm_city.experiments.calibration.trial import Simulator, Trial
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.time_use import TimeUseTable

__all__ = ["SEARCHED", "STEPPED", "Fit", "Fitted"]

STEPPED, SEARCHED = ("time use", "modes"), ("departures", "popularity")
"""Targets that are fitted by damped steps, and by a search."""

_DAMPING = 0.8
# A step that gains less than this share of the error is not worth another run.
_LEAST_GAIN = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What was fitted to a target.

    Parameters
    ----------
    target : str
        The target.
    what : str
        Which numbers.
    numbers : int
        How many numbers were changed.
    to : int
        How many observed numbers they were fitted to.
    """

    target: str
    what: str
    numbers: int
    to: int


@dataclass(slots=True)
class Fit:
    """A fit in progress; `best` is the best so far, also after an interruption.

    Parameters
    ----------
    simulator : Simulator
        Runs the city.
    targets : sequence of Target
        What to fit.
    first : Trial
        The run before the fit.
    progress : Progress
        Gets a line for each run.
    """

    simulator: Simulator
    targets: Sequence[Target]
    first: Trial
    progress: Progress
    best: Trial = field(init=False)
    log: list[dict[str, float]] = field(init=False)
    fitted: dict[str, Fitted] = field(default_factory=dict)
    stopped: str = "interrupted"

    def __post_init__(self) -> None:
        """Begin with the run before the fit."""
        self.best = self.first
        self.log = [dict(self.first.losses)]

    def run(self, *, steps: int, evaluations: int) -> None:
        """Fit all targets.

        Parameters
        ----------
        steps : int
            Greatest number of damped steps, each a run.
        evaluations : int
            Greatest number of runs for each target that is searched for.
        """
        reasons = [*self._steps(steps), *self._searches(evaluations)]
        self.stopped = "; ".join(reasons)

    def _steps(self, steps: int) -> Iterator[str]:
        names = [one.name for one in self.targets if one.name in STEPPED]
        if not names:
            return
        damping, reason = _DAMPING, f"after {steps} steps"
        for _ in range(steps):
            trial = self._step(damping)
            before, now = (one.against(self.first, names) for one in (self.best, trial))
            if now < before:
                self.best = trial
            if now >= before * (1.0 - _LEAST_GAIN):
                if damping < _DAMPING or now < before:
                    reason = "gains stopped"
                    break
                damping /= 2.0
        yield f"{' and '.join(names)}: {reason}"

    def _step(self, damping: float) -> Trial:
        """Return a run after one step of all targets that are fitted by steps."""
        best = self.best
        parameters, table = best.parameters, best.table
        for target in self.targets:
            if target.name == "time use" and table is not None:
                table = self._next_table(target, table, damping)
            if target.name == "modes":
                part = target.parts.fitted
                parameters = next_constants(parameters, best.tables, part, damping=damping)
                names = ", ".join(f"modes.{one}.constant" for one in part.modes)
                to = int(sum(len(one) - 1 for one in part.shares.values()))
                self.fitted["modes"] = Fitted(
                    target="modes", what=names, numbers=len(part.modes) - 1, to=to
                )
        return self._live(parameters, table)

    def _next_table(self, target: Target, table: TimeUseTable, damping: float) -> TimeUseTable:
        part, left = target.parts.fitted, target.parts.left_out
        cells = [*part.cells, *(() if left is None else left.cells)]
        youngest = min(one.respondents.ages[0] for one in cells)
        oldest = max(one.respondents.ages[1] for one in cells)
        step = next_table(table, self.best.tables, part, ages=(youngest, oldest), damping=damping)
        self.fitted["time use"] = Fitted(
            target="time use",
            what=f"shares and minutes of {', '.join(step.activities)} in the table of time use",
            numbers=step.numbers,
            to=len(part.cells) * (len(part.groups) - 1),
        )
        return step.table

    def _searches(self, evaluations: int) -> Iterator[str]:
        for target in self.targets:
            if target.name in SEARCHED:
                self._search(target, evaluations)
                yield f"{target.name}: after at most {evaluations} runs"

    def _search(self, target: Target, evaluations: int) -> None:
        knobs = knobs_of(target.name, self.best.parameters)
        origin = self.best

        def loss(place: Float) -> float:
            parameters = set_knobs(knobs, origin.parameters, place)
            if parameters == origin.parameters:
                return origin.losses[target.name]
            trial = self._live(parameters, origin.table)
            if trial.losses[target.name] < self.best.losses[target.name]:
                self.best = trial
            return trial.losses[target.name]

        self.fitted[target.name] = Fitted(
            target=target.name,
            what=", ".join(knob.label for knob in knobs),
            numbers=len(knobs),
            to=_observed_numbers(target),
        )
        nelder_mead(loss, start_of(knobs, origin.parameters), evaluations=evaluations)

    def _live(self, parameters: CityParameters, table: TimeUseTable | None) -> Trial:
        seed = self.simulator.options.seed
        trial = self.simulator.live(parameters, table, seed=seed, targets=self.targets)
        self.log.append(dict(trial.losses))
        errors = ", ".join(f"{name} {one:.3g}" for name, one in trial.losses.items())
        self.progress.say(f"run {self.simulator.runs}: {errors}")
        return trial


def _observed_numbers(target: Target) -> int:
    if target.name == "departures":
        return int(sum(len(one) - 1 for one in target.parts.fitted.curves.values()))
    return len(target.parts.fitted)
