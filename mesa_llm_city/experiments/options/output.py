"""Options about where the results go."""

from __future__ import annotations

from typing import ClassVar

from mesa_llm_city.experiments.options.declare import (
    NewPath,
    OptionGroup,
    Switch,
    path,
    switch,
)

__all__ = ["OutputOptions"]


class OutputOptions(OptionGroup):
    """Where the results go, and what may stand there already."""

    title: ClassVar[str] = "Output"

    out: NewPath | None = path(
        "Folder of the results.", metavar="DIR", shown="runs/MODEL-SEED, or the next free number"
    )
    force: Switch = switch("Replace the results of an earlier run in that folder.")
    resume: Switch = switch("Go on with a run that was broken off; the newest one without --out.")
