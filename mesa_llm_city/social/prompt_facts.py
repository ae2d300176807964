"""What prompts say about other people, as plain values of bounded length."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.parameters import PurposeSpec
from mesa_llm_city.social.tie import Tie

__all__ = ["activity_text", "mood_fact", "thought_fact", "tie_fact"]

_THOUGHT_LENGTH = 160  # characters


def activity_text(purpose: str | None, purposes: Mapping[str, PurposeSpec]) -> str:
    """Return the label of a purpose; its name if it has none, and "" for None.

    Examples
    --------
    >>> from mesa_llm_city.parameters import default_parameters
    >>> activity_text("meal", default_parameters().purposes), activity_text("worship", {})
    ('meal', 'worship')
    """
    if purpose is None:
        return ""
    label = purposes[purpose].label if purpose in purposes else ""
    return label or str(purpose)


def mood_fact(valence: float) -> int:
    """Return a valence in [-1, 1] as a whole number from -5 to 5, clipped.

    Examples
    --------
    >>> mood_fact(-0.44), mood_fact(1.2)
    (-2, 5)
    """
    return round(5.0 * min(max(valence, -1.0), 1.0))


def thought_fact(thought: str) -> str:
    """Return the beginning of a thought, at most 160 characters.

    Examples
    --------
    >>> len(thought_fact("on and on " * 99))
    160
    """
    return thought[:_THOUGHT_LENGTH]


def tie_fact(name: str, tie: Tie) -> dict[str, str | int]:
    """Return what another is to a person, beliefs as whole numbers from 0 to 10.

    Examples
    --------
    >>> from mesa_llm_city.social import Relation
    >>> tie_fact("Ben Lund", Tie(Relation.COLLEAGUE, 0.52, 0.41, 0.5))
    {'name': 'Ben Lund', 'relation': 'colleague', 'liked': 5, 'trusted': 4, 'known': 5}
    """
    return {
        "name": name,
        "relation": str(tie.relation),
        "liked": round(10.0 * tie.affinity),
        "trusted": round(10.0 * tie.trust),
        "known": round(10.0 * tie.familiarity),
    }
