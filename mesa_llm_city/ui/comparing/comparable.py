"""Whether two finished runs can be looked at side by side, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.saved_tables import read_table
from mesa_llm_city.ui.views.run_folder import check_folder

__all__ = ["check_comparable", "names_of"]


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
        If a folder is none of a run, both are the same, they begin on different dates, or nobody
        lives in both.
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
    people = [_people(home, crowd=crowd) for home in (one, other)]
    if not people[0] & people[1]:
        message = (
            f"the runs cannot be compared person by person: nobody in {one} ({len(people[0]):,} "
            f"people) has the id and the name of somebody in {other} ({len(people[1]):,} people); "
            "run both with the same people (the same city, seed and number, or --people FILE)"
        )
        raise ConfigError(message)


def _people(home: Path, *, crowd: bool) -> set[tuple[int, str]]:
    """Return ids and names of the people of a run."""
    from mesa_llm_city.experiments.crowd_results import crowd_in

    own = crowd_in(home, read_manifest(home))[1] if crowd else home
    frame = read_table(own, "people", ["id", "name"])
    return set(zip(frame["id"].tolist(), frame["name"].astype(str), strict=True))


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
