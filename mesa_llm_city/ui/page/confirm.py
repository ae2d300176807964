"""A question before a run is lost."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.phrases import date_and_time

__all__ = ["Question", "loss_of"]


@solara.component
def Question(text: str, yes: str, on_yes: Callable[[], None], on_no: Callable[[], None]) -> None:
    """Ask before something that cannot be undone.

    Parameters
    ----------
    text : str
        What will be lost.
    yes : str
        Label of the button that goes on.
    on_yes, on_no : callable
        Called when the answer is given.
    """
    buttons = solara.v.Html(
        tag="div",
        children=[
            solara.Button(yes, on_click=on_yes, color="#a3230b", dark=True, small=True),
            solara.Button("Keep this run", on_click=on_no, small=True, outlined=True),
        ],
        style_="display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px;",
    )
    solara.v.Html(
        tag="div",
        children=[text, buttons],
        class_="city-question-before",
        attributes={"role": "alert"},
        style_="border-left: 4px solid #a3230b; padding: 4px 10px; margin: 6px 0; "
        "font-size: 0.88rem;",
    )


def loss_of(city: object) -> str:
    """Return what is lost with a run, in words; empty if it has not begun.

    Parameters
    ----------
    city : CityModel or Replay
        A replay loses nothing.
    """
    if not isinstance(city, CityModel) or not city.minute:
        return ""
    moment = date_and_time(city.clock, city.minute)
    return (
        f"This ends the present run, which has reached {moment}. It cannot be brought back; "
        "save what you need of it first (see Export)."
    )
