"""What the panels of one person share: who is selected, and a hint if nobody is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import solara

from mesa_llm_city.core.clock import DAY_MIN, Clock, clock_time
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Hint, Panel
from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView, PersonView, view_of

__all__ = ["about_person", "day_and_time", "short_time", "use_person"]

NOT_KEPT = (
    "The run has kept nothing of this person's mind: it keeps those of a number of persons "
    "(option --minds), and older runs kept none."
)
CHOOSE = "Click a dot on the map, or search for a name, to open a person."


def use_person(model: object, minute: int) -> PersonView | None:
    """Return the selected person, None for nobody; read at most twice a second.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Present minute of the run.
    """
    person = selected(model).value
    return use_throttled(minute, lambda: _seen(model, person), urgent=(person, id(model)))


class _Seen(NamedTuple):
    """The person of a city who was read last, so that several panels read once."""

    minute: int
    person: int
    view: PersonView


def _nobody_seen() -> _Seen | None:
    return None


_SEEN = PerModel(_nobody_seen)


def _seen(model: object, person: int) -> PersonView | None:
    if person == NOBODY:
        return None
    view = view_of(model)
    source, minute = model_of(view) or view, view.minute
    last = _SEEN.of(source)
    if last is not None and (last.minute, last.person) == (minute, person):
        return last.view
    try:
        seen = read_steadily(lambda: view.person(person))
    except ConfigError:  # gone since the selection
        return None
    _SEEN.share(source, _Seen(minute, person, seen))
    return seen


def about_person(
    model: object,
    title: str,
    name: str,
    show: Callable[[PersonView, CityView], None],
    *,
    searched: bool = False,
) -> solara.Element:
    """Return a panel about the selected person.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    title, name : str
        Title and name of the panel (see `Panel`).
    show : callable
        Component that shows a person; called inside the panel.
    searched : bool, default False
        Whether people can be found by name as long as nobody is selected.
    """
    minute = view_of(model).minute
    return _AboutPerson(
        model=model, minute=minute, title=title, name=name, show=show, searched=searched
    )


@solara.component
def _AboutPerson(
    model: object,
    minute: int,
    title: str,
    name: str,
    show: Callable[[PersonView, CityView], None],
    *,
    searched: bool,
) -> None:
    seen = use_person(model, minute)
    with Panel(title, name=name):
        if seen is not None:
            show(seen, view_of(model))
            return
        Hint(CHOOSE)
        if searched:
            _Search(model)


@solara.component
def _Search(model: object) -> None:
    """Find a person by name, on pages without a map."""
    wanted, look_for = solara.use_state("")
    choice = selected(model)
    found = view_of(model).find(wanted) if wanted.strip() else []

    def take_first(*_: object) -> None:
        if found:
            choice.set(found[0][0])

    field = solara.InputText("Name or id", value=wanted, on_value=look_for, continuous_update=True)
    solara.v.use_event(field, "keydown.enter", take_first)
    with solara.Row(gap="2px", style={"flex-wrap": "wrap"}):
        for person, name in found:
            solara.Button(
                name,
                text=True,
                small=True,
                on_click=partial(choice.set, person),
                style={"text-transform": "none"},
            )
    if wanted.strip() and not found:
        Hint("No person of this name: try a part of the name.")


def short_time(clock: Clock, minute: int) -> str:
    r"""Return day of the week and time, with a space that does not break lines.

    Examples
    --------
    >>> short_time(Clock(), 485)
    'Mon\xa008:05'
    """
    return f"{clock.at(minute):%a\N{NO-BREAK SPACE}%H:%M}"


def day_and_time(minute: int) -> str:
    """Return the number of the day and the time of day.

    Examples
    --------
    >>> day_and_time(1440 + 485)
    'Day 2, 08:05'
    """
    return f"Day {minute // DAY_MIN + 1}, {clock_time(minute)}"
