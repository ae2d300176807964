"""The widget that draws the city in the browser, and how its data are packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from mesa_llm_city.city.land.streets import with_streets
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.ui.map.land_traits import land_traits, place_traits
from mesa_llm_city.ui.palette import THEMES, UNKNOWN, Colouring, colouring
from mesa_llm_city.ui.views.density import Density
from mesa_llm_city.ui.views.flows import Flows
from mesa_llm_city.ui.views.kinds import activity_labels
from mesa_llm_city.ui.views.protocols import Basemap, Crowd, UnderWay

__all__ = [
    "CityCanvas",
    "Frame",
    "base_map_traits",
    "density_traits",
    "flows_traits",
    "look_traits",
    "people_traits",
    "plain_look",
    "themes",
    "trips_traits",
    "zones_traits",
]

_UNITS = 65_535
_FOUR_BITS = 16
_MARGIN = 0.03
_ESM = Path(__file__).with_name("citycanvas.js")

_FRAME = ("unit_m", "left", "top", "width", "height")

Packed = dict[str, Any]
_Ends = tuple[float, float, float, float]


class CityCanvas(anywidget.AnyWidget):
    """A map of people on the move, drawn by WebGL 2, or by Canvas 2D without a graphics card.

    Coordinates are whole numbers from 0 to 65,535 in a square `Frame`. A redraw sends
    five bytes per person: four of position, one of activity and colour.

    Attributes
    ----------
    frame : Frame as a dict
        Square of the plane, and metres per unit.
    zones, homes, stations, trip_xy : bytes of uint16
        Coordinates, x and y by turns.
    land : bytes of uint16
        Rings of the areas, one after the other, in the order in which they are drawn.
    land_rings : bytes of uint32
        Points in each ring.
    land_shapes : bytes of uint16
        Rings in each area: its outline, and then its holes.
    land_kinds : bytes of uint8
        Row of `land_look` of each area.
    land_look, line_look : list of dict
        How kinds of area and of line are drawn (see `land_look`).
    land_names : list of dict
        Names of areas and districts: ``x``, ``y``, ``name``, ``kind``, and as ``size`` the side
        of a square as large as the area in units, 0 for a district.
    lines : bytes of uint16
        Streets, railways and rivers, one after the other.
    line_sizes : bytes of uint16
        Points in each line.
    line_kinds : bytes of uint8
        Row of `line_look` of each line.
    line_names : list of str
        Names of lines, each once.
    line_name : bytes of uint16
        Row of the name of each line and 1; 0 for none.
    place_xy, place_kinds : bytes of uint16, bytes of uint8
        Places that are no homes, and the row of `place_look` of each.
    place_names : str
        Their names, one per line.
    place_look : list of dict
        Kinds of place: ``kind``, ``label``, ``icon``, ``light`` and ``dark``.
    place : int
        Row of the selected place among these, -1 for none; set in the browser too.
    xy : bytes of uint16, shape (n, 2)
        Positions of the people.
    state : bytes of uint8, shape (n,)
        Activity of each person (low four bits) and code of the colour (high four bits);
        two bytes a person, shape (n, 2), if an activity beyond the sixteenth of `activities`
        occurs.
    emphasis : bytes of uint8, shape (n,)
        1 for those who are looked at, 0 for the others, who are pale; empty while everybody is.
    person : bytes of int32, shape (n,)
        Ids of the people.
    names : str
        Names of the people, one per line.
    minute : float
        Present minute of the run.
    trip_xy, trip_sizes : bytes of uint16
        Lines of the trips that have begun since the last message: their points, and how many
        each has. A trip is sent once, and moved along its line by the script.
    trip_person, trip_times : bytes of int32
        Who makes each trip, and its departure and arrival by turns, in minutes.
    trip_modes : bytes of uint8
        Rows of `mode_look`.
    density : bytes of uint8
        How dense people are who have no dot, line by line (see `Density.steps`).
    density_look : dict
        ``box``, what it covers: left, top, width and height in units; ``columns`` and ``lines``;
        ``most``, people in the fullest cell, and ``cell_m``, its side; ``counts``, people by
        code of colour, if they are coloured by activity.
    measure : str
        What zones are coloured by, empty for nothing; set in the browser too.
    zone_codes : bytes of uint8
        Step of the colours of `zone_look` of each zone (see `Colouring.codes`).
    flows : bytes of uint16
        Ends of the flows between zones, four numbers each, the strongest first.
    flow_counts : bytes of uint32
        Trips of each flow.
    flow_span : str
        Over what time flows are counted, "hour" or "day"; set in the browser too.
    by : str
        What people are coloured by; set in the browser too.
    layers : list of str
        What is drawn: some of people, heat, trips, flows, land, streets, places, zones, names;
        set in the browser too.
    hours : dict
        The hours that are marked, empty for none: ``label``; ``trips``, how many began in them,
        and ``drawn``, how many of these have a line; ``visits``, whether the colours of zones
        are of these hours. The browser sets it to an empty one to take the mark away.
    past_xy, past_sizes : bytes of uint16
        Lines of trips that began in the marked hours: their points, and how many each has.
    past_modes : bytes of uint8
        Rows of `mode_look`.
    selected : int
        Id of the selected person, -1 for nobody; set in the browser too.
    closed, closed_places : bytes of uint16
        What is closed at the moment: outlines of areas one after the other, and places.
    closed_sizes : list of int
        Points in each outline of `closed`.
    drawing : bool
        Whether a click sets a corner of a sketch; the browser sets it to false when it is done.
    drawn : list of int
        The sketch, x and y by turns in units: a spot or the corners of an area; set in the
        browser too.
    camera : list of float
        Where maps that move together look: x and y of the middle and the side of the largest
        square about it that is in view, in units; empty while all of the city is shown. Set in
        the browser too.
    camera_group : str
        Name of the maps that move together; empty for a map that moves alone.
    zone_words : str
        What is said of each zone at which one points, one per line; empty for nothing.
    tools : list of str
        What the bar offers: names of layers, "colour", "follow", "table"; empty for all.
    nobody : str or None
        What is said where there are no people; None for the usual words, empty for nothing.
    """

    _esm = _ESM
    title = traitlets.Unicode("").tag(sync=True)
    when = traitlets.Unicode("").tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
    zones = traitlets.Bytes(b"").tag(sync=True)
    zone_sizes = traitlets.List(traitlets.Int()).tag(sync=True)
    density = traitlets.Bytes(b"").tag(sync=True)
    density_look = traitlets.Dict().tag(sync=True)
    zone_areas = traitlets.Bytes(b"").tag(sync=True)
    zone_codes = traitlets.Bytes(b"").tag(sync=True)
    zone_look = traitlets.Dict().tag(sync=True)
    measure = traitlets.Unicode("").tag(sync=True)
    measures = traitlets.List(traitlets.Dict()).tag(sync=True)
    flows = traitlets.Bytes(b"").tag(sync=True)
    flow_counts = traitlets.Bytes(b"").tag(sync=True)
    flow_span = traitlets.Unicode("hour").tag(sync=True)
    hours = traitlets.Dict().tag(sync=True)
    past_xy = traitlets.Bytes(b"").tag(sync=True)
    past_sizes = traitlets.Bytes(b"").tag(sync=True)
    past_modes = traitlets.Bytes(b"").tag(sync=True)
    zone_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    homes = traitlets.Bytes(b"").tag(sync=True)
    stations = traitlets.Bytes(b"").tag(sync=True)
    station_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    land = traitlets.Bytes(b"").tag(sync=True)
    land_rings = traitlets.Bytes(b"").tag(sync=True)
    land_shapes = traitlets.Bytes(b"").tag(sync=True)
    land_kinds = traitlets.Bytes(b"").tag(sync=True)
    land_look = traitlets.List(traitlets.Dict()).tag(sync=True)
    land_names = traitlets.List(traitlets.Dict()).tag(sync=True)
    lines = traitlets.Bytes(b"").tag(sync=True)
    line_sizes = traitlets.Bytes(b"").tag(sync=True)
    line_kinds = traitlets.Bytes(b"").tag(sync=True)
    line_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    line_name = traitlets.Bytes(b"").tag(sync=True)
    line_look = traitlets.List(traitlets.Dict()).tag(sync=True)
    place_xy = traitlets.Bytes(b"").tag(sync=True)
    place_kinds = traitlets.Bytes(b"").tag(sync=True)
    place_names = traitlets.Unicode("").tag(sync=True)
    place_look = traitlets.List(traitlets.Dict()).tag(sync=True)
    place = traitlets.Int(-1).tag(sync=True)
    xy = traitlets.Bytes(b"").tag(sync=True)
    state = traitlets.Bytes(b"").tag(sync=True)
    emphasis = traitlets.Bytes(b"").tag(sync=True)
    person = traitlets.Bytes(b"").tag(sync=True)
    names = traitlets.Unicode("").tag(sync=True)
    activities = traitlets.List(traitlets.Unicode()).tag(sync=True)
    minute = traitlets.Float(0.0).tag(sync=True)
    trip_xy = traitlets.Bytes(b"").tag(sync=True)
    trip_sizes = traitlets.Bytes(b"").tag(sync=True)
    trip_person = traitlets.Bytes(b"").tag(sync=True)
    trip_times = traitlets.Bytes(b"").tag(sync=True)
    trip_modes = traitlets.Bytes(b"").tag(sync=True)
    mode_look = traitlets.Dict().tag(sync=True)
    by = traitlets.Unicode("activity").tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    colouring = traitlets.Dict().tag(sync=True)
    themes = traitlets.Dict().tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    layers = traitlets.List(traitlets.Unicode()).tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    closed = traitlets.Bytes(b"").tag(sync=True)
    closed_sizes: traitlets.List[int] = traitlets.List(traitlets.Int()).tag(sync=True)
    closed_places = traitlets.Bytes(b"").tag(sync=True)
    drawing = traitlets.Bool(default_value=False).tag(sync=True)
    drawn: traitlets.List[int] = traitlets.List(traitlets.Int()).tag(sync=True)
    camera: traitlets.List[float] = traitlets.List(traitlets.Float()).tag(sync=True)
    camera_group = traitlets.Unicode("").tag(sync=True)
    zone_words = traitlets.Unicode("").tag(sync=True)
    tools = traitlets.List(traitlets.Unicode()).tag(sync=True)
    nobody = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    height = traitlets.Int(0).tag(sync=True)
    renderer = traitlets.Unicode("auto").tag(sync=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A square of the plane in which positions are whole numbers.

    Parameters
    ----------
    west, north : float
        Its upper left corner in metres; rows count downwards from there.
    unit_m : float
        Metres per unit.
    left, top, width, height : int
        The part of the square to look at first, in units.

    Examples
    --------
    >>> frame = Frame.of((0.0, 0.0, 1000.0, 500.0))
    >>> frame.packed(np.array([[500.0, 250.0]])).tolist()
    [[32767, 17311]]
    >>> frame.left, frame.top, frame.width, frame.height
    (0, 0, 65535, 34622)
    """

    west: float
    north: float
    unit_m: float
    left: int
    top: int
    width: int
    height: int

    @classmethod
    def of(cls, bounds: _Ends, focus: _Ends | None = None) -> Frame:
        """Return the frame of a city.

        Parameters
        ----------
        bounds : (float, float, float, float)
            West, south, east and north end of all that is drawn, in metres.
        focus : (float, float, float, float), optional
            The same of the part to look at first; all of it by default.
        """
        west, south, east, north = bounds
        margin = _MARGIN * max(east - west, north - south, 1.0)
        unit = (max(east - west, north - south, 1.0) + 2.0 * margin) / _UNITS
        first_west, first_south, first_east, first_north = focus or bounds
        border = _MARGIN * max(first_east - first_west, first_north - first_south, 1.0)
        return cls(
            west=west - margin,
            north=north + margin,
            unit_m=unit,
            left=round((first_west - border - west + margin) / unit),
            top=round((north + margin - first_north - border) / unit),
            width=round((first_east - first_west + 2.0 * border) / unit),
            height=round((first_north - first_south + 2.0 * border) / unit),
        )

    @property
    def box(self) -> _Ends:
        """West, south, east and north end of the square in metres."""
        side = self.unit_m * _UNITS
        return self.west, self.north - side, self.west + side, self.north

    def packed(self, points: Float) -> NDArray[np.uint16]:
        """Return points in units, shape (n, 2), those outside at the border.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            Positions in metres.
        """
        east = (points[:, 0] - self.west) / self.unit_m
        south = (self.north - points[:, 1]) / self.unit_m
        whole = np.rint(np.column_stack([east, south]))
        return np.clip(whole, 0, _UNITS).astype(np.uint16)

    def unpacked(self, units: Sequence[int]) -> Float:
        """Return points in metres, shape (n, 2); the reverse of `packed`.

        Parameters
        ----------
        units : sequence of int
            x and y by turns.

        Examples
        --------
        >>> frame = Frame.of((0.0, 0.0, 1000.0, 500.0))
        >>> frame.unpacked([32767, 17311]).round(1).tolist()
        [[500.0, 250.0]]
        """
        points = np.array(units, dtype=np.float64).reshape(-1, 2) * self.unit_m
        return np.column_stack([self.west + points[:, 0], self.north - points[:, 1]])


