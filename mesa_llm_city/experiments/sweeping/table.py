"""The table of a sweep: the rows of all runs, in the order of the grid."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.experiments.sweeping.folder import outcomes_in
from mesa_llm_city.experiments.sweeping.single_run import RunOutcome

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_sweep", "table_of"]

_ERROR = "error"


def table_of(outcomes: Iterable[RunOutcome]) -> pd.DataFrame:
    """Return the rows of runs, and the error of each in the column ``error``.

    Parameters
    ----------
    outcomes : iterable of RunOutcome
        The runs, in any order.

    Examples
    --------
    >>> print(table_of([RunOutcome(1, [{"seed": 8}], "ValueError: no", 0.0),
    ...                 RunOutcome(0, [{"seed": 7, "trips": 3}], None, 0.1)]))
       seed  trips           error
    0     7    3.0             NaN
    1     8    NaN  ValueError: no
    """
    import pandas as pd

    ordered = sorted(outcomes, key=lambda one: one.number)
    frame = pd.DataFrame([row for one in ordered for row in one.rows])
    errors = [one.error for one in ordered for _ in one.rows]
    frame[_ERROR] = pd.Series(errors, dtype="str")
    return frame


def read_sweep(folder: str | Path) -> pd.DataFrame:
    """Return the rows of a sweep from its folder, also while it is under way.

    Parameters
    ----------
    folder : str or Path
        The folder that `sweep` was given as `out`.

    Returns
    -------
    pandas.DataFrame
        As `sweep` returns it, of the runs that have ended.

    Raises
    ------
    DataError
        If it is no such folder, or damaged.
    """
    return table_of(outcomes_in(Path(folder)))
