"""The charts of the page: each redraw updates one of them, the others follow soon after."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer

import solara

from mesa_llm_city.ui.charts.components import Needs, PlacePopularity, TimeUse, TripsPerHour
from mesa_llm_city.ui.page.focus_bar import FocusBar

__all__ = ["Charts"]

_CHARTS = (TimeUse, TripsPerHour, Needs, PlacePopularity)
_NEXT_CHART_S = 0.12


@solara.component
def Charts(model: object, minute: int) -> None:
    """Show the charts.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Its present minute, so that the charts are looked at anew when it has changed.
    """
    drawn: solara.Ref[list[tuple[object, int]]] = solara.use_ref([(model, minute)] * len(_CHARTS))
    turn, take_turn = solara.use_state(0)
    rows = [(turn + row) % len(_CHARTS) for row in range(len(_CHARTS))]
    late = [row for row in rows if drawn.current[row] != (model, minute)]
    if late:
        drawn.current[late[0]] = (model, minute)

    def come_again() -> Callable[[], None] | None:
        if not late:
            return None
        timer = Timer(_NEXT_CHART_S, lambda: take_turn((late[0] + 1) % len(_CHARTS)))
        timer.daemon = True
        timer.start()
        return timer.cancel

    solara.use_effect(come_again, [turn, minute, model])
    FocusBar(model, minute)
    with solara.Div(classes=["city-charts"]):
        for chart, (seen, at) in zip(_CHARTS, drawn.current, strict=True):
            _OneChart(chart, seen, at)


@solara.component
def _OneChart(chart: Callable[[object], solara.Element], model: object, minute: int) -> None:
    del minute  # handed over, so that the chart is drawn anew when its turn has come
    chart(model)
