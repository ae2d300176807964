"""What differs between futures: counts, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.futures.difference import compared, paired_interval
from mesa_llm_city.experiments.futures.measures import Measure, measured
from mesa_llm_city.experiments.futures.touched import touched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Comparisons"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Comparisons:
    """Futures that are compared: the base of `Futures`.

    Parameters
    ----------
    models : mapping of str to list of CityModel
        For each future the models after their last step, one a replicate. The first future is
        what the others are compared with.
    minute : int
        Where they have parted, in minutes since the start of the run.
    seeds : tuple of int
        Seed of each replicate.
    changes : mapping of str to tuple of str
        What each future changes, in words.
    """

    models: Mapping[str, Sequence[CityModel]]
    minute: int
    seeds: tuple[int, ...]
    changes: Mapping[str, tuple[str, ...]]

    def difference(
        self,
        measure: Measure,
        future: str | None = None,
        *,
        against: str | None = None,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Return what a future changes, with an interval over replicates.

        Parameters
        ----------
        measure : str or callable
            ``"trips by hour"``, ``"minutes by purpose"``, ``"modes"``, ``"visits by kind"``; the
            name of a model reporter; or a function of a model that returns a number, a mapping
            or a series.
        future, against : str, optional
            Names of the futures; with two, the second is compared with the first.
        level : float, default 0.95
            Confidence level of the interval.

        Returns
        -------
        pandas.DataFrame
            Means over replicates of both futures, in columns of their names, ``difference``,
            and ``low`` and ``high``: the paired-t interval of the mean difference (see
            `paired_interval`); missing with one replicate.

        Raises
        ------
        ConfigError
            If there is no such measure or future, or the level is not between 0 and 1.
        """
        if not 0.0 < level < 1.0:
            message = f"level must be between 0 and 1, got {level!r}; use 0.95"
            raise ConfigError(message)
        names = self.pair_of(future, against)
        before, after = (
            [measured(one, measure, minute=self.minute) for one in self.models[name]]
            for name in names
        )
        return compared(before, after, names, level=level)

    def touched(
        self, future: str | None = None, *, against: str | None = None, replicate: int = 1
    ) -> pd.DataFrame:
        """Return for whom the days of two futures differ, and since when.

        Parameters
        ----------
        future, against : str, optional
            Names of the futures; with two, the second is compared with the first.
        replicate : int, default 1
            Number of the replicate; the first goes on with the luck of the run.

        Returns
        -------
        pandas.DataFrame
            One row a person (see `futures.touched.touched`), in order of time, with columns of
            the names of the futures, and ``decision_`` and these names.

        Raises
        ------
        ConfigError
            If there is no such future or replicate.
        """
        names = self.pair_of(future, against)
        if replicate not in range(1, len(self.seeds) + 1):
            message = f"replicate must be a number from 1 to {len(self.seeds)}, got {replicate!r}"
            raise ConfigError(message)
        control, policy = (self.models[name][replicate - 1] for name in names)
        columns = {"control": names[0], "policy": names[1]}
        decisions = {f"decision_{one}": f"decision_{name}" for one, name in columns.items()}
        return touched(control, policy, minute=self.minute).rename(columns=columns | decisions)

    def share_touched(
        self, future: str | None = None, *, against: str | None = None, level: float = 0.95
    ) -> pd.Series[float]:
        """Return the share of people whose days differ: mean over replicates, low and high.

        Parameters
        ----------
        future, against, level
            See `difference`.
        """
        import pandas as pd

        names = self.pair_of(future, against)
        shares = np.array(
            [
                len(touched(control, policy, minute=self.minute)) / _people(control, policy)
                for control, policy in zip(*(self.models[name] for name in names), strict=True)
            ]
        )
        low, high = paired_interval(shares[:, np.newaxis], level=level)
        return pd.Series({"share": shares.mean(), "low": low[0], "high": high[0]})

    @property
    def others(self) -> tuple[str, ...]:
        """Names of all futures but the first."""
        return tuple(self.models)[1:]

    def pair_of(self, future: str | None, against: str | None) -> tuple[str, str]:
        """Return the names of the two futures to compare, checked."""
        if future is None and len(self.models) > 2:
            names = ", ".join(map(repr, self.others))
            message = f"there are several futures; say which by future=, one of {names}"
            raise ConfigError(message)
        chosen = (against or next(iter(self.models)), future or self.others[0])
        for name in chosen:
            if name not in self.models:
                message = f"there is no future {name!r}; use one of {', '.join(self.models)}"
                raise ConfigError(message)
        return chosen


def _people(control: CityModel, policy: CityModel) -> int:
    """Return how many people live in one of two models, or have lived there at first."""
    everybody = {one.id for one in control.population}
    for model in (control, policy):
        everybody |= {one.person for one in model.citizens}
    return max(len(everybody), 1)
