"""Expected numbers of further questions, learnt from the thoughts before."""

from __future__ import annotations

import pickle
from statistics import fmean

from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.llm.chain_lengths import ChainLengths


def noted(chains: list[tuple[str, int]]) -> ChainLengths:
    """Return what is learnt from chains, each of a purpose and a length, one after another."""
    lengths = ChainLengths()
    for purpose, length in chains:
        for turn in range(length):
            lengths.note(0, purpose, turn)
    return lengths


def test_nothing_is_expected_after_a_question_of_a_new_kind() -> None:
    lengths = noted([("plan", 2)])
    assert lengths.expected("greet", 0) == 0.0
    assert lengths.expected("plan", 5) == 0.0


def test_purposes_that_change_within_a_thought_are_told_apart() -> None:
    lengths = ChainLengths()
    for ticket, purposes in enumerate((["free_time", "place", "mode"], ["free_time"])):
        for turn, purpose in enumerate(purposes):
            lengths.note(ticket, purpose, turn)
    assert lengths.expected("free_time", 0) == 1.0
    assert lengths.expected("place", 1) == 1.0
    assert lengths.expected("mode", 2) == 0.0


def test_thoughts_side_by_side_do_not_mix() -> None:
    lengths = ChainLengths()
    for turn in range(3):
        lengths.note(1, "plan", turn)
        if turn == 0:
            lengths.note(2, "greet", 0)
    assert lengths.expected("greet", 0) == 0.0
    assert lengths.expected("plan", 0) == 2.0


def test_a_thought_begins_anew_with_its_first_question() -> None:
    lengths = noted([("plan", 4), ("plan", 1)])
    assert lengths.expected("plan", 0) == 1.5


def test_what_was_learnt_is_pickled_without_the_thoughts_under_way() -> None:
    lengths = noted([("plan", 3)])
    again: ChainLengths = pickle.loads(pickle.dumps(lengths))
    assert again.expected("plan", 0) == 2.0
    again.note(0, "plan", 3)
    assert again.expected("plan", 0) == 2.0


@given(st.lists(st.tuples(st.sampled_from(["plan", "greet"]), st.integers(1, 6)), max_size=12))
def test_the_mean_is_that_of_all_chains_that_got_so_far(chains: list[tuple[str, int]]) -> None:
    lengths = noted(chains)
    for purpose, length in chains:
        for turn in range(length):
            others = [one for name, one in chains if name == purpose and one > turn]
            expected = fmean(one - 1 - turn for one in others)
            assert abs(lengths.expected(purpose, turn) - expected) < 1e-12
