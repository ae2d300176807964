"""The clock of a model of migration: years, played, stepped or chosen."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.page.runner import Runner, redraws
from mesa_llm_city.ui.panel import Panel

__all__ = ["YearClock"]


@solara.component
def YearClock(
    course: MigrationCourse, runner: Runner, year: int, on_year: Callable[[int], None]
) -> None:
    """Show the year, play and step, and a slider of the years that have been simulated.

    Parameters
    ----------
    course : MigrationCourse
        The run.
    runner : Runner
        What plays it.
    year : int
        The year that is shown.
    on_year : callable
        Called with another year to show; the run itself does not go back.
    """
    # The end of a step changes the state alone, and nothing that this component is called with.
    redraws(course).get()
    state, reached = runner.state, course.reached

    def step() -> None:
        on_year(course.run.years)
        runner.step()

    with Panel("Year", name="clock"):
        solara.Text(
            f"Year {year} of {course.run.years}",
            classes=["city-time"],
            style={"font-size": "1.5rem", "font-weight": "650", "display": "block"},
        )
        with solara.Row(gap="6px", style={"flex-wrap": "wrap"}):
            playing = state == "playing"
            solara.Button(
                "Pause" if playing else "Play",
                icon_name="mdi-pause" if playing else "mdi-play",
                on_click=runner.toggle,
                disabled=state == "finished",
                # White on it is readable on light and on dark ground (WCAG 2.1, contrast 4.5).
                color=None if state == "finished" else "#1565c0",
                dark=state != "finished",
                small=True,
            )
            solara.Button(
                "One year",
                on_click=step,
                disabled=state in {"playing", "stepping", "finished"},
                small=True,
                outlined=True,
            )
        solara.v.Slider(
            v_model=year,
            on_v_model=lambda value: on_year(int(value)),
            min=0,
            max=max(reached, 1),
            disabled=reached == 0 or playing,
            step=1,
            ticks="always",
            hide_details=True,
            attributes={"aria-label": "Year that is shown"},
        )
        if year < reached:
            solara.Button(
                f"Back to year {reached}",
                on_click=lambda: on_year(reached),
                small=True,
                text=True,
            )
        solara.Text(
            _told(state, reached, course.run.years),
            classes=["city-state", f"city-state-{state}"],
            style={"font-size": "0.82rem", "opacity": "0.8", "display": "block"},
        )
        if runner.error:
            solara.Error(runner.error, dense=True, classes=["city-error"])


def _told(state: str, reached: int, years: int) -> str:
    if state == "finished":
        return f"All {years} years are simulated; slide to look back."
    if state == "playing":
        return "Playing."
    return "Paused at the start." if not reached else f"Paused after year {reached}."
