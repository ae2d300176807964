"""How far a step has come, for those who watch a model from outside."""

from __future__ import annotations

__all__ = ["StepProgress"]

_PARTS = 3  # a thought begins, it ends, and the person acts


class StepProgress:
    """Counts the thoughts and acts of those who are due in a step.

    In its first step a model plans the day of everybody, which takes seconds with ten thousand
    people, and longer when a language model is asked.

    Attributes
    ----------
    due : int
        How many people live in the present round of the step.
    begun, thought, acted : int
        How many of them have begun to think, have thought, and have acted.

    Examples
    --------
    >>> progress = StepProgress()
    >>> progress.expect(2)
    >>> progress.begun = 2
    >>> progress.thought = 1
    >>> progress.share
    0.5
    """

    __slots__ = ("acted", "begun", "due", "thought")

    def __init__(self) -> None:
        self.due = self.begun = self.thought = self.acted = 0

    def expect(self, people: int) -> None:
        """Begin a round of a step.

        Parameters
        ----------
        people : int
            How many people are due in it.
        """
        self.due, self.begun, self.thought, self.acted = people, 0, 0, 0

    @property
    def share(self) -> float:
        """How much of the round is done, in [0, 1]; 1 if nobody is due."""
        if not self.due:
            return 1.0
        return min((self.begun + self.thought + self.acted) / (_PARTS * self.due), 1.0)
