"""Those who differ at this minute, packed for a map of differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.ui.comparing.differing_now import Difference, how_they_differ
from mesa_llm_city.ui.map.canvas import Packed, people_traits, plain_look, themes
from mesa_llm_city.ui.palette import Colouring
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.kinds import activity_labels
from mesa_llm_city.ui.views.protocols import joined

if TYPE_CHECKING:
    from mesa_llm_city.ui.comparing.pair import Pair
    from mesa_llm_city.ui.map.canvas import Frame

__all__ = ["NO_PEOPLE", "differing_look", "differing_people"]

NO_PEOPLE: Packed = {"xy": b"", "state": b"", "person": b"", "names": ""}
"""What the map is told while it shows nobody."""

# Beside the orange and blue of the zones, on light and on dark backgrounds.
_LIGHT = ("#7a0177", "#117733", "#444b52", "#8a9096")
_DARK = ("#f28ad4", "#5fd38d", "#e6eaee", "#98a2ac")


def differing_look(pair: Pair, *, is_shown: bool) -> Packed:
    """Return what the colours of those who differ mean.

    Parameters
    ----------
    pair : Pair
        The runs.
    is_shown : bool
        Whether people are shown; the legend is empty without.
    """
    shown, other = pair.names
    labels = ("elsewhere", "doing something else", f"only in {other}", f"only in {shown}")
    look = Colouring(
        by="difference",
        labels=labels if is_shown else (),
        light=_LIGHT if is_shown else (),
        dark=_DARK if is_shown else (),
        title=f"who differs, where they are in {other}" if is_shown else "differences",
        phrase="{}",
    )
    return {
        "activities": activity_labels(pair.other.parameters),
        "colouring": plain_look(look),
        "themes": themes(),
    }


def differing_people(frame: Frame, pair: Pair) -> Packed:
    """Return those who differ, where they are in the other run; those who left it, in this one.

    Parameters
    ----------
    frame : Frame
        Frame of the city.
    pair : Pair
        The runs, at the same minute.
    """
    return read_steadily(lambda: _packed(frame, pair))


def _packed(frame: Frame, pair: Pair) -> Packed:
    there, kinds = how_they_differ(pair.other, pair.shown)
    here, others = how_they_differ(pair.shown, pair.other)
    changed = np.flatnonzero(kinds != Difference.NONE)
    gone = np.flatnonzero(others == Difference.ABSENT)
    codes = np.concatenate([kinds[changed] - 1, np.full(len(gone), len(Difference) - 1)])
    every = np.concatenate([changed, len(there) + gone])
    crowd = joined(there, here, every)
    names = [*pair.other.names(), *pair.shown.names()]
    return {
        **people_traits(frame, crowd, codes.astype(np.uint8)),
        "names": "\n".join(names[row] for row in every.tolist()),
    }
