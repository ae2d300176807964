"""Decisions in words, with the names of places and people in place of their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mesa_llm_city.ui.charts.catalogue import name_of
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["DECIDED", "decided", "place_named"]

DECIDED: Mapping[str, str] = MappingProxyType(
    {
        "planner": "planned",
        "free_time": "chose for free time",
        "place_choice": "chose to go to",
        "mode_choice": "chose the way",
        "perception": "reacted",
        "contacts": "wished to talk to",
        "reflection": "reflected",
        "goals": "set goals",
        "migration": "thought of moving",
    }
)
"""What a component decides, as a verb before its choice; others are called by their name."""


_NONE = "none"


def place_named(view: CityView, place: int) -> str:
    """Return the name of a place, or its number if the map has none of it.

    Parameters
    ----------
    view : CityView
        The city.
    place : int
        Id of the place.
    """
    names = view.basemap().names
    return names[place] if 0 <= place < len(names) else f"place {place}"


def decided(view: CityView, component: str, choice: str) -> str:
    """Return what was decided, in words.

    Parameters
    ----------
    view : CityView
        The city, for names.
    component, choice : str
        As in the table of decisions.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> from mesa_llm_city.ui.views.protocols import view_of
    >>> view = view_of(CityModel(City.synthetic(rng=1, places=400), 20, rng=7))
    >>> decided(view, "mode_choice", "walk")
    'chose the way: walk'
    """
    if component == "place_choice" and choice == _NONE:
        return "found no place to go to"
    if component == "contacts" and choice.isdecimal():
        return f"wished to talk to {name_of(view, int(choice)) or choice}"
    if component == "place_choice" and choice.isdecimal():
        return f"chose to go to {place_named(view, int(choice))}"
    verb = DECIDED.get(component, component.replace("_", " "))
    return f"{verb}: {choice.replace('_', ' ')}" if choice else verb
