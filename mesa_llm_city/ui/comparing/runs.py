"""A run of a page, what it has in common with another one, and what was done to it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.saving import Snapshot
from mesa_llm_city.ui.comparing.done import Done, left_over
from mesa_llm_city.ui.views.protocols import view_of
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    from pathlib import Path

    from mesa_llm_city.simulation.interventions import Intervention
    from mesa_llm_city.ui.page.runner import Runner

__all__ = [
    "Ancestor",
    "ForkedRun",
    "Parting",
    "differing_options",
    "done_alone",
    "parting",
]

_FORK = "fork"


class Ancestor(NamedTuple):
    """A run that another one has been until a moment.

    Attributes
    ----------
    number : int
        Number of that run.
    minute : int
        Minute until which both are the same run, in minutes since its start.
    moment : Snapshot
        The model at that minute.
    heir : int
        Number of the run that has gone on from there; of several at one minute, the smallest
        was there first.
    """

    number: int
    minute: int
    moment: Snapshot
    heir: int

    @property
    def order(self) -> tuple[int, int]:
        """What is less the earlier it was."""
        return self.minute, self.heir


class Parting(NamedTuple):
    """Where two runs have parted.

    Attributes
    ----------
    minute : int
        Minute since the start; 0 for runs that do not come from one another.
    moment : Snapshot or None
        The model at that minute, if it is known.
    """

    minute: int
    moment: Snapshot | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForkedRun:
    """A run that a page can show.

    Parameters
    ----------
    name : str
        Its name.
    city : CityModel or Replay
        What runs.
    runner : Runner, optional
        What runs it; None for a run whose page has a runner of its own.
    parent : str
        Name of the run that it was forked from; empty for one that was not.
    minute : int
        Minute at which it was forked; 0 for one that was not.
    moment : Snapshot, optional
        The run that it was forked from, at that minute; it takes memory (see `moment_mb`).
    number : int
        Number of the run on its page; later ones have larger numbers.
    ancestors : tuple of Ancestor
        The runs that it has been before it was forked.
    done : tuple of Done
        What was done to a finished run, by options or by hand.
    options : mapping of str to object
        Options of a finished run by name.
    folder : Path, optional
        Folder of a finished run.
    hidden_rows : int
        How many rows of a crowd a finished run has that are not shown.
    """

    name: str
    city: CityModel | Replay
    runner: Runner | None = None
    parent: str = ""
    minute: int = 0
    moment: Snapshot | None = None
    number: int = 0
    ancestors: tuple[Ancestor, ...] = ()
    done: tuple[Done, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None
    hidden_rows: int = 0

    @property
    def moment_mb(self) -> float:
        """Memory that the moment of forking takes, in megabytes (10**6 bytes); 0 without one."""
        return 0.0 if self.moment is None else self.moment.megabytes

    def lineage(self, moment: Snapshot, heir: int) -> tuple[Ancestor, ...]:
        """Return the ancestors of a run that is forked from this one now.

        Parameters
        ----------
        moment : Snapshot
            This run as it is now.
        heir : int
            Number of that run.
        """
        return (Ancestor(self.number, moment.minute, moment, heir), *self.ancestors)


def parting(one: ForkedRun, other: ForkedRun) -> Parting:
    """Return where two runs have parted.

    Parameters
    ----------
    one, other : ForkedRun
        Two runs of a page.
    """
    mine, theirs = _ends_of(one), _ends_of(other)
    ends = [[*mine[number], *theirs[number]] for number in mine.keys() & theirs.keys()]
    common = [min(left, key=lambda end: end.order) for left in ends if left]
    if not common:
        return Parting(0, None)
    # Of the runs that both have been, the one that both have left last.
    last = max(common, key=lambda end: end.order)
    return Parting(last.minute, last.moment)


def _ends_of(run: ForkedRun) -> dict[int, list[Ancestor]]:
    """Return where a run has left each run that it has been; nowhere, for itself."""
    left: dict[int, list[Ancestor]] = {run.number: []}
    for one in run.ancestors:
        left[one.number] = [one]
    return left


def done_alone(run: ForkedRun, other: ForkedRun) -> tuple[Done, ...]:
    """Return what was done to a run, and not to another one (see `left_over`).

    Parameters
    ----------
    run : ForkedRun
        The run.
    other : ForkedRun
        The run that it is compared with.
    """
    return left_over(_done(run), _done(other), view_of(run.city))


def _done(run: ForkedRun) -> tuple[Done, ...]:
    """Return what was done to a run: given in a list, and by hand."""
    if not isinstance(run.city, CityModel):
        return run.done
    acts = [Done(one.minute, one.kind, one.what) for one in run.city.acts if one.kind != _FORK]
    by_hand = [one.what for one in acts]
    given = [Done(0, one.kind, _table(one)) for one in run.city.intervention_schedule.items]
    return (*(one for one in given if one.what not in by_hand), *acts)


def _table(one: Intervention) -> Mapping[str, Any]:
    """Return an intervention as plain values, or as it is if it holds a function."""
    try:
        return one.to_dict()
    except ConfigError:
        return {field.name: getattr(one, field.name) for field in fields(one)}


def differing_options(run: ForkedRun, other: ForkedRun) -> dict[str, tuple[Any, Any]]:
    """Return options in which two finished runs differ: of the one, and of the other.

    Parameters
    ----------
    run, other : ForkedRun
        The runs.

    Returns
    -------
    dict of str to (object, object)
        By name; None where a run has no such option. Empty for live runs, which have the same.
    """
    names = [*run.options, *(name for name in other.options if name not in run.options)]
    both = {name: (run.options.get(name), other.options.get(name)) for name in names}
    return {name: values for name, values in both.items() if values[0] != values[1]}
