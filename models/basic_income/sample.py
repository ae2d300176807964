"""The people of the model: what they earn, own and are like, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.economy import (
    WEEKS_PER_MONTH,
    in_cents,
    in_currency,
    personal_cushion,
    personal_effect,
    split,
    tax_due,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["People", "SampleParameters", "make_people"]


class SampleParameters(Branch):
    """Who the people are: young adults with low incomes, as in the trial (see the README)."""

    wage: float = parameter(
        16.0,
        "Median wage of an hour, before taxes",
        unit="currency/h",
        gt=0,
        source="assumption: 28,000 a year at full time; the trial's households had 29,900",
    )
    wage_spread: float = parameter(
        0.3, "Standard deviation of the logarithm of wages", unit="ln", ge=0
    )
    not_working: float = parameter(0.28, "Share of people who usually do not work", ge=0, le=1)
    part_time: float = parameter(0.17, "Share of people who usually work part time", ge=0, le=1)
    support: float = parameter(
        700.0,
        "What people who usually do not work get from the government",
        unit="currency/month",
        ge=0,
    )
    youngest: int = parameter(
        21, "Least age", unit="years", ge=0, source="the trial took people of 21 to 40"
    )
    oldest: int = parameter(
        40, "Greatest age", unit="years", ge=0, source="the trial took people of 21 to 40"
    )
    shops: int = parameter(5, "Number of shops, for which everybody works", ge=1)
    reserve_months: float = parameter(
        1.5, "Wages that shops keep in cash; the rest is paid to owners", unit="months", ge=0
    )
    stock_months: float = parameter(
        1.0, "Unsold goods that shops keep at most, in months of making them", unit="months", ge=0
    )
    switching: float = parameter(
        2.0, "Elasticity of the shares of shops to their prices: people buy where it is cheap", ge=0
    )
    survey_every: int = parameter(
        3, "Months from one survey of depression to the next", unit="months", ge=1
    )
    stress_weight: float = parameter(
        0.8,
        "Distress by full financial stress, in standard deviations of distress between people",
        unit="SD",
        ge=0,
        source="assumption: a correlation of about .25 across people",
    )


@dataclass(slots=True)
class People:
    """Columns of what does not change: one row a person.

    Attributes
    ----------
    age : ndarray of int64
        Age, in years.
    wage : ndarray of float64
        Wage of an hour, before taxes.
    usual_hours : ndarray of float64
        Hours a week without transfers.
    effect : ndarray of float64
        Income effect (see `economy.personal_effect`).
    cushion : ndarray of float64
        Wished savings, in months of income.
    trait : ndarray of float64
        Distress that has other reasons than money, in standard deviations.
    shop : ndarray of int64
        Shop for which the person works.
    rent_cents, support_cents : ndarray of int64
        What is paid and received each month.
    owns : ndarray of float64
        Share in what shops and the landlord pay out; all add up to 1.
    start_cents : ndarray of int64
        Savings at the start: the wished ones, so that nothing changes without a transfer.
    """

    age: Int
    wage: Float
    usual_hours: Float
    effect: Float
    cushion: Float
    trait: Float
    shop: Int
    rent_cents: Int
    support_cents: Int
    owns: Float
    start_cents: Int

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.age)

    @property
    def usual_cents(self) -> Int:
        """Usual earnings of a month, before taxes, in cents."""
        return in_cents(self.wage * self.usual_hours * WEEKS_PER_MONTH)


def make_people(
    n: int, *, seed: int, parameters: CityParameters, sample: SampleParameters, is_closed: bool
) -> People:
    """Return invented people.

    Parameters
    ----------
    n : int
        How many.
    seed : int
        Seed; the same people for the same seed, whatever happens to them.
    parameters : CityParameters
        Its branch `economy`.
    sample : SampleParameters
        Who they are.
    is_closed : bool
        Whether rents and profits stay among these people, who then own shops and homes.
    """
    from scipy.special import ndtri

    draws = uniforms(seed, np.arange(n), "basic_income.people", 0, 8)
    hours = _usual_hours(draws[:, 0], draws[:, 1], parameters, sample)
    wage = sample.wage * np.exp(sample.wage_spread * ndtri(draws[:, 2]))
    usual = in_cents(wage * hours * WEEKS_PER_MONTH)
    support = np.where(hours > 0.0, 0, int(in_cents(sample.support)))
    rent = in_cents(parameters.economy.rent.share * in_currency(usual + support))
    owns = usual / max(float(usual.sum()), 1.0)
    paid_out = split(int(rent.sum()), owns) if is_closed else np.zeros(n, dtype=np.int64)
    disposable = usual + support + paid_out - rent - tax_due(usual, parameters.economy.tax)
    cushion = personal_cushion(draws[:, 3], parameters.economy.spending)
    return People(
        age=np.floor(sample.youngest + draws[:, 4] * (sample.oldest - sample.youngest + 1)).astype(
            np.int64
        ),
        wage=wage,
        usual_hours=hours,
        effect=personal_effect(draws[:, 5], parameters.economy.work),
        cushion=cushion,
        trait=ndtri(draws[:, 6]),
        shop=np.floor(draws[:, 7] * sample.shops).astype(np.int64),
        rent_cents=rent,
        support_cents=support,
        owns=owns,
        start_cents=in_cents(cushion * in_currency(np.maximum(disposable, 0))),
    )


def _usual_hours(
    kind: Float, within: Float, parameters: CityParameters, sample: SampleParameters
) -> Float:
    """Return nobody's hours, part-time hours between the least and full time, or full time."""
    numbers = parameters.economy.work
    part = numbers.least_hours + within * (numbers.week_hours - numbers.least_hours)
    hours = np.where(kind < sample.not_working + sample.part_time, part, numbers.week_hours)
    return np.where(kind < sample.not_working, 0.0, hours)
