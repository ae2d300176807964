"""What a replay in one file knows of zones: their colours over time, and where trips lead."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.map.canvas import Frame
from mesa_llm_city.ui.map.choropleth import look_of
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.zone_measures import zone_measures, zone_values

__all__ = ["replay_zones"]

_MOST_MOMENTS = 72
_NO_ZONE = 65_535
_LONGEST_RUN_MIN = 2**30
"""Above any minute, so that a person and a minute make one number."""


def replay_zones(replay: Replay, frame: Frame) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return what the page reads of zones.

    Parameters
    ----------
    replay : Replay
        The run; it is left at its end.
    frame : Frame
        Frame of the map.

    Returns
    -------
    plain : dict
        ``zone_every``, minutes between two moments whose colours are kept; ``zone_looks``, the
        meaning of the colours of each measure; and ``zone_names``.
    columns : dict of ndarray
        ``zone_steps``, codes of colour by measure, moment and zone; ``from_zone`` and ``to_zone``
        of each row of the track, 65,535 for those who stay; ``zone_xy``, the middle of each zone;
        ``place_zone``, the zone of each place; ``visits``, rows of the track that are visits.
    """
    areas, track = replay.basemap().areas, replay.history.track
    every = HOUR_MIN * -(-replay.end // (HOUR_MIN * _MOST_MOMENTS))
    moments = range(0, replay.end + 1, every)
    measures = zone_measures(replay) if len(areas) else ()
    values = np.full((len(measures), len(moments), len(areas)), np.nan)
    for at, minute in enumerate(moments):
        replay.go_to(minute)
        for row, measure in enumerate(measures):
            values[row, at] = zone_values(replay, measure)
    replay.go_to(replay.end)
    looks = {measure: look_of(replay, measure, values[row]) for row, measure in enumerate(measures)}
    steps = [looks[one].codes(values[row]) for row, one in enumerate(measures)]
    goes = track.mode >= 0
    begin, end = (
        np.where(goes, areas.of_points(track.ends[:, side]), _NO_ZONE)
        for side in (slice(0, 2), slice(2, 4))
    )
    plain = {
        "zone_every": every,
        "zone_names": list(areas.names),
        "zone_looks": {
            one: {name: value for name, value in asdict(look).items() if name != "class_of"}
            for one, look in looks.items()
        },
    }
    return plain, {
        "zone_steps": np.array(steps, dtype=np.uint8),
        "from_zone": begin.astype(np.uint16),
        "to_zone": end.astype(np.uint16),
        "zone_xy": frame.packed(np.nan_to_num(areas.centre)),
        "place_zone": np.where(areas.of_place < 0, _NO_ZONE, areas.of_place).astype(np.uint16),
        "visits": _visits(replay.history),
    }


def _visits(history: History) -> NDArray[np.int32]:
    """Return the rows of the track that are visits, rising."""
    track, visits = history.track, history.tables["visits"]
    start = minutes_of(visits["start"], history.clock)
    keys = track.owner * _LONGEST_RUN_MIN + track.start
    whose = np.searchsorted(history.ids, visits["person"].to_numpy(dtype=np.int64))
    return np.flatnonzero(np.isin(keys, whose * _LONGEST_RUN_MIN + start)).astype(np.int32)
