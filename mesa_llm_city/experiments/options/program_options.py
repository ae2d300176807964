"""Options of a run of a model that is no city: its own, and who decides as for any run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError

from mesa_llm_city.experiments.options.assignments import assigned
from mesa_llm_city.experiments.options.decisions import LimitOptions, LLMOptions
from mesa_llm_city.experiments.options.declare import OptionGroup, Text, Whole, Words, option, whole
from mesa_llm_city.experiments.options.defects import OptionDefect, OptionsError, defects_of
from mesa_llm_city.experiments.options.files import read_file
from mesa_llm_city.experiments.options.output import OutputOptions

__all__ = ["ProgramOptions"]


def _own(value: object) -> object:
    """Return options by name, from a table or from texts NAME=VALUE."""
    return assigned(value) if isinstance(value, list | tuple) else value


_Own: TypeAlias = Annotated[dict[str, Any], BeforeValidator(_own)]


class _WhatRuns(OptionGroup):
    """Which model, with which options and seed, and who decides."""

    title: ClassVar[str] = "Model"

    model: Text = option("", "Name of the model.", accepts="the name of a model")
    options: _Own = option({}, "Its own options.", accepts="a table of options")
    parameters: _Own = option({}, "Parameters by dotted name.", accepts="a table of parameters")
    seed: Whole = whole(7, "Seed of all random numbers.", least=0, metavar="S")
    mind: Literal["rules", "prompt"] = option("rules", "Who decides.", metavar="WHO")
    prompts: Words = option((), "What a language model decides.", accepts="names of prompts")


class ProgramOptions(OutputOptions, LimitOptions, LLMOptions, _WhatRuns):
    """Options of a run of a `ModelProgram`; frozen.

    Parameters
    ----------
    model : str
        Name of the model.
    options : mapping of str to object
        Options of the model by name.
    parameters : mapping of str to object
        Parameters by dotted name.
    seed : int, default 7
        Seed of all random numbers, in [0, 2**64).
    mind, prompts, out, force, resume and those of a language model
        As for `RunOptions`; `prompts` are those of the model.
    own_prompts : Path, optional
        Folder of the prompts of the model; no option of the command line.

    Raises
    ------
    OptionsError
        A `ConfigError` that lists every option that is impossible.

    Examples
    --------
    >>> ProgramOptions(model="community", options={"days": 3}).folder.as_posix()
    'runs/community-7'
    """

    own_prompts: Path | None = Field(default=None, exclude=True)

    def __init__(self, /, **given: Any) -> None:  # noqa: ANN401 - values of any option
        found: list[OptionDefect] = []
        try:
            super().__init__(**given)
        except ValidationError as error:
            found += defects_of(error, type(self).model_fields)
        found += LLMOptions.conflicts(given)
        if found:
            raise OptionsError.listing(found)

    @classmethod
    def load(cls, config: Path | None, **overrides: Any) -> Self:  # noqa: ANN401 - of any option
        """Read a file, or the manifest of a run, and overlay it with options given elsewhere.

        Parameters
        ----------
        config : Path or None
            A TOML file: options of the run as keys, those of the model in the table
            ``[options]``, parameters in ``[parameters]``.
        **overrides
            Options that take precedence; None stands for one that was not given. Options of the
            model and parameters are put over those of the file one by one.

        Raises
        ------
        OptionsError
            Lists every option that is impossible.
        """
        written, defects = read_file(config, cls.model_fields)
        given = {name: value for name, value in overrides.items() if value is not None}
        for name in ("options", "parameters"):
            if isinstance(written.get(name), Mapping) and name in given:
                given[name] = {**_flat(written[name]), **given[name]}
        both = {**written, **given}
        if isinstance(both.get("parameters"), Mapping):
            both["parameters"] = _flat(both["parameters"])
        try:
            options = cls(**both)
        except OptionsError as error:
            defects += error.defects
        if defects:
            raise OptionsError.listing(defects, in_file=written.keys() - given.keys())
        return options

    @property
    def asks(self) -> bool:
        """Whether a language model, or a recording of one, is asked."""
        return self.mind == "prompt"

    @property
    def is_live(self) -> bool:
        """Whether a language model is asked, rather than rules or a recording."""
        return self.asks and self.replay is None

    @property
    def folder(self) -> Path:
        """Where the results go, unless another run has left its results there."""
        return Path("runs", f"{self.model}-{self.seed}") if self.out is None else self.out

    @property
    def prompt_folders(self) -> tuple[Path, ...]:
        """Folders of prompts that come before those of the package; the user's before all."""
        return tuple(one for one in (self.prompts_from, self.own_prompts) if one is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return all options as JSON-able values; `ProgramOptions` makes the same from them."""
        return self.model_dump(mode="json")


def _flat(tables: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return nested tables by dotted name.

    Examples
    --------
    >>> _flat({"social": {"ties": {"fade_per_day": 0.1}}})
    {'social.ties.fade_per_day': 0.1}
    """
    flat: dict[str, Any] = {}
    for name, value in tables.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[f"{above}{name}"] = value
    return flat
