"""Fitting activities into a day: nothing overlaps, nothing is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility import BLOCK_MIN, fit, overlay, round_to_block

DAY: tuple[Activity, ...] = (Activity(purpose=None, start_min=400, end_min=1400),)
MINUTES = st.integers(1, 60).map(lambda blocks: blocks * BLOCK_MIN)
TIMES = st.integers(60, 300).map(lambda blocks: blocks * BLOCK_MIN)


def is_gapless(plan: tuple[Activity, ...]) -> bool:
    joints = pairwise(plan)
    whole = plan[0].start_min == 400 and plan[-1].end_min == 1400
    return whole and all(one.end_min == other.start_min for one, other in joints)


def test_an_activity_begins_as_close_to_the_wish_as_it_can() -> None:
    plan = fit(DAY, Purpose.MEAL, minutes=45, near_min=720, within=(600, 900))
    assert [(one.purpose, one.start_min, one.end_min) for one in plan] == [
        (None, 400, 720),
        (Purpose.MEAL, 720, 765),
        (None, 765, 1400),
    ]


def test_what_fits_nowhere_is_halved_and_then_left_out() -> None:
    tight = (Activity(purpose=None, start_min=400, end_min=425),)
    halved = fit(tight, Purpose.MEAL, minutes=45, near_min=400, within=(0, 1440))
    assert halved[0].minutes == 20
    assert fit(tight, Purpose.MEAL, minutes=90, near_min=400, within=(0, 1440)) == tight


def test_a_duty_is_cut_to_the_empty_block_it_begins_in() -> None:
    duty = Activity(purpose=Purpose.WORK, start_min=1300, end_min=1500, fixed=True)
    plan = overlay(DAY, duty)
    assert plan[-1].end_min == 1400
    assert plan[-1].fixed


def test_a_duty_outside_the_day_is_left_out() -> None:
    assert overlay(DAY, Activity(purpose=Purpose.WORK, start_min=0, end_min=60)) == DAY


@given(st.lists(st.tuples(MINUTES, TIMES), max_size=12))
def test_whatever_is_fitted_in_the_day_has_no_gap_and_no_overlap(
    wishes: list[tuple[int, int]],
) -> None:
    plan = DAY
    for minutes, near in wishes:
        plan = fit(plan, Purpose.ERRAND, minutes=minutes, near_min=near, within=(0, 2000))
    assert is_gapless(plan)
    assert all(one.minutes >= BLOCK_MIN for one in plan)


@given(st.floats(0.0, 3000.0))
def test_rounding_moves_at_most_half_a_block(minutes: float) -> None:
    assert abs(round_to_block(minutes) - minutes) <= BLOCK_MIN / 2
    assert round_to_block(minutes) % BLOCK_MIN == 0
