"""The form that forks a run, and switches between runs."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.phrases import date_and_time
from mesa_llm_city.ui.acting.between_steps import WHO, between_steps
from mesa_llm_city.ui.acting.fields import Ends, Form, Outcome, Primary, Said, TextField
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.comparing.runs import ForkedRun
from mesa_llm_city.ui.page.forks import Forks, use_forks_here
from mesa_llm_city.ui.panel import Remark

__all__ = ["ForkForm", "RunChoice"]

_WHY = (
    "A fork goes on from this moment as a run of its own, with the same people and the same "
    "luck: what differs later comes from what you do to one of them."
)
_NO_PAGE = "A fork needs the page of a city (mesa-llm-city serve, or CityPage)."


@solara.component
def ForkForm(model: CityModel, minute: int) -> None:
    """Fork the run that is shown, and switch between runs.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute.
    """
    del minute
    forks = use_forks_here()
    name, set_name = solara.use_state("")
    busy, set_busy = solara.use_state(False)  # noqa: FBT003 - the state at first
    said, say = solara.use_state(Said())

    def end(made: ForkedRun | None, trouble: str) -> None:
        set_busy(False)
        say(Said(trouble or f"{made and made.name} goes on from here.", bool(trouble)))
        set_name("")

    def fork() -> None:
        set_busy(True)
        between_steps(model, lambda: _fork_and_note(model, forks, name), end, is_long=True)

    Remark(_WHY if forks is not None else _NO_PAGE, name="why-fork")
    with Form():
        TextField("Name of the fork", name, set_name, hint="such as: with the bridge closed")
    with Ends():
        label = "Forking …" if busy else "Fork here"
        Primary(label, fork, disabled=busy or forks is None)
    Outcome(said)
    if forks is not None:
        for one in forks.runs:
            _show_run(forks, one, lambda text: say(Said(text, is_wrong=True)))


def _fork_and_note(model: CityModel, forks: Forks | None, name: str) -> ForkedRun | None:
    if forks is None:
        return None
    made = forks.fork(name, of=model)
    for one in (model, made.city):
        if isinstance(one, CityModel):
            one.note_act("fork", {"name": made.name, "of": made.parent}, who=WHO)
    return made


def _show_run(forks: Forks, run: ForkedRun, complain: Callable[[str], None]) -> None:
    """Show a run, with buttons that show it, compare it and let go of it."""
    # No component: its arguments stay the same while what it tells of them changes.
    is_shown = run is forks.chosen

    def tried(act: Callable[[str], None]) -> None:
        try:
            act(run.name)
        except CityError as error:
            complain(error.message)

    with solara.Row(gap="8px", style={"align-items": "center", "flex-wrap": "wrap"}):
        solara.Text(
            _told(run, is_shown=is_shown), classes=["city-run-name"], style={"font-size": ".88rem"}
        )
        if not is_shown:
            solara.Button("Show", on_click=lambda: tried(forks.switch), small=True, outlined=True)
            _CompareButton(forks, run, tried)
        if run.parent:
            solara.Button("Drop", on_click=lambda: tried(forks.drop), small=True, text=True)


def _CompareButton(
    forks: Forks, run: ForkedRun, tried: Callable[[Callable[[str], None]], None]
) -> None:
    if run is forks.compared:
        solara.Text("compared", classes=["city-badge"])
    else:
        solara.Button("Compare", on_click=lambda: tried(forks.compare), small=True, outlined=True)


def _told(run: ForkedRun, *, is_shown: bool) -> str:
    now = date_and_time(run.city.clock, run.city.minute)
    kept = f"{run.moment_mb:,.1f} MB are kept of that moment"
    forked = f", forked from {run.parent} at {_moment(run)} ({kept})" if run.parent else ""
    return f"{run.name}{' (shown)' if is_shown else ''}: {now}{forked}"


def _moment(run: ForkedRun) -> str:
    return date_and_time(run.city.clock, run.minute)


@solara.component
def RunChoice() -> None:
    """Let one of several runs be shown; nothing where there is one only."""
    forks = use_forks_here()
    if forks is not None and len(forks.runs) > 1:
        names = [one.name for one in forks.runs]
        Choice("Run", names, forks.chosen.name, forks.switch)
