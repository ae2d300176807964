"""The fit report."""

from __future__ import annotations

from math import isnan

import pytest

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import AgeParameters
from mesa_llm_city.population import Marginals, Population
from mesa_llm_city.population.fit_report import FitReport, FitRow
from tests.population.fake_town import FakeTown


def test_difference_and_error_are_those_of_the_formulas() -> None:
    report = FitReport((FitRow("a", "x", 0.5, 0.6), FitRow("a", "y", 0.5, 0.4)))
    assert report.max_difference == pytest.approx(0.1)
    assert report.srmse == pytest.approx(0.1 / 0.5)
    assert report.to_frame()["points"].tolist() == pytest.approx([10.0, -10.0])


def test_shares_of_each_dimension_add_up() -> None:
    frame = Population.synthesize(200, city=FakeTown(), rng=1).fit_report().to_frame()
    sums = frame[frame["dimension"] != "ownership"].groupby("dimension")[["target", "actual"]].sum()
    assert sums.to_numpy() == pytest.approx(1.0)


def test_the_printed_table_is_aligned_and_leaves_details_to_the_frame() -> None:
    report = Population.synthesize(50, city=FakeTown(), rng=1).fit_report()
    lines = str(report).splitlines()
    assert len({len(line) for line in lines[:-1]}) == 1
    assert not any("by age" in line for line in lines[:-1])
    assert lines[-1].startswith("largest difference ")


def test_without_marginals_shares_are_reported_and_nothing_is_compared() -> None:
    people = Population.synthesize(50, city=FakeTown(), rng=1)
    report = Population(people.people).fit_report()
    assert all(isnan(row.target) for row in report.rows)
    assert isnan(report.max_difference)
    assert str(report).endswith("no marginals were given to compare with")


def test_a_category_nobody_asked_for_is_shown() -> None:
    people = Population.synthesize(50, city=FakeTown(), rng=1)
    sizes = {"1": 1.0}
    marginals = Marginals.default()
    report = FitReport.of(
        people.people,
        Marginals(
            age_gender=marginals.age_gender,
            occupation=marginals.occupation,
            education=marginals.education,
            household_size=sizes,
            ownership=marginals.ownership,
            income=marginals.income,
        ),
        AgeParameters(),
    )
    target = {row.category: row.target for row in report.rows if row.dimension == "household size"}
    assert target["1"] == 1.0
    assert target["2"] == 0.0


def test_licences_are_counted_from_the_age_of_the_parameters_that_made_the_people() -> None:
    early = CityParameters.from_dotted({"population.ages.licence_from": 16})
    people = Population.synthesize(400, city=FakeTown(), rng=1, parameters=early)
    assert any(one.has_licence and one.age < 18 for one in people)
    grown = [one.has_licence for one in people if one.age >= 16]
    rows = {row.category: row.actual for row in people.fit_report().rows}
    assert rows["licence"] == pytest.approx(sum(grown) / len(grown))
