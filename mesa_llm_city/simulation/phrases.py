"""Times, plans, beliefs and ties as lines of plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mesa_llm_city.core.clock import Clock, clock_time
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.social import Tie

__all__ = ["belief_line", "block_line", "date_and_time", "out_of_ten", "tie_line", "words"]

_WORD = re.compile(r"\w+")


def date_and_time(clock: Clock, minute: int) -> str:
    """Return a moment as text, with its day of the week.

    Examples
    --------
    >>> date_and_time(Clock(), 1440 + 485)
    'Tuesday 2 April 2024, 08:05'
    """
    at = clock.at(minute)
    return f"{at:%A} {at.day} {at:%B} {at.year}, {at:%H:%M}"


def block_line(start_min: int, end_min: int, purpose: str | None, where: str = "") -> str:
    """Return a block of a plan as text; one without a purpose is free time.

    Examples
    --------
    >>> block_line(540, 1080, "work", " at Hill Office"), block_line(1080, 1200, None)
    ('09:00-18:00 work at Hill Office', '18:00-20:00 free time')
    """
    times = f"{clock_time(start_min)}-{clock_time(end_min)}"
    return f"{times} {'free time' if purpose is None else purpose}{where}"


def belief_line(place: str, means: Sequence[float]) -> str:
    """Return beliefs about a place as text, in whole numbers from 0 to 10.

    Examples
    --------
    >>> belief_line("Corner Noodles", [0.4, 0.7, 0.8, 0.9])
    'Corner Noodles: price 4, atmosphere 7, satisfaction 8, convenience 9'
    """
    parts = [f"{name} {round(10.0 * mean)}" for name, mean in zip(ASPECTS, means, strict=True)]
    return f"{place}: {', '.join(parts)}"


def tie_line(name: str, tie: Tie) -> str:
    """Return a tie as text: the relation, and its strengths in whole numbers from 0 to 10.

    Examples
    --------
    >>> from mesa_llm_city.social import Relation
    >>> tie_line("Ben Lund", Tie(Relation.COLLEAGUE, 0.52, 0.41, 0.5))
    'Ben Lund, colleague: liked 5, trusted 4, known 5'
    """
    liked, trusted, known = (round(10.0 * one) for one in tie[1:4])
    return f"{name}, {tie.relation}: liked {liked}, trusted {trusted}, known {known}"


def out_of_ten(levels: Mapping[str, float]) -> dict[str, int]:
    """Return levels of needs as whole numbers from 0 to 10.

    Examples
    --------
    >>> out_of_ten({"hunger": 0.44})
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