def base_map_traits(frame: Frame, basemap: Basemap) -> Packed:
    """Return what the widget needs once: land, lines, outlines, places and stations."""
    outlines = np.vstack([np.empty((0, 2)), *basemap.zones])
    land = with_streets(basemap.land, basemap.streets)
    return {
        "frame": {name: getattr(frame, name) for name in _FRAME},
        "zones": frame.packed(outlines).tobytes(),
        "zone_sizes": [len(one) for one in basemap.zones],
        "zone_names": list(basemap.zone_names),
        "zone_areas": basemap.outline_area.astype(np.uint16).tobytes(),
        "homes": frame.packed(basemap.places[basemap.is_home]).tobytes(),
        "stations": frame.packed(basemap.stations).tobytes(),
        "station_names": list(basemap.station_names),
        **land_traits(land, frame.packed, frame.box, frame.unit_m),
        **place_traits(basemap, frame.packed),
    }


def people_traits(frame: Frame, crowd: Crowd, codes: NDArray[np.uint8]) -> Packed:
    """Return what the widget needs at each redraw.

    Parameters
    ----------
    frame : Frame
        Frame of the city.
    crowd : Crowd
        Positions and activities of the people.
    codes : ndarray of uint8, shape (n,)
        How they are coloured (see `Colouring.codes`).
    """
    return {
        "xy": frame.packed(np.column_stack([crowd.x, crowd.y])).tobytes(),
        "state": _states(crowd.doing, codes),
        "person": crowd.person.astype(np.int32).tobytes(),
    }


