"""Backends that always answer the same, for components about topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesa_llm_city.core.asking import Question
from tests.mobility.scripted import Scripted

__all__ = ["chooses", "says"]


def says(**fields: object) -> Scripted:
    """Return a backend whose replies have these fields."""
    return Scripted(lambda _: fields)


def chooses(option: str, **fields: object) -> Scripted:
    """Return a backend that chooses an option by its words, wherever it stands."""

    def script(question: Question) -> Mapping[str, Any]:
        options: Any = question.facts["options"]
        return {**fields, "choice": options.index(option) + 1}

    return Scripted(script)
