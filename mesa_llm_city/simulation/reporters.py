"""What a model reports at each step: counts by activity, trips, and its own use of a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.simulation.records import Records

__all__ = ["LLM_TOTALS", "LLMUse", "default_reporters", "llm_reporters"]

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


def default_reporters(purposes: Iterable[str], *, llm: bool) -> dict[str, Any]:
    """Return the model reporters that every `CityModel` has.

    Parameters
    ----------
    purposes : iterable of str
        What people can be doing.
    llm : bool
        Whether there is a language model, whose calls, tokens and money are reported too.
    """
    doing = {f"doing_{purpose}": partial(_count, purpose=purpose) for purpose in purposes}
    used = llm_reporters() if llm else {}
    return {"run_seed": "run_seed", "minute": "minute", "trips": _trips, **doing, **used}


def llm_reporters() -> dict[str, Any]:
    """Return model reporters of the calls, tokens and money that a model has used."""
    return {f"llm_{name}": partial(_used, name=name) for name in LLM_TOTALS}


def _count(model: _Reported, *, purpose: str) -> int:
    return model.doing[purpose]


def _trips(model: _Reported) -> int:
    return model.records.trips.added


def _used(model: _Asking, *, name: str) -> float | None:
    """Return a total of the language model, None if it keeps no ledger."""
    return model.llm_use.totals[name] if hasattr(model.llm, "totals") else None
