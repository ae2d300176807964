"""The form that closes a place, an area, a kind of place or a mode, and opens it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.interventions import Close
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.between_steps import act_on
from mesa_llm_city.ui.acting.fields import (
    FOREVER,
    Ends,
    Form,
    HowLong,
    Outcome,
    Primary,
    Said,
    TextField,
    lasting,
    minute_of,
    with_start,
)
from mesa_llm_city.ui.acting.spots import area_of, spot_of, told_place
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.map.sketch import sketch_of
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.panel import Remark
from mesa_llm_city.ui.person.selection import NOWHERE, selected_place

__all__ = ["CloseForm"]

_MAP = "A spot or area on the map"
_ZONE = "A zone"
_PLACE = "A place by its name"
_KIND = "All places of a kind"
_MODE = "A mode of travel"
_WHAT = (_MAP, _ZONE, _PLACE, _KIND, _MODE)
_MOST_FOUND = 12
_WALK = "walk"

Target = dict[str, object]


class _Wanted(NamedTuple):
    """What is chosen in the form."""

    what: str = _MAP
    name: str = ""
    start: str = ""
    length: str = FOREVER
    text: str = ""


@solara.component
def CloseForm(model: CityModel, minute: int) -> None:
    """Close something, and open again what is closed.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute, so that what is closed is looked at anew.
    """
    wanted, want = solara.use_state(_Wanted())
    target, set_target = solara.use_state(_nothing())
    said, say = solara.use_state(Said())

    def choose(what: str) -> None:
        want(wanted._replace(what=what, name=""))
        set_target(None)

    def tell(text: str, is_wrong: bool) -> None:  # noqa: FBT001 - as it is called
        say(Said(text, is_wrong))
        if not is_wrong:
            sketch_of(model).clear()

    def close() -> None:
        begins = minute_of(model, wanted.start)
        act = {"kind": "close", **(target or {}), **lasting(wanted.length, begins)}
        act |= {"text": wanted.text.strip()} if wanted.text.strip() else {}
        begin = wanted.start.strip() or "the next step"
        act_on(
            model,
            with_start(act, "start", wanted.start),
            tell,
            f"Closes at {begin}.",
        )

    with Form():
        Choice("Close", list(_WHAT), wanted.what, choose)
        _TargetField(model, wanted, want, set_target)
        TextField(
            "From when", wanted.start, lambda one: want(wanted._replace(start=one)), hint=_NOW
        )
        HowLong(wanted.length, lambda one: want(wanted._replace(length=one)))
        TextField(
            "What people hear of it",
            wanted.text,
            lambda one: want(wanted._replace(text=one)),
            hint="such as: flood in Old Town",
        )
    with Ends():
        Primary("Close it", close, disabled=target is None)
        Remark("" if target is None else _told(model, target), name="target")
    Outcome(said)
    _Closed(model, minute, lambda text, is_wrong: say(Said(text, is_wrong)))


_NOW = "now, or such as day 2 07:30"


def _nothing() -> Target | None:
    return None


@solara.component
def _TargetField(
    model: CityModel,
    wanted: _Wanted,
    want: Callable[[_Wanted], None],
    on_target: Callable[[Target | None], None],
) -> None:
    """Let the target be given in the way that was chosen."""
    if wanted.what == _MAP:
        _OnMap(model, on_target)
    elif wanted.what == _PLACE:
        _ByName(model, on_target)
    else:
        _Listed(model, wanted, want, on_target)


@solara.component
def _Listed(
    model: CityModel,
    wanted: _Wanted,
    want: Callable[[_Wanted], None],
    on_target: Callable[[Target | None], None],
) -> None:
    """Let a zone, a kind or a mode be chosen."""
    key, names = _names(model, wanted.what)
    name = wanted.name or names[0]
    solara.use_effect(lambda: on_target({key: name}), [key, name])
    Choice("Which", names, name, lambda one: want(wanted._replace(name=one)))


def _names(model: CityModel, what: str) -> tuple[str, list[str]]:
    """Return the key of a target of this sort, and the names to choose from."""
    if what == _ZONE:
        return "zone", list(model.city.zones.names)
    if what == _KIND:
        return "place_kind", sorted(model.city.places.category_names)
    return "mode", [name for name in model.parameters.modes if name != _WALK]


@solara.component
def _OnMap(model: CityModel, on_target: Callable[[Target | None], None]) -> None:
    """Let a spot or an area be sketched on the map; a place that is selected there is meant."""
    sketch = sketch_of(model)
    corners, is_on = tuple(sketch.points.value), sketch.is_on.value
    takes_zone, take_zone = solara.use_state(False)  # noqa: FBT003 - the state at first
    picked = selected_place(model).value
    spot = None if is_on else spot_of(model)

    def tell() -> None:
        area = None if is_on else area_of(model)
        if spot is not None:
            on_target({"zone": spot.zone} if takes_zone and spot.zone else {"place": spot.place})
        elif area is not None:
            on_target({"polygon": area})
        else:
            on_target({"place": picked} if picked != NOWHERE and not is_on else None)

    solara.use_effect(tell, [corners, is_on, takes_zone, picked])
    with solara.Row(gap="6px", style={"flex-wrap": "wrap"}):
        label = "Click on the map …" if is_on else "Choose on the map"
        solara.Button(label, on_click=sketch.begin, disabled=is_on, small=True, outlined=True)
        if corners or is_on:
            solara.Button("Clear", on_click=sketch.clear, small=True, text=True)
    if spot is not None and spot.zone:
        place, zone = told_place(model, spot.place), f"the zone {spot.zone}"
        Choice(
            "At that spot",
            [place, zone],
            zone if takes_zone else place,
            lambda one: take_zone(one == zone),
        )


@solara.component
def _ByName(model: CityModel, on_target: Callable[[Target | None], None]) -> None:
    """Let a place be found by its name."""
    text, write = solara.use_state("")
    chosen, choose = solara.use_state(0)
    found = solara.use_memo(lambda: list(_found(model, text)), [text, id(model)])
    row = min(chosen, max(len(found) - 1, 0))

    def tell() -> None:
        on_target({"place": found[row]} if found else None)

    def type_in(one: str) -> None:
        write(one)
        choose(0)

    solara.use_effect(tell, [tuple(found), row])
    TextField("Name of the place", text, type_in, hint="a part of it, or its number")
    if found:
        names = [told_place(model, one) for one in found]
        Choice("Which", names, names[row], lambda one: choose(names.index(one)))
    elif text.strip():
        Remark("No place has this in its name.", name="no-place")


def _found(model: CityModel, text: str) -> Iterator[int]:
    """Yield the ids of places with a text in their name, or as number; a few at most."""
    wanted, left = text.strip().casefold(), _MOST_FOUND
    if not wanted:
        return
    for place, name in enumerate(model.city.places.name):
        if wanted == str(place) or wanted in name.casefold():
            yield place
            left -= 1
        if not left:
            return


def _told(model: CityModel, target: Target) -> str:
    """Return what would be closed, and how many places that are; or why that cannot be."""
    close = Close(**target)  # type: ignore[arg-type]
    try:
        if {"mode", "polygon"} & set(target):
            return close.target_text(model.city)
        count = len(close.found(model.city).places)
    except CityError as error:
        return error.message
    return f"{close.target_text(model.city)}: {count:,} {'place' if count == 1 else 'places'}"


@solara.component
def _Closed(model: CityModel, minute: int, tell: Callable[[str, bool], None]) -> None:
    """Show what is closed now, each with a button that opens it."""
    redraws(model).get()
    rows = solara.use_memo(lambda: _closed(model), [id(model), minute, len(model.acts)])
    if not rows:
        Remark("Nothing is closed at the moment.", name="none-closed")
        return
    for text, act in rows:
        with solara.Row(gap="8px", style={"align-items": "center", "flex-wrap": "wrap"}):
            solara.Text(text, classes=["city-closed"], style={"font-size": ".88rem"})
            solara.Button(
                "Open again",
                on_click=lambda act=act: act_on(model, act, tell, "Opens at the next step."),
                small=True,
                text=True,
            )


def _closed(model: CityModel) -> list[tuple[str, dict[str, Any]]]:
    """Return what is closed in words, and the act that opens it."""
    items = model.intervention_schedule.items
    found = []
    for one in (items[number] for number, _ in model.world.closures):
        if isinstance(one, Close):
            given = {name: getattr(one, name) for name in one.target_names}
            target = {name: value for name, value in given.items() if value is not None}
            why = f" ({one.text})" if one.text else ""
            found.append(
                (f"Closed: {one.target_text(model.city)}{why}", {"kind": "open", **target})
            )
    return found
