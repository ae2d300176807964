"""Records of a run that are streamed: where they lie while it lasts, and what becomes of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.experiments.saves import saves_of
from mesa_llm_city.simulation.records import RecordOptions, read_records

if TYPE_CHECKING:
    from mesa_llm_city.experiments.options import RunOptions
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
    from mesa_llm_city.simulation.model import CityModel
    from mesa_llm_city.simulation.records.stream import RecordStream

__all__ = ["begin_records", "check_records", "crowd_records_of", "keeping_records", "records_of"]


def records_of(folder: Path) -> Path:
    """Return where the records of a run are streamed to, by the folder of its results.

    Examples
    --------
    >>> records_of(Path("runs", "town_day-7")).as_posix()
    'runs/town_day-7.records'
    """
    return folder.with_name(f"{folder.name}.records")


def crowd_records_of(folder: Path) -> Path:
    """Return where the records of the crowd of a run are streamed to (see `records_of`)."""
    return folder.with_name(f"{folder.name}.crowd-records")


def check_records(options: RunOptions) -> None:
    """Refuse to stream where a run that was broken off has left its records.

    With ``force`` they are removed, unless the run goes on from a save, which needs them.

    Raises
    ------
    ConfigError
        If there are some; it says until when they are.
    """
    if not options.stream or options.from_save is not None:
        return
    for home in (records_of(options.folder), crowd_records_of(options.folder)):
        if home.exists():
            _make_room(home, options)


def _make_room(home: Path, options: RunOptions) -> None:
    if options.force:
        shutil.rmtree(home)
        return
    saved = saves_of(options.folder)
    onward = f"go on from its save with --from {saved}, or " if saved.exists() else ""
    message = (
        f"out: {home} is there already: {_described(home)}; {onward}throw them away with --force"
    )
    raise ConfigError(message)


def begin_records(model: CityModel, options: RunOptions) -> None:
    """Let a model keep its records as the options say.

    A model that streams already, as one that was loaded from a save, goes on doing so.

    Raises
    ------
    ConfigError
        If the folder cannot be used.
    """
    crowd = model.crowd_or_none
    kept: list[tuple[CityModel | CrowdAgent, Path]] = [(model, records_of(options.folder))]
    if crowd is not None and crowd.options.tables:
        kept.append((crowd, crowd_records_of(options.folder)))
    for whose, home in kept:
        stream = home if options.stream and whose.records.stream is None else None
        minds = options.minds if whose is model else 0
        wanted = RecordOptions(stream=stream, sample=options.sample_persons, minds=minds)
        if wanted != RecordOptions():
            whose.keep_records(wanted)


@contextmanager
def keeping_records(model: CityModel, options: RunOptions) -> Iterator[None]:
    """Remove what was streamed once the results are complete; an error says where it is.

    Saves of the run refer to it, so that with any it stays.
    """
    try:
        yield
    except BaseException as error:
        _tell_kept(error, model)
        raise
    if saves_of(options.folder).exists():
        return
    for home in _streamed(model):
        shutil.rmtree(home, ignore_errors=True)


def _tell_kept(error: BaseException, model: CityModel) -> None:
    """Say where records are, or leave nothing if there are none."""
    for home, stream in _streamed(model).items():
        if any(part.path.is_relative_to(home) for part in stream.all_parts()):
            error.add_note(_described(home))
        else:
            shutil.rmtree(home, ignore_errors=True)


def _streamed(model: CityModel) -> dict[Path, RecordStream]:
    """Return the folders that records of citizens and of the crowd are streamed to."""
    crowd = model.crowd_or_none
    every = [model.records] if crowd is None else [model.records, crowd.records]
    streams = [one.stream for one in every]
    return {one.folder: one for one in streams if one is not None and one.folder is not None}


def _described(folder: Path) -> str:
    """Return in words which records a folder holds."""
    try:
        with catch_warnings():
            simplefilter("ignore")
            return read_records(folder).describe()
    except CityError as error:
        return error.message
