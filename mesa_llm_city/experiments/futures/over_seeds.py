"""Differences of two futures over seeds: of each replicate only what is counted is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.futures.difference import compared, paired_interval
from mesa_llm_city.experiments.futures.first_differences import first_differences
from mesa_llm_city.experiments.futures.lived import lived_of
from mesa_llm_city.experiments.futures.measures import MEASURES, measured
from mesa_llm_city.experiments.futures.replicate import Change, begun_replicate
from mesa_llm_city.experiments.futures.replicate_seeds import seeds_of
from mesa_llm_city.simulation.interventions import read_interventions
from mesa_llm_city.simulation.interventions.acts import Act
from mesa_llm_city.simulation.saving import Snapshot, restored

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["COLUMNS", "ActOrChange", "SeedDifferences", "over_seeds"]

COLUMNS = ("shown", "other")
"""Columns of the means of both futures in `SeedDifferences.measures`."""

_HARMLESS = frozenset({"survey", "fork"})

ActOrChange: TypeAlias = "Act | Change"
"""What was done to a future: an act at its minute, or a change where the futures part."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeedDifferences:
    """What differs between two futures, with intervals over seeds.

    Parameters
    ----------
    names : (str, str)
        Names of the futures; differences are those of the second from the first.
    parted, minute : int
        From when and until when, in minutes since the start of the run.
    seeds : tuple of int
        Seed of each replicate.
    level : float
        Confidence level of the intervals.
    measures : mapping of str to pandas.DataFrame
        Each measure: `COLUMNS` with means over the replicates, ``difference``, and the ends
        ``low`` and ``high`` of its paired-t interval (see `paired_interval`), missing with one
        replicate.
    shares : ndarray of float64, shape (n,)
        Share of the people whose days differ in each replicate, in [0, 1].
    not_repeated : tuple of str
        What was done to either future and could not be done again, in words.
    """

    names: tuple[str, str]
    parted: int
    minute: int
    seeds: tuple[int, ...]
    level: float
    measures: Mapping[str, pd.DataFrame]
    shares: Float
    not_repeated: tuple[str, ...] = ()

    @property
    def share(self) -> tuple[float, float, float]:
        """Mean share of the people whose days differ, and the ends of its interval."""
        low, high = paired_interval(self.shares[:, np.newaxis], level=self.level)
        return float(self.shares.mean()), float(low[0]), float(high[0])


