"""Options about who decides: rules or a language model, how it is reached, and its limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.experiments.options.declare import (
    ExistingFile,
    ExistingFolder,
    NewPath,
    Number,
    OptionGroup,
    Switch,
    Text,
    Whole,
    Words,
    number,
    option,
    path,
    refuse,
    switch,
    whole,
)
from mesa_llm_city.experiments.options.defects import OptionDefect

__all__ = ["DecisionOptions", "LLMOptions", "LimitOptions"]


def _known_prompts(names: tuple[str, ...]) -> tuple[str, ...]:
    from mesa_llm_city.citizen.presets import PRESETS, PROMPTS

    return _known(names, (*PROMPTS, *PRESETS))


def _known_ablations(names: tuple[str, ...]) -> tuple[str, ...]:
    from mesa_llm_city.citizen.presets import ABLATIONS

    return _known(names, tuple(ABLATIONS))


def _known(names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [name for name in names if name not in known]:
        got = ", ".join(map(repr, unknown))
        refuse(f"must be some of {', '.join(known)}, got {got}")
    return names


def _policies(value: object) -> object:
    """Return files of policies as texts, each with the name that was given for it, if any."""
    if isinstance(value, Mapping):
        value = [f"{name}={file}" for name, file in value.items()]
    if isinstance(value, str | Path):
        value = [value]
    if not isinstance(value, list | tuple):
        return value
    return tuple(_policy(str(one)) for one in value)


def _policy(text: str) -> str:
    """Return ``NAME=FILE`` or ``FILE``; in a file of options its folder may stand before both."""
    from mesa_llm_city.citizen.presets import POLICIES

    named = re.search(rf"(?:^|(?<=/))({'|'.join(POLICIES)})=", text)
    if named is None:
        return str(_existing_policy(Path(text)))
    file = Path(text[: named.start()], text[named.end() :])
    return f"{named[1]}={_existing_policy(file)}"


def _existing_policy(file: Path) -> Path:
    if not is_file(file):
        refuse(f"there is no file {file}; give NAME=FILE, such as plan=policies/plan.parquet")
    return file


def _address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        refuse(f"must be an address such as http://127.0.0.1:8000/v1, got {value!r}")
    # It is written into the manifest, so nothing secret may stand in it.
    if "@" in value.split("//", 1)[1].split("/", 1)[0]:
        refuse("must not hold a name or password; name a variable with key_env")
    return value


def _key_name(value: str) -> str:
    from mesa_llm_city.llm.clients.spec import check_key_name

    try:
        return check_key_name(value)
    except ConfigError as error:
        refuse(error.message.partition(" ")[2])


def _price(value: object) -> tuple[float, float]:
    """Return two prices, from numbers or a text such as ``0.15,0.60``."""
    parts = value.split(",") if isinstance(value, str) else value
    try:
        in_usd, out_usd = (float(part) for part in parts)  # type: ignore[attr-defined]
    except (OverflowError, TypeError, ValueError):
        in_usd = out_usd = -1.0
    if not (0.0 <= in_usd < float("inf") and 0.0 <= out_usd < float("inf")):
        form = "two numbers such as 0.15,0.60 (US dollars per million tokens)"
        refuse(f"must be {form}, got {value!r}")
    return in_usd, out_usd


def _recording(value: Path) -> Path:
    if not value.name.endswith(".jsonl.gz"):
        refuse(f"must be a file that ends with .jsonl.gz, got {str(value)!r}")
    return value


def _model_options(value: object) -> tuple[str, ...]:
    """Return texts NAME=JSON, from such texts or from a table."""
    if isinstance(value, Mapping):
        named = dict(value)
    else:
        texts = list(value) if isinstance(value, list | tuple) else [value]
        if wrong := [one for one in texts if "=" not in str(one)]:
            refuse(f"must be NAME=VALUE, such as seed=1, got {wrong[0]!r}")
        named = {
            name.strip(): _json(text)
            for name, _, text in (str(one).partition("=") for one in texts)
        }
    if secret := [name for name in named if _SECRET.search(name)]:
        refuse(f"must hold no secret, got {secret[0]}; name a variable with key_env")
    try:
        return tuple(f"{name}={json.dumps(named[name], allow_nan=False)}" for name in sorted(named))
    except (TypeError, ValueError):  # such as a date of TOML
        refuse(f"must hold numbers, texts, true or false, lists and tables, got {named!r}")


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except (RecursionError, ValueError):
        return text.strip()


_SECRET = re.compile(r"key|secret|password|authorization|headers", re.IGNORECASE)
_ModelOptions: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_model_options)]
_Prompts: TypeAlias = Annotated[Words, AfterValidator(_known_prompts)]
_Policies: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_policies)]
_Ablations: TypeAlias = Annotated[Words, AfterValidator(_known_ablations)]
_Address: TypeAlias = Annotated[Text, AfterValidator(_address)]
_KeyName: TypeAlias = Annotated[Text, AfterValidator(_key_name)]
_Price: TypeAlias = Annotated[tuple[float, float], BeforeValidator(_price)]
_Recording: TypeAlias = Annotated[NewPath, AfterValidator(_recording)]


class DecisionOptions(OptionGroup):
    """Who decides what."""

    title: ClassVar[str] = "Decisions"

    mind: Literal["rules", "prompt", "policy"] = option(
        "rules",
        "Who decides: rules, a language model that is asked (prompt), or policies compiled of one.",
        metavar="WHO",
    )
    policy: _Policies = option(
        (),
        "Policy that decides in place of a prompt, such as plan=plan.parquet; may be repeated.",
        accepts="files of policies, or texts NAME=FILE",
        metavar="NAME=FILE",
        shown="none",
        is_path=True,
    )
    prompts: _Prompts = option(
        (),
        "What a language model decides: full, light, or names.",
        accepts="names of prompts",
        metavar="NAME,NAME",
        shown="full",
    )
    without: _Ablations = option(
        (),
        "Components to leave out, such as beliefs.",
        accepts="names of components",
        metavar="NAME,NAME",
        shown="nothing",
    )

    @property
    def asks(self) -> bool:
        """Whether a language model, or a recording of one, is asked."""
        return self.mind == "prompt"

    @property
    def policy_files(self) -> tuple[tuple[str, Path], ...]:
        """Name and file of each policy; the name is empty where none was given."""
        parts = [text.rpartition("=") for text in self.policy]
        return tuple((name, Path(file)) for name, _, file in parts)

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[OptionDefect]:
        """Yield policies without the mind for them, and the other way round."""
        mind, policies = given.get("mind", "rules"), given.get("policy") or ()
        if mind == "policy" and not policies:
            problem = "mind policy needs one; make it with: mesa-llm-city compile"
            yield OptionDefect("policy", problem)
        if mind == "rules" and policies:
            problem = 'decides in place of rules; add --mind policy, or mind = "policy" in a file'
            yield OptionDefect("policy", problem)


class LLMOptions(OptionGroup):
    """Which language model, and how it is reached."""

    title: ClassVar[str] = "Language model"

    llm: Text | None = option(
        None,
        "Provider and name of the model, or a .gguf file.",
        accepts="a text",
        metavar="PROVIDER/NAME",
    )
    backend: Literal["litellm", "http", "local"] | None = option(
        None, "How it is reached: litellm, http or local.", metavar="HOW", shown="by the model"
    )
    api_base: _Address | None = option(
        None, "Address of a server, with /v1.", accepts="a text", metavar="URL"
    )
    key_env: _KeyName | None = option(
        None, "Environment variable that holds the key.", accepts="a text", metavar="NAME"
    )
    reply_format: Literal["native", "grammar", "text"] | None = option(
        None,
        "How the form of replies is demanded: native (a schema), grammar, or text.",
        metavar="HOW",
        shown="native; grammar for local",
    )
    in_flight: Whole | None = whole(
        None, "Most requests at a time.", least=1, shown="64; 4 for local"
    )
    timeout_s: Number = number(
        60.0, "Longest wait for an answer, in seconds.", least=0.001, metavar="S"
    )
    answer_tokens: Whole | None = whole(
        None,
        "Most tokens of an answer, thoughts included; raise it for models that think first.",
        least=1,
        shown="by prompt",
    )
    tries: Whole | None = whole(
        None,
        "How often a question is asked if its answer cannot be used, or the server fails.",
        least=1,
        shown="5 and 12",
    )
    per_min: Number | None = number(
        None, "Most requests per minute.", least=0.01, metavar="N", shown="no limit"
    )
    model_options: _ModelOptions = option(
        (),
        "Further parameter of each request, such as seed=1; may be repeated.",
        accepts="a table of parameters, or texts NAME=VALUE",
        metavar="NAME=VALUE",
        shown="none",
    )
    omit: Words = option(
        (),
        "Parameters of requests to leave out, such as temperature.",
        accepts="names of parameters",
        metavar="NAME,NAME",
        shown="what the model refuses",
    )
    skip_check: Switch = switch("Leave out the short question that is asked before a run.")
    on_failure: Literal["raise", "rules"] = option(
        "raise", "Without a usable answer: raise an error, or decide by rules.", metavar="WHAT"
    )
    prompts_from: ExistingFolder | None = path("Folder of prompts of your own.", metavar="DIR")
    record: _Recording | None = path("Write all answers to this file (.jsonl.gz).")
    replay: ExistingFile | None = path("Take the answers from a recording.")

    @property
    def named_model_options(self) -> dict[str, Any]:
        """Further parameters of each request, by name."""
        pairs = (text.partition("=")[::2] for text in self.model_options)
        return {name: json.loads(value) for name, value in pairs}

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[OptionDefect]:
        """Yield what does not fit together, or to a run by rules."""
        if given.get("mind", "rules") == "prompt":
            yield from _model_conflicts(given)
        else:
            yield from _needless(given)


class LimitOptions(OptionGroup):
    """How much a language model may be asked; earlier attempts at the run count as well."""

    title: ClassVar[str] = "Limits"

    price: _Price | None = option(
        None,
        "Price of the model in US dollars per million tokens of prompt and of answer.",
        accepts="two numbers",
        metavar="IN,OUT",
        shown="as listed",
    )
    max_usd: Number | None = number(
        None, "Most US dollars to spend; 0 for no paid call.", least=0.0, metavar="USD"
    )
    max_calls: Whole | None = whole(None, "Most calls.", least=0)
    max_tokens: Whole | None = whole(None, "Most tokens.", least=0)
    confirm_above: Number = number(
        1.0, "Ask on the terminal before spending more US dollars.", least=0.0, metavar="USD"
    )
    no_limit: Switch = switch("Go on although a model without a known price could cost any sum.")
    yes: Switch = switch("Go on without asking.")


_ONLY_LIVE = ("llm", "backend", "api_base", "key_env", "price", "record", "max_usd")


def _model_conflicts(given: Mapping[str, Any]) -> Iterator[OptionDefect]:
    llm, replay = given.get("llm"), given.get("replay")
    if (llm is None) == (replay is None):
        problem = "mind prompt asks one model, or replays one recording; give one of them"
        yield OptionDefect("llm", problem)
    if replay is not None:
        for name in _ONLY_LIVE:
            if given.get(name) is not None:
                yield OptionDefect(name, "a replay asks nobody; leave it out")
    if given.get("backend") == "http" and given.get("api_base") is None:
        yield OptionDefect("api_base", "backend http needs the address of its server")
    if given.get("backend") == "local" and llm is not None and not is_file(Path(str(llm))):
        yield OptionDefect("llm", f"backend local needs a model file, and there is none at {llm}")


def _needless(given: Mapping[str, Any]) -> Iterator[OptionDefect]:
    """Yield the options of language models that are given to a run by rules."""
    needs_prompt = 'belongs to a language model; add --mind prompt, or mind = "prompt" in a file'
    fields = DecisionOptions.model_fields | LLMOptions.model_fields | LimitOptions.model_fields
    for name in (one for one in fields if one not in {"mind", "policy", "without", "yes"}):
        value = given.get(name, fields[name].default)
        if value not in (None, [], {}, fields[name].default):
            yield OptionDefect(name, needs_prompt)
