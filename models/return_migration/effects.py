"""Effects of policies by several decisions: ``python -m ...return_migration.effects MODEL...``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.return_migration.demo import POLICIES
from mesa_llm_city.models.return_migration.model import ReturnMigration

from mesa_llm_city.core.errors import CityError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["effects", "main"]

_SEEDS = tuple(range(1, 11))
# A subsidy for people in villages raises their share; the hukou of a city lowers it.
_EXPECTED: Mapping[str, int] = MappingProxyType({"rural_subsidy": 1, "hukou_reform": -1})
_QUANTILES = (2.5, 97.5)
_DRAWS = 2000


def effects(
    decisions: Mapping[str, Any],
    policies: Mapping[str, Mapping[str, float]] = POLICIES,
    seeds: Sequence[int] = _SEEDS,
    **options: Any,  # noqa: ANN401 - options of the model
) -> pd.DataFrame:
    """Return what each policy changes by each decision, with intervals over seeds.

    Parameters
    ----------
    decisions : mapping of str to decision
        Decisions by name: ``"rule"``, folders of trained models, or models.
    policies : mapping of str to mapping
        Options of `ReturnMigration` by name of the policy; the one without options is the
        reference.
    seeds : sequence of int
        Seeds, two or more. Runs with one seed differ by policy and decision only.
    **options
        Further options of `ReturnMigration`.

    Returns
    -------
    pandas.DataFrame
        One row per decision and policy: share at home at the end, its mean change against
        no policy, the 95 % interval of the mean over seeds (bootstrap), and whether the sign
        is as expected.
    """
    import pandas as pd

    rows = []
    for name, decision in decisions.items():
        without = np.array([_end(decision, seed, {}, options) for seed in seeds])
        for policy, levers in policies.items():
            if not levers:
                continue
            shares = np.array([_end(decision, seed, levers, options) for seed in seeds])
            rows.append(
                {
                    "decision": name,
                    "policy": policy,
                    "share": round(float(shares.mean()), 4),
                    **_change(shares - without, levers),
                }
            )
    return pd.DataFrame(rows)


def _change(change: Any, levers: Mapping[str, float]) -> dict[str, object]:  # noqa: ANN401
    """Return the mean change with its interval, and its sign in words."""
    draws = np.random.default_rng(0).choice(change, (_DRAWS, len(change))).mean(axis=1)
    low, high = np.percentile(draws, _QUANTILES)
    signs = {_EXPECTED[lever] for lever in levers if lever in _EXPECTED}
    expected = signs.pop() if len(signs) == 1 else 0
    found = 0 if low <= 0.0 <= high else int(np.sign(change.mean()))
    sign = "nothing expected" if not expected else "no clear effect"
    if expected and found:
        sign = "as expected" if found == expected else "against expectation"
    numbers = {"change": change.mean(), "low": low, "high": high}
    return {**{name: round(float(one), 4) for name, one in numbers.items()}, "sign": sign}


def _end(
    decision: Any,  # noqa: ANN401 - as of the model
    seed: int,
    levers: Mapping[str, float],
    options: Mapping[str, Any],
) -> float:
    model = ReturnMigration(decision, rng=seed, **{**options, **levers})
    while model.running:
        model.step()
    return float(model.home_share)


def main() -> int:
    """Print the effects by the rule and by the models in the folders that the command names."""
    folders = {Path(name).name: Path(name) for name in sys.argv[1:]}
    try:
        found = effects({"rule": "rule", **folders})
        sys.stdout.write(f"{found.to_string(index=False)}\n")
    except CityError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
