"""What a rendered component shows, read from its widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import solara

from mesa_llm_city import CityModel
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.llm import LLM
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import PersonView
from tests.town import small_town, townspeople


class Shown(NamedTuple):
    """A rendered page of components, and how to have it drawn anew."""

    box: Any
    redraw: Callable[[], None]

    def widgets(self) -> Iterator[Any]:
        """Iterate over all widgets, outer ones first."""
        yield from _below(self.box)

    def texts(self) -> str:
        """Return all texts, a line each."""
        return "\n".join(
            child
            for widget in self.widgets()
            for child in getattr(widget, "children", ())
            if isinstance(child, str)
        )

    def tagged(self, tag: str) -> list[Any]:
        """Return the HTML elements of a tag."""
        return [one for one in self.widgets() if getattr(one, "tag", None) == tag]

    def of_kind(self, name: str) -> list[Any]:
        """Return the widgets of a class by its name."""
        return [one for one in self.widgets() if _is(one, name)]

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of all tables."""
        return [row for one in self.widgets() if _is(one, "DataTable") for row in one.items]

    def click(self, label: str) -> None:
        """Click the first button of a label."""
        next(self._buttons(label)).click()

    def has_button(self, label: str) -> bool:
        """Return whether there is a button of a label that can be clicked."""
        return any(not one.disabled for one in self._buttons(label))

    def labelled(self, label: str) -> Any:  # noqa: ANN401 - any widget
        """Return the first widget of a label."""
        return next(one for one in self.widgets() if getattr(one, "label", None) == label)

    def _buttons(self, label: str) -> Iterator[Any]:
        return (one for one in self.widgets() if _is(one, "Btn") and label in one.children)


def show(model: object, *components: Callable[[Any], Any]) -> Shown:
    """Render components as `SolaraViz` does: called anew at each redraw."""
    drawn = solara.reactive(0)

    @solara.component
    def Page() -> None:  # noqa: N802 - a component
        with solara.Column(classes=[f"drawing-{drawn.value}"]):
            for component in components:
                component(model)

    box, _ = solara.render(Page(), handle_error=False)
    return Shown(box, lambda: drawn.set(drawn.value + 1))


def lived(steps: int, *, llm: LLM | None = None, people: int = 30) -> CityModel:
    """Return a small city that has been run."""
    model = CityModel(small_town(), townspeople(people), rng=5, llm=llm)
    for _ in range(steps):
        model.step()
    return model


class Replayed:
    """A view that keeps its model to itself, as the replay of a run does.

    Parameters
    ----------
    model : CityModel
        The model.
    seen : PersonView, optional
        Who everybody is.
    """

    def __init__(self, model: CityModel, seen: PersonView | None = None) -> None:
        self._live, self._seen = LiveView(model), seen
        self.title, self.parameters = "a finished run", model.parameters
        self.crowd, self.names = self._live.crowd, self._live.names
        self.under_way, self.density = self._live.under_way, self._live.density
        self.homes = self._live.homes
        self.colours, self.values = self._live.colours, self._live.values
        self.basemap, self.table, self.find = (
            self._live.basemap,
            self._live.table,
            self._live.find,
        )

    @property
    def clock(self) -> Clock:
        """Calendar of the run."""
        return self._live.clock

    @property
    def minute(self) -> int:
        """Now."""
        return self._live.minute

    @property
    def people(self) -> int:
        """How many people there are."""
        return self._live.people

    def person(self, person: int) -> PersonView:
        """Return one person."""
        return self._seen or self._live.person(person)


def _below(widget: Any) -> Iterator[Any]:  # noqa: ANN401 - any widget
    yield widget
    for child in getattr(widget, "children", ()):
        if not isinstance(child, str):
            yield from _below(child)


def _is(widget: object, name: str) -> bool:
    return type(widget).__name__ == name
