"""A replay of any view, for files that show a run over time."""

from __future__ import annotations

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["replay_of"]


def replay_of(view: CityView) -> Replay:
    """Return a replay of a view that can be moved without moving the view.

    Parameters
    ----------
    view : CityView
        A replay, or the view of a live model, of which it shows what has happened.

    Raises
    ------
    ConfigError
        If it is neither.
    """
    if isinstance(view, Replay):
        return Replay(view.history, view.minute)
    model = model_of(view)
    if model is None:
        message = f"{type(view).__name__} cannot be replayed; give a CityModel or a Replay"
        raise ConfigError(message)
    return Replay.of(model)
