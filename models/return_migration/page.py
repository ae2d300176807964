"""Return migration in the browser: ``mesa-llm-city serve return_migration``.

Needs the extra ``viz``; nothing is fetched from a network.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from typing import Any

import solara
from mesa_llm_city.models.return_migration.course import EVERYBODY, NO_POLICY, Course
from mesa_llm_city.models.return_migration.pictures import country_figure
from mesa_llm_city.models.return_migration.program import make
from mesa_llm_city.models.return_migration.stock_figure import stock_figure

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE
from mesa_llm_city.ui.page.style import STYLE
from mesa_llm_city.ui.panel import Hint, Panel, Picture, Remark, Rows, image_url

__all__ = ["Country", "Layout", "Page", "moves_of", "what_decides"]

_MOVES = 200  # rows of the table; the last ones
_DPI = 110
_SUBSIDY_RMB, _SUBSIDY_STEP = 20_000.0, 500.0
_REFORM_STEP = 0.05
_STARTED = "started"


@solara.component
def Layout(children: list[Any]) -> None:
    """Use the whole window for the page."""
    solara.v.Html(tag="main", children=children, class_="city-app")


@solara.component
def Page() -> None:
    """Show the model with the options of the command line."""
    solara.Title("Return migration")
    Country(json.loads(os.environ.get(PROGRAM_VARIABLE, "{}")))


@solara.component
def Country(options: Mapping[str, Any]) -> None:
    """Show a run: levers, stocks over time, the country and the moves.

    Parameters
    ----------
    options : mapping
        Options of the first run (see `program.make`).
    """
    solara.Style(STYLE)
    wanted, want = solara.use_state(dict(options))
    course, trouble = solara.use_memo(lambda: _begun(wanted), [json.dumps(wanted, default=str)])
    # A component whose arguments are the same is not drawn again, so each is given this count.
    drawn, redraw = solara.use_state(0)

    def changed() -> None:
        redraw(lambda count: count + 1)

    with solara.Div(classes=["city-frame"]), solara.Div(classes=["city-page"]):
        with solara.Div(classes=["city-side"]):
            if course is not None:
                _Run(course, changed, drawn)
                _Levers(course, changed, drawn)
            _NewRun(wanted, want)
        if course is None:
            solara.Error(trouble, classes=["city-error"])
        else:
            _Stocks(course, wanted, drawn)
            _Moves(course, drawn)


def _begun(options: Mapping[str, Any]) -> tuple[Course | None, str]:
    """Return a run at its start, or why there is none."""
    rest = {name: at for name, at in options.items() if name not in (*NO_POLICY, _STARTED)}
    levers = {name: float(options.get(name, rest_at)) for name, rest_at in NO_POLICY.items()}
    try:
        return Course(partial(make, rest), levers), ""
    except CityError as error:
        return None, str(error)


@solara.component
def _Run(course: Course, changed: Callable[[], None], drawn: int) -> None:
    del drawn
    model = course.model

    def advance(years: int) -> Callable[[], None]:
        def go() -> None:
            course.advance(years)
            changed()

        return go

    with Panel("Run", name="run"):
        solara.Text(f"Year {model.year} of {model.years}")
        for label, years in (("One year", 1), ("Five years", 5), ("To the end", model.years)):
            solara.Button(
                label,
                on_click=advance(years),
                disabled=not model.running,
                small=True,
                outlined=True,
                block=True,
            )


@solara.component
def _Levers(course: Course, changed: Callable[[], None], drawn: int) -> None:
    del drawn
    model = course.model

    def pull(name: str) -> Callable[[float], None]:
        def to(value: float) -> None:
            course.pull(**{name: value})
            changed()

        return to

    subsidy, reform = model.rural_subsidy, model.hukou_reform
    with Panel("Levers", name="levers"):
        _Slider(
            f"Subsidy in villages: {subsidy:,.0f} RMB a year",
            subsidy,
            pull("rural_subsidy"),
            most=max(_SUBSIDY_RMB, subsidy),
            step=_SUBSIDY_STEP,
        )
        _Slider(
            f"Hukou of the city to {reform:.0%} of migrants a year",
            reform,
            pull("hukou_reform"),
            most=1.0,
            step=_REFORM_STEP,
        )
        Hint("They act from the next year on.")


@solara.component
def _Slider(
    label: str, value: float, on_value: Callable[[float], None], *, most: float, step: float
) -> None:
    solara.Text(label)
    solara.v.Slider(
        v_model=value,
        on_v_model=on_value,
        min=0.0,
        max=most,
        step=step,
        hide_details=True,
        attributes={"aria-label": label},
    )


@solara.component
def _NewRun(options: Mapping[str, Any], want: Callable[[dict[str, Any]], None]) -> None:
    now = {"decision": "rule", "data": "", "persons": 600, "years": 15, "rng": 7, **options}
    edited, edit = solara.use_state(dict(now))

    def set_(name: str) -> Callable[[Any], None]:
        return lambda value: edit({**edited, name: value})

    def begin() -> None:
        given = {name: value for name, value in edited.items() if value != ""}
        want({**given, _STARTED: int(options.get(_STARTED, 0)) + 1})

    with Panel("New run", name="more"):
        solara.InputText("Who decides: rule, or a folder", edited["decision"], set_("decision"))
        solara.InputText("People: a file, or none", f"{edited['data'] or ''}", set_("data"))
        for label, name in (("People", "persons"), ("Years", "years"), ("Seed", "rng")):
            solara.InputInt(label, int(edited[name]), set_(name), dense=True)
        solara.Button("Start new run", on_click=begin, small=True, outlined=True)


@solara.component
def _Stocks(course: Course, options: Mapping[str, Any], drawn: int) -> None:
    del drawn
    by, group_by = solara.use_state(EVERYBODY)
    share, without = course.model.home_share, float(course.shares_without()[-1])
    with solara.Div(classes=["city-middle"]):
        solara.v.Html(tag="h1", children=["Return migration"], style_="font-size: 1.1rem;")
        Remark(what_decides(course, options), name="decided")
        points = 100 * (share - without)
        Remark(
            f"At home: {share:.1%}; without policies {without:.1%}, so {points:+.1f} points. "
            f"Subsidy paid this year: {course.model.subsidy_paid:,.0f} RMB.",
            name="share",
        )
        solara.Select("Share at home by", list(course.groupings), value=by, on_value=group_by)
        Picture(_png(stock_figure(course, by)), f"Share at home over the years, by {by}")
        Picture(_png(country_figure(course.model)), "Maps of where people live, and yearly moves")


@solara.component
def _Moves(course: Course, drawn: int) -> None:
    del drawn
    with Panel("Moves", name="moves"):
        rows = moves_of(course)
        if not rows:
            Hint("Nobody has moved yet.")
            return
        Rows(
            ("Year", "Person", "To", "p", "Why"),
            rows,
            label="The last moves, with probability and reason",
            wide="Why",
            page=15,
        )


def moves_of(course: Course) -> list[tuple[str, ...]]:
    """Return the last moves, the newest first: year, person, destination, p and reason."""
    moves = course.model.moves().tail(_MOVES).iloc[::-1]
    return [
        (f"{one.year}", f"{one.person}", str(one.destination), f"{one.p:.2f}", str(one.reason))
        for one in moves.itertuples()
    ]


def what_decides(course: Course, options: Mapping[str, Any]) -> str:
    """Return in words who decides, and about whom."""
    model, decision = course.model, options.get("decision", "rule")
    mind = "the rule of push and pull" if decision == "rule" else f"the model {decision}"
    kind = model.decision.name
    people = options.get("data") or "invented people"
    return f"Decided by {mind} ({kind}). {len(model.migrants):,} people: {people}."


def _png(figure: Any) -> str:  # noqa: ANN401 - of matplotlib
    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=_DPI)
    return image_url(drawn.getvalue())
