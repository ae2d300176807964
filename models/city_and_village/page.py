"""City and village in the browser: ``mesa-llm-city serve city_and_village``.

Needs the extra ``viz``; nothing is fetched from a network.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import solara
from mesa_llm_city.models.city_and_village.model import CityAndVillage
from mesa_llm_city.models.city_and_village.seen import VillageRun
from mesa_llm_city.models.return_migration.policy import LEVERS, source_of_people
from mesa_llm_city.models.return_migration.program import people_of

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE
from mesa_llm_city.migration.survey.sampling import draw_people
from mesa_llm_city.ui.map.city_map import CityMap
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.page import MigrationPage
from mesa_llm_city.ui.migration.study import Field, MigrationStudy
from mesa_llm_city.ui.page.last_run import LastRuns
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.panel import Panel, Remark

__all__ = ["STUDY", "Layout", "Page"]

# None of them bears on who moves (see the README), and a year takes less time without them.
_LEAN = ("social", "memory")


def _run(options: Mapping[str, Any]) -> VillageRun:
    """Return a run; by default one day of each year is lived."""
    given = {"days_per_year": 1, "without": _LEAN, **options}
    decision, data = str(given.pop("decision", "rule")), given.pop("data", None)
    if data is not None:
        given["survey"] = people_of(decision, Path(data))
        if "persons" in given:
            seed = int(given.get("rng") or 0)
            given["survey"] = draw_people(given["survey"], int(given["persons"]), seed=seed)
    what = "rule" if decision == "rule" else Path(decision)
    try:
        return VillageRun(CityAndVillage(decision=what, **given))
    except TypeError as error:
        message = f"an option of city_and_village has a value of another kind: {error}"
        raise ConfigError(message) from error


@solara.component
def _City(run: VillageRun, year: int) -> None:
    """Show the city as it is lived, at the end of the last year."""
    drawn = redraws(run.model)
    # The map reads this number; it is drawn anew once a year has passed.
    solara.use_effect(lambda: drawn.set(drawn.peek() + 1), [year])
    with Panel("The city", name="city"):
        Remark(
            f"{run.model.in_city:,} people live in {run.model.city.name} after year {year}. To see "
            "its days, run: mesa-llm-city serve city_and_village --days 7",
            name="city-words",
        )
        with solara.Div(style={"--city-map-height": "380px"}):
            CityMap(run.model)


STUDY = MigrationStudy(
    title="City and village",
    make=_run,
    levers=LEVERS,
    fields=(
        Field("decision", "Who decides: rule, or a folder", "rule"),
        Field("data", "People: a file, or none", ""),
        Field("persons", "People", 120),
        Field("years", "Years", 10),
        Field("days_per_year", "Lived days a year", 1),
        Field("rng", "Seed", 7),
    ),
    people=source_of_people,
    more=_City,
)
"""The model with its levers and options, for its page."""

_LAST: LastRuns[MigrationCourse] = LastRuns()


@solara.component
def Layout(children: list[Any]) -> None:
    """Use the whole window for the page."""
    solara.v.Html(tag="main", children=children, class_="city-app")


@solara.component
def Page() -> None:
    """Show the model with the options of the command line."""
    solara.Title("City and village")
    options = json.loads(os.environ.get(PROGRAM_VARIABLE, "{}"))
    MigrationPage(STUDY, options, _LAST.of(solara.get_session_id()))
