"""Fork: copies of one model live on side by side, each with changes of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.futures.parallel import in_processes
from mesa_llm_city.experiments.futures.replicate import Change, in_words, live_replicate
from mesa_llm_city.experiments.futures.replicate_seeds import check_number, seeds_of
from mesa_llm_city.experiments.futures.result import Futures
from mesa_llm_city.simulation.interventions import Intervention
from mesa_llm_city.simulation.saving import snapshot

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["fork"]

Changes: TypeAlias = "Mapping[str, Change | Iterable[Change]]"

_RESERVED = frozenset(
    {"difference", "low", "high", "person", "household", "minute", "time", "table", "decided"}
)


def fork(
    model: CityModel,
    futures: Changes,
    *,
    days: int = 1,
    seeds: int | Iterable[int] = 5,
    processes: int = 1,
) -> Futures:
    """Let copies of a model live on from this moment, each with changes of its own.

    All futures of a replicate draw from the same random streams, so that only what a change
    touches differs between them. The first replicate goes on with the luck of the run; in the
    others, what is to come is drawn from other seeds, while people stay who they are (see
    `simulation.reseeding.reseed`). The model itself stays as it is.

    Parameters
    ----------
    model : CityModel
        Where the futures part, between two steps.
    futures : mapping of str to change or iterable of changes
        Changes by the name of the future; the first is what the others are compared with, and
        usually has none. A change is an intervention (see `simulation.interventions`), as an
        object or as a mapping with a ``kind``, or any function of a model, which is called with
        the copy before it lives on. Interventions without a time happen at once.
    days : int, default 1
        How long the futures last.
    seeds : int or iterable of int, default 5
        Number of replicates, or a seed for each. With 1 there are no intervals.
    processes : int, default 1
        Number of replicates at a time. The results are the same for any number. With several,
        changes, reporters and classes of agents must be importable, and no language model may
        be asked; in a script, call it below ``if __name__ == "__main__":``.

    Returns
    -------
    Futures
        The models after their last step, and what differs between them.

    Raises
    ------
    ConfigError
        If there are fewer than two futures, or an option is outside its range.
    DataError
        If interventions do not fit the model; all that is wrong with them is listed.
    CityError
        If the model cannot be copied, or a future fails.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> for _ in range(12):
    ...     model.step()
    >>> def one_leaves(model):
    ...     model.citizens[0].remove()
    >>> futures = fork(model, {"control": [], "policy": one_leaves}, seeds=1)
    >>> len(futures.models["control"][0].citizens), len(futures.models["policy"][0].citizens)
    (20, 19)
    >>> model.minute
    60
    """
    changes = _changes(futures)
    check_number("days", days)
    check_number("processes", processes)
    drawn = seeds_of(seeds, model.run_seed)
    moment = snapshot(model)
    jobs = [(moment, changes, seed, days) for seed in drawn]
    if processes == 1:
        replicates = [live_replicate(*job) for job in jobs]
    else:
        _check_no_llm(model)
        replicates = in_processes(jobs, processes)
    return Futures(
        models={name: [one[name] for one in replicates] for name in changes},
        minute=model.minute,
        seeds=tuple(model.run_seed if seed is None else seed for seed in drawn),
        changes={name: tuple(map(in_words, several)) for name, several in changes.items()},
    )


def _changes(futures: object) -> dict[str, tuple[Change, ...]]:
    """Return what each future changes, checked."""
    if not isinstance(futures, Mapping) or len(futures) < 2:
        message = (
            "futures must be a mapping of at least two names to lists of changes, such as "
            f"{{'control': [], 'policy': [change]}}, got {futures!r}"
        )
        raise ConfigError(message)
    for name in sorted(_RESERVED.intersection(futures)):
        message = f"no future can be called {name!r}, which is a column of results; rename it"
        raise ConfigError(message)
    for name in futures:
        if not isinstance(name, str) or not name.strip():
            message = f"the name of a future must be a word, got {name!r}; call it 'policy'"
            raise ConfigError(message)
    return {name: _several(name, one) for name, one in futures.items()}


def _several(name: str, given: object) -> tuple[Change, ...]:
    """Return the changes of a future; one alone may stand without a list."""
    if isinstance(given, Iterable) and not isinstance(given, Intervention | Mapping):
        return tuple(_checked(name, one) for one in given)
    return (_checked(name, given),)


def _checked(name: str, change: object) -> Change:
    if callable(change) or isinstance(change, Intervention | Mapping):
        return change
    message = (
        f"future {name}: a change must be an intervention, a mapping with a kind, or a function "
        f"of the model, got {change!r}"
    )
    raise ConfigError(message)


def _check_no_llm(model: CityModel) -> None:
    if model.llm is not None:
        message = (
            "a fork that asks a language model runs in one process, where its answers, budget "
            "and ledger are kept together; give processes=1"
        )
        raise ConfigError(message)
