"""Models of one number for the tests of sweeps, and how worker processes get to know them."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import cloudpickle
import mesa
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Backend, ask, run

# Workers cannot import the modules of tests, so classes and functions are sent themselves.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


class Counter(mesa.Model):
    """Counts to a thousand in random steps; may fail, or end its process.

    Parameters
    ----------
    start : int
        What it begins with.
    fail : str
        ``"error"`` raises, ``"kill"`` ends the process, ``"interrupt once"`` is Ctrl-C,
        once.
    mark : str
        File that tells whether that has happened.
    town : list of str, optional
        What was prepared.
    rng : int
        Seed.
    """

    def __init__(
        self,
        start: int = 0,
        fail: str = "",
        mark: str = "",
        town: list[str] | None = None,
        rng: int = 0,
    ) -> None:
        super().__init__(rng=rng)
        self.count = start
        self.town = "" if town is None else "/".join(town)
        if fail == "error":
            message = f"cannot count from {start}\nmore about it"
            raise ValueError(message)
        if fail == "interrupt once" and not Path(mark).exists():
            Path(mark).touch()
            raise KeyboardInterrupt
        if fail == "kill":
            time.sleep(0.5)  # as a run that has lived for a while
            os.kill(os.getpid(), signal.SIGKILL)
        self.datacollector = mesa.DataCollector({"count": "count", "town": "town"})

    def step(self) -> None:
        """Count on."""
        self.count += int(self.rng.integers(1, 100))
        self.datacollector.collect(self)
        self.running = self.count < 1000


class Vote(BaseModel):
    """An answer."""

    reason: str = Field(max_length=80)
    choice: int


class Voters(mesa.Model):
    """Asks a language model a question for each of some people.

    Parameters
    ----------
    llm : Backend
        The language model.
    people : int
        How many.
    ward : int
        What they are asked about.
    rng : int
        Seed.
    """

    def __init__(self, llm: Backend, people: int = 4, ward: int = 0, rng: int = 0) -> None:
        super().__init__(rng=rng)
        self.votes = 0
        for person in range(people):
            question = ask("vote", Vote, heard=[ward, rng])
            self.votes += run(question, backend=llm, person=person).choice
        self.datacollector = mesa.DataCollector({"votes": "votes"})

    def step(self) -> None:
        """End."""
        self.datacollector.collect(self)
        self.running = False


def yes(_: object) -> str:
    """Answer for a language model."""
    return '{"reason": "why not", "choice": 1}'


class Noted:
    """Makes a town, and notes in a file which process has made it.

    Parameters
    ----------
    file : Path
        The file.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self) -> list[str]:
        """Return the town."""
        with self.file.open("a") as file:
            file.write(f"{os.getpid()}\n")
        return ["town"]

    def processes(self) -> list[int]:
        """Return the processes that have made it, as often as they did."""
        return [int(line) for line in self.file.read_text().split()]
