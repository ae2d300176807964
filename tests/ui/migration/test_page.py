"""The page of migration, rendered with a made-up run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.model_program import Lever
from mesa_llm_city.ui.migration.drawing import DrawingField
from mesa_llm_city.ui.migration.page import MigrationPage
from mesa_llm_city.ui.migration.study import Field, MigrationStudy
from tests.ui.migration.made_up import MadeUp
from tests.ui.shown import Shown


def made(options: Mapping[str, Any]) -> MadeUp:
    if options.get("home", 1) > 10:
        message = "home must be at most 10"
        raise ConfigError(message)
    return MadeUp(options.get("rng", 1), options.get("rural_subsidy", 0.0))


STUDY = MigrationStudy(
    title="A made-up <country>",
    make=made,
    levers=(Lever(name="rural_subsidy", label="Subsidy", low=0.0, high=100.0, step=10.0),),
    fields=(Field("rng", "Seed", 1), Field("home", "At home", 1), Field("data", "File", "")),
    people=lambda _: "made-up people",
)


def page(**options: object) -> Shown:
    box, _ = solara.render(MigrationPage(STUDY, options), handle_error=False)
    return Shown(box, lambda: None)


def drawings(shown: Shown) -> list[DrawingField]:
    return [one for one in shown.widgets() if isinstance(one, DrawingField)]


def drawing(shown: Shown, of: str) -> DrawingField:
    """Return the drawing that has a text, once it is there."""

    def found() -> DrawingField | None:
        return next((one for one in drawings(shown) if of in one.svg), None)

    until(lambda: found() is not None)
    chart = found()
    assert chart is not None
    return chart


def click(shown: Shown, label: str) -> None:
    """Click a button once it is there: the thread of the run may still be drawing the page."""
    until(lambda: shown.has_button(label))
    shown.click(label)


def until(test: Callable[[], bool]) -> None:
    end = time.monotonic() + 20.0
    while not test():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def lived(shown: Shown, years: int) -> Shown:
    for year in range(1, years + 1):
        click(shown, "One year")
        until(partial(_shows, shown, f"Year {year} of 3"))
    return shown


def test_the_start_shows_people_and_says_what_to_do() -> None:
    texts = page().texts()
    assert "A made-up <country>" in texts
    assert "10 people: made-up people. Decided by rule." in texts
    assert "Year 0 of 3" in texts
    assert "Nobody has decided yet: press Play, or One year." in texts


def test_years_pass_by_step_and_the_figures_follow() -> None:
    shown = lived(page(rural_subsidy=50.0), 2)
    until(partial(_shows, shown, "50.0%"))  # one at home, and two of ten in each year
    until(partial(_shows, shown, "+20.0 points"))
    until(partial(_shows, shown, "250 RMB"))
    moved = "2 people moved in year 2; a region that is clicked shows its own flows."
    until(partial(_shows, shown, moved))


def test_play_goes_on_to_the_end() -> None:
    shown = page()
    click(shown, "Play")
    until(lambda: "All 3 years are simulated; slide to look back." in shown.texts())


def test_a_year_of_the_past_can_be_shown_and_left() -> None:
    shown = lived(page(), 2)
    drawing(shown, "with policies").chosen = "1#1"
    until(partial(_shows, shown, "Year 1 of 3"))
    click(shown, "Back to year 2")
    until(partial(_shows, shown, "Year 2 of 3"))


def test_a_region_that_is_clicked_tells_its_own_flows() -> None:
    shown = lived(page(), 1)
    drawing(shown, "migration-map").chosen = "village#1"
    until(partial(_shows, shown, "village: 1 person came and 0 left in year 1"))


def test_a_household_shows_what_drove_it() -> None:
    shown = lived(page(), 1)
    dots = drawing(shown, "migration-risks")
    dots.chosen = "4#1"
    until(partial(_shows, shown, "Household 4"))
    until(partial(_shows, shown, "Reason: age & <b>"))
    drawing(shown, "migration-waterfall")
    dots.chosen = "5#2"
    until(partial(_shows, shown, "The decision does not tell what it hangs on."))


def test_the_table_has_those_that_moved_and_those_that_did_not() -> None:
    shown = lived(page(), 1)
    until(lambda: [row["c0"] for row in shown.rows()] == ["4"])
    shown.labelled("Decisions").value = "of all households"
    until(lambda: [row["c0"] for row in shown.rows()] == ["4", "5"])


def test_levers_change_the_run_and_not_the_control() -> None:
    shown = lived(page(), 1)
    slider = next(one for one in shown.widgets() if _name(one) == "Subsidy")
    slider.v_model = 40.0
    until(partial(_shows, shown, "Subsidy: 40"))
    click(shown, "One year")
    until(lambda: "+10.0 points" in shown.texts())


def test_runs_are_repeated_with_other_seeds() -> None:
    shown = lived(page(rural_subsidy=50.0), 1)
    click(shown, "Repeat with 8 seeds")
    until(lambda: "over 8 seeds +10.0 (+10.0 to +10.0)" in shown.texts())


def test_the_card_tells_what_decides_and_on_what_rows() -> None:
    texts = page().texts()
    assert "Card of the decision" in texts
    assert "the rule of push and pull" in texts
    assert "nothing; weights are those of the parameters" in texts
    assert "40 rows of" in texts


def test_options_that_cannot_be_leave_a_message_and_the_way_back() -> None:
    shown = page(home=11)
    until(partial(_shows, shown, "home must be at most 10"))
    shown.labelled("At home").v_model = "3"
    click(shown, "Start new run")
    until(partial(_shows, shown, "Year 0 of 3"))


def _shows(shown: Shown, text: str) -> bool:
    return text in shown.texts()


def _name(widget: object) -> str:
    return str((getattr(widget, "attributes", None) or {}).get("aria-label", ""))
