"""Decisions of a year: who was likely to move, who did, and what drove one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import solara

from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.drawing import Drawing
from mesa_llm_city.ui.migration.risk_chart import MOST_DOTS, risk_chart
from mesa_llm_city.ui.migration.story import Considered
from mesa_llm_city.ui.migration.style import MIGRATION_STYLE
from mesa_llm_city.ui.migration.waterfall import waterfall
from mesa_llm_city.ui.panel import Hint, Panel, Remark, Rows

__all__ = ["Decisions"]

_ROWS = 300
_SORTS = ("that moved", "likely to move, but stayed", "of all households")
_ALL = 2


@solara.component
def Decisions(course: MigrationCourse, year: int) -> None:
    """Show the decisions of a year, and one of them with what drove it.

    Parameters
    ----------
    course : MigrationCourse
        The run.
    year : int
        The year that is shown.
    """
    chosen, choose = solara.use_state(_nobody())
    considered = course.years[year].considered
    solara.Style(MIGRATION_STYLE)
    with solara.Div(classes=["migration"]):
        with Panel("Decisions", name="decisions"):
            if not considered:
                Hint("Nobody has decided yet: press Play, or One year.")
                return
            moved = sum(one.moves for one in considered)
            Remark(
                f"Year {year}: {len(considered):,} households decided, {moved:,} moved. "
                "A dot is a household; click one.",
                name="decided-count",
            )
            if len(considered) > MOST_DOTS:
                Remark(f"{MOST_DOTS} dots at most are drawn, all that moved among them.")
            Drawing(risk_chart(considered, chosen=chosen), lambda key: choose(int(key)))
            _Legend()
            _Household(course, year, considered, chosen)
        _Table(considered, choose)


def _nobody() -> int | None:
    return None


@solara.component
def _Legend() -> None:
    with solara.Div(classes=["migration-legend"]):
        for colour, words in (("back", "went home"), ("away", "left home"), ("quiet", "stayed")):
            swatch = solara.v.Html(
                tag="i", class_="migration-swatch round", style_=f"background: var(--{colour})"
            )
            solara.v.Html(tag="span", children=[swatch, words])


@solara.component
def _Household(
    course: MigrationCourse, year: int, considered: Sequence[Considered], chosen: int | None
) -> None:
    """Show one household: where it lived, its probability and risk, and what drove them."""
    found = next((one for one in considered if one.key == chosen), None)
    if found is None:
        if chosen is not None:
            Hint(f"Household {chosen} did not decide in year {year}.")
        return
    drivers = course.drivers(year, found.key)
    members = f"{len(found.persons)} {'person' if len(found.persons) == 1 else 'people'}"
    did = "moved" if found.moves else "stayed"
    with solara.Div(classes=["migration-household"]):
        solara.v.Html(
            tag="h3",
            children=[f"Household {found.key}"],
            style_="font-size: .95rem; margin: 8px 8px 2px;",
        )
        Remark(
            f"{members} in {found.place}, {'at home' if found.is_home else 'away'}; {did}. "
            f"Probability of being at home {found.p:.2f}, so a risk of moving of {found.risk:.3f} "
            f"in this year, by {found.decided_by}.",
            name="household",
        )
        if drivers is None:
            Hint("The decision does not tell what it hangs on.")
        else:
            Drawing(waterfall(drivers, found.p))
            Remark(
                "To the right what speaks for being at home; of several members, the mean. A "
                "contribution is what the model expects, not a cause.",
                name="drivers",
            )
        if found.reason:
            Remark(f"Reason: {found.reason}", name="reason")


@solara.component
def _Table(considered: Sequence[Considered], choose: Callable[[int], None]) -> None:
    """Show decisions as a table, which readers can use who cannot use the dots."""
    sort, sort_by = solara.use_state(_SORTS[0])
    number, number_is = solara.use_state("")
    if sort == _SORTS[_ALL]:
        some = sorted(considered, key=lambda one: one.key)
    else:
        moves = sort == _SORTS[0]
        some = sorted(
            (one for one in considered if one.moves == moves), key=lambda one: (-one.risk, one.key)
        )

    def go(text: str) -> None:
        number_is(text)
        if text.strip().isdecimal():
            choose(int(text))

    with Panel("Table of decisions", name="decision-table"):
        with solara.Row(gap="12px"):
            Choice("Decisions", _SORTS, sort, sort_by)
            solara.InputText("Household", number, go, continuous_update=True)
        if not some:
            Hint("None.")
            return
        Rows(
            ("Household", "Lived in", "p", "Risk", "Moved"),
            [
                (
                    f"{one.key}",
                    one.place,
                    f"{one.p:.2f}",
                    f"{one.risk:.3f}",
                    "yes" if one.moves else "no",
                )
                for one in some[:_ROWS]
            ],
            label="Decisions of this year, the likeliest moves first",
            page=8,
        )
