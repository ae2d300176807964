"""The city in the browser: components for Solara and SolaraViz, and a page made of them.

Names are imported when they are first used.
"""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily
from mesa_llm_city.ui.notebook_reports import switch_off as _switch_off

if TYPE_CHECKING:
    from mesa_llm_city.ui.charts.components import (
        Clock,
        Needs,
        PlacePopularity,
        ReporterChart,
        TimeUse,
        TripsPerHour,
    )
    from mesa_llm_city.ui.charts.observations import Observations, observe
    from mesa_llm_city.ui.charts.vega_chart import VegaChart
    from mesa_llm_city.ui.comparing.difference_map import DifferenceMap
    from mesa_llm_city.ui.comparing.pair import Pair
    from mesa_llm_city.ui.export.buttons import Exports
    from mesa_llm_city.ui.export.export import save_film
    from mesa_llm_city.ui.export.html_replay import save_html_replay
    from mesa_llm_city.ui.focus import Emphasis, TimeRange, emphasis, time_range
    from mesa_llm_city.ui.map.city_map import CityMap
    from mesa_llm_city.ui.map.sharing import SharedLook
    from mesa_llm_city.ui.minds.day import DayTimeline
    from mesa_llm_city.ui.minds.feed import Feed
    from mesa_llm_city.ui.minds.network import Network
    from mesa_llm_city.ui.notebook import show
    from mesa_llm_city.ui.page.controls import RunControls
    from mesa_llm_city.ui.page.page import CityPage
    from mesa_llm_city.ui.page.runner import Runner, redraws
    from mesa_llm_city.ui.page.scrubber import DayScrubber
    from mesa_llm_city.ui.page.spending import Spend
    from mesa_llm_city.ui.person.inspector import AgentCard, BeliefTable, DecisionTrail, PlanView
    from mesa_llm_city.ui.person.interview import Interview
    from mesa_llm_city.ui.person.memories import MemoryList
    from mesa_llm_city.ui.person.selection import selected, selected_place
    from mesa_llm_city.ui.person.ties_graph import TiesGraph
    from mesa_llm_city.ui.place.card import PlaceCard
    from mesa_llm_city.ui.views.live import LiveView
    from mesa_llm_city.ui.views.protocols import CityView, view_of
    from mesa_llm_city.ui.views.replay import Replay

__all__ = [
    "AgentCard",
    "BeliefTable",
    "CityMap",
    "CityPage",
    "CityView",
    "Clock",
    "DayScrubber",
    "DayTimeline",
    "DecisionTrail",
    "DifferenceMap",
    "Emphasis",
    "Exports",
    "Feed",
    "Interview",
    "LiveView",
    "MemoryList",
    "Needs",
    "Network",
    "Observations",
    "Pair",
    "PlaceCard",
    "PlacePopularity",
    "PlanView",
    "Replay",
    "ReporterChart",
    "RunControls",
    "Runner",
    "SharedLook",
    "Spend",
    "TiesGraph",
    "TimeRange",
    "TimeUse",
    "TripsPerHour",
    "VegaChart",
    "emphasis",
    "observe",
    "redraws",
    "save_film",
    "save_html_replay",
    "selected",
    "selected_place",
    "show",
    "time_range",
    "view_of",
]

_HOME = MappingProxyType(
    {
        "AgentCard": "person.inspector",
        "BeliefTable": "person.inspector",
        "CityMap": "map.city_map",
        "CityPage": "page.page",
        "CityView": "views.protocols",
        "Clock": "charts.components",
        "DayScrubber": "page.scrubber",
        "DayTimeline": "minds.day",
        "DecisionTrail": "person.inspector",
        "DifferenceMap": "comparing.difference_map",
        "Emphasis": "focus",
        "Exports": "export.buttons",
        "Feed": "minds.feed",
        "Interview": "person.interview",
        "LiveView": "views.live",
        "MemoryList": "person.memories",
        "Needs": "charts.components",
        "Network": "minds.network",
        "Observations": "charts.observations",
        "Pair": "comparing.pair",
        "PlaceCard": "place.card",
        "PlacePopularity": "charts.components",
        "PlanView": "person.inspector",
        "Replay": "views.replay",
        "ReporterChart": "charts.components",
        "RunControls": "page.controls",
        "Runner": "page.runner",
        "SharedLook": "map.sharing",
        "Spend": "page.spending",
        "TiesGraph": "person.ties_graph",
        "TimeRange": "focus",
        "TimeUse": "charts.components",
        "TripsPerHour": "charts.components",
        "VegaChart": "charts.vega_chart",
        "emphasis": "focus",
        "observe": "charts.observations",
        "redraws": "page.runner",
        "save_film": "export.export",
        "save_html_replay": "export.html_replay",
        "selected": "person.selection",
        "selected_place": "person.selection",
        "show": "notebook",
        "time_range": "focus",
        "view_of": "views.protocols",
    }
)

_late, __dir__ = _lazily(__name__, _HOME, extras={"": "viz"})


def __getattr__(name: str) -> object:
    """Import a public name; what is shown in a notebook is reported to nobody."""
    found = _late(name)
    if "solara" in sys.modules:
        _switch_off()
    return found
