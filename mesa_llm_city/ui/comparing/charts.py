"""Charts of what differs between two runs: each measure of both, and the difference."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import solara

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.experiments.futures.difference import compared
from mesa_llm_city.experiments.futures.measures import MEASURES
from mesa_llm_city.experiments.futures.over_seeds import COLUMNS
from mesa_llm_city.ui.charts.plots.plot import Plot
from mesa_llm_city.ui.charts.vega_chart import VegaChart
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.comparing.crowd_measures import CROWD_MEASURES
from mesa_llm_city.ui.comparing.differences import LEVEL, Differences
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.plots import Labels, both_plot, difference_plot, wave_plot
from mesa_llm_city.ui.comparing.watch import use_differences
from mesa_llm_city.ui.panel import Hint, Panel, Remark, kind_word
from mesa_llm_city.ui.person.selection import source_of
from mesa_llm_city.ui.views.protocols import CityView, view_of
from mesa_llm_city.ui.views.reporters import is_counted_by_hour, reporters_of, series_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DifferenceCharts",
    "MeasureCharts",
    "Replicates",
    "ReporterCharts",
    "ReporterRows",
    "both_reporters",
    "labels_of",
    "reporter_rows",
]

_NO_REPORTER = "none"
_SINGLE = "One run each, so there is no interval: a difference may come from chance alone."
_ROWS = "The charts above count citizens; those below count the rows of the crowd."
_STYLE = """
.city-differences{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));
  gap:10px 22px}
.city-difference{min-width:0}
.city-difference h3{font-size:.92rem;font-weight:600;margin:6px 0 2px}
.city-difference-both{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,240px),1fr));
  gap:4px 12px}
