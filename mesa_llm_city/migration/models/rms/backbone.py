"""The language model from which an RMS-Agent is trained.

Any decoder that transformers can load from a local folder of safetensors or from a GGUF file
can be used. Weights are read, checked for completeness, and frozen.
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
from torch import Tensor, nn
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging

from mesa_llm_city.core.errors import ConfigError, DataError

__all__ = ["Backbone", "fingerprint", "is_usable", "load_backbone", "resolve_precision"]

_PARTS = ("config.json", "tokenizer.json", "*.safetensors")
_CHUNK = 1 << 20
_SHOWN = 40


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
        Tokenizer of transformers.
    sha256 : str
        Fingerprint of its files.
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
        """Root mean square of the token vectors; the initial size of new tokens."""
        return float(self.embeddings.detach().float().square().mean().sqrt())

    def ids_of(self, text: str) -> list[int]:
        """Return the token ids of `text`, without special tokens."""
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
        Data type of the weights.
    device : str, default "cpu"
        Device of torch.

    Raises
    ------
    ConfigError
        If the device cannot be used here.
    DataError
        If there is no model at `path`, or weights are missing.
    """
    path = Path(path)
    if not is_usable(device):
        message = (
            f"device {device[:_SHOWN]!r} is unknown or not on this machine; accepted are 'cpu' and "
            "what torch finds here, such as 'cuda'"
        )
        raise ConfigError(message)
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


def is_usable(device: str) -> bool:
    """Return whether torch can compute on a device of this name here.

    Examples
    --------
    >>> is_usable("cpu"), is_usable("gpu"), is_usable("meta")
    (True, False, False)
    """
    try:
        return torch.zeros(1, device=device).item() == 0.0
    except (AssertionError, NotImplementedError, RuntimeError):
        return False


def resolve_precision(precision: str, device: str) -> str:
    """Return "bf16" or "fp32"; "auto" is bf16 if `device` supports it."""
    if precision != "auto":
        return precision
    capable = device != "cpu" or torch.cpu.get_capabilities().get("avx512_bf16", False)
    return "bf16" if capable else "fp32"


def fingerprint(path: str | Path) -> str:
    """Return the SHA-256 of the weights, the configuration and the tokenizer at `path`."""
    digest = sha256()
    path = Path(path)
    _check_files(path)
    for file in _files(path):
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
    missing = [part for part in ("config.json", "*.safetensors") if not any(path.glob(part))]
    if missing:
        raise DataError.listing(
            str(path),
            [f"no {part}" for part in missing],
            advice="Give a GGUF file, or a folder of a decoder with config.json and safetensors.",
        )


def _read(path: Path, kind: torch.dtype) -> tuple[Any, Any]:
    folder, gguf = (path.parent, path.name) if path.is_file() else (path, None)
    options: dict[str, Any] = {"local_files_only": True}
    loader: Any = AutoModelForCausalLM
    if gguf is not None:
        options["gguf_file"] = gguf
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        model, info = loader.from_pretrained(
            folder,
            dtype=kind,
            attn_implementation="sdpa",
            use_safetensors=True,
            output_loading_info=True,
            **options,
        )
    except Exception as error:
        message = (
            f"{path} cannot be read as a language model: {error}; "
            "transformers must know its architecture, and GGUF files need the package gguf"
        )
        raise DataError(message) from error
    _check_complete(path, info)
    return tokenizer, model


def _check_complete(path: Path, info: dict[str, Any]) -> None:
    # transformers fills missing weights with random numbers; here that is an error.
    missing = [f"no weights for {name}" for name in sorted(info["missing_keys"])]
    odd = [f"weights of the wrong shape: {key}" for key in info.get("mismatched_keys", ())]
    if missing or odd:
        shown = [*missing[:10], *odd[:10]]
        advice = "The file is truncated or has another architecture; copy it again."
        raise DataError.listing(str(path), shown, advice=advice)


def _keep_lowest(body: Any, depth: int | None) -> None:  # noqa: ANN401 - any decoder
    """Keep the lowest layers; the list of layers has another name in each architecture."""
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
