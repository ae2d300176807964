"""The network view: whom somebody knows, who talks with whom, who told whom."""

from __future__ import annotations

from typing import Any

import solara

from mesa_llm_city.ui.minds.networks import TIES, network_data
from mesa_llm_city.ui.minds.widget import show_panel, whole_number
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Panel
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["Network"]

_EVERY_S = 1.0


@solara.component
def Network(model: object, minute: int) -> None:
    """Show people and the lines between them; a click on somebody selects the person.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Its present minute, so that the network is read anew when it has changed.
    """
    view, choice = view_of(model), selected(model)
    key, choose = solara.use_state(TIES)
    person = choice.value
    data = use_throttled(
        minute,
        lambda: read_steadily(lambda: network_data(view, key, person)),
        every_s=_EVERY_S,
        urgent=(key, person, id(model)),
    )

    def answer(wanted: dict[str, Any]) -> None:
        chosen = whole_number(wanted, "person")
        if chosen is not None:
            choice.set(chosen)
        elif "choice" in wanted:
            choose(str(wanted["choice"]))

    with Panel("Who knows and tells whom", name="network"):
        show_panel("network", data, answer)
