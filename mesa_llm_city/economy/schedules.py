"""Schedules of taxes and transfers: what is due on incomes, in whole cents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.economy.money import in_cents, in_currency
from mesa_llm_city.parameters.economy import TaxParameters

__all__ = ["TransferSchedule", "levy_rate", "marginal_rate", "tax_due", "transfer_due"]

_MONTHS = 12


def tax_due(income_cents: ArrayLike, parameters: TaxParameters) -> Int:
    """Return the taxes on monthly earned incomes, in cents.

    Each bracket taxes the income between its threshold and the next at its rate, a year being
    twelve equal months; the payroll tax is added on all of it.

    Parameters
    ----------
    income_cents : array_like of int
        Earned income of a month, in cents.
    parameters : TaxParameters
        Brackets, and the payroll tax.

    Examples
    --------
    >>> flat = TaxParameters(thresholds=(0, 12_000), rates=(0.0, 0.2), payroll=0.1)
    >>> tax_due([100_000, 300_000], flat).tolist()  # 1,000 and 3,000 a month
    [10000, 70000]
    """
    monthly = in_currency(income_cents)
    lows = np.array(parameters.thresholds) / _MONTHS
    highs = np.append(lows[1:], np.inf)
    inside = np.clip(monthly[..., None], lows, highs) - lows
    return in_cents(inside @ np.array(parameters.rates) + parameters.payroll * monthly)


def marginal_rate(income_cents: ArrayLike, parameters: TaxParameters) -> Float:
    """Return the share that taxes take of one more unit of monthly earned income.

    Examples
    --------
    >>> flat = TaxParameters(thresholds=(0, 12_000), rates=(0.0, 0.2), payroll=0.1)
    >>> marginal_rate([99_900, 100_100], flat).round(2).tolist()
    [0.1, 0.3]
    """
    lows = np.array(parameters.thresholds) / _MONTHS
    bracket = np.searchsorted(lows, in_currency(income_cents), side="right") - 1
    rates: Float = np.array(parameters.rates)[np.maximum(bracket, 0)] + parameters.payroll
    return rates


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSchedule:
    """A transfer that is paid each month: how much, when, and how it falls with income.

    Parameters
    ----------
    amount : float
        Currency a month for somebody without earned income.
    first_month : int, default 0
        Month in which it is first paid, 0 for the first of the run.
    months : int, optional
        For how many months; without it it does not end.
    taper : float, default 0
        Share of earned income by which it falls, in [0, 1]: 0 for a basic income, more for a
        negative income tax.

    Raises
    ------
    ConfigError
        If a number is outside its range.

    Examples
    --------
    >>> TransferSchedule(amount=1000, first_month=12, months=36).is_paid(47)
    True
    """

    amount: float
    first_month: int = 0
    months: int | None = None
    taper: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not (np.isfinite(self.amount) and self.amount >= 0):
            message = f"amount must be 0 or more, got {self.amount!r}"
            raise ConfigError(message)
        if self.first_month < 0 or (self.months is not None and self.months < 0):
            message = (
                "first_month and months must be 0 or more, got "
                f"{self.first_month!r} and {self.months!r}"
            )
            raise ConfigError(message)
        if not 0 <= self.taper <= 1:
            message = f"taper must be in [0, 1], got {self.taper!r}"
            raise ConfigError(message)

    def is_paid(self, month: int) -> bool:
        """Tell whether it is paid in a month, 0 for the first of the run."""
        since = month - self.first_month
        return since >= 0 and (self.months is None or since < self.months)


def transfer_due(
    earned_cents: ArrayLike, schedule: TransferSchedule, *, month: int, is_entitled: ArrayLike
) -> Int:
    """Return what people are paid of a transfer in a month, in cents.

    Parameters
    ----------
    earned_cents : array_like of int
        Earned income of the month, in cents.
    schedule : TransferSchedule
        The transfer.
    month : int
        The month, 0 for the first of the run.
    is_entitled : array_like of bool
        Who gets it.

    Examples
    --------
    >>> negative_tax = TransferSchedule(amount=500, taper=0.5)
    >>> transfer_due([0, 60_000, 200_000], negative_tax, month=0, is_entitled=True).tolist()
    [50000, 20000, 0]
    """
    if not schedule.is_paid(month):
        return np.zeros(np.shape(earned_cents), dtype=np.int64)
    due = in_cents(schedule.amount - schedule.taper * in_currency(earned_cents))
    return np.where(is_entitled, np.maximum(due, 0), 0).astype(np.int64)


def levy_rate(cost_cents: int, income_cents: ArrayLike) -> float:
    """Return the rate on incomes that pays a cost, 1 at most.

    Examples
    --------
    >>> levy_rate(500, [1000, 4000]), levy_rate(500, [0, 100])
    (0.1, 1.0)
    """
    base = int(np.maximum(np.asarray(income_cents, dtype=np.int64), 0).sum())
    return min(cost_cents / base, 1.0) if base > 0 else float(cost_cents > 0)
