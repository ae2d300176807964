"""Which language model, and which recording of its answers, a save was made with."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.llm import LLM, Store

__all__ = ["check_recording", "language_model_facts"]


def language_model_facts(llm: Backend | None) -> dict[str, Any] | None:
    """Return what a save says about a language model; its answers stay where they are.

    Returns
    -------
    dict or None
        Class, models by route, and name, number of answers and SHA-256 of the recording; None
        if rules decide.
    """
    if not isinstance(llm, LLM):
        return None if llm is None else {"class": type(llm).__qualname__}
    return {
        "class": type(llm).__qualname__,
        "models": {name: spec.model for name, spec in llm.specs.items()},
        "mode": llm.mode,
        "recording": None if llm.path is None else _recording(llm.path),
    }


def check_recording(llm: Backend | None, facts: Mapping[str, Any] | None) -> None:
    """Warn if a recording is replayed that is another one than that of the save."""
    kept = (facts or {}).get("recording")
    if not isinstance(llm, LLM) or llm.mode != "replay" or llm.path is None or kept is None:
        return
    now = _recording(llm.path)
    if now["sha256"] != kept["sha256"]:
        message = (
            f"the save was made with the recording {kept['file']} of {kept['answers']} answers, "
            f"and goes on with {now['file']} of {now['answers']}; answers may be missing or differ"
        )
        warnings.warn(message, stacklevel=2)


def _recording(path: str) -> dict[str, Any]:
    """Return name, number of answers, and a hash of all requests and answers, in order."""
    total, count = sha256(), 0
    try:
        with Store(path) as store, store.reading() as db:
            for key, text in db.execute("SELECT key, text FROM answers ORDER BY key"):
                total.update(f"{key}\x1f{text}\x1e".encode())
                count += 1
    except (CityError, sqlite3.Error):
        # The answers are not what is saved; whoever asks is told by the store itself.
        return {"file": Path(path).name, "answers": None, "sha256": None}
    return {"file": Path(path).name, "answers": count, "sha256": total.hexdigest()}
