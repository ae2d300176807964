"""Another `LLM` for the models of one: with books, a budget and a store of its own."""

from __future__ import annotations

from pathlib import Path

from mesa_llm_city.llm.accounts import Mode
from mesa_llm_city.llm.budget import Budget
from mesa_llm_city.llm.engine import EngineConfig
from mesa_llm_city.llm.llm import LLM
from mesa_llm_city.llm.purse import Purse

__all__ = ["another_llm"]


def another_llm(
    llm: LLM,
    *,
    budget: Budget | Purse,
    engine: EngineConfig | None = None,
    tries: int | None = None,
    store: str | Path | None = None,
    mode: Mode | None = None,
) -> LLM:
    """Return an `LLM` that asks the same models with the same prompts; the first is left alone.

    Parameters
    ----------
    llm : LLM
        Whose models, routes, prices and prompts it has.
    budget : Budget or Purse
        Its limits; a purse whose `above` is the other's pays from both.
    engine : EngineConfig, optional
        Limits of requests at a time, waits and tries; as the other by default.
    tries : int, optional
        How often a question is asked whose answers cannot be used; as the other by default.
    store : str or Path, optional
        File of its own answers; by default nothing is kept.
    mode : {"live", "record", "replay", "replay-or-live"}, optional
        What to do with the store (see `LLM`).
    """
    specs = dict(llm.specs)
    return LLM(
        specs.pop(""),
        models=specs,
        route=llm.route,
        prices=llm.prices,
        prompts=llm.library.folders,
        budget=budget,
        engine=engine or llm.config,
        tries=llm.tries if tries is None else tries,
        store=store,
        mode=mode,
    )
