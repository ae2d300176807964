"""Judging: every pair in both orders and every item, kept as they come, and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from mesa_llm_city.core.asking import Backend, Thought, run_all
from mesa_llm_city.core.errors import CityError, LLMReplyError
from mesa_llm_city.experiments.csv_text import harmless
from mesa_llm_city.experiments.judges.item import JudgeItem, Pair
from mesa_llm_city.experiments.judges.item_set import ItemSet
from mesa_llm_city.experiments.judges.judge import Judge
from mesa_llm_city.experiments.judges.verdicts import (
    RATINGS,
    VERDICTS,
    Rating,
    Verdict,
    keep,
    read_ratings,
    read_verdicts,
    verdict_of,
)

__all__ = ["Judged", "judge_items", "judge_pairs"]

_BATCH = 64
_Said = TypeVar("_Said", Verdict, Rating)


class Judged(NamedTuple):
    """What judging has come to.

    Attributes
    ----------
    asked : int
        Questions there are for this judge.
    known : int
        Those that were answered before.
    added : int
        Those that were answered now.
    failed : int
        Those without a usable answer; they are asked again the next time.
    """

    asked: int
    known: int
    added: int
    failed: int


def judge_pairs(folder: Path, judge: Judge, backend: Backend | None = None) -> Judged:
    """Have every pair of a folder compared, in both orders, and keep the verdicts.

    Verdicts are written after each batch, so that nothing is judged twice: after an
    interruption, or when a budget was spent, the same call goes on with what is missing.

    Parameters
    ----------
    folder : Path
        Folder of items (see `ItemSet.write`); ``verdicts.csv`` is written there.
    judge : Judge
        Who judges.
    backend : Backend, optional
        Answers the questions of the judge, such as an `LLM`.

    Raises
    ------
    CityError
        If a budget is spent or nobody answers; what was answered is kept.
    """
    found, name = ItemSet.read(folder), harmless(judge.name)
    known = read_verdicts(folder)
    done = {(one.pair, one.swapped) for one in known if one.judge == name}
    # Judges prefer what comes first, so each pair is shown in both orders.
    asked = [(pair, swapped) for pair in found.pairs for swapped in (False, True)]
    left = [one for one in asked if (one[0].id, one[1]) not in done]
    items = found.by_id

    async def compare(pair: Pair, swapped: bool) -> Verdict:  # noqa: FBT001 - part of the order
        shown = [items[pair.first], items[pair.second]]
        first, second = reversed(shown) if swapped else shown
        chosen = await judge.compare(first, second)
        return verdict_of((name, judge.kind), pair.id, chosen[:4], chosen.reason, swapped=swapped)

    # The address of a question is the number of its pair and the order, so it stays the same.
    jobs = [_Job(2 * _number(one.id) + swap, partial(compare, one, swap)) for one, swap in left]
    added, failed = _judged(jobs, backend, known, folder / VERDICTS, Verdict)
    return Judged(len(asked), len(asked) - len(left), added, failed)


def judge_items(folder: Path, judge: Judge, backend: Backend | None = None) -> Judged:
    """Have every item of a folder rated from 1 to 5, and keep the ratings.

    Parameters
    ----------
    folder, judge, backend
        As for `judge_pairs`; ``ratings.csv`` is written.

    Raises
    ------
    CityError
        If a budget is spent or nobody answers; what was answered is kept.
    """
    found, name = ItemSet.read(folder), harmless(judge.name)
    known = read_ratings(folder)
    done = {one.item for one in known if one.judge == name}
    left = [one for one in found.items if one.id not in done]

    async def rate(item: JudgeItem) -> Rating:
        said = await judge.rate(item)
        return Rating(name, judge.kind, item.id, said.score, said.reason)

    jobs = [_Job(_number(one.id), partial(rate, one)) for one in left]
    added, failed = _judged(jobs, backend, known, folder / RATINGS, Rating)
    return Judged(len(found.items), len(found.items) - len(left), added, failed)


class _Job(NamedTuple):
    """A question to a judge: its number, and the thought."""

    number: int
    think: Callable[[], Coroutine[Any, Any, Any]]


def _judged(
    jobs: Sequence[_Job],
    backend: Backend | None,
    known: Sequence[_Said],
    file: Path,
    kind: type[_Said],
) -> tuple[int, int]:
    """Run jobs batch by batch; return how many were answered, and how many could not be used."""
    said, failed = list(known), 0
    for some in _batches(jobs):
        thoughts = [Thought(one.think(), person=one.number) for one in some]
        error: CityError | None = None
        try:
            run_all(thoughts, backend=backend)
        except CityError as raised:
            error = raised
        # Also those that were answered before an error are paid for.
        said += [one.value for one in thoughts if one.value is not None]
        keep(file, said, kind)
        failed += len([one for one in thoughts if isinstance(one.error, LLMReplyError)])
        if error is not None and not isinstance(error, LLMReplyError):
            left = len(jobs) - (len(said) - len(known)) - failed
            error.add_note(f"{left} of {len(jobs)} are left; the same command goes on with them")
            raise error
    return len(said) - len(known), failed


def _batches(jobs: Sequence[_Job]) -> Iterator[Sequence[_Job]]:
    for at in range(0, len(jobs), _BATCH):
        yield jobs[at : at + _BATCH]


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])
