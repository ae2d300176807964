"""The map of the city and its people, as a component."""

from __future__ import annotations

import numpy as np
import solara

from mesa_llm_city.core.values import Int
from mesa_llm_city.ui.focus import emphasis, emphasis_of
from mesa_llm_city.ui.map.canvas import (
    CityCanvas,
    Frame,
    Packed,
    base_map_traits,
    density_traits,
    flows_traits,
    look_traits,
    people_traits,
    trips_traits,
)
from mesa_llm_city.ui.map.choropleth import NO_ZONES, choropleth, measures_of
from mesa_llm_city.ui.map.closed import closed_now, closed_traits
from mesa_llm_city.ui.map.sketch import sketch_of
from mesa_llm_city.ui.map.trips_once import TripsOnce
from mesa_llm_city.ui.palette import colouring
from mesa_llm_city.ui.person.selection import NOWHERE, selected, selected_place, source_of
from mesa_llm_city.ui.views.flows import zone_flows
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["LAYERS", "CityMap"]

LAYERS = ("people", "land", "streets", "places", "zones", "names")
"""What is drawn at first; ``heat``, ``trips`` and ``flows`` can be added."""

_QUICK = ("activity", "mode")
_SLOWLY_MIN = 15
_NO_FLOWS: Packed = {"flows": b"", "flow_counts": b""}


def CityMap(model: object, *, height: int = 0, renderer: str = "auto") -> solara.Element:
    """Show where everybody is; a click selects a person or a place.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    height : int, default 0
        Height in pixels. With 0 it is that of the container, and 560 px where the container has
        none; the width is always that of the container.
    renderer : {"auto", "2d", "webgl2"}
        How people are drawn: by Canvas 2D, or by WebGL 2 where there is one. ``auto`` takes WebGL 2
        on a graphics card, and Canvas 2D where a program stands in for one, which is slower.

    Returns
    -------
    solara.Element
        A component for a page or for ``SolaraViz(model, components=[CityMap])``.
    """
    view = view_of(model)
    # The minute is handed over, so that a replay is looked at anew when it has changed.
    return _CityMap(view, minute=view.minute, height=height, renderer=renderer)


@solara.component
def _CityMap(view: CityView, *, minute: int, height: int, renderer: str) -> solara.Element:
    by, set_by = solara.use_state("activity")
    layers, set_layers = solara.use_state(list(LAYERS))
    chosen, source, crowd = selected(view), source_of(view), view.crowd()
    place = selected_place(view)
    sketch = sketch_of(view)
    ids = crowd.person.tobytes()
    basemap = view.basemap()
    shown = solara.use_memo(lambda: np.flatnonzero(~basemap.is_home), [basemap])
    frame = solara.use_memo(lambda: Frame.of(basemap.bounds, basemap.focus), [basemap])
    fixed = solara.use_memo(lambda: base_map_traits(frame, basemap), [basemap])
    names = solara.use_memo(lambda: {"names": "\n".join(view.names())}, [source, ids])
    look = solara.use_memo(lambda: _look(view, by), [source, by, view.colours()])
    # Feelings move slowly and are dear to read.
    moment = minute if by in _QUICK else minute // _SLOWLY_MIN
    codes = solara.use_memo(
        lambda: colouring(by, view.parameters).codes(view.values(by)), [source, ids, by, moment]
    )
    begun = solara.use_memo(TripsOnce, [source, frame])
    trips = solara.use_memo(
        lambda: trips_traits(frame, begun.new(view.under_way())), [source, ids, frame, minute]
    )
    closed = solara.use_memo(lambda: closed_traits(frame, view), [source, frame, closed_now(view)])
    measure, set_measure = solara.use_state("")
    span, set_span = solara.use_state("hour")
    has_flows, quarter = "flows" in layers, minute // _SLOWLY_MIN
    flows = solara.use_memo(
        lambda: flows_traits(frame, zone_flows(view, span)) if has_flows else _NO_FLOWS,
        [source, frame, has_flows, span, quarter],
    )
    zones = solara.use_memo(
        lambda: choropleth(view, measure) if measure else NO_ZONES, [source, measure, quarter]
    )
    dense = solara.use_memo(
        lambda: density_traits(frame, view.density(), colouring(by, view.parameters)),
        [source, frame, minute, by],
    )
    measures = solara.use_memo(lambda: measures_of(view), [source, view.colours()])
    element = CityCanvas.element(
        **dense,
        **flows,
        **zones,
        measures=measures,
        measure=measure,
        on_measure=set_measure,
        flow_span=span,
        on_flow_span=set_span,
        **people_traits(frame, crowd, codes),
        **trips,
        **closed,
        emphasis=emphasis_of(view, crowd, emphasis(view).value),
        minute=float(minute),
        title=view.title,
        when=_moment(view),
        by=by,
        on_by=set_by,
        layers=layers,
        on_layers=set_layers,
        selected=chosen.value,
        on_selected=chosen.set,
        place=_row_of(shown, place.value),
        on_place=lambda row: place.set(_place_at(shown, row)),
        drawing=sketch.is_on.value,
        on_drawing=sketch.is_on.set,
        drawn=sketch.points.value,
        on_drawn=sketch.points.set,
        height=height,
        renderer=renderer,
    )
    _use_seldom(element, fixed)
    _use_seldom(element, look)
    _use_seldom(element, names)
    return element


def _use_seldom(element: solara.Element, traits: Packed) -> None:
    """Give the widget what seldom changes, inside a component.

    Arguments of an element are walked through, lists and all, whenever anything is drawn anew.
    """

    def give() -> None:
        widget = solara.get_widget(element)
        with widget.hold_sync():
            for name, value in traits.items():
                setattr(widget, name, value)

    # The same object as long as nothing has changed, which is found sooner than by comparing.
    solara.use_effect(give, [id(traits)])


def _look(view: CityView, by: str) -> Packed:
    return look_traits(view.parameters, by, view.colours())


def _row_of(shown: Int, place: int) -> int:
    """Return the row on the map of a place, `NOWHERE` for one that is not shown."""
    row = int(np.searchsorted(shown, place))
    return row if row < len(shown) and shown[row] == place else NOWHERE


def _place_at(shown: Int, row: int) -> int:
    """Return the place of a row on the map."""
    return int(shown[row]) if 0 <= row < len(shown) else NOWHERE


def _moment(view: CityView) -> str:
    """Return the day and the time of day."""
    now = view.clock.at(view.minute)
    return f"Day {view.clock.day(view.minute) + 1}, {now:%a} {now.day} {now:%b}, {now:%H:%M}"
