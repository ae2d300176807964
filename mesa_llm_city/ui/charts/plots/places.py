"""Places by how often they were visited, coloured by the satisfaction of the visitors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from mesa_llm_city.ui.charts.plots.plot import Pick, Plot, clear_of, hint, numbers, pair
from mesa_llm_city.ui.palette import UNKNOWN, colouring
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.counts import counts_of
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["places_plot"]

_SHOWN = 8
_ROOM = 1.5
_HEIGHT = "min(20, 0.78 * bandwidth('y'))"
_LABEL = "format(datum.visits, ',') + (datum.liked == null ? '' : ' · liked ' + datum.liked_text)"


def places_plot(view: CityView, person: int = NOBODY) -> Plot:
    """Return the places most visited so far.

    Parameters
    ----------
    view : CityView
        The city.
    person : int, optional
        Not used; everybody counts.
    """
    del person
    counted = counts_of(view).popularity(view)
    if not len(counted.place):
        return hint("No visit has ended yet: go on until people have been out.")
    known, places = view.basemap().names, counted.place[:_SHOWN].tolist()
    names = _distinct([known[place] for place in places])
    visits = counted.visits[:_SHOWN].tolist()
    told = ", ".join(f"{name} {count}" for name, count in zip(names, visits, strict=True))
    keys = [f"p{place}" for place in places]
    return Plot(
        description=f"Visits so far: {told}.",
        spec=_spec(),
        data={
            "places": {
                "row": list(range(len(keys))),
                "key": keys,
                "name": names,
                "visits": visits,
                "liked": numbers(counted.satisfaction[:_SHOWN]),
            }
        },
        signals={"most": max(visits)},
        picks={
            key: Pick("places", frozenset({place})) for key, place in zip(keys, places, strict=True)
        },
        caption="from disliked (red) to liked (blue)",
    )


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names of which no two are equal."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        seen[name] += 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct


@cache
def _spec() -> dict[str, Any]:
    likings = colouring("belief")
    shades = [pair(*one) for one in zip(likings.light, likings.dark, strict=True)]
    bar = {"field": "name", "type": "nominal", "sort": {"field": "row", "op": "min"}}
    return {
        "params": [{"name": "shown", "value": []}, {"name": "most", "value": 1}],
        "data": {"name": "places"},
        "transform": [
            {"calculate": "format(datum.liked, '.0%')", "as": "liked_text"},
            {"calculate": _LABEL, "as": "text"},
        ],
        "encoding": {
            "y": {**bar, "axis": {"title": None, "labelLimit": 150, "ticks": False}},
            "x": {
                "field": "visits",
                "type": "quantitative",
                "scale": {"domain": [0, {"expr": f"{_ROOM} * most"}], "nice": False},
                "axis": {"title": "visits so far", "tickMinStep": 1, "tickCount": 5},
            },
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": {"expr": _HEIGHT}, "cursor": "pointer"},
                "encoding": {
                    "color": {
                        "condition": {"test": "datum.liked == null", "value": UNKNOWN},
                        "field": "liked",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1], "range": shades},
                        "legend": None,
                    },
                    "opacity": clear_of(),
                    "tooltip": [
                        {"field": "name", "title": "at"},
                        {"field": "visits", "title": "visits", "format": ","},
                        {"field": "liked_text", "title": "liked"},
                    ],
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10},
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }
