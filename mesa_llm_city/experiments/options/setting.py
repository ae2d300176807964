"""Options about what is simulated: model and parameters, city, people, time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.local_calendar import LocalCalendar
from mesa_llm_city.experiments.catalogue import list_models, model_names
from mesa_llm_city.experiments.options.assignments import assigned, plain_value
from mesa_llm_city.experiments.options.declare import (
    Day,
    ExistingFile,
    ExistingMap,
    OptionGroup,
    Whole,
    option,
    path,
    refuse,
    whole,
)
from mesa_llm_city.experiments.options.defects import OptionDefect
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["CityOptions", "ModelOptions", "PeopleOptions", "TimeOptions"]

_OF_FILES = ("zones", "stations", "network", "categories", "country", "city_name")
# More than the largest city of the world has.
_CITIZENS_BELOW = 100_000_000
_ON_DEFECTS = ("unknown", "bad_rows")


def _model_name(name: str) -> str:
    names = model_names()
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the models are {', '.join(names)}"
        others = {model.name: model.readme for model in list_models() if not model.is_runnable}
        if name in others:
            refuse(f"{name!r} is no city, so it cannot be run here; {others[name]} says how")
        refuse(f"there is no model {name!r}; {hint}")
    return name


def _country(code: str) -> str:
    try:
        return LocalCalendar.of(code).country
    except ConfigError as error:
        refuse(str(error))


def _parameters(value: object) -> object:
    """Return the tree for parameters by dotted name, as nested tables or as texts NAME=VALUE."""
    if isinstance(value, CityParameters):
        return value
    if isinstance(value, list | tuple):
        value = assigned(value)
    return CityParameters.from_dotted(value) if isinstance(value, Mapping) else value


def _several(value: object) -> object:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


_ModelName: TypeAlias = Annotated[str, AfterValidator(_model_name)]
_Parameters: TypeAlias = Annotated[
    CityParameters,
    BeforeValidator(_parameters),
    PlainSerializer(lambda tree: {k: plain_value(v) for k, v in tree.changed().items()}),
]
_Country: TypeAlias = Annotated[str, AfterValidator(_country)]
_Files: TypeAlias = Annotated[tuple[ExistingMap, ...], BeforeValidator(_several)]


class ModelOptions(OptionGroup):
    """Which model, with which parameters."""

    title: ClassVar[str] = "Model"

    model: _ModelName = option(
        "town_day", "Name of a model, such as town_day.", accepts="the name of a model"
    )
    parameters: _Parameters = option(
        default_parameters(),
        "A parameter by its dotted name, such as mobility.gravity.gamma=1.5; may be repeated.",
        accepts="a table of parameters, or texts NAME=VALUE",
        metavar="NAME=VALUE",
        shown="see mesa-llm-city parameters",
    )


class CityOptions(OptionGroup):
    """The city: files of one's own, or a synthetic town."""

    title: ClassVar[str] = "City"

    places: _Files = path(
        "Places, one file or more.", metavar="FILE ...", default=(), shown="a synthetic town"
    )
    zones: ExistingMap | None = path("Zones as polygons.")
    stations: ExistingMap | None = path("Railway stations.")
    network: ExistingMap | None = path("Streets.")
    categories: ExistingFile | None = path("Categories of places and their purposes.")
    unknown: Literal["error", "drop"] = option(
        "error", "What to do with places of an unknown category: error or drop.", metavar="WHAT"
    )
    bad_rows: Literal["error", "drop"] = option(
        "error", "What to do with rows that cannot be used: error or drop.", metavar="WHAT"
    )

    country: _Country | None = option(
        None,
        "Country of the public holidays in opening hours, as two letters such as FI.",
        accepts="the code of a country, such as JP",
        metavar="CODE",
        shown="where the places lie",
    )
    city_name: str | None = option(
        None,
        "Name of the city, for titles.",
        accepts="a name",
        metavar="NAME",
        shown="that of the extract, or of the first file",
    )

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[OptionDefect]:
        """Yield the options that are of no use without places."""
        if given.get("places"):
            return
        files = [name for name in _OF_FILES if given.get(name) is not None]
        # Rows of a table of people may be bad as well.
        of_city = [name for name in _ON_DEFECTS if name != "bad_rows" or not given.get("people")]
        drops = [name for name in of_city if given.get(name) == "drop"]
        for name in [*files, *drops]:
            yield OptionDefect(name, "belongs to a city of your own; give its places as well")


class PeopleOptions(OptionGroup):
    """The people: a table, or a number to synthesise."""

    title: ClassVar[str] = "People"

    people: ExistingFile | None = path("Table of people.", shown="synthesised")
    households: ExistingFile | None = path("Table of households of these people.")
    citizens: Whole = whole(
        500,
        "Number of people to synthesise.",
        least=1,
        below=_CITIZENS_BELOW,
        shown="500, or what the model takes",
    )
    crowd: Whole = whole(
        0,
        "Number of people who live beside them as rows of columns, by rules alone.",
        least=0,
        below=_CITIZENS_BELOW,
        shown="0, or what the model takes",
    )
    outsiders: ExistingFile | None = path(
        "Table of people who enter from outside, by gate and hour.", shown="as the parameters say"
    )

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[OptionDefect]:
        """Yield a number of people beside a table of them, and households without people."""
        if given.get("households") is not None and given.get("people") is None:
            yield OptionDefect("households", "belongs to a table of people; give it as well")
        if given.get("people") is not None and "citizens" in given:
            yield OptionDefect(
                "citizens", "a table of people says by itself how many there are; leave it out"
            )


class TimeOptions(OptionGroup):
    """When, for how long, and the seed."""

    title: ClassVar[str] = "Time and seed"

    days: Whole = whole(
        1, "Number of days.", least=1, metavar="D", shown="1, or what the model takes"
    )
    start: Day = option(
        date(2024, 4, 1),
        "First day.",
        shown="2024-04-01, or what the model takes",
        accepts="a date such as 2024-04-01, of 1700 to 2199 and without a time of day",
        metavar="DATE",
    )
    seed: Whole = whole(7, "Seed of all random numbers.", least=0, metavar="S")
