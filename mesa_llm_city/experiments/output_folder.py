"""Where the results of a run go: the folder that was asked for, or the next free number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.atomic_output import MANIFEST, next_free
from mesa_llm_city.experiments.options import AnyOptions, ProgramOptions, RunOptions
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.run_lock import is_locked
from mesa_llm_city.experiments.run_records import records_of
from mesa_llm_city.experiments.saves import saves_of
from mesa_llm_city.experiments.unfinished import differences, earlier_options, unfinished

__all__ = ["with_folder"]

Options = TypeVar("Options", RunOptions, ProgramOptions)


def with_folder(options: Options, progress: Progress) -> Options:
    """Return the same options with the folder of the results decided.

    Without `out` it is ``runs/MODEL-SEED``, or with the next free number if that exists, such
    as ``runs/MODEL-SEED-2``. To resume, it is that of the newest unfinished run of this name,
    else that of the newest complete one with the same options.

    Raises
    ------
    ConfigError
        If there is an unfinished run of this name with the same options, which is neither
        to be resumed nor replaced: its answers would be paid for twice. Or if the run in `out`
        is to be resumed, and there is none.
    """
    if options.out is not None:
        if options.resume:
            _check_there(options.out)
        return options
    usual = options.folder
    if options.resume and (found := _to_resume(usual, options)) is not None:
        progress.say(f"resuming {found}")
        return _at(found, options)
    if options.force:
        return _at(usual, options)
    if options.is_live and not options.resume:
        _check_none_unfinished(usual, options)
    new = _at(next_free(usual, also=(unfinished, saves_of, records_of)), options)
    if options.resume:
        progress.say(
            f"no earlier run like this one is to be resumed; a new one begins: {new.folder}"
        )
    return new


def _at(folder: Path, options: Options) -> Options:
    # Not checked again, since seed and start of a run that goes on may not be given.
    return options.model_copy(update={"out": folder})


def _check_there(folder: Path) -> None:
    if not folder.exists() and not unfinished(folder).exists():
        message = (
            f"out: there is no run to resume in {folder}; check the path, or leave out --resume "
            "to begin one"
        )
        raise ConfigError(message)


def _to_resume(usual: Path, options: AnyOptions) -> Path | None:
    """Return the newest unfinished run of this name, else the newest complete one alike."""
    if options.is_live and (found := _newest_unfinished(usual, options)) is not None:
        return found
    alike = [
        folder
        for folder in _numbered(usual)
        if (earlier := earlier_options(folder / MANIFEST)) is not None
        and not differences(earlier, options)
    ]
    return max(alike, key=lambda folder: _changed_ns(folder / MANIFEST), default=None)


def _newest_unfinished(usual: Path, options: AnyOptions) -> Path | None:
    """Return the newest one, of those with the same options if there are any."""
    ages = {
        folder: (not differences(earlier_options(home) or {}, options), _changed_ns(home))
        for folder in _numbered(usual)
        if (home := unfinished(folder)).is_dir()
    }
    return max(ages, key=lambda folder: ages[folder], default=None)


def _check_none_unfinished(usual: Path, options: AnyOptions) -> None:
    for folder in _numbered(usual):
        earlier = earlier_options(unfinished(folder))
        if earlier is not None and not differences(earlier, options) and not is_locked(folder):
            message = (
                f"out: {unfinished(folder)} holds answers of this very run, which was broken off; "
                "go on with --resume, or start anew in another folder with --out DIR"
            )
            raise ConfigError(message)


def _numbered(usual: Path) -> Iterator[Path]:
    """Yield the folders of this name that exist, or whose unfinished run does, by number."""
    form = re.compile(rf"{re.escape(usual.name)}(?:-(\d+))?(?:\.unfinished)?")
    numbers = {
        int(found[1] or 1)
        for entry in (usual.parent.iterdir() if usual.parent.is_dir() else ())
        if (found := form.fullmatch(entry.name))
    }
    for number in sorted(numbers):
        yield usual if number == 1 else usual.with_name(f"{usual.name}-{number}")


def _changed_ns(path: Path) -> int:
    """Return when a file, or anything in a folder, was changed last."""
    files = [path, *path.iterdir()] if path.is_dir() else [path]
    return max(file.stat().st_mtime_ns for file in files)
