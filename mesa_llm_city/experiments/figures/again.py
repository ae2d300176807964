"""The picture of a model that is no city: the model is run again, since it draws itself.

By rules that costs some seconds; what a language model had answered is taken from the answers
that the run has kept, so that nothing is asked or paid for twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.text_files import is_file, read_json
from mesa_llm_city.experiments.atomic_output import MANIFEST
from mesa_llm_city.experiments.catalogue import Program, list_models, load_program
from mesa_llm_city.experiments.garbage_collection import settled
from mesa_llm_city.experiments.language_model import open_llm
from mesa_llm_city.experiments.model_program import ModelProgram
from mesa_llm_city.experiments.options import ProgramOptions
from mesa_llm_city.experiments.program_run import build_society_model
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.unfinished import ANSWERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["drawn_again", "program_of"]


class _Model(Protocol):
    """A model that can be run to its end."""

    @property
    def running(self) -> bool:
        """Whether the end is not reached yet."""
        ...

    def step(self) -> None:
        """Go on by one step."""
        ...

    def digest(self) -> str:
        """Return a fingerprint of the results."""
        ...


@runtime_checkable
class _DrawsRuns(Protocol):
    """A program whose runs can be drawn again from their manifest."""

    def remade(self, manifest: Mapping[str, Any]) -> _Model:
        """Return the model of a run at its start."""
        ...

    def draw(self, model: Any) -> Figure:  # noqa: ANN401 - the program's own model
        """Return the picture of a run."""
        ...


def program_of(folder: Path) -> str | None:
    """Return the name of the model of a run if it is no city; None for a run of a city.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    """
    contents = read_json(folder / MANIFEST) if is_file(folder / MANIFEST) else None
    name = contents.get("model") if isinstance(contents, dict) else None
    return name if name in {one.name for one in list_models() if one.is_program} else None


def drawn_again(folder: Path, *, progress: Progress | None = None) -> tuple[Figure, str]:
    """Run the model of a run again, and return its picture and a caption.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    progress : Progress, optional
        Is told what is going on.

    Raises
    ------
    ConfigError
        If the run cannot be made again, as its files have gone.
    DataError
        If it comes to other results, as of another version.
    """
    name = program_of(folder)
    if name is None:
        message = f"{folder} is no run of a model that draws itself; its figures have names"
        raise ConfigError(message)
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    program = load_program(name)
    model = _remade(program, folder, manifest)
    (progress or Progress()).say(f"running {name} again to draw it")
    with settled():
        while model.running:
            model.step()
    if model.digest() != manifest["digest"]:
        message = (
            f"{folder}: the model came to other results than those in the folder; it was made by "
            "another version, or its files have changed. Run it again with --force"
        )
        raise DataError(message)
    return cast("_DrawsRuns", program).draw(model), _caption(name, manifest)


def _remade(program: Program, folder: Path, manifest: Mapping[str, Any]) -> _Model:
    if not isinstance(program, ModelProgram):
        if isinstance(program, _DrawsRuns):
            return program.remade(manifest)
        message = f"runs of {manifest['model']} cannot be drawn again"
        raise ConfigError(message)
    options = ProgramOptions.load(folder / MANIFEST)
    own = {"own_prompts": program.own_prompts}
    if options.is_live:
        own["replay"] = folder / ANSWERS
    options = options.model_copy(update=own)
    return build_society_model(program, options, open_llm(options))


def _caption(name: str, manifest: Mapping[str, Any]) -> str:
    decided = manifest.get("language_model") or manifest.get("decided_by")
    return (
        f"{name.replace('_', ' ').capitalize()}, seed {manifest['seed']}; who decided: {decided}; "
        f"run {manifest['digest']}"
    )
