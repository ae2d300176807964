"""What if a rule were another one: ``python -m mesa_llm_city.models.community.what_if``.

Copies of a running community go on side by side, each with other rules (the WhatIf and
Multiverse of Social Simulacra, Park et al. 2022, UIST).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.community.model import Community

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.folder_argument import folder_argument
from mesa_llm_city.experiments.futures.difference import paired_interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FUTURES", "WhatIf", "main", "what_if"]

FUTURES: Mapping[str, str] = {
    "as it is": "",
    "no action": "respect=none",
    "no rule": "respect=off",
    "ban after 3": "respect=ban",
}
"""Futures that are compared by default."""

_MEASURES = ("posts", "hostile posts", "hostile posts seen", "members writing", "gone or banned")


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Futures of one community.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per future and copy, with what was measured after the rules changed.
    daily : dict of str to ndarray of float64, shape (copies, days)
        Hostile share of the posts of each day, by future; NaN without posts.
    day : int
        Day on which the rules changed.
    """

    rows: pd.DataFrame
    daily: dict[str, Float]
    day: int

    @property
    def reference(self) -> str:
        """Name of the first future, with which the others are compared."""
        return next(iter(self.daily))

    @property
    def copies(self) -> int:
        """Number of copies of each future."""
        return len(self.daily[self.reference])

    def differences(self) -> pd.DataFrame:
        """Return what differs from the first future, with intervals of the mean over copies.

        Copies of one number have their random numbers in common, so differences are taken
        within them.

        Returns
        -------
        pandas.DataFrame
            One row per other future and measure: its mean in the reference, the mean
            difference, and its 95 % interval by the distribution of Student; NaN with a single
            copy.
        """
        import pandas as pd

        wide = self.rows.pivot_table(index="copy", columns="future", values=list(_MEASURES))
        rows = []
        for future in list(self.daily)[1:]:
            for measure in _MEASURES:
                base = wide[measure][self.reference].to_numpy()
                change = wide[measure][future].to_numpy() - base
                low, high = paired_interval(change[:, np.newaxis])
                row = (future, measure, float(base.mean()), float(change.mean()))
                rows.append((*row, float(low[0]), float(high[0])))
        columns = ["future", "measure", "reference", "difference", "low", "high"]
        return pd.DataFrame(rows, columns=columns)


def what_if(
    model: Community, futures: Mapping[str, str | Mapping[str, str]] = FUTURES, *, copies: int = 16
) -> WhatIf:
    """Let copies of a community live on to the end of its run, each with other rules.

    The model itself stays as it is. The first copy of a future goes on with the random
    numbers of the run; the others draw what is to come from other seeds, the same in all futures.

    Parameters
    ----------
    model : Community
        Where the futures part, between two steps.
    futures : mapping of str to str or mapping
        Changes of rules by the name of the future, as `Community.change_rules` takes them; the
        first is what the others are compared with.
    copies : int, default 16
        Number of copies of each future.

    Raises
    ------
    ConfigError
        If there are fewer than two futures, no copies, or no such rule.

    Examples
    --------
    >>> model = Community(members=30, days=2, rng=7)
    >>> found = what_if(model, {"as it is": "", "no rule": "respect=off"}, copies=2)
    >>> len(found.rows), found.copies, model.minute
    (4, 2, 0)
    """
    if len(futures) < 2 or copies < 1:
        message = f"give two futures or more and a copy or more, got {len(futures)} and {copies}"
        raise ConfigError(message)
    seeds = [None, *(_seed(model, number) for number in range(1, copies))]
    lived = {
        name: [_future(model, changes, seed) for seed in seeds] for name, changes in futures.items()
    }
    return WhatIf(
        rows=_rows(lived, model.minute),
        daily={name: np.array([_daily(one) for one in several]) for name, several in lived.items()},
        day=model.day,
    )


def main(folder: Path) -> None:
    """Compare `FUTURES` of the community of commuters, and write tables and a picture."""
    from mesa_llm_city.models.community.pictures import draw_what_if

    folder.mkdir(parents=True, exist_ok=True)
    model = Community(days=21, rng=7)
    while model.day < 7:  # a week of a common past
        model.step()
    found = what_if(model)
    for name, table in (("futures", found.rows), ("differences", found.differences())):
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
    draw_what_if(found, folder / "what_if.png")
    sys.stdout.write(f"{found.differences().round(2).to_string(index=False)}\n")
    sys.stdout.write(f"written to {folder / 'what_if.png'}\n")


def _seed(model: Community, number: int) -> int:
    return int(rng(model.run_seed, number, "what_if", model.minute).integers(2**32))


def _future(model: Community, changes: Any, seed: int | None) -> Community:  # noqa: ANN401 - text or mapping
    future = model.copy(seed)
    future.change_rules(changes)
    future.run_to_end()
    return future


def _rows(lived: Mapping[str, list[Community]], since: int) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (name, number, *_measured(model, since))
        for name, models in lived.items()
        for number, model in enumerate(models)
    ]
    return pd.DataFrame(rows, columns=["future", "copy", *_MEASURES])


def _measured(model: Community, since: int) -> tuple[float, ...]:
    """Return `_MEASURES` of what has happened since a minute."""
    posts = model.posts
    new = posts.minute >= since
    hostile = new & (posts.category == posts.categories.code("hostility"))
    return (
        float(np.count_nonzero(new)),
        float(np.count_nonzero(hostile)),
        float(posts.views[hostile].sum()),
        float(len(np.unique(posts.author[new]))),
        float(model.gone + model.banned),
    )


def _daily(model: Community) -> Float:
    """Return the hostile share of the posts of each day; NaN without posts."""
    posts, days = model.posts, model.minute // DAY_MIN
    day = posts.minute // DAY_MIN
    hostile = posts.category == posts.categories.code("hostility")
    count = np.bincount(day, minlength=days).astype(np.float64)
    share: Float = np.bincount(day[hostile], minlength=days) / np.where(count > 0, count, np.nan)
    return share


if __name__ == "__main__":
    main(folder_argument(__doc__, "runs/community"))
