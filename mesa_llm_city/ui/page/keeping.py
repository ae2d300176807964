"""Runs of a page in a folder, in which they outlast the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock, Timer
from typing import Any, NamedTuple

from mesa_llm_city.core.errors import CityError, ConfigError, DataError
from mesa_llm_city.core.text_files import is_file, read_json
from mesa_llm_city.experiments.catalogue import load_model
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page.listeners import outside_kernels
from mesa_llm_city.ui.page.runner import Runner

__all__ = [
    "Keeper",
    "Kept",
    "KeptRun",
    "class_of",
    "finish_step",
    "folder_of",
    "save_steadily",
]

_SAVE, _SESSION = "model", "session.json"
_STILL_S = 2.0
_PLAYING_S = 300.0
_TO_THE_END_S = 10.0


class Kept(NamedTuple):
    """A run as it was kept: the model, the changed options, and the person selected last."""

    model: CityModel
    changes: dict[str, Any]
    person: int


@dataclass(frozen=True, slots=True)
class KeptRun:
    """The folder of one run.

    Parameters
    ----------
    folder : Path
        The folder; it is made with the first save.
    """

    folder: Path

    @property
    def is_there(self) -> bool:
        """Whether a run is kept here."""
        return is_file(self.folder / _SESSION)

    def save(self, model: CityModel, *, changes: Mapping[str, Any], person: int) -> None:
        """Keep a model as it is now; what was kept before stays until all is written.

        Parameters
        ----------
        model : CityModel
            The model, between two steps.
        changes : mapping of str to object
            Options of the run that differ from those of the server.
        person : int
            Id of the person who is selected.

        Raises
        ------
        CityError
            If it cannot be saved (see `CityModel.save`), or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            model.save(self.folder / _SAVE)
            told = {"changes": dict(changes), "person": person, "minute": model.minute}
            partial = self.folder / f".{_SESSION}"
            partial.write_text(f"{json.dumps(told, indent=2)}\n", encoding="utf-8")
            partial.replace(self.folder / _SESSION)
        except OSError as error:
            message = f"the run cannot be kept in {self.folder}: {error.strerror}"
            raise DataError(message) from error

    def load(self, kind: type[CityModel], llm: object) -> Kept:
        """Return the run that is kept here.

        Parameters
        ----------
        kind : type
            Class of the model.
        llm : LLM or None
            The language model of the run.

        Raises
        ------
        CityError
            If it cannot be taken up (see `CityModel.load`).
        """
        told = read_json(self.folder / _SESSION)
        if not isinstance(told, dict):
            message = f"{self.folder / _SESSION} is damaged"
            raise DataError(message)
        model = kind.load(self.folder / _SAVE, llm=llm)  # type: ignore[arg-type]
        return Kept(model, dict(told.get("changes", {})), int(told.get("person", -1)))

    def set_aside(self) -> Path:
        """Rename the folder, so that another run can be kept here, and return its new name."""
        number = 1
        while (aside := self.folder.with_name(f"{self.folder.name}.old-{number}")).exists():
            number += 1
        self.folder.rename(aside)
        return aside


def folder_of(home: Path, browser: str, source: str) -> Path:
    """Return the folder in which the run of a browser is kept.

    Parameters
    ----------
    home : Path
        Folder of the server.
    browser : str
        What tells the browser from others; it cannot be read from the name.
    source : str
        What the server shows, so that a server with other options leaves the run alone.

    Examples
    --------
    >>> folder_of(Path("kept"), "a", "town").name == folder_of(Path("kept"), "b", "town").name
    False
    """
    return home / sha256(f"{browser}\n{source}".encode()).hexdigest()[:20]


def class_of(options: RunOptions) -> type[CityModel]:
    """Return the class of the models of these options, which can be kept.

    Raises
    ------
    ConfigError
        If the model is no class that can be loaded from a save.
    """
    kind = load_model(options.model)
    if not (isinstance(kind, type) and issubclass(kind, CityModel)):
        message = (
            f"the model {options.model!r} is no class of models, so its runs cannot be kept; "
            "leave --keep out"
        )
        raise ConfigError(message)
    return kind


def save_steadily(kept: KeptRun, runner: Runner, changes: Mapping[str, Any], person: int) -> bool:
    """Keep the model of a runner between two steps; return whether it could.

    Parameters
    ----------
    kept : KeptRun
        Where to keep it.
    runner : Runner
        Runs the model.
    changes : mapping of str to object
        Options of the run that differ from those of the server.
    person : int
        Id of the person who is selected.

    Returns
    -------
    bool
        False if a step goes on for too long, or what is shown is no model.

    Raises
    ------
    CityError
        If it cannot be saved.
    """
    model = runner.city
    if not isinstance(model, CityModel) or not runner.between_steps.acquire(timeout=1.0):
        return False
    try:
        model.check_between_steps("kept")
        kept.save(model, changes=changes, person=person)
    finally:
        runner.between_steps.release()
    return True


def finish_step(runner: Runner) -> None:
    """Finish a step that is under way, if that asks nothing of a language model.

    A model by rules finishes it for nothing; others begin it anew when they are taken up.
    """
    if runner.busy and getattr(runner.city, "llm", None) is None:
        runner.step()
        runner.wait(_TO_THE_END_S)


class Keeper:
    """Keeps a run soon after it stands still, and now and then while it plays.

    Parameters
    ----------
    kept : KeptRun
        Where it is kept.
    runner : Runner
        Runs the model.
    changes : mapping of str to object
        Options of the run that differ from those of the server.
    person : callable
        Returns the id of the person who is selected.
    still_s, playing_s : float, optional
        How long a run stands still or plays until it is kept, in seconds.

    Attributes
    ----------
    trouble : str
        Why the run could not be kept last; empty if it could.
    """

    def __init__(
        self,
        kept: KeptRun,
        runner: Runner,
        *,
        changes: Mapping[str, Any],
        person: Callable[[], int],
        still_s: float = _STILL_S,
        playing_s: float = _PLAYING_S,
    ) -> None:
        self.kept, self.trouble = kept, ""
        self._runner, self._changes, self._person = runner, changes, person
        self._still_s, self._playing_s = still_s, playing_s
        self._lock = Lock()
        self._timer: Timer | None = None
        self._kept_as: tuple[int, int, int] | None = None
        self._stop = runner.listen(self.plan)

    def end(self) -> None:
        """Keep the run as it is now, once its step has ended, and keep it no more."""
        self._stop()
        self._cancel()
        finish_step(self._runner)
        self._save()

    def leave(self) -> None:
        """Keep the run no more, as when another one takes its place."""
        self._stop()
        self._cancel()

    def plan(self) -> None:
        """Keep the run in a moment, as it has changed; in some minutes while it plays."""
        runner = self._runner
        with self._lock:
            if self._timer is not None and runner.playing:
                return
            if self._timer is not None:
                self._timer.cancel()
            with outside_kernels():
                wait_s = self._playing_s if runner.playing else self._still_s
                self._timer = Timer(wait_s, self._save)
            self._timer.daemon = True
            self._timer.start()

    def _cancel(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None

    def _save(self) -> None:
        """Keep the run, unless a step is under way or it is kept as it is."""
        with self._lock:
            self._timer = None
        model, person = self._runner.city, self._person()
        # A model that was let go of has lost all that it held.
        if not isinstance(model, CityModel) or not hasattr(model, "acts"):
            return
        now = model.minute, len(model.acts), person
        if now == self._kept_as:
            return
        try:
            if save_steadily(self.kept, self._runner, self._changes, person):
                self._kept_as, self.trouble = now, ""
        except CityError as error:
            self.trouble = str(error)
