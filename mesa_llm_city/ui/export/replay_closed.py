"""What a replay in one file knows of closures: what was closed, each time that changed."""

from __future__ import annotations

from typing import Any

import numpy as np

from mesa_llm_city.ui.export.html_minds import packed
from mesa_llm_city.ui.map.canvas import Frame
from mesa_llm_city.ui.map.closed import closed_now, closed_traits
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["replay_closed"]


def replay_closed(replay: Replay, frame: Frame) -> list[dict[str, Any]]:
    """Return what was closed, as the page of the file hatches it.

    Parameters
    ----------
    replay : Replay
        The run; it is left at its end.
    frame : Frame
        Frame of the map.

    Returns
    -------
    list of dict
        By time: ``minute`` from which it holds until the next one; ``rings`` of areas, one after
        the other, and ``sizes``, points in each; ``places`` that are closed each by itself.
        Empty if nothing was closed, or if it is not known.
    """
    changes: list[dict[str, Any]] = []
    before: object = ()
    for minute in range(0, replay.end + 1, replay.clock.step_min):
        replay.go_to(minute)
        now = closed_now(replay)
        if now != before:
            changes.append({"minute": minute, **_closed(replay, frame)})
        before = now
    replay.go_to(replay.end)
    return changes


def _closed(replay: Replay, frame: Frame) -> dict[str, Any]:
    traits = closed_traits(frame, replay)
    rings, places = (
        packed(np.frombuffer(traits[name], dtype=np.uint16)) for name in ("closed", "closed_places")
    )
    return {"rings": rings, "sizes": traits["closed_sizes"], "places": places}
