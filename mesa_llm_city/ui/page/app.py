"""What the server shows in each browser (see `server`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import solara

from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.ui.page.confirm import Question, loss_of
from mesa_llm_city.ui.page.page import CityPage
from mesa_llm_city.ui.page.server_sessions import server_sessions
from mesa_llm_city.ui.page.sessions import Session
from mesa_llm_city.ui.page.shown import SOURCE_VARIABLE
from mesa_llm_city.ui.page.sources import Source
from mesa_llm_city.ui.page.style import STYLE
from mesa_llm_city.ui.panel import Hint, Panel
from mesa_llm_city.ui.person.selection import selected

__all__ = ["Layout", "Page"]

_HOW = (
    "Start this page with `mesa-llm-city serve town_day`, or with "
    "`mesa-llm-city replay RUN_DIR` for a finished run."
)


@solara.component
def Layout(children: list[Any]) -> None:
    """Use the whole window for the page."""
    solara.v.Html(tag="main", children=children, class_="city-app")


@solara.component
def Page() -> None:
    """Show the city of this browser."""
    solara.Title("mesa-llm-city")
    text = os.environ.get(SOURCE_VARIABLE)
    if text is None:
        solara.Warning(_HOW)
    else:
        _Shown(text)


@solara.component
def _Shown(text: str) -> None:
    session: Session = solara.use_memo(
        lambda: server_sessions().of(solara.get_session_id(), Source.from_json(text)), [text]
    )
    _, redraw = solara.use_state(0)

    def watch() -> Callable[[], None]:
        def tell() -> None:
            redraw(lambda count: count + 1)

        stop = session.watch(tell)
        # The city may have been finished since this was drawn.
        tell()
        return stop

    solara.use_effect(watch, [session])
    _use_selection(session)
    city, options = session.city, session.source.options
    # Read here, since a function that holds the same session counts as the same function.
    trouble, is_building = session.trouble, session.is_building
    if city is None:
        solara.Style(STYLE)
        _Waiting(trouble, lambda: session.begin(**session.changes))
    elif options is None:
        CityPage(city, runner=session.runner, forks=session.forks).key(f"{id(city)}")
    else:
        CityPage(
            city,
            on_reset=lambda: session.begin(**session.changes),
            parameters=lambda: _Parameters(options, session, trouble, is_building),
            runner=session.runner,
            forks=session.forks,
        ).key(f"{id(city)}")


def _use_selection(session: Session) -> None:
    """Select whom the session has selected, inside a component, and let it know of changes."""
    city = session.city

    def select() -> None:
        if city is not None:
            selected(city).set(session.person)

    def follow() -> Callable[[], None] | None:
        return None if city is None else selected(city).subscribe(session.select)

    # Before the page is drawn, so that it is drawn once.
    solara.use_memo(select, [city])
    solara.use_effect(follow, [city])


@solara.component
def _Waiting(trouble: str, again: Callable[[], None]) -> None:
    with solara.Column(style={"max-width": "46rem", "margin": "12vh auto", "padding": "0 16px"}):
        if trouble:
            solara.Error(trouble, classes=["city-error"])
            solara.Button("Try again", on_click=again)
        else:
            solara.Text("Building the city and its people …", classes=["city-waiting"])
            _Progress()


@solara.component
def _Parameters(
    options: RunOptions,
    session: Session,
    trouble: str,
    is_building: bool,  # noqa: FBT001 - a component
) -> None:
    """Show the options of a new run; they are checked before the present run ends."""
    wanted, want = solara.use_state(session.changes)
    asked, ask = solara.use_state("")
    now = {"citizens": options.citizens, "seed": options.seed, **wanted}

    def changed(name: str) -> Callable[[int | None], None]:
        return lambda value: want({**wanted, name: value})

    def begin() -> None:
        ask("")
        session.begin(**wanted)

    def begin_or_ask() -> None:
        if session.runner is not None:
            session.runner.pause()
        forks = session.forks
        others = () if forks is None else forks.others
        loss = loss_of(session.city if forks is None else forks.chosen.city, others)
        ask(loss)
        if not loss:
            begin()

    with Panel("New run", name="parameters"):
        if options.people is None:
            _Number("Citizens", now["citizens"], changed("citizens"))
        _Number("Seed", now["seed"], changed("seed"))
        solara.Button(
            "Start new run",
            on_click=begin_or_ask,
            disabled=is_building or None in now.values(),
            small=True,
            outlined=True,
        )
        if None in now.values():
            Hint("Give whole numbers.")
        if session.keeping_trouble:
            solara.Warning(session.keeping_trouble, dense=True, classes=["city-kept-trouble"])
        if asked:
            Question(asked, "End it and start a new run", begin, lambda: ask(""))
        _Building(trouble, is_building)


@solara.component
def _Building(trouble: str, is_building: bool) -> None:  # noqa: FBT001 - a component
    """Tell that another city is being built, or why it cannot be."""
    if is_building:
        Hint("Building another city; the present one stays until it is there.")
        _Progress()
    if trouble:
        solara.Error(
            f"{trouble.rstrip('.')}. The present run is kept.", classes=["city-error"], dense=True
        )


@solara.component
def _Progress() -> None:
    solara.v.ProgressLinear(indeterminate=True, attributes={"aria-label": "building the city"})


@solara.component
def _Number(label: str, value: int | None, on_value: Callable[[int | None], None]) -> None:
    solara.InputInt(label, value=value, on_value=on_value, optional=True, dense=True)
