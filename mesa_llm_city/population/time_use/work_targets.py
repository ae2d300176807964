"""How often and how long people work, so that the shares and minutes of a table hold."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["WorkTargets", "work_targets"]


class WorkTargets(NamedTuple):
    """How often and how long people work, by whether the day is a usual one.

    Attributes
    ----------
    usual, day_off : float
        Chance to work on a usual day, and on a day off.
    usual_min : float
        Mean minutes of work on a usual day.
    """

    usual: float
    day_off: float
    usual_min: float


def work_targets(
    share: float,
    doers_min: float,
    *,
    usual_share: float,
    most_attendance: float,
    day_off_min: float,
) -> WorkTargets:
    """Return with what chances a share of people works of whom a share has the day as usual.

    Parameters
    ----------
    share, doers_min : float
        Share of people who work on such a day, and their mean minutes.
    usual_share : float
        Share of people for whom it is a usual day.
    most_attendance : float
        Greatest chance to work on a usual day.
    day_off_min : float
        Mean minutes of those who work on a day off.

    Notes
    -----
    With the share u of usual days, the chances a on them and b on days off, and the minutes
    m and o, the share is ``u a + (1 - u) b`` and the minutes are those told:
    ``(u a m + (1 - u) b o) / share``. As many as possible work on usual days.

    Examples
    --------
    >>> work_targets(0.5, 400, usual_share=0.4, most_attendance=1.0, day_off_min=200.0)
    WorkTargets(usual=1.0, day_off=0.16666666666666663, usual_min=450.0)
    """
    usual = min(most_attendance, share / usual_share)
    of_usual = usual_share * usual
    beyond = max(share - of_usual, 0.0)
    day_off = min(beyond / (1.0 - usual_share), most_attendance) if usual_share < 1.0 else 0.0
    minutes = (share * doers_min - beyond * day_off_min) / of_usual if of_usual else doers_min
    return WorkTargets(usual, day_off, minutes)
