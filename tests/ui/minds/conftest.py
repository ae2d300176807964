"""What tests of minds on the page share: a model that is looked at live, and as a replay."""

from __future__ import annotations

import pytest

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay


@pytest.fixture(params=["live", "replay"])
def view(request: pytest.FixtureRequest, model: CityModel) -> CityView:
    """Return the model as it is, and as a replay at the same minute."""
    if request.param == "live":
        return LiveView(model)
    replay = Replay.of(model)
    replay.go_to(model.minute)
    return replay
