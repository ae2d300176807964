"""Places are columns that stay in step, and open when they say so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places, purpose_bit
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose

DAY = 1440


def made(*kinds: str, hours: tuple[str, ...] | None = None) -> Places:
    n = len(kinds)
    draft = Draft.of(kinds, x=np.arange(n), y=np.zeros(n), hours=hours)
    return draft.to_places(Categories.default())


class TestColumns:
    def test_a_row_reads_as_a_place(self) -> None:
        cafe = made("amenity=cafe")[0]
        assert cafe.category == "amenity=cafe"
        assert set(cafe.purposes) == {Purpose.MEAL, Purpose.REST, Purpose.SOCIAL, Purpose.WORK}

    def test_there_is_no_place_beyond_the_last_one(self) -> None:
        with pytest.raises(IndexError, match="no place 1; ids run from 0 to 0"):
            made("amenity=cafe")[1]
        with pytest.raises(IndexError):
            made("amenity=cafe")[-1]

    def test_columns_of_different_length_are_refused(self) -> None:
        with pytest.raises(ConfigError, match="differ in length: x 1"):
            replace(made("amenity=cafe", "amenity=bar"), x=np.zeros(1))

    def test_homes_are_offered_for_sleep_alone(self) -> None:
        places = made("home", "leisure=park")
        assert places.offering(Purpose.SLEEP).tolist() == [0]
        assert places.offering(Purpose.REST).tolist() == [1]

    def test_each_purpose_has_a_bit_of_its_own(self) -> None:
        bits = [purpose_bit(purpose) for purpose in Purpose]
        assert len(set(bits)) == len(bits)

    def test_appended_places_follow_and_keep_their_kind(self) -> None:
        first, second = made("amenity=cafe", "home"), made("amenity=bar", "home")
        both = first.append(second)
        kinds = [both[place].category for place in range(4)]
        assert kinds == ["amenity=cafe", "home", "amenity=bar", "home"]
        assert len(first) == 2
        assert both.category[1] == both.category[3]


def minute_by_minute(hours: list[tuple[int, int]], day: int, start: int, end: int) -> bool:
    """Tell by looking at every minute of two weeks whether a place is open."""
    is_open = np.zeros(21 * DAY, dtype=bool)
    for week in range(3):
        for weekday, (opens, closes) in enumerate(hours):
            base = (7 * week + weekday) * DAY
            is_open[base + opens : base + closes] = True
    base = (7 + day) * DAY
    return bool(is_open[base + start : base + end].all())


class TestOpening:
    spans = st.tuples(st.integers(0, 1380), st.integers(60, 900)).map(lambda s: (s[0], s[0] + s[1]))

    def test_hours_of_the_row_come_before_those_of_the_kind(self) -> None:
        places = made("amenity=cafe", "amenity=cafe", hours=("Mo 05:00-06:00", "whenever"))
        ids = np.array([0, 1])
        assert places.open_during(ids, 0, 300, 360).tolist() == [True, False]
        assert places.open_during(ids, 0, 600, 660).tolist() == [False, True]

    def test_a_bar_is_open_after_midnight_of_the_day_before(self) -> None:
        bar = made("bar", hours=("Fr 20:00-02:00",))
        only = np.array([0])
        assert bar.open_during(only, 4, 1430, 1500).all()
        assert bar.open_during(only, 5, 0, 120).all()
        assert not bar.open_during(only, 5, 0, 121).any()
        assert not bar.open_during(only, 4, 60, 90).any()

    def test_what_never_closes_is_open_over_midnight_and_over_the_week(self) -> None:
        shop = made("shop=convenience", hours=("24/7",))
        assert shop.open_during(np.array([0]), 6, 1400, 1500).all()

    def test_a_closed_day_is_closed_at_midnight_too(self) -> None:
        assert not made("amenity=bank").open_during(np.array([0]), 6, 0, 0).any()

    def test_a_start_after_midnight_counts_for_the_next_day(self) -> None:
        bank = made("amenity=bank", hours=("Tu 09:00-10:00",))
        assert bank.open_during(np.array([0]), 0, DAY + 540, DAY + 600).all()

    @given(st.lists(spans, min_size=7, max_size=7), st.integers(0, 6), spans)
    def test_it_agrees_with_a_look_at_every_minute(
        self, hours: list[tuple[int, int]], day: int, visit: tuple[int, int]
    ) -> None:
        places = made("amenity=cafe")
        week = np.array([hours], dtype=np.int16)
        places = replace(places, opens=week[:, :, 0], closes=week[:, :, 1])
        told = bool(places.open_during(np.array([0]), day, *visit)[0])
        seen = minute_by_minute(hours, day, *visit)
        # Spans that touch within a day are the one thing it does not join.
        assert seen or not told
        overlap = any(hours[d - 1][1] - DAY >= hours[d][0] for d in range(7))
        assert told == seen or overlap
