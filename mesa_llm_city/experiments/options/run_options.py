"""All options of a run: a file overlaid by the command line, checked as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from mesa_llm_city.experiments.catalogue import usual_options
from mesa_llm_city.experiments.options.decisions import DecisionOptions, LimitOptions, LLMOptions
from mesa_llm_city.experiments.options.declare import OptionGroup, Text, option
from mesa_llm_city.experiments.options.defects import OptionDefect, OptionsError, defects_of
from mesa_llm_city.experiments.options.files import overlaid, read_file
from mesa_llm_city.experiments.options.interventions import InterventionOptions
from mesa_llm_city.experiments.options.output import OutputOptions
from mesa_llm_city.experiments.options.saving import SavingOptions
from mesa_llm_city.experiments.options.setting import (
    CityOptions,
    ModelOptions,
    PeopleOptions,
    TimeOptions,
)
from mesa_llm_city.experiments.options.tables import USUAL_MINDS, TableOptions

__all__ = ["OPTION_GROUPS", "FittedTo", "RunOptions"]


class FittedTo(BaseModel):
    """A file that parameters were fitted to.

    Parameters
    ----------
    file : str
        Its name.
    sha256 : str
        Its checksum.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Text
    sha256: Text


OPTION_GROUPS: tuple[type[OptionGroup], ...] = (
    ModelOptions,
    CityOptions,
    PeopleOptions,
    TimeOptions,
    InterventionOptions,
    DecisionOptions,
    LLMOptions,
    LimitOptions,
    TableOptions,
    SavingOptions,
    OutputOptions,
)
"""The groups of options, in the order in which the command line shows them."""


