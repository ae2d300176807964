"""The map of what differs between two runs: zones by any measure, and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solara

from mesa_llm_city.ui.comparing.differing_people import (
    NO_PEOPLE,
    differing_look,
    differing_people,
)
from mesa_llm_city.ui.comparing.zone_difference import (
    ZoneDifference,
    are_zones_equal,
    shared_measures,
    zone_difference,
)
from mesa_llm_city.ui.comparing.zone_table import ZoneTable
from mesa_llm_city.ui.focus import TimeRange, time_range
from mesa_llm_city.ui.map.canvas import CityCanvas, Frame, Packed, base_map_traits, plain_look
from mesa_llm_city.ui.map.choropleth import NO_ZONES
from mesa_llm_city.ui.map.city_map import use_camera, use_seldom
from mesa_llm_city.ui.map.sharing import SharedLook
from mesa_llm_city.ui.person.common import day_and_time
from mesa_llm_city.ui.person.selection import selected, source_of
from mesa_llm_city.ui.views.zone_measures import VISITS

if TYPE_CHECKING:
    from mesa_llm_city.ui.comparing.pair import Pair

__all__ = ["DifferenceMap"]

_LAYERS = ["land", "zones", "names"]
_TOOLS = ["people", "streets", "places", "names"]
_FIRST = "people"
_QUARTER_MIN = 15
_NEVER = -1
_NOTHING = "", _NEVER, None, _NEVER


def DifferenceMap(
    pair: Pair, *, height: int = 440, shared: SharedLook | None = None
) -> solara.Element:
    """Show zones by a measure in the other run minus the one that is shown, and who differs.

    The measure is chosen on the map. Zones are counted anew every 15 minutes of the run, when
    both show the same minute; visits since midnight, or in the hours that are marked in a chart.
    *People* shows who is elsewhere or does something else; in a city
    without zones it is on from the beginning.

    Parameters
    ----------
    pair : Pair
        The runs.
    height : int, default 440
        Height of the map in pixels.
    shared : SharedLook, optional
        That of the maps of the two runs, which then move together with this one.

    Returns
    -------
    solara.Element
        A component.
    """
    # The minutes are handed over, so that replays are looked at anew when they have changed.
    minutes = pair.shown.minute, pair.other.minute
    return _DifferenceMap(pair, minutes=minutes, height=height, shared=shared)


@solara.component
def _DifferenceMap(
    pair: Pair, *, minutes: tuple[int, int], height: int, shared: SharedLook | None
) -> None:
    one, two = pair.shown.basemap(), pair.other.basemap()
    is_one_city = solara.use_memo(lambda: are_zones_equal(one, two), [one, two])
    if not is_one_city:
        towns = f"{pair.shown.title} and {pair.other.title}"
        _note(f"The zones of {towns} are not the same, so they cannot be compared on a map.")
        return
    has_zones = len(one.areas) > 0
    if not has_zones:
        _note("This city has no zones; the map shows the people who differ.")
    _Map(pair, has_zones=has_zones, minutes=minutes, height=height, shared=shared)


@solara.component
def _Map(
    pair: Pair,
    *,
    has_zones: bool,
    minutes: tuple[int, int],
    height: int,
    shared: SharedLook | None,
) -> None:
    basemap, sources = pair.shown.basemap(), (source_of(pair.shown), source_of(pair.other))
    frame = solara.use_memo(lambda: Frame.of(basemap.bounds, basemap.focus), [basemap])
    fixed = solara.use_memo(lambda: base_map_traits(frame, basemap), [basemap])
    layers, set_layers = solara.use_state([*_LAYERS, *([] if has_zones else ["people"])])
    wanted, set_measure = solara.use_state(_FIRST if has_zones else "")
    known = shared_measures(pair)
    # One of the runs may have become a replay, which knows less.
    is_known = not wanted or wanted in {one["name"] for one in known}
    measure = wanted if is_known else _FIRST
    reading = solara.use_memo(_Reading, [sources])
    marked = time_range(pair.shown)
    hours = marked.value if measure == VISITS else None
    reading.go_on(pair, measure, hours)
    level, difference = reading.minute, reading.difference
    zones = solara.use_memo(lambda: _zones(difference), [difference])
    has_people = "people" in layers
    people = solara.use_memo(
        lambda: differing_people(frame, pair) if has_people and level != _NEVER else NO_PEOPLE,
        [sources, frame, has_people, level],
    )
    look = solara.use_memo(
        lambda: {
            **differing_look(pair, is_shown=has_people),
            "measures": known if has_zones else [],
        },
        [sources, pair.names, has_people, pair.shown.colours(), pair.other.colours()],
    )
    chosen = selected(pair.shown)
    element = CityCanvas.element(
        **zones,
        **people,
        measure=measure,
        on_measure=set_measure,
        layers=layers,
        on_layers=set_layers,
        hours={} if hours is None else _hours(hours, pair),
        on_hours=lambda told: None if told else marked.set(None),
        selected=chosen.value,
        on_selected=chosen.set,
        title=f"{pair.names[1]} minus {pair.names[0]}",
        when=day_and_time(max(level, 0)),
        minute=float(minutes[1]),
        tools=_TOOLS,
        nobody="",
        height=height,
    )
    use_seldom(element, fixed)
    use_seldom(element, look)
    use_camera(element, None if shared is None else shared.camera(frame))
    _note(_said(pair, difference, is_known=level != _NEVER))
    if difference is not None:
        ZoneTable(difference)


class _Reading:
    """What was read of two runs last.

    Attributes
    ----------
    minute : int
        Last minute that both have shown; -1 where they cannot be compared.
    difference : ZoneDifference or None
        Difference of their zones, read when there is something to read.
    """

    __slots__ = ("_is_level", "_key", "difference", "minute")

    def __init__(self) -> None:
        self.minute = _NEVER
        self.difference: ZoneDifference | None = None
        self._key: tuple[str, int, TimeRange | None, int] = _NOTHING
        self._is_level = True

    def go_on(self, pair: Pair, measure: str, hours: TimeRange | None) -> None:
        """Read again what has changed; what was read while one run was behind, once it is not."""
        if pair.is_level:
            self.minute = pair.minute
        elif pair.is_apart:
            self.minute = _NEVER
        quarter = pair.minute // _QUARTER_MIN
        span = None if hours is None else hours.latest(pair.minute)
        # At the minute at which a quarter and the hours begin, the latest day is the day before.
        begun = _NEVER if span is None else span.start
        key = _NOTHING if self.minute == _NEVER else (measure, quarter, hours, begun)
        if key == self._key and (self._is_level or not pair.is_level):
            return
        self._key, self._is_level = key, pair.is_level
        self.difference = zone_difference(pair, key[0], span) if key[0] else None


def _hours(hours: TimeRange, pair: Pair) -> Packed:
    """Return what the map says of the marked hours, which only visits follow here."""
    return {"label": hours.in_words(pair.minute), "trips": 0, "drawn": 0, "visits": True}


def _zones(difference: ZoneDifference | None) -> Packed:
    if difference is None:
        return NO_ZONES
    return {
        "zone_look": plain_look(difference.look()),
        "zone_codes": difference.codes().tobytes(),
        "zone_words": "\n".join(difference.words()),
    }


def _said(pair: Pair, difference: ZoneDifference | None, *, is_known: bool) -> str:
    """Return in words what the map shows."""
    if not is_known:
        here, there = (
            f"{name} is at {day_and_time(view.minute)}"
            for name, view in zip(pair.names, (pair.shown, pair.other), strict=True)
        )
        return f"{here}, {there}: they are compared once both show the same minute."
    return "" if difference is None else difference.summary()


def _note(text: str) -> None:
    solara.v.Html(
        tag="p",
        class_="city-difference-note",
        children=[text],
        attributes={"role": "status"},
        style_="margin:6px 2px;font-size:.88rem",
    )
