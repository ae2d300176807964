"""The frame of a day drawn from a table of time use: night, duty, and what else is aimed at."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.mobility.schedule import round_to_block
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import DayDraw, Persona, draw_day, sleep_need, time_use_table

__all__ = ["DrawnDay", "drawn_day", "meal_minutes"]


class DrawnDay(NamedTuple):
    """A day as it was drawn; minutes of the run, in whole blocks.

    Attributes
    ----------
    draw : DayDraw
        What is aimed at.
    wake_min, bed_min : int
        When the person gets up and goes to bed; the next day may make it earlier.
    duty_start_min, duty_end_min : int
        From when to when work or school lasts, with its break; equal without duty.
    meals : tuple of int
        Minutes of breakfast, lunch and dinner; 0 for a meal that is left out.
    """

    draw: DayDraw
    wake_min: int
    bed_min: int
    duty_start_min: int
    duty_end_min: int
    meals: tuple[int, int, int]


def drawn_day(
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    commute_min: float,
    parameters: CityParameters,
) -> DrawnDay | None:
    """Draw the frame of a day.

    Parameters
    ----------
    persona : Persona
        The person; habits say about when they sleep and work.
    day : int
        Index of the day; -1 is the day before the run.
    clock : Clock
        The calendar.
    streams : RandomStreams
        Random streams of the person.
    commute_min : float
        Expected way from home to work or school, in minutes.
    parameters : CityParameters
        Reads `population.time_use`, `population.schedules` and `mobility.planner`.

    Returns
    -------
    DrawnDay or None
        None if `population.time_use.table` is ``"none"``.
    """
    population = parameters.population
    table = time_use_table(population.time_use.table)
    if table is None:
        return None
    draw = draw_day(
        persona,
        day,
        clock=clock,
        streams=streams,
        table=table,
        parameters=population.time_use,
        sleep_need=sleep_need(persona, commute_min, population.schedules),
    )
    meals = meal_minutes(draw.minutes["eating"], parameters)
    midnight = day * DAY_MIN
    start = end = midnight
    if draw.duty is not None:
        start = midnight + round_to_block(draw.duty.start_min)
        end = start + round_to_block(_span_min(draw, meals[1], parameters))
    jitter = streams.on("wake", day=day, known_from=day - 1).standard_normal()
    away_min = 0.0 if draw.duty is None or draw.duty.at_home else commute_min
    wake, bed = _night(
        persona,
        midnight,
        draw,
        start_min=start,
        end_min=end + away_min,
        commute_min=away_min,
        jitter=jitter,
        parameters=parameters,
    )
    return DrawnDay(draw, wake, bed, start, end, meals)


def meal_minutes(total_min: float, parameters: CityParameters) -> tuple[int, int, int]:
    """Return the minutes of breakfast, lunch and dinner that add up to those of a day.

    They share the minutes as their usual lengths do (`mobility.planner.breakfast_min` and so
    on); the shortest meal is left out as long as one would be shorter than `least_meal_min`.

    Parameters
    ----------
    total_min : float
        Minutes of eating on the day.
    parameters : CityParameters
        Reads `mobility.planner`.

    Examples
    --------
    >>> from mesa_llm_city.parameters import CityParameters
    >>> meal_minutes(110.0, CityParameters()), meal_minutes(30.0, CityParameters())
    ((20, 45, 45), (0, 15, 15))
    """
    planner = parameters.mobility.planner
    usual = [planner.breakfast_min, planner.lunch_min, planner.dinner_min]
    minutes = [0, 0, 0]
    while any(usual):
        shares = [total_min * one / (usual[0] + usual[1] + usual[2]) for one in usual]
        minutes = [round_to_block(one) for one in shares]
        short = [
            row for row, one in enumerate(usual) if one and minutes[row] < planner.least_meal_min
        ]
        if not short:
            break
        usual[short[0]] = 0
        minutes[short[0]] = 0
    breakfast, lunch, dinner = minutes
    return breakfast, lunch, dinner


def _span_min(draw: DayDraw, lunch_min: int, parameters: CityParameters) -> float:
    """Return how long a duty lasts with its break."""
    duty, hours = draw.duty, parameters.mobility.planner.hours
    if duty is None:
        return 0.0
    if duty.is_school or duty.minutes < hours.duty_before_break_min + hours.duty_after_break_min:
        return duty.minutes
    return duty.minutes + lunch_min


def _night(
    persona: Persona,
    midnight: int,
    draw: DayDraw,
    *,
    start_min: int,
    end_min: float,
    commute_min: float,
    jitter: float,
    parameters: CityParameters,
) -> tuple[int, int]:
    """Return when the person gets up and goes to bed.

    The time awake lies around its usual middle, but begins early enough for a duty.
    """
    planner, habits = parameters.mobility.planner, persona.habits
    sleep, hours = parameters.population.schedules.sleep, planner.hours
    awake = DAY_MIN - draw.minutes["sleep"]
    middle = (habits.wake_min + habits.bed_min) / 2.0 + planner.jitter_min * jitter
    if habits.work_days and draw.duty is None:
        middle += planner.lie_in_min / 2.0
    shift = middle - awake / 2.0 - habits.wake_min
    shift = min(max(shift, hours.earliest_wake_shift_min), hours.latest_wake_shift_min)
    wake = midnight + habits.wake_min + shift
    bed = wake + awake
    if draw.duty is not None:
        wake = min(wake, start_min - commute_min - sleep.before_duty_min)
        wake = max(wake, midnight + habits.wake_min + hours.earliest_wake_shift_min)
        bed = max(wake + awake, end_min + sleep.after_duty_min / 2.0)
    return round_to_block(wake), round_to_block(bed)
