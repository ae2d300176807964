"""The people one person knows, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import cos, pi, sin
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

import solara
import solara.lab

from mesa_llm_city.ui.charts.figures import DARK, LIGHT, ChartStyle
from mesa_llm_city.ui.panel import Hint, Picture, Rows, image_url
from mesa_llm_city.ui.person.common import NOT_KEPT, about_person
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.protocols import CityView, PersonView

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TiesGraph", "ties_svg"]

_DRAWN = 14
_WIDTH, _HEIGHT = 520.0, 320.0
_NAME = 18
_OPENED = 8


class _Spot(NamedTuple):
    """Position of a person in the picture, and the side on which the name stands."""

    x: float
    y: float
    anchor: str


def TiesGraph(model: object) -> solara.Element:
    """Show whom a person knows: nearer is more familiar, blue is liked, red is not."""
    choice = selected(model)
    return about_person(model, "Ties", "ties", partial(_shown, choice=choice))


def _shown(seen: PersonView, _: CityView, *, choice: solara.Reactive[int]) -> None:
    _Ties(seen, choice)


@solara.component
def _Ties(seen: PersonView, choice: solara.Reactive[int]) -> None:
    style = DARK if solara.lab.use_dark_effective() else LIGHT
    if "ties" in seen.missing:
        Hint(NOT_KEPT)
        return
    if seen.ties.empty:
        Hint(f"{seen.name} knows nobody here.")
        return
    near = seen.ties.head(_DRAWN)
    names = ", ".join(f"{row.name} ({row.relation})" for row in _rows(near))
    Picture(
        image_url(ties_svg(seen.name, near, style).encode(), "image/svg+xml"), f"Closest: {names}"
    )
    with solara.Row(gap="2px", style={"flex-wrap": "wrap"}):
        for row in _rows(seen.ties.head(_OPENED)):
            solara.Button(
                row.name,
                text=True,
                x_small=True,
                style={"text-transform": "none"},
                on_click=lambda other=row.other: choice.set(other),
            )
    rows = [
        (
            one.name,
            one.relation,
            f"{one.affinity:.2f}",
            f"{one.trust:.2f}",
            f"{one.familiarity:.2f}",
        )
        for one in _rows(seen.ties)
    ]
    head = ("name", "relation", "affinity", "trust", "familiarity")
    Rows(head, rows, label=f"people whom {seen.name} knows", wide="name")


class _Tie(NamedTuple):
    """A row of the table of ties."""

    other: int
    name: str
    relation: str
    affinity: float
    trust: float
    familiarity: float


def _rows(ties: pd.DataFrame) -> list[_Tie]:
    columns = [ties[name].tolist() for name in _Tie._fields]
    return [_Tie(*row) for row in zip(*columns, strict=True)]


def ties_svg(name: str, ties: pd.DataFrame, style: ChartStyle = LIGHT) -> str:
    """Draw a person among acquaintances, as SVG.

    Who is more familiar is drawn nearer; a line is thicker with more trust, and goes from
    red for dislike through grey to blue for liking. Names are escaped.

    Parameters
    ----------
    name : str
        Name of the person.
    ties : pandas.DataFrame
        Columns other, name, relation, affinity, trust, familiarity.
    style : ChartStyle, default LIGHT
        Colours of text and background.
    """
    rows = _rows(ties)
    spots = _spots([row.familiarity for row in rows])
    components = [_line(spot, row, style) for spot, row in zip(spots, rows, strict=True)]
    components += [_knot(spot, row, style) for spot, row in zip(spots, rows, strict=True)]
    x, y = _WIDTH / 2, _HEIGHT / 2
    label = _text((x, y + 24.0), name, style, size=13.0)
    middle = f'<circle cx="{x}" cy="{y}" r="9" fill="{style.text}"/>{label}'
    size = f'width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">'
    return "".join([opening, *components, middle, "</svg>"])


def _spots(familiarity: Sequence[float]) -> list[_Spot]:
    """Place people on an ellipse around the middle, nearer with familiarity."""
    strangest = max(0.1, *(1.0 - known for known in familiarity))
    spots = []
    for row, known in enumerate(familiarity):
        angle = 2.0 * pi * (row + 0.5) / len(familiarity)
        far = 0.5 + 0.5 * (1.0 - known) / strangest
        x = _WIDTH / 2 + 0.31 * _WIDTH * far * cos(angle)
        y = _HEIGHT / 2 + 0.44 * _HEIGHT * far * sin(angle)
        spots.append(_Spot(x, y, "start" if cos(angle) > 0.0 else "end"))
    return spots


def _line(spot: _Spot, tie: _Tie, style: ChartStyle) -> str:
    ends = f'x1="{_WIDTH / 2}" y1="{_HEIGHT / 2}" x2="{spot.x:.1f}" y2="{spot.y:.1f}"'
    width = 1.0 + 4.0 * tie.trust
    return f'<line {ends} stroke="{style.liking(tie.affinity)}" stroke-width="{width:.1f}"/>'


def _knot(spot: _Spot, tie: _Tie, style: ChartStyle) -> str:
    aside = 9.0 if spot.anchor == "start" else -9.0
    circle = (
        f'<circle cx="{spot.x:.1f}" cy="{spot.y:.1f}" r="6" fill="{style.liking(tie.affinity)}"/>'
    )
    name = _text((spot.x + aside, spot.y + 1.0), tie.name, style, size=11.5, to=spot.anchor)
    below = (spot.x + aside, spot.y + 12.0)
    return circle + name + _text(below, tie.relation, style, size=9.0, to=spot.anchor)


def _text(
    at: tuple[float, float], text: str, style: ChartStyle, *, size: float, to: str = "middle"
) -> str:
    shown = text if len(text) <= _NAME else f"{text[: _NAME - 1]}…"
    look = f'font-size="{size}" text-anchor="{to}" fill="{style.text}"'
    halo = f'paint-order="stroke" stroke="{style.background}" stroke-width="3"'
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" {look} {halo}>{escape(shown)}</text>'
