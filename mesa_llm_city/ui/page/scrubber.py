"""The time of a run as a bar to drag along, with trips per hour behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import solara
import traitlets

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.views.protocols import CityView, view_of
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["DayScrubber", "ScrubberBar", "hourly_trips"]


class ScrubberBar(anywidget.AnyWidget):
    """A bar of time; all times are in minutes since the start of the run.

    Attributes
    ----------
    minute : int
        Minute that is shown.
    reached : int
        Latest minute of the run; nothing later can be chosen.
    end : int
        Right end of the bar.
    step : int
        Length of a step.
    trips : list of int
        Departures in each hour from the start.
    wanted : dict
        Key ``minute``: the minute to which the bar was dragged; set in the browser.
    """

    _esm = Path(__file__).with_name("scrubber.js")
    minute = traitlets.Int(0).tag(sync=True)
    reached = traitlets.Int(0).tag(sync=True)
    end = traitlets.Int(DAY_MIN).tag(sync=True)
    step = traitlets.Int(5).tag(sync=True)
    trips: traitlets.List[int] = traitlets.List().tag(sync=True)
    label = traitlets.Unicode("time of the run").tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True)


def DayScrubber(
    model: object, *, on_minute: Callable[[int], None] | None = None, reached: int | None = None
) -> solara.Element:
    """Show the progress of a run, and go to another time of it.

    Parameters
    ----------
    model : CityModel or CityView
        The city; a `Replay` goes where the bar is dragged.
    on_minute : callable, optional
        Called with the minute that was chosen; by default a replay goes there, and a live
        model stays.
    reached : int, optional
        Latest minute of the run; by default the minute of a live model, the end of a replay.
    """
    view = view_of(model)
    return _DayScrubber(view=view, minute=view.minute, on_minute=on_minute, reached=reached)


@solara.component
def _DayScrubber(
    view: CityView, minute: int, on_minute: Callable[[int], None] | None, reached: int | None
) -> solara.Element:
    replay = view if isinstance(view, Replay) else None

    def go(wanted: dict[str, Any]) -> None:
        if on_minute is not None:
            on_minute(int(wanted["minute"]))
        elif replay is not None:
            replay.go_to(int(wanted["minute"]))
            redraws(replay).value += 1

    known = reached if reached is not None else replay.end if replay is not None else minute
    days = max(-(-known // DAY_MIN), 1)
    # Of a replay all trips are known from the start.
    key = (id(view), -1) if replay is not None else (0, minute // HOUR_MIN)
    trips = use_throttled(key, lambda: hourly_trips(view), urgent=days)
    return ScrubberBar.element(
        minute=minute,
        reached=known,
        end=days * DAY_MIN,
        step=view.clock.step_min,
        trips=trips,
        on_wanted=go,
    )


def hourly_trips(view: CityView) -> list[int]:
    """Return how many trips began in each hour of a run, as far as it is known.

    Parameters
    ----------
    view : CityView
        The city; of a replay all trips count, whatever its minute.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> model.run_days(1)
    >>> trips = hourly_trips(view_of(model))
    >>> len(trips) <= 24, sum(trips) == len(model.trips())
    (True, True)
    """
    frame = view.history.tables["trips"] if isinstance(view, Replay) else view.table("trips")
    hours = minutes_of(frame["start"], view.clock) // HOUR_MIN
    counts: list[int] = np.bincount(hours).tolist()
    return counts
