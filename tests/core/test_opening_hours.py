"""Opening hours are read as people write them, and nothing else is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.opening_hours import ALWAYS, CLOSED, parse_span, parse_week


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("09:00-18:00", (540, 1080)),
        ("18:00-26:00", (1080, 1560)),
        ("18:00-02:00", (1080, 1560)),
        ("00:00-24:00", ALWAYS),
        ("closed", CLOSED),
        ("off", CLOSED),
        ("09:00-12:00, 13:30-18:00", (540, 1080)),
        (" 9:00 - 18:00 ", (540, 1080)),
    ],
)
def test_a_span_is_read(text: str, span: tuple[int, int]) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["", "9-18", "09:00", "09:00-18:00+", "sunrise-sunset", "25:00-26:00", "09:75-10:00"]
)
def test_text_that_is_no_span_is_not_guessed(text: str) -> None:
    assert parse_span(text) is None


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_a_span_that_is_written_is_read_again(start: int, length: int) -> None:
    end = start + length
    text = f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    assert parse_span(text) == (start, end)


class TestWeek:
    def test_days_that_no_rule_names_are_closed(self) -> None:
        week = parse_week("Mo-Fr 09:00-18:00; Sa 10:00-14:00")
        assert week == ((540, 1080),) * 5 + ((600, 840), CLOSED)

    def test_a_later_rule_overrides_an_earlier_one(self) -> None:
        week = parse_week("09:00-18:00; We off")
        assert week is not None
        assert week[2] == CLOSED
        assert week[3] == (540, 1080)

    def test_round_the_clock_is_always(self) -> None:
        assert parse_week("24/7") == (ALWAYS,) * 7

    def test_never_is_closed_all_week(self) -> None:
        assert parse_week("off") == (CLOSED,) * 7

    def test_days_may_be_listed_and_wrap_around_the_week(self) -> None:
        week = parse_week("Sa-Mo,We 10:00-12:00")
        assert week is not None
        assert [day for day, span in enumerate(week) if span != CLOSED] == [0, 2, 5, 6]

    def test_holidays_are_passed_over(self) -> None:
        assert parse_week("Mo-Su 08:00-20:00; PH off") == ((480, 1200),) * 7
        assert parse_week("Mo-Su,PH 08:00-20:00") == ((480, 1200),) * 7

    @pytest.mark.parametrize(
        "text", ["", "by appointment", "Mo-Xx 09:00-10:00", "Jan-Mar off", "Mo"]
    )
    def test_what_cannot_be_read_is_none(self, text: str) -> None:
        assert parse_week(text) is None
