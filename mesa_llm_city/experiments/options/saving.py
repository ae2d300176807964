"""Options about saves: when a run leaves one, and which one a run goes on from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.experiments.options.declare import (
    ExistingFolder,
    OptionGroup,
    Whole,
    option,
    path,
    refuse,
)
from mesa_llm_city.experiments.options.defects import OptionDefect

__all__ = ["SavingOptions"]

_SPAN = re.compile(r"(\d{1,9})\s*(d|h|min)")
_UNITS = {"d": DAY_MIN, "h": HOUR_MIN, "min": 1}
_STEP_MIN = 5


def _minutes(value: object) -> object:
    """Turn a span such as ``6h`` into minutes."""
    if isinstance(value, str):
        found = _SPAN.fullmatch(value.strip().lower())
        if found is None:
            refuse(f"must be a span of time such as 1d, 6h or 30min, got {value!r}")
        value = int(found[1]) * _UNITS[found[2]]
    if isinstance(value, int) and (value < _STEP_MIN or value % _STEP_MIN):
        refuse(f"must be a whole number of steps of {_STEP_MIN} minutes, got {value} minutes")
    return value


_Span = Annotated[Whole, BeforeValidator(_minutes)]

# What a save has already.
_SAVED = (
    *("places", "zones", "stations", "network", "categories", "unknown", "bad_rows", "country"),
    "city_name",
    *("people", "households", "outsiders", "citizens", "start", "seed", "without"),
    *("sample_persons", "crowd_tables"),
)


class SavingOptions(OptionGroup):
    """When a run is saved, and which save it goes on from."""

    title: ClassVar[str] = "Saving"

    save_every: _Span | None = option(
        None,
        "Save the model that often in OUT.save, as in 1d, 6h or 30min.",
        accepts="a span of time such as 1d, 6h or 30min",
        metavar="SPAN",
    )
    from_save: ExistingFolder | None = path(
        "Go on from the save in this folder, up to day --days of its run.", metavar="DIR"
    )

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[OptionDefect]:
        """Yield what a save has already, if a run goes on from one."""
        if given.get("from_save") is None:
            return
        for name in _SAVED:
            if given.get(name) not in (None, [], (), {}):
                yield OptionDefect(name, "belongs to the save that the run goes on from; omit it")
