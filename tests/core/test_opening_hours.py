"""Opening hours are read as people write them, and nothing else is guessed."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.local_calendar import NOWHERE, LocalCalendar
from mesa_llm_city.core.opening_hours import (
    ALWAYS,
    Spans,
    parse_spans,
    read_hours,
    spans_on,
)

MONDAY = date(2024, 5, 6)
THURSDAY = date(2024, 5, 9)
"""Ascension Day, a public holiday in Finland and an ordinary day in Brazil."""
FINLAND = LocalCalendar.of("fi")


def week(text: str, calendar: LocalCalendar = NOWHERE, own: tuple[date, ...] = ()) -> list[Spans]:
    """Return the spans of seven days from a Monday; hours must be readable."""
    hours = read_hours(text)
    assert hours is not None, text
    days = [MONDAY + timedelta(days=day) for day in range(7)]
    return [spans_on(hours, day, calendar, frozenset(own)) for day in days]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("09:00-18:00", ((540, 1080),)),
        ("18:00-26:00", ((1080, 1560),)),
        ("18:00-02:00", ((1080, 1560),)),
        ("00:00-24:00", ALWAYS),
        ("closed", ()),
        ("off", ()),
        ("09:00-12:00, 13:30-18:00", ((540, 720), (810, 1080))),
        (" 9:00 - 18:00 ", ((540, 1080),)),
    ],
)
def test_the_spans_of_a_day_are_read(text: str, spans: Spans) -> None:
    assert parse_spans(text) == spans
    assert read_hours(text) == (spans,) * 7


@pytest.mark.parametrize(
    "text", ["", "9-18", "09:00", "09:00-18:00+", "sunrise-sunset", "25:00-26:00", "09:75-10:00"]
)
def test_text_that_is_no_span_is_not_guessed(text: str) -> None:
    assert parse_spans(text) is None


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_a_span_that_is_written_is_read_again(start: int, length: int) -> None:
    end = start + length
    text = f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    assert parse_spans(text) == ((start, end),)


NINE, TEN = ((540, 1080),), ((600, 840),)


class TestWeek:
    @pytest.mark.parametrize(
        ("text", "spans"),
        [
            ("Mo-Fr 09:00-18:00; Sa 10:00-14:00", [*[NINE] * 5, TEN, ()]),
            ("Mo-Fr 09:00-18:00, Sa 10:00-14:00", [*[NINE] * 5, TEN, ()]),
            ("09:00-18:00; We off", [NINE, NINE, (), NINE, NINE, NINE, NINE]),
            ("24/7", [ALWAYS] * 7),
            ("24/7 closed", [()] * 7),
            ("Sa-Mo,We 10:00-14:00", [TEN, (), TEN, (), (), TEN, TEN]),
            ("Mo-Su 08:00-12:00,14:00-18:00", [((480, 720), (840, 1080))] * 7),
            ("Mo 10:00-14:00 || unknown", [TEN, *[()] * 6]),
            ('Mo 10:00-14:00; "by appointment"', [TEN, *[()] * 6]),
            ('Mo-We 10:00-14:00; Th "by appointment"', [*[TEN] * 3, *[()] * 4]),
            ('Mo 10:00-14:00 "ring twice"', [TEN, *[()] * 6]),
            ("May 01-07: 10:00-14:00", [TEN, TEN, *[()] * 5]),
            ("Apr-Jun Mo-We 10:00-14:00; Jul-Mar off", [*[TEN] * 3, *[()] * 4]),
        ],
    )
    def test_rules_of_openstreetmap_are_read(self, text: str, spans: list[Spans]) -> None:
        assert week(text) == spans

    def test_a_night_ends_when_it_ends_whatever_the_next_day_brings(self) -> None:
        late, later = ((1200, 1560),), ((1200, 1740),)
        assert week("Mo-Th 20:00-02:00; Fr,Sa 20:00-05:00") == [*[late] * 4, later, later, ()]
        assert week("Mo-Fr 20:00-02:00; Sa off")[4] == late

    @pytest.mark.parametrize(
        "text",
        [
            "Monday \N{EN DASH} Wednesday: 9:00 AM \N{EN DASH} 6 PM; ",
            "Mon to Wed 9am-6pm",
            "Mo - We 09.00 - 18.00",
            "mo-we 9h-18h00",
            "Mo, Tu-We 09:00-14:00, 14:00-18:00",
            "Mo, Tu, We, PH 9-18",
            "Mo-We 09:00-18:00;; Th off",
        ],
    )
    def test_usual_spellings_are_read_where_the_meaning_is_certain(self, text: str) -> None:
        assert week(text) == [NINE] * 3 + [()] * 4

    @pytest.mark.parametrize(
        "text",
        [
            *("", "  ", "hours vary", "by appointment", '"by appointment"', "Mo-Xx 09:00-10:00"),
            *("Mo", "Mo-Fr", "9-17", "Mo-Fr 25:00-26:00", "PH off", "Su,PH off", "unknown", "?"),
            *('Mo-Fr 09:00-17:00 "nur nach Vereinbarung"', "SH Mo-Fr 10:00-12:00", "x" * 5000),
        ],
    )
    def test_what_says_nothing_is_none(self, text: str) -> None:
        assert read_hours(text) is None


class TestHolidays:
    @pytest.mark.parametrize(
        ("text", "on_the_holiday", "before"),
        [
            ("PH,Mo-Su 09:00-18:00", NINE, NINE),
            ("Mo-Su,PH 09:00-18:00", NINE, NINE),
            ("Mo-Sa 09:00-18:00; Su,PH off", (), NINE),
            ("Su,PH off; Mo-Sa 09:00-18:00", (), NINE),
            ("Mo-Sa 09:00-18:00; PH 10:00-14:00", TEN, NINE),
            ("24/7; PH off", (), ALWAYS),
            ("Mo-Fr 09:00-18:00; PH,SH off", (), NINE),
            ("Mo-Fr 09:00-18:00; PH Mo-We 10:00-14:00", NINE, NINE),
            ("Mo-Fr 09:00-18:00; PH Mo-Fr 10:00-14:00", TEN, NINE),
            ("Mo-Fr 09:00-18:00; PH -1 day 10:00-14:00", NINE, TEN),
            ("Mo-Fr 09:00-18:00; PH +1 day 10:00-14:00", NINE, NINE),
            ("Mo-Fr 09:00-18:00; public holidays closed", (), NINE),
        ],
    )
    def test_rules_for_public_holidays_hold_on_those_of_the_country_and_of_the_run(
        self, text: str, on_the_holiday: Spans, before: Spans
    ) -> None:
        for found in (week(text, FINLAND), week(text, own=(THURSDAY,))):
            assert (found[2], found[3]) == (before, on_the_holiday)
        assert week(text)[3] == before if "-1 day" not in text else NINE

    def test_hours_that_name_no_holidays_are_those_of_a_sunday_on_holidays_of_the_run(self) -> None:
        assert week("Mo-Fr 09:00-18:00; Su 10:00-14:00", own=(THURSDAY,))[3] == TEN
        assert week("09:00-18:00", own=(THURSDAY,))[3] == NINE
        assert week('Mo-Fr 09:00-18:00 "not on PH"', own=(THURSDAY,))[3] == ()
        assert week("Mo-Fr 09:00-18:00; Su 10:00-14:00", FINLAND)[3] == NINE

    def test_no_day_is_in_the_school_holidays(self) -> None:
        assert week("Mo-Fr 09:00-18:00; SH Mo-Fr 10:00-14:00", FINLAND) == [NINE] * 5 + [()] * 2
        assert week("Mo-Fr,SH 09:00-18:00; Sa,SH off") == [NINE] * 5 + [()] * 2

    def test_the_country_is_found_by_where_the_city_lies(self) -> None:
        helsinki = LocalCalendar.at(60.17, 24.94)
        assert helsinki.public_holidays == FINLAND.public_holidays
        assert helsinki.timezone == "Europe/Helsinki"
        assert THURSDAY not in LocalCalendar.at(60.17, 24.94, "BR").public_holidays
        midsummer, christmas = (
            spans_on("sunrise-sunset", day, helsinki)[0]
            for day in (date(2024, 6, 24), date(2024, 12, 24))
        )
        assert midsummer[0] < 300
        assert christmas[0] > 540
        assert pickle.loads(pickle.dumps(helsinki)) == helsinki

    def test_a_country_without_known_holidays_is_refused_and_a_place_has_none(self) -> None:
        with pytest.raises(ConfigError, match="known for country 'Finland'; give two letters"):
            LocalCalendar.of("Finland")
        assert not LocalCalendar.at(0.0, -20.0).public_holidays


@given(st.text(alphabet="MoTuPHSh-,;:0129 ()[]\"'+/|offclsed", max_size=30))
def test_no_text_ends_in_an_error(text: str) -> None:
    hours = read_hours(text)
    spans = () if hours is None else spans_on(hours, THURSDAY, FINLAND, {THURSDAY})
    assert all(0 <= start < 1440 and start < end <= 2880 for start, end in spans)


@pytest.mark.parametrize(
    "text",
    ["9am-5pm Monday - Friday", "10:00-18:00 Tu-Su", "Mo-Fr 9-5", "Weekdays 9:00-5", "Mo-Su 11-2"],
)
def test_days_apart_from_their_times_and_hours_without_noon_are_not_guessed(text: str) -> None:
    assert read_hours(text) is None


def test_whole_hours_that_can_mean_one_thing_only_are_read() -> None:
    assert week("Mo-Su 9-17") == [((540, 1020),)] * 7
    assert week("Mo-Su 18-3") == [((1080, 1620),)] * 7
    assert week("Mo-Su 22:00-4") == [((1320, 1680),)] * 7


def test_days_with_their_times_in_the_next_line_are_read() -> None:
    days = week("Mo-Fr\n9:00-18:00\nSa\n10:00-14:00")
    assert days == [*[((540, 1080),)] * 5, ((600, 840),), ()]


def test_hours_of_german_clocks_and_hidden_characters_are_read() -> None:
    assert week("\u200bMo-Su 9-18 Uhr") == [((540, 1080),)] * 7
