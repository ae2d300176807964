"""The picture of a validation: one panel for each kind of measure that has a curve or a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mesa_llm_city.experiments.validation.measure import Family
    from mesa_llm_city.experiments.validation.provenance import Provenance

__all__ = [
    "NAIVE",
    "PEOPLE",
    "RUN",
    "draw_panels",
    "draw_validation",
    "legend",
    "panels_of",
    "title",
]

_COLUMNS = 3
_PANEL_IN = (5.4, 4.3)
_HEAD_IN = 1.3
_DPI = 120
_LONGEST = 200
_MOST_CELLS = 14

RUN, PEOPLE, NAIVE = "#4477AA", "#EE6677", "#BBBBBB"
"""Colours of what a run has, of what was observed, and of naive predictions."""


def draw_validation(provenance: Provenance, families: Sequence[Family]) -> Figure:
    """Draw the curves behind the measures, those of people and naive ones beside them.

    Parameters
    ----------
    provenance : Provenance
        Where the figures come from; written above the panels.
    families : sequence of Family
        The measures by kind.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot, so no window is needed.
    """
    return draw_panels([*provenance.lines()], panels_of(families))


def panels_of(families: Sequence[Family]) -> list[Callable[[Axes], None]]:
    """Return what draws a panel for each curve or map behind the measures."""

    def panel(draw: Callable[[Axes, Family], None], family: Family) -> Callable[[Axes], None]:
        return lambda axes: draw(axes, family)

    return [
        panel(draw, family)
        for family in families
        for draw in _PANELS.get(family.name, ())
        if family.details
    ]


def draw_panels(lines: Sequence[str], panels: Sequence[Callable[[Axes], None]]) -> Figure:
    """Draw panels in three columns, with lines of text above them.

    Parameters
    ----------
    lines : sequence of str
        What a reader must know.
    panels : sequence of callable
        Each draws on the axes that it gets.
    """
    from matplotlib.figure import Figure

    rows = max(-(-len(panels) // _COLUMNS), 1)
    head = max(_HEAD_IN, 0.4 + 0.22 * len(lines))
    height = rows * _PANEL_IN[1] + head
    figure = Figure(figsize=(_COLUMNS * _PANEL_IN[0], height), dpi=_DPI, facecolor="white")
    below = 1.0 - head / height
    figure.set_layout_engine("constrained", rect=(0.01, 0.01, 0.98, below - 0.01))
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for one, draw in zip(axes, panels, strict=False):
        draw(one)
        one.tick_params(labelsize=8)
    for one in axes[len(panels) :]:
        one.set_axis_off()
    for row, line in enumerate(lines):
        figure.text(0.02, 1 - (0.25 + 0.22 * row) / height, line[:_LONGEST], fontsize=10, va="top")
    return figure


def _time_use(axes: Axes, family: Family) -> None:
    """Draw the difference of minutes, by cell of the survey and group of activities."""
    details = family.details
    some = [*details["cells"]][:_MOST_CELLS]
    gaps = np.array([np.subtract(one["run_min"], one["survey_min"]) for one in some])
    most = float(max(np.abs(gaps).max(), 1.0))
    image = axes.imshow(gaps, cmap="RdBu_r", vmin=-most, vmax=most, aspect="auto")
    axes.set_yticks(range(len(some)), [one["who"] for one in some])
    axes.set_xticks(range(len(details["groups"])), details["groups"], rotation=30, ha="right")
    axes.figure.colorbar(image, ax=axes, shrink=0.8).ax.tick_params(labelsize=7)
    more = len(details["cells"]) - len(some)
    title(axes, f"Time use: run minus survey (min a day){f', {more} cells more' if more else ''}")


def _departures(axes: Axes, family: Family) -> None:
    for row, (name, one) in enumerate([*family.details.items()][:2]):
        style = ("-", "--")[row]
        axes.plot(100 * np.array(one["observed"]), style, color=PEOPLE, label=f"{name}: people")
        axes.plot(100 * np.array(one["run"]), style, color=RUN, label=f"{name}: run")
    axes.axhline(100 / 24, color=NAIVE, linewidth=1, label="equal hours")
    axes.set_xlabel("hour")
    axes.set_xticks(range(0, 24, 3))
    legend(axes)
    title(axes, "Departures (% of the day's trips)")


def _modes(axes: Axes, family: Family) -> None:
    details = family.details
    bands, modes = details["bands"], details["modes"]
    at = np.arange(len(bands)) * 2.6
    colours = ("#4477AA", "#66CCEE", "#EE6677", "#CCBB44", "#AA3377", "#228833", "#BBBBBB")
    bottoms = np.zeros((2, len(bands)))
    for row, mode in enumerate(modes):
        for which, name in enumerate(("run", "observed")):
            height = np.array([100 * one[name][row] for one in bands])
            axes.bar(
                at + which,
                height,
                bottom=bottoms[which],
                color=colours[row % len(colours)],
                label=mode if which == 0 else None,
            )
            bottoms[which] += height
    axes.set_xticks(at + 0.5, [one["trips"] for one in bands])
    legend(axes)
    title(axes, "Mode shares (%): run left, people right")


def _popularity(axes: Axes, family: Family) -> None:
    details = family.details
    users, visits = np.array(details["users"]), np.array(details["visits"])
    axes.scatter(users + 0.5, visits + 0.5, s=6, alpha=0.35, color=RUN, linewidths=0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("users observed + 0.5")
    axes.set_ylabel("visits in the run + 0.5")
    title(axes, f"Popularity of {len(users):,} places")


def _density(axes: Axes, family: Family) -> None:
    details = family.details
    name = next(one for one in details if isinstance(details[one], Mapping))
    shape = (details["rows"], details["columns"])
    run, people = (np.log1p(np.array(details[name][one])) for one in ("run", "observed"))
    run, people = (one / max(one.max(), 1e-9) for one in (run, people))
    gap = np.full((shape[0], 1), np.nan)
    both = np.hstack([run.reshape(shape), gap, people.reshape(shape)])
    axes.imshow(both, origin="lower", cmap="viridis", aspect="equal")
    axes.set_xticks([])
    axes.set_yticks([])
    title(axes, f"Density, log scale, {name}: run left, people right")


def _distinct(axes: Axes, family: Family) -> None:
    details = family.details
    ours, naive = (
        np.array(details[name])
        for name in ("distinct_places_by_day", "distinct_places_by_day_naive")
    )
    days = np.arange(1, len(ours) + 1)
    axes.loglog(days, ours, color=RUN, marker="o", markersize=3, label="run")
    axes.loglog(days, naive, color=NAIVE, label="visits exchanged between people")
    axes.loglog(days, ours[-1] * (days / days[-1]) ** 0.6, ":", color=PEOPLE, label="slope 0.6")
    axes.set_xlabel("days")
    legend(axes)
    title(axes, "Distinct places of a person, S(t)")


def _ranks(axes: Axes, family: Family) -> None:
    details = family.details
    ours, naive = (
        np.array(details[name])
        for name in ("share_of_visits_by_rank", "share_of_visits_by_rank_naive")
    )
    ranks = np.arange(1, len(ours) + 1)
    axes.loglog(ranks, ours, color=RUN, marker="o", markersize=3, label="run")
    axes.loglog(ranks, naive, color=NAIVE, label="visits exchanged between people")
    axes.loglog(ranks, ours[0] * ranks**-1.2, ":", color=PEOPLE, label="slope -1.2")
    axes.set_xlabel("rank of the place")
    legend(axes)
    title(axes, "Share of a person's visits (Zipf)")


def _distances(axes: Axes, family: Family) -> None:
    details = family.details
    at_km = np.array(details["at_m"]) / 1000.0
    for name, label, colour in (
        ("jumps_beyond", "jumps", RUN),
        ("gyration_beyond", "radius of gyration", "#228833"),
    ):
        share = np.array(details[name])
        if len(share):
            axes.loglog(at_km[share > 0], share[share > 0], color=colour, label=label)
    axes.set_xlabel("km")
    legend(axes)
    title(axes, "Share beyond a distance")


def _motifs(axes: Axes, family: Family) -> None:
    rows = family.details["commonest"]
    names = [f"{one['nodes']} places, {one['trips_between_pairs']} ways" for one in rows]
    axes.barh(range(len(rows)), [100 * one["share"] for one in rows], color=RUN)
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.set_xlabel("% of days")
    title(axes, "The commonest daily networks")


def _weeks(axes: Axes, family: Family) -> None:
    rates = family.details["trips_a_day_by_week"]
    axes.plot(range(1, len(rates) + 1), rates, color=RUN, marker="o")
    axes.set_ylim(0, 1.2 * max(*rates, 0.1))
    axes.set_xticks(range(1, len(rates) + 1))
    axes.set_xlabel("week")
    title(axes, "Trips a day")


def title(axes: Axes, text: str) -> None:
    """Write a title above a panel."""
    axes.set_title(text, loc="left", fontsize=10, fontweight="bold")


def legend(axes: Axes) -> None:
    """Draw a small legend."""
    axes.legend(fontsize=7.5, frameon=False)


_PANELS: Mapping[str, tuple[Callable[[Axes, Family], None], ...]] = MappingProxyType(
    {
        "time use": (_time_use,),
        "departures": (_departures,),
        "modes": (_modes,),
        "popularity": (_popularity,),
        "density": (_density,),
        "exploration and return": (_distinct, _ranks),
        "distances": (_distances,),
        "motifs": (_motifs,),
        "trips and drift": (_weeks,),
    }
)
