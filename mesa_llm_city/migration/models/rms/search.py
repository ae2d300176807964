"""Finding the language model of a checkpoint on this machine, by its hash."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.identity import Identity, is_language_model, weight_files

__all__ = ["SEARCH_VARIABLE", "find_backbone"]

SEARCH_VARIABLE = "MESA_LLM_CITY_BACKBONES"
"""Environment variable with folders of language models, separated as those of ``PATH``."""

_CACHED = "models--*/snapshots/*"  # the cache of Hugging Face
_SHOWN = 16


def find_backbone(
    wanted: Identity, *, given: str | Path | None = None, recorded: str | Path, beside: Path
) -> Path:
    """Return where the language model of a checkpoint is on this machine.

    Looked at are, in this order: `given` and nothing else, if it is given; otherwise the path
    recorded in training, what lies beside the checkpoint under the same name, and the folders
    of `SEARCH_VARIABLE`. A folder may be a language model, contain some, or be a cache of
    Hugging Face. The hash decides, the name does not matter.

    Parameters
    ----------
    wanted : Identity
        Identity of the language model of the training.
    given : str or Path, optional
        Language model, or a folder of some, that the caller names.
    recorded : str or Path
        Path at the time of training.
    beside : Path
        Folder of the checkpoint.

    Raises
    ------
    DataError
        If it is not found; the message says where was looked, and what was found there.
    """
    looked = []
    for place, reason in _places(given, Path(recorded), beside):
        found = _inside(place)
        told = [_mismatch(one, wanted) for one in found]
        match = next((one for one, why in zip(found, told, strict=True) if why is None), None)
        if match is not None:
            return match
        why = "; ".join(one for one in told if one) or "there is no language model"
        looked.append(f"{place} ({reason}): {why}")
    lost = (
        f"the language model of {beside} is not found: {wanted.name}, {wanted.size:,} bytes of "
        f"weights, SHA-256 {wanted.weights_sha256[:_SHOWN]}..."
    )
    advice = (
        "Give its folder or GGUF file as backbone= or --backbone, or name the folder that "
        f"contains it in the environment variable {SEARCH_VARIABLE}."
    )
    message = "\n".join([lost, *(f"  - looked at {place}" for place in looked), advice])
    raise DataError(message)


def _places(given: str | Path | None, recorded: Path, beside: Path) -> Iterator[tuple[Path, str]]:
    if given is not None:
        yield Path(given), "given"
        return
    yield recorded, "path of the training"
    yield beside.parent / recorded.name, "beside the checkpoint"
    for folder in os.environ.get(SEARCH_VARIABLE, "").split(os.pathsep):
        if folder:
            yield Path(folder).expanduser(), SEARCH_VARIABLE


def _inside(place: Path) -> list[Path]:
    """Return the language models at a place, in the order of their paths."""
    if is_language_model(place):
        return [place]
    if not place.is_dir():
        return []
    return sorted(
        one for pattern in ("*", _CACHED) for one in place.glob(pattern) if is_language_model(one)
    )


def _mismatch(path: Path, wanted: Identity) -> str | None:
    """Return why a language model is not the one wanted; None if it is."""
    try:
        if sum(one.stat().st_size for one in weight_files(path)) != wanted.size:
            return f"{path.name} has weights of another size"
        found = Identity.of(path)
    except (DataError, OSError) as error:
        return f"{path.name} cannot be read ({error})"
    different = found.differences(wanted)
    if not different:
        return None
    if "weights" in different:
        return f"{path.name} has other weights (SHA-256 {found.weights_sha256[:_SHOWN]}...)"
    return f"{path.name} has these weights, but another {' and '.join(different)}"
