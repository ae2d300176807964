"""Time use by age group (CitySim, sec. 4.1, figure 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.activities import OTHER, SURVEY_GROUPS, survey_group
from mesa_llm_city.experiments.observed.respondents import Respondents
from mesa_llm_city.experiments.paper.lived import Lived, live
from mesa_llm_city.experiments.paper.report import Report, nothing_to_compare_with, report_of
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import PEOPLE, RUN, entitle, new_sheet
from mesa_llm_city.experiments.validation.measure import Family, Figure, measures_of
from mesa_llm_city.experiments.validation.person_days import person_days
from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.experiments.validation.time_use import matching, time_use

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

__all__ = ["conduct", "shares_by_age"]

_NAME = "time use"
_AGES = ((0, 14), (15, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74), (75, 200))
_FEWEST = 5
_COLUMNS = 3
_PANEL_IN = (4.6, 2.35)
_BAR = 0.38


def conduct(setting: Setting) -> Report:
    """Compare time use by age group with a survey; without one, show it."""
    lived = live(setting)
    observed = lived.observed.time_use
    family = (
        shares_by_age(lived)
        if observed is None
        else time_use(lived.tables, observed, lived.bootstrap)
    )
    return report_of(setting, lived, [family], _draw)


def shares_by_age(lived: Lived) -> Family:
    """Return the share of the day by activity of a run that is compared with nothing.

    All days of the run count alike. The details are those of a comparison, without a survey.
    """
    tables, groups = lived.tables, (*SURVEY_GROUPS, OTHER)
    minutes, days = _minutes_by_person(tables, groups)
    ages = [Respondents(ages=ages) for ages in _AGES]
    who = np.array([matching(tables, one) for one in [Respondents(), *ages]], dtype=np.float64)
    kept = np.flatnonzero(who.sum(axis=1) >= _FEWEST).tolist()
    found = lived.bootstrap.estimate(lambda count: _means(who[kept], minutes, days, count).ravel())
    value, low, high = (one.reshape(len(kept), len(groups)) for one in found)
    cells = [
        {
            "who": str([Respondents(), *ages][row]),
            "by": "age" if row else "",
            "age": [Respondents(), *ages][row].age_text,
            "day_type": "all",
            "people": int(who[row].sum()),
            "run_min": value[at].round(1).tolist(),
            "run_interval_95": np.stack([low[at], high[at]], axis=-1).round(1).tolist(),
        }
        for at, row in enumerate(kept)
    ]
    figures = [
        Figure(f"everybody: {group}", int(days.sum()), "person-days", unit="% of the day")
        for group in groups
    ]
    shares = lived.bootstrap.estimate(
        lambda count: 100.0 * _means(who[:1], minutes, days, count)[0] / DAY_MIN
    )
    return Family(
        name=_NAME,
        measures=tuple(measures_of(figures, shares, {})),
        details={"groups": list(groups), "cells": cells},
        notes=(nothing_to_compare_with("time_use"),),
    )


def _minutes_by_person(tables: RunTables, groups: Sequence[str]) -> tuple[Float, Float]:
    """Return minutes of each person by group, shape (p, g), and days, shape (p,)."""
    purposes = tables.parameters.purposes

    def column(name: str) -> int:
        group = survey_group(purposes[name].survey_group if name in purposes else name)
        return groups.index(group if group in groups else OTHER)

    lived = person_days(tables, column, len(groups))
    minutes = np.zeros((tables.persons, len(groups)))
    np.add.at(minutes, lived.person, lived.minutes)
    return minutes, np.bincount(lived.person, minlength=tables.persons).astype(np.float64)


def _means(who: Float, minutes: Float, days: Float, count: Float) -> Float:
    """Return mean minutes a day by set of people and group; NaN if nobody was drawn."""
    lived = (who * count) @ days
    total = (who * count) @ minutes
    mean: Float = np.divide(
        total, lived[:, None], out=np.full_like(total, np.nan), where=lived[:, None] > 0
    )
    return mean


def _draw(report: Report) -> Picture:
    """Draw a panel for each activity: a bar for the survey and one for the run in each group."""
    details = report.family(_NAME).details
    cells = _of_age(details["cells"])
    groups = [
        (column, group)
        for column, group in enumerate(details["groups"])
        if any(_is_done(cell, column) for cell in cells)
    ]
    rows = max(-(-len(groups) // _COLUMNS), 1)
    sheet = new_sheet(report, width_in=_COLUMNS * _PANEL_IN[0], height_in=rows * _PANEL_IN[1] + 0.4)
    axes = sheet.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for one, (column, group) in zip(axes, groups, strict=False):
        _draw_activity(one, cells, column)
        entitle(one, f"{group[:1].upper()}{group[1:]} (% of the day)")
    for one in axes[len(groups) :]:
        one.set_axis_off()
    if cells:
        handles, labels = axes[0].get_legend_handles_labels()
        sheet.legend(
            handles, labels, loc="outside lower center", ncols=2, frameon=False, fontsize=9
        )
    return sheet


def _of_age(cells: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the cells of age groups, on days of one kind; if there are none, the first cells."""
    by_age = [cell for cell in cells if cell["by"] == "age"]
    kinds = dict.fromkeys(cell["day_type"] for cell in by_age)
    kind = "all" if "all" in kinds else next(iter(kinds), "")
    of_kind = [cell for cell in by_age if cell["day_type"] == kind]
    return of_kind or list(cells)[: len(_AGES)]


def _is_done(cell: Mapping[str, Any], column: int) -> bool:
    minutes = [cell[name][column] for name in ("run_min", "survey_min") if name in cell]
    return any(one > 0.0 for one in minutes)


def _draw_activity(axes: Axes, cells: Sequence[Mapping[str, Any]], column: int) -> None:
    percent = 100.0 / DAY_MIN
    at = np.arange(len(cells), dtype=np.float64)
    is_compared = all("survey_min" in cell for cell in cells)
    if is_compared:
        survey = [percent * cell["survey_min"][column] for cell in cells]
        axes.bar(at - _BAR / 2, survey, _BAR, color=PEOPLE, label="survey")
    value = np.array([percent * cell["run_min"][column] for cell in cells])
    ends = np.array([cell["run_interval_95"][column] for cell in cells], dtype=np.float64)
    axes.bar(
        at + (_BAR / 2 if is_compared else 0.0),
        value,
        _BAR,
        yerr=np.nan_to_num(np.abs(percent * ends - value[:, None])).T,
        color="white",
        edgecolor=RUN,
        hatch="////",
        linewidth=0.8,
        error_kw={"elinewidth": 1.0, "ecolor": "#333333"},
        label="run, with its 95 % interval",
    )
    axes.set_ylim(bottom=0.0)
    axes.set_xticks(at, [cell["age"] if cell["by"] == "age" else cell["who"] for cell in cells])
