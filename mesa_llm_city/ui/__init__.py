"""The city in the browser: components for Solara and SolaraViz, and a page made of them.

Names are imported when they are first used.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.ui.charts import Clock, Needs, PlacePopularity, TimeUse, TripsPerHour
    from mesa_llm_city.ui.city_map import CityMap
    from mesa_llm_city.ui.controls import RunControls
    from mesa_llm_city.ui.export import save_film
    from mesa_llm_city.ui.exports import Exports
    from mesa_llm_city.ui.html_replay import save_html_replay
    from mesa_llm_city.ui.inspector import AgentCard, BeliefTable, DecisionTrail, PlanView
    from mesa_llm_city.ui.interview import Interview
    from mesa_llm_city.ui.live import LiveView
    from mesa_llm_city.ui.memories import MemoryList
    from mesa_llm_city.ui.notebook import show
    from mesa_llm_city.ui.page import CityPage
    from mesa_llm_city.ui.replay import Replay
    from mesa_llm_city.ui.runner import Runner, redraws
    from mesa_llm_city.ui.scrubber import DayScrubber
    from mesa_llm_city.ui.selection import selected
    from mesa_llm_city.ui.spend import Spend
    from mesa_llm_city.ui.ties_graph import TiesGraph
    from mesa_llm_city.ui.views import CityView, view_of

__all__ = [
    "AgentCard",
    "BeliefTable",
    "CityMap",
    "CityPage",
    "CityView",
    "Clock",
    "DayScrubber",
    "DecisionTrail",
    "Exports",
    "Interview",
    "LiveView",
    "MemoryList",
    "Needs",
    "PlacePopularity",
    "PlanView",
    "Replay",
    "RunControls",
    "Runner",
    "Spend",
    "TiesGraph",
    "TimeUse",
    "TripsPerHour",
    "redraws",
    "save_film",
    "save_html_replay",
    "selected",
    "show",
    "view_of",
]

_HOME = MappingProxyType(
    {
        "AgentCard": "inspector",
        "BeliefTable": "inspector",
        "CityMap": "city_map",
        "CityPage": "page",
        "CityView": "views",
        "Clock": "charts",
        "DayScrubber": "scrubber",
        "DecisionTrail": "inspector",
        "Exports": "exports",
        "Interview": "interview",
        "LiveView": "live",
        "MemoryList": "memories",
        "Needs": "charts",
        "PlacePopularity": "charts",
        "PlanView": "inspector",
        "Replay": "replay",
        "RunControls": "controls",
        "Runner": "runner",
        "Spend": "spend",
        "TiesGraph": "ties_graph",
        "TimeUse": "charts",
        "TripsPerHour": "charts",
        "redraws": "runner",
        "save_film": "export",
        "save_html_replay": "html_replay",
        "selected": "selection",
        "show": "notebook",
        "view_of": "views",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
