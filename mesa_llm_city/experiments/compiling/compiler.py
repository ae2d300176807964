"""Compiling: a language model is asked in each cell, and its answers become a policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.installed import version_of
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.compiling.census import Census
from mesa_llm_city.experiments.compiling.questions import Repeat, ask_all
from mesa_llm_city.llm import LLM, Totals
from mesa_llm_city.policies import Policy, PolicyCard, entropy

__all__ = ["compile_policy", "plan_questions"]


def plan_questions(
    census: Census, *, answers: int = 3, most_cells: int | None = None
) -> list[Repeat]:
    """Return the questions that compiling asks, the most frequent cells first.

    In each cell the decisions that the census has kept are asked about in turn; a cell with
    fewer of them than `answers` has them asked about again, with the options in another order.

    Parameters
    ----------
    census : Census
        The decisions.
    answers : int, default 3
        Answers in each cell.
    most_cells : int, optional
        How many cells are asked about at most; the others take what coarser cells answer.

    Raises
    ------
    ConfigError
        If a number is below 1.
    """
    checks = OptionChecks()
    checks.whole("answers", answers)
    if most_cells is not None:
        checks.whole("most_cells", most_cells)
    checks.finish()
    cells, moments = census.counted()
    by_frequency = np.argsort(-moments, kind="stable")
    asked: list[Repeat] = []
    found = 0
    for cell in cells[by_frequency].tolist():
        kept = census.kept(cell)
        if not kept or (most_cells is not None and found >= most_cells):
            continue
        found += 1
        asked += [Repeat(kept[row % len(kept)], row // len(kept)) for row in range(answers)]
    return asked


def compile_policy(
    census: Census,
    llm: LLM,
    *,
    answers: int = 3,
    most_cells: int | None = None,
    strength: float | None = None,
) -> Policy:
    """Ask a language model in each cell that occurs, and return its answers as a policy.

    An `LLM` with a store is asked nothing twice: compiling that was broken off goes on where it
    was. Its budget holds.

    Parameters
    ----------
    census : Census
        Which cells occur, and decisions in them.
    llm : LLM
        The language model.
    answers, most_cells
        See `plan_questions`.
    strength : float, optional
        Number of answers that the coarser cell counts for; by default
        ``policies.parent_answers`` of the parameters.

    Raises
    ------
    ConfigError
        If a number is outside its range.
    LLMError
        If there is no answer at all, or one is missing where the `LLM` raises an error for it;
        the budget may be spent. What was answered is in the store.
    """
    form = census.form
    weight = form.parameters.policies.parent_answers if strength is None else strength
    checks = OptionChecks()
    checks.number("strength", weight, least=np.finfo(np.float64).tiny)
    checks.finish()
    questions = plan_questions(census, answers=answers, most_cells=most_cells)
    before = llm.totals()
    replies = ask_all(questions, form, llm, seed=census.seed)
    table = _counted([one.met.cell for one in questions], replies)
    if not len(table.cells):
        message = f"no answer about {form.prompt} could be used; see the calls of the model"
        raise LLMError(message)
    known, often = census.counted()
    return Policy.of_counts(
        form.prompt,
        dimensions=census.dimensions,
        answers=table.answers,
        codes=table.cells,
        counts=table.counts,
        moments=often[np.searchsorted(known, table.cells)],
        strength=weight,
        card=_card(census, llm, table, before, asked=questions, per_cell=answers, weight=weight),
    )


class _Counts(NamedTuple):
    """Answers by cell: cells rising, answers in the order of their words."""

    cells: Int
    answers: tuple[str, ...]
    counts: Int


def _counted(cells: Sequence[int], replies: Sequence[str | None]) -> _Counts:
    usable = [(cell, one) for cell, one in zip(cells, replies, strict=True) if one is not None]
    answers = tuple(sorted({one for _, one in usable}))
    codes = {one: code for code, one in enumerate(answers)}
    known, row = np.unique([cell for cell, _ in usable], return_inverse=True)
    counts = np.zeros((len(known), len(answers)), dtype=np.int64)
    column = np.array([codes[one] for _, one in usable], dtype=np.int64)
    np.add.at(counts, (row.astype(np.int64), column), 1)
    return _Counts(known.astype(np.int64), answers, counts)


def _card(
    census: Census,
    llm: LLM,
    table: _Counts,
    before: Totals,
    *,
    asked: Sequence[Repeat],
    per_cell: int,
    weight: float,
) -> PolicyCard:
    known, often = census.counted()
    covered = int(often[np.searchsorted(known, table.cells)].sum())
    prompt, after = llm.library[census.form.prompt], llm.totals()
    tokens = after.prompt_tokens + after.completion_tokens
    given = int(table.counts.sum())
    return PolicyCard(
        model=llm.specs.get(census.form.prompt, llm.spec).model,
        prompt_version=f"{prompt.label} {prompt.digest}",
        package=version_of("mesa-llm-city"),
        per_cell=per_cell,
        strength=weight,
        people=census.people,
        days=census.days,
        seed=census.seed,
        held_out=census.share_held_out,
        moments=len(census),
        cells=len(known),
        compiled=len(table.cells),
        possible=int(np.prod([one.size for one in census.dimensions], dtype=np.int64)),
        coverage=covered / len(census),
        answers=given,
        failed=len(asked) - given,
        calls=after.sent - before.sent,
        tokens=tokens - before.prompt_tokens - before.completion_tokens,
        usd=None if after.unpriced > before.unpriced else after.usd - before.usd,
        entropy=float(entropy(table.counts).mean()),
    )
