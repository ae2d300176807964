"""What a run is asked to do: a file overlaid by the command line, checked as a whole."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.catalogue import model_names
from mesa_llm_city.experiments.decision_options import (
    MIND_CHECKS,
    MIND_READERS,
    DecisionOptions,
    decision_conflicts,
)
from mesa_llm_city.experiments.option_checks import (
    Check,
    a_date,
    a_file,
    a_flag,
    a_folder,
    files,
    one_of,
    whole,
)

__all__ = ["RunOptions"]

_CITY_FILES = ("zones", "stations", "network", "categories")
_FILES = ("people", *_CITY_FILES)
_OTHER_PATHS = ("prompts_from", "record", "replay")
_WHAT_TO_DO = ("unknown", "bad_rows")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(DecisionOptions):
    """Options of a run; each is also a key of the file and an option of the command line.

    Those about language models are described in `DecisionOptions`.

    Parameters
    ----------
    model : str, default "town_day"
        Which of the runnable models.
    places : tuple of Path, optional
        Files of places; the synthetic town by default.
    zones, stations, network, categories : Path, optional
        Further files of the city (see `City.from_files`); they need `places`.
    people : Path, optional
        Table of people; by default `citizens` of them are synthesised.
    citizens : int, default 500
        How many people to synthesise, at least 1.
    days : int, default 1
        Length of the run, at least 1.
    seed : int, default 7
        Of everything drawn, in [0, 2**64).
    start : datetime.date, default 2024-04-01 (a Monday)
        First day.
    unknown : {"error", "drop"}
        What to do with places of a category that is not in the table.
    bad_rows : {"error", "drop"}
        What to do with broken rows of the files of the city.
    out : Path, optional
        Folder of the results; by default ``runs/<model>-<seed>``.
    force : bool, default False
        Whether to replace what an earlier run has left there.

    Raises
    ------
    ConfigError
        Lists every option that is impossible.

    Examples
    --------
    >>> RunOptions(citizens=20, days=2).folder.as_posix()
    'runs/town_day-7'
    """

    model: str = "town_day"
    places: tuple[Path, ...] = ()
    zones: Path | None = None
    stations: Path | None = None
    network: Path | None = None
    people: Path | None = None
    categories: Path | None = None
    citizens: int = 500
    days: int = 1
    seed: int = 7
    start: date = date(2024, 4, 1)
    unknown: Literal["error", "drop"] = "error"
    bad_rows: Literal["error", "drop"] = "error"
    out: Path | None = None
    force: bool = False

    def __post_init__(self) -> None:
        """Check every option."""
        _raise_if_any(_defects({one.name: getattr(self, one.name) for one in fields(self)}))

    @classmethod
    def load(cls, config: Path | None = None, **overrides: object) -> RunOptions:
        """Read a TOML file and overlay it with options given elsewhere.

        Parameters
        ----------
        config : Path, optional
            The file; relative paths in it start from its folder.
        **overrides
            Options that take precedence; None stands for one that was not given,
            and numbers and dates may be texts.

        Raises
        ------
        ConfigError
            Lists every unknown key, wrong type, value out of range, and missing file.

        Examples
        --------
        >>> RunOptions.load(days="2", seed=None).days
        2
        """
        written, defects = ({}, []) if config is None else _read(config)
        given = {name: value for name, value in overrides.items() if value is not None}
        values = {name: _convert(name, value) for name, value in {**written, **given}.items()}
        known = {one.name for one in fields(cls)}
        defects += [_unknown(name, known) for name in values if name not in known]
        if values.keys() >= {"citizens", "people"}:
            defects.append("citizens: a table of people says by itself how many there are")
        _raise_if_any([*defects, *_defects(values)])
        return cls(**values)  # type: ignore[arg-type]  # each has been checked

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return Path("runs", f"{self.model}-{self.seed}") if self.out is None else self.out

    def to_dict(self) -> dict[str, object]:
        """Return all options as JSON-able values, in order."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path | date) else value


def _raise_if_any(defects: list[str]) -> None:
    if defects:
        count = "1 defect" if len(defects) == 1 else f"{len(defects)} defects"
        message = "\n  - ".join([f"the options have {count}:", *defects])
        raise ConfigError(message)


# Reading: texts and relative paths become values.


def _read(config: Path) -> tuple[dict[str, object], list[str]]:
    """Return what the file says, and what is wrong with the file itself."""
    try:
        with config.open("rb") as stream:
            written = tomllib.load(stream)
    except (OSError, tomllib.TOMLDecodeError) as error:
        return {}, [f"config: {config} cannot be read ({error}); give a TOML file"]
    return {name: _based(name, value, config.parent) for name, value in written.items()}, []


def _based(name: str, value: object, folder: Path) -> object:
    """Let relative paths of a file start from its folder."""
    if name == "places" and isinstance(value, list):
        return [folder / one if isinstance(one, str) else one for one in value]
    is_path = name in {*_FILES, *_OTHER_PATHS, "places", "out"} and isinstance(value, str)
    return folder / str(value) if is_path else value


def _convert(name: str, value: object) -> object:
    """Return a value in the type of its option, or as it is where that cannot be done."""
    if name == "places":
        many = value if isinstance(value, list | tuple) else [value]
        return tuple(Path(one) if isinstance(one, str) else one for one in many)
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str):
        return _convert_text(name, value)
    return value


def _convert_text(name: str, text: str) -> object:
    readers: dict[str, Callable[[str], object]] = {
        **dict.fromkeys(("citizens", "days", "seed"), int),
        **dict.fromkeys((*_FILES, "out"), Path),
        "start": date.fromisoformat,
        **MIND_READERS,
    }
    try:
        return readers.get(name, str)(text)
    except ValueError:
        return text


# Checking: one line per defect.


def _defects(values: Mapping[str, Any]) -> list[str]:
    single = [
        f"{name}: {told}"
        for name, value in values.items()
        if name in _CHECKS and (told := _CHECKS[name](value))
    ]
    return [*single, *_conflicts(values), *decision_conflicts(values)]


def _conflicts(values: Mapping[str, Any]) -> list[str]:
    """Tell which options are of no use without places."""
    if values.get("places"):
        return []
    files = [name for name in _CITY_FILES if values.get(name) is not None]
    drops = [name for name in _WHAT_TO_DO if values.get(name) == "drop"]
    needy = "belongs to a city of your own; give its places as well"
    return [f"{name}: {needy}" for name in [*files, *drops]]


def _unknown(name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    hint = f"did you mean {near[0]}?" if near else f"the options are {', '.join(sorted(known))}"
    return f"{name}: unknown option; {hint}"


def _model(value: object) -> str:
    names = model_names()
    if value in names:
        return ""
    near = get_close_matches(str(value), names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"the models are {', '.join(names)}"
    return f"there is no model {value!r}; {hint}"


_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "model": _model,
        "places": files,
        **dict.fromkeys(_FILES, a_file),
        "citizens": whole(1),
        "days": whole(1),
        "seed": whole(0),
        "start": a_date,
        **dict.fromkeys(_WHAT_TO_DO, one_of("error", "drop")),
        "out": a_folder,
        "force": a_flag,
        **MIND_CHECKS,
    }
)
