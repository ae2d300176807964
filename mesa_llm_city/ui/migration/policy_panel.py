"""Policy against control: shares at home, their difference, and that over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import solara
import solara.lab

from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.migration.course import EVERYBODY, MigrationCourse
from mesa_llm_city.ui.migration.drawing import Drawing
from mesa_llm_city.ui.migration.line_chart import COLOURS, Line, line_chart
from mesa_llm_city.ui.migration.repetitions import Effect, effect_of
from mesa_llm_city.ui.migration.style import MIGRATION_STYLE
from mesa_llm_city.ui.panel import Hint, Panel, Remark

__all__ = ["GroupShares", "MovesByYear", "Names", "PolicyEffect", "PolicyShares"]

_SEEDS = 8
_POINTS = 100.0
# What an axis shows at least: where hardly anything differs, no more is made of it.
_POINTS_SHOWN, _PEOPLE_SHOWN = 1.0, 10.0


@solara.component
def PolicyShares(course: MigrationCourse, year: int, on_year: Callable[[int], None]) -> None:
    """Show the share at home with policies and without.

    Parameters
    ----------
    course : MigrationCourse
        The run and its control.
    year : int
        The year that is shown.
    on_year : callable
        Called with a year that was clicked.
    """
    years = course.years
    lines = (
        Line("with policies", [one.share for one in years]),
        Line("without, same draws", [one.control for one in years], is_dashed=True),
    )
    with solara.Div(classes=["migration"]), Panel("Policy and control", name="policy"):
        Drawing(
            line_chart(
                lines,
                years=course.run.years,
                shown=year,
                y_label="share at home",
                span=(0.0, 1.0),
            ),
            lambda key: on_year(int(key)),
        )
        Names(lines)


@solara.component
def PolicyEffect(course: MigrationCourse, year: int, on_year: Callable[[int], None]) -> None:
    """Show the difference that policies make, in this run and as a mean over seeds.

    Parameters
    ----------
    course : MigrationCourse
        The run and its control.
    year : int
        The year that is shown.
    on_year : callable
        Called with a year that was clicked.
    """
    # What was worked out counts for the years and levers that it was worked out for.
    now = (course.reached, tuple(course.levers.items()))
    found, note = solara.use_state(_nothing())
    work: Any = solara.lab.use_task(
        lambda: note((now, _repeated(course))), dependencies=None, raise_error=False
    )
    effect = found[1] if found[0] == now else None
    lines = [Line("this seed", [_POINTS * (one.share - one.control) for one in course.years])]
    if effect is not None:
        mean, low, high = ((_POINTS * part).tolist() for part in effect[:3])
        lines.append(Line(f"mean of {effect.seeds} seeds, 95 % interval", mean, band=(low, high)))
    with solara.Div(classes=["migration"]), Panel("What policies change", name="effect"):
        Drawing(
            line_chart(
                lines,
                years=course.run.years,
                shown=year,
                y_label="share at home, percentage points",
                words=_signed,
                span=_span(lines, _POINTS_SHOWN, is_signed=True),
            ),
            lambda key: on_year(int(key)),
        )
        Names(lines)
        Remark(_read(course, effect, year), name="effect-words")
        solara.Button(
            f"Repeat with {_SEEDS} seeds",
            on_click=work,
            disabled=work.pending or not course.reached or not course.has_policy,
            small=True,
            outlined=True,
        )
        if work.pending:
            solara.v.ProgressLinear(indeterminate=True, attributes={"aria-label": "repeating runs"})
        if work.error:
            solara.Error(f"{work.exception}", dense=True)


@solara.component
def MovesByYear(course: MigrationCourse, year: int, on_year: Callable[[int], None]) -> None:
    """Show how many people went home and how many left it, in each year.

    Parameters
    ----------
    course : MigrationCourse
        The run.
    year : int
        The year that is shown.
    on_year : callable
        Called with a year that was clicked.
    """
    lines = [
        Line(
            name,
            [
                float(sum(move.people for move in one.moves if move.is_return == is_return))
                for one in course.years
            ],
        )
        for name, is_return in (("went home", True), ("left home", False))
    ]
    with solara.Div(classes=["migration"]), Panel("Moves by year", name="moves"):
        Drawing(
            line_chart(
                lines,
                years=course.run.years,
                shown=year,
                y_label="people who moved",
                words="{:,.0f}".format,
                span=_span(lines, _PEOPLE_SHOWN),
                is_whole=True,
            ),
            lambda key: on_year(int(key)),
        )
        Names(lines)


@solara.component
def GroupShares(course: MigrationCourse, year: int, on_year: Callable[[int], None]) -> None:
    """Show the share at home of groups: of places, ages, or columns with codes.

    Parameters
    ----------
    course : MigrationCourse
        The run.
    year : int
        The year that is shown.
    on_year : callable
        Called with a year that was clicked.
    """
    groupings = [name for name in course.years[0].shares if name != EVERYBODY]
    by, group_by = solara.use_state(groupings[0] if groupings else EVERYBODY)
    years = course.years
    with solara.Div(classes=["migration"]), Panel("Groups", name="groups"):
        if not groupings:
            Hint("This model tells no groups.")
            return
        Choice("Share at home by", groupings, by, group_by)
        last = years[year].shares[by]
        # The largest differences are those worth a line of their own.
        ordered = sorted(last, key=lambda name: (last[name], name))
        some = ordered if len(ordered) <= COLOURS else [*ordered[:3], *ordered[-3:]]
        lines = [
            Line(name, [one.shares[by].get(name, float("nan")) for one in years]) for name in some
        ]
        Drawing(
            line_chart(
                lines, years=course.run.years, shown=year, y_label="share at home", span=(0.0, 1.0)
            ),
            lambda key: on_year(int(key)),
        )
        Names(lines)
        if len(some) < len(ordered):
            Remark(f"The lowest and highest of {len(ordered)} groups.")


@solara.component
def Names(lines: list[Line] | tuple[Line, ...]) -> None:
    """Show the names of lines with their colours.

    Parameters
    ----------
    lines : sequence of Line
        The lines, in their order.
    """
    solara.Style(MIGRATION_STYLE)
    with solara.Div(classes=["migration-legend"]):
        for place, line in enumerate(lines):
            swatch = solara.v.Html(
                tag="i", class_="migration-swatch", style_=f"background: var(--c{place % COLOURS})"
            )
            solara.v.Html(tag="span", children=[swatch, line.name])


def _span(lines: Sequence[Line], least: float, *, is_signed: bool = False) -> tuple[float, float]:
    """Return the ends of an axis: what lines and bands need, 0 and what is shown at least."""
    values = [
        value for line in lines for part in (line.values, *(line.band or ())) for value in part
    ]
    return min([-least if is_signed else 0.0, *values]), max([least, *values])


def _signed(points: float) -> str:
    return f"{points:+.1f}" if points else "0"


def _nothing() -> tuple[object, Effect | None]:
    return None, None


def _repeated(course: MigrationCourse) -> Effect | None:
    last = course.reached
    return effect_of(course.effect(seed, last) for seed in range(1, _SEEDS + 1))


def _read(course: MigrationCourse, effect: Effect | None, year: int) -> str:
    """Return what the difference says, and what it does not."""
    if not course.has_policy:
        return "No lever has been moved, so both runs are the same."
    one = course.years[year]
    points = f"{_POINTS * (one.share - one.control):+.1f}"
    if effect is None:
        return (
            f"Year {year}: {points} points. Both runs have the same people and random numbers; "
            "one seed has no interval."
        )
    low, high = (_POINTS * float(part[year]) for part in (effect.low, effect.high))
    return (
        f"Year {year}: {points} points with this seed; over {effect.seeds} seeds "
        f"{_POINTS * float(effect.mean[year]):+.1f} ({low:+.1f} to {high:+.1f}). The interval "
        "holds chance within runs, not the training of the model."
    )
