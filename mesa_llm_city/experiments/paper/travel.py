"""Trips by hour on weekdays and weekends (CitySim, sec. 4.3, figure 3), and by mode and length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.experiments.observed.departures import DepartureCurve, Departures
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.experiments.paper.lived import Lived, live
from mesa_llm_city.experiments.paper.report import Report, nothing_to_compare_with, report_of
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import NAIVE, PEOPLE, RUN, entitle, new_sheet
from mesa_llm_city.experiments.validation.bootstrap import Estimate
from mesa_llm_city.experiments.validation.departures import (
    departures,
    hourly_trips,
    of_day_type,
)
from mesa_llm_city.experiments.validation.measure import Family, Figure, Measure, measures_of
from mesa_llm_city.experiments.validation.mode_shares import mode_shares
from mesa_llm_city.experiments.validation.person_days import person_days
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.experiments.validation.trip_rates import trip_rates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

__all__ = ["conduct", "hourly_rates", "shares_of_modes"]

_RATES, _MODES, _OBSERVED_MODES = "trips by hour", "trips by mode", "modes"
_KINDS = ("weekday", "weekend")
_PER = 100.0
_BANDS_KM = (0.0, 1.0, 3.0, 10.0, np.inf)
_OTHER_MODE = "#BBBBBB"


def conduct(setting: Setting) -> Report:
    """Compare departures and modes with observed ones; what is not observed is shown."""
    lived = live(setting)
    return report_of(setting, lived, _families(lived), _draw)


def _families(lived: Lived) -> Iterator[Family]:
    tables, observed, bootstrap = lived.tables, lived.observed, lived.bootstrap
    if observed.departures is not None:
        yield departures(tables, observed.departures, bootstrap)
    yield hourly_rates(lived)
    if observed.modes is not None:
        yield mode_shares(tables, observed.modes, bootstrap)
    yield shares_of_modes(lived)
    yield trip_rates(tables, bootstrap)


def hourly_rates(lived: Lived) -> Family:
    """Return trips by hour of departure on weekdays and on weekend days, for 100 people.

    Observed curves tell only how trips are spread over the day, so in the details they are scaled
    to as many trips as the run has.
    """
    measures: list[Measure] = []
    details: dict[str, Any] = {}
    for kind in _KINDS:
        trips = hourly_trips(lived.tables, DepartureCurve(day_type=kind))
        days = _days(lived.tables, kind)
        if not days.sum():
            continue
        found = lived.bootstrap.estimate(
            lambda count, trips=trips, days=days: _rates(trips, days, count)  # type: ignore[misc]
        )
        figure = Figure(f"trips a {kind}{' day' * (kind == 'weekend')}", int(days.sum()), "days")
        total = lived.bootstrap.estimate(
            lambda count, trips=trips, days=days: np.atleast_1d(  # type: ignore[misc]
                _rates(trips, days, count).sum() / _PER
            )
        )
        measures += measures_of([figure], total, {})
        details[kind] = _curve(found) | _people(lived.observed.departures, kind, found)
    notes = () if lived.observed.departures else (nothing_to_compare_with("departures"),)
    return Family(name=_RATES, measures=tuple(measures), details=details, notes=notes)


def _days(tables: RunTables, kind: str) -> Float:
    """Return how many days of a kind each person has lived, shape (p,)."""
    lived = person_days(tables, lambda _: 0, 1)
    of_it = of_day_type(tables, lived.day, kind)
    return np.bincount(lived.person[of_it], minlength=tables.persons).astype(np.float64)


def _rates(trips: Float, days: Float, count: Float) -> Float:
    """Return trips of 100 people by hour, shape (24,)."""
    lived = float(count @ days)
    return _PER * (count @ trips) / lived if lived else np.full(DAY_H, np.nan)


def _curve(found: Estimate) -> dict[str, Any]:
    names = ("trips", "low_95", "high_95")
    return {name: one.round(3).tolist() for name, one in zip(names, found, strict=True)}


def _people(observed: Departures | None, kind: str, found: Estimate) -> dict[str, Any]:
    """Return the observed curve of a kind of day, or of all days, scaled to the run's trips."""
    curves = {} if observed is None else observed.curves
    wanted = (DepartureCurve(day_type=kind), DepartureCurve())
    shares = next((curves[one] for one in wanted if one in curves), None)
    if shares is None:
        return {}
    return {"people": (shares * found.value.sum()).round(3).tolist()}


