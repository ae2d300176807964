"""Effects in the trial, with intervals, beside those of the published one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from mesa_llm_city.models.basic_income.model import OUTCOMES, BasicIncome

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GIVEN", "PUBLISHED", "Effect", "Published", "compared", "effect", "effects_by_year"]

_YEAR = 12
_NORMAL_95 = 1.959964


class Published(NamedTuple):
    """A figure of the published trial.

    Attributes
    ----------
    low, high : float
        The figure, or its range, in the unit of the comparison.
    unit : str
        Unit of `low` and `high`.
    source : str
        Publication it is taken from.
    """

    low: float
    high: float
    unit: str
    source: str

    @property
    def words(self) -> str:
        """The figure or its range, such as ``"-1.4 to -1.3"``."""
        ends = f"{self.low:+,g}", f"{self.high:+,g}"
        return ends[0] if self.low == self.high else " to ".join(ends)


_WORK = "Vivalt, Rhodes, Bartik, Broockman and Miller 2024, NBER 32719, abstract of July 2024"

PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        "hours": Published(-1.4, -1.3, "h/week", _WORK),
        "working": Published(-2.0, -2.0, "points", _WORK),
        "earnings": Published(-1500.0, -1500.0, "currency/year", _WORK),
        "spending": Published(
            300.0,
            310.0,
            "currency/month",
            "Bartik, Rhodes, Broockman, Krause, Miller and Vivalt 2024, NBER 32784: measured; "
            "corrected for what is not reported, 0.65 to 0.81 of the transfer",
        ),
    }
)
"""Effects of 1,000 dollars a month against 50 over three years, in two states of the US."""

GIVEN = (
    "amounts, length, share treated, ages and the level of incomes are those of the trial; "
    "the income effect is that of a lottery, getting used to it that of a panel, and what is "
    "spent of a transfer an assumption: no number was fitted to the trial's effects"
)
"""What the model was given, for the comparison."""

_FACTOR = {"working": 100.0, "earnings": 12.0}


class Effect(NamedTuple):
    """A difference between those treated and the others, with a 95 % interval.

    Attributes
    ----------
    value, low, high : float
        In the unit of the outcome.
    """

    value: float
    low: float
    high: float


def effect(model: BasicIncome, outcome: str, *, first: int, last: int) -> Effect:
    """Return the effect of the transfer on an outcome in some months.

    It is the difference of two changes: from before the first transfer until these months, of
    those treated and of the others. The interval is normal, with the spread within both groups.

    Parameters
    ----------
    model : BasicIncome
        A model of the arm ``"trial"`` that has run beyond `last`.
    outcome : str
        One of `OUTCOMES`, or ``"working"``.
    first, last : int
        Months since the first transfer, 0 for that of the first; `last` is not included.

    Raises
    ------
    ConfigError
        If the model is no trial, or has not run so far.
    """
    if model.arm != "trial" or not 0 < model.first_month < model.month:
        message = f"effects need a trial with months before the transfer, got arm {model.arm!r}"
        raise ConfigError(message)
    begin = model.first_month
    if begin + last > model.month:
        message = f"month {last} after the first transfer lies ahead; the model is at {model.month}"
        raise ConfigError(message)
    rows = _values(model, outcome)
    change = _mean(rows[begin + first : begin + last]) - _mean(rows[:begin])
    treated, others = change[model.is_treated], change[~model.is_treated]
    value = float(treated.mean() - others.mean())
    spread = np.sqrt(treated.var(ddof=1) / len(treated) + others.var(ddof=1) / len(others))
    half = _NORMAL_95 * float(spread)
    return Effect(value, value - half, value + half)


def _values(model: BasicIncome, outcome: str) -> Float:
    """Return an outcome in the unit of the comparison, shape (months, people)."""
    name = "hours" if outcome == "working" else outcome
    rows = model.outcomes[:, OUTCOMES.index(name)]
    rows = (rows > 0.0).astype(np.float64) if outcome == "working" else rows
    return np.asarray(rows * _FACTOR.get(outcome, 1.0), dtype=np.float64)


def _mean(rows: Float) -> Float:
    """Return the mean of everybody over the months with a value."""
    kept = rows[~np.isnan(rows).all(axis=1)]
    return np.asarray(kept.mean(axis=0))


def effects_by_year(model: BasicIncome, outcome: str) -> pd.DataFrame:
    """Return the effect in each year of the transfer: year, value, low, high."""
    import pandas as pd

    years = min(model.paid_months or model.month, model.month - model.first_month) // _YEAR
    rows = [
        (year + 1, *effect(model, outcome, first=year * _YEAR, last=(year + 1) * _YEAR))
        for year in range(years)
    ]
    return pd.DataFrame(rows, columns=["year", "value", "low", "high"])


def compared(model: BasicIncome) -> pd.DataFrame:
    """Return the effects of the model beside those published, over all months of the transfer.

    Columns: outcome, unit, published_low, published_high, found, low, high, source.
    """
    import pandas as pd

    last = min(model.paid_months or model.month, model.month - model.first_month)
    rows = [
        (name, one.unit, one.low, one.high, *effect(model, name, first=0, last=last), one.source)
        for name, one in PUBLISHED.items()
    ]
    columns = ["outcome", "unit", "published_low", "published_high", "found", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "source"])
