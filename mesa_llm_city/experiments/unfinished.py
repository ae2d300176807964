"""Answers of a language model, kept beside the folder of a run until the run is complete.

A run that is broken off leaves ``NAME.unfinished`` beside its folder: the answers so far and the
options. The same options with ``resume`` go on from there, so that no answer is paid for twice.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from mesa_llm_city.core.errors import CityError, ConfigError, DataError
from mesa_llm_city.core.text_files import is_file, read_json
from mesa_llm_city.experiments.atomic_output import MANIFEST, UNFINISHED, unwritable
from mesa_llm_city.experiments.language_model import open_llm
from mesa_llm_city.experiments.options import AnyOptions
from mesa_llm_city.experiments.saved_run import read_options
from mesa_llm_city.llm import LLM, Store
from mesa_llm_city.simulation.surveys.own_llm import store_of_surveys

__all__ = [
    "ANSWERS",
    "differences",
    "earlier_options",
    "is_complete",
    "keeping_answers",
    "settle",
    "unfinished",
]

ANSWERS = "answers.sqlite"
"""Name of the store of answers, in the folder of a run."""

_OF_SURVEYS = store_of_surveys(ANSWERS)
_OPTIONS = "options.json"
# Given back when the disk is full, so that answers still under way can be kept. It is larger
# than thousands of answers; its bytes are random, since file systems may store others smaller.
_RESERVE = "reserve"
_RESERVED_BYTES = 4 * 1024 * 1024
# What may differ when a run is resumed: it does not change what is asked.
_MAY_CHANGE = frozenset(
    {
        *("api_base", "backend", "key_env", "in_flight", "timeout_s", "on_failure", "price"),
        *("max_usd", "max_calls", "max_tokens", "confirm_above", "yes", "resume", "force"),
        *("out", "record", "answer_tokens", "tries", "per_min", "skip_check", "no_limit"),
        *("save_every", "from_save", "stream"),
    }
)


def unfinished(folder: Path) -> Path:
    """Return where the answers of a run lie until its folder is complete.

    Examples
    --------
    >>> unfinished(Path("runs", "town_day-7")).as_posix()
    'runs/town_day-7.unfinished'
    """
    return folder.with_name(f"{folder.name}{UNFINISHED}")


@contextmanager
def keeping_answers(options: AnyOptions) -> Iterator[LLM | None]:
    """Give the language model of a run, and keep what it answers; None if rules decide.

    The answers lie in `unfinished` while the run lasts. If it is broken off they stay there,
    and the error says so; `settle` moves them once the folder of the run is complete.

    Raises
    ------
    ConfigError
        If there are answers of a run that was broken off, and it is not to be resumed
        or had other options.
    """
    home = unfinished(options.folder)
    # Made before anything is written, since its options may not fit together.
    llm = open_llm(options, store=home / ANSWERS if options.is_live else None)
    if options.is_live:
        _check_recording(options)
        _claim(home, options)
        _reserve(home)
    try:
        yield llm
        if llm is not None and options.is_live:
            llm.flush()
    except BaseException as error:
        if options.is_live:
            _rescue(llm, home)
        _close(llm)
        if options.is_live:
            _tell_kept(error, home)
        raise
    _close(llm)


def settle(options: AnyOptions, folder: Path) -> None:
    """Move the answers of a complete run into its folder, and write the recording.

    Those of surveys are beside those of the run, in files of their own.

    Parameters
    ----------
    options : RunOptions or ProgramOptions
        Options of the run.
    folder : Path
        Its folder.
    """
    if not options.is_live:
        return
    home = unfinished(options.folder)
    try:
        for name in (ANSWERS, _OF_SURVEYS):
            _move(home / name, folder / name)
    except OSError as error:
        message = (
            f"the run in {folder} is complete, but its answers stay in {home} ({error.strerror}); "
            "move them with --resume"
        )
        raise DataError(message) from error
    shutil.rmtree(home, ignore_errors=True)
    if options.record is not None:
        _record(options.record, folder / ANSWERS, folder)
        _record(Path(store_of_surveys(str(options.record))), folder / _OF_SURVEYS, folder)


def _move(kept: Path, to: Path) -> None:
    if is_file(kept):
        # Opened and closed, so that what a killed run had written beside it is taken in.
        with Store(kept):
            pass
        kept.replace(to)


def _record(recording: Path, kept: Path, folder: Path) -> None:
    if not is_file(kept):
        return
    try:
        with Store(kept) as store:
            store.export_jsonl(recording)
    except CityError as error:
        error.add_note(f"the run itself is complete in {folder}; write it again with --resume")
        raise


def is_complete(options: AnyOptions) -> bool:
    """Tell whether the folder of a run that is to be resumed is complete already.

    Raises
    ------
    ConfigError
        If what is complete is a run with other options.
    """
    earlier = earlier_options(options.folder / MANIFEST) if options.resume else None
    if earlier is None:
        return False
    _check_same(earlier, options, f"the run in {options.folder}")
    return True


def earlier_options(file: Path) -> dict[str, object] | None:
    """Return the options of an earlier run from its manifest or its `unfinished` folder.

    Parameters
    ----------
    file : Path
        A manifest, or an `unfinished` folder.

    Returns
    -------
    dict or None
        None if there is no such file.
    """
    if file.name != MANIFEST:
        return _read(file / _OPTIONS)
    return read_options(file) if is_file(file) else None


def differences(earlier: Mapping[str, object], options: AnyOptions) -> list[str]:
    """Return which options change what is asked, as texts with both values."""
    wanted, before = _decisive(options.to_dict()), _decisive(earlier)
    return [
        f"{name}: {wanted.get(name)!r} now, {before.get(name)!r} then"
        for name in sorted(wanted.keys() | before.keys())
        if wanted.get(name) != before.get(name)
    ]


def _claim(home: Path, options: AnyOptions) -> None:
    """Make the folder for answers, or take over that of an earlier attempt."""
    if home.exists() and not options.resume:
        if not (options.force and (home / _OPTIONS).is_file()):
            raise ConfigError(_taken_message(home))
        shutil.rmtree(home)
    if (earlier := earlier_options(home)) is not None:
        _check_same(earlier, options, f"the run that was broken off in {home}")
        with Store(home / ANSWERS) as kept:
            kept.note(times_resumed=int(kept.settings().get("times_resumed", 0)) + 1)
        return
    try:
        # Of two runs that begin at the same time, only one makes it.
        home.mkdir(parents=True, exist_ok=options.resume)
    except FileExistsError:
        raise ConfigError(_taken_message(home)) from None
    except OSError as error:
        raise unwritable(home.parent, error) from error
    _write_options(home, options)


def _write_options(home: Path, options: AnyOptions) -> None:
    fresh = home / f"{_OPTIONS}.new"
    try:
        fresh.write_text(json.dumps(_decisive(options.to_dict()), indent=2), encoding="utf-8")
        fresh.replace(home / _OPTIONS)
    except OSError as error:
        shutil.rmtree(home, ignore_errors=True)
        raise unwritable(home, error) from error


def _check_recording(options: AnyOptions) -> None:
    """Refuse a recording that cannot be written, before anything is asked.

    Raises
    ------
    ConfigError
        If its folder cannot be made or written to, or it is itself a folder.
    """
    recording = options.record
    if recording is None:
        return
    probe = recording.with_name(f".{recording.name}.probe")
    try:
        if recording.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        missing = [one for one in recording.parents if not one.exists()]
        recording.parent.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
        for one in missing:
            one.rmdir()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"record: cannot write {recording} ({reason}); choose another file"
        raise ConfigError(message) from error


def _reserve(home: Path) -> None:
    """Take some space, to be given back if the disk is full later.

    Raises
    ------
    ConfigError
        If there is not even that much.
    """
    try:
        (home / _RESERVE).write_bytes(Random(0).randbytes(_RESERVED_BYTES))  # noqa: S311 - filler
    except OSError as error:
        (home / _RESERVE).unlink(missing_ok=True)
        raise unwritable(home, error) from error


def _rescue(llm: LLM | None, home: Path) -> None:
    """Keep what was answered while the disk was full or the folder was away."""
    with suppress(OSError):
        (home / _RESERVE).unlink(missing_ok=True)
    if llm is not None:
        with suppress(CityError, OSError):
            llm.flush()


def _taken_message(home: Path) -> str:
    count = _count(home)
    what = "the answers" if count is None else f"{count} answers"
    return (
        f"out: {home} holds {what} of a run that was broken off; "
        "go on with --resume, or throw them away with --force"
    )


def _check_same(earlier: Mapping[str, object], options: AnyOptions, run: str) -> None:
    if differ := differences(earlier, options):
        message = (
            f"{run} had other options ({'; '.join(differ)}); resume with the same ones, "
            "or start another run in another folder"
        )
        raise ConfigError(message)


def _decisive(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if name not in _MAY_CHANGE}


def _read(file: Path) -> dict[str, object] | None:
    if not is_file(file):
        return None
    contents = read_json(file)
    if not isinstance(contents, dict):
        message = f"{file} holds no options of a run; remove its folder, or start in another one"
        raise DataError(message)
    return contents


def _count(home: Path) -> int | None:
    """Return how many answers are kept, surveys included; None if that cannot be read."""
    count = 0
    for file in filter(is_file, (home / ANSWERS, home / _OF_SURVEYS)):
        try:
            with Store(file) as kept:
                count += len(kept)
        except CityError:
            return None
    return count


def _tell_kept(error: BaseException, home: Path) -> None:
    """Say where the answers are, or leave nothing if there are none."""
    if not home.is_dir():
        return
    count = _count(home)
    if count == 0:
        shutil.rmtree(home, ignore_errors=True)
        return
    what = "the answers so far" if count is None else f"{count:,} answers"
    error.add_note(f"{what} are kept in {home}; go on with --resume")


def _close(llm: LLM | None) -> None:
    if llm is not None:
        # What could not be written has been told; nothing else can be done about it here.
        with suppress(CityError):
            llm.close()
