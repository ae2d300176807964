"""What the page costs: CPU time and bytes per redraw, leaks, and a second session.

``python benchmarks/page.py [--citizens 10000] [--out FILE]`` prints JSON and ends with 1 if a
limit is not kept. Times are CPU seconds of this process, which other work on the
machine hardly changes; bytes are what one redraw of the map sends to a browser.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time, sleep, thread_time
from typing import Any

import numpy as np
import solara
from ipywidgets.widgets import widget as widgets

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.ui.charts.catalogue import CHARTS
from mesa_llm_city.ui.map.canvas import CityCanvas
from mesa_llm_city.ui.map.city_map import CityMap
from mesa_llm_city.ui.page.environment import environment
from mesa_llm_city.ui.page.garbage_collection import settle
from mesa_llm_city.ui.page.page import CityPage
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay

LIMITS = {
    "map_ms": 6.0,
    "map_kb": 60.0,
    "chart_ms": 10.0,
    "chart_kb": 20.0,
    "page_ms": 40.0,
    "leaked_widgets": 0.0,
    "second_session_ms_ratio": 1.1,
}
_REDRAWS = 20
_LEAK_REDRAWS = 500
_BETWEEN_S = 0.1
_SETTLED_S = 0.9
_WARM_STEPS = 120
_ALL_CHARTS_STEPS = 480  # until the second evening, when no chart or caption is still to come
_LEAK_PEOPLE = 200


def main() -> int:
    """Measure, print, and return whether a limit was exceeded."""
    told = _arguments()
    os.environ.update(environment(os.environ))
    # While no other page is there, whose late charts would be counted.
    leaks = _leaks()
    model = _model(told.citizens)
    LiveView(model).trip_lines.prepare_all()  # as a session does
    for _ in range(_WARM_STEPS):
        model.step()
    settle()  # as the page does
    figures = {
        "citizens": told.citizens,
        **_map(model),
        **_charts(model),
        **_page(model),
        **_second(model),
        **leaks,
        **_replay(model),
    }
    broken = [name for name, limit in LIMITS.items() if figures[name] > limit]
    text = json.dumps({**figures, "limits": LIMITS, "exceeded": broken}, indent=2)
    print(text)
    if told.out is not None:
        told.out.write_text(f"{text}\n", encoding="utf-8")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--citizens", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=None)
    return parser.parse_args()


def _model(citizens: int) -> CityModel:
    city = City.synthetic()
    return CityModel(city, Population.synthesize(citizens, city=city, rng=7), rng=7)


class _Follower:
    """A component that is drawn anew with its model, as a page does it."""

    def __init__(self, model: CityModel, component: Callable[[object], Any]) -> None:
        self.model = model

        @solara.component  # type: ignore[untyped-decorator]
        def Drawn() -> None:  # noqa: N802 - a component
            if component is not CityPage:  # which follows its model itself
                redraws(model).get()
            with solara.Column():
                component(model)

        self.box, self.context = solara.render(Drawn(), handle_error=False)

    def redraw(self) -> float:
        """Let a step pass, draw, and return the milliseconds of the drawing."""
        self.model.step()
        began = thread_time()
        redraws(self.model).set(redraws(self.model).peek() + 1)
        return 1000.0 * (thread_time() - began)

    def redraw_with_followers(self, within_s: float) -> float:
        """As `redraw`, with what timers draw within so many seconds."""
        self.model.step()
        began = process_time()
        redraws(self.model).set(redraws(self.model).peek() + 1)
        sleep(within_s)
        return 1000.0 * (process_time() - began)

    def close(self) -> None:
        """Take it away."""
        self.context.close()


def _median(times: list[float]) -> float:
    return round(float(np.median(times)), 2)


def _map(model: CityModel) -> dict[str, float]:
    shown = _Follower(model, CityMap)
    canvas = _found(shown.box, CityCanvas)
    sent: list[int] = []
    canvas.observe(lambda change: sent.append(_size(change["new"])), names=list(canvas.keys))
    shown.redraw()
    sent.clear()
    times = [shown.redraw() for _ in range(_REDRAWS)]
    shown.close()
    return {"map_ms": _median(times), "map_kb": round(sum(sent) / _REDRAWS / 1000.0, 1)}


def _size(value: Any) -> int:  # noqa: ANN401 - of any trait
    """Return how many bytes a trait takes in a message: bytes as they are, the rest as JSON."""
    return len(value) if isinstance(value, bytes) else len(json.dumps(value, default=str))


def _charts(model: CityModel) -> dict[str, float]:
    view = LiveView(model)
    each: dict[str, float] = {}
    sent: dict[str, float] = {}
    for name, chart in CHARTS.items():
        times = []
        for _ in range(8):
            model.step()
            began = thread_time()
            plot = chart.plot(view, NOBODY)
            text = json.dumps([plot.data, plot.signals])
            times.append(1000.0 * (thread_time() - began))
        each[f"chart_{name}_ms"] = _median(times[1:])
        sent[f"chart_{name}_kb"] = round(len(text) / 1000.0, 1)
    return {**each, **sent, "chart_ms": max(each.values()), "chart_kb": max(sent.values())}


def _page(model: CityModel) -> dict[str, float]:
    """Draw the whole page with a person selected; charts come at most twice a second."""
    shown = _Follower(model, CityPage)
    selected(model).set(model.citizens[0].person)
    shown.redraw()
    sleep(1.0)
    times = [shown.redraw_with_followers(_BETWEEN_S) for _ in range(_REDRAWS)]
    settled = [shown.redraw_with_followers(_SETTLED_S) for _ in range(_REDRAWS // 4)]
    shown.close()
    return {
        "page_ms": _median(times),
        "page_most_ms": round(max(times), 2),
        "page_until_all_charts_are_new_ms": _median(settled),
    }


def _second(model: CityModel) -> dict[str, float]:
    """Draw the map of one session, alone and beside another that stands still."""
    alone = _Follower(model, CityMap)
    before = _median([alone.redraw() for _ in range(_REDRAWS)])
    other = _Follower(_model(len(model.citizens) // 10), CityPage)
    beside = _median([alone.redraw() for _ in range(_REDRAWS)])
    other.close()
    alone.close()
    return {"second_session_ms_ratio": round(beside / before, 2)}


def _leaks() -> dict[str, float]:
    """Redraw the page of a small model many times, and count widgets that stay."""
    model = _model(_LEAK_PEOPLE)
    shown = _Follower(model, CityPage)
    for _ in range(_ALL_CHARTS_STEPS):
        shown.redraw()
    before = len(widgets._instances)  # noqa: SLF001 - the public name is deprecated
    for _ in range(_LEAK_REDRAWS):
        shown.redraw()
    after = len(widgets._instances)  # noqa: SLF001
    shown.close()
    return {"leaked_widgets": max(0, after - before), "widgets": after}


def _replay(model: CityModel) -> dict[str, float]:
    """Go through a run that is over."""
    began = process_time()
    replay = Replay.of(model)
    replay.crowd()
    opened_s = process_time() - began
    times = []
    for minute in range(300, replay.end, 60):
        replay.go_to(minute)
        began = thread_time()
        replay.crowd()
        times.append(1000.0 * (thread_time() - began))
    return {"replay_open_s": round(opened_s, 2), "replay_crowd_ms": _median(times)}


def _found(box: object, kind: type[CityCanvas]) -> CityCanvas:
    if isinstance(box, kind):
        return box
    for child in getattr(box, "children", ()):
        if not isinstance(child, str):
            try:
                return _found(child, kind)
            except LookupError:
                continue
    raise LookupError


if __name__ == "__main__":
    sys.exit(main())
