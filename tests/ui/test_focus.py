"""Whom and when the reader looks at: toggled in charts, and told to the map as a byte a person."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("solara")

from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.ui.focus import (
    EVERYBODY,
    Emphasis,
    TimeRange,
    emphasis,
    emphasis_of,
    share_focus,
    time_range,
)
from mesa_llm_city.ui.page.focus_bar import FocusBar, marks_of
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.span import Span
from tests.ui.shown import Replayed, lived, show


class TestEmphasis:
    def test_nobody_is_pale_at_first(self) -> None:
        model = lived(0)
        view = LiveView(model)
        assert emphasis(model).value == EVERYBODY
        assert emphasis_of(view, view.crowd(), EVERYBODY) == b""

    def test_those_who_do_any_of_the_activities_are_shown(self) -> None:
        view = LiveView(lived(110))
        crowd, purposes = view.crowd(), list(view.parameters.purposes)
        wanted = {"work", "sleep"}
        told = emphasis_of(view, crowd, Emphasis(purposes=frozenset(wanted)))
        expected = [purposes[row] in wanted for row in crowd.doing.tolist()]
        assert [bool(one) for one in told] == expected
        assert 0 < sum(told) < len(told)

    def test_kinds_are_combined(self) -> None:
        view = LiveView(lived(100))
        crowd = view.crowd()
        both = emphasis_of(
            view, crowd, Emphasis(purposes=frozenset({"sleep"}), modes=frozenset({"walk"}))
        )
        assert set(both) == {0}

    def test_those_who_stay_at_a_place_are_shown(self) -> None:
        model = lived(0)
        view = LiveView(model)
        home = model.citizens[3].citizen.place
        told = emphasis_of(view, view.crowd(), Emphasis(places=frozenset({home})))
        there = {one.person for one in model.citizens if one.citizen.place == home}
        shown = view.crowd().person[np.frombuffer(told, dtype=bool)]
        assert there <= set(shown.tolist())
        assert len(shown) < len(view.crowd())

    def test_an_unknown_activity_is_nobodys(self) -> None:
        view = LiveView(lived(0))
        told = emphasis_of(view, view.crowd(), Emphasis(purposes=frozenset({"flying"})))
        assert set(told) == {0}

    @given(st.frozensets(st.integers(0, 5)), st.frozensets(st.integers(0, 5), min_size=1))
    def test_toggling_adds_what_is_lacking_and_takes_away_what_is_all_there(
        self, before: frozenset[int], values: frozenset[int]
    ) -> None:
        after = Emphasis(places=before).toggled("places", values).places
        assert after == (before - values if values <= before else before | values)

    def test_model_and_views_share_it_and_a_replay_can_join(self) -> None:
        model = lived(0)
        other = Replayed(model)
        assert emphasis(model) is emphasis(LiveView(model))
        assert time_range(model) is not time_range(other)
        share_focus(other, model)
        assert time_range(model) is time_range(other)
        assert emphasis(model) is emphasis(other)


class TestTimeRange:
    @given(st.floats(-3, 30), st.floats(-3, 30))
    def test_it_lies_in_the_day_and_is_not_empty(self, one: float, other: float) -> None:
        found = TimeRange.of_hours(one, other)
        if found is not None:
            assert 0 <= found.start < found.end <= 1440

    def test_it_is_told_as_times_of_day(self) -> None:
        assert str(TimeRange(420, 1440)) == "07:00-24:00"

    @pytest.mark.parametrize(
        ("minute", "expected"),
        [
            (0, Span(0, 0)),
            (420, Span(0, 0)),
            (421, Span(420, 421)),
            (600, Span(420, 570)),
            (1440 + 420, Span(420, 570)),
            (1440 + 500, Span(1860, 1940)),
        ],
    )
    def test_it_stands_for_the_latest_day_on_which_it_has_begun(
        self, minute: int, expected: Span
    ) -> None:
        assert TimeRange(420, 570).latest(minute) == expected

    @given(st.integers(0, 5000), st.integers(0, 1430), st.integers(10, 1440))
    def test_its_latest_span_has_begun_and_is_no_longer_than_it(
        self, minute: int, start: int, length: int
    ) -> None:
        marked = TimeRange(start, min(start + length, 1440))
        span = marked.latest(minute)
        assert 0 <= span.end - span.start <= marked.end - marked.start
        assert span.end <= minute
        assert minute <= start or span.end > minute - 1440

    def test_its_day_is_told(self) -> None:
        assert TimeRange(420, 570).in_words(1440 + 421) == "07:00-09:30, day 2"
        assert TimeRange(420, 570).in_words(420) == "07:00-09:30, not begun yet"


class TestFocusBar:
    def test_it_says_how_to_mark_something(self) -> None:
        assert "drag to mark hours" in show(lived(0), lambda one: FocusBar(one, 0)).texts()

    def test_each_mark_can_be_taken_away(self) -> None:
        model = lived(0)
        page = show(model, lambda one: FocusBar(one, 0))
        emphasis(model).set(EVERYBODY.toggled("modes", {"bus"}).toggled("places", {1}))
        time_range(model).set(TimeRange(420, 570))
        assert "by bus" in page.texts()
        page.click("07:00-09:30")
        assert time_range(model).value is None
        page.click("by bus")
        assert emphasis(model).value == Emphasis(places=frozenset({1}))

    def test_an_activity_is_named_by_its_group(self) -> None:
        view = LiveView(lived(0))
        wanted = EVERYBODY.toggled("purposes", {"work"})
        assert [(one.label, one.without) for one in marks_of(view, wanted)] == [("work", EVERYBODY)]
