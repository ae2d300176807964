"""Copies of a model in memory: a moment that any number of futures may begin at."""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING

from mesa_llm_city.city import City
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.policies import Policy
from mesa_llm_city.population import Persona, Population
from mesa_llm_city.simulation.reseeding import reseed

if TYPE_CHECKING:
    # A model is what is copied; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Snapshot", "restored", "snapshot"]

# They never change, or, as functions, cannot be written down.
_SHARED = frozenset({City, CityParameters, Clock, FunctionType, Persona, Policy, Population})


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class Snapshot:
    """A model at a moment, in memory.

    Made by `snapshot` and read by `restored`. It pickles if the language model and the functions
    of the model do, so that futures can be lived in other processes.

    Parameters
    ----------
    minute : int
        Minute of the moment.
    contents : bytes
        All that changes over a run.
    shared : tuple of object
        What the copies have in common with the model: city, parameters, personas, language
        model, policies, functions.
    """

    minute: int
    contents: bytes
    shared: tuple[object, ...]

    def __repr__(self) -> str:
        """Return the moment and the size."""
        return f"Snapshot(minute={self.minute}, {self.megabytes:.1f} MB)"

    @property
    def megabytes(self) -> float:
        """Memory that it takes beside what copies share, in megabytes (10**6 bytes)."""
        return len(self.contents) / 1e6


def snapshot(model: CityModel) -> Snapshot:
    """Keep a model as it is between two steps; the model itself stays as it is.

    City, parameters, personas and the language model are shared with the copies that are made
    of it, everything else is copied: citizens, agents of your own, records, what the data
    collector has gathered, and the random numbers.

    Parameters
    ----------
    model : CityModel
        The model, of any subclass.

    Raises
    ------
    CityError
        If the model is in the middle of a step, or holds something that cannot be copied,
        such as an open file.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> model.step()
    >>> moment = snapshot(model)
    >>> model.step()
    >>> restored(moment).minute, model.minute
    (5, 10)
    """
    model.check_between_steps("copied")
    stream = io.BytesIO()
    pickler = _Pickler(stream, model.llm)
    try:
        with _no_collection():
            pickler.dump(model)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        message = (
            f"the model cannot be copied: {error}; leave it out of your agents and components, "
            "or give its class a method __getstate__"
        )
        raise CityError(message) from error
    return Snapshot(model.minute, stream.getvalue(), tuple(pickler.shared))


def restored(kept: Snapshot, *, seed: int | None = None) -> CityModel:
    """Return a model that goes on from a moment, independent of all others.

    Parameters
    ----------
    kept : Snapshot
        The moment.
    seed : int, optional
        Seed of all that is drawn from then on (see `reseed`); by default that of the run, so
        that the copy goes on as the model itself does.

    Raises
    ------
    ConfigError
        If the seed is no whole number in [0, 2**64).
    """
    with _no_collection():
        model: CityModel = _Unpickler(io.BytesIO(kept.contents), kept.shared).load()
    if seed is not None:
        reseed(model, seed)
    return model


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave the garbage collector out: it would search the growing copy over and over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Pickler(pickle.Pickler):
    """Writes a model, and keeps aside what copies share."""

    def __init__(self, stream: io.BytesIO, llm: object) -> None:
        super().__init__(stream, protocol=5)
        self.shared: list[object] = []
        self._numbers: dict[int, int] = {}
        self._llm = llm

    # Named by `pickle`, which calls it for everything it meets.
    def persistent_id(self, thing: object) -> int | None:
        """Return the number of something shared; None for what is copied."""
        if not self._is_shared(thing):
            return None
        number = self._numbers.setdefault(id(thing), len(self.shared))
        if number == len(self.shared):
            # Kept alive by the list, so that no other thing gets its id.
            self.shared.append(thing)
        return number

    def _is_shared(self, thing: object) -> bool:
        if isinstance(thing, type):
            # Classes inside functions cannot be found by name.
            return "<locals>" in thing.__qualname__
        return type(thing) in _SHARED or (thing is self._llm and thing is not None)


class _Unpickler(pickle.Unpickler):
    """Reads what `_Pickler` has written in the same process."""

    def __init__(self, stream: io.BytesIO, shared: Sequence[object]) -> None:
        super().__init__(stream)
        self._shared = shared

    def persistent_load(self, number: int) -> object:
        """Return what is shared."""
        return self._shared[number]
