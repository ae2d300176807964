"""Which mind decides in a run: rules, or a language model, how it is reached and at what price."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from mesa_llm_city.citizen.presets import ABLATIONS, PRESETS, PROMPTS, resolve_prompts
from mesa_llm_city.experiments.option_checks import (
    Check,
    a_file,
    a_flag,
    a_folder,
    a_number,
    a_text,
    one_of,
    some_of,
    whole,
)
from mesa_llm_city.llm import Budget, ClientSpec, EngineConfig, Price, PriceTable

__all__ = ["MIND_CHECKS", "MIND_READERS", "DecisionOptions", "decision_conflicts"]

_LOCAL_SLOTS = 4
_IN_FLIGHT = 64
_SCHEMAS: Mapping[str, bool | Literal["grammar"]] = MappingProxyType(
    {"native": True, "grammar": "grammar", "text": False}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOptions:
    """Options about language models.

    Parameters
    ----------
    mind : {"rules", "prompt"}, default "rules"
        Who decides where there is a prompt.
    prompts : tuple of str, optional
        What is asked about: some of `minds.PROMPTS`, such as ``plan``, or of
        `minds.PRESETS`; all by default.
    without : tuple of str, optional
        What people go without: some of `minds.ABLATIONS`, such as ``beliefs``.
    llm : str, optional
        Provider and name of the model, or the path of a ``.gguf`` file.
    backend : {"litellm", "http", "local"}, optional
        How it is reached: by default ``local`` for a file, ``http`` if there is an
        `api_base`, and else ``litellm``.
    api_base : str, optional
        Address of a server with the chat interface of OpenAI, up to and with ``/v1``.
    key_env : str, optional
        Name of the environment variable that holds the key.
    schema : {"native", "grammar", "text"}, optional
        Whether the form of a reply goes along as a schema (the default), as a grammar
        (servers of the llama.cpp family; the default for a ``local`` model), or in
        words only.
    price : tuple of float, optional
        US dollars per million tokens of prompt and of answer, for a model without a
        listed price, or at another one.
    in_flight : int, optional
        Greatest number of requests under way; 64 by default, 4 for a ``local`` model.
    timeout_s : float, default 60
        Longest wait for an answer, in seconds.
    on_failure : {"raise", "rules"}, default "raise"
        Whether a question without an answer ends the run, or is decided by rule and counted.
    prompts_from : Path, optional
        Folder of prompts that come before those of the package.
    record : Path, optional
        File (``.jsonl.gz``) to which all answers are written at the end.
    replay : Path, optional
        Recording that answers instead of a model.
    max_usd, max_calls, max_tokens : optional
        Limits of the whole run, earlier attempts included.
    confirm_above : float, default 1
        On a terminal, forecasts above so many US dollars are to be confirmed.
    yes : bool, default False
        Whether to go on without asking.
    resume : bool, default False
        Whether to go on with a run that was broken off.

    Examples
    --------
    >>> DecisionOptions(mind="prompt", llm="ollama/llama3.2").spec().backend
    'litellm'
    """

    mind: Literal["rules", "prompt"] = "rules"
    prompts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    llm: str | None = None
    backend: Literal["litellm", "http", "local"] | None = None
    api_base: str | None = None
    key_env: str | None = None
    schema: Literal["native", "grammar", "text"] | None = None
    price: tuple[float, float] | None = None
    in_flight: int | None = None
    timeout_s: float = 60.0
    on_failure: Literal["raise", "rules"] = "raise"
    prompts_from: Path | None = None
    record: Path | None = None
    replay: Path | None = None
    max_usd: float | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    confirm_above: float = 1.0
    yes: bool = False
    resume: bool = False

    @property
    def asks(self) -> bool:
        """Whether a language model, or a recording of one, is asked."""
        return self.mind == "prompt"

    @property
    def resolve_prompts(self) -> tuple[str, ...]:
        """The purposes that are asked about."""
        return tuple(sorted(resolve_prompts(self.prompts or "full"))) if self.asks else ()

    def spec(self) -> ClientSpec:
        """Return how to reach the model."""
        backend, model = self.backend or _backend(self.llm, self.api_base), self.llm or "-"
        is_file = backend == "local"
        return ClientSpec(
            backend=backend,
            model=f"local/{Path(model).stem}" if is_file else model,
            gguf=model if is_file else None,
            api_base=self.api_base,
            key_env=self.key_env,
            native_schema=_SCHEMAS[self.schema or ("grammar" if is_file else "native")],
            slots=self.in_flight or _LOCAL_SLOTS,
        )

    def engine(self) -> EngineConfig:
        """Return how many requests at once, and how long to wait for each."""
        patient_s = max(3.0 * self.timeout_s, EngineConfig().wall_s)
        return EngineConfig(
            in_flight=self.in_flight or _IN_FLIGHT, timeout_s=self.timeout_s, wall_s=patient_s
        )

    def budget(self) -> Budget:
        """Return the limits of the run."""
        return Budget(usd=self.max_usd, calls=self.max_calls, tokens=self.max_tokens, stored=True)

    def prices(self) -> PriceTable:
        """Return the list of prices, with the one that was given."""
        if self.price is None:
            return PriceTable()
        own = Price(input_usd=self.price[0], output_usd=self.price[1])
        return PriceTable({self.spec().model: own})


def _backend(llm: str | None, api_base: str | None) -> Literal["litellm", "http", "local"]:
    if llm is not None and llm.endswith(".gguf"):
        return "local"
    return "litellm" if api_base is None else "http"


def decision_conflicts(values: Mapping[str, Any]) -> list[str]:
    """Return what does not fit together, one line each.

    Examples
    --------
    >>> decision_conflicts({"llm": "ollama/llama3.2"})
    ['llm: belongs to a language model; give mind prompt as well']
    """
    if values.get("mind", "rules") != "prompt":
        given = [name for name in _DEFAULTS if values.get(name, _DEFAULTS[name]) != _DEFAULTS[name]]
        alone = "belongs to a language model; give mind prompt as well"
        return [f"{name}: {alone}" for name in given if name not in {"yes", "without"}]
    llm, replay = values.get("llm"), values.get("replay")
    found = []
    if (llm is None) == (replay is None):
        found.append("llm: mind prompt asks one model, or replays one recording; give one of them")
    if replay is not None:
        needless = [name for name in _ONLY_LIVE if values.get(name) is not None]
        found += [f"{name}: a replay asks nobody; leave it out" for name in needless]
    if values.get("backend") == "http" and values.get("api_base") is None:
        found.append("api_base: backend http needs the address of its server")
    if values.get("backend") == "local" and llm is not None and not Path(str(llm)).is_file():
        found.append(f"llm: backend local needs a model file, and there is none at {llm}")
    return found


def _fitting_price(value: object) -> str:
    two = isinstance(value, tuple) and len(value) == 2
    good = two and not any(a_number(0.0)(one) for one in value)  # type: ignore[attr-defined]
    if value is None or good:
        return ""
    return f"must be two numbers such as 0.15,0.60 (US dollars per million tokens), got {value!r}"


def _address(value: object) -> str:
    if told := a_text(value):
        return told
    if value is None:
        return ""
    if not str(value).startswith(("http://", "https://")):
        return f"must be an address such as http://127.0.0.1:8000/v1, got {value!r}"
    # It is written into the manifest, so nothing secret may stand in it.
    is_secret = "@" in str(value).split("//", 1)[1].split("/", 1)[0]
    return "must not hold a name or password; name a variable with key_env" if is_secret else ""


def _recording(value: object) -> str:
    if told := a_folder(value):
        return told.replace("folder", "file")
    named = value is None or str(value).endswith(".jsonl.gz")
    return "" if named else f"must be a file that ends with .jsonl.gz, got {value!r}"


def _or_none(check: Check) -> Check:
    return lambda value: "" if value is None else check(value)


def _a_folder_there(value: object) -> str:
    there = value is None or (isinstance(value, Path) and value.is_dir())
    return "" if there else f"there is no folder {value}; check the path"


def _price_of(text: str) -> tuple[float, ...]:
    return tuple(float(one) for one in text.split(","))


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


_ONLY_LIVE = ("llm", "backend", "api_base", "key_env", "price", "record", "max_usd")
_DEFAULTS: Mapping[str, object] = MappingProxyType(
    {one.name: one.default for one in fields(DecisionOptions) if one.default is not MISSING}
)
MIND_READERS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        **dict.fromkeys(("prompts", "without"), _words_of),
        "price": _price_of,
        **dict.fromkeys(("in_flight", "max_calls", "max_tokens"), int),
        **dict.fromkeys(("timeout_s", "max_usd", "confirm_above"), float),
        **dict.fromkeys(("prompts_from", "record", "replay"), Path),
    }
)
"""How texts of the command line become values, by option."""

MIND_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "mind": one_of("rules", "prompt"),
        "prompts": some_of(*PROMPTS, *PRESETS),
        "without": some_of(*ABLATIONS),
        "llm": a_text,
        "backend": _or_none(one_of("litellm", "http", "local")),
        "api_base": _address,
        "key_env": a_text,
        "schema": _or_none(one_of(*_SCHEMAS)),
        "price": _fitting_price,
        "in_flight": _or_none(whole(1)),
        "timeout_s": a_number(0.001),
        "on_failure": one_of("raise", "rules"),
        "prompts_from": _a_folder_there,
        "record": _recording,
        "replay": a_file,
        "max_usd": _or_none(a_number(0.0)),
        "max_calls": _or_none(whole(0)),
        "max_tokens": _or_none(whole(0)),
        "confirm_above": a_number(0.0),
        "yes": a_flag,
        "resume": a_flag,
    }
)
"""What is wrong with a value, by option."""