def _states(doing: NDArray[np.uint8], codes: NDArray[np.uint8]) -> bytes:
    if doing.max(initial=0) < _FOUR_BITS:
        return (doing | codes << 4).astype(np.uint8).tobytes()
    return np.column_stack([doing, codes]).astype(np.uint8).tobytes()


def trips_traits(frame: Frame, trips: UnderWay) -> Packed:
    """Return trips and the lines along which they lead.

    Parameters
    ----------
    frame : Frame
        Frame of the city.
    trips : UnderWay
        Those to send.
    """
    return {
        "trip_xy": frame.packed(trips.lines.points).tobytes(),
        "trip_sizes": trips.lines.sizes.astype(np.uint16).tobytes(),
        "trip_person": trips.person.astype(np.int32).tobytes(),
        "trip_times": trips.times.astype(np.int32).tobytes(),
        "trip_modes": trips.mode.astype(np.uint8).tobytes(),
    }


def density_traits(frame: Frame, density: Density | None, look: Colouring) -> Packed:
    """Return the density of people who have no dot of their own; empty without any.

    Parameters
    ----------
    frame : Frame
        Frame of the city.
    density : Density, optional
        Where they are.
    look : Colouring
        What people are coloured by.
    """
    if density is None:
        return {"density": b"", "density_look": {}}
    west, south, east, north = density.bounds
    unit, (lines, columns) = frame.unit_m, density.steps.shape
    left, top = (west - frame.west) / unit, (frame.north - north) / unit
    counts = np.zeros(_FOUR_BITS, dtype=np.int64)
    if look.by == "activity":
        codes = look.codes(np.arange(len(density.doing), dtype=np.float64))
        np.add.at(counts, codes, density.doing)
    told = {
        "box": [left, top, (east - west) / unit, (north - south) / unit],
        "columns": columns,
        "lines": lines,
        "most": density.most,
        "cell_m": density.cell_m,
        "people": density.people,
        "counts": counts.tolist(),
    }
    return {"density": density.steps.tobytes(), "density_look": told}


