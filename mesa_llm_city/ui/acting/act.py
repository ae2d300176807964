"""The section of the page by which something is done to the city."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import solara

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.adding import AddForm
from mesa_llm_city.ui.acting.asking import SurveyForm
from mesa_llm_city.ui.acting.changing import ParameterForm
from mesa_llm_city.ui.acting.closing import CloseForm
from mesa_llm_city.ui.acting.forking import ForkForm
from mesa_llm_city.ui.acting.log import Log
from mesa_llm_city.ui.acting.telling import TellForm
from mesa_llm_city.ui.panel import Hint, Panel
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["FORMS", "Act", "ActForm"]

_PAST = (
    "What has happened cannot be changed: a finished run, or an earlier minute, is shown. "
    "Go back to now, or start a run with: mesa-llm-city serve"
)


class ActForm(NamedTuple):
    """A form of this section.

    Attributes
    ----------
    title : str
        Name of its tab.
    heading : str
        What it is for.
    component : callable
        Shows it for a model at a minute: ``f(model, minute)``.
    """

    title: str
    heading: str
    component: Callable[[CityModel, int], solara.Element]


FORMS = (
    ActForm("Close", "Close and open again", CloseForm),
    ActForm("Tell", "Tell people something", TellForm),
    ActForm("Parameters", "Change parameters of the run", ParameterForm),
    ActForm("Add people", "Let households move in", AddForm),
    ActForm("Survey", "Ask people", SurveyForm),
    ActForm("Fork", "Go on in two ways", ForkForm),
    ActForm("Log", "What was done to this run", Log),
)
"""The forms, in the order of their tabs."""


@solara.component
def Act(model: object, minute: int) -> None:
    """Let something be done to a city that runs; it happens between two steps and is logged.

    Parameters
    ----------
    model : CityModel or CityView
        The city.
    minute : int
        Its present minute.
    """
    chosen, choose = solara.use_state(0)
    city = model_of(view_of(model))
    if city is None:
        Hint(_PAST)
    else:
        solara.v.Tabs(
            v_model=chosen,
            on_v_model=choose,
            children=[solara.v.Tab(children=[one.title]) for one in FORMS],
            class_="city-tabs city-acts",
            background_color="transparent",
        )
        with Panel(FORMS[chosen].heading, name="act").key(FORMS[chosen].title):
            FORMS[chosen].component(city, minute)
