"""Figures of a run: where people live, who moved, and the effect of policies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.return_migration.model import ReturnMigration
from mesa_llm_city.models.return_migration.places import SIDE_KM, Place

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

__all__ = ["country_figure", "draw_country", "draw_sweep"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_CITY, _BACK, _AWAY = "#332288", "#228833", "#EE6677"
_LINES = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#AA3377", "#66CCEE")
_PT2_PER_PERSON = 2.5
_WIDEST_PT = 4.5


def draw_country(model: ReturnMigration, path: str | Path, *, title: str = "") -> None:
    """Draw maps of the start and the present, net moves between places, and yearly moves.

    Parameters
    ----------
    model : ReturnMigration
        The model, after any number of years.
    path : str or Path
        PNG file to write.
    title : str, optional
        Title of the figure.
    """
    country_figure(model, title=title).savefig(path, dpi=110)


def country_figure(model: ReturnMigration, *, title: str = "") -> Figure:
    """Return maps of the start and the present, net moves between places, and yearly moves.

    Parameters
    ----------
    model : ReturnMigration
        The model, after any number of years.
    title : str, optional
        Title of the figure.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.4, 9.4), layout="constrained")
    (before, after), (flows, yearly) = figure.subplots(2, 2)
    colours = _draw_people(before, model, now=False)
    _draw_people(after, model, now=True)
    before.set_title("At the start", loc="left")
    after.set_title(f"After {_years(model.year)}", loc="left")
    key = "square: people in the city\ndisc: people at home; ring: all who belong there"
    for axes in (before, after):
        axes.annotate(key, (250.0, 0.0), va="center", fontsize=7, color="#444444")
    figure.colorbar(colours, ax=[before, after], label="share of its people at home", shrink=0.7)
    _draw_flows(flows, model)
    _draw_history(yearly, model)
    figure.suptitle(title)
    return figure


def draw_sweep(rows: pd.DataFrame, path: str | Path) -> None:
    """Draw the share at home by subsidy, with a line for each level of the reform.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per run, from `sweep`, including the lowest subsidy and reform.
    path : str or Path
        PNG file to write.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.4), layout="constrained")
    share, effect = figure.subplots(1, 2)
    for colour, (reform, some) in zip(_LINES, _paired(rows).groupby("reform"), strict=False):
        _draw_band(share, some, "home_share", colour, float(str(reform)))
        _draw_band(effect, some, "effect", colour, float(str(reform)))
    share.set_ylabel("share of all who live in their village")
    share.yaxis.set_major_formatter(_percent())
    effect.set_ylabel("change, percentage points")
    effect.axhline(0.0, color="#444444", linewidth=0.8)
    for axes in (share, effect):
        axes.set_xlabel("rural subsidy, thousand RMB a year")
        axes.spines[["top", "right"]].set_visible(False)
    effect.legend(frameon=False, title="hukou reform", loc="upper left")
    seeds, years = rows["rng"].nunique(), int(rows["year"].max())
    models = rows["model"].nunique()
    of = f"{seeds} seeds" if models == 1 else f"{seeds} seeds and {models} models"
    share.set_title(f"After {_years(years)}: mean and range of {of}", loc="left")
    effect.set_title("Against the same seed without policy", loc="left")
    figure.savefig(path, dpi=110)


def _paired(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the difference to the run with the same seed and model and the lowest policies."""
    policies, twin = rows[["rural_subsidy", "hukou_reform"]], ["rng", "model"]
    plain = rows[(policies == policies.min()).all(axis=1)].set_index(twin)["home_share"]
    same = plain.loc[list(rows[twin].itertuples(index=False, name=None))].to_numpy()
    effect = 100.0 * (rows["home_share"] - same)
    return rows.assign(effect=effect, reform=rows["hukou_reform"])


def _draw_band(axes: Axes, rows: pd.DataFrame, name: str, colour: str, reform: float) -> None:
    band = rows.groupby("rural_subsidy")[name].agg(["mean", "min", "max"])
    thousand = band.index.to_numpy() / 1000.0
    label = f"reaches {reform:.0%} a year" if reform else "none"
    axes.fill_between(thousand, band["min"], band["max"], color=colour, alpha=0.15, linewidth=0)
    axes.plot(thousand, band["mean"], color=colour, marker="o", label=label)