def flows_traits(frame: Frame, flows: Flows) -> Packed:
    """Return flows between zones."""
    return {
        "flows": frame.packed(flows.ends.reshape(-1, 2)).tobytes(),
        "flow_counts": flows.trips.astype(np.uint32).tobytes(),
    }


def zones_traits(look: Colouring, values: Float) -> Packed:
    """Return how zones are coloured.

    Parameters
    ----------
    look : Colouring
        Meaning of the colours.
    values : ndarray of float64, shape (z,)
        A measure of each zone, NaN where it is not known.
    """
    return {"zone_look": plain_look(look), "zone_codes": look.codes(values).tobytes()}


def look_traits(parameters: CityParameters, by: str, choices: Sequence[str]) -> Packed:
    """Return colours and their meaning, and what else people can be coloured by.

    Parameters
    ----------
    parameters : CityParameters
        They name purposes, modes and needs.
    by : str
        What people are coloured by: one of `colourings`.
    choices : sequence of str
        What else they can be coloured by.
    """
    return {
        "activities": activity_labels(parameters),
        "colouring": plain_look(colouring(by, parameters)),
        "mode_look": plain_look(colouring("mode", parameters)),
        "choices": list(choices),
        "themes": themes(),
    }


def themes() -> Packed:
    """Return the colours of the map around the people."""
    return {name: asdict(theme) | {"unknown": UNKNOWN} for name, theme in THEMES.items()}


def plain_look(shown: Colouring) -> Packed:
    """Return the meaning of colours as the widget takes it."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(shown).items()
        if name != "class_of"
    }
