"""From options to the language model of a run: how it is reached, its limits and its prices."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.llm import LLM, Budget, ClientSpec, EngineConfig, Price, PriceTable

__all__ = ["budget", "client_spec", "engine_config", "open_llm", "price_table"]

_IN_FLIGHT = 64
_IN_FLIGHT_LOCAL = 4
_TIMEOUTS_PER_CALL = 3.0
_SCHEMAS: Mapping[str, bool | Literal["grammar"]] = MappingProxyType(
    {"native": True, "grammar": "grammar", "text": False}
)


def open_llm(
    options: RunOptions, *, store: Path | None = None, limits: Budget | None = None
) -> LLM | None:
    """Return the language model that the options ask for; None if rules decide.

    Parameters
    ----------
    options : RunOptions
        Options of the run.
    store : Path, optional
        File in which answers are kept.
    limits : Budget, optional
        By default those of the options.
    """
    if not options.asks:
        return None
    prompts = () if options.prompts_from is None else (options.prompts_from,)
    if options.replay is not None:
        return LLM.replay(options.replay, prompts=prompts, on_failure=options.on_failure)
    return LLM(
        client_spec(options),
        store=store,
        budget=budget(options) if limits is None else limits,
        prices=price_table(options),
        prompts=prompts,
        on_failure=options.on_failure,
        engine=engine_config(options),
    )


def client_spec(options: RunOptions) -> ClientSpec:
    """Return how the model is reached.

    Examples
    --------
    >>> client_spec(RunOptions(mind="prompt", llm="ollama/llama3.2")).backend
    'litellm'
    """
    backend, model = options.backend or _usual_backend(options), options.llm or "-"
    is_file = backend == "local"
    reply_format = options.reply_format or ("grammar" if is_file else "native")
    return ClientSpec(
        backend=backend,
        model=f"local/{Path(model).stem}" if is_file else model,
        gguf=model if is_file else None,
        api_base=options.api_base,
        key_env=options.key_env,
        native_schema=_SCHEMAS[reply_format],
        slots=options.in_flight or _IN_FLIGHT_LOCAL,
    )


def engine_config(options: RunOptions) -> EngineConfig:
    """Return how many requests may be sent at a time, and how long to wait for each."""
    wall_s = max(_TIMEOUTS_PER_CALL * options.timeout_s, EngineConfig().wall_s)
    in_flight = options.in_flight or _IN_FLIGHT
    return EngineConfig(in_flight=in_flight, timeout_s=options.timeout_s, wall_s=wall_s)


def budget(options: RunOptions) -> Budget:
    """Return the limits of the whole run, earlier attempts included."""
    return Budget(
        usd=options.max_usd, calls=options.max_calls, tokens=options.max_tokens, stored=True
    )


def price_table(options: RunOptions) -> PriceTable:
    """Return the list of prices, with the one that the options give."""
    if options.price is None:
        return PriceTable()
    own = Price(input_usd=options.price[0], output_usd=options.price[1])
    return PriceTable({client_spec(options).model: own})


def _usual_backend(options: RunOptions) -> Literal["litellm", "http", "local"]:
    if options.llm is not None and options.llm.endswith(".gguf"):
        return "local"
    return "litellm" if options.api_base is None else "http"
