"""The numbers of all needs as plain tuples, and the formulas of `needs` for one person.

For four or five numbers plain Python is several times as fast as numpy. The results are
equal to the last bit to those of the broadcasting formulas; the tests compare them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from mesa_llm_city.core.shares import CODES
from mesa_llm_city.mind.needs import STEADY, by_priority
from mesa_llm_city.parameters import NeedSpec

__all__ = ["Levels", "NeedTable", "decayed", "next_to_fall", "pressing_time", "rounded", "table_of"]

Levels = tuple[float, ...]
"""One number for each need, in the order of the table."""

_MOST_TABLES = 64


class NeedTable:
    """The rows of `CityParameters.needs` as columns.

    Use `table_of`, which makes one table for each set of needs: all persons of a model
    share it. A copy is the table itself.

    Parameters
    ----------
    specs : mapping of str to NeedSpec
        The needs by name.

    Attributes
    ----------
    specs : mapping of str to NeedSpec
        As given.
    names : tuple of str
        Names of the needs, in the order of every array of levels.
    start, thresholds : tuple of float
        Levels at the beginning of a run, and levels at or below which needs press.
    order : tuple of int
        Positions of the needs from the first priority to the last.
    decay_per_h : tuple of float
        Losses per hour while nothing is gained.
    gains_per_h : dict of str to tuple of float
        Gains per hour of each purpose that changes any need.
    losses_per_h : dict of str to tuple of float
        Losses less gains, for the same purposes.
    """

    __slots__ = (
        "decay_per_h",
        "gains_per_h",
        "losses_per_h",
        "names",
        "order",
        "specs",
        "start",
        "thresholds",
    )

    def __init__(self, specs: Mapping[str, NeedSpec]) -> None:
        rows = tuple(specs.values())
        self.specs = specs
        self.names = tuple(specs)
        self.start: Levels = tuple(one.start for one in rows)
        self.thresholds: Levels = tuple(one.threshold for one in rows)
        self.order = by_priority([one.priority for one in rows])
        self.decay_per_h: Levels = tuple(one.decay_per_h for one in rows)
        purposes = dict.fromkeys(purpose for one in rows for purpose in one.gains_per_h)
        self.gains_per_h: dict[str, Levels] = {
            purpose: tuple(one.gains_per_h.get(purpose, 0.0) for one in rows)
            for purpose in purposes
        }
        self.losses_per_h: dict[str, Levels] = {
            purpose: tuple(loss - gain for loss, gain in zip(self.decay_per_h, gains, strict=True))
            for purpose, gains in self.gains_per_h.items()
        }

    def __deepcopy__(self, _: Mapping[int, object]) -> NeedTable:
        """Return the table itself, since nothing in it changes."""
        return self

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the specifications alone."""
        return (table_of, (self.specs,))


_tables: dict[int, NeedTable] = {}


def table_of(specs: Mapping[str, NeedSpec]) -> NeedTable:
    """Return the table of some needs, made once for each object that holds them.

    Parameters
    ----------
    specs : mapping of str to NeedSpec
        The needs by name, such as `CityParameters.needs`.
    """
    # By identity, since a hash of all rows would take longer than the table saves. The
    # table keeps `specs` alive, so that no other object can get its id.
    table = _tables.get(id(specs))
    if table is None:
        if len(_tables) >= _MOST_TABLES:
            _tables.clear()
        table = _tables[id(specs)] = NeedTable(specs)
    return table


def decayed(levels: Levels, losses: Levels, hours: float) -> Levels:
    """Return the levels after some hours (see `needs.decay`)."""
    # A call of `min` for each would take longer than all the rest.
    return tuple(
        [
            0.0 if (fallen := level - loss * hours) <= 0.0 else fallen if fallen < 1.0 else 1.0  # noqa: FURB136
            for level, loss in zip(levels, losses, strict=True)
        ]
    )


def rounded(levels: Levels) -> Levels:
    """Return the levels in 60,000ths, as columns of people keep them (see `core.shares`)."""
    return tuple([round(level * CODES) / CODES for level in levels])


def next_to_fall(levels: Levels, losses: Levels, thresholds: Levels) -> tuple[int, float] | None:
    """Return the position of the next need to fall to its threshold, and in how many hours.

    Returns
    -------
    tuple of (int, float) or None
        See `needs.hours_to_threshold`; of equal times the earlier position, and None if
        no need ever does.
    """
    position, soonest = -1, inf
    for row, level in enumerate(levels):
        above, loss = level - thresholds[row], losses[row]
        if above > 0.0 and loss > 0.0 and (hours := above / loss) < soonest:
            position, soonest = row, hours
    return None if position < 0 else (position, soonest)


def pressing_time(levels: Levels, losses: Levels, thresholds: Levels, hours: float) -> float:
    """Return for how many of the hours to come a need presses (see `needs.pressing_hours`)."""
    until = since = 0.0
    for level, loss, threshold in zip(levels, losses, thresholds, strict=True):
        above = level - threshold
        if above > 0.0:
            if loss > STEADY:
                since = max(since, hours - above / loss)
        elif loss < -STEADY:
            until = max(until, min(above / loss, hours))
        else:
            until = hours
    return min(until + since, hours)
