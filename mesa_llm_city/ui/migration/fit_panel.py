"""How well the decision fits, what drives it, and what it is: plot, effects and card."""

from __future__ import annotations

from typing import Any

import solara
import solara.lab

from mesa_llm_city.migration.effects.margins import MarginalEffects, average_marginal_effects
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.ui.migration.about import about
from mesa_llm_city.ui.migration.calibration_chart import (
    Calibration,
    calibration_chart,
    calibration_of,
)
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.drawing import Drawing
from mesa_llm_city.ui.migration.effects_chart import effects_chart
from mesa_llm_city.ui.migration.study import MigrationStudy
from mesa_llm_city.ui.migration.style import MIGRATION_STYLE
from mesa_llm_city.ui.panel import Hint, Panel, Remark

__all__ = ["CalibrationPlot", "DecisionCard", "DecisionEffects", "use_calibration"]

_DRAWS = 100


@solara.component
def CalibrationPlot(found: Calibration | None, rows_are: str) -> None:
    """Show predicted against observed shares, with intervals, and of which rows.

    Parameters
    ----------
    found : Calibration or None
        Both shares; None if there are no labelled rows.
    rows_are : str
        What the rows are, in words.
    """
    solara.Style(MIGRATION_STYLE)
    with solara.Div(classes=["migration"]), Panel("Calibration", name="calibration"):
        if found is None:
            Hint("The people of this run have no labels, so nothing can be compared.")
            return
        Drawing(calibration_chart(found))
        Remark(
            f"Predicted and observed shares at home of {int(found.n.sum()):,} rows: {rows_are}. "
            "Bars are 95 % intervals that count households; a larger dot has more rows.",
            name="calibration-rows",
        )
        for words in found.evaluation.checked.warnings:
            Remark(words, name="calibration-warning")


@solara.component
def DecisionEffects(course: MigrationCourse) -> None:
    """Show average marginal effects of the columns on the probability of being at home.

    Parameters
    ----------
    course : MigrationCourse
        The run; effects are those on its people as they were at the start.
    """
    run = course.run
    work: Any = solara.lab.use_task(
        lambda: average_marginal_effects(run.decision.model, run.rows, draws=_DRAWS),
        dependencies=[course] if isinstance(run.decision.model, PushPullRule) else None,
        raise_error=False,
    )
    found: MarginalEffects | None = work.value if work.finished else None
    solara.Style(MIGRATION_STYLE)
    with solara.Div(classes=["migration"]), Panel("What drives decisions", name="effects"):
        if found is not None:
            Drawing(effects_chart(found))
            Remark(
                "Mean change of the probability of being at home, in percentage points, with 95 % "
                f"intervals ({_DRAWS} resamples of households). It is what the model expects.",
                name="effects-words",
            )
        elif work.pending:
            solara.v.ProgressLinear(
                indeterminate=True, attributes={"aria-label": "working out effects"}
            )
        else:
            if work.error:
                solara.Error(f"{work.exception}", dense=True)
            Hint("A trained model is asked again about everybody for each change of a column.")
            solara.Button("Work out effects", on_click=work, small=True, outlined=True)


@solara.component
def DecisionCard(
    study: MigrationStudy,
    course: MigrationCourse,
    options: dict[str, Any],
    found: Calibration | None,
) -> None:
    """Show what decides, what it was fitted to, and how well it fits.

    Parameters
    ----------
    study : MigrationStudy
        The model.
    course : MigrationCourse
        The run.
    options : dict
        Options of the run.
    found : Calibration or None
        Predicted and observed shares.
    """
    facts = solara.use_memo(
        lambda: about(
            course.run.decision,
            course.run.rows,
            study.people(options),
            folder=study.folder(options),
            evaluation=None if found is None else found.evaluation,
        ),
        [course],
    )
    solara.Style(MIGRATION_STYLE)
    with solara.Div(classes=["migration"]), Panel("Card of the decision", name="card"):
        solara.v.Html(
            tag="dl",
            class_="migration-facts",
            children=[
                solara.v.Html(
                    tag="div",
                    children=[
                        solara.v.Html(tag="dt", children=[name]),
                        solara.v.Html(tag="dd", children=[text]),
                    ],
                )
                for name, text in facts
            ],
        )


def use_calibration(course: MigrationCourse) -> Calibration | None:
    """Return predicted and observed shares of the people of a run, inside a component."""
    found: Calibration | None = solara.use_memo(
        lambda: calibration_of(course.run.decision.model, course.run.rows), [course]
    )
    return found
