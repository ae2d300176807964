"""Wishes met all at once are those met one after another."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.pairing_columns import pair_wishes


def one_after_another(person: Int, other: Int, channel: Int, draw: Float) -> list[int]:
    """Return the wishes met by going through them in their order."""
    draws: dict[tuple[int, int], float] = {}
    rows = sorted(
        range(len(person)), key=lambda row: (person[row], other[row], channel[row], draw[row])
    )
    for row in rows:
        draws.setdefault((person[row], other[row]), draw[row])

    def rank(row: int) -> tuple[bool, float, float]:
        answer = draws.get((other[row], person[row]))
        best = draw[row] if answer is None else min(draw[row], answer)
        return answer is None, best, draw[row]

    taken: set[int] = set()
    met = []
    for row in sorted(rows, key=rank):
        two = {int(person[row]), int(other[row])}
        if not two & taken:
            taken |= two
            met.append(row)
    return met


def wishes(count: int, people: int, seed: int) -> tuple[Int, Int, Int, Float]:
    rng = np.random.default_rng(seed)
    person = rng.integers(people, size=count)
    other = (person + rng.integers(1, people, size=count)) % people
    # Few different draws, so that ids and channels decide as well.
    draw = rng.choice([0.1, 0.2, 0.3], size=count) if seed % 2 else rng.random(count)
    return 7 * person, 7 * other, rng.integers(2, size=count), draw


@pytest.mark.parametrize(("count", "people"), [(1, 2), (12, 5), (60, 40), (300, 1000)])
def test_the_pairs_are_those_made_one_after_another(count: int, people: int) -> None:
    for seed in range(40):
        given = wishes(count, people, seed)
        assert pair_wishes(*given).tolist() == one_after_another(*given)


def test_the_order_of_wishes_does_not_matter() -> None:
    given = wishes(200, 80, 2)
    order = np.random.default_rng(1).permutation(200)
    met = pair_wishes(*given)
    again = order[pair_wishes(*(column[order] for column in given))]
    np.testing.assert_array_equal(again, met)


def test_a_chain_of_wishes_is_met_from_the_best_on() -> None:
    # 1-2 is best and takes 2; 3 is free for 4, and 5 goes without.
    met = pair_wishes([1, 2, 3, 4], [2, 3, 4, 5], [0, 0, 1, 0], [0.1, 0.2, 0.3, 0.4])
    assert met.tolist() == [0, 2]


def test_without_wishes_nobody_is_paired() -> None:
    assert pair_wishes([], [], [], []).tolist() == []
