"""Draw a component anew whenever a run has changed."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mesa_llm_city.ui.page.drawing_progress import DrawingProgress
from mesa_llm_city.ui.page.runner import Runner

__all__ = ["use_redrawing"]


def _always() -> bool:
    return True


def use_redrawing(
    runner: Runner | None,
    drawn: solara.Reactive[int],
    *,
    is_due: Callable[[], bool] = _always,
) -> None:
    """Have a component drawn anew whenever a run has changed, inside the component.

    Parameters
    ----------
    runner : Runner or None
        What runs it; None for what nobody runs.
    drawn : solara.Reactive of int
        Counted up for each redraw (see `redraws`).
    is_due : callable, optional
        Tells whether a change is to be drawn; by default each is.
    """
    progress = solara.use_memo(DrawingProgress, [runner])
    count, seen = drawn.get(), None if runner is None else runner.moment

    def draw() -> None:
        if is_due():
            wanted = drawn.peek() + 1
            progress.ask(wanted)
            drawn.set(wanted)

    def follow() -> Callable[[], None] | None:
        if runner is None:
            return None
        stop = runner.listen(draw, progress.wait)
        # A step may be made as soon as there is a button, which is before this.
        if runner.moment != seen:
            draw()

        def leave() -> None:
            stop()
            progress.end()

        return leave

    solara.use_effect(follow, [runner])
    solara.use_effect(lambda: progress.reach(count), [count])