def _draw_people(axes: Axes, model: ReturnMigration, *, now: bool) -> ScalarMappable:
    """Draw squares for people in cities, and villages by the share of their people at home."""
    _frame(axes)
    people = [(one, one.is_home if now else one.was_home) for one in model.migrants]
    away = Counter(one.city.number for one, is_home in people if not is_home)
    home = Counter(one.village.number for one, is_home in people if is_home)
    own = Counter(one.village.number for one, _ in people)
    for city in model.cities:
        size = 30.0 + _PT2_PER_PERSON * away[city.number]
        _dot(axes, city, size=size, marker="s", colour=_CITY)
        _annotate(axes, city, f"{away[city.number]}")
    x, y = zip(*[one.where_km for one in model.villages], strict=True)
    shares = [home[one.number] / max(own[one.number], 1) for one in model.villages]
    # The size of the ring is that of all people of the village, the disc that of people at home.
    axes.scatter(
        x,
        y,
        s=[6.0 + 2.0 * _PT2_PER_PERSON * own[one.number] for one in model.villages],
        c="none",
        edgecolors="#999999",
        linewidths=0.8,
    )
    return axes.scatter(
        x,
        y,
        s=[6.0 + 2.0 * _PT2_PER_PERSON * home[one.number] for one in model.villages],
        c=shares,
        cmap="viridis",
        vmin=0.0,
        vmax=1.0,
        zorder=3,
    )


def _draw_flows(axes: Axes, model: ReturnMigration) -> None:
    """Draw net moves between each city and village; width in proportion to people."""
    _frame(axes)
    axes.set_title("Net moves", loc="left")
    net: Counter[tuple[int, int]] = Counter()
    for one in model.migrants:
        net[one.city.number, one.village.number] += int(one.is_home) - int(one.was_home)
    places = {one.number: one for one in (*model.cities, *model.villages)}
    widest = max([abs(count) for count in net.values()], default=0) or 1
    for (city, village), count in sorted(net.items(), key=lambda pair: abs(pair[1])):
        if count:
            x, y = zip(places[city].where_km, places[village].where_km, strict=True)
            width = _WIDEST_PT * abs(count) / widest
            axes.plot(x, y, color=_BACK if count > 0 else _AWAY, linewidth=width, alpha=0.6)
    for place in places.values():
        is_city = place.kind == "city"
        marker, colour, size = ("s", _CITY, 70.0) if is_city else ("o", "#444444", 18.0)
        _dot(axes, place, size=size, marker=marker, colour=colour)
    back = sum(count for count in net.values() if count > 0)
    away = -sum(count for count in net.values() if count < 0)
    axes.plot([], [], color=_BACK, linewidth=3, label=f"home ({back} people)")
    axes.plot([], [], color=_AWAY, linewidth=3, label=f"to the city ({away})")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=2, frameon=False)


def _draw_history(axes: Axes, model: ReturnMigration) -> None:
    history = model.history()
    years = history["year"].to_numpy()
    axes.set_title("Year by year", loc="left")
    axes.bar(years, history["returned"], color=_BACK, alpha=0.75, label="moved home")
    axes.bar(years, -history["left"], color=_AWAY, alpha=0.75, label="left again")
    axes.set_xlabel("year")
    axes.xaxis.set_major_locator(_whole_numbers())
    axes.set_ylabel("people who moved")
    axes.axhline(0.0, color="#444444", linewidth=0.8)
    share = axes.twinx()
    start = float(np.mean([one.was_home for one in model.migrants]))
    shares = [start, *history["home_share"]]
    share.plot([0, *years], shares, color="#222222", label="share at home (right)")
    share.set_ylim(0.0, 1.0)
    share.yaxis.set_major_formatter(_percent())
    for side in (axes, share):
        side.spines["top"].set_visible(False)
    handles, labels = axes.get_legend_handles_labels()
    more, names = share.get_legend_handles_labels()
    axes.legend(handles + more, labels + names, frameon=False, loc="upper left", ncols=2)
    # Leaves room for the legend; limits differ even before the first year.
    most, least = max([1, *history["returned"]]), max([1, *history["left"]])
    axes.set_ylim(-1.2 * least, 1.5 * most)


def _frame(axes: Axes) -> None:
    axes.set_aspect("equal")
    axes.set_xlim(0.0, 1.04 * SIDE_KM)
    axes.set_ylim(0.0, SIDE_KM)
    axes.set_axis_off()
    axes.plot([20.0, 220.0], [0.0, 0.0], color="#444444", linewidth=2, clip_on=False)
    axes.annotate("200 km", (120.0, 8.0), ha="center", va="bottom", fontsize=8, color="#444444")


def _dot(axes: Axes, place: Place, *, size: float, marker: str, colour: str) -> None:
    x, y = place.where_km
    axes.scatter(x, y, s=size, marker=marker, color=colour, zorder=3)


def _annotate(axes: Axes, place: Place, text: str) -> None:
    axes.annotate(
        text, place.where_km, ha="center", va="center", color="white", fontsize=8, zorder=4
    )


def _whole_numbers() -> MaxNLocator:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


def _percent() -> PercentFormatter:
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(1.0, decimals=0)


def _years(count: int) -> str:
    return "1 year" if count == 1 else f"{count} years"
