"""A run of a model of migration beside the same run without policies, year by year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.migration.story import Considered, Drivers, MigrationRun, Moved, Region

__all__ = ["EVERYBODY", "MigrationCourse", "Year"]

EVERYBODY = "everybody"
"""Name of the grouping that has one group, and of that group."""


class Year(NamedTuple):
    """What a page shows of a year.

    Attributes
    ----------
    population : mapping of str to int
        People in each region at its end, by name.
    moves : tuple of Moved
        Moves within it.
    considered : tuple of Considered
        Decisions within it.
    shares : mapping of str to mapping of str to float
        Share at home of each group at its end, by grouping.
    control : float
        Share at home of everybody in the same run without policies.
    cost : float
        What policies cost in it, in RMB.
    levers : mapping of str to float
        Levers of policy at its end.
    """

    population: Mapping[str, int]
    moves: tuple[Moved, ...]
    considered: tuple[Considered, ...]
    shares: Mapping[str, Mapping[str, float]]
    control: float
    cost: float
    levers: Mapping[str, float]

    @property
    def share(self) -> float:
        """Share of everybody at home."""
        return self.shares[EVERYBODY][EVERYBODY]


class MigrationCourse:
    """A run and its control, from any thread.

    Both have the same seed, hence the same people and random numbers, so that they differ by the
    policies only.

    Parameters
    ----------
    make : callable
        Makes the run; takes levers by name, and ``seed`` for another seed than its own.
    levers : mapping of str to float
        Levers of the run at first; those of the control are 0.

    Attributes
    ----------
    run : MigrationRun
        The run.
    control : MigrationRun
        The same without policies.
    regions : tuple of Region
        All places.
    """

    def __init__(self, make: Callable[..., MigrationRun], levers: Mapping[str, float]) -> None:
        self._make, self._pulls = make, [(0, dict(levers))]
        self._now = dict(levers)
        self.run, self.control = make(**levers), make(**dict.fromkeys(levers, 0.0))
        self.regions: tuple[Region, ...] = tuple(self.run.regions())
        self._lock = Lock()
        self._years = [self._seen(begun=False)]

    @property
    def running(self) -> bool:
        """Whether the end is not reached yet."""
        return self.run.year < self.run.years

    @property
    def years(self) -> Sequence[Year]:
        """The start, and each year that has been simulated."""
        return tuple(self._years)

    @property
    def reached(self) -> int:
        """Number of years that have been simulated."""
        return len(self._years) - 1

    @property
    def levers(self) -> Mapping[str, float]:
        """Levers of the run as they stand."""
        return dict(self._now)

    @property
    def has_policy(self) -> bool:
        """Whether any lever has been above 0."""
        return any(value > 0.0 for _, one in self._pulls for value in one.values())

    def step(self) -> None:
        """Let a year pass in both runs."""
        with self._lock:
            if self.running:
                self.run.step()
                self.control.step()
                self._years.append(self._seen(begun=True))

    def pull(self, **levers: float) -> None:
        """Set levers of the run; they act from the next year on.

        Raises
        ------
        ConfigError
            If there is no such lever.
        """
        if unknown := sorted(set(levers) - set(self._now)):
            message = f"there is no lever {unknown[0]}; there are {', '.join(self._now)}"
            raise ConfigError(message)
        with self._lock:
            for name, value in levers.items():
                self.run.set_lever(name, float(value))
                self._now[name] = float(value)
            self._pulls.append((self.run.year, dict(self._now)))

    def drivers(self, year: int, key: int) -> Drivers | None:
        """Return what drove the decision of a household in a year; None if that is not known."""
        with self._lock:
            return self.run.drivers(year, key)

    def effect(self, seed: int, years: int | None = None) -> list[float]:
        """Return share at home with policies less share without, year by year, by another seed.

        Parameters
        ----------
        seed : int
            Seed of both runs.
        years : int, optional
            Number of years; by default those that have been simulated here.
        """
        last = self.reached if years is None else years
        first = self._pulls[0][1]
        run, control = (
            self._make(seed=seed, **first),
            self._make(seed=seed, **dict.fromkeys(first, 0.0)),
        )
        change = [_share(run) - _share(control)]
        for year in range(last):
            for when, levers in self._pulls:
                if when == year:
                    for name, value in levers.items():
                        run.set_lever(name, value)
            run.step()
            control.step()
            change.append(_share(run) - _share(control))
        return change

    def _seen(self, *, begun: bool) -> Year:
        return Year(
            population=dict(self.run.population()),
            moves=tuple(self.run.moves()) if begun else (),
            considered=tuple(self.run.considered()) if begun else (),
            shares={name: dict(groups) for name, groups in self.run.shares().items()},
            control=_share(self.control),
            cost=self.run.cost() if begun else 0.0,
            levers=dict(self._now),
        )


def _share(run: MigrationRun) -> float:
    return run.shares()[EVERYBODY][EVERYBODY]
