"""Options about what is changed from outside while a model runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BeforeValidator

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.options.declare import OptionGroup, option, refuse

__all__ = ["InterventionOptions"]


def _interventions(value: object) -> object:
    """Return interventions of files and tables as plain tables."""
    if isinstance(value, str | Path):
        value = [value]
    if not isinstance(value, list | tuple):
        return value
    # Late, since what can be changed loads NumPy, which the help does without.
    from mesa_llm_city.simulation.interventions.registry import read_interventions

    try:
        tables = [table for one in value for table in _tables(one)]
        return tuple(one.to_dict() for one in read_interventions(tables))
    except DataError as error:
        refuse(str(error))


def _tables(one: Any) -> Iterator[Any]:  # noqa: ANN401 - a file or a table
    if not isinstance(one, str | Path):
        yield one
        return
    from mesa_llm_city.simulation.interventions.files import read_intervention_file

    yield from read_intervention_file(one)


_Interventions: TypeAlias = Annotated[
    tuple[Mapping[str, Any], ...], BeforeValidator(_interventions)
]


class InterventionOptions(OptionGroup):
    """What is changed while the model runs."""

    title: ClassVar[str] = "Interventions"

    interventions: _Interventions = option(
        (),
        "TOML file with tables [[interventions]]: what closes or changes; may be repeated.",
        accepts="tables [[interventions]], or files of them",
        metavar="FILE",
        shown="nothing",
        is_path=True,
    )