def over_seeds(
    moment: Snapshot,
    changes: Mapping[str, Sequence[ActOrChange]],
    *,
    until: int,
    seeds: int | Iterable[int] = 5,
    reporters: Sequence[str] = (),
    level: float = 0.95,
    on_progress: Callable[[float], object] = lambda _: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> SeedDifferences | None:
    """Let two futures live from a moment to a minute with several seeds, and compare them.

    Both futures of a replicate draw from the same random streams, as those of `fork`: the first
    replicate goes on with the luck of the run, in the others what is to come is drawn anew. What
    was done by hand while a future went on is done again at the same minutes. Of each replicate
    only counts are kept, so that no more than two models are in memory.

    Parameters
    ----------
    moment : Snapshot
        Where the futures part.
    changes : mapping of str to sequence of Act or change
        What was done to each of the two, by its name: acts, such as ``model.acts``, of which
        those that the moment has in it are left out, and changes as `fork` takes them.
    until : int
        Minute up to which they live, in minutes since the start of the run.
    seeds : int or iterable of int, default 5
        Number of replicates, or a seed for each. With 1 there are no intervals.
    reporters : sequence of str, optional
        Model reporters to compare beside `MEASURES`.
    level : float, default 0.95
        Confidence level of the intervals, in (0, 1).
    on_progress : callable, optional
        Called after each step with how much is done, in [0, 1].
    is_stopped : callable, optional
        Tells whether to give up; asked before each step.

    Returns
    -------
    SeedDifferences or None
        None if it was given up.

    Raises
    ------
    ConfigError
        If there are not two futures, an option is outside its range, or a language model would
        be asked.
    CityError
        If a change does not fit the model, or a future fails.
    """
    names, at_first = _checked(changes, until, moment, level), restored(moment)
    _check_asks_nobody(at_first)
    done = {name: _apart(changes[name], at_first) for name in names}
    run_seed, not_repeated = at_first.run_seed, _lost(changes, at_first)
    del at_first  # it takes as much memory as a future
    drawn = seeds_of(seeds, run_seed)
    counted: list[_Counted] = []
    for number, seed in enumerate(drawn):

        def tell(share: float, number: int = number) -> None:
            on_progress((number + share) / len(drawn))

        one = _lived(moment, done, seed, (until, tell, is_stopped), reporters)
        if one is None:
            return None
        counted.append(one)
    return SeedDifferences(
        names=names,
        parted=moment.minute,
        minute=until,
        seeds=tuple(run_seed if seed is None else seed for seed in drawn),
        level=level,
        measures={
            name: _compared([one.counts[name] for one in counted], level, is_whole=name in MEASURES)
            for name in (*MEASURES, *reporters)
        },
        shares=np.array([one.share for one in counted]),
        not_repeated=not_repeated,
    )


class _Counted(NamedTuple):
    """What was counted of a replicate: each measure of both futures, and who lives differently."""

    counts: dict[str, tuple[pd.Series[Any], pd.Series[Any]]]
    share: float


def _lived(
    moment: Snapshot,
    done: Mapping[str, tuple[list[Change], list[Act]]],
    seed: int | None,
    way: tuple[int, Callable[[float], None], Callable[[], bool]],
    reporters: Sequence[str],
) -> _Counted | None:
    """Return what is counted of a replicate, whose models are let go of; None if given up."""
    until, tell, is_stopped = way
    models = begun_replicate(moment, {name: one for name, (one, _) in done.items()}, seed)
    for side, (name, model) in enumerate(models.items()):

        def tell_half(share: float, side: int = side) -> None:
            tell((side + share) / 2.0)

        if not _live(model, done[name][1], until, tell_half, is_stopped):
            return None
    first, second = models.values()
    counts = {
        name: (
            measured(first, name, minute=moment.minute),
            measured(second, name, minute=moment.minute),
        )
        for name in (*MEASURES, *reporters)
    }
    return _Counted(counts, _share((first, second), moment.minute))


def _compared(
    counts: Sequence[tuple[pd.Series[Any], pd.Series[Any]]], level: float, *, is_whole: bool
) -> pd.DataFrame:
    """Return a measure of all replicates; what a reporter did not know in one of them is left out.

    Of what is counted whole, what is missing has not happened, and counts as 0.
    """
    if not is_whole:
        known = [one.dropna() for pair in counts for one in pair]
        both = known[0].index
        for one in known[1:]:
            both = both.intersection(one.index)
        counts = [(one.loc[both], other.loc[both]) for one, other in counts]
    before, after = [one for one, _ in counts], [other for _, other in counts]
    return compared(before, after, COLUMNS, level=level)


def _checked(
    changes: Mapping[str, Sequence[ActOrChange]], until: int, moment: Snapshot, level: float
) -> tuple[str, str]:
    """Return the names of both futures, once the options are checked."""
    if len(changes) != 2:
        message = f"two futures are compared over seeds, got {len(changes)}: {', '.join(changes)}"
        raise ConfigError(message)
    if until <= moment.minute:
        message = f"until must be after minute {moment.minute}, where the futures part, got {until}"
        raise ConfigError(message)
    if not 0.0 < level < 1.0:
        message = f"level must be between 0 and 1, got {level!r}; use 0.95"
        raise ConfigError(message)
    first, second = changes
    return first, second


def _check_asks_nobody(model: CityModel) -> None:
    if model.llm is None or not model.prompts or getattr(model.llm, "mode", "") == "replay":
        return
    message = (
        "these runs ask a language model, which several seeds would ask, and pay, as many times "
        "again; save a run, and compare with a budget of its own: mesa-llm-city fork SAVE_DIR "
        "--future NAME --future NAME=FILE.toml --seeds 5"
    )
    raise ConfigError(message)


def _apart(given: Sequence[ActOrChange], at_first: CityModel) -> tuple[list[Change], list[Act]]:
    """Return changes where the futures part, and acts that are repeated later, in their order."""
    acts = _since([one for one in given if isinstance(one, Act)], at_first)
    changes = [one for one in given if not isinstance(one, Act)]
    return changes, [one for one in acts if _is_repeatable(one)]


def _since(acts: list[Act], at_first: CityModel) -> list[Act]:
    """Return the acts that the model where the futures part has not in it."""
    known = list(at_first.acts)
    own = acts[len(known) :] if acts[: len(known)] == known else acts
    return [one for one in own if one.minute >= at_first.minute]


def _is_repeatable(act: Act) -> bool:
    if act.kind in _HARMLESS:
        return False
    try:
        read_interventions([act.what])
    except CityError:
        return False
    return True


def _lost(changes: Mapping[str, Sequence[ActOrChange]], at_first: CityModel) -> tuple[str, ...]:
    """Return in words what cannot be done again."""
    lost = []
    for name, given in changes.items():
        acts = _since([one for one in given if isinstance(one, Act)], at_first)
        lost += [
            f"{one.kind} at {at_first.clock.at(one.minute):%a %H:%M} in {name}"
            for one in acts
            if one.kind not in _HARMLESS and not _is_repeatable(one)
        ]
    return tuple(lost)


def _live(
    model: CityModel,
    acts: Sequence[Act],
    until: int,
    tell: Callable[[float], object],
    is_stopped: Callable[[], bool],
) -> bool:
    """Let a future live, with what is done to it on the way; return whether it got there."""
    begin, late = model.minute, list(acts)
    while model.minute < until:
        if is_stopped():
            return False
        while late and late[0].minute <= model.minute:
            model.intervene(late.pop(0).what)
        model.step()
        tell(min((model.minute - begin) / (until - begin), 1.0))
    return True


def _share(pair: Sequence[CityModel], minute: int) -> float:
    found = first_differences(*(lived_of(one) for one in pair), minute=minute)
    return len(found) / max(len(found.people), 1)
