"""The two choices of everybody in a month, by rule in columns or by a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.economy import (
    WEEKS_PER_MONTH,
    SpendingFacts,
    WorkFacts,
    buffer_stock_spending,
    hours_by_rule,
    in_currency,
    marginal_rate,
    power_hours,
    power_spending,
    wished_hours,
)

if TYPE_CHECKING:
    from mesa_llm_city.models.basic_income.model import BasicIncome

__all__ = ["choose_hours", "choose_spending"]


def choose_hours(model: BasicIncome, due: Int) -> Float:
    """Return the hours a week of everybody this month, by rule or by a language model.

    A levy counts as income lost, as far as that of last month goes on.

    Parameters
    ----------
    model : BasicIncome
        The model, before wages are paid.
    due : ndarray of int64, shape (n,)
        Transfers of the month, in cents.
    """
    people, numbers = model.people, model.parameters.economy.work
    n = len(people)
    draws = model.uniforms("basic_income.work", n)[:, 0]
    usual = people.usual_cents
    levy = model.levy if model.is_paying else 0.0
    unearned = in_currency(due) - levy * in_currency(usual)
    kept = 1.0 - levy / np.maximum(1.0 - marginal_rate(usual, model.parameters.economy.tax), 1e-9)
    kept = np.maximum(kept, 0.0)
    savings = in_currency(model.market.savings)
    if model.asks("work"):
        return _ask_hours(model, unearned, kept, savings, draws)
    if numbers.rule == "power":
        full = people.wage * numbers.week_hours * WEEKS_PER_MONTH
        hours = power_hours(full, savings, draws, numbers)
        return np.where(people.usual_hours > 0.0, hours, 0.0)
    wished = wished_hours(
        people.usual_hours,
        wage=people.wage,
        unearned=unearned,
        kept=kept,
        effect=people.effect,
        parameters=numbers,
    )
    return hours_by_rule(model.weekly_hours, wished, draws, numbers)


def _ask_hours(
    model: BasicIncome, unearned: Float, kept: Float, savings: Float, draws: Float
) -> Float:
    people, who = model.people, np.flatnonzero(model.people.usual_hours > 0.0)
    facts = [
        WorkFacts(
            usual_hours=float(people.usual_hours[i]),
            hours=float(model.weekly_hours[i]),
            wage=float(people.wage[i]),
            unearned=float(unearned[i]),
            kept=float(kept[i]),
            effect=float(people.effect[i]),
            savings=float(savings[i]),
        )
        for i in who
    ]
    decided = model.decide(
        who.tolist(),
        (
            model.work_choice.offer(one, draw=float(draws[i]), person=model.describe(i))
            for i, one in zip(who.tolist(), facts, strict=True)
        ),
    )
    hours = np.zeros(len(people))
    hours[who] = [one.hours for one in decided]
    return hours


def choose_spending(model: BasicIncome, own: Float, transfers: Float, savings: Float) -> Float:
    """Return what everybody wishes to spend this month, in currency.

    Parameters
    ----------
    model : BasicIncome
        The model, after rents are paid.
    own : ndarray of float64, shape (n,)
        Income of the month after taxes and rent.
    transfers : ndarray of float64, shape (n,)
        Transfers of the month less levies.
    savings : ndarray of float64, shape (n,)
        Savings when the month began.
    """
    numbers, people = model.parameters.economy.spending, model.people
    if model.asks("spend"):
        return _ask_spending(model, own, transfers, savings)
    if numbers.rule == "power":
        price = float(model.market.price.mean())
        return power_spending(price, own + transfers, savings, numbers)
    return buffer_stock_spending(
        own,
        transfers,
        savings,
        cushion=people.cushion,
        least=numbers.least * model.parameters.economy.median_income,
        parameters=numbers,
    )


def _ask_spending(model: BasicIncome, own: Float, transfers: Float, savings: Float) -> Float:
    people, price = model.people, float(model.market.price.mean())
    facts = [
        SpendingFacts(
            disposable=float(own[i]),
            transfers=float(transfers[i]),
            savings=float(savings[i]),
            cushion=float(people.cushion[i]),
            price=price,
            rent=float(in_currency(people.rent_cents[i])),
        )
        for i in range(len(people))
    ]
    decided = model.decide(
        range(len(people)),
        (
            model.spending_choice.budget(one, person=model.describe(i))
            for i, one in enumerate(facts)
        ),
    )
    return np.array([one.amount for one in decided])
