"""Go to a time, or go on until something is so: a form, as a component."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import solara

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.stops import (
    AtMinute,
    Stop,
    at_place,
    doing,
    minute_of,
    reported,
    reporters_of,
    under_way,
)
from mesa_llm_city.ui.panel import Hint, Popup, Remark
from mesa_llm_city.ui.views.kinds import activity_labels
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["GoOn", "stop_of"]

TIME, UNDER_WAY, REPORTED = "a time", "people under way", "what the model reports"
DOING, PLACE = "what a person does", "people at a place"

Filled = Mapping[str, Any]

_FIRST: Filled = MappingProxyType(
    {
        "what": TIME,
        "day": 1,
        "time": "08:00",
        "percent": 10.0,
        "reporter": "",
        "side": "above",
        "value": 0.0,
        "person": "",
        "purpose": "",
        "place": "",
        "people": 10,
        "hurry": True,
    }
)


class _Wanted(NamedTuple):
    """Where the run is to go: back to a minute, or on to a stop."""

    minute: int | None
    stop: Stop | None


@solara.component
def GoOn(runner: Runner, on_minute: Callable[[int], None], minute: int) -> None:
    """Show a form that sends a run to a time, or lets it go on until something is so.

    Parameters
    ----------
    runner : Runner
        Runs the city.
    on_minute : callable
        Called with a minute that has been lived already, which is looked at then.
    minute : int
        Present minute of the run.
    """
    day = minute // DAY_MIN + 1
    # Read when it is sent off, for a page that is being drawn has an earlier state of it.
    form: solara.Reactive[dict[str, Any]] = solara.use_reactive({**_FIRST, "day": day})
    filled = form.value
    trouble, tell = solara.use_state("")
    turn, set_turn = solara.use_state(0)

    def put(name: str) -> Callable[[Any], None]:
        return lambda value: form.set({**form.peek(), name: value})

    def go() -> None:
        try:
            wanted = _wanted(runner, form.peek())
        except CityError as error:
            tell(str(error))
            return
        tell("")
        set_turn(turn + 1)
        if wanted.minute is not None:
            on_minute(wanted.minute)
        elif wanted.stop is not None:
            runner.play(wanted.stop, hurry=bool(form.peek()["hurry"]))

    with Popup("Go to …", name="go-on", turn=turn):
        kinds = [TIME, UNDER_WAY, *([REPORTED] if reporters_of(runner.city) else []), DOING, PLACE]
        Choice("Go on until", kinds, filled["what"], put("what"))
        _FIELDS[filled["what"]](runner, filled, put)
        solara.Checkbox(label="as fast as it can", value=filled["hurry"], on_value=put("hurry"))
        solara.Button("Go", on_click=go, small=True, outlined=True, classes=["city-go"])
        if trouble:
            solara.Error(trouble, dense=True, classes=["city-error"])


_Put = Callable[[str], Callable[[Any], None]]


def _time_fields(runner: Runner, filled: Filled, put: _Put) -> None:
    del runner
    with solara.Row(gap="8px"):
        _Field("Day", "number", filled["day"], put("day"))
        # Not the browser's own field, which may want "am" and "pm".
        _Field("Time, such as 08:00", "text", filled["time"], put("time"))
    Hint("A time that is over already is looked at; the run stays where it is.")


def _way_fields(runner: Runner, filled: Filled, put: _Put) -> None:
    del runner
    _Field("At least, in % of the people", "number", filled["percent"], put("percent"))


def _reported_fields(runner: Runner, filled: Filled, put: _Put) -> None:
    names = reporters_of(runner.city)
    Choice("Reporter", names, filled["reporter"] or names[0], put("reporter"))
    Choice("It is", ["above", "below"], filled["side"], put("side"))
    _Field("Value", "number", filled["value"], put("value"))


def _doing_fields(runner: Runner, filled: Filled, put: _Put) -> None:
    labels = activity_labels(view_of(runner.city).parameters)[:-1]
    _Field("Name or id of the person", "text", filled["person"], put("person"))
    Choice("Begins", labels, filled["purpose"] or labels[0], put("purpose"))


def _place_fields(runner: Runner, filled: Filled, put: _Put) -> None:
    _Field("Name of the place", "text", filled["place"], put("place"))
    _Field("At least, people", "number", filled["people"], put("people"))
    found = _places(runner.city, str(filled["place"]))
    if str(filled["place"]).strip():
        Remark(f"It is {found[0][1]}." if found else "No place has this in its name.")


_FIELDS: Mapping[str, Callable[[Runner, Filled, _Put], None]] = MappingProxyType(
    {
        TIME: _time_fields,
        UNDER_WAY: _way_fields,
        REPORTED: _reported_fields,
        DOING: _doing_fields,
        PLACE: _place_fields,
    }
)


@solara.component
def _Field(label: str, kind: str, value: object, on_value: Callable[[Any], None]) -> None:
    solara.v.TextField(
        label=label,
        type=kind,
        v_model=value,
        on_v_model=on_value,
        dense=True,
        hide_details=True,
        class_="city-field",
    )


def _wanted(runner: Runner, filled: Filled) -> _Wanted:
    """Return where a form sends a run; raise CityError if it is not filled in well."""
    if filled["what"] != TIME:
        return _Wanted(None, stop_of(runner.city, filled))
    view = view_of(runner.city)
    whole = int(_number(filled["day"], "the number of the day"))
    minute = minute_of(whole, str(filled["time"]), step_min=view.clock.step_min)
    if minute <= view.minute:
        return _Wanted(minute, None)
    return _Wanted(None, AtMinute(minute, since=view.minute))


def stop_of(city: object, filled: Filled) -> Stop:
    """Return the condition that a form holds.

    Parameters
    ----------
    city : CityModel or CityView
        The city.
    filled : mapping of str to object
        What the fields of the form hold.

    Raises
    ------
    ConfigError
        If a field holds what it cannot.
    """
    what = filled["what"]
    if what == UNDER_WAY:
        return under_way(city, _number(filled["percent"], "the share of people") / 100.0)
    if what == REPORTED:
        side: Literal["above", "below"] = "below" if filled["side"] == "below" else "above"
        name = filled["reporter"] or next(iter(reporters_of(city)), "")
        return reported(city, name, side, _number(filled["value"], "the value"))
    if what == DOING:
        view = view_of(city)
        found = view.find(str(filled["person"]))
        if not found:
            message = f"nobody is called {filled['person']!r}; give a name or an id"
            raise ConfigError(message)
        labels = activity_labels(view.parameters)[:-1]
        by_label = dict(zip(labels, view.parameters.purposes, strict=True))
        label = filled["purpose"] or labels[0]
        return doing(city, found[0][0], by_label.get(label, label))
    places = _places(city, str(filled["place"]))
    if not places:
        message = f"no place is called {filled['place']!r}; give a part of a name"
        raise ConfigError(message)
    return at_place(city, places[0][0], int(_number(filled["people"], "the number of people")))


def _places(city: object, text: str) -> list[tuple[int, str]]:
    """Return numbers and names of places that have a text in their name; none for no text."""
    wanted = text.strip().casefold()
    names = view_of(city).basemap().names
    return [(row, name) for row, name in enumerate(names) if wanted and wanted in name.casefold()]


def _number(value: object, what: str) -> float:
    try:
        return float(str(value))
    except ValueError as error:
        message = f"{what} must be a number, got {value!r}"
        raise ConfigError(message) from error
