"""The selected person and place: one per model and browser session, shared by components."""

from __future__ import annotations

import solara

from mesa_llm_city.ui.per_model import PerModel
from mesa_llm_city.ui.views.live import LiveView

__all__ = ["NOBODY", "NOWHERE", "selected", "selected_place", "share_selection", "source_of"]

NOBODY = -1
"""Id that stands for no selected person."""

NOWHERE = -1
"""Id that stands for no selected place."""

_SELECTED = PerModel(lambda: solara.reactive(NOBODY))
_PLACES = PerModel(lambda: solara.reactive(NOWHERE))


def selected(model: object) -> solara.Reactive[int]:
    """Return the id of the person who is selected in a model, `NOBODY` at first.

    Parameters
    ----------
    model : CityModel or CityView
        The model itself and its live view share one selection.

    Returns
    -------
    solara.Reactive of int
        The same for the same model; each browser session has a value of its own.
    """
    return _SELECTED.of(source_of(model))


def selected_place(model: object) -> solara.Reactive[int]:
    """Return the id of the place that is selected in a model, `NOWHERE` at first.

    Parameters
    ----------
    model : CityModel or CityView
        The model itself and its live view share one selection.

    Returns
    -------
    solara.Reactive of int
        The same for the same model; each browser session has a value of its own.
    """
    return _PLACES.of(source_of(model))


def share_selection(model: object, other: object) -> None:
    """Let a model have the selected person and place of another one, from now on.

    Parameters
    ----------
    model : CityModel or CityView
        The model that gives its own selection up, such as a replay of the other.
    other : CityModel or CityView
        The model whose selection both have.
    """
    _SELECTED.share(source_of(model), selected(other))
    _PLACES.share(source_of(model), selected_place(other))


def source_of(model: object) -> object:
    """Return what a view looks at: the model of a live view, otherwise the view itself.

    It stays the same while live views of it come and go.
    """
    return model.model if isinstance(model, LiveView) else model
