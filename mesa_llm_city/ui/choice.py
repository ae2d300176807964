"""A choice of one of several texts, as the browser's own list, which every reader can use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anywidget
import solara
import traitlets

__all__ = ["Choice", "ChoiceField"]


class ChoiceField(anywidget.AnyWidget):
    """A list to choose from, with a label.

    Vuetify's list is a button that contains an input, which screen readers cannot tell apart.

    Attributes
    ----------
    label : str
        What is chosen.
    values : list of str
        What there is to choose from.
    value : str
        What is chosen now; set in the browser too.
    """

    _esm = """
    export default {
      render({ model, el }) {
        const label = document.createElement("label");
        const name = document.createElement("span");
        const field = document.createElement("select");
        label.className = "city-choice";
        label.append(name, field);
        const fill = () => {
          name.textContent = model.get("label");
          field.replaceChildren(...model.get("values").map((one) => new Option(one, one)));
          field.value = model.get("value");
        };
        const show = () => { field.value = model.get("value"); };
        field.addEventListener("change", () => {
          model.set("value", field.value);
          model.save_changes();
        });
        model.on("change:label change:values", fill);
        model.on("change:value", show);
        fill();
        el.append(label);
        return () => {
          model.off("change:label change:values", fill);
          model.off("change:value", show);
        };
      },
    };
    """
    _css = """
    .city-choice{display:block;font-size:.82rem;margin:4px 0}
    .city-choice>span{display:block;opacity:.8}
    .city-choice select{display:block;width:100%;font:inherit;font-size:.92rem;color:inherit;
      background:transparent;border:1px solid #8889;border-radius:6px;padding:3px 6px;
      appearance:auto;color-scheme:inherit}
    .city-choice option{color:#1f2933;background:#fff}
    """
    label = traitlets.Unicode("").tag(sync=True)
    values: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Unicode("").tag(sync=True)


def Choice(
    label: str, values: Sequence[str], value: str, on_value: Callable[[str], None]
) -> solara.Element:
    """Let one of several texts be chosen.

    Parameters
    ----------
    label : str
        What is chosen.
    values : sequence of str
        What there is to choose from.
    value : str
        What is chosen now.
    on_value : callable
        Called with another choice.
    """
    return ChoiceField.element(label=label, values=list(values), value=value, on_value=on_value)
