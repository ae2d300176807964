"""The map of flows with its choices and its legend, as a component."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.drawing import Drawing
from mesa_llm_city.ui.migration.flow_map import flow_map, flows_of
from mesa_llm_city.ui.migration.style import MIGRATION_STYLE
from mesa_llm_city.ui.panel import Panel, Remark

__all__ = ["FlowMap"]

_THIS_YEAR, _SO_FAR = "this year", "all years so far"
_MOST = {"10 largest": 10, "30 largest": 30, "60 largest": 60, "all": 0}


@solara.component
def FlowMap(course: MigrationCourse, year: int) -> None:
    """Show regions with their people, and flows between them as arcs.

    Parameters
    ----------
    course : MigrationCourse
        The run.
    year : int
        The year that is shown.
    """
    when, choose_when = solara.use_state(_THIS_YEAR)
    most, choose_most = solara.use_state("30 largest")
    region, choose_region = solara.use_state("")

    def choose(name: str) -> None:
        choose_region("" if name == region else name)

    years = course.years
    moves = years[year].moves
    if when == _SO_FAR:
        moves = tuple(move for one in years[: year + 1] for move in one.moves)
    flows = flows_of(moves, most=_MOST[most], region=region)
    told = f"{_size(sum(one.people for one in moves))} moved in {_named(when, year)}"
    solara.Style(MIGRATION_STYLE)
    with solara.Div(classes=["migration"]), Panel("Regions and flows", name="flows"):
        _Choices(when, choose_when, most, choose_most)
        Drawing(
            flow_map(
                course.regions,
                years[year].population,
                flows,
                chosen=region,
                label=f"Map of {len(course.regions)} regions; {told}",
            ),
            choose,
        )
        _Legend(tuple(dict.fromkeys(one.kind for one in course.regions)))
        if region:
            inward = sum(one.people for one in moves if one.destination == region)
            outward = sum(one.people for one in moves if one.origin == region)
            Remark(
                f"{region}: {_size(inward)} came and {outward:,} left in {_named(when, year)}; "
                "choose it again to see all flows.",
                name="region",
            )
        else:
            Remark(f"{told}; a region that is clicked shows its own flows.", name="region")


@solara.component
def _Choices(
    when: str, on_when: Callable[[str], None], most: str, on_most: Callable[[str], None]
) -> None:
    with solara.Row(gap="12px", style={"padding": "0 8px", "max-width": "30rem"}):
        Choice("Flows of", (_THIS_YEAR, _SO_FAR), when, on_when)
        Choice("Arcs", tuple(_MOST), most, on_most)


@solara.component
def _Legend(kinds: tuple[str, ...]) -> None:
    parts = [("back", "", "going home"), ("away", "", "leaving home")]
    parts += [
        ("city" if one == "city" else "village", " round", f"people in a {one}") for one in kinds
    ]
    with solara.Div(classes=["migration-legend"]):
        for colour, shape, words in parts:
            swatch = solara.v.Html(
                tag="i",
                class_=f"migration-swatch{shape}",
                style_=f"background: var(--{colour})",
            )
            solara.v.Html(tag="span", children=[swatch, words])
        ring = solara.v.Html(tag="i", class_="migration-swatch round ring")
        solara.v.Html(tag="span", children=[ring, "all who belong there"])


def _size(people: int) -> str:
    return f"{people:,} {'person' if people == 1 else 'people'}"


def _named(when: str, year: int) -> str:
    return f"year {year}" if when == _THIS_YEAR else f"the years up to {year}"
