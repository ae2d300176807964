"""Charts in SVG: lines, risks, waterfalls, calibration and effects."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.migration.effects.margins import average_marginal_effects
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.ui.migration.calibration_chart import (
    calibration_chart,
    calibration_of,
    wilson,
)
from mesa_llm_city.ui.migration.effects_chart import effects_chart
from mesa_llm_city.ui.migration.line_chart import Line, line_chart
from mesa_llm_city.ui.migration.repetitions import effect_of
from mesa_llm_city.ui.migration.risk_chart import risk_chart, shown_of
from mesa_llm_city.ui.migration.story import Considered, Drivers
from mesa_llm_city.ui.migration.svg import ticks
from mesa_llm_city.ui.migration.waterfall import steps_of, waterfall


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def households(count: int) -> list[Considered]:
    return [
        Considered(key, (key,), "c", False, 0.4, 0.01 * key, key % 10 == 0, "rule", "")  # noqa: FBT003
        for key in range(count)
    ]


class TestTicks:
    @given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4))
    @settings(max_examples=60, deadline=None)
    def test_they_lie_between_the_ends_and_are_few(self, low: float, span: float) -> None:
        found = ticks(low, low + span)
        assert len(found) <= 8
        assert all(low - 1e-3 * span <= one <= low + span * 1.001 for one in found)


class TestLines:
    def test_years_tell_their_values_and_can_be_chosen(self) -> None:
        chart = read(
            line_chart(
                [Line("with", [0.1, 0.3]), Line("without", [0.1, 0.2], is_dashed=True)],
                years=5,
                shown=1,
                y_label="share",
            )
        )
        columns = [one for one in chart.iter("rect") if one.get("data-key")]
        assert [one.findtext("title") for one in columns] == [
            "Year 0: with 10%, without 10%",
            "Year 1: with 30%, without 20%",
        ]
        assert "with: 30% in year 1. without: 20% in year 1." in str(chart.get("aria-label"))

    def test_equal_values_do_not_divide_by_zero(self) -> None:
        text = line_chart([Line("a", [0.0, 0.0])], years=1, shown=0, y_label="x")
        assert "nan" not in text

    def test_an_interval_is_an_area(self) -> None:
        band = ([0.0, 0.1], [0.2, 0.3])
        text = line_chart([Line("a", [0.1, 0.2], band=band)], years=1, shown=0, y_label="x")
        assert "migration-band" in text


class TestRisks:
    def test_all_that_moved_are_drawn_and_the_others_evenly(self) -> None:
        some = shown_of(households(1000), most=300)
        assert len(some) == 300
        assert sum(one.moves for one in some) == 100

    def test_a_dot_tells_its_household(self) -> None:
        chart = read(risk_chart(households(11), chosen=10))
        dots = [one for one in chart.iter("circle") if one.get("data-key")]
        assert len(dots) == 11
        assert dots[-1].findtext("title") == "Household 10, c: risk 0.100, p 0.40, moved"
        assert "migration-chosen" in str(dots[-1].get("class"))


class TestWaterfall:
    def test_small_contributions_are_put_together_and_nothing_is_lost(self) -> None:
        parts = tuple((f"c{one}", 0.1 * one) for one in range(1, 13))
        drivers = Drivers(0.2, parts, 0.3, -0.1, "log odds")
        steps = dict(steps_of(drivers, most=4))
        assert list(steps) == ["c12", "c11", "c10", "c9", "8 others", "places", "observed flows"]
        assert sum(steps.values()) == pytest.approx(7.8 + 0.3 - 0.1)

    def test_it_begins_and_ends_with_a_probability(self) -> None:
        text = waterfall(Drivers(0.0, (("age", 1.0),), 0.0, 0.0, "log odds"), 0.731)
        assert "50%" in text
        assert "73%" in text

    def test_parts_that_do_not_add_up_have_no_probability_at_first(self) -> None:
        nothing = float("nan")
        text = waterfall(Drivers(nothing, (("age", 0.4),), 0.0, 0.0, "share of attention"), 0.5)
        assert "at first" not in text
        assert "nan" not in text


class TestCalibration:
    def test_bins_have_the_shares_of_their_rows(self) -> None:
        rows = synthetic_survey(400, seed=2)
        rule = PushPullRule().fit(rows)
        found = calibration_of(rule, rows)
        assert found is not None
        p = rule.predict_proba(rows)[:, 1]
        inside = (p >= 0.3) & (p < 0.4)
        place = int(np.argmin(np.abs(found.predicted - p[inside].mean())))
        assert found.observed[place] == pytest.approx(rows.target[inside].mean())
        assert int(found.n.sum()) == 400
        assert np.all((found.low <= found.observed) & (found.observed <= found.high))
        assert found.evaluation.checked.is_seen
        chart = read(calibration_chart(found))
        told = [
            str(one.findtext("title"))
            for one in chart.findall("g")
            if one.find("title") is not None
        ]
        rows_of = [int(one.rpartition(", ")[2].split()[0]) for one in told]
        assert rows_of == found.n.tolist()

    def test_rows_without_labels_have_none(self) -> None:
        from dataclasses import replace

        rows = synthetic_survey(20, seed=2)
        blank = replace(rows, target=np.full(20, -1, dtype=np.int8))
        assert calibration_of(PushPullRule(), blank) is None

    def test_an_interval_counts_households(self) -> None:
        narrow, wide = (
            wilson(np.array([0.5]), np.array([100.0])),
            wilson(np.array([0.5]), np.array([25.0])),
        )
        assert wide[0][0] < narrow[0][0] < 0.5 < narrow[1][0] < wide[1][0]
        assert wilson(np.array([0.0]), np.array([5.0]))[1][0] == pytest.approx(0.4345, abs=1e-3)


class TestEffects:
    def test_the_largest_effects_come_first_and_none_that_is_zero(self) -> None:
        rows = synthetic_survey(120, seed=3)
        found = average_marginal_effects(PushPullRule().fit(rows), rows, draws=5)
        chart = read(effects_chart(found, most=3))
        titles = [str(one.findtext("title")) for one in chart.findall("g")]
        sizes = [abs(float(one.rpartition(": ")[2].split()[0])) for one in titles]
        assert len(sizes) == 3
        assert sizes == sorted(sizes, reverse=True)


class TestRepetitions:
    def test_one_seed_has_no_interval(self) -> None:
        assert effect_of([[0.0, 0.1]]) is None

    def test_equal_seeds_have_an_interval_of_no_width(self) -> None:
        found = effect_of([[0.0, 0.1]] * 4)
        assert found is not None
        assert found.low.tolist() == found.high.tolist() == found.mean.tolist()
        assert found.seeds == 4


def test_years_and_people_are_counted_in_whole_numbers() -> None:
    lines = [Line("went home", [0.0, 3.0])]
    drawn = line_chart(
        lines,
        years=15,
        shown=1,
        y_label="people",
        words="{:g}".format,
        span=(0.0, 10.0),
        is_whole=True,
    )
    assert ">7.5<" not in drawn
    assert ">2.5<" not in drawn
    assert ">15<" in drawn
