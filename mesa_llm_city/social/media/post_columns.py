"""The columns of posts: names, kinds of numbers, and checks of what is written into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.post import NO_POST, NOBODY, PostKind

__all__ = [
    "COLUMNS",
    "GIVEN",
    "KINDS",
    "KIND_CODES",
    "WORDS",
    "check_rows",
    "kind_codes",
    "length_of",
]

KINDS = tuple(str(kind) for kind in PostKind)
"""Kinds of post; the column `kind` holds places in this list."""

KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}
"""The same, by name."""

GIVEN: Mapping[str, tuple[type, Any]] = MappingProxyType(
    {
        "author": (np.int64, NOBODY),
        "minute": (np.int32, 0),
        "topic": (np.int32, 0),
        "stance": (np.float64, 0.0),
        "intensity": (np.float64, 0.0),
        "kind": (np.int8, 0),
        "parent": (np.int64, NO_POST),
        "is_true": (np.int8, -1),
        "label": (np.int32, 0),
        "category": (np.int32, 0),
    }
)
"""Columns that whoever writes gives: type, and default."""

_DERIVED: Mapping[str, tuple[type, Any]] = MappingProxyType(
    {
        "root": (np.int64, 0),
        "source": (np.int64, 0),
        "depth": (np.int32, 0),
        "forwards": (np.int32, 0),
        "replies": (np.int32, 0),
        "views": (np.int32, 0),
        "removed_min": (np.int32, -1),
    }
)
COLUMNS = {**GIVEN, **_DERIVED}
"""All columns: those given, and those that follow from them."""

WORDS = ("topic", "label", "category")
"""Columns of words, which are kept as codes."""


def kind_codes(value: Any) -> Any:  # noqa: ANN401 - words or codes
    """Return kinds as codes."""
    try:
        if isinstance(value, str):
            return KIND_CODES[value]
        kinds = np.asarray(value)
        return kinds if kinds.dtype.kind in "iu" else [KIND_CODES[str(one)] for one in kinds]
    except KeyError as error:
        message = f"no kind of post {error.args[0]!r}; accepted are {', '.join(KINDS)}"
        raise ConfigError(message) from None


def length_of(columns: Mapping[str, NDArray[Any]], texts: Sequence[str] | None) -> int:
    """Return how many posts columns are of.

    Raises
    ------
    ConfigError
        If their lengths differ.
    """
    lengths = {name: len(one) for name, one in columns.items() if one.ndim}
    if texts is not None:
        lengths["texts"] = len(texts)
    if len(set(lengths.values())) > 1:
        message = f"columns of posts have different lengths: {lengths}; give equal ones or scalars"
        raise ConfigError(message)
    return next(iter(lengths.values()), 1)


def check_rows(
    rows: Mapping[str, NDArray[Any]],
    parent: Int,
    *,
    known: int,
    last_min: int,
    words: Mapping[str, int],
) -> None:
    """Check the columns of new posts.

    Parameters
    ----------
    rows : mapping of str to ndarray
        Their columns.
    parent : ndarray of int64
        What each answers.
    known : int
        Number of posts before them.
    last_min : int
        When the last of these was written.
    words : mapping of str to int
        Number of words of each of `WORDS`.

    Raises
    ------
    DataError
        Lists what is wrong.
    """
    defects = []
    if ((parent < NO_POST) | (parent >= known)).any():
        wrong = parent[(parent < NO_POST) | (parent >= known)][0]
        defects.append(f"parent {wrong} does not exist; give one of {known} posts, or -1 for none")
    for name, least in (("stance", -1.0), ("intensity", 0.0)):
        values: Float = rows.get(name, np.zeros(0))
        if not ((values >= least) & (values <= 1.0)).all():
            defects.append(f"{name} must be in [{least:g}, 1]")
    defects += _unknown_codes(rows, words)
    if (np.diff(rows.get("minute", np.zeros(1)), prepend=last_min) < 0).any():
        defects.append("posts are written in order of time; give later ones after earlier ones")
    if defects:
        source = "posts"
        raise DataError.listing(source, defects)


def _unknown_codes(rows: Mapping[str, NDArray[Any]], words: Mapping[str, int]) -> list[str]:
    ends = {
        "author": (NOBODY, np.inf),
        "kind": (0, len(KINDS) - 1),
        "is_true": (-1, 1),
        **{name: (0, count - 1) for name, count in words.items()},
    }
    defects = []
    for name, (least, most) in ends.items():
        codes = rows.get(name, np.zeros(0))
        if len(wrong := codes[(codes < least) | (codes > most)]):
            defects.append(f"{name} {wrong[0]} does not exist; codes are {least} to {most:g}")
    return defects
