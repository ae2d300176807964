"""How a model of society is run from options: on the command line, in the browser, in a sweep.

``program.py`` beside a ``model.py`` holds ``PROGRAM = ModelProgram(...)``; the command line finds
it by the name of its folder.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.experiments.options import ProgramOptions
from mesa_llm_city.experiments.program_run import result_lines, run_program
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.simulation.society import SocietyModel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mesa_llm_city.core.asking import Backend

__all__ = ["Lever", "ModelProgram"]

_SEEDS = ("rng", "seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """An option that the page shows as a slider.

    It acts in the middle of a run if it is one of the model's ``LEVERS`` or the dotted name of a
    parameter; otherwise it begins a new run.

    Parameters
    ----------
    name : str
        Name of the option, or dotted name of the parameter.
    label : str
        What the page says, with the unit, such as ``"Corrections a day"``.
    low, high : float
        Ends of the slider.
    step : float, default 0.05
        Its step.
    """

    name: str
    label: str
    low: float
    high: float
    step: float = 0.05


@dataclass(frozen=True, kw_only=True)
class ModelProgram:
    """A model of society with what the command line and the page need to know of it.

    Prompts of its own lie in a folder ``prompts`` beside the file of its class.

    Parameters
    ----------
    name : str
        Name of the model and of its folder.
    model : type of SocietyModel
        Its class. What it takes by keyword are its options; it takes ``rng``, ``llm``,
        ``prompts`` and ``**kwargs`` as well, and has a length by default.
    options : mapping of str to str
        What each option is, by name, for help and page; options that are left out cannot be
        given from outside.
    key_figures : callable
        Returns key figures of a finished run by name, as texts.
    draw : callable
        Returns the picture that tells the story of a run, as a figure of matplotlib.
    levers : tuple of Lever, optional
        What the page shows as sliders.
    data : tuple of str, optional
        Options that may name a file; the manifest has its checksum.
    people : str, default "people"
        Name of the option that is the number of people (``--citizens``).
    days : str, default "days"
        Name of the option that is the number of days (``--days``), if the model has one.
    """

    name: str
    model: type[SocietyModel]
    options: Mapping[str, str]
    key_figures: Callable[[Any], Mapping[str, str]]
    draw: Callable[[Any], Figure]
    levers: tuple[Lever, ...] = ()
    data: tuple[str, ...] = ()
    people: str = "people"
    days: str = "days"
    defaults: Mapping[str, object] = field(init=False)

    PAGE: ClassVar[str] = "mesa_llm_city.ui.program_page"

    def __post_init__(self) -> None:
        """Read the default of each option from the signature of the model."""
        object.__setattr__(self, "defaults", _defaults(self))

    @property
    def title(self) -> str:
        """Name of the model as a heading."""
        return self.name.replace("_", " ").capitalize()

    @property
    def own_prompts(self) -> Path | None:
        """Folder of the prompts of the model; None if it has none of its own."""
        folder = Path(inspect.getfile(self.model)).parent / "prompts"
        return folder if folder.is_dir() else None

    def make(self, options: Mapping[str, object], *, llm: Backend | None = None) -> SocietyModel:
        """Return the model at its start.

        Parameters
        ----------
        options : mapping
            Options by name, parameters by dotted name, ``rng``, and ``prompts``.
        llm : Backend, optional
            What answers questions.

        Raises
        ------
        CityError
            If an option is unknown or impossible, or a file has defects.
        """
        known = (*self.options, *_SEEDS, "prompts")
        for name in options:
            if name not in known and "." not in name:
                message = (
                    f"{self.name} has no option {name!r}{did_you_mean(name, known) or '.'} "
                    f"Its options are {', '.join(self.options)}, and parameters by dotted name"
                )
                raise ConfigError(message)
        try:
            return self.model(**options, llm=llm)  # type: ignore[arg-type]
        except CityError:
            raise
        except (TypeError, ValueError) as error:
            message = f"an option of {self.name} has a value of another kind: {error}"
            raise ConfigError(message) from error

    def run(self, options: ProgramOptions, *, progress: Progress | None = None) -> Path:
        """Run the model to its end, by rules or with a language model (see `run_program`)."""
        options = options.model_copy(update={"model": self.name, "own_prompts": self.own_prompts})
        return run_program(self, options, progress=progress)

    def simulate(self, options: Mapping[str, object], folder: Path | None = None) -> list[str]:
        """Run the model by rules to its end; leave tables, a manifest and a picture.

        Parameters
        ----------
        options : mapping
            As for `make`.
        folder : Path, optional
            Folder of the results; by default ``runs/NAME-SEED`` or the next free number.

        Returns
        -------
        list of str
            Key figures and where the results are, a line each.
        """
        own = {name: one for name, one in options.items() if name not in _SEEDS}
        dotted = {name: own.pop(name) for name in list(own) if "." in name}
        seed = options.get("rng", options.get("seed"))
        given = {} if seed is None else {"seed": seed}
        run = ProgramOptions(
            model=self.name,
            options=own,
            parameters=dotted,
            out=folder,
            force=folder is not None,
            **given,
        )
        return result_lines(self.run(run))


def _defaults(program: ModelProgram) -> dict[str, object]:
    """Return the default of each option, from the signature of the model."""
    taken = inspect.signature(program.model).parameters
    if unknown := [name for name in program.options if name not in taken]:
        message = f"{program.model.__name__} takes no argument {', '.join(unknown)}"
        raise ConfigError(message)
    return {name: taken[name].default for name in program.options}
