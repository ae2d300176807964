"""A person in a sentence without the name, as judges see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["profile"]

_NOUNS = {"female": "woman", "male": "man"}
_YOUNG = {"female": "girl", "male": "boy"}
_GROWN_UP = 18
_DAYS = 7


def profile(row: Mapping[str, Any]) -> str:
    """Return a person in a sentence, without name and places.

    Parameters
    ----------
    row : mapping of str to Any
        Row of a table of people: age, gender, occupation, household_role, household_size,
        hobbies and work_days, the days of the week in bits.

    Examples
    --------
    >>> profile({"age": 46, "gender": "male", "occupation": "office_worker", "hobbies": "museums; "
    ...          "reading", "household_role": "parent", "household_size": 3, "work_days": 31})
    'a 46-year-old man, office worker, in a household of 3; likes museums, reading; work or \
school on 5 days a week'
    """
    nouns = _NOUNS if row["age"] >= _GROWN_UP else _YOUNG
    size = int(row["household_size"])
    household = "living alone" if size == 1 else f"in a household of {size}"
    parts = [f"a {row['age']}-year-old {nouns.get(str(row['gender']), 'person')}"]
    parts += [str(row["occupation"]).replace("_", " "), household]
    sentence = ", ".join(parts)
    hobbies = ", ".join(one.strip() for one in str(row.get("hobbies") or "").split(";"))
    if hobbies:
        sentence += f"; likes {hobbies}"
    days = int(row.get("work_days") or 0).bit_count()
    return f"{sentence}; work or school on {min(days, _DAYS)} days a week" if days else sentence
