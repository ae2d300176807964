"""A gate between citizens: whoever runs a model from outside can stop it there."""

from __future__ import annotations

from threading import Event

from mesa_llm_city.core.errors import CityError

__all__ = ["Gate", "StepAbortedError"]


class StepAbortedError(CityError):
    """A step was broken off at the gate."""


class Gate:
    """Lets a model pass while it is open; it is open at first.

    A copy, such as a pickled model has, is a gate of its own, open.

    Examples
    --------
    >>> gate = Gate()
    >>> gate.pass_through()
    >>> gate.leave()
    >>> gate.pass_through()
    Traceback (most recent call last):
        ...
    mesa_llm_city.simulation.pause.StepAbortedError: the step was left before its end; ...
    """

    __slots__ = ("_left", "_open")

    def __init__(self) -> None:
        self._open = Event()
        self._open.set()
        self._left = False

    def __reduce__(self) -> tuple[type[Gate], tuple[()]]:
        """Pickle as an open gate."""
        return Gate, ()

    @property
    def is_open(self) -> bool:
        """Whether the model may pass."""
        return self._open.is_set()

    def close(self) -> None:
        """Have the model wait before the next citizen acts."""
        self._open.clear()

    def open(self) -> None:
        """Let the model go on, also one that was left."""
        self._left = False
        self._open.set()

    def leave(self) -> None:
        """Have the model break off its step at the gate; who has not acted is still due."""
        self._left = True
        self._open.set()

    def pass_through(self) -> None:
        """Wait until the gate is open.

        Raises
        ------
        StepAbortedError
            If the step was left.
        """
        self._open.wait()
        if self._left:
            message = "the step was left before its end; open the gate to step again"
            raise StepAbortedError(message)
