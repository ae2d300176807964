"""How many more questions a thought is going to ask, learnt from the thoughts before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

__all__ = ["ChainLengths"]

_Kind: TypeAlias = tuple[str, int]
"""Purpose of a question, and how many the thought had asked before."""


class ChainLengths:
    """Mean number of questions that follow on a question, by its purpose and turn.

    A thought asks one question after another. Where only some requests may be under way, the
    last thought is done soonest if those with the most questions ahead go first. How many
    there are is not known, but questions of one purpose and turn have about as many.

    Examples
    --------
    >>> lengths = ChainLengths()
    >>> for turn in range(3):
    ...     lengths.note(0, "plan", turn)
    >>> lengths.note(1, "greet", 0)
    >>> lengths.expected("plan", 0), lengths.expected("plan", 1), lengths.expected("greet", 0)
    (2.0, 1.0, 0.0)
    """

    __slots__ = ("_asked", "_followed", "_open")

    def __init__(self) -> None:
        self._asked: dict[_Kind, int] = {}
        self._followed: dict[_Kind, int] = {}
        self._open: dict[int, list[_Kind]] = {}

    def note(self, ticket: int, purpose: str, turn: int) -> None:
        """Count a question, also among those that follow on the thought's earlier ones.

        Parameters
        ----------
        ticket : int
            Number of the thought among those under way.
        purpose : str
            What the question is about.
        turn : int
            Number of questions that the thought has asked before; with 0 a thought begins.
        """
        if turn == 0:
            self._open.pop(ticket, None)
        before = self._open.setdefault(ticket, [])
        for kind in before:
            self._followed[kind] = self._followed.get(kind, 0) + 1
        before.append((purpose, turn))
        self._asked[purpose, turn] = self._asked.get((purpose, turn), 0) + 1

    def expected(self, purpose: str, turn: int) -> float:
        """Return how many questions follow on one in the mean so far; 0 for a new kind."""
        kind = (purpose, turn)
        return self._followed.get(kind, 0) / self._asked[kind] if kind in self._asked else 0.0

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what has been learnt; thoughts under way end with their process."""
        return {"asked": self._asked, "followed": self._followed}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take over what had been learnt."""
        self._asked, self._followed, self._open = state["asked"], state["followed"], {}
