"""Return migration in the browser: ``mesa-llm-city serve return_migration``.

Needs the extra ``viz``; nothing is fetched from a network.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import solara
from mesa_llm_city.models.return_migration.policy import LEVERS, source_of_people
from mesa_llm_city.models.return_migration.program import make
from mesa_llm_city.models.return_migration.seen import CountryRun

from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE
from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.page import MigrationPage
from mesa_llm_city.ui.migration.study import Field, MigrationStudy
from mesa_llm_city.ui.page.last_run import LastRuns

__all__ = ["STUDY", "Layout", "Page"]


def _run(options: Mapping[str, Any]) -> CountryRun:
    return CountryRun(make(options))


STUDY = MigrationStudy(
    title="Return migration",
    make=_run,
    levers=LEVERS,
    fields=(
        Field("decision", "Who decides: rule, or a folder", "rule"),
        Field("data", "People: a file, or none", ""),
        Field("persons", "People", 600),
        Field("years", "Years", 15),
        Field("rng", "Seed", 7),
    ),
    people=source_of_people,
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
    solara.Title("Return migration")
    options = json.loads(os.environ.get(PROGRAM_VARIABLE, "{}"))
    MigrationPage(STUDY, options, _LAST.of(solara.get_session_id()))
