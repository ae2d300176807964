"""The language model from which an RMS-Agent is trained.

It is read from a local folder of safetensors, whole or in parts, or from a GGUF file. Layers
above the cut are not read. Weights are checked for completeness, and frozen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging
from transformers.utils.quantization_config import GgufConfig

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.devices import resolve_device, resolve_precision
from mesa_llm_city.migration.models.rms.families import Family, family_of
from mesa_llm_city.migration.models.rms.grouped_attention import GROUPED
from mesa_llm_city.migration.models.rms.identity import Identity, weight_files

__all__ = ["Backbone", "check_backbone", "load_backbone"]

_BY_LAYER = ("layer_types", "mlp_layer_types")  # options with one entry for each layer
_SOME, _CHUNK = 64, 4096  # rows of the table of token vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """A frozen language model with its tokenizer.

    Parameters
    ----------
    body : nn.Module
        The model without its language head: embeddings in, hidden states out.
    language_head : nn.Module or None
        Hidden state to logits over the vocabulary; None unless it was asked for.
    tokenizer : object
        Tokenizer of transformers.
    family : Family
        What is special about its architecture.
    identity : Identity
        Name and fingerprints of its files.
    """

    body: Any
    language_head: nn.Module | None
    tokenizer: Any
    family: Family
    identity: Identity

    @property
    def width(self) -> int:
        """Length of a token vector."""
        return int(self.embeddings.shape[1])

    @property
    def depth(self) -> int:
        """Number of layers in use."""
        return int(self.body.config.num_hidden_layers)

    @property
    def longest(self) -> int:
        """Greatest number of positions that the model was made for."""
        return int(self.body.config.max_position_embeddings)

    @property
    def logit_cap(self) -> float | None:
        """Limit to which the logits of the language head are squeezed (Gemma 2), if any."""
        cap = getattr(self.body.config, "final_logit_softcapping", None)
        return None if cap is None else float(cap)

    @property
    def embeddings(self) -> Tensor:
        """The token vectors, shape (vocabulary, width)."""
        weight: Tensor = self.body.get_input_embeddings().weight
        return weight

    @property
    def scale(self) -> float:
        """Root mean square of the token vectors; the initial size of new tokens."""
        weight = self.embeddings.detach()
        # In pieces, since a table of a large vocabulary needs much memory a second time.
        pieces = (weight[at : at + _CHUNK] for at in range(0, len(weight), _CHUNK))
        total = math.fsum(float(piece.double().square().sum()) for piece in pieces)
        return math.sqrt(total / weight.numel()) * self._enlargement()

    def _enlargement(self) -> float:
        """Return by how much the model enlarges its token vectors when it looks them up."""
        ids = torch.arange(min(_SOME, len(self.embeddings)), device=self.embeddings.device)
        with torch.no_grad():
            given = self.body.get_input_embeddings()(ids).float().norm()
        kept = self.embeddings[: len(ids)].float().norm()
        return float(given / kept) if kept > 0.0 else 1.0

    def ids_of(self, text: str) -> list[int]:
        """Return the token ids of `text`, without special tokens."""
        return [int(i) for i in self.tokenizer(text, add_special_tokens=False)["input_ids"]]

    def whole_ids_of(self, text: str) -> list[int]:
        """Return the token ids of a whole text, with the special tokens the model expects.

        Gemma expects a token at the beginning, BERT one at each end; most expect none.
        """
        return [int(i) for i in self.tokenizer(text)["input_ids"]]

    def check_length(self, tokens: int) -> None:
        """Check that a row of so many tokens can be read.

        Raises
        ------
        DataError
            If it cannot; a longer text would be read wrongly, or not at all.
        """
        if tokens > self.longest:
            message = (
                f"the longest row has {tokens} tokens, and the language model reads {self.longest}"
                " at most; use style='compact', or a schema of fewer columns or shorter labels"
            )
            raise DataError(message)


def load_backbone(
    path: str | Path,
    *,
    depth: int | None = None,
    precision: str = "fp32",
    device: str = "cpu",
    with_head: bool = False,
) -> Backbone:
    """Read the lowest layers of a language model from disk, and freeze them.

    Parameters
    ----------
    path : str or Path
        A folder with ``config.json``, a tokenizer and safetensors, or a GGUF file.
    depth : int, optional
        Number of the lowest layers; all if None or more than there are. The others are not
        read, so they need no memory.
    precision : {"fp32", "bf16", "auto"}, default "fp32"
        Data type of the weights, whatever that of the file.
    device : str, default "cpu"
        Device of torch, or ``"auto"``.
    with_head : bool, default False
        Whether to read the language head too.

    Raises
    ------
    ConfigError
        If the device cannot be used here.
    DataError
        If there is no model at `path`, its architecture is not accepted, or weights are
        missing.
    """
    path = Path(path)
    device = resolve_device(device)
    kind = torch.bfloat16 if resolve_precision(precision, device) == "bf16" else torch.float32
    with _quietly():
        config, family = _described(path)
        _keep_lowest(config, depth)
        tokenizer, model = _read(path, config, family, kind, with_head=with_head)
    model.requires_grad_(requires_grad=False)
    model.eval().to(device)
    return Backbone(
        body=model.base_model,
        language_head=model.get_output_embeddings() if with_head else None,
        tokenizer=tokenizer,
        family=family,
        identity=Identity.of(path),
    )


def check_backbone(config: RMSConfig) -> None:
    """Check device, files and architecture against the options; reads no weights.

    Raises
    ------
    ConfigError
        If the device cannot be used here, or an option does not fit the architecture.
    DataError
        If there is no model, or its architecture is not accepted.
    """
    resolve_device(config.device)
    with _quietly():
        _, family = _described(Path(config.backbone))
    if not family.is_encoder:
        return
    wrong = []
    if config.path == "cells":
        wrong.append("path='cells' keeps what was read before; use path='text'")
    if config.head == "generative":
        wrong.append("head='generative' needs a model that writes; use head='linear'")
    if wrong:
        message = f"{family.name} is an encoder, which reads in both directions: {'; '.join(wrong)}"
        raise ConfigError(message)


def _described(path: Path) -> tuple[Any, Family]:
    """Return the configuration and the family of a model, without reading weights."""
    weight_files(path)
    loader: Any = AutoConfig
    try:
        config = loader.from_pretrained(**_source(path))
    except Exception as error:
        raise _unreadable(path, error) from error
    return config, family_of(config, path)


def _source(path: Path) -> dict[str, Any]:
    folder, gguf = (path.parent, path.name) if path.is_file() else (path, None)
    named: dict[str, Any] = {} if gguf is None else {"gguf_file": gguf}
    return {"pretrained_model_name_or_path": folder, "local_files_only": True, **named}


def _read(
    path: Path,
    config: Any,  # noqa: ANN401 - of any family
    family: Family,
    kind: torch.dtype,
    *,
    with_head: bool,
) -> tuple[Any, Any]:
    loader: Any = AutoModelForCausalLM if with_head else AutoModel
    options = _source(path)
    tokenizer_options = dict(options)
    if path.is_file():
        options["quantization_config"] = GgufConfig(dequantize=True)  # packed weights do not train
    if family.is_encoder:
        options["add_pooling_layer"] = False
    try:
        tokenizer = AutoTokenizer.from_pretrained(**tokenizer_options)
        model, info = loader.from_pretrained(
            config=config,
            dtype=kind,
            attn_implementation="eager" if family.is_capped else GROUPED,
            use_safetensors=True,
            ignore_mismatched_sizes=True,  # they are listed below, with their names
            output_loading_info=True,
            **options,
        )
    except Exception as error:
        raise _unreadable(path, error) from error
    _check_complete(path, info)
    return tokenizer, model


def _unreadable(path: Path, error: Exception) -> DataError:
    message = (
        f"{path} cannot be read as a language model: {error}; "
        "transformers must know its architecture, and GGUF files need the package gguf"
    )
    return DataError(message)


def _check_complete(path: Path, info: dict[str, Any]) -> None:
    # transformers fills missing weights with random numbers; here that is an error.
    missing = [f"no weights for {name}" for name in sorted(info["missing_keys"])]
    odd = [
        f"{name} has shape {tuple(found)}, and config.json expects {tuple(expected)}"
        for name, found, expected in sorted(info.get("mismatched_keys", ()))
    ]
    if missing or odd:
        shown = [*missing[:10], *odd[:10]]
        advice = "The file is truncated or has another architecture; copy it again."
        raise DataError.listing(str(path), shown, advice=advice)


def _keep_lowest(config: Any, depth: int | None) -> None:  # noqa: ANN401 - of any family
    """Let the model have its lowest layers only, before it is made."""
    if depth is None or depth >= config.num_hidden_layers:
        return
    config.num_hidden_layers = depth
    for name in _BY_LAYER:
        if (kinds := getattr(config, name, None)) is not None:
            setattr(config, name, list(kinds)[:depth])


@contextmanager
def _quietly() -> Iterator[None]:
    """Hide progress bars and messages of transformers inside the block.

    Errors are raised. Some progress bars cannot be switched off, so the standard error
    stream is redirected.
    """
    logging: Any = transformers_logging
    level, shown = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with redirect_stderr(StringIO()):
            yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()