.city-difference-both>*{min-width:0}
.city-difference-reporter{max-width:320px}
"""


class Replicates(Protocol):
    """What is drawn of two runs, or of several replicates of both.

    Each measure has the columns `COLUMNS`, ``difference``, and ``low`` and ``high``, which are
    missing where there is one replicate.
    """

    @property
    def names(self) -> tuple[str, str]:
        """Names of the runs, the shown one first."""

    @property
    def measures(self) -> Mapping[str, pd.DataFrame]:
        """Rows of each of `MEASURES`, and of some reporters."""


@solara.component
def DifferenceCharts(pair: Pair) -> None:
    """Show each measure of both runs beside each other, and the difference: other minus shown.

    Parameters
    ----------
    pair : Pair
        The runs as they stand.
    """
    watch = use_differences(pair)
    with Panel("What differs", name="difference-charts"):
        if watch.trouble:
            Remark(f"This could not be compared: {watch.trouble}", name="trouble", colour="#B22222")
        if watch.latest is None:
            Hint("Both runs are being compared …")
        elif watch.latest.minute <= watch.latest.parted:
            Hint("Up to this minute both runs are one: go on, or to a later minute.")
        else:
            # What stays the same while the runs go on, so that it is not drawn anew each time.
            _Found(watch.latest, source_of(pair.shown), source_of(pair.other))


@solara.component
def _Found(found: Differences, shown: object, other: object) -> None:
    """Show the charts of what was found."""
    wave = solara.use_memo(
        lambda: wave_plot(found.first.minute, found.people, found.parted, found.minute), [found]
    )
    pair = Pair(shown=view_of(shown), other=view_of(other), names=found.names, parted=found.parted)
    reporters = ReporterRows(
        both_reporters(pair), pair.names, lambda name: reporter_rows(pair, name, found.minute)
    )
    Remark(_SINGLE, name="no-interval")
    MeasureCharts(found, shown, wave=wave)
    if found.crowd_measures:
        Remark(_ROWS, name="rows")
        _Measures(found.crowd_measures, found.names, view_of(shown))
    ReporterCharts(reporters, shown, found)


@solara.component
def MeasureCharts(found: Replicates, model: object, wave: Plot | None = None) -> None:
    """Show the charts of all measures of two runs.

    Parameters
    ----------
    found : Replicates
        What was measured.
    model : CityModel or CityView
        Any of the runs, for its calendar and for the names of kinds.
    wave : Plot, optional
        A chart of how many people differ, which comes first.
    """
    solara.Style(_STYLE)
    view = view_of(model)
    with solara.Div(classes=["city-differences"]):
        if wave is not None:
            with solara.Div(classes=["city-difference"]):
                solara.v.Html(tag="h3", children=["People whose day differs by then"])
                _Chart(wave, "people_differing")
        for name in MEASURES:
            _Measure(name, found.measures[name], found.names, view).key(name)


@solara.component
def _Measures(measures: Mapping[str, pd.DataFrame], names: tuple[str, str], view: CityView) -> None:
    """Show several measures beside and below one another."""
    with solara.Div(classes=["city-differences"]):
        for name, rows in measures.items():
            _Measure(name, rows, names, view).key(name)


@solara.component
def _Measure(name: str, rows: pd.DataFrame, names: tuple[str, str], view: CityView) -> None:
    """Show one measure of both runs, and the difference."""
    drawn = solara.use_memo(lambda: _plots(name, rows, names, view), [name, rows, names])
    with solara.Div(classes=["city-difference"]):
        solara.v.Html(tag="h3", children=[labels_of(name, view).title])
        if drawn is None:
            Hint("Nothing of this was counted in either run yet.")
        else:
            _Both(drawn, re.sub(r"\W+", "_", name))


@solara.component
def _Both(drawn: _Plots, file: str) -> None:
    with solara.Div(classes=["city-difference-both"]):
        with solara.Div():
            _Chart(drawn.both, f"{file}_both")
        with solara.Div():
            _Chart(drawn.difference, f"{file}_difference")
    if drawn.both.caption:
        Remark(drawn.both.caption, name="caption")


class _Plots(NamedTuple):
    """The charts of one measure."""

    both: Plot
    difference: Plot


def _plots(name: str, rows: pd.DataFrame, names: tuple[str, str], view: CityView) -> _Plots | None:
    """Return the charts of a measure, None where nothing was counted."""
    if not len(rows):
        return None
    labels, clock = labels_of(name, view), view.clock
    return _Plots(
        both_plot(rows, names, labels, clock), difference_plot(rows, names, labels, clock)
    )


@solara.component
def _Chart(plot: Plot, file: str) -> None:
    """Show a chart; an entry of its legend that is clicked is picked out."""
    picked, pick = solara.use_state(_nothing())

    def click(row: dict[str, Any]) -> None:
        key = str(row.get("key"))
        if any(one.key == key for one in plot.legend):
            pick(picked ^ {key})

    VegaChart(
        plot.spec,
        data=plot.data,
        signals={**plot.signals, "shown": sorted(picked)},
        description=plot.description,
        file=file,
        legend=[one._asdict() for one in plot.legend],
        picked=sorted(picked),
        on_clicked=click,
    )


def _nothing() -> frozenset[str]:
    return frozenset()


class ReporterRows(NamedTuple):
    """What several reporters say of two runs.

    Attributes
    ----------
    known : tuple of str
        Names of the reporters.
    names : (str, str)
        Names of the runs.
    rows : callable
        Returns the rows of a reporter (see `Replicates`).
    """

    known: tuple[str, ...]
    names: tuple[str, str]
    rows: Callable[[str], pd.DataFrame]


@solara.component
def ReporterCharts(reporters: ReporterRows, model: object, key: object) -> None:
    """Let the reader choose a reporter, and show it of both runs, and the difference.

    Parameters
    ----------
    reporters : ReporterRows
        What they say.
    model : CityModel or CityView
        Any of the runs.
    key : object
        As long as it is equal, rows are the same.
    """
    wanted, want = solara.use_state(_NO_REPORTER)
    name = wanted if wanted in reporters.known else _NO_REPORTER
    rows = solara.use_memo(
        lambda: None if name == _NO_REPORTER else reporters.rows(name), [name, key]
    )
    with solara.Div(classes=["city-difference-reporter"]):
        Choice("Reporter of both models", [_NO_REPORTER, *reporters.known], name, want)
    if rows is not None:
        _Measure(name, rows, reporters.names, view_of(model)).key(name)


def both_reporters(pair: Pair) -> tuple[str, ...]:
    """Return the names of what both runs report (see `reporters_of`).

    Parameters
    ----------
    pair : Pair
        The runs.
    """
    known = set(reporters_of(pair.other))
    return tuple(name for name in reporters_of(pair.shown) if name in known)


def reporter_rows(pair: Pair, name: str, minute: int) -> pd.DataFrame:
    """Return what both runs have reported at the same minutes since they have parted.

    Parameters
    ----------
    pair : Pair
        The runs.
    name : str
        One of `both_reporters`.
    minute : int
        Up to when, in minutes since the start of the run.

    Returns
    -------
    pandas.DataFrame
        By time: `COLUMNS`, ``difference``, and ``low`` and ``high``, which are missing.
    """
    import pandas as pd

    # Of hours that are counted, those that both have lived in full.
    until = minute - HOUR_MIN if is_counted_by_hour(name) else minute
    begin = pair.parted if is_counted_by_hour(name) else pair.parted + 1
    columns = []
    for view in (pair.shown, pair.other):
        series = series_of(view, name)
        times, reported = series
        known = (times >= begin) & (times <= until) & ~np.isnan(reported)
        columns.append(pd.Series(reported[known], index=times[known]))
    both = columns[0].index.intersection(columns[1].index)
    clock = pair.shown.clock
    index = pd.DatetimeIndex(clock.stamps(both.to_numpy(dtype=np.int64)), name="time")
    alike = [one.loc[both].set_axis(index) for one in columns]
    return compared(alike[:1], alike[1:], COLUMNS, level=LEVEL)


def labels_of(name: str, view: CityView) -> Labels:
    """Return what a measure is called.

    Parameters
    ----------
    name : str
        One of `futures.measures.MEASURES` or `CROWD_MEASURES`, or a reporter.
    view : CityView
        Any of the runs, for the names of kinds.
    """
    if name not in {**MEASURES, **CROWD_MEASURES}:
        return Labels(name, name)
    kinds = {**view.parameters.purposes, **view.parameters.modes}
    named = partial(_label, {key: one.label for key, one in kinds.items()})
    return {
        "trips by hour": Labels("Trips by hour", "trips begun in the hour"),
        "minutes by purpose": Labels("A mean person's day", "minutes of 24 hours", named),
        "modes": Labels("Trips by mode", "trips", named),
        "visits by kind": Labels("Visits by kind of place", "visits", kind_word),
        "trips of rows by hour": Labels("Trips of the crowd by hour", "trips ended in the hour"),
        "minutes of rows by purpose": Labels("A mean row's day", "minutes of 24 hours", named),
    }[name]


def _label(labels: Mapping[str, str], name: str) -> str:
    return labels.get(name, name.replace("_", " "))
