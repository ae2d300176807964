"""Figures of communities: one run by day, and several futures of one community."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.community.model import Community
from mesa_llm_city.models.community.what_if import WhatIf

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.experiments.futures.difference import paired_interval
from mesa_llm_city.social.community import BREACHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["community_figure", "draw_what_if"]

# Paul Tol (2021), Colour schemes, "bright": safe for colour-blind readers.
_LINES = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#AA3377", "#66CCEE")
_KINDS = {"": "#BBBBBB", "hostility": "#EE6677", "off_topic": "#CCBB44", "promotion": "#AA3377"}
_NAMES = {
    "": "within the rules",
    "hostility": "hostile",
    "off_topic": "off topic",
    "promotion": "promotion",
}
_GREY = "#444444"
_TICKS = 8


def community_figure(model: Community) -> Figure:
    """Return posts by day and kind, and what members make of them.

    Parameters
    ----------
    model : Community
        The model, after any number of steps.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.4), layout="constrained")
    posts, mood = figure.subplots(1, 2)
    _draw_posts(posts, model)
    _draw_mood(mood, model)
    figure.suptitle(f"{model.design.name}: {_rules(model)}", fontsize=10)
    return figure


def draw_what_if(found: WhatIf, path: str | Path) -> None:
    """Draw the hostile share by day in several futures, and what differs between them.

    Parameters
    ----------
    found : WhatIf
        Futures of one community.
    path : str or Path
        PNG file to write.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 4.3), layout="constrained")
    course, differences = figure.subplots(1, 2, width_ratios=(3, 2))
    _draw_futures(course, found)
    _draw_differences(differences, found)
    figure.savefig(path, dpi=110)


def _draw_posts(axes: Axes, model: Community) -> None:
    days = np.arange(model.minute // DAY_MIN + 1)
    of_day = model.posts.minute // DAY_MIN
    below = np.zeros(len(days))
    for kind in ("", *BREACHES):
        is_kind = model.posts.category == model.posts.categories.code(kind)
        count = np.bincount(of_day[is_kind], minlength=len(days))[: len(days)]
        axes.bar(days, count, bottom=below, color=_KINDS[kind], label=_NAMES[kind], width=0.9)
        below += count
    gone = np.bincount(of_day[model.posts.removed_min >= 0], minlength=len(days))[: len(days)]
    axes.plot(days, gone, color="black", marker="_", linestyle="none", label="of these removed")
    axes.set_xlabel("day")
    axes.set_ylabel("posts and replies")
    axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper left")
    axes.set_ylim(0, 1.35 * max(1.0, float(below.max())))
    axes.set_xticks(days[:: -(-len(days) // _TICKS)])
    _plain(axes)


def _draw_mood(axes: Axes, model: Community) -> None:
    history = model.history()
    days = history["minute"] / DAY_MIN
    for name, label, colour in (
        ("hostile_share", "hostile share of all posts", _KINDS["hostility"]),
        ("visible_breaches", "breaches on the page", _LINES[0]),
        ("upset", "how upset members are", _GREY),
    ):
        axes.plot(days, history[name], color=colour, label=label)
    axes.set_xlabel("day")
    axes.set_ylim(0.0, None)
    axes.legend(frameon=False, fontsize=8)
    _plain(axes)


def _draw_futures(axes: Axes, found: WhatIf) -> None:
    for colour, (name, shares) in zip(_LINES, found.daily.items(), strict=False):
        days, mean = np.arange(shares.shape[1]) + 0.5, np.nanmean(shares, axis=0)
        low, high = paired_interval(shares)
        after = days > found.day
        axes.fill_between(days[after], low[after], high[after], color=colour, alpha=0.2, lw=0)
        axes.plot(days[after], mean[after], color=colour, label=name)
        if name == found.reference:
            axes.plot(days[~after], mean[~after], color=_GREY, label="common past")
    axes.axvline(found.day, color=_GREY, linestyle=":", linewidth=1.0)
    axes.annotate(" the rule changes", (found.day, 0.0), fontsize=8, color=_GREY, va="bottom")
    axes.set_xlabel("day")
    axes.set_ylabel("hostile share of the posts of a day")
    axes.set_ylim(0.0, None)
    axes.legend(frameon=False, fontsize=8, loc="upper right")
    title = f"{found.copies} copies of each future: mean and its 95 % interval"
    axes.set_title(title, loc="left", fontsize=9)
    _plain(axes)


def _draw_differences(axes: Axes, found: WhatIf) -> None:
    table = found.differences()
    names = list(dict.fromkeys(table["measure"]))
    others = [name for name in found.daily if name != found.reference]
    for row, name in enumerate(others):
        some: Any = table[table["future"] == name].set_index("measure").loc[names]
        scale = some["reference"].clip(lower=1e-9)
        middle, low, high = (some[one] / scale for one in ("difference", "low", "high"))
        place = np.arange(len(names)) + 0.22 * (row - (len(others) - 1) / 2)
        colour = _LINES[1 + row]
        axes.errorbar(
            middle, place, xerr=[middle - low, high - middle], fmt="o", color=colour, label=name
        )
    axes.axvline(0.0, color=_GREY, linewidth=0.8)
    axes.set_yticks(np.arange(len(names)), names, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel(f"change against “{found.reference}”, as a share")
    axes.set_title("difference, 95 % interval of its mean", loc="left", fontsize=9)
    _plain(axes)


def _rules(model: Community) -> str:
    rules = ", ".join(f"{rule.name}: {rule.action}" for rule in model.design.rules)
    return rules or "no rules"


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
