"""What prompts share: fields of replies, an unknown person, and the reason after a failure."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from mesa_llm_city.core.errors import LLMError

__all__ = ["UNKNOWN_PERSON", "Rating", "Reason", "rules_after"]

_ERROR_LENGTH = 120

UNKNOWN_PERSON = "An adult of whom nothing more is known."
"""How prompts describe a person without a persona."""

Reason: TypeAlias = Annotated[str, Field(max_length=200)]
"""Why, in a sentence; first in every reply, so that the answer follows from it."""

Rating: TypeAlias = Annotated[int, Field(ge=0, le=10)]
"""A whole number from 0 to 10; servers enforce bounds of whole numbers only."""


def rules_after(error: LLMError) -> str:
    """Return the reason for deciding by rule after `error`.

    Parameters
    ----------
    error : LLMError
        Why there is no reply.

    Returns
    -------
    str
        The beginning of its message, at most 120 characters, and that rules decided.

    Raises
    ------
    LLMError
        `error` itself, unless the run is configured to use rules instead.

    Examples
    --------
    >>> error = LLMError("no answer within 60 s")
    >>> error.use_rules = True
    >>> rules_after(error)
    'rules after: no answer within 60 s'
    """
    if not error.use_rules:
        raise error
    line = error.message.partition("\n")[0]
    return f"rules after: {line[:_ERROR_LENGTH]}"
