"""Parameters of the economy: money, work, spending, rents, taxes, prices and financial stress."""

from mesa_llm_city.parameters.base import Branch, parameter, switch
from mesa_llm_city.parameters.economy.choices import SpendingParameters, WorkParameters
from mesa_llm_city.parameters.economy.payments import (
    FareParameters,
    PriceParameters,
    RentParameters,
    ShoppingParameters,
    TaxParameters,
)

__all__ = [
    "EconomyParameters",
    "FareParameters",
    "PriceParameters",
    "RentParameters",
    "ShoppingParameters",
    "SpendingParameters",
    "StressParameters",
    "TaxParameters",
    "WorkParameters",
]


class StressParameters(Branch):
    """How little money weighs on people, and how they get used to it."""

    months: float = parameter(
        3.0,
        "Savings from which money is no worry, in months of costs",
        unit="months",
        gt=0,
        source="rule of thumb of financial advice (three to six months of expenses)",
    )
    half_life_months: float = parameter(
        31.7,
        "Time in which half of a change of stress has become usual",
        unit="months",
        gt=0,
        source="65 % of the effect of income is lost in four years (Di Tella, Haisken-DeNew and "
        "MacCulloch 2010, J. Econ. Behav. Organ. 76(3), 834-852)",
    )


class EconomyParameters(Branch):
    """Money: what people earn, pay, spend and save. Read only where there is an economy."""

    enabled: bool = switch(
        "Whether a city has an economy where `CityModel(economy=...)` is not given", default=False
    )
    median_income: float = parameter(
        3600.0,
        "Median income of the employed, before taxes",
        unit="currency/month",
        gt=0,
        source="43,223 dollars a year, United States 2023 (Social Security Administration, "
        "median net compensation)",
    )
    interest: float = parameter(
        0.0, "Yearly interest on savings, paid month by month", unit="1/year", ge=0, le=1
    )
    adult_from: int = parameter(
        18, "Age from which people have an account of their own", unit="years", ge=0
    )
    work: WorkParameters = WorkParameters()
    spending: SpendingParameters = SpendingParameters()
    rent: RentParameters = RentParameters()
    tax: TaxParameters = TaxParameters()
    shopping: ShoppingParameters = ShoppingParameters()
    fares: FareParameters = FareParameters()
    prices: PriceParameters = PriceParameters()
    stress: StressParameters = StressParameters()
