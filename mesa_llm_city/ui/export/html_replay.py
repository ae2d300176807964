"""A run as one HTML file that plays in any browser: no server, no network."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.plain_text import one_a_line
from mesa_llm_city.ui.charts.catalogue import CHARTS
from mesa_llm_city.ui.charts.figures import DARK, LIGHT, png_of
from mesa_llm_city.ui.export.html_minds import minds_payload, minds_size, packed
from mesa_llm_city.ui.export.replay import replay_of
from mesa_llm_city.ui.export.replay_closed import replay_closed
from mesa_llm_city.ui.export.replay_zones import replay_zones
from mesa_llm_city.ui.map.canvas import Frame, base_map_traits, look_traits
from mesa_llm_city.ui.map.choropleth import measures_of
from mesa_llm_city.ui.page.scrubber import hourly_trips
from mesa_llm_city.ui.palette import LEVELS, colouring, on_any_ground
from mesa_llm_city.ui.panel import image_url
from mesa_llm_city.ui.person.selection import NOBODY, NOWHERE
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.kinds import activity_labels
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.replay_person import described
from mesa_llm_city.ui.views.track import Track

__all__ = ["html_replay", "save_html_replay"]

_HERE = Path(__file__).parent
_LAYERS = ["people", "land", "streets", "places", "zones", "names"]
_CHARTS = ("time_use", "trips")
_KB, _MB = 1_000, 1_000_000
_MOST_LINES = 40_000
"""Lines of trips in a file: some 2 MB. Trips of which there are more lead straight on."""

_Columns = dict[str, NDArray[Any]]


def html_replay(view: CityView) -> str:
    """Return a run as the text of one HTML file.

    It holds the map, positions and activities of all people, and of up to 2,000 of them what
    they decided, said, remembered and believed, and whom they knew (see `minds_payload`). It
    loads nothing from elsewhere, which its content security policy enforces.

    Parameters
    ----------
    view : CityView
        A replay, or the view of a live model, of which it shows what has happened.

    Raises
    ------
    ConfigError
        If nothing has happened yet.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> model.run_days(1)
    >>> html_replay(Replay.of(model)).startswith("<!DOCTYPE html>")
    True
    """
    replay = replay_of(view)
    if not replay.end:
        message = "nothing has happened yet, so there is nothing to replay; let some time pass"
        raise ConfigError(message)
    begins = replay.minute if isinstance(view, Replay) else 0
    replay.go_to(replay.end)
    run = _run(replay, begins=begins)
    parts = {
        "title": escape(replay.title),
        "charts": _charts(replay),
        # A text in the run must not end the script that holds it.
        "run": json.dumps(run, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c"),
        "script": _read("html_replay.js"),
    }
    page = _read("html_replay.html")
    size = np.sum([len(one.encode()) for one in (page, *parts.values())], dtype=np.int64)
    parts["note"] = escape(_note(replay, run["minds"], int(size)))
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], page)


def save_html_replay(view: CityView, file: str | Path) -> Path:
    """Write a run as one HTML file (see `html_replay`) and return its path."""
    target = Path(file)
    target.write_text(html_replay(view), encoding="utf-8")
    return target


def _read(file: str) -> str:
    return (_HERE / file).read_text(encoding="utf-8")


def _run(replay: Replay, *, begins: int) -> dict[str, Any]:
    """Return all that the page plays, as JSON."""
    history, parameters = replay.history, replay.parameters
    activity, labels = colouring("activity", parameters), activity_labels(parameters)
    basemap = replay.basemap()
    frame = Frame.of(basemap.bounds, basemap.focus)
    fixed = base_map_traits(frame, basemap)
    base_map = {name: value for name, value in fixed.items() if isinstance(value, bytes)}
    needs = list(parameters.needs) if len(history.needs) else []
    zones, zone_columns = replay_zones(replay, frame)
    columns = (
        _columns(history, frame)
        | zone_columns
        | {
            name: np.frombuffer(value, dtype=np.uint8)
            for name, value in (base_map | {"person": history.ids.astype("<i4").tobytes()}).items()
        }
    )
    looks = {by: look_traits(parameters, by, ()) for by in replay.colours()}
    return {
        "start": str(replay.clock.start),
        "end": replay.end,
        "days": -(-replay.end // DAY_MIN),
        "minute": begins,
        "trips": hourly_trips(replay),
        "ids": history.ids.tolist(),
        "names": list(history.names),
        "described": [described(row) for _, row in history.persons.iterrows()],
        "places": list(replay.basemap().names),
        "map_places": np.flatnonzero(~replay.basemap().is_home).tolist(),
        "activities": labels,
        "groups": activity.codes(np.arange(len(labels), dtype=np.float64)).tolist(),
        "shades": [
            on_any_ground(*both) for both in zip(activity.light, activity.dark, strict=True)
        ],
        "needs": needs,
        "feelings": list(history.feelings.known),
        "colourings": {by: look["colouring"] for by, look in looks.items()},
        "closed": replay_closed(replay, frame),
        "columns": {name: packed(values) for name, values in columns.items()},
        "map_columns": [*base_map, "person"],
        **zones,
        "map": _map(replay, fixed),
        "minds": minds_payload(replay),
        "modes": [spec.label for spec in parameters.modes.values()],
        "need_looks": [
            [spec.label, on_any_ground(spec.colour, spec.colour_dark)]
            for spec in parameters.needs.values()
        ],
    }


def _map(replay: Replay, fixed: dict[str, Any]) -> dict[str, Any]:
    """Return the traits of the map that are no bytes."""
    look = look_traits(replay.parameters, "activity", replay.colours())
    plain = {name: value for name, value in fixed.items() if not isinstance(value, bytes)}
    return {
        **plain,
        **look,
        "title": replay.title,
        "when": "",
        "names": one_a_line(replay.names()),
        "by": "activity",
        "minute": 0.0,
        "measure": "",
        "measures": measures_of(replay),
        "zone_look": {},
        "density_look": {},
        "flow_span": "hour",
        "theme": "auto",
        "layers": _LAYERS,
        "selected": NOBODY,
        "place": NOWHERE,
        "height": 0,
        "renderer": "auto",
    }


def _columns(history: History, frame: Frame) -> _Columns:
    """Return what everybody did, in the units of the map."""
    track = history.track
    place = history.tables["activities"]["place"].to_numpy(dtype=np.int64, na_value=-1)
    income = colouring("income").codes(history.persons["income"].to_numpy(dtype=np.float64))
    needs = [
        colouring(need, history.parameters).codes(history.needs[:, :, row])
        for row, need in enumerate(history.parameters.needs)
    ]
    modes = colouring("mode", history.parameters).labels
    return {
        "first": track.first.astype(np.int32),
        "start": track.start.astype(np.int32),
        "end": track.end.astype(np.int32),
        "ends": frame.packed(track.ends.reshape(-1, 2)),
        "doing": track.doing,
        "mode": np.where(track.mode < len(modes), track.mode, LEVELS).astype(np.int8),
        "place": place.astype(np.int32),
        "home": history.persons["home_place"].to_numpy(dtype=np.int32),
        "household": _household(history),
        "income": income,
        "needs": np.stack(needs, axis=-1),
        "feelings": _feelings(history),
        **_lines(track, frame),
    }


def _household(history: History) -> NDArray[np.int32]:
    """Return the household of each person; those with one home where it is not known."""
    known = "household_id" if "household_id" in history.persons else "home_place"
    return history.persons[known].to_numpy(dtype=np.int32)


def _feelings(history: History) -> NDArray[np.uint8]:
    """Return codes of the colours of moods and beliefs by hour, person and feeling."""
    known = history.feelings
    codes = [
        [colouring(by, history.parameters).codes(known.values(by, minute)) for by in known.known]
        # What was written at a full hour counts from the minute after it.
        for minute in range(1, history.minutes + 1, HOUR_MIN)
    ]
    shape = len(codes), len(known.known), len(history.ids)
    return np.array(codes, dtype=np.uint8).reshape(shape).swapaxes(1, 2)


def _lines(track: Track, frame: Frame) -> _Columns:
    """Return the lines of the trips, each once, and which of them each row leads along.

    Points are differences to the one before, which take a third of the room.
    """
    lines, line_of = track.lines(most=_MOST_LINES)
    steps = frame.packed(lines.points)
    steps[1:] -= steps[:-1].copy()
    return {
        "way_of": line_of.astype(np.int32),
        "way_sizes": lines.sizes.astype(np.uint16),
        "way_xy": steps,
    }


def _charts(replay: Replay) -> str:
    figures = []
    for name in _CHARTS:
        both = [CHARTS[name].draw(replay, style, NOBODY) for style in (LIGHT, DARK)]
        sources = [image_url(png_of(one.figure)) for one in both if one.figure is not None]
        if len(sources) == len(both):
            caption = f"<figcaption>{escape(CHARTS[name].title)}</figcaption>"
            dark = f'<source media="(prefers-color-scheme: dark)" srcset="{sources[1]}">'
            image = f'<img alt="{escape(both[0].description)}" src="{sources[0]}">'
            figures.append(f"<figure>{caption}<picture>{dark}{image}</picture></figure>")
    return "".join(figures)


def _note(replay: Replay, minds: dict[str, Any] | None, size: int) -> str:
    """Return what the file is, what it has, and its size, in a few sentences."""
    # All that lived there at some time, not only those who are there at the end.
    days, people = -(-replay.end // DAY_MIN), len(replay.history.ids)
    length = "1 day" if days == 1 else f"{days} days"
    has = "It has no minds"
    if minds is not None:
        of = "all" if minds["count"] >= people else f"{minds['count']:,}"
        has = f"It has the minds of {of} of them, in {_in_bytes(minds_size(minds))}"
    return (
        f"{people:,} simulated people, {length} from {replay.clock.start}. People and what "
        f"they do are made up. {has}; the file takes {_in_bytes(size)} and asks for nothing "
        "outside itself. Made with mesa-llm-city."
    )


def _in_bytes(size: int) -> str:
    return f"{size / _MB:.1f} MB" if size >= _MB else f"{size / _KB:.0f} kB"
