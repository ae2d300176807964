"""Of which minute the map shows what is dear to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("solara")

import solara

from mesa_llm_city.ui.map.slowly import as_of, use_slowly

_MINUTES = st.integers(0, 3 * 1440)


@given(minute=_MINUTES, last=_MINUTES)
def test_nothing_is_shown_that_is_to_come_of_another_day_or_a_quarter_of_an_hour_old(
    minute: int, last: int
) -> None:
    shown = as_of(minute, last)
    assert minute - 15 < shown <= minute
    # A day ends with its last minute, which is midnight.
    assert (shown - 1) // 1440 == (minute - 1) // 1440


def test_a_component_shows_the_same_for_some_time_and_less_when_it_goes_back() -> None:
    minute, shown = solara.reactive(600), []

    @solara.component
    def Component() -> None:  # noqa: N802 - a component
        shown.append(use_slowly(minute.value))

    solara.render(Component(), handle_error=False)
    for now in (602, 615, 616, 620, 617, 618):
        minute.set(now)
    assert shown == [600, 602, 602, 616, 616, 616, 616]
