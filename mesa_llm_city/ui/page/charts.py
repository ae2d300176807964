"""The charts of the page: each redraw updates one of them, the others follow soon after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from threading import Timer
from types import MappingProxyType

import solara

from mesa_llm_city.ui.charts.components import (
    Needs,
    PlacePopularity,
    ReporterChart,
    TimeUse,
    TripsPerHour,
)
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.page.focus_bar import FocusBar
from mesa_llm_city.ui.views.protocols import view_of
from mesa_llm_city.ui.views.reporters import reporters_of

__all__ = ["Charts"]

_CHARTS: Mapping[str, Callable[[object], solara.Element]] = MappingProxyType(
    {"time_use": TimeUse, "trips": TripsPerHour, "needs": Needs, "places": PlacePopularity}
)
_NEXT_CHART_S = 0.12
_ADD = "Add …"
_STYLE = """
.city-reporters{display:flex;flex-wrap:wrap;align-items:flex-end;gap:4px 8px}
.city-reporters .city-choice{min-width:190px}
.city-reporters .v-btn{border-radius:14px!important;margin-bottom:5px}
"""


@solara.component
def Charts(model: object, minute: int) -> None:
    """Show the charts, and those of what the reader wants to see of the model's reporters.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Its present minute, so that the charts are looked at anew when it has changed.
    """
    wanted, want = solara.use_state(_none())
    known = reporters_of(view_of(model))
    shown = [name for name in wanted if name in known]
    reported = {f"reporter {name}": partial(ReporterChart, reporter=name) for name in shown}
    FocusBar(model, minute)
    _InTurn(model, minute, {**_CHARTS, **reported})
    _Reporters(known, shown, want)


def _none() -> tuple[str, ...]:
    return ()


@solara.component
def _Reporters(
    known: tuple[str, ...], shown: list[str], want: Callable[[tuple[str, ...]], None]
) -> None:
    """Let the reader add charts of reporters, and take them away."""
    solara.Style(_STYLE)

    def add(name: str) -> None:
        if name != _ADD:
            want((*shown, name))

    with solara.Div(classes=["city-reporters"]):
        others = [name for name in known if name not in shown]
        Choice("Reporter of the model", [_ADD, *others], _ADD, add)
        for name in shown:
            _Remove(name, partial(want, tuple(one for one in shown if one != name)))


@solara.component
def _Remove(name: str, remove: Callable[[], None]) -> None:
    button = solara.v.Btn(
        small=True,
        outlined=True,
        children=[name, solara.v.Icon(children=["mdi-close"], small=True, right=True)],
        attributes={"aria-label": f"Take the chart of {name} away"},
    )
    solara.v.use_event(button, "click", lambda *_: remove())


@solara.component
def _InTurn(
    model: object, minute: int, charts: dict[str, Callable[[object], solara.Element]]
) -> None:
    """Show charts, of which each drawing renews the oldest, the others soon after in their turn."""
    drawn: solara.Ref[dict[str, tuple[object, int]]] = solara.use_ref({})
    turn, take_turn = solara.use_state(0)
    now = model, minute
    for name in charts:
        drawn.current.setdefault(name, now)
    # In the order in which they were drawn: a run that plays fast has no time for the others.
    late = [name for name, then in drawn.current.items() if name in charts and then != now]
    if late:
        del drawn.current[late[0]]
        drawn.current[late[0]] = now

    def come_again() -> Callable[[], None] | None:
        if not late[1:]:
            return None
        timer = Timer(_NEXT_CHART_S, lambda: take_turn(turn + 1))
        timer.daemon = True
        timer.start()
        return timer.cancel

    solara.use_effect(come_again, [turn, minute, model])
    with solara.Div(classes=["city-charts"]):
        for name, chart in charts.items():
            _OneChart(chart, *drawn.current[name]).key(name)


@solara.component
def _OneChart(chart: Callable[[object], solara.Element], model: object, minute: int) -> None:
    del minute  # handed over, so that the chart is drawn anew when its turn has come
    chart(model)
