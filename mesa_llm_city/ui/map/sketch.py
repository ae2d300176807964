"""A sketch on the map, a spot or an area: one per model and browser session, shared by parts."""

from __future__ import annotations

from typing import NamedTuple

import solara

from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.person.selection import source_of

__all__ = ["Sketch", "sketch_of"]


class Sketch(NamedTuple):
    """What is being sketched, or was.

    Attributes
    ----------
    is_on : solara.Reactive of bool
        Whether clicks on the map set corners; the map sets it to false when it is done.
    points : solara.Reactive of list of int
        x and y by turns, in units of the map's `Frame`: two numbers for a spot, six or more for
        the corners of an area, none for no sketch.
    """

    is_on: solara.Reactive[bool]
    points: solara.Reactive[list[int]]

    def begin(self) -> None:
        """Let the reader sketch anew."""
        self.points.set([])
        self.is_on.set(True)

    def clear(self) -> None:
        """Take the sketch off the map."""
        self.is_on.set(False)
        self.points.set([])


def _no_sketch() -> Sketch:
    corners: list[int] = []
    return Sketch(solara.reactive(value=False), solara.reactive(corners))


_SKETCHES = PerModel(_no_sketch)


def sketch_of(model: object) -> Sketch:
    """Return the sketch on the map of a model.

    Parameters
    ----------
    model : CityModel or CityView
        The model itself and its live view share one sketch.

    Returns
    -------
    Sketch
        The same for the same model; each browser session has values of its own.
    """
    return _SKETCHES.of(source_of(model))
