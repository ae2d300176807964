"""What the rows of purposes, modes and needs have in common: how they are told and drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, wording
from mesa_llm_city.parameters.defects import Defect

__all__ = ["KindSpec"]

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


class KindSpec(Branch):
    """Label, words and colours of a kind; what is left empty is derived from its name."""

    label: str = wording("Name in figures and on the page")
    description: str = wording("What it is, in a few words that a language model is told")
    colour: str = wording("Colour on light ground", unit="#rrggbb")
    colour_dark: str = wording("Colour on dark ground", unit="#rrggbb")

    def contradictions(self) -> Iterator[Defect]:
        """Yield colours that are none."""
        for name in type(self).model_fields:
            if name.startswith("colour") or name == "shade":
                told = getattr(self, name)
                if told and not _COLOUR.match(told):
                    yield Defect(name, f"got {told!r}; accepted is a colour like '#4477AA'")
