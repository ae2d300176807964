"""The order in which requests leave a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.llm.waiting_line import WaitingLine


def left(line: WaitingLine[int]) -> list[int]:
    """Take out all."""
    return [line.leave() for _ in range(len(line))]


@given(st.lists(st.floats(0.0, 9.0)))
def test_those_with_more_ahead_leave_first_and_equals_as_they_came(ahead: list[float]) -> None:
    line: WaitingLine[int] = WaitingLine()
    for number, one in enumerate(ahead):
        line.join(number, ahead=one)
    expected = sorted(range(len(ahead)), key=lambda number: -ahead[number])
    assert list(line) == expected
    assert left(line) == expected


def test_those_that_return_leave_before_all_others_in_the_order_of_their_return() -> None:
    line: WaitingLine[int] = WaitingLine()
    line.join(1, ahead=100.0)
    line.return_to_head(2)
    line.return_to_head(3)
    assert left(line) == [2, 3, 1]


def test_a_line_that_was_cleared_is_empty() -> None:
    line: WaitingLine[int] = WaitingLine()
    line.join(1, ahead=0.0)
    line.clear()
    assert len(line) == 0
    assert not line
