"""Parameters of what is paid: rents, taxes, shopping, fares, prices and transfers."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter, switch
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = [
    "FareParameters",
    "PriceParameters",
    "RentParameters",
    "ShoppingParameters",
    "TaxParameters",
]


class RentParameters(Branch):
    """What a home costs; it is set when people move in, and does not follow a transfer."""

    share: float = parameter(
        0.3,
        "Share of the usual income of a household",
        ge=0,
        le=1,
        source="what counts as affordable in the United States (30 % of income, HUD)",
    )
    least: float = parameter(0.1, "Least rent of a household", unit="median incomes", ge=0)


class TaxParameters(Branch):
    """Taxes on earned income: a schedule of brackets, and a payroll tax on all of it."""

    thresholds: tuple[float, ...] = parameter(
        (0.0, 14_600.0, 26_200.0, 61_750.0, 115_125.0, 206_550.0, 258_325.0, 623_950.0),
        "Income from which each rate holds",
        unit="currency/year",
        source="United States 2024, single, standard deduction included (IRS, Rev. Proc. 2023-34)",
    )
    rates: tuple[float, ...] = parameter(
        (0.0, 0.10, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37),
        "Rate of each bracket, on what lies between its threshold and the next",
        source="as the thresholds",
    )
    payroll: float = parameter(
        0.0765,
        "Rate on all earned income",
        ge=0,
        le=1,
        source="share of employees in social security and Medicare, United States 2024",
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield thresholds that do not rise from 0, and rates that do not belong to them."""
        steps = zip(self.thresholds, self.thresholds[1:], strict=False)
        if not self.thresholds or self.thresholds[0] != 0 or any(b <= a for a, b in steps):
            yield Defect(
                "thresholds", f"got {self.thresholds}; accepted are rising numbers from 0 on"
            )
        if len(self.rates) != len(self.thresholds):
            problem = f"there are {len(self.rates)}, and thresholds {len(self.thresholds)}"
            yield Defect("rates", f"{problem}; give one rate a threshold")
        if not all(0 <= rate <= 1 for rate in self.rates):
            yield Defect("rates", f"got {self.rates}; accepted are numbers from 0 to 1")


class ShoppingParameters(Branch):
    """What a visit costs. What is left of a month's budget is spent on bills and orders."""

    per_visit: FrozenMap[str, float] = parameter(
        FrozenMap({"shopping": 0.012, "meal": 0.005, "leisure": 0.005, "sport": 0.003}),
        "Usual cost of a visit at a place of middle price; nothing for other purposes",
        unit="median incomes",
        ge=0,
        keys="purposes",
        source="assumption: about 43 a purchase and 18 a meal at 3,600 a month",
    )
    cheapest: float = parameter(
        0.5, "Cost at a place of price 0, over that at a place of middle price", ge=0
    )
    dearest: float = parameter(
        1.5, "Cost at a place of price 1, over that at a place of middle price", ge=0
    )
    least_share: float = parameter(
        0.25, "Least share of the usual cost that somebody spends who has to save", ge=0, le=1
    )
    most_share: float = parameter(
        4.0, "Greatest multiple of the usual cost that somebody spends", ge=1
    )


class FareParameters(Branch):
    """What trips cost; costs of modes are multiples of a train fare."""

    train_fare: float = parameter(
        0.001,
        "A train fare",
        unit="median incomes",
        ge=0,
        source="assumption: 3.60 at 3,600 a month, about a fare of US cities",
    )


class PriceParameters(Branch):
    """How prices follow demand, and wages the demand for work, where both may change."""

    flexible: bool = switch("Whether prices change", default=True)
    most_step: float = parameter(
        0.1,
        "Greatest change of a price in a month, if nothing of a good was bought or all of it",
        unit="1/month",
        ge=0,
        le=1,
        source="EconAgent (Li et al. 2024, ACL), code: 10 %",
    )
    response: float = parameter(
        0.5,
        "Share of the greatest change that is made, times the imbalance of demand and supply",
        ge=0,
        le=1,
        source="the mean of the uniform draw of EconAgent",
    )
