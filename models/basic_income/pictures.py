"""The picture of a run: the trial beside the published one, or a town over the months."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.basic_income.model import BasicIncome
from mesa_llm_city.models.basic_income.tables import groups
from mesa_llm_city.models.basic_income.trial import compared, effects_by_year

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "figure", "towns_figure"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_TREATED, _OTHERS, _PUBLISHED, _GREY = "#EE6677", "#4477AA", "#228833", "#777777"
_ARM_COLOURS = {"none": _GREY, "funded": _OTHERS, "issued": _TREATED}
_WHOLE_FROM = 10.0
_NAMES = {
    "hours": "hours a week",
    "working": "people who work, points",
    "earnings": "earnings a year",
    "spending": "spending a month",
}
_PANELS = (
    ("spending", "Spending on goods, a month"),
    ("hours", "Hours of work, a week"),
    ("ces_d", "Depressive symptoms, 0 to 60"),
)


def draw(model: BasicIncome, path: str | Path) -> None:
    """Write the picture of a run as a PNG file, 1100 pixels wide."""
    figure(model).savefig(path, dpi=100)


def figure(model: BasicIncome) -> Figure:
    """Return the picture of a run: outcomes by month, and in a trial the effects."""
    from matplotlib.figure import Figure

    is_trial = model.arm == "trial" and 0 < model.first_month < model.month
    drawn = Figure(figsize=(11.0, 7.4 if is_trial else 4.0), layout="constrained")
    axes = drawn.subplots(2 if is_trial else 1, 3, squeeze=False)
    rows = groups(model)
    for one, (name, title) in zip(axes[0], _PANELS, strict=True):
        _draw_groups(one, model, rows, name)
        one.set_title(title, loc="left", fontsize=10)
    axes[0][0].legend(fontsize=8, frameon=False)
    if is_trial:
        _draw_effects(axes[1], model)
    drawn.suptitle(_title(model), fontsize=11, x=0.01, ha="left")
    return drawn


def _title(model: BasicIncome) -> str:
    months = f"for {model.paid_months} months" if model.paid_months else "without end"
    who = {
        "trial": f"{model.is_treated.mean():.0%} of {len(model.people):,} people get "
        f"{model.amount:,.0f} a month {months}, the others {model.control:,.0f}",
        "funded": f"Everybody gets {model.amount:,.0f} a month {months}, from a levy on wages",
        "issued": f"Everybody gets {model.amount:,.0f} a month {months}, as new money",
        "none": "No basic income",
    }
    return f"{who[model.arm]}. Decided by {_decided(model)}."


def _decided(model: BasicIncome) -> str:
    asked = ", ".join(sorted(model.prompts))
    return f"a language model ({asked}) and by rules" if asked else "rules"


def _draw_groups(axes: Axes, model: BasicIncome, rows: pd.DataFrame, name: str) -> None:
    colours = {"treated": _TREATED, "control": _OTHERS}
    labels = {
        "treated": f"get {model.amount:,.0f}",
        "control": f"get {model.control:,.0f}" if model.arm == "trial" else "get nothing",
    }
    for group, part in rows.groupby("group", sort=True):
        kept = part.dropna(subset=[name])
        is_survey = name == "ces_d"
        axes.plot(
            kept["month"],
            kept[name],
            color=colours[str(group)],
            label=labels[str(group)],
            marker="o" if is_survey else None,
            markersize=3,
        )
    _shade(axes, model)
    axes.set_xlabel("month", fontsize=8)
    _plain(axes)


def _shade(axes: Axes, model: BasicIncome) -> None:
    """Shade the months in which the transfer is paid."""
    end = model.length if model.paid_months is None else model.first_month + model.paid_months
    if model.amount and model.first_month < model.month:
        axes.axvspan(model.first_month, min(end or model.month, model.month), color="#eeeeee")


def _draw_effects(axes: np.ndarray, model: BasicIncome) -> None:
    """Draw effects beside those published, and how they change over the years."""
    table = compared(model)
    published = table[["published_low", "published_high"]].mean(axis=1).to_numpy()
    one = axes[0]
    heights = np.arange(len(table))[::-1]
    share = table["found"].to_numpy() / published
    low, high = (table[name].to_numpy() / published for name in ("low", "high"))
    one.axvline(1.0, color=_PUBLISHED, linewidth=1.5)
    one.axvline(0.0, color="#999999", linewidth=0.8)
    spread = np.abs(np.stack([share - low, high - share]))
    one.errorbar(share, heights, xerr=spread, fmt="o", color=_TREATED, capsize=3)
    for height, (_, row) in zip(heights, table.iterrows(), strict=True):
        text = f"{_NAMES[row['outcome']]}: {_number(row['found'])}, published {_range(row)}"
        one.annotate(
            text,
            (0.0, height + 0.18),
            fontsize=7.5,
            xytext=(4, 0),
            textcoords="offset points",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
    one.set_ylim(-0.5, len(table) - 0.3)
    one.set_yticks([])
    one.set_xlim(min(-0.2, float(low.min())) - 0.05, max(2.0, float(high.max())) + 0.1)
    one.set_title("Effect found, by published (green: equal)", loc="left", fontsize=10)
    for panel, (name, title) in zip(
        axes[1:],
        (("hours", "Effect on hours by year"), ("ces_d", "Effect on symptoms by year")),
        strict=True,
    ):
        years = effects_by_year(model, name)
        error = np.stack([years["value"] - years["low"], years["high"] - years["value"]])
        panel.errorbar(
            years["year"], years["value"], yerr=error, fmt="o-", color=_TREATED, capsize=3
        )
        panel.axhline(0.0, color="#999999", linewidth=0.8)
        panel.set_xticks(years["year"].tolist())
        panel.set_xlabel("year of the transfer", fontsize=8)
        panel.set_title(title, loc="left", fontsize=10)
        _plain(panel)
    _plain(one)


def _range(row: pd.Series) -> str:
    low, high = float(row["published_low"]), float(row["published_high"])
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    return f"{value:+,.1f}" if abs(value) < _WHOLE_FROM else f"{value:+,.0f}"


def towns_figure(rows: pd.DataFrame) -> Figure:
    """Return how a town fares by arm: mean and range over seeds.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row a run and month, from `sweep.sweep`.
    """
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(11.0, 4.0), layout="constrained")
    panels = (("units", "Goods bought, a person"), ("hours", "Hours, a week"), ("price", "Price"))
    for axes, (name, title) in zip(drawn.subplots(1, 3), panels, strict=True):
        for arm, part in rows.groupby("arm", sort=True):
            wide = part.pivot_table(index="month", columns="rng", values=name)
            colour = _ARM_COLOURS.get(str(arm), _PUBLISHED)
            axes.plot(wide.index, wide.mean(axis=1), color=colour, label=str(arm))
            axes.fill_between(
                wide.index, wide.min(axis=1), wide.max(axis=1), color=colour, alpha=0.2
            )
        axes.set_title(title, loc="left", fontsize=10)
        axes.set_xlabel("month", fontsize=8)
        _plain(axes)
    drawn.axes[0].legend(fontsize=8, frameon=False)
    return drawn


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
