"""A question before a run is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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


def loss_of(city: object, others: Sequence[str] = ()) -> str:
    """Return what is lost with a run, in words; empty if nothing is.

    Parameters
    ----------
    city : CityModel or Replay
        A replay loses nothing, and a model nothing before it has begun.
    others : sequence of str, optional
        Names of the other runs of the page, which end with it.

    Examples
    --------
    >>> from mesa_llm_city import City
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> loss_of(model)
    ''
    >>> model.step()
    >>> print(loss_of(model, ["flood"])[:73])
    This ends the present run, which has reached Monday 1 April 2024, 00:05,
    """
    if not isinstance(city, CityModel) or not (city.minute or others):
        return ""
    moment = date_and_time(city.clock, city.minute)
    runs = f", and the other runs of this page ({', '.join(others)})" if others else ""
    those, they = ("They", "them") if others else ("It", "it")
    return (
        f"This ends the present run, which has reached {moment}{runs}. {those} cannot be brought "
        f"back; save what you need of {they} first (see Export)."
    )
