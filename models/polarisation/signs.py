"""The signs of the arms: what should hold, and whether it does over seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion import mean_over_seeds

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AGENT_SOCIETY", "SIGNS", "sign_table"]

AGENT_SOCIETY: Mapping[str, Mapping[str, float]] = {
    "control": {"more": 0.39, "less": 0.33, "opposed": 0.10, "unchanged": 0.18},
    "alike": {"more": 0.52, "less": 0.13, "opposed": 0.0, "unchanged": 0.35},
    "different": {"more": 0.0, "less": 0.89, "opposed": 0.11, "unchanged": 0.0},
}
"""Shares that AgentSociety reports (Piao et al. 2025, arXiv:2502.08691, read off a figure, with an
error of about .01): one run by a language model, without a seed."""

_BOTH_WAYS = 0.1  # share of people; AgentSociety has .39 and .33. An assumption

Runs = Mapping[str, "pd.DataFrame"]
"""The runs of each arm, in the same order of seeds."""


def _alike_strengthens(arms: Runs) -> Float:
    alike = arms["alike"]
    return _values(alike["more"] - alike["less"] - alike["opposed"])


def _different_weakens(arms: Runs) -> Float:
    different = arms["different"]
    return _values(different["less"] + different["opposed"] - different["more"])


def _control_between(arms: Runs) -> Float:
    extremity = {arm: _values(rows["extremity"]) for arm, rows in arms.items()}
    above = extremity["alike"] - extremity["control"]
    below = extremity["control"] - extremity["different"]
    return np.minimum(above, below)


def _control_both_ways(arms: Runs) -> Float:
    control = arms["control"]
    return np.minimum(_values(control["more"]), _values(control["less"])) - _BOTH_WAYS


SIGNS: Mapping[str, Callable[[Runs], Float]] = {
    "alike strengthens": _alike_strengthens,
    "different weakens": _different_weakens,
    "control lies between": _control_between,
    "control goes both ways": _control_both_ways,
}
"""What should be positive, for each seed. (1) In the arm alike more people become more extreme than
do not; (2) in the arm different fewer do; (3) the extremity of the control lies between the two,
where the smaller of both differences counts; (4) in the control at least a tenth of the people
become more and a tenth less extreme."""


def sign_table(runs: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return which signs hold in each setting.

    Parameters
    ----------
    runs : pandas.DataFrame
        One row per run at its end: the columns of `by`, ``arm``, ``seed``, ``more``, ``less``,
        ``opposed`` and ``extremity``.
    by : sequence of str
        Columns that tell settings apart.

    Returns
    -------
    pandas.DataFrame
        One row per setting and sign: ``sign``, ``mean``, ``low`` and ``high`` (95 % interval over
        seeds), ``right`` (seeds in which it holds), ``seeds``, and ``holds``: the interval is
        above 0.

    Raises
    ------
    DataError
        If a setting lacks an arm, or the arms do not have the same seeds.
    """
    import pandas as pd

    keys: Any = list(by)
    settings = runs.groupby(keys, sort=False, dropna=False) if keys else [((), runs)]
    rows = [
        {**dict(zip(by, setting, strict=True)), **row}
        for setting, some in settings
        for row in _rows(some, setting)
    ]
    return pd.DataFrame(rows)


def _rows(some: pd.DataFrame, setting: object) -> Iterator[dict[str, Any]]:
    arms = {str(arm): rows.sort_values("seed") for arm, rows in some.groupby("arm")}
    seeds = [rows["seed"].tolist() for rows in arms.values()]
    if set(arms) != set(AGENT_SOCIETY) or any(one != seeds[0] for one in seeds):
        message = f"setting {setting} must have all three arms with the same seeds"
        raise DataError(message)
    for sign, measure in SIGNS.items():
        value = measure(arms)
        found = mean_over_seeds(value)
        yield {
            "sign": sign,
            "mean": found.mean,
            "low": found.low,
            "high": found.high,
            "right": int((value > 0).sum()),
            "seeds": found.seeds,
            "holds": bool(found.low > 0),
        }


def _values(column: Any) -> Float:  # noqa: ANN401 - a column of pandas
    values: Float = np.asarray(column, dtype=np.float64)
    return values
