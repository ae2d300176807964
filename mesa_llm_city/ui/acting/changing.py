"""The form of parameters: find some of 2,000, change them while the city runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import solara

from mesa_llm_city.parameters import ParameterInfo
from mesa_llm_city.simulation.interventions.new_parameters import can_change
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.between_steps import act_on
from mesa_llm_city.ui.acting.fields import (
    FOREVER,
    Ends,
    Form,
    HowLong,
    Outcome,
    Primary,
    Said,
    TextField,
    lasting,
)
from mesa_llm_city.ui.acting.parameter_rows import (
    ALL,
    GROUPS,
    WHY_FIXED,
    fitting,
    read_typed,
    shown_value,
)
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.panel import Remark

__all__ = ["ParameterForm"]

_A_PAGE = 8
_NOTHING: Mapping[str, str] = MappingProxyType({})
_STYLE = """
.city-parameter{display:grid;grid-template-columns:minmax(0,1fr) 168px;gap:2px 14px;
  padding:6px 0;border-bottom:1px solid #8884;align-items:center;max-width:1100px}
.city-parameter code{font-size:.84rem;background:transparent;color:inherit;font-weight:600;
  overflow-wrap:anywhere;padding:0}
.city-parameter .city-about{font-size:.8rem}
.city-parameter .city-mark{font-size:.74rem;border:1px solid currentColor;border-radius:8px;
  padding:0 6px;margin-left:6px;white-space:nowrap}
.city-parameter .city-why{grid-column:1 / -1;font-size:.8rem;font-style:italic}
.city-parameter .city-wrong{grid-column:1 / -1;font-size:.82rem;color:#b3261e}
.theme--dark .city-parameter .city-wrong{color:#ff8a80}
.city-parameter .v-text-field{margin:0;padding-top:4px;font-size:.9rem}
@container (max-width:620px){
  .city-parameter{grid-template-columns:minmax(0,1fr)}
}
.city-pages{display:flex;gap:8px;align-items:center;font-size:.84rem;margin:6px 0}
"""


@solara.component
def ParameterForm(model: CityModel, minute: int) -> None:
    """Change parameters while the model runs; those that cannot change say why.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute.
    """
    del minute
    solara.Style(_STYLE)
    typed, set_typed = solara.use_state(_NOTHING)
    length, set_length = solara.use_state(FOREVER)
    said, say = solara.use_state(Said())
    read = solara.use_memo(lambda: read_typed(model.parameters, typed), [typed, model.parameters])

    def tell(text: str, is_wrong: bool) -> None:  # noqa: FBT001 - as it is called
        say(Said(text, is_wrong))
        if not is_wrong:
            set_typed(_NOTHING)

    def change() -> None:
        act = {"kind": "set", "parameters": read.values, **lasting(length, model.minute)}
        count = "1 parameter changes" if len(typed) == 1 else f"{len(typed)} parameters change"
        act_on(model, act, tell, f"{count} at the next step.")

    _Search(model, typed, set_typed, read.wrong)
    if typed:
        with Form():
            HowLong(length, set_length)
    with Ends():
        label = f"Change {len(typed)} now" if typed else "Change"
        Primary(label, change, disabled=not read.values)
        if typed:
            solara.Button("Discard", on_click=lambda: set_typed(_NOTHING), small=True, text=True)
            Remark(", ".join(f"{name} = {text}" for name, text in typed.items()), name="typed")
    Outcome(said)


@solara.component
def _Search(
    model: CityModel,
    typed: Mapping[str, str],
    set_typed: Callable[[Mapping[str, str]], None],
    wrong: Mapping[str, str],
) -> None:
    """Show the parameters that fit a search, a page at a time."""
    # A change is made at the next step, of which nothing else here tells.
    redraws(model).get()
    text, search = solara.use_state("")
    group, choose = solara.use_state(ALL)
    changed, set_changed = solara.use_state(False)  # noqa: FBT003 - the state at first
    changeable, set_changeable = solara.use_state(True)  # noqa: FBT003 - the state at first
    page, turn = solara.use_state(0)
    rows = solara.use_memo(
        lambda: fitting(
            model.parameters, text, group=group, changed=changed, changeable=changeable
        ),
        [model.parameters, text, group, changed, changeable],
    )
    last = max((len(rows) - 1) // _A_PAGE, 0)
    at = min(page, last)

    def anew(act: Callable[..., None]) -> Callable[..., None]:
        def do(value: object) -> None:
            act(value)
            turn(0)

        return do

    with Form():
        TextField("Search", text, anew(search), hint="words of name, meaning or source: bus fare")
        Choice("Group", list(GROUPS), group, anew(choose))
        solara.Checkbox(label="Only what is changed", value=changed, on_value=anew(set_changed))
        solara.Checkbox(
            label="Only what can change in a run",
            value=changeable,
            on_value=anew(set_changeable),
        )
    if not rows:
        Remark("No parameter fits.", name="no-parameter")
    for one in rows[at * _A_PAGE : (at + 1) * _A_PAGE]:
        _Parameter(one, typed, set_typed, wrong.get(one.name, "")).key(one.name)
    if last:
        _Pages(at, last, len(rows), turn)


@solara.component
def _Pages(at: int, last: int, count: int, turn: Callable[[int], None]) -> None:
    with solara.Div(classes=["city-pages"]):
        solara.Button("Back", on_click=lambda: turn(at - 1), disabled=not at, small=True, text=True)
        solara.Text(f"{count:,} parameters, page {at + 1} of {last + 1}")
        solara.Button(
            "Next", on_click=lambda: turn(at + 1), disabled=at == last, small=True, text=True
        )


@solara.component
def _Parameter(
    one: ParameterInfo,
    typed: Mapping[str, str],
    set_typed: Callable[[Mapping[str, str]], None],
    wrong: str,
) -> None:
    """Show a parameter, and let its value be typed if it can change."""
    is_open = can_change(one.name)

    def type_in(text: str) -> None:
        rest = {name: value for name, value in typed.items() if name != one.name}
        set_typed(rest if text == shown_value(one) else {**rest, one.name: text})

    html = solara.v.Html
    with solara.Div(classes=["city-parameter"]):
        marks = ["changed"] if one.is_changed else []
        marks += ["to be changed"] if one.name in typed else []
        head = [html(tag="code", children=[one.name])]
        head += [html(tag="span", class_="city-mark", children=[mark]) for mark in marks]
        about = html(tag="div", class_="city-about", children=[_about(one)])
        html(tag="div", children=[*head, about])
        if is_open:
            unit = "" if one.unit in {"", "1"} else f" ({one.unit})"
            TextField(f"Value{unit}", typed.get(one.name, shown_value(one)), type_in)
        else:
            solara.Text(shown_value(one))
        if wrong:
            html(tag="div", class_="city-wrong", attributes={"role": "alert"}, children=[wrong])
        if not is_open:
            why = WHY_FIXED.format(name=one.name)
            html(tag="div", class_="city-why", children=[why])


def _about(one: ParameterInfo) -> str:
    """Return meaning, range, default and source of a parameter in a line."""
    parts = [one.description]
    parts += [f"range {one.range}"] if one.range else []
    parts += [f"default {one.default}"] if one.is_changed else []
    parts += [f"source: {one.source}"] if one.source else []
    return " · ".join(parts)
