"""The ledger: every call once, in an order of its own, and sums that add up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city.llm.ledger import Call, Ledger, Source


def call(
    sample: str = "1",
    minute: int = 0,
    source: Source = Source.LIVE,
    cost: float | None = 0.25,
    *,
    valid: bool = True,
) -> Call:
    tries = 2 if source is Source.LIVE else 0
    sizes = (100, 20, 10)
    what = (sample, minute, "plan", 0, 0, "plan@1", "tiny", source, tries, 0.2)
    return Call(*what, *sizes, cost, valid, repaired=False, error="" if valid else "no JSON")


def ledger(*calls: Call) -> Ledger:
    book = Ledger()
    for one in calls:
        book.add(one)
    return book


def test_only_what_was_sent_is_paid_for() -> None:
    kept = call("2", source=Source.STORE, cost=0.0)
    totals = ledger(call(), kept, call("3", cost=None), call("4", valid=False)).totals()
    assert (totals.calls, totals.sent, totals.tries) == (4, 3, 6)
    assert (totals.prompt_tokens, totals.completion_tokens) == (300, 30)
    assert totals.usd == pytest.approx(0.5)
    assert (totals.unpriced, totals.invalid) == (1, 1)


def test_the_order_does_not_depend_on_arrival() -> None:
    calls = [call("2", 5), call("1", 5), call("9", 0)]
    assert ledger(*calls).calls() == ledger(*reversed(calls)).calls()
    assert [one.sample for one in ledger(*calls).calls()] == ["9", "1", "2"]


def test_a_table_holds_a_row_per_call(tmp_path: Path) -> None:
    book = ledger(call(), call("2", cost=None))
    book.to_parquet(tmp_path / "calls.parquet")
    frame = pd.read_parquet(tmp_path / "calls.parquet")
    assert list(frame) == list(Call._fields)
    assert frame["cost_usd"].isna().tolist() == [False, True]


def test_an_empty_ledger_has_a_table_too() -> None:
    assert list(Ledger().to_frame()) == list(Call._fields)
