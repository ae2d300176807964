"""Return migration in the browser: the run as the page sees it, and the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

pytest.importorskip("solara")

import numpy as np
import solara
from mesa_llm_city.models.return_migration.page import STUDY
from mesa_llm_city.models.return_migration.program import make
from mesa_llm_city.models.return_migration.seen import CountryRun

from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.ui.migration.course import EVERYBODY
from mesa_llm_city.ui.migration.page import MigrationPage
from mesa_llm_city.ui.migration.story import MigrationRun
from tests.ui.shown import Shown

OPTIONS = {"persons": 60, "years": 3, "rng": 3, "villages": 3, "reasons": False}


def seen(years: int, **options: object) -> CountryRun:
    """Return a run after some years."""
    run = CountryRun(make({**OPTIONS, **options}))
    for _ in range(years):
        run.step()
    return run


class TestCountryRun:
    def test_is_what_a_page_of_migration_shows(self) -> None:
        assert isinstance(seen(0), MigrationRun)

    def test_people_live_in_its_regions_and_belong_to_villages(self) -> None:
        run = seen(1)
        names = {one.name for one in run.regions()}
        assert set(run.population()) <= names
        assert sum(run.population().values()) == 60
        assert sum(one.belong for one in run.regions()) == 60

    def test_moves_of_a_year_are_those_of_the_table(self) -> None:
        run = seen(2, rural_subsidy=100_000.0)
        table = run.model.moves()
        back = table[(table["year"] == 2) & table["destination"].str.startswith("village")]
        assert sum(one.people for one in run.moves() if one.is_return) == len(back)

    def test_those_who_moved_were_considered_with_the_same_risk(self) -> None:
        run = seen(1, rural_subsidy=100_000.0)
        moved = {one.key: one for one in run.considered() if one.moves}
        table = run.model.moves()
        assert moved
        assert set(moved) == set(table["household"])
        assert [moved[one.household].risk for one in table.itertuples()] == list(table["hazard"])

    def test_drivers_add_up_to_the_log_odds_of_the_probability(self) -> None:
        run = seen(2, rural_subsidy=9000.0)
        for one in run.considered():
            found = run.drivers(2, one.key)
            assert found is not None
            total = found.base + sum(value for _, value in found.parts) + found.places
            assert total == pytest.approx(float(log_odds(one.p)), abs=1e-9)
        assert run.drivers(3, 0) is None

    @pytest.mark.parametrize("by", ["village", "city", "age", "hukou"])
    def test_groups_make_up_everybody(self, by: str) -> None:
        run = seen(1)
        sizes = dict(zip(*np.unique(run.groups[by], return_counts=True), strict=True))
        total = sum(share * sizes[name] for name, share in run.shares()[by].items())
        assert sum(sizes.values()) == 60
        assert total / 60 == pytest.approx(run.shares()[EVERYBODY][EVERYBODY])


class TestPage:
    def test_years_pass_and_policies_act(self) -> None:
        page = shown({**OPTIONS, "rural_subsidy": 20_000.0})
        assert "Year 0 of 3" in page.texts()
        assert "60 people: invented people. Decided by rule." in page.texts()
        assert "Nobody has decided yet: press Play, or One year." in page.texts()

    def test_a_slider_is_a_lever(self) -> None:
        page = shown(OPTIONS)
        slider = next(one for one in page.widgets() if "Subsidy" in aria(one))
        slider.v_model = 20_000.0
        assert "Subsidy in villages, RMB a year: 20,000" in page.texts()

    def test_options_that_cannot_be_are_told_on_the_page(self) -> None:
        assert "nowhere.csv" in shown({**OPTIONS, "data": "nowhere.csv"}).texts()


def shown(options: Mapping[str, object]) -> Shown:
    """Return the page of a run."""
    box, _ = solara.render(MigrationPage(STUDY, options), handle_error=False)
    return Shown(box, lambda: None)


def aria(widget: object) -> str:
    """Return the name that screen readers say."""
    attributes = getattr(widget, "attributes", None) or {}
    return str(attributes.get("aria-label", ""))


def test_people_of_a_file_are_drawn_by_their_weights_if_a_number_is_given(tmp_path: Path) -> None:
    synthetic_survey(60, seed=1).to_frame().to_csv(tmp_path / "rows.csv", index=False)
    options = {"data": str(tmp_path / "rows.csv"), "years": 1, "rng": 3, "reasons": False}
    assert len(make(options).migrants) == 60
    assert 200 <= len(make(options, persons=200).migrants) < 210
