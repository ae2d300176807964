"""The page of any model of society: run, levers, a copy to compare, tables."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("solara")

import solara
from mesa_llm_city.models.community.program import PROGRAM

from mesa_llm_city.experiments.options import ProgramOptions
from mesa_llm_city.ui.program_course import ProgramCourse
from mesa_llm_city.ui.program_page import ProgramPage, who_decides
from tests.ui.shown import Shown

GIVEN: dict[str, Any] = {"model": "community", "seed": 3, "options": {"members": 12, "days": 1}}


def page(**changes: Any) -> Shown:  # noqa: ANN401 - of any option
    """Return the page as it is first shown."""
    box, _ = solara.render(ProgramPage(PROGRAM, {**GIVEN, **changes}), handle_error=False)
    return Shown(box, lambda: None)


def course() -> ProgramCourse:
    """Return a run at its start."""
    return ProgramCourse(PROGRAM, ProgramOptions(**GIVEN))


def test_a_copy_goes_on_without_what_is_changed_in_the_run() -> None:
    run = course()
    for _ in range(6):
        run.step()
    run.keep_copy()
    run.change("social.community.norms", 2.0)
    assert run.other is not None
    for _ in range(3):
        run.step()
    assert run.model.minute == run.other.minute == 9 * 60
    assert run.model.parameters.social.community.norms == 2.0
    assert run.other.parameters.social.community.norms == 0.49
    assert (run.picture(of_copy=True) or b"").startswith(b"\x89PNG")


def test_levers_stand_where_the_model_does_and_tables_hold_its_last_rows() -> None:
    run = course()
    lever = PROGRAM.levers[0]
    assert run.acts_at_once(lever)
    assert run.value_of(lever) == 0.8
    assert run.picture() is None
    assert run.key_figures() == {}
    while run.running:
        run.step()
    assert list(run.tables()) == ["history", "posts", "members"]
    assert len(run.tables()["history"]) == 24
    assert who_decides(run) == "Step 24 of 24. Decided by rules. Seed 3."


def test_the_page_shows_the_run_and_its_options_and_begins_others() -> None:
    shown = page()
    texts = shown.texts()
    assert "Step 0 of 24. Decided by rules. Seed 3." in texts
    assert "Nothing has happened yet: press Play, or Step." in texts
    assert "Share of breaches that moderators find: 0.8" in texts
    sliders = [one for one in shown.widgets() if type(one).__name__ == "Slider"]
    sliders[0].v_model = 0.25
    assert "Share of breaches that moderators find: 0.25" in shown.texts()
    shown.labelled("days").v_model = "2"
    shown.click("Start new run")
    assert "Step 0 of 48" in shown.texts()
    # A new run begins with the options, not with what was changed during another.
    assert "Share of breaches that moderators find: 0.8" in shown.texts()


def test_options_that_cannot_be_are_told_on_the_page() -> None:
    assert "no option 'mebers'" in page(options={"mebers": 3}).texts()
