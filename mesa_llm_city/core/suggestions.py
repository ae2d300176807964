"""Names that were perhaps meant, where an unknown one is given."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["did_you_mean", "nearest", "question"]

_ALIKE = 0.75
"""How alike two names must be, from 0 to 1 (ratio of `difflib`); they also begin alike, since
that is where people mistype least."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question about the likeliest of the known names, to be put behind a message.

    Returns
    -------
    str
        Such as ``"; did you mean 'gender'?"``; empty if no name is alike.

    Examples
    --------
    >>> did_you_mean("amenity=caffe", ["amenity=cafe", "shop=supermarket"])
    "; did you mean 'amenity=cafe'?"
    >>> did_you_mean("cinema", ["amenity=cafe"]), did_you_mean("DISTRICT", ["historic"])
    ('', '')
    """
    return question(nearest(name, known))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the likeliest of the known names, whatever its case; empty if no name is alike."""
    folded = name.strip().casefold()
    by_folded = {one.casefold(): one for one in known if one.casefold()[:1] == folded[:1]}
    near = get_close_matches(folded, list(by_folded), n=1, cutoff=_ALIKE)
    return by_folded[near[0]] if near else ""


def question(name: str | None) -> str:
    """Return the question whether a name was meant; empty without a name."""
    return f"; did you mean {name!r}?" if name else ""
