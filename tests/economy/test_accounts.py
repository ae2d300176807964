"""Accounts: money moves, and none is lost."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.economy import ISSUER, Accounts, affordable, in_cents, split


@pytest.fixture
def accounts() -> Accounts:
    """Return two people with 10.00 each, and a shop with nothing."""
    new = Accounts()
    people = new.open("person", [7, 8])
    new.open("shop", [0])
    new.issue(people, 1000, what="start", minute=0)
    return new


def test_a_payment_moves_cents_from_payer_to_payee(accounts: Accounts) -> None:
    people, shop = accounts.rows("person"), accounts.row("shop")
    accounts.pay(people, shop, [250, 1000], what="shopping", minute=60)
    assert accounts.balances[people].tolist() == [750, 0]
    assert accounts.balances[shop] == 1250
    assert accounts.issued == 2000
    assert accounts.balances.sum() == 0


def test_what_is_missing_is_not_paid_and_nothing_changes(accounts: Accounts) -> None:
    people, shop = accounts.rows("person"), accounts.row("shop")
    with pytest.raises(ConfigError, match="person 8 has 1000 cents and would have -1"):
        accounts.pay(people, shop, [10, 1001], what="rent", minute=5)
    assert accounts.balances[people].tolist() == [1000, 1000]
    assert len(accounts.log) == 2


def test_several_payments_of_one_account_count_together(accounts: Accounts) -> None:
    person, shop = accounts.row("person", 7), accounts.row("shop")
    with pytest.raises(ConfigError, match="would have -200"):
        accounts.pay([person, person], shop, 600, what="rent", minute=5)
    accounts.pay([person, shop], [shop, person], 600, what="swap", minute=5)
    assert accounts.balances[person] == 1000


@pytest.mark.parametrize("cents", [-1, 1.5, [3, -3]])
def test_amounts_are_whole_cents_of_0_or_more(accounts: Accounts, cents: object) -> None:
    with pytest.raises(ConfigError, match="whole cents"):
        accounts.pay(accounts.rows("person"), accounts.row("shop"), cents, what="x", minute=0)  # type: ignore[arg-type]


def test_only_accounts_that_may_owe_fall_below_0() -> None:
    accounts = Accounts()
    world = accounts.open("outside", [0], may_owe=True)
    person = accounts.open("person", [1])
    accounts.pay(world, person, 500, what="wage", minute=0)
    assert accounts.balances[world].tolist() == [-500]
    assert accounts.issued == 0


def test_an_account_is_opened_once(accounts: Accounts) -> None:
    with pytest.raises(ConfigError, match="person 8 has an account already"):
        accounts.open("person", [9, 8])
    with pytest.raises(ConfigError, match="shop 4 has no account"):
        accounts.row("shop", 4)
    assert accounts.has("person", 8)
    assert not accounts.has("person", 9)


def test_the_tables_name_payer_and_payee_of_every_payment(accounts: Accounts) -> None:
    accounts.pay(accounts.row("person", 8), accounts.row("shop"), 30, what="meal", minute=90)
    last = accounts.payments().iloc[-1]
    assert last.to_dict() == {
        "minute": 90,
        "what": "meal",
        "payer_kind": "person",
        "payer": 8,
        "payee_kind": "shop",
        "payee": 0,
        "cents": 30,
    }
    frame = accounts.to_frame()
    assert frame["kind"].tolist() == [ISSUER, "person", "person", "shop"]
    assert frame["balance_cents"].tolist() == [-2000, 1000, 970, 30]


def test_flows_are_counted_by_what_and_since_when(accounts: Accounts) -> None:
    people, shop = accounts.rows("person"), accounts.row("shop")
    accounts.pay(people, shop, [100, 200], what="meal", minute=50)
    accounts.pay(people, shop, [10, 20], what="meal", minute=90)
    accounts.pay(people, shop, [1, 2], what="rent", minute=90)
    assert accounts.paid_out(people, what="meal").tolist() == [110, 220]
    assert accounts.paid_out(people, what="meal", since=60).tolist() == [10, 20]
    assert accounts.paid_in([shop], what="rent").tolist() == [3]
    assert accounts.paid_in([shop], what="fare").tolist() == [0]


def test_many_random_payments_lose_nothing() -> None:
    rng, accounts = np.random.default_rng(3), Accounts()
    rows = accounts.open("person", np.arange(50))
    accounts.issue(rows, rng.integers(0, 10_000, 50), what="start", minute=0)
    for minute in range(2000):
        givers, takers = rng.choice(rows, (2, 5), replace=True)
        payers = np.unique(givers)
        cents = affordable(rng.integers(0, 5000, len(payers)), accounts.balances[payers])
        accounts.pay(payers, takers[: len(payers)], cents, what="x", minute=minute)
    assert accounts.balances.sum() == 0
    assert accounts.balances[rows].min() >= 0
    assert accounts.balances[rows].sum() == accounts.issued
    assert np.array_equal(accounts.recounted(), accounts.balances)


def test_a_restored_copy_goes_on_alike(accounts: Accounts) -> None:
    accounts.pay(accounts.rows("person"), accounts.row("shop"), [5, 6], what="meal", minute=9)
    state = {
        name: getattr(one, "tolist", lambda one=one: one)()
        for name, one in accounts.state().items()
    }
    state["log"] = {
        name: getattr(one, "tolist", lambda one=one: one)() for name, one in state["log"].items()
    }
    copy = Accounts()
    copy.restore(json.loads(json.dumps(state)))
    for one in (accounts, copy):
        one.pay(one.row("shop"), one.row("person", 8), 3, what="change", minute=10)
    assert copy.payments().equals(accounts.payments())
    assert copy.to_frame().equals(accounts.to_frame())


def test_a_state_whose_balances_were_changed_is_refused(accounts: Accounts) -> None:
    state = accounts.state()
    state["balances"][1] += 1
    with pytest.raises(DataError, match="do not add up"):
        Accounts().restore(state)


class TestSplit:
    @pytest.mark.parametrize(
        ("total", "weights", "parts"),
        [
            (100, [1, 1, 1], [34, 33, 33]),
            (10, [0.5, 0.25, 0.25], [5, 3, 2]),
            (0, [1, 2], [0, 0]),
            (5, [], []),
            (3, [0, 0], [2, 1]),
        ],
    )
    def test_parts_are_in_proportion(
        self, total: int, weights: list[float], parts: list[int]
    ) -> None:
        assert split(total, weights).tolist() == parts

    def test_parts_add_up_whatever_the_weights(self) -> None:
        rng = np.random.default_rng(1)
        for _ in range(300):
            weights = rng.lognormal(0, 3, rng.integers(1, 40))
            total = int(rng.integers(0, 10**12))
            parts = split(total, weights)
            assert parts.sum() == total
            assert parts.min() >= 0


def test_amounts_of_currency_become_whole_cents() -> None:
    assert in_cents([0.1 + 0.2, 19.999]).tolist() == [30, 2000]


def test_accounts_that_are_none_and_amounts_beyond_counting_are_refused() -> None:
    accounts = Accounts()
    people = accounts.open("person", [7, 8])
    for payer in (-1, 77):
        with pytest.raises(ConfigError, match="x: there are accounts 0 to 2"):
            accounts.pay(payer, people, 5, what="x", minute=0)
    with pytest.raises(ConfigError, match="amounts are whole cents"):
        accounts.issue(people, 2**62, what="x", minute=0)
    assert accounts.balances.tolist() == [0, 0, 0]


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), 1e300, -1e13])
def test_an_amount_that_cannot_be_counted_in_cents_is_refused(amount: float) -> None:
    with pytest.raises(ConfigError, match=r"amounts are at most 1e\+12"):
        in_cents([1.0, amount])


@pytest.mark.parametrize("weights", [[-1.0, 2.0], [float("nan"), 1.0]])
def test_weights_below_nothing_split_no_amount(weights: list[float]) -> None:
    with pytest.raises(ConfigError, match="weights of 0 or more"):
        split(10, weights)
