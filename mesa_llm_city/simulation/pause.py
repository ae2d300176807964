"""A pause between two citizens: what runs a model from outside can hold it up there."""

from __future__ import annotations

from threading import Event

from mesa_llm_city.core.errors import CityError

__all__ = ["Pause", "StepAbortedError"]


class StepAbortedError(CityError):
    """A step was aborted at a pause."""


class Pause:
    """Holds a model up between two citizens while it is on; it is off at first.

    A copy, such as a pickled model has, is a pause of its own, off.

    Examples
    --------
    >>> pause = Pause()
    >>> pause.wait()
    >>> pause.abort()
    >>> pause.wait()
    Traceback (most recent call last):
        ...
    mesa_llm_city.simulation.pause.StepAbortedError: the step was aborted before its end; ...
    """

    __slots__ = ("_aborted", "_off")

    def __init__(self) -> None:
        self._off = Event()
        self._off.set()
        self._aborted = False

    def __reduce__(self) -> tuple[type[Pause], tuple[()]]:
        """Pickle as a pause that is off."""
        return Pause, ()

    @property
    def is_on(self) -> bool:
        """Whether the model has to wait."""
        return not self._off.is_set()

    def begin(self) -> None:
        """Have the model wait before the next citizen acts."""
        self._off.clear()

    def end(self) -> None:
        """Let the model go on, also one whose step was aborted."""
        self._aborted = False
        self._off.set()

    def abort(self) -> None:
        """Have the model abort its step before the next citizen acts, who is still due then."""
        self._aborted = True
        self._off.set()

    def wait(self) -> None:
        """Wait until the pause is off.

        Raises
        ------
        StepAbortedError
            If the step was aborted.
        """
        if not self._off.is_set():  # asked first, since waiting takes a lock
            self._off.wait()
        if self._aborted:
            message = "the step was aborted before its end; end the pause and step again"
            raise StepAbortedError(message)
