"""Keys of the whole page: play, step, speed; and a button that tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import anywidget
import reacton
import solara
import traitlets

__all__ = ["KEYS", "Keys", "PageKeys"]

KEYS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "play": (" ", "Space", "play or pause"),
        "forward": ("ArrowRight", "→", "a step forward"),
        "back": ("ArrowLeft", "←", "a step back"),
        "faster": ("+", "+", "faster"),
        "slower": ("-", "−", "slower"),  # noqa: RUF001 - a minus, as it is printed
        "morning": ("m", "M", "go on to the next morning"),
        "help": ("?", "?", "this list"),
    }
)
"""What each key does: its name in the browser, as it is printed, and in words."""


class PageKeys(anywidget.AnyWidget):
    """Listens to keys of the whole page, and lists them in a dialog.

    Keys pressed in a field, on the map or on the time bar belong to those.

    Attributes
    ----------
    listed : list of [str, str, str, str]
        Name of what is done, key, printed key and words, of each of `KEYS`.
    pressed : dict
        Key ``name``: what is wanted, one of `KEYS`; set in the browser.
    """

    _esm = """
    const FIELDS = "input,select,textarea,[contenteditable=true],dialog";
    const OWN = {
      " ": "button,summary,a,label,[role=tab],[role=button]",
      Arrow: ".mlc-stage,[role=tab],[role=slider],.city-rows,[role=row]",
      "+": ".mlc-stage", "-": ".mlc-stage", m: "", "?": "",
    };
    const owner = (key) => OWN[key.startsWith("Arrow") ? "Arrow" : key] || "";
    const made = (tag, text, properties = {}) =>
      Object.assign(document.createElement(tag), { textContent: text, ...properties });
    export default {
      render({ model, el }) {
        // In a notebook only keys pressed inside the page are meant for it. Asked at each key, for
        // this may be drawn before it stands in the page.
        const scope = () => el.closest(".city-app") ? document : el.closest(".city-frame") || el;
        const dialog = made("dialog", "", { className: "city-keys" });
        dialog.setAttribute("aria-label", "Keys of this page");
        const list = made("dl", "");
        for (const [, , shown, words] of model.get("listed")) {
          list.append(made("dt", shown), made("dd", words));
        }
        const close = made("button", "Close", { type: "button", onclick: () => dialog.close() });
        dialog.append(made("h2", "Keys of this page"), list,
          made("p", "The map has keys of its own; it names them when it has the focus."), close);
        const button = made("button", "?", { type: "button", className: "city-keys-button",
          onclick: () => dialog.showModal() });
        button.setAttribute("aria-label", "Keys of this page");
        button.title = "Keys of this page";
        // The list keeps the focus until the next frame after it has closed, which may be late.
        const targetOf = (event) =>
          event.target.closest?.("dialog:not([open])") ? document.body : event.target;
        const listen = (event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
          const target = targetOf(event);
          if (!scope().contains(event.target)) return;
          const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
          const meant = model.get("listed").find(([, one]) => one === (key === "=" ? "+" : key));
          if (!meant || target.closest?.(FIELDS)) return;
          const others = owner(meant[1]);
          if (others && target.closest?.(others)) return;
          event.preventDefault();
          if (meant[0] === "help") { dialog.showModal(); return; }
          if (event.repeat && !meant[1].startsWith("Arrow")) return;
          model.set("pressed", { name: meant[0], at: Date.now() + Math.random() });
          model.save_changes();
        };
        document.addEventListener("keydown", listen);
        el.append(button, dialog);
        return () => document.removeEventListener("keydown", listen);
      },
    };
    """
    _css = """
    .city-keys-button{width:28px;height:28px;border-radius:50%;border:1px solid currentColor;
      background:none;color:inherit;font:600 14px/1 system-ui,sans-serif;cursor:pointer}
    .city-keys{border:1px solid #8886;border-radius:12px;padding:14px 20px 16px;
      font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
      background:var(--city-surface,#fff);color:var(--city-text,#1f2933);
      box-shadow:0 12px 40px #0006;margin:auto;max-width:22rem}
    .city-keys::backdrop{background:#0006}
    .city-keys h2{font-size:1.05rem;margin:0 0 8px}
    .city-keys dl{display:grid;grid-template-columns:auto 1fr;gap:4px 14px;margin:0}
    .city-keys dt{font-weight:650;min-width:3.4em;text-align:center;border:1px solid #8888;
      border-radius:6px;padding:0 6px}
    .city-keys dd{margin:0}
    .city-keys p{margin:10px 0 !important;font-size:.86rem}
    .city-keys button{border:1px solid currentColor;border-radius:6px;padding:3px 14px;
      background:none;color:inherit;font:inherit;cursor:pointer}
    """
    listed: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    pressed = traitlets.Dict().tag(sync=True)


@solara.component
def Keys(on_key: Callable[[str], None]) -> solara.Element:
    """Listen to the keys of the page, and show a button that lists them.

    Parameters
    ----------
    on_key : callable
        Called with the name of what is wanted: one of `KEYS`.
    """
    latest = reacton.use_ref(on_key)
    latest.current = on_key

    def listener() -> Callable[[dict[str, Any]], None]:
        return lambda pressed: latest.current(str(pressed["name"]))

    # Always the same: another one is not listened to for a moment while a page is drawn anew.
    press = solara.use_memo(listener, [])
    return PageKeys.element(
        listed=[[name, *about] for name, about in KEYS.items()], on_pressed=press
    )
