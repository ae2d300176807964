"""The form that tells people something: a text or a claim, to everybody or to a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import solara

from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.between_steps import act_on
from mesa_llm_city.ui.acting.fields import (
    Ends,
    Fields,
    Form,
    Outcome,
    Primary,
    Said,
    TextField,
    with_start,
)
from mesa_llm_city.ui.acting.group import GroupField, Whom, query_of
from mesa_llm_city.ui.choice import Choice

__all__ = ["TellForm"]

_EVERYWHERE = "everywhere outdoors"
_FIRST_SOURCE, _FIRST_CHANNEL = "authorities", "radio"


class _Wanted(NamedTuple):
    """What is written in the form."""

    text: str = ""
    source: str = _FIRST_SOURCE
    channel: str = _FIRST_CHANNEL
    danger: str = "0"
    zone: str = _EVERYWHERE
    topic: str = ""
    stance: str = "0"
    start: str = ""
    corrects: bool = False


@solara.component
def TellForm(model: CityModel, minute: int) -> None:
    """Tell people something, which they believe or not.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute.
    """
    wanted, want = solara.use_state(_Wanted())
    whom, choose_whom = solara.use_state(Whom())
    said, say = solara.use_state(Said())

    def tell() -> None:
        try:
            act = _act(model, wanted, whom)
        except CityError as error:
            say(Said(error.message, is_wrong=True))
            return
        begin = wanted.start.strip() or "the next step"
        act_on(model, act, lambda text, is_wrong: say(Said(text, is_wrong)), f"Is told at {begin}.")

    TextField(
        "What they hear",
        wanted.text,
        lambda one: want(wanted._replace(text=one)),
        hint="such as: The bridge to Old Town is closed until the evening",
        lines=2,
    )
    with Form():
        GroupField(model, minute, whom, choose_whom)
        _Message(model, wanted, want)
    with Ends():
        Primary("Tell them", tell, disabled=not wanted.text.strip())
    Outcome(said)


@solara.component
def _Message(model: CityModel, wanted: _Wanted, want: Callable[[_Wanted], None]) -> None:
    """Let the particulars of a message be given."""

    def changed(name: str) -> Callable[[Any], None]:
        def change(value: Any) -> None:  # noqa: ANN401 - a text, or whether something holds
            changes: dict[str, Any] = {name: value}
            want(wanted._replace(**changes))

        return change

    social = model.parameters.social
    sources, channels = list(social.trust.sources), list(social.messages.channels)
    with Fields():
        Choice("Who says it", sources, wanted.source, changed("source"))
        Choice("How", channels, wanted.channel, changed("channel"))
        TextField("Danger, from 0 to 1", wanted.danger, changed("danger"))
        if wanted.danger.strip() not in {"", "0"}:
            zones = [_EVERYWHERE, *model.city.zones.names]
            Choice("Where the danger is", zones, wanted.zone, changed("zone"))
        TextField("Topic, if it is a claim", wanted.topic, changed("topic"), hint="the text itself")
        TextField("Its stance, from -1 to 1", wanted.stance, changed("stance"))
        TextField("When", wanted.start, changed("start"), hint="now, or such as day 2 07:30")
        solara.Checkbox(
            label="It says that what was told of the topic is not true",
            value=wanted.corrects,
            on_value=changed("corrects"),
        )


def _act(model: CityModel, wanted: _Wanted, whom: Whom) -> dict[str, object]:
    """Return the intervention; what is left as usual is left out."""
    danger, group = _number("danger", wanted.danger), query_of(model, whom)
    act: dict[str, object] = {"kind": "tell", "text": wanted.text.strip()}
    more: dict[str, object] = {
        "agents": group,
        "source": wanted.source if wanted.source != _FIRST_SOURCE else None,
        "channel": wanted.channel if wanted.channel != _FIRST_CHANNEL else None,
        "danger": danger or None,
        "zone": wanted.zone if danger and wanted.zone != _EVERYWHERE else None,
        "topic": wanted.topic.strip() or None,
        "stance": _number("stance", wanted.stance) or None,
        "corrects": wanted.corrects or None,
    }
    act |= {name: value for name, value in more.items() if value is not None}
    return with_start(act, "at", wanted.start)


def _number(name: str, text: str) -> float:
    try:
        return float(text.strip() or 0)
    except ValueError:
        message = f"{name} must be a number, got {text!r}"
        raise ConfigError(message) from None
