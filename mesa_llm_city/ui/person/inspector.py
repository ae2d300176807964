"""One person in detail: card, plan, beliefs and decisions, each as ``f(model)``."""

from __future__ import annotations

from types import MappingProxyType

import solara

from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.needs import NeedSpec
from mesa_llm_city.ui.charts.time_of_day import name_of
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.panel import Hint, Rows, kind_word
from mesa_llm_city.ui.person.common import NOT_KEPT, about_person
from mesa_llm_city.ui.views.protocols import CityView, PersonView, PlanRow

__all__ = ["AgentCard", "BeliefTable", "DecisionTrail", "PlanView"]

_TRAIL = 200
_MARKS = MappingProxyType({"done": "✓", "now": "▶", "next": "○"})
_NO_ACTIVITY = "#999999"


def AgentCard(model: object) -> solara.Element:
    """Show a person: description, present activity, mood, needs and goals."""
    return about_person(model, "Person", "card", _card, searched=True)


def PlanView(model: object) -> solara.Element:
    """Show the day of a person: what is done, what goes on, what is next."""
    return about_person(model, "Plan of the day", "plan", _plan)


def BeliefTable(model: object) -> solara.Element:
    """Show what a person believes about places, with the standard deviation."""
    return about_person(model, "Beliefs about places", "beliefs", _beliefs)


def DecisionTrail(model: object) -> solara.Element:
    """Show the decisions of a person: source, prompt and version, choice, reason."""
    return about_person(model, "Decisions", "decisions", _Trail)


def _card(seen: PersonView, view: CityView) -> None:
    _Card(seen, view.parameters)


def _plan(seen: PersonView, view: CityView) -> None:
    _Plan(seen, view.parameters)


def _beliefs(seen: PersonView, _: CityView) -> None:
    _Beliefs(seen)


@solara.component
def _Card(seen: PersonView, parameters: CityParameters) -> None:
    with solara.Column(gap="4px"):
        solara.Text(
            seen.name, classes=["city-name"], style={"font-size": "1.3rem", "font-weight": "600"}
        )
        solara.Text(f"Now: {seen.now}", classes=["city-doing"])
        solara.Text(seen.described, style={"font-size": "0.88rem"})
        if seen.mood:
            source = f", on the mind: {seen.thought}" if seen.thought else ""
            solara.Text(f"Mood: {seen.mood}{source}", style={"font-size": "0.88rem"})
        if seen.needs:
            solara.Text("Needs, as far as they are satisfied:", style={"font-size": "0.88rem"})
        for need, level in seen.needs.items():
            _Level(parameters.needs[need], level)
        if seen.goals:
            solara.Text(f"Goals: {'; '.join(seen.goals)}", style={"font-size": "0.88rem"})
        if "needs" in seen.missing:
            Hint("The run holds no needs for this minute.")


@solara.component
def _Level(need: NeedSpec, level: float) -> None:
    text = f"{need.label}: {level:.0%} satisfied"
    name = solara.v.Html(tag="span", children=[need.label], style_="width: 4.5rem; flex: none;")
    filled = solara.v.Html(
        tag="span",
        style_=f"display: block; width: {level:.1%}; height: 100%; background: {need.colour};",
    )
    bar = solara.v.Html(
        tag="span",
        children=[filled],
        style_="flex: 1; height: 8px; border-radius: 4px; overflow: hidden; background: #8884;",
    )
    number = solara.v.Html(
        tag="span", children=[f"{level:.0%}"], style_="width: 2.8rem; text-align: right;"
    )
    solara.v.Html(
        tag="div",
        children=[name, bar, number],
        attributes={"role": "img", "aria-label": text, "title": text},
        style_="display: flex; align-items: center; gap: 8px; font-size: 0.82rem;",
    )


@solara.component
def _Plan(seen: PersonView, parameters: CityParameters) -> None:
    if not seen.plan:
        Hint("Nothing is planned yet: press Step, and the day is planned at its beginning.")
        return
    items = [_plan_item(row, parameters) for row in seen.plan]
    solara.v.Html(
        tag="ol",
        children=items,
        attributes={"aria-label": f"plan of {seen.name}"},
        style_="list-style: none; padding: 0; margin: 0; font-size: 0.86rem;",
    )


def _plan_item(row: PlanRow, parameters: CityParameters) -> solara.Element:
    palette, spec = palette_of(parameters), parameters.purposes.get(row.purpose)
    colour = palette.groups[palette.group_of(row.purpose)].colour if spec else _NO_ACTIVITY
    label = spec.label if spec else row.purpose
    look = {"done": "opacity: 0.65;", "now": "font-weight: 600;"}.get(row.status, "")
    where = f" · {row.place}" if row.place else ""
    times = f"{clock_time(row.start)}-{clock_time(row.end)}"
    return solara.v.Html(
        tag="li",
        children=[f"{_MARKS.get(row.status, '')} {times} {label}{where} ({row.status})"],
        style_=f"border-left: 5px solid {colour}; padding: 2px 8px; margin: 2px 0; {look}",
    )


@solara.component
def _Beliefs(seen: PersonView) -> None:
    if "beliefs" in seen.missing:
        Hint(NOT_KEPT)
    elif seen.beliefs.empty:
        Hint("No place has been visited yet: beliefs come from visits.")
    else:
        rows = [
            (
                row.place,
                kind_word(row.kind),
                *(f"{getattr(row, one):.2f}" for one in ASPECTS),
                f"{row.sd:.2f}",
            )
            for row in seen.beliefs.itertuples()
        ]
        Rows(
            ("place", "kind", *ASPECTS, "± sd"),
            rows,
            label=f"what {seen.name} believes",
            wide="place",
        )


@solara.component
def _Trail(seen: PersonView, view: CityView) -> None:
    component, choose = solara.use_state("all")
    if seen.decisions.empty:
        Hint("Nothing has been decided yet: press Step.")
        return
    kinds = ["all", *sorted(map(str, seen.decisions["component"].unique()))]
    Choice("Component", kinds, component, choose)
    chosen = seen.decisions
    if component != "all":
        chosen = chosen[chosen["component"] == component]
    rows = [
        (
            f"{row.time:%a\N{NO-BREAK SPACE}%H:%M}",
            _decision(view, f"{row.component}", f"{row.choice}", f"{row.source} {row.prompt}"),
            f"{row.reason}",
        )
        for row in chosen.head(_TRAIL).itertuples()
    ]
    head = ("time", "decision", "why")
    Rows(head, rows, label=f"decisions of {seen.name}", wide="why")
    if len(chosen) > _TRAIL:
        solara.Text(f"The latest {_TRAIL} of {len(chosen):,}; all are in the table of decisions.")


def _decision(view: CityView, component: str, choice: str, source: str) -> str:
    """Return who decided what, such as "mode_choice: car, by rule"."""
    return f"{component}: {_named(view, component, choice)}, by {source.strip()}"


def _named(view: CityView, component: str, choice: str) -> str:
    """Return a choice with the name of the place or person whose number it is."""
    if not choice.isdecimal():
        return choice
    if component == "contacts":
        return name_of(view, int(choice)) or choice
    names = view.basemap().names
    known = component == "place_choice" and int(choice) < len(names)
    return names[int(choice)] if known else choice
