"""From options to the language model of a run: how it is reached, its limits and its prices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.options import AnyOptions
from mesa_llm_city.llm import LLM, Budget, ClientSpec, EngineConfig, Price, PriceTable
from mesa_llm_city.llm.purse import Purse

__all__ = [
    "budget",
    "check_reachable",
    "client_spec",
    "engine_config",
    "is_at_home",
    "open_llm",
    "price_table",
    "shared_purse",
]

_IN_FLIGHT_LOCAL = 4
_TIMEOUTS_PER_CALL = 3.0
# Providers that are programs of one's own, if no address says otherwise.
_AT_HOME = frozenset({"ollama", "ollama_chat", "lemonade", "lm_studio", "llamafile", "vllm"})
_SCHEMAS: Mapping[str, bool | Literal["grammar"]] = MappingProxyType(
    {"native": True, "grammar": "grammar", "text": False}
)


def open_llm(
    options: AnyOptions, *, store: Path | None = None, limits: Budget | Purse | None = None
) -> LLM | None:
    """Return the language model that the options ask for; None if rules decide.

    Parameters
    ----------
    options : RunOptions or ProgramOptions
        Options of the run.
    store : Path, optional
        File in which answers are kept.
    limits : Budget or Purse, optional
        By default those of the options.

    Raises
    ------
    ConfigError
        If a library is missing, or nothing limits what a model without a price may cost.
    """
    if not options.asks:
        return None
    prompts = options.prompt_folders
    if options.replay is not None:
        return LLM.replay(options.replay, prompts=prompts, on_failure=options.on_failure)
    check_reachable(options)
    given: dict[str, Any] = {} if options.tries is None else {"tries": options.tries}
    return LLM(
        client_spec(options),
        store=store,
        budget=budget(options) if limits is None else limits,
        prices=price_table(options),
        prompts=prompts,
        on_failure=options.on_failure,
        engine=engine_config(options),
        **given,
    )


def client_spec(options: AnyOptions) -> ClientSpec:
    """Return how the model is reached.

    Examples
    --------
    >>> from mesa_llm_city.experiments.options import RunOptions
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
        options=options.named_model_options,
        omit=options.omit,
        answer_tokens=options.answer_tokens,
        slots=options.in_flight or _IN_FLIGHT_LOCAL,
    )


def engine_config(options: AnyOptions) -> EngineConfig:
    """Return how many requests may be sent at a time, and how long to wait for each."""
    usual = EngineConfig()
    pace_s = 0.0 if options.per_min is None else 60.0 / options.per_min
    return EngineConfig(
        in_flight=options.in_flight or usual.in_flight,
        timeout_s=options.timeout_s,
        wall_s=max(_TIMEOUTS_PER_CALL * options.timeout_s, pace_s, usual.wall_s),
        tries=options.tries or usual.tries,
        per_min=options.per_min,
    )


def check_reachable(options: AnyOptions) -> None:
    """Check what can be checked of a language model without asking it.

    Raises
    ------
    ConfigError
        If litellm is needed and not installed; or if a model has no price, is not one's own,
        and neither calls nor tokens are limited.
    """
    if not options.is_live:
        return
    spec = client_spec(options)
    if spec.backend == "litellm" and find_spec("litellm") is None:
        message = (
            f"{spec.model} is reached through litellm, which is not installed; run: pip install "
            "'mesa-llm-city[llm]' (or give the address of a server with --api-base)"
        )
        raise ConfigError(message)
    limits = (options.max_calls, options.max_tokens)
    is_limited = options.no_limit or any(one is not None for one in limits)
    if not (is_limited or is_at_home(options) or price_table(options).of(spec.model)):
        message = (
            f"{spec.model} has no known price, so it could cost any sum; give --price IN,OUT, "
            "limit --max-tokens or --max-calls, or go on without a limit with --no-limit"
        )
        raise ConfigError(message)


def is_at_home(options: AnyOptions) -> bool:
    """Tell whether a model runs on this machine or in its network, where calls cost nothing.

    Examples
    --------
    >>> from mesa_llm_city.experiments.options import RunOptions
    >>> is_at_home(RunOptions(mind="prompt", llm="m", api_base="http://192.168.1.7:8000/v1"))
    True
    >>> is_at_home(RunOptions(mind="prompt", llm="openai/gpt-4o-mini"))
    False
    """
    spec = client_spec(options)
    if spec.backend == "local":
        return True
    if spec.api_base is None:
        return spec.model.partition("/")[0] in _AT_HOME
    host = urlsplit(spec.api_base).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan"))


def budget(options: AnyOptions) -> Budget:
    """Return the limits of the whole run, earlier attempts included."""
    return Budget(
        usd=options.max_usd, calls=options.max_calls, tokens=options.max_tokens, stored=True
    )


@lru_cache(maxsize=8)
def shared_purse(model: str, limits: Budget, price: Price | None) -> Purse:
    """Return the purse of a model in this process, the same for the same arguments."""
    return Purse(limits, prices={model: price})


def price_table(options: AnyOptions) -> PriceTable:
    """Return the list of prices, with the one that the options give."""
    if options.price is None:
        return PriceTable()
    own = Price(input_usd=options.price[0], output_usd=options.price[1])
    return PriceTable({client_spec(options).model: own})


def _usual_backend(options: AnyOptions) -> Literal["litellm", "http", "local"]:
    if options.llm is not None and options.llm.endswith(".gguf"):
        return "local"
    return "litellm" if options.api_base is None else "http"
