"""Models of one number for the tests of sweeps, in a module that worker processes can import."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import mesa
from pydantic import BaseModel

from mesa_llm_city.core.asking import Backend, ask, run


class Counter(mesa.Model):
    """Counts to a thousand in random steps; may fail, or kill its process.

    Parameters
    ----------
    start : int
        What it begins with.
    fail : str
        ``"error"`` raises, ``"kill"`` ends the process, ``"kill once"`` does so once.
    mark : str
        File that tells whether it was killed before.
    town : list of str, optional
        What was prepared.
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
        self.process = os.getpid()
        if fail == "error":
            message = f"cannot count from {start}\nmore about it"
            raise ValueError(message)
        if fail == "kill" or (fail == "kill once" and not Path(mark).exists()):
            Path(mark or os.devnull).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        self.datacollector = mesa.DataCollector({"count": "count", "town": "town"})

    def step(self) -> None:
        """Count on."""
        self.count += int(self.rng.integers(1, 100))
        self.datacollector.collect(self)
        self.running = self.count < 1000


class Vote(BaseModel):
    """An answer."""

    reason: str
    choice: int


class Voters(mesa.Model):
    """Asks a language model a question for each of some people.

    Parameters
    ----------
    llm : Backend
        The language model.
    people : int
        How many.
    """

    def __init__(self, llm: Backend, people: int = 5, ward: int = 0, rng: int = 0) -> None:
        super().__init__(rng=rng)
        self.votes = 0
        for person in range(people):
            topic = f"{ward}/{rng}/{person}"
            vote = run(ask("vote", Vote, heard=[topic]), backend=llm, person=person)
            self.votes += vote.choice
        self.datacollector = mesa.DataCollector({"votes": "votes"})

    def step(self) -> None:
        """End."""
        self.datacollector.collect(self)
        self.running = False


def town(places: int = 3) -> list[str]:
    """Return a town, and note in a file that it was made, by whom."""
    if note := os.environ.get("TOWN_NOTES"):
        with Path(note).open("a") as file:
            file.write(f"{os.getpid()}\n")
    return ["town", str(places)]
