"""Kinds of place that a city has a use for while its files are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.kind_names import folded, is_pattern, named_by, tag_key
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.core.suggestions import nearest, question

__all__ = ["TAG_KEYS", "WantedKinds"]

TAG_KEYS = (
    "amenity",
    "shop",
    "leisure",
    "tourism",
    "healthcare",
    "office",
    "craft",
    "historic",
    "man_made",
    "railway",
    "public_transport",
    "aeroway",
    "place",
    "building",
    "landuse",
)
"""Keys of OpenStreetMap that say what a feature is, the most telling first."""


@dataclass(frozen=True, slots=True)
class WantedKinds:
    """The kinds of the table of categories, and those that purposes name.

    Parameters
    ----------
    categories : Categories
        Table of kinds of place.
    named : tuple of str
        Kinds in `PurposeSpec.places`, such as ``"natural=beach"`` or ``"shop=*"``.

    Examples
    --------
    >>> wanted = WantedKinds(Categories.default(), ("natural=spring",))
    >>> wanted.best(("building=yes", "natural=spring"))
    'natural=spring'
    """

    categories: Categories
    named: tuple[str, ...] = ()

    @property
    def named_keys(self) -> tuple[str, ...]:
        """Keys of the tags that purposes name."""
        return tuple(dict.fromkeys(filter(None, map(tag_key, self.named))))

    @property
    def tag_keys(self) -> tuple[str, ...]:
        """Keys of tags that say what a feature is, those that purposes name included."""
        return tuple(dict.fromkeys([*TAG_KEYS, *self.named_keys]))

    def best(self, tags: Sequence[str]) -> str:
        """Return the first tag of use, else one that a purpose names, else a known one, else any.

        A tag is of use if the table of categories has it and does not leave it out. Without
        any tag the text is empty.
        """
        found = [(tag, self.categories.find(tag)) for tag in tags]
        useful = [tag for tag, row in found if row is not None and not row.is_left_out]
        by_purpose = [tag for tag in tags if named_by(tag, self.named)]
        known = [tag for tag, row in found if row is not None]
        return next(iter([*useful, *by_purpose, *known, *tags]), "")

    def knows(self, kind: str) -> bool:
        """Return whether the table has a use for a kind, or a purpose names it."""
        row = self.categories.find(kind)
        return named_by(kind, self.named) or (row is not None and not row.is_left_out)

    def suggestion(self, kind: str) -> str:
        """Return a question about the known kind that was perhaps meant; empty if none is alike.

        Examples
        --------
        >>> wanted = WantedKinds(Categories.default())
        >>> wanted.suggestion("amenity=caffe"), wanted.suggestion("cafe")
        ("; did you mean 'amenity=cafe'?", "; did you mean 'amenity=cafe'?")
        >>> wanted.suggestion("kindergarden"), wanted.suggestion("DISTRICT")
        ("; did you mean 'amenity=kindergarten'?", '')
        """
        keys = [row.key for row in self.categories.rows if not is_pattern(row.key)]
        known = [*keys, *(name for name in self.named if not is_pattern(name))]
        values = {folded(key).partition("=")[2]: key for key in reversed(known) if "=" in key}
        value = folded(kind)
        meant = values.get(value) or nearest(kind, known) or values.get(nearest(value, values))
        return question(meant)

    def unknown(self, draft: Draft) -> Mapping[str, int]:
        """Count the rows of each kind that neither the table has nor a purpose names."""
        counts = draft.unknown_kinds(self.categories)
        return {kind: n for kind, n in counts.items() if not named_by(kind, self.named)}
