"""The form by which households move in."""

from __future__ import annotations

from typing import NamedTuple

import solara

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.between_steps import act_on
from mesa_llm_city.ui.acting.fields import Ends, Form, Outcome, Primary, Said, TextField, with_start
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.panel import Remark

__all__ = ["AddForm"]

_ANYWHERE = "anywhere"
_HOW = "Households are made as the first people were, with homes where there is room."
_CITIZENS, _ROWS = "citizens, each with a mind", "rows of the crowd"


class _Wanted(NamedTuple):
    """What is written in the form."""

    households: str = "10"
    zone: str = _ANYWHERE
    living: str = _CITIZENS
    start: str = ""


@solara.component
def AddForm(model: CityModel, minute: int) -> None:
    """Let households move in, everywhere or into a zone.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute.
    """
    del minute
    wanted, want = solara.use_state(_Wanted())
    said, say = solara.use_state(Said())
    count = int(wanted.households) if wanted.households.strip().isdecimal() else 0

    def add() -> None:
        act: dict[str, object] = {"kind": "add", "households": count}
        act |= {} if wanted.zone == _ANYWHERE else {"zone": wanted.zone}
        act |= {"as_rows": True} if wanted.living == _ROWS else {}
        begin = wanted.start.strip() or "the next step"
        act_on(
            model,
            with_start(act, "at", wanted.start),
            lambda text, is_wrong: say(Said(text, is_wrong)),
            f"{count:,} households move in at {begin}.",
        )

    Remark(_HOW, name="how")
    with Form():
        TextField(
            "Households", wanted.households, lambda one: want(wanted._replace(households=one))
        )
        zones = [_ANYWHERE, *model.city.zones.names]
        Choice("Where they live", zones, wanted.zone, lambda one: want(wanted._replace(zone=one)))
        if model.crowd_or_none is not None:
            kinds = [_CITIZENS, _ROWS]
            Choice("As", kinds, wanted.living, lambda one: want(wanted._replace(living=one)))
        TextField(
            "When",
            wanted.start,
            lambda one: want(wanted._replace(start=one)),
            hint="now, or such as day 2 07:30",
        )
    with Ends():
        Primary("Let them move in", add, disabled=not count)
    Outcome(said)
