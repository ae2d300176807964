"""Needs of five people over a day (CitySim, appendix C.3, figure 7)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Purpose
from mesa_llm_city.experiments.inputs import read_city
from mesa_llm_city.experiments.paper.profiles import (
    DayOfNeeds,
    last_day_of_profiles,
    people_of_profiles,
)
from mesa_llm_city.experiments.paper.report import Report, notes_of_map
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import entitle, new_sheet
from mesa_llm_city.experiments.run_lock import locked
from mesa_llm_city.experiments.simulate import build_model, check_model, confirm_cost
from mesa_llm_city.experiments.unfinished import keeping_answers, settle
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Figure, measures_of
from mesa_llm_city.experiments.validation.provenance import Provenance
from mesa_llm_city.experiments.validation.result import Validation
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Population

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["conduct", "needs_family"]

_NAME = "needs"
_LEAST_DAYS = 2
_ALIKE = "everybody has the mean level of that hour"


def conduct(setting: Setting) -> Report:
    """Let five people live in a city, and report their needs on the last day."""
    options = setting.run_options()
    if setting.run is not None or setting.data is not None:
        message = "the five people live a run of their own, and there are no data about them"
        raise ConfigError(message)
    if options.days < _LEAST_DAYS:
        message = (
            f"days must be at least {_LEAST_DAYS}, got {options.days}: the first one is left out"
        )
        raise ConfigError(message)
    with locked(options.folder) if options.is_live else nullcontext():
        with keeping_answers(options) as llm:
            check_model(options, llm, setting.progress)
            city = read_city(options)
            people = Population(people_of_profiles(city))
            model = build_model(options, city, people, llm)
            confirm_cost(model, options, setting.progress)
            days = last_day_of_profiles(model, options.days, setting.progress)
            report = _report(setting, model, days)
        if options.is_live:
            options.folder.mkdir(parents=True, exist_ok=True)
            settle(options, options.folder)
    return report


def _report(setting: Setting, model: CityModel, days: Sequence[DayOfNeeds]) -> Report:
    family = needs_family(days, model.parameters, draws=setting.draws)
    weekday = f"{model.clock.at(model.minute - 1):%A}"
    return Report(
        experiment=setting.experiment,
        validation=Validation(
            provenance=Provenance.of_model(model, ()), families=(family,), draws=setting.draws
        ),
        drawing=partial(_draw, days=days, parameters=model.parameters, weekday=weekday),
        notes=(
            *(_in_words(day) for day in days),
            "compared with nothing: the paper has no data either",
            *notes_of_map(model.city.notes, model.city.lacking),
        ),
    )


def needs_family(days: Sequence[DayOfNeeds], parameters: CityParameters, *, draws: int) -> Family:
    """Return how low needs fall, how long they press, and how much the people differ.

    Intervals are of a bootstrap over the five people, who are no sample of anybody.

    Parameters
    ----------
    days : sequence of DayOfNeeds
        The days.
    parameters : CityParameters
        With the needs.
    draws : int
        Number of resamples.
    """
    levels = np.array([day.levels for day in days])
    needs = list(parameters.needs.values())
    below = levels < np.array([need.threshold for need in needs])
    figures = [
        *(Figure(f"{need.label}: lowest level", len(days), "people") for need in needs),
        *(
            Figure(f"{need.label}: below its threshold", len(days), "people", unit="% of the day")
            for need in needs
        ),
        *(
            Figure(f"{need.label}: mean difference from the mean of all", len(days), "people")
            for need in needs
        ),
    ]
    single = np.concatenate([levels.min(axis=1), 100.0 * below.mean(axis=1)], axis=1)

    def measured(count: Float) -> Float:
        return np.concatenate([count @ single / count.sum(), _difference(levels, count)])

    found = Bootstrap(len(days), draws=draws).estimate(measured)
    nothing = np.full(2 * len(needs), np.nan)
    naive = {_ALIKE: np.concatenate([nothing, np.zeros(len(needs))])}
    return Family(
        name=_NAME,
        measures=tuple(measures_of(figures, found, naive)),
        details={"people": [_details(day, list(parameters.needs)) for day in days]},
    )


def _difference(levels: Float, count: Float) -> Float:
    """Return the mean absolute difference from the mean curve, by need."""
    mean = np.tensordot(count, levels, axes=1) / count.sum()
    gaps: Float = count @ np.abs(levels - mean).mean(axis=1) / count.sum()
    return gaps


def _details(day: DayOfNeeds, needs: Sequence[str]) -> dict[str, Any]:
    lowest = day.levels.argmin(axis=0)
    return {
        "who": day.name,
        "lowest": {
            name: {
                "level": round(float(day.levels[lowest[row], row]), 3),
                "at": _clock(float(day.hours[lowest[row]])),
            }
            for row, name in enumerate(needs)
        },
        "asleep_h": round(_hours(day, Purpose.SLEEP), 2),
        "meals": [_clock(begin) for what, begin, _ in day.stays if what == Purpose.MEAL],
        "levels_by_hour": {
            name: day.levels[:: max(len(day.hours) // 24, 1), row].round(3).tolist()
            for row, name in enumerate(needs)
        },
    }


def _in_words(day: DayOfNeeds) -> str:
    meals = ", ".join(_clock(begin) for what, begin, _ in day.stays if what == Purpose.MEAL)
    return f"{day.name}: {_hours(day, Purpose.SLEEP):.1f} h asleep, meals at {meals or 'no time'}"


def _hours(day: DayOfNeeds, purpose: str) -> float:
    lengths = [min(end, 24.0) - begin for what, begin, end in day.stays if what == purpose]
    return float(np.sum(lengths))


def _clock(hours: float) -> str:
    hour, minute = divmod(round(hours * HOUR_MIN), HOUR_MIN)
    return f"{hour:02d}:{minute:02d}"


def _draw(
    report: Report, *, days: Sequence[DayOfNeeds], parameters: CityParameters, weekday: str
) -> Picture:
    """Draw a panel for each person, as figure 7 does."""
    sheet = new_sheet(report, width_in=10.5, height_in=2.0 * len(days) + 0.8)
    axes = sheet.subplots(len(days), 1, sharex=True)
    for one, day in zip(axes, days, strict=True):
        _draw_day(one, day, parameters)
        entitle(one, f"{day.name[:1].upper()}{day.name[1:]}")
    axes[-1].set_xlabel(
        f"hour of a {weekday}; grey: asleep, yellow: at work or school, bars below: meals, "
        "dotted: thresholds"
    )
    handles, labels = axes[0].get_legend_handles_labels()
    columns = len(parameters.needs)
    sheet.legend(
        handles, labels, loc="outside lower center", ncols=columns, frameon=False, fontsize=9
    )
    return sheet


def _draw_day(axes: Axes, day: DayOfNeeds, parameters: CityParameters) -> None:
    for purpose, begin, end in day.stays:
        if shade := parameters.purposes[purpose].shade:
            axes.axvspan(begin, end, color=shade, zorder=0)
        if purpose == Purpose.MEAL:
            axes.plot([begin, end], [0.02, 0.02], color="black", linewidth=3.0)
    for column, need in enumerate(parameters.needs.values()):
        axes.plot(day.hours, day.levels[:, column], color=need.colour, label=need.label)
        axes.axhline(need.threshold, color=need.colour, linewidth=0.6, linestyle=":")
    axes.set(xlim=(0.0, 24.0), ylim=(0.0, 1.05), xticks=range(0, 25, 3))
