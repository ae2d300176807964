"""Fields that several forms share: texts, how long, when, and how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import solara

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.interventions.times import as_minute
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.choice import Choice

__all__ = [
    "FOREVER",
    "Ends",
    "Fields",
    "Form",
    "HowLong",
    "Outcome",
    "Primary",
    "Said",
    "TextField",
    "lasting",
    "minute_of",
    "with_start",
]

FOREVER = "until it is undone"
"""Of what lasts without an end."""

_MIDNIGHT = "until midnight"
_LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "30 minutes": HOUR_MIN // 2,
        "1 hour": HOUR_MIN,
        "3 hours": 3 * HOUR_MIN,
        "1 day": DAY_MIN,
        "1 week": 7 * DAY_MIN,
    }
)

_STYLE = """
.city-form{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(230px,100%),1fr));
  gap:4px 14px;align-items:end;max-width:1100px}
.city-fields{display:contents}
.city-form .v-input--checkbox{margin-top:4px;padding-top:0}
.city-form .v-input--checkbox .v-label{font-size:.86rem;line-height:1.2}
.city-form .v-input--checkbox .v-messages{display:none}
.city-form .city-group-size{align-self:center}
.city-form .v-text-field{margin-top:6px;padding-top:8px;font-size:.9rem}
.city-form .city-choice{width:100%}
.city-form-end .city-primary:not(.v-btn--disabled){background:#1565c0!important;
  color:#fff!important}
.city-form-end{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:8px 0 4px}
.city-outcome{font-size:.86rem;padding:3px 10px;margin:4px 0;border-left:4px solid #2e7d32}
.city-outcome-wrong{border-left-color:#b3261e}
"""


class Said(NamedTuple):
    """How something went: the words, and whether something is wrong."""

    text: str = ""
    is_wrong: bool = False


@solara.component
def Form(children: Sequence[solara.Element] = ()) -> None:
    """Show fields beside and below one another, as there is room.

    Parameters
    ----------
    children : sequence of elements, optional
        The fields; in a ``with`` block they are added.
    """
    solara.Style(_STYLE)
    solara.v.Html(tag="div", class_="city-form", children=list(children))


@solara.component
def Fields(children: Sequence[solara.Element] = ()) -> None:
    """Group fields in a component of their own, which stand in the form as if they were in it.

    Parameters
    ----------
    children : sequence of elements, optional
        The fields; in a ``with`` block they are added.
    """
    solara.v.Html(tag="div", class_="city-fields", children=list(children))


@solara.component
def Ends(children: Sequence[solara.Element] = ()) -> None:
    """Show the buttons that end a form, in a row.

    Parameters
    ----------
    children : sequence of elements, optional
        The buttons; in a ``with`` block they are added.
    """
    solara.v.Html(tag="div", class_="city-form-end", children=list(children))


@solara.component
def TextField(
    label: str,
    value: str,
    on_value: Callable[[str], None],
    *,
    hint: str = "",
    lines: int = 1,
) -> None:
    """Let a text or a number be written.

    Parameters
    ----------
    label : str
        What it is.
    value : str
        The text now.
    on_value : callable
        Called with the text whenever it changes.
    hint : str, optional
        Shown while the field is empty.
    lines : int, default 1
        Number of lines.
    """
    kind = solara.v.TextField if lines == 1 else solara.v.Textarea
    more = {} if lines == 1 else {"rows": lines, "auto_grow": True}
    kind(
        label=label,
        v_model=value,
        on_v_model=lambda text: on_value(text or ""),
        placeholder=hint,
        dense=True,
        hide_details=True,
        **more,
    )


def HowLong(value: str, on_value: Callable[[str], None]) -> solara.Element:
    """Let the length of something be chosen (see `lasting`)."""
    return Choice("For how long", [FOREVER, *_LENGTHS, _MIDNIGHT], value, on_value)


def lasting(length: str, minute: int) -> dict[str, object]:
    """Return what an intervention says of its length.

    Parameters
    ----------
    length : str
        What was chosen in `HowLong`.
    minute : int
        When it begins, in minutes since the start of the run.

    Examples
    --------
    >>> lasting("3 hours", 60), lasting("until midnight", 1500), lasting(FOREVER, 60)
    ({'minutes': 180}, {'minutes': 1380}, {})
    """
    if length == _MIDNIGHT:
        return {"minutes": DAY_MIN - minute % DAY_MIN}
    return {"minutes": _LENGTHS[length]} if length in _LENGTHS else {}


def minute_of(model: CityModel, when: str) -> int:
    """Return the minute of a time that was written; that of now if none was, or it is none.

    Parameters
    ----------
    model : CityModel
        The model, which tells itself what is wrong with a time.
    when : str
        What was written.
    """
    try:
        return as_minute(when.strip(), model.clock) if when.strip() else model.minute
    except ConfigError:
        return model.minute


def with_start(act: Mapping[str, object], name: str, when: str) -> dict[str, object]:
    """Return an intervention with the time that was written, which is now if none was.

    Parameters
    ----------
    act : mapping
        The intervention.
    name : str
        Name of its time: ``"at"`` or ``"start"``.
    when : str
        What was written.

    Examples
    --------
    >>> with_start({"kind": "open"}, "at", " day 2 12:00 ")
    {'kind': 'open', 'at': 'day 2 12:00'}
    """
    return {**act, **({name: when.strip()} if when.strip() else {})}


@solara.component
def Primary(label: str, on_click: Callable[[], None], *, disabled: bool = False) -> None:
    """Show the button that does what a form is for.

    Parameters
    ----------
    label : str
        What it does.
    on_click : callable
        Called when it is pressed.
    disabled : bool, default False
        Whether it cannot be pressed now.
    """
    solara.Button(label, on_click=on_click, disabled=disabled, small=True, classes=["city-primary"])


@solara.component
def Outcome(said: Said) -> None:
    """Tell how something went, to readers of the screen too; nothing before it is done."""
    solara.Style(_STYLE)
    wrong = " city-outcome-wrong" if said.is_wrong else ""
    solara.v.Html(
        tag="div",
        children=[said.text],
        class_=f"city-outcome{wrong}" if said.text else "city-outcome-none",
        attributes={"role": "status", "aria-live": "polite"},
    )
