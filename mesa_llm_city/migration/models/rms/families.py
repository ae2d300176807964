"""The families of language models from which an agent can be trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mesa_llm_city.core.errors import DataError

__all__ = ["FAMILIES", "Family", "family_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What differs between families of language models.

    Parameters
    ----------
    name : str
        Name of the architecture, the ``model_type`` of ``config.json``.
    targets : tuple of str, default ("q_proj", "v_proj")
        Linear maps that get adapters: those of queries and values (Hu et al., 2022, "LoRA",
        sec. 7.1), or the map that contains them.
    is_encoder : bool, default False
        Whether every position attends to all others, also to those after it.
    is_capped : bool, default False
        Whether attention scores are capped, which fast implementations of attention leave out.
    """

    name: str
    targets: tuple[str, ...] = ("q_proj", "v_proj")
    is_encoder: bool = False
    is_capped: bool = False


_ALL = (
    Family(name="llama"),
    Family(name="mistral"),
    Family(name="qwen2"),
    Family(name="qwen3"),
    Family(name="gemma"),
    Family(name="gemma2", is_capped=True),
    Family(name="gemma3_text"),
    Family(name="phi"),
    Family(name="phi3", targets=("qkv_proj",)),
    Family(name="gpt2", targets=("c_attn",)),
    Family(name="bert", targets=("query", "value"), is_encoder=True),
)

FAMILIES: Mapping[str, Family] = MappingProxyType({one.name: one for one in _ALL})
"""The accepted families by the ``model_type`` of their ``config.json``."""

_WITH_TEXT_PART = MappingProxyType({"gemma3": "gemma3_text"})


def family_of(config: Any, source: object) -> Family:  # noqa: ANN401 - of any architecture
    """Return the family of a configuration of transformers.

    Parameters
    ----------
    config : object
        Configuration, as of ``AutoConfig``.
    source : object
        Where it was read from, for the message.

    Raises
    ------
    DataError
        If its architecture is not accepted, or its weights are quantised.
    """
    found = str(config.model_type)
    if found not in FAMILIES:
        message = (
            f"{source} has the architecture {found!r}; accepted are {', '.join(FAMILIES)}"
            f"{_hint(found)}"
        )
        raise DataError(message)
    quantised = getattr(config, "quantization_config", None)
    if quantised is not None:
        method = dict(quantised).get("quant_method", "unknown")
        message = (
            f"the weights of {source} are quantised (method {method!r}), and cannot be trained "
            "from; give the same model with weights in bf16 or fp32, or a GGUF file"
        )
        raise DataError(message)
    return FAMILIES[found]


def _hint(found: str) -> str:
    if found not in _WITH_TEXT_PART:
        return ""
    return f"; it also reads images: give its text part, saved as {_WITH_TEXT_PART[found]!r}"
