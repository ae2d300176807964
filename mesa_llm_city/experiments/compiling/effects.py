"""What a policy changes in a run: time use, trips and modes beside rules, over seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.findings import findings, of_residents
from mesa_llm_city.simulation.model import CityModel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Effects", "policy_effects"]

_TIME, _MODE, _TRIPS = "minutes_", "share_", "trips_per_day"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """Measures of runs by mind and seed.

    Parameters
    ----------
    runs : pandas.DataFrame
        Columns ``mind``, ``seed``, ``measure`` and ``value``. Measures are minutes per person
        and day by purpose (``minutes_sport``), trips per person and day (``trips_per_day``),
        and shares of the trips by mode (``share_walk``).
    baseline : str
        The mind that the others are compared with.
    """

    runs: pd.DataFrame
    baseline: str

    def summary(self) -> pd.DataFrame:
        """Return the difference of each mind from the baseline, seed by seed.

        Returns
        -------
        pandas.DataFrame
            Columns ``mind``, ``measure``, ``baseline`` and ``value`` (means over seeds),
            ``difference`` and its ``standard_error`` over seeds, NaN for one seed.
        """
        import pandas as pd

        wide = self.runs.pivot_table(
            index="seed", columns=["mind", "measure"], values="value", fill_value=0.0
        )
        minds = [one for one in self.runs["mind"].unique() if one != self.baseline]
        rows: list[dict[str, Any]] = []
        for mind in minds:
            for measure in self.runs["measure"].unique():
                value, base = (
                    wide[(one, measure)].to_numpy()
                    if (one, measure) in wide
                    else np.zeros(len(wide))
                    for one in (mind, self.baseline)
                )
                apart = value - base
                error = float(apart.std(ddof=1)) / np.sqrt(len(apart)) if len(apart) > 1 else np.nan
                rows.append(
                    {
                        "mind": mind,
                        "measure": measure,
                        "baseline": float(base.mean()),
                        "value": float(value.mean()),
                        "difference": float(apart.mean()),
                        "standard_error": error,
                    }
                )
        return pd.DataFrame(rows)

    def __str__(self) -> str:
        """Return the measures that differ most from the baseline, in text."""
        table = self.summary()
        table["size"] = table["difference"].abs()
        shown = table.sort_values("size", ascending=False, kind="stable").head(12)
        lines = [f"beside {self.baseline}, {self.runs['seed'].nunique()} seeds:"]
        for one in shown.to_dict("records"):
            wide = float(one["standard_error"])
            error = "" if np.isnan(wide) else f" ± {wide:.2f}"
            lines.append(
                f"  {one['mind']} {one['measure']}: {one['baseline']:.2f} to {one['value']:.2f} "
                f"({one['difference']:+.2f}{error})"
            )
        return "\n".join(lines)


def policy_effects(
    minds: Mapping[str, Callable[[int], CityModel]],
    seeds: Sequence[int],
    *,
    days: int = 1,
) -> Effects:
    """Run models of several minds over the same seeds, and measure time use and trips.

    Parameters
    ----------
    minds : mapping of str to callable
        Returns a model for a seed; the first mind is the baseline.
    seeds : sequence of int
        The seeds.
    days : int, default 1
        Length of each run.

    Raises
    ------
    ConfigError
        If there is no seed, or only one mind.
    """
    import pandas as pd

    if not seeds or len(minds) < 2:
        message = f"give a seed and two minds at least, got {len(seeds)} and {len(minds)}"
        raise ConfigError(message)
    rows = [
        {"mind": mind, "seed": seed, "measure": measure, "value": value}
        for seed in seeds
        for mind, make in minds.items()
        for measure, value in _measured(make(seed), days).items()
    ]
    return Effects(runs=pd.DataFrame(rows), baseline=next(iter(minds)))


def _measured(model: CityModel, days: int) -> dict[str, float]:
    people = [one for one in model.population if one.outsider is None]
    model.run_days(days)
    frames = {"activities": model.activities(), "trips": model.trips()}
    found = findings(
        of_residents(frames, model.population),
        people=len(people),
        days=days,
        parameters=model.parameters,
    )
    time = {f"{_TIME}{one}": DAY_MIN * share for one, share in found["time_shares"].items()}
    modes = {f"{_MODE}{one}": share for one, share in found["mode_shares"].items()}
    return {_TRIPS: found["trips_per_person_day"], **time, **modes}
