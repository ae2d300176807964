"""The part of the page on one person or place: a tab for each thing to know of a person."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.ui.minds.day import DayTimeline
from mesa_llm_city.ui.person.inspector import AgentCard, BeliefTable, DecisionTrail
from mesa_llm_city.ui.person.interview import Interview
from mesa_llm_city.ui.person.memories import MemoryList
from mesa_llm_city.ui.person.selection import NOBODY, NOWHERE, selected, selected_place
from mesa_llm_city.ui.person.ties_graph import TiesGraph
from mesa_llm_city.ui.place.card import PlaceCard

__all__ = ["Person"]

_TABS = (
    ("Who", (AgentCard,)),
    ("Day", (DayTimeline,)),
    ("Memory", (MemoryList,)),
    ("Beliefs", (BeliefTable,)),
    ("Ties", (TiesGraph,)),
    ("Decisions", (DecisionTrail,)),
    ("Interview", (Interview,)),
)


@solara.component
def Person(model: object, minute: int) -> None:
    """Show one tab at a time on the person who is selected, or the place that is selected.

    Whoever is selected last is shown: a person who is selected takes the place of the place.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Its present minute, so that the tab is looked at anew when it has changed.
    """
    del minute  # handed over, so that the tab is looked at anew when it has changed
    tab, choose = solara.use_state(0)
    choice, place = selected(model), selected_place(model)

    def leave_the_place() -> None:
        if choice.value != NOBODY:
            place.set(NOWHERE)

    def close() -> None:
        choice.set(NOBODY)
        place.set(NOWHERE)

    solara.use_effect(leave_the_place, [choice.value])
    is_of_place = place.value != NOWHERE
    # In a narrow window what is selected is shown over the lower part of the page.
    is_open = choice.value != NOBODY or is_of_place
    with solara.Div(classes=["city-person", *(["city-person-open"] if is_open else [])]):
        if is_open:
            _CloseButton("place" if is_of_place else "person", close)
        if is_of_place:
            PlaceCard(model)
            return
        titles = [solara.v.Tab(children=[title]) for title, _ in _TABS]
        solara.v.Tabs(
            v_model=tab,
            on_v_model=choose,
            children=titles,
            class_="city-tabs",
            background_color="transparent",
        )
        with solara.Div(classes=["city-tab"]).key(_TABS[tab][0]):
            for component in _TABS[tab][1]:
                component(model)


@solara.component
def _CloseButton(what: str, close: Callable[[], None]) -> None:
    button = solara.v.Btn(
        icon=True,
        small=True,
        class_="city-close",
        children=[solara.v.Icon(children=["mdi-close"])],
        attributes={"aria-label": f"Close the {what}", "title": "Close"},
    )
    solara.v.use_event(button, "click", lambda *_: close())
