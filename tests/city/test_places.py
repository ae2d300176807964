"""Places: their columns, their purposes and their opening hours."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.opening_times import OpeningTimes
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import PurposeSpec
from mesa_llm_city.parameters.purposes import PURPOSES

DAY = 1440
MONDAY = date(2024, 5, 6)


def made(*kinds: str, hours: tuple[str, ...] | None = None) -> Places:
    n = len(kinds)
    draft = Draft.of(kinds, x=np.arange(n), y=np.zeros(n), hours=hours)
    return draft.to_places(Categories.default())


class TestColumns:
    def test_a_row_reads_as_a_place(self) -> None:
        cafe = made("amenity=cafe")[0]
        assert cafe.category == "amenity=cafe"
        assert set(cafe.purposes) == {Purpose.MEAL, Purpose.REST, Purpose.SOCIAL, Purpose.WORK}

    def test_a_place_is_called_by_its_name_or_else_by_kind_and_id(self) -> None:
        nameless = made("amenity=cafe", "amenity=fast_food")
        named = replace(nameless, name=("Café Ursula", ""))
        assert named.label(0) == "Café Ursula"
        assert named.label(1) == nameless.label(1) == "amenity=fast food 1"

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

    def test_purposes_are_listed_in_their_usual_order_with_work_where_there_are_jobs(self) -> None:
        assert made("amenity=cafe")[0].purposes == ("rest", "meal", "work", "social")
        assert made("home")[0].purposes == ("sleep", "care", "housework", "rest")

    def test_appended_places_follow_and_keep_their_kind(self) -> None:
        first, second = made("amenity=cafe", "home"), made("amenity=bar", "home")
        both = first.append(second)
        kinds = [both[place].category for place in range(4)]
        assert kinds == ["amenity=cafe", "home", "amenity=bar", "home"]
        assert len(first) == 2
        assert both.category[1] == both.category[3]

    def test_kinds_of_one_name_with_other_purposes_stay_apart_when_appended(self) -> None:
        first = replace(made("home"), category_purposes=(("sport",),))
        both = first.append(made("home"))
        assert both.offering(Purpose.SPORT).tolist() == [0]
        assert both.offering(Purpose.SLEEP).tolist() == [1]


WORSHIP = PurposeSpec(places=("amenity=place_of_worship", "building=*"))


class TestNamedPlaces:
    places = made("amenity=place_of_worship", "building=house", "amenity=cafe", "shop=books")

    def test_nobody_offers_an_unknown_purpose(self) -> None:
        assert self.places.offering("worship").tolist() == []

    def test_a_purpose_finds_the_kinds_that_it_names_and_patterns_of_them(self) -> None:
        places = self.places.for_purposes({**PURPOSES, "worship": WORSHIP})
        assert places.offering("worship").tolist() == [0, 1]
        assert places[0].purposes == ("rest", "work", "social", "worship")

    def test_what_the_table_says_stays_true(self) -> None:
        places = self.places.for_purposes({"worship": WORSHIP})
        for purpose in PURPOSES:
            assert places.offering(purpose).tolist() == self.places.offering(purpose).tolist()

    def test_a_built_in_purpose_may_name_further_kinds(self) -> None:
        meal = PURPOSES["meal"].model_copy(update={"places": ("shop=books",)})
        assert self.places.for_purposes({"meal": meal}).offering(Purpose.MEAL).tolist() == [2, 3]

    def test_other_purposes_replace_what_was_named_before(self) -> None:
        before = self.places.for_purposes({"worship": WORSHIP})
        after = before.for_purposes(PURPOSES)
        assert after.offering("worship").tolist() == []

    def test_places_that_are_appended_keep_what_is_named(self) -> None:
        places = made("amenity=cafe").append(self.places.for_purposes({"worship": WORSHIP}))
        assert places.offering("worship").tolist() == [1, 2]

    def test_without_anything_new_the_places_are_the_same_object(self) -> None:
        assert self.places.for_purposes(PURPOSES) is self.places


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
        assert places.open_during(ids, MONDAY, 300, 360).tolist() == [True, False]
        assert places.open_during(ids, MONDAY, 600, 660).tolist() == [False, True]

    def test_a_bar_is_open_after_midnight_of_the_day_before(self) -> None:
        bar = made("bar", hours=("Fr 20:00-02:00",))
        only = np.array([0])
        assert bar.open_during(only, MONDAY + timedelta(4), 1430, 1500).all()
        assert bar.open_during(only, MONDAY + timedelta(5), 0, 120).all()
        assert not bar.open_during(only, MONDAY + timedelta(5), 0, 121).any()
        assert not bar.open_during(only, MONDAY + timedelta(4), 60, 90).any()

    def test_what_never_closes_is_open_over_midnight_and_over_the_week(self) -> None:
        shop = made("shop=convenience", hours=("24/7",))
        assert shop.open_during(np.array([0]), MONDAY + timedelta(6), 1400, 1500).all()

    def test_a_closed_day_is_closed_at_midnight_too(self) -> None:
        assert (
            not made("amenity=bank").open_during(np.array([0]), MONDAY + timedelta(6), 0, 0).any()
        )

    def test_a_start_after_midnight_counts_for_the_next_day(self) -> None:
        bank = made("amenity=bank", hours=("Tu 09:00-10:00",))
        assert bank.open_during(np.array([0]), MONDAY, DAY + 540, DAY + 600).all()

    @given(st.lists(spans, min_size=7, max_size=7), st.integers(0, 6), spans)
    def test_it_agrees_with_a_look_at_every_minute(
        self, hours: list[tuple[int, int]], day: int, visit: tuple[int, int]
    ) -> None:
        places = made("amenity=cafe")
        places = replace(places, opening_times=OpeningTimes((tuple((span,) for span in hours),)))
        is_open = bool(places.open_during(np.array([0]), MONDAY + timedelta(day), *visit)[0])
        assert is_open == minute_by_minute(hours, day, *visit)

    def test_a_break_at_noon_is_closed(self) -> None:
        shop = made("shop=bakery", hours=("Mo-Fr 08:00-12:00,14:00-18:00",))
        only = np.array([0])
        assert shop.open_during(only, MONDAY, 480, 720).all()
        assert not shop.open_during(only, MONDAY, 700, 860).any()

    def test_holidays_of_the_run_count_on_the_day_and_in_the_night_after(self) -> None:
        both = made("bar", "bar", hours=("20:00-02:00; PH off", "20:00-02:00"))
        ids, eve = np.array([0, 1]), MONDAY - timedelta(1)
        assert both.open_during(ids, MONDAY, 1300, 1400).tolist() == [True, True]
        assert both.open_during(ids, MONDAY, 1300, 1400, {MONDAY}).tolist() == [False, True]
        assert both.open_during(ids, MONDAY, 0, 60, {MONDAY}).tolist() == [True, True]
        assert both.open_during(ids, MONDAY, 0, 60, {eve}).tolist() == [False, True]

    def test_places_appended_keep_their_hours_and_all_survive_pickling(self) -> None:
        first = made("bar", hours=("Mo 20:00-24:00",))
        both = first.append(made("bar", "bar", hours=("Mo 08:00-12:00", "Mo 20:00-24:00")))
        ids = np.array([0, 1, 2])
        for places in (both, pickle.loads(pickle.dumps(both)), copy.deepcopy(both)):
            assert places.open_during(ids, MONDAY, 1210, 1300).tolist() == [True, False, True]
        assert len(both.opening_times.hours) == 2

    def test_many_visits_on_many_days_are_as_each_alone(self) -> None:
        hours = (
            "24/7",
            "Mo-Fr 08:00-12:00,14:00-18:00",
            "Fr-Sa 20:00-02:00",
            "Su off",
            "Tu 00:00-24:00",
        )
        places, rng = made(*["bar"] * 5, hours=hours), np.random.default_rng(1)
        ids = rng.integers(0, 5, (300, 4))
        start = rng.integers(0, 7 * DAY, (300, 1))
        end = start + rng.integers(0, 700, (300, 1))
        together = places.open_during(ids, MONDAY, start, end)
        for row in range(300):
            alone = places.open_during(ids[row], MONDAY, int(start[row, 0]), int(end[row, 0]))
            assert (alone == together[row]).all()
        assert 0.2 < together.mean() < 0.8
