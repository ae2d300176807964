"""Taxes and transfers by schedule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.economy import (
    TransferSchedule,
    in_cents,
    levy_rate,
    marginal_rate,
    tax_due,
    transfer_due,
)
from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.parameters.economy import TaxParameters

STEPS = TaxParameters(thresholds=(0.0, 12_000.0, 24_000.0), rates=(0.1, 0.2, 0.5), payroll=0.0)
DEFAULT = TaxParameters()


def test_each_bracket_is_taxed_at_its_rate() -> None:
    # 2,500 a month: 1,000 at .1, 1,000 at .2, 500 at .5
    assert tax_due(in_cents([2500, 1000, 0]), STEPS).tolist() == [55_000, 10_000, 0]


def test_the_default_is_the_schedule_of_the_united_states() -> None:
    # 60,000 a year: 11,600 at .10, 33,800 at .12 (the deduction is free), and payroll
    yearly = 0.10 * 11_600 + 0.12 * 33_800 + 0.0765 * 60_000
    assert tax_due(in_cents(5000), DEFAULT) == in_cents(yearly / 12)


def test_taxes_rise_with_income_and_never_exceed_it() -> None:
    incomes = in_cents(np.linspace(0, 100_000, 500))
    due = tax_due(incomes, DEFAULT)
    assert (np.diff(due) >= 0).all()
    assert (due <= incomes).all()


def test_the_marginal_rate_is_the_slope_of_the_tax() -> None:
    incomes = in_cents([500, 1500, 4000, 30_000])
    more = tax_due(incomes + 10_000, DEFAULT) - tax_due(incomes, DEFAULT)
    assert more / 10_000 == pytest.approx(marginal_rate(incomes, DEFAULT), abs=1e-3)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"thresholds": (5.0,), "rates": (0.1,)}, "rising numbers from 0"),
        ({"thresholds": (0.0, 1.0, 1.0), "rates": (0.1, 0.2, 0.3)}, "rising numbers"),
        ({"rates": (0.1,)}, "one rate a threshold"),
        ({"thresholds": (0.0,), "rates": (1.2,)}, "from 0 to 1"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(ParameterError, match=problem):
        TaxParameters(**given)


def test_a_purpose_that_does_not_exist_costs_nothing_but_an_error() -> None:
    with pytest.raises(ParameterError, match="there is no purpose 'golf'"):
        CityParameters().with_("economy.shopping.per_visit.golf", 0.1)


class TestTransfers:
    def test_a_basic_income_is_paid_from_its_first_month_for_its_months(self) -> None:
        schedule = TransferSchedule(amount=1000, first_month=2, months=3)
        paid = [int(transfer_due(0, schedule, month=month, is_entitled=True)) for month in range(7)]
        assert paid == [0, 0, 100_000, 100_000, 100_000, 0, 0]

    def test_a_tapered_transfer_falls_with_earnings_to_nothing(self) -> None:
        schedule = TransferSchedule(amount=600, taper=0.5)
        earned = in_cents([0, 200, 1200, 5000])
        assert transfer_due(earned, schedule, month=0, is_entitled=True).tolist() == [
            60_000,
            50_000,
            0,
            0,
        ]

    def test_who_is_not_entitled_gets_nothing(self) -> None:
        schedule = TransferSchedule(amount=1)
        due = transfer_due([0, 0], schedule, month=5, is_entitled=[True, False])
        assert due.tolist() == [100, 0]

    def test_numbers_outside_their_range_are_refused(self) -> None:
        given: list[dict[str, Any]] = [
            {"amount": -1},
            {"amount": 1, "months": -1},
            {"amount": 1, "taper": 2},
        ]
        for wrong in given:
            with pytest.raises(ConfigError, match="must be"):
                TransferSchedule(**wrong)

    def test_a_levy_raises_what_is_needed_and_all_there_is_at_most(self) -> None:
        assert levy_rate(300, [1000, 2000]) == 0.1
        assert levy_rate(5000, [1000]) == 1.0
        assert levy_rate(0, [0]) == 0.0
