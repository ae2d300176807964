"""The map of the city and its people, as a component."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
import solara

from mesa_llm_city.core.plain_text import one_a_line
from mesa_llm_city.core.values import Int
from mesa_llm_city.ui.comparing.differing_now import DifferingNow
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
from mesa_llm_city.ui.map.marked_hours import use_marked_hours
from mesa_llm_city.ui.map.sharing import LAYERS, MapCamera, SharedLook
from mesa_llm_city.ui.map.sketch import sketch_of
from mesa_llm_city.ui.map.slowly import use_slowly
from mesa_llm_city.ui.map.trips_once import TripsOnce
from mesa_llm_city.ui.palette import colouring
from mesa_llm_city.ui.person.selection import NOWHERE, selected, selected_place, source_of
from mesa_llm_city.ui.views.flows import zone_flows
from mesa_llm_city.ui.views.protocols import CityView, view_of
from mesa_llm_city.ui.views.zone_measures import VISITS, zone_measures

__all__ = ["LAYERS", "CityMap", "use_camera", "use_seldom"]

_QUICK = ("activity", "mode")
_NO_FLOWS: Packed = {"flows": b"", "flow_counts": b""}


def CityMap(
    model: object,
    *,
    height: int = 0,
    renderer: str = "auto",
    shared: SharedLook | None = None,
    other: CityView | None = None,
) -> solara.Element:
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
    shared : SharedLook, optional
        Colours, layers and camera that this map shares with others; those of its own by default.
    other : CityView, optional
        A run to compare with, whose map stands beside this one: zones of both have one scale,
        and `SharedLook.only_differing` tells who differs from it.

    Returns
    -------
    solara.Element
        A component for a page or for ``SolaraViz(model, components=[CityMap])``.
    """
    view = view_of(model)
    # The minute is handed over, so that a replay is looked at anew when it has changed.
    minutes = view.minute, -1 if other is None else other.minute
    size = height, renderer
    return _CityMap(view, minutes=minutes, size=size, shared=shared, other=other)


