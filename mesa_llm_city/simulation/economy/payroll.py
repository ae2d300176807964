"""What everybody earns and owes in a month, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.economy import in_cents, in_currency, personal_cushion, tax_due
from mesa_llm_city.simulation.economy.payday import Payroll
from mesa_llm_city.simulation.economy.purse import Purse
from mesa_llm_city.simulation.economy.town_accounts import TownAccounts

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["payroll_of", "wished_savings"]


def payroll_of(town: TownAccounts, agents: Sequence[CityAgent]) -> Payroll:
    """Return what people with an account earn and owe.

    Those who work for a wage earn it in proportion to the hours they have chosen; the income of
    all others is a benefit or pension.

    Parameters
    ----------
    town : TownAccounts
        Accounts and purses.
    agents : sequence of CityAgent
        People with a purse.
    """
    households = [f"{one.persona.household.id}:{one.persona.home}" for one in agents]
    names, number = np.unique(np.array(households, dtype=str), return_inverse=True)
    income = in_cents([one.persona.income * town.numbers.median_income for one in agents])
    earns = np.array([one.persona.is_employed for one in agents], dtype=np.bool_)
    share = np.array([_share(town.purses[one.person]) for one in agents], dtype=np.float64)
    usual = np.bincount(number, income, len(names)).astype(np.int64)
    rents = [town.rent(name, int(usual[row])) for row, name in enumerate(names)]
    return Payroll(
        account=_whole([town.row(one.person) for one in agents]),
        employer=_whole([town.employer(one) for one in agents]),
        wage=_whole(np.where(earns, in_cents(share * in_currency(income)), 0)),
        benefit=_whole(np.where(earns, 0, income)),
        household=_whole(number),
        rent=_whole(rents),
    )


def wished_savings(town: TownAccounts, agents: Sequence[CityAgent]) -> Int:
    """Return the savings that people wish for, in cents, with which they begin.

    They are months of income after taxes and an equal share of the rent. Who comes of age begins
    with nothing.

    Parameters
    ----------
    town, agents
        As for `payroll_of`.
    """
    people = payroll_of(town, agents)
    net = people.wage + people.benefit - tax_due(people.wage, town.numbers.tax)
    sizes = np.bincount(people.household, minlength=len(people.rent))
    rent = (people.rent / np.maximum(sizes, 1))[people.household]
    cushion = personal_cushion(town.traits("economy.cushion", agents), town.numbers.spending)
    savings = in_cents(cushion * in_currency(_whole(np.maximum(net - rent, 0))))
    is_grown_up = [one.age > town.numbers.adult_from for one in agents]
    return _whole(np.where(is_grown_up, savings, 0))


def _share(purse: Purse) -> float:
    """Return hours over the usual ones."""
    return purse.hours / purse.usual_hours if purse.usual_hours > 0.0 else 0.0


def _whole(values: object) -> Int:
    return np.array(values).astype(np.int64)
