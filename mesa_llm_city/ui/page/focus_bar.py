"""What is marked in the charts, in words, each with a button that takes the mark away."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import solara

from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.ui.focus import EVERYBODY, Emphasis, emphasis, time_range
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["FocusBar", "Mark", "marks_of"]

_STYLE = """
.city-focus{display:flex;flex-wrap:wrap;align-items:center;gap:4px 6px;font-size:.82rem;
  min-height:28px}
.city-focus .v-btn{border-radius:14px!important}
"""


class Mark(NamedTuple):
    """Something that is marked.

    Attributes
    ----------
    label : str
        Its name.
    without : Emphasis
        What is wanted without it.
    """

    label: str
    without: Emphasis


@solara.component
def FocusBar(model: object, minute: int) -> None:
    """Show what is marked, or how to mark something.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Its present minute.
    """
    del minute  # handed over as to all parts of a page
    wanted, marked = emphasis(model), time_range(model)
    solara.Style(_STYLE)
    with solara.Div(classes=["city-focus"]):
        for mark in marks_of(view_of(model), wanted.value):
            _Chip(mark.label, _setter(wanted, mark.without))
        if marked.value is not None:
            _Chip(str(marked.value), lambda: marked.set(None))
        if wanted.value == EVERYBODY and marked.value is None:
            text = "Click a colour or a bar to see those people on the map; drag to mark hours."
            solara.Text(text, style={"opacity": "0.75"})


def _setter(wanted: solara.Reactive[Emphasis], value: Emphasis) -> Callable[[], None]:
    return lambda: wanted.set(value)


def marks_of(view: CityView, wanted: Emphasis) -> list[Mark]:
    """Return what is marked of people: groups of activities, modes and places.

    Parameters
    ----------
    view : CityView
        The city.
    wanted : Emphasis
        Who is wanted.
    """
    groups = palette_of(view.parameters).groups
    modes, names = view.parameters.modes, view.basemap().names
    return [
        *(
            Mark(one.label, wanted.toggled("purposes", one.purposes))
            for one in groups
            if one.purposes and wanted.purposes.issuperset(one.purposes)
        ),
        *(
            Mark(f"by {modes[one].label}", wanted.toggled("modes", {one}))
            for one in modes
            if one in wanted.modes
        ),
        *(
            Mark(f"at {names[one]}", wanted.toggled("places", {one}))
            for one in sorted(wanted.places)
        ),
    ]


@solara.component
def _Chip(label: str, remove: Callable[[], None]) -> None:
    button = solara.v.Btn(
        small=True,
        outlined=True,
        children=[label, solara.v.Icon(children=["mdi-close"], small=True, right=True)],
        attributes={"aria-label": f"Show others than {label} again"},
    )
    solara.v.use_event(button, "click", lambda *_: remove())
