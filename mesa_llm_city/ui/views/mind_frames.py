"""Beliefs and ties of one person as tables, live and in a replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.social import DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.mind import PlaceBeliefs
    from mesa_llm_city.social import Ties

__all__ = ["belief_frame", "tie_frame"]


def belief_frame(
    beliefs: PlaceBeliefs | None,
    minute: int,
    name_of: Callable[[int], str],
    kind_of: Callable[[int], str],
) -> pd.DataFrame:
    """Return the beliefs about known places, the best liked first.

    Parameters
    ----------
    beliefs : PlaceBeliefs or None
        What the person believes.
    minute : int
        Minute of the run, to which beliefs have faded.
    name_of, kind_of : callable
        Return the name of a place and its kind, by its id.

    Returns
    -------
    pandas.DataFrame
        See `PersonView.beliefs`.
    """
    import pandas as pd

    if beliefs is None:
        return pd.DataFrame(columns=["place", "kind", *ASPECTS, "sd"])
    known = beliefs.places.tolist()
    faded = beliefs.faded(minute)
    frame = pd.DataFrame(faded, columns=list(ASPECTS))
    frame.insert(0, "place", [name_of(one) for one in known])
    frame.insert(1, "kind", [kind_of(one) for one in known])
    frame["sd"] = np.sqrt(beliefs.variances(minute))
    best = np.argsort(-faded.mean(axis=1), kind="stable")
    return frame.iloc[best].reset_index(drop=True)


def tie_frame(ties: Ties, minute: int, name_of: Callable[[int], str]) -> pd.DataFrame:
    """Return the ties to other people, the closest first.

    Parameters
    ----------
    ties : Ties
        The ties of the person.
    minute : int
        Minute of the run, to which ties have faded.
    name_of : callable
        Returns the name of a person by the id.

    Returns
    -------
    pandas.DataFrame
        See `PersonView.ties`.
    """
    import pandas as pd

    rows = []
    for other in ties.others.tolist():
        tie = ties.tie(other, at_min=minute)
        dimensions = (tie.affinity, tie.trust, tie.familiarity)
        rows.append((other, name_of(other), str(tie.relation), *dimensions))
    frame = pd.DataFrame(rows, columns=["other", "name", "relation", *DIMENSIONS])
    closeness = frame[list(DIMENSIONS)].to_numpy(dtype=np.float64).sum(axis=1)
    closest = np.argsort(-closeness, kind="stable")
    return frame.iloc[closest].reset_index(drop=True)
