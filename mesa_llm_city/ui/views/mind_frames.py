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
    faded = beliefs.faded(minute)
    best = np.argsort(-faded.mean(axis=1), kind="stable")
    known = beliefs.places[best].tolist()
    columns: dict[str, object] = {
        "place": [name_of(one) for one in known],
        "kind": [kind_of(one) for one in known],
        **dict(zip(ASPECTS, faded[best].T, strict=True)),
        "sd": np.sqrt(beliefs.variances(minute))[best],
    }
    return pd.DataFrame(columns)


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

    others = ties.others.tolist()
    known = [ties.tie(other, at_min=minute) for other in others]
    dimensions = np.array([(one.affinity, one.trust, one.familiarity) for one in known])
    dimensions = dimensions.reshape(-1, len(DIMENSIONS))
    closest = np.argsort(-dimensions.sum(axis=1), kind="stable").tolist()
    columns: dict[str, object] = {
        "other": [others[row] for row in closest],
        "name": [name_of(others[row]) for row in closest],
        "relation": [str(known[row].relation) for row in closest],
        **dict(zip(DIMENSIONS, dimensions[closest].T, strict=True)),
    }
    return pd.DataFrame(columns)
