"""What is shown below the map: a section at a time, chosen by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import solara

from mesa_llm_city.ui.acting.act import Act
from mesa_llm_city.ui.comparing.compare import Compare
from mesa_llm_city.ui.minds.feed import Feed
from mesa_llm_city.ui.minds.network import Network
from mesa_llm_city.ui.page.charts import Charts

__all__ = ["SECTIONS", "Section", "Sections"]


class Section(NamedTuple):
    """Something to see or do below the map.

    Attributes
    ----------
    title : str
        What it is called.
    component : callable
        Shows a model or view at a minute: ``f(model, minute)``.
    """

    title: str
    component: Callable[[object, int], solara.Element]


SECTIONS = (
    Section("Charts", Charts),
    Section("Feed", Feed),
    Section("Network", Network),
    Section("Act", Act),
    Section("Compare", Compare),
)
"""The sections, in the order of their tabs."""


@solara.component
def Sections(model: object, minute: int, chosen: solara.Reactive[int] | None = None) -> None:
    """Show tabs with the names of the sections, and one section; only that one is drawn.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Its present minute, so that the section is looked at anew when it has changed.
    chosen : Reactive of int, optional
        Row of the section that is shown, if that outlives this component.
    """
    own = solara.use_reactive(0)
    shown = own if chosen is None else chosen
    section = SECTIONS[shown.value]
    if len(SECTIONS) > 1:
        solara.v.Tabs(
            v_model=shown.value,
            on_v_model=shown.set,
            children=[solara.v.Tab(children=[one.title]) for one in SECTIONS],
            class_="city-tabs city-sections",
            background_color="transparent",
        )
    with solara.Div(classes=["city-section"]).key(section.title):
        section.component(model, minute)
