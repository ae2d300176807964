"""Tables in the time of the calendar, and as they were at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.clock import Clock

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["happened_before", "with_dates"]


def with_dates(frame: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """Return `frame` with its minutes turned into naive local time stamps."""
    stamps = {
        name: clock.stamps(frame[name].to_numpy())
        for name in ("time", "start", "end")
        if name in frame
    }
    return frame.assign(**stamps)


def happened_before(moment: np.datetime64, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table as they were just before a moment.

    Parameters
    ----------
    moment : numpy.datetime64
        The moment.
    name : str
        Name of the table; activities that go on at the moment end then, spells have no end.
    frame : pandas.DataFrame
        With time stamps, as a model gives them.
    """
    if name == "activities":
        begun = frame[frame["start"] < moment]
        return begun.assign(end=begun["end"].where(begun["end"] < moment, moment))
    if name == "spells":
        begun = frame[frame["from"] < moment]
        return begun.assign(until=begun["until"].where(begun["until"] < moment))
    # What ends at the moment is written down after it, since it is an act of that minute.
    return frame[frame["end" if "end" in frame else "time"] < moment]
