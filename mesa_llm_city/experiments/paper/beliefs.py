"""Beliefs about places that were not visited (CitySim, appendix C.4, figure 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.folder import table_files
from mesa_llm_city.experiments.observed.ratings import Ratings, ratings_of_visits, read_ratings
from mesa_llm_city.experiments.paper.guesses import (
    METHODS,
    SHARE,
    Errors,
    errors_of_guesses,
)
from mesa_llm_city.experiments.paper.kinds import KINDS
from mesa_llm_city.experiments.paper.lived import Lived, live
from mesa_llm_city.experiments.paper.report import Report, nothing_to_compare_with, report_of
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import NAIVE, RUN, entitle, new_sheet
from mesa_llm_city.experiments.saved_tables import read_table
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Figure, measures_of
from mesa_llm_city.experiments.validation.provenance import Provenance
from mesa_llm_city.experiments.validation.result import Validation
from mesa_llm_city.parameters import CityParameters

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

__all__ = ["beliefs_family", "conduct"]

_NAME = "beliefs"
_FEWEST = 5
_NOT_DONE = 0
_COLOURS = (RUN, "#CCBB44", "#66CCEE", NAIVE)
_BAR = 0.2
_BY_RULE = (
    "places that were not visited are guessed by rule, from visited ones of like kinds; what is "
    "guessed is the mean of the four aspects, as choices use it"
)


def conduct(setting: Setting) -> Report:
    """Hold out some of the places that each person rated, and let beliefs guess their ratings.

    The ratings are those of a table, if there is one, and else of the visits of a run.
    """
    if setting.data is not None:
        return _of_table(setting)
    lived = live(setting)
    ratings = _ratings_of_run(lived)
    family = beliefs_family(
        ratings, lived.tables.parameters, lived.bootstrap, seed=int(lived.manifest["seed"])
    )
    notes = (_BY_RULE, f"ratings of visits of the run itself; {nothing_to_compare_with(_NAME)}")
    return report_of(setting, lived, [family], _draw, notes)


def _of_table(setting: Setting) -> Report:
    assert setting.data is not None  # noqa: S101 - `conduct` has asked
    file = table_files(setting.data, setting.experiment.tables)[_NAME]
    ratings = read_ratings(file)
    parameters, seed = setting.options.parameters, setting.options.seed
    family = beliefs_family(
        ratings, parameters, Bootstrap(ratings.persons, draws=setting.draws), seed=seed
    )
    assert ratings.source is not None  # noqa: S101 - it was read from a file
    provenance = Provenance(
        run="",
        city="",
        people=ratings.persons,
        days=_NOT_DONE,
        seed=seed,
        start="",
        decided="guesses by rule: no language model was used",
        decision_sources={},
        digest="",
        changed=parameters.changed(),
        fitted=(),
        inputs=(),
        observed=(ratings.source,),
    )
    validation = Validation(provenance=provenance, families=(family,), draws=setting.draws)
    return Report(
        experiment=setting.experiment, validation=validation, drawing=_draw, notes=(_BY_RULE,)
    )


def _ratings_of_run(lived: Lived) -> Ratings:
    from datetime import date

    start = date.fromisoformat(lived.manifest["start"])
    return ratings_of_visits(
        read_table(lived.folder, "visits"),
        ids=lived.tables.people["id"].to_numpy(dtype=np.int64),
        midnight=np.datetime64(start, "m"),
        places=lived.tables.places,
    )


def beliefs_family(
    ratings: Ratings, parameters: CityParameters, bootstrap: Bootstrap, *, seed: int
) -> Family:
    """Return the mean absolute errors of guesses, for all places and by kind.

    Parameters
    ----------
    ratings : Ratings
        The ratings.
    parameters : CityParameters
        With those of beliefs.
    bootstrap : Bootstrap
        Resamples of the persons.
    seed : int
        Seed of the choice of places that are held out.
    """
    found = errors_of_guesses(ratings, parameters, seed=seed)
    if not len(found.person):
        note = "nobody has rated two places, so there is nothing to hold out"
        return Family(name=_NAME, measures=(), notes=(note,))
    sizes = np.bincount(found.kind, minlength=len(KINDS))
    kinds = [None, *np.flatnonzero(sizes >= _FEWEST).tolist()]
    rows = [found.kind == kind if kind is not None else found.kind >= 0 for kind in kinds]
    names = ["all places" if kind is None else KINDS[kind] for kind in kinds]
    figures = [
        Figure(f"{name}: mean absolute error", int(some.sum()), "places", better="lower")
        for name, some in zip(names, rows, strict=True)
    ]

    def errors(count: Float, method: int) -> Float:
        weight = count[found.person]
        return np.array([_mean(found.error[some, method], weight[some]) for some in rows])

    estimate = bootstrap.estimate(lambda count: errors(count, 0))
    everybody = np.ones(ratings.persons)
    naive = {name: errors(everybody, row) for row, name in enumerate(METHODS, start=1)}
    return Family(
        name=_NAME,
        measures=tuple(measures_of(figures, estimate, naive)),
        details=_by_day(found, ratings, bootstrap) | {"kinds": names},
        notes=(
            (
                f"{int(100 * SHARE)} % of the places that a person rated are held out, "
                f"{len(found.person):,} in all; kinds with fewer than {_FEWEST} are not shown"
            ),
        ),
    )


def _mean(values: Float, weight: Float) -> float:
    total = float(weight.sum())
    return float(weight @ values) / total if total else float("nan")


def _by_day(found: Errors, ratings: Ratings, bootstrap: Bootstrap) -> dict[str, Any]:
    """Return mean absolute errors at the end of each day; nothing where days are not known."""
    if not ratings.has_days:
        return {}
    estimate = bootstrap.estimate(
        lambda count: np.array([_mean(errors, count[found.person]) for errors in found.by_day.T])
    )
    names = ("error", "low_95", "high_95")
    return {
        "by_day": {name: one.round(5).tolist() for name, one in zip(names, estimate, strict=True)}
    }


def _draw(report: Report) -> Picture:
    """Draw errors by kind of place, as figure 8 does, and how they fall from day to day."""
    family = report.family(_NAME)
    sheet = new_sheet(report, width_in=13.0, height_in=4.6)
    if not family.measures:
        sheet.text(0.5, 0.3, family.notes[0], ha="center")
        return sheet
    has_days = "by_day" in family.details
    axes = sheet.subplots(1, 1 + has_days, squeeze=False)[0]
    _draw_kinds(axes[0], family)
    entitle(axes[0], "Mean absolute error of guesses, by kind of place")
    if has_days:
        _draw_days(axes[1], family.details["by_day"], family)
        entitle(axes[1], "Mean absolute error by day, all places")
    return sheet


def _draw_kinds(axes: Axes, family: Family) -> None:
    at = np.arange(len(family.measures), dtype=np.float64)
    methods = [*_bars(family)]
    for row, (label, values) in enumerate(methods):
        shift = (row - (len(methods) - 1) / 2) * _BAR
        axes.bar(at + shift, values, _BAR, color=_COLOURS[row], label=label)
    half = [(one.interval[1] - one.interval[0]) / 2 for one in family.measures]
    axes.errorbar(
        at - (len(methods) - 1) / 2 * _BAR,
        [one.value for one in family.measures],
        yerr=np.nan_to_num(half),
        fmt="none",
        ecolor="#333333",
        elinewidth=1.0,
    )
    names = zip(family.details["kinds"], family.measures, strict=True)
    axes.set_xticks(at, [f"{name}\n{one.n:,} guesses" for name, one in names])
    axes.set_ylim(top=1.35 * axes.get_ylim()[1])
    axes.legend(fontsize=8, frameon=False, ncols=2, loc="upper center")


def _bars(family: Family) -> Iterator[tuple[str, list[float]]]:
    yield "guesses of people", [one.value for one in family.measures]
    for name in METHODS:
        yield name, [one.naive.get(name, np.nan) for one in family.measures]


def _draw_days(axes: Axes, curve: Mapping[str, Any], family: Family) -> None:
    days = np.arange(1, len(curve["error"]) + 1)
    low, high = (np.array(curve[name]) for name in ("low_95", "high_95"))
    axes.fill_between(days, low, high, color=RUN, alpha=0.25, linewidth=0)
    axes.plot(days, curve["error"], color=RUN, marker="o", markersize=3, label="guesses of people")
    whole = family.measures[0]
    for name, colour in zip(METHODS, _COLOURS[1:], strict=True):
        if name in whole.naive:
            axes.axhline(whole.naive[name], color=colour, linestyle="--", label=f"{name}, last day")
    axes.set_xlabel("day")
    axes.set_ylim(bottom=0.0)
    axes.legend(fontsize=8, frameon=False, loc="lower left")
