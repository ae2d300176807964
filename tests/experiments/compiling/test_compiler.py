"""Compiling: which questions are asked, what becomes of the answers, and how it is resumed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, LLMBudgetError
from mesa_llm_city.experiments.compiling import compile_policy, estimate_compile, plan_questions
from mesa_llm_city.llm import LLM, Budget, ClientSpec
from mesa_llm_city.llm.base import Request
from tests.experiments.compiling.censuses import censuses, scripted


def test_each_cell_is_asked_about_so_often_the_most_frequent_first() -> None:
    census = censuses()["leisure"]
    asked = plan_questions(census, answers=4)
    counts = Counter(one.met.cell for one in asked)
    assert set(counts.values()) == {4}
    cells, moments = census.counted()
    often = dict(zip(cells.tolist(), moments.tolist(), strict=True))
    order = [often[cell] for cell in counts]
    assert order == sorted(order, reverse=True)
    assert len({(one.met.number, one.number) for one in asked}) == len(asked)
    assert len(plan_questions(census, answers=2, most_cells=3)) == 6


def test_answers_become_shares_of_their_cells() -> None:
    def first(_: Request) -> str:
        return json.dumps({"reason": "so", "choice": 1})

    census = censuses()["mode"]
    llm = LLM(ClientSpec(backend="scripted", model="first", script=first))
    policy = compile_policy(census, llm, answers=3)
    cells = census.counted().cells.tolist()
    compiled = [cell for cell in cells if census.kept(cell)]
    assert policy.cell[policy.level == 0].tolist() == compiled
    assert policy.given[policy.level == 0].tolist() == [3] * len(compiled)
    assert policy.card.calls == policy.card.answers == 3 * len(compiled)
    assert (policy.card.cells, policy.card.moments) == (len(cells), len(census))
    assert 0.0 < policy.card.coverage <= 1.0
    assert np.add.reduceat(policy.probability, policy.starts[:-1]) == pytest.approx(1.0)


def test_compiling_again_is_the_same_and_asks_nothing(tmp_path: Path) -> None:
    census, store = censuses()["leisure"], tmp_path / "answers.sqlite"
    first = compile_policy(census, scripted(store=store))
    llm = scripted(store=store)
    again = compile_policy(census, llm)
    assert llm.totals().sent == 0
    assert (first.answers, first.probability.tolist()) == (
        again.answers,
        again.probability.tolist(),
    )


def test_compiling_that_was_broken_off_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    census, store = censuses()["leisure"], tmp_path / "answers.sqlite"
    broken = scripted(store=store, budget=Budget(calls=5))
    with pytest.raises(LLMBudgetError, match="5"):
        compile_policy(census, broken)
    broken.close()
    llm = scripted(store=store, budget=Budget(calls=10_000, stored=True))
    policy = compile_policy(census, llm)
    asked = len(plan_questions(census))
    # What was answered before counts as part of the same run, and is not sent again.
    assert (llm.totals().resumed, policy.card.calls) == (5, asked)


def test_what_is_expected_is_what_is_asked() -> None:
    found = censuses()
    questions = {prompt: plan_questions(one) for prompt, one in found.items()}
    cost = estimate_compile(found, questions, scripted())
    asked = sum(len(one) for one in questions.values())
    assert (cost.calls, cost.usd) == (asked, None)
    assert 0.0 < cost.prompt_tokens.low < cost.prompt_tokens.high
    assert f"{asked} calls for {cost.cells} cells" in str(cost)


def test_an_answer_that_rules_replace_is_counted_as_failed() -> None:
    def odd(request: Request) -> str:
        ok = int(request.address.sample) % 2
        return json.dumps({"reason": "so", "choice": 1}) if ok else "no"

    llm = LLM(ClientSpec(backend="scripted", model="odd", script=odd), on_failure="rules", tries=1)
    policy = compile_policy(censuses()["mode"], llm)
    assert policy.card.failed > 0
    assert policy.card.failed + policy.card.answers == len(plan_questions(censuses()["mode"]))


def test_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(ConfigError, match="answers must be at least 1, got 0"):
        compile_policy(censuses()["mode"], scripted(), answers=0)
    with pytest.raises(ConfigError, match="strength must be at least"):
        compile_policy(censuses()["mode"], scripted(), strength=-1.0)
