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
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["begin_records", "check_records", "keeping_records", "records_of"]


def records_of(folder: Path) -> Path:
    """Return where the records of a run are streamed to, by the folder of its results.

    Examples
    --------
    >>> records_of(Path("runs", "town_day-7")).as_posix()
    'runs/town_day-7.records'
    """
    return folder.with_name(f"{folder.name}.records")


def check_records(options: RunOptions) -> None:
    """Refuse to stream where a run that was broken off has left its records.

    With ``force`` they are removed, unless the run goes on from a save, which needs them.

    Raises
    ------
    ConfigError
        If there are some; it says until when they are.
    """
    home = records_of(options.folder)
    if not options.stream or options.from_save is not None or not home.exists():
        return
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
    if options.stream and model.records.stream is None:
        stream = records_of(options.folder)
        model.keep_records(RecordOptions(stream=stream, sample=options.sample_persons))
    elif options.sample_persons < 1.0:
        model.keep_records(RecordOptions(sample=options.sample_persons))


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
    stream = model.records.stream
    if stream is not None and stream.folder is not None and not saves_of(options.folder).exists():
        shutil.rmtree(stream.folder, ignore_errors=True)


def _tell_kept(error: BaseException, model: CityModel) -> None:
    """Say where records are, or leave nothing if there are none."""
    stream = model.records.stream
    if stream is None or stream.folder is None:
        return
    if any(part.path.is_relative_to(stream.folder) for part in stream.all_parts()):
        error.add_note(_described(stream.folder))
    else:
        shutil.rmtree(stream.folder, ignore_errors=True)


def _described(folder: Path) -> str:
    """Return in words which records a folder holds."""
    try:
        with catch_warnings():
            simplefilter("ignore")
            return read_records(folder).describe()
    except CityError as error:
        return error.message
