"""Tells the server whether the page is dark, which the browser alone knows."""

from __future__ import annotations

import anywidget
import solara
import solara.lab
import traitlets

__all__ = ["SchemeProbe", "follow_scheme"]


class SchemeProbe(anywidget.AnyWidget):
    """Watches the look of the page.

    Attributes
    ----------
    dark : bool
        Whether it is dark; set in the browser.
    """

    _esm = """
    export default {
      render({ model, el }) {
        const wish = window.matchMedia("(prefers-color-scheme: dark)");
        const app = el.closest(".v-application, .jp-Notebook") || document.body;
        el.style.display = "none";
        const look = () => {
          const themed = app.closest("[class*='theme--']");
          const dark = themed ? themed.classList.contains("theme--dark") : wish.matches;
          if (dark !== model.get("dark")) { model.set("dark", dark); model.save_changes(); }
        };
        const watch = new MutationObserver(look);
        watch.observe(app, { attributes: true, attributeFilter: ["class"] });
        wish.addEventListener("change", look);
        look();
        return () => { watch.disconnect(); wish.removeEventListener("change", look); };
      },
    };
    """
    dark = traitlets.Bool(False).tag(sync=True)  # noqa: FBT003 - the trait's default


def follow_scheme() -> solara.Element:
    """Return what keeps `solara.lab.use_dark_effective` true to the page; it shows nothing."""
    return SchemeProbe.element(on_dark=_set_dark)


def _set_dark(dark: bool) -> None:  # noqa: FBT001 - what a trait calls
    solara.lab.theme.dark_effective = dark
