"""A Mesa model that can step again after a step that failed."""

from __future__ import annotations

from typing import Any

import mesa

from mesa_llm_city.core.errors import CityError

__all__ = ["ResumableModel"]


class ResumableModel(mesa.Model):
    """A model whose failed steps are told, and do not end it.

    From its line 3.5 on, Mesa plans each step at the end of the one before. An exception in
    between would leave nothing planned: every later call of ``step`` would let time pass
    and do nothing, without a word. Here Mesa's step always comes to its end, and what went
    wrong inside is raised after it. Subclasses define ``step`` as for any `mesa.Model`.
    What fails inside Mesa's ``run_for`` is raised at once, and ends the model as Mesa has it;
    a later ``step`` says so.

    Parameters
    ----------
    *args, **named
        As `mesa.Model` takes them.

    Examples
    --------
    >>> class Fragile(ResumableModel):
    ...     lived = 0
    ...     def step(self):
    ...         if self.steps == 1:
    ...             raise RuntimeError("no answer")
    ...         self.lived += 1
    >>> model = Fragile(rng=1)
    >>> model.step()
    Traceback (most recent call last):
    RuntimeError: no answer
    >>> model.step()
    >>> model.lived
    1
    """

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - as Mesa takes them
        self._is_held = self._was_attempted = self._is_stepping = self._is_counting = False
        self._failure: BaseException | None = None
        # Mesa wraps what stands here while it is made; what it makes of it is wrapped in turn.
        self.step = self._attempt  # type: ignore[method-assign]
        super().__init__(*args, **named)
        self._count_and_attempt = self.step
        self.step = self._step_or_raise  # type: ignore[method-assign]

    @property
    def is_stepping(self) -> bool:
        """Whether a step is under way."""
        return self._is_stepping

    def check_between_steps(self, what: str) -> None:
        """Raise a CityError if a step is under way, in which the model cannot be kept.

        Parameters
        ----------
        what : str
            What was to be done to the model, such as ``"saved"``.
        """
        if self._is_stepping:
            message = (
                f"the model is in the middle of step {self.steps} and cannot be {what} now; "
                "do it between two steps"
            )
            raise CityError(message)

    def count_steps(self, steps: int) -> None:
        """Let Mesa count up to a number of steps, in which nothing happens.

        Parameters
        ----------
        steps : int
            What ``steps`` is afterwards, and ``time`` where this line of Mesa has it.
        """
        self._is_counting = True
        try:
            while self.steps < steps:
                self._count_and_attempt()
        finally:
            self._is_counting = False

    def _attempt(self) -> None:
        if self._is_counting:
            return
        self._was_attempted = self._is_stepping = True
        try:
            type(self).step(self)
        except BaseException as failure:
            # Called by something else than `step`, such as `run_for`, nobody would raise it.
            if not self._is_held:
                raise
            self._failure = failure
        finally:
            self._is_stepping = False

    def _step_or_raise(self) -> None:
        self._is_held, self._was_attempted = True, False
        try:
            self._count_and_attempt()
        finally:
            self._is_held = False
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        if not self._was_attempted:
            message = (
                "Mesa has no step planned any more, since one failed inside run_for or run_until; "
                "make a new model, and call step, after which a model can go on"
            )
            raise CityError(message)
