"""A map of regions and of the flows of people between them, as curved arcs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.ui.migration.layout import positions
from mesa_llm_city.ui.migration.story import Moved, Region
from mesa_llm_city.ui.migration.svg import element, number

__all__ = ["Flow", "flow_map", "flows_of"]

_WIDTH, _HEIGHT, _SIDE = 720.0, 610.0, 530.0  # the square of positions lies in the middle
_FEW = 6  # people; smaller flows are not as wide as an arc can be
_BEND = 0.16  # height of an arc, as a share of its length
_POINTS = 16
_WIDEST, _THINNEST, _TAIL = 13.0, 1.2, 0.3
_HEAD = (1.7, 4.0)  # width of a head: times that of the arc, and so much more
_LARGEST_R, _LEAST_R = 27.0, 2.5
_LETTER, _LINE = 6.4, 13.0  # width of a letter and height of a line of a name
_CITY_LETTER = 12.0  # names of cities are written larger on small pages, where they are alone
_NEAR = (46.0, 84.0)  # what lies so near to a region, or between two, is its ground
_NEAR_SHARE = 0.7  # of the way from one region to the next
_GAP = 4.0  # between a disc and an arc or a name
_SCALE_SHARE = 0.25  # of the side: length of the bar of the scale, at most
_ROUND = (1.0, 2.0, 5.0)


class Flow(NamedTuple):
    """People who moved from one region to another.

    Attributes
    ----------
    origin, destination : str
        Names of regions.
    people : int
        Number of people.
    is_return : bool
        Whether they went home.
    """

    origin: str
    destination: str
    people: int
    is_return: bool


def flows_of(moves: Sequence[Moved], *, most: int = 0, region: str = "") -> list[Flow]:
    """Return flows, the largest first; equal ones by name.

    Parameters
    ----------
    moves : sequence of Moved
        Moves of a year or of several.
    most : int, default 0
        Number of flows at most; 0 for all.
    region : str, optional
        Only flows from or to this region.

    Examples
    --------
    >>> flows_of([Moved(1, "a", "b", 2, True), Moved(2, "a", "b", 3, True)])
    [Flow(origin='a', destination='b', people=5, is_return=True)]
    """
    people: Counter[tuple[str, str, bool]] = Counter()
    for one in moves:
        if not region or region in {one.origin, one.destination}:
            people[one.origin, one.destination, one.is_return] += one.people
    ordered = sorted(people.items(), key=lambda item: (-item[1], item[0]))
    flows = [Flow(origin, to, count, back) for (origin, to, back), count in ordered]
    return flows[:most] if most else flows


def flow_map(
    regions: Sequence[Region],
    population: Mapping[str, int],
    flows: Sequence[Flow],
    *,
    chosen: str = "",
    label: str = "",
) -> str:
    """Return the map as SVG.

    Parameters
    ----------
    regions : sequence of Region
        The places; discs grow with the people who live there, rings with those who belong there.
    population : mapping of str to int
        People who live in each region.
    flows : sequence of Flow
        Arcs, drawn from the smallest to the largest; the width grows with the people, from a
        narrow tail to a wide head.
    chosen : str, optional
        Name of the region that is chosen.
    label : str, optional
        Description of the drawing, for people who cannot see it.
    """
    links = {(one.origin, one.destination): one.people for one in flows}
    where = {name: _drawn(at) for name, at in positions(regions, links).items()}
    most = max((max(population.get(one.name, 0), one.belong) for one in regions), default=0)
    scale = _LARGEST_R / max(most, 1) ** 0.5
    ordered = sorted(regions, key=lambda one: (-population.get(one.name, 0), one.name))
    radius = {
        one.name: scale * max(population.get(one.name, 0), one.belong) ** 0.5 for one in regions
    }
    arcs = "".join(_arc(one, where, radius, flows[0].people) for one in reversed(flows))
    dots = "".join(
        _region(one, where[one.name], population.get(one.name, 0), scale, chosen) for one in ordered
    )
    first = sorted(ordered, key=lambda one: (one.name != chosen, one.belong > 0))
    return element(
        "svg",
        inner=_country(regions, where)
        + _scale_bar(regions)
        + arcs
        + dots
        + _names(first, where, radius),
        viewBox=f"0 0 {number(_WIDTH)} {number(_HEIGHT)}",
        class_="migration-svg migration-map",
        role="group",
        aria_label=label or "Map of regions and flows",
    )


def _country(regions: Sequence[Region], where: Mapping[str, tuple[float, float]]) -> str:
    """Return where regions of each kind lie, as one ground; nothing where there are no positions.

    It is what lies near them, and no border of anything.
    """
    import shapely

    if any(one.where_km is None for one in regions):
        return ""
    sheet = shapely.box(0.0, 0.0, _WIDTH, _HEIGHT)
    drawn = []
    for kind in dict.fromkeys(one.kind for one in regions):
        spots = np.array([where[one.name] for one in regions if one.kind == kind])
        reach = _reach(spots)
        around = shapely.union_all(shapely.buffer(shapely.points(spots), 2.0 * reach))
        near = shapely.simplify(shapely.buffer(around, -reach), 0.5) & sheet
        rings = [
            shapely.get_coordinates(ring).tolist()
            for part in shapely.get_parts(near)
            for ring in shapely.get_rings(part)
        ]
        path = "".join(
            "M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z" for ring in rings
        )
        hook = f"migration-country migration-{_hook(kind)}"
        drawn.append(element("path", d=path, class_=hook, fill_rule="evenodd"))
    return element("g", inner="".join(drawn), aria_hidden="true")


def _reach(spots: Float) -> float:
    """Return how far the ground of regions reaches: further where they are far from one another."""
    if len(spots) == 1:
        return _NEAR[0]
    away = np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    return float(np.clip(_NEAR_SHARE * np.median(away.min(axis=1)), *_NEAR))


def _drawn(at: tuple[float, float]) -> tuple[float, float]:
    """Return a position in the drawing, from one in the unit square."""
    return _WIDTH / 2.0 + (at[0] - 0.5) * _SIDE, _HEIGHT / 2.0 - (at[1] - 0.5) * _SIDE


def _arc(
    flow: Flow,
    where: Mapping[str, tuple[float, float]],
    radius: Mapping[str, float],
    largest: int,
) -> str:
    """Return an arc, bent to the right of its direction, so that two directions stay apart."""
    begin, end = np.array(where[flow.origin]), np.array(where[flow.destination])
    length = float(np.hypot(*(end - begin)))
    if not length:
        return ""
    width = max(_WIDEST * flow.people / max(largest, _FEW), _THINNEST)
    across = np.array([-(end - begin)[1], (end - begin)[0]]) / length
    bend = (begin + end) / 2.0 + across * _BEND * length
    head = min(_HEAD[0] * width / 2.0 + _HEAD[1], 0.3 * length)
    reach = radius[flow.origin] / length, 1.0 - (radius[flow.destination] + _GAP) / length
    points = _curve(begin, bend, end, np.linspace(reach[0], max(*reach), _POINTS))
    words = (
        f"{flow.people:,} {'person' if flow.people == 1 else 'people'}: "
        f"{flow.origin} to {flow.destination}"
    )
    return element(
        "path",
        inner=element("title", words),
        d=_outline(points, width, head),
        class_=f"migration-arc migration-{'back' if flow.is_return else 'away'}",
    )


def _curve(begin: Float, bend: Float, end: Float, at: Float) -> Float:
    """Return points of a quadratic Bezier curve, shape (n, 2)."""
    t = at[:, None]
    points: Float = (1.0 - t) ** 2 * begin + 2.0 * t * (1.0 - t) * bend + t**2 * end
    return points


def _outline(points: Float, width: float, head: float) -> str:
    """Return the outline of an arrow along points, from a narrow tail to a wide head."""
    along = np.gradient(points, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    tip, direction = points[-1], along[-1]
    body = points[np.hypot(*(points - tip).T) > head]
    half = np.linspace(_TAIL * width, width, len(body))[:, None] / 2.0
    side = across[: len(body)] * half
    neck = tip - head * direction
    wing = np.array([-direction[1], direction[0]]) * (_HEAD[0] * width + _HEAD[1]) / 2.0
    outline = [*(body + side), neck + wing, tip, neck - wing, *(body - side)[::-1]]
    return "M" + "L".join(f"{number(float(x))} {number(float(y))}" for x, y in outline) + "Z"


def _region(region: Region, at: tuple[float, float], people: int, scale: float, chosen: str) -> str:
    facts = [f"{people:,} {'person lives' if people == 1 else 'people live'} here"]
    if region.belong:
        facts.append(f"{region.belong:,} belong here")
    facts += [f"{name} {text}" for name, text in region.facts.items()]
    words = f"{region.name}: {', '.join(facts)}"
    ring = scale * region.belong**0.5
    discs = [(ring, "migration-ring")] if ring else []
    discs += [(max(scale * people**0.5, _LEAST_R if people else 0.0), "migration-disc")]
    inner = element("title", words) + "".join(
        element("circle", cx=at[0], cy=at[1], r=one, class_=kind) for one, kind in discs
    )
    return element(
        "g",
        inner=inner,
        class_=f"migration-region migration-{_hook(region.kind)}"
        + " migration-chosen" * (region.name == chosen),
        data_key=region.name,
        tabindex="0",
        role="button",
        aria_pressed=str(region.name == chosen).lower(),
        aria_label=words,
    )


def _hook(kind: str) -> str:
    """Return a kind of region as part of the name of a class."""
    return "".join(one if one.isalnum() else "-" for one in kind.lower())


def _names(
    regions: Sequence[Region],
    where: Mapping[str, tuple[float, float]],
    radius: Mapping[str, float],
) -> str:
    """Return names of regions, in order of importance; those that would overlap are left out."""
    taken = [
        (x - radius[name], y - radius[name], x + radius[name], y + radius[name])
        for name, (x, y) in where.items()
    ]
    texts = []
    for region in regions:
        (x, y), room = where[region.name], radius[region.name] + _GAP
        width = (_CITY_LETTER if region.kind == "city" else _LETTER) * len(region.name)
        spots = (
            ("start", x + room, y, x + room),
            ("end", x - room, y, x - room - width),
            ("middle", x, y - room - _LINE / 2.0, x - width / 2.0),
            ("middle", x, y + room + _LINE / 2.0, x - width / 2.0),
        )
        for anchor, to_x, to_y, left in spots:
            box = (left, to_y - _LINE / 2.0, left + width, to_y + _LINE / 2.0)
            if _is_inside(box) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                texts.append(
                    element(
                        "text",
                        region.name,
                        x=to_x,
                        y=to_y,
                        text_anchor=anchor,
                        dominant_baseline="central",
                        class_=f"migration-name migration-{_hook(region.kind)}-name",
                    )
                )
                break
    return element("g", inner="".join(texts), aria_hidden="true")


def _is_inside(box: tuple[float, float, float, float]) -> bool:
    return box[0] >= 0.0 and box[1] >= 0.0 and box[2] <= _WIDTH and box[3] <= _HEIGHT


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale_bar(regions: Sequence[Region]) -> str:
    """Return the bar of the scale in the corner below; nothing where there are no positions."""
    known = [one.where_km for one in regions if one.where_km is not None]
    span = float(np.ptp(np.array(known), axis=0).max()) if len(known) == len(regions) > 1 else 0.0
    if not span:
        return ""
    power = 10.0 ** np.floor(np.log10(_SCALE_SHARE * span))
    km = max(power * one for one in _ROUND if power * one <= _SCALE_SHARE * span)
    left, y, length = 14.0, _HEIGHT - 16.0, km * _SIDE / span
    line = element(
        "path",
        d=f"M{number(left)} {number(y - 4.0)}v4h{number(length)}v-4",
        class_="migration-axis",
    )
    words = element("text", f"{km:g} km", x=left + length / 2.0, y=y - 7.0, text_anchor="middle")
    return element("g", inner=line + words, class_="migration-scale", aria_hidden="true")
