"""The page of a model of migration: years as clock, flows, policy and control, decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import solara

from mesa_llm_city.experiments.model_program import Lever
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.decision_panel import Decisions
from mesa_llm_city.ui.migration.fit_panel import (
    CalibrationPlot,
    DecisionCard,
    DecisionEffects,
    use_calibration,
)
from mesa_llm_city.ui.migration.flow_panel import FlowMap
from mesa_llm_city.ui.migration.policy_panel import (
    GroupShares,
    MovesByYear,
    PolicyEffect,
    PolicyShares,
)
from mesa_llm_city.ui.migration.study import MigrationStudy
from mesa_llm_city.ui.migration.style import MIGRATION_STYLE
from mesa_llm_city.ui.migration.year_clock import YearClock
from mesa_llm_city.ui.page.colour_scheme import SchemeButton
from mesa_llm_city.ui.page.controls import use_runner
from mesa_llm_city.ui.page.last_run import LastRun, use_run
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.panel import Hint, Panel, Remark

__all__ = ["MigrationPage"]

_POINTS = 100.0


@solara.component
def MigrationPage(
    study: MigrationStudy,
    options: Mapping[str, Any],
    last: LastRun[MigrationCourse] | None = None,
) -> None:
    """Show runs of a model of migration.

    Parameters
    ----------
    study : MigrationStudy
        The model.
    options : mapping
        Options of the first run.
    last : LastRun, optional
        The last run of the browser, which outlives this page; by default runs end with it.
    """
    solara.Style(MIGRATION_STYLE)
    run, begin = use_run(study.course, options, last)
    wanted = dict(run.options or {})
    with solara.Div(classes=["migration", "migration-frame"]):
        if run.course is None:
            with solara.Div(classes=["migration-page"]):
                with solara.Div(classes=["migration-side"]):
                    _NewRun(study, wanted, begin)
                solara.Error(run.trouble, classes=["city-error"])
        else:
            _Run(study, run.course, wanted, begin).key(f"run-{id(run.course)}")


@solara.component
def _Run(
    study: MigrationStudy,
    course: MigrationCourse,
    options: dict[str, Any],
    begin: Callable[[Mapping[str, Any]], None],
) -> None:
    runner = use_runner(course)
    redraws(course).get()
    past, look_back = solara.use_state(_latest())
    reached = course.reached
    year = reached if past is None or runner.playing else min(past, reached)
    calibration = use_calibration(course)

    def go(to: int) -> None:
        look_back(None if to >= course.reached else to)

    with solara.Div(classes=["migration-page"]):
        with solara.Div(classes=["migration-side"]):
            with solara.Div(classes=["migration-clock"]):
                YearClock(course, runner, year, go)
            with solara.Div(classes=["migration-levers"]):
                _Levers(study, course)
            with solara.Div(classes=["migration-new"]):
                _NewRun(study, options, begin)
        with solara.Div(classes=["migration-middle"]):
            with solara.Div():
                _Head(study, course, options, year)
                FlowMap(course, year)
                if study.more is not None:
                    study.more(course.run, course.reached)
            with solara.Div(classes=["migration-charts", "migration-over-years"]):
                PolicyShares(course, year, go)
                PolicyEffect(course, year, go)
                MovesByYear(course, year, go)
                GroupShares(course, year, go)
            with solara.Div(classes=["migration-charts", "migration-fit"]):
                CalibrationPlot(calibration, study.people(options))
                DecisionEffects(course)
        with solara.Div(classes=["migration-right"]):
            Decisions(course, year)
            DecisionCard(study, course, options, calibration)


def _latest() -> int | None:
    return None


@solara.component
def _Head(
    study: MigrationStudy, course: MigrationCourse, options: dict[str, Any], year: int
) -> None:
    """Show the title and the key figures of a year."""
    shown = course.years[year]
    people = sum(shown.population.values())
    moved = sum(one.people for one in shown.moves)
    figures = {
        "at home": f"{shown.share:.1%}",
        "against control": f"{_POINTS * (shown.share - shown.control):+.1f} points",
        "moved this year": f"{moved:,}",
        "paid this year": f"{shown.cost:,.0f} RMB",
    }
    with solara.Div(classes=["migration-head"]):
        solara.v.Html(tag="h1", children=[study.title])
        Remark(
            f"{people:,} people: {study.people(options)}. Decided by {course.run.decision.name}.",
            name="decided",
        )
        SchemeButton()
    solara.v.Html(
        tag="div",
        class_="migration-figures",
        children=[
            solara.v.Html(
                tag="div",
                children=[
                    solara.v.Html(tag="b", children=[text]),
                    solara.v.Html(tag="span", children=[name]),
                ],
            )
            for name, text in figures.items()
        ],
    )


@solara.component
def _Levers(study: MigrationStudy, course: MigrationCourse) -> None:
    drawn = redraws(course)
    drawn.get()
    now = course.levers

    def pull(name: str) -> Callable[[float], None]:
        def to(value: float) -> None:
            if value != course.levers[name]:
                course.pull(**{name: value})
                drawn.set(drawn.peek() + 1)

        return to

    with Panel("Policy", name="levers"):
        for lever in study.levers:
            _Lever(lever, now[lever.name], pull(lever.name))
        Hint("They act from the next year on; the control has none.")


@solara.component
def _Lever(lever: Lever, value: float, on_value: Callable[[float], None]) -> None:
    solara.Text(f"{lever.label}: {value:,g}")
    solara.v.Slider(
        v_model=value,
        on_v_model=on_value,
        min=lever.low,
        max=max(lever.high, value),
        step=lever.step,
        hide_details=True,
        attributes={"aria-label": lever.label},
    )


@solara.component
def _NewRun(
    study: MigrationStudy, options: dict[str, Any], begin: Callable[[Mapping[str, Any]], None]
) -> None:
    usual = {field.name: field.default for field in study.fields}
    edited, edit = solara.use_state({**usual, **options})

    def set_(name: str) -> Callable[[Any], None]:
        return lambda value: edit({**edited, name: value})

    def start() -> None:
        begin({name: value for name, value in edited.items() if value != ""})

    with Panel("New run", name="more"):
        for field in study.fields:
            if isinstance(field.default, int):
                solara.InputInt(
                    field.label,
                    int(edited[field.name]),
                    set_(field.name),
                    dense=True,
                    continuous_update=True,
                )
            else:
                solara.InputText(
                    field.label,
                    f"{edited[field.name] or ''}",
                    set_(field.name),
                    continuous_update=True,
                )
        solara.Button("Start new run", on_click=start, small=True, outlined=True)
