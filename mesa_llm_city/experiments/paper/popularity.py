"""Visits to places, and how popular these are (CitySim, sec. 4.4, figure 4)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import rankdata

from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.paper.ground import Ground
from mesa_llm_city.experiments.paper.lived import Lived, live
from mesa_llm_city.experiments.paper.report import Report, nothing_to_compare_with, report_of
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import NAIVE, PEOPLE, RUN, entitle, new_sheet
from mesa_llm_city.experiments.validation.measure import Family, Figure, Measure, measures_of
from mesa_llm_city.experiments.validation.popularity import popularity, visits_by_place
from mesa_llm_city.experiments.validation.run_tables import Places
from mesa_llm_city.experiments.validation.similarity import gini

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

__all__ = ["conduct", "rank_title", "visits_alone"]

_NAME = "popularity"
_KM = 1000.0
_TOP = 12
_LARGEST_PT2 = 150.0
_MARGIN = 0.03
_SPREAD = 1.5


def conduct(setting: Setting) -> Report:
    """Compare visits to places with their popularity; without it, show them."""
    lived = live(setting)
    observed = lived.observed.popularity
    family = (
        visits_alone(lived)
        if observed is None
        else popularity(lived.everybody, observed, lived.of_all)
    )
    drawing = partial(_draw, places=lived.everybody.places, ground=Ground.of_run(lived.folder))
    return report_of(setting, lived, [family], drawing)


def visits_alone(lived: Lived) -> Family:
    """Return how unequal visits are, of a run that is compared with nothing.

    Places that nobody visited are left out, since they may not be open to visitors at all.
    """
    tables = lived.everybody
    visits = visits_by_place(tables)
    counts = np.asarray(visits.sum(axis=0)).ravel()
    seen = np.flatnonzero(counts)
    by_place = csr_array(visits[:, seen].T)
    figures = (
        Figure("Gini coefficient of visits by visited place", len(seen), "places"),
        Figure("share of visits to the tenth of places visited most", len(seen), "places"),
    )
    found = lived.of_all.estimate(lambda count: _inequality(by_place @ count))
    even = {"every place as likely": _even(int(counts.sum()), len(seen))}
    return Family(
        name=_NAME,
        measures=tuple(measures_of(figures, found, even)) if len(seen) else (),
        details={
            "place": tables.places.ids[seen].tolist(),
            "visits": counts[seen].astype(int).tolist(),
        },
        notes=(nothing_to_compare_with("popularity"),),
    )


def _inequality(counts: Float) -> Float:
    total = float(counts.sum())
    top = np.sort(counts)[len(counts) - max(len(counts) // 10, 1) :]
    return np.array([gini(counts), float(top.sum()) / total if total else np.nan])


def _even(visits: int, places: int) -> Float:
    """Return what visits would be like if every place were as likely, mean of 20 draws."""
    if not places:
        return np.full(2, np.nan)
    rng = streams.rng(0, 0, "experiment popularity", 0)
    draws = rng.multinomial(visits, np.full(places, 1.0 / places), size=20).astype(np.float64)
    mean: Float = np.mean([_inequality(one) for one in draws], axis=0)
    return mean


def _draw(report: Report, *, places: Places, ground: Ground) -> Picture:
    """Draw places by visits and by popularity, and the ranks of both."""
    details = report.family(_NAME).details
    sheet = new_sheet(report, width_in=15.0, height_in=5.4)
    if not details:
        sheet.text(0.5, 0.3, "no place to compare", ha="center")
        return sheet
    axes = sheet.subplots(1, 3, width_ratios=(1, 1, 1))
    visits = np.array(details["visits"], dtype=np.float64)
    rows = places.rows(np.array(details["place"], dtype=np.int64))
    _draw_places(axes[0], places, rows, visits, ground=ground, colour=RUN)
    entitle(axes[0], f"{int(visits.sum()):,} visits of the run, {len(visits):,} places")
    if "users" in details:
        users = np.array(details["users"], dtype=np.float64)
        _draw_places(axes[1], places, rows, users, ground=ground, colour=PEOPLE)
        entitle(axes[1], "Observed users of the same places")
        _draw_ranks(axes[2], report, visits, users)
    else:
        _draw_kinds(axes[1], places, rows, visits)
        _draw_concentration(axes[2], visits)
    return sheet


def _draw_places(
    axes: Axes, places: Places, rows: Int, amounts: Float, *, ground: Ground, colour: str
) -> None:
    """Draw places as circles whose area is the amount."""
    west, south = (float(np.quantile(axis[rows], 0.005)) for axis in (places.x, places.y))
    x, y = (places.x[rows] - west) / _KM, (places.y[rows] - south) / _KM
    order = np.argsort(-amounts, kind="stable")
    area = _LARGEST_PT2 * amounts / max(float(np.quantile(amounts, 0.995)), 1.0)
    axes.scatter(x, y, s=2, color="#BBBBBB", linewidths=0, zorder=2)
    axes.scatter(
        x[order],
        y[order],
        s=np.minimum(area[order], 2 * _LARGEST_PT2),
        color=colour,
        alpha=0.55,
        edgecolors="white",
        linewidths=0.3,
        zorder=3,
    )
    width, height = (float(np.quantile(one, 0.995)) for one in (x, y))
    margin = _MARGIN * max(width, height, 0.1)
    axes.set(xlim=(-margin, width + margin), ylim=(-margin, height + margin))
    axes.set_aspect("equal")
    axes.set_xlabel("km")
    ground.draw(axes, west, south)


def _draw_ranks(axes: Axes, report: Report, visits: Float, users: Float) -> None:
    """Draw the rank of each place by visits against that by users, 100 being the most popular."""
    ranks = [100.0 * rankdata(one) / len(one) for one in (users, visits)]
    # Places share few numbers of visits, so points are moved a little apart.
    rng = streams.rng(0, 0, "experiment popularity", 1)
    spread = rng.uniform(-_SPREAD, _SPREAD, (2, len(users)))
    x, y = (one + moved for one, moved in zip(ranks, spread, strict=True))
    axes.scatter(x, y, s=7, color=RUN, alpha=0.4, linewidths=0)
    edges = np.linspace(0.0, 100.0, 11)
    tenth = np.clip(np.digitize(ranks[0], edges[1:-1], right=True), 0, 9)
    known = np.unique(tenth)
    means = [float(ranks[1][tenth == one].mean()) for one in known]
    axes.plot(
        [edges[one] + 5.0 for one in known],
        means,
        color=PEOPLE,
        marker="o",
        markersize=4,
        label="mean of a tenth of the places",
    )
    axes.axhline(50.0, color=NAIVE, linestyle="--", linewidth=1.0, label="chance")
    axes.set(xlim=(0, 102), ylim=(0, 102))
    axes.set_xlabel("rank by people observed (%)")
    axes.set_ylabel("rank by visits in the run (%)")
    axes.legend(fontsize=8, frameon=True, loc="lower right")
    found = report["all places: rank correlation of visits and users"]
    entitle(axes, rank_title(found))


def rank_title(found: Measure) -> str:
    """Return a rank correlation in words, beside that by kind of place where it is known."""
    low, high = found.interval
    by_kind = [one for name, one in found.naive.items() if "kind" in name and np.isfinite(one)]
    naive = "".join(f"; by kind {one:.2f}" for one in by_kind)
    return f"Rank correlation {found.value:.2f} ({low:.2f} to {high:.2f}){naive}"


def _draw_kinds(axes: Axes, places: Places, rows: Int, visits: Float) -> None:
    """Draw visits by kind of place, the most visited kinds on top."""
    kinds: dict[str, float] = {}
    for row, amount in zip(rows.tolist(), visits.tolist(), strict=True):
        kinds[places.kinds[row]] = kinds.get(places.kinds[row], 0.0) + amount
    most = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    axes.barh(range(len(most)), [amount for _, amount in most], color=RUN)
    axes.set_yticks(range(len(most)), [name for name, _ in most])
    axes.invert_yaxis()
    axes.set_xlabel("visits")
    entitle(axes, "Visits by kind of place")


def _draw_concentration(axes: Axes, visits: Float) -> None:
    """Draw the share of visits that the most visited places have (a Lorenz curve)."""
    ordered = np.sort(visits)[::-1]
    places = 100.0 * np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
    axes.plot(places, 100.0 * ordered.cumsum() / max(ordered.sum(), 1.0), color=RUN, label="run")
    axes.plot([0, 100], [0, 100], color=NAIVE, linestyle="--", linewidth=1.0, label="all alike")
    axes.set_xlabel("places, the most visited first (%)")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    entitle(axes, "Share of visits (%)")
