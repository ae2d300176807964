"""What prompts say about a post and its reader, as plain values of bounded length."""

from __future__ import annotations

from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON
from mesa_llm_city.social.post import Post

__all__ = ["person_fact", "post_facts", "stance_fact", "tenths"]

_NO_TEXT = "nothing in words"
_NAMELESS = "somebody the person does not know"
_FULL = 10


def tenths(share: float) -> int:
    """Return a number in [0, 1] as a whole number from 0 to 10, clipped.

    Examples
    --------
    >>> tenths(0.62), tenths(1.3)
    (6, 10)
    """
    return round(_FULL * min(max(share, 0.0), 1.0))


def stance_fact(stance: float) -> int:
    """Return a stance in [-1, 1] as a whole number from -10 to 10, clipped.

    Examples
    --------
    >>> stance_fact(-0.44), stance_fact(1.2)
    (-4, 10)
    """
    return round(_FULL * min(max(stance, -1.0), 1.0))


def person_fact(persona: Persona | None) -> str:
    """Return a person in words, also one of whom nothing is known."""
    return UNKNOWN_PERSON if persona is None else persona.describe()


def post_facts(
    post: Post, *, at_min: int, persona: Persona | None, author: str
) -> dict[str, str | int]:
    """Return what every prompt about a post tells.

    Parameters
    ----------
    post : Post
        The post.
    at_min : int
        When it is read or heard, in minutes.
    persona : Persona or None
        The reader.
    author : str
        Who says it, in words; empty for somebody unknown.
    """
    return {
        "person": person_fact(persona),
        "time": clock_time(at_min),
        "topic": post.topic,
        "message": post.text or _NO_TEXT,
        "said_by": author or _NAMELESS,
        "kind": str(post.kind),
        "label": post.label,
    }
