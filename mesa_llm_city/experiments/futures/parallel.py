"""Replicates in several processes, with the same results as in one."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.futures.replicate import live_replicate
from mesa_llm_city.simulation.saving import Snapshot, restored, snapshot

if TYPE_CHECKING:
    from mesa_llm_city.experiments.futures.replicate import Change
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["in_processes"]

_Job: TypeAlias = "tuple[Snapshot, Mapping[str, Sequence[Change]], int | None, int]"


class _Known(NamedTuple):
    """Stands for something that the process of the caller has already."""

    number: int


def in_processes(jobs: Sequence[_Job], processes: int) -> list[dict[str, CityModel]]:
    """Return the models of each replicate by the name of the future.

    Parameters
    ----------
    jobs : sequence of tuple
        Arguments of `live_replicate` of each replicate; all have the same moment.
    processes : int
        How many at a time.

    Raises
    ------
    ConfigError
        If something cannot be sent to another process.
    """
    sent = [_packed(job) for job in jobs]
    shared = jobs[0][0].shared
    # Spawned processes share nothing with this one, on every system.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(processes, len(jobs)), mp_context=context) as pool:
        return [
            {name: restored(_completed(one, shared)) for name, one in found.items()}
            for found in pool.map(_live, sent)
        ]


def _packed(job: _Job) -> bytes:
    try:
        return pickle.dumps(job)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        message = (
            f"this fork cannot be sent to other processes ({error}); define changes, reporters "
            "and classes of agents at the top of a module, or give processes=1"
        )
        raise ConfigError(message) from error


def _live(sent: bytes) -> dict[str, Snapshot]:
    """Live a replicate in another process, and return its models without what is known."""
    job: _Job = pickle.loads(sent)  # noqa: S301 - what we wrote ourselves
    known = {id(thing): _Known(number) for number, thing in enumerate(job[0].shared)}
    lived = {name: snapshot(model) for name, model in live_replicate(*job).items()}
    return {
        name: replace(one, shared=tuple(known.get(id(thing), thing) for thing in one.shared))
        for name, one in lived.items()
    }


def _completed(kept: Snapshot, shared: Sequence[object]) -> Snapshot:
    own = (shared[one.number] if isinstance(one, _Known) else one for one in kept.shared)
    return replace(kept, shared=tuple(own))