class RunOptions(
    OutputOptions,
    SavingOptions,
    TableOptions,
    LimitOptions,
    LLMOptions,
    DecisionOptions,
    InterventionOptions,
    TimeOptions,
    PeopleOptions,
    CityOptions,
    ModelOptions,
):
    """Options of a run; each is also a key of a TOML file and an option of the command line.

    Values may be given as text, such as ``citizens="20"``. Frozen: `with_` returns others.

    Parameters
    ----------
    model : str, default "town_day"
        Name of a runnable model.
    parameters : CityParameters, mapping or list of str, optional
        What differs from the default parameters: dotted names with values, nested tables,
        or texts such as ``"mobility.gravity.gamma=1.5"``.
    places : Path or tuple of Path, optional
        Files of places; the synthetic town by default.
    zones, stations, network, categories : Path, optional
        Further files of the city (see `City.from_files`); they need `places`.
    unknown, bad_rows : {"error", "drop"}
        What to do with places of a category that is not in the table, and with rows that
        cannot be used.
    country : str, optional
        Two letters of ISO 3166: whose public holidays count in opening hours; by default
        the country in which the places lie.
    city_name : str, optional
        What titles call the city; by default what its extract of OpenStreetMap calls its
        largest settlement, or else the name of the first file.
    people : Path, optional
        Table of people; by default `citizens` of them are synthesised.
    households : Path, optional
        Table of the households of these people.
    citizens : int, default 500
        Number of people to synthesise, at least 1.
    crowd : int, default 0
        Number of people who live beside them as rows of columns, by rules alone; for models
        that take a crowd. The synthetic town grows with it.
    days : int, default 1
        Length of the run, at least 1. `load` takes the length of the model if it has one.
    start : datetime.date, default 2024-04-01 (a Monday)
        First day.
    seed : int, default 7
        Seed of all random numbers, in [0, 2**64).
    interventions : Path or sequence of Path, Intervention or mapping, optional
        What is changed from outside while the model runs: tables or objects as `CityModel`
        takes them, or TOML files with tables ``[[interventions]]``.
    mind : {"rules", "prompt", "policy"}, default "rules"
        Whether rules decide, a language model where there is a prompt, or policies where there
        is one.
    policy : sequence of str or Path, or mapping of str to Path, optional
        Files of policies compiled from a language model, by prompt or as texts ``NAME=FILE``;
        also beside prompts, of which they take the place.
    prompts : tuple of str, optional
        What the language model decides: names or presets of `citizen.presets`, such as
        ``plan`` or ``light``; everything by default.
    without : tuple of str, optional
        Components to leave out: names of `citizen.presets.ABLATIONS`, such as ``beliefs``.
    llm : str, optional
        Provider and name of the language model, or the path of a ``.gguf`` file.
    backend : {"litellm", "http", "local"}, optional
        How it is reached: by default ``local`` for a file, ``http`` if there is an
        `api_base`, and else ``litellm``.
    api_base : str, optional
        Address of a server with the chat interface of OpenAI, up to and with ``/v1``.
    key_env : str, optional
        Name of the environment variable that holds the key.
    reply_format : {"native", "grammar", "text"}, optional
        Whether the form of a reply goes along as a schema (the default), as a grammar
        (servers of the llama.cpp family; the default for a ``local`` model), or in words
        only.
    in_flight : int, optional
        Greatest number of requests at a time; 64 by default, 4 for a ``local`` model.
    timeout_s : float, default 60
        Longest wait for an answer, in seconds.
    answer_tokens : int, optional
        Greatest length of answers, thoughts included, in place of that of each prompt.
    tries : int, optional
        How often a question is asked whose answers cannot be used (5 by default), or on which
        the server fails (12 by default).
    per_min : float, optional
        Greatest number of requests per minute.
    model_options : mapping or list of str, optional
        Further parameters of each request: by name, or texts such as ``"seed=1"``.
    omit : tuple of str, optional
        Parameters that are not sent, such as ``temperature``. What a model refuses is left out
        by itself.
    skip_check : bool, default False
        Whether to leave out the short question before the run, which shows whether key,
        address and name of the model are right.
    on_failure : {"raise", "rules"}, default "raise"
        Whether a question without a usable answer ends the run, or is decided by rule and
        counted.
    prompts_from : Path, optional
        Folder of prompts that come before those of the package.
    record : Path, optional
        File (``.jsonl.gz``) to which all answers are written at the end.
    replay : Path, optional
        Recording that answers instead of a model.
    price : tuple of float, optional
        US dollars per million tokens of prompt and of answer, for a model without a listed
        price, or at another one.
    max_usd, max_calls, max_tokens : optional
        Limits of the whole run, earlier attempts included.
    confirm_above : float, default 1
        On a terminal, cost estimates above so many US dollars are to be confirmed.
    no_limit : bool, default False
        Whether a model without a known price may be asked without a limit of calls or tokens.
    yes : bool, default False
        Whether to go on without asking.
    stream : bool, default False
        Whether tables are written in parts while the run lasts, so that memory stays bounded.
    crowd_tables : bool, default False
        Whether stays, trips and visits of the crowd are kept as tables too.
    sample_persons : float, default 1
        Share of the persons whose rows are kept, in (0, 1]; hourly counts are of everybody.
    minds : int, default 2000
        Of how many of them memories, insights, beliefs, ties, moods and goals are kept too, as
        they change; of more people, a sample of about that many.
    save_every : int or str, optional
        How often the model is saved beside the results, in ``<out>.save``: minutes, or a span
        such as ``"1d"`` or ``"6h"``.
    from_save : Path, optional
        Folder of a save that the run goes on from; city, people, seed and start are those of
        the save, and `days` counts from the start of its run.
    out : Path, optional
        Folder of the results; by default ``runs/<model>-<seed>``, or the next free number,
        such as ``runs/<model>-<seed>-2``.
    fitted : sequence of FittedTo or mapping, optional
        Files that the parameters were fitted to, with their SHA-256, as `calibrate` writes them
        into a TOML file; the manifest names them. No option of the command line.
    force : bool, default False
        Whether to replace what an earlier run has left there.
    resume : bool, default False
        Whether to go on with a run that was broken off; without `out`, with the newest one.

    Raises
    ------
    OptionsError
        A `ConfigError` that lists every option that is impossible.

    Examples
    --------
    >>> options = RunOptions(citizens=20, parameters={"mobility.gravity.gamma": 1.5})
    >>> options.folder.as_posix(), options.parameters.mobility.gravity.gamma
    ('runs/town_day-7', 1.5)
    """

    fitted: tuple[FittedTo, ...] = option(
        (),
        "Files that the parameters were fitted to.",
        accepts="a list of tables, each with file and sha256",
    )

    def __init__(self, /, **given: Any) -> None:  # noqa: ANN401 - values of any option
        found: list[OptionDefect] = []
        try:
            super().__init__(**given)
        except ValidationError as error:
            found += defects_of(error, type(self).model_fields)
        for group in OPTION_GROUPS:
            found += group.conflicts(given)
        if not found and (date.max - self.start).days < self.days:
            problem = f"{self.days} days from {self.start} are beyond the year 9999; choose fewer"
            found.append(OptionDefect("days", problem))
        if found:
            raise OptionsError.listing(found)

    @classmethod
    def load(cls, config: Path | None = None, **overrides: object) -> Self:
        """Read a file and overlay it with options given elsewhere.

        Parameters
        ----------
        config : Path, optional
            A TOML file, whose relative paths start from its folder; or the
            ``manifest.json`` of a run, to repeat it.
        **overrides
            Options that take precedence; None stands for one that was not given.
            Parameters are put over those of the file one by one, and interventions are added
            to those of the file.

        Raises
        ------
        OptionsError
            Lists every unknown key, wrong type, value out of range and missing file.

        Examples
        --------
        >>> RunOptions.load(days="2", seed=None).days
        2
        """
        written, defects = read_file(config, cls.model_fields)
        given = {name: value for name, value in overrides.items() if value is not None}
        try:
            options = cls(**_with_usual(overlaid(written, given)))
        except OptionsError as error:
            defects += error.defects
        if defects:
            raise OptionsError.listing(defects, in_file=written.keys() - given.keys())
        return options

    def with_(self, **changes: object) -> Self:
        """Return other options, checked again.

        Examples
        --------
        >>> RunOptions(days=2).with_(seed=8).days
        2
        """
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self)(**{**given, **changes})

    @property
    def is_live(self) -> bool:
        """Whether a language model is asked, rather than rules or a recording."""
        return self.asks and self.replay is None

    @property
    def prompt_folders(self) -> tuple[Path, ...]:
        """Folders of prompts that come before those of the package."""
        return () if self.prompts_from is None else (self.prompts_from,)

    @property
    def folder(self) -> Path:
        """Where the results go, unless another run has left its results there."""
        return Path("runs", f"{self.model}-{self.seed}") if self.out is None else self.out

    def to_dict(self) -> dict[str, Any]:
        """Return all options as JSON-able values; `RunOptions` makes the same from them.

        The number of citizens is left out if there is a table of people, interventions and
        policies without any, the crowd if there is none, the share of persons if it is all of
        them, and the number of minds if it is the usual one.
        """
        superfluous = set() if self.people is None else {"citizens"}
        superfluous |= {name for name in ("interventions", "policy") if not getattr(self, name)}
        if self.sample_persons == 1.0:
            superfluous.add("sample_persons")
        if self.minds == USUAL_MINDS:
            superfluous.add("minds")
        if not self.crowd:
            superfluous.add("crowd")
        if not self.crowd_tables:
            superfluous.add("crowd_tables")
        return self.model_dump(mode="json", exclude=superfluous)


def _with_usual(given: dict[str, Any]) -> dict[str, Any]:
    """Return options with length, people and start that the model takes, if none are given."""
    usual = usual_options(str(given.get("model")))
    if "people" in given or "from_save" in given:
        usual.pop("citizens", None)
    if "from_save" in given:
        for name in ("start", "crowd"):
            usual.pop(name, None)
    return {**usual, **given}
