"""Who was likely to move, and who did: the risks of a year as dots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.ui.migration.axes import Axes
from mesa_llm_city.ui.migration.story import Considered
from mesa_llm_city.ui.migration.svg import element

__all__ = ["MOST_DOTS", "risk_chart", "shown_of"]

MOST_DOTS = 800
"""Households that are drawn; those that moved come first, then every so manieth of the others."""

_MOVED, _STAYED = 0.72, 0.28  # heights of the two rows
_SPREAD = 0.34
_WIDTH, _HEIGHT = 372.0, 190.0


def shown_of(considered: Sequence[Considered], most: int = MOST_DOTS) -> list[Considered]:
    """Return those that are drawn: all that moved, and evenly chosen others.

    Parameters
    ----------
    considered : sequence of Considered
        Decisions of a year.
    most : int
        Greatest number.
    """
    moved = [one for one in considered if one.moves][:most]
    others = [one for one in considered if not one.moves]
    room = most - len(moved)
    if len(others) > room:
        places = np.linspace(0, len(others) - 1, room).astype(int).tolist()
        others = [others[place] for place in places]
    return [*others, *moved]


def risk_chart(considered: Sequence[Considered], *, chosen: int | None = None) -> str:
    """Return the decisions of a year: to the right who was likely to move, above who moved.

    Parameters
    ----------
    considered : sequence of Considered
        Decisions of a year.
    chosen : int, optional
        Number of the household that is chosen.
    """
    dots = shown_of(considered)
    most = max((one.risk for one in dots), default=0.0)
    axes = Axes(
        x=(0.0, max(most * 1.05, 0.01)),
        y=(0.0, 1.0),
        x_label="risk of moving in this year",
        y_label="",
        x_words="{:.2g}".format,
        y_words=lambda value: {0.25: "", 0.5: ""}.get(value, ""),
        width=_WIDTH,
        height=_HEIGHT,
    )
    heights = uniforms(0, [one.key for one in dots], "height of a dot", 0, 1)[:, 0] - 0.5
    drawn = "".join(
        _dot(axes, one, height, is_chosen=one.key == chosen)
        for one, height in zip(dots, heights.tolist(), strict=True)
    )
    rows = "".join(
        element("text", words, x=46.0, y=axes.at_y(at) + 4.0, text_anchor="end")
        for words, at in (("moved", _MOVED), ("stayed", _STAYED))
    )
    moved = sum(one.moves for one in considered)
    label = f"Risks of {len(considered):,} households, of which {moved:,} moved"
    return axes.drawn(element("g", inner=rows) + drawn, label, role="group", kind="migration-risks")


def _dot(axes: Axes, one: Considered, height: float, *, is_chosen: bool) -> str:
    y = (_MOVED if one.moves else _STAYED) + _SPREAD * height
    did = "moved" if one.moves else "stayed"
    words = f"Household {one.key}, {one.place}: risk {one.risk:.3f}, p {one.p:.2f}, {did}"
    kind = ("back" if not one.is_home else "away") if one.moves else "stayed"
    return element(
        "circle",
        inner=element("title", words),
        cx=axes.at_x(one.risk),
        cy=axes.at_y(y),
        r=5.0 if is_chosen else 3.0,
        class_=f"migration-dot migration-{kind}" + " migration-chosen" * is_chosen,
        data_key=one.key,
    )
