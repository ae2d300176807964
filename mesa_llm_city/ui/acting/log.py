"""What was done to the city: the log, and files that repeat it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import solara

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.manifest import versions
from mesa_llm_city.simulation.interventions import Close, intervention_toml, interventions_of
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.phrases import date_and_time
from mesa_llm_city.simulation.place_query import place_ids, zone_rows
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.panel import Remark, Rows

__all__ = ["Log", "manifest_json", "particulars_of", "repeat_toml"]

_POLYGON, _ZONE = "polygon", "zone"
_PLACED = frozenset({"place", _ZONE})
_LONGEST = 120


@solara.component
def Log(model: CityModel, minute: int) -> None:
    """Show what was done to a model by hand, what came of it, and save it as a file.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute, so that what has come of it is looked at anew.
    """
    redraws(model).get()
    count = len(model.acts)
    rows = solara.use_memo(lambda: _rows(model), [id(model), minute, count])
    if not rows:
        Remark("Nothing was done to this run yet.", name="no-act")
    else:
        head = ("time of the run", "what", "particulars", "came of it", "who", "written (UTC)")
        Rows(head, rows, label="what was done to this run", wide="particulars")
        _Files(model)


@solara.component
def _Files(model: CityModel) -> None:
    trouble, set_trouble = solara.use_state("")

    def toml() -> bytes:
        try:
            return repeat_toml(model).encode("utf-8")
        except CityError as error:
            set_trouble(error.message)
            return b""

    with solara.Row(gap="8px", style={"flex-wrap": "wrap", "align-items": "center"}):
        solara.FileDownload(toml, filename="interventions.toml", label="Export as TOML")
        solara.FileDownload(
            lambda: manifest_json(model).encode("utf-8"),
            filename="manifest.json",
            label="Export the manifest",
        )
    Remark(
        "A run with the same options and seed that is given the file goes the same way: "
        f"mesa-llm-city run … --seed {model.run_seed} --intervene interventions.toml",
        name="repeat",
    )
    if trouble:
        Remark(trouble, name="trouble", colour="#B22222")


def repeat_toml(model: CityModel) -> str:
    """Return the interventions of a model as TOML, under a few words on how to use them.

    Parameters
    ----------
    model : CityModel
        The model, between two steps.

    Raises
    ------
    CityError
        If there are none, or one holds a function.
    """
    moment = date_and_time(model.clock, model.minute)
    head = (
        f"# What was done to {model.city.name} with seed {model.run_seed}, until {moment}.\n"
        "# With the same options and seed it goes the same way: mesa-llm-city run ... "
        f"--seed {model.run_seed} --intervene FILE\n\n"
    )
    return head + intervention_toml(interventions_of(model))


def manifest_json(model: CityModel) -> str:
    """Return what a run of the page was, as JSON with the keys of a run's manifest.

    Parameters
    ----------
    model : CityModel
        The model.

    Returns
    -------
    str
        Keys ``seed``, ``start``, ``minute``, ``people``, ``city``, ``parameters`` (those changed),
        ``interventions``, ``acts`` and ``versions``.
    """
    told = {
        "seed": model.run_seed,
        "start": str(model.clock.start),
        "minute": model.minute,
        "people": len(model.citizens),
        "city": {"name": model.city.name, "places": len(model.city.places)},
        "parameters": model.parameters.changed(),
        "interventions": interventions_of(model),
        "acts": [one._asdict() for one in model.acts],
        "versions": versions(),
    }
    return json.dumps(told, indent=2, default=list, ensure_ascii=False) + "\n"


def _rows(model: CityModel) -> list[list[str]]:
    """Return the log as texts, the latest first."""
    done = _done(model)
    rows = []
    for one in model.acts:
        begun = date_and_time(model.clock, one.minute)
        result = done.get(_key(model, one.what), "")
        written = one.written.replace("T", " ").removesuffix("+00:00")
        rows.append(
            [begun, one.kind, particulars_of(one.what, model.city), result, one.who, written]
        )
    return rows[::-1]


def _key(model: CityModel, what: Mapping[str, Any]) -> int:
    """Return the number of an intervention in the schedule; -1 for what is none."""
    tables = [one.to_dict() for one in model.intervention_schedule.items]
    return tables.index(dict(what)) if dict(what) in tables else -1


def _done(model: CityModel) -> dict[int, str]:
    """Return how far each intervention of the schedule is, in words, by its number."""
    state = model.intervention_schedule.state()
    lasts = {number for number, _ in state["lasting"]}
    # A closure that was opened is kept until its end, but closes nothing any more.
    closing = {number for number, _ in model.world.closures}
    items = model.intervention_schedule.items
    lasts = {one for one in lasts if one in closing or not isinstance(items[one], Close)}
    begins = {number for _, order, number in state["due"] if order}
    words = {}
    for number in range(len(model.intervention_schedule)):
        words[number] = "lasts" if number in lasts else "done"
        words[number] = "is to come" if number in begins else words[number]
    return words


def particulars_of(what: Mapping[str, Any], city: City | None = None) -> str:
    """Return an intervention in words, without its kind and its beginning.

    Parameters
    ----------
    what : mapping of str to object
        The intervention as a table.
    city : City, optional
        Whose places and zones are called by their names; by default they stay as they were given.

    Examples
    --------
    >>> particulars_of({"kind": "close", "start": "day 1 08:00", "zone": 3, "minutes": 60})
    'zone 3, minutes 60'
    """
    parts = [
        f"{name} {_short(name, _called(name, value, city))}"
        for name, value in what.items()
        if name not in {"kind", "at", "start"} and value is not None
    ]
    return ", ".join(parts)


def _called(name: str, value: object, city: City | None) -> object:
    """Return the names of places and zones, and other particulars as they are."""
    if city is None or name not in _PLACED:
        return value
    if name == _ZONE:
        return [city.zones.names[row] for row in zone_rows(city, value)]
    return [city.places.label(one) for one in place_ids(city, value).tolist()]


def _short(name: str, value: object) -> str:
    if name == _POLYGON and isinstance(value, list):
        return f"of {len(value)} corners"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        text = "; ".join(value)
    elif isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False, default=list)
    else:
        text = f"{value}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
