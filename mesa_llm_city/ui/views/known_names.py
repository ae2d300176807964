"""Names of people, also of those who have left the city."""

from __future__ import annotations

from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["known_names"]


def known_names(view: CityView) -> dict[int, str]:
    """Return the names by ids of all who are in a city, or were in it as far as that is known.

    Rows of a crowd have none; they are called by their ids.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    """
    if isinstance(view, Replay):
        return dict(view.history.name_of)
    if isinstance(view, LiveView):
        # Copied in one step, since a model that runs takes up people meanwhile.
        return {person: name for person, name in view.model.world.names.copy().items() if name}
    return dict(zip(view.crowd().person.tolist(), view.names(), strict=True))
