"""What the keys of the page do to a run."""

from __future__ import annotations

from collections.abc import Callable

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.ui.page.runner import SPEEDS, Runner
from mesa_llm_city.ui.page.stops import MORNING_MIN, AtMinute
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["act_on_key", "next_morning", "to_the_morning"]


def act_on_key(key: str, runner: Runner, on_minute: Callable[[int], None], *, shown: int) -> bool:
    """Do what a key wants; return whether what is shown of the run has changed by it alone.

    Parameters
    ----------
    key : str
        One of `keys.KEYS`.
    runner : Runner
        Runs the city.
    on_minute : callable
        Called with another minute that is to be looked at.
    shown : int
        Minute that is looked at, which may be over already.
    """
    view = view_of(runner.city)
    step_min = view.clock.step_min
    if key == "play":
        runner.toggle()
    elif key == "back" and shown:
        on_minute(max(shown - step_min, 0))
    elif key == "forward" and shown < view.minute:
        on_minute(shown + step_min)
    elif key == "forward" and not runner.playing:
        runner.step()
    elif key == "morning":
        to_the_morning(runner)
    elif key in {"faster", "slower"}:
        runner.steps_per_s = _other_speed(runner.steps_per_s, faster=key == "faster")
        return True
    return False


def to_the_morning(runner: Runner) -> None:
    """Let a run go on to the next morning, as fast as it can."""
    now = view_of(runner.city).minute
    runner.play(AtMinute(next_morning(now), since=now), hurry=True)


def next_morning(minute: int) -> int:
    """Return the first minute after this one at which a morning begins.

    Parameters
    ----------
    minute : int
        In minutes since midnight of the first day.

    Examples
    --------
    >>> next_morning(0), next_morning(390)
    (390, 1830)
    """
    return MORNING_MIN + ((minute - MORNING_MIN) // DAY_MIN + 1) * DAY_MIN


def _other_speed(speed: float, *, faster: bool) -> float:
    """Return the next speed up or down; the last one stays."""
    others = [one for one in SPEEDS if (one > speed if faster else one < speed)]
    if not others:
        return speed
    return float(min(others) if faster else max(others))
