"""Play, pause, step, reset and speed, and how the run gets on, as a component."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.page.confirm import Question, loss_of
from mesa_llm_city.ui.page.forks import use_forks_here
from mesa_llm_city.ui.page.redrawing import use_redrawing
from mesa_llm_city.ui.page.run_state import RunState
from mesa_llm_city.ui.page.runner import SPEEDS, Runner, redraws
from mesa_llm_city.ui.panel import Panel
from mesa_llm_city.ui.program_course import ProgramCourse
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["RunControls", "use_runner"]

_LABELS = {f"{speed} steps/s": speed for speed in SPEEDS}
_NORMAL = 5


def RunControls(
    model: object,
    *,
    runner: Runner | None = None,
    on_reset: Callable[[], None] | None = None,
) -> solara.Element:
    """Show play, pause, step, reset and speed; pausing takes effect between two citizens.

    Components that follow the run read `redraws` of the same model.

    Parameters
    ----------
    model : CityModel or Replay
        The model or replay to run.
    runner : Runner, optional
        Runner to use; a new one by default.
    on_reset : callable, optional
        Called to begin a new run; by default a replay goes to its beginning, and a live model has
        no reset.
    """
    if runner is None:
        return _OwnControls(model=model, on_reset=on_reset)
    # Read by the component that shows them, which draws both at once.
    drawn = redraws(runner.city).get()
    return _Controls(runner=runner, drawn=drawn, on_reset=on_reset)


def use_runner(model: object, shared: Runner | None = None) -> Runner:
    """Return a runner of a model, inside a component.

    Parameters
    ----------
    model : CityModel, CityView or Replay
        The model or replay to run.
    shared : Runner, optional
        A runner that outlives the component; by default a new one, which is closed when the
        component goes.

    Raises
    ------
    ConfigError
        If it cannot be played.
    """
    city = model.model if isinstance(model, LiveView) else model
    if not isinstance(city, CityModel | Replay | ProgramCourse | MigrationCourse):
        message = f"a {type(city).__name__} cannot be played; give a CityModel or a Replay"
        raise ConfigError(message)
    runner: Runner = solara.use_memo(
        lambda: shared or Runner(city, steps_per_s=_NORMAL), [id(city), shared]
    )
    use_redrawing(runner, redraws(city))

    def close_own() -> Callable[[], None] | None:
        return runner.close if shared is None else None

    solara.use_effect(close_own, [runner])
    return runner


@solara.component
def _OwnControls(model: object, on_reset: Callable[[], None] | None) -> None:
    runner = use_runner(model)
    _Controls(runner=runner, drawn=redraws(runner.city).get(), on_reset=on_reset)


@solara.component
def _Controls(runner: Runner, drawn: int, on_reset: Callable[[], None] | None) -> None:
    del drawn  # handed over, so that the buttons follow the run
    state = runner.state
    asked, ask = solara.use_state("")
    forks = use_forks_here()

    def reset() -> None:
        runner.pause()
        if on_reset is not None:
            others = () if forks is None else forks.others
            loss = loss_of(runner.city, others)
            ask(loss)
            if not loss:
                on_reset()
        elif isinstance(runner.city, Replay):
            runner.city.go_to(0)
            redraws(runner.city).set(redraws(runner.city).peek() + 1)

    with Panel("Run", name="controls"):
        with solara.Div(classes=["city-transport"]):
            _play_button(runner, state)
            solara.Button(
                "Step",
                on_click=runner.step,
                disabled=state in {"playing", "stepping", "finished"},
                small=True,
                outlined=True,
            )
            if on_reset is not None or isinstance(runner.city, Replay):
                label = "Begin" if isinstance(runner.city, Replay) else "Reset"
                solara.Button(label, on_click=reset, small=True, outlined=True)
            _Speed(runner, speed=int(runner.steps_per_s))
        if asked and on_reset is not None:
            _AskedBeforeReset(asked, on_reset, lambda: ask(""))
        RunState(runner)


@solara.component
def _AskedBeforeReset(loss: str, reset: Callable[[], None], close: Callable[[], None]) -> None:
    def go_on() -> None:
        close()
        reset()

    Question(loss, "Reset the run", go_on, close)


def _play_button(runner: Runner, state: str) -> None:
    playing = state == "playing"
    solara.Button(
        "Pause" if playing else "Play",
        icon_name="mdi-pause" if playing else "mdi-play",
        on_click=runner.toggle,
        disabled=state == "finished",
        # Readable with white text on light and on dark ground (WCAG 2.1, contrast 4.5).
        color="#1565c0",
        dark=True,
        small=True,
    )


@solara.component
def _Speed(runner: Runner, speed: int) -> None:
    chosen, choose = solara.use_state(speed)
    # It is changed by keys too.
    solara.use_effect(lambda: choose(speed), [speed])

    def take(label: str) -> None:
        runner.steps_per_s = float(_LABELS[label])
        choose(_LABELS[label])

    Choice("Speed", list(_LABELS), f"{chosen} steps/s", take)
