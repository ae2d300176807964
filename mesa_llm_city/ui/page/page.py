"""The page of a city: run above, map and charts below it, one person beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

import solara

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.forking import RunChoice
from mesa_llm_city.ui.charts.components import Clock
from mesa_llm_city.ui.comparing.comparison import Comparison
from mesa_llm_city.ui.comparing.two_maps import TwoMaps
from mesa_llm_city.ui.export.buttons import Exports
from mesa_llm_city.ui.focus import share_focus
from mesa_llm_city.ui.map.city_map import CityMap
from mesa_llm_city.ui.map.sharing import SharedLook
from mesa_llm_city.ui.page.colour_scheme import SchemeButton
from mesa_llm_city.ui.page.controls import RunControls, use_runner
from mesa_llm_city.ui.page.forks import Forks, provide_forks, use_forks, use_forks_here
from mesa_llm_city.ui.page.key_actions import act_on_key, to_the_morning
from mesa_llm_city.ui.page.keys import Keys
from mesa_llm_city.ui.page.person import Person
from mesa_llm_city.ui.page.runner import Runner, redraws
from mesa_llm_city.ui.page.scrubber import DayScrubber
from mesa_llm_city.ui.page.sections import Sections
from mesa_llm_city.ui.page.spending import Spend
from mesa_llm_city.ui.page.style import STYLE
from mesa_llm_city.ui.page.until import GoOn
from mesa_llm_city.ui.person.selection import share_selection
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import view_of
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["CityPage"]


def CityPage(
    model: object,
    *,
    on_reset: Callable[[], None] | None = None,
    parameters: Callable[[], None] | None = None,
    runner: Runner | None = None,
    forks: Forks | None = None,
) -> solara.Element:
    """Show the whole page of a city: run controls, map, time of day, charts and one person.

    Parameters
    ----------
    model : CityModel or Replay
        The city; a model is run here, and what is outside the page follows it by reading
        `redraws`.
    on_reset : callable, optional
        Called to begin a new run.
    parameters : callable, optional
        Shows the options of a new run, in the left bar.
    runner : Runner, optional
        Runner of the city that outlives this page; by default one of the page, which stops
        with it.
    forks : Forks, optional
        The city and what was forked from it, if that outlives this page; by default forks are
        those of the page, and end with it.
    """
    return _Runs(model=model, on_reset=on_reset, parameters=parameters, runner=runner, shared=forks)


@solara.component
def _Runs(
    model: object,
    on_reset: Callable[[], None] | None,
    parameters: Callable[[], None] | None,
    runner: Runner | None,
    shared: Forks | None,
) -> None:
    """Show the run that is chosen of those of the page."""
    # Whether it can be played is checked with its runner.
    city = cast("CityModel | Replay", model.model if isinstance(model, LiveView) else model)
    forks = use_forks(city, runner, shared)
    provide_forks(forks)
    run = forks.chosen
    # That of the run that was shown before stays open.
    section = solara.use_reactive(0)
    _CityPage(
        model=model if run.city is city else run.city,
        on_reset=on_reset,
        parameters=parameters,
        shared=run.runner,
        section=section,
    ).key(f"{id(run.city)}")


@solara.component
def _CityPage(
    model: object,
    on_reset: Callable[[], None] | None,
    parameters: Callable[[], None] | None,
    shared: Runner | None,
    section: solara.Reactive[int],
) -> None:
    city = model.model if isinstance(model, LiveView) else model
    runner = use_runner(city, shared)
    forks = use_forks_here()
    comparison = _use_comparison(forks, runner)
    redraws(city).get()
    past, look_back = solara.use_state(_no_past())
    shown: object = city if past is None or runner.playing else past.replay
    solara.Style(STYLE)

    def go(minute: int) -> None:
        runner.pause()
        if isinstance(city, CityModel):
            look_back(_past_of(city, past, minute))
        elif isinstance(city, Replay):
            city.go_to(minute)
            # Another window may show it too.
            runner.tell()

    minute = view_of(shown).minute

    def obey(key: str) -> None:
        if act_on_key(key, runner, go, shown=minute):
            redraws(city).set(redraws(city).peek() + 1)

    with solara.Div(classes=["city-frame"]), solara.Div(classes=["city-page", "city-desk"]):
        with solara.Div(classes=["city-bar", "city-run"]):
            _Head(title=view_of(city).title, is_replay=isinstance(city, Replay))
            RunChoice()
            Clock(shown)
            with solara.Div(classes=["city-controls-area"]):
                RunControls(city, runner=runner, on_reset=on_reset)
            with solara.Div(classes=["city-popup-area"]):
                GoOn(runner, go, minute=view_of(city).minute)
            _tools(obey)
        with solara.Div(classes=["city-middle"]):
            if shown is not city:
                _LookingBack(lambda: look_back(None))
            _map(shown, runner, comparison, None if forks is None else forks.look)
            reached = city.end if isinstance(city, Replay) else view_of(city).minute
            DayScrubber(shown, on_minute=go, reached=reached)
            Sections(shown, minute=minute, chosen=section)
        with solara.Div(classes=["city-right"]):
            Person(shown, minute=minute)
            _more(shown, parameters)


def _tools(obey: Callable[[str], None]) -> None:
    with solara.Div(classes=["city-tools"]):
        Keys(obey)
        SchemeButton()


def _use_comparison(forks: Forks | None, runner: Runner) -> Comparison | None:
    """Return the runs that are compared, led by the runner of the page, inside a component."""
    comparison = None if forks is None else forks.comparison

    def lead() -> None:
        if comparison is not None:
            comparison.lead_by(runner)

    solara.use_effect(lead, [comparison, runner])
    return comparison


def _map(
    shown: object, runner: Runner, comparison: Comparison | None, look: SharedLook | None
) -> None:
    several = [] if comparison is None else ["city-both-maps"]
    with solara.Div(classes=["city-map-area", *several]):
        if comparison is None:
            CityMap(shown, shared=look)
        else:
            TwoMaps(comparison, shown, view_of(shown).minute)
        if not view_of(shown).minute and not runner.playing:
            _Night(runner)


def _more(shown: object, parameters: Callable[[], None] | None) -> None:
    with solara.Div(classes=["city-more"]):
        if parameters is not None:
            parameters()
        Spend(shown)
        Exports(shown)


class _Past(NamedTuple):
    """A replay of a live model, made when an earlier minute was selected."""

    replay: Replay
    minute: int


def _no_past() -> _Past | None:
    return None


def _past_of(city: CityModel, past: _Past | None, minute: int) -> _Past | None:
    """Return the replay of a live model at an earlier minute; None for the present."""
    if minute >= city.minute:
        return None
    if past is None or past.replay.end != city.minute:
        past = _Past(Replay.of(city), minute)
        share_selection(past.replay, city)
        share_focus(past.replay, city)
    past.replay.go_to(minute)
    return _Past(past.replay, minute)


@solara.component
def _Head(title: str, *, is_replay: bool) -> None:
    with solara.Div(classes=["city-head"]):
        solara.v.Html(tag="h1", children=[title])
        solara.Text("replay" if is_replay else "live", classes=["city-badge"])


@solara.component
def _Night(runner: Runner) -> None:
    """Offer to begin where something happens, at the first midnight of a run."""
    asks = " Going on asks the language model." if getattr(runner.city, "prompts", ()) else ""
    with solara.Div(classes=["city-night"]):
        solara.Text(f"It is midnight, and nearly everybody sleeps.{asks}")
        solara.Button(
            "Skip to the morning",
            icon_name="mdi-weather-sunset-up",
            on_click=lambda: to_the_morning(runner),
            color="#1565c0",
            dark=True,
            small=True,
        )


@solara.component
def _LookingBack(back: Callable[[], None]) -> None:
    with solara.Div(classes=["city-past"]):
        solara.Text("An earlier minute is shown; the run itself does not go back.")
        solara.Button("Back to now", on_click=back, small=True, text=True)
