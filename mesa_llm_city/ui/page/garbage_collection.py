"""Keep long-lived objects out of garbage collections."""

from __future__ import annotations

import ctypes
import gc
import sys
from threading import Lock, Timer

import mesa

from mesa_llm_city.ui.page.listeners import outside_kernels
from mesa_llm_city.ui.per_model import forget

__all__ = ["settle", "settle_later"]

_LATER_S = 5.0
_LOCK, _SETTLING = Lock(), Lock()
_WAITING: list[Timer] = []
_GONE: list[mesa.Model] = []


def settle() -> None:
    """Exclude all present objects from later garbage collections.

    A collection goes over every object that is alive, which with 10,000 people holds a
    redraw up for 0.4 s. People stay as long as their page, so there is nothing to collect
    among them. Objects that were excluded before and are not in use any more are collected now.
    """
    with _SETTLING:
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def settle_later(gone: object = None, wait_s: float = _LATER_S) -> None:
    """Do the same once in a while, when a city that nobody needs any more is not in use.

    Several requests within the time are one.

    Parameters
    ----------
    gone : CityModel or Replay, optional
        The city. A model loses all that it holds, for Mesa counts agents by model, and so keeps
        each model for good.
    wait_s : float, default 5
        How long to wait, in seconds.
    """
    with _LOCK:
        if isinstance(gone, mesa.Model):
            _GONE.append(gone)
        if _WAITING:
            return
        with outside_kernels():
            timer = Timer(wait_s, _settle_now)
        timer.daemon = True
        _WAITING.append(timer)
    timer.start()


def _settle_now() -> None:
    with _LOCK:
        _WAITING.clear()
        gone = [*_GONE]
        _GONE.clear()
    for model in gone:
        forget(model)
        vars(model).clear()
    del gone
    settle()
    _give_back()


def _give_back() -> None:
    """Give memory that was freed back to the system, where the C library keeps it otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
