"""What changes slowly, and is dear to read, is read anew every few minutes of a run."""

from __future__ import annotations

import solara

__all__ = ["as_of", "use_slowly"]

_SLOWLY_MIN = 15


def as_of(minute: int, last: int) -> int:
    """Return the minute of which things are shown: the last one, or now if that is too old.

    What was counted until midnight is of the day that ends then. Who goes back in a replay sees
    nothing of what is to come.

    Parameters
    ----------
    minute : int
        Present minute.
    last : int
        Minute of which they were shown last.

    Examples
    --------
    >>> as_of(1439, 1431), as_of(1440, 1431), as_of(1441, 1431), as_of(1430, 1431)
    (1431, 1431, 1441, 1430)
    """
    same_quarter = (minute - 1) // _SLOWLY_MIN == (last - 1) // _SLOWLY_MIN
    return last if same_quarter and last <= minute else minute


def use_slowly(minute: int) -> int:
    """Return the minute of which slow things are shown, inside a component (see `as_of`).

    Parameters
    ----------
    minute : int
        Present minute.
    """
    last: solara.Ref[int] = solara.use_ref(minute)
    shown = last.current = as_of(minute, last.current)
    return shown
