"""The last run of a browser: a page that is loaded again shows it, another browser has its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.page.last_run import LastRun, LastRuns, use_run
from tests.ui.shown import Shown


class Made:
    """A run that counts how many have been made."""

    count = 0

    def __init__(self, options: Mapping[str, Any]) -> None:
        if options["seed"] < 0:
            message = "seed must be at least 0"
            raise ConfigError(message)
        Made.count += 1
        self.number, self.options = Made.count, options


@solara.component
def page(given: Mapping[str, Any], last: LastRun[Made] | None) -> None:
    run, begin = use_run(Made, given, last)
    solara.Text(run.trouble or f"run {run.course and run.course.number} of {run.options}")
    solara.Button("Again", on_click=lambda: begin(run.options or {}))
    solara.Button("Wrong", on_click=lambda: begin({"seed": -1}))


def shown(last: LastRun[Made] | None = None) -> Shown:
    box, _ = solara.render(page({"seed": 1}, last), handle_error=False)
    return Shown(box, lambda: None)


@pytest.fixture(autouse=True)
def _count_from_one() -> None:
    Made.count = 0


def test_a_page_that_is_loaded_again_shows_the_last_run() -> None:
    last: LastRun[Made] = LastRun()
    first = shown(last)
    assert "run 1 of" in first.texts()
    first.click("Again")
    assert "run 2 of" in first.texts()
    assert "run 2 of" in shown(last).texts()


def test_a_page_of_its_own_begins_anew() -> None:
    assert "run 1 of" in shown().texts()
    assert "run 2 of" in shown().texts()


def test_impossible_options_leave_the_message_and_no_run() -> None:
    last: LastRun[Made] = LastRun()
    one = shown(last)
    one.click("Wrong")
    assert "seed must be at least 0" in one.texts()
    assert last.course is None
    one.click("Again")
    assert "seed must be at least 0" in one.texts()


def test_browsers_not_seen_for_longest_go_first() -> None:
    runs: LastRuns[Made] = LastRuns(most=2)
    first, second = runs.of("a"), runs.of("b")
    assert runs.of("a") is first
    runs.of("c")
    assert runs.of("a") is first
    assert runs.of("b") is not second
