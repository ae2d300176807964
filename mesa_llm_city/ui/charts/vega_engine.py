"""What draws the charts of a page: Vega and Vega-Lite, sent to each browser once."""

from __future__ import annotations

from pathlib import Path

import anywidget
import solara

__all__ = ["VegaEngine", "vega_engine"]


class VegaEngine(anywidget.AnyWidget):
    """Vega 6 and Vega-Lite 6, which charts of the same page draw with; it shows nothing itself."""

    _esm = Path(__file__).with_name("vega_engine.js")


def _no_engine() -> VegaEngine | None:
    return None


# Each browser has a value of its own, which goes when it is gone; a notebook has one.
_ENGINE = solara.reactive(_no_engine())


def vega_engine() -> VegaEngine:
    """Return the engine of this browser or notebook, the same at each call.

    A chart is drawn where the engine is shown too, anywhere on the page: the script of 0.8 MB is
    then sent once, however many charts there are.
    """
    engine: VegaEngine | None = _ENGINE.peek()
    if engine is None or engine.comm is None:
        engine = VegaEngine()
        _ENGINE.set(engine)
    return engine
