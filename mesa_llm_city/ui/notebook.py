"""The city inside a notebook: the components of the page, below the cell."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.city import City
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.map.city_map import CityMap
from mesa_llm_city.ui.notebook_reports import switch_off
from mesa_llm_city.ui.page.page import CityPage

__all__ = ["show"]


def show(model: object, *components: Callable[[object], solara.Element]) -> solara.Element:
    """Return the page of a city, or some of its components, for a notebook.

    Parameters
    ----------
    model : CityModel, CityView or City
        The city; a `City` is shown without people.
    *components : callable
        Such as `CityMap` and `TimeUse`; by default the whole page, and of a `City` the map.

    Returns
    -------
    solara.Element
        The last line of a cell, or an argument of ``display``.
    """
    switch_off()
    if isinstance(model, City):
        return show(CityModel(model, (), rng=0), *(components or (CityMap,)))
    if not components:
        return CityPage(model)
    return _Some(model=model, components=components)


@solara.component
def _Some(model: object, components: tuple[Callable[[object], solara.Element], ...]) -> None:
    from mesa_llm_city.ui.page.runner import redraws

    redraws(model).get()
    with solara.Column():
        for component in components:
            component(model)
