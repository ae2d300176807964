"""Acting on a model that runs in another thread: between two of its steps, never inside one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page.runner import redraws, runner_of, turn_of

__all__ = ["WHO", "act_on", "between_steps"]

WHO = "the page"
"""Who acts, as the log has it."""

T = TypeVar("T")


def between_steps(
    model: CityModel,
    act: Callable[[], T],
    on_end: Callable[[T | None, str], None],
    *,
    is_long: bool = False,
) -> None:
    """Do something to a model once it stands between two steps.

    If it does so now, it is done at once; otherwise by a thread that waits for the end of the
    step. A step that is paused in its middle is finished first.

    Parameters
    ----------
    model : CityModel
        The model.
    act : callable
        What to do; no step begins while it is done.
    on_end : callable
        Called with what `act` returns and no text; or with None and what is wrong.
    is_long : bool, default False
        Whether it takes long, so that the page does not wait for it.
    """
    turn, runner = turn_of(model), runner_of(model)
    if not is_long and turn.acquire(blocking=False):
        try:
            done = _tried(act)
        finally:
            turn.release()
        on_end(*done)
        return
    if runner is not None and runner.state == "held":
        runner.step()

    def wait_and_act() -> None:
        with turn:
            done = _tried(act)
        on_end(*done)

    Thread(target=wait_and_act, daemon=True).start()


def act_on(
    model: CityModel, act: dict[str, object], tell: Callable[[str, bool], None], done: str
) -> None:
    """Act on a model by an intervention, and tell how that went.

    Parameters
    ----------
    model : CityModel
        The model.
    act : dict
        The intervention as a table (see ``docs/reference/interventions.md``).
    tell : callable
        Called with a text, and whether it tells of something wrong.
    done : str
        What is told if nothing is.
    """

    def end(_: None, trouble: str) -> None:
        tell(trouble or done, bool(trouble))
        drawn = redraws(model)
        drawn.set(drawn.peek() + 1)
        if (runner := runner_of(model)) is not None:
            # Other pages draw it too, and it is kept.
            runner.tell()

    between_steps(model, lambda: model.act(act, who=WHO), end)


def _tried(act: Callable[[], T]) -> tuple[T | None, str]:
    """Return what comes of an act, or what is wrong with it in words."""
    try:
        return act(), ""
    except CityError as error:
        return None, _plain(error)
    except Exception as error:  # noqa: BLE001 - shown on the page; a thread has nobody else
        return None, f"{type(error).__name__}: {error}"


def _plain(error: CityError) -> str:
    """Return what is wrong, without the number of the one intervention that was given."""
    defects = getattr(error, "defects", ())
    told = [str(one).partition("): ")[2] or str(one) for one in defects]
    return "; ".join(told) or str(error)
