"""A basic income on the command line and in the browser: ``mesa-llm-city run basic_income``."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.models.basic_income.model import BasicIncome
from mesa_llm_city.models.basic_income.pictures import figure
from mesa_llm_city.models.basic_income.trial import GIVEN, PUBLISHED, compared, effects_by_year

from mesa_llm_city.experiments.model_program import Lever, ModelProgram

__all__ = ["PROGRAM"]


def _key_figures(model: BasicIncome) -> Mapping[str, str]:
    history = model.history()
    last = history.iloc[-1]
    figures = {
        "spending": f"{last['spending']:,.0f} a month at last, {last['hours']:.1f} h a week",
        "money": f"{model.market.accounts.issued / 100:,.0f} on all accounts, of which transfers "
        f"have brought {model.issued_by_transfers:,.0f}",
        "price": f"{last['price']:.3f} of the first",
    }
    if model.arm != "trial" or not 0 < model.first_month < model.month:
        return figures
    for row in compared(model).itertuples():
        figures[str(row.outcome)] = (
            f"{row.found:+,.2f} ({row.low:+,.2f} to {row.high:+,.2f}) {row.unit}; published "
            f"{PUBLISHED[str(row.outcome)].words}"
        )
    years = ", ".join(f"{one:+.2f}" for one in effects_by_year(model, "ces_d")["value"])
    figures["symptoms"] = (
        f"effect by year {years} points of 60" if years else "paid for no full year"
    )
    figures["given"] = GIVEN
    return figures


PROGRAM = ModelProgram(
    name="basic_income",
    model=BasicIncome,
    options={
        "people": "Number of people",
        "months": "Length of the run, in months",
        "arm": "trial, funded (a levy on wages), issued (new money) or none",
        "amount": "Transfer, currency a month; 1000 in a trial and 300 in a town by default",
        "control": "What the others get in a trial, currency a month",
        "treated": "Share of people who get the transfer in a trial",
        "first_month": "Month of the first transfer, 0 for the first of the run",
        "paid_months": "For how many months it is paid",
    },
    draw=figure,
    key_figures=_key_figures,
    levers=(
        Lever(name="amount", label="Transfer, currency a month", low=0.0, high=2000.0, step=50.0),
        Lever(
            name="economy.work.income_effect",
            label="Share of a transfer that people earn less",
            low=0.0,
            high=0.5,
            step=0.01,
        ),
        Lever(
            name="economy.spending.of_transfers",
            label="Share of a transfer that is spent at once",
            low=0.0,
            high=1.0,
        ),
        Lever(
            name="economy.stress.half_life_months",
            label="Months in which half of a change is usual",
            low=1.0,
            high=120.0,
            step=1.0,
        ),
    ),
)
