"""A basic income: work, spending and depressive symptoms, month by month, in a trial or a town."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.basic_income.ces_d import (
    ITEMS,
    DepressionScale,
    answers_by_rule,
    score,
)
from mesa_llm_city.models.basic_income.ces_d_prompt import ScalePrompt
from mesa_llm_city.models.basic_income.choices import choose_hours, choose_spending
from mesa_llm_city.models.basic_income.market import Market
from mesa_llm_city.models.basic_income.sample import People, SampleParameters, make_people
from numpy.typing import ArrayLike

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.economy import (
    SpendingChoice,
    SpendingPrompt,
    TransferSchedule,
    WorkChoice,
    WorkPrompt,
    adapted,
    felt_stress,
    in_currency,
    levy_rate,
    money_stress,
    transfer_due,
)
from mesa_llm_city.economy.money import MOST_CURRENCY
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.society import SocietyModel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ARMS", "OUTCOMES", "BasicIncome"]

ARMS = ("trial", "funded", "issued", "none")
"""A trial in an open town, everybody by a levy or by new money in a closed one, or nobody."""

OUTCOMES = ("spending", "hours", "earnings", "stress", "ces_d", "savings")
"""What is kept of every person and month; money in currency, hours a week."""

_Bool = np.ndarray[Any, np.dtype[np.bool_]]
_MONTH_MIN = round(365.25 / 12 * DAY_MIN)
_USUAL_AMOUNT = {"trial": 1000.0, "funded": 300.0, "issued": 300.0, "none": 0.0}


class BasicIncome(SocietyModel):
    """People who work, spend, save and worry, and get a basic income for some years.

    A step is a month: people choose hours, are paid and taxed, get transfers, pay rent, choose
    what to spend, and every few months answer a scale of depressive symptoms.

    Parameters
    ----------
    people : int, default 900
        Number of people.
    months : int, default 60
        Length of the run.
    arm : str, default "trial"
        One of `ARMS`. In the ``"trial"`` a third gets the transfer and the others `control`;
        both come from outside, prices are fixed. ``"funded"``: everybody gets it, from a levy
        on earnings; ``"issued"``: everybody gets it as new money; ``"none"``: nobody.
    amount : float, optional
        Transfer in currency a month: 1000 in the trial and 300 in a town by default.
    control : float, default 50
        What the others get in the trial.
    treated : float, default 1/3
        Share of people who get the transfer in the trial.
    first_month : int, default 12
        Month of the first transfer, 0 for the first of the run.
    paid_months : int or None, default 36
        For how many months it is paid; None for no end.
    sample : SampleParameters, optional
        Who the people are.
    rng, seed, llm, prompts, parameters
        As for `SocietyModel`; prompts are ``"work"``, ``"spend"`` and ``"scale"``.
    **kwargs
        Parameters by dotted name, such as ``**{"economy.work.income_effect": 0.2}``.

    Attributes
    ----------
    arm : str
        As given.
    amount : float
        As given; a lever.
    market : Market
        Accounts, prices and goods.
    is_treated : ndarray of bool, shape (n,)
        Who gets the transfer.
    weekly_hours : ndarray of float64, shape (n,)
        Hours of work a week of everybody now.
    outcomes : ndarray of float64, shape (months, outcomes, n)
        `OUTCOMES` of every person and month; NaN in months without survey.

    Examples
    --------
    >>> model = BasicIncome(60, 3, arm="issued", first_month=1, rng=7)
    >>> model.run_to_end()
    >>> model.market.accounts.balances.sum(), model.issued_by_transfers
    (0, 36000.0)
    """

    PROMPTS = ("work", "spend", "scale")
    STEP_MIN = _MONTH_MIN
    REPORTED = (
        *("month", "transfers", "spending", "units", "hours", "working", "earnings"),
        *("savings", "stress", "ces_d", "price", "levy"),
    )
    STATE = (
        "amount",
        "market",
        "weekly_hours",
        "usual_stress",
        "levy",
        "outcomes",
        "transfers",
        "units",
    )
    SHARED = ("people", "is_treated")
    LEVERS = ("amount",)

    def __init__(
        self,
        people: int = 900,
        months: int = 60,
        *,
        arm: str = "trial",
        amount: float | None = None,
        control: float = 50.0,
        treated: float = 1 / 3,
        first_month: int = 12,
        paid_months: int | None = 36,
        sample: SampleParameters | None = None,
        rng: int | np.random.Generator | None = None,
        seed: int | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        parameters: CityParameters | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        _check(people=people, months=months, arm=arm, treated=treated, first_month=first_month)
        _check_transfers(amount=amount, control=control, paid_months=paid_months)
        super().__init__(
            length=months,
            rng=rng,
            seed=seed,
            llm=llm,
            prompts=prompts,
            parameters=parameters,
            keywords=kwargs,
        )
        self.arm, self.control = arm, float(control)
        self.amount = _USUAL_AMOUNT[arm] if amount is None else float(amount)
        self.first_month, self.paid_months = first_month, paid_months
        self.sample = sample or SampleParameters()
        is_closed = arm != "trial"
        self.people: People = make_people(
            people,
            seed=self.first_seed,
            parameters=self.parameters,
            sample=self.sample,
            is_closed=is_closed,
        )
        self.is_treated: _Bool = self._treated(treated)
        self.market = Market(
            self.people, parameters=self.parameters, sample=self.sample, is_closed=is_closed
        )
        self.weekly_hours: Float = self.people.usual_hours.copy()
        self.levy, self.transfers, self.units = 0.0, 0.0, 0.0
        self.usual_stress: Float = self._stress()
        self.first_stress: Float = self.usual_stress.copy()
        self.outcomes: Float = np.full((months, len(OUTCOMES), people), np.nan)
        self.renew()

    def change(self, **values: object) -> None:
        """Change levers or parameters from now on (see `SocietyModel.change`)."""
        checks = OptionChecks()
        checks.number("amount", values.get("amount", self.amount), most=MOST_CURRENCY)
        checks.finish()
        super().change(**values)

    def _treated(self, share: float) -> _Bool:
        """Return who gets the transfer: exactly a share of the people in a trial."""
        n = len(self.people)
        if self.arm != "trial":
            return np.full(n, self.arm != "none")
        order = np.argsort(self.traits("basic_income.treated", n)[:, 0], kind="stable")
        chosen = np.zeros(n, dtype=np.bool_)
        chosen[order[: round(share * n)]] = True
        return chosen

    def renew(self) -> None:
        """Make the two choices and the scale anew, from the parameters there are now."""
        tree = self.parameters
        self.market.renew(tree)
        self.work_choice = self.prompted("work", WorkChoice(tree), WorkPrompt(tree))
        self.spending_choice = self.prompted("spend", SpendingChoice(tree), SpendingPrompt(tree))
        self._scale = self.prompted("scale", DepressionScale(), ScalePrompt())

    @property
    def month(self) -> int:
        """Months that have passed."""
        return self.minute // self.STEP_MIN

    @property
    def is_paying(self) -> bool:
        """Whether the transfer is paid in this month."""
        return self._schedule(self.amount).is_paid(self.month)

    @property
    def issued_by_transfers(self) -> float:
        """Money that transfers have brought into the town, in currency."""
        at_start = self.market.accounts.log.of("start")[2].sum()
        return float(in_currency(self.market.accounts.issued - at_start))

    def _schedule(self, amount: float) -> TransferSchedule:
        return TransferSchedule(
            amount=amount, first_month=self.first_month, months=self.paid_months
        )

    def live(self) -> None:
        """Let a month pass: work, wages, taxes, transfers, rents, shopping, dividends."""
        market, minute = self.market, self.minute
        due = self._due()
        before = market.savings.copy()
        self.weekly_hours = choose_hours(self, due)
        earned = market.pay_wages(self.weekly_hours, minute)
        # New money pays for a trial and where it is issued; else a levy on what was earned.
        is_issued = self.arm != "funded"
        self.levy = 0.0 if is_issued else levy_rate(int(due.sum()), earned)
        taxes, levies = market.collect(earned, self.levy, minute)
        paid = market.transfer(due, is_issued=is_issued, minute=minute)
        support = market.support(minute)
        rent, owned = market.pay_rents(minute)
        own = in_currency(earned - taxes + support + owned - rent)
        # A levy is taken for what it pays: a transfer the other way round.
        budgets = choose_spending(self, own, in_currency(paid - levies), in_currency(before))
        spent = market.sell(budgets, minute)
        market.pay_dividends(minute)
        self.transfers, self.units = float(in_currency(paid).mean()), market.sold / len(paid)
        self._observe(spent, earned)

    def _due(self) -> Int:
        """Return the transfers of this month, in cents."""
        none = np.zeros(len(self.people), dtype=np.int64)
        amounts = [(self.amount, self.is_treated)]
        if self.arm == "trial":
            amounts.append((self.control, ~self.is_treated))
        for amount, who in amounts:
            schedule = self._schedule(amount)
            none += transfer_due(none, schedule, month=self.month, is_entitled=who)
        return none

    def _stress(self) -> Float:
        """Return the stress of everybody by savings now."""
        people, numbers = self.people, self.parameters.economy
        costs = in_currency(people.rent_cents) + numbers.spending.least * numbers.median_income
        return money_stress(in_currency(self.market.savings), costs, numbers.stress)

    def _observe(self, spent: Int, earned: Int) -> None:
        """Keep the outcomes of the month, with a survey where one is due."""
        now = self._stress()
        felt = felt_stress(now, self.usual_stress, self.first_stress)
        self.usual_stress = adapted(self.usual_stress, now, self.parameters.economy.stress)
        rows = {
            "spending": in_currency(spent),
            "hours": self.weekly_hours,
            "earnings": in_currency(earned),
            "stress": felt,
            "savings": in_currency(self.market.savings),
        }
        for name, values in rows.items():
            self.outcomes[self.month, OUTCOMES.index(name)] = values
        if (self.month + 1) % self.sample.survey_every == 0:
            self.outcomes[self.month, OUTCOMES.index("ces_d")] = self._survey(felt)

    def _survey(self, felt: Float) -> Float:
        """Return the score of everybody on the scale of depressive symptoms, from 0 to 60."""
        n, distress = len(self.people), self.distress(felt)
        draws = self.uniforms("basic_income.scale", n, len(ITEMS))
        if not self.asks("scale"):
            return _floats(score(answers_by_rule(distress, draws)))
        replies = self.decide(
            range(n),
            (
                self._scale.answer(
                    float(distress[i]), draws=draws[i].tolist(), person=self.describe(i)
                )
                for i in range(n)
            ),
        )
        return _floats(score([one.answers for one in replies]))

    def distress(self, felt: Float) -> Float:
        """Return the distress of everybody, in standard deviations between people."""
        return _floats(self.people.trait + self.sample.stress_weight * felt)

    def describe(self, person: int) -> str:
        """Return a person and how money is now, in words."""
        people, at = self.people, person
        paid = float(in_currency(self._due()[at])) if self.is_paying else 0.0
        works = (
            f"usually works {people.usual_hours[at]:.0f} hours a week at "
            f"{people.wage[at]:.2f} an hour"
            if people.usual_hours[at] > 0.0
            else "usually does not work"
        )
        return (
            f"A {people.age[at]}-year-old who {works}. Savings "
            f"{in_currency(self.market.savings[at]):.0f}, rent "
            f"{in_currency(people.rent_cents[at]):.0f} a month, transfers {paid:.0f} a month."
        )

    # What is reported of the month that has just passed.

    def _mean(self, name: str) -> float:
        rows = self.outcomes[: max(self.month, 1), OUTCOMES.index(name)]
        return float(np.mean(rows[-1]))

    @property
    def spending(self) -> float:
        """Mean spending on goods in the last month, in currency."""
        return self._mean("spending")

    @property
    def hours(self) -> float:
        """Mean hours of work a week, 0 of those who do not work."""
        return float(np.mean(self.weekly_hours))

    @property
    def earnings(self) -> float:
        """Mean earnings of the last month before taxes, in currency."""
        return self._mean("earnings")

    @property
    def working(self) -> float:
        """Share of people who work."""
        return float(np.mean(self.weekly_hours > 0.0))

    @property
    def savings(self) -> float:
        """Mean savings, in currency."""
        return self._mean("savings")

    @property
    def stress(self) -> float:
        """Mean financial stress that is felt, in [0, 1]."""
        return self._mean("stress")

    @property
    def ces_d(self) -> float:
        """Mean score of depressive symptoms, 0 to 60; NaN in months without survey."""
        return self._mean("ces_d")

    @property
    def price(self) -> float:
        """Mean price of goods, 1 at first."""
        return float(self.market.price.mean())

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return group means by month, flows of money by month, and all accounts."""
        from mesa_llm_city.models.basic_income.tables import flows, groups

        return {
            "groups": groups(self),
            "flows": flows(self.market.accounts, self.STEP_MIN),
            "accounts": self.market.accounts.to_frame(),
        }


def _floats(values: ArrayLike) -> Float:
    return np.asarray(values, dtype=np.float64)


def _check(*, people: int, months: int, arm: str, treated: float, first_month: int) -> None:
    checks = OptionChecks()
    checks.whole("people", people, least=1)
    checks.whole("months", months)
    checks.one_of("arm", arm, ARMS)
    checks.number("treated", treated)
    checks.whole("first_month", first_month, least=0)
    checks.finish()
    if not 0.0 < treated < 1.0:
        message = f"treated must be a share between 0 and 1, got {treated!r}"
        raise ConfigError(message)


def _check_transfers(*, amount: float | None, control: float, paid_months: int | None) -> None:
    checks = OptionChecks()
    for name, currency in (("amount", amount), ("control", control)):
        if currency is not None:
            checks.number(name, currency, most=MOST_CURRENCY)
    if paid_months is not None:
        checks.whole("paid_months", paid_months, least=0)
    checks.finish()
