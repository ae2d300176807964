"""Density of people on a mesh (CitySim, sec. 4.6, figure 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.paper.ground import Ground
from mesa_llm_city.experiments.paper.lived import Lived, live
from mesa_llm_city.experiments.paper.report import Report, nothing_to_compare_with, report_of
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import entitle, new_sheet
from mesa_llm_city.experiments.validation.density import Mesh, arrivals, by_cell, density, present
from mesa_llm_city.experiments.validation.measure import Family, Figure, measures_of
from mesa_llm_city.experiments.validation.similarity import gini

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture
    from matplotlib.image import AxesImage

__all__ = ["conduct", "density_alone"]

_NAME = "density"
_HOURS = (4, 10, 15, 20)
_MOST_MAPS = 4
_KM = 1000.0
_RANGE = 300.0
_COLOURS = "YlOrRd"
_SIDES = (("run", "run"), ("observed", "people"))


def conduct(setting: Setting) -> Report:
    """Compare the density of people with counts; without them, show it."""
    lived = live(setting)
    observed = lived.observed.counts
    family = (
        density_alone(lived, cell_m=setting.cell_m)
        if observed is None
        else density(lived.everybody, observed, lived.of_all, cell_m=setting.cell_m)
    )
    drawing = partial(_draw, ground=Ground.of_run(lived.folder))
    return report_of(setting, lived, [family], drawing)


def density_alone(lived: Lived, *, cell_m: float) -> Family:
    """Return arrivals and people present by cell, of a run that is compared with nothing.

    How concentrated people are is told by the Gini coefficient over cells with a place; the
    naive prediction gives every place as many.
    """
    tables = lived.everybody
    mesh = Mesh.over(tables.places.x, tables.places.y, cell_m)
    of_place = mesh.cell(tables.places.x, tables.places.y)
    per_place = mesh.sums(of_place, np.ones(len(of_place)))
    used = per_place > 0
    maps = {"arrivals": arrivals(tables)} | {
        f"present at {hour}:00": present(tables, hour) for hour in _HOURS
    }
    counts = {name: by_cell(one, of_place, len(mesh)) for name, one in maps.items()}
    figures = [
        Figure(f"{name}: Gini coefficient of the cells", int(used.sum()), "cells")
        for name in counts
    ]
    found = lived.of_all.estimate(
        lambda count: np.array([gini((one @ count)[used]) for one in counts.values()])
    )
    naive = {"every place alike": np.full(len(figures), gini(per_place[used]))}
    everybody = np.ones(tables.persons)
    return Family(
        name=_NAME,
        measures=tuple(measures_of(figures, found, naive)),
        details=asdict(mesh)
        | {name: {"run": (one @ everybody).round(2).tolist()} for name, one in counts.items()},
        notes=(nothing_to_compare_with("counts"),),
    )


def _draw(report: Report, *, ground: Ground) -> Picture:
    """Draw maps of the run, with those of people beside them."""
    details = report.family(_NAME).details
    names = [name for name, one in details.items() if isinstance(one, Mapping)][:_MOST_MAPS]
    if not names:
        sheet = new_sheet(report, width_in=8.0, height_in=1.0)
        sheet.text(0.5, 0.2, report.family(_NAME).notes[0], ha="center")
        return sheet
    is_compared = "observed" in details[names[0]]
    panels = [
        (name, side, title)
        for name in names
        for side, title in _SIDES
        if is_compared or side == "run"
    ]
    columns = 2 if len(panels) > 1 else 1
    rows = -(-len(panels) // columns)
    shape = (details["rows"], details["columns"])
    height_in = min(max(6.6 * shape[0] / shape[1], 3.0), 8.0)
    sheet = new_sheet(report, width_in=7.4 * columns, height_in=rows * (height_in + 0.5))
    axes = sheet.subplots(rows, columns, squeeze=False).ravel()
    maps = [_shares(details[name][side]) for name, side, _ in panels]
    limits = _limits(np.concatenate(maps))
    for one, shares, (name, side, title) in zip(axes, maps, panels, strict=False):
        image = _draw_map(one, details, shares, limits=limits, ground=ground)
        alike = _likeness(report, name) if side == "run" and is_compared else ""
        entitle(one, f"{name[:1].upper()}{name[1:]}, {title}{alike}")
    bar = sheet.colorbar(image, ax=axes.tolist(), shrink=0.6, aspect=40, pad=0.01, format="%g")
    bar.set_label("% of all people in a cell, on a log scale; white: nobody", fontsize=9)
    return sheet


def _likeness(report: Report, name: str) -> str:
    """Return how alike the maps of run and people are."""
    names = (
        "Pearson's correlation over the cells",
        "structural similarity (SSIM) of log(1 + count)",
    )
    pearson, ssim = (report[f"{name}: {one}"].value for one in names)
    return f" (Pearson {pearson:.2f}, SSIM {ssim:.2f})"


def _limits(shares: Float) -> tuple[float, float]:
    """Return the ends of the scale of colours."""
    seen = shares[shares > 0]
    if not len(seen):
        return 0.1, 1.0
    highest = float(seen.max())
    return max(float(seen.min()), highest / _RANGE), max(highest, 1.01 * float(seen.min()))


def _shares(counts: Any) -> Float:  # noqa: ANN401 - a list of numbers
    """Return counts as per cent of their sum."""
    values = np.array(counts, dtype=np.float64)
    total = float(values.sum())
    return 100.0 * values / total if total else values


def _draw_map(
    axes: Axes,
    details: Mapping[str, Any],
    shares: Float,
    *,
    limits: tuple[float, float],
    ground: Ground,
) -> AxesImage:
    """Draw shares of people by cell, warmer being more; empty cells stay white."""
    from matplotlib.colors import LogNorm

    rows, columns = details["rows"], details["columns"]
    side = details["cell_m"] / _KM
    image = axes.imshow(
        np.where(shares > 0, np.maximum(shares, limits[0]), np.nan).reshape(rows, columns),
        origin="lower",
        extent=(0.0, columns * side, 0.0, rows * side),
        cmap=_COLOURS,
        norm=LogNorm(*limits),
        aspect="equal",
        zorder=1,
    )
    axes.set_xlabel("km")
    ground.draw(axes, details["west"], details["south"])
    return image
