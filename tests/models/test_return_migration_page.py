"""Return migration in the browser, and the course that it shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("solara")

import solara
from mesa_llm_city.models.return_migration.course import EVERYBODY, Course
from mesa_llm_city.models.return_migration.page import Country, moves_of, what_decides
from mesa_llm_city.models.return_migration.program import make
from mesa_llm_city.models.return_migration.stock_figure import stock_figure

from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from tests.ui.shown import Shown

OPTIONS = {"persons": 60, "years": 3, "rng": 3, "villages": 3, "reasons": False}


def course(**levers: float) -> Course:
    """Return a run at its start."""
    return Course(partial(make, OPTIONS), {"rural_subsidy": 0.0, "hukou_reform": 0.0, **levers})


class TestCourse:
    def test_without_policies_both_runs_are_the_same(self) -> None:
        run = course()
        run.advance(9)
        assert run.years == [0, 1, 2, 3]
        assert run.shares()[EVERYBODY].tolist() == run.shares_without().tolist()

    def test_a_lever_acts_from_the_next_year_on(self) -> None:
        run = course()
        run.advance(1)
        run.pull(rural_subsidy=200_000.0)
        assert run.model.year == 1
        run.advance(2)
        with_policies, without = run.shares()[EVERYBODY], run.shares_without()
        assert with_policies[:2].tolist() == without[:2].tolist()
        assert with_policies[3] > without[3]

    def test_an_unknown_lever_is_refused(self) -> None:
        with pytest.raises(KeyError, match="there is no lever persons"):
            course().pull(persons=3)

    @pytest.mark.parametrize("by", ["village", "city", "age", "hukou"])
    def test_groups_make_up_everybody(self, by: str) -> None:
        run = course()
        run.advance(1)
        shares, counts = run.shares(by), run.counts(by)
        total = sum(counts[name] * shares[name][1] for name in counts)
        assert sum(counts.values()) == 60
        assert total / 60 == pytest.approx(run.shares()[EVERYBODY][1])

    def test_few_groups_are_lines_and_many_rows_of_a_map(self) -> None:
        run = course()
        assert len(stock_figure(run, "hukou").axes[0].lines) == len(run.counts("hukou"))
        many = Course(partial(make, {**OPTIONS, "villages": 9}))
        (image,) = stock_figure(many, "village").axes[0].images
        assert image.get_array().shape == (len(many.counts("village")), 1)


class TestPage:
    def test_the_page_simulates_and_says_who_decides(self) -> None:
        box, _ = solara.render(Country(OPTIONS), handle_error=False)
        page = Shown(box, lambda: None)
        assert "Year 0 of 3" in page.texts()
        assert "Decided by the rule of push and pull (rule). 60 people: invented people." in (
            page.texts()
        )
        assert "Nobody has moved yet." in page.texts()
        page.click("To the end")
        assert "Year 3 of 3" in page.texts()
        assert page.rows()
        assert len(page.tagged("img")) == 2

    def test_a_slider_is_a_lever(self) -> None:
        box, _ = solara.render(Country(OPTIONS), handle_error=False)
        page = Shown(box, lambda: None)
        slider = next(one for one in page.widgets() if type(one).__name__ == "Slider")
        slider.v_model = 20_000.0
        assert "Subsidy in villages: 20,000 RMB a year" in page.texts()
        page.click("To the end")
        paid = next(one for one in page.texts().splitlines() if one.startswith("At home"))
        assert not paid.endswith(" 0 RMB.")

    def test_options_that_cannot_be_are_told_on_the_page(self) -> None:
        box, _ = solara.render(Country({**OPTIONS, "data": "nowhere.csv"}), handle_error=False)
        assert "nowhere.csv" in Shown(box, lambda: None).texts()

    def test_moves_are_told_newest_first(self) -> None:
        run = course(rural_subsidy=100_000.0)
        run.advance(3)
        years = [int(row[0]) for row in moves_of(run)]
        assert years == sorted(years, reverse=True)
        assert "60 people: rows.csv" in what_decides(run, {"data": "rows.csv"})


def test_people_of_a_file_are_drawn_by_their_weights_if_a_number_is_given(tmp_path: Path) -> None:
    synthetic_survey(60, seed=1).to_frame().to_csv(tmp_path / "rows.csv", index=False)
    options = {"data": str(tmp_path / "rows.csv"), "years": 1, "rng": 3, "reasons": False}
    assert len(make(options).migrants) == 60
    assert 200 <= len(make(options, persons=200).migrants) < 210
