"""The last run of each browser, so that a page of a model shows it again when it is reloaded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

import solara

from mesa_llm_city.core.errors import CityError

__all__ = ["LastRun", "LastRuns", "use_run"]

_MOST = 8

Course = TypeVar("Course")


@dataclass(slots=True)
class LastRun(Generic[Course]):
    """The run that a browser has begun last.

    Attributes
    ----------
    options : mapping or None
        Options of the run; None before there is one.
    course : Course or None
        The run; None before there is one, and if the options are impossible.
    trouble : str
        Why there is none; empty if there is one.
    """

    options: Mapping[str, Any] | None = None
    course: Course | None = None
    trouble: str = ""


class LastRuns(Generic[Course]):
    """The last runs of the browsers that use a server.

    Parameters
    ----------
    most : int, default 8
        How many are kept; those of browsers that were not seen for longest go.

    Examples
    --------
    >>> runs = LastRuns(most=1)
    >>> first = runs.of("one browser")
    >>> runs.of("one browser") is first
    True
    >>> runs.of("another") is first, runs.of("one browser") is first
    (False, False)
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most, self._lock = most, Lock()
        self._runs: OrderedDict[str, LastRun[Course]] = OrderedDict()

    def of(self, browser: str) -> LastRun[Course]:
        """Return the last run of a browser; an empty one for a browser that is new.

        Parameters
        ----------
        browser : str
            What tells it from others, such as a cookie.
        """
        with self._lock:
            found = self._runs.setdefault(browser, LastRun())
            self._runs.move_to_end(browser)
            while len(self._runs) > self._most:
                self._runs.popitem(last=False)
            return found


def use_run(
    make: Callable[[Mapping[str, Any]], Course],
    given: Mapping[str, Any],
    last: LastRun[Course] | None,
) -> tuple[LastRun[Course], Callable[[Mapping[str, Any]], None]]:
    """Return the run of a page and what begins another one, inside a component.

    Parameters
    ----------
    make : callable
        Returns a run at its start from options.
    given : mapping
        Options of the first run.
    last : LastRun, optional
        The last run of the browser, which is shown if there is one; a run of the page's own by
        default.
    """
    run: LastRun[Course] = solara.use_memo(lambda: last or LastRun(), [])
    _, redraw = solara.use_state(0)

    def begin(options: Mapping[str, Any]) -> None:
        _begin(run, make, options)
        # Equal options begin a new run as well.
        redraw(lambda count: count + 1)

    if run.options is None:
        _begin(run, make, given)
    return run, begin


def _begin(
    run: LastRun[Course],
    make: Callable[[Mapping[str, Any]], Course],
    options: Mapping[str, Any],
) -> None:
    course, trouble = None, ""
    try:
        course = make(options)
    except CityError as error:
        trouble = str(error)
    run.options, run.course, run.trouble = dict(options), course, trouble
