"""Light or dark: a button for the reader, and what tells the server which of them is shown."""

from __future__ import annotations

from types import MappingProxyType

import anywidget
import solara
import solara.lab
import traitlets

__all__ = ["SchemeButton", "SchemeProbe"]

_DARK = MappingProxyType({"auto": None, "dark": True, "light": False})
_NEXT = MappingProxyType({"auto": "dark", "dark": "light", "light": "auto"})
_LOOKS = MappingProxyType(
    {
        "auto": ("mdi-brightness-auto", "like the system"),
        "dark": ("mdi-weather-night", "dark"),
        "light": ("mdi-weather-sunny", "light"),
    }
)


class SchemeProbe(anywidget.AnyWidget):
    """Watches the look of the page, and remembers the choice of the reader.

    Attributes
    ----------
    dark : bool
        Whether it is dark; set in the browser.
    wish : str
        What the reader wants: auto, light or dark; empty until the browser has told it.
    """

    _esm = """
    const KEY = ":solara:theme.variant";
    const kept = () => {
      try { return JSON.parse(localStorage.getItem(KEY)) || "auto"; } catch { return "auto"; }
    };
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
        const keep = () => {
          const told = JSON.stringify(model.get("wish"));
          try { localStorage.setItem(KEY, told); } catch { /* a private window keeps nothing */ }
        };
        const watch = new MutationObserver(look);
        watch.observe(app, { attributes: true, attributeFilter: ["class"] });
        wish.addEventListener("change", look);
        model.on("change:wish", keep);
        if (!model.get("wish")) { model.set("wish", kept()); model.save_changes(); }
        look();
        return () => {
          watch.disconnect();
          wish.removeEventListener("change", look);
          model.off("change:wish", keep);
        };
      },
    };
    """
    dark = traitlets.Bool(False).tag(sync=True)  # noqa: FBT003 - the trait's default
    wish = traitlets.Unicode("").tag(sync=True)


@solara.component
def SchemeButton() -> None:
    """Let the reader choose light, dark, or what the system has.

    It also keeps `solara.lab.use_dark_effective` true to the page.
    """
    wish, set_wish = solara.use_state("")

    def choose(wanted: str) -> None:
        set_wish(wanted)
        if wanted in _DARK:
            solara.lab.theme.dark = _DARK[wanted]

    SchemeProbe.element(on_dark=_set_dark, wish=wish, on_wish=choose)
    icon, told = _LOOKS.get(wish, _LOOKS["auto"])
    button = solara.v.Btn(
        icon=True,
        small=True,
        children=[solara.v.Icon(children=[icon])],
        attributes={"aria-label": f"Colours: {told}. Change", "title": f"Colours: {told}"},
    )
    solara.v.use_event(button, "click", lambda *_: choose(_NEXT.get(wish, "dark")))


def _set_dark(dark: bool) -> None:  # noqa: FBT001 - what a trait calls
    solara.lab.theme.dark_effective = dark
