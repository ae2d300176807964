"""Parameters of the two choices of an economy: how much to work and how much to spend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect

__all__ = ["SpendingParameters", "WorkParameters"]

_ECONAGENT = "EconAgent (Li et al. 2024, ACL, 15523-15536)"
_CARROLL = "Carroll et al. 2017, Quant. Econ. 8(3), 977-1020"


class WorkParameters(Branch):
    """How many hours people work."""

    rule: Literal["income_effect", "power"] = parameter(
        "income_effect",
        "What hours follow: unearned income (income_effect), or wage over wealth (power)",
        unit="",
        source=f"income_effect: Imbens, Rubin and Sacerdote 2001; power: {_ECONAGENT}",
    )
    income_effect: float = parameter(
        0.11,
        "Mean share of unearned income by which people let earnings fall",
        ge=0,
        le=1,
        source="winners of a lottery (Imbens, Rubin and Sacerdote 2001, Am. Econ. Rev. 91(4), "
        "778-794)",
    )
    effect_spread: float = parameter(
        0.8,
        "Standard deviation of the logarithm of the income effect between people; their mean stays",
        unit="ln",
        ge=0,
    )
    wage_elasticity: float = parameter(
        0.33,
        "Elasticity of hours to what is left of a wage after taxes and levies",
        ge=0,
        source="Hicksian, intensive margin (Chetty 2012, Econometrica 80(3), 969-1018)",
    )
    adjusting: float = parameter(
        0.1,
        "Share of people who can change their hours in a month; the others keep theirs",
        unit="1/month",
        ge=0,
        le=1,
        source="assumption: frictions of a year or so, as Chetty 2012 infers them",
    )
    least_hours: float = parameter(
        8.0, "Hours below which people rather do not work at all", unit="h/week", ge=0
    )
    most_hours: float = parameter(60.0, "Greatest number of hours", unit="h/week", gt=0, le=168)
    week_hours: float = parameter(
        40.0, "Hours of somebody who works full time", unit="h/week", gt=0, le=168
    )
    day_step_min: int = parameter(
        30,
        "Step in which days of work get shorter or longer when hours change",
        unit="min",
        ge=1,
        le=240,
    )
    power: float = parameter(
        0.1, "Exponent of the rule power", ge=0, source=f"{_ECONAGENT}, code of its rules"
    )
    step: float = parameter(
        0.02,
        "Step in which a language model names the share of full-time work",
        gt=0,
        le=0.5,
        source=_ECONAGENT,
    )
    prompt_most: float = parameter(
        1.5, "Greatest share of full-time work that a language model can name", gt=0, le=4
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield a least that is above the most."""
        if self.least_hours > self.most_hours:
            problem = f"got {self.least_hours:g}; accepted is at most most_hours"
            yield Defect("least_hours", f"{problem}, {self.most_hours:g}")


class SpendingParameters(Branch):
    """How much people spend in a month besides rent."""

    rule: Literal["buffer_stock", "power"] = parameter(
        "buffer_stock",
        "What spending follows: a cushion of savings, or a power of price over wealth",
        unit="",
        source=f"buffer_stock: Carroll 1997, Q. J. Econ. 112(1), 1-55; power: {_ECONAGENT}",
    )
    of_savings: float = parameter(
        0.03,
        "Share of the savings beyond the cushion that is spent in a month",
        unit="1/month",
        gt=0,
        le=1,
        source=f"assumption: 31 % a year, within .1-.4 of surveys ({_CARROLL})",
    )
    of_transfers: float = parameter(
        0.25,
        "Share of a transfer that counts as income and is spent at once; the rest is saved first",
        ge=0,
        le=1,
        source=f"assumption: the middle of .1-.4 ({_CARROLL})",
    )
    cushion_months: float = parameter(
        1.5, "Median of the wished savings, in months of income", unit="months", ge=0
    )
    cushion_spread: float = parameter(
        1.0,
        "Standard deviation of the logarithm of the wished savings between people",
        unit="ln",
        ge=0,
    )
    least: float = parameter(
        0.1, "What people spend at least, if they have it", unit="median incomes", ge=0
    )
    power: float = parameter(
        0.1, "Exponent of the rule power", ge=0, source=f"{_ECONAGENT}, code of its rules"
    )
    step: float = parameter(
        0.02,
        "Step in which a language model names the share of money to spend",
        gt=0,
        le=0.5,
        source=_ECONAGENT,
    )
