"""What one row makes of a need that presses, in a form that loops call (see `kernels`)."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.values import Bool, Int

__all__ = ["NO_REACTION", "NeedRules", "reaction_to"]

NO_REACTION = -1
"""Purpose of a reaction of those who go on."""


class NeedRules(NamedTuple):
    """How needs are reacted to: k needs, p purposes.

    Attributes
    ----------
    never, free_time_only : ndarray of bool, shape (k,)
        Whether each need interrupts nothing, or free time alone.
    reaction : ndarray of int64, shape (k,)
        Position of the purpose of what is done then.
    unaware : ndarray of bool, shape (p,)
        During which purposes nothing is noticed.
    rest : int
        Position of the purpose of a rest until the night.
    """

    never: Bool
    free_time_only: Bool
    reaction: Int
    unaware: Bool
    rest: int


def reaction_to(
    rules: NeedRules,
    need: int,
    purpose: int,
    fixed: bool,  # noqa: FBT001 - compiled loops take no keywords
) -> int:
    """Return the purpose of what is done instead, `NO_REACTION` if the person goes on.

    What is no rest is done only if nothing of the kind is planned soon (see `react_rows`).

    Parameters
    ----------
    rules : NeedRules
        How needs are reacted to.
    need : int
        Position of the need that presses most, -1 for none.
    purpose : int
        Position of the purpose of what is done or about to begin, -1 for a free block.
    fixed : bool
        Whether that is a night or duty.
    """
    if need < 0 or (purpose >= 0 and rules.unaware[purpose]):
        return NO_REACTION
    if rules.never[need] or (rules.free_time_only[need] and fixed):
        return NO_REACTION
    reaction = int(rules.reaction[need])
    return NO_REACTION if reaction == purpose else reaction
