"""A chart of a city in a panel of the page; it marks people and hours for the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.ui.charts.catalogue import CHARTS
from mesa_llm_city.ui.charts.plots.plot import Plot
from mesa_llm_city.ui.charts.vega_chart import VegaChart
from mesa_llm_city.ui.focus import EVERYBODY, Emphasis, TimeRange, emphasis, time_range
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Hint, Panel, Remark
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["PlotPanel"]

_Draw = Callable[[CityView, int], Plot]
_HOUR_FIELDS = ("hour", "begin")


def PlotPanel(
    model: object, name: str, plot: _Draw, *, personal: bool = False, title: str = ""
) -> solara.Element:
    """Show a chart in a panel.

    A click on a part of it, or on its entry in the legend, shows those people clearly on the
    map, others pale; a range of hours that is dragged over is marked in all charts.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    name : str
        One of `CHARTS`, or another name, which the files that are saved get.
    plot : callable
        Returns the chart, from a view and a person or `NOBODY`.
    personal : bool, default False
        Whether it depends on the person selected.
    title : str, optional
        Title of the panel; that of `CHARTS` if not given.
    """
    # The minute is handed over, so that the chart is looked at anew when it has changed.
    minute = view_of(model).minute
    heading = title or CHARTS[name].title
    return _PlotPanel(
        model=model, minute=minute, name=name, plot=plot, personal=personal, title=heading
    )


@solara.component
def _PlotPanel(
    model: object, minute: int, name: str, plot: _Draw, *, personal: bool, title: str
) -> None:
    view = view_of(model)
    person = selected(model).value if personal else NOBODY
    drawn = use_throttled(
        minute,
        lambda: read_steadily(lambda: plot(view, person)),
        urgent=(person, id(model), name),
    )
    with Panel(title, name=name.replace("_", "-")):
        if drawn.spec:
            _Marking(model=model, name=name, drawn=drawn)
            if drawn.caption:
                Remark(drawn.caption, name="caption")
        else:
            Hint(drawn.description)


@solara.component
def _Marking(model: object, name: str, drawn: Plot) -> None:
    """Show the chart; what is clicked or dragged over is marked, and marks are shown in it."""
    wanted, marked = emphasis(model), time_range(model)
    own, set_own = solara.use_state(_no_selections())
    # Entries that stand for nobody, such as needs, are picked out in this chart alone.
    alone, set_alone = solara.use_state(_no_keys())

    def click(row: dict[str, Any]) -> None:
        key = str(row.get("key"))
        pick = drawn.picks.get(key)
        if pick is not None:
            wanted.set(wanted.value.toggled(pick.kind, pick.values))
        elif any(one.key == key for one in drawn.legend):
            set_alone(alone ^ {key})

    def select(selections: dict[str, Any]) -> None:
        set_own(selections)
        marked.set(_hours_of(selections))

    shown = [*_picked(drawn, wanted.value), *sorted(alone)]
    hours = marked.value
    signals = {**drawn.signals, "shown": shown}
    # What is marked elsewhere takes away what was dragged over here.
    is_own = hours is not None and hours == _hours_of(own)
    more: dict[str, Any] = {"selections": own if is_own else {}}
    if drawn.has_hours:
        signals["marked"] = None if hours is None else [one / HOUR_MIN for one in hours]
        more["on_selections"] = select
    VegaChart(
        drawn.spec,
        data=drawn.data,
        signals=signals,
        description=drawn.description,
        file=name,
        legend=[one._asdict() for one in drawn.legend],
        picked=shown,
        on_clicked=click,
        **more,
    )


def _no_selections() -> dict[str, Any]:
    return {}


def _no_keys() -> frozenset[str]:
    return frozenset()


def _hours_of(selections: dict[str, Any]) -> TimeRange | None:
    """Return the hours that were dragged over, None for none."""
    ends = [
        selections.get("hours", {}).get(name)
        for name in _HOUR_FIELDS
        if selections.get("hours", {}).get(name)
    ]
    return TimeRange.of_hours(*ends[0]) if ends else None


def _picked(drawn: Plot, wanted: Emphasis) -> list[str]:
    """Return the keys of those parts that are wanted; none if everybody is."""
    if wanted == EVERYBODY:
        return []
    return [key for key, pick in drawn.picks.items() if pick.values <= getattr(wanted, pick.kind)]
