"""Money: reserved before, settled after, never invented."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.errors import ConfigError, LLMBudgetError
from mesa_llm_city.llm.base import Completion, Message
from mesa_llm_city.llm.budget import Budget, Price, PriceTable, estimate_tokens
from mesa_llm_city.llm.purse import Purse

TINY = Price(input_usd=1.0, output_usd=10.0, cached_usd=0.5)


def purse(price: Price | None = TINY, **limits: float) -> Purse:
    return Purse(Budget(**limits), prices={"tiny": price})  # type: ignore[arg-type]


def answer(prompt: int, completion: int, cached: int = 0) -> Completion:
    return Completion(
        text="", prompt_tokens=prompt, completion_tokens=completion, cached_tokens=cached
    )


def test_a_worked_price() -> None:
    assert TINY.of(1_000_000, 100_000, cached=500_000) == 0.5 + 0.25 + 1.0


def test_what_is_under_way_counts_against_the_limit() -> None:
    mine = purse(calls=2)
    mine.reserve("tiny", prompt_tokens=1, max_tokens=1)
    mine.reserve("tiny", prompt_tokens=1, max_tokens=1)
    with pytest.raises(LLMBudgetError, match="the limit of 2 calls is reached: 0 spent, 2 under"):
        mine.reserve("tiny", prompt_tokens=1, max_tokens=1)


def test_what_was_reserved_too_much_is_given_back() -> None:
    mine = purse(tokens=150)
    mine.reserve("tiny", prompt_tokens=50, max_tokens=100)
    mine.settle("tiny", prompt_tokens=50, max_tokens=100, completion=answer(50, 10))
    mine.reserve("tiny", prompt_tokens=40, max_tokens=50)
    with pytest.raises(LLMBudgetError, match="tokens"):
        mine.reserve("tiny", prompt_tokens=1, max_tokens=0)


def test_an_answer_that_did_not_come_costs_nothing() -> None:
    mine = purse(calls=1)
    mine.reserve("tiny", prompt_tokens=1, max_tokens=1)
    assert mine.settle("tiny", prompt_tokens=1, max_tokens=1, completion=None) == 0.0
    mine.reserve("tiny", prompt_tokens=1, max_tokens=1)


def test_a_refused_reservation_reserves_nothing() -> None:
    mine = purse(usd=0.001)
    with pytest.raises(LLMBudgetError, match="USD"):
        mine.reserve("tiny", prompt_tokens=0, max_tokens=200)
    mine.reserve("tiny", prompt_tokens=0, max_tokens=100)


def test_the_price_a_provider_states_goes_before_the_list() -> None:
    mine = purse()
    mine.reserve("tiny", prompt_tokens=9, max_tokens=9)
    stated = Completion(text="", cost_usd=0.5)
    assert mine.settle("tiny", prompt_tokens=9, max_tokens=9, completion=stated) == 0.5


def test_an_unpriced_call_has_no_price_rather_than_none_at_all() -> None:
    mine = purse(price=None, calls=5)
    mine.reserve("tiny", prompt_tokens=9, max_tokens=9)
    assert mine.settle("tiny", prompt_tokens=9, max_tokens=9, completion=answer(9, 9)) is None


def test_money_cannot_be_limited_without_a_price() -> None:
    with pytest.raises(ConfigError, match="tiny has no price"):
        purse(price=None, usd=5.0)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ConfigError, match="calls must be at least 0, got -1"):
        Budget(calls=-1)


def test_own_prices_go_first_and_unknown_models_have_none() -> None:
    prices = PriceTable({"mine/tiny": TINY})
    assert prices.of("mine/tiny") is TINY
    assert prices.of("nobody/has-heard-of-it") is None


def test_tokens_are_estimated_from_characters() -> None:
    assert estimate_tokens([Message("user", "x" * 8), Message("user", "x")]) == 5 + 4
