"""When households decide: a date of the year, or sooner after a life event."""

from __future__ import annotations

from datetime import date, timedelta

from mesa_llm_city.simulation.migration.decision_dates import DecisionDates, Turn

START = date(2024, 4, 1)


def dates(seed: int = 7) -> DecisionDates:
    return DecisionDates(seed=seed, start=START)


def flat(rounds: list[list[Turn]]) -> list[Turn]:
    return [turn for some in rounds for turn in some]


def test_each_household_decides_once_in_any_365_days_on_its_date() -> None:
    calendar, households = dates(), range(50)
    turns: list[Turn] = []
    for day in range(1, 366):
        today = START + timedelta(days=day)
        due = flat(calendar.turns(households, today))
        assert all(one.when == today - timedelta(days=1) for one in due)
        for one in due:
            calendar.noted(one)
        turns += due
    assert sorted(one.household for one in turns) == list(households)
    for one in turns:
        assert one.when == calendar.date_in(one.when.year, one.household)


def test_where_the_calendar_jumps_all_dates_between_are_due() -> None:
    calendar = dates()
    rounds = calendar.turns([3], date(2026, 4, 1))
    assert [len(some) for some in rounds] == [1, 1]
    assert [turn.when.year for turn in flat(rounds)] in ([2024, 2025], [2025, 2026])


def test_dates_spread_over_the_year_and_depend_on_no_other_household() -> None:
    alone = dates().date_in(2025, 17)
    calendar = dates()
    months = {calendar.date_in(2025, one).month for one in range(100)}
    assert months == set(range(1, 13))
    assert calendar.date_in(2025, 17) == alone
    assert dates(seed=8).date_in(2025, 17) != alone


def test_an_event_brings_the_decision_of_the_year_forward() -> None:
    calendar = dates()
    late = next(one for one in range(100) if calendar.date_in(2025, one) > date(2025, 6, 1))
    calendar.turns([late], date(2025, 1, 1))
    calendar.reconsider(late)
    (turn,) = flat(calendar.turns([late], date(2025, 5, 1)))
    assert turn == (date(2025, 4, 30), late)
    calendar.noted(turn)
    calendar.reconsider(late)  # too late: this year has been decided
    assert flat(calendar.turns([late], date(2026, 1, 1))) == []
    (next_year,) = flat(calendar.turns([late], date(2027, 1, 1)))
    assert next_year.when == calendar.date_in(2026, late)


def test_a_restored_calendar_goes_on_in_the_same_way() -> None:
    calendar = dates()
    for turn in flat(calendar.turns(range(10), date(2024, 9, 1))):
        calendar.noted(turn)
    calendar.reconsider(3)
    copied = dates()
    copied.restore(calendar.state())
    until = date(2025, 2, 1)
    assert copied.turns(range(10), until) == calendar.turns(range(10), until)
