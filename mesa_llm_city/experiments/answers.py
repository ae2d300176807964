"""The language model of a run, and where its answers are kept until the run is complete."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.atomic_output import MARK
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.llm import LLM, Store

__all__ = ["ANSWERS", "answering", "is_complete", "unfinished"]

ANSWERS = "answers.sqlite"
"""Name of the store of answers, in the folder of a run."""

_OPTIONS = "options.json"
# What may differ when a run is resumed: it does not change what is asked.
_MAY_CHANGE = frozenset(
    {
        *("api_base", "backend", "key_env", "in_flight", "timeout_s", "on_failure", "price"),
        *("max_usd", "max_calls", "max_tokens", "confirm_above", "yes", "resume", "force"),
        *("out", "record"),
    }
)


def unfinished(folder: Path) -> Path:
    """Return where the answers of a run lie until its folder is complete.

    Examples
    --------
    >>> unfinished(Path("runs", "town_day-7")).as_posix()
    'runs/town_day-7.unfinished'
    """
    return folder.with_name(f"{folder.name}.unfinished")


def is_complete(options: RunOptions) -> bool:
    """Tell whether a run that is to be resumed has been completed already.

    Raises
    ------
    ConfigError
        If what is complete is a run with other options.
    """
    if not options.resume or not (options.folder / MARK).is_file():
        return False
    told = json.loads((options.folder / MARK).read_text(encoding="utf-8"))
    _check_same(told["config"], options, f"the run in {options.folder}")
    _settle(options)
    return True


@contextmanager
def answering(options: RunOptions) -> Iterator[LLM | None]:
    """Give the language model of a run; None if rules decide.

    Its answers are kept in `unfinished` while the run lasts. If it is broken off they
    stay there, and the error says so; when it is complete they move to its folder, and
    to the recording that was asked for.

    Raises
    ------
    ConfigError
        If there are answers of a run that was broken off, and it is not to be resumed
        or had other options.
    """
    if not options.asks:
        yield None
        return
    llm = _replaying(options) if options.replay else _keeping(options)
    try:
        yield llm
    except BaseException as error:
        llm.close()
        _tell_kept(error, options)
        raise
    llm.close()
    if options.replay is None:
        _settle(options)


def _replaying(options: RunOptions) -> LLM:
    return LLM.replay(
        options.replay or "", prompts=_folders(options), on_failure=options.on_failure
    )


def _keeping(options: RunOptions) -> LLM:
    home = unfinished(options.folder)
    # Made before anything is written, since its options may not fit together.
    llm = LLM(
        options.spec(),
        store=home / ANSWERS,
        budget=options.budget(),
        prices=options.prices(),
        prompts=_folders(options),
        on_failure=options.on_failure,
        engine=options.engine(),
    )
    _claim(home, options)
    return llm


def _folders(options: RunOptions) -> tuple[Path, ...]:
    return () if options.prompts_from is None else (options.prompts_from,)


def _claim(home: Path, options: RunOptions) -> None:
    """Make the folder for answers, or take over that of an earlier attempt."""
    told = home / _OPTIONS
    if home.exists() and not options.resume:
        if not (options.force and told.is_file()):
            message = (
                f"out: {home} holds {_count(home)} answers of a run that was broken off; "
                "go on with --resume, or throw them away with --force"
            )
            raise ConfigError(message)
        shutil.rmtree(home)
    if told.is_file():
        earlier = json.loads(told.read_text(encoding="utf-8"))
        _check_same(earlier, options, f"the run that was broken off in {home}")
        return
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"out: cannot write to {home.parent} ({error.strerror}); choose another folder"
        raise ConfigError(message) from error
    fresh = told.with_suffix(".new")
    fresh.write_text(json.dumps(_fixed(options.to_dict()), indent=2), encoding="utf-8")
    fresh.replace(told)


def _check_same(earlier: dict[str, object], options: RunOptions, source: str) -> None:
    wanted, before = _fixed(options.to_dict()), _fixed(earlier)
    differ = [
        f"{name}: {wanted.get(name)!r} now, {before.get(name)!r} then"
        for name in sorted(wanted.keys() | before.keys())
        if wanted.get(name) != before.get(name)
    ]
    if differ:
        message = (
            f"{source} had other options ({'; '.join(differ)}); resume with the same ones, "
            "or start another run in another folder"
        )
        raise ConfigError(message)


def _fixed(options: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if name not in _MAY_CHANGE}


def _count(home: Path) -> int:
    if not (home / ANSWERS).is_file():
        return 0
    with Store(home / ANSWERS) as kept:
        return len(kept)


def _tell_kept(error: BaseException, options: RunOptions) -> None:
    """Say where the answers are, or leave nothing if there are none."""
    home = unfinished(options.folder)
    if options.replay is not None or not home.is_dir():
        return
    if count := _count(home):
        error.add_note(f"{count:,} answers are kept in {home}; go on with --resume")
    else:
        shutil.rmtree(home)


def _settle(options: RunOptions) -> None:
    """Move the answers of a complete run into its folder, and write the recording."""
    home, kept = unfinished(options.folder), options.folder / ANSWERS
    if (home / ANSWERS).is_file():
        # Opened and closed, so that what a killed run had written beside it is taken in.
        with Store(home / ANSWERS):
            pass
        (home / ANSWERS).replace(kept)
    shutil.rmtree(home, ignore_errors=True)
    if options.record is not None and kept.is_file():
        options.record.parent.mkdir(parents=True, exist_ok=True)
        with Store(kept) as store:
            store.export_jsonl(options.record)
