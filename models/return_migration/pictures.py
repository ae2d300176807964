"""Figures of a run: where people live, who moved, and the effect of policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
_MOST_FLOWS = 24


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
    _draw_key(before)
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


def _draw_key(axes: Axes) -> None:
    """Tell below the map of the start what its marks mean."""
    from matplotlib.lines import Line2D

    looks: dict[str, dict[str, object]] = {
        "people in the city": {"marker": "s", "color": _CITY},
        "people at home": {"marker": "o", "color": "#21918c"},
        "all who belong there": {"marker": "o", "color": "#999999", "markerfacecolor": "none"},
    }
    handles = [
        Line2D([], [], linestyle="", label=label, **look)  # type: ignore[arg-type]
        for label, look in looks.items()
    ]
    axes.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.02),
        ncols=3,
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.0,
    )


def _draw_flows(axes: Axes, model: ReturnMigration) -> None:
    """Draw the largest net moves between cities and villages; width in proportion to people."""
    _frame(axes)
    net: Counter[tuple[int, int]] = Counter()
    for one in model.migrants:
        net[one.city.number, one.village.number] += int(one.is_home) - int(one.was_home)
    moved = [(pair, count) for pair, count in net.items() if count]
    shown = sorted(moved, key=lambda one: (abs(one[1]), one[0]))[-_MOST_FLOWS:]
    places = {one.number: one for one in (*model.cities, *model.villages)}
    widest = max([abs(count) for _, count in shown], default=1)
    named = {one.number for one in model.cities}
    for (city, village), count in shown:
        ends = (places[city], places[village])
        _arrow(axes, ends if count > 0 else ends[::-1], share=abs(count) / widest)
        named |= {village} if abs(count) > widest / 2 else set()
    for place in places.values():
        is_city = place.kind == "city"
        marker, colour, size = ("s", _CITY, 70.0) if is_city else ("o", "#444444", 14.0)
        _dot(axes, place, size=size, marker=marker, colour=colour)
        if place.number in named:
            _name(axes, place, is_left=not is_city)
    of = "" if len(shown) == len(moved) else f", {len(shown)} largest of {len(moved)}"
    axes.set_title(f"Net moves{of}", loc="left")
    _explain_flows(axes, [count for _, count in moved])


def _arrow(axes: Axes, ends: tuple[Place, ...], *, share: float) -> None:
    """Draw a bent arrow from one place to another, so that both directions can be seen."""
    from matplotlib.patches import FancyArrowPatch

    start, end = ends
    width = max(_WIDEST_PT * share, 0.5)
    arrow = FancyArrowPatch(
        start.where_km,
        end.where_km,
        connectionstyle="arc3,rad=0.14",
        arrowstyle=f"-|>,head_length={2.5 + width},head_width={1.2 + 0.6 * width}",
        linewidth=width,
        color=_BACK if end.kind == "village" else _AWAY,
        alpha=0.35 + 0.5 * share,
        shrinkA=4.0,
        shrinkB=3.0,
    )
    axes.add_patch(arrow)


def _name(axes: Axes, place: Place, *, is_left: bool) -> None:
    from matplotlib.patheffects import withStroke

    axes.annotate(
        place.name,
        place.where_km,
        xytext=(-6 if is_left else 8, 5 if is_left else 0),
        textcoords="offset points",
        ha="center" if is_left else "left",
        va="bottom" if is_left else "center",
        fontsize=7,
        path_effects=[withStroke(linewidth=2.0, foreground="white")],
        annotation_clip=False,
        zorder=5,
    )


def _explain_flows(axes: Axes, counts: Sequence[int]) -> None:
    back = sum(count for count in counts if count > 0)
    away = -sum(count for count in counts if count < 0)
    axes.plot([], [], color=_BACK, linewidth=3, label=f"home ({back} people)")
    axes.plot([], [], color=_AWAY, linewidth=3, label=f"to the city ({away})")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=2, frameon=False)


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
    axes.legend(
        handles + more,
        labels + names,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.14),
        ncols=3,
        frameon=False,
        columnspacing=1.0,
    )
    # Limits differ even before the first year.
    most, least = max([1, *history["returned"]]), max([1, *history["left"]])
    axes.set_ylim(-1.2 * least, 1.2 * most)


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
