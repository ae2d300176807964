"""Economy: accounts that lose nothing, taxes and transfers, work, spending, prices and stress.

Numbers are in `CityParameters.economy`. Amounts on accounts are whole cents; rules reckon in units
of the currency (`in_cents`, `in_currency`).
"""

from mesa_llm_city.economy.accounts import ISSUER, Accounts
from mesa_llm_city.economy.finances import Finances, Means
from mesa_llm_city.economy.money import affordable, in_cents, in_currency, split
from mesa_llm_city.economy.payment_log import PaymentColumns, PaymentLog
from mesa_llm_city.economy.prices import imbalance, next_price
from mesa_llm_city.economy.schedules import (
    TransferSchedule,
    levy_rate,
    marginal_rate,
    tax_due,
    transfer_due,
)
from mesa_llm_city.economy.spending import (
    buffer_stock_spending,
    personal_cushion,
    power_spending,
)
from mesa_llm_city.economy.spending_choice import (
    SpendingChoice,
    SpendingDecision,
    SpendingFacts,
)
from mesa_llm_city.economy.spending_prompt import SpendingPrompt, SpendingReply
from mesa_llm_city.economy.stress import adapted, felt_stress, money_stress
from mesa_llm_city.economy.work import (
    WEEKS_PER_MONTH,
    hours_by_rule,
    personal_effect,
    power_hours,
    wage_per_hour,
    wished_hours,
)
from mesa_llm_city.economy.work_choice import WorkChoice, WorkDecision, WorkFacts
from mesa_llm_city.economy.work_prompt import WorkPrompt, WorkReply, work_reply

__all__ = [
    "ISSUER",
    "WEEKS_PER_MONTH",
    "Accounts",
    "Finances",
    "Means",
    "PaymentColumns",
    "PaymentLog",
    "SpendingChoice",
    "SpendingDecision",
    "SpendingFacts",
    "SpendingPrompt",
    "SpendingReply",
    "TransferSchedule",
    "WorkChoice",
    "WorkDecision",
    "WorkFacts",
    "WorkPrompt",
    "WorkReply",
    "adapted",
    "affordable",
    "buffer_stock_spending",
    "felt_stress",
    "hours_by_rule",
    "imbalance",
    "in_cents",
    "in_currency",
    "levy_rate",
    "marginal_rate",
    "money_stress",
    "next_price",
    "personal_cushion",
    "personal_effect",
    "power_hours",
    "power_spending",
    "split",
    "tax_due",
    "transfer_due",
    "wage_per_hour",
    "wished_hours",
    "work_reply",
]
