"""Which part of an observed table is fitted, and which is left out to test the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.observed.departures import Departures
from mesa_llm_city.experiments.observed.modes import ObservedModes
from mesa_llm_city.experiments.observed.popularity import ObservedPopularity
from mesa_llm_city.experiments.observed.respondents import ALL, Respondents
from mesa_llm_city.experiments.observed.time_use import ObservedTimeUse, TimeUseCell

__all__ = [
    "HALF",
    "NONE",
    "Parts",
    "overlap",
    "split_departures",
    "split_modes",
    "split_popularity",
    "split_time_use",
    "words_of",
]

HALF, NONE = "half", "none"
"""Every second group is left out; none is."""

_Table = TypeVar("_Table")
_FEWEST_AGES = 3


class Parts(NamedTuple, Generic[_Table]):
    """The parts of a table.

    Attributes
    ----------
    fitted : ObservedTimeUse, Departures, ObservedModes or ObservedPopularity
        What is fitted.
    left_out : of the same type, optional
        What is not; None if all is fitted.
    names : tuple of str
        What is left out, in words.
    unused : tuple of str
        What is neither fitted nor tested, since it holds both.
    """

    fitted: _Table
    left_out: _Table | None
    names: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def split_time_use(observed: ObservedTimeUse, hold_out: Sequence[str]) -> Parts[ObservedTimeUse]:
    """Leave out every second age group, or the groups named; a group of both is not used.

    Parameters
    ----------
    observed : ObservedTimeUse
        The survey.
    hold_out : sequence of str
        `HALF`, `NONE`, or values of ages, sex, employment, youngest child or kind of day.

    Raises
    ------
    ConfigError
        If a group is named that there is not, or nothing is left to fit.
    """
    cells = observed.cells
    names = _every_second_age(cells) if HALF in hold_out else tuple(hold_out)
    names = () if NONE in hold_out else names
    left = [cell for cell in cells if set(names) & _words(cell.respondents)]
    if not left:
        return Parts(observed, None)
    fitted: list[TimeUseCell] = []
    mixed: list[TimeUseCell] = []
    for cell in cells:
        if any(cell is one for one in left):
            continue
        is_mixed = any(overlap(cell.respondents, one.respondents) for one in left)
        (mixed if is_mixed else fitted).append(cell)
    if not fitted:
        message = (
            f"hold_out: without {', '.join(names)} nothing of {observed.source.file} is left to "
            "fit; leave out fewer groups"
        )
        raise ConfigError(message)
    return Parts(
        replace(observed, cells=tuple(fitted)),
        replace(observed, cells=tuple(left)),
        names,
        tuple(str(cell.respondents) for cell in mixed),
    )


def words_of(observed: ObservedTimeUse) -> list[str]:
    """Return what can be named to be left out of a survey, in order."""
    return list(dict.fromkeys(word for one in observed.cells for word in _ordered(one.respondents)))


def overlap(one: Respondents, other: Respondents) -> bool:
    """Tell whether two rows of a survey may be about the same day of the same person.

    Examples
    --------
    >>> young, old = Respondents(ages=(15, 19)), Respondents(ages=(65, 200))
    >>> overlap(young, old), overlap(young, Respondents(sex="male"))
    (False, True)
    """
    if one.ages[0] > other.ages[1] or other.ages[0] > one.ages[1]:
        return False
    pairs = [(one.sex, other.sex), (one.youngest_child, other.youngest_child)]
    employment = {"employed": {"full", "part"}, ALL: {"full", "part", "none"}}
    days = {"weekend": {"saturday", "sunday"}, ALL: {"weekday", "saturday", "sunday"}}
    return (
        all(ALL in pair or pair[0] == pair[1] for pair in pairs)
        and bool(_set(employment, one.employment) & _set(employment, other.employment))
        and bool(_set(days, one.day_type) & _set(days, other.day_type))
    )


def split_departures(observed: Departures, hold_out: Sequence[str]) -> Parts[Departures]:
    """Leave out every second curve, such as that of weekends, or those named."""
    curves = list(observed.curves)
    chosen = [curve for curve in curves if set(hold_out) & {*curve, str(curve)} - {ALL}]
    left = curves[1::2] if HALF in hold_out else [] if NONE in hold_out else chosen
    if not left or len(left) == len(curves):
        return Parts(observed, None)
    return Parts(
        replace(observed, curves={one: observed.curves[one] for one in curves if one not in left}),
        replace(observed, curves={one: observed.curves[one] for one in left}),
        tuple(map(str, left)),
    )


def split_modes(observed: ObservedModes, hold_out: Sequence[str]) -> Parts[ObservedModes]:
    """Leave out every second class of length, or those named; all trips are then not used."""
    classes = [band for band in observed.shares if not band.is_all]
    chosen = [band for band in classes if str(band) in hold_out]
    left = classes[1::2] if HALF in hold_out else [] if NONE in hold_out else chosen
    if not left or len(left) == len(classes):
        return Parts(observed, None)
    kept = [band for band in classes if band not in left]
    unused = tuple(str(band) for band in observed.shares if band.is_all)
    parts = [
        replace(
            observed,
            shares={band: observed.shares[band] for band in some},
            trips={band: one for band, one in observed.trips.items() if band in some},
        )
        for some in (kept, left)
    ]
    return Parts(parts[0], parts[1], tuple(map(str, left)), unused)


def split_popularity(
    observed: ObservedPopularity, hold_out: Sequence[str], in_run: Int
) -> Parts[ObservedPopularity]:
    """Leave out every second place of the run.

    Parameters
    ----------
    observed : ObservedPopularity
        The table.
    hold_out : sequence of str
        `HALF`, `NONE`, or ids of places.
    in_run : ndarray of int64, shape (n,)
        Rows of the table that are places of the run. Others stay in both parts: the naive
        prediction learns from them.
    """
    named = [row for row in in_run.tolist() if observed.ids[row] in hold_out]
    left = in_run[1::2].tolist() if HALF in hold_out else [] if NONE in hold_out else named
    if not left:
        return Parts(observed, None)
    kept = sorted(set(in_run.tolist()) - set(left))
    return Parts(
        _without(observed, left),
        _without(observed, kept),
        (f"{len(left)} of {len(in_run)} places",),
    )


def _without(observed: ObservedPopularity, rows: Sequence[int]) -> ObservedPopularity:
    keep = np.ones(len(observed), dtype=np.bool_)
    keep[list(rows)] = False
    at = np.flatnonzero(keep)
    return replace(
        observed,
        ids=tuple(observed.ids[row] for row in at),
        lon=observed.lon[at],
        lat=observed.lat[at],
        kinds=tuple(observed.kinds[row] for row in at),
        users=observed.users[at],
    )


def _every_second_age(cells: Sequence[TimeUseCell]) -> tuple[str, ...]:
    """Return every second of the finest age groups, the second first; none if there are few."""
    groups = {cell.respondents.ages: cell.respondents.age_text for cell in cells}
    finest = [
        one
        for one in sorted(groups)
        if not any(other != one and one[0] <= other[0] and other[1] <= one[1] for other in groups)
    ]
    return tuple(groups[one] for one in finest[1::2]) if len(finest) >= _FEWEST_AGES else ()


def _ordered(who: Respondents) -> list[str]:
    """Return what a row can be named by: each thing that restricts it, and all of them."""
    child = "" if who.youngest_child == ALL else f"youngest child {who.youngest_child}"
    employment = "not employed" if who.employment == "none" else who.employment
    words = (who.sex, who.age_text, employment, child, who.day_type, str(who))
    return [word for word in words if word not in {"", ALL}]


def _words(who: Respondents) -> set[str]:
    return set(_ordered(who))


def _set(sets: dict[str, set[str]], word: str) -> set[str]:
    return sets.get(word, {word})
