"""For whom two futures differ: the first minute, and what was done before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.experiments.futures.first_differences import (
    COMPARED,
    NONE,
    first_differences,
)
from mesa_llm_city.experiments.futures.lived import lived_of

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.population import Persona
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["touched"]


def touched(control: CityModel, policy: CityModel, *, minute: int) -> pd.DataFrame:
    """Return for whom two futures differ, one row a person, in order of time.

    Parameters
    ----------
    control, policy : CityModel
        Models of one replicate, after their last step.
    minute : int
        Where they have parted.

    Returns
    -------
    pandas.DataFrame
        ``person``, ``household``; ``minute`` and ``time`` of the first difference, the ``table``
        in which it is, and the row in words: ``control`` and ``policy``, empty if there is none;
        ``decided``: minute of the first decision that differs (missing if none does), and
        ``decision_control``, ``decision_policy``. Households of those who have never lived in
        the model with this name are missing.
    """
    import pandas as pd

    found = first_differences(lived_of(control), lived_of(policy), minute=minute)
    households = _households(control) | _households(policy)
    start = np.datetime64(control.clock.at(0), "s")
    decided = pd.array(found.decided, dtype="Int64")
    decided[found.decided == NONE] = pd.NA
    everybody = np.arange(len(found))
    return pd.DataFrame(
        {
            "person": found.person,
            "household": pd.array(
                [households.get(one) for one in found.person.tolist()], dtype="Int64"
            ),
            "minute": found.minute,
            "time": start + found.minute.astype("timedelta64[m]").astype("timedelta64[s]"),
            "table": [COMPARED[one] for one in found.table.tolist()],
            "control": [one.words for one in found.told(everybody, 0)],
            "policy": [one.words for one in found.told(everybody, 1)],
            "decided": decided,
            "decision_control": [one.words for one in found.decided_told(everybody, 0)],
            "decision_policy": [one.words for one in found.decided_told(everybody, 1)],
        }
    )


def _households(model: CityModel) -> dict[int, int]:
    everybody: list[Persona] = [*model.population, *(one.persona for one in model.citizens)]
    return {one.id: one.household.id for one in everybody}
