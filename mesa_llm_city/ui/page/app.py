"""What the server shows in each browser: ``solara run mesa_llm_city.ui.page.app``."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Thread
from typing import Any

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page.garbage_collection import settle
from mesa_llm_city.ui.page.page import STYLE, CityPage
from mesa_llm_city.ui.page.sources import SOURCE_VARIABLE, Source
from mesa_llm_city.ui.panel import Hint, Panel
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["Layout", "Page"]

_HOW = (
    "Start this page with `mesa-llm-city serve town_day`, or with "
    "`mesa-llm-city replay RUN_DIR` for a finished run."
)
_Made = tuple[CityModel | Replay | None, str]


@solara.component
def Layout(children: list[Any]) -> None:
    """Use the whole window for the page."""
    solara.Div(children=children, classes=["city-app"])


@solara.component
def Page() -> None:
    """Show the city of this browser session."""
    solara.Title("mesa-llm-city")
    text = os.environ.get(SOURCE_VARIABLE)
    if text is None:
        solara.Warning(_HOW)
    else:
        _Session(text)


@solara.component
def _Session(text: str) -> None:
    source = solara.use_memo(lambda: Source.from_json(text), [text])
    changes, begin = solara.use_state(dict[str, Any]())
    attempt, try_again = solara.use_state(0)
    (city, trouble), set_made = solara.use_state(_nothing())

    def make() -> None:
        try:
            made = source.make(**changes)
            settle()
            set_made((made, ""))
        except CityError as error:
            set_made((None, str(error)))

    def build() -> None:
        # In a thread, so that the page is there at once and says what it waits for.
        set_made((None, ""))
        Thread(target=make, daemon=True).start()

    def reset(wanted: dict[str, Any]) -> None:
        begin(wanted)
        try_again(attempt + 1)

    solara.use_effect(build, [attempt])
    options = source.options
    if city is None:
        solara.Style(STYLE)
        _Waiting(trouble, lambda: reset({}))
    elif options is None:
        CityPage(city)
    else:
        CityPage(
            city,
            on_reset=lambda: reset(changes),
            parameters=lambda: _Parameters(options, changes, reset),
        )


@solara.component
def _Waiting(trouble: str, again: Callable[[], None]) -> None:
    with solara.Column(style={"max-width": "46rem", "margin": "12vh auto", "padding": "0 16px"}):
        if trouble:
            solara.Error(trouble, classes=["city-error"])
            solara.Button("Begin with the options of the command line", on_click=again)
        else:
            solara.Text("Building the city and its people …", classes=["city-waiting"])
            solara.ProgressLinear(value=True)


@solara.component
def _Parameters(
    options: RunOptions, changes: dict[str, Any], begin: Callable[[dict[str, Any]], None]
) -> None:
    """Show the options of a new run; they take effect when it begins."""
    wanted, want = solara.use_state(changes)
    now = {"citizens": options.citizens, "seed": options.seed, **wanted}

    def changed(name: str) -> Callable[[int | None], None]:
        return lambda value: want({**wanted, name: value})

    with Panel("New run", name="parameters"):
        if options.people is None:
            _Number("Citizens", now["citizens"], changed("citizens"))
        _Number("Seed", now["seed"], changed("seed"))
        solara.Button(
            "Begin anew",
            on_click=lambda: begin(wanted),
            disabled=None in now.values(),
            small=True,
            outlined=True,
        )
        if None in now.values():
            Hint("Give whole numbers.")


@solara.component
def _Number(label: str, value: int | None, on_value: Callable[[int | None], None]) -> None:
    solara.InputInt(label, value=value, on_value=on_value, optional=True, dense=True)


def _nothing() -> _Made:
    return None, ""
