"""Whether two finished runs can be looked at side by side, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.saved_tables import read_map, read_table
from mesa_llm_city.ui.views.run_folder import check_folder

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_comparable", "names_of"]

_SAME_PLACE_M = 1.0
_YEAR_D = 365.25


def check_comparable(one: Path, other: Path, *, crowd: bool = False) -> None:
    """Check that two runs can be looked at side by side, minute by minute and person by person.

    Parameters
    ----------
    one, other : Path
        Folders of the runs.
    crowd : bool, default False
        Whether their crowds are compared.

    Raises
    ------
    ConfigError
        If a folder is none of a run, both are the same, they begin on different dates or are of
        different cities, or nobody lives in both.
    DataError
        If files are missing or have defects.
    """
    if one.resolve() == other.resolve():
        message = f"{one} and {other} are the same folder; give the folders of two runs"
        raise ConfigError(message)
    manifests = [check_folder(home, crowd=crowd) for home in (one, other)]
    starts = [str(manifest["start"]) for manifest in manifests]
    if starts[0] != starts[1]:
        message = (
            f"the runs cannot be compared minute by minute: {one} begins on {starts[0]}, and "
            f"{other} on {starts[1]}; run one of them again with --start {starts[0]}"
        )
        raise ConfigError(message)
    _check_places(one, other)
    _check_people(one, other, manifests, crowd=crowd)


def _check_places(one: Path, other: Path) -> None:
    """Check that the places of two runs have the same numbers, but for later ones of either."""
    both = [read_map(home, "places").geometry for home in (one, other)]
    count = min(map(len, both))
    apart = [np.column_stack([places.x, places.y])[:count] for places in both]
    moved = int((np.hypot(*(apart[0] - apart[1]).T) > _SAME_PLACE_M).sum())
    if moved or both[0].crs != both[1].crs:
        message = (
            f"the runs cannot be compared place by place: {one} and {other} are of different "
            f"cities; {moved:,} of the first {count:,} places lie elsewhere. Compare runs of one "
            "city; places that only one of them has come last, in a file of their own"
        )
        raise ConfigError(message)


def _check_people(
    one: Path, other: Path, manifests: Sequence[Mapping[str, Any]], *, crowd: bool
) -> None:
    """Check that people live in both runs, and are the same: a name may be given to others too."""
    people = [_people(home, crowd=crowd) for home in (one, other)]
    both = people[0].merge(people[1], on=["id", "name"])
    first, second = (int(manifest["days"]) for manifest in manifests)
    older = 1.0 + abs(first - second) / _YEAR_D
    same = int(((both["age_x"] - both["age_y"]).abs() <= older).sum())
    if 2 * same > len(both):
        return
    counts = f"{one} ({len(people[0]):,} people)", f"{other} ({len(people[1]):,} people)"
    told = f"nobody in {counts[0]} has the id and the name of somebody in {counts[1]}"
    if len(both):
        told = (
            f"{len(both):,} people have the same id and name in {counts[0]} and in {counts[1]}, "
            f"and {same:,} of them the same age, so these are other people"
        )
    message = (
        f"the runs cannot be compared person by person: {told}; "
        "run both with the same people (the same city, seed and number, or --people FILE)"
    )
    raise ConfigError(message)


def _people(home: Path, *, crowd: bool) -> pd.DataFrame:
    """Return ids, names and ages of the people of a run."""
    from mesa_llm_city.experiments.crowd_results import crowd_in

    own = crowd_in(home, read_manifest(home))[1] if crowd else home
    frame = read_table(own, "people", ["id", "name", "age"])
    return frame.assign(name=frame["name"].astype(str))


def names_of(one: Path, other: Path, given: Sequence[str] = ()) -> tuple[str, str]:
    """Return the names under which two runs are shown.

    Parameters
    ----------
    one, other : Path
        Folders of the runs.
    given : sequence of str, optional
        Names that are wanted instead of those of the folders; empty ones count as none.

    Raises
    ------
    ConfigError
        If both would have the same name.

    Examples
    --------
    >>> names_of(Path("runs/town-7"), Path("runs/closed"))
    ('town-7', 'closed')
    >>> names_of(Path("old/town-7"), Path("new/town-7"))
    ('old/town-7', 'new/town-7')
    """
    homes = one.resolve(), other.resolve()
    own = [home.name for home in homes]
    if own[0] == own[1]:
        own = [f"{home.parent.name}/{home.name}" for home in homes]
    wanted = [*given, "", ""][:2]
    first, second = (name.strip() or short for name, short in zip(wanted, own, strict=True))
    if first == second:
        message = f"both runs would be called {first!r}; give them names with --name-a and --name-b"
        raise ConfigError(message)
    return first, second
