"""The clock of a model of migration, rendered."""

from __future__ import annotations

from typing import Any, cast

import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city.ui.migration.course import MigrationCourse
from mesa_llm_city.ui.migration.year_clock import YearClock
from mesa_llm_city.ui.page.runner import redraws
from tests.ui.migration.made_up import MadeUp
from tests.ui.shown import Shown


class _StepUnderWay:
    """A runner that has simulated a year and has not ended its step yet."""

    def __init__(self) -> None:
        self.state, self.error = "stepping", ""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - buttons that nobody clicks
        return lambda: name


def test_one_year_can_be_clicked_again_once_the_step_has_ended() -> None:
    course, runner = MigrationCourse(MadeUp, {}), _StepUnderWay()
    box, _ = solara.render(
        YearClock(course, cast("Any", runner), 0, lambda _: None), handle_error=False
    )
    shown = Shown(box, lambda: None)
    assert not shown.has_button("One year")
    runner.state = "paused"
    redraws(course).set(1)
    assert shown.has_button("One year")
