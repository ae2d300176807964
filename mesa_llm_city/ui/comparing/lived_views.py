"""What is read of a run that the page shows, to compare it with another one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.experiments.futures.lived import Lived
from mesa_llm_city.ui.minds.words import Names, decided
from mesa_llm_city.ui.views.protocols import CityView

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.core.clock import Clock

__all__ = ["lived_of_view"]


def lived_of_view(view: CityView, minute: int) -> Lived:
    """Return what is read of a view up to a minute, with names in place of numbers.

    What goes on at the minute ends there, and is said to go on; trips and visits count once they
    have ended. What the view knows of later minutes is left out, so that a run that is ahead can
    be compared with one that follows. Plans are no part of it: they count when they are lived.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    minute : int
        Up to when, in minutes since the start of the run.
    """
    base = view.basemap()
    kinds = {**view.parameters.purposes, **view.parameters.modes}

    @cache
    def table(name: str) -> pd.DataFrame:
        return _until(name, view.table(name), view.clock, minute)

    @cache
    def names() -> Names:
        return Names.of(view)

    def kind(name: str) -> str:
        return kinds[name].label if name in kinds else name.replace("_", " ")

    def decision(component: str, choice: str) -> str:
        return decided(names(), component, choice)

    def place(number: int) -> str:
        return base.names[number] if number < len(base.names) else f"place {number}"

    return Lived(
        table=table,
        clock=view.clock,
        minute=minute,
        place=place,
        place_kind=base.kind,
        kinds=base.kinds,
        decision=decision,
        kind=kind,
        goes_on=True,
    )


def _until(name: str, frame: pd.DataFrame, clock: Clock, minute: int) -> pd.DataFrame:
    """Return the rows of a table that were known at a minute; what went on then ends there."""
    moment = np.datetime64(clock.at(minute), "s")
    column = {"activities": "start", "decisions": "time"}.get(name, "end")
    known = frame[column].to_numpy() < moment
    shown = frame if known.all() else frame[known]
    if name != "activities":
        return shown
    return shown.assign(end=np.minimum(shown["end"].to_numpy().astype("datetime64[s]"), moment))
