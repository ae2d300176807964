"""The grid in the browser: ``solara run models/opinion_grid/app.py``; needs the extra ``viz``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from mesa_llm_city.models.opinion_grid.model import Neighbour, OpinionGrid

__all__ = ["make_page", "page"]


def make_page() -> Any:  # noqa: ANN401 - Solara's
    """Return a page with the grid, coloured by opinion, and the course of mean and spread."""
    from mesa.visualization import SolaraViz, SpaceRenderer, make_plot_component

    model = OpinionGrid(rng=7)
    renderer = SpaceRenderer(model=model, backend="matplotlib").render(agent_portrayal=_portrayal)
    options = {
        "mind": {
            "type": "Select",
            "value": "rule",
            "values": ["rule", "prompt"],
            "label": "Mind",
        },
        "tolerance": {
            "type": "SliderInt",
            "value": 3,
            "min": 0,
            "max": 10,
            "step": 1,
            "label": "Tolerance",
        },
        "rng": 7,
    }
    return SolaraViz(
        model,
        renderer,
        components=[make_plot_component(["mean", "spread"])],
        model_params=options,
        name="Opinions",
    )


def _portrayal(agent: Neighbour) -> Any:  # noqa: ANN401 - Mesa's
    from matplotlib import colormaps
    from matplotlib.colors import to_hex
    from mesa.visualization.components import AgentPortrayalStyle

    color = to_hex(colormaps["coolwarm"](agent.opinion / 10.0))
    return AgentPortrayalStyle(color=color, marker="s", size=120)


page: Any = make_page() if find_spec("solara") is not None else None
