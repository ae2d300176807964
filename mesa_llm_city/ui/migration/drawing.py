"""A drawing in SVG on the page, parts of which can be chosen by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import solara
import traitlets

__all__ = ["Drawing", "DrawingField"]


class DrawingField(anywidget.AnyWidget):
    """A drawing; parts with the attribute ``data-key`` can be chosen.

    Attributes
    ----------
    svg : str
        The drawing, as markup that was made here: texts in it are escaped.
    chosen : str
        Key of the part that was chosen last, and a count, as ``"key#3"``; set in the browser.
    """

    _esm = """
    export default {
      render({ model, el }) {
        let count = 0;
        const keyOf = (event) => event.target.closest?.("[data-key]")?.dataset.key;
        const choose = (event) => {
          const key = keyOf(event);
          if (key === undefined) return;
          event.preventDefault();
          model.set("chosen", `${key}#${++count}`);
          model.save_changes();
        };
        const press = (event) => {
          if (event.key === "Enter" || event.key === " ") choose(event);
        };
        const draw = () => {
          const focused = el.contains(document.activeElement)
            ? document.activeElement.dataset.key : undefined;
          el.innerHTML = model.get("svg");
          if (focused !== undefined) {
            el.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
          }
        };
        el.classList.add("migration-drawing");
        el.addEventListener("click", choose);
        el.addEventListener("keydown", press);
        model.on("change:svg", draw);
        draw();
        return () => {
          el.removeEventListener("click", choose);
          el.removeEventListener("keydown", press);
          model.off("change:svg", draw);
        };
      },
    };
    """
    svg = traitlets.Unicode("").tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)


def Drawing(svg: str, on_choose: Callable[[str], None] | None = None) -> solara.Element:
    """Show a drawing.

    Parameters
    ----------
    svg : str
        Markup; texts in it are escaped.
    on_choose : callable, optional
        Called with the key of a part that was chosen.
    """

    def chosen(value: str) -> None:
        if on_choose is not None and value:
            on_choose(value.rpartition("#")[0])

    return DrawingField.element(svg=svg, on_chosen=chosen)
