"""A card on the selected place: who is there, when people come, what they think of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import solara

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Int
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Hint, Panel
from mesa_llm_city.ui.person.selection import NOWHERE, selected, selected_place
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.place_view import Opinion, PlaceView, see_place
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["PlaceCard"]

CHOOSE_PLACE = "Click a place on the map to open it; places are drawn from close by."
_SHOWN = 24
_LABELLED_H = 6
_STYLE = """
.city-place-kind{font-size:.88rem;opacity:.8}
.city-place-now{font-weight:600;margin-top:6px;font-size:.92rem}
.city-place-people{display:flex;flex-wrap:wrap;gap:2px}
.city-place-hours{display:flex;align-items:flex-end;gap:2px;height:64px;margin-top:4px}
.city-place-hours>span{flex:1;min-width:0;background:#3f7fb5;border-radius:2px 2px 0 0;
  min-height:1px}
.theme--dark .city-place-hours>span{background:#6aa9dd}
.city-place-clock{display:flex;justify-content:space-between;font-size:.72rem;opacity:.8}
.city-place-aspect{display:flex;align-items:center;gap:8px;font-size:.82rem}
.city-place-aspect>:first-child{width:6rem;flex:none}
.city-place-aspect>:last-child{width:2.8rem;text-align:right}
.city-place-bar{flex:1;height:8px;border-radius:4px;overflow:hidden;background:#8884}
.city-place-bar>span{display:block;height:100%;background:#2f8f5b}
.theme--dark .city-place-bar>span{background:#56bd86}
"""


def PlaceCard(model: object) -> solara.Element:
    """Show the selected place: kind, zone, opening hours, who is there, when people come.

    Parameters
    ----------
    model : CityModel or CityView
        The city; its place is selected on the map, or by `selected_place`.

    Returns
    -------
    solara.Element
        A component for a page or for ``SolaraViz(model, components=[CityMap, PlaceCard])``.
    """
    return _PlaceCard(model=model, minute=view_of(model).minute)


@solara.component
def _PlaceCard(model: object, minute: int) -> None:
    place = selected_place(model).value
    seen = use_throttled(minute, lambda: _seen(model, place), urgent=(place, id(model)))
    solara.Style(_STYLE)
    with Panel("Place", name="place"):
        if seen is None:
            Hint(CHOOSE_PLACE)
            return
        _Facts(seen)
        _Here(seen, selected(model).set)
        _Arrivals(seen.arrivals)
        _Opinions(seen.opinion)


def _seen(model: object, place: int) -> PlaceView | None:
    if place == NOWHERE:
        return None
    view: CityView = view_of(model)
    try:
        return read_steadily(lambda: see_place(view, place))
    except ConfigError:  # a selection of another city
        return None


@solara.component
def _Facts(seen: PlaceView) -> None:
    look = {"font-size": "1.3rem", "font-weight": "600"}
    solara.Text(seen.name, classes=["city-name"], style=look)
    facts = [one for one in (seen.kind, seen.zone, seen.hours) if one]
    with solara.Div():
        solara.Text(" \N{MIDDLE DOT} ".join(facts), classes=["city-place-kind"])


@solara.component
def _Here(seen: PlaceView, choose: Callable[[int], None]) -> None:
    count = len(seen.here)
    told = "Nobody is here now" if not count else f"Here now: {count:,}"
    with solara.Div(classes=["city-place-now"]):
        solara.Text(told)
    with solara.Div(classes=["city-place-people"]):
        for person, name in seen.here[:_SHOWN]:
            solara.Button(
                name,
                text=True,
                small=True,
                on_click=partial(choose, person),
                style={"text-transform": "none"},
            )
        if count > _SHOWN:
            solara.Text(f"and {count - _SHOWN:,} more")


@solara.component
def _Arrivals(arrivals: Int) -> None:
    """Show how many came in each hour of the day, as bars."""
    most = int(arrivals.max(initial=0))
    with solara.Div(classes=["city-place-now"]):
        solara.Text("Arrivals by hour of the day")
    if not most:
        Hint("Nobody has come here yet.")
        return
    bars = [
        solara.v.Html(
            tag="span",
            style_=f"height: {count / most:.0%};",
            attributes={"title": f"{hour}:00 to {hour + 1}:00: {count:,}"},
        )
        for hour, count in enumerate(arrivals.tolist())
    ]
    solara.v.Html(
        tag="div",
        class_="city-place-hours",
        children=bars,
        attributes={"role": "img", "aria-label": _told(arrivals)},
    )
    hours = range(0, len(arrivals) + 1, _LABELLED_H)
    marks = [solara.v.Html(tag="span", children=[f"{hour}:00"]) for hour in hours]
    solara.v.Html(
        tag="div", class_="city-place-clock", children=marks, attributes={"aria-hidden": "true"}
    )


def _told(arrivals: Int) -> str:
    """Return arrivals in a sentence."""
    busiest = int(arrivals.argmax())
    return (
        f"Arrivals by hour of the day: {int(arrivals.sum()):,} in all, "
        f"most from {busiest}:00 to {busiest + 1}:00, {int(arrivals[busiest]):,}"
    )


@solara.component
def _Opinions(opinion: Opinion) -> None:
    with solara.Div(classes=["city-place-now"]):
        solara.Text("What people think of it")
    if not opinion.number:
        Hint("Nobody thinks anything of it yet: opinions come from visits.")
        return
    for aspect, mean in opinion.means.items():
        _Aspect(aspect, mean)
    told = f"From 0 (bad) to 100 (good): {_source(opinion)}."
    solara.Text(told, style={"font-size": "0.82rem"})


def _source(opinion: Opinion) -> str:
    """Return what opinions are a mean of."""
    if opinion.is_belief:
        people = "one person" if opinion.number == 1 else f"{opinion.number:,} people"
        return f"what {people} expect of it"
    visits = "one visit" if opinion.number == 1 else f"{opinion.number:,} visits"
    return f"ratings of {visits}"


@solara.component
def _Aspect(aspect: str, mean: float) -> None:
    filled = solara.v.Html(tag="span", style_=f"width: {mean:.1%};")
    solara.v.Html(
        tag="div",
        class_="city-place-aspect",
        children=[
            solara.v.Html(tag="span", children=[aspect]),
            solara.v.Html(tag="span", class_="city-place-bar", children=[filled]),
            solara.v.Html(tag="span", children=[f"{100 * mean:.0f}"]),
        ],
        attributes={"role": "img", "aria-label": f"{aspect}: {100 * mean:.0f} of 100"},
    )
