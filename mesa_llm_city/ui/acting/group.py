"""Whom something is about: everybody, or a group, as a query that the model understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, NoReturn, TypeAlias

import numpy as np
import solara

from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.simulation.crowd.row_query import chosen_of_both
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.fields import Fields, TextField
from mesa_llm_city.ui.acting.spots import area_of
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.map.sketch import sketch_of
from mesa_llm_city.ui.map.slowly import use_slowly
from mesa_llm_city.ui.panel import Remark
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.live import LiveView

__all__ = ["Group", "GroupField", "Whom", "count_of", "query_of"]

EVERYBODY = "Everybody"
"""Of a group that is nobody in particular."""

_PERSON = "The selected person"
_LIVING = "People who live in a zone"
_NOW_IN = "People who are in a zone now"
_AGES = "People of an age"
_OCCUPATION = "People of an occupation"
_AREA = "People in the area sketched on the map"
_KINDS = (EVERYBODY, _PERSON, _LIVING, _NOW_IN, _AGES, _OCCUPATION, _AREA)

Group: TypeAlias = dict[str, object] | None
"""A query of a model (see `simulation.query`); None for everybody."""


class Whom(NamedTuple):
    """What was chosen in a `GroupField`.

    Attributes
    ----------
    kind : str
        Kind of group.
    zone, occupation : str
        Name of the zone or occupation, for groups of that kind.
    least, greatest : str
        Ages in years, as written.
    """

    kind: str = EVERYBODY
    zone: str = ""
    occupation: str = ""
    least: str = "18"
    greatest: str = "64"


@solara.component
def GroupField(model: CityModel, minute: int, whom: Whom, on_whom: Callable[[Whom], None]) -> None:
    """Let a group be chosen, and tell how many people it has now.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute.
    whom : Whom
        What is chosen now.
    on_whom : callable
        Called with another choice.
    """
    zones = list(model.city.zones.names)
    person, corners = selected(model).value, tuple(sketch_of(model).points.value)
    told = solara.use_memo(
        lambda: _told(model, whom), [id(model), whom, use_slowly(minute), person, corners]
    )
    with Fields():
        Choice("Whom", list(_KINDS), whom.kind, lambda kind: on_whom(whom._replace(kind=kind)))
        if whom.kind in {_LIVING, _NOW_IN}:
            zone = whom.zone or zones[0]
            Choice("Zone", zones, zone, lambda one: on_whom(whom._replace(zone=one)))
        elif whom.kind == _OCCUPATION:
            jobs = [str(one) for one in Occupation]
            job = whom.occupation or jobs[0]
            Choice("Occupation", jobs, job, lambda one: on_whom(whom._replace(occupation=one)))
        elif whom.kind == _AGES:
            with solara.Row(gap="8px"):
                TextField("From age", whom.least, lambda one: on_whom(whom._replace(least=one)))
                TextField("to age", whom.greatest, lambda one: on_whom(whom._replace(greatest=one)))
        elif whom.kind == _AREA:
            _SketchButton(model)
        Remark(told, name="group-size")


@solara.component
def _SketchButton(model: CityModel) -> None:
    sketch = sketch_of(model)
    solara.Button(
        "Sketching …" if sketch.is_on.value else "Sketch an area on the map",
        on_click=sketch.begin,
        disabled=sketch.is_on.value,
        small=True,
        outlined=True,
    )


def query_of(model: CityModel, whom: Whom) -> Group:
    """Return the query of a group.

    Parameters
    ----------
    model : CityModel
        The model.
    whom : Whom
        What was chosen.

    Raises
    ------
    CityError
        If nobody is selected, an age is no number, or there is no area on the map.
    """
    make = _QUERIES.get(whom.kind)
    return None if make is None else make(model, whom)


def count_of(model: CityModel, group: Group) -> int:
    """Return how many citizens and rows of the crowd a query is about.

    Parameters
    ----------
    model : CityModel
        The model.
    group : dict or None
        The query.
    """
    agents, rows = chosen_of_both(model, group)
    return len(agents) + len(rows)


def _told(model: CityModel, whom: Whom) -> str:
    try:
        count = read_steadily(lambda: count_of(model, query_of(model, whom)))
    except CityError as error:
        return f"{error.message[:1].upper()}{error.message[1:]}."
    return "1 person" if count == 1 else f"{count:,} people now"


def _inside(model: CityModel) -> list[int]:
    """Return the ids of those who are in the area that is sketched, by rising id."""
    import shapely

    corners = area_of(model)
    if corners is None:
        return _wrong("sketch an area on the map first")
    crowd = LiveView(model).crowd()
    is_in = shapely.contains_xy(shapely.Polygon(corners), crowd.x, crowd.y)
    ids: list[int] = np.asarray(crowd.person)[is_in].tolist()
    return ids or _wrong("nobody is in that area now")


def _age(text: str) -> int:
    return int(text) if text.strip().isdecimal() else _wrong(f"an age is a number, not {text!r}")


def _wrong(what: str) -> NoReturn:
    raise ConfigError(what)


def _person(model: CityModel, _: Whom) -> Group:
    person = selected(model).peek()
    return {"ids": [person]} if person != NOBODY else _wrong("select a person first")


def _zone(model: CityModel, whom: Whom) -> str:
    return whom.zone or model.city.zones.names[0]


_QUERIES: Mapping[str, Callable[[CityModel, Whom], Group]] = MappingProxyType(
    {
        _PERSON: _person,
        _LIVING: lambda model, whom: {"home_zone": _zone(model, whom)},
        _NOW_IN: lambda model, whom: {"zone": _zone(model, whom)},
        _AGES: lambda _, whom: {"age": [_age(whom.least), _age(whom.greatest)]},
        _OCCUPATION: lambda _, whom: {"occupation": whom.occupation or str(next(iter(Occupation)))},
        _AREA: lambda model, _: {"ids": _inside(model)},
    }
)
