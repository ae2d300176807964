"""Items that judges see: a day, a conversation, trips, a reaction; not which run they are of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias, get_args

from mesa_llm_city.core.errors import ConfigError

__all__ = ["CRITERIA", "KINDS", "Choice", "ItemKey", "ItemKind", "JudgeItem", "Pair", "check_kinds"]

ItemKind: TypeAlias = Literal["routine", "dialogue", "mobility", "reaction"]
"""The four domains of CitySim, appendix C.2: daily activities, dialogue, mobility, reactions."""

Choice: TypeAlias = Literal["first", "second", "tie"]
"""Which of two items is more human-like."""

KINDS: tuple[ItemKind, ...] = get_args(ItemKind)

CRITERIA = ("naturalness", "coherence", "plausibility", "overall")
"""What two items are compared by (CitySim, appendix B): the first three, and all together."""


class JudgeItem(NamedTuple):
    """What a judge is shown.

    Attributes
    ----------
    id : str
        Its name, which says nothing about the run.
    kind : {"routine", "dialogue", "mobility", "reaction"}
        What it shows.
    about : str
        The person, without a name.
    lines : tuple of str
        What happened, in order of time.
    """

    id: str
    kind: ItemKind
    about: str
    lines: tuple[str, ...]


class ItemKey(NamedTuple):
    """Where an item comes from; judges do not see it.

    Attributes
    ----------
    item : str
        Name of the item.
    run : str
        Label of the run.
    person : int
        Id of the person.
    moment : str
        Date, or date and time.
    """

    item: str
    run: str
    person: int
    moment: str


class Pair(NamedTuple):
    """Two items of two runs to be compared.

    Attributes
    ----------
    id : str
        Its name.
    first, second : str
        Names of the items, in an order drawn at random.
    """

    id: str
    first: str
    second: str


def check_kinds(kinds: tuple[str, ...]) -> tuple[ItemKind, ...]:
    """Return kinds of items, checked.

    Raises
    ------
    ConfigError
        If there is none, or one is unknown.

    Examples
    --------
    >>> check_kinds(("routine",))
    ('routine',)
    """
    known: Mapping[str, ItemKind] = {str(one): one for one in KINDS}
    wrong = [one for one in kinds if one not in known]
    if wrong or not kinds:
        got = ", ".join(map(repr, wrong)) or "none"
        message = f"kinds must be some of {', '.join(KINDS)}, got {got}"
        raise ConfigError(message)
    return tuple(known[one] for one in dict.fromkeys(kinds))
