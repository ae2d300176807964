"""Charts: what is drawn, in both looks."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.font_manager import fontManager

pytest.importorskip("solara")

from mesa_llm_city.experiments.figures.fonts import families
from mesa_llm_city.experiments.palette import GROUPS
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.ui.charts.figures import (
    DARK,
    LIGHT,
    ChartStyle,
    needs_figure,
    png_of,
    popularity_figure,
    time_use_figure,
    trips_figure,
)
from mesa_llm_city.ui.charts.style import short
from mesa_llm_city.ui.views.counting import DailyProfile, NeedsSeries

NOTHING = np.full((len(GROUPS) + 1, 144), np.nan)
RNG = np.random.default_rng(3)


def _shares() -> np.ndarray:
    """Return shares of the groups of purposes, and none of other purposes."""
    shares = RNG.dirichlet(np.ones(len(GROUPS)), 144).T
    return np.vstack([shares, np.zeros(144)])


@pytest.mark.parametrize("style", [LIGHT, DARK])
class TestFigures:
    def test_time_use_is_drawn_from_the_bottom_to_all_people(self, style: ChartStyle) -> None:
        figure = time_use_figure(DailyProfile(_shares(), NOTHING), now_h=24.0, style=style)
        (axes,) = figure.axes
        assert len(axes.collections) == len(GROUPS) + 1
        top = np.asarray(axes.collections[len(GROUPS) - 1].get_paths()[0].vertices)[:, 1].max()
        assert top == pytest.approx(100.0)
        assert png_of(figure).startswith(b"\x89PNG")

    def test_observed_shares_are_dotted(self, style: ChartStyle) -> None:
        profile = DailyProfile(_shares(), NOTHING)
        figure = time_use_figure(profile, now_h=24.0, style=style, observed=_shares()[:-1])
        dotted = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"]
        assert len(dotted) == len(GROUPS) - 1

    @pytest.mark.slow
    def test_now_is_marked_until_the_day_is_over(self, style: ChartStyle) -> None:
        rates = np.ones((len(default_parameters().modes) + 1, 24))
        day = DailyProfile(rates, rates)
        (now, _) = trips_figure(day, now_h=9.0, style=style).axes[0].lines
        assert np.asarray(now.get_xdata())[0] == pytest.approx(9.0)
        assert len(trips_figure(day, now_h=24.0, style=style).axes[0].lines) == 1

    def test_needs_of_a_person_are_drawn_beside_the_mean(self, style: ChartStyle) -> None:
        levels = RNG.random((24, 4))
        series = NeedsSeries(np.arange(24) * 60, levels, levels)
        assert len(needs_figure(series, style=style).axes[0].lines) == 4
        assert len(needs_figure(series, name="Anna", style=style).axes[0].lines) == 8

    def test_names_are_no_formulas(self, style: ChartStyle) -> None:
        figure = popularity_figure(["Pay $5 or $$x^2"], [3], [float("nan")], style)
        assert png_of(figure).startswith(b"\x89PNG")


def test_a_chart_is_small_enough_to_be_sent_often() -> None:
    profile = DailyProfile(_shares(), NOTHING)
    assert len(png_of(time_use_figure(profile, now_h=12.0))) < 60_000


def test_east_asian_names_are_cut_at_the_width_they_take() -> None:
    name = "渋谷スクランブルスクエア展望台"
    assert short(name, 26) == "渋谷スクランブルスクエア…"
    assert short("Shibuya Scramble Square", 26) == "Shibuya Scramble Square"


def test_fonts_for_names_are_installed_ones() -> None:
    first, *others = families()
    assert first == "sans-serif"
    assert set(others) <= set(fontManager.get_font_names())
