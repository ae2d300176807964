"""Decisions in words, with the names of places and people in place of their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from mesa_llm_city.ui.views.known_names import known_names
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["DECIDED", "Names", "decided"]

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


class Names(NamedTuple):
    """Names of the people and places of a city, looked up once.

    Attributes
    ----------
    people : mapping of int to str
        Names of the people by their ids.
    places : sequence of str
        Names of the places by their ids.
    """

    people: Mapping[int, str]
    places: Sequence[str]

    @classmethod
    def of(cls, view: CityView) -> Names:
        """Return the names in a view, also of people who have left."""
        return cls(known_names(view), view.basemap().names)

    def person(self, person: int) -> str:
        """Return the name of a person, or the id in words."""
        return self.people.get(person, f"person {person}")

    def place(self, place: int) -> str:
        """Return the name of a place, or the id in words."""
        return self.places[place] if 0 <= place < len(self.places) else f"place {place}"


def decided(names: Names, component: str, choice: str) -> str:
    """Return what was decided, in words.

    Parameters
    ----------
    names : Names
        Names of people and places.
    component, choice : str
        As in the table of decisions.

    Examples
    --------
    >>> decided(Names({4: "Ben Lund"}, ()), "contacts", "4")
    'wished to talk to Ben Lund'
    >>> decided(Names({}, ()), "mode_choice", "walk")
    'chose the way: walk'
    """
    if component == "place_choice" and choice == _NONE:
        return "found no place to go to"
    if component == "contacts" and choice.isdecimal():
        return f"wished to talk to {names.person(int(choice))}"
    if component == "place_choice" and choice.isdecimal():
        return f"chose to go to {names.place(int(choice))}"
    verb = DECIDED.get(component, component.replace("_", " "))
    return f"{verb}: {choice.replace('_', ' ')}" if choice else verb
