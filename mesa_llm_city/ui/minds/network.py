"""The network view: whom somebody knows, who talks with whom, who told whom."""

from __future__ import annotations

from typing import Any

import solara

from mesa_llm_city.ui.focus import emphasis
from mesa_llm_city.ui.minds.groups import ANYBODY
from mesa_llm_city.ui.minds.networks import TIES, network_data
from mesa_llm_city.ui.minds.widget import show_panel, whole_number
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Panel
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["Network"]

_EVERY_S = 1.0


def Network(model: object, minute: int | None = None) -> solara.Element:
    """Show people and the lines between them; a click on somebody selects the person.

    The reader chooses among whom: everybody, those who are marked in the charts, the household
    of the selected person, or those who live in a zone.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int, optional
        Its present minute, read from the model if not given.
    """
    # Handed over, so that the network is read anew when the minute has changed.
    return _Network(model=model, minute=view_of(model).minute if minute is None else minute)


@solara.component
def _Network(model: object, minute: int) -> None:
    view, choice, wanted = view_of(model), selected(model), emphasis(model).value
    key, choose = solara.use_state(TIES)
    group, choose_group = solara.use_state(ANYBODY)
    person = choice.value
    data = use_throttled(
        minute,
        lambda: read_steadily(lambda: network_data(view, key, person, group=group, wanted=wanted)),
        every_s=_EVERY_S,
        urgent=(key, group, person, wanted, id(model)),
    )

    def answer(asked: dict[str, Any]) -> None:
        chosen = whole_number(asked, "person")
        if chosen is not None:
            choice.set(chosen)
        elif "choice" in asked:
            choose(str(asked["choice"]))
        elif "group" in asked:
            choose_group(str(asked["group"]))

    with Panel("Who knows and tells whom", name="network"):
        show_panel("network", data, answer)
