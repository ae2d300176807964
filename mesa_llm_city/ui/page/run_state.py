"""How a run gets on: its state, its real speed, and how far it has come, as a component."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import solara

from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.panel import Remark

__all__ = ["RunState", "pace_in_words"]

_STATES: Mapping[str, str] = MappingProxyType(
    {
        "paused": "Paused.",
        "playing": "Playing.",
        "stepping": "One step …",
        "held": "Paused in the middle of a step. Step finishes it, Play continues.",
        "finished": "The run is at its end.",
        "failed": "The run has stopped.",
    }
)
_LONG_STEP_S = 0.7
# A run that keeps up with what is wanted to within a tenth needs no remark.
_NEARLY = 0.9


def RunState(runner: Runner) -> solara.Element:
    """Show whether a run plays, how fast it really is, and how far it has come.

    Parameters
    ----------
    runner : Runner
        What runs it; draw this anew when it has changed.
    """
    state = runner.state
    text, kind = _STATES[state], state
    if state == "paused" and runner.stopped_at:
        text, kind = f"Stopped: {runner.stopped_at}.", f"{state} city-state-stopped"
    if state == "playing" and runner.until is not None:
        text = f"Going on until {runner.until.label}."
    return _State(
        kind=kind,
        text=text,
        pace=pace_in_words(runner),
        share=_share(runner),
        error=runner.error,
    )


@solara.component
def _State(kind: str, text: str, pace: str, share: tuple[str, int] | None, error: str) -> None:
    # One element, as several would be stacked in a column of their own.
    with solara.Div(classes=["city-run-state"]):
        with solara.Div(classes=["city-state-row"]):
            solara.v.Html(
                tag="span",
                children=[text],
                class_=f"city-state city-state-{kind}",
                attributes={"role": "status"},
            )
            if pace:
                Remark(pace, name="pace")
        if share is not None:
            of, percent = share
            solara.v.ProgressLinear(
                value=percent,
                height=6,
                rounded=True,
                class_="city-progress",
                attributes={"aria-label": f"{of}: {percent} %", "title": f"{of}: {percent} %"},
            )
            Remark(f"{of}: {percent} %", name="share")
        if error:
            solara.Error(
                f"{error} What has happened until then can be looked at and exported; "
                "press Step to try again, or Reset.",
                dense=True,
                classes=["city-error"],
            )


def pace_in_words(runner: Runner) -> str:
    """Return how many steps a second are wanted and made; empty if the run keeps up.

    Parameters
    ----------
    runner : Runner
        What runs the city.
    """
    real = runner.pace_per_s
    if not runner.playing or real is None:
        return ""
    if runner.is_hurried:
        return f"{real:,.1f} steps/s"
    if real >= _NEARLY * runner.steps_per_s:
        return ""
    return f"{runner.steps_per_s:g} steps/s wanted, {real:.1f} done"


def _share(runner: Runner) -> tuple[str, int] | None:
    """Return what is under way, and how many percent of it are done; None if it is short."""
    if (of_step := runner.share_of_step) is not None and runner.step_s > _LONG_STEP_S:
        return "This step", int(100.0 * of_step)
    until = runner.until
    of_way = None if until is None or not runner.playing else until.share(runner.city)
    return None if of_way is None else ("On the way", int(100.0 * of_way))
