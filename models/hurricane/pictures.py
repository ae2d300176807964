"""Figures of the storm: visits day by day, and what each baseline makes of them."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.hurricane.daily import BASELINES, PUBLISHED
from mesa_llm_city.models.hurricane.periods import PERIODS

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.futures.difference import paired_interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_days"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_STORM, _NONE, _REAL, _SHADE = "#4477AA", "#999999", "#EE6677", "#66CCEE"
_BASELINE = MappingProxyType(dict(zip(BASELINES, ("#EE6677", "#CCBB44", "#228833"), strict=True)))


def draw_days(rows: pd.DataFrame, changes: pd.DataFrame, path: str | Path) -> None:
    """Draw visits day by day, and the change during the storm by each baseline.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `sweep.sweep`.
    changes : pandas.DataFrame
        From `sweep.arm_changes`.
    path : str or Path
        PNG file to write.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.05))
    _draw_days(left, rows)
    _draw_changes(right, changes)
    figure.savefig(path, dpi=110)


def _draw_days(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw visits of the nine days as shares of the largest."""
    days = np.array([day for name, some in PERIODS.items() if name != "baseline" for day in some])
    plain = rows[~rows["holiday"].astype(bool)]
    for storm, colour, label in ((False, _NONE, "model, no storm"), (True, _STORM, "model, storm")):
        mine = plain[plain["storm"] == storm].pivot_table(
            index="rng", columns="day", values="visits"
        )
        seen = mine[days].to_numpy(dtype=np.float64)
        of_max = seen / seen.max(axis=1, keepdims=True)
        _draw_mean(axes, days + 1.0, of_max, colour, f"{label} (n = {len(seen)} seeds)")
    axes.plot(days + 1, PUBLISHED["real"], "o", ms=4, color=_REAL, label="Columbia, SC, 2019")
    during = PERIODS["during"]
    axes.axvspan(during[0] + 0.5, during[-1] + 1.5, color=_SHADE, alpha=0.2, lw=0)
    axes.set(xlabel="day of the run", ylabel="visits, as a share of the largest day")
    axes.set_xticks(days + 1)
    axes.set_ylim(0.0, 1.32)
    axes.set_yticks(np.arange(0.0, 1.01, 0.2))
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    axes.set_title("Before, during and after", loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_changes(axes: Axes, changes: pd.DataFrame) -> None:
    """Draw the change of visits during the storm's days that each baseline reports."""
    arms = list(dict.fromkeys(changes["arm"]))
    for at, name in enumerate(BASELINES):
        mine = changes[changes["baseline"] == name].set_index("arm").loc[arms]
        y = np.arange(len(arms)) + 0.22 * (at - 1)
        around = np.nan_to_num(np.stack([mine["mean"] - mine["low"], mine["high"] - mine["mean"]]))
        axes.errorbar(
            100.0 * mine["mean"], y, xerr=100.0 * around, fmt="o", ms=5, capsize=3,
            color=_BASELINE[name], label=f"against {name}",
        )  # fmt: skip
    axes.axvline(0.0, color="#BBBBBB", lw=1.0, zorder=0)
    axes.set_yticks(range(len(arms)), arms)
    axes.invert_yaxis()
    axes.set_xlabel("change of visits on days 11 to 13, %")
    axes.legend(frameon=False, fontsize=8, loc="lower left")
    axes.set_title("What the storm did, by baseline", loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_mean(axes: Axes, x: Float, values: Float, colour: str, label: str) -> None:
    """Draw the mean over seeds, and the interval of the mean if there are several."""
    axes.plot(x, values.mean(axis=0), "-", color=colour, label=label)
    if len(values) > 1:
        low, high = (np.clip(one, 0.0, 1.0) for one in paired_interval(values))
        axes.fill_between(x, low, high, color=colour, alpha=0.25, lw=0)
