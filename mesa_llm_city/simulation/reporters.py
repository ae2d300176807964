"""What a model reports at each step: counts by activity, trips, and its own use of a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.simulation.records import Records

__all__ = ["LLM_TOTALS", "LLMUse", "crowd_reporters", "default_reporters", "llm_reporters"]

LLM_TOTALS = ("calls", "sent", "prompt_tokens", "completion_tokens", "usd", "invalid")
"""Totals of a language model's ledger that are reported, as ``llm_calls`` and so on."""


class LLMUse:
    """What one model has asked of a language model that others may use as well.

    Attributes
    ----------
    totals : dict of str to float
        Totals so far, by the names of `LLM_TOTALS`; of this model alone.
    """

    __slots__ = ("totals",)

    def __init__(self) -> None:
        self.totals = dict.fromkeys(LLM_TOTALS, 0.0)

    @contextmanager
    def counted(self, llm: Backend | None) -> Iterator[None]:
        """Count what is asked of `llm` inside the block, also if it fails."""
        ledger = getattr(llm, "totals", None)
        if ledger is None:
            yield
            return
        before = ledger()
        try:
            yield
        finally:
            after = ledger()
            for name in LLM_TOTALS:
                self.totals[name] += getattr(after, name) - getattr(before, name)


class _Asking(Protocol):
    """What the reporters of a language model read of a model."""

    @property
    def llm(self) -> Backend | None: ...
    @property
    def llm_use(self) -> LLMUse: ...


class _Reported(_Asking, Protocol):
    """What the default reporters read of a model."""

    @property
    def doing(self) -> Mapping[str, int]: ...
    @property
    def records(self) -> Records: ...


class _Crowded(Protocol):
    """What is reported of a crowd."""

    def doing_now(self) -> Mapping[str, int]: ...
    @property
    def trips_ended(self) -> int: ...


class _WithCrowd(Protocol):
    """A model with a crowd."""

    @property
    def crowd(self) -> _Crowded: ...


def default_reporters(purposes: Iterable[str], *, llm: bool, crowd: bool = False) -> dict[str, Any]:
    """Return the model reporters that every `CityModel` has.

    Parameters
    ----------
    purposes : iterable of str
        What people can be doing.
    llm : bool
        Whether there is a language model, whose calls, tokens and money are reported too.
    crowd : bool, default False
        Whether there is a crowd, whose activities and trips are reported too.
    """
    names = tuple(purposes)
    doing = {f"doing_{purpose}": partial(_count, purpose=purpose) for purpose in names}
    used = llm_reporters() if llm else {}
    rows = crowd_reporters(names) if crowd else {}
    return {"run_seed": "run_seed", "minute": "minute", "trips": _trips, **doing, **rows, **used}


def crowd_reporters(purposes: Iterable[str]) -> dict[str, Any]:
    """Return model reporters of the rows of a crowd, by activity, and of their trips."""
    doing = {f"crowd_doing_{one}": partial(_count_rows, purpose=one) for one in purposes}
    return {"crowd_trips": _trips_of_rows, **doing}


def llm_reporters() -> dict[str, Any]:
    """Return model reporters of the calls, tokens and money that a model has used."""
    return {f"llm_{name}": partial(_used, name=name) for name in LLM_TOTALS}


def _count(model: _Reported, *, purpose: str) -> int:
    return model.doing[purpose]


def _trips(model: _Reported) -> int:
    return model.records.trips.added


def _count_rows(model: _WithCrowd, *, purpose: str) -> int:
    # Each reporter of a step asks for the same counts.
    return model.crowd.doing_now()[purpose]


def _trips_of_rows(model: _WithCrowd) -> int:
    return model.crowd.trips_ended


def _used(model: _Asking, *, name: str) -> float | None:
    """Return a total of the language model, None if it keeps no ledger."""
    return model.llm_use.totals[name] if hasattr(model.llm, "totals") else None