def shares_of_modes(lived: Lived) -> Family:
    """Return the share of each mode, in all trips and by length of the trip."""
    trips, persons = lived.tables.trips, lived.tables.persons
    palette = palette_of(lived.tables.parameters).modes
    modes = [name for name in palette if name in set(trips.mode.tolist())]
    column = np.array([modes.index(str(one)) for one in trips.mode], dtype=np.int64)
    band = np.digitize(trips.distance_m / 1000.0, _BANDS_KM[1:-1])
    counts = np.zeros((persons, len(_BANDS_KM) - 1, len(modes)))
    np.add.at(counts, (trips.person, band, column), 1.0)
    figures = [Figure(f"share of trips: {mode}", len(trips), "trips", unit="%") for mode in modes]
    found = lived.bootstrap.estimate(
        lambda count: 100.0 * _shares(np.tensordot(count, counts, axes=1).sum(axis=0))
    )
    total = counts.sum(axis=0)
    rows = [
        {"trips": _band(row), "n": int(one.sum()), "run": _shares(one).round(4).tolist()}
        for row, one in enumerate(total)
        if one.sum()
    ]
    notes = () if lived.observed.modes else (nothing_to_compare_with("modes"),)
    return Family(
        name=_MODES,
        measures=tuple(measures_of(figures, found, {})),
        details={
            "modes": modes,
            "bands": rows,
            "colours": {name: colour for name, (_, colour) in palette.items()},
        },
        notes=notes,
    )


def _shares(counts: Float) -> Float:
    total = float(counts.sum())
    return counts / total if total else np.full(len(counts), np.nan)


def _band(row: int) -> str:
    low, high = _BANDS_KM[row : row + 2]
    return f"{low:g} km and more" if np.isinf(high) else f"{low:g} to {high:g} km"


def _draw(report: Report) -> Picture:
    """Draw trips by hour on both kinds of day, as figure 3 does, and the shares of modes."""
    rates = report.family(_RATES).details
    observed = [one for one in report.validation.families if one.name == _OBSERVED_MODES]
    sheet = new_sheet(report, width_in=15.0, height_in=4.4)
    axes = sheet.subplots(1, 3, width_ratios=(1, 1, 1.15))
    highest = max((max(one["high_95"]) for one in rates.values()), default=1.0)
    for one, kind in zip(axes, _KINDS, strict=False):
        if kind in rates:
            _draw_rates(one, rates[kind])
            one.set_ylim(0.0, 1.15 * max(highest, 0.1))
        else:
            one.text(0.5, 0.5, f"the run has no {kind}", ha="center", transform=one.transAxes)
        one.set_xlabel("hour of departure")
        entitle(one, f"Trips of 100 people by hour, {kind}s")
    of_run = report.family(_MODES).details
    shown = observed[0].details if observed else of_run
    sides = [("run", "run"), ("observed", "people")] if observed else [("run", "run")]
    _draw_modes(axes[2], shown, of_run["colours"], sides)
    return sheet


def _draw_rates(axes: Axes, curve: Mapping[str, Any]) -> None:
    hours = np.arange(DAY_H) + 0.5
    low, high = (np.array(curve[name]) for name in ("low_95", "high_95"))
    axes.fill_between(hours, np.maximum(low, 0.0), high, color=RUN, alpha=0.25, linewidth=0)
    axes.plot(hours, curve["trips"], color=RUN, label="run, with its 95 % interval")
    if "people" in curve:
        label = "people, scaled to the trips of the run"
        axes.plot(hours, curve["people"], color=PEOPLE, label=label)
    flat = float(np.mean(curve["trips"]))
    axes.axhline(flat, color=NAIVE, linewidth=1.0, linestyle="--", label="every hour alike")
    axes.set_xlim(0, DAY_H)
    axes.set_xticks(range(0, DAY_H + 1, 3))
    axes.legend(fontsize=8, frameon=False, loc="upper left")


def _draw_modes(
    axes: Axes,
    details: Mapping[str, Any],
    colours: Mapping[str, str],
    sides: Sequence[tuple[str, str]],
) -> None:
    """Draw a bar of shares for each class of length, the run above what was observed."""
    height = 0.8 / len(sides)
    for row, band in enumerate(details["bands"]):
        for side, (key, _) in enumerate(sides):
            left = 0.0
            for column, mode in enumerate(details["modes"]):
                width = 100.0 * band[key][column]
                axes.barh(
                    row + side * height,
                    width,
                    0.92 * height,
                    left=left,
                    color=colours.get(mode, _OTHER_MODE),
                    label=mode if not row and not side else None,
                )
                left += width
    middle = height * (len(sides) - 1) / 2
    names = [f"{band['trips']}\n{band['n']:,} trips" for band in details["bands"]]
    axes.set_yticks(np.arange(len(names)) + middle, names)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    which = f", {' above '.join(name for _, name in sides)}" if len(sides) > 1 else " of the run"
    entitle(axes, f"Shares of modes{which} (%)")
    if len(sides) > 1:
        axes.set_xlabel("modes that both the run and the table have, scaled to 100 %")
    axes.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=5)
