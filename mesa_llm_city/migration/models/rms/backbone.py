"""The language model an RMS-Agent starts from: loaded as it is, never re-initialised.

Any decoder that transformers can build from a local folder of safetensors or
from a GGUF file will do; weights are read, checked to be complete, and frozen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging

from mesa_llm_city.core.errors import DataError

__all__ = ["Backbone", "fingerprint", "load_backbone", "resolve_precision"]

_PARTS = ("config.json", "tokenizer.json", "*.safetensors")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """A frozen decoder with its tokenizer.

    Parameters
    ----------
    body : nn.Module
        The decoder without its language head: embeddings in, hidden states out.
    language_head : nn.Module
        Hidden state to logits over the vocabulary; used by the generative head only.
    tokenizer : object
        Of transformers; splits text into ids.
    sha256 : str
        Fingerprint of the files it was read from.
    """

    body: Any
    language_head: nn.Module
    tokenizer: Any
    sha256: str

    @property
    def width(self) -> int:
        """Length of a token vector."""
        return int(self.embeddings.shape[1])

    @property
    def depth(self) -> int:
        """Number of layers in use."""
        return int(self.body.config.num_hidden_layers)

    @property
    def embeddings(self) -> Tensor:
        """The token vectors, shape (vocabulary, width)."""
        weight: Tensor = self.body.get_input_embeddings().weight
        return weight

    @property
    def scale(self) -> float:
        """Root mean square of the token vectors; new tokens start at that size."""
        return float(self.embeddings.detach().float().square().mean().sqrt())

    def ids_of(self, text: str) -> list[int]:
        """Return the token ids of `text`, without marks of beginning or end."""
        return [int(i) for i in self.tokenizer(text, add_special_tokens=False)["input_ids"]]


def load_backbone(
    path: str | Path, *, depth: int | None = None, precision: str = "fp32", device: str = "cpu"
) -> Backbone:
    """Read a decoder from disk, keep its lowest layers, and freeze it.

    Parameters
    ----------
    path : str or Path
        A folder with ``config.json``, a tokenizer and safetensors, or a GGUF file.
    depth : int, optional
        Lowest layers to keep; all if None or more than there are.
    precision : {"fp32", "bf16", "auto"}, default "fp32"
        Type of its numbers.
    device : str, default "cpu"
        Where it lives.

    Raises
    ------
    DataError
        If there is no model at `path`, or its weights are not complete.
    """
    path = Path(path)
    _check_files(path)
    kind = torch.bfloat16 if resolve_precision(precision, device) == "bf16" else torch.float32
    with _quietly():
        tokenizer, model = _read(path, kind)
    _keep_lowest(model.base_model, depth)
    model.requires_grad_(requires_grad=False)
    model.eval()
    return Backbone(
        body=model.base_model.to(device),
        language_head=model.get_output_embeddings().to(device),
        tokenizer=tokenizer,
        sha256=fingerprint(path),
    )


def resolve_precision(precision: str, device: str) -> str:
    """Return "bf16" or "fp32"; "auto" takes bf16 where `device` multiplies in it."""
    if precision != "auto":
        return precision
    capable = device != "cpu" or torch.cpu.get_capabilities().get("avx512_bf16", False)
    return "bf16" if capable else "fp32"


def fingerprint(path: str | Path) -> str:
    """Return the SHA-256 of the weights, the configuration and the tokenizer at `path`."""
    digest = sha256()
    for file in _files(Path(path)):
        digest.update(file.name.encode())
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for pattern in _PARTS for file in path.glob(pattern))


def _check_files(path: Path) -> None:
    if path.is_file() and path.suffix == ".gguf":
        return
    lacking = [part for part in ("config.json", "*.safetensors") if not any(path.glob(part))]
    if lacking:
        raise DataError.listing(
            str(path),
            [f"no {part}" for part in lacking],
            advice="Name a GGUF file, or a folder of a decoder with config.json and safetensors.",
        )


def _read(path: Path, kind: torch.dtype) -> tuple[Any, Any]:
    folder, gguf = (path.parent, path.name) if path.is_file() else (path, None)
    options: dict[str, Any] = {"local_files_only": True}
    loader: Any = AutoModelForCausalLM
    if gguf is not None:
        options["gguf_file"] = gguf
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        model, told = loader.from_pretrained(
            folder,
            dtype=kind,
            attn_implementation="sdpa",
            use_safetensors=True,
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, LookupError, RuntimeError, ImportError, SafetensorError) as error:
        message = (
            f"{path} cannot be read as a language model: {error}; "
            "transformers must know its architecture, and GGUF files need the package gguf"
        )
        raise DataError(message) from error
    _check_complete(path, told)
    return tokenizer, model


def _check_complete(path: Path, told: dict[str, Any]) -> None:
    # transformers fills what a file lacks with random numbers; here that is an error.
    lacking = [f"no weights for {name}" for name in sorted(told["missing_keys"])]
    odd = [f"weights of the wrong shape: {key}" for key in told.get("mismatched_keys", ())]
    if lacking or odd:
        shown = [*lacking[:10], *odd[:10]]
        advice = "The file is truncated or belongs to another architecture; fetch it again."
        raise DataError.listing(str(path), shown, advice=advice)


def _keep_lowest(body: Any, depth: int | None) -> None:  # noqa: ANN401 - any decoder
    """Cut the list of layers, whatever a decoder calls it."""
    layers = int(body.config.num_hidden_layers)
    if depth is None or depth >= layers:
        return
    for name, part in body.named_children():
        if isinstance(part, nn.ModuleList) and len(part) == layers:
            setattr(body, name, part[:depth])
            body.config.num_hidden_layers = depth
            return
    message = f"the layers of {type(body).__name__} are not found; use depth=None"
    raise DataError(message)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep progress bars and advice off the terminal while transformers reads.

    What fails is raised. Some bars are not its own and cannot be switched off, so what is
    written past its logging is dropped.
    """
    told: Any = transformers_logging
    level, shown = told.get_verbosity(), told.is_progress_bar_enabled()
    told.set_verbosity_error()
    told.disable_progress_bar()
    try:
        with redirect_stderr(StringIO()):
            yield
    finally:
        told.set_verbosity(level)
        if shown:
            told.enable_progress_bar()
