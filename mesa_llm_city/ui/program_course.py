"""The course of a model of society that a page shows: the run, and a copy to compare it with."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from mesa_llm_city.experiments.options import ProgramOptions
from mesa_llm_city.experiments.program_run import build_society_model

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.experiments.model_program import Lever, ModelProgram
    from mesa_llm_city.llm import LLM
    from mesa_llm_city.simulation.society import SocietyModel

__all__ = ["ProgramCourse"]

_DPI = 110
_ROWS = 200  # rows of a table on the page; the last ones


class ProgramCourse:
    """A run of a model of society, step by step, from any thread.

    Parameters
    ----------
    program : ModelProgram
        The model.
    options : ProgramOptions
        Options of the run.
    llm : LLM, optional
        What answers questions.

    Attributes
    ----------
    program : ModelProgram
        As given.
    options : ProgramOptions
        As given.
    model : SocietyModel
        The run.
    other : SocietyModel or None
        A copy that goes on without further changes.
    """

    def __init__(
        self, program: ModelProgram, options: ProgramOptions, llm: LLM | None = None
    ) -> None:
        self.program, self.options = program, options
        self.model = build_society_model(program, options, llm)
        self.other: SocietyModel | None = None
        self._lock = Lock()

    @property
    def running(self) -> bool:
        """Whether the end is not reached yet."""
        return bool(self.model.running)

    @property
    def llm(self) -> object:
        """What answers questions; None if rules decide."""
        return self.model.llm

    def step(self) -> None:
        """Go on by one step, the copy as well."""
        with self._lock:
            self.model.step()
            if self.other is not None:
                self.other.step()

    def keep_copy(self) -> None:
        """Keep a copy of the run at this moment, which goes on beside it without its changes."""
        with self._lock:
            self.other = self.model.copy()

    def acts_at_once(self, lever: Lever) -> bool:
        """Return whether a lever may be moved in the middle of the run."""
        return "." in lever.name or lever.name in self.model.LEVERS

    def value_of(self, lever: Lever) -> float:
        """Return where a lever stands."""
        if "." in lever.name:
            return float(self.model.parameters.get(lever.name))
        if lever.name in self.model.LEVERS:
            return float(getattr(self.model, lever.name))
        return float(self.values()[lever.name])

    def change(self, name: str, value: float) -> None:
        """Change a lever or parameter of the run from now on."""
        with self._lock:
            self.model.change(**{name: value})

    def values(self) -> dict[str, Any]:
        """Return the options of the run by name, defaults included."""
        return {**self.program.defaults, **self.options.options}

    def picture(self, *, of_copy: bool = False) -> bytes | None:
        """Return the picture of the run, or of its copy, as PNG; None before the first step."""
        with self._lock:
            model = self.other if of_copy else self.model
            if model is None or not model.minute:
                return None
            drawn = BytesIO()
            self.program.draw(model).savefig(drawn, format="png", dpi=_DPI)
            return drawn.getvalue()

    def key_figures(self) -> Mapping[str, str]:
        """Return key figures by name; none before the first step."""
        with self._lock:
            return self.program.key_figures(self.model) if self.model.minute else {}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the last rows of each table by name."""
        with self._lock:
            return {name: frame.tail(_ROWS) for name, frame in self.model.frames().items()}
