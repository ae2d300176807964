"""Thoughts of uneven length on a server of few slots, in simulated time.

Time is counted here, not measured, so that nothing else that the machine does changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

import numpy as np
import pytest

from mesa_llm_city.core.values import Float
from mesa_llm_city.llm.chain_lengths import ChainLengths
from mesa_llm_city.llm.waiting_line import WaitingLine

PEOPLE, MOST, SLOTS = 200, 8, 64
LENGTHS = [1 + person % MOST for person in range(PEOPLE)]


def told(person: int) -> str:
    """Return a purpose that tells how many questions a person asks."""
    return f"purpose {LENGTHS[person]}"


def untold(_: int) -> str:
    """Return a purpose that tells nothing."""
    return "purpose"


def finished_at(
    delays: Float, purpose: Callable[[int], str], lengths: ChainLengths | None
) -> float:
    """Return when the last thought is done, in units of time.

    Parameters
    ----------
    delays : ndarray of float64, shape (people, questions)
        How long each answer takes.
    purpose : callable
        Names what the questions of a person are about.
    lengths : ChainLengths, optional
        What is known of chains, which learns from these; without it first come is first served.
    """
    line: WaitingLine[tuple[int, int]] = WaitingLine()
    under_way: list[tuple[float, int, int]] = []
    now = 0.0

    def submit(person: int, turn: int) -> None:
        ahead = 0.0
        if lengths is not None:
            lengths.note(person, purpose(person), turn)
            ahead = lengths.expected(purpose(person), turn)
        line.join((person, turn), ahead=ahead)

    for person in range(PEOPLE):
        submit(person, 0)
    while line or under_way:
        while line and len(under_way) < SLOTS:
            person, turn = line.leave()
            heappush(under_way, (now + delays[person, turn], person, turn))
        now, person, turn = heappop(under_way)
        if turn + 1 < LENGTHS[person]:
            submit(person, turn + 1)
    return now


def ideal(delays: Float) -> float:
    """Return the longest chain, or all work spread over the slots, whichever takes longer."""
    chains = [float(delays[person, :length].sum()) for person, length in enumerate(LENGTHS)]
    return max(*chains, float(np.sum(chains)) / SLOTS)


@pytest.mark.parametrize("purpose", [told, untold])
def test_equal_delays_end_close_to_the_ideal_and_sooner_than_first_come_first_served(
    purpose: Callable[[int], str],
) -> None:
    delays, lengths = np.ones((PEOPLE, MOST)), ChainLengths()
    finished_at(delays, purpose, lengths)  # nothing is known yet
    # 900 questions in 64 slots take 15 rounds, if none stays empty before the last.
    assert finished_at(delays, purpose, lengths) == 15.0
    assert finished_at(delays, purpose, None) == 17.0
    assert ideal(delays) == 900 / 64


def test_uneven_delays_end_sooner_too_if_purposes_tell_how_many_questions_there_are() -> None:
    draw, lengths = np.random.default_rng(7), ChainLengths()
    finished_at(np.ones((PEOPLE, MOST)), told, lengths)
    days = [np.exp(0.5 * draw.standard_normal((PEOPLE, MOST))) for _ in range(12)]
    ordered = [finished_at(one, told, lengths) / ideal(one) for one in days]
    unordered = [finished_at(one, told, None) / ideal(one) for one in days]
    assert np.mean(ordered) < 1.15
    assert np.mean(unordered) > np.mean(ordered) + 0.05
