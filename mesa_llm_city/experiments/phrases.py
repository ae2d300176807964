"""How times, plans, beliefs and ties are put into a line of plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mesa_llm_city.core.clock import Clock, clock_time
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.social import Tie

__all__ = ["belief_line", "block_line", "in_tens", "spoken_time", "tie_line", "words"]

_WORD = re.compile(r"\w+")


def spoken_time(clock: Clock, minute: int) -> str:
    """Write a moment with its day of the week.

    Examples
    --------
    >>> spoken_time(Clock(), 1440 + 485)
    'Tuesday 2 April 2024, 08:05'
    """
    at = clock.at(minute)
    return f"{at:%A} {at.day} {at:%B} {at.year}, {at:%H:%M}"


def block_line(start_min: int, end_min: int, purpose: Purpose | None, where: str = "") -> str:
    """Write a block of a plan; one without a purpose is free time.

    Examples
    --------
    >>> block_line(540, 1080, Purpose.WORK, " at Hill Office"), block_line(1080, 1200, None)
    ('09:00-18:00 work at Hill Office', '18:00-20:00 free time')
    """
    times = f"{clock_time(start_min)}-{clock_time(end_min)}"
    return f"{times} {'free time' if purpose is None else purpose}{where}"


def belief_line(place: str, means: Sequence[float]) -> str:
    """Write what is believed of a place, as whole numbers from 0 to 10.

    Examples
    --------
    >>> belief_line("Corner Noodles", [0.4, 0.7, 0.8, 0.9])
    'Corner Noodles: price 4, atmosphere 7, satisfaction 8, convenience 9'
    """
    told = [f"{name} {round(10.0 * mean)}" for name, mean in zip(ASPECTS, means, strict=True)]
    return f"{place}: {', '.join(told)}"


def tie_line(name: str, tie: Tie) -> str:
    """Write who somebody is to a person, and beliefs as whole numbers from 0 to 10.

    Examples
    --------
    >>> from mesa_llm_city.social import Relation
    >>> tie_line("Ben Lund", Tie(Relation.COLLEAGUE, 0.52, 0.41, 0.5))
    'Ben Lund, colleague: liked 5, trusted 4, known 5'
    """
    liked, trusted, known = (round(10.0 * one) for one in tie[1:4])
    return f"{name}, {tie.relation}: liked {liked}, trusted {trusted}, known {known}"


def in_tens(levels: Mapping[str, float]) -> dict[str, int]:
    """Return levels of needs as whole numbers from 0 to 10.

    Examples
    --------
    >>> in_tens({"hunger": 0.44})
    {'hunger': 4}
    """
    return {name: round(10.0 * level) for name, level in levels.items()}


def words(text: str) -> frozenset[str]:
    """Return the words of a text in lower case.

    Examples
    --------
    >>> sorted(words("Where's Ben?"))
    ['ben', 's', 'where']
    """
    return frozenset(_WORD.findall(text.lower()))
