"""A judge by rule: it counts what is odd in an item. Its verdicts are no evidence of likeness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.experiments.judges.item import Choice, JudgeItem
from mesa_llm_city.experiments.judges.judge import Comparison, Score
from mesa_llm_city.experiments.judges.verdicts import BEST, WORST, JudgeKind

__all__ = ["OddityLimits", "RuleJudge", "oddities"]

_STAY = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d) ([^,]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OddityLimits:
    """From when on something is odd; all of them assumptions.

    "Unusually long breakfasts or work starting atypically late" are what judges noticed in
    CitySim, appendix C.2.

    Parameters
    ----------
    least_sleep_h, most_sleep_h : float
        Usual range of sleep on a day, in hours.
    longest_meal_min : int
        Longest usual meal, in minutes.
    latest_work_min : int
        Latest usual beginning of work, in minutes after midnight.
    most_alike : int
        How often the same activity at the same place may occur on a day.
    most_trips : int
        Usual number of trips on a day, at most.
    """

    least_sleep_h: float = 4.0
    most_sleep_h: float = 12.0
    longest_meal_min: int = 120
    latest_work_min: int = 840
    most_alike: int = 6
    most_trips: int = 10


class RuleJudge:
    """Prefers the item with fewer oddities (see `oddities`), and rates 5 less their number.

    It sees what any judge sees. It is there to try the harness without a language model; who
    knows its limits can please it.

    Parameters
    ----------
    limits : OddityLimits, optional
        From when on something is odd.
    """

    name = "oddities"
    kind: JudgeKind = "rule"

    def __init__(self, limits: OddityLimits | None = None) -> None:
        self.limits = OddityLimits() if limits is None else limits

    async def compare(self, first: JudgeItem, second: JudgeItem) -> Comparison:
        """Return which of two items has fewer oddities (see `Judge`)."""
        one, other = (oddities(item, self.limits) for item in (first, second))
        choice: Choice = "tie"
        if len(one) != len(other):
            choice = "first" if len(one) < len(other) else "second"
        reason = f"first: {_listed(one)}; second: {_listed(other)}"
        return Comparison(choice, choice, choice, choice, reason)

    async def rate(self, item: JudgeItem) -> Score:
        """Return 5 less the number of oddities, at least 1 (see `Judge`)."""
        found = oddities(item, self.limits)
        return Score(max(BEST - len(found), WORST), _listed(found))


def oddities(item: JudgeItem, limits: OddityLimits) -> list[str]:
    """Return what is odd in an item, in words.

    Examples
    --------
    >>> day = JudgeItem("1", "routine", "", ("00:00-02:00 sleep, home", "02:00-24:00 work, home"))
    >>> oddities(day, OddityLimits())
    ['2 h of sleep', 'no meal']
    """
    if item.kind == "routine":
        return [*_of_day(item.lines, limits)]
    if item.kind == "mobility" and len(item.lines) > limits.most_trips:
        return [f"{len(item.lines)} trips"]
    if item.kind == "dialogue":
        return [*_of_words(item.lines[1:])]
    return []


def _of_day(lines: Sequence[str], limits: OddityLimits) -> Iterator[str]:
    stays = [_stay(found) for line in lines if (found := _STAY.match(line))]
    asleep_h = sum(end - start for start, end, what in stays if what == "sleep") / HOUR_MIN
    if not limits.least_sleep_h <= asleep_h <= limits.most_sleep_h:
        yield f"{asleep_h:g} h of sleep"
    meals = [end - start for start, end, what in stays if what == "meal"]
    if not meals:
        yield "no meal"
    elif max(meals) > limits.longest_meal_min:
        yield f"a meal of {max(meals)} min"
    works = [start for start, _, what in stays if what == "work"]
    if works and min(works) > limits.latest_work_min:
        yield "work that begins late"
    most = max(Counter(line.partition(" ")[2] for line in lines).values(), default=0)
    if most > limits.most_alike:
        yield f"the same {most} times"


def _stay(found: re.Match[str]) -> tuple[int, int, str]:
    """Return begin and end in minutes after midnight, and what was done."""
    start = int(found[1]) * HOUR_MIN + int(found[2])
    end = int(found[3]) * HOUR_MIN + int(found[4])
    return start, end if end > start else end + DAY_MIN, found[5]


def _of_words(lines: Sequence[str]) -> Iterator[str]:
    if any(one == other for one, other in pairwise(line.partition(": ")[2] for line in lines)):
        yield "words said again at once"
    if len({line.partition(":")[0] for line in lines}) < 2:
        yield "only one speaks"


def _listed(found: Sequence[str]) -> str:
    return ", ".join(found) or "nothing odd"
