"""Progress of a run: a bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

__all__ = ["RUN", "Bar", "Lines", "Pace", "Progress", "progress_on"]

RUN = "run"
"""Unit of a sweep, each step of which is a run."""

_LINES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How far a run is, and how fast it goes.

    Parameters
    ----------
    done, total : int
        Number of steps, so far and in all.
    steps_per_day : int
        Steps in 24 simulated hours.
    elapsed_s : float
        Seconds since the first step.
    spent : str, default ""
        Calls, tokens and money of the language model so far.
    before : int, default 0
        How many of the steps `done` were lived before the run went on from a save.
    unit : str, default "day"
        What `steps_per_day` steps are called, such as "month" where a step is a month, and `RUN`
        in a sweep.

    Examples
    --------
    >>> print(Pace(done=144, total=576, steps_per_day=288, elapsed_s=0.4))
    day 1/2, step 144/576, 360 steps/s, 0:01 left
    """

    done: int
    total: int
    steps_per_day: int
    elapsed_s: float
    spent: str = ""
    before: int = 0
    unit: str = "day"

    @property
    def day(self) -> int:
        """The current day, 1 for the first."""
        return min(self.done // self.steps_per_day + 1, self.days)

    @property
    def days(self) -> int:
        """Number of days."""
        return -(-self.total // self.steps_per_day)

    @property
    def steps_per_s(self) -> float:
        """Steps per second so far."""
        return (self.done - self.before) / self.elapsed_s if self.elapsed_s > 0 else 0.0

    def left(self) -> str:
        """Return the time that the remaining steps will take at this pace, as m:ss."""
        if not self.steps_per_s:
            return "?"
        minutes, seconds = divmod(round((self.total - self.done) / self.steps_per_s), 60)
        return f"{minutes}:{seconds:02d}"

    def __str__(self) -> str:
        """Return day, step, rate, time left, and what has been spent."""
        spent = f", {self.spent}" if self.spent else ""
        if self.unit == RUN:
            per_min = 60.0 * self.steps_per_s
            return f"{self.done}/{self.total} runs, {per_min:.1f}/min, {self.left()} left{spent}"
        return (
            f"{self.unit} {self.day}/{self.days}, step {self.done}/{self.total}, "
            f"{self.steps_per_s:.0f} steps/s, {self.left()} left{spent}"
        )


class Progress:
    """Counts the steps of a run and shows nothing; subclasses show them.

    Examples
    --------
    >>> with Progress() as progress:
    ...     progress.begin(days=1, steps_per_day=288)
    ...     progress.advance()
    """

    def __init__(self) -> None:
        self._done = self._total = self._steps_per_day = 0
        self._unit = "day"
        self._began_s, self._done_before = 0.0, 0
        self._spent: Callable[[], object] | None = None

    def begin(
        self,
        *,
        days: int,
        steps_per_day: int,
        done: int = 0,
        spent: Callable[[], object] | None = None,
        unit: str = "day",
    ) -> None:
        """Start counting.

        Parameters
        ----------
        days, steps_per_day : int
            Length of the run.
        done : int, default 0
            Steps that were lived before, by the save that the run goes on from.
        spent : callable, optional
            Returns what has been spent so far, to be shown as well.
        unit : str, default "day"
            What the `days` are called, if they are others.
        """
        self._done = self._done_before = done
        self._total = days * steps_per_day
        self._steps_per_day = steps_per_day
        self._began_s = perf_counter()
        self._spent = spent
        self._unit = unit

    def advance(self) -> None:
        """Count a step."""
        self._done += 1

    def say(self, text: str) -> None:
        """Report something besides the steps."""

    def agree(self, question: str) -> bool:  # noqa: ARG002 - nobody is there to answer
        """Ask at the terminal; without one the answer is yes."""
        return True

    @property
    def pace(self) -> Pace:
        """How far the run is."""
        return Pace(
            done=self._done,
            total=self._total,
            steps_per_day=self._steps_per_day,
            elapsed_s=perf_counter() - self._began_s,
            before=self._done_before,
            spent="" if self._spent is None else str(self._spent()),
            unit=self._unit,
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Restore the terminal."""


class Lines(Progress):
    """Writes a line at each tenth of the run.

    Parameters
    ----------
    stream : TextIO
        Stream to write to.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def advance(self) -> None:
        """Count a step, and write a line if it completes a tenth of the run."""
        before = self._done * _LINES // self._total
        super().advance()
        if self._done * _LINES // self._total > before:
            self.say(str(self.pace))

    def say(self, text: str) -> None:
        """Write a line."""
        self._stream.write(f"{text}\n")
        self._stream.flush()


class Bar(Progress):
    """Draws a bar on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._bar = _rich_bar(stream)
        self._task = self._bar.add_task("", total=None)

    def begin(
        self,
        *,
        days: int,
        steps_per_day: int,
        done: int = 0,
        spent: Callable[[], object] | None = None,
        unit: str = "day",
    ) -> None:
        """Start counting."""
        super().begin(days=days, steps_per_day=steps_per_day, done=done, spent=spent, unit=unit)
        self._bar.update(self._task, total=self._total, completed=done)

    def advance(self) -> None:
        """Count a step and move the bar."""
        super().advance()
        self._bar.update(self._task, completed=self._done, description=str(self.pace))

    def say(self, text: str) -> None:
        """Write beside the bar."""
        self._bar.update(self._task, description=text)

    def agree(self, question: str) -> bool:
        """Ask, with the bar out of the way, if somebody can answer."""
        if not sys.stdin.isatty():
            return True
        self._bar.stop()
        answer = self._bar.console.input(f"{question} [y/N] ")
        self._bar.start()
        return answer.strip().lower() in {"y", "yes"}

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the bar, and leave it on the terminal."""
        self._bar.stop()


def _rich_bar(stream: TextIO) -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.description}"),
    )
    return RichProgress(*columns, console=Console(file=stream))


def progress_on(stream: TextIO | None = None, *, quiet: bool = False) -> Progress:
    """Return the kind of progress that suits a stream.

    Parameters
    ----------
    stream : TextIO, optional
        Stream to write to; standard error by default.
    quiet : bool, default False
        Whether to report nothing at all.
    """
    output = sys.stderr if stream is None else stream
    if quiet:
        return Progress()
    return Bar(output) if output.isatty() else Lines(output)
