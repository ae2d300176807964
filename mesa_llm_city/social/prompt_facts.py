"""What the prompts about other people tell, as plain values of bounded length."""

from __future__ import annotations

from mesa_llm_city.social.tie import Tie

__all__ = ["mood_fact", "thought_fact", "tie_fact"]

_THOUGHT_LENGTH = 160


def mood_fact(valence: float) -> int:
    """Return a valence in [-1, 1] as a whole number from -5 to 5; what lies outside is cut.

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
    """Return who another is to a person, beliefs as whole numbers from 0 to 10.

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