@solara.component
def _CityMap(
    view: CityView,
    *,
    minutes: tuple[int, int],
    size: tuple[int, str],
    shared: SharedLook | None,
    other: CityView | None,
) -> solara.Element:
    minute, (height, renderer) = minutes[0], size
    own = solara.use_memo(SharedLook, [])
    common = own if shared is None else shared
    # A replay of a model may know less of people than the model does.
    by = _known(common.by.value, view.colours(), "activity")
    layers, measure = common.layers.value, _known(common.measure.value, zone_measures(view), "")
    chosen, source, crowd = selected(view), source_of(view), view.crowd()
    place = selected_place(view)
    sketch = sketch_of(view)
    ids = crowd.person.tobytes()
    basemap = view.basemap()
    shown = solara.use_memo(lambda: np.flatnonzero(~basemap.is_home), [basemap])
    frame = solara.use_memo(lambda: Frame.of(basemap.bounds, basemap.focus), [basemap])
    fixed = solara.use_memo(lambda: base_map_traits(frame, basemap), [basemap])
    names = solara.use_memo(lambda: {"names": one_a_line(view.names())}, [source, ids])
    look = solara.use_memo(lambda: _look(view, by), [source, by, view.colours()])
    # Feelings move slowly and are dear to read.
    slowly = use_slowly(minute)
    moment = minute if by in _QUICK else slowly
    codes = solara.use_memo(
        lambda: colouring(by, view.parameters).codes(view.values(by)), [source, ids, by, moment]
    )
    begun = solara.use_memo(TripsOnce, [source, frame])
    trips = solara.use_memo(
        lambda: trips_traits(frame, begun.new(view.under_way())), [source, ids, frame, minute]
    )
    closed = solara.use_memo(lambda: closed_traits(frame, view), [source, frame, closed_now(view)])
    span = common.flow_span.value
    has_flows = "flows" in layers
    marked = use_marked_hours(view, frame, has_trips="trips" in layers, measure=measure)
    hours = marked.traits["hours"].get("label")
    flows = solara.use_memo(
        lambda: (
            flows_traits(frame, zone_flows(view, marked.span or span)) if has_flows else _NO_FLOWS
        ),
        [source, frame, has_flows, span, slowly, hours],
    )
    against = None if other is None else source_of(other)
    both = slowly, use_slowly(minutes[1])
    zones = solara.use_memo(
        lambda: choropleth(view, measure, marked.span, beside=other) if measure else NO_ZONES,
        [source, against, measure, both, hours if measure == VISITS else None],
    )
    dense = solara.use_memo(
        lambda: density_traits(frame, view.density(), colouring(by, view.parameters)),
        [source, frame, minute, by],
    )
    differing_now = solara.use_memo(DifferingNow, [source, against])
    is_alone = other is not None and common.only_differing.value
    differing = differing_now.of(view, other) if other is not None and is_alone else b""
    element = CityCanvas.element(
        **dense,
        **flows,
        **zones,
        measure=measure,
        on_measure=common.measure.set,
        flow_span=span,
        on_flow_span=common.flow_span.set,
        **marked.traits,
        on_hours=lambda told: None if told else marked.clear(),
        **people_traits(frame, crowd, codes),
        **trips,
        **closed,
        emphasis=_both(emphasis_of(view, crowd, emphasis(view).value), differing),
        minute=float(minute),
        title=view.title,
        when=_moment(view),
        by=by,
        on_by=common.by.set,
        layers=layers,
        on_layers=common.layers.set,
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
    use_seldom(element, fixed)
    use_seldom(element, look)
    use_seldom(element, names)
    use_camera(element, None if shared is None else shared.camera(frame))
    return element


def _known(wanted: str, known: Collection[str], usual: str) -> str:
    """Return what is wanted, or the usual if a run such as a replay does not know it."""
    return wanted if wanted in known else usual


def _both(one: bytes, other: bytes) -> bytes:
    """Return who is clear by both of two choices, of which an empty one is for everybody."""
    # Somebody may have arrived between the two readings of a model that runs.
    if not one or not other or len(one) != len(other):
        return one or other
    return (np.frombuffer(one, np.uint8) & np.frombuffer(other, np.uint8)).tobytes()


def use_camera(element: solara.Element, camera: MapCamera | None) -> None:
    """Let a map look where others of its camera do, inside a component.

    Parameters
    ----------
    element : solara.Element
        A `CityCanvas` whose frame it has got already.
    camera : MapCamera, optional
        The camera; None for a map that moves alone.
    """

    def follow() -> Callable[[], None] | None:
        widget = solara.get_widget(element)
        widget.camera_group = "" if camera is None else camera.group
        if camera is None:
            return None
        widget.camera = camera.where.peek()

        def report(change: Mapping[str, list[float]]) -> None:
            camera.moved(change["new"])

        widget.observe(report, "camera")
        stop = camera.follow(lambda where: setattr(widget, "camera", where))

        def leave() -> None:
            stop()
            widget.unobserve(report, "camera")

        return leave

    solara.use_effect(follow, [camera])


def use_seldom(element: solara.Element, traits: Packed) -> None:
    """Give the widget what seldom changes, inside a component.

    Arguments of an element are walked through, lists and all, whenever anything is drawn anew.

    Parameters
    ----------
    element : solara.Element
        A `CityCanvas`.
    traits : dict
        Its traits, the same object as long as nothing has changed.
    """

    def give() -> None:
        widget = solara.get_widget(element)
        with widget.hold_sync():
            for name, value in traits.items():
                setattr(widget, name, value)

    # The same object as long as nothing has changed, which is found sooner than by comparing.
    solara.use_effect(give, [id(traits)])


def _look(view: CityView, by: str) -> Packed:
    look = look_traits(view.parameters, by, view.colours())
    return {**look, "measures": measures_of(view)}


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
