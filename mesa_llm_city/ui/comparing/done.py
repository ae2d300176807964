"""What was done to a run: the same whether it was given in a list or done by hand, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, NamedTuple, TypeGuard

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.simulation.interventions import KINDS, Intervention, read_interventions
from mesa_llm_city.simulation.interventions.times import as_minute
from mesa_llm_city.simulation.place_query import as_list
from mesa_llm_city.ui.acting.log import particulars_of
from mesa_llm_city.ui.person.common import day_and_time
from mesa_llm_city.ui.views.protocols import Basemap, CityView

__all__ = ["Done", "done_in_words", "left_over"]

_TIMES = ("at", "start", "end", "until")
_PLACED = frozenset({"place", "zone", "home_zone"})
_IN_ANY_ORDER = frozenset({"ids", "occupation", "household", "purpose", "mode"})
"""Fields of interventions and queries that hold one thing or several, in any order."""


class Done(NamedTuple):
    """Something that was done to a run.

    Attributes
    ----------
    minute : int
        When it was done by hand, or given to the run in a list, in minutes since the start; it
        happens then unless its table has a time or a condition.
    kind : str
        What it was, such as ``close``.
    what : mapping of str to object
        Its particulars, as a table of an intervention has them.
    """

    minute: int
    kind: str
    what: Mapping[str, Any]


def left_over(done: Sequence[Done], theirs: Sequence[Done], view: CityView) -> tuple[Done, ...]:
    """Return what was done to a run, and not to another one of the same city.

    Two are the same that do the same, to the same, at the same minute, however it is written:
    zones and places by name or number, times as minutes or days, an end or a number of minutes.

    Parameters
    ----------
    done, theirs : sequence of Done
        What was done to the run, and to the other.
    view : CityView
        Any of both, for its calendar and the names of places.
    """
    left = [_meaning(one, view) for one in theirs]
    alone = []
    for one in done:
        meant = _meaning(one, view)
        if meant in left:
            left.remove(meant)
        else:
            alone.append(one)
    return tuple(alone)


def done_in_words(done: Done, view: CityView) -> str:
    """Return what was done to a run in words.

    Parameters
    ----------
    done : Done
        What was done.
    view : CityView
        The run, for its calendar and the names of places.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> from mesa_llm_city.ui.views.protocols import view_of
    >>> view = view_of(CityModel(City.synthetic(rng=1, places=400), 20, rng=7))
    >>> done_in_words(Done(485, "close", {"kind": "close", "zone": 3, "minutes": 60}), view)
    'Day 1, 08:05: close, zone Eastfield, minutes 60'
    >>> done_in_words(Done(0, "close", {"start": "day 2 08:05", "end": 3600}), view)
    'Day 2, 08:05: close, end Day 3, 12:00'
    """
    clock, base = view.clock, view.basemap()
    begin = _begin(done, clock)
    ends = {name: _time(done.what, name, clock) for name in ("end", "until") if name in done.what}
    told = {name: at if at is None else day_and_time(at) for name, at in ends.items()}
    readable = {name: text for name, text in told.items() if text is not None}
    named = {name: _called(name, one, base) for name, one in done.what.items()}
    what = ", ".join(one for one in (done.kind, particulars_of({**named, **readable})) if one)
    return what if begin is None else f"{day_and_time(begin)}: {what}"


def _called(name: str, value: object, base: Basemap) -> object:
    """Return zones and places by their names, and other particulars as they are."""
    if isinstance(value, Mapping):
        return {key: _called(str(key), one, base) for key, one in value.items()}
    if name not in _PLACED or value is None:
        return value
    names = base.names if name == "place" else base.area_names
    called = [names[one] if _is_row(one, names) else one for one in as_list(value)]
    return called if len(called) != 1 else called[0]


def _is_row(one: object, names: Sequence[str]) -> TypeGuard[int]:
    return isinstance(one, Integral) and 0 <= int(one) < len(names)


def _meaning(done: Done, view: CityView) -> dict[str, Any]:
    """Return an equal value for whatever does the same."""
    base, clock, table = view.basemap(), view.clock, _usual(done)
    rest = {name: one for name, one in table.items() if name not in {"kind", *_TIMES, "minutes"}}
    begin, end = _begin(done, clock), _time(table, "end", clock)
    if begin is not None and isinstance(table.get("minutes"), Integral):
        end = begin + int(table["minutes"])
    return {
        "kind": done.kind,
        "begin": begin,
        "end": table.get("minutes") if end is None else end,
        "until": _time(table, "until", clock),
        **{name: _meant(name, one, base) for name, one in rest.items()},
    }


def _usual(done: Done) -> Mapping[str, Any]:
    """Return its table without what is as by default."""
    if done.kind not in KINDS:
        return done.what
    try:
        (one,) = read_interventions([{**done.what, "kind": done.kind}])
        return one.to_dict()
    except CityError:
        return done.what


def _begin(done: Done, clock: Clock) -> int | None:
    """Return when it happens; None under a condition."""
    kind: type[Intervention] | None = KINDS.get(done.kind)
    own = None if kind is None else _time(done.what, kind.time_name, clock)
    is_waiting = done.what.get("when") is not None
    return own if own is not None or is_waiting else done.minute


def _time(table: Mapping[str, Any], name: str, clock: Clock) -> int | None:
    """Return a time of an intervention as a minute; None for none that can be read."""
    if table.get(name) is None:
        return None
    try:
        return as_minute(table[name], clock)
    except ConfigError:
        return None


def _meant(name: str, value: object, base: Basemap) -> object:
    """Return an equal value for names and numbers of the same places, and for any order of them."""
    if isinstance(value, Mapping):
        return {str(key): _meant(str(key), one, base) for key, one in value.items()}
    if name in _PLACED:
        return _rows(value, base.names if name == "place" else base.area_names)
    if name == "place_kind":
        return _kinds(value, base.kinds)
    if name in _IN_ANY_ORDER:
        return frozenset(map(str, as_list(value)))
    return [_meant("", one, base) for one in value] if isinstance(value, list | tuple) else value


def _rows(given: object, names: Sequence[str]) -> frozenset[object]:
    """Return the rows of what is named, and names that nothing has."""
    rows: set[object] = set()
    for one in as_list(given):
        rows.update([row for row, name in enumerate(names) if name == one] or [one])
    return frozenset(rows)


def _kinds(given: object, names: Sequence[str]) -> frozenset[str]:
    """Return the kinds that are named, in full or by a part."""
    asked = {str(one) for one in as_list(given)}
    found = {name for name in names if asked & {name, *name.split("=")}}
    return frozenset(found or asked)
