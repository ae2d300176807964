"""The manifest of a run that is read again, checked: it may be truncated or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.text_files import is_file, is_folder, read_json
from mesa_llm_city.experiments.atomic_output import MANIFEST, UNFINISHED

__all__ = ["read_manifest", "read_options"]

_TEXT, _TABLE, _LIST = "a text", "a table", "a list"
_WHOLE, _NUMBER, _OPTIONAL = "a whole number", "a number", "a number or null"
# What others than the options of the run are read from it, by dotted name.
_FIELDS = {
    "config": _TABLE,
    "parameters": _TABLE,
    "seed": _WHOLE,
    "start": _TEXT,
    "days": _WHOLE,
    "people": _WHOLE,
    "language_model": _TEXT,
    "counts": _TABLE,
    "digest": _TEXT,
    "city": _TABLE,
    "city.name": _TEXT,
    "city.no_place_for": _LIST,
    "findings": _TABLE,
    "findings.trips_per_person_day": _NUMBER,
    "findings.median_trip_min": _OPTIONAL,
    "findings.time_shares": _TABLE,
    "findings.mode_shares": _TABLE,
}
_NUMBERS = ("counts", "findings.time_shares", "findings.mode_shares")
_MISSING = object()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a complete run.

    Parameters
    ----------
    folder : Path
        Folder of the run.

    Raises
    ------
    ConfigError
        If it is no folder of a run.
    DataError
        If the manifest is truncated, or lacks something; all defects are listed.
    """
    file = folder / MANIFEST
    if not is_file(file):
        message = f"{folder} {_why_none(folder)}"
        raise ConfigError(message)
    contents = read_json(file)
    defects = [*_defects(contents)] if isinstance(contents, dict) else ["it holds no table"]
    if defects:
        advice = "It is no manifest, or was changed; run it again with --force."
        raise DataError.listing(str(file), defects, advice=advice)
    found: dict[str, Any] = contents
    return found


def _why_none(folder: Path) -> str:
    """Return in words why there is no run in a folder, and what to do."""
    done = folder.with_name(folder.name.removesuffix(UNFINISHED))
    if is_folder(done.with_name(f"{done.name}{UNFINISHED}")):
        return (
            "is no complete run: it was broken off, or has not ended yet. Go on with it by the "
            f"same command with --resume, which leaves its tables in {done}"
        )
    make = "make one with `mesa-llm-city run town_day --out DIR`, or `mesa-llm-city demo`"
    if is_file(folder):
        return f"is a file, and not the folder of a run; {make}"
    why = "is no folder of a run" if is_folder(folder) else "does not exist"
    return f"{why}: there is no {MANIFEST} in it; {make}"


def read_options(file: Path) -> dict[str, Any]:
    """Return the options and parameters in a manifest, as `RunOptions` takes them.

    Raises
    ------
    DataError
        If it cannot be read, or holds none.
    """
    contents = read_json(file)
    options = contents.get("config") if isinstance(contents, dict) else None
    parameters = contents.get("parameters") if isinstance(contents, dict) else None
    if not isinstance(options, dict) or not isinstance(parameters, dict):
        message = f"{file} has no tables config and parameters, so it is no manifest of a run"
        raise DataError(message)
    return {**options, "parameters": parameters}


def _defects(contents: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is missing, or of another type."""
    missing = []
    for name, kind in _FIELDS.items():
        value = _at(contents, name)
        if value is _MISSING:
            missing.append(name)
        elif not _is(value, kind):
            yield f"{name} must be {kind}, got {value!r:.80}"
    if missing:
        yield f"it has no {', '.join(missing)}"
    for name in _NUMBERS:
        table = _at(contents, name)
        if isinstance(table, dict) and not all(_is(one, _NUMBER) for one in table.values()):
            yield f"{name} must hold numbers, got {table!r:.80}"
    if isinstance(days := contents.get("days"), int) and not 1 <= days < 1_000_000:
        yield f"days must be from 1 to 999,999, got {days}"
    if isinstance(start := contents.get("start"), str) and not _is_day(start):
        yield f"start must be a day such as 2024-04-01, got {start!r}"
    yield from _defects_of_calls(contents.get("calls"))


def _defects_of_calls(calls: object) -> Iterator[str]:
    from mesa_llm_city.llm import Totals

    if calls is None:
        return
    if not isinstance(calls, dict):
        yield f"calls must be a table or null, got {calls!r:.80}"
    elif wrong := [name for name in Totals._fields if not _is(calls.get(name), _NUMBER)]:
        yield f"calls has no number for {', '.join(wrong)}"


def _at(contents: Any, name: str) -> Any:  # noqa: ANN401 - any JSON
    for part in name.split("."):
        contents = contents.get(part, _MISSING) if isinstance(contents, dict) else _MISSING
    return contents


def _is(value: object, kind: str) -> bool:
    if kind == _WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in {_NUMBER, _OPTIONAL}:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return (value is None and kind == _OPTIONAL) or (is_number and _is_finite(value))
    return isinstance(value, {_TEXT: str, _TABLE: dict, _LIST: list}[kind])


def _is_finite(value: Any) -> bool:  # noqa: ANN401 - a number
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
