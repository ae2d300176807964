"""Visits day by day, beside three baselines: days before, same weekdays, and a control."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.hurricane.periods import PERIODS, period_of

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.futures.difference import paired_interval

if TYPE_CHECKING:
    import pandas as pd
    from mesa_llm_city.models.hurricane.model import Hurricane

__all__ = ["BASELINES", "PUBLISHED", "changes", "daily_visits", "mean_changes", "shares"]

BASELINES = ("days before", "same weekdays", "control")
"""What the days of the storm are compared with."""

PUBLISHED = MappingProxyType(
    {
        "real": (0.94, 0.955, 0.90, 0.53, 0.455, 0.465, 0.925, 1.0, 0.91),
        "AgentSociety": (1.0, 0.935, 0.985, 0.34, 0.365, 0.32, 0.95, 0.955, 0.89),
    }
)
"""Visits from 28 August to 5 September 2019 in Columbia, SC, as shares of the largest day.

Read off a figure of Piao et al. (2025), AgentSociety, arXiv:2502.08691, to some hundredths. 31
August to 2 September was the weekend of Labor Day, and the storm passed the state on 5 September.
"""


def daily_visits(model: Hurricane) -> pd.Series[int]:
    """Return how many visits ended on each whole day of a run, 0 being the first.

    Visits are stays elsewhere than at home, at work, at school and at a refuge.
    """
    import pandas as pd

    days = model.minute // DAY_MIN
    midnight = np.datetime64(model.clock.at(0), "m")
    ended = (model.visits()["end"].to_numpy().astype("datetime64[m]") - midnight).astype(np.int64)
    counts = np.bincount(np.maximum(ended - 1, 0) // DAY_MIN, minlength=days)[:days]
    return pd.Series(counts, index=pd.RangeIndex(days, name="day"), name="visits")


def shares(visits: Sequence[float] | Float, control: Sequence[float] | Float) -> pd.DataFrame:
    """Return each of the nine days beside its baselines.

    Parameters
    ----------
    visits : sequence of float, length 16
        Visits of each day, with the storm.
    control : sequence of float, length 16
        The same without it.

    Returns
    -------
    pandas.DataFrame
        Per ``day``: ``period``; visits as shares of the largest of the nine days (``of_max``, as
        AgentSociety shows them), of the same weekday in the first week (``same_weekday``), and of
        that day in the control (``of_control``).
    """
    import pandas as pd

    seen, free = (np.asarray(one, dtype=np.float64) for one in (visits, control))
    days = [day for name, some in PERIODS.items() if name != "baseline" for day in some]
    alike = [day % WEEK_DAYS for day in days]
    return pd.DataFrame(
        {
            "period": [period_of(day) for day in days],
            "of_max": seen[days] / seen[days].max(),
            "same_weekday": seen[days] / seen[alike],
            "of_control": seen[days] / free[days],
        },
        index=pd.Index(days, name="day"),
    )


def changes(visits: Sequence[float] | Float, control: Sequence[float] | Float) -> dict[str, float]:
    """Return by which share visits change on the days of the storm, against each baseline.

    Parameters
    ----------
    visits, control : sequence of float, length 16
        As for `shares`.

    Returns
    -------
    dict of str to float
        Visits of the three days over those of the baseline, less 1, by `BASELINES`: the three
        days before; the same weekdays of the first week; the same days of the control, which
        no observer has.

    Examples
    --------
    >>> usual = [10.0] * 3 + [5.0] * 3 + [10.0] * 4 + [5.0] * 3 + [10.0] * 3
    >>> {name: round(one, 2) for name, one in changes(usual, usual).items()}
    {'days before': -0.5, 'same weekdays': 0.0, 'control': 0.0}
    """
    seen, free = (np.asarray(one, dtype=np.float64) for one in (visits, control))
    during = [*PERIODS["during"]]
    total = seen[during].sum()
    baselines = (
        seen[[*PERIODS["before"]]].sum(),
        seen[[day % WEEK_DAYS for day in during]].sum(),
        free[during].sum(),
    )
    return {name: float(total / one) - 1.0 for name, one in zip(BASELINES, baselines, strict=True)}


def mean_changes(rows: Sequence[dict[str, float]]) -> pd.DataFrame:
    """Return means over seeds of `changes`, with 95 % intervals by the distribution of Student.

    Returns
    -------
    pandas.DataFrame
        ``mean``, ``low`` and ``high`` by baseline.
    """
    import pandas as pd

    values = np.array([[one[name] for name in BASELINES] for one in rows])
    low, high = paired_interval(values)
    columns = {"mean": values.mean(axis=0), "low": low, "high": high}
    return pd.DataFrame(columns, index=pd.Index(BASELINES, name="baseline"))
