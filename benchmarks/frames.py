"""How many frames a second the map draws in a browser, with people alone and with all layers.

``python benchmarks/frames.py [--citizens 10000] [--crowd 0] [--out FILE] [--picture FILE]`` prints
JSON and ends with 1 if a limit is not kept. The browser draws in software, as on a machine
without a graphics card; frames are those of the wall clock, so let nothing else run beside it.
The map gets a step of the model every 200 ms, as while a run plays, and moves people in between.
"""

from __future__ import annotations

import argparse
import json
import sys
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import solara

from mesa_llm_city import City, CityModel, Crowd, Population
from mesa_llm_city.ui.map import canvas as canvas_module
from mesa_llm_city.ui.map.canvas import CityCanvas
from mesa_llm_city.ui.map.city_map import CityMap

LIMITS = {"dots_fps": 40.0, "all_fps": 15.0}
LAYERS = {
    "dots": ["people"],
    "trips": ["people", "trips"],
    "map": ["people", "streets", "places", "zones"],
    "all": ["people", "heat", "trips", "flows", "streets", "places", "zones"],
}

_BROWSER = "/usr/bin/chromium"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--use-angle=swiftshader"]
_BEGINS_MIN = 8 * 60
_STEPS = 12
_PAGE = """<!DOCTYPE html><meta charset="utf-8">
<body style="margin:0"><div id="map" style="width:1000px;height:620px"></div>
<script type="module">
const script = %(script)s, messages = %(messages)s;
const bytes = (text) => {
  const raw = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new DataView(raw.buffer);
};
const values = {}, listeners = {};
const model = {
  get: (name) => values[name],
  set: (name, value) => {
    values[name] = value;
    for (const one of listeners[`change:${name}`] ?? []) one();
  },
  save_changes() {}, off() {},
  on: (event, one) => { (listeners[event] ??= []).push(one); },
};
const take = (message, set) => {
  for (const [name, value] of Object.entries(message)) {
    set(name, value?.bytes === undefined ? value : bytes(value.bytes));
  }
};
take(messages[0], (name, value) => { values[name] = value; });
const blob = new Blob([script], { type: "text/javascript" });
const { default: widget } = await import(URL.createObjectURL(blob));
widget.render({ model, el: document.getElementById("map") });
let at = 0;
setInterval(() => { at = (at + 1) %% messages.length; take(messages[at], model.set); }, 200);
window.frames_of = (layers, ms) => new Promise((done) => {
  model.set("layers", layers);
  model.set("measure", layers.includes("flows") ? "people" : "");
  setTimeout(() => {
    let count = 0;
    const begun = performance.now();
    const tick = () => {
      count += 1;
      if (performance.now() - begun < ms) requestAnimationFrame(tick);
      else done((1000 * count) / (performance.now() - begun));
    };
    requestAnimationFrame(tick);
  }, 1000);
});
window.is_ready = true;
</script>
"""


def main() -> int:
    """Measure, print, and return whether a limit was missed."""
    told = _arguments()
    figures = {"citizens": told.citizens, "crowd": told.crowd, **_frames(told)}
    missed = [name for name, limit in LIMITS.items() if figures[name] < limit]
    text = json.dumps({**figures, "limits": LIMITS, "missed": missed}, indent=2)
    print(text)
    if told.out is not None:
        told.out.write_text(f"{text}\n", encoding="utf-8")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--citizens", type=int, default=10_000)
    parser.add_argument("--crowd", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--browser", default=_BROWSER)
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--picture", type=Path, default=None)
    parser.add_argument("--dark", action="store_true")
    return parser.parse_args()


def _frames(told: argparse.Namespace) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    messages = _messages(told.citizens, told.crowd)
    script = (Path(canvas_module.__file__).parent / "citycanvas.js").read_text(encoding="utf-8")
    parts = {"script": json.dumps(script), "messages": json.dumps(messages)}
    text = _PAGE % {name: one.replace("</", "<\\/") for name, one in parts.items()}
    with TemporaryDirectory() as home, sync_playwright() as driver:
        file = Path(home) / "map.html"
        file.write_text(text, encoding="utf-8")
        browser = driver.chromium.launch(executable_path=told.browser, args=_FLAGS)
        scheme: Literal["dark", "light"] = "dark" if told.dark else "light"
        page = browser.new_page(viewport={"width": 1000, "height": 620}, color_scheme=scheme)
        page.goto(file.as_uri())
        page.wait_for_function("window.is_ready === true")
        asked = "([layers, ms]) => frames_of(layers, ms)"
        figures = {
            f"{name}_fps": round(page.evaluate(asked, [shown, 1000 * told.seconds]), 1)
            for name, shown in LAYERS.items()
        }
        if told.picture is not None:
            page.screenshot(path=str(told.picture))
        browser.close()
    return figures


def _messages(citizens: int, crowd: int) -> list[dict[str, Any]]:
    """Return the first state of the map, and what each of some steps changes."""
    city = City.for_people(max(citizens, crowd))
    people = Population.synthesize(citizens, city=city, rng=7)
    model = CityModel(city, people, rng=7, crowd=Crowd(crowd) if crowd else None)
    while model.minute < _BEGINS_MIN:
        model.step()
    box, rendered = solara.render(CityMap(model), handle_error=False)
    canvas = box.children[0] if not isinstance(box, CityCanvas) else box
    canvas.measure, canvas.layers = "people", LAYERS["all"]
    names = list(CityCanvas.class_own_traits(sync=True))
    names = [name for name in names if not name.startswith("_")]
    before: dict[str, Any] = {}
    messages = []
    for _ in range(_STEPS):
        now = {name: getattr(canvas, name) for name in names}
        messages.append({name: _plain(one) for name, one in now.items() if one != before.get(name)})
        before = now
        model.step()
        rendered.render(CityMap(model))
    rendered.close()
    return messages


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    return {"bytes": b64encode(value).decode("ascii")} if isinstance(value, bytes) else value


if __name__ == "__main__":
    sys.exit(main())
