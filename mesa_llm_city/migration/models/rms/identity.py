"""Identity of a language model on disk: its name, and the SHA-256 of what it is made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.file_sums import file_sum

__all__ = ["Identity", "is_language_model", "weight_files"]

_WEIGHTS, _INDEX = "model.safetensors", "model.safetensors.index.json"
_TOKENIZER = (
    *("tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "merges.txt"),
    "vocab.txt",
)
_ADVICE = "Give a GGUF file, or a folder with config.json, a tokenizer and model.safetensors."


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a language model is made of.

    Parameters
    ----------
    name : str
        Name of its folder or file, or of the model in the cache of Hugging Face.
    weights_sha256 : str
        SHA-256 of the file of weights, as ``sha256sum`` prints it; of several files, that of
        their SHA-256 in the order of their names.
    config_sha256, tokenizer_sha256 : str
        SHA-256 of ``config.json`` and of the files of the tokenizer; empty for a GGUF file,
        which contains them.
    size : int
        Size of the weights, in bytes.
    """

    name: str
    weights_sha256: str
    config_sha256: str
    tokenizer_sha256: str
    size: int

    @classmethod
    def of(cls, path: str | Path) -> Self:
        """Return the identity of the language model at `path`.

        Raises
        ------
        DataError
            If there is none, or files are missing.
        """
        path = Path(path)
        weights = weight_files(path)
        parts = ((), ()) if path.is_file() else ((path / "config.json",), _tokenizer(path))
        config, tokenizer = (_joined(files) if files else "" for files in parts)
        return cls(
            name=_name(path),
            weights_sha256=_joined(weights),
            config_sha256=config,
            tokenizer_sha256=tokenizer,
            size=_size(weights),
        )

    def differences(self, other: Identity) -> list[str]:
        """Return which parts of another model are not those of this one; its name may differ."""
        parts = {
            "weights": "weights_sha256",
            "config.json": "config_sha256",
            "tokenizer": "tokenizer_sha256",
        }
        return [part for part, name in parts.items() if getattr(self, name) != getattr(other, name)]

    def to_dict(self) -> dict[str, object]:
        """Return the identity as values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the identity that `to_dict` described.

        Raises
        ------
        TypeError, ValueError
            If something is lacking, or of another type.
        """
        texts = {name: f"{one}" for name, one in values.items() if name != "size"}
        return cls(**texts, size=int(values.get("size", -1)))


def is_language_model(path: Path) -> bool:
    """Return whether a path looks like a language model: a GGUF file, or a folder of one."""
    if path.suffix == ".gguf":
        return path.is_file()
    names = (_WEIGHTS, _INDEX)
    return (path / "config.json").is_file() and any((path / name).is_file() for name in names)


def weight_files(path: Path) -> tuple[Path, ...]:
    """Return the files of weights, in the order of their names.

    Raises
    ------
    DataError
        If there is no language model, or one of its files is missing.
    """
    if path.is_file() and path.suffix == ".gguf":
        return (path,)
    if not path.exists():
        message = f"there is no language model at {path}: no such file or folder. {_ADVICE}"
        raise DataError(message)
    missing = [] if (path / "config.json").is_file() else ["no config.json"]
    files = _shards(path)
    missing += [] if files else [f"no {_WEIGHTS} and no {_INDEX}"]
    missing += [f"{one.name} is missing; {_INDEX} names it" for one in files if not one.is_file()]
    if missing:
        raise DataError.listing(str(path), missing, advice=_ADVICE)
    return files


def _shards(folder: Path) -> tuple[Path, ...]:
    whole, index = folder / _WEIGHTS, folder / _INDEX
    if whole.is_file() or not index.is_file():
        return (whole,) if whole.is_file() else ()
    try:
        named = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        return tuple(folder / one for one in sorted(set(named)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{index} cannot be read ({error}); it is truncated, copy it again"
        raise DataError(message) from error


def _tokenizer(folder: Path) -> tuple[Path, ...]:
    return tuple(folder / name for name in _TOKENIZER if (folder / name).is_file())


def _name(path: Path) -> str:
    """Return the name; in the cache of Hugging Face, a folder is named by a hash."""
    for part in path.resolve().parts:
        if part.startswith("models--"):
            return part.removeprefix("models--").replace("--", "/")
    return path.resolve().name


def _size(files: Iterable[Path]) -> int:
    return sum(one.stat().st_size for one in files)


def _joined(files: Iterable[Path]) -> str:
    """Return the SHA-256 of a file, or of the SHA-256 of several files."""
    sums = [file_sum(one) for one in files]
    return sums[0] if len(sums) == 1 else sha256("\n".join(sums).encode()).hexdigest()
