"""Options about how the tables of a run are kept while it lasts."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from mesa_llm_city.experiments.options.declare import (
    Number,
    OptionGroup,
    Switch,
    Whole,
    option,
    refuse,
    switch,
)

__all__ = ["USUAL_MINDS", "TableOptions"]

USUAL_MINDS = 2000
"""Of how many persons of a run memories, beliefs, ties and moods are kept."""


def _share(value: float) -> float:
    if not 0.0 < value <= 1.0:
        refuse(f"must be a share above 0 and at most 1, got {value:g}")
    return value


def _persons(value: int) -> int:
    if value < 0:
        refuse(f"must be a number of persons, 0 for none, got {value}")
    return value


_Share = Annotated[Number, AfterValidator(_share)]
_Persons = Annotated[Whole, AfterValidator(_persons)]


class TableOptions(OptionGroup):
    """Whether tables are in memory or in files, and of whom they are."""

    title: ClassVar[str] = "Tables"

    stream: Switch = switch(
        "Write the tables in parts while the run lasts, so that memory stays bounded."
    )
    crowd_tables: Switch = switch(
        "Keep stays, trips and visits of the crowd as tables too; counts by the hour always are."
    )
    sample_persons: _Share = option(
        1.0,
        "Keep the rows of this share of the persons only; hourly counts are of everybody.",
        accepts="a share above 0 and at most 1",
        metavar="SHARE",
    )
    minds: _Persons = option(
        USUAL_MINDS,
        "Keep memories, beliefs, ties and moods of so many persons as they change; 0 for none.",
        accepts="a number of persons, 0 for none",
        metavar="N",
    )
